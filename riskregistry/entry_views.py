"""Pages for entering: a risk, several points of a post, a measure; copying, withdrawing, restoring."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from accounts.models import Unit
from accounts.permissions import Action, requires, signed_in
from riskregistry.campaigns import current_campaign
from riskregistry.entry import MetSomebodyError, restore, save_measure, save_risk, withdraw
from riskregistry.enums import RiskKind
from riskregistry.forms import MeasureForm, PointFormSet, RiskForm, WithdrawForm
from riskregistry.history import in_words_of
from riskregistry.models import Campaign, Measure, RiskItem

BLANK_ROWS = 5
MORE_ROWS = 5


def _page(
    request: HttpRequest, form: Any, heading: str, *, back: str, status: int = 200, **more: Any
) -> HttpResponse:
    context = {"form": form, "heading": heading, "back": back, **more}
    return render(request, "riskregistry/entry_form.html", context, status=status)


def _no_campaign(request: HttpRequest, title: str) -> HttpResponse:
    return render(request, "riskregistry/no_campaign.html", {"title": title})


def _differences(form: Any, now: Any) -> list[tuple[str, str, str]]:
    """(field, as it stands now, as typed) wherever the two differ."""
    found = []
    for name in form.fields:
        if name in {"seen", "version", "reason"} or not hasattr(now, name):
            continue
        theirs, mine = in_words_of(now, name), in_words_of(form.instance, name, form.cleaned_data.get(name))
        if theirs != mine:
            found.append((str(form.fields[name].label), theirs, mine))
    return found


def _met(request: HttpRequest, form: Any, met: MetSomebodyError, heading: str, back: str) -> HttpResponse:
    """Both versions, and what was typed still in the form; sent again it wins."""
    differences = _differences(form, met.now)
    data = form.data.copy()
    data["seen"] = met.now.updated_at.isoformat()
    data["version"] = str(getattr(met.now, "version", ""))
    form.data = data
    return _page(request, form, heading, back=back, status=409, differences=differences)


@requires(Action.EDIT_REGISTER)
def new_risk(request: HttpRequest) -> HttpResponse:
    """A new item; ?kind=, ?unit=, ?post= and ?copy= fill in what they can."""
    campaign, user = current_campaign(request), signed_in(request)
    if campaign is None:
        return _no_campaign(request, "新增风险")
    form = RiskForm(
        request.POST or None, user=user, campaign=campaign, initial=_risk_initial(request, campaign)
    )
    if request.method == "POST" and form.is_valid():
        try:
            item = save_risk(form.save(commit=False), actor=user, reason=form.cleaned_data["reason"])
        except ValidationError as error:
            form.add_error("reason", error)
        else:
            messages.success(request, f"已登记{item.get_kind_display()}：{item.name}")
            if "another" in request.POST:
                return redirect(f"/risks/new/?campaign={campaign.pk}&copy={item.pk}&blank=1")
            return redirect("riskregistry:risk", pk=item.pk)
    status = 422 if form.errors else 200
    return _page(request, form, "新增风险", back="/risks/", status=status, another=True)


def _risk_initial(request: HttpRequest, campaign: Campaign) -> dict[str, Any]:
    """What the address fills in; of a copied item everything, or with ?blank=1 all but its own words."""
    source = request.GET.get("copy", "")
    rows = RiskItem.objects.visible_to(request.user).filter(campaign=campaign)
    copied = rows.filter(pk=source).first() if source.isdigit() else None
    initial: dict[str, Any] = {
        "kind": request.GET.get("kind", RiskKind.POINT),
        "unit": request.GET.get("unit"),
    }
    if copied is not None:
        names = [name for name in RiskForm.Meta.fields if name not in {"domain", "post", "unit"}]
        initial = {name: getattr(copied, name) for name in names}
        initial |= {name: getattr(copied, f"{name}_id") for name in ("domain", "post", "unit")}
        if request.GET.get("blank") == "1":
            initial |= {"name": "", "description": ""}
    post = request.GET.get("post", "")
    if post.isdigit() and (found := rows.filter(pk=post, kind=RiskKind.POST).first()):
        initial |= {"post": found.pk, "unit": found.unit_id, "domain": found.domain_id}
    return initial


def _item(request: HttpRequest, pk: int) -> RiskItem:
    rows = RiskItem.objects.visible_to(request.user).select_related("unit", "campaign", "post", "domain")
    return get_object_or_404(rows, pk=pk)


@requires(Action.EDIT_REGISTER)
def edit_risk(request: HttpRequest, pk: int) -> HttpResponse:
    item, user = _item(request, pk), signed_in(request)
    heading, back = f"修改：{item.name}", f"/risks/{pk}/"
    form = RiskForm(request.POST or None, user=user, campaign=item.campaign, instance=item)
    if request.method == "POST" and form.is_valid():
        try:
            save_risk(
                form.save(commit=False), actor=user, seen=form.saw(), reason=form.cleaned_data["reason"]
            )
        except MetSomebodyError as met:
            return _met(request, form, met, heading, back)
        except ValidationError as error:
            form.add_error("reason", error)
        else:
            messages.success(request, "已保存。")
            return redirect("riskregistry:risk", pk=pk)
    return _page(request, form, heading, back=back, status=422 if form.errors else 200)


@requires(Action.EDIT_REGISTER)
def withdraw_risk(request: HttpRequest, pk: int) -> HttpResponse:
    item = _item(request, pk)
    form = WithdrawForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            withdraw(item, why=form.cleaned_data["why"], actor=signed_in(request))
        except ValidationError as error:
            form.add_error(None, error)
        else:
            messages.success(request, f"已撤回：{item.name}")
            return redirect("riskregistry:risk", pk=pk)
    status = 422 if form.errors else 200
    return _page(request, form, f"撤回：{item.name}", back=f"/risks/{pk}/", status=status)


@require_POST
@requires(Action.EDIT_REGISTER)
def restore_risk(request: HttpRequest, pk: int) -> HttpResponse:
    item = _item(request, pk)
    try:
        restore(item, actor=signed_in(request))
    except ValidationError as error:
        messages.error(request, error.messages[0])
    else:
        messages.success(request, f"已恢复：{item.name}")
    return redirect("riskregistry:risk", pk=pk)


@requires(Action.EDIT_REGISTER)
def new_points(request: HttpRequest, pk: int) -> HttpResponse:
    """Several points and links of one post at once; 再加几行 keeps what was typed."""
    post, user = _item(request, pk), signed_in(request)
    if post.kind != RiskKind.POST:
        messages.error(request, "只有风险岗位下面可以再加风险点和关键环节。")
        return redirect("riskregistry:risk", pk=pk)
    blank = [{"kind": RiskKind.POINT}] * BLANK_ROWS
    forms_ = PointFormSet(request.POST or None, initial=None if request.POST else blank)
    if request.method == "POST" and "more" in request.POST:
        data = request.POST.copy()
        total = data.get("form-TOTAL_FORMS", "0")
        data["form-TOTAL_FORMS"] = str(min((int(total) if total.isdigit() else 0) + MORE_ROWS, 100))
        forms_ = PointFormSet(data)
        return _points_page(request, post, forms_, loose=True)
    if request.method == "POST" and forms_.is_valid():
        said = [form.cleaned_data for form in forms_ if form.cleaned_data.get("name")]
        if not said:
            messages.error(request, "没有填写任何一行。")
            return _points_page(request, post, forms_, status=422)
        try:
            with transaction.atomic():
                for values in said:
                    item = RiskItem(
                        campaign=post.campaign, unit=post.unit, domain=post.domain, post=post, **values
                    )
                    item.full_clean()
                    save_risk(item, actor=user, reason=request.POST.get("reason", ""))
        except ValidationError as error:
            messages.error(request, "；".join(error.messages))
            return _points_page(request, post, forms_, status=422)
        messages.success(request, f"已登记 {len(said)} 条。")
        return redirect("riskregistry:risk", pk=pk)
    return _points_page(request, post, forms_, status=422 if request.method == "POST" else 200)


def _points_page(
    request: HttpRequest, post: RiskItem, forms_: Any, *, status: int = 200, loose: bool = False
) -> HttpResponse:
    """`loose`: only more rows were asked for, so nothing is called wrong yet."""
    context = {"post": post, "forms": forms_, "loose": loose, "reason": request.POST.get("reason", "")}
    return render(request, "riskregistry/entry_points.html", context, status=status)


@requires(Action.EDIT_REGISTER)
def new_measure(request: HttpRequest) -> HttpResponse:
    """A new measure; ?risk= names the item that it answers."""
    campaign, user = current_campaign(request), signed_in(request)
    if campaign is None:
        return _no_campaign(request, "新增措施")
    initial: dict[str, Any] = {"unit": request.GET.get("unit") or user.unit_id}
    risk = request.GET.get("risk", "")
    items = RiskItem.objects.visible_to(user).filter(campaign=campaign)
    if risk.isdigit() and (item := items.filter(pk=risk).first()):
        initial = {"unit": item.unit_id, "domain": item.domain_id, "risk_items": [item.pk]}
    form = MeasureForm(request.POST or None, user=user, campaign=campaign, initial=initial)
    return _measure_page(request, form, "新增措施", "/measures/")


@requires(Action.EDIT_REGISTER)
def edit_measure(request: HttpRequest, pk: int) -> HttpResponse:
    """Only who is responsible edits a measure: whoever helps records progress."""
    rows = Measure.objects.visible_to(request.user).select_related("unit", "campaign", "domain")
    measure, user = get_object_or_404(rows, pk=pk), signed_in(request)
    if not Unit.objects.visible_to(user).filter(pk=measure.unit_id).exists():
        raise PermissionDenied
    form = MeasureForm(request.POST or None, user=user, campaign=measure.campaign, instance=measure)
    return _measure_page(request, form, f"修改：{measure.heading}", f"/measures/{pk}/")


def _measure_page(request: HttpRequest, form: MeasureForm, heading: str, back: str) -> HttpResponse:
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        try:
            measure = save_measure(
                form.save(commit=False),
                actor=signed_in(request),
                co_units=said["co_units"],
                risk_items=said["risk_items"],
                version=said["version"],
                reason=said["reason"],
            )
        except MetSomebodyError as met:
            return _met(request, form, met, heading, back)
        except ValidationError as error:
            form.add_error("reason", error)
        else:
            messages.success(request, "已保存。")
            return redirect("riskregistry:measure", pk=measure.pk)
    return _page(request, form, heading, back=back, status=422 if form.errors else 200)
