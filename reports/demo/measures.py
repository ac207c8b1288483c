"""Measures and the way each of them went: every state, and what happened on the way there."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from random import Random
from typing import Any

from accounts.models import User
from reports.demo import measure_phrases as words
from reports.demo.clock import DAYS, Clock
from reports.demo.history import Past, Version
from riskregistry.enums import MeasureState, ProgressEvent
from riskregistry.models import Measure, ProgressEntry

# What a step may change.
CHANGING = (
    "state",
    "percent",
    "due",
    "original_due",
    "closed_on",
    "cancelled_reason",
    "applied_by_id",
    "verified_by_id",
    "approved_by_id",
    "version",
)


@dataclass(frozen=True)
class Outcome:
    """Where a measure ends: state, what happened on the way, and how its due date lies to today."""

    state: MeasureState
    twist: str = ""  # returned, extended, reopened
    due: str = "later"  # overdue, soon, later, none


# How many measures of a county end where: as many as there are units, times three.
OUTCOMES = (
    *[Outcome(MeasureState.CLOSED)] * 22,
    *[Outcome(MeasureState.CLOSED, "returned")] * 4,
    *[Outcome(MeasureState.CLOSED, "extended")] * 4,
    *[Outcome(MeasureState.LONG_TERM)] * 5,
    *[Outcome(MeasureState.LONG_TERM, due="none")] * 3,
    *[Outcome(MeasureState.IN_PROGRESS, due="overdue")] * 4,
    *[Outcome(MeasureState.IN_PROGRESS, due="soon")] * 3,
    *[Outcome(MeasureState.IN_PROGRESS)] * 4,
    *[Outcome(MeasureState.IN_PROGRESS, due="none")] * 2,
    *[Outcome(MeasureState.IN_PROGRESS, "returned", "overdue")] * 1,
    *[Outcome(MeasureState.IN_PROGRESS, "returned")] * 2,
    *[Outcome(MeasureState.IN_PROGRESS, "extended")] * 1,
    *[Outcome(MeasureState.IN_PROGRESS, "refused")] * 1,
    *[Outcome(MeasureState.IN_PROGRESS, "reopened")] * 2,
    *[Outcome(MeasureState.NOT_STARTED, due="overdue")] * 1,
    *[Outcome(MeasureState.NOT_STARTED, due="soon")] * 1,
    *[Outcome(MeasureState.NOT_STARTED)] * 3,
    *[Outcome(MeasureState.NOT_STARTED, due="none")] * 1,
    *[Outcome(MeasureState.APPLIED, due="overdue")] * 1,
    *[Outcome(MeasureState.APPLIED, due="soon")] * 2,
    *[Outcome(MeasureState.APPLIED)] * 3,
    *[Outcome(MeasureState.PENDING_APPROVAL, due="overdue")] * 1,
    *[Outcome(MeasureState.PENDING_APPROVAL, due="soon")] * 1,
    *[Outcome(MeasureState.PENDING_APPROVAL)] * 3,
    *[Outcome(MeasureState.CANCELLED)] * 3,
)


@dataclass(frozen=True)
class Cast:
    """Who acts on a measure: the unit's officer, a supervisor, a leader."""

    officer: User
    supervisor: User
    leader: User


