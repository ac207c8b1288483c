"""Every published number: against known data, a recount in plain Python, and in each person's scope."""

from __future__ import annotations

import json
import random
from collections import Counter
from dataclasses import asdict
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.core.management import CommandError, call_command
from django.utils import timezone

from accounts.merging import merge_units
from accounts.models import Unit
from reports.enums import Decision, ReportState
from reports.models import Report
from reports.statistics import DEFINITIONS, UNASSIGNED, numbers, overview, percentage, totals
from riskregistry.enums import OPEN_STATES, MeasureState, RiskKind, Theme
from riskregistry.models import Measure, NoneDeclaration, Participation, RiskItem
from tests import factories

SHANGHAI = ZoneInfo("Asia/Shanghai")
TODAY = date(2023, 9, 15)
NOON = datetime(2023, 9, 15, 12, tzinfo=SHANGHAI)


@pytest.fixture(autouse=True)
def _today():
    with time_machine.travel(NOON, tick=False):
        yield


def values(counted):
    """The flat numbers by (key, kind, domain, unit, theme, state)."""
    return {(n.key, n.kind, n.domain, n.unit, n.theme, n.state): n.value for n in numbers(counted)}


def value(counted, key, kind=None, domain=None, unit=None, theme=None, state=None):
    return values(counted)[key, kind, domain, unit, theme, state]


def accepted_report(campaign, actor, **fields):
    fields = {"state": ReportState.ACCEPTED, "accepted_by": actor, "accepted_at": NOON, **fields}
    return factories.ReportFactory.create(campaign=campaign, uploaded_by=actor, **fields)


# Known data


def test_items_by_kind_domain_and_unit(campaign, unit, other_unit, supervisor):
    investment = factories.DomainFactory.create(name="项目投资")
    for kind, where, count in (("post", unit, 2), ("post", other_unit, 1), ("link", unit, 1)):
        factories.RiskItemFactory.create_batch(
            count, campaign=campaign, unit=where, kind=kind, domain=investment
        )
    factories.RiskItemFactory(campaign=campaign, unit=unit, kind="point", domain=None)
    factories.RiskItemFactory(unit=unit, kind="post")  # of another campaign
    counted = overview(supervisor, campaign)
    assert value(counted, "risk_items", "post") == 3
    assert value(counted, "risk_items", "post", domain="项目投资") == 3
    assert value(counted, "risk_items", "post", unit="县公安局") == 1
    assert value(counted, "risk_items", "post", "项目投资", unit.name) == 2
    assert value(counted, "risk_items", "point", domain=UNASSIGNED) == 1
    assert value(counted, "risk_items", "point", domain="项目投资") == 0


def test_withdrawn_items_do_not_count(campaign, unit, supervisor):
    factories.RiskItemFactory(campaign=campaign, unit=unit)
    factories.RiskItemFactory(campaign=campaign, unit=unit, withdrawn_at=NOON, withdrawn_reason="重复")
    assert value(overview(supervisor, campaign), "risk_items", "point") == 1


def test_cancelled_measures_leave_every_denominator(campaign, unit, supervisor):
    factories.MeasureFactory(campaign=campaign, unit=unit, closed=True, theme=Theme.PEOPLE)
    factories.MeasureFactory(campaign=campaign, unit=unit, state=MeasureState.LONG_TERM)
    factories.MeasureFactory(campaign=campaign, unit=unit, state=MeasureState.IN_PROGRESS)
    factories.MeasureFactory(
        campaign=campaign, unit=unit, cancelled=True, due=date(2023, 9, 1), theme=Theme.PEOPLE
    )
    counted = overview(supervisor, campaign)
    assert value(counted, "measures") == 3
    assert value(counted, "measures", unit=unit.name) == 3
    assert value(counted, "measures_by_theme", theme="people") == 1
    assert value(counted, "measures_by_theme_and_state", theme="people", state="cancelled") == 1
    assert value(counted, "measures_closed") == 1
    assert value(counted, "measures_overdue") == 0
    assert value(counted, "closing_rate") == 33.3
    assert value(counted, "closing_rate_with_long_term") == 66.7


def test_rates_round_halves_up_and_need_something_to_divide_by():
    assert percentage(1, 8) == 12.5
    assert percentage(1, 16) == 6.3
    assert percentage(0, 0) is None


