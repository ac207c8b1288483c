"""Puts what stands on a page into reading order: column after column, between what goes across both."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal

from reports.reading.pdf_lines import Line, at_one_height
from reports.reading.pdf_loose_tables import with_loose_tables
from reports.reading.pdf_sheets import Frame, Sheet, Table

Item = Line | Table | Frame
Slot = Literal["full", "left", "right"]

# Where the gap between two columns may lie, in parts of the page's width.
GUTTER_FROM, GUTTER_TO = 0.35, 0.65
LEAST_LINES_IN_COLUMN = 4
# A column of running text has lines that fill most of it; pieces of a table or a form do not.
FILLED = 0.6
# Lines ending (beginning) within this many characters of each other show where the column's edge is.
AGREE = 1.0
MOST = 0.4  # of the lines of a document
STICKING_OUT = 40  # one line in so many


@dataclass(frozen=True)
class Flow:
    """Items in reading order that share one column. `slot` tells which, on pages of this `width`."""

    page: int
    width: float
    slot: Slot
    items: tuple[Item, ...]


def flows(sheets: Sequence[Sheet]) -> list[Flow]:
    """The columns of all pages in reading order."""
    gutters = {sheet.page: _gutter(sheet) for sheet in sheets}
    usual = {sheet.width: gutters[sheet.page] for sheet in sheets if gutters[sheet.page] is not None}
    found: list[Flow] = []
    for sheet in sheets:
        gutter = gutters[sheet.page]
        if gutter is None and _ends_in_left_column(sheet, usual.get(sheet.width)):
            gutter = usual[sheet.width]
        found += _flows(sheet, gutter)
    return found


def _ends_in_left_column(sheet: Sheet, gutter: float | None) -> bool:
    """Whether the text stops in the left one of the columns that other pages have."""
    return gutter is not None and bool(sheet.pieces) and all(piece.x1 <= gutter for piece in sheet.pieces)


def _flows(sheet: Sheet, gutter: float | None) -> list[Flow]:
    items: list[Item] = [*sheet.pieces, *sheet.tables, *sheet.frames]
    if gutter is None:
        return [_flow(sheet, "full", items)]
    found: list[Flow] = []
    band: list[Item] = []
    for item in sorted(items, key=lambda item: item.top):
        if _side(item, gutter) == "full":
            found += _columns(sheet, band, gutter)
            found.append(_flow(sheet, "full", [item]))
            band = []
        else:
            band.append(item)
    return found + _columns(sheet, band, gutter)


def _columns(sheet: Sheet, items: Sequence[Item], gutter: float) -> list[Flow]:
    sides: tuple[Slot, Slot] = ("left", "right")
    halves = [(slot, [item for item in items if _side(item, gutter) == slot]) for slot in sides]
    return [_flow(sheet, slot, half) for slot, half in halves if half]


def _flow(sheet: Sheet, slot: Slot, items: Sequence[Item]) -> Flow:
    pieces = [item for item in items if isinstance(item, Line)]
    boxes = [item for item in items if not isinstance(item, Line)]
    ordered = sorted([*with_loose_tables(at_one_height(pieces)), *boxes], key=lambda item: item.top)
    return Flow(sheet.page, sheet.width, slot, tuple(ordered))


def _extent(item: Item) -> tuple[float, float]:
    return (item.x0, item.x1) if isinstance(item, Line) else (item.box.x0, item.box.x1)


def _side(item: Item, gutter: float) -> Slot:
    x0, x1 = _extent(item)
    if x1 <= gutter:
        return "left"
    return "right" if x0 >= gutter else "full"


def _gutter(sheet: Sheet) -> float | None:
    """The middle of the gap between two columns of running text, `None` if there are no two."""
    if not sheet.pieces:
        return None
    left = min(piece.x0 for piece in sheet.pieces)
    right = max(piece.x1 for piece in sheet.pieces)
    places = [sheet.width * part / 200 for part in range(int(200 * GUTTER_FROM), int(200 * GUTTER_TO) + 1)]
    good = [place for place in places if _parts_columns(sheet.pieces, place, left, right)]
    if not good:
        return None
    crossed = {place: sum(1 for piece in sheet.pieces if piece.x0 < place < piece.x1) for place in good}
    least = [place for place in good if crossed[place] == min(crossed.values())]
    return least[len(least) // 2]


def _parts_columns(pieces: Sequence[Line], gutter: float, left: float, right: float) -> bool:
    for slot, width in (("left", gutter - left), ("right", right - gutter)):
        column = [piece for piece in pieces if _side(piece, gutter) == slot]
        filled = [piece for piece in column if piece.x1 - piece.x0 >= FILLED * width]
        if len(column) < LEAST_LINES_IN_COLUMN or 2 * len(filled) < len(column):
            return False
    return True


def bounds(lines: Sequence[Line], slot: Slot, width: float) -> tuple[float, float]:
    """The edges of a column, from all lines that stand in it throughout the document."""
    left = _outermost(lines, lambda line: line.x0)
    right = -_outermost(lines, lambda line: -line.x1)
    ending_there = [line for line in lines if abs(line.x1 - right) < AGREE * line.size]
    if slot == "full" and len(ending_there) < max(LEAST_LINES_IN_COLUMN, MOST * len(lines)):
        # Nothing shows where full lines end: take the margins to be alike.
        right = max(right, width - left)
    return left, right


def _outermost(lines: Sequence[Line], edge: Callable[[Line], float]) -> float:
    """The smallest edge, passing over a few lines that stick out."""
    ordered = sorted(edge(line) for line in lines)
    return ordered[len(ordered) // STICKING_OUT]
