"""What a person accepted becomes the register, once; and goes again when the acceptance is withdrawn."""

from __future__ import annotations

import pytest
from django.core.exceptions import ValidationError

from accounts.merging import confirm_unit, merge_units
from accounts.models import AuditEvent, Unit, UnitAlias
from reports import acceptance
from reports.enums import Decision, ReportState, StatementType
from reports.models import Report
from riskregistry.enums import MeasureState
from riskregistry.models import Campaign, Domain, Measure, Participation
from tests import factories

pytestmark = pytest.mark.django_db


def unit_statement(report, name, *, aliases=(), role="participant"):
    data = {"name": name, "aliases": list(aliases), "role": role}
    return factories.StatementFactory(report=report, type=StatementType.UNIT, data=data, quote=name)


def measure_statement(report, heading, unit, *, co_units=(), text=None, **more):
    data = {
        "heading": heading,
        "unit": unit,
        "co_units": list(co_units),
        "documents": [],
        "theme": "people",
        **more,
    }
    return factories.StatementFactory(
        report=report, type=StatementType.MEASURE, data=data, quote=text or f"{unit}：{heading}。"
    )


@pytest.fixture
def report(campaign):
    """A county report with a figure for each domain, two units and two measures."""
    report = factories.ReportFactory(campaign=campaign)
    factories.FigureFactory(report=report, kind="link", value=84)
    factories.FigureFactory(report=report, scope="domain", name="项目投资", kind="link", value=57)
    factories.FigureFactory(report=report, kind="post", value=108)
    unit_statement(report, "县卫生健康局", aliases=["县卫健局"])
    unit_statement(report, "县委办公室", role="issuer")
    measure_statement(report, "加强培训", "县卫健局", co_units=["县委办公室"])
    measure_statement(report, "公开承诺", "县卫生健康局")
    factories.StatementFactory(
        report=report, type=StatementType.NEXT_STEP, data={"heading": "加强督查", "text": "每月一查。"}
    )
    return report


@pytest.fixture
def accepted(report, supervisor):
    acceptance.accept_agreeing(report, actor=supervisor)
    return acceptance.accept_report(report, actor=supervisor)


def register():
    """Everything an acceptance may write, as plain values."""
    return {
        "units": sorted(Unit.objects.values_list("name", "confirmed")),
        "aliases": sorted(UnitAlias.objects.values_list("name", "unit__name", "confirmed")),
        "participations": sorted(Participation.objects.values_list("unit__name", flat=True)),
        "measures": sorted(Measure.objects.values_list("heading", "unit__name", "state", "due")),
        "steps": [campaign.next_steps for campaign in Campaign.objects.order_by("pk")],
    }


def test_accepting_writes_units_participations_measures_and_next_steps(accepted):
    assert register() == {
        "units": [("县卫生健康局", False), ("县委办公室", False)],
        "aliases": [("县卫健局", "县卫生健康局", False)],
        # The offices that issued the campaign do not take part in it.
        "participations": ["县卫生健康局"],
        "measures": [
            ("公开承诺", "县卫生健康局", MeasureState.IN_PROGRESS, None),
            ("加强培训", "县卫生健康局", MeasureState.IN_PROGRESS, None),
        ],
        "steps": [[{"heading": "加强督查", "text": "每月一查。"}]],
    }
    assert accepted.state == ReportState.ACCEPTED
    assert Measure.objects.get(heading="加强培训").co_units.get().name == "县委办公室"
    assert accepted.statements.filter(type="measure", measure=None).count() == 0


def test_accepting_twice_changes_nothing(accepted, supervisor):
    before, events = register(), AuditEvent.objects.count()
    acceptance.accept_report(accepted, actor=supervisor)
    assert register() == before
    assert AuditEvent.objects.count() == events


def test_a_domain_that_the_register_does_not_know_joins_it(accepted):
    assert accepted.figures.get(scope="domain").domain == Domain.objects.get(name="项目投资")


