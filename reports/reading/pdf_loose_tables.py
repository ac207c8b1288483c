"""Finds tables without ruled lines: rows of short pieces that stand below each other."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from reports.reading.pdf_lines import Line, joined, parted
from reports.reading.pdf_sheets import CELL_PADDING, Table, TableCell
from reports.reading.pdf_tables import Box

# Fewer rows with a wide gap than this may be signatures or a line with a wide gap.
LEAST_ROWS_OF_TWO = 3
LEAST_ROWS = 2
# Pieces this far apart, in characters, are in two columns if other rows say so.
GAP = 0.5
# Rows farther apart than this many characters do not belong together.
MOST_APART = 2.6


Column = tuple[float, float]


def with_loose_tables(rows: Sequence[list[Line]]) -> Iterator[Line | Table]:
    """The rows as lines, and stretches of them that form a table as tables."""
    cut = [[piece for line in row for piece in parted(line, GAP)] for row in rows]
    start = 0
    while start < len(rows):
        end, columns = _stretch(cut, start)
        wide_gaps = sum(1 for row in rows[start:end] if len(row) > 1)
        if len(cut[start]) > 1 and wide_gaps >= _least(columns):
            yield _table(cut[start:end], columns)
            start = end
        else:
            yield joined(rows[start])
            start += 1


def _least(columns: Sequence[Column]) -> int:
    return LEAST_ROWS if len(columns) > 2 else LEAST_ROWS_OF_TWO


def _stretch(rows: Sequence[list[Line]], start: int) -> tuple[int, list[Column]]:
    """How far the rows from `start` on stand in common columns, and these."""
    columns: list[Column] = [(piece.x0, piece.x1) for piece in rows[start]]
    end = start + 1
    while end < len(rows) and _near(rows[end - 1], rows[end]):
        wider = _widened(columns, rows[end])
        if len(wider) < len(columns) or not _fits(wider, rows[end]):
            break
        columns = wider
        end += 1
    while end > start + 1 and not _belongs(columns, rows[end - 1]):
        end -= 1
    return end, columns


def _belongs(columns: Sequence[Column], row: Sequence[Line]) -> bool:
    """Whether the last row is of the table: several pieces, or more of a cell that is not the first."""
    return len(row) > 1 or _column(columns, row[0]) > 0


def _near(above: Sequence[Line], below: Sequence[Line]) -> bool:
    size = max(line.size for line in above)
    return max(line.baseline for line in below) - max(line.baseline for line in above) < MOST_APART * size


def _widened(columns: Sequence[Column], row: Sequence[Line]) -> list[Column]:
    """The columns with the pieces of a row in them; those that a piece bridges become one."""
    spans = sorted([*columns, *((piece.x0, piece.x1) for piece in row)])
    merged: list[Column] = [spans[0]]
    for x0, x1 in spans[1:]:
        if x0 < merged[-1][1]:
            merged[-1] = (merged[-1][0], max(merged[-1][1], x1))
        else:
            merged.append((x0, x1))
    return merged


def _fits(columns: Sequence[Column], row: Sequence[Line]) -> bool:
    """Whether each piece of the row has a column to itself."""
    taken = [_column(columns, piece) for piece in row]
    return len(set(taken)) == len(taken)


def _column(columns: Sequence[Column], piece: Line) -> int:
    middle = (piece.x0 + piece.x1) / 2
    return next(index for index, (x0, x1) in enumerate(columns) if x0 <= middle <= x1)


def _table(rows: Sequence[list[Line]], columns: Sequence[Column]) -> Table:
    """A row that leaves its first column empty and most others too goes on with the row above."""
    cells: list[dict[int, list[Line]]] = []
    for row in rows:
        placed = {_column(columns, piece): piece for piece in row}
        if cells and 0 not in placed and 2 * len(placed) <= len(columns):
            for index, piece in placed.items():
                cells[-1].setdefault(index, []).append(piece)
        else:
            cells.append({index: [piece] for index, piece in placed.items()})
    lines = [line for row in rows for line in row]
    box = Box(
        min(line.x0 for line in lines),
        min(line.top for line in lines),
        max(line.x1 for line in lines),
        max(line.bottom for line in lines),
    )
    made = tuple(
        tuple(
            TableCell(tuple(_bounded(line, columns[index]) for line in row.get(index, ())), index)
            for index in range(len(columns))
        )
        for row in cells
    )
    return Table(lines[0].page, box, tuple(x0 for x0, _ in columns), made)


def _bounded(line: Line, column: Column) -> Line:
    return Line(line.page, line.glyphs, column[0] - CELL_PADDING / 2, column[1] + CELL_PADDING / 2)
