"""Pages of the uploaded reports: list, upload, progress, review, acceptance."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.files.base import File
from django.db import transaction
from django.http import (
    FileResponse,
    Http404,
    HttpRequest,
    HttpResponse,
    HttpResponseBase,
    HttpResponseRedirect,
)
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST
from django_tables2 import RequestConfig

from accounts import audit
from accounts.permissions import Action, requires, signed_in
from reports import acceptance, held, intake, review
from reports.enums import Decision, ReportState
from reports.filters import ReportFilter
from reports.forms import UploadForm, correction_form
from reports.models import Discrepancy, Figure, Report, Statement
from reports.tables import ReportTable
from riskregistry.campaigns import current_campaign
from riskregistry.models import Campaign

BUSY = (ReportState.WAITING, ReportState.READING)
REVIEWED = (ReportState.TO_REVIEW, ReportState.ACCEPTED, ReportState.WITHDRAWN)


def _report(request: HttpRequest, pk: int) -> Report:
    reports = Report.objects.visible_to(request.user).select_related(
        "campaign", "unit", "supersedes", "uploaded_by", "accepted_by"
    )
    return get_object_or_404(reports, pk=pk)


@require_GET
@requires(Action.VIEW_REPORTS)
def report_list(request: HttpRequest) -> HttpResponse:
    campaign = current_campaign(request)
    reports = Report.objects.visible_to(request.user).select_related("campaign", "unit", "uploaded_by")
    reports = reports.filter(campaign=campaign) if campaign else reports.none()
    report_filter = ReportFilter(request.GET, queryset=reports, request=request)
    table = ReportTable(report_filter.qs)
    RequestConfig(request, paginate={"per_page": 50, "silent": True}).configure(table)
    context = {
        "table": table,
        "filter": report_filter,
        "may_upload": signed_in(request).may(Action.UPLOAD_REPORT),
    }
    return render(request, "reports/report_list.html", context)


@require_http_methods(["GET", "POST"])
@requires(Action.UPLOAD_REPORT)
def upload(request: HttpRequest) -> HttpResponseBase:
    if request.method == "GET":
        campaign = current_campaign(request)
        initial = {"campaign": campaign.pk if campaign else None, **request.GET.dict()}
        form = UploadForm(user=signed_in(request), held_name=held.held_name(request), initial=initial)
        return _upload_page(request, form)
    if "discard" in request.POST:
        held.release(request)
        return redirect("reports:upload")
    form = UploadForm(request.POST, request.FILES, user=signed_in(request), held_name=held.held_name(request))
    if not form.is_valid():
        if form.cleaned_data.get("file"):
            held.hold(request, form.cleaned_data["file"])
            form.held_name = held.held_name(request)
        return _upload_page(request, form, status=422)
    report, created = _receive(request, form)
    if not created:
        messages.warning(
            request, f"这份文件在 {report.uploaded_at:%Y-%m-%d} 已上传过，没有重复保存，下面是原来那份。"
        )
    return redirect("reports:report", pk=report.pk)


def _upload_page(request: HttpRequest, form: UploadForm, status: int = 200) -> HttpResponse:
    limit = request.preferences["upload_limit_mb"]  # type: ignore[attr-defined]
    context = {"form": form, "limit_mb": limit}
    return render(request, "reports/upload.html", context, status=status)


def _receive(request: HttpRequest, form: UploadForm) -> tuple[Report, bool]:
    data = form.cleaned_data
    with transaction.atomic():
        campaign = data["campaign"] or _new_campaign(request, data["new_campaign"].strip())
        content, name = _content(request, data["file"])
        report, created = intake.receive_upload(
            content,
            name,
            campaign=campaign,
            unit=form.unit,
            actor=signed_in(request),
            supersedes=data["supersedes"],
        )
        if created and data["as_of"]:
            report.as_of = data["as_of"]
            report.save(update_fields=["as_of"])
    held.release(request)
    return report, created


def _new_campaign(request: HttpRequest, name: str) -> Campaign:
    campaign = Campaign.objects.create(name=name)
    audit.record(request.user, "新建专项行动", campaign)
    return campaign


def _content(request: HttpRequest, upload: Any) -> tuple[File[bytes], str]:
    if upload:
        return upload, upload.name
    kept = held.take(request)
    if kept is None:
        raise Http404
    return kept


@require_GET
@requires(Action.VIEW_REPORTS)
def report(request: HttpRequest, pk: int) -> HttpResponse:
    """Progress while it is read, then the review; for one that could not be read, why."""
    shown = _report(request, pk)
    if shown.state in REVIEWED:
        return _review_page(request, shown)
    template = "reports/progress.html" if shown.state in BUSY else "reports/failed.html"
    return render(request, template, {"report": shown, **_rights(request)})


@require_GET
@requires(Action.VIEW_REPORTS)
def report_status(request: HttpRequest, pk: int) -> HttpResponse:
    """The progress alone, asked for by the page every second; when reading ends the page is loaded anew."""
    shown = _report(request, pk)
    response = render(request, "reports/_progress.html", {"report": shown})
    if shown.state not in BUSY:
        response["HX-Refresh"] = "true"
    return response


def _rights(request: HttpRequest) -> dict[str, bool]:
    return {
        "may_review": signed_in(request).may(Action.REVIEW_REPORT),
        "may_download": signed_in(request).may(Action.DOWNLOAD_ORIGINAL),
    }


def _review_page(request: HttpRequest, shown: Report, wrong: Any = None, status: int = 200) -> HttpResponse:
    facts = review.facts_of(shown)
    context = {
        "report": shown,
        "groups": review.grouped(facts),
        "lines": review.lines_of(shown, facts),
        "matrix": review.domain_matrix(view.fact for view in facts if isinstance(view.fact, Figure)),
        "superseded_by": shown.superseded_by.visible_to(request.user)
        .filter(state=ReportState.ACCEPTED)
        .first(),
        "wrong": wrong,
        **_standing(request, shown),
    }
    return render(request, "reports/review.html", context, status=status)


def _standing(request: HttpRequest, shown: Report) -> dict[str, Any]:
    """What the head of the review says: counts, what is missing, what may be done."""
    rights = _rights(request)
    pending = [
        queryset.filter(decision=Decision.PENDING).count() for queryset in (shown.figures, shown.statements)
    ]
    return {
        "report": shown,
        "discrepancies": list(shown.discrepancies.select_related("decided_by")),
        **rights,
        "may_decide": rights["may_review"] and shown.state in acceptance.REVIEWABLE,
        "pending": sum(pending),
        "obstacles": acceptance.obstacles(shown) if rights["may_review"] else [],
    }


def _fact(request: HttpRequest, pk: int, kind: str, fact_pk: int) -> Figure | Statement:
    if kind == "figure":
        figures = Figure.objects.visible_to(request.user).select_related("report")
        return get_object_or_404(figures, report=pk, pk=fact_pk)
    statements = Statement.objects.visible_to(request.user).select_related("report")
    return get_object_or_404(statements, report=pk, pk=fact_pk)


def _view_of(fact: Figure | Statement) -> review.FactView:
    return review.figure_view(fact) if isinstance(fact, Figure) else review.statement_view(fact)


@require_http_methods(["GET", "POST"])
@requires(Action.REVIEW_REPORT)
def decide(request: HttpRequest, pk: int, kind: str, fact_pk: int) -> HttpResponse:
    """POST: accept, reject, or correct one fact. GET: the form that corrects it, on a page of its own."""
    fact = _fact(request, pk, kind, fact_pk)
    wanted = request.POST.get("decision", "")
    if request.method == "GET":
        return _correction_page(request, fact, correction_form(fact))
    if wanted not in {Decision.ACCEPTED, Decision.REJECTED, Decision.CORRECTED, Decision.PENDING}:
        raise Http404
    corrected: Any = None
    if wanted == Decision.CORRECTED:
        form = correction_form(fact, request.POST)
        if not form.is_valid():
            return _correction_page(request, fact, form, status=422)
        corrected = form.corrected()
    try:
        acceptance.decide(fact, Decision(wanted), actor=signed_in(request), corrected=corrected)
    except ValidationError as error:
        messages.error(request, error.messages[0])
        return _back(pk, _view_of(fact).key)
    if request.headers.get("HX-Request"):
        shown = _report(request, pk)
        context = {"view": _view_of(fact), "fragment": True, **_standing(request, shown)}
        return render(request, "reports/_fact_swap.html", context)
    return _back(pk, _view_of(fact).key)


def _correction_page(
    request: HttpRequest, fact: Figure | Statement, form: Any, status: int = 200
) -> HttpResponse:
    context = {"view": _view_of(fact), "report": fact.report, "form": form}
    return render(request, "reports/correct.html", context, status=status)


def _back(pk: int, anchor: str = "") -> HttpResponseRedirect:
    address = reverse("reports:report", args=[pk])
    return HttpResponseRedirect(f"{address}#{quote(anchor)}" if anchor else address)


@require_POST
@requires(Action.REVIEW_REPORT)
def settle(request: HttpRequest, pk: int, discrepancy_pk: int) -> HttpResponse:
    """Explain or dismiss one discrepancy. Without a reason the page comes back with what was typed."""
    shown = _report(request, pk)
    found = get_object_or_404(Discrepancy.objects.visible_to(request.user), report=pk, pk=discrepancy_pk)
    act = acceptance.dismiss if request.POST.get("decision") == Decision.REJECTED else acceptance.explain
    explanation = request.POST.get("explanation", "").replace("\x00", "")
    try:
        act(found, explanation, actor=signed_in(request))
    except ValidationError as error:
        wrong = {"pk": found.pk, "message": error.messages[0], "typed": explanation}
        return _review_page(request, shown, wrong=wrong, status=422)
    return _back(pk, f"d{found.pk}")


@require_POST
@requires(Action.REVIEW_REPORT)
def agree(request: HttpRequest, pk: int) -> HttpResponse:
    shown = _report(request, pk)
    try:
        count = acceptance.accept_agreeing(shown, actor=signed_in(request))
    except ValidationError as error:
        messages.error(request, error.messages[0])
        return _back(pk)
    left = acceptance.figures_in_dispute(shown).filter(decision=Decision.PENDING).count()
    rest = f"另有 {left} 个数字涉及数据不符，请核实后逐项处理。" if left else ""
    messages.success(request, f"已采纳 {count} 项。{rest}")
    return _back(pk)


@require_POST
@requires(Action.REVIEW_REPORT)
def accept(request: HttpRequest, pk: int) -> HttpResponse:
    shown = _report(request, pk)
    try:
        acceptance.accept_report(shown, actor=signed_in(request))
    except ValidationError as error:
        messages.error(request, error.messages[0])
    else:
        messages.success(
            request, "已采纳，内容已写入台账。新读出的单位标为「待确认」，可在单位页确认或合并。"
        )
    return _back(pk)


@require_POST
@requires(Action.REVIEW_REPORT)
def withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    shown = _report(request, pk)
    reason = request.POST.get("reason", "").replace("\x00", "")
    try:
        kept = acceptance.withdraw_report(shown, reason, actor=signed_in(request))
    except ValidationError as error:
        messages.error(request, error.messages[0])
        return _back(pk, "withdraw")
    messages.success(request, "已撤回采纳，写入台账的内容已移除。")
    if kept:
        messages.warning(request, f"以下措施已有后续办理，予以保留：{'、'.join(kept)}")
    return _back(pk)


@require_POST
@requires(Action.REVIEW_REPORT)
def retry(request: HttpRequest, pk: int) -> HttpResponse:
    intake.retry_reading(_report(request, pk), actor=signed_in(request))
    return _back(pk)


@require_GET
@requires(Action.DOWNLOAD_ORIGINAL)
def original(request: HttpRequest, pk: int) -> HttpResponseBase:
    """The file as it came: it may hold what is masked on the page, so the download is recorded."""
    shown = _report(request, pk)
    if not shown.file.name or not shown.file.storage.exists(shown.file.name):
        raise Http404
    audit.record(request.user, "下载报告原件", shown)
    return FileResponse(shown.file.open(), as_attachment=True, filename=shown.original_name)
