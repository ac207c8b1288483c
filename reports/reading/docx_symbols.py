"""Characters that Word keeps by their place in a symbol font, and page numbers in a table of contents."""

from __future__ import annotations

import re
from collections.abc import Sequence

from reports.reading.builder import Run

_PAGE_NUMBER = re.compile(r"\t\s*[0-9IVXivx]+\s*$")
_WINGDINGS = {
    0x6C: "●",
    0x6D: "○",
    0x6E: "■",
    0x6F: "□",
    0x71: "□",
    0x72: "□",
    0x75: "◆",
    0xA1: "○",
    0xA3: "□",
    0xA8: "□",
    0xD8: "➢",
    0xDF: "←",
    0xE0: "→",
    0xFB: "✗",
    0xFC: "✓",
    0xFD: "☒",
    0xFE: "☑",
}
_WINGDINGS_2 = {0x30: "☐", 0x4F: "✗", 0x50: "✓", 0x51: "☒", 0x52: "☑", 0x54: "☒", 0xA3: "□"}
_SYMBOL = {0xB3: "≥", 0xA3: "≤", 0xB1: "±", 0xB4: "×", 0xB8: "÷", 0xB9: "≠", 0xD7: "·"}
_FONTS = {"wingdings": _WINGDINGS, "wingdings 2": _WINGDINGS_2, "symbol": _SYMBOL}
_PRIVATE = range(0xF000, 0xF100)


def symbol(font: str, code: str) -> str:
    """The character that `w:sym` shows, "" where it is unknown. `code` is four hexadecimal digits."""
    try:
        point = int(code, 16)
    except ValueError:
        return ""
    table = _FONTS.get(font.lower())
    place = point - 0xF000 if point in _PRIVATE else point
    if table is not None:
        return table.get(place, chr(place) if 0x20 <= place < 0x7F and font.lower() == "symbol" else "")
    if point in _PRIVATE:
        return chr(place)
    return chr(point) if 0 < point < 0x110000 else ""


def without_page_number(runs: Sequence[Run]) -> list[Run]:
    """The runs of a line of a table of contents without the page number at its end."""
    found = _PAGE_NUMBER.search("".join(run.text for run in runs))
    if found is None:
        return list(runs)
    kept: list[Run] = []
    left = found.start()
    for run in runs:
        if left <= 0:
            break
        kept.append(Run(run.text[:left], run.bold))
        left -= len(run.text)
    return kept
