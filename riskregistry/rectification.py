"""The way of a measure from 未启动 to 已销号: who may take which step, from where, and what must be there.

STEPS is the whole table; `apply_transition` is the only way in which a measure's state changes. Each step is
a ProgressEntry, and the state of a measure always equals the last entry's `to_state`.
"""

from __future__ import annotations

import calendar
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Any

from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils import timezone

from accounts import audit
from accounts.models import User
from accounts.permissions import Action
from riskregistry import evidence, notices
from riskregistry.enums import ExtensionState, MeasureState, ProgressEvent
from riskregistry.models import Evidence, ExtensionRequest, Measure, ProgressEntry

NOT_STARTED, IN_PROGRESS, APPLIED, PENDING, CLOSED, LONG_TERM, CANCELLED = (
    MeasureState.NOT_STARTED,
    MeasureState.IN_PROGRESS,
    MeasureState.APPLIED,
    MeasureState.PENDING_APPROVAL,
    MeasureState.CLOSED,
    MeasureState.LONG_TERM,
    MeasureState.CANCELLED,
)

# What is sent back or reopened is no longer done, whatever percentage it stood at.
NOT_DONE_PERCENT = 90
DEFAULT_RECHECK_MONTHS = 6


class Need(StrEnum):
    """What must be there before a step; the value is what the page says is missing."""

    RESPONSIBLE = "没有填写责任人"
    DUE = "没有整改时限"
    TEXT = "没有填写措施内容"
    EVIDENCE = "没有佐证材料"
    COMMENT = "没有填写说明"


class Told(StrEnum):
    """Who learns of a step in a notice."""

    UNIT = "unit"
    SUPERVISORS = "supervisors"
    LEADERS = "leaders"


# Who stands for a step that another person took; a measure forgets them when it goes back.
PEOPLE = ("applied_by", "verified_by", "approved_by")
PERSON_WORDS = {"applied_by": "申请销号的人", "verified_by": "核验的人"}


@dataclass(frozen=True)
class Step:
    """One row of the table.

    `moves` gives the state it leads to from each state it may be taken in. `helpers`: whether people of a
    co-unit may take it too. `stamps` is the person field that it fills; `not_by` those whose holder may not
    take it. `approval`: only in campaigns that ask (True) or do not ask (False) for a leader's approval.
    `own`: taken by its own function with more to say, not by `apply_transition`.
    """

    label: str
    moves: Mapping[MeasureState, MeasureState]
    by: Action
    event: ProgressEvent = ProgressEvent.STEP
    needs: tuple[Need, ...] = ()
    comment_label: str = "说明"
    helpers: bool = False
    stamps: str = ""
    not_by: tuple[str, ...] = ()
    forgets: bool = False
    approval: bool | None = None
    tells: tuple[Told, ...] = (Told.UNIT,)
    own: bool = False


def _stay(*states: MeasureState) -> dict[MeasureState, MeasureState]:
    return {state: state for state in states}


def _to(target: MeasureState, *sources: MeasureState) -> dict[MeasureState, MeasureState]:
    return dict.fromkeys(sources, target)


WAY = (Need.RESPONSIBLE, Need.DUE, Need.TEXT)

