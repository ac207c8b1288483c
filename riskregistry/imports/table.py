"""From sheets to ledger rows: where the header is, what each column means, one dict of cells a row."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from riskregistry.imports.columns import COLUMNS, NAMING, clean, clean_header, one_line, recognise
from riskregistry.imports.reader import Row, Sheet

# A header stands among the first rows, below a title and perhaps a line about the unit.
LOOK_FOR_HEADER = 20
SUMS = ("合计", "总计", "小计", "总数", "共计")
# A note that a form ends with.
NOTES = ("注：", "注:", "备注：", "填表说明", "说明：", "填报人", "填表人", "审核人", "单位负责人")
IGNORED = "ignore"


@dataclass(frozen=True)
class LedgerRow:
    """The cells of one row by column key, as written; `cell_names` says where each stands (B7)."""

    sheet: str
    number: int
    cells: dict[str, Any]


@dataclass(frozen=True)
class Heading:
    """One column of one sheet: its header as written and what it means ("" unknown, "ignore" left out)."""

    sheet: str
    place: int
    text: str
    key: str


@dataclass(frozen=True)
class Table:
    """What was found in the file. `unknown` are headers that nobody has given a meaning yet."""

    rows: tuple[LedgerRow, ...]
    headings: tuple[Heading, ...]
    unread: tuple[str, ...] = ()  # sheets without a header
    letters: Mapping[tuple[str, str], str] = field(default_factory=dict)

    @property
    def unknown(self) -> list[Heading]:
        return [heading for heading in self.headings if not heading.key]

    @property
    def keys(self) -> set[str]:
        return {heading.key for heading in self.headings}


def tabulate(sheets: Sequence[Sheet], mapping: Mapping[str, str]) -> Table:
    """`mapping` gives meanings to headers (cleaned) that are not known by themselves, or other ones."""
    rows: list[LedgerRow] = []
    headings: list[Heading] = []
    unread: list[str] = []
    letters: dict[tuple[str, str], str] = {}
    for sheet in sheets:
        place = header_row(sheet, mapping)
        if place is None:
            unread.append(sheet.name)
            continue
        found = _headings(sheet, sheet.rows[place], mapping)
        headings += found
        columns = {heading.key: heading.place for heading in reversed(found) if heading.key in COLUMNS}
        letters |= {(sheet.name, key): _letter(at) for key, at in columns.items()}
        rows += _rows(sheet, place, columns)
    return Table(tuple(rows), tuple(headings), tuple(unread), letters)


def header_row(sheet: Sheet, mapping: Mapping[str, str]) -> int | None:
    """The place among the sheet's rows of the one that reads most like headers.

    It must name a risk or a matter, and know at least two columns; the fullest wins, the first of equals.
    """
    best, most = None, 1
    for place, row in enumerate(sheet.rows[:LOOK_FOR_HEADER]):
        keys = {key for cell in row.cells if (key := _meaning(cell, mapping))}
        if len(keys) > most and keys & {*NAMING, "description", "matter"}:
            best, most = place, len(keys)
    return best


def likely_header(sheet: Sheet) -> int | None:
    """For a sheet without a known header: the row with the most short texts, to be mapped by a person."""
    counts = [
        (sum(1 for cell in row.cells if 0 < len(clean(cell)) <= 20), -place)
        for place, row in enumerate(sheet.rows[:LOOK_FOR_HEADER])
    ]
    best = max(counts, default=(0, 0))
    return -best[1] if best[0] >= 2 else None


def _meaning(cell: Any, mapping: Mapping[str, str]) -> str:
    given = mapping.get(clean_header(cell), "")
    return given if given in COLUMNS else recognise(cell)


def _headings(sheet: Sheet, row: Row, mapping: Mapping[str, str]) -> list[Heading]:
    """One for each column with a header; of two columns of one meaning the first counts."""
    found: list[Heading] = []
    taken: set[str] = set()
    for place, cell in enumerate(row.cells):
        header = clean_header(cell)
        if not header:
            continue
        key = mapping.get(header, "") or recognise(cell)
        if key in taken and key in COLUMNS:
            key = IGNORED
        taken.add(key)
        found.append(Heading(sheet.name, place, one_line(cell), key))
    return found


def _rows(sheet: Sheet, header: int, columns: Mapping[str, int]) -> list[LedgerRow]:
    found = []
    for row in sheet.rows[header + 1 :]:
        cells = {key: row.cells[place] for key, place in columns.items() if place < len(row.cells)}
        if not any(clean(value) for key, value in cells.items() if key != "serial"):
            continue
        if not _is_sum(row) and not _is_note(row) and not _is_header_again(row, columns):
            found.append(LedgerRow(sheet.name, row.number, cells))
    return found


def _is_sum(row: Row) -> bool:
    first = next((one_line(cell) for cell in row.cells if one_line(cell)), "").replace(" ", "")
    return first.rstrip("：:") in SUMS


def _is_note(row: Row) -> bool:
    texts = {one_line(cell) for cell in row.cells if one_line(cell)}
    return len(texts) == 1 and next(iter(texts)).startswith(NOTES)


def _is_header_again(row: Row, columns: Mapping[str, int]) -> bool:
    """A header repeated on each printed page."""
    known = sum(
        recognise(row.cells[place]) == key for key, place in columns.items() if place < len(row.cells)
    )
    return known >= 2 and known >= len(columns) - 1


def _letter(place: int) -> str:
    letters = ""
    place += 1
    while place:
        place, rest = divmod(place - 1, 26)
        letters = chr(65 + rest) + letters
    return letters
