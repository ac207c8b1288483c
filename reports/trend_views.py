"""整改趋势: opened, closed and late by month, time to close, both rates; as of any past day."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.permissions import Action, requires, signed_in
from reports import charts
from reports.overview_views import asked_day
from reports.statistics.trends import DEFINITIONS, GROUPS, trends
from riskregistry.campaigns import current_campaign


@require_safe
@requires(Action.VIEW_REGISTER)
def trends_page(request: HttpRequest) -> HttpResponse:
    campaign = current_campaign(request)
    if campaign is None:
        return render(request, "riskregistry/no_campaign.html", {"title": "整改趋势"})
    by = request.GET.get("by", "unit")
    by, user = by if by in GROUPS else "unit", signed_in(request)
    try:
        found = trends(user, campaign, asked_day(request), by=by)
    except ValidationError as error:
        messages.warning(request, f"{error.messages[0]}。以下是现时数字。")
        found = trends(user, campaign, by=by)
    context = {
        "campaign": campaign,
        "found": found,
        "charts": [charts.measures_over_time(found.points), charts.rates_over_time(found.points)],
        "groups": GROUPS.items(),
        "definitions": DEFINITIONS,
        "today": timezone.localdate(),
    }
    return render(request, "reports/trends.html", context)
