"""Takes footnotes from the foot of a PDF's page to the line that refers to them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from itertools import groupby

from reports.reading.pdf_columns import Flow, Item
from reports.reading.pdf_glyphs import Glyph
from reports.reading.pdf_lines import Line

# In sizes of the text around.
NOTE_SIZE = 0.95
MARK_SIZE = 0.8
RAISED = 0.15

_MARK = re.compile(r"[\[［〔(（]?(?:\d{1,3}|[①-⑳]|\*{1,3})[\]］〕)）]?")


def with_notes(flows: Sequence[Flow], body_size: float) -> list[Flow]:
    """The flows with each footnote hung on the line that has its mark, and both marks gone.

    A raised number to which no note at the foot of the page belongs (m²) stays as it is.
    """
    done: list[Flow] = []
    for _, group in groupby(flows, key=lambda flow: flow.page):
        done += _page_with_notes(list(group), body_size)
    return done


def _page_with_notes(flows: list[Flow], body_size: float) -> list[Flow]:
    for number, flow in reversed(list(enumerate(flows))):
        start = _foot(flow.items, body_size)
        if start == len(flow.items):
            continue
        rest = [*flows[:number], replace(flow, items=flow.items[:start]), *flows[number + 1 :]]
        marks = {
            mark for other in rest for item in other.items if isinstance(item, Line) for mark in _marks(item)
        }
        notes = _notes([item for item in flow.items[start:] if isinstance(item, Line)], marks)
        if notes:
            return [replace(other, items=tuple(_hung(item, notes) for item in other.items)) for other in rest]
    return flows


def _foot(items: Sequence[Item], body_size: float) -> int:
    """Where the lines in small type at the end begin."""
    start = len(items)
    while start:
        item = items[start - 1]
        if not isinstance(item, Line) or item.size > NOTE_SIZE * body_size:
            break
        start -= 1
    return start


def _raised(line: Line) -> list[tuple[str, list[Glyph]]]:
    """The marks raised above a line, with their characters."""

    def raised(glyph: Glyph) -> bool:
        return glyph.size < MARK_SIZE * line.size and line.baseline - glyph.baseline > RAISED * line.size

    groups = [list(group) for is_raised, group in groupby(line.glyphs, key=raised) if is_raised]
    return [("".join(glyph.text for glyph in group).strip(), group) for group in groups]


def _marks(line: Line) -> list[str]:
    return [text for text, _ in _raised(line)]


def _notes(lines: Sequence[Line], marks: set[str]) -> dict[str, tuple[Line, ...]]:
    """The lines of each note by its mark; none unless the first line begins one."""
    notes: dict[str, tuple[Line, ...]] = {}
    current: str | None = None
    for line in lines:
        found = _MARK.match(line.text)
        if found is not None and found[0] in marks and found[0] not in notes:
            current = found[0]
            notes[current] = (_without_mark(line, len(current)),)
        elif current is None:
            return {}
        else:
            notes[current] += (line,)
    return notes


def _without_mark(line: Line, length: int) -> Line:
    visible = [glyph for glyph in line.glyphs if glyph.text.strip()]
    return replace(line, glyphs=tuple(visible[length:]) or line.glyphs)


def _hung(item: Item, notes: dict[str, tuple[Line, ...]]) -> Item:
    if not isinstance(item, Line):
        return item
    found = [(text, group) for text, group in _raised(item) if text in notes]
    if not found:
        return item
    gone = {id(glyph) for _, group in found for glyph in group}
    kept = tuple(glyph for glyph in item.glyphs if id(glyph) not in gone)
    return replace(item, glyphs=kept, notes=tuple(notes[text] for text, _ in found))
