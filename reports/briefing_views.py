"""Briefings: drafting, looking through, editing around the numbers, exporting, and what was exported."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts import audit
from accounts.permissions import Action, requires, signed_in
from reports.briefing import making
from reports.briefing.basis import Basis
from reports.briefing.content import KINDS, fields_of, parts_of
from reports.briefing.options import Options
from reports.briefing.shapes import FIELD, Paragraph
from reports.briefing_forms import HeadForm, NewBriefingForm
from reports.enums import FileFormat, FileState
from reports.models import Briefing, BriefingFile, BriefingTemplate
from riskregistry.campaigns import current_campaign

A_PAGE = 30
MOST_FIELDS = 600


def _briefing(request: HttpRequest, pk: int) -> Briefing:
    rows = Briefing.objects.visible_to(request.user)
    return get_object_or_404(rows.select_related("campaign", "unit", "created_by", "looked_by"), pk=pk)


@require_safe
@requires(Action.EXPORT)
def briefing_list(request: HttpRequest) -> HttpResponse:
    campaign, user = current_campaign(request), signed_in(request)
    rows = Briefing.objects.visible_to(user).filter(campaign=campaign)
    rows = rows.select_related("created_by", "unit").prefetch_related("files").defer("basis", "options")
    page = Paginator(rows, A_PAGE).get_page(request.GET.get("page"))
    context = {
        "campaign": campaign,
        "page": page,
        "form": NewBriefingForm(user=user, initial={"kind": request.GET.get("kind", "situation")}),
        "may_manage": user.may(Action.MANAGE_CAMPAIGNS),
        "title": "简报",
    }
    template = "reports/briefing_list.html" if campaign else "riskregistry/no_campaign.html"
    return render(request, template, context)


@require_POST
@requires(Action.EXPORT)
def new_briefing(request: HttpRequest) -> HttpResponse:
    campaign, user = current_campaign(request), signed_in(request)
    if campaign is None:
        return redirect("reports:briefing_list")
    form = NewBriefingForm(request.POST, user=user)
    if not form.is_valid():
        context = {"campaign": campaign, "form": form, "title": "起草简报", "failed": True}
        return render(request, "reports/briefing_list.html", context, status=400)
    data = form.cleaned_data
    chosen = Options(units=tuple(unit.pk for unit in data["units"]))
    briefing = making.make(
        user, campaign, data["kind"], data["as_of"], options=chosen, compare_to=data["compare_to"]
    )
    return redirect("reports:briefing", pk=briefing.pk)


@require_safe
@requires(Action.EXPORT)
def briefing_page(request: HttpRequest, pk: int) -> HttpResponse:
    return _page(request, _briefing(request, pk))


def _page(
    request: HttpRequest,
    briefing: Briefing,
    *,
    head: HeadForm | None = None,
    typed: dict[str, str] | None = None,
    wrong: dict[str, list[str]] | None = None,
) -> HttpResponse:
    """The draft as it will be printed; `typed` and `wrong`: sentences that were not taken, and why."""
    basis = making.basis_of(briefing)
    document, options = making.composed(briefing, basis), making.options_of(briefing)
    untouched = making.untouched(briefing, basis)
    typed, wrong = typed or {}, wrong or {}
    sections = [
        (section, [_shown(p, typed.get(p.key), wrong.get(p.key)) for p in section.paragraphs])
        for section in document.sections
    ]
    context = {
        "briefing": briefing,
        "document": document,
        "sections": sections,
        "left_out": [p for key, p in untouched.items() if options.edits.get(key) == ""],
        "stale": [key for key in options.edits if key not in untouched],
        "parts": _parts(briefing, options),
        "fields": _fields(basis) if document.sections else [],
        "head": head or HeadForm(initial=briefing.options),
        "formats": [FileFormat(form) for form in KINDS[briefing.kind].formats],
        "templates": _templates(request) if "docx" in KINDS[briefing.kind].formats else [],
        "files": briefing.files.select_related("made_by", "template")[:A_PAGE],
        "making": briefing.files.filter(state=FileState.MAKING).exists(),
        "waiting": briefing.schedule_id is not None and briefing.looked_at is None,
        "whole": basis.whole,
    }
    return render(request, "reports/briefing.html", context, status=400 if wrong or head else 200)


def _fields(basis: Basis) -> list[tuple[str, str]]:
    """Numbers that an edit may bring in: of the whole first, then of domains and units, not without end."""
    values = fields_of(basis).values.items()
    return sorted(values, key=lambda field: (field[0].count("·"), field[0]))[:MOST_FIELDS]


def _templates(request: HttpRequest) -> list[BriefingTemplate]:
    return list(BriefingTemplate.objects.visible_to(request.user).in_use())


def _parts(briefing: Briefing, options: Options) -> list[dict[str, Any]]:
    """The sections with their place in the chosen order, 0 for those left out."""
    parts = parts_of(briefing.kind)
    order = options.sections or tuple(part.key for part in parts)
    return [
        {"key": p.key, "title": p.title, "place": order.index(p.key) + 1 if p.key in order else 0}
        for p in parts
    ]


def _shown(paragraph: Paragraph, typed: str | None, wrong: list[str] | None) -> dict[str, Any]:
    """A sentence in pieces, its numbers apart from its words."""
    pieces: list[tuple[str, str]] = []
    at = 0
    for match in FIELD.finditer(paragraph.text):
        pieces += [("", paragraph.text[at : match.start()]), (match[1], match[2])]
        at = match.end()
    pieces.append(("", paragraph.text[at:]))
    return {
        "paragraph": paragraph,
        "pieces": [piece for piece in pieces if piece[1]],
        "text": paragraph.text if typed is None else typed,
        "wrong": wrong,
    }


@require_POST
@requires(Action.EXPORT)
def edit_paragraph(request: HttpRequest, pk: int, key: str) -> HttpResponse:
    """`do`: save the text, leave the sentence out, or take the system's again."""
    briefing, user = _briefing(request, pk), signed_in(request)
    known = making.untouched(briefing, making.basis_of(briefing))
    if key not in known and key not in making.options_of(briefing).edits:
        raise Http404
    text, do = request.POST.get("text", "").strip(), request.POST.get("do", "save")
    edits = dict(making.options_of(briefing).edits)
    if do == "restore":
        edits.pop(key, None)
    elif do == "omit":
        edits[key] = ""
    else:
        edits[key] = text
    try:
        if do == "save":
            making.check_edit(briefing, text)
        making.choose(briefing, user, _version(request), edits=edits)
    except ValidationError as error:
        briefing.refresh_from_db()
        return _page(request, briefing, typed={key: text}, wrong={key: error.messages})
    messages.success(request, {"restore": "已恢复系统原文。", "omit": "已去掉这一段。"}.get(do, "已保存。"))
    return redirect("reports:briefing", pk=pk)


