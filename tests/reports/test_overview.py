"""The pages of published numbers: what they show, to whom, and at what cost in queries."""

from __future__ import annotations

import json
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from reports.enums import Decision, ReportState
from riskregistry.enums import MeasureState, RiskKind
from riskregistry.models import NoneDeclaration
from tests import factories

NOON = datetime(2023, 9, 15, 12, tzinfo=ZoneInfo("Asia/Shanghai"))
# Session, person, settings and campaigns are read for the frame of every page; the rest are the numbers.
MOST_QUERIES = 16


@pytest.fixture(autouse=True)
def _today():
    with time_machine.travel(NOON, tick=False):
        yield


@pytest.fixture
def county(campaign, unit, other_unit, supervisor):
    """Two units with items, measures, a declaration, and an accepted report that disagrees."""
    domain = factories.DomainFactory.create(name="行政审批")
    for where in (unit, other_unit):
        participation = factories.ParticipationFactory.create(campaign=campaign, unit=where)
        factories.RiskItemFactory(campaign=campaign, unit=where, kind="post", domain=domain)
    factories.RiskItemFactory(campaign=campaign, unit=unit, kind="point", domain=None)
    NoneDeclaration.objects.create(
        participation=participation, kind="link", domain=domain, declared_by=supervisor
    )
    factories.MeasureFactory(campaign=campaign, unit=unit, heading="轮岗交流", due=date(2023, 9, 1))
    factories.MeasureFactory(
        campaign=campaign, unit=other_unit, heading="公示流程", closed=True, applied_by=officer_of(other_unit)
    )
    report = factories.ReportFactory.create(
        campaign=campaign,
        title="全县情况报告",
        state=ReportState.ACCEPTED,
        accepted_by=supervisor,
        accepted_at=NOON,
        uploaded_by=supervisor,
    )
    factories.FigureFactory(report=report, kind="post", value=3, decision=Decision.ACCEPTED)
    factories.DiscrepancyFactory(report=report, message="关键环节分项合计 57，与合计 84 不符")
    return campaign


def page(client, name="overview", *, pk=None, **query):
    response = client.get(reverse(f"reports:{name}", args=[pk] if pk else []), query)
    assert response.status_code == 200
    return response


def text(response):
    return " ".join(response.content.decode().split())


def officer_of(unit):
    return factories.UserFactory(officer=True, unit=unit)


# The overview


def test_both_numbers_stand_where_they_differ(county, client_of, supervisor):
    response = page(client_of(supervisor))
    card = next(c for c in response.context["cards"] if c.label == "风险岗位（登记数）")
    assert (card.value, card.reported, card.alert) == (2, "3 不一致", True)
    point = next(c for c in response.context["cards"] if c.label == "风险点（登记数）")
    assert (point.reported, point.alert) == ("未列明", False)
    assert "风险岗位的报告数与登记数不一致：合计报告 3、登记 2" in text(response)
    assert "关键环节分项合计 57" in text(response)
    assert "《全县情况报告》" in text(response)


def test_while_nothing_is_registered_the_reported_numbers_are_shown_under_their_own_name(
    campaign, client_of, supervisor
):
    report = factories.ReportFactory(
        campaign=campaign, state="accepted", accepted_by=supervisor, accepted_at=timezone.now()
    )
    domain = factories.DomainFactory(name="项目投资")
    factories.FigureFactory(report=report, kind="post", value=108, decision="accepted")
    factories.FigureFactory(
        report=report,
        kind="post",
        scope="domain",
        name="项目投资",
        domain=domain,
        value=26,
        decision="accepted",
    )
    response = page(client_of(supervisor))
    card = next(card for card in response.context["cards"] if card.label == "风险岗位（报告数）")
    assert (card.value, card.note, card.alert) == (108, "尚未登记", False)
    chart = response.context["charts"][0]
    assert "报告数" in chart.title
    assert json.loads(chart.figure_json)["data"][0]["x"][0] == 26
    # Nothing registered is no contradiction.
    assert response.context["counted"].discrepancy_count == 0


def test_every_number_has_its_definition_beside_it(county, client_of, supervisor):
    response = page(client_of(supervisor))
    for card in response.context["cards"]:
        assert card.definition in text(response)


