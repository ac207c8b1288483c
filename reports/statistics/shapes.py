"""The shapes that published numbers travel in: frozen, free of the ORM, and safe to store as JSON."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from functools import cached_property

from riskregistry.enums import MeasureState

UNASSIGNED = "未归领域"


@dataclass(frozen=True)
class ItemCell:
    """Risk items of one kind in one domain (`domain` is a primary key, None = 未归领域)."""

    kind: str
    domain: int | None
    count: int


@dataclass(frozen=True)
class Items:
    """Risk items by kind and domain; a cell that is absent holds none."""

    cells: tuple[ItemCell, ...] = ()

    def count(self, kind: str | None = None) -> int:
        return sum(cell.count for cell in self.cells if kind in (None, cell.kind))

    def in_domain(self, domain: int | None, kind: str | None = None) -> int:
        return sum(c.count for c in self.cells if c.domain == domain and kind in (None, c.kind))

    @classmethod
    def together(cls, parts: Iterable[Items]) -> Items:
        total: Counter[tuple[str, int | None]] = Counter()
        for part in parts:
            for cell in part.cells:
                total[cell.kind, cell.domain] += cell.count
        return cls(tuple(ItemCell(kind, domain, count) for (kind, domain), count in total.items()))


@dataclass(frozen=True)
class MeasureCell:
    """Measures of one theme in one state, and how many of these are late or soon due."""

    theme: str
    state: str
    count: int
    overdue: int
    due_soon: int


@dataclass(frozen=True)
class Measures:
    """Measures by theme and state. 已取消 is kept in the cells, and left out of `total` and of the rates."""

    cells: tuple[MeasureCell, ...] = ()

    def count(self, *, theme: str | None = None, state: str | None = None) -> int:
        return sum(c.count for c in self.cells if theme in (None, c.theme) and state in (None, c.state))

    @property
    def total(self) -> int:
        return self.count() - self.count(state=MeasureState.CANCELLED)

    @property
    def closed(self) -> int:
        return self.count(state=MeasureState.CLOSED)

    @property
    def long_term(self) -> int:
        return self.count(state=MeasureState.LONG_TERM)

    @property
    def overdue(self) -> int:
        return sum(cell.overdue for cell in self.cells)

    @property
    def on_the_way(self) -> int:
        """Neither done nor kept up, and not late."""
        return self.total - self.closed - self.long_term - self.overdue

    @property
    def due_soon(self) -> int:
        return sum(cell.due_soon for cell in self.cells)

    @property
    def closing_rate(self) -> float | None:
        return percentage(self.closed, self.total)

    @property
    def closing_rate_with_long_term(self) -> float | None:
        return percentage(self.closed + self.long_term, self.total)

    @classmethod
    def together(cls, parts: Iterable[Measures]) -> Measures:
        total: dict[tuple[str, str], list[int]] = {}
        for part in parts:
            for cell in part.cells:
                sums = total.setdefault((cell.theme, cell.state), [0, 0, 0])
                for place, value in enumerate((cell.count, cell.overdue, cell.due_soon)):
                    sums[place] += value
        return cls(tuple(MeasureCell(theme, state, *sums) for (theme, state), sums in total.items()))


def percentage(part: int, whole: int) -> float | None:
    """In percent, to one place, halves up (as a clerk rounds); None where there is nothing to divide by."""
    if whole == 0:
        return None
    return float((Decimal(part) * 100 / whole).quantize(Decimal("0.1"), ROUND_HALF_UP))


@dataclass(frozen=True)
class DomainRow:
    """A domain of the dictionary, in its order.

    `pk` is None for 未归领域, and for a name that only a report has.
    """

    pk: int | None
    name: str

    @property
    def in_register(self) -> bool:
        return self.pk is not None or self.name == UNASSIGNED


@dataclass(frozen=True)
class Declaration:
    """A unit says that it found none of a kind in a domain."""

    kind: str
    domain: int


@dataclass(frozen=True)
class UnitRow:
    """One unit's numbers. `taking_part` says whether the campaign counts it among its units.

    `current` is False for one that has been merged into another.
    """

    pk: int
    name: str
    label: str
    confirmed: bool
    current: bool
    taking_part: bool
    study_held_on: date | None
    items: Items
    measures: Measures
    declared: tuple[Declaration, ...]

    @property
    def involved(self) -> bool:
        return self.taking_part or bool(self.items.cells) or bool(self.measures.cells)

    def found(self, kind: str) -> int | None:
        """Items of a kind; 0 where none was declared; None where the unit has not reported (未报送)."""
        count = self.items.count(kind)
        return count if count or self.declares_none(kind) else None

    def declares_none(self, kind: str) -> bool:
        return any(declaration.kind == kind for declaration in self.declared)

    def unreported(self, kind: str) -> bool:
        return self.taking_part and self.found(kind) is None


@dataclass(frozen=True)
class ReportedFigure:
    """A number stated in a report; `domain` is a name, None for the total."""

    kind: str
    domain: str | None
    value: int
    approximate: bool


@dataclass(frozen=True)
class Reported:
    """What the county's newest accepted report states. What it leaves unstated is absent (未列明)."""

    report: int
    title: str
    as_of: date | None
    figures: tuple[ReportedFigure, ...]
    cases: int | None
    units: int | None

    def figure(self, kind: str, domain: str | None = None) -> ReportedFigure | None:
        return next((f for f in self.figures if (f.kind, f.domain) == (kind, domain)), None)


