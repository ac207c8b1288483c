"""Finds the ruled tables of a PDF, and the frames around text."""

from __future__ import annotations

import io
import logging
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import pdfplumber

logger = logging.getLogger(__name__)
# It warns of every font it finds odd; only its drawing is read here.
logging.getLogger("pdfminer").setLevel(logging.ERROR)

# Edges closer than this (points) are one line of the grid.
SNAP = 3.0
# A frame around most of a page is its border; one not much higher than a line is shading.
MOST_OF_PAGE = 0.6
LEAST_FRAME_HEIGHT = 40.0


@dataclass(frozen=True)
class Box:
    """A rectangle on a page, in points from its upper left corner."""

    x0: float
    top: float
    x1: float
    bottom: float

    def holds(self, point: tuple[float, float]) -> bool:
        """Whether the point lies in it."""
        return self.x0 <= point[0] <= self.x1 and self.top <= point[1] <= self.bottom

    @property
    def area(self) -> float:
        """In square points."""
        return (self.x1 - self.x0) * (self.bottom - self.top)


@dataclass(frozen=True)
class GridCell:
    """A cell, and the part of the grid it covers."""

    box: Box
    row: int
    column: int
    rows: int
    columns: int


@dataclass(frozen=True)
class Grid:
    """A ruled table. `edges` are the places of its vertical lines."""

    box: Box
    cells: tuple[GridCell, ...]
    edges: tuple[float, ...]

    @property
    def row_count(self) -> int:
        """How many rows the grid has."""
        return max(cell.row + cell.rows for cell in self.cells)

    @property
    def is_frame(self) -> bool:
        """One cell is no table."""
        return len(self.cells) == 1


def grids(data: bytes, numbers: Sequence[int]) -> dict[int, list[Grid]]:
    """The tables and frames on the pages with these numbers, from top to bottom.

    A page whose drawing cannot be understood has none: its text is read as lines.
    """
    if not numbers:
        return {}
    try:
        with pdfplumber.open(io.BytesIO(data), pages=list(numbers)) as document:
            return {page.page_number: _on_page(page) for page in document.pages}
    except Exception:
        # pdfminer raises whatever its parsing runs into; PDFium has read the text of the same file.
        logger.warning("no tables found in a PDF: its drawing cannot be parsed", exc_info=True)
        return {}


def _on_page(page: pdfplumber.page.Page) -> list[Grid]:
    whole = page.width * page.height
    found = [_grid([Box(*cell) for cell in table.cells]) for table in page.find_tables()]
    kept = [grid for grid in found if not grid.is_frame or _is_text_frame(grid, whole)]
    return sorted(kept, key=lambda grid: grid.box.top)


def _is_text_frame(grid: Grid, page_area: float) -> bool:
    high_enough = grid.box.bottom - grid.box.top >= LEAST_FRAME_HEIGHT
    return high_enough and grid.box.area < MOST_OF_PAGE * page_area


def _grid(boxes: Sequence[Box]) -> Grid:
    across = _edges(edge for box in boxes for edge in (box.x0, box.x1))
    down = _edges(edge for box in boxes for edge in (box.top, box.bottom))
    cells: list[GridCell] = []
    for box in boxes:
        column, row = _place(box.x0, across), _place(box.top, down)
        columns, rows = _place(box.x1, across) - column, _place(box.bottom, down) - row
        cells.append(GridCell(box, row, column, max(rows, 1), max(columns, 1)))
    cells.sort(key=lambda cell: (cell.row, cell.column))
    return Grid(Box(across[0], down[0], across[-1], down[-1]), tuple(cells), tuple(across))


def _edges(places: Iterable[float]) -> list[float]:
    edges: list[float] = []
    for place in sorted(places):
        if not edges or place - edges[-1] > SNAP:
            edges.append(place)
    return edges


def _place(edge: float, edges: Sequence[float]) -> int:
    return min(range(len(edges)), key=lambda index: abs(edges[index] - edge))
