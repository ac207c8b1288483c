"""Every state × step × role, from the table itself; and what holds after any sequence of steps."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from hypothesis import given, settings
from hypothesis import strategies as st

from accounts.models import AuditEvent, User
from accounts.permissions import Action
from riskregistry import evidence, rectification
from riskregistry.enums import ExtensionState, MeasureState, ProgressEvent
from riskregistry.models import Evidence, Measure, Notice, ProgressEntry
from riskregistry.rectification import (
    STEPS,
    StaleMeasureError,
    StepRefusedError,
    apply_transition,
    ask_extension,
    decide_extension,
    offers,
)
from tests import factories
from tests.factories import picture

pytestmark = pytest.mark.django_db

TODAY = date(2023, 9, 15)
PEOPLE = (
    "officer",
    "helper",
    "outsider",
    "supervisor",
    "second_supervisor",
    "leader",
    "administrator",
    "auditor",
)
TAKEN_HERE = [code for code, step in STEPS.items() if not step.own]


class World:
    """A measure with everything that a step may ask for, and one person of each kind."""

    def __init__(self, *, needs_approval: bool = False) -> None:
        campaign = factories.CampaignFactory(needs_approval=needs_approval)
        self.officer = factories.UserFactory(officer=True)
        self.helper = factories.UserFactory(officer=True)
        self.outsider = factories.UserFactory(officer=True)
        self.supervisor = factories.UserFactory()
        self.second_supervisor = factories.UserFactory()
        self.leader = factories.UserFactory(leader=True)
        self.administrator = factories.UserFactory(administrator=True)
        self.auditor = factories.UserFactory(auditor=True)
        self.measure = factories.MeasureFactory(
            campaign=campaign,
            unit=self.officer.unit,
            state=MeasureState.NOT_STARTED,
            responsible="责任人",
            text="内容",
            due=date(2030, 1, 1),
        )
        self.measure.co_units.add(self.helper.unit)

    def put(self, state: MeasureState) -> Measure:
        """The measure in this state, as an applicant and a verifier of before have left it."""
        before = factories.UserFactory(officer=True, unit=self.officer.unit)
        verifier = factories.UserFactory()
        left: dict[MeasureState, dict[str, Any]] = {
            MeasureState.APPLIED: {"applied_by": before},
            MeasureState.PENDING_APPROVAL: {"applied_by": before, "verified_by": verifier},
            MeasureState.CLOSED: {"applied_by": before, "verified_by": verifier, "closed_on": TODAY},
            MeasureState.LONG_TERM: {"applied_by": before, "verified_by": verifier},
            MeasureState.CANCELLED: {"cancelled_reason": "不再需要"},
        }
        values = left.get(state, {})
        cleared: dict[str, Any] = {
            "applied_by": None,
            "verified_by": None,
            "approved_by": None,
            "closed_on": None,
        }
        for name, value in {**cleared, "cancelled_reason": "", **values}.items():
            setattr(self.measure, name, value)
        self.measure.state = state
        self.measure.save()
        return self.measure

    def take(self, code: str, by: User, **options: Any) -> ProgressEntry:
        options.setdefault("comment", "说明")
        return apply_transition(self.measure.pk, code, actor=by, **options)


def expected(world: World, code: str, state: MeasureState, who: str) -> bool:
    """Said a second time, in other words than the code's: who is let through."""
    step = STEPS[code]
    if state not in step.moves or step.approval not in {None, world.measure.campaign.needs_approval}:
        return False
    allowed = {
        Action.RECORD_PROGRESS: {"officer", "supervisor", "second_supervisor"},
        Action.VERIFY_MEASURE: {"supervisor", "second_supervisor"},
        Action.APPROVE_CLOSING: {"leader"},
    }[step.by]
    return who in allowed or (code == "progress" and who == "helper")


