"""我的待办: what waits for each role, why and since when."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from reports.enums import ReportState
from riskregistry import chasing, lookback, submissions
from riskregistry.enums import ChasingRung, MeasureState, SubmissionItem
from riskregistry.models import Notice
from riskregistry.rectification import apply_transition, ask_extension
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def participation(unit, campaign):
    return factories.ParticipationFactory(unit=unit, campaign=campaign)


def groups(client) -> dict[str, int]:
    response = client.get("/todo/")
    assert response.status_code == 200
    return {group.name: group.total for group in response.context["groups"]}


def complete(unit, campaign, **more):
    return factories.MeasureFactory(
        **{
            "unit": unit,
            "campaign": campaign,
            "text": "内容",
            "responsible": "张三",
            "due": timezone.localdate() + timedelta(days=200),
            **more,
        }
    )


def test_nothing_waits(client_of, supervisor, campaign):
    assert "没有等您办的事" in client_of(supervisor).get("/todo/").content.decode()


def test_what_waits_for_a_supervisor(client_of, supervisor, officer, campaign, unit, participation):
    applied = complete(unit, campaign)
    factories.EvidenceFactory(measure=applied, uploaded_by=officer)
    apply_transition(applied.pk, "apply", actor=officer, comment="做完了")
    asked = complete(unit, campaign)
    ask_extension(asked.pk, actor=officer, new_due=asked.due + timedelta(days=9), reason="设备未到")
    complete(
        unit, campaign, state=MeasureState.LONG_TERM, next_recheck=timezone.localdate() - timedelta(days=1)
    )
    submissions.submit(participation, SubmissionItem.RISK_LEDGER, actor=officer)
    factories.MeasureFactory(campaign=campaign, unit=unit, closed=True)
    lookback.draw(campaign, name="一季度", seed=1, share=100, actor=supervisor)
    factories.ReportFactory(campaign=campaign, state=ReportState.TO_REVIEW)
    factories.UnitFactory(confirmed=False)
    assert groups(client_of(supervisor)) == {
        "待核验": 1,
        "待答复的延期申请": 1,
        "到期复查": 1,
        "待确认的报送": 1,
        "待回头看": 1,
        "待确认的单位": 1,
        "待审核的报告": 1,
    }


def test_what_waits_for_an_officer(client_of, supervisor, officer, campaign, unit, participation):
    today = timezone.localdate()
    late = complete(unit, campaign, due=today - timedelta(days=2))
    complete(unit, campaign, due=today + timedelta(days=2))
    complete(unit, campaign, responsible="", due=None)
    back = complete(unit, campaign)
    factories.EvidenceFactory(measure=back, uploaded_by=officer)
    apply_transition(back.pk, "apply", actor=officer, comment="做完了")
    apply_transition(back.pk, "return", actor=supervisor, comment="照片看不清")
    chasing.issue(
        unit, campaign, ChasingRung.REMINDER, [late], actor=supervisor, answer_due=today + timedelta(days=5)
    )
    handed = submissions.submit(participation, SubmissionItem.RISK_LEDGER, actor=officer)
    submissions.return_(handed, actor=supervisor, reason="缺岗位")
    client = client_of(officer)
    assert groups(client) == {
        "待答复的督办": 1,
        "被退回": 1,
        "逾期": 1,
        "临近到期": 1,
        "被退回的报送": 1,
        "缺责任人或时限": 1,
    }
    page = client.get("/todo/").content.decode()
    assert "照片看不清" in page
    assert "缺岗位" in page


def test_what_waits_for_a_leader(client_of, leader, supervisor, officer, unit):
    campaign = factories.CampaignFactory(needs_approval=True)
    measure = complete(unit, campaign)
    factories.EvidenceFactory(measure=measure, uploaded_by=officer)
    apply_transition(measure.pk, "apply", actor=officer, comment="做完了")
    apply_transition(measure.pk, "pass_on", actor=supervisor, comment="看过现场")
    client = client_of(leader)
    assert groups(client) == {"待您审批": 1}
    assert "核验通过" in client.get("/todo/").content.decode()
    client.post("/todo/notices/")
    assert not Notice.objects.filter(user=leader, read_at=None).exists()
    assert Notice.objects.filter(user=officer, read_at=None).exists()


def test_queries_do_not_grow(client_of, supervisor, officer, campaign, unit, django_assert_max_num_queries):
    for _ in range(25):
        factories.MeasureFactory(unit=unit, campaign=campaign, state=MeasureState.APPLIED, applied_by=officer)
    client = client_of(supervisor)
    with django_assert_max_num_queries(30):
        client.get("/todo/")
