"""The queries behind every published number: one pass over each table, grouped by the database."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING, Any

from django.db.models import Count, Exists, F, OuterRef, Subquery, Window
from django.db.models.functions import Coalesce, TruncDate

from accounts.models import Unit
from reports.enums import TAKEN, Scope, StatementType
from reports.models import Figure, Statement
from reports.statistics.register import Register
from reports.statistics.shapes import (
    UNASSIGNED,
    Declaration,
    DomainRow,
    ItemCell,
    Items,
    MeasureCell,
    Measures,
    OpenDiscrepancy,
    OverdueMeasure,
    Overview,
    Reported,
    ReportedFigure,
    UnitRow,
)
from riskregistry.enums import RiskKind
from riskregistry.lights import Light, light_q, soon_within
from riskregistry.models import (
    Campaign,
    Case,
    Domain,
    Measure,
    NoneDeclaration,
    Participation,
    RiskItem,
)

if TYPE_CHECKING:
    from accounts.permissions import AnyUser

# How many rows of a list the overview carries unless asked for more.
LISTED = 10


def overview(
    user: AnyUser | None,
    campaign: Campaign,
    as_of: date | None = None,
    *,
    unit: Unit | None = None,
    due_soon_days: int | None = None,
    listed: int | None = LISTED,
) -> Overview:
    """Every published number of a campaign in a person's scope.

    `user` None is the system itself: all units. `as_of` None or today: now; a past day: what was recorded
    at its end. `unit` narrows the scope to one unit. `due_soon_days` saves the look-up of the setting.
    `listed` cuts the two lists (None: uncut). Raises ValidationError (Chinese) for a day to come.
    """
    register = Register.at(user, campaign, as_of, unit)
    soon = soon_within(register.day) if due_soon_days is None else due_soon_days
    units = _unit_rows(register, soon)
    items = Items.together(row.items for row in units)
    reported = _reported(register)
    counted = Overview(
        campaign=campaign.pk,
        campaign_name=campaign.name,
        as_of=register.day,
        live=register.live,
        scope=_scope(register, units),
        due_soon_days=soon,
        cases=register.rows(Case).filter(campaign_id=campaign.pk).count(),
        domains=_domain_rows(items, reported),
        units=units,
        items=items,
        measures=Measures.together(row.measures for row in units),
        sees_reported=register.sees_reported,
        reported=reported,
        discrepancies=(),
        discrepancy_count=0,
        overdue=_overdue(register, listed),
    )
    return _with_discrepancies(counted, register, listed)


def _scope(register: Register, units: tuple[UnitRow, ...]) -> str:
    if register.unit is not None:
        return register.unit.name
    if register.sees_all:
        return "全部单位"
    return "、".join(row.name for row in units if row.current) or "无"


def _unit_rows(register: Register, due_soon_days: int) -> tuple[UnitRow, ...]:
    """Units in the official order: those in their own right, and those with anything under them."""
    standing = register.rows(Unit).filter(id=OuterRef("pk"), merged_into=None)
    units = register.units.annotate(current=Exists(standing)).order_by("order", "pk")
    items = _items_by_unit(register)
    measures = _measures_by_unit(register, due_soon_days)
    participations = list(register.scoped(Participation).values_list("id", "unit_id", "study_held_on"))
    studied = {unit: study_held_on for _, unit, study_held_on in participations}
    declared = _declared_by_unit(register, {pk: unit for pk, unit, _ in participations})
    rows = (
        UnitRow(
            pk=unit["pk"],
            name=unit["name"],
            label=unit["short_name"] or unit["name"],
            confirmed=unit["confirmed"],
            current=unit["current"],
            taking_part=unit["pk"] in studied,
            study_held_on=studied.get(unit["pk"]),
            items=Items(tuple(items[unit["pk"]])),
            measures=Measures(tuple(measures[unit["pk"]])),
            declared=tuple(declared[unit["pk"]]),
        )
        for unit in units.values("pk", "name", "short_name", "confirmed", "current")
    )
    return tuple(row for row in rows if row.current or row.involved)


def _items_by_unit(register: Register) -> dict[int, list[ItemCell]]:
    rows = register.scoped(RiskItem).filter(withdrawn_at=None)
    cells: dict[int, list[ItemCell]] = defaultdict(list)
    for unit, kind, domain, count in rows.values_list("unit_id", "kind", "domain_id").annotate(n=Count("id")):
        cells[unit].append(ItemCell(kind, domain, count))
    return cells


def _measures_by_unit(register: Register, due_soon_days: int) -> dict[int, list[MeasureCell]]:
    rows = (
        register.scoped(Measure)
        .values_list("unit_id", "theme", "state")
        .annotate(
            n=Count("id"),
            late=Count("id", filter=light_q(Light.OVERDUE, register.day, due_soon_days)),
            soon=Count("id", filter=light_q(Light.SOON, register.day, due_soon_days)),
        )
    )
    cells: dict[int, list[MeasureCell]] = defaultdict(list)
    for unit, *cell in rows:
        cells[unit].append(MeasureCell(*cell))
    return cells


def _declared_by_unit(register: Register, unit_of: dict[int, int]) -> dict[int, list[Declaration]]:
    """`unit_of` is the unit of each participation."""
    taking_part = register.scoped(Participation).values("id")
    rows = register.rows(NoneDeclaration).filter(participation_id__in=taking_part).order_by("id")
    declared: dict[int, list[Declaration]] = defaultdict(list)
    for participation, kind, domain in rows.values_list("participation_id", "kind", "domain_id"):
        declared[unit_of[participation]].append(Declaration(kind, domain))
    return declared


def _reported(register: Register) -> Reported | None:
    """The newest accepted county report, by the day it speaks of; only for who sees all units and reports."""
    if not register.sees_reported:
        return None
    spoken_of = Coalesce("as_of", TruncDate("accepted_at"))
    newest = register.reports_in_force().filter(unit=None).order_by(spoken_of.desc(), "-accepted_at", "-pk")
    from_it = {"report": Subquery(newest.values("pk")[:1]), "decision__in": TAKEN}
    figures = list(
        Figure.objects.filter(**from_it, scope__in=[Scope.TOTAL, Scope.DOMAIN], kind__in=RiskKind.values)
        .select_related("report", "domain")
        .order_by("pk")
    )
    statements = list(
        Statement.objects.filter(**from_it, type__in=[StatementType.CASES, StatementType.UNITS_INVOLVED])
        .select_related("report")
        .order_by("pk")
    )
    if not figures and not statements:
        return None
    report = (figures or statements)[0].report
    counts = {statement.type: int(str(statement.final["value"])) for statement in statements}
    return Reported(
        report.pk,
        str(report),
        report.as_of,
        _first_of_each(map(_reported_figure, figures)),
        cases=counts.get(StatementType.CASES),
        units=counts.get(StatementType.UNITS_INVOLVED),
    )


def _reported_figure(figure: Figure) -> ReportedFigure:
    name = figure.domain.name if figure.domain else figure.name
    domain = name if figure.scope == Scope.DOMAIN else None
    return ReportedFigure(figure.kind, domain, figure.final_value, figure.approximate)


def _first_of_each(figures: Iterable[ReportedFigure]) -> tuple[ReportedFigure, ...]:
    first: dict[tuple[str, str | None], ReportedFigure] = {}
    for figure in figures:
        first.setdefault((figure.kind, figure.domain), figure)
    return tuple(first.values())


def _domain_rows(items: Items, reported: Reported | None) -> tuple[DomainRow, ...]:
    """The dictionary in its order, 未归领域 where it holds anything, then names only the report knows."""
    used = {cell.domain for cell in items.cells}
    rows = [DomainRow(pk, name) for pk, name in Domain.objects.values_list("pk", "name")]
    if None in used:
        rows.append(DomainRow(None, UNASSIGNED))
    names = {row.name for row in rows}
    stated = dict.fromkeys(figure.domain for figure in reported.figures) if reported else {}
    return (*rows, *(DomainRow(None, name) for name in stated if name and name not in names))


def _overdue(register: Register, listed: int | None) -> tuple[OverdueMeasure, ...]:
    late = register.scoped(Measure).filter(light_q(Light.OVERDUE, register.day, soon_days=0))
    rows = late.order_by("due", "unit__order", "unit_id", "id").values(
        "id", "heading", "unit_id", "unit__name", "responsible", "state", "due"
    )
    return tuple(
        OverdueMeasure(
            pk=row["id"],
            heading=row["heading"],
            unit=row["unit_id"],
            unit_name=row["unit__name"],
            responsible=row["responsible"],
            state=row["state"],
            due=row["due"],
            days=(register.day - row["due"]).days,
        )
        for row in rows[:listed]
    )


def _with_discrepancies(counted: Overview, register: Register, listed: int | None) -> Overview:
    """Numbers unlike each other first, then what the reports themselves leave unexplained."""
    differing = tuple(_differences(counted))
    rows = (
        register.open_discrepancies()
        .annotate(found=Window(Count("pk")), title=F("report__title"), file=F("report__original_name"))
        .order_by("-report__uploaded_at", "-report", "pk")
        .values_list("kind", "message", "report_id", "title", "file", "found")[:listed]
    )
    unexplained: list[tuple[Any, ...]] = list(rows)
    within = (
        OpenDiscrepancy(kind, text, pk, title or file) for kind, text, pk, title, file, _ in unexplained
    )
    count = len(differing) + (unexplained[0][-1] if unexplained else 0)
    return replace(counted, discrepancies=(*differing, *within)[:listed], discrepancy_count=count)


def _differences(counted: Overview) -> Iterable[OpenDiscrepancy]:
    """One a kind: the total and the domains in which the reported number is unlike the registered one."""
    if counted.reported is None:
        return
    for kind in RiskKind:
        parts = []
        for domain in (None, *counted.domains):
            stated = counted.reported.figure(kind, domain.name if domain else None)
            if stated and counted.differs(kind, domain):
                name = domain.name if domain else "合计"
                parts.append(f"{name}报告 {stated.value}、登记 {counted.registered(kind, domain)}")
        if parts:
            text = f"{kind.label}的报告数与登记数不一致：{'；'.join(parts)}"
            yield OpenDiscrepancy(kind, text, None, counted.reported.title)
