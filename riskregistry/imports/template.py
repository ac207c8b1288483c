"""Ledgers to be filled in: empty with lists to choose from, or holding the unit's items with their ids."""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import Any

import xlsxwriter

from riskregistry.enums import RiskCategory, RiskKind, RiskLevel
from riskregistry.imports.columns import COLUMNS, level_of
from riskregistry.imports.plan import CUT, KnownItem, list_measures

LAYOUT = (
    ("id", 12), ("kind", 11), ("name", 34), ("domain", 14), ("post", 20), ("description", 40), ("matter", 22),
    ("category", 12), ("level", 10), ("responsible", 12), ("responsible_second", 12),
    ("responsible_third", 12), ("measures", 50),
)  # fmt: skip
KEYS = tuple(key for key, _ in LAYOUT)
NOTES = {
    "kind": "在下拉框中选：风险岗位、风险点、关键环节",
    "name": "必填，最多 200 字",
    "domain": "在下拉框中选；暂不能归入的留空",
    "post": "风险点、关键环节属于哪个岗位；岗位本身留空",
    "level": "高、中、低，或一级、二级、三级，或红、橙、黄",
    "measures": "一项一行，写成 1. 2. 3.；每项登记为一条整改措施",
}
EMPTY_ROWS = 500
# What one cell of a workbook holds at most.
LONGEST_CELL = 32_000
HEADER_ROW = 1


def ledger(unit: str, campaign: str, domains: Sequence[str], items: Sequence[KnownItem] = ()) -> bytes:
    """An .xlsx of the unit: title, header with notes, then its items (none: an empty ledger to fill in)."""
    content = io.BytesIO()
    options = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    book = xlsxwriter.Workbook(content, {"in_memory": True, **options})
    sheet = book.add_worksheet("风险台账")
    look = _Look(book)
    sheet.merge_range(0, 1, 0, len(LAYOUT) - 1, f"{unit}风险台账（{campaign}）", look.title)
    for place, (key, width) in enumerate(LAYOUT):
        sheet.set_column(place, place, width, None, {"hidden": key == "id"})
        sheet.write_string(HEADER_ROW, place, COLUMNS[key].label, look.header)
        if key in NOTES:
            sheet.write_comment(HEADER_ROW, place, NOTES[key], {"x_scale": 1.6})
    for number, item in enumerate(items, HEADER_ROW + 1):
        for place, text in enumerate(cells_of(item)):
            sheet.write_string(number, place, text, look.cell)
    last = HEADER_ROW + len(items) + EMPTY_ROWS
    _choices(book, sheet, domains, last)
    sheet.freeze_panes(HEADER_ROW + 1, KEYS.index("name") + 1)
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(0, HEADER_ROW)
    book.close()
    return content.getvalue()


def cells_of(item: KnownItem) -> list[str]:
    """The item's cells in the order of LAYOUT."""
    values: dict[str, Any] = {
        "id": str(item.pk),
        "kind": RiskKind(item.kind).label,
        "category": RiskCategory(item.category).label if item.category else "",
        "level": _level(item),
        "measures": list_measures(item.measures),
    }
    return [_short(values[key] if key in values else getattr(item, key)) for key in KEYS]


def _level(item: KnownItem) -> str:
    """As the unit wrote it, where that still says the level."""
    if not item.level:
        return ""
    as_written = item.level_as_written
    return as_written if level_of(as_written) == item.level else RiskLevel(item.level).label


def _short(text: str) -> str:
    return text if len(text) <= LONGEST_CELL else text[:LONGEST_CELL] + CUT


class _Look:
    def __init__(self, book: Any) -> None:
        self.title = book.add_format({"bold": True, "font_size": 16, "align": "center"})
        self.header = book.add_format(
            {
                "bold": True,
                "border": 1,
                "align": "center",
                "valign": "vcenter",
                "text_wrap": True,
                "bg_color": "#E8EEF4",
            }
        )
        self.cell = book.add_format({"border": 1, "text_wrap": True, "valign": "top", "num_format": "@"})


def _choices(book: Any, sheet: Any, domains: Sequence[str], last: int) -> None:
    """Lists to choose from, on a hidden sheet: a list in the rule itself holds 255 characters."""
    hidden = book.add_worksheet("选项")
    hidden.hide()
    lists: dict[str, Sequence[str]] = {
        "kind": RiskKind.labels,
        "domain": domains,
        "category": RiskCategory.labels,
        "level": RiskLevel.labels,
    }
    for column, (key, words) in enumerate(lists.items()):
        for row, word in enumerate(words):
            hidden.write_string(row, column, word)
        if words:
            letter = chr(65 + column)
            place = KEYS.index(key)
            rule: dict[str, Any] = {
                "validate": "list",
                "source": f"=选项!${letter}$1:${letter}${len(words)}",
                "ignore_blank": True,
                "error_type": "warning",
                "error_message": "不在下拉框的选项中，导入时可能不认得",
            }
            sheet.data_validation(HEADER_ROW + 1, place, last, place, rule)
