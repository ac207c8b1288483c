"""Takes running heads, running feet and page numbers off the pages."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace

from reports.reading.pdf_lines import Line, at_one_height, joined
from reports.reading.pdf_sheets import Sheet

# Parts of the page's height, from its upper and lower edge, in which such lines may stand.
NUMBER_ZONE = 0.15
REPEATED_ZONE = 0.11
# A line is repeated if it stands at one place on this part of the pages (odd and even ones may differ).
REPEATED_ON = 0.4
SAME_PLACE = 4.0  # points
LINES_IN_MARGIN = 3

_DECORATED_NUMBER = re.compile(
    r"[-—–－_·•\s]+\d{1,4}[-—–－_·•\s]+|第\s*\d{1,4}\s*页(?:\s*[,，/]?\s*共\s*\d{1,4}\s*页)?"
    r"|\d{1,4}\s*/\s*\d{1,4}|[Pp]age\s*\d{1,4}(?:\s*of\s*\d{1,4})?"
)
_BARE_NUMBER = re.compile(r"\d{1,4}")


@dataclass(frozen=True)
class _Row:
    """The pieces at one height of a page."""

    sheet: int
    pieces: tuple[Line, ...]
    line: Line
    text: str
    from_edge: float  # part of the page's height
    nearness: int  # 0 for the first row from the edge


def without_running_lines(sheets: Sequence[Sheet]) -> list[Sheet]:
    """The pages without what only tells which document and page this is."""
    dropped: list[set[int]] = [set() for _ in sheets]
    for upper in (True, False):
        rows = [row for number, sheet in enumerate(sheets) for row in _edge_rows(number, sheet, upper=upper)]
        for row in (*_page_numbers(rows), *_repeated(rows, len(sheets))):
            dropped[row.sheet].update(id(piece) for piece in row.pieces)
    return [
        replace(sheet, pieces=tuple(piece for piece in sheet.pieces if id(piece) not in gone))
        for sheet, gone in zip(sheets, dropped, strict=True)
    ]


def _edge_rows(number: int, sheet: Sheet, *, upper: bool) -> list[_Row]:
    rows = at_one_height(sheet.pieces)
    nearest = rows[:LINES_IN_MARGIN] if upper else rows[: -LINES_IN_MARGIN - 1 : -1]
    found: list[_Row] = []
    for nearness, pieces in enumerate(nearest):
        line = joined(pieces)
        place = line.top if upper else sheet.height - line.bottom
        found.append(_Row(number, tuple(pieces), line, line.text, place / sheet.height, nearness))
    return found


def _page_numbers(rows: Sequence[_Row]) -> list[_Row]:
    """The lines at the very edge that are page numbers; a bare number only if it counts with the pages."""
    outer = [row for row in rows if row.nearness == 0 and row.from_edge < NUMBER_ZONE]
    bare = [row for row in outer if _BARE_NUMBER.fullmatch(row.text)]
    ahead = defaultdict(list)
    for row in bare:
        ahead[int(row.text) - row.sheet].append(row)
    counting = [row for group in ahead.values() if len(group) > 1 or int(group[0].text) == 1 for row in group]
    return [row for row in outer if _DECORATED_NUMBER.fullmatch(row.text)] + counting


def _repeated(rows: Sequence[_Row], pages: int) -> list[_Row]:
    """The lines that stand at one place on many pages, digits aside."""
    alike: dict[str, list[_Row]] = defaultdict(list)
    for row in rows:
        if row.from_edge < REPEATED_ZONE:
            alike[re.sub(r"\d+", "0", row.text)].append(row)
    found: list[_Row] = []
    for group in alike.values():
        for row in group:
            place = [other for other in group if abs(other.line.baseline - row.line.baseline) < SAME_PLACE]
            if len({other.sheet for other in place}) >= max(2, REPEATED_ON * pages):
                found.append(row)
    return found
