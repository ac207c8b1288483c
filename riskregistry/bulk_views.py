"""The page of bulk changes: which rows, what to change, what would come of it."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render

from accounts.permissions import Action, requires, signed_in
from riskregistry import bulk
from riskregistry.campaigns import current_campaign
from riskregistry.enums import RiskKind, RiskLevel
from riskregistry.filters import RiskFilter
from riskregistry.models import Campaign, Domain, RiskItem, RiskItemQuerySet

SHOWN = 50
MOST_POSTS = 500


@requires(Action.EDIT_REGISTER)
def bulk_change(request: HttpRequest) -> HttpResponse:
    """GET leads back to the list. POST without `field`: choose; with it: preview; with `digest`: the act."""
    campaign, user = current_campaign(request), signed_in(request)
    if request.method != "POST" or campaign is None:
        return redirect("riskregistry:risk_list")
    rows = _rows(request, campaign)
    if not rows.exists():
        messages.error(request, "没有选中任何一条。")
        return redirect("riskregistry:risk_list")
    field, value = request.POST.get("field", ""), request.POST.get("value", "")
    context = _context(request, campaign, rows)
    if not field:
        return render(request, "riskregistry/bulk_choose.html", context)
    value = request.POST.get(f"value_{field}", value)
    try:
        if digest := request.POST.get("digest"):
            reason = request.POST.get("reason", "")
            count = bulk.carry_out(rows, field, value, actor=user, digest=digest, reason=reason)
            if count is not None:
                messages.success(request, f"已修改 {count} 条的{bulk.FIELDS[field]}。")
                return redirect(f"/risks/?{request.POST.get('query', '')}")
            messages.warning(
                request, "您查看之后，数据又有变动。下面是按现在的数据重新比对的结果，请再确认。"
            )
        found = bulk.preview(rows, field, value, user)
    except ValidationError as error:
        messages.error(request, error.messages[0])
        return render(request, "riskregistry/bulk_choose.html", context, status=422)
    context |= {
        "preview": found,
        "shown": found.changes[:SHOWN],
        "refused": found.refused[:SHOWN],
        "value": value,
    }
    return render(request, "riskregistry/bulk_preview.html", context)


def _rows(request: HttpRequest, campaign: Campaign) -> RiskItemQuerySet:
    """The rows that were ticked, or all that match the filter of the list."""
    rows = RiskItem.objects.visible_to(request.user).current().filter(campaign=campaign)
    if request.POST.get("all") == "1":
        query = QueryDict(request.POST.get("query", "")[:2000], mutable=True)
        query["campaign"] = str(campaign.pk)
        filtered: RiskItemQuerySet = RiskFilter(request, rows, campaign, data=query).qs
        return RiskItem.objects.filter(pk__in=filtered.order_by().values("pk"))
    keys = [pk for pk in request.POST.getlist("pk") if pk.isdigit()][: bulk.MOST]
    return rows.filter(pk__in=keys)


def _context(request: HttpRequest, campaign: Campaign, rows: RiskItemQuerySet) -> dict[str, Any]:
    units = list(rows.order_by().values_list("unit", flat=True).distinct()[:2])
    posts = RiskItem.objects.visible_to(request.user).current().filter(campaign=campaign, kind=RiskKind.POST)
    return {
        "count": rows.count(),
        "keys": [] if request.POST.get("all") == "1" else request.POST.getlist("pk"),
        "all": request.POST.get("all", ""),
        "query": request.POST.get("query", ""),
        "reason": request.POST.get("reason", ""),
        "levels": RiskLevel.choices,
        "domains": Domain.objects.visible_to(request.user),
        # A post is of one unit: to choose one, the rows must be of one unit too.
        "posts": posts.filter(unit=units[0]).order_by("name")[:MOST_POSTS] if len(units) == 1 else [],
        "campaigns": Campaign.objects.visible_to(request.user).exclude(pk=campaign.pk),
    }
