"""Turns accepted statements into rows of the register; removes them again while nobody has touched them."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.db.models import Max, RestrictedError

from accounts.merging import is_anonymised
from accounts.models import Unit, UnitAlias, User
from reports.enums import TAKEN, ReportState, Scope, StatementType
from reports.models import Report, Statement
from reports.unit_matching import UnitIndex, type_of
from riskregistry.enums import MeasureState
from riskregistry.models import Campaign, Domain, Measure, Participation


class RegisterWriter:
    """Writes one report. `write` returns what it made: {"units": n, "measures": n, …}."""

    def __init__(self, report: Report, actor: User) -> None:
        self.report = report
        self.actor = actor
        self.index = UnitIndex.load()
        # Names as this report uses them; a name with XX means the same body within one report only.
        self.here: dict[str, Unit] = {}
        self.made = {"units": 0, "aliases": 0, "participations": 0, "measures": 0, "domains": 0}

    def write(self) -> dict[str, int]:
        taken = list(self.report.statements.filter(decision__in=TAKEN).select_related("unit", "measure"))
        for statement in taken:
            if statement.type == StatementType.UNIT:
                self._unit(statement)
        self._figures()
        for statement in taken:
            if statement.type == StatementType.MEASURE:
                self._measure(statement)
        if self.report.unit_id is None:
            self._next_steps(taken)
        return self.made

    def _unit(self, statement: Statement) -> None:
        fact = statement.final
        name, aliases = str(fact["name"]), [str(alias) for alias in _list(fact.get("aliases"))]
        unit = statement.unit or self.index.find(name, aliases)
        if unit is None:
            unit = self._new_unit(name)
            statement.effects = {**statement.effects, "unit": unit.pk}
        for known_as in [name, *aliases]:
            self.here[known_as] = unit
        if not is_anonymised(name):
            self._aliases(unit, [name, *aliases], statement)
        statement.unit = unit
        if fact.get("role") == "participant" and statement.participation_id is None:
            statement.participation, made = Participation.objects.get_or_create(
                campaign=self.report.campaign, unit=unit
            )
            statement.effects = {**statement.effects, "participation": made}
            self.made["participations"] += made
        statement.save()

    def _new_unit(self, name: str) -> Unit:
        last = Unit.objects.aggregate(last=Max("order"))["last"] or 0
        free = name if not Unit.objects.filter(name=name).exists() else f"{name}（报告{self.report.pk}）"
        unit = Unit.objects.create(name=free, unit_type=type_of(name), order=last + 10, confirmed=False)
        self.index.add(name, unit)
        self.made["units"] += 1
        return unit

    def _aliases(self, unit: Unit, names: list[str], statement: Statement) -> None:
        for name in names:
            if name in {unit.name, unit.short_name} or self.index.by_name.get(name) is not None:
                continue
            alias = UnitAlias.objects.create(unit=unit, name=name, confirmed=False)
            self.index.add(name, unit)
            statement.effects = {
                **statement.effects,
                "aliases": [*_list(statement.effects.get("aliases")), alias.pk],
            }
            self.made["aliases"] += 1

    def _resolve(self, name: str) -> Unit | None:
        return self.here.get(name) or self.index.find(name, [])

    def _figures(self) -> None:
        """Bind parts to the domain or unit they name. A domain not known yet joins the dictionary, last."""
        domains = {domain.name: domain for domain in Domain.objects.all()}
        for figure in self.report.figures.filter(decision__in=TAKEN):
            if figure.scope == Scope.DOMAIN and figure.domain_id is None:
                if figure.name not in domains:
                    last = Domain.objects.aggregate(last=Max("order"))["last"] or 0
                    domains[figure.name] = Domain.objects.create(name=figure.name[:30], order=last + 10)
                    self.made["domains"] += 1
                figure.domain = domains[figure.name]
                figure.save(update_fields=["domain"])
            elif figure.scope == Scope.UNIT and figure.unit_id is None:
                figure.unit = self._resolve(figure.name)
                figure.save(update_fields=["unit"])

    def _measure(self, statement: Statement) -> None:
        """A measure starts as 整改中 without a due date: what a report says was done is not yet verified."""
        if statement.measure_id is not None:
            return
        fact = statement.final
        unit = self._resolve(str(fact["unit"]))
        if unit is None:
            unit = self.here[str(fact["unit"])] = self._new_unit(str(fact["unit"]))
            statement.effects = {**statement.effects, "unit": unit.pk}
        heading, text = str(fact["heading"])[:200], statement.quote
        campaign = self.report.campaign
        same = Measure.objects.filter(campaign=campaign, unit=unit, heading=heading, text=text).first()
        statement.measure = same or self._new_measure(unit, heading, text, fact)
        statement.created = same is None
        statement.save()

    def _new_measure(self, unit: Unit, heading: str, text: str, fact: dict[str, Any]) -> Measure:
        measure = Measure.objects.create(
            campaign=self.report.campaign,
            unit=unit,
            heading=heading,
            text=text,
            and_others=bool(fact.get("and_others")),
            documents=_list(fact.get("documents")),
            theme=fact.get("theme") or "other",
            state=MeasureState.IN_PROGRESS,
        )
        helpers = [self._resolve(str(name)) for name in _list(fact.get("co_units"))]
        measure.co_units.set([helper for helper in helpers if helper is not None and helper.pk != unit.pk])
        self.made["measures"] += 1
        return measure

    def _next_steps(self, taken: list[Statement]) -> None:
        """A county's own report also says what comes next."""
        campaign = Campaign.objects.select_for_update().get(pk=self.report.campaign_id)
        steps = [_step(statement) for statement in taken if statement.type == StatementType.NEXT_STEP]
        new = [step for step in steps if step not in campaign.next_steps]
        if new:
            campaign.next_steps = [*campaign.next_steps, *new]
            campaign.save()


