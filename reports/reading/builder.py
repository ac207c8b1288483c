"""Composes a `Document` piece by piece, so that every reader counts offsets in the same way."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from reports.reading.characters import clean
from reports.reading.document import Block, BlockKind, Document, Span

_BREAKS = re.compile("[\n\t]+")


@dataclass(frozen=True, slots=True)
class Run:
    """A stretch of text in one weight; a line feed in it is a line break inside the paragraph."""

    text: str
    bold: bool = False


@dataclass(frozen=True, slots=True)
class Cell:
    """A table cell: its runs, the grid column it starts in, and how much of the grid it covers."""

    runs: tuple[Run, ...]
    first_column: int
    columns: int = 1
    rows: int = 1


class DocumentBuilder:
    """Collects blocks in reading order; `build` joins them by one line feed each."""

    def __init__(self, format: str) -> None:
        self._format = format
        self._lines: list[str] = []
        self._length = 0
        self._blocks: list[Block] = []
        self._tables = 0

    def new_table(self) -> int:
        """The number of the next table."""
        self._tables += 1
        return self._tables - 1

    def paragraph(
        self,
        runs: Iterable[Run],
        *,
        kind: BlockKind = "paragraph",
        level: int | None = None,
        centred: bool = False,
        page: int | None = None,
    ) -> None:
        """Add a paragraph, one block for each of its lines that is not blank."""
        for line in _lines(runs):
            text, bold, start = self._put(line)
            if text:
                end = start + len(text)
                self._blocks.append(
                    Block(kind, start, end, level=level, bold=bold, centred=centred, page=page)
                )

    def row(self, table: int, cells: Sequence[Cell], *, page: int | None = None) -> None:
        """Add a table row: one line, the cells joined by tabs."""
        start = self._next_start()
        line: list[str] = []
        spans: list[Span] = []
        bold: list[Span] = []
        at = start
        for cell in cells:
            text, cell_bold = _joined(_one_line(cell.runs), at)
            spans.append(Span(at, at + len(text)))
            bold.extend(cell_bold)
            line.append(text)
            at += len(text) + 1
        end = self._append("\t".join(line))
        self._blocks.append(
            Block(
                "row",
                start,
                end,
                bold=tuple(bold),
                table=table,
                cells=tuple(spans),
                first_columns=tuple(cell.first_column for cell in cells),
                columns=tuple(cell.columns for cell in cells),
                rows=tuple(cell.rows for cell in cells),
                page=page,
            )
        )

    def build(self) -> Document:
        """The document composed so far."""
        return Document("\n".join(self._lines), tuple(self._blocks), self._format)

    def _next_start(self) -> int:
        return self._length + 1 if self._lines else 0

    def _put(self, runs: Sequence[Run]) -> tuple[str, tuple[Span, ...], int]:
        start = self._next_start()
        text, bold = _joined(runs, start)
        if text:
            self._append(text)
        return text, bold, start

    def _append(self, line: str) -> int:
        self._length = self._next_start() + len(line)
        self._lines.append(line)
        return self._length


def _lines(runs: Iterable[Run]) -> list[list[Run]]:
    """The runs of each line of a paragraph."""
    lines: list[list[Run]] = [[]]
    for run in runs:
        first, *rest = clean(run.text).split("\n")
        lines[-1].append(Run(first, run.bold))
        lines.extend([Run(piece, run.bold)] for piece in rest)
    return lines


def _one_line(runs: Iterable[Run]) -> list[Run]:
    return [Run(_BREAKS.sub(" ", clean(run.text)), run.bold) for run in runs]


def _joined(runs: Sequence[Run], start: int) -> tuple[str, tuple[Span, ...]]:
    """The text of `runs` without white space at the ends, and its bold stretches if it begins at `start`."""
    whole = "".join(run.text for run in runs)
    text = whole.strip()
    lead = len(whole) - len(whole.lstrip())
    bold: list[Span] = []
    at = -lead
    for run in runs:
        first, last = max(at, 0), min(at + len(run.text), len(text))
        at += len(run.text)
        if not run.bold or first >= last:
            continue
        if bold and bold[-1].end == start + first:
            bold[-1] = Span(bold[-1].start, start + last)
        else:
            bold.append(Span(start + first, start + last))
    return text, tuple(bold)
