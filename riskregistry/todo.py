"""What waits for a person in the register: what, why, and since when. The page adds what waits in reports."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import F, OuterRef, Q, Subquery
from django.urls import reverse
from django.utils import timezone

from accounts.models import Unit, User
from accounts.permissions import Action
from riskregistry.enums import (
    ExtensionState,
    LookbackResult,
    MeasureState,
    ProgressEvent,
    SubmissionState,
)
from riskregistry.models import (
    Campaign,
    ChasingLetter,
    ExtensionRequest,
    Lookback,
    Measure,
    MeasureQuerySet,
    ProgressEntry,
    Submission,
)

# Rows shown of one kind; the rest is behind a link.
SHOWN = 30


@dataclass(frozen=True)
class Waiting:
    """One thing that waits for the person. `since` is a date of the office's calendar."""

    title: str
    unit: str
    note: str
    since: date | None
    path: str


@dataclass(frozen=True)
class Group:
    """Things that wait for the same reason; `total` counts also those not in `rows`."""

    name: str
    why: str
    rows: tuple[Waiting, ...]
    total: int
    more: str = ""


def waiting_for(user: User, campaign: Campaign | None, soon_days: int) -> list[Group]:
    """Everything in the register that waits for `user`, groups with nothing left out.

    Measures are those of `campaign`; requests, letters and submissions those of every campaign in sight.
    """
    today = timezone.localdate()
    measures = Measure.objects.visible_to(user).filter(campaign=campaign).select_related("unit")
    groups: list[Group] = []
    if user.may(Action.APPROVE_CLOSING):
        groups.append(_pending_approval(measures))
    if user.may(Action.VERIFY_MEASURE):
        groups += _supervisors(user, measures, today)
    if user.may(Action.RECORD_PROGRESS) and user.unit_id is not None:
        groups += _officers(user, measures.filter(unit=user.unit_id), today, soon_days)
    return [group for group in groups if group.total]


def _pending_approval(measures: MeasureQuerySet) -> Group:
    rows = _dated(measures.filter(state=MeasureState.PENDING_APPROVAL))
    return _group("待您审批", "监督员已核验，等领导批准销号", rows, _of_measure, state="pending_approval")


def _supervisors(user: User, measures: MeasureQuerySet, today: date) -> list[Group]:
    applied = _dated(measures.filter(state=MeasureState.APPLIED).exclude(applied_by=user.pk))
    rechecks = measures.filter(state=MeasureState.LONG_TERM, next_recheck__lte=today).order_by("next_recheck")
    extensions = ExtensionRequest.objects.visible_to(user).filter(state=ExtensionState.PENDING)
    extensions = (
        extensions.exclude(requested_by=user.pk).select_related("measure__unit").order_by("requested_at")
    )
    submissions = Submission.objects.visible_to(user).filter(state=SubmissionState.SUBMITTED)
    submissions = submissions.select_related("participation__unit", "participation__campaign")
    lookbacks = Lookback.objects.visible_to(user).filter(result=LookbackResult.PENDING)
    lookbacks = lookbacks.select_related("measure__unit", "round")
    letters = ChasingLetter.objects.visible_to(user).filter(answered_at=None, answer_due__lt=today)
    return [
        _group("待核验", "单位已申请销号", applied, _of_measure, state="applied"),
        _group("待答复的延期申请", "单位申请延后整改时限", extensions, _of_extension),
        _group("到期复查", "长期坚持的措施到了复查日期", rechecks, _of_recheck, state="long_term"),
        _group(
            "待确认的报送", "单位已报，等您确认或退回", submissions.order_by("submitted_at"), _of_submission
        ),
        _group("待回头看", "已抽中，还没有记录查看情况", lookbacks.order_by("round", "pk"), _of_lookback),
        _group(
            "逾期未答复的督办",
            "已过答复期限",
            letters.select_related("unit").order_by("answer_due"),
            _of_letter,
        ),
        _unconfirmed(user),
    ]


def _unconfirmed(user: User) -> Group:
    units = Unit.objects.visible_to(user).current().filter(confirmed=False).order_by("created_at")

    def of_unit(unit: Unit) -> Waiting:
        return Waiting(
            unit.name, unit.name, "", _day(unit.created_at), reverse("reports:unit", args=[unit.pk])
        )

    return _group("待确认的单位", "从报告中读出的新名称，须确认或合并", units, of_unit)


