"""Measures over time: how many there were, closed and late at each month's end, and how long closing took.

Every point is counted from what was recorded at that day's end, so that a past month reads the same for ever.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from statistics import median
from typing import TYPE_CHECKING, Any

from django.db.models import Count, Q
from django.utils import timezone

from accounts.models import Unit
from reports.statistics.register import Register
from reports.statistics.shapes import UNASSIGNED, percentage
from riskregistry.enums import MeasureState, Theme
from riskregistry.lights import Light, light_q
from riskregistry.models import Campaign, Domain, Measure

if TYPE_CHECKING:
    from accounts.permissions import AnyUser

MONTHS = 12
GROUPS = {"unit": "单位", "domain": "领域", "theme": "主题"}
DEFINITIONS = {
    "opened": "当月录入的整改措施条数，已取消的不计",
    "closed": "当月销号的整改措施条数，以截至日记录的销号日期为准",
    "total": "截至当日登记的整改措施条数，已取消的不计",
    "overdue": "截至当日，未销号且整改时限早于当日的条数",
    "rate": "已销号 ÷ 整改措施，长期坚持的不算完成",
    "rate_with_long_term": "（已销号 + 长期坚持）÷ 整改措施",
    "days": "已销号措施从录入到销号的天数，取中位数",
}


@dataclass(frozen=True)
class Tally:
    """Counts of measures at one day's end. `days`: the median from entry to closing; None: none closed."""

    total: int
    closed: int
    long_term: int
    overdue: int
    days: float | None = None

    @property
    def rate(self) -> float | None:
        return percentage(self.closed, self.total)

    @property
    def rate_with_long_term(self) -> float | None:
        return percentage(self.closed + self.long_term, self.total)


@dataclass(frozen=True)
class Point:
    """One month: where things stood at its end (today, for the running one), and what happened in it."""

    day: date
    tally: Tally
    opened: int
    newly_closed: int


@dataclass(frozen=True)
class Line:
    """One unit, domain or theme at the day asked for."""

    name: str
    tally: Tally


@dataclass(frozen=True)
class Trends:
    as_of: date
    points: tuple[Point, ...]
    by: str
    lines: tuple[Line, ...]
    whole: Tally


def trends(
    user: AnyUser | None,
    campaign: Campaign,
    as_of: date | None = None,
    *,
    by: str = "unit",
    months: int = MONTHS,
) -> Trends:
    """The last `months` months up to `as_of` (None: today), and that day's standing by `by` of GROUPS.

    Raises ValidationError (Chinese) for a day to come.
    """
    register = Register.at(user, campaign, as_of)
    days = [day for day in _month_ends(register.day, months) if _began(campaign, day)]
    points = tuple(_point(user, campaign, day) for day in days)
    return Trends(register.day, points, by, _lines(register, by), _tally(register, _measures(register)))


def _began(campaign: Campaign, day: date) -> bool:
    begun = campaign.started_on or timezone.localtime(campaign.created_at).date()
    return day >= begun


def _month_ends(last: date, months: int) -> list[date]:
    """The ends of the months before `last`, then `last` itself."""
    days, day = [last], last
    for _ in range(months - 1):
        day = day.replace(day=1) - timedelta(days=1)
        days.append(day)
    return sorted(days)


def _measures(register: Register) -> Any:
    return register.scoped(Measure).exclude(state=MeasureState.CANCELLED)


def _counts(day: date) -> dict[str, Count]:
    return {
        "total": Count("id"),
        "closed": Count("id", filter=Q(state=MeasureState.CLOSED)),
        "long_term": Count("id", filter=Q(state=MeasureState.LONG_TERM)),
        # The light of a day needs no look ahead: what is late is late whatever counts as near.
        "overdue": Count("id", filter=light_q(Light.OVERDUE, day, 0)),
    }


def _tally(register: Register, rows: Any) -> Tally:
    counted = rows.aggregate(**_counts(register.day))
    return Tally(**counted, days=_median(_spans(rows)))


def _spans(rows: Any) -> list[int]:
    closed = rows.filter(state=MeasureState.CLOSED).values_list("created_at", "closed_on")
    return [_days(created, closed_on) for created, closed_on in closed]


def _days(created: Any, closed_on: date) -> int:
    return max((closed_on - timezone.localtime(created).date()).days, 0)


def _median(days: list[int]) -> float | None:
    return float(median(days)) if days else None


def _point(user: AnyUser | None, campaign: Campaign, day: date) -> Point:
    register = Register.at(user, campaign, day)
    rows, first = _measures(register), day.replace(day=1)
    begin = datetime.combine(first, time.min, timezone.get_default_timezone())
    opened = Count("id", filter=Q(created_at__gte=begin, created_at__lt=register.end))
    newly = Count("id", filter=Q(state=MeasureState.CLOSED, closed_on__gte=first, closed_on__lte=day))
    counted = rows.aggregate(**_counts(day), opened=opened, newly=newly)
    happened = counted.pop("opened"), counted.pop("newly")
    return Point(day, Tally(**counted), *happened)


def _lines(register: Register, by: str) -> tuple[Line, ...]:
    """Of each unit, domain or theme with any measure, in the official order."""
    column = "theme" if by == "theme" else f"{by}_id"
    rows = _measures(register)
    spans: dict[Any, list[int]] = defaultdict(list)
    closed = rows.filter(state=MeasureState.CLOSED).values_list(column, "created_at", "closed_on")
    for key, created, closed_on in closed:
        spans[key].append(_days(created, closed_on))
    counted = {
        row.pop(column): row for row in rows.values(column).annotate(**_counts(register.day)).order_by()
    }
    return tuple(
        Line(name, Tally(**counted[key], days=_median(spans[key])))
        for key, name in _names(by)
        if key in counted
    )


def _names(by: str) -> list[tuple[Any, str]]:
    if by == "theme":
        return list(Theme.choices)
    if by == "domain":
        return [*Domain.objects.values_list("pk", "name"), (None, UNASSIGNED)]
    return list(Unit.objects.values_list("pk", "name"))