def test_overdue_begins_the_day_after_the_due_date(campaign, unit, supervisor):
    for due in (TODAY - timedelta(1), TODAY, TODAY + timedelta(7), TODAY + timedelta(8), None):
        factories.MeasureFactory(campaign=campaign, unit=unit, due=due)
    factories.MeasureFactory(campaign=campaign, unit=unit, due=TODAY - timedelta(9), closed=True)
    counted = overview(supervisor, campaign)
    assert value(counted, "measures_overdue") == 1
    assert value(counted, "measures_due_soon") == 2
    assert [(late.due, late.days) for late in counted.overdue] == [(TODAY - timedelta(1), 1)]
    assert overview(supervisor, campaign, due_soon_days=8).measures.due_soon == 3


def test_the_overdue_list_is_cut_but_the_count_is_not(campaign, unit, supervisor):
    factories.MeasureFactory.create_batch(12, campaign=campaign, unit=unit, due=date(2023, 9, 1))
    counted = overview(supervisor, campaign)
    assert (len(counted.overdue), counted.measures.overdue) == (10, 12)
    assert len(overview(supervisor, campaign, listed=None).overdue) == 12


def test_a_declaration_tells_none_from_not_reported(campaign, unit, other_unit, supervisor):
    domain = factories.DomainFactory.create()
    mine = factories.ParticipationFactory.create(campaign=campaign, unit=unit)
    factories.ParticipationFactory(campaign=campaign, unit=other_unit)
    factories.RiskItemFactory(campaign=campaign, unit=unit, kind="post", domain=domain)
    NoneDeclaration.objects.create(participation=mine, kind="link", domain=domain, declared_by=supervisor)
    counted = overview(supervisor, campaign)
    assert [value(counted, "risk_items", kind, unit=unit.name) for kind in RiskKind] == [1, None, 0]
    assert [value(counted, "unreported", kind) for kind in RiskKind] == [1, 2, 1]
    assert [value(counted, "declared_none", kind) for kind in RiskKind] == [0, 0, 1]


def test_units_and_cases(campaign, unit, other_unit, supervisor):
    factories.ParticipationFactory(campaign=campaign, unit=unit, study_held_on=date(2023, 8, 12))
    factories.ParticipationFactory(campaign=campaign, unit=other_unit)
    old = factories.UnitFactory.create(name="县旧局")
    merge_units(old, unit, actor=supervisor)
    factories.CaseFactory.create_batch(3, campaign=campaign)
    counted = overview(supervisor, campaign)
    assert value(counted, "units_registered") == 2
    assert value(counted, "units_taking_part") == 2
    assert value(counted, "units_studied") == 1
    assert value(counted, "cases") == 3


def test_units_and_cases_as_the_countys_report_states_them(campaign, supervisor, officer):
    report = factories.ReportFactory(
        campaign=campaign, state="accepted", accepted_by=supervisor, accepted_at=timezone.now()
    )
    for kind, number in (("cases", 28), ("units_involved", 26)):
        factories.StatementFactory(report=report, type=kind, data={"value": number}, decision="accepted")
    counted = overview(supervisor, campaign)
    assert value(counted, "cases_reported") == 28
    assert value(counted, "units_reported") == 26
    assert value(counted, "cases") == value(counted, "units_taking_part") == 0
    shown = totals(overview(officer, campaign))
    assert not any(number.key in {"cases_reported", "units_reported"} for number in shown)


def test_units_stand_in_the_official_order(campaign, supervisor):
    last = factories.UnitFactory.create(name="甲局", order=9)
    first = factories.UnitFactory.create(name="乙局", order=2)
    assert [row.pk for row in overview(supervisor, campaign).units] == [first.pk, last.pk]


# Reported beside registered


