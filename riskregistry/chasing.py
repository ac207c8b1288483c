"""Chasing (督办): which rung is due, issuing a letter, its receipt and its answer.

A rule suggests, a person decides: nothing is ever sent by itself.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Max
from django.urls import reverse
from django.utils import timezone

from accounts import audit
from accounts.enums import Role
from accounts.models import Unit, User
from accounts.permissions import Action
from accounts.preferences import all_preferences
from riskregistry import notices
from riskregistry.enums import ChasingRung
from riskregistry.models import Campaign, ChasingLetter, Measure
from riskregistry.working_days import add_working_days, holidays

RUNGS = tuple(ChasingRung)
THRESHOLDS = {
    ChasingRung.REMINDER: "remind_after_days",
    ChasingRung.SUPERVISION: "supervise_after_days",
    ChasingRung.CIRCULAR: "circulate_after_days",
}


@dataclass(frozen=True)
class Suggestion:
    """A unit with late measures, and the rung that the rule suggests. `last` is the newest letter to it."""

    unit: Unit
    measures: tuple[Measure, ...]
    worst: int
    rung: ChasingRung
    last: ChasingLetter | None

    @property
    def why(self) -> str:
        before = f"，上一份是{self.last}" if self.last else "，还没有发过文书"
        return f"{len(self.measures)} 项逾期，最长逾期 {self.worst} 天{before}"


def suggestions(user: User, campaign: Campaign, today: date | None = None) -> list[Suggestion]:
    """Units of the campaign with late measures, in the official order; three queries."""
    today = today or timezone.localdate()
    settings = all_preferences()
    late = Measure.objects.visible_to(user).filter(campaign=campaign).overdue(today)
    late = late.select_related("unit").order_by("unit__order", "unit", "due", "pk")
    letters: dict[int, ChasingLetter] = {}
    for letter in (
        ChasingLetter.objects.visible_to(user).filter(campaign=campaign).order_by("issued_at", "pk")
    ):
        letters[letter.unit_id] = letter
    found = []
    for unit, rows in groupby(late, key=lambda measure: measure.unit):
        measures = tuple(rows)
        worst = (today - min(measure.due for measure in measures if measure.due)).days
        rung = next_rung(worst, letters.get(unit.pk), settings)
        if rung is not None:
            found.append(Suggestion(unit, measures, worst, rung, letters.get(unit.pk)))
    return found


def next_rung(worst: int, last: ChasingLetter | None, settings: Mapping[str, Any]) -> ChasingRung | None:
    """The rung for so many days late: as the settings say, but never more than one above the last letter.

    None while the settings ask for nothing yet.
    """
    by_days = [rung for rung in RUNGS if worst >= int(settings[THRESHOLDS[rung]])]
    if not by_days:
        return None
    highest = RUNGS.index(ChasingRung(last.rung)) + 1 if last else 0
    return RUNGS[min(RUNGS.index(by_days[-1]), highest, len(RUNGS) - 1)]


def default_answer_due(today: date) -> date:
    return add_working_days(today, int(all_preferences()["answer_days"]), holidays())


def issue(
    unit: Unit,
    campaign: Campaign,
    rung: ChasingRung,
    measures: Sequence[Measure],
    *,
    actor: User,
    answer_due: date,
    demand: str = "",
) -> ChasingLetter:
    """Issue a letter about these measures of the unit. Raises ValidationError (Chinese)."""
    today = timezone.localdate()
    if not actor.may(Action.VERIFY_MEASURE):
        raise ValidationError("只有监督员可以发督办文书")
    if not measures:
        raise ValidationError("请至少选一项措施")
    if any((measure.unit_id, measure.campaign_id) != (unit.pk, campaign.pk) for measure in measures):
        raise ValidationError("所选措施须都是该单位在本专项行动中的措施")
    if answer_due <= today:
        raise ValidationError("答复期限须晚于今天")
    with transaction.atomic():
        year = today.year
        # The campaign's row is held while a number is given out, so that none is given twice.
        Campaign.objects.select_for_update().get(pk=campaign.pk)
        known = ChasingLetter.objects.filter(rung=rung, year=year)
        letter = ChasingLetter(
            campaign=campaign,
            unit=unit,
            rung=rung,
            year=year,
            number=(known.aggregate(last=Max("number"))["last"] or 0) + 1,
            items=[_item(measure, today) for measure in measures],
            demand=demand.strip(),
            issued_by=actor,
            answer_due=answer_due,
        )
        letter.save()
        letter.measures.set(measures)
        notices.send(
            _readers(letter, actor), f"收到{letter}", reverse("riskregistry:letter", args=[letter.pk])
        )
        audit.record(actor, f"发出{letter.get_rung_display()}", letter, detail={"unit": unit.name})
    return letter


def _item(measure: Measure, today: date) -> dict[str, Any]:
    return {
        "pk": measure.pk,
        "heading": measure.heading,
        "responsible": measure.responsible,
        "due": measure.due.isoformat() if measure.due else "",
        "state": measure.get_state_display(),
        "days_late": (today - measure.due).days if measure.due and measure.due < today else 0,
    }


def _readers(letter: ChasingLetter, actor: User) -> list[User]:
    """The unit's officers; those of the whole campaign where it is a circular."""
    people = User.objects.filter(role=Role.OFFICER, is_active=True).exclude(pk=actor.pk)
    if letter.rung == ChasingRung.CIRCULAR:
        return list(people.filter(unit__participations__campaign=letter.campaign_id).distinct())
    return list(people.filter(unit=letter.unit_id))


def receive(letter: ChasingLetter, *, actor: User) -> None:
    """The unit has the letter. A second time changes nothing."""
    with transaction.atomic():
        locked = _of_own_unit(letter, actor)
        if locked.received_at is None:
            locked.received_at, locked.received_by = timezone.now(), actor
            locked.save()
            audit.record(actor, f"签收{locked.get_rung_display()}", locked)


def answer(letter: ChasingLetter, text: str, *, actor: User) -> None:
    """The unit's answer; one letter is answered once. Raises ValidationError (Chinese)."""
    if not text.strip():
        raise ValidationError("请填写答复内容")
    with transaction.atomic():
        locked = _of_own_unit(letter, actor)
        if locked.answered_at is not None:
            raise ValidationError("这份文书已经答复过了")
        now = timezone.now()
        if locked.received_at is None:
            locked.received_at, locked.received_by = now, actor
        locked.answered_at, locked.answered_by, locked.answer = now, actor, text.strip()
        locked.save()
        path = reverse("riskregistry:letter", args=[locked.pk])
        notices.send(User.objects.filter(pk=locked.issued_by_id), f"{locked.unit.name}已答复{locked}", path)
        audit.record(actor, f"答复{locked.get_rung_display()}", locked)


def _of_own_unit(letter: ChasingLetter, actor: User) -> ChasingLetter:
    """The letter, held; only the unit that it was sent to signs and answers."""
    locked = ChasingLetter.objects.select_for_update(of=("self",)).select_related("unit").get(pk=letter.pk)
    if actor.unit_id != locked.unit_id or not actor.may(Action.RECORD_PROGRESS):
        raise ValidationError(f"只有{locked.unit.name}的联络员可以签收和答复")
    return locked
