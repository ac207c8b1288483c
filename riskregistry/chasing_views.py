"""Pages of chasing (督办): what the rule suggests, the letters, and what the units answered."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from accounts import audit
from accounts.models import Unit
from accounts.permissions import Action, requires, signed_in
from riskregistry.campaigns import current_campaign
from riskregistry.chasing import answer, default_answer_due, issue, receive, suggestions
from riskregistry.documents import closing_document, letter_document
from riskregistry.downloads import word_file
from riskregistry.enums import ChasingRung, MeasureState
from riskregistry.models import Campaign, ChasingLetter, Measure

LISTED = 200


class LetterForm(forms.Form):
    """A letter to be issued: which rung, about which measures, what it asks, by when."""

    rung = forms.ChoiceField(label="种类", choices=ChasingRung.choices)
    measures = forms.ModelMultipleChoiceField(
        Measure.objects.none(),
        label="所涉措施",
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "请至少选一项措施"},
    )
    answer_due = forms.DateField(label="答复期限", widget=forms.DateInput(attrs={"type": "date"}))
    demand = forms.CharField(
        label="另外的要求",
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="可不填；固定的要求会自动写入文书",
    )

    def __init__(self, data: Any = None, *, late: Any, initial: dict[str, Any]) -> None:
        super().__init__(data, initial=initial)
        field: Any = self.fields["measures"]
        field.queryset = late
        field.label_from_instance = lambda m: f"{m.heading}（时限 {m.due}）"


class AnswerForm(forms.Form):
    text = forms.CharField(label="答复", max_length=5000, widget=forms.Textarea(attrs={"rows": 5}))


@require_safe
@requires(Action.VIEW_REGISTER)
def letter_list(request: HttpRequest) -> HttpResponse:
    """Letters in sight, newest first; for whoever may issue them also what the rule suggests."""
    campaign = current_campaign(request)
    if campaign is None:
        return render(request, "riskregistry/no_campaign.html", {"title": "督办"})
    user = signed_in(request)
    letters = ChasingLetter.objects.visible_to(user).filter(campaign=campaign)
    may_issue = user.may(Action.VERIFY_MEASURE)
    context = {
        "campaign": campaign,
        "letters": letters.select_related("unit", "issued_by")[:LISTED],
        "may_issue": may_issue,
        "suggestions": suggestions(user, campaign) if may_issue else [],
        "today": timezone.localdate(),
    }
    return render(request, "riskregistry/letter_list.html", context)


@requires(Action.VERIFY_MEASURE)
def new_letter(request: HttpRequest, campaign_pk: int, unit_pk: int) -> HttpResponse:
    """Choose and issue. The late measures are there to choose from, all chosen at first."""
    campaign = get_object_or_404(Campaign.objects.visible_to(request.user), pk=campaign_pk)
    unit = get_object_or_404(Unit.objects.visible_to(request.user), pk=unit_pk)
    today = timezone.localdate()
    late = Measure.objects.visible_to(request.user).filter(campaign=campaign, unit=unit).overdue(today)
    late = late.order_by("due", "pk")
    initial = {
        "rung": request.GET.get("rung", ChasingRung.REMINDER),
        "measures": list(late),
        "answer_due": default_answer_due(today),
    }
    form = LetterForm(request.POST or None, late=late, initial=initial)
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        try:
            letter = issue(
                unit,
                campaign,
                ChasingRung(said["rung"]),
                list(said["measures"]),
                actor=signed_in(request),
                answer_due=said["answer_due"],
                demand=said["demand"],
            )
        except ValidationError as error:
            form.add_error(None, error)
        else:
            messages.success(request, f"已发出{letter}，{unit.name}的联络员会收到提醒。")
            return redirect("riskregistry:letter", pk=letter.pk)
    context = {"form": form, "unit": unit, "campaign": campaign, "late": late}
    return render(request, "riskregistry/new_letter.html", context, status=422 if form.errors else 200)


def _letter(request: HttpRequest, pk: int) -> ChasingLetter:
    rows = ChasingLetter.objects.visible_to(request.user)
    return get_object_or_404(
        rows.select_related("unit", "campaign", "issued_by", "received_by", "answered_by"), pk=pk
    )


@require_safe
@requires(Action.VIEW_REGISTER)
def letter(request: HttpRequest, pk: int) -> HttpResponse:
    return _letter_page(request, _letter(request, pk), AnswerForm())


def _letter_page(
    request: HttpRequest, shown: ChasingLetter, form: AnswerForm, status: int = 200
) -> HttpResponse:
    user = signed_in(request)
    visible = set(Measure.objects.visible_to(user).filter(chasing_letters=shown).values_list("pk", flat=True))
    context = {
        "letter": shown,
        "items": [{**item, "visible": item["pk"] in visible} for item in shown.items],
        "mine": user.unit_id == shown.unit_id and user.may(Action.RECORD_PROGRESS),
        "form": form,
    }
    return render(request, "riskregistry/letter.html", context, status=status)


@require_POST
@requires(Action.RECORD_PROGRESS)
def receive_letter(request: HttpRequest, pk: int) -> HttpResponse:
    shown = _letter(request, pk)
    try:
        receive(shown, actor=signed_in(request))
    except ValidationError as error:
        messages.error(request, error.messages[0])
    else:
        messages.success(request, f"已签收{shown}")
    return redirect("riskregistry:letter", pk=pk)


@require_POST
@requires(Action.RECORD_PROGRESS)
def answer_letter(request: HttpRequest, pk: int) -> HttpResponse:
    shown, form = _letter(request, pk), AnswerForm(request.POST)
    if form.is_valid():
        try:
            answer(shown, form.cleaned_data["text"], actor=signed_in(request))
        except ValidationError as error:
            form.add_error("text", error)
    if form.errors:
        return _letter_page(request, shown, form, status=422)
    messages.success(request, f"已答复{shown}")
    return redirect("riskregistry:letter", pk=pk)


@require_safe
@requires(Action.VIEW_REGISTER)
def letter_file(request: HttpRequest, pk: int) -> HttpResponse:
    shown, user = _letter(request, pk), signed_in(request)
    audit.record(user, "下载督办文书", shown)
    return word_file(letter_document(shown, user), f"{shown}.docx")


@require_safe
@requires(Action.VIEW_REGISTER)
def closing_file(request: HttpRequest, pk: int) -> HttpResponse:
    """The close-out form of a closed measure."""
    rows = Measure.objects.visible_to(request.user).filter(state=MeasureState.CLOSED)
    people = ("applied_by", "verified_by", "approved_by")
    shown = get_object_or_404(rows.select_related("campaign", "unit", "domain", *people), pk=pk)
    user = signed_in(request)
    audit.record(user, "下载销号单", shown)
    return word_file(closing_document(shown, user), f"销号单-{shown.heading[:40]}.docx")
