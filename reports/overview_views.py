"""Pages of published numbers: the overview, the list of units, and one unit."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.views.decorators.http import require_safe

from accounts.models import Unit
from accounts.permissions import Action, requires, signed_in
from reports import charts, unit_facts
from reports.models import Report
from reports.statistics import DomainRow, Number, Overview, UnitRow, overview, totals
from reports.unit_table import UnitTable, unit_lines
from riskregistry.campaigns import current_campaign
from riskregistry.enums import COUNTERS, MeasureState, RiskKind
from riskregistry.lights import Light, soon_within
from riskregistry.models import Campaign, Domain

# How many names a cell of the overview gives before it says how many more there are.
NAMED_UNITS = 10
UNITS_A_PAGE = 50


@dataclass(frozen=True)
class Card:
    """What `_number.html` shows."""

    label: str
    value: object
    unit: str
    definition: str
    url: str = ""
    reported: str | None = None
    note: str = ""
    alert: bool = False


@dataclass(frozen=True)
class Stated:
    """A registered number with the reported one beside it; `reported` None: the report leaves it unstated."""

    registered: int
    url: str
    reported: str | None
    differs: bool


@dataclass(frozen=True)
class Links:
    """Addresses of the lists behind the numbers, narrowed to what the person's numbers count."""

    risk_list: str
    measure_list: str
    campaign: int
    only_unit: int | None

    def items(self, **filters: Any) -> str:
        return self._address(self.risk_list, filters)

    def measures(self, **filters: Any) -> str:
        return self._address(self.measure_list, filters)

    def _address(self, path: str, filters: dict[str, Any]) -> str:
        query: dict[str, Any] = {"campaign": self.campaign}
        if self.only_unit is not None:
            query["unit"] = self.only_unit
        for key, value in filters.items():
            if isinstance(value, DomainRow):
                if not value.in_register:
                    return ""
                query[key] = value.pk or "none"
            else:
                query[key] = value.pk if isinstance(value, (UnitRow, Domain)) else value
        return f"{path}?{urlencode(query)}"


def links_for(request: HttpRequest, counted: Overview, unit: Unit | None = None) -> Links:
    """Lists of measures hold those that one helps with, too: whoever sees one unit is led to its own."""
    assert request.user.is_authenticated
    only_unit = None if request.user.may(Action.SEE_ALL_UNITS) else request.user.unit_id
    return Links(
        risk_list=reverse("riskregistry:risk_list"),
        measure_list=reverse("riskregistry:measure_list"),
        campaign=counted.campaign,
        only_unit=unit.pk if unit else only_unit,
    )


def counted_for(request: HttpRequest, campaign: Campaign, unit: Unit | None = None) -> Overview:
    """The numbers for the day in the address; a bad day gives a message and today's numbers."""

    def counted(day: date | None) -> Overview:
        soon = soon_within(day or timezone.localdate(), getattr(request, "preferences", None))
        return overview(request.user, campaign, day, unit=unit, due_soon_days=soon)

    try:
        return counted(asked_day(request))
    except ValidationError as error:
        messages.warning(request, f"{error.messages[0]}。以下是现时数字。")
        return counted(None)


def asked_day(request: HttpRequest) -> date | None:
    text = request.GET.get("as_of", "").strip()
    if not text:
        return None
    try:
        day = parse_date(text)
    except ValueError:
        day = None
    if day is None:
        raise ValidationError(f"「{text[:20]}」不是日期，请按 2023-08-12 这样填写")
    return day


@require_safe
@requires(Action.VIEW_REGISTER)
def overview_page(request: HttpRequest) -> HttpResponse:
    campaign = current_campaign(request)
    if campaign is None:
        return render(request, "reports/overview.html", {"today": timezone.localdate()})
    counted = counted_for(request, campaign)
    links = links_for(request, counted)
    context = {
        "campaign": campaign,
        "counted": counted,
        "today": timezone.localdate(),
        "cards": _cards(counted, links),
        "charts": [
            _domain_chart(counted, links),
            charts.measures_by_theme(counted, links.measures),
        ],
        "heat_map": charts.units_by_domain(counted, links.items),
        "units_not_drawn": max(len(counted.involved) - charts.HEAT_MAP_UNITS, 0),
        "kinds": RiskKind.labels,
        "domain_lines": _domain_lines(counted, links),
        "reporting_lines": _reporting_lines(counted),
        "overdue_url": links.measures(light=Light.OVERDUE),
        "discrepancies": [(found, _discrepancy_url(found.report, links)) for found in counted.discrepancies],
    }
    return render(request, "reports/overview.html", context)