def test_the_reported_number_stands_beside_the_registered_one(campaign, unit, supervisor):
    approval = factories.DomainFactory.create(name="行政审批")
    report = accepted_report(campaign, supervisor)
    factories.FigureFactory(report=report, kind="post", value=3, decision=Decision.ACCEPTED)
    factories.FigureFactory(report=report, kind="point", value=9, decision=Decision.REJECTED)
    factories.FigureFactory(
        report=report,
        kind="link",
        scope="domain",
        name="行政审批",
        domain=approval,
        value=7,
        corrected_value=8,
        decision=Decision.CORRECTED,
    )
    factories.RiskItemFactory(campaign=campaign, unit=unit, kind="post", domain=approval)
    counted = overview(supervisor, campaign)
    assert value(counted, "risk_items", "post") == 1
    assert value(counted, "risk_items_reported", "post") == 3
    assert value(counted, "risk_items_reported", "point") is None
    assert value(counted, "risk_items_reported", "link", domain="行政审批") == 8
    assert [found.kind for found in counted.discrepancies] == ["post", "link"]
    assert "合计报告 3、登记 1" in counted.discrepancies[0].message
    assert "行政审批报告 8、登记 0" in counted.discrepancies[1].message
    assert value(counted, "discrepancies_open") == 2


def test_a_number_that_agrees_or_is_approximate_is_no_discrepancy(campaign, unit, supervisor):
    report = accepted_report(campaign, supervisor)
    factories.FigureFactory(report=report, kind="post", value=1, decision=Decision.ACCEPTED)
    factories.FigureFactory(
        report=report, kind="point", value=50, approximate=True, decision=Decision.ACCEPTED
    )
    factories.RiskItemFactory(campaign=campaign, unit=unit, kind="post")
    assert overview(supervisor, campaign).discrepancies == ()


def test_a_domain_that_only_the_report_knows_keeps_its_row(campaign, unit, supervisor):
    report = accepted_report(campaign, supervisor)
    factories.FigureFactory(
        report=report, kind="post", scope="domain", name="城市管理", value=4, decision=Decision.ACCEPTED
    )
    factories.RiskItemFactory(campaign=campaign, unit=unit, kind="post", domain=None)
    counted = overview(supervisor, campaign)
    assert value(counted, "risk_items_reported", "post", domain="城市管理") == 4
    assert value(counted, "risk_items", "post", domain="城市管理") == 0
    assert value(counted, "risk_items", "post", domain=UNASSIGNED) == 1


def test_the_newest_county_report_in_force_speaks(campaign, unit, supervisor):
    def with_posts(number, **fields):
        report = accepted_report(campaign, supervisor, **fields)
        factories.FigureFactory(report=report, kind="post", value=number, decision=Decision.ACCEPTED)
        return report

    old = with_posts(10, as_of=date(2023, 8, 12))
    with_posts(99, unit=unit, as_of=date(2023, 9, 9))
    with_posts(98, state=ReportState.TO_REVIEW, as_of=date(2023, 9, 9))
    assert value(overview(supervisor, campaign), "risk_items_reported", "post") == 10
    with_posts(5, as_of=date(2023, 7, 1))  # accepted later, but speaks of an earlier day
    assert value(overview(supervisor, campaign), "risk_items_reported", "post") == 10
    with_posts(11, as_of=date(2023, 8, 12), supersedes=old)
    assert value(overview(supervisor, campaign), "risk_items_reported", "post") == 11


def test_unexplained_discrepancies_of_reports(campaign, supervisor, officer):
    waiting = factories.ReportFactory.create(campaign=campaign, title="待审报告")
    factories.DiscrepancyFactory(report=waiting, message="分项合计 57")
    factories.DiscrepancyFactory(report=waiting, decision=Decision.ACCEPTED, explanation="原文如此")
    failed = factories.ReportFactory.create(campaign=campaign, state=ReportState.FAILED, error="读不了")
    factories.DiscrepancyFactory(report=failed)
    factories.DiscrepancyFactory(report=factories.ReportFactory())  # of another campaign
    counted = overview(supervisor, campaign)
    assert [(d.message, d.report, d.source) for d in counted.discrepancies] == [
        ("分项合计 57", waiting.pk, "待审报告")
    ]
    assert counted.discrepancy_count == 1
    assert overview(officer, campaign).discrepancy_count == 0


# Scope


