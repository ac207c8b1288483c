"""What every reader ends at: a document as ordered blocks over one string of text.

Readers (docx, pdf, text) build a `Document`; extraction reads it and never opens a file. Offsets count
Unicode code points into `Document.text`; blocks are in reading order, do not overlap, and are joined by
one line feed each.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal

BlockKind = Literal["paragraph", "row", "textbox", "footnote"]


@dataclass(frozen=True)
class Span:
    """Half-open range of code points: `text[start:end]`."""

    start: int
    end: int


@dataclass(frozen=True)
class Block:
    """One paragraph, table row, text-box paragraph or footnote paragraph.

    `level` is the heading level Word states (1 = top), `None` where the file states none.
    `bold` lists the runs set in bold type. `table` numbers the tables of the document from 0 and `cells`
    holds one span per cell as written in the row's line (a merged cell once, at its first place);
    `columns` says, cell by cell, how many grid columns it covers, and `rows` how many grid rows.
    `page` counts from 1 and is `None` where the format has no pages.
    """

    kind: BlockKind
    start: int
    end: int
    level: int | None = None
    bold: tuple[Span, ...] = ()
    centred: bool = False
    table: int | None = None
    cells: tuple[Span, ...] = ()
    first_columns: tuple[int, ...] = ()
    columns: tuple[int, ...] = ()
    rows: tuple[int, ...] = ()
    page: int | None = None


@dataclass(frozen=True)
class Document:
    """Text in reading order, and the blocks it is made of."""

    text: str
    blocks: tuple[Block, ...] = field(default=())
    format: str = "txt"

    def quote(self, block: Block) -> str:
        """The text of one block."""
        return self.text[block.start : block.end]


def from_text(text: str) -> Document:
    """A document of plain lines: each line that is not blank is a block.

    A line with tabs is a table row, and so are lines beside each other that have as many | each.

    Consecutive tabbed lines form one table. The text is kept as it is, so offsets are those of the input.
    """
    blocks: list[Block] = []
    position = 0
    table = -1
    in_table = False
    lines = text.split("\n")
    barred = _barred(lines)
    for number, line in enumerate(lines):
        start, end = position, position + len(line)
        position = end + 1
        if not line.strip():
            in_table = False
            continue
        mark = "\t" if "\t" in line.strip() else barred.get(number, "")
        if mark and not line.strip("-—|｜:+─ "):
            continue  # the line under a table's head
        if not mark:
            in_table = False
            blocks.append(Block("paragraph", start, end))
            continue
        if not in_table:
            table, in_table = table + 1, True
        blocks.append(_row_of_cells(line, start, table, mark))
    return Document(text, tuple(blocks))


def _barred(lines: Sequence[str]) -> dict[int, str]:
    """Numbers of the lines that make up tables whose cells are parted by | or ｜, with that mark."""
    out: dict[int, str] = {}
    for mark in "|｜":
        counts = [line.strip().strip(mark).count(mark) for line in lines]
        begin = 0
        while begin < len(lines):
            end = begin + 1
            while end < len(lines) and counts[end] == counts[begin]:
                end += 1
            if counts[begin] and end - begin > 2:
                out |= dict.fromkeys(range(begin, end), mark)
            begin = end
    return out


def _row_of_cells(line: str, start: int, table: int, mark: str) -> Block:
    cells: list[Span] = []
    outer = len(line) - len(line.lstrip(mark + " ")) if mark != "\t" else 0  # | a | b |
    at = start + outer
    for cell in (line[outer:].rstrip(mark + " ") if mark != "\t" else line).split(mark):
        cells.append(Span(at, at + len(cell)))
        at += len(cell) + 1
    count = len(cells)
    return Block(
        "row",
        start,
        start + len(line),
        table=table,
        cells=tuple(cells),
        first_columns=tuple(range(count)),
        columns=(1,) * count,
        rows=(1,) * count,
    )
