"""Exactly what a list shows, as a file: .xlsx row by row in constant memory, or .csv.

No cell runs as a formula: XlsxWriter writes texts as texts, and in .csv an apostrophe goes before what would.
"""

from __future__ import annotations

import csv
import io
import tempfile
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import IO, Any

import xlsxwriter

RISKY = ("=", "+", "-", "@", "\t", "\r")
LONGEST_CELL = 32_000
Value = str | int | float | date | None


@dataclass(frozen=True)
class ExportColumn:
    """A column of a file: header, width in characters, the fields it needs, what it makes of them.

    Without `words` the one field is written as it is.
    """

    label: str
    width: int
    fields: tuple[str, ...]
    words: Callable[..., Value] | None = None


@dataclass(frozen=True)
class Export:
    """A list to be written. `rows` hold the values of every column's fields, one after the other.

    `notes` are the lines of the second sheet: what was filtered, when, by whom.
    """

    title: str
    columns: Sequence[ExportColumn]
    rows: Iterable[Sequence[Any]]
    notes: Sequence[tuple[str, str]]
    author: str


def write_xlsx(export: Export, target: IO[bytes]) -> int:
    """Write the list; returns how many rows. Memory does not grow with them."""
    with tempfile.TemporaryDirectory() as folder:
        book = xlsxwriter.Workbook(
            target,
            {
                "constant_memory": True,
                "tmpdir": folder,
                "strings_to_formulas": False,
                "strings_to_urls": False,
                "strings_to_numbers": False,
                "default_date_format": "yyyy-mm-dd",
            },
        )
        book.set_properties({"title": export.title, "author": export.author})
        sheet = book.add_worksheet(export.title[:31])
        count = _rows(book, sheet, export)
        _print_setup(sheet, len(export.columns), count)
        _notes(book, export.notes)
        book.close()
    return count


def _rows(book: Any, sheet: Any, export: Export) -> int:
    header = book.add_format({"bold": True, "border": 1, "bg_color": "#E8EEF4", "text_wrap": True})
    day = book.add_format({"num_format": "yyyy-mm-dd"})
    for place, column in enumerate(export.columns):
        sheet.set_column(place, place, column.width)
        sheet.write_string(0, place, column.label, header)
    makers = _makers(export.columns)
    number = 0
    for number, row in enumerate(export.rows, 1):
        for place, (start, end, words) in enumerate(makers):
            value = row[start] if words is None else words(*row[start:end])
            if isinstance(value, str):
                if value:
                    sheet.write_string(number, place, value[:LONGEST_CELL])
            elif isinstance(value, date):
                sheet.write_datetime(number, place, value, day)
            elif value is not None:
                sheet.write_number(number, place, value)
    return number


def fields_of(columns: Iterable[ExportColumn]) -> list[str]:
    """What a queryset must give for these columns, in order (`values_list`)."""
    return [name for column in columns for name in column.fields]


def _makers(columns: Iterable[ExportColumn]) -> list[tuple[int, int, Callable[..., Value] | None]]:
    """(where its fields begin in a row, where they end, what to make of them) of each column."""
    makers, start = [], 0
    for column in columns:
        end = start + len(column.fields)
        makers.append((start, end, column.words))
        start = end
    return makers


def _print_setup(sheet: Any, columns: int, rows: int) -> None:
    sheet.freeze_panes(1, 1)
    sheet.autofilter(0, 0, max(rows, 1), columns - 1)
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(0)
    sheet.set_footer("&C第 &P 页，共 &N 页")


def _notes(book: Any, notes: Sequence[tuple[str, str]]) -> None:
    sheet = book.add_worksheet("说明")
    bold = book.add_format({"bold": True, "valign": "top"})
    wrap = book.add_format({"text_wrap": True, "valign": "top"})
    sheet.set_column(0, 0, 14)
    sheet.set_column(1, 1, 90)
    for number, (label, text) in enumerate(notes):
        sheet.write_string(number, 0, label, bold)
        sheet.write_string(number, 1, text, wrap)


def csv_lines(export: Export) -> Iterable[bytes]:
    """The list as UTF-8 with a mark that Excel knows, line by line."""
    yield "\ufeff".encode()
    yield _line([column.label for column in export.columns])
    makers = _makers(export.columns)
    for row in export.rows:
        yield _line(
            [guarded(row[start] if words is None else words(*row[start:end])) for start, end, words in makers]
        )


def _line(cells: Sequence[str]) -> bytes:
    line = io.StringIO()
    csv.writer(line).writerow(cells)
    return line.getvalue().encode()


def guarded(value: Value) -> str:
    """The cell's text, with an apostrophe before what a spreadsheet would take for a formula."""
    text = "" if value is None else str(value)
    return f"'{text}" if text.startswith(RISKY) else text
