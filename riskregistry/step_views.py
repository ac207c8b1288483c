"""Steps of a measure: one page each, the evidence behind them, and what was meant when two people met."""

from __future__ import annotations

import io
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe
from PIL import Image, ImageOps

from accounts import audit
from accounts.models import User
from accounts.permissions import Action, requires, signed_in
from riskregistry.evidence import PICTURES
from riskregistry.history import Change, changes_of
from riskregistry.lights import soon_within, with_light
from riskregistry.models import Evidence, ExtensionRequest, Measure, ProgressEntry
from riskregistry.rectification import (
    STEPS,
    StaleMeasureError,
    StepRefusedError,
    apply_transition,
    ask_extension,
    decide_extension,
    may_take,
    offers,
)
from riskregistry.step_forms import AnswerForm, ExtensionForm, StepForm

SMALL = (240, 240)
# Shown in the browser itself; anything else is saved as a file.
INLINE = {".jpg": "image/jpeg", ".jpeg": "image/jpeg", ".png": "image/png", ".pdf": "application/pdf"}


@dataclass(frozen=True)
class Meeting:
    """What somebody else did since the page was opened: the steps taken and the fields changed."""

    entries: list[ProgressEntry]
    changes: list[Change]


def _measure(request: HttpRequest, pk: int) -> Measure:
    rows = Measure.objects.visible_to(request.user).select_related("campaign", "unit", "domain")
    return with_light(get_object_or_404(rows, pk=pk), timezone.localdate(), _soon(request))


def _soon(request: HttpRequest) -> int:
    return soon_within(timezone.localdate(), getattr(request, "preferences", None))


def _meeting(measure: Measure, seen: int) -> Meeting:
    """All that happened after version `seen`."""
    row = measure.history.filter(version=seen).order_by("-history_date").first()
    if row is None:
        return Meeting([], changes_of(measure)[:20])
    entries = measure.entries.filter(at__gt=row.history_date).select_related("actor")
    return Meeting(list(entries), [c for c in changes_of(measure) if c.at > row.history_date])


def _number(text: str | None) -> int:
    return int(text) if text and text.isdigit() and len(text) < 10 else 0


@requires(Action.VIEW_REGISTER)
def step(request: HttpRequest, pk: int, code: str) -> HttpResponse:
    """One step of a measure: its form, or, sent, the step itself. 404 for a step that is not in the table."""
    measure, user = _measure(request, pk), signed_in(request)
    taken = STEPS.get(code)
    if taken is None or taken.own:
        raise Http404
    if not may_take(taken, measure, user):
        raise PermissionDenied
    if request.method != "POST":
        return _step_page(request, measure, code, StepForm(code=code, step=taken, measure=measure))
    form = StepForm(request.POST, request.FILES, code=code, step=taken, measure=measure)
    if not form.is_valid():
        return _step_page(request, measure, code, form, status=422)
    try:
        apply_transition(measure.pk, code, actor=user, **form.options())
    except StaleMeasureError as stale:
        return _stale_page(request, stale.measure, code, form)
    except StepRefusedError as refused:
        for message in refused.messages:
            form.add_error(None, message)
        return _step_page(request, measure, code, form, status=422)
    messages.success(request, f"已{taken.label}：{measure.heading}")
    return redirect("riskregistry:measure", pk=measure.pk)


def _step_page(
    request: HttpRequest, measure: Measure, code: str, form: Any, *, status: int = 200, **more: Any
) -> HttpResponse:
    offered = {offer.code: offer for offer in offers(measure, signed_in(request))}
    context = {
        "measure": measure,
        "code": code,
        "step": STEPS[code],
        "form": form,
        "fits": code in offered or STEPS[code].own,
        "missing": offered[code].missing if code in offered else [],
        **more,
    }
    return render(request, "riskregistry/step.html", context, status=status)


def _stale_page(request: HttpRequest, now: Measure, code: str, form: Any) -> HttpResponse:
    """The typed text stays; what the other did stands above it; sending again goes on from there."""
    measure = _measure(request, now.pk)
    meeting = _meeting(measure, _number(form.data.get("version")))
    data = form.data.copy()
    data["version"] = str(measure.version)
    form.data = data
    return _step_page(
        request,
        measure,
        code,
        form,
        status=409,
        meeting=meeting,
        lost_files=[upload.name for upload in request.FILES.getlist("uploads")],
    )


