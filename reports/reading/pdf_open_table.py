"""A table of a PDF that may go on over several pages."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from reports.reading.builder import Cell, DocumentBuilder
from reports.reading.pdf_sheets import Table, TableCell, broken_by_edge

SAME_EDGE = 5.0  # points

Row = tuple[TableCell, ...]


class OpenTable:
    """The rows of a table so far, each with its page."""

    def __init__(self, table: Table) -> None:
        self._last = table
        self._rows: list[tuple[int, Row]] = [(table.page, row) for row in table.rows]

    def goes_on_with(self, table: Table) -> bool:
        """Whether a table at the head of a page goes on with this one at the foot of the page before."""
        if table.page != self._last.page + 1 or len(table.edges) != len(self._last.edges):
            return False
        edges = zip(self._last.edges, table.edges, strict=True)
        return all(abs(one - other) < SAME_EDGE for one, other in edges)

    def extend(self, table: Table) -> None:
        """Add its next part, without the heading repeated there, a row broken by the page as one."""
        rows = table.rows[_repeated_head(self._last.rows, table.rows) :]
        if rows and _was_broken(self._rows[-1][1], rows[0]):
            page, above = self._rows[-1]
            self._rows[-1] = (page, _joined(above, rows[0]))
            rows = rows[1:]
        self._rows += [(table.page, row) for row in rows]
        self._last = table

    def write(self, builder: DocumentBuilder) -> None:
        """Put the rows that have text into a document."""
        written = [any(cell.text for cell in row) for _, row in self._rows]
        if not any(written):
            return
        number = builder.new_table()
        for index, (page, row) in enumerate(self._rows):
            if written[index]:
                cells = [_cell(cell, sum(written[index : index + cell.rows])) for cell in row]
                builder.row(number, cells, page=page)


def _cell(cell: TableCell, rows: int) -> Cell:
    return Cell(tuple(cell.runs()), cell.column, cell.columns, rows)


def _repeated_head(before: Sequence[Row], rows: Sequence[Row]) -> int:
    """How many rows at the head only repeat those of the page before."""
    count = 0
    for one, other in zip(before, rows, strict=False):
        if [cell.text for cell in one] != [cell.text for cell in other]:
            break
        count += 1
    return count


def _was_broken(above: Row, below: Row) -> bool:
    """Whether the page broke a row: only cells in which lines were broken go on, and some cell does not."""
    if [cell.column for cell in above] != [cell.column for cell in below]:
        return False
    pairs = list(zip(above, below, strict=True))
    going_on = [_unfinished(one, other) for one, other in pairs if other.text]
    return bool(going_on) and all(going_on) and any(one.text and not other.text for one, other in pairs)


def _joined(above: Row, below: Row) -> Row:
    return tuple(replace(one, lines=one.lines + other.lines) for one, other in zip(above, below, strict=True))


def _unfinished(above: TableCell, below: TableCell) -> bool:
    return len(above.lines) > 1 or (bool(above.lines) and broken_by_edge(above.lines[-1], below.lines[0]))