def test_what_was_rejected_is_not_written(report, supervisor):
    acceptance.accept_agreeing(report, actor=supervisor)
    for statement in report.statements.filter(type="measure"):
        acceptance.decide(statement, Decision.REJECTED, actor=supervisor)
    acceptance.accept_report(report, actor=supervisor)
    assert not Measure.objects.exists()


def test_what_was_corrected_is_written_as_corrected(report, supervisor):
    acceptance.accept_agreeing(report, actor=supervisor)
    statement = report.statements.get(type="measure", data__heading="公开承诺")
    acceptance.decide(
        statement,
        Decision.CORRECTED,
        actor=supervisor,
        corrected={**statement.data, "heading": "公开服务承诺"},
    )
    acceptance.accept_report(report, actor=supervisor)
    assert Measure.objects.filter(heading="公开服务承诺").exists()
    assert not Measure.objects.filter(heading="公开承诺").exists()


class TestDiscrepancies:
    @pytest.fixture
    def found(self, report):
        return factories.DiscrepancyFactory(report=report, kind="link", by="domain", stated=84, computed=57)

    def test_accepting_all_that_agrees_leaves_the_figures_in_dispute(self, report, found, supervisor):
        acceptance.accept_agreeing(report, actor=supervisor)
        pending = report.figures.filter(decision=Decision.PENDING)
        assert sorted(pending.values_list("value", flat=True)) == [57, 84]

    def test_an_unsettled_discrepancy_stands_in_the_way(self, report, found, supervisor):
        acceptance.accept_agreeing(report, actor=supervisor)
        with pytest.raises(ValidationError, match="数据不符"):
            acceptance.accept_report(report, actor=supervisor)
        assert not Measure.objects.exists()

    @pytest.mark.parametrize("settle", [acceptance.explain, acceptance.dismiss])
    def test_it_is_settled_only_with_a_reason(self, report, found, supervisor, settle):
        with pytest.raises(ValidationError, match="核实情况"):
            settle(found, "  ", actor=supervisor)
        settle(found, "行政审批领域的数未写入报告，已电话核实", actor=supervisor)
        acceptance.accept_agreeing(report, actor=supervisor)
        assert acceptance.accept_report(report, actor=supervisor).state == ReportState.ACCEPTED


class TestMatching:
    def test_a_unit_known_by_another_name_is_found(self, report, supervisor):
        known = factories.UnitFactory(name="安平县卫生健康局", short_name="县卫健局")
        acceptance.accept_agreeing(report, actor=supervisor)
        acceptance.accept_report(report, actor=supervisor)
        assert set(Unit.objects.values_list("name", flat=True)) == {"安平县卫生健康局", "县委办公室"}
        assert Participation.objects.get().unit == known

    def test_a_name_that_two_units_share_finds_neither(self, campaign, supervisor):
        for name in ("城东镇人民政府", "城西镇人民政府"):
            factories.UnitFactory(name=name, short_name="镇政府")
        report = factories.ReportFactory(campaign=campaign)
        unit_statement(report, "镇政府")
        acceptance.accept_agreeing(report, actor=supervisor)
        acceptance.accept_report(report, actor=supervisor)
        assert Unit.objects.filter(name="镇政府", confirmed=False).exists()

    def test_a_name_with_xx_is_never_matched(self, campaign, supervisor):
        known = factories.UnitFactory(name="XX镇")
        report = factories.ReportFactory(campaign=campaign)
        unit_statement(report, "XX镇")
        measure_statement(report, "畅通渠道", "XX镇")
        acceptance.accept_agreeing(report, actor=supervisor)
        acceptance.accept_report(report, actor=supervisor)
        assert Measure.objects.get().unit != known
        assert Measure.objects.get().unit.name.startswith("XX镇")