def _step(statement: Statement) -> dict[str, object]:
    fact = statement.final
    return {"heading": fact["heading"], "text": fact["text"]}


def remove_effects(report: Report, *, superseded: bool = False) -> list[str]:
    """Remove what a report's acceptance made, except what another report in force or a person has taken up.

    Of a report that is only `superseded` the units stay: the newer report speaks of the same bodies.
    Returns the measures that stay since somebody has worked on them.
    """
    kept = _remove_measures(report)
    _remove_next_steps(report)
    if not superseded:
        _remove_units(report)
    return kept


def _remove_measures(report: Report) -> list[str]:
    kept: list[str] = []
    others = Statement.objects.exclude(report=report).filter(
        report__state=ReportState.ACCEPTED, decision__in=TAKEN
    )
    for statement in report.statements.filter(measure__isnull=False).select_related("measure"):
        measure, made_here = statement.measure, statement.created
        statement.measure, statement.created = None, False
        statement.save(update_fields=["measure", "created"])
        if measure is None or not made_here:
            continue
        heir = others.filter(measure=measure).first()
        if heir is not None:
            heir.created = True
            heir.save(update_fields=["created"])
        elif _touched(measure, statement):
            kept.append(str(measure))
        else:
            measure.delete()
    return kept


def _touched(measure: Measure, source: Statement) -> bool:
    """Whether anybody has worked on the measure since it was read. A merged unit alone is no work."""
    return (
        measure.version > 1
        or measure.state != MeasureState.IN_PROGRESS
        or (measure.heading, measure.text) != (str(source.final["heading"])[:200], source.quote)
        or bool(measure.due or measure.start or measure.responsible or measure.percent)
        or measure.entries.exists()
        or measure.evidence.exists()
        or measure.risk_items.exists()
    )


def _remove_next_steps(report: Report) -> None:
    if report.unit_id is not None:
        return
    campaign = Campaign.objects.select_for_update().get(pk=report.campaign_id)
    step_statements = Statement.objects.filter(type=StatementType.NEXT_STEP, decision__in=TAKEN)
    in_force = Report.objects.in_force().filter(campaign=campaign, unit=None).exclude(pk=report.pk)
    said_elsewhere = [_step(statement) for statement in step_statements.filter(report__in=in_force)]
    gone = [step for step in map(_step, step_statements.filter(report=report)) if step not in said_elsewhere]
    left = [step for step in campaign.next_steps if step not in gone]
    if left != campaign.next_steps:
        campaign.next_steps = left
        campaign.save()


def _remove_units(report: Report) -> None:
    """Participations, aliases and units that only this report brought, while nothing else refers to them."""
    brought: list[int] = []
    for statement in report.statements.select_related("participation"):
        effects, participation = statement.effects, statement.participation
        UnitAlias.objects.filter(pk__in=_list(effects.get("aliases")), confirmed=False).delete()
        if "unit" in effects:
            brought.append(effects["unit"])
        statement.unit = statement.participation = None
        statement.effects = {}
        statement.save()
        if participation is not None and effects.get("participation") and not _takes_part(participation):
            participation.delete()
    report.figures.filter(unit__in=brought).update(unit=None)
    for unit in Unit.objects.filter(pk__in=brought, confirmed=False):
        try:
            with transaction.atomic():
                unit.delete()
        except RestrictedError:
            continue  # somebody uses it: it stays, to be confirmed or merged


def _takes_part(participation: Participation) -> bool:
    """Whether anything besides the report withdrawn shows that the unit takes part."""
    campaign, unit = participation.campaign, participation.unit
    return (
        participation.study_held_on is not None
        or participation.none_declarations.exists()
        or unit.risk_items.filter(campaign=campaign).exists()
        or unit.measures.filter(campaign=campaign).exists()
        or Statement.objects.filter(
            participation=participation, report__state=ReportState.ACCEPTED, decision__in=TAKEN
        ).exists()
    )


def _list(value: object) -> list[Any]:
    return list(value) if isinstance(value, list) else []
