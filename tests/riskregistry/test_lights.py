"""A measure's light: the function and the filter say the same of every measure."""

from datetime import date, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from riskregistry.enums import OPEN_STATES, MeasureState
from riskregistry.lights import Light, light, light_q
from riskregistry.models import Measure
from tests import factories

TODAY = date(2023, 9, 10)
OPEN = MeasureState.IN_PROGRESS


@pytest.mark.parametrize(
    ("due", "expected"),
    [
        (date(2023, 9, 9), Light.OVERDUE),
        (date(2023, 9, 10), Light.SOON),  # due today is not yet late
        (date(2023, 9, 17), Light.SOON),
        (date(2023, 9, 18), Light.ON_TRACK),
        (None, Light.ON_TRACK),
    ],
)
def test_open_measure_goes_by_its_due_date(due, expected):
    assert light(OPEN, due, TODAY, 7) == expected


@pytest.mark.parametrize("state", [MeasureState.CLOSED, MeasureState.LONG_TERM])
def test_done_measure_is_never_late(state):
    assert light(state, date(2020, 1, 1), TODAY, 7) == Light.DONE


def test_cancelled_measure_has_no_light():
    assert light(MeasureState.CANCELLED, date(2020, 1, 1), TODAY, 7) is None


@pytest.mark.parametrize("state", OPEN_STATES)
def test_every_open_state_can_be_late(state):
    assert light(state, TODAY - timedelta(days=1), TODAY, 7) == Light.OVERDUE


@given(
    state=st.sampled_from(MeasureState.values),
    due=st.none() | st.dates(date(2023, 1, 1), date(2024, 12, 31)),
    soon_days=st.integers(1, 60),
)
def test_every_measure_but_a_cancelled_one_has_exactly_one_light(state, due, soon_days):
    assert (light(state, due, TODAY, soon_days) is None) == (state == MeasureState.CANCELLED)


@pytest.fixture
def measure_in(db):
    """measure_in(state, due) saves one measure, legal in that state, in place of the one before."""
    campaign, unit = factories.CampaignFactory(), factories.UnitFactory()
    applicant, verifier = factories.UserFactory.create_batch(2)
    extras = {
        MeasureState.APPLIED: {"applied_by": applicant},
        MeasureState.PENDING_APPROVAL: {"applied_by": applicant},
        MeasureState.CLOSED: {"applied_by": applicant, "verified_by": verifier, "closed_on": TODAY},
        MeasureState.CANCELLED: {"cancelled_reason": "事项已取消"},
    }

    def make(state, due):
        Measure.objects.all().delete()
        return factories.MeasureFactory(
            campaign=campaign, unit=unit, state=state, due=due, **extras.get(state, {})
        )

    return make


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    state=st.sampled_from(MeasureState.values),
    days=st.none() | st.integers(-20, 80),
    soon_days=st.integers(1, 60),
)
def test_filter_finds_a_measure_under_its_light_and_no_other(measure_in, state, days, soon_days):
    due = None if days is None else TODAY + timedelta(days=days)
    measure = measure_in(state, due)

    found = {wanted for wanted in Light if Measure.objects.filter(light_q(wanted, TODAY, soon_days)).exists()}

    shown = light(measure.state, measure.due, TODAY, soon_days)
    assert found == ({shown} if shown else set())


def test_overdue_light_is_the_overdue_of_the_model(measure_in):
    for days in (-1, 0, 1):
        measure = measure_in(OPEN, TODAY + timedelta(days=days))
        late = light(measure.state, measure.due, TODAY, 7) == Light.OVERDUE
        assert late == measure.is_overdue(TODAY) == Measure.objects.overdue(TODAY).exists()
