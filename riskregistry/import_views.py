"""Bringing a ledger in: upload, what its columns mean, what would happen, and only then the act."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from pathlib import PurePath
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.core.paginator import Paginator
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from accounts import audit
from accounts.models import Unit, User
from accounts.permissions import Action, requires, signed_in
from accounts.preferences import preference
from riskregistry.campaigns import current_campaign
from riskregistry.downloads import excel_file
from riskregistry.enums import ImportState, SubmissionItem
from riskregistry.imports.annotated import annotated
from riskregistry.imports.apply import (
    PlanChangedError,
    apply_batch,
    known_of,
    plan_batch,
    table_of_batch,
    undo_batch,
    why_not_undone,
)
from riskregistry.imports.columns import COLUMNS, clean_header, one_line, recognise
from riskregistry.imports.plan import STATUS_LABELS, Plan, Status
from riskregistry.imports.reader import LedgerError, Sheet, read
from riskregistry.imports.table import IGNORED, Table, likely_header
from riskregistry.imports.template import ledger
from riskregistry.models import Campaign, ColumnMapping, ImportBatch
from riskregistry.submissions import reason_needed

PER_PAGE = 100
LISTED = 50


class UploadForm(forms.Form):
    """Whose ledger, and the file."""

    unit = forms.ModelChoiceField(Unit.objects.none(), label="单位", empty_label="请选择")
    file = forms.FileField(
        label="台账文件",
        allow_empty_file=True,
        help_text="单位自己的台账即可，不必改格式：.xlsx、.xls 或 .csv",
        widget=forms.ClearableFileInput(attrs={"accept": ".xlsx,.xls,.csv"}),
    )

    def __init__(self, data: Any = None, files: Any = None, *, user: User, initial: Any = None) -> None:
        super().__init__(data, files, initial=initial)
        field: Any = self.fields["unit"]
        field.queryset = Unit.objects.visible_to(user).current()
        if user.unit_id and not user.may(Action.SEE_ALL_UNITS):
            field.initial, field.empty_label = user.unit_id, None


class MappingForm(forms.Form):
    """One choice for each header that is not known by itself."""

    def __init__(self, data: Any = None, *, headers: list[str]) -> None:
        super().__init__(data)
        choices = [
            ("", "请选择"),
            (IGNORED, "不导入这一列"),
            *((key, column.label) for key, column in COLUMNS.items() if key not in {"serial", "id"}),
        ]
        for number, header in enumerate(headers):
            self.fields[f"column_{number}"] = forms.ChoiceField(label=header, choices=choices)
        self.headers = headers

    def mapping(self) -> dict[str, str]:
        """Header (cleaned) → field."""
        return {
            clean_header(header): self.cleaned_data[f"column_{number}"]
            for number, header in enumerate(self.headers)
        }


@requires(Action.EDIT_REGISTER)
def upload(request: HttpRequest) -> HttpResponse:
    """Choose a ledger; below, those that came before."""
    campaign, user = current_campaign(request), signed_in(request)
    if campaign is None:
        return render(request, "riskregistry/no_campaign.html", {"title": "导入台账"})
    form = UploadForm(request.POST or None, request.FILES or None, user=user)
    if request.method == "POST" and form.is_valid():
        try:
            batch = _keep(form.cleaned_data["file"], form.cleaned_data["unit"], campaign, user)
        except LedgerError as error:
            form.add_error("file", str(error))
        else:
            return redirect("riskregistry:import_preview", pk=batch.pk)
    batches = ImportBatch.objects.visible_to(user).filter(campaign=campaign)
    context = {
        "form": form,
        "campaign": campaign,
        "batches": batches.exclude(state=ImportState.DISCARDED).select_related("unit", "uploaded_by")[
            :LISTED
        ],
        "limit_mb": preference("upload_limit_mb", getattr(request, "preferences", None)),
        "unit": _template_unit(request, user),
        "units": [] if user.unit_id else Unit.objects.visible_to(user).current(),
    }
    return render(request, "riskregistry/import_upload.html", context, status=422 if form.errors else 200)


def _template_unit(request: HttpRequest, user: User) -> Unit | None:
    """Whose ledger may be downloaded: a person's own unit, else the one that was chosen."""
    if user.unit_id:
        return user.unit
    chosen = request.GET.get("unit", "")
    return Unit.objects.visible_to(user).current().filter(pk=chosen).first() if chosen.isdecimal() else None