def _domain_chart(counted: Overview, links: Links) -> charts.Chart:
    """The register's numbers; while it holds none, those of the county's report, under their own name."""
    if counted.nothing_registered and counted.reported:
        return charts.reported_by_domain(counted, counted.reported, _report_url(counted))
    return charts.items_by_domain(counted, links.items)


def _report_url(counted: Overview) -> str:
    return reverse("reports:report", args=[counted.reported.report]) if counted.reported else ""


class CardMaker:
    """Cards out of published numbers: label, value and 口径 all come from `totals`."""

    def __init__(self, counted: Overview) -> None:
        self.found = {(n.key, n.kind): n for n in totals(counted) if n.theme is None and n.state is None}

    def __call__(self, key: str, unit: str, *, kind: str | None = None, **more: Any) -> Card:
        number: Number = self.found[key, kind]
        if number.value is None and key.startswith("closing_rate"):
            return Card(number.label, "—", "", number.definition, **more)
        return Card(number.label, number.value, unit, number.definition, **more)


def _cards(counted: Overview, links: Links) -> list[Card]:
    card = CardMaker(counted)
    kinds = [_kind_card(card, counted, links, kind) for kind in RiskKind]
    return [
        card(
            "units_taking_part",
            "个",
            url=reverse("reports:unit_list"),
            reported=_beside(counted, counted.units_reported, len(counted.taking_part)),
            alert=counted.units_reported not in {None, len(counted.taking_part)},
        ),
        card("units_studied", "个"),
        _case_card(card, counted),
        *kinds,
        *_measure_cards(card, counted, links),
        card("discrepancies_open", "处", url="#discrepancies", alert=counted.discrepancy_count > 0),
    ]


def _case_card(card: CardMaker, counted: Overview) -> Card:
    if not counted.cases and counted.cases_reported is not None:
        return card("cases_reported", "个", note="尚未逐个录入")
    return card("cases", "个", reported=_beside(counted, counted.cases_reported, counted.cases))


def _kind_card(card: CardMaker, counted: Overview, links: Links, kind: RiskKind) -> Card:
    if counted.nothing_registered and counted.reported:
        return card(
            "risk_items_reported", COUNTERS[kind], kind=kind, url=_report_url(counted), note="尚未登记"
        )
    return card(
        "risk_items",
        COUNTERS[kind],
        kind=kind,
        url=links.items(kind=kind),
        reported=_reported_words(counted, kind),
        alert=counted.differs(kind),
    )


def _measure_cards(card: CardMaker, counted: Overview, links: Links) -> list[Card]:
    return [
        card("measures", "条", url=links.measures()),
        card("measures_closed", "条", url=links.measures(state=MeasureState.CLOSED)),
        card("closing_rate", "%"),
        card("closing_rate_with_long_term", "%"),
        card(
            "measures_overdue",
            "条",
            url=links.measures(light=Light.OVERDUE),
            alert=counted.measures.overdue > 0,
        ),
        card("measures_due_soon", "条", url=links.measures(light=Light.SOON)),
    ]


def _reported_words(counted: Overview, kind: str, domain: DomainRow | None = None) -> str | None:
    """The reported number with what to make of it; None where there is no report to speak of."""
    if counted.reported is None:
        return None
    stated = counted.reported.figure(kind, domain.name if domain else None)
    if stated is None:
        return "未列明"
    if stated.approximate:
        return f"约 {stated.value}"
    if counted.nothing_registered:
        return str(stated.value)
    return f"{stated.value} {'不一致' if counted.differs(kind, domain) else '一致'}"


def _beside(counted: Overview, stated: int | None, registered: int) -> str | None:
    """The same for a number of units or cases."""
    if counted.reported is None:
        return None
    if stated is None:
        return "未列明"
    return f"{stated} {'一致' if stated == registered else '不一致'}"


def _domain_lines(counted: Overview, links: Links) -> list[tuple[str, list[Stated]]]:
    """A row a domain, then the total: both numbers for each kind."""

    def line(domain: DomainRow | None) -> list[Stated]:
        filters = {"domain": domain} if domain else {}
        return [
            Stated(
                counted.registered(kind, domain),
                links.items(kind=kind, **filters),
                _reported_words(counted, kind, domain),
                counted.differs(kind, domain),
            )
            for kind in RiskKind
        ]

    return [*((domain.name, line(domain)) for domain in counted.domains), ("合计", line(None))]


@dataclass(frozen=True)
class ReportingLine:
    """Of one kind: which units have not reported, and which declared none; the first few of each by name."""

    kind: str
    unreported: tuple[UnitRow, ...]
    unreported_more: int
    declared: tuple[UnitRow, ...]
    declared_more: int