def test_three_charts_each_with_its_table(county, client_of, supervisor):
    html = text(page(client_of(supervisor)))
    for chart in ("chart-domains", "chart-units", "chart-measures"):
        assert f'id="{chart}"' in html
        assert f'id="{chart}-data"' in html
    assert html.count('class="chart-table"') == 3
    assert " style=" not in html


def test_overdue_measures_are_named(county, client_of, supervisor):
    html = text(page(client_of(supervisor)))
    assert "轮岗交流" in html
    assert "14 天" in html
    assert "公示流程" not in html


def test_who_has_not_reported_and_who_declared_none(county, client_of, supervisor, unit, other_unit):
    lines = {line.kind: line for line in page(client_of(supervisor)).context["reporting_lines"]}
    assert [row.pk for row in lines["风险点"].unreported] == [other_unit.pk]
    assert [row.pk for row in lines["关键环节"].unreported] == [unit.pk]
    assert [row.pk for row in lines["关键环节"].declared] == [other_unit.pk]


def test_numbers_lead_to_the_lists_that_hold_as_many(county, client_of, supervisor, officer):
    """Whoever asks, the list behind a number holds exactly that number of rows."""
    factories.MeasureFactory.create(campaign=county, unit=factories.UnitFactory()).co_units.add(officer.unit)
    for person in (supervisor, officer):
        client = client_of(person)
        for card in page(client).context["cards"]:
            if "/risks/" in card.url or "/measures/" in card.url:
                listed = client.get(card.url).context["table"].paginator.count
                assert listed == card.value, (person.username, card.label)


def test_an_officer_sees_nothing_of_other_units(county, client_of, officer, unit, other_unit):
    client = client_of(officer)
    html = text(page(client))
    assert unit.name in html
    for foreign in (other_unit.name, "公示流程", "全县情况报告", "number-reported"):
        assert foreign not in html
    assert client.get(reverse("reports:unit", args=[other_unit.pk])).status_code == 404


def test_a_past_day(county, client_of, supervisor):
    with time_machine.travel(NOON + timedelta(days=3), tick=False):
        factories.RiskItemFactory(campaign=county, kind="post")
        now = page(client_of(supervisor))
        past = page(client_of(supervisor), as_of="2023-09-15")
    assert "当日终了时" in text(past)
    assert "当日终了时" not in text(now)
    assert [response.context["counted"].items.count("post") for response in (past, now)] == [2, 3]


@pytest.mark.parametrize(
    ("as_of", "said"),
    [("昨天", "不是日期"), ("2023-02-30", "不是日期"), ("2023-09-16", "不能晚于今天")],
)
def test_a_bad_day_is_said_and_todays_numbers_shown(as_of, said, county, client_of, supervisor):
    response = page(client_of(supervisor), as_of=as_of)
    assert said in text(response)
    assert response.context["counted"].live


def test_no_campaign_and_nothing_in_it(client_of, supervisor, db):
    assert "没有可查看的专项行动" in text(page(client_of(supervisor)))
    assert "没有可查看的专项行动" in text(page(client_of(supervisor), "unit_list"))
    factories.CampaignFactory()
    assert "还没有内容" in text(page(client_of(supervisor)))


def test_before_anything_was_recorded(county, client_of, supervisor):
    assert "还没有内容" in text(page(client_of(supervisor), as_of="2023-01-01"))


@pytest.mark.parametrize("as_of", ["", "2023-09-14"])
@pytest.mark.parametrize("role", ["supervisor", "officer"])
def test_the_cost_of_the_overview_does_not_grow(role, as_of, county, client_of, request):
    client = client_of(request.getfixturevalue(role))
    page(client)  # the first request of a session writes it
    small = queries(client, as_of)
    domain = factories.DomainFactory.create()
    for _ in range(80):
        unit = factories.UnitFactory.create(confirmed=False)
        factories.ParticipationFactory(campaign=county, unit=unit)
        for kind in RiskKind:
            factories.RiskItemFactory(campaign=county, unit=unit, kind=kind, domain=domain)
        factories.MeasureFactory(campaign=county, unit=unit, due=date(2023, 9, 1))
    factories.DiscrepancyFactory.create_batch(20, report__campaign=county)
    large = queries(client, as_of)
    assert len(large) == len(small)
    assert len(large) <= MOST_QUERIES, "\n".join(large)


