"""Pages of 回头看, and the list of signs worth looking into."""

from __future__ import annotations

import secrets
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from accounts.permissions import Action, requires, signed_in
from riskregistry import honesty, lookback
from riskregistry.campaigns import current_campaign
from riskregistry.enums import LookbackResult
from riskregistry.models import Lookback, LookbackRound

LARGEST_SEED = 999_999


class DrawForm(forms.Form):
    name = forms.CharField(label="名称", max_length=60)
    share = forms.IntegerField(label="抽查比例（%）", min_value=1, max_value=100, initial=20)
    seed = forms.IntegerField(
        label="随机种子",
        min_value=0,
        max_value=LARGEST_SEED,
        help_text="同一种子、同一批已销号措施，抽出的结果相同，便于复核",
    )


class FindingForm(forms.Form):
    result = forms.ChoiceField(
        label="结果",
        choices=[choice for choice in LookbackResult.choices if choice[0] != LookbackResult.PENDING],
        widget=forms.RadioSelect,
    )
    finding = forms.CharField(label="查看情况", max_length=2000, widget=forms.Textarea(attrs={"rows": 2}))
    looked_on = forms.DateField(label="查看日期", widget=forms.DateInput(attrs={"type": "date"}))


@requires(Action.VERIFY_MEASURE)
def lookback_list(request: HttpRequest) -> HttpResponse:
    """Rounds of the campaign, and the form that draws another."""
    campaign = current_campaign(request)
    if campaign is None:
        return render(request, "riskregistry/no_campaign.html", {"title": "回头看"})
    initial = {
        "name": f"{timezone.localdate():%Y年%-m月}回头看",
        "share": 20,
        "seed": secrets.randbelow(LARGEST_SEED + 1),
    }
    form = DrawForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            round_ = lookback.draw(campaign, actor=signed_in(request), **form.cleaned_data)
        except ValidationError as error:
            form.add_error(None, error)
        else:
            messages.success(request, f"已抽取：{round_.name}")
            return redirect("riskregistry:lookback_round", pk=round_.pk)
    rounds = (
        LookbackRound.objects.visible_to(request.user).filter(campaign=campaign).select_related("drawn_by")
    )
    rounds = rounds.annotate(
        drawn=Count("lookbacks"),
        looked=Count("lookbacks", filter=~Q(lookbacks__result=LookbackResult.PENDING)),
        relapsed=Count("lookbacks", filter=Q(lookbacks__result=LookbackResult.RELAPSED)),
    )
    context = {"campaign": campaign, "rounds": rounds, "form": form}
    return render(request, "riskregistry/lookback_list.html", context, status=422 if form.errors else 200)


@require_safe
@requires(Action.VERIFY_MEASURE)
def lookback_round(request: HttpRequest, pk: int) -> HttpResponse:
    return _round_page(request, pk)


def _round_page(request: HttpRequest, pk: int, wrong: tuple[int, FindingForm] | None = None) -> HttpResponse:
    round_ = get_object_or_404(
        LookbackRound.objects.visible_to(request.user).select_related("drawn_by"), pk=pk
    )
    rows = Lookback.objects.visible_to(request.user).filter(round=round_)
    rows = rows.select_related("measure__unit", "measure__domain", "looked_by", "closing")
    rows = rows.order_by("measure__unit__order", "measure__unit", "pk")
    lines = [(row, _form_of(row, wrong)) for row in rows]
    context = {"round": round_, "lines": lines}
    return render(request, "riskregistry/lookback_round.html", context, status=422 if wrong else 200)


def _form_of(row: Lookback, wrong: tuple[int, FindingForm] | None) -> Any:
    if row.result != LookbackResult.PENDING:
        return None
    if wrong and wrong[0] == row.pk:
        return wrong[1]
    return FindingForm(initial={"looked_on": timezone.localdate()}, auto_id=f"l{row.pk}_%s")


@require_POST
@requires(Action.VERIFY_MEASURE)
def record_lookback(request: HttpRequest, pk: int) -> HttpResponse:
    row = get_object_or_404(Lookback.objects.visible_to(request.user).select_related("measure"), pk=pk)
    if row.result != LookbackResult.PENDING:
        messages.error(request, "这项措施的查看情况已经记录过了")
        return redirect("riskregistry:lookback_round", pk=row.round_id)
    form = FindingForm(request.POST, auto_id=f"l{row.pk}_%s")
    if form.is_valid():
        said = form.cleaned_data
        try:
            lookback.record(
                row,
                relapsed=said["result"] == LookbackResult.RELAPSED,
                finding=said["finding"],
                looked_on=said["looked_on"],
                actor=signed_in(request),
            )
        except ValidationError as error:
            form.add_error(None, error)
    if form.errors:
        return _round_page(request, row.round_id, (row.pk, form))
    messages.success(request, f"已记录：{row.measure.heading}")
    return redirect("riskregistry:lookback_round", pk=row.round_id)


@require_safe
@requires(Action.VERIFY_MEASURE)
def signs(request: HttpRequest) -> HttpResponse:
    """What is worth looking into, one list a kind."""
    campaign = current_campaign(request)
    if campaign is None:
        return render(request, "riskregistry/no_campaign.html", {"title": "核查线索"})
    found = honesty.checks(signed_in(request), campaign)
    return render(request, "riskregistry/signs.html", {"checks": found, "campaign": campaign})