def _keep(upload_: Any, unit: Unit, campaign: Campaign, user: User) -> ImportBatch:
    """The file as a batch to look at; a file that still waits is the batch it was. Raises LedgerError."""
    limit = int(preference("upload_limit_mb"))
    if upload_.size > limit << 20:
        raise LedgerError(
            f"文件有 {upload_.size / (1 << 20):.1f} MB，超过上限 {limit} MB，请分成几个文件导入。"
        )
    content = upload_.read()
    read(content, upload_.name)
    sha256 = hashlib.sha256(content).hexdigest()
    known = ImportBatch.objects.filter(
        unit=unit, campaign=campaign, sha256=sha256, state=ImportState.PREVIEWED
    )
    if waiting := known.first():
        return waiting
    batch = ImportBatch(
        campaign=campaign,
        unit=unit,
        original_name=PurePath(upload_.name).name[-200:],
        sha256=sha256,
        size=len(content),
        uploaded_by=user,
    )
    with transaction.atomic():
        batch.file.save(upload_.name, ContentFile(content), save=False)
        batch.save()
        audit.record(user, "上传台账", batch, detail={"sha256": sha256, "unit": unit.name})
    return batch


def _batch(request: HttpRequest, pk: int) -> ImportBatch:
    rows = ImportBatch.objects.visible_to(request.user).select_related(
        "unit", "campaign", "applied_by", "undone_by"
    )
    return get_object_or_404(rows, pk=pk)


def _content(batch: ImportBatch) -> bytes:
    with batch.file.open("rb") as file:
        return bytes(file.read())


def _to_be_mapped(batch: ImportBatch, table: Table) -> list[str]:
    """Headers that still need a meaning; where no header was found at all, those of the likeliest row."""
    if table.headings:
        return list(dict.fromkeys(heading.text for heading in table.unknown))
    sheets: list[Sheet] = read(_content(batch), batch.original_name)
    for sheet in sheets:
        place = likely_header(sheet)
        if place is not None:
            texts = [one_line(cell) for cell in sheet.rows[place].cells]
            return list(
                dict.fromkeys(text for text in texts if clean_header(text) and recognise(text) != "serial")
            )
    return []


@requires(Action.EDIT_REGISTER)
def preview(request: HttpRequest, pk: int) -> HttpResponse:
    """GET: what the import would do. POST: what a person chose for lines that are like an item of today."""
    batch = _batch(request, pk)
    if batch.state != ImportState.PREVIEWED:
        return _done_page(request, batch)
    if request.method == "POST":
        batch.mapping = {**batch.mapping, "merges": sorted(set(request.POST.getlist("merge")))[:1000]}
        batch.save()
        return redirect("riskregistry:import_preview", pk=pk)
    try:
        table = table_of_batch(batch)
        if _to_be_mapped(batch, table):
            return redirect("riskregistry:import_mapping", pk=pk)
        found = plan_batch(batch, table)
    except LedgerError as error:
        return _unreadable(request, batch, str(error))
    return _preview_page(request, batch, found, table.unread)


def _unreadable(request: HttpRequest, batch: ImportBatch, why: str) -> HttpResponse:
    context = {"batch": batch, "why": why}
    return render(request, "riskregistry/import_unreadable.html", context, status=422)


def _preview_page(
    request: HttpRequest, batch: ImportBatch, found: Plan, unread: Sequence[str]
) -> HttpResponse:
    wanted = request.GET.get("show", "")
    shown = found.of(Status(wanted)) if wanted in Status.__members__.values() else found.lines
    again = ImportBatch.objects.filter(
        unit=batch.unit, campaign=batch.campaign, sha256=batch.sha256, state=ImportState.APPLIED
    )
    context = {
        "batch": batch,
        "totals": found.totals,
        "counts": [(status.value, STATUS_LABELS[status], found.totals[status.value]) for status in Status],
        "shown": wanted,
        "problems": found.problems[:500],
        "more_problems": max(len(found.problems) - 500, 0),
        "page": Paginator(shown, PER_PAGE).get_page(request.GET.get("page")),
        "likely": found.of(Status.LIKELY)[:200],
        "merges": batch.mapping.get("merges", []),
        "digest": found.digest(),
        "ready": found.does_something and not found.problems,
        "again": again.order_by("-applied_at").first(),
        "unread": unread,
        "needs_reason": _needs_reason(batch),
        "takes_part": batch.unit.participations.filter(campaign=batch.campaign).exists(),
    }
    return render(request, "riskregistry/import_preview.html", context)


def _needs_reason(batch: ImportBatch) -> bool:
    items = (SubmissionItem.RISK_LEDGER, SubmissionItem.MEASURES)
    return any(reason_needed(batch.unit, batch.campaign, item) for item in items)


