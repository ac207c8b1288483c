"""Every measure of a campaign as one line, as of a day: what ledgers and annexes list."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from accounts.models import Unit, User
from reports.statistics.register import Register
from reports.statistics.shapes import UNASSIGNED
from riskregistry.enums import MeasureState, Theme
from riskregistry.lights import light
from riskregistry.models import Domain, Measure

if TYPE_CHECKING:
    from django.db.models import QuerySet

CHUNK = 2_000
THEMES, STATES = dict(Theme.choices), dict(MeasureState.choices)
COLUMNS = (
    "id", "unit_id", "and_others", "theme", "heading", "text", "domain_id", "documents", "responsible",
    "start", "due", "original_due", "percent", "state", "closed_on", "applied_by_id", "verified_by_id",
    "approved_by_id",
)  # fmt: skip


@dataclass(frozen=True)
class MeasureLine:
    """One measure, not cancelled. Units, domain and people by name; theme, state and light in words."""

    pk: int
    unit: int
    unit_name: str
    co_units: tuple[str, ...]
    and_others: bool
    theme: str
    heading: str
    text: str
    domain: str
    documents: tuple[str, ...]
    responsible: str
    start: date | None
    due: date | None
    original_due: date | None
    percent: int
    state: str
    closed_on: date | None
    applied_by: str
    verified_by: str
    approved_by: str
    light: str

    @property
    def actors(self) -> str:
        """甲局、乙局等单位."""
        return "、".join((self.unit_name, *self.co_units)) + ("等单位" if self.and_others else "")


def measure_rows(register: Register, units: Collection[int] | None = None) -> QuerySet[Any]:
    rows = register.scoped(Measure).exclude(state=MeasureState.CANCELLED)
    return rows if units is None else rows.filter(unit_id__in=units)


def measure_lines(
    register: Register, soon_days: int, units: Collection[int] | None = None
) -> Iterator[MeasureLine]:
    """In the official order of the units, then as entered; read in pieces, so that memory stays flat.

    Who helps is not kept in the history: the helpers of a past day are today's.
    """
    names = _Names(
        dict(Unit.objects.values_list("pk", "name")),
        dict(Domain.objects.values_list("pk", "name")),
        dict(User.objects.values_list("pk", "name")),
    )
    rows = measure_rows(register, units).order_by("unit__order", "unit_id", "id").values_list(*COLUMNS)
    piece: list[tuple[Any, ...]] = []
    for row in rows.iterator(CHUNK):
        piece.append(row)
        if len(piece) == CHUNK:
            yield from _lines(piece, register.day, soon_days, names)
            piece = []
    yield from _lines(piece, register.day, soon_days, names)


@dataclass(frozen=True)
class _Names:
    units: dict[int, str]
    domains: dict[int, str]
    people: dict[int, str]


def _lines(rows: list[tuple[Any, ...]], day: date, soon_days: int, names: _Names) -> Iterator[MeasureLine]:
    helpers: dict[int, list[str]] = defaultdict(list)
    links = Measure.co_units.through.objects.filter(measure_id__in=[row[0] for row in rows])
    for measure, unit in links.order_by("unit__order", "unit_id").values_list("measure_id", "unit_id"):
        helpers[measure].append(names.units[unit])
    person = names.people.get
    for (
        pk, unit, and_others, theme, heading, text, domain, documents, responsible, start, due, original_due,
        percent, state, closed_on, applied_by, verified_by, approved_by,
    ) in rows:  # fmt: skip
        lit = light(state, due, day, soon_days)
        yield MeasureLine(
            pk=pk,
            unit=unit,
            unit_name=names.units[unit],
            co_units=tuple(helpers.get(pk, ())),
            and_others=and_others,
            theme=THEMES[theme],
            heading=heading,
            text=text,
            domain=names.domains.get(domain, UNASSIGNED),
            documents=tuple(documents),
            responsible=responsible,
            start=start,
            due=due,
            original_due=original_due,
            percent=percent,
            state=STATES[state],
            closed_on=closed_on,
            applied_by=person(applied_by, ""),
            verified_by=person(verified_by, ""),
            approved_by=person(approved_by, ""),
            light=lit.label if lit else "",
        )