STEPS: dict[str, Step] = {
    "progress": Step(
        "记录进展",
        {NOT_STARTED: IN_PROGRESS, **_stay(IN_PROGRESS, LONG_TERM)},
        Action.RECORD_PROGRESS,
        ProgressEvent.PROGRESS,
        (Need.COMMENT,),
        "做了什么",
        helpers=True,
        tells=(),
    ),
    "start": Step(
        "启动整改", _to(IN_PROGRESS, NOT_STARTED), Action.RECORD_PROGRESS, needs=(Need.RESPONSIBLE,), tells=()
    ),
    "apply": Step(
        "申请销号",
        _to(APPLIED, IN_PROGRESS),
        Action.RECORD_PROGRESS,
        needs=(*WAY, Need.EVIDENCE, Need.COMMENT),
        comment_label="整改成效",
        stamps="applied_by",
        tells=(Told.SUPERVISORS,),
    ),
    "take_back": Step(
        "撤回申请",
        _to(IN_PROGRESS, APPLIED),
        Action.RECORD_PROGRESS,
        forgets=True,
        tells=(Told.SUPERVISORS,),
    ),
    "verify": Step(
        "核验通过，予以销号",
        _to(CLOSED, APPLIED),
        Action.VERIFY_MEASURE,
        needs=(*WAY, Need.EVIDENCE, Need.COMMENT),
        comment_label="核验意见",
        stamps="verified_by",
        not_by=("applied_by",),
        approval=False,
    ),
    "pass_on": Step(
        "核验通过，报领导审批",
        _to(PENDING, APPLIED),
        Action.VERIFY_MEASURE,
        needs=(*WAY, Need.EVIDENCE, Need.COMMENT),
        comment_label="核验意见",
        stamps="verified_by",
        not_by=("applied_by",),
        approval=True,
        tells=(Told.UNIT, Told.LEADERS),
    ),
    "approve": Step(
        "批准销号",
        _to(CLOSED, PENDING),
        Action.APPROVE_CLOSING,
        comment_label="审批意见",
        stamps="approved_by",
        not_by=("applied_by", "verified_by"),
        tells=(Told.UNIT, Told.SUPERVISORS),
    ),
    "keep": Step(
        "核验通过，转为长期坚持",
        _to(LONG_TERM, APPLIED),
        Action.VERIFY_MEASURE,
        needs=(Need.RESPONSIBLE, Need.TEXT, Need.EVIDENCE, Need.COMMENT),
        comment_label="核验意见",
        stamps="verified_by",
        not_by=("applied_by",),
    ),
    "recheck": Step(
        "复查",
        _stay(LONG_TERM),
        Action.VERIFY_MEASURE,
        ProgressEvent.RECHECKED,
        (Need.COMMENT,),
        "复查情况",
    ),
    "return": Step(
        "退回",
        _to(IN_PROGRESS, APPLIED),
        Action.VERIFY_MEASURE,
        ProgressEvent.RETURNED,
        (Need.COMMENT,),
        "退回原因",
        forgets=True,
    ),
    "disapprove": Step(
        "退回，不予批准",
        _to(IN_PROGRESS, PENDING),
        Action.APPROVE_CLOSING,
        ProgressEvent.RETURNED,
        (Need.COMMENT,),
        "退回原因",
        forgets=True,
        tells=(Told.UNIT, Told.SUPERVISORS),
    ),
    "reopen": Step(
        "重新打开",
        _to(IN_PROGRESS, CLOSED, LONG_TERM, CANCELLED),
        Action.VERIFY_MEASURE,
        ProgressEvent.REOPENED,
        (Need.COMMENT,),
        "重新打开的原因",
        forgets=True,
    ),
    "cancel": Step(
        "取消",
        _to(CANCELLED, NOT_STARTED, IN_PROGRESS, APPLIED, PENDING, LONG_TERM),
        Action.VERIFY_MEASURE,
        needs=(Need.COMMENT,),
        comment_label="取消原因",
        forgets=True,
    ),
    "ask_extension": Step(
        "申请延期",
        _stay(NOT_STARTED, IN_PROGRESS),
        Action.RECORD_PROGRESS,
        ProgressEvent.EXTENSION_REQUESTED,
        (Need.COMMENT, Need.DUE),
        "延期理由",
        tells=(Told.SUPERVISORS,),
        own=True,
    ),
    "grant_extension": Step(
        "同意延期",
        _stay(NOT_STARTED, IN_PROGRESS),
        Action.VERIFY_MEASURE,
        ProgressEvent.EXTENDED,
        comment_label="审批意见",
        own=True,
    ),
    "refuse_extension": Step(
        "不同意延期",
        _stay(NOT_STARTED, IN_PROGRESS, APPLIED, PENDING, CLOSED, LONG_TERM, CANCELLED),
        Action.VERIFY_MEASURE,
        ProgressEvent.EXTENSION_REFUSED,
        (Need.COMMENT,),
        "不同意的原因",
        own=True,
    ),
}


class StepRefusedError(ValidationError):
    """A step that cannot be taken now; `messages` say in Chinese what is missing or why."""


class StaleMeasureError(Exception):
    """Somebody else changed the measure since the form was opened. `measure` is how it stands now."""

    def __init__(self, measure: Measure) -> None:
        super().__init__(measure.pk)
        self.measure = measure


@dataclass(frozen=True)
class Offer:
    """A step that a person may take on a measure; `missing` says in Chinese what it still waits for."""

    code: str
    step: Step
    missing: list[str] = field(default_factory=list)


def may_take(step: Step, measure: Measure, user: User) -> bool:
    """Whether the person's role and unit allow the step, whatever the state."""
    if not user.may(step.by):
        return False
    if user.may(Action.SEE_ALL_UNITS) or measure.unit_id == user.unit_id:
        return True
    helps = measure.co_units.filter(pk=user.unit_id) if user.unit_id else measure.co_units.none()
    return step.helpers and helps.exists()


def offers(measure: Measure, user: User) -> list[Offer]:
    """The steps open to the person from the measure's state, each with what it still waits for."""
    return [
        Offer(code, step, _missing(step, measure, user, comment=None, files=0))
        for code, step in STEPS.items()
        if not step.own and _fits(step, measure) and may_take(step, measure, user)
    ]


