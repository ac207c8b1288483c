"""The same ledger with what is wrong written beside the rows."""

from __future__ import annotations

import io
from collections import defaultdict
from collections.abc import Sequence
from typing import Any

import openpyxl
import xlsxwriter
from openpyxl.comments import Comment
from openpyxl.styles import Font, PatternFill

from riskregistry.imports.columns import clean
from riskregistry.imports.plan import Problem
from riskregistry.imports.reader import Sheet

TITLE = "导入检查结果"
RED = "FFC00000"
PINK = "FFFDE9E7"


def annotated(content: bytes, name: str, sheets: Sequence[Sheet], problems: Sequence[Problem]) -> bytes:
    """An .xlsx. Somebody's own .xlsx keeps its looks; an .xls or .csv is laid out anew, row for row."""
    by_row: dict[str, dict[int, list[Problem]]] = defaultdict(lambda: defaultdict(list))
    for problem in problems:
        by_row[problem.sheet][problem.row].append(problem)
    return _beside(content, by_row) if name.lower().endswith(".xlsx") else _anew(sheets, by_row)


def _said(problems: Sequence[Problem]) -> str:
    return "；".join(f"{problem.column}「{problem.value}」：{problem.remedy}" for problem in problems)


def _beside(content: bytes, by_row: dict[str, dict[int, list[Problem]]]) -> bytes:
    book = openpyxl.load_workbook(io.BytesIO(content))
    for title, rows in by_row.items():
        sheet: Any = book[title]
        column = sheet.max_column + 1
        top = sheet.cell(min(rows) - 1 if min(rows) > 1 else 1, column)
        if min(rows) > 1:
            top.value, top.font = TITLE, Font(bold=True, color=RED)
        sheet.column_dimensions[top.column_letter].width = 60
        for number, problems in rows.items():
            cell = sheet.cell(number, column)
            cell.value, cell.data_type, cell.font = _said(problems), "s", Font(color=RED)
            for problem in problems:
                if problem.cell:
                    wrong = sheet[problem.cell]
                    wrong.fill = PatternFill("solid", fgColor=PINK)
                    if type(wrong).__name__ == "Cell":  # not one that lies under a merged one
                        wrong.comment = Comment(problem.remedy, "清淤")
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _anew(sheets: Sequence[Sheet], by_row: dict[str, dict[int, list[Problem]]]) -> bytes:
    content = io.BytesIO()
    book = xlsxwriter.Workbook(
        content, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    )
    red = book.add_format({"font_color": "#C00000", "text_wrap": True})
    wrap = book.add_format({"text_wrap": True, "valign": "top"})
    for sheet in sheets:
        page = book.add_worksheet(sheet.name[:31])
        width = max(len(row.cells) for row in sheet.rows)
        page.set_column(0, width - 1, 16, wrap)
        page.set_column(width, width, 60, red)
        for row in sheet.rows:
            for place, value in enumerate(row.cells):
                page.write_string(row.number - 1, place, clean(value)[:32_000])
            if problems := by_row.get(sheet.name, {}).get(row.number):
                page.write_string(row.number - 1, width, _said(problems))
    book.close()
    return content.getvalue()
