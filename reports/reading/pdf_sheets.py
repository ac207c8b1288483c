"""Sorts what stands on a page into lines, ruled tables and framed text."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from reports.reading.builder import Run
from reports.reading.pdf_glyphs import Glyph, Page
from reports.reading.pdf_lines import Line, at_one_height, is_latin, joined, pieces
from reports.reading.pdf_tables import Box, Grid

# What Word leaves free at both sides of a cell together, in points, and a little more.
CELL_PADDING = 12.0


@dataclass(frozen=True)
class TableCell:
    """The lines in a cell, and the part of the grid it covers."""

    lines: tuple[Line, ...]
    column: int
    columns: int = 1
    rows: int = 1

    @property
    def text(self) -> str:
        """What is written in it."""
        return "".join(run.text for run in self.runs()).strip()

    def runs(self) -> list[Run]:
        """Its text in one line; a line that the edge of the cell broke goes on without a space."""
        runs: list[Run] = []
        for number, line in enumerate(self.lines):
            if number and not broken_by_edge(self.lines[number - 1], line):
                runs.append(Run(" "))
            runs += line.runs()
        return runs


@dataclass(frozen=True)
class Table:
    """Rows of cells, each row with the cells that begin in it. `edges` are the places of the columns."""

    page: int
    box: Box
    edges: tuple[float, ...]
    rows: tuple[tuple[TableCell, ...], ...]

    @property
    def top(self) -> float:
        """Its upper edge."""
        return self.box.top


@dataclass(frozen=True)
class Frame:
    """Text in a box."""

    box: Box
    lines: tuple[Line, ...]

    @property
    def top(self) -> float:
        """Its upper edge."""
        return self.box.top


@dataclass(frozen=True)
class Sheet:
    """One page; `pieces` are what stands outside tables and frames."""

    page: int
    width: float
    height: float
    pieces: tuple[Line, ...]
    tables: tuple[Table, ...]
    frames: tuple[Frame, ...]


def sheet(page: Page, grids: Sequence[Grid]) -> Sheet:
    """Give each character of a page to the smallest cell it lies in, the rest to the page itself."""
    places = [
        (cell.box, (number, index))
        for number, grid in enumerate(grids)
        for index, cell in enumerate(grid.cells)
    ]
    places.sort(key=lambda place: place[0].area)
    inside: dict[tuple[int, int], list[Glyph]] = {}
    outside: list[Glyph] = []
    for glyph in page.glyphs:
        place = next((place for box, place in places if box.holds(glyph.centre)), None)
        (outside if place is None else inside.setdefault(place, [])).append(glyph)
    tables: list[Table] = []
    frames: list[Frame] = []
    for number, grid in enumerate(grids):
        found = [
            _lines_in(page.number, inside.get((number, index), ()), cell.box)
            for index, cell in enumerate(grid.cells)
        ]
        if grid.is_frame and found[0]:
            frames.append(Frame(grid.box, found[0]))
        elif any(found) and not grid.is_frame:
            tables.append(_table(page.number, grid, found))
    return Sheet(
        page.number,
        page.width,
        page.height,
        tuple(pieces(page.number, outside)),
        tuple(tables),
        tuple(frames),
    )


def _lines_in(page: int, glyphs: Sequence[Glyph], box: Box) -> tuple[Line, ...]:
    rows = at_one_height(pieces(page, glyphs))
    return tuple(Line(page, joined(row).glyphs, box.x0, box.x1) for row in rows)


def _table(page: int, grid: Grid, found: Sequence[tuple[Line, ...]]) -> Table:
    rows: list[list[TableCell]] = [[] for _ in range(grid.row_count)]
    for cell, lines in zip(grid.cells, found, strict=True):
        rows[cell.row].append(TableCell(lines, cell.column, cell.columns, cell.rows))
    return Table(page, grid.box, grid.edges, tuple(tuple(row) for row in rows))


def broken_by_edge(before: Line, after: Line) -> bool:
    """Whether `after` goes on with what `before` had no room for in its cell."""
    if is_latin(before.text[-1:]) and is_latin(after.text[:1]):
        return False
    free = (before.right - before.left) - (before.x1 - before.x0)
    return free < CELL_PADDING + after.first_word
