"""What units owe: handing in, returning, confirming, declaring none; the board over them."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import timezone
from hypothesis import given, settings
from hypothesis import strategies as st

from riskregistry import submissions
from riskregistry.enums import RiskKind, SubmissionItem, SubmissionState
from riskregistry.models import LateChange, NoneDeclaration, Requirement, Submission
from tests import factories

pytestmark = pytest.mark.django_db

STUDY, LEDGER = SubmissionItem.STUDY, SubmissionItem.RISK_LEDGER


@pytest.fixture
def participation(unit, campaign):
    return factories.ParticipationFactory(unit=unit, campaign=campaign)


@pytest.fixture
def required(campaign):
    today = timezone.localdate()
    return [
        Requirement.objects.create(campaign=campaign, item=LEDGER, due=today - timedelta(days=3)),
        Requirement.objects.create(campaign=campaign, item=STUDY),
    ]


def test_from_nothing_to_confirmed_and_back(participation, officer, supervisor):
    handed = submissions.submit(participation, LEDGER, actor=officer)
    assert submissions.submit(participation, LEDGER, actor=officer) == handed
    returned = submissions.return_(handed, actor=supervisor, reason="缺岗位")
    assert (returned.state, returned.reason) == (SubmissionState.RETURNED, "缺岗位")
    again = submissions.submit(participation, LEDGER, actor=officer)
    assert (again.pk, again.state, again.reason) == (handed.pk, SubmissionState.SUBMITTED, "")
    assert submissions.confirm(again, actor=supervisor).state == SubmissionState.CONFIRMED
    assert handed.history.count() == 4


@pytest.mark.parametrize("wrong", ["no reason", "officer decides", "other unit", "confirmed twice"])
def test_what_is_refused(participation, officer, outsider, supervisor, wrong):
    if wrong == "other unit":
        with pytest.raises(ValidationError, match="不能替"):
            submissions.submit(participation, LEDGER, actor=outsider)
        return
    handed = submissions.submit(participation, LEDGER, actor=officer)
    if wrong == "confirmed twice":
        submissions.confirm(handed, actor=supervisor)
    steps = {
        "no reason": lambda: submissions.return_(handed, actor=supervisor, reason=" "),
        "officer decides": lambda: submissions.confirm(handed, actor=officer),
        "confirmed twice": lambda: submissions.confirm(handed, actor=supervisor),
    }
    with pytest.raises(ValidationError):
        steps[wrong]()


def test_a_change_after_confirmation_needs_a_reason(participation, unit, campaign, officer, supervisor):
    def change(reason: str):
        return submissions.record_late_change(
            unit, campaign, LEDGER, actor=officer, reason=reason, summary="新增 1 条"
        )

    assert change("") is None
    submissions.confirm(submissions.submit(participation, LEDGER, actor=officer), actor=supervisor)
    assert submissions.reason_needed(unit, campaign, LEDGER)
    with pytest.raises(ValidationError, match="须写明原因"):
        change(" ")
    assert change("漏报").reason == "漏报"
    assert Submission.objects.get().state == SubmissionState.CONFIRMED


def test_none_is_declared_only_where_there_is_none(participation, officer, unit, campaign):
    domain = factories.DomainFactory()
    declaration = submissions.declare_none(participation, RiskKind.POINT, domain, actor=officer)
    assert submissions.declare_none(participation, RiskKind.POINT, domain, actor=officer) == declaration
    submissions.withdraw_declaration(declaration, actor=officer)
    factories.RiskItemFactory(unit=unit, campaign=campaign, domain=domain, kind="point")
    with pytest.raises(ValidationError, match="已登记 1 条"):
        submissions.declare_none(participation, RiskKind.POINT, domain, actor=officer)


class TestBoard:
    def test_who_is_late(self, participation, required, officer, supervisor, campaign):
        other = factories.ParticipationFactory(campaign=campaign)
        submissions.submit(participation, LEDGER, actor=officer)
        submissions.submit(participation, STUDY, actor=officer)
        board = submissions.board(supervisor, campaign)
        cells = {row.participation: {cell.item: cell for cell in row.cells} for row in board.rows}
        assert cells[participation][LEDGER].days_late == 3
        assert cells[participation][STUDY].days_late == 0
        assert (cells[other][LEDGER].state_label, cells[other][LEDGER].days_late) == ("未报", 3)
        assert board.count(LEDGER, submissions.NOT_SUBMITTED) == 1
        assert [requirement.item for requirement in board.requirements] == [STUDY, LEDGER]

    def test_queries_do_not_grow_with_units(self, required, supervisor, campaign, django_assert_num_queries):
        factories.ParticipationFactory.create_batch(12, campaign=campaign)
        with django_assert_num_queries(4):
            submissions.board(supervisor, campaign)

    def test_the_page_and_its_steps(self, client_of, participation, required, officer, supervisor, campaign):
        mine = client_of(officer)
        page = mine.get("/submissions/").content.decode()
        assert "逾期 3 天" in page
        mine.post(reverse("reports:hand_in", args=[participation.pk, LEDGER]))
        handed = Submission.objects.get()
        theirs = client_of(supervisor)
        decide = reverse("reports:decide_submission", args=[handed.pk])
        assert "退回须写明原因" in theirs.post(decide, {"reason": ""}, follow=True).content.decode()
        theirs.post(decide, {"reason": "缺岗位"})
        assert "缺岗位" in mine.get("/submissions/").content.decode()
        mine.post(reverse("reports:hand_in", args=[participation.pk, LEDGER]))
        theirs.post(decide, {"confirm": "1"})
        handed.refresh_from_db()
        assert handed.state == SubmissionState.CONFIRMED
        # Handed in three days late; nothing of it is open any more but the study meeting.
        assert theirs.get("/submissions/", {"show": "late"}).context["rows"]
        book = theirs.get("/submissions/file/")
        assert book.content.startswith(b"PK")

    def test_an_officer_sees_the_own_unit_only(self, client_of, participation, required, officer, campaign):
        other = factories.ParticipationFactory(campaign=campaign)
        page = client_of(officer).get("/submissions/").content.decode()
        assert participation.unit.name in page
        assert other.unit.name not in page

    def test_without_requirements(self, client_of, participation, supervisor):
        assert "还没有设置报送要求" in client_of(supervisor).get("/submissions/").content.decode()

    def test_meeting_and_declarations(self, client_of, participation, required, officer):
        domain = factories.DomainFactory()
        client = client_of(officer)
        url = reverse("reports:declarations", args=[participation.pk])
        assert domain.name in client.get(url).content.decode()
        client.post(url, {"study": "2023-08-12"})
        participation.refresh_from_db()
        assert participation.study_held_on.isoformat() == "2023-08-12"
        assert Submission.objects.get().item == STUDY
        client.post(url, {"declare": f"point-{domain.pk}"})
        declaration = NoneDeclaration.objects.get()
        client.post(url, {"withdraw": str(declaration.pk)})
        assert not NoneDeclaration.objects.exists()
        assert "不能晚于今天" in client.post(url, {"study": "2099-01-01"}, follow=True).content.decode()


STEPS = st.lists(
    st.tuples(st.sampled_from(["submit", "return", "confirm", "change"]), st.booleans()), max_size=12
)


@settings(max_examples=40, deadline=None)
@given(STEPS)
def test_no_sequence_reaches_what_cannot_be(steps):
    officer = factories.UserFactory(officer=True)
    supervisor = factories.UserFactory()
    participation = factories.ParticipationFactory(unit=officer.unit)
    unit, campaign = participation.unit, participation.campaign
    for step, proper in steps:
        now = Submission.objects.filter(participation=participation).first()
        before = now.state if now else None
        try:
            if step == "submit":
                submissions.submit(participation, LEDGER, actor=officer if proper else supervisor)
            elif now is None:
                continue
            elif step == "return":
                submissions.return_(now, actor=supervisor, reason="缺" if proper else "")
            elif step == "confirm":
                submissions.confirm(now, actor=supervisor if proper else officer)
            else:
                submissions.record_late_change(
                    unit, campaign, LEDGER, actor=officer, reason="漏" if proper else "", summary="改"
                )
        except ValidationError:
            after = Submission.objects.filter(participation=participation).first()
            assert (after.state if after else None) == before
    final = Submission.objects.filter(participation=participation).first()
    if final is not None:
        assert (final.decided_by is None) == (final.state == SubmissionState.SUBMITTED)
        assert (final.reason != "") == (final.state == SubmissionState.RETURNED)
    assert all(change.reason for change in LateChange.objects.all())