def refusals(measure: Measure, code: str, user: User, comment: str) -> list[str]:
    """Why the person cannot take the step on the measure as it stands, in Chinese; [] where they can."""
    step = STEPS[code]
    if not may_take(step, measure, user):
        return [f"您的账号不能{step.label}"]
    if not _fits(step, measure):
        return [f"这项措施现在是「{measure.get_state_display()}」，不能{step.label}"]
    return _missing(step, measure, user, comment=comment or None, files=0)


def _fits(step: Step, measure: Measure) -> bool:
    asks = measure.campaign.needs_approval
    return measure.state in step.moves and (step.approval is None or step.approval == asks)


def _missing(step: Step, measure: Measure, user: User, *, comment: str | None, files: int) -> list[str]:
    """What the step still waits for. `comment` None: not asked yet, so not missed."""
    there = {
        Need.RESPONSIBLE: bool(measure.responsible),
        Need.DUE: measure.due is not None,
        Need.TEXT: bool(measure.text.strip()),
        Need.COMMENT: comment is None or bool(comment.strip()),
    }
    found = [need for need in step.needs if need != Need.EVIDENCE and not there[need]]
    words = [f"没有填写{step.comment_label}" if need == Need.COMMENT else need.value for need in found]
    if Need.EVIDENCE in step.needs and not files and not evidence_since_opening(measure).exists():
        words.append(Need.EVIDENCE.value)
    act = step.label.split("，")[0]
    own = [name for name in step.not_by if getattr(measure, f"{name}_id") == user.pk]
    return words + [f"您是{PERSON_WORDS[name]}，须由他人{act}" for name in own]


def evidence_since_opening(measure: Measure) -> Any:
    """The files that can show this closing: after a relapse those of before prove nothing."""
    reopened = measure.entries.filter(event=ProgressEvent.REOPENED).order_by("-at", "-pk").first()
    files = Evidence.objects.filter(measure=measure)
    return files.filter(uploaded_at__gte=reopened.at) if reopened else files


def apply_transition(
    pk: int,
    code: str,
    *,
    actor: User,
    version: int | None = None,
    comment: str = "",
    percent: int | None = None,
    files: Sequence[UploadedFile[Any]] = (),
    token: str = "",
    months: int = DEFAULT_RECHECK_MONTHS,
) -> ProgressEntry:
    """Take one step of STEPS on a measure that `actor` sees: check, lock, change, log, tell, audit.

    `version` is that of the page the person saw (None: whatever it is now). `token` names the form: the same
    token sent again returns the entry that it made. `months`: interval of the next recheck.
    Raises StepRefusedError, StaleMeasureError, Measure.DoesNotExist (out of scope), ValidationError (a file).
    """
    step = STEPS[code]
    if step.own:
        raise ValueError(code)
    if percent is not None and not 0 <= percent <= 100:
        raise StepRefusedError("进度应在 0 到 100 之间")
    if len(files) > evidence.MOST_FILES:
        raise StepRefusedError(f"一次最多上传 {evidence.MOST_FILES} 个文件，请分几次上传")
    for upload in files:
        evidence.check(upload)

    def change(measure: Measure) -> None:
        if step.event == ProgressEvent.PROGRESS and percent is not None:
            measure.percent = percent
        if measure.state == LONG_TERM and code in {"keep", "recheck"}:
            measure.recheck_months = months
            measure.next_recheck = _months_later(timezone.localdate(), months)

    return _take(
        pk, code, actor=actor, version=version, comment=comment, files=files, token=token, change=change
    )


def _take(
    pk: int,
    code: str,
    *,
    actor: User,
    comment: str,
    change: Callable[[Measure], None],
    version: int | None = None,
    files: Sequence[UploadedFile[Any]] = (),
    token: str = "",
) -> ProgressEntry:
    kept: list[Evidence] = []
    try:
        with transaction.atomic():
            measure = _locked(pk, actor)
            known = ProgressEntry.objects.filter(token=token).first() if token else None
            if known is not None:
                return _same_form(known, measure, actor)
            step = STEPS[code]
            _check(step, measure, actor, version, comment, len(files))
            was = measure.state
            _move(step, measure, actor, comment)
            change(measure)
            entry = _log(step, measure, actor, was, comment, token)
            for upload in files:
                evidence.keep(upload, measure, entry, actor, kept)
            _save(measure, actor, step.label)
            notices.tell(measure, actor, step.label, set(step.tells))
            audit.record(actor, f"整改：{step.label}", measure, detail={"from": was, "to": measure.state})
    except BaseException:
        evidence.discard(kept)
        raise
    return entry


def _locked(pk: int, actor: User) -> Measure:
    """The measure, held against everyone else until the transaction ends."""
    visible = Measure.objects.visible_to(actor).filter(pk=pk)
    locked = Measure.objects.filter(pk__in=visible.values("pk")).select_related("campaign")
    return locked.select_for_update(of=("self",)).get()