class TestWithdrawal:
    def test_it_leaves_the_register_as_it_was(self, report, supervisor):
        before = register()
        acceptance.accept_agreeing(report, actor=supervisor)
        accepted = acceptance.accept_report(report, actor=supervisor)
        assert acceptance.withdraw_report(accepted, "传错了专项行动", actor=supervisor) == []
        assert register() == before
        assert Report.objects.get().state == ReportState.WITHDRAWN

    def test_it_wants_a_reason(self, accepted, supervisor):
        with pytest.raises(ValidationError, match="原因"):
            acceptance.withdraw_report(accepted, " ", actor=supervisor)

    def test_a_withdrawn_report_can_be_accepted_again(self, accepted, supervisor):
        before = register()
        acceptance.withdraw_report(accepted, "再核对一遍", actor=supervisor)
        acceptance.accept_report(accepted, actor=supervisor)
        assert register() == before

    def test_a_measure_that_somebody_worked_on_stays(self, accepted, supervisor):
        measure = Measure.objects.get(heading="加强培训")
        measure.responsible = "张三"
        measure.save()
        assert acceptance.withdraw_report(accepted, "传错了", actor=supervisor) == ["加强培训"]
        assert Measure.objects.get() == measure

    def test_a_unit_that_was_confirmed_stays(self, accepted, supervisor):
        confirm_unit(Unit.objects.get(name="县卫生健康局"), actor=supervisor)
        acceptance.withdraw_report(accepted, "传错了", actor=supervisor)
        assert Unit.objects.get().name == "县卫生健康局"

    def test_what_another_accepted_report_says_stays(self, accepted, supervisor):
        other = factories.ReportFactory(campaign=accepted.campaign)
        unit_statement(other, "县卫生健康局")
        measure_statement(other, "公开承诺", "县卫生健康局")
        acceptance.accept_agreeing(other, actor=supervisor)
        acceptance.accept_report(other, actor=supervisor)
        assert Measure.objects.count() == 2
        acceptance.withdraw_report(accepted, "传错了", actor=supervisor)
        assert Measure.objects.get().heading == "公开承诺"
        acceptance.withdraw_report(other, "传错了", actor=supervisor)
        assert not Measure.objects.exists()


class TestSuperseding:
    @pytest.fixture
    def newer(self, accepted, supervisor):
        newer = factories.ReportFactory(campaign=accepted.campaign, supersedes=accepted)
        unit_statement(newer, "县卫生健康局", aliases=["县卫健局"])
        measure_statement(newer, "公开承诺", "县卫生健康局")
        measure_statement(newer, "上门服务", "县卫生健康局")
        acceptance.accept_agreeing(newer, actor=supervisor)
        return acceptance.accept_report(newer, actor=supervisor)

    def test_only_the_newer_report_is_in_force(self, accepted, newer):
        assert list(Report.objects.in_force()) == [newer]
        assert set(Measure.objects.values_list("heading", flat=True)) == {"公开承诺", "上门服务"}
        assert Campaign.objects.get(pk=newer.campaign_id).next_steps == []

    def test_its_withdrawal_brings_the_earlier_one_back(self, accepted, newer, supervisor):
        acceptance.withdraw_report(newer, "更正有误", actor=supervisor)
        assert list(Report.objects.in_force()) == [accepted]
        assert set(Measure.objects.values_list("heading", flat=True)) == {"加强培训", "公开承诺"}
        assert len(Campaign.objects.get(pk=newer.campaign_id).next_steps) == 1


def test_a_merged_unit_keeps_its_facts_and_goes_on_being_counted(accepted, supervisor, campaign):
    official = factories.UnitFactory(name="安平县卫生健康委员会")
    merge_units(Unit.objects.get(name="县卫生健康局"), official, actor=supervisor)
    assert set(Measure.objects.values_list("unit__name", flat=True)) == {"安平县卫生健康委员会"}
    assert accepted.statements.get(data__name="县卫生健康局").participation.unit == official
    assert acceptance.withdraw_report(accepted, "传错了", actor=supervisor) == []
    assert not Measure.objects.exists()


def test_settled_facts_are_not_changed_behind_an_accepted_report(accepted, supervisor):
    with pytest.raises(ValidationError, match="先撤回"):
        acceptance.decide(accepted.figures.first(), Decision.REJECTED, actor=supervisor)
