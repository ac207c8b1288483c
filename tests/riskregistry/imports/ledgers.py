"""Workbooks for tests, made from rows."""

from __future__ import annotations

import io
from collections.abc import Sequence

import xlsxwriter


def workbook(
    rows: Sequence[Sequence[object]], *, merged: Sequence[tuple[int, int, int, int]] = (), name: str = "台账"
) -> bytes:
    """An .xlsx of one sheet; `merged` are (first row, first column, last row, last column) from 0."""
    content = io.BytesIO()
    book = xlsxwriter.Workbook(content, {"in_memory": True, "strings_to_formulas": False})
    sheet = book.add_worksheet(name)
    day = book.add_format({"num_format": "yyyy-mm-dd"})
    for number, cells in enumerate(rows):
        for place, value in enumerate(cells):
            if value is None or value == "":
                continue
            if hasattr(value, "year"):
                sheet.write_datetime(number, place, value, day)
            else:
                sheet.write(number, place, value)
    for area in merged:
        sheet.merge_range(*area, rows[area[0]][area[1]])
    book.close()
    return content.getvalue()