def _same_form(entry: ProgressEntry, measure: Measure, actor: User) -> ProgressEntry:
    if (entry.measure_id, entry.actor_id) != (measure.pk, actor.pk):
        raise StepRefusedError("这份表单已用过，请刷新页面后重新填写")
    return entry


def _check(step: Step, measure: Measure, actor: User, version: int | None, comment: str, files: int) -> None:
    if version is not None and version != measure.version:
        raise StaleMeasureError(measure)
    if not may_take(step, measure, actor):
        raise StepRefusedError(f"您的账号不能{step.label}")
    if not _fits(step, measure):
        raise StepRefusedError(f"这项措施现在是「{measure.get_state_display()}」，不能{step.label}")
    missing = _missing(step, measure, actor, comment=comment, files=files)
    if missing:
        raise StepRefusedError(missing)


def _move(step: Step, measure: Measure, actor: User, comment: str) -> None:
    """State, people, dates and percentage as the step leaves them."""
    measure.state = step.moves[MeasureState(measure.state)]
    if step.forgets:
        for name in PEOPLE:
            setattr(measure, name, None)
        measure.recheck_months = measure.next_recheck = None
    if step.stamps:
        setattr(measure, step.stamps, actor)
    measure.closed_on = timezone.localdate() if measure.state == CLOSED else None
    measure.cancelled_reason = comment.strip()[:200] if measure.state == CANCELLED else ""
    if step.event in {ProgressEvent.RETURNED, ProgressEvent.REOPENED}:
        measure.percent = min(measure.percent, NOT_DONE_PERCENT)
    elif measure.state in {APPLIED, PENDING, CLOSED}:
        measure.percent = 100


def _log(step: Step, measure: Measure, actor: User, was: str, comment: str, token: str) -> ProgressEntry:
    return ProgressEntry.objects.create(
        measure=measure,
        actor=actor,
        event=step.event,
        from_state=was,
        to_state=measure.state,
        percent=measure.percent,
        comment=comment.strip(),
        token=token or None,
    )


def _save(measure: Measure, actor: User, reason: str) -> None:
    measure.version += 1
    measure._history_user = actor  # type: ignore[attr-defined]
    measure._change_reason = reason  # type: ignore[attr-defined]
    measure.save()


def ask_extension(
    pk: int, *, actor: User, new_due: date, reason: str, version: int | None = None, token: str = ""
) -> ExtensionRequest:
    """A unit asks for a later date. Raises as `apply_transition` does."""

    def change(measure: Measure) -> None:
        if measure.extension_requests.filter(state=ExtensionState.PENDING).exists():
            raise StepRefusedError("已有一项延期申请待审，请等监督员答复")
        if measure.due is not None and new_due <= measure.due:
            raise StepRefusedError(f"延期后的日期须晚于现在的时限 {measure.due}")
        if new_due <= timezone.localdate():
            raise StepRefusedError("延期后的日期须晚于今天")
        ExtensionRequest.objects.create(
            measure=measure,
            old_due=measure.due,
            new_due=new_due,
            reason=reason.strip()[:500],
            requested_by=actor,
        )

    _take(pk, "ask_extension", actor=actor, version=version, comment=reason, token=token, change=change)
    return ExtensionRequest.objects.filter(measure=pk).latest("requested_at", "pk")


def decide_extension(pk: int, *, actor: User, grant: bool, answer: str = "") -> ProgressEntry:
    """A supervisor answers a request. The first date stays in `original_due`. Raises StepRefusedError."""
    request = ExtensionRequest.objects.visible_to(actor).get(pk=pk)

    def change(measure: Measure) -> None:
        locked = ExtensionRequest.objects.select_for_update().get(pk=pk)
        if locked.state != ExtensionState.PENDING:
            raise StepRefusedError(f"这项延期申请已有答复：{locked.get_state_display()}")
        if locked.requested_by_id == actor.pk:
            raise StepRefusedError("您是提出申请的人，须由他人审批")
        if grant:
            measure.original_due = measure.original_due or measure.due
            measure.due = locked.new_due
        locked.state = ExtensionState.GRANTED if grant else ExtensionState.REFUSED
        locked.decided_by, locked.decided_at = actor, timezone.now()
        locked.answer = answer.strip()[:500]
        locked.save()

    code = "grant_extension" if grant else "refuse_extension"
    comment = answer or f"延至 {request.new_due}" if grant else answer
    return _take(request.measure_id, code, actor=actor, comment=comment, change=change)


def _months_later(day: date, months: int) -> date:
    """The same day some months on; the last of the month where it has no such day."""
    year, month = divmod(day.month - 1 + months, 12)
    year, month = day.year + year, month + 1
    return date(year, month, min(day.day, calendar.monthrange(year, month)[1]))
