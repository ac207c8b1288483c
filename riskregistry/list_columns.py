"""What the lists can show and export of a risk and of a measure, column by column."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.utils import timezone

from riskregistry.exports import ExportColumn
from riskregistry.lights import light

UNASSIGNED = "未归领域"


def risk_columns() -> dict[str, ExportColumn]:
    """By the table's column names, in its order. Rows need unit, domain and post selected."""
    return {
        "name": ExportColumn("名称", 36, lambda row: row.name),
        "kind": ExportColumn("种类", 10, lambda row: row.get_kind_display()),
        "unit": ExportColumn("单位", 24, lambda row: row.unit.name),
        "domain": ExportColumn("领域", 12, lambda row: row.domain.name if row.domain else UNASSIGNED),
        "level": ExportColumn("风险等级", 9, lambda row: row.get_level_display()),
        "category": ExportColumn("风险类别", 12, lambda row: row.get_category_display()),
        "post": ExportColumn("所属岗位", 20, lambda row: row.post.name if row.post else ""),
        "responsible": ExportColumn("责任人", 12, lambda row: row.responsible),
        "description": ExportColumn("表现形式", 44, lambda row: row.description),
        "matter": ExportColumn("职权事项", 24, lambda row: row.matter),
        "responsible_second": ExportColumn("分管领导", 12, lambda row: row.responsible_second),
        "responsible_third": ExportColumn("主要领导", 12, lambda row: row.responsible_third),
        "created_at": ExportColumn("录入日期", 11, lambda row: timezone.localtime(row.created_at).date()),
    }


def measure_columns(today: date, soon_days: int) -> dict[str, ExportColumn]:
    """By the table's column names, in its order. Rows need unit and domain selected."""

    def light_of(row: Any) -> str:
        shown = light(row.state, row.due, today, soon_days)
        return shown.label if shown else ""

    return {
        "heading": ExportColumn("措施标题", 36, lambda row: row.heading),
        "unit": ExportColumn(
            "责任单位", 24, lambda row: row.unit.name + ("等单位" if row.and_others else "")
        ),
        "domain": ExportColumn("领域", 12, lambda row: row.domain.name if row.domain else UNASSIGNED),
        "theme": ExportColumn("主题", 9, lambda row: row.get_theme_display()),
        "state": ExportColumn("状态", 10, lambda row: row.get_state_display()),
        "light": ExportColumn("时限情况", 10, light_of),
        "due": ExportColumn("整改时限", 11, lambda row: row.due),
        "percent": ExportColumn("进度（%）", 8, lambda row: row.percent),
        "responsible": ExportColumn("责任人", 12, lambda row: row.responsible),
        "text": ExportColumn("措施内容", 60, lambda row: row.text),
        "start": ExportColumn("开始日期", 11, lambda row: row.start),
        "original_due": ExportColumn("原定时限", 11, lambda row: row.original_due),
        "closed_on": ExportColumn("销号日期", 11, lambda row: row.closed_on),
        "documents": ExportColumn(
            "出台制度", 30, lambda row: "".join(f"《{name}》" for name in row.documents)
        ),
    }