def test_an_officer_sees_the_own_unit_in_every_number(campaign, unit, other_unit, officer, supervisor):
    for where in (unit, other_unit):
        fill(campaign, where, seed=where.pk, people=(officer, supervisor))
        factories.MeasureFactory(campaign=campaign, unit=where, due=TODAY - timedelta(3))
    report = accepted_report(campaign, supervisor)
    factories.FigureFactory(report=report, value=5, decision=Decision.ACCEPTED)
    counted = overview(officer, campaign)
    assert {n.unit for n in numbers(counted)} <= {None, unit.name}
    assert not [n for n in numbers(counted) if n.key == "risk_items_reported"]
    assert counted.scope == unit.name
    assert {late.unit for late in overview(officer, campaign, listed=None).overdue} == {unit.pk}
    alone = overview(supervisor, campaign, unit=unit)
    assert values(counted) == values(alone)
    whole = overview(supervisor, campaign)
    assert counted.items.count() + overview(supervisor, campaign, unit=other_unit).items.count() == (
        whole.items.count()
    )


@pytest.mark.parametrize("role", ["administrator", "auditor"])
def test_who_may_not_see_reports_gets_no_reported_number(role, request, campaign, supervisor):
    report = accepted_report(campaign, supervisor)
    factories.FigureFactory(report=report, value=5, decision=Decision.ACCEPTED)
    counted = overview(request.getfixturevalue(role), campaign)
    assert counted.reported is None
    assert not counted.sees_reported


# No data, all keys


def test_an_empty_campaign_has_every_number(campaign, supervisor):
    counted = overview(supervisor, campaign)
    assert counted.empty
    known = values(counted)
    assert known["measures", None, None, None, None, None] == 0
    assert known["closing_rate", None, None, None, None, None] is None
    assert known["risk_items_reported", "post", None, None, None, None] is None
    assert {key for key, *_ in known} == set(DEFINITIONS)


def test_every_number_says_what_it_counts_over_which_units_and_when(campaign, unit, supervisor):
    fill(campaign, unit, seed=1, people=(supervisor, factories.UserFactory()))
    published = numbers(overview(supervisor, campaign))
    assert {number.key for number in published} == set(DEFINITIONS)
    for number in published:
        assert "{" not in number.definition + number.label
        assert (number.unit or "全部单位") in number.definition
        assert "截至 2023-09-15" in number.definition
        assert campaign.name in number.definition
    keys = Counter((n.key, n.kind, n.domain, n.unit, n.theme, n.state) for n in published)
    assert max(keys.values()) == 1


def test_an_overview_survives_json(campaign, unit, supervisor):
    fill(campaign, unit, seed=2, people=(supervisor, factories.UserFactory()))
    assert json.loads(json.dumps(asdict(overview(supervisor, campaign)), default=str))


# Against a recount in plain Python


def fill(campaign, unit, *, seed, people, items=25, measures=25):
    """A random register under one unit."""
    draw = random.Random(seed)
    domains = [*(factories.DomainFactory() for _ in range(2)), None]
    if draw.random() < 0.8:
        factories.ParticipationFactory(
            campaign=campaign, unit=unit, study_held_on=draw.choice([None, date(2023, 8, 12)])
        )
    for _ in range(draw.randrange(items)):
        gone = draw.random() < 0.2
        factories.RiskItemFactory(
            campaign=campaign,
            unit=unit,
            kind=draw.choice(RiskKind.values),
            domain=draw.choice(domains),
            withdrawn_at=NOON if gone else None,
            withdrawn_reason="重复" if gone else "",
        )
    for _ in range(draw.randrange(measures)):
        state = draw.choice(MeasureState.values)
        factories.MeasureFactory(
            campaign=campaign,
            unit=unit,
            theme=draw.choice(Theme.values),
            state=state,
            due=draw.choice([None, TODAY + timedelta(draw.randrange(-20, 20))]),
            applied_by=people[0],
            verified_by=people[1],
            closed_on=TODAY if state == MeasureState.CLOSED else None,
            cancelled_reason="不再需要" if state == MeasureState.CANCELLED else "",
        )


