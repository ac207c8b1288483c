"""Columns of the list of units."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any, Protocol

import django_tables2 as tables
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from reports.statistics import Overview, UnitRow
from riskregistry.enums import RiskKind
from riskregistry.lights import Light

NUMBER = {"td": {"class": "num"}, "th": {"class": "num"}}


class ListLinks(Protocol):
    def items(self, **filters: Any) -> str: ...

    def measures(self, **filters: Any) -> str: ...


@dataclass(frozen=True)
class UnitLine:
    """One unit as the list sorts it: `place` is the official order, -1 stands for 未报送 or no rate."""

    row: UnitRow
    place: int
    name: str
    taking_part: bool
    study_held_on: date | None
    studied: str
    post: int
    point: int
    link: int
    measures: int
    closed: int
    rate: float
    overdue: int


def unit_lines(counted: Overview) -> list[UnitLine]:
    """In the official order."""
    return [_line(place, row) for place, row in enumerate(counted.units)]


def _line(place: int, row: UnitRow) -> UnitLine:
    found = {kind: row.found(kind) for kind in RiskKind}
    sortable = {kind: -1 if count is None else count for kind, count in found.items()}
    rate = row.measures.closing_rate
    return UnitLine(
        row=row,
        place=place,
        name=row.name,
        taking_part=row.taking_part,
        study_held_on=row.study_held_on,
        studied=row.study_held_on.isoformat() if row.study_held_on else "",
        post=sortable[RiskKind.POST],
        point=sortable[RiskKind.POINT],
        link=sortable[RiskKind.LINK],
        measures=row.measures.total,
        closed=row.measures.closed,
        rate=-1 if rate is None else rate,
        overdue=row.measures.overdue,
    )


class UnitTable(tables.Table):  # type: ignore[misc]
    place = tables.Column("排序", empty_values=(), attrs=NUMBER)
    name = tables.Column("单位", attrs={"td": {"class": "wrap"}})
    taking_part = tables.Column("参加本次行动")
    studied = tables.Column("专题会议", empty_values=())
    post = tables.Column("风险岗位", attrs=NUMBER)
    point = tables.Column("风险点", attrs=NUMBER)
    link = tables.Column("关键环节", attrs=NUMBER)
    measures = tables.Column("整改措施", attrs=NUMBER)
    closed = tables.Column("已销号", attrs=NUMBER)
    rate = tables.Column("完成率", attrs=NUMBER)
    overdue = tables.Column("逾期", attrs=NUMBER)

    class Meta:
        order_by_field = "sort"
        empty_text = "没有可查看的单位"

    def __init__(self, lines: list[UnitLine], *, may_manage: bool, links: ListLinks) -> None:
        self.may_manage = may_manage
        self.links = links
        super().__init__(lines)

    def render_place(self, value: int) -> int:
        return value + 1

    def render_name(self, record: UnitLine) -> SafeString:
        name = format_html('<a href="{}">{}</a>', reverse("reports:unit", args=[record.row.pk]), record.name)
        if record.row.confirmed:
            return name
        mark = render_to_string(
            "reports/_unconfirmed.html", {"unit": record.row, "may_manage": self.may_manage}, self.request
        )
        return format_html("{} {}", name, mark)

    def render_taking_part(self, value: bool) -> str:
        return "是" if value else "否"

    def render_studied(self, value: str) -> str:
        return value or "—"

    def render_post(self, record: UnitLine) -> object:
        return self._items(record, RiskKind.POST)

    def render_point(self, record: UnitLine) -> object:
        return self._items(record, RiskKind.POINT)

    def render_link(self, record: UnitLine) -> object:
        return self._items(record, RiskKind.LINK)

    def _items(self, record: UnitLine, kind: RiskKind) -> object:
        found = record.row.found(kind)
        if found is None:
            return "未报送" if record.taking_part else "—"
        return _linked(found, self.links.items(unit=record.row, kind=kind))

    def render_measures(self, record: UnitLine, value: int) -> object:
        return _linked(value, self.links.measures(unit=record.row))

    def render_rate(self, value: float) -> str:
        return "—" if value < 0 else f"{value}%"

    def render_overdue(self, record: UnitLine, value: int) -> object:
        address = self.links.measures(unit=record.row, light=Light.OVERDUE)
        return format_html('<a class="late" href="{}">{}</a>', address, value) if value else 0


def _linked(count: int, address: str) -> object:
    return format_html('<a href="{}">{}</a>', address, count) if count else 0