@requires(Action.RECORD_PROGRESS)
def extension(request: HttpRequest, pk: int) -> HttpResponse:
    """A unit asks for a later date."""
    measure, user = _measure(request, pk), signed_in(request)
    code = "ask_extension"
    if not may_take(STEPS[code], measure, user):
        raise PermissionDenied
    if request.method != "POST":
        return _step_page(request, measure, code, ExtensionForm(measure=measure))
    form = ExtensionForm(request.POST, measure=measure)
    if not form.is_valid():
        return _step_page(request, measure, code, form, status=422)
    try:
        ask_extension(measure.pk, actor=user, **form.cleaned_data)
    except StaleMeasureError as stale:
        return _stale_page(request, stale.measure, code, form)
    except StepRefusedError as refused:
        for message in refused.messages:
            form.add_error(None, message)
        return _step_page(request, measure, code, form, status=422)
    messages.success(request, "延期申请已提交，等监督员答复；答复之前时限不变。")
    return redirect("riskregistry:measure", pk=measure.pk)


@require_POST
@requires(Action.VERIFY_MEASURE)
def decide(request: HttpRequest, pk: int) -> HttpResponse:
    """Grant or refuse a later date."""
    asked = get_object_or_404(ExtensionRequest.objects.visible_to(request.user), pk=pk)
    form = AnswerForm(request.POST)
    grant = request.POST.get("grant") == "1"
    answer = str(form.cleaned_data["answer"]) if form.is_valid() else ""
    try:
        decide_extension(asked.pk, actor=signed_in(request), grant=grant, answer=answer)
    except StepRefusedError as refused:
        for message in refused.messages:
            messages.error(request, message)
    else:
        messages.success(request, f"已{'同意' if grant else '不同意'}延期：{asked.measure.heading}")
    return redirect("riskregistry:measure", pk=asked.measure_id)


def _evidence(request: HttpRequest, pk: int) -> Evidence:
    shown = get_object_or_404(Evidence.objects.visible_to(request.user), pk=pk)
    if not shown.file.name or not shown.file.storage.exists(shown.file.name):
        raise Http404
    return shown


@require_safe
@requires(Action.VIEW_REGISTER)
def evidence_file(request: HttpRequest, pk: int) -> HttpResponseBase:
    """The file itself: pictures and .pdf in the browser, the rest saved under the name it came with."""
    shown = _evidence(request, pk)
    suffix = "." + shown.original_name.rpartition(".")[2].lower()
    kind = INLINE.get(suffix)
    audit.record(signed_in(request), "查看佐证材料", shown.measure, detail={"file": shown.original_name})
    response = FileResponse(
        shown.file.open(),
        as_attachment=kind is None,
        filename=shown.original_name,
        content_type=kind or "application/octet-stream",
    )
    response["Cache-Control"] = "private, no-store"
    return response


@require_safe
@requires(Action.VIEW_REGISTER)
def evidence_small(request: HttpRequest, pk: int) -> HttpResponseBase:
    """A small picture of a picture, the right way up; 404 for any other file."""
    shown = _evidence(request, pk)
    if not shown.original_name.lower().endswith(PICTURES):
        raise Http404
    content = io.BytesIO()
    try:
        with shown.file.open() as file, Image.open(file, formats=("JPEG", "PNG")) as picture:
            picture.draft("RGB", SMALL)
            small = ImageOps.exif_transpose(picture).convert("RGB")
            small.thumbnail(SMALL)
            small.save(content, "JPEG", quality=80)
    except (OSError, ValueError, Image.DecompressionBombError) as error:
        raise Http404 from error
    response = HttpResponse(content.getvalue(), content_type="image/jpeg")
    response["Cache-Control"] = "private, max-age=86400"
    return response


def steps_context(measure: Measure, user: User) -> dict[str, Any]:
    """What the measure's page shows of steps: those on offer, the quick form, requests for a later date."""
    offered = offers(measure, user)
    progress = next((offer for offer in offered if offer.code == "progress"), None)
    ask = STEPS["ask_extension"]
    pending = measure.extension_requests.select_related("requested_by", "decided_by")
    return {
        "offers": [offer for offer in offered if offer.code != "progress"],
        "progress_form": StepForm(code="progress", step=progress.step, measure=measure) if progress else None,
        "may_ask_extension": measure.state in ask.moves and may_take(ask, measure, user),
        "extensions": pending,
        "may_decide": user.may(Action.VERIFY_MEASURE),
        "answer_form": AnswerForm(),
    }
