"""A domain's page and a campaign's page: the published numbers, narrowed."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.permissions import Action, requires, signed_in
from reports.overview_views import counted_for, links_for
from riskregistry import submissions
from riskregistry.campaigns import current_campaign
from riskregistry.enums import RiskKind
from riskregistry.lights import soon_within, with_light
from riskregistry.models import Campaign, Case, Domain, Measure

LISTED = 100


@require_safe
@requires(Action.VIEW_REGISTER)
def domain_page(request: HttpRequest, pk: int) -> HttpResponse:
    """One domain in the campaign: by unit and kind, its measures, its cases."""
    domain = get_object_or_404(Domain.objects.visible_to(request.user), pk=pk)
    campaign, user = current_campaign(request), signed_in(request)
    context: dict[str, Any] = {"domain": domain, "campaign": campaign}
    if campaign is not None:
        counted = counted_for(request, campaign)
        links = links_for(request, counted)
        context["kinds"] = RiskKind.labels
        context["unit_lines"] = [
            (
                unit,
                [
                    (count, links.items(kind=kind, domain=domain, unit=unit))
                    for kind in RiskKind
                    for count in [unit.items.in_domain(domain.pk, kind)]
                ],
            )
            for unit in counted.units
            if unit.items.in_domain(domain.pk)
        ]
        context["totals"] = [counted.items.in_domain(domain.pk, kind) for kind in RiskKind]
        context["counted"] = counted
        measures = Measure.objects.visible_to(user).filter(campaign=campaign, domain=domain).counted()
        today = timezone.localdate()
        soon = soon_within(today, getattr(request, "preferences", None))
        context["measures"] = [
            with_light(row, today, soon) for row in measures.select_related("unit")[:LISTED]
        ]
        context["measure_count"] = measures.count()
        context["measures_url"] = links.measures(domain=domain)
        context["cases"] = Case.objects.visible_to(user).filter(campaign=campaign, domain=domain)
    return render(request, "reports/domain.html", context)


@require_safe
@requires(Action.VIEW_REGISTER)
def domain_list(request: HttpRequest) -> HttpResponse:
    campaign = current_campaign(request)
    if campaign is None:
        return render(request, "riskregistry/no_campaign.html", {"title": "领域"})
    counted = counted_for(request, campaign)
    lines = [
        (domain, [counted.registered(kind, domain) for kind in RiskKind])
        for domain in counted.register_domains
    ]
    context = {"campaign": campaign, "lines": lines, "kinds": RiskKind.labels, "counted": counted}
    return render(request, "reports/domain_list.html", context)


@require_safe
@requires(Action.VIEW_REGISTER)
def campaign_page(request: HttpRequest, pk: int) -> HttpResponse:
    """One campaign: its dates, what it asks for, its cases, its numbers, what comes next."""
    campaign = get_object_or_404(Campaign.objects.visible_to(request.user), pk=pk)
    user = signed_in(request)
    board = submissions.board(user, campaign)
    counted = counted_for(request, campaign)
    links = links_for(request, counted)
    context = {
        "campaign": campaign,
        "counted": counted,
        "board": board,
        "kinds": [(kind.label, counted.registered(kind), links.items(kind=kind)) for kind in RiskKind],
        "measures_url": links.measures(),
        "cases": Case.objects.visible_to(user).filter(campaign=campaign).select_related("domain"),
        "late": sum(row.late for row in board.rows),
        "may_manage": user.may(Action.MANAGE_CAMPAIGNS),
    }
    return render(request, "reports/campaign.html", context)