def recount(campaign):
    """The same numbers, from the rows one by one."""
    found = Counter[tuple[str | None, ...]]()
    for item in RiskItem.objects.filter(campaign=campaign):
        if item.withdrawn_at is None:
            domain = item.domain.name if item.domain else UNASSIGNED
            for split in ((None, None), (domain, None), (None, item.unit.name), (domain, item.unit.name)):
                found["risk_items", item.kind, *split, None, None] += 1
    for measure in Measure.objects.filter(campaign=campaign):
        for unit in (None, measure.unit.name):
            found["measures_by_state", None, None, unit, None, measure.state] += 1
            if measure.state != MeasureState.CANCELLED:
                found["measures", None, None, unit, None, None] += 1
            if measure.state == MeasureState.CLOSED:
                found["measures_closed", None, None, unit, None, None] += 1
            if measure.is_overdue(TODAY):
                found["measures_overdue", None, None, unit, None, None] += 1
            elif measure.state in OPEN_STATES and measure.due and (measure.due - TODAY).days <= 7:
                found["measures_due_soon", None, None, unit, None, None] += 1
        found["measures_by_theme_and_state", None, None, None, measure.theme, measure.state] += 1
    return found


@pytest.mark.parametrize("seed", range(6))
def test_numbers_equal_a_recount(seed, campaign, supervisor):
    applicant = factories.UserFactory.create()
    for place in range(4):
        unit = factories.UnitFactory.create()
        fill(campaign, unit, seed=seed * 10 + place, people=(applicant, supervisor))
    other = factories.CampaignFactory.create()
    fill(other, unit, seed=seed, people=(applicant, supervisor))
    published = values(overview(None, campaign))
    expected = recount(campaign)
    for key, count in expected.items():
        assert published[key] == count, key
    counted_keys = {key[0] for key in expected}
    for key, number in published.items():
        if key[0] in counted_keys and key not in expected:
            assert not number, key


# Recorded time


def test_a_past_day_says_what_the_register_said_then(campaign, supervisor):
    applicant = factories.UserFactory.create()
    units = factories.UnitFactory.create_batch(3)
    for place, unit in enumerate(units):
        fill(campaign, unit, seed=40 + place, people=(applicant, supervisor))
    domain = factories.DomainFactory.create()
    participation = Participation.objects.filter(campaign=campaign)[0]
    declaration = NoneDeclaration.objects.create(
        participation=participation, kind="link", domain=domain, declared_by=supervisor
    )
    factories.CaseFactory(campaign=campaign)
    then = overview(supervisor, campaign)

    with time_machine.travel(NOON + timedelta(days=3), tick=False):
        for item in RiskItem.objects.filter(withdrawn_at=None)[:5]:
            item.withdrawn_at, item.withdrawn_reason = NOON, "重复"
            item.save()
        for item in RiskItem.objects.filter(withdrawn_at=None)[:3]:
            item.unit, item.domain = units[0], domain
            item.save()
        for measure in Measure.objects.filter(state__in=OPEN_STATES):
            measure.state = MeasureState.LONG_TERM
            measure.save()
        declaration.delete()
        factories.RiskItemFactory(campaign=campaign, unit=units[1], domain=domain)
        factories.CaseFactory(campaign=campaign)
        factories.UnitFactory()
        now = overview(supervisor, campaign)
        past = overview(supervisor, campaign, TODAY)
    assert not past.live
    assert values(past) == values(then)
    assert past.overdue == then.overdue
    assert values(now) != values(then)


def test_the_day_ends_in_shanghai(campaign, unit, supervisor):
    last_moment = datetime(2023, 9, 15, 23, 59, 59, tzinfo=SHANGHAI)
    for moment in (last_moment, last_moment + timedelta(seconds=1)):
        with time_machine.travel(moment, tick=False):
            factories.RiskItemFactory(campaign=campaign, unit=unit)
    with time_machine.travel(NOON + timedelta(days=5), tick=False):
        assert overview(supervisor, campaign, TODAY).items.count() == 1
        assert overview(supervisor, campaign, TODAY + timedelta(1)).items.count() == 2
        assert overview(supervisor, campaign, TODAY - timedelta(1)).items.count() == 0


def test_two_records_of_one_moment_leave_the_later_one(campaign, unit, supervisor):
    item = factories.RiskItemFactory.create(campaign=campaign, unit=unit, kind="point")
    item.kind = "link"
    item.save()
    with time_machine.travel(NOON + timedelta(days=1), tick=False):
        past = overview(supervisor, campaign, TODAY)
    assert [past.items.count(kind) for kind in RiskKind] == [0, 0, 1]


def test_what_was_deleted_by_then_is_gone(campaign, unit, supervisor):
    factories.RiskItemFactory.create(campaign=campaign, unit=unit).delete()
    with time_machine.travel(NOON + timedelta(days=1), tick=False):
        assert overview(supervisor, campaign, TODAY).items.count() == 0


