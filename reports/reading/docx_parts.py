"""What the reading of a Word document collects before it is put into lines."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from reports.reading.builder import Cell, DocumentBuilder, Run
from reports.reading.document import BlockKind


@dataclass(slots=True)
class Paragraph:
    """One paragraph; `anchored` is what hangs on it: text boxes and footnotes."""

    kind: BlockKind
    runs: list[Run] = field(default_factory=list)
    label: str = ""
    level: int | None = None
    centred: bool = False
    anchored: list[Part] = field(default_factory=list)

    @property
    def blank(self) -> bool:
        """Whether it has no text of its own; its label does not count."""
        return not any(run.text.strip() for run in self.runs)

    def prepend(self, before: Paragraph) -> None:
        """Put a paragraph in front that goes on in this one; an empty one takes its look from it."""
        if self.blank:
            self.level, self.centred = before.level, before.centred
        self.runs[:0] = before.runs
        self.anchored[:0] = before.anchored

    def labelled(self) -> list[Run]:
        """Its runs with the automatic number before them."""
        if not self.label:
            return self.runs
        first = next((run for run in self.runs if run.text.strip()), Run(""))
        return [Run(self.label, first.bold), *self.runs]


@dataclass(slots=True)
class TableCell:
    """What is in a cell, where it starts in the grid, and whether it goes on from the cell above."""

    parts: list[Part]
    first_column: int
    columns: int
    continues: bool = False
    rows: int = 1

    @property
    def blank(self) -> bool:
        """Whether nothing would be written for it."""
        return not any(run.text.strip() for run in self.runs())

    def runs(self) -> list[Run]:
        """The text of its paragraphs, joined by spaces; nested tables are not part of it."""
        runs: list[Run] = []
        for part in self.parts:
            if isinstance(part, Paragraph) and (part.label or not part.blank):
                runs += [Run(" "), *part.labelled()] if runs else part.labelled()
        return runs


@dataclass(slots=True)
class Table:
    """Rows of cells."""

    rows: list[list[TableCell]]


Part = Paragraph | Table


def emit(parts: Sequence[Part], builder: DocumentBuilder) -> None:
    """Write the parts into `builder`, each followed by what hangs on it."""
    for part in parts:
        if isinstance(part, Table):
            _emit_table(part, builder)
            continue
        if not part.blank:
            builder.paragraph(part.labelled(), kind=part.kind, level=part.level, centred=part.centred)
        emit(part.anchored, builder)


def _emit_table(table: Table, builder: DocumentBuilder) -> None:
    """Write the rows that have text; what a cell holds besides its line follows its row."""
    _resolve_merges(table.rows)
    number: int | None = None
    for row in table.rows:
        cells = [cell for cell in row if not cell.continues]
        if any(not cell.blank for cell in cells):
            if number is None:
                number = builder.new_table()
            builder.row(
                number,
                [Cell(tuple(cell.runs()), cell.first_column, cell.columns, cell.rows) for cell in cells],
            )
        for cell in cells:
            emit(list(_beside(cell)), builder)


def _beside(cell: TableCell) -> Iterator[Part]:
    for part in cell.parts:
        if isinstance(part, Table):
            yield part
        else:
            yield from part.anchored


def _resolve_merges(rows: Sequence[list[TableCell]]) -> None:
    """Find the cell that each continued one belongs to, and count the written rows it covers.

    A cell that goes on from nothing is a cell like any other.
    """
    above: dict[tuple[int, int], TableCell] = {}
    for row in rows:
        here: dict[tuple[int, int], TableCell] = {}
        for cell in row:
            place = (cell.first_column, cell.columns)
            origin = above.get(place) if cell.continues else None
            cell.continues = origin is not None
            here[place] = cell if origin is None else origin
        if any(not cell.blank for cell in row if not cell.continues):
            for cell in row:
                if cell.continues:
                    here[cell.first_column, cell.columns].rows += 1
        above = here