def _version(request: HttpRequest) -> int:
    said = request.POST.get("version", "")
    return int(said) if said.isdigit() else 0


@require_POST
@requires(Action.EXPORT)
def edit_head(request: HttpRequest, pk: int) -> HttpResponse:
    briefing = _briefing(request, pk)
    form = HeadForm(request.POST)
    if not form.is_valid():
        return _page(request, briefing, head=form)
    try:
        making.choose(briefing, signed_in(request), _version(request), **form.cleaned_data)
    except ValidationError as error:
        form.add_error(None, error)
        briefing.refresh_from_db()
        return _page(request, briefing, head=form)
    messages.success(request, "已保存。")
    return redirect("reports:briefing", pk=pk)


@require_POST
@requires(Action.EXPORT)
def choose_sections(request: HttpRequest, pk: int) -> HttpResponse:
    """Sections by the number written beside each; none or 0 leaves one out."""
    briefing = _briefing(request, pk)
    places = []
    for at, part in enumerate(parts_of(briefing.kind)):
        said = request.POST.get(f"place-{part.key}", "").strip()
        if said.isdigit() and int(said):
            places.append((int(said), at, part.key))
    if not places:
        messages.error(request, "至少要留一个部分。")
        return redirect("reports:briefing", pk=pk)
    try:
        sections = [key for _, _, key in sorted(places)]
        making.choose(briefing, signed_in(request), _version(request), sections=sections)
    except ValidationError as error:
        messages.error(request, error.messages[0])
    return redirect("reports:briefing", pk=pk)


@require_POST
@requires(Action.EXPORT)
def export_briefing(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Makes the file, records it, and hands it over; a very long ledger is made by the worker."""
    briefing, user = _briefing(request, pk), signed_in(request)
    template = None
    if chosen := request.POST.get("template", ""):
        rows = BriefingTemplate.objects.visible_to(user).in_use()
        template = get_object_or_404(rows, pk=int(chosen) if chosen.isdigit() else 0)
    try:
        row = making.export(briefing, request.POST.get("format", ""), user, template=template)
    except ValidationError as error:
        for text in error.messages:
            messages.error(request, text)
        return redirect("reports:briefing", pk=pk)
    if row.state == FileState.MAKING:
        messages.success(request, "措施很多，正在后台生成 Excel，完成后可在下面「导出记录」中下载。")
        return redirect("reports:briefing", pk=pk)
    return _hand_over(row)


def _hand_over(row: BriefingFile) -> FileResponse:
    response = FileResponse(row.file.open("rb"), as_attachment=True, filename=row.download_name)
    response["Cache-Control"] = "private, no-store"
    return response


@require_safe
@requires(Action.EXPORT)
def briefing_file(request: HttpRequest, pk: int) -> HttpResponseBase:
    """A file that was exported before, as it was."""
    rows = BriefingFile.objects.visible_to(request.user).filter(state=FileState.READY)
    row = get_object_or_404(rows.select_related("briefing__campaign"), pk=pk)
    audit.record(signed_in(request), "下载简报", row.briefing, detail={"sha256": row.sha256})
    return _hand_over(row)


@require_POST
@requires(Action.EXPORT)
def look_at_briefing(request: HttpRequest, pk: int) -> HttpResponse:
    making.look(_briefing(request, pk), signed_in(request))
    messages.success(request, "已记录审看。")
    return redirect("reports:briefing", pk=pk)


@require_http_methods(["GET", "HEAD"])
@requires(Action.EXPORT)
def fonts_page(request: HttpRequest) -> HttpResponse:
    return render(request, "reports/fonts.html")
