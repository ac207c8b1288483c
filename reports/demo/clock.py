"""The demonstration's time: days counted from the day the campaign was sent out, about six months ago."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from random import Random

from django.utils import timezone

DAYS = 182


@dataclass(frozen=True)
class Clock:
    """Day 0 is the dispatch, day `DAYS` is today. What has happened lies on days 0 to DAYS − 1."""

    today: date

    def date(self, day: int) -> date:
        return self.today + timedelta(days=day - DAYS)

    def at(self, day: int, rng: Random) -> datetime:
        """A moment in the office hours of that day."""
        assert day < DAYS, day
        moment = datetime.combine(self.date(day), time(9)) + timedelta(seconds=rng.randrange(8 * 3600))
        return timezone.make_aware(moment)
