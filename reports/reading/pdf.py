"""Reads PDF files that have a text layer."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace

from reports.reading.builder import DocumentBuilder
from reports.reading.document import Document
from reports.reading.pdf_columns import Flow, Slot, bounds, flows
from reports.reading.pdf_glyphs import pages
from reports.reading.pdf_lines import Line
from reports.reading.pdf_margins import without_running_lines
from reports.reading.pdf_notes import with_notes
from reports.reading.pdf_open_table import OpenTable
from reports.reading.pdf_paragraphs import Joining, paragraph_runs
from reports.reading.pdf_sheets import Frame, Table, sheet
from reports.reading.pdf_spare_glyphs import completed
from reports.reading.pdf_tables import grids

EXTENSIONS: tuple[tuple[str, str], ...] = ((".pdf", "PDF 文档"),)


def recognises(data: bytes, extension: str) -> bool:
    """A PDF says so within its first kilobyte."""
    return b"%PDF-" in data[:1024]


def read(data: bytes) -> Document:
    """The text of a PDF in reading order. Errors: those of `pdf_glyphs.pages`."""
    found = completed(data, pages(data))
    ruled = grids(data, [page.number for page in found if page.ruled])
    sheets = [sheet(page, ruled.get(page.number, ())) for page in found]
    columns = _with_bounds(flows(without_running_lines(sheets)))
    joining = Joining([item for flow in columns for item in flow.items if isinstance(item, Line)])
    writer = _Writer(joining)
    for flow in with_notes(columns, joining.body_size):
        for item in flow.items:
            writer.add(item)
    return writer.document()


def _with_bounds(columns: Sequence[Flow]) -> list[Flow]:
    """Tell each line the edges of its column."""
    lines: dict[tuple[float, Slot], list[Line]] = defaultdict(list)
    for flow in columns:
        standing = [item for item in flow.items if isinstance(item, Line)]
        for slot in {flow.slot, "full"}:
            lines[flow.width, slot] += standing
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
        self._table: OpenTable | None = None

    def add(self, item: Line | Table | Frame) -> None:
        """The next item in reading order."""
        if isinstance(item, Frame):
            # Text beside which a paragraph runs on comes after it.
            self._frames.append(item)
        elif isinstance(item, Table):
            self._end_paragraph()
            if self._table is not None and self._table.goes_on_with(item):
                self._table.extend(item)
            else:
                self._end_table()
                self._table = OpenTable(item)
        else:
            self._end_table()
            self._add_line(item)

    def document(self) -> Document:
        """What was written."""
        self._end_table()
        self._end_paragraph()
        return self._builder.build()

    def _add_line(self, line: Line) -> None:
        if self._lines and self._joining.begins(self._lines, line):
            self._end_paragraph()
        self._lines.append(line)

    def _end_paragraph(self) -> None:
        self._write_lines()
        frames, self._frames = self._frames, []
        if frames:
            self._end_table()
        for frame in frames:
            for line in frame.lines:
                if self._lines and self._joining.begins(self._lines, line):
                    self._write_lines()
                self._lines.append(line)
            self._write_lines()

    def _write_lines(self) -> None:
        lines, self._lines = self._lines, []
        if lines:
            centred = self._joining.centred(lines[-1])
            self._builder.paragraph(paragraph_runs(lines), centred=centred, page=lines[0].page)
        for note in (note for line in lines for note in line.notes):
            self._builder.paragraph(paragraph_runs(note), kind="footnote", page=note[0].page)

    def _end_table(self) -> None:
        if self._table is not None:
            self._table.write(self._builder)
            self._table = None
