"""Briefings on a schedule: what falls due is prepared as of the evening before, and waits for a person."""

from __future__ import annotations

import logging
from datetime import date, timedelta

from django.db import transaction
from django.utils import timezone

from reports.briefing import making
from reports.enums import Every
from reports.models import Briefing, BriefingSchedule

logger = logging.getLogger(__name__)


def due_day(every: str, day: int, today: date) -> date:
    """The last day, today included, on which it fell due."""
    if every == Every.WEEK:
        return today - timedelta(days=(today.isoweekday() - day) % 7)
    if today.day >= day:
        return today.replace(day=day)
    return (today.replace(day=1) - timedelta(days=1)).replace(day=day)


def prepare_due(today: date) -> list[Briefing]:
    """Make what fell due and was not made; each once. What fails for one does not keep back the others."""
    made = []
    for schedule in BriefingSchedule.objects.filter(active=True).select_related("campaign"):
        try:
            briefing = _prepare(schedule, today)
        except Exception:
            logger.exception("scheduled briefing %s could not be prepared", schedule.pk)
            continue
        if briefing is not None:
            made.append(briefing)
    return made


def _prepare(schedule: BriefingSchedule, today: date) -> Briefing | None:
    day = due_day(schedule.every, schedule.day, today)
    begun = timezone.localtime(schedule.created_at).date()
    with transaction.atomic():
        locked = BriefingSchedule.objects.select_for_update().get(pk=schedule.pk)
        if day < begun or (locked.last_day is not None and locked.last_day >= day):
            return None
        # A whole day that is over: the same numbers come out whenever it is made again.
        briefing = making.make(
            None, schedule.campaign, schedule.kind, day - timedelta(days=1), schedule=schedule
        )
        locked.last_day = day
        locked.save(update_fields=["last_day"])
    return briefing
