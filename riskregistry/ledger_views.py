"""Pages of the 整改台账: a grouped list, a board, a Gantt view, many steps at once, and its files."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.db.models import Prefetch
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from accounts import audit
from accounts.models import User
from accounts.permissions import Action, requires, signed_in
from riskregistry import ledger, ledger_files
from riskregistry.campaigns import current_campaign
from riskregistry.downloads import excel_file
from riskregistry.enums import OPEN_STATES, MeasureState
from riskregistry.filters import MeasureFilter
from riskregistry.lights import soon_within, with_light
from riskregistry.models import Campaign, Measure, RiskItem
from riskregistry.rectification import STEPS

VIEWS = {"list": "清单", "board": "看板", "gantt": "横道图"}
SHOWN = 400
A_COLUMN = 40


def _filter(request: HttpRequest, campaign: Campaign) -> MeasureFilter:
    today = timezone.localdate()
    rows = Measure.objects.visible_to(request.user).filter(campaign=campaign)
    return MeasureFilter(request, rows, campaign, today=today, soon_days=_soon(request))


def _soon(request: HttpRequest) -> int:
    return soon_within(timezone.localdate(), getattr(request, "preferences", None))


@require_safe
@requires(Action.VIEW_REGISTER)
def ledger_page(request: HttpRequest) -> HttpResponse:
    campaign = current_campaign(request)
    if campaign is None:
        return render(request, "riskregistry/no_campaign.html", {"title": "整改台账"})
    today, soon, user = timezone.localdate(), _soon(request), signed_in(request)
    filter_ = _filter(request, campaign)
    rows = filter_.qs.select_related("unit", "domain", "campaign").order_by(
        "unit__order", "unit", "due", "pk"
    )
    measures = [with_light(measure, today, soon) for measure in rows[: SHOWN + 1]]
    view, group = request.GET.get("view", "list"), request.GET.get("group", "unit")
    view, group = view if view in VIEWS else "list", group if group in ledger.GROUPS else "unit"
    shown = measures[:SHOWN]
    context: dict[str, Any] = {
        "campaign": campaign,
        "filter": filter_,
        "clear_url": f"{request.path}?campaign={campaign.pk}",
        "view": view,
        "views": VIEWS.items(),
        "group": group,
        "group_choices": ledger.GROUPS.items(),
        "total": len(shown) if len(measures) <= SHOWN else filter_.qs.count(),
        "cut": len(measures) > SHOWN,
        "shown": SHOWN,
        "steps": _steps(user),
        "may_export": user.may(Action.EXPORT),
        "query": request.GET.urlencode(),
    }
    if view == "board":
        context["columns"] = _columns(shown)
    elif view == "gantt":
        context["gantt"] = ledger.gantt(shown, today)
    else:
        context["groups"] = ledger.grouped(shown, group, today, soon)
    return render(request, "riskregistry/ledger.html", context)


def _steps(user: User) -> list[tuple[str, str]]:
    """What the person may do to many at once."""
    steps = [(code, STEPS[code].label) for code in ledger.BULK_STEPS if user.may(STEPS[code].by)]
    return [*steps, (ledger.CHASE, "催办")] if user.may(Action.VERIFY_MEASURE) else steps


def _columns(measures: list[Measure]) -> list[tuple[str, list[Measure], int]]:
    """(state, the first few, how many more) of every state that is not cancelled."""
    columns = []
    for state in MeasureState:
        own = [measure for measure in measures if measure.state == state]
        if state != MeasureState.CANCELLED or own:
            columns.append((state.label, own[:A_COLUMN], max(len(own) - A_COLUMN, 0)))
    return columns


@require_POST
@requires(Action.VIEW_REGISTER)
def bulk_step(request: HttpRequest) -> HttpResponse:
    """Without `go`: what the step would do to each of the ticked; with it: the steps."""
    campaign, user = current_campaign(request), signed_in(request)
    code, comment = request.POST.get("code", ""), request.POST.get("comment", "").strip()
    if campaign is not None and code == ledger.CHASE and user.may(Action.VERIFY_MEASURE):
        return _chase(request, campaign, comment)
    if campaign is None or code not in ledger.BULK_STEPS or not user.may(STEPS[code].by):
        messages.error(request, "请选择要办理的步骤。")
        return redirect("riskregistry:ledger")
    keys = [pk for pk in request.POST.getlist("pk") if pk.isdigit()][: ledger.MOST]
    rows = Measure.objects.visible_to(user).filter(campaign=campaign, pk__in=keys)
    if request.POST.get("go") == "1":
        versions = {
            int(pk): int(version)
            for pk, _, version in (said.partition(":") for said in request.POST.getlist("seen"))
            if pk.isdigit() and version.isdigit()
        }
        done, why = ledger.bulk_take(versions, code, actor=user, comment=comment)
        if done:
            messages.success(request, f"已{STEPS[code].label}：{done} 项。")
        for line in why[:20]:
            messages.error(request, line)
        return redirect("riskregistry:ledger")
    preview = ledger.bulk_preview(rows.select_related("unit", "campaign"), code, user, comment)
    context = {"preview": preview, "comment": comment, "keys": keys}
    return render(request, "riskregistry/ledger_bulk.html", context)


def _chase(request: HttpRequest, campaign: Campaign, comment: str) -> HttpResponse:
    """Ticked: shown first; with `go`: the units are reminded."""
    user = signed_in(request)
    keys = [pk for pk in request.POST.getlist("pk") if pk.isdigit()][: ledger.MOST]
    rows = Measure.objects.visible_to(user).filter(campaign=campaign, pk__in=keys).select_related("unit")
    if request.POST.get("go") == "1":
        messages.success(request, f"已催办 {ledger.chase(rows, actor=user, comment=comment)} 项。")
        return redirect("riskregistry:ledger")
    context = {
        "rows": rows.open(),
        "comment": comment,
        "left_out": rows.exclude(state__in=OPEN_STATES).count(),
    }
    return render(request, "riskregistry/ledger_chase.html", context)


@require_safe
@requires(Action.EXPORT)
def ledger_file(request: HttpRequest, kind: str) -> HttpResponse:
    """`lists`: the four lists; `closing`: the 销号台账. Of what is filtered."""
    campaign, user = current_campaign(request), signed_in(request)
    if campaign is None or kind not in {"lists", "closing"}:
        return redirect("riskregistry:ledger")
    filter_, now = _filter(request, campaign), timezone.localtime()
    today, soon = now.date(), _soon(request)
    rows = filter_.qs.select_related("unit", "domain", "applied_by", "verified_by", "approved_by")
    rows = rows.order_by("unit__order", "unit", "pk")
    notes = [
        ("专项行动", campaign.name),
        ("筛选条件", filter_.in_words() or "全部"),
        ("口径", "您能看到的单位的整改措施，已取消的除非专门筛选外不列；问题清单为未撤回的风险。"),
        ("截至", now.strftime("%Y-%m-%d %H:%M")),
        ("导出人", f"{user.name}（{user.username}）"),
    ]
    if kind == "closing":
        closed = list(rows.filter(state=MeasureState.CLOSED))
        content, name = ledger_files.closing_list(closed, notes), "销号台账"
    else:
        items = RiskItem.objects.visible_to(user).current()
        measures = list(rows.prefetch_related(Prefetch("risk_items", items)))
        listed = items.filter(campaign=campaign).select_related("unit", "domain")
        if unit := filter_.chosen.get("unit"):
            listed = listed.filter(unit=unit)
        visible = Measure.objects.visible_to(user).counted()
        listed = listed.order_by("unit__order", "unit", "pk").prefetch_related(Prefetch("measures", visible))
        lit = [with_light(measure, today, soon) for measure in measures]
        content, name = ledger_files.four_lists(listed, lit, notes), "整改台账"
    audit.record(user, f"导出{name}", campaign, detail={"filter": notes[1][1]})
    return excel_file(content, f"{name}-{now:%Y%m%d-%H%M}.xlsx")
