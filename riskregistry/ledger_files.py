"""The four lists (问题清单、措施清单、责任清单、时限清单) and the 销号台账 as workbooks."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterable, Sequence
from datetime import date
from typing import Any

import xlsxwriter

from riskregistry.lights import Light
from riskregistry.models import Measure, RiskItem

UNASSIGNED = "未归领域"
# Header, width in characters, value of a row; the number of the row comes first in every list.
Columns = Sequence[tuple[str, int, Callable[[Any], str | int | date | None]]]
Notes = Sequence[tuple[str, str]]


def _unit(measure: Measure) -> str:
    return measure.unit.name + ("等单位" if measure.and_others else "")


def _domain(row: Measure | RiskItem) -> str:
    return row.domain.name if row.domain else UNASSIGNED


def _light(measure: Measure) -> str:
    light = getattr(measure, "light", "")
    return Light(light).label if light else ""


def _person(name: str) -> Callable[[Measure], str]:
    def words(measure: Measure) -> str:
        person = getattr(measure, name)
        return person.name if person else ""

    return words


PROBLEMS: Columns = (
    ("单位", 22, lambda item: item.unit.name),
    ("种类", 10, lambda item: item.get_kind_display()),
    ("领域", 12, _domain),
    ("问题（风险）", 30, lambda item: item.name),
    ("表现形式", 36, lambda item: item.description),
    ("等级", 8, lambda item: item.get_level_display()),
    ("整改措施", 40, lambda item: "；".join(m.heading for m in item.measures.all()) or "无"),
)
MEASURES: Columns = (
    ("责任单位", 22, _unit),
    ("措施标题", 30, lambda m: m.heading),
    ("措施内容", 50, lambda m: m.text),
    ("主题", 10, lambda m: m.get_theme_display()),
    ("领域", 12, _domain),
    ("针对的问题", 36, lambda m: "；".join(item.name for item in m.risk_items.all()) or "未关联"),
    ("状态", 10, lambda m: m.get_state_display()),
    ("进度（%）", 9, lambda m: m.percent),
)
RESPONSIBILITIES: Columns = (
    ("责任单位", 22, _unit),
    ("责任人", 14, lambda m: m.responsible or "未填"),
    ("措施标题", 44, lambda m: m.heading),
    ("状态", 10, lambda m: m.get_state_display()),
    ("整改时限", 12, lambda m: m.due or "未定"),
)
DATES: Columns = (
    ("整改时限", 12, lambda m: m.due or "未定"),
    ("原定时限", 12, lambda m: m.original_due),
    ("时限情况", 10, _light),
    ("责任单位", 22, _unit),
    ("措施标题", 44, lambda m: m.heading),
    ("责任人", 14, lambda m: m.responsible or "未填"),
    ("销号日期", 12, lambda m: m.closed_on),
)
CLOSED: Columns = (
    ("责任单位", 22, _unit),
    ("措施标题", 40, lambda m: m.heading),
    ("领域", 12, _domain),
    ("责任人", 14, lambda m: m.responsible or "未填"),
    ("整改时限", 12, lambda m: m.due or "未定"),
    ("销号日期", 12, lambda m: m.closed_on),
    ("申请人", 10, _person("applied_by")),
    ("核验人", 10, _person("verified_by")),
    ("审批人", 10, _person("approved_by")),
    ("出台制度", 30, lambda m: "".join(f"《{name}》" for name in m.documents)),
)


def four_lists(items: Iterable[RiskItem], measures: Sequence[Measure], notes: Notes) -> bytes:
    """One sheet a list. Wants unit and domain selected, the links prefetched, and a light on each measure."""

    def by_person(m: Measure) -> tuple[Any, ...]:
        return m.unit.order, m.unit_id, not m.responsible, m.responsible, m.pk

    def by_due(m: Measure) -> tuple[Any, ...]:
        return m.due is None, m.due or date.max, m.unit.order, m.pk

    return _workbook(
        [
            ("问题清单", PROBLEMS, items),
            ("措施清单", MEASURES, measures),
            ("责任清单", RESPONSIBILITIES, sorted(measures, key=by_person)),
            ("时限清单", DATES, sorted(measures, key=by_due)),
        ],
        notes,
    )


def closing_list(measures: Sequence[Measure], notes: Notes) -> bytes:
    """The closed ones with who applied, verified and approved. Wants the people selected too."""
    return _workbook([("销号台账", CLOSED, measures)], notes)


def _workbook(sheets: Sequence[tuple[str, Columns, Iterable[Any]]], notes: Notes) -> bytes:
    content = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    book = xlsxwriter.Workbook(content, options)
    for title, columns, rows in sheets:
        _sheet(book, title, columns, rows)
    said = book.add_worksheet("说明")
    said.set_column(1, 1, 90)
    for number, (label, text) in enumerate(notes):
        said.write_string(number, 0, label)
        said.write_string(number, 1, text)
    book.close()
    return content.getvalue()


def _sheet(book: Any, title: str, columns: Columns, rows: Iterable[Any]) -> None:
    sheet = book.add_worksheet(title)
    frame = {"border": 1, "text_wrap": True}
    head = book.add_format({**frame, "bold": True, "bg_color": "#E8EEF4", "valign": "vcenter"})
    cell = book.add_format({**frame, "valign": "top"})
    day = book.add_format({**frame, "valign": "top", "num_format": "yyyy-mm-dd"})
    sheet.set_column(0, 0, 6)
    sheet.write_string(0, 0, "序号", head)
    for place, (label, width, _) in enumerate(columns, 1):
        sheet.set_column(place, place, width)
        sheet.write_string(0, place, label, head)
    for number, row in enumerate(rows, 1):
        sheet.write_number(number, 0, number, cell)
        for place, (_, _, value_of) in enumerate(columns, 1):
            value = value_of(row)
            if isinstance(value, date):
                sheet.write_datetime(number, place, value, day)
            elif isinstance(value, int):
                sheet.write_number(number, place, value, cell)
            else:
                sheet.write_string(number, place, value or "", cell)
    sheet.freeze_panes(1, 2)
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(0)
    sheet.set_footer("&C第 &P 页，共 &N 页")