def _officers(user: User, own: MeasureQuerySet, today: date, soon_days: int) -> list[Group]:
    doing = own.filter(state__in=(MeasureState.NOT_STARTED, MeasureState.IN_PROGRESS))
    sent_back = Q(last_event__in=(ProgressEvent.RETURNED, ProgressEvent.REOPENED))
    returned = _dated(doing.filter(state=MeasureState.IN_PROGRESS)).filter(sent_back)
    late = doing.filter(due__lt=today).order_by("due")
    soon = doing.filter(due__gte=today, due__lte=today + timedelta(days=soon_days)).order_by("due")
    unset = doing.filter(Q(due=None) | Q(responsible="")).order_by("created_at")
    letters = ChasingLetter.objects.filter(unit=user.unit_id, answered_at=None).select_related("unit")
    submissions = Submission.objects.visible_to(user).filter(state=SubmissionState.RETURNED)
    submissions = submissions.select_related("participation__unit", "participation__campaign")
    return [
        _group(
            "待答复的督办", "收到提醒函或督办单，须签收并答复", letters.order_by("answer_due"), _of_letter
        ),
        _group("被退回", "监督员或领导退回，须继续整改", returned, _of_measure),
        _group("逾期", "已过整改时限", late, _of_due, light="overdue"),
        _group("临近到期", "整改时限快到了", soon, _of_due, light="soon"),
        _group("被退回的报送", "须改正后重新报送", submissions.order_by("decided_at"), _of_submission),
        _group("缺责任人或时限", "填了才能申请销号", unset, _of_unset),
    ]


def _dated(measures: MeasureQuerySet) -> MeasureQuerySet:
    """With the last entry's time and event, the longest waiting first."""
    last = ProgressEntry.objects.filter(measure=OuterRef("pk")).order_by("-at", "-pk")
    dated: MeasureQuerySet = measures.annotate(
        since=Subquery(last.values("at")[:1]),
        last_event=Subquery(last.values("event")[:1]),
        said=Subquery(last.values("comment")[:1]),
    ).order_by(F("since").asc(nulls_first=True), "pk")
    return dated


def _group(name: str, why: str, rows: Any, told: Callable[[Any], Waiting], **more: str) -> Group:
    """`more` narrows the list of measures to the same rows."""
    shown: Iterable[Any] = rows[: SHOWN + 1]
    found = [told(row) for row in shown]
    total = len(found) if len(found) <= SHOWN else rows.count()
    query = "&".join(f"{key}={value}" for key, value in more.items())
    address = f"{reverse('riskregistry:measure_list')}?{query}" if more and total > SHOWN else ""
    return Group(name, why, tuple(found[:SHOWN]), total, address)


def _day(at: Any) -> date | None:
    return timezone.localtime(at).date() if at else None


def _page(measure: Measure) -> str:
    return reverse("riskregistry:measure", args=[measure.pk])


def _of_measure(measure: Any) -> Waiting:
    return Waiting(
        measure.heading, measure.unit.name, measure.said or "", _day(measure.since), _page(measure)
    )


def _of_due(measure: Measure) -> Waiting:
    return Waiting(measure.heading, measure.unit.name, f"时限 {measure.due}", measure.due, _page(measure))


def _of_recheck(measure: Measure) -> Waiting:
    return Waiting(measure.heading, measure.unit.name, "", measure.next_recheck, _page(measure))


def _of_unset(measure: Measure) -> Waiting:
    lacking = [
        word for word, there in (("责任人", measure.responsible), ("整改时限", measure.due)) if not there
    ]
    return Waiting(
        measure.heading,
        measure.unit.name,
        "缺" + "、".join(lacking),
        _day(measure.created_at),
        _page(measure),
    )


def _of_extension(asked: ExtensionRequest) -> Waiting:
    dates = f"{asked.old_due or '未定时限'} → {asked.new_due}：{asked.reason}"
    measure = asked.measure
    return Waiting(measure.heading, measure.unit.name, dates, _day(asked.requested_at), _page(measure))


def _of_lookback(lookback: Lookback) -> Waiting:
    path = reverse("riskregistry:lookback_round", args=[lookback.round_id])
    day = _day(lookback.round.drawn_at)
    return Waiting(lookback.measure.heading, lookback.measure.unit.name, lookback.round.name, day, path)


def _of_letter(letter: ChasingLetter) -> Waiting:
    path = reverse("riskregistry:letter", args=[letter.pk])
    return Waiting(
        str(letter), letter.unit.name, f"答复期限 {letter.answer_due}", _day(letter.issued_at), path
    )


def _of_submission(submission: Submission) -> Waiting:
    participation = submission.participation
    path = f"{reverse('reports:submissions')}?campaign={participation.campaign_id}"
    told = submission.reason or participation.campaign.name
    day = _day(submission.decided_at or submission.submitted_at)
    return Waiting(submission.get_item_display(), participation.unit.name, told, day, path)
