"""Writing what a person entered: lock, see whether somebody else was there, save, say why, audit."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from accounts import audit
from accounts.models import User
from riskregistry.enums import SubmissionItem
from riskregistry.models import Measure, RiskItem
from riskregistry.submissions import drop_declarations, record_late_change


class MetSomebodyError(Exception):
    """The row was changed since the form was opened; `now` is how it stands."""

    def __init__(self, now: RiskItem | Measure) -> None:
        super().__init__(now.pk)
        self.now = now


def save_risk(item: RiskItem, *, actor: User, seen: Any = None, reason: str = "", act: str = "") -> RiskItem:
    """Save a new or changed item. `seen`: its `updated_at` when the form was opened.

    Raises MetSomebodyError, ValidationError (a reason is missing).
    """
    new = item.pk is None
    with transaction.atomic():
        if not new:
            now = RiskItem.objects.select_for_update().get(pk=item.pk)
            if seen is not None and now.updated_at != seen:
                raise MetSomebodyError(now)
        _say_why(item, SubmissionItem.RISK_LEDGER, actor, reason, act or ("新增" if new else "修改"))
        item._history_user = actor  # type: ignore[attr-defined]
        item.save()
        drop_declarations(item.unit, item.campaign, {(item.kind, item.domain_id)})
        audit.record(actor, f"{act or ('新增' if new else '修改')}风险", item)
    return item


def save_measure(
    measure: Measure, *, actor: User, co_units: Iterable[Any], risk_items: Iterable[Any], version: int | None,
    reason: str = "",
) -> Measure:  # fmt: skip
    """Save a new or changed measure with its links; raises as `save_risk` does."""
    new = measure.pk is None
    with transaction.atomic():
        if not new:
            now = Measure.objects.select_for_update().get(pk=measure.pk)
            if version is not None and now.version != version:
                raise MetSomebodyError(now)
            measure.version = now.version + 1
        _say_why(measure, SubmissionItem.MEASURES, actor, reason, "新增" if new else "修改")
        measure._history_user = actor  # type: ignore[attr-defined]
        measure.save()
        measure.co_units.set(co_units)
        measure.risk_items.set(risk_items)
        audit.record(actor, "新增措施" if new else "修改措施", measure)
    return measure


def _say_why(row: RiskItem | Measure, item: SubmissionItem, actor: User, reason: str, act: str) -> None:
    record_late_change(row.unit, row.campaign, item, actor=actor, reason=reason, summary=f"{act}：{row}")


def withdraw(item: RiskItem, *, why: str, actor: User, reason: str = "") -> RiskItem:
    """Take an item out of every count; it stays with its reason. Raises ValidationError (Chinese)."""
    if not why.strip():
        raise ValidationError("撤回须写明原因")
    if item.withdrawn_at is not None:
        raise ValidationError("这条风险已经撤回")
    held = item.items.filter(withdrawn_at=None).count()
    if held:
        raise ValidationError(f"这个岗位下还有 {held} 条风险，请先撤回它们，或改到别的岗位")
    item.withdrawn_at, item.withdrawn_reason = timezone.now(), why.strip()[:200]
    return save_risk(item, actor=actor, reason=reason or why, act="撤回")


def restore(item: RiskItem, *, actor: User, reason: str = "") -> RiskItem:
    """Count an item again. Raises ValidationError (Chinese)."""
    if item.withdrawn_at is None:
        raise ValidationError("这条风险没有撤回")
    if item.post is not None and item.post.withdrawn_at is not None:
        raise ValidationError("它所属的岗位已经撤回，请先恢复岗位")
    item.withdrawn_at, item.withdrawn_reason = None, ""
    return save_risk(item, actor=actor, reason=reason or "恢复", act="恢复")
