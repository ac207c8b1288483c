"""Working days of the Chinese calendar, under an editable table of holidays.

`chinesecalendar` knows the years that the State Council has announced; beyond them Monday to Friday are
taken, until the table of holidays says otherwise.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta

import chinese_calendar

from riskregistry.models import Holiday

ONE_DAY = timedelta(days=1)
# Nobody sets a deadline further off; a guard against a table that leaves no day to work on.
MOST_DAYS = 3660


def holidays() -> dict[date, bool]:
    """The table: day → whether it is worked, in one query."""
    return dict(Holiday.objects.values_list("day", "working"))


def is_working_day(day: date, table: Mapping[date, bool]) -> bool:
    """The table first, then the announced calendar, then the week."""
    if day in table:
        return table[day]
    try:
        return bool(chinese_calendar.is_workday(day))
    except NotImplementedError:
        return day.weekday() < 5


def add_working_days(day: date, count: int, table: Mapping[date, bool]) -> date:
    """The `count`-th working day after `day`; `day` itself for 0."""
    passed = 0
    while count > 0 and passed < MOST_DAYS:
        day += ONE_DAY
        passed += 1
        count -= is_working_day(day, table)
    return day


def working_days_between(start: date, end: date, table: Mapping[date, bool]) -> int:
    """How many working days lie after `start` up to and with `end`; 0 where `end` is not later."""
    days = range(1, min((end - start).days, MOST_DAYS) + 1)
    return sum(is_working_day(start + timedelta(days=number), table) for number in days)


def calendar_days(working: int, today: date, table: Mapping[date, bool]) -> int:
    """How many calendar days the next `working` working days take, counted from today."""
    return (add_working_days(today, working, table) - today).days
