"""Which days are worked: the table of holidays, then the announced calendar, then the week."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accounts.preferences import set_preference
from riskregistry.lights import soon_within
from riskregistry.models import Holiday
from riskregistry.working_days import (
    add_working_days,
    calendar_days,
    holidays,
    is_working_day,
    working_days_between,
)

DAYS = st.dates(date(2020, 1, 1), date(2040, 12, 31))
TABLES = st.dictionaries(DAYS, st.booleans(), max_size=20)


@pytest.mark.parametrize(
    ("day", "working"),
    [
        (date(2023, 8, 10), True),  # an ordinary Thursday
        (date(2023, 8, 12), False),  # an ordinary Saturday
        (date(2023, 10, 2), False),  # the National Day, a Monday
        (date(2023, 10, 7), True),  # a Saturday worked in exchange
        (date(2035, 10, 1), True),  # beyond the announced calendar: the week alone
    ],
)
def test_the_announced_calendar(day, working):
    assert is_working_day(day, {}) is working


@pytest.mark.django_db
def test_the_table_wins_over_the_calendar():
    Holiday.objects.create(day=date(2035, 10, 1), name="国庆节")
    Holiday.objects.create(day=date(2023, 8, 12), working=True)
    table = holidays()
    assert not is_working_day(date(2035, 10, 1), table)
    assert is_working_day(date(2023, 8, 12), table)


def test_the_fifth_working_day_over_a_holiday():
    # 29 September to 6 October 2023 are off; the 7th and 8th are worked.
    assert add_working_days(date(2023, 9, 28), 3, {}) == date(2023, 10, 9)


@given(DAYS, st.integers(0, 60), TABLES)
def test_adding_and_counting_agree(day, count, table):
    end = add_working_days(day, count, table)
    assert working_days_between(day, end, table) == count
    assert count == 0 or is_working_day(end, table)
    assert calendar_days(count, day, table) == (end - day).days


@given(DAYS, st.integers(-30, 60), TABLES)
def test_never_more_working_days_than_days(day, length, table):
    assert 0 <= working_days_between(day, day + timedelta(days=length), table) <= max(length, 0)


def test_a_table_without_working_days_ends():
    off = {date(2023, 1, 1) + timedelta(days=number): False for number in range(4000)}
    assert add_working_days(date(2023, 1, 1), 1, off) > date(2023, 1, 1)


@pytest.mark.django_db
def test_near_may_be_counted_in_working_days():
    assert soon_within(date(2023, 9, 28)) == 7
    set_preference("due_soon_working", True)
    assert soon_within(date(2023, 9, 28)) == (date(2023, 10, 13) - date(2023, 9, 28)).days
