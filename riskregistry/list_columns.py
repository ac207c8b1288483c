"""What the lists can show and export of a risk and of a measure, column by column."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime

from django.utils import timezone

from riskregistry.enums import MeasureState, RiskCategory, RiskKind, RiskLevel, Theme
from riskregistry.exports import ExportColumn
from riskregistry.lights import light

UNASSIGNED = "未归领域"


def _label(choices: Iterable[tuple[str, str]]) -> dict[str, str]:
    return {"": "", **dict(choices)}


def _domain(name: str | None) -> str:
    return name or UNASSIGNED


def _day(at: datetime) -> date:
    return timezone.localtime(at).date()


def risk_columns() -> dict[str, ExportColumn]:
    """By the table's column names, in its order."""
    kinds, levels = _label(RiskKind.choices), _label(RiskLevel.choices)
    categories = _label(RiskCategory.choices)
    return {
        "name": ExportColumn("名称", 36, ("name",)),
        "kind": ExportColumn("种类", 10, ("kind",), kinds.__getitem__),
        "unit": ExportColumn("单位", 24, ("unit__name",)),
        "domain": ExportColumn("领域", 12, ("domain__name",), _domain),
        "level": ExportColumn("风险等级", 9, ("level",), levels.__getitem__),
        "category": ExportColumn("风险类别", 12, ("category",), categories.__getitem__),
        "post": ExportColumn("所属岗位", 20, ("post__name",)),
        "responsible": ExportColumn("责任人", 12, ("responsible",)),
        "description": ExportColumn("表现形式", 44, ("description",)),
        "matter": ExportColumn("职权事项", 24, ("matter",)),
        "responsible_second": ExportColumn("分管领导", 12, ("responsible_second",)),
        "responsible_third": ExportColumn("主要领导", 12, ("responsible_third",)),
        "created_at": ExportColumn("录入日期", 11, ("created_at",), _day),
    }


def measure_columns(today: date, soon_days: int) -> dict[str, ExportColumn]:
    """By the table's column names, in its order."""
    themes, states = _label(Theme.choices), _label(MeasureState.choices)

    def light_of(state: str, due: date | None) -> str:
        shown = light(state, due, today, soon_days)
        return shown.label if shown else ""

    def unit_of(name: str, and_others: bool) -> str:
        return f"{name}等单位" if and_others else name

    def documents_of(names: list[str]) -> str:
        return "".join(f"《{name}》" for name in names)

    return {
        "heading": ExportColumn("措施标题", 36, ("heading",)),
        "unit": ExportColumn("责任单位", 24, ("unit__name", "and_others"), unit_of),
        "domain": ExportColumn("领域", 12, ("domain__name",), _domain),
        "theme": ExportColumn("主题", 9, ("theme",), themes.__getitem__),
        "state": ExportColumn("状态", 10, ("state",), states.__getitem__),
        "light": ExportColumn("时限情况", 10, ("state", "due"), light_of),
        "due": ExportColumn("整改时限", 11, ("due",)),
        "percent": ExportColumn("进度（%）", 8, ("percent",)),
        "responsible": ExportColumn("责任人", 12, ("responsible",)),
        "text": ExportColumn("措施内容", 60, ("text",)),
        "start": ExportColumn("开始日期", 11, ("start",)),
        "original_due": ExportColumn("原定时限", 11, ("original_due",)),
        "closed_on": ExportColumn("销号日期", 11, ("closed_on",)),
        "documents": ExportColumn("出台制度", 30, ("documents",), documents_of),
    }
