"""Measures over time: what a month said is said for ever."""

from __future__ import annotations

from datetime import date, datetime

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.utils import timezone

from reports.statistics import overview
from reports.statistics.trends import trends
from riskregistry.enums import MeasureState
from riskregistry.models import Measure
from tests import factories

pytestmark = pytest.mark.django_db
TZ = timezone.get_default_timezone()


def at(year: int, month: int, day: int, hour: int) -> datetime:
    return datetime(year, month, day, hour, tzinfo=TZ)


@pytest.fixture
def county(supervisor, officer, unit):
    """Two measures of January, one closed in February; one of February, kept up in March."""
    with time_machine.travel(at(2024, 1, 10, 9), tick=False):
        campaign = factories.CampaignFactory(started_on=date(2024, 1, 5))
        first = factories.MeasureFactory(campaign=campaign, unit=unit, due=date(2024, 1, 20), theme="service")
        factories.MeasureFactory(campaign=campaign, unit=unit, due=date(2024, 12, 1), theme="people")
    with time_machine.travel(at(2024, 2, 9, 9), tick=False):
        kept = factories.MeasureFactory(campaign=campaign, unit=unit, theme="service")
        first.state, first.closed_on = MeasureState.CLOSED, date(2024, 2, 9)
        first.applied_by, first.verified_by = officer, supervisor
        first.save()
    with time_machine.travel(at(2024, 3, 9, 9), tick=False):
        kept.state = MeasureState.LONG_TERM
        kept.save()
    with time_machine.travel(at(2024, 3, 15, 9), tick=False):
        yield campaign


def numbers(found) -> list[tuple]:
    return [
        (
            str(p.day),
            p.opened,
            p.newly_closed,
            p.tally.total,
            p.tally.closed,
            p.tally.long_term,
            p.tally.overdue,
        )
        for p in found.points
    ]


def test_each_month_as_it_was(county, supervisor):
    found = trends(supervisor, county)
    assert numbers(found) == [
        ("2024-01-31", 2, 0, 2, 0, 0, 1),
        ("2024-02-29", 1, 1, 3, 1, 0, 0),
        ("2024-03-15", 0, 0, 3, 1, 1, 0),
    ]
    assert (found.whole.rate, found.whole.rate_with_long_term, found.whole.days) == (33.3, 66.7, 30.0)


def test_asked_again_later_the_past_is_the_same(county, supervisor):
    before = trends(supervisor, county, date(2024, 2, 20))
    with time_machine.travel(at(2024, 5, 1, 9), tick=False):
        Measure.objects.first().save()
        factories.MeasureFactory(campaign=county, unit=Measure.objects.first().unit)
        assert trends(supervisor, county, date(2024, 2, 20)) == before


def test_the_lines_add_up_to_the_whole(county, supervisor):
    for by in ("unit", "domain", "theme"):
        found = trends(supervisor, county, by=by)
        assert sum(line.tally.total for line in found.lines) == found.whole.total
        assert sum(line.tally.closed for line in found.lines) == found.whole.closed


def test_the_overview_says_the_same(county, supervisor):
    for day in (date(2024, 1, 31), date(2024, 2, 29), None):
        whole, counted = trends(supervisor, county, day).whole, overview(supervisor, county, day).measures
        assert (whole.total, whole.closed, whole.long_term, whole.overdue) == (
            counted.total,
            counted.closed,
            counted.long_term,
            counted.overdue,
        )
        assert whole.rate == counted.closing_rate


def test_scope(county, outsider):
    assert trends(outsider, county).whole.total == 0


def test_a_day_to_come(county, supervisor, client_of):
    with pytest.raises(ValidationError):
        trends(supervisor, county, date(2099, 1, 1))
    page = client_of(supervisor).get("/trends/", {"as_of": "2099-01-01", "by": "nonsense"})
    assert "以下是现时数字" in page.content.decode()