@dataclass(frozen=True)
class OpenDiscrepancy:
    """Something that does not add up and has not been explained.

    `report` is set for one found within a report; None for a reported number unlike the registered one.
    """

    kind: str
    message: str
    report: int | None
    source: str


@dataclass(frozen=True)
class OverdueMeasure:
    pk: int
    heading: str
    unit: int
    unit_name: str
    responsible: str
    state: str
    due: date
    days: int


@dataclass(frozen=True)
class Overview:
    """Every number of one campaign, as one person may see it, at one time.

    `as_of` is the day the numbers stand for; `live` says whether they come from the tables of this moment
    or from what was recorded at the end of that day. `reported` is None where there is no accepted county
    report with figures; `sees_reported` is False where the person may not see one. `overdue` and
    `discrepancies` may be cut to a number of rows: `measures.overdue` and `discrepancy_count` count all.
    """

    campaign: int
    campaign_name: str
    as_of: date
    live: bool
    scope: str
    due_soon_days: int
    cases: int
    domains: tuple[DomainRow, ...]
    units: tuple[UnitRow, ...]
    items: Items
    measures: Measures
    sees_reported: bool
    reported: Reported | None
    discrepancies: tuple[OpenDiscrepancy, ...]
    discrepancy_count: int
    overdue: tuple[OverdueMeasure, ...]

    @property
    def units_reported(self) -> int | None:
        return self.reported.units if self.reported else None

    @property
    def cases_reported(self) -> int | None:
        return self.reported.cases if self.reported else None

    @property
    def units_registered(self) -> int:
        return sum(unit.current for unit in self.units)

    @cached_property
    def taking_part(self) -> tuple[UnitRow, ...]:
        return tuple(unit for unit in self.units if unit.taking_part)

    @cached_property
    def involved(self) -> tuple[UnitRow, ...]:
        """Units that take part, or under which something is registered: all that sums run over."""
        return tuple(unit for unit in self.units if unit.involved)

    @property
    def register_domains(self) -> tuple[DomainRow, ...]:
        """Without the names that only a report has."""
        return tuple(domain for domain in self.domains if domain.in_register)

    @property
    def empty(self) -> bool:
        return not (self.involved or self.reported)

    @property
    def nothing_registered(self) -> bool:
        """Whether no risk item is registered at all: a reported number has nothing to differ from."""
        return self.items.count() == 0

    def differs(self, kind: str, domain: DomainRow | None = None) -> bool:
        """Whether a reported number is unlike the registered one. An approximate number never is."""
        stated = self.reported and self.reported.figure(kind, domain.name if domain else None)
        if not stated or stated.approximate or self.nothing_registered:
            return False
        return stated.value != self.registered(kind, domain)

    def difference(self, kind: str, domain: DomainRow | None = None) -> int | None:
        """The reported number less the registered one; None where there is none, or only about."""
        stated = self.reported and self.reported.figure(kind, domain.name if domain else None)
        return None if not stated or stated.approximate else stated.value - self.registered(kind, domain)

    def registered(self, kind: str, domain: DomainRow | None = None) -> int:
        if domain is None:
            return self.items.count(kind)
        return self.items.in_domain(domain.pk, kind) if domain.in_register else 0


@dataclass(frozen=True)
class Number:
    """One published number in flat form.

    `value` is a count, a percentage, or None: 未列明 for a reported number, 未报送 for a unit's risk items,
    and no rate where there is nothing to divide by. `kind`, `theme` and `state` are codes; `domain` and
    `unit` are names; None means not split by it.
    """

    key: str
    label: str
    value: int | float | None
    definition: str
    kind: str | None = None
    domain: str | None = None
    unit: str | None = None
    theme: str | None = None
    state: str | None = None