def queries(client, as_of):
    with CaptureQueriesContext(
        connection,
    ) as captured:
        page(client, as_of=as_of)
    return [query["sql"] for query in captured.captured_queries]


# The list of units


def test_units_in_the_official_order_with_their_numbers(county, client_of, supervisor, unit, other_unit):
    table = page(client_of(supervisor), "unit_list").context["table"]
    lines = [row.record for row in table.paginated_rows]
    assert [line.name for line in lines] == [unit.name, other_unit.name]
    assert (lines[0].post, lines[0].point, lines[0].link) == (1, 1, -1)
    assert (lines[0].measures, lines[0].overdue) == (1, 1)
    cells = {column.name: cell for column, cell in next(iter(table.paginated_rows)).items()}
    assert cells["link"] == "未报送"


def test_units_sort_and_page(county, client_of, supervisor):
    factories.UnitFactory.create_batch(60)
    client = client_of(supervisor)
    assert len(page(client, "unit_list").context["table"].paginated_rows) == 50
    assert len(page(client, "unit_list", page="2").context["table"].paginated_rows) == 12
    for odd in ("99", "0", "-1", "x", "9" * 30):
        assert page(client, "unit_list", page=odd)
    sorted_rows = page(client, "unit_list", sort="-overdue").context["table"].paginated_rows
    assert next(iter(sorted_rows)).record.overdue == 1
    assert page(client, "unit_list", sort="nonsense", per_page="0")


def test_a_unit_read_from_a_report_waits_to_be_confirmed(county, client_of, supervisor, leader):
    new = factories.UnitFactory.create(confirmed=False)
    confirm, merge = (reverse(f"accounts:unit_{act}", args=[new.pk]) for act in ("confirm", "merge"))
    for name, pk in (("unit_list", None), ("unit", new.pk)):
        managed = text(page(client_of(supervisor), name, pk=pk))
        assert "待确认" in managed
        assert confirm in managed
        assert merge in managed
        seen = text(page(client_of(leader), name, pk=pk))
        assert "待确认" in seen
        assert confirm not in seen


def test_the_cost_of_the_list_of_units_does_not_grow(county, client_of, supervisor):
    client = client_of(supervisor)
    page(client, "unit_list")

    def cost():
        with CaptureQueriesContext(connection) as captured:
            page(client, "unit_list")
        return len(captured)

    small = cost()
    for _ in range(30):
        factories.ParticipationFactory(campaign=county, unit=factories.UnitFactory(confirmed=False))
    assert cost() == small <= MOST_QUERIES


# One unit


def test_a_unit_page(county, client_of, officer, unit, supervisor):
    factories.UnitAliasFactory(unit=unit, name="发改委")
    mine = factories.ReportFactory.create(campaign=county, unit=unit, title="本局自查报告")
    factories.ReportFactory(campaign=county, title="另一份报告")
    response = page(client_of(officer), "unit", pk=unit.pk)
    html = text(response)
    for expected in (unit.name, "县发改局", "发改委", "本局自查报告", "轮岗交流", "未报送：关键环节"):
        assert expected in html
    assert reverse("reports:report", args=[mine.pk]) in html
    assert "另一份报告" not in html
    assert response.context["domain_lines"][-1][0] == "合计"
    assert [cell for cell, _ in response.context["domain_lines"][-1][1]] == ["1", "1", "未报送"]


def test_a_unit_page_shows_measures_by_state_with_links(county, client_of, supervisor, unit):
    lines = page(client_of(supervisor), "unit", pk=unit.pk).context["state_lines"]
    counts = {label: count for label, count, _ in lines}
    assert counts[MeasureState.IN_PROGRESS.label] == 1
    assert sum(counts.values()) == 1
    assert all(f"unit={unit.pk}" in url for _, _, url in lines)


def test_a_merged_unit_leads_to_where_it_went(county, client_of, supervisor, unit):
    merged = factories.UnitFactory.create(name="县旧局", merged_into=unit)
    html = text(page(client_of(supervisor), "unit", pk=merged.pk))
    assert "本单位已并入" in html
    assert "县旧局" not in text(page(client_of(supervisor), "unit_list"))


def test_a_unit_page_without_a_campaign(client_of, supervisor, unit):
    assert unit.name in text(page(client_of(supervisor), "unit", pk=unit.pk))