@dataclass
class Walk:
    """Takes one unsaved measure from its creation to its outcome, and notes each version and entry."""

    measure: Measure
    outcome: Outcome
    cast: Cast
    clock: Clock
    rng: Random
    day: int = 0
    finished_by: int = 0  # about the day on which what is done by now was done
    entries: list[ProgressEntry] = field(default_factory=list)
    seen: list[tuple[datetime, User, dict[str, Any]]] = field(default_factory=list)

    def past(self) -> Past[Measure]:
        """Walk the whole way. The measure then stands as it does today."""
        self.finished_by = self.rng.randint(45, 160)
        self._create()
        self._go()
        last = len(self.seen) - 1
        return Past(
            self.measure,
            tuple(
                Version(at, by, {} if number == last else values)
                for number, (at, by, values) in enumerate(self.seen)
            ),
        )

    def _go(self) -> None:
        state, twist = self.outcome.state, self.outcome.twist
        if state == MeasureState.NOT_STARTED:
            return
        if state == MeasureState.CANCELLED:
            self._cancel()
            return
        self._step(MeasureState.IN_PROGRESS, self.cast.officer, words.STARTED, (2, 8), percent=10)
        self._progress()
        if twist == "extended":
            self._ask()
            self._extend()
        elif twist == "refused":
            self._ask()
            self._refuse()
        elif twist == "returned":
            self._apply()
            self._send_back()
        elif twist == "reopened":
            self._apply()
            self._verify()
            self._approve()
            self._reopen()
        self._progress()
        self._finish(state)

    def _finish(self, state: MeasureState) -> None:
        if state == MeasureState.IN_PROGRESS:
            if self.outcome.due != "overdue":
                self._pause_until(self.rng.randint(140, 162))
                self._progress()
            return
        if state == MeasureState.APPLIED:
            self._pause_until(self.rng.randint(160, 171))
        elif state == MeasureState.PENDING_APPROVAL:
            self._pause_until(self.rng.randint(154, 164))
        else:
            self._pause_until(self.finished_by)
        self._apply()
        if state == MeasureState.LONG_TERM:
            self._keep_up()
            if self.outcome.due == "none":
                self._recheck()
        elif state != MeasureState.APPLIED:
            self._verify()
        if state == MeasureState.CLOSED:
            self._approve()

    def _pause_until(self, day: int) -> None:
        self.day = max(self.day, day)

    def _create(self) -> None:
        late = self.outcome.state == MeasureState.NOT_STARTED
        self.day = self.rng.randint(90, 150) if late else self.rng.randint(12, 48)
        start = self.day + self.rng.randint(2, 8)
        self.measure.start = self.clock.date(start)
        self.measure.due = self._due()
        self.measure.created_at = self.clock.at(self.day, self.rng)
        self._note(ProgressEvent.CREATED, "", self.cast.officer, words.CREATED, self.measure.created_at, None)

    def _due(self) -> date | None:
        """The due date as it stands today; for what is done by now, in the course of the campaign."""
        if self.outcome.due == "none":
            return None
        if self.outcome.state in {MeasureState.CLOSED, MeasureState.LONG_TERM, MeasureState.CANCELLED}:
            first, last = max(self.finished_by, 95), max(self.finished_by, 95) + 35
        else:
            first, last = {"overdue": (164, 178), "soon": (DAYS, DAYS + 6), "later": (200, 300)}[
                self.outcome.due
            ]
        return self.clock.date(self.rng.randint(first, last))

    def _progress(self) -> None:
        percent = min(90, self.measure.percent + self.rng.choice((15, 20, 25, 30)))
        self._step(
            MeasureState.IN_PROGRESS,
            self.cast.officer,
            words.PROGRESS,
            (7, 18),
            event=ProgressEvent.PROGRESS,
            percent=percent,
        )

    def _ask(self) -> None:
        self._step(
            MeasureState.IN_PROGRESS,
            self.cast.officer,
            words.ASKED,
            (3, 8),
            event=ProgressEvent.EXTENSION_REQUESTED,
        )

    def _refuse(self) -> None:
        self._step(
            MeasureState.IN_PROGRESS,
            self.cast.supervisor,
            words.REFUSED,
            (1, 3),
            event=ProgressEvent.EXTENSION_REFUSED,
        )

    def _extend(self) -> None:
        """The date asked for becomes the due date; up to here it was an earlier one."""
        self.day += self.rng.randint(1, 3)
        agreed = self.clock.date(self.day + self.rng.randint(1, 6))
        for _, _, values in self.seen:
            values["due"] = agreed
        self.measure.original_due = agreed
        self._step(
            MeasureState.IN_PROGRESS,
            self.cast.supervisor,
            words.EXTENDED,
            (0, 0),
            event=ProgressEvent.EXTENDED,
        )

    def _apply(self) -> None:
        officer = self.cast.officer
        self._step(
            MeasureState.APPLIED, officer, words.APPLIED, (3, 9), percent=100, applied_by_id=officer.pk
        )

    def _send_back(self) -> None:
        self._step(
            MeasureState.IN_PROGRESS,
            self.cast.supervisor,
            words.RETURNED,
            (2, 5),
            event=ProgressEvent.RETURNED,
            percent=70,
            applied_by_id=None,
        )

    def _verify(self) -> None:
        supervisor = self.cast.supervisor
        self._step(
            MeasureState.PENDING_APPROVAL, supervisor, words.VERIFIED, (2, 6), verified_by_id=supervisor.pk
        )

    def _approve(self) -> None:
        self.day += self.rng.randint(1, 4)
        closed_on = self.clock.date(self.day)
        leader = self.cast.leader
        self._step(
            MeasureState.CLOSED, leader, words.APPROVED, (0, 0), closed_on=closed_on, approved_by_id=leader.pk
        )

    def _keep_up(self) -> None:
        supervisor = self.cast.supervisor
        self._step(MeasureState.LONG_TERM, supervisor, words.KEPT_UP, (2, 6), verified_by_id=supervisor.pk)

    def _recheck(self) -> None:
        self._step(
            MeasureState.LONG_TERM,
            self.cast.supervisor,
            words.RECHECKED,
            (1, 3),
            event=ProgressEvent.RECHECKED,
        )

    def _reopen(self) -> None:
        self._step(
            MeasureState.IN_PROGRESS,
            self.cast.supervisor,
            words.REOPENED,
            (12, 30),
            event=ProgressEvent.REOPENED,
            percent=60,
            closed_on=None,
            applied_by_id=None,
            verified_by_id=None,
            approved_by_id=None,
        )

    def _cancel(self) -> None:
        reason = self.rng.choice(words.CANCELLED)
        self._step(MeasureState.CANCELLED, self.cast.supervisor, (reason,), (15, 60), cancelled_reason=reason)

    def _step(
        self,
        to: MeasureState,
        by: User,
        comments: tuple[str, ...],
        days: tuple[int, int],
        *,
        event: ProgressEvent = ProgressEvent.STEP,
        percent: int | None = None,
        **changes: Any,
    ) -> None:
        """Some days on, `by` takes the measure to `to`; `changes` are attributes of the measure."""
        self.day += self.rng.randint(*days)
        was = self.measure.state
        self.measure.state = to
        self.measure.version += 1
        if percent is not None:
            self.measure.percent = percent
        for name, value in changes.items():
            setattr(self.measure, name, value)
        said = {entry.comment for entry in self.entries}
        comment = self.rng.choice([text for text in comments if text not in said] or comments)
        self._note(event, was, by, comment, self.clock.at(self.day, self.rng), percent)

    def _note(
        self, event: ProgressEvent, was: str, by: User, comment: str, at: datetime, percent: int | None
    ) -> None:
        self.entries.append(
            ProgressEntry(
                measure=self.measure,
                at=at,
                actor=by,
                event=event,
                from_state=was,
                to_state=self.measure.state,
                percent=percent,
                comment=comment,
            )
        )
        self.seen.append((at, by, {name: getattr(self.measure, name) for name in CHANGING}))