def _reporting_lines(counted: Overview) -> list[ReportingLine]:
    def chosen(holds: Callable[[UnitRow], bool]) -> tuple[tuple[UnitRow, ...], int]:
        rows = tuple(unit for unit in counted.taking_part if holds(unit))
        return rows[:NAMED_UNITS], max(len(rows) - NAMED_UNITS, 0)

    lines = []
    for kind in RiskKind:
        missing, missing_more = chosen(lambda unit, kind=kind: unit.unreported(kind))  # type: ignore[misc]
        none, none_more = chosen(lambda unit, kind=kind: unit.found(kind) == 0)  # type: ignore[misc]
        lines.append(ReportingLine(kind.label, missing, missing_more, none, none_more))
    return lines


def _discrepancy_url(report: int | None, links: Links) -> str:
    return links.items() if report is None else reverse("reports:report", args=[report])


@require_safe
@requires(Action.VIEW_REGISTER)
def unit_list(request: HttpRequest) -> HttpResponse:
    campaign = current_campaign(request)
    if campaign is None:
        return render(request, "reports/unit_list.html", {})
    assert request.user.is_authenticated
    counted = counted_for(request, campaign)
    may_manage = request.user.may(Action.MANAGE_UNITS)
    table = UnitTable(unit_lines(counted), may_manage=may_manage, links=links_for(request, counted))
    _turn_to_page(table, request)
    context = {"campaign": campaign, "counted": counted, "table": table}
    return render(request, "reports/unit_list.html", context)


def _turn_to_page(table: UnitTable, request: HttpRequest) -> None:
    """Sort and page by the address; a page that is not there gives the nearest that is."""
    table.request = request
    table.order_by = request.GET.getlist("sort")
    pages = Paginator(table.rows, UNITS_A_PAGE).num_pages
    wanted = request.GET.get("page", "")
    number = int(wanted) if wanted.isdecimal() and len(wanted) < 9 else 1
    table.paginate(page=min(max(number, 1), pages), per_page=UNITS_A_PAGE)


@require_safe
@requires(Action.VIEW_REGISTER)
def unit_page(request: HttpRequest, pk: int) -> HttpResponse:
    visible = Unit.objects.visible_to(request.user).select_related("merged_into").prefetch_related("aliases")
    unit = get_object_or_404(visible, pk=pk)
    campaign = current_campaign(request)
    may_manage = request.user.is_authenticated and request.user.may(Action.MANAGE_UNITS)
    context: dict[str, Any] = {"unit": unit, "campaign": campaign, "may_manage": may_manage}
    if campaign is not None:
        counted = counted_for(request, campaign, unit)
        context |= _unit_numbers(counted, links_for(request, counted, unit))
        context["reports"] = Report.objects.visible_to(request.user).filter(campaign=campaign, unit=unit)
        user = signed_in(request)
        context["missing"] = unit_facts.missing(user, campaign, unit)
        context["evidence"] = unit_facts.newest_evidence(user, campaign, unit)
        context["changed"] = unit_facts.changed_lately(campaign, unit)
    return render(request, "reports/unit.html", context)


def _unit_numbers(counted: Overview, links: Links) -> dict[str, Any]:
    """The numbers of the unit that `counted` is narrowed to; `row` is None for a merged one without any."""
    row = next(iter(counted.units), None)
    return {
        "counted": counted,
        "row": row,
        "cards": _measure_cards(CardMaker(counted), counted, links),
        "kinds": RiskKind.labels,
        "domain_lines": _unit_domain_lines(counted, row, links) if row else [],
        "state_lines": [
            (state.label, counted.measures.count(state=state), links.measures(state=state))
            for state in MeasureState
        ],
        "unreported": [kind.label for kind in RiskKind if row and row.unreported(kind)],
        "overdue_url": links.measures(light=Light.OVERDUE),
    }


def _unit_domain_lines(
    counted: Overview, row: UnitRow, links: Links
) -> list[tuple[str, list[tuple[str, str]]]]:
    """A row a domain, then the total; a cell is words and the address of the list behind them."""
    declared = {(declaration.kind, declaration.domain) for declaration in row.declared}

    def cell(kind: RiskKind, domain: DomainRow) -> tuple[str, str]:
        count = row.items.in_domain(domain.pk, kind)
        if count:
            return str(count), links.items(kind=kind, domain=domain)
        return ("0（零申报）" if (kind, domain.pk) in declared else "—"), ""

    def total(kind: RiskKind) -> tuple[str, str]:
        found = row.found(kind)
        if found is None:
            return ("未报送" if row.taking_part else "—"), ""
        return str(found), links.items(kind=kind) if found else ""

    lines = [(domain.name, [cell(kind, domain) for kind in RiskKind]) for domain in counted.domains]
    return [*lines, ("合计", [total(kind) for kind in RiskKind])]
