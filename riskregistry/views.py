"""The register's pages: a risk, a measure, and the choice of the campaign."""

from __future__ import annotations

from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from django.contrib import messages
from django.db.models import Prefetch
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST, require_safe

from accounts.permissions import Action, requires, signed_in
from riskregistry.campaigns import SESSION_KEY, CampaignChoice
from riskregistry.history import changes_of
from riskregistry.lights import soon_within, with_light
from riskregistry.models import Evidence, Measure, MeasureQuerySet, ProgressEntry, RiskItem
from riskregistry.step_views import steps_context


def _soon_days(request: HttpRequest) -> int:
    return soon_within(timezone.localdate(), getattr(request, "preferences", None))


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
