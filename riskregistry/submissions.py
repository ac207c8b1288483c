"""What units owe a campaign (报送): handing in, returning, confirming, and changes after that.

未报 is the absence of a row. A change to what was confirmed needs a reason; the item stays 已确认, and the
change is shown beside it: sending it back is a person's decision, not a side effect.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Count
from django.utils import timezone
from django.utils.dateparse import parse_date

from accounts import audit
from accounts.models import Unit, User
from accounts.permissions import Action
from riskregistry.enums import RiskKind, SubmissionItem, SubmissionState
from riskregistry.models import (
    Campaign,
    Domain,
    LateChange,
    NoneDeclaration,
    Participation,
    Requirement,
    RiskItem,
    Submission,
)

NOT_SUBMITTED = "not_submitted"
NOT_SUBMITTED_LABEL = "未报"


def reason_needed(unit: Unit, campaign: Campaign, item: SubmissionItem) -> bool:
    """Whether a change to this must say why: it was confirmed."""
    return _confirmed(unit, campaign, item) is not None


def _confirmed(unit: Unit, campaign: Campaign, item: SubmissionItem) -> Submission | None:
    rows = Submission.objects.filter(
        participation__unit=unit, participation__campaign=campaign, item=item, state=SubmissionState.CONFIRMED
    )
    return rows.first()


def record_late_change(
    unit: Unit, campaign: Campaign, item: SubmissionItem, *, actor: User, reason: str, summary: str
) -> LateChange | None:
    """Write down why something confirmed was changed; None where nothing was confirmed.

    Call inside the change's transaction. Raises ValidationError (Chinese) without a reason.
    """
    submission = _confirmed(unit, campaign, item)
    if submission is None:
        return None
    if not reason.strip():
        raise ValidationError(f"{item.label}已确认，变更须写明原因")
    change = LateChange.objects.create(
        submission=submission, actor=actor, reason=reason.strip()[:200], summary=summary[:200]
    )
    audit.record(actor, "确认后变更", submission, detail={"reason": change.reason, "summary": summary})
    return change


def _may_hand_in(participation: Participation, actor: User) -> None:
    own = actor.unit_id == participation.unit_id
    if not actor.may(Action.EDIT_REGISTER) or not (own or actor.may(Action.SEE_ALL_UNITS)):
        raise ValidationError("您的账号不能替这个单位报送")


@transaction.atomic
def submit(participation: Participation, item: SubmissionItem, *, actor: User) -> Submission:
    """未报 or 退回 → 已报. What is 已报 or 已确认 stays as it is. Raises ValidationError (Chinese)."""
    _may_hand_in(participation, actor)
    locked = Participation.objects.select_for_update().get(pk=participation.pk)
    known = Submission.objects.filter(participation=locked, item=item).first()
    if known is not None and known.state != SubmissionState.RETURNED:
        return known
    submission = known or Submission(participation=locked, item=item)
    submission.state = SubmissionState.SUBMITTED
    submission.submitted_by, submission.submitted_at = actor, timezone.now()
    submission.decided_by = submission.decided_at = None
    submission.reason = ""
    submission.save()
    audit.record(actor, "报送", submission)
    return submission


def return_(submission: Submission, *, actor: User, reason: str) -> Submission:
    """已报 or 已确认 → 退回, with a reason. Raises ValidationError (Chinese)."""
    if not reason.strip():
        raise ValidationError("退回须写明原因")
    return _decide(submission, SubmissionState.RETURNED, actor, reason.strip()[:200], "退回报送")


def confirm(submission: Submission, *, actor: User) -> Submission:
    """已报 → 已确认. Raises ValidationError (Chinese)."""
    return _decide(submission, SubmissionState.CONFIRMED, actor, "", "确认报送")


@transaction.atomic
def _decide(submission: Submission, state: SubmissionState, actor: User, reason: str, act: str) -> Submission:
    if not actor.may(Action.VERIFY_MEASURE):
        raise ValidationError("只有监督员可以确认或退回")
    locked = Submission.objects.select_for_update().get(pk=submission.pk)
    from_states = {SubmissionState.SUBMITTED} | (
        {SubmissionState.CONFIRMED} if state == SubmissionState.RETURNED else set()
    )
    if locked.state not in from_states:
        raise ValidationError(f"现在是「{locked.get_state_display()}」，不能{act.removesuffix('报送')}")
    locked.state, locked.reason = state, reason
    locked.decided_by, locked.decided_at = actor, timezone.now()
    locked.save()
    audit.record(actor, act, locked, detail={"reason": reason} if reason else {})
    return locked


@transaction.atomic
def declare_none(
    participation: Participation, kind: RiskKind, domain: Domain, *, actor: User
) -> NoneDeclaration:
    """The unit found none of a kind in a domain. Refused while it has such items."""
    _may_hand_in(participation, actor)
    items = RiskItem.objects.current().filter(
        campaign=participation.campaign_id, unit=participation.unit_id, kind=kind, domain=domain
    )
    if items.exists():
        raise ValidationError(f"{domain.name}领域已登记 {items.count()} 条{kind.label}，不能作零申报")
    declaration, made = NoneDeclaration.objects.get_or_create(
        participation=participation, kind=kind, domain=domain, defaults={"declared_by": actor}
    )
    if made:
        audit.record(actor, "零申报", declaration)
    return declaration


@transaction.atomic
def withdraw_declaration(declaration: NoneDeclaration, *, actor: User) -> None:
    _may_hand_in(declaration.participation, actor)
    audit.record(actor, "撤回零申报", declaration)
    declaration.delete()


def item_counts(participation: Participation) -> dict[tuple[str, int | None], int]:
    """(kind, domain) → how many current items the unit has there."""
    rows = RiskItem.objects.current().filter(campaign=participation.campaign_id, unit=participation.unit_id)
    counted = rows.order_by().values_list("kind", "domain").annotate(count=Count("pk"))
    return {(kind, domain): count for kind, domain, count in counted}


@transaction.atomic
def set_study(participation: Participation, day: str, *, actor: User) -> None:
    """The date of the study meeting; that is also handing it in. Raises ValidationError (Chinese)."""
    _may_hand_in(participation, actor)
    try:
        held = parse_date(day)
    except ValueError:
        held = None
    if held is None:
        raise ValidationError("请填写会议日期")
    if held > timezone.localdate():
        raise ValidationError("会议日期不能晚于今天")
    locked = Participation.objects.select_for_update().get(pk=participation.pk)
    locked.study_held_on = held
    locked.save()
    audit.record(actor, "登记专题会议", locked, detail={"date": held})
    submit(locked, SubmissionItem.STUDY, actor=actor)


def drop_declarations(unit: Unit, campaign: Campaign, found: Iterable[tuple[str, int | None]]) -> None:
    """Items win: what was declared none of and has been found after all, (kind, domain), is declared no more.

    Call inside the transaction that writes the items.
    """
    pairs = set(found)
    rows = NoneDeclaration.objects.filter(participation__unit=unit, participation__campaign=campaign)
    for declaration in rows:
        if (declaration.kind, declaration.domain_id) in pairs:
            declaration.delete()


@dataclass(frozen=True)
class Cell:
    """One unit and one thing that is due. `submission` None: 未报. `days_late` 0: in time, or not yet due."""

    item: SubmissionItem
    due: date | None
    submission: Submission | None
    changes: tuple[LateChange, ...]
    days_late: int

    @property
    def state(self) -> str:
        return self.submission.state if self.submission else NOT_SUBMITTED

    @property
    def state_label(self) -> str:
        return self.submission.get_state_display() if self.submission else NOT_SUBMITTED_LABEL

    @property
    def done(self) -> bool:
        return self.state in {SubmissionState.SUBMITTED, SubmissionState.CONFIRMED}


@dataclass(frozen=True)
class BoardRow:
    participation: Participation
    cells: tuple[Cell, ...]

    @property
    def late(self) -> bool:
        return any(cell.days_late for cell in self.cells)

    @property
    def open(self) -> bool:
        return any(not cell.done for cell in self.cells)


@dataclass(frozen=True)
class Board:
    """Units × what is due, in the official order."""

    requirements: tuple[Requirement, ...]
    rows: tuple[BoardRow, ...]

    def count(self, item: str, state: str) -> int:
        return sum(cell.state == state for row in self.rows for cell in row.cells if cell.item == item)


def board(user: User, campaign: Campaign, today: date | None = None) -> Board:
    """The board in the person's scope; four queries."""
    today = today or timezone.localdate()
    known = {r.item: r for r in Requirement.objects.visible_to(user).filter(campaign=campaign)}
    requirements = tuple(known[item] for item in SubmissionItem.values if item in known)
    submissions: dict[tuple[int, str], Submission] = {}
    changes: dict[int, list[LateChange]] = {}
    rows = Submission.objects.visible_to(user).filter(participation__campaign=campaign)
    for submission in rows.select_related("submitted_by", "decided_by"):
        submissions[submission.participation_id, submission.item] = submission
    late = LateChange.objects.visible_to(user).filter(submission__participation__campaign=campaign)
    for change in late.select_related("actor"):
        changes.setdefault(change.submission_id, []).append(change)

    def cell(participation: Participation, requirement: Requirement) -> Cell:
        submission = submissions.get((participation.pk, requirement.item))
        return Cell(
            SubmissionItem(requirement.item),
            requirement.due,
            submission,
            tuple(changes.get(submission.pk, ())) if submission else (),
            _days_late(requirement.due, submission, today),
        )

    units = Participation.objects.visible_to(user).filter(campaign=campaign).select_related("unit")
    return Board(
        requirements,
        tuple(
            BoardRow(unit, tuple(cell(unit, requirement) for requirement in requirements)) for unit in units
        ),
    )


def _days_late(due: date | None, submission: Submission | None, today: date) -> int:
    """Days after the due date: until it came, or until today while it has not (or was sent back)."""
    if due is None:
        return 0
    came = submission is not None and submission.state != SubmissionState.RETURNED
    day = timezone.localtime(submission.submitted_at).date() if came and submission else today
    return max((day - due).days, 0)
