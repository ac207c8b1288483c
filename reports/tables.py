"""Columns of the list of reports."""

from __future__ import annotations

import django_tables2 as tables
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from reports.enums import ReportState
from reports.models import Report

STATE_LOOK = {
    ReportState.FAILED: "light light-overdue",
    ReportState.ACCEPTED: "state state-closed",
    ReportState.TO_REVIEW: "light light-soon",
}


class ReportTable(tables.Table):  # type: ignore[misc]
    title = tables.Column(
        "报告", order_by=("title", "original_name"), empty_values=(), attrs={"td": {"class": "wrap"}}
    )
    unit = tables.Column("谁的报告", order_by=("unit__order",), empty_values=())
    as_of = tables.DateColumn(verbose_name="数据截至", format="Y-m-d", default="未列明")
    state = tables.Column("状态")
    uploaded_at = tables.DateTimeColumn(verbose_name="上传时间", format="Y-m-d H:i")
    uploaded_by = tables.Column("上传人", accessor="uploaded_by__name")

    class Meta:
        model = Report
        fields = ("title", "unit", "as_of", "state", "uploaded_at", "uploaded_by")
        order_by = "-uploaded_at"
        order_by_field = "sort"
        empty_text = "没有符合条件的报告"

    def render_title(self, record: Report) -> SafeString:
        return format_html('<a href="{}">{}</a>', reverse("reports:report", args=[record.pk]), record)

    def render_unit(self, record: Report) -> str:
        return record.owner_label

    def render_state(self, record: Report) -> SafeString:
        look = STATE_LOOK.get(ReportState(record.state), "state")
        return format_html('<span class="{}">{}</span>', look, record.get_state_display())
