"""The light of a measure: late, nearly late, on its way or done. Computed from dates, never stored.

`light` says it of one measure, `light_q` finds the measures of one light; a test holds the two together.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from django.db import models
from django.db.models import Q

from accounts.preferences import all_preferences
from riskregistry.enums import OPEN_STATES, MeasureState
from riskregistry.models import Measure
from riskregistry.working_days import calendar_days, holidays

DONE_STATES = (MeasureState.CLOSED, MeasureState.LONG_TERM)


class Light(models.TextChoices):
    OVERDUE = "overdue", "逾期"
    SOON = "soon", "临近到期"
    ON_TRACK = "on_track", "按期推进"
    DONE = "done", "已完成"


def soon_within(today: date, values: Mapping[str, Any] | None = None) -> int:
    """How many calendar days from `today` count as near; `values` are the settings where they are at hand."""
    values = values if values is not None else all_preferences()
    days = int(values["due_soon_days"])
    return calendar_days(days, today, holidays()) if values["due_soon_working"] else days


def light(state: str, due: date | None, today: date, soon_days: int) -> Light | None:
    """The light of a measure in `state`, due on `due`; None for a cancelled one, which has no light.

    Due today is not yet late. `soon_days` counts from today: 7 means due within today and the next 7 days.
    Without a due date an open measure can be neither late nor nearly late.
    """
    if state in DONE_STATES:
        return Light.DONE
    if state not in OPEN_STATES:
        return None
    if due is None or due > today + timedelta(days=soon_days):
        return Light.ON_TRACK
    return Light.OVERDUE if due < today else Light.SOON


def with_light(measure: Measure, today: date, soon_days: int) -> Measure:
    """The same measure with its light as the attribute `light` ("" for none), which templates show."""
    measure.light = light(measure.state, measure.due, today, soon_days) or ""  # type: ignore[attr-defined]
    return measure


def light_q(wanted: Light, today: date, soon_days: int) -> Q:
    """The condition on Measure that is true of exactly those whose `light` is `wanted`."""
    soon_ends = today + timedelta(days=soon_days)
    unfinished = Q(state__in=OPEN_STATES)
    return {
        Light.DONE: Q(state__in=DONE_STATES),
        Light.OVERDUE: unfinished & Q(due__lt=today),
        Light.SOON: unfinished & Q(due__gte=today, due__lte=soon_ends),
        Light.ON_TRACK: unfinished & (Q(due=None) | Q(due__gt=soon_ends)),
    }[wanted]
