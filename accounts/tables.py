"""The audit trail as a table."""

from __future__ import annotations

from typing import Any

import django_tables2 as tables

from accounts.models import AuditEvent

# Names of details that are written by code, as the auditor reads them.
DETAIL_LABELS = {
    "source": "原单位编号",
    "source_name": "原单位",
    "sha256": "文件校验值",
    "size": "大小（字节）",
    "refused": "未接收原因",
    "error": "出错原因",
    "figures": "数字个数",
    "scale": "规模",
    "fact": "事实",
    "decision": "审核结果",
    "corrected": "更正为",
    "message": "不符情况",
    "explanation": "核实情况",
    "count": "项数",
    "reason": "原因",
    "kept": "予以保留",
}


def shown_detail(detail: dict[str, Any]) -> str:
    """Details as one line: 名称：值；名称：值."""
    return "；".join(f"{DETAIL_LABELS.get(key, key)}：{_shown(value)}" for key, value in detail.items())


def _shown(value: Any) -> str:
    if isinstance(value, list):
        return "、".join(_shown(part) for part in value)
    if isinstance(value, bool):
        return "是" if value else "否"
    return "（空）" if value in ("", None) else str(value)


class AuditTable(tables.Table):  # type: ignore[misc]
    sequence = tables.Column(attrs={"td": {"class": "num"}, "th": {"class": "num"}})
    at = tables.DateTimeColumn(format="Y-m-d H:i:s", attrs={"td": {"class": "text-nowrap"}})
    person = tables.Column(accessor="actor_username", verbose_name="用户", empty_values=())
    actor_role = tables.Column(verbose_name="角色")
    detail = tables.Column(orderable=False, attrs={"td": {"class": "wrap"}})

    class Meta:
        model = AuditEvent
        fields = (
            "sequence",
            "at",
            "person",
            "actor_role",
            "action",
            "target_label",
            "result",
            "ip",
            "detail",
        )
        empty_text = "没有符合条件的记录"
        order_by = "-sequence"

    def render_person(self, record: AuditEvent) -> str:
        if not record.actor_name:
            return record.actor_username or "系统"
        return f"{record.actor_name}（{record.actor_username}）"

    def render_detail(self, value: dict[str, Any]) -> str:
        return shown_detail(value) or "—"
