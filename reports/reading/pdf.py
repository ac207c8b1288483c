"""Reads PDF files that have a text layer."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace

from reports.reading.builder import Cell, DocumentBuilder
from reports.reading.document import Document
from reports.reading.pdf_columns import Flow, Slot, bounds, flows
from reports.reading.pdf_glyphs import pages
from reports.reading.pdf_lines import Line
from reports.reading.pdf_margins import without_running_lines
from reports.reading.pdf_paragraphs import Joining, paragraph_runs
from reports.reading.pdf_sheets import Frame, Table, TableCell, sheet
from reports.reading.pdf_tables import grids

EXTENSIONS: tuple[tuple[str, str], ...] = ((".pdf", "PDF 文档"),)

SAME_EDGE = 5.0  # points


def recognises(data: bytes, extension: str) -> bool:
    """A PDF says so within its first kilobyte."""
    return b"%PDF-" in data[:1024]


def read(data: bytes) -> Document:
    """The text of a PDF in reading order. Errors: those of `pdf_glyphs.pages`."""
    found = pages(data)
    ruled = grids(data, [page.number for page in found if page.ruled])
    sheets = [sheet(page, ruled.get(page.number, ())) for page in found]
    columns = _with_bounds([flow for page in without_running_lines(sheets) for flow in flows(page)])
    writer = _Writer(Joining([item for flow in columns for item in flow.items if isinstance(item, Line)]))
    for flow in columns:
        for item in flow.items:
            writer.add(item)
    return writer.document()


def _with_bounds(columns: Sequence[Flow]) -> list[Flow]:
    """Tell each line the edges of its column."""
    lines: dict[tuple[float, Slot], list[Line]] = defaultdict(list)
    for flow in columns:
        lines[flow.width, flow.slot] += [item for item in flow.items if isinstance(item, Line)]
    edges = {key: bounds(found, key[1], key[0]) for key, found in lines.items() if found}

    def bounded(flow: Flow) -> Flow:
        left, right = edges.get((flow.width, flow.slot), (0.0, 0.0))
        items = (
            replace(item, left=left, right=right) if isinstance(item, Line) else item for item in flow.items
        )
        return replace(flow, items=tuple(items))

    return [bounded(flow) for flow in columns]


class _Writer:
    """Writes items into a document: lines joined into paragraphs, tables that go on over pages as one."""

    def __init__(self, joining: Joining) -> None:
        self._builder = DocumentBuilder("pdf")
        self._joining = joining
        self._lines: list[Line] = []
        self._frames: list[Frame] = []
        self._last_table: tuple[int, Table] | None = None

    def add(self, item: Line | Table | Frame) -> None:
        """The next item in reading order."""
        if isinstance(item, Frame):
            # Text beside which a paragraph runs on comes after it.
            self._frames.append(item)
            return
        if isinstance(item, Table):
            self._end_paragraph()
            self._table(item)
            return
        if self._lines and self._joining.begins(self._lines[-1], item):
            self._end_paragraph()
        self._lines.append(item)
        self._last_table = None

    def document(self) -> Document:
        """What was written."""
        self._end_paragraph()
        return self._builder.build()

    def _end_paragraph(self) -> None:
        lines, self._lines = self._lines, []
        if lines:
            self._builder.paragraph(
                paragraph_runs(lines), centred=self._joining.centred(lines[-1]), page=lines[0].page
            )
        frames, self._frames = self._frames, []
        for frame in frames:
            for line in frame.lines:
                if self._lines and self._joining.begins(self._lines[-1], line):
                    self._end_paragraph()
                self._lines.append(line)
            self._end_paragraph()

    def _table(self, table: Table) -> None:
        rows = list(table.rows)
        number: int | None = None
        if self._last_table is not None and _continues(self._last_table[1], table):
            number, before = self._last_table
            rows = rows[_repeated_head(before, table) :]
        written = [any(cell.text for cell in row) for row in rows]
        for index, row in enumerate(rows):
            if not written[index]:
                continue
            if number is None:
                number = self._builder.new_table()
            cells = [_cell(cell, sum(written[index : index + cell.rows])) for cell in row]
            self._builder.row(number, cells, page=table.page)
        if number is not None:
            self._last_table = (number, table)


def _cell(cell: TableCell, rows: int) -> Cell:
    return Cell(tuple(cell.runs()), cell.column, cell.columns, rows)


def _continues(before: Table, table: Table) -> bool:
    """Whether a table at the head of a page goes on with the one at the foot of the page before."""
    if table.page != before.page + 1 or len(table.edges) != len(before.edges):
        return False
    return all(abs(one - other) < SAME_EDGE for one, other in zip(before.edges, table.edges, strict=True))


def _repeated_head(before: Table, table: Table) -> int:
    """How many rows at the head of `table` only repeat those of the page before."""
    count = 0
    for one, other in zip(before.rows, table.rows, strict=False):
        if [cell.text for cell in one] != [cell.text for cell in other]:
            break
        count += 1
    return count