@requires(Action.EDIT_REGISTER)
def mapping(request: HttpRequest, pk: int) -> HttpResponse:
    """What the columns mean that were not recognised; remembered for the unit."""
    batch = _batch(request, pk)
    if batch.state != ImportState.PREVIEWED:
        return redirect("riskregistry:import_preview", pk=pk)
    try:
        table = table_of_batch(batch)
        headers = _to_be_mapped(batch, table)
    except LedgerError as error:
        return _unreadable(request, batch, str(error))
    if not headers:
        if not table.headings:
            return _unreadable(
                request, batch, "没有找到表头。台账须有一行列名，其中要有风险岗位、风险点或关键环节。"
            )
        return redirect("riskregistry:import_preview", pk=pk)
    form = MappingForm(request.POST or None, headers=headers)
    if request.method == "POST" and form.is_valid():
        given = form.mapping()
        with transaction.atomic():
            for header, key in given.items():
                ColumnMapping.objects.update_or_create(
                    unit=batch.unit, header=header[:100], defaults={"field": key}
                )
            batch.mapping = {**batch.mapping, "columns": {**batch.mapping.get("columns", {}), **given}}
            batch.save()
            audit.record(signed_in(request), "对应台账列名", batch, detail=given)
        if not table_of_batch(batch).headings:
            form.add_error(
                None, "所选的列中还没有风险岗位、风险点或关键环节，无从导入；请至少指定其中一列和另一列"
            )
        else:
            return redirect("riskregistry:import_preview", pk=pk)
    context = {"batch": batch, "form": form}
    return render(request, "riskregistry/import_mapping.html", context, status=422 if form.errors else 200)


@require_POST
@requires(Action.EDIT_REGISTER)
def confirm(request: HttpRequest, pk: int) -> HttpResponse:
    """All of the plan that was seen, or nothing."""
    batch, user = _batch(request, pk), signed_in(request)
    try:
        apply_batch(
            batch, actor=user, digest=request.POST.get("digest", ""), reason=request.POST.get("reason", "")
        )
    except PlanChangedError:
        messages.warning(
            request, "您查看之后，系统里的数据又有变动。下面是按现在的数据重新比对的结果，请再确认。"
        )
    except (ValidationError, LedgerError) as error:
        messages.error(request, error.messages[0] if isinstance(error, ValidationError) else str(error))
    else:
        messages.success(request, "已导入。")
    return redirect("riskregistry:import_preview", pk=pk)


def _done_page(request: HttpRequest, batch: ImportBatch) -> HttpResponse:
    context = {
        "batch": batch,
        "why_not": why_not_undone(batch),
        "counts": [(label, batch.totals.get(status.value, 0)) for status, label in STATUS_LABELS.items()],
    }
    return render(request, "riskregistry/import_done.html", context)


@require_POST
@requires(Action.EDIT_REGISTER)
def undo(request: HttpRequest, pk: int) -> HttpResponse:
    batch = _batch(request, pk)
    try:
        undo_batch(batch, actor=signed_in(request))
    except ValidationError as error:
        messages.error(request, error.messages[0])
    else:
        messages.success(request, "已撤销这次导入，数据恢复到导入之前。")
    return redirect("riskregistry:import_preview", pk=pk)


@require_POST
@requires(Action.EDIT_REGISTER)
def discard(request: HttpRequest, pk: int) -> HttpResponse:
    """Leave a ledger that was only looked at."""
    batch = _batch(request, pk)
    with transaction.atomic():
        locked = ImportBatch.objects.select_for_update().get(pk=batch.pk)
        if locked.state == ImportState.PREVIEWED:
            locked.state = ImportState.DISCARDED
            locked.save()
            audit.record(signed_in(request), "放弃导入台账", locked)
    messages.info(request, "没有导入。")
    return redirect("riskregistry:import_upload")


@require_safe
@requires(Action.EDIT_REGISTER)
def annotated_file(request: HttpRequest, pk: int) -> HttpResponse:
    """The same file with what is wrong beside the rows."""
    batch = _batch(request, pk)
    content = _content(batch)
    try:
        found = plan_batch(batch)
        sheets = read(content, batch.original_name)
    except LedgerError as error:
        return _unreadable(request, batch, str(error))
    name = f"{PurePath(batch.original_name).stem}-检查结果.xlsx"
    return excel_file(annotated(content, batch.original_name, sheets, found.problems), name)


@require_safe
@requires(Action.EDIT_REGISTER)
def template(request: HttpRequest, unit_pk: int) -> HttpResponse:
    """An empty ledger, or with ?filled=1 one that holds the unit's items."""
    campaign = current_campaign(request)
    unit = get_object_or_404(Unit.objects.visible_to(request.user), pk=unit_pk)
    if campaign is None:
        return redirect("riskregistry:import_upload")
    known = known_of(unit, campaign)
    filled = request.GET.get("filled") == "1"
    items = known.items if filled else ()
    audit.record(signed_in(request), "下载台账模板", unit, detail={"filled": filled, "items": len(items)})
    content = ledger(unit.name, campaign.name, known.domains, items)
    return excel_file(content, f"{unit.label}-{'现有' if filled else '空白'}台账-{timezone.localdate()}.xlsx")