@pytest.mark.parametrize("needs_approval", [False, True])
@pytest.mark.parametrize("state", MeasureState.values)
@pytest.mark.parametrize("code", TAKEN_HERE)
def test_every_state_step_and_role(code, state, needs_approval, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    world = World(needs_approval=needs_approval)
    for who in PEOPLE:
        world.measure.entries.all()._raw_delete("default")
        measure = world.put(MeasureState(state))
        person = getattr(world, who)
        should = expected(world, code, MeasureState(state), who)
        assert (code in {offer.code for offer in offers(measure, person)}) == should, who
        evidence_there = Evidence.objects.create(
            measure=measure, file="x", original_name="x", sha256="0" * 64, size=1, uploaded_by=world.officer
        )
        if should:
            entry = world.take(code, person)
            measure.refresh_from_db()
            assert entry.from_state == state
            assert measure.state == entry.to_state == STEPS[code].moves[MeasureState(state)]
            assert entry.actor == person
        else:
            with pytest.raises((StepRefusedError, Measure.DoesNotExist)):
                world.take(code, person)
            measure.refresh_from_db()
            assert measure.state == state
            assert not measure.entries.exists()
        evidence_there.delete()


def test_what_is_missing_is_said_in_words():
    world = World()
    measure = world.put(MeasureState.IN_PROGRESS)
    measure.responsible, measure.due, measure.text = "", None, " "
    measure.save()
    with pytest.raises(StepRefusedError) as refused:
        world.take("apply", world.officer, comment="  ")
    assert refused.value.messages == [
        "没有填写责任人",
        "没有整改时限",
        "没有填写措施内容",
        "没有填写整改成效",
        "没有佐证材料",
    ]
    # Before anything is typed the page does not reproach the empty comment.
    (offer,) = [offer for offer in offers(measure, world.officer) if offer.code == "apply"]
    assert "没有填写整改成效" not in offer.missing
    assert "没有佐证材料" in offer.missing


def test_the_files_that_come_with_the_application_count(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    world = World()
    world.put(MeasureState.IN_PROGRESS)
    world.take("apply", world.officer, files=[picture()])
    kept = Evidence.objects.get()
    assert kept.entry == world.measure.entries.get()
    assert kept.file.read().startswith(b"\x89PNG")


def test_evidence_from_before_a_relapse_proves_nothing():
    world = World()
    measure = world.put(MeasureState.CLOSED)
    Evidence.objects.create(
        measure=measure,
        file="x",
        original_name="x",
        sha256="0" * 64,
        size=1,
        uploaded_by=world.officer,
        uploaded_at=timezone.now() - timedelta(days=3),
    )
    world.take("reopen", world.supervisor)
    with pytest.raises(StepRefusedError, match="没有佐证材料"):
        world.take("apply", world.officer)


def test_the_applicant_does_not_verify_nor_the_verifier_approve(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    world = World()
    world.put(MeasureState.IN_PROGRESS)
    world.take("apply", world.supervisor, files=[picture()])
    for code in ("verify", "keep"):
        with pytest.raises(StepRefusedError, match="您是申请销号的人"):
            world.take(code, world.supervisor)
    world.take("verify", world.second_supervisor)
    world.measure.refresh_from_db()
    assert (world.measure.applied_by, world.measure.verified_by) == (
        world.supervisor,
        world.second_supervisor,
    )
    assert world.measure.closed_on == timezone.localdate()


def test_the_way_through_a_leader(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    world = World(needs_approval=True)
    world.take("start", world.officer)
    world.take("progress", world.helper, percent=40)
    world.take("apply", world.officer, files=[picture()])
    world.take("pass_on", world.supervisor)
    world.take("disapprove", world.leader, comment="照片看不清")
    measure = Measure.objects.get()
    assert (measure.applied_by, measure.verified_by, measure.percent) == (None, None, 90)
    world.take("apply", world.officer)
    world.take("pass_on", world.supervisor)
    world.take("approve", world.leader)
    measure.refresh_from_db()
    assert (measure.state, measure.percent, measure.approved_by) == (MeasureState.CLOSED, 100, world.leader)
    assert [entry.event for entry in measure.entries.all()] == [
        *[ProgressEvent.STEP, ProgressEvent.PROGRESS, ProgressEvent.STEP, ProgressEvent.STEP],
        *[ProgressEvent.RETURNED, ProgressEvent.STEP, ProgressEvent.STEP, ProgressEvent.STEP],
    ]
    assert AuditEvent.objects.filter(action__startswith="整改：").count() == 8


def test_long_term_is_rechecked_at_its_interval(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    world = World()
    world.put(MeasureState.IN_PROGRESS)
    world.take("apply", world.officer, files=[picture()])
    world.take("keep", world.supervisor, months=3)
    measure = Measure.objects.get()
    assert measure.closed_on is None
    assert timedelta(days=85) < measure.next_recheck - timezone.localdate() < timedelta(days=95)
    world.take("recheck", world.second_supervisor, months=12)
    measure.refresh_from_db()
    assert measure.next_recheck - timezone.localdate() > timedelta(days=360)
    assert measure.entries.last().event == ProgressEvent.RECHECKED


def test_months_end_at_the_last_of_the_month():
    assert rectification._months_later(date(2023, 11, 30), 3) == date(2024, 2, 29)
    assert rectification._months_later(date(2023, 12, 1), 12) == date(2024, 12, 1)


def test_a_page_that_is_out_of_date_changes_nothing():
    world = World()
    seen = world.measure.version
    world.take("progress", world.helper, version=seen, percent=20)
    with pytest.raises(StaleMeasureError) as stale:
        world.take("progress", world.officer, version=seen, percent=30)
    assert stale.value.measure.percent == 20
    assert world.measure.entries.count() == 1


def test_a_form_sent_twice_is_entered_once(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    world = World()
    first = world.take("progress", world.officer, version=1, token="a", files=[picture()])
    again = world.take("progress", world.officer, version=1, token="a", files=[picture()])
    assert first == again
    assert Evidence.objects.count() == 1
    with pytest.raises(StepRefusedError, match="已用过"):
        world.take("progress", world.helper, token="a")


def test_a_failure_leaves_neither_record_nor_file(settings, tmp_path, monkeypatch):
    settings.MEDIA_ROOT = tmp_path
    world = World()

    def fail(*args, **kwargs):
        raise RuntimeError

    monkeypatch.setattr(rectification.audit, "record", fail)
    with pytest.raises(RuntimeError):
        world.take("progress", world.officer, files=[picture(), picture("另一张.png")])
    assert not ProgressEntry.objects.exists()
    assert not [path for path in tmp_path.rglob("*") if path.is_file()]


def test_orphans_are_found_once_they_are_old(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    world = World()
    world.take("progress", world.officer, files=[picture()])
    (tmp_path / "evidence" / "left.png").write_bytes(b"x")
    assert list(evidence.orphans()) == []
    assert list(evidence.orphans(timedelta(0))) == ["evidence/left.png"]


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("说明.exe", b"MZ", "不是可以上传的类型"),
        ("照片.png", b"", "空文件"),
        ("照片.png", b"not a picture", "打不开"),
        ("台账.xlsx", b"PK\x03\x04 broken", "打不开"),
        ("文件.pdf", b"hello", "打不开"),
    ],
)
def test_files_that_are_not_taken(name, content, words):
    with pytest.raises(ValidationError, match=words):
        evidence.check(SimpleUploadedFile(name, content))


def test_an_extension_keeps_the_first_date_in_sight():
    world = World()
    first = world.measure.due
    for years, grant in ((1, True), (2, False), (3, True)):
        request = ask_extension(
            world.measure.pk, actor=world.officer, new_due=date(2030 + years, 1, 1), reason="设备未到"
        )
        decide_extension(request.pk, actor=world.supervisor, grant=grant, answer="" if grant else "理由不足")
    measure = Measure.objects.get()
    assert (measure.original_due, measure.due) == (first, date(2033, 1, 1))
    assert [entry.event for entry in measure.entries.all()] == [
        *[ProgressEvent.EXTENSION_REQUESTED, ProgressEvent.EXTENDED],
        *[ProgressEvent.EXTENSION_REQUESTED, ProgressEvent.EXTENSION_REFUSED],
        *[ProgressEvent.EXTENSION_REQUESTED, ProgressEvent.EXTENDED],
    ]


def test_an_extension_is_refused_where_it_makes_no_sense():
    world = World()

    def ask(new_due: date, reason: str = "设备未到") -> object:
        return ask_extension(world.measure.pk, actor=world.officer, new_due=new_due, reason=reason)

    with pytest.raises(StepRefusedError, match="须晚于现在的时限"):
        ask(date(2029, 12, 31))
    with pytest.raises(StepRefusedError, match="没有填写延期理由"):
        ask(date(2031, 1, 1), " ")
    request = ask(date(2031, 1, 1))
    with pytest.raises(StepRefusedError, match="待审"):
        ask(date(2031, 1, 1))
    with pytest.raises(StepRefusedError, match="不能"):
        decide_extension(request.pk, actor=world.officer, grant=True)
    with pytest.raises(StepRefusedError, match="没有填写不同意的原因"):
        decide_extension(request.pk, actor=world.supervisor, grant=False)
    decide_extension(request.pk, actor=world.supervisor, grant=True)
    with pytest.raises(StepRefusedError, match="已有答复"):
        decide_extension(request.pk, actor=world.second_supervisor, grant=True)
    request.refresh_from_db()
    assert request.state == ExtensionState.GRANTED


def test_who_is_told():
    world = World(needs_approval=True)
    world.put(MeasureState.APPLIED)
    Evidence.objects.create(
        measure=world.measure, file="x", original_name="x", sha256="0" * 64, size=1, uploaded_by=world.officer
    )
    world.take("pass_on", world.supervisor)
    told = set(Notice.objects.values_list("user", flat=True))
    assert {world.officer.pk, world.helper.pk, world.leader.pk} <= told
    assert not {world.supervisor.pk, world.outsider.pk, world.second_supervisor.pk} & told


CHOICES = st.lists(
    st.tuples(st.sampled_from(TAKEN_HERE), st.sampled_from(PEOPLE), st.booleans()), min_size=1, max_size=14
)


@settings(max_examples=60, deadline=None)
@given(st.booleans(), CHOICES)
def test_any_sequence_keeps_to_the_table_and_to_the_log(needs_approval, choices):
    """No sequence reaches a state that the constraints refuse, and the log replays to the state."""
    world = World(needs_approval=needs_approval)
    for code, who, with_file in choices:
        if with_file:
            Evidence.objects.create(
                measure=world.measure,
                file="x",
                original_name="x",
                sha256="0" * 64,
                size=1,
                uploaded_by=world.officer,
            )
        before = Measure.objects.get(pk=world.measure.pk)
        try:
            world.take(code, getattr(world, who))
        except (StepRefusedError, Measure.DoesNotExist):
            after = Measure.objects.get(pk=world.measure.pk)
            assert (after.state, after.version) == (before.state, before.version)
    state = MeasureState.NOT_STARTED
    entries = list(world.measure.entries.order_by("pk"))
    for entry in entries:
        assert entry.from_state == state
        assert any(step.moves.get(MeasureState(state)) == entry.to_state for step in STEPS.values())
        state = entry.to_state
    measure = Measure.objects.get(pk=world.measure.pk)
    assert measure.state == state
    assert measure.version == 1 + len(entries)
    assert measure.history.count() == 1 + len(entries)
    if measure.state == MeasureState.CLOSED:
        assert len({measure.applied_by_id, measure.verified_by_id, None}) == 3
