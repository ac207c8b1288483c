"""What a briefing is made from: counted once, stored whole, so that it can be laid out again for ever."""

from __future__ import annotations

import hashlib
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

import msgspec

from reports.statistics import Overview, overview
from reports.statistics.measure_lines import MeasureLine, measure_lines, measure_rows
from reports.statistics.narrowing import narrowed
from reports.statistics.register import Register

if TYPE_CHECKING:
    from accounts.permissions import AnyUser
    from riskregistry.models import Campaign

# Beyond this many measures a briefing holds none: ledgers are then written row by row, as a workbook only.
MOST_LINES = 5_000


@dataclass(frozen=True)
class Basis:
    """`before`: the numbers compared with. `lines`: every measure, or none where `whole` is False."""

    counted: Overview
    before: Overview | None
    started_on: date | None
    next_steps: tuple[tuple[str, str], ...]
    lines: tuple[MeasureLine, ...]
    whole: bool
    made_at: datetime
    made_by: str


def gather(
    user: AnyUser | None,
    campaign: Campaign,
    as_of: date | None,
    *,
    units: Collection[int] | None = None,
    compare_to: date | None = None,
    made_at: datetime,
) -> Basis:
    """Count all that a briefing may say, in the person's scope.

    Raises ValidationError (Chinese) for a day to come.
    """
    counted = overview(user, campaign, as_of, listed=None)
    before = overview(user, campaign, compare_to, listed=0) if compare_to else None
    if units is not None:
        counted = narrowed(counted, units)
        before = narrowed(before, units) if before else None
    register = Register.at(user, campaign, as_of)
    whole = measure_rows(register, units).count() <= MOST_LINES
    lines = tuple(measure_lines(register, counted.due_soon_days, units)) if whole else ()
    return Basis(
        counted=counted,
        before=before,
        started_on=campaign.started_on,
        next_steps=tuple((step["heading"], step.get("text", "")) for step in campaign.next_steps),
        lines=lines,
        whole=whole,
        made_at=made_at,
        made_by=user.name if user is not None and user.is_authenticated else "系统",
    )


def to_json(basis: Basis) -> Any:
    """Plain lists and dictionaries, to be stored."""
    return msgspec.to_builtins(basis)


def from_json(stored: Any) -> Basis:
    return msgspec.convert(stored, Basis)


def digest(basis: Basis) -> str:
    """What tells one set of numbers from another: SHA-256 over all but who made it and when."""
    content = msgspec.to_builtins(basis)
    for key in ("made_at", "made_by"):
        content.pop(key)
    return hashlib.sha256(msgspec.json.encode(content, order="sorted")).hexdigest()
