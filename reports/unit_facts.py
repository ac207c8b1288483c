"""What a unit's page tells besides numbers: what is missing, what changed lately, the newest evidence."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Q
from django.urls import reverse

from accounts.models import Unit, User
from riskregistry import submissions
from riskregistry.enums import MeasureState
from riskregistry.models import Campaign, Evidence, Measure, RiskItem

LISTED = 15
# What a row of history is, in words.
ACTS = {"+": "新增", "~": "修改", "-": "删除"}
UNFINISHED = (MeasureState.NOT_STARTED, MeasureState.IN_PROGRESS)


@dataclass(frozen=True)
class Changed:
    at: datetime
    who: str
    what: str
    name: str
    path: str


def missing(user: User, campaign: Campaign, unit: Unit) -> list[tuple[str, str]]:
    """(what is missing, where to mend it): what is due, and what measures lack before they can be closed."""
    return [*_due(user, campaign, unit), *_lacking(user, campaign, unit)]


def _due(user: User, campaign: Campaign, unit: Unit) -> Iterator[tuple[str, str]]:
    board_path = f"{reverse('reports:submissions')}?campaign={campaign.pk}"
    for row in submissions.board(user, campaign).rows:
        if row.participation.unit_id == unit.pk:
            for cell in row.cells:
                if not cell.done:
                    late = f"，逾期 {cell.days_late} 天" if cell.days_late else ""
                    yield f"{cell.item.label}：{cell.state_label}{late}", board_path


def _lacking(user: User, campaign: Campaign, unit: Unit) -> Iterator[tuple[str, str]]:
    rows = Measure.objects.visible_to(user).filter(campaign=campaign, unit=unit, state__in=UNFINISHED)
    path = f"{reverse('riskregistry:measure_list')}?campaign={campaign.pk}&unit={unit.pk}"
    for lacks, condition in (
        ("没有整改时限", Q(due=None)),
        ("没有责任人", Q(responsible="")),
        ("没有措施内容", Q(text="")),
    ):
        if count := rows.filter(condition).count():
            yield f"{count} 项措施{lacks}", path
    items = RiskItem.objects.visible_to(user).current().filter(campaign=campaign, unit=unit)
    if count := items.filter(measures=None).count():
        items_path = f"{reverse('riskregistry:risk_list')}?campaign={campaign.pk}&unit={unit.pk}&answered=no"
        yield f"{count} 条风险没有措施", items_path


def newest_evidence(user: User, campaign: Campaign, unit: Unit) -> list[Evidence]:
    rows = Evidence.objects.visible_to(user).filter(measure__campaign=campaign, measure__unit=unit)
    return list(rows.select_related("measure").order_by("-uploaded_at", "-pk")[:LISTED])


def changed_lately(campaign: Campaign, unit: Unit) -> list[Changed]:
    """The newest changes of the unit's risks and measures. For who sees the unit."""
    found: list[Changed] = []
    places: tuple[tuple[Any, str, str], ...] = (
        (RiskItem, "name", "riskregistry:risk"),
        (Measure, "heading", "riskregistry:measure"),
    )
    for model, field, page in places:
        rows = model.history.filter(campaign=campaign, unit=unit).select_related("history_user")
        for row in rows.order_by("-history_date", "-history_id")[:LISTED]:
            who = row.history_user.name if row.history_user else "系统"
            what = row.history_change_reason or ACTS[row.history_type]
            path = "" if row.history_type == "-" else reverse(page, args=[row.id])
            found.append(Changed(row.history_date, who, what, getattr(row, field), path))
    return sorted(found, key=lambda line: line.at, reverse=True)[:LISTED]
