"""Changing many risks at once: level, domain, post or campaign; what would change is shown before."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from simple_history.utils import bulk_update_with_history

from accounts import audit
from accounts.models import Unit, User
from riskregistry.enums import RiskKind, RiskLevel, SubmissionItem
from riskregistry.models import Campaign, Domain, Participation, RiskItem, RiskItemQuerySet
from riskregistry.submissions import drop_declarations, record_late_change

BATCH = 500
MOST = 20_000
FIELDS = {"level": "风险等级", "domain": "领域", "post": "所属岗位", "campaign": "专项行动"}
NOTHING = "（空）"


@dataclass(frozen=True)
class Change:
    """One row of the preview; `refused` says why the row cannot be changed."""

    item: RiskItem
    old: str
    new: str
    refused: str = ""


@dataclass(frozen=True)
class Preview:
    field: str
    value: str
    changes: tuple[Change, ...]
    refused: tuple[Change, ...]
    same: int

    @property
    def label(self) -> str:
        return FIELDS[self.field]

    def digest(self) -> str:
        rows = [(change.item.pk, change.item.updated_at.isoformat(), change.new) for change in self.changes]
        return hashlib.sha256(repr((self.field, self.value, rows)).encode()).hexdigest()


def target_of(field: str, value: str, user: User) -> Any:
    """What the rows are to be given: a level, or a row of ours (None for none).

    Raises ValidationError (Chinese).
    """
    if field == "level":
        if value not in {"", *RiskLevel.values}:
            raise ValidationError("没有这个等级")
        return value
    if field not in FIELDS:
        raise ValidationError("请选择要改的内容")
    if not value:
        if field == "campaign":
            raise ValidationError("请选择专项行动")
        return None
    rows: Any = {
        "domain": Domain.objects.visible_to(user),
        "post": RiskItem.objects.visible_to(user).current().filter(kind=RiskKind.POST),
        "campaign": Campaign.objects.visible_to(user),
    }[field]
    found = rows.filter(pk=value).first() if value.isdigit() else None
    if found is None:
        raise ValidationError(f"所选的{FIELDS[field]}不存在，或不在您的范围内")
    return found


def preview(rows: RiskItemQuerySet, field: str, value: str, user: User) -> Preview:
    """What would change. Raises ValidationError (Chinese)."""
    target = target_of(field, value, user)
    items = list(rows.select_related("unit", "domain", "post", "campaign").order_by("pk")[: MOST + 1])
    if len(items) > MOST:
        raise ValidationError(f"一次最多改 {MOST} 条，请先筛选")
    chosen = {item.pk for item in items}
    changes: list[Change] = []
    refused: list[Change] = []
    same = 0
    for item in items:
        old, new = _words(field, getattr(item, field)), _words(field, target)
        if getattr(item, field) == target:
            same += 1
            continue
        why = _refusal(item, field, target, chosen)
        (refused if why else changes).append(Change(item, old, new, why))
    return Preview(field, value, tuple(changes), tuple(refused), same)


def _words(field: str, value: Any) -> str:
    if field == "level" and value:
        return RiskLevel(value).label
    return str(value or NOTHING)


def _refusal(item: RiskItem, field: str, target: Any, chosen: set[int]) -> str:
    """Why the item cannot be given the target; "" where it can."""
    if field == "post" and target is not None:
        if item.kind == RiskKind.POST:
            return "风险岗位不能再属于另一个岗位"
        if (item.unit_id, item.campaign_id) != (target.unit_id, target.campaign_id):
            return "不是同一单位、同一专项行动的岗位"
    if field == "campaign":
        if item.post_id and item.post_id not in chosen:
            return "它所属的岗位没有一起选中"
        if item.kind == RiskKind.POST and set(item.items.values_list("pk", flat=True)) - chosen:
            return "岗位下面的风险没有一起选中"
        if item.measures.exists():
            return "已有措施，措施属于原来的专项行动"
    return ""


@transaction.atomic
def carry_out(
    rows: RiskItemQuerySet, field: str, value: str, *, actor: User, digest: str, reason: str = ""
) -> int | None:
    """Change what the preview of `digest` showed, all of it or nothing; returns how many.

    None where the rows are others by now: to be looked at again. Raises ValidationError (Chinese).
    """
    list(rows.order_by("pk").select_for_update(of=("self",)).values_list("pk", flat=True))
    found = preview(rows, field, value, actor)
    if found.digest() != digest:
        return None
    target, now = target_of(field, value, actor), timezone.now()
    items = [change.item for change in found.changes]
    _say_why(items, found, actor, reason)
    for item in items:
        setattr(item, field, target)
        item.updated_at = now
        if field == "level":
            item.level_as_written = ""
    fields = [field, "updated_at", *(["level_as_written"] if field == "level" else [])]
    bulk_update_with_history(
        items, RiskItem, fields, batch_size=BATCH, default_user=actor, default_change_reason="批量修改"
    )
    for unit, campaign in {(item.unit, item.campaign) for item in items}:
        Participation.objects.get_or_create(unit=unit, campaign=campaign)
        own = [item for item in items if (item.unit, item.campaign) == (unit, campaign)]
        drop_declarations(unit, campaign, {(item.kind, item.domain_id) for item in own})
    detail = {"field": found.label, "count": len(items), "value": _words(field, target)}
    audit.record(actor, "批量修改风险", detail=detail)
    return len(items)


def _say_why(items: list[RiskItem], found: Preview, actor: User, reason: str) -> None:
    by_unit: dict[tuple[Unit, Campaign], int] = {}
    for item in items:
        by_unit[item.unit, item.campaign] = by_unit.get((item.unit, item.campaign), 0) + 1
    for (unit, campaign), count in by_unit.items():
        record_late_change(
            unit,
            campaign,
            SubmissionItem.RISK_LEDGER,
            actor=actor,
            reason=reason,
            summary=f"批量修改 {count} 条的{found.label}",
        )