def test_a_past_day_knows_which_report_was_in_force(campaign, supervisor):
    first = accepted_report(campaign, supervisor, accepted_at=NOON - timedelta(days=9))
    second = accepted_report(campaign, supervisor, accepted_at=NOON - timedelta(days=4), supersedes=first)
    for report, number in ((first, 10), (second, 11)):
        factories.FigureFactory(report=report, value=number, decision=Decision.ACCEPTED)

    def reported(days_ago):
        counted = overview(supervisor, campaign, TODAY - timedelta(days=days_ago))
        return value(counted, "risk_items_reported", "post")

    assert [reported(days) for days in (0, 4, 5, 9, 10)] == [11, 11, 10, 10, None]
    Report.objects.filter(pk=second.pk).update(
        state=ReportState.WITHDRAWN, withdrawn_at=NOON - timedelta(days=2), withdrawn_reason="有误"
    )
    assert [reported(days) for days in (0, 2, 3, 5)] == [10, 10, 11, 10]


def test_a_past_day_knows_what_was_not_yet_explained(campaign, supervisor):
    report = factories.ReportFactory.create(campaign=campaign, read_at=NOON - timedelta(days=8))
    factories.DiscrepancyFactory(
        report=report,
        decision=Decision.ACCEPTED,
        explanation="原文如此",
        decided_at=NOON - timedelta(days=2),
    )
    found = [
        overview(supervisor, campaign, TODAY - timedelta(days)).discrepancy_count for days in (0, 2, 3, 9)
    ]
    assert found == [0, 0, 1, 0]


def test_today_is_live_and_tomorrow_is_refused(campaign, supervisor):
    assert overview(supervisor, campaign, TODAY).live
    with pytest.raises(ValidationError, match="不能晚于今天"):
        overview(supervisor, campaign, TODAY + timedelta(1))


# The command


def run(capsys, *arguments):
    call_command("statistics", *arguments)
    return capsys.readouterr().out


def test_the_command_prints_json(capsys, campaign, unit, supervisor):
    factories.RiskItemFactory(campaign=campaign, unit=unit)
    printed = json.loads(run(capsys, "--json", "--campaign", campaign.name, "--as-of", "2023-09-15"))
    assert printed["as_of"] == "2023-09-15"
    total = [
        n
        for n in printed["numbers"]
        if (n["key"], n["kind"], n["domain"], n["unit"]) == ("risk_items", "point", None, None)
    ]
    assert [n["value"] for n in total] == [1]
    assert all(n["definition"] for n in printed["numbers"])


def test_the_command_speaks_chinese_and_keeps_to_a_persons_scope(capsys, campaign, unit, officer, other_unit):
    for where in (unit, other_unit):
        factories.ParticipationFactory(campaign=campaign, unit=where)
    printed = run(capsys, "--user", "officer")
    assert f"范围：{unit.name}" in printed
    assert "口径：" in printed
    assert other_unit.name not in printed


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--user", "nobody"], "没有用户名为「nobody」"),
        (["--campaign", "无此行动"], "优化营商环境警示教育"),
        (["--as-of", "昨天"], "不是日期"),
        (["--as-of", "2023-02-30"], "不是日期"),
        (["--as-of", "2099-01-01"], "不能晚于今天"),
    ],
)
def test_the_command_names_the_remedy(arguments, message, campaign):
    with pytest.raises(CommandError, match=message):
        call_command("statistics", *arguments)


@pytest.mark.django_db
def test_the_command_without_a_campaign():
    with pytest.raises(CommandError, match="没有可统计的专项行动"):
        call_command("statistics")


def test_a_merged_unit_keeps_its_past(campaign, unit, other_unit, supervisor):
    factories.RiskItemFactory(campaign=campaign, unit=other_unit)
    with time_machine.travel(NOON + timedelta(days=2), tick=False):
        merge_units(other_unit, unit, actor=supervisor)
        assert Unit.objects.get(pk=other_unit.pk).merged_into == unit
        past = overview(supervisor, campaign, TODAY)
        assert value(past, "risk_items", "point", unit=other_unit.name) == 1
        assert value(past, "units_registered") == 2
        assert value(overview(supervisor, campaign), "units_registered") == 1
