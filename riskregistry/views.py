"""The register's pages: two lists, a risk, a measure, and the choice of the campaign."""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from django.contrib import messages
from django.core.paginator import EmptyPage
from django.db.models import Count, Prefetch
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST, require_safe

from accounts.permissions import Action, requires, signed_in
from riskregistry.campaigns import SESSION_KEY, CampaignChoice, current_campaign
from riskregistry.enums import COUNTERS, RiskKind
from riskregistry.filters import MeasureFilter, RegisterFilter, RiskFilter
from riskregistry.history import changes_of
from riskregistry.lights import Light, light_q, soon_within, with_light
from riskregistry.models import Evidence, Measure, MeasureQuerySet, ProgressEntry, RiskItem, RiskItemQuerySet
from riskregistry.step_views import steps_context
from riskregistry.tables import MeasureTable, RegisterTable, RiskTable


def _soon_days(request: HttpRequest) -> int:
    return soon_within(timezone.localdate(), getattr(request, "preferences", None))


def _turn_to_page(table: RegisterTable, request: HttpRequest, size: int) -> None:
    """Sort and page by the address; a page that is not there gives the nearest that is."""
    columns = set(table.columns.names())
    table.order_by = [name for name in request.GET.getlist("sort") if name.removeprefix("-") in columns]
    try:
        number = int(request.GET.get("page", "1"))
    except ValueError:
        number = 1
    try:
        table.paginate(page=number, per_page=size)
    except EmptyPage:
        table.paginate(page=table.paginator.num_pages if number > 1 else 1, per_page=size)


def _list_page(
    request: HttpRequest, template: str, table: RegisterTable, filter_: RegisterFilter, **more: Any
) -> HttpResponse:
    _turn_to_page(table, request, filter_.page_size)
    clear_url = f"{request.path}?campaign={filter_.data['campaign']}"
    return render(request, template, {"table": table, "filter": filter_, "clear_url": clear_url, **more})


def _kind_counts(rows: RiskItemQuerySet) -> list[tuple[str, int, str]]:
    """(kind in words, how many, its counting word) of the filtered rows, all kinds, zeros included."""
    found = dict(rows.order_by().values_list("kind").annotate(count=Count("pk")))
    return [(kind.label, found.get(kind, 0), COUNTERS[kind]) for kind in RiskKind]


@require_safe
@requires(Action.VIEW_REGISTER)
def risk_list(request: HttpRequest) -> HttpResponse:
    campaign = current_campaign(request)
    if campaign is None:
        return render(request, "riskregistry/no_campaign.html", {"title": "风险清单"})
    rows = RiskItem.objects.visible_to(request.user).current().filter(campaign=campaign)
    filter_ = RiskFilter(request, rows, campaign)
    table = RiskTable(filter_.qs.select_related("unit", "domain", "post"))
    counts = _kind_counts(filter_.qs)
    return _list_page(request, "riskregistry/risk_list.html", table, filter_, counts=counts)


def _light_counts(rows: MeasureQuerySet, today: Any, soon_days: int) -> list[tuple[str, str, int]]:
    """(light, its word, how many) of the filtered rows, all lights, zeros included."""
    found = rows.order_by().aggregate(
        **{wanted.value: Count("pk", filter=light_q(wanted, today, soon_days)) for wanted in Light}
    )
    return [(wanted.value, wanted.label, found[wanted.value]) for wanted in Light]


@require_safe
@requires(Action.VIEW_REGISTER)
def measure_list(request: HttpRequest) -> HttpResponse:
    campaign = current_campaign(request)
    if campaign is None:
        return render(request, "riskregistry/no_campaign.html", {"title": "整改措施"})
    today, soon_days = timezone.localdate(), _soon_days(request)
    rows = Measure.objects.visible_to(request.user).filter(campaign=campaign)
    filter_ = MeasureFilter(request, rows, campaign, today=today, soon_days=soon_days)
    table = MeasureTable(filter_.qs.select_related("unit", "domain"), today=today, soon_days=soon_days)
    counts = _light_counts(filter_.qs, today, soon_days)
    return _list_page(
        request, "riskregistry/measure_list.html", table, filter_, counts=counts, soon_days=soon_days
    )


@require_safe
@requires(Action.VIEW_REGISTER)
def risk(request: HttpRequest, pk: int) -> HttpResponse:
    rows = RiskItem.objects.visible_to(request.user).select_related("campaign", "unit", "domain", "post")
    item = get_object_or_404(rows, pk=pk)
    context = {
        "item": item,
        "items": RiskItem.objects.visible_to(request.user).filter(post=item).select_related("domain"),
        "measures": _lit(Measure.objects.visible_to(request.user).filter(risk_items=item), request),
        "changes": changes_of(item),
    }
    return render(request, "riskregistry/risk.html", context)


def _lit(rows: MeasureQuerySet, request: HttpRequest) -> list[Measure]:
    """The measures with their unit and their light of today."""
    today, soon_days = timezone.localdate(), _soon_days(request)
    return [with_light(measure, today, soon_days) for measure in rows.select_related("unit")]


@require_safe
@requires(Action.VIEW_REGISTER)
def measure(request: HttpRequest, pk: int) -> HttpResponse:
    rows = Measure.objects.visible_to(request.user).select_related(
        "campaign", "unit", "domain", "applied_by", "verified_by"
    )
    shown = get_object_or_404(rows, pk=pk)
    evidence = Evidence.objects.visible_to(request.user)
    entries = ProgressEntry.objects.visible_to(request.user).filter(measure=shown).select_related("actor")
    linked = shown.risk_items.count()
    risk_items = RiskItem.objects.visible_to(request.user).filter(measures=shown)
    risk_items = risk_items.select_related("unit", "domain")
    context = {
        "measure": with_light(shown, timezone.localdate(), _soon_days(request)),
        "co_units": shown.co_units.all(),
        "risk_items": risk_items,
        "hidden_risk_items": linked - len(risk_items),
        "entries": entries.prefetch_related(Prefetch("evidence", evidence)),
        "loose_evidence": evidence.filter(measure=shown, entry=None).select_related("uploaded_by"),
        "changes": changes_of(shown),
        **steps_context(shown, signed_in(request)),
    }
    return render(request, "riskregistry/measure.html", context)


def _without_campaign(address: str) -> str:
    """The address with any ?campaign= taken out, since it would win over the choice just made."""
    parts = urlsplit(address)
    query = [pair for pair in parse_qsl(parts.query, keep_blank_values=True) if pair[0] != "campaign"]
    return urlunsplit(parts._replace(query=urlencode(query)))


def _safe_next(request: HttpRequest) -> str:
    """Where to go on: the page one came from, if it is one of ours; else the front page."""
    wanted = request.POST.get("next", "")
    secure, hosts = request.is_secure(), {request.get_host()}
    if not url_has_allowed_host_and_scheme(wanted, hosts, require_https=secure):
        return "/"
    address = _without_campaign(wanted)
    return address if url_has_allowed_host_and_scheme(address, hosts, require_https=secure) else "/"


@require_POST
@requires(Action.VIEW_REGISTER)
def choose_campaign(request: HttpRequest) -> HttpResponse:
    wanted = request.POST.get("campaign", "")
    choice = CampaignChoice.of(request)
    if any(str(campaign.pk) == wanted for campaign in choice.campaigns):
        request.session[SESSION_KEY] = int(wanted)
    else:
        messages.error(request, "没有切换：所选专项行动不存在，或不在您的查看范围内。")
    return redirect(_safe_next(request))
