"""Briefings in the database: made from a snapshot, edited, exported, and recorded."""

from __future__ import annotations

import hashlib
import tempfile
from collections.abc import Callable
from dataclasses import asdict
from datetime import date
from typing import IO, TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile, File
from django.db import transaction
from django.utils import timezone

from accounts import audit
from accounts.models import User
from accounts.permissions import Action
from accounts.preferences import all_preferences
from reports.briefing import shapes, xlsx
from reports.briefing.basis import MOST_LINES, Basis, digest, from_json, gather, to_json
from reports.briefing.content import KINDS, compose, fields_of
from reports.briefing.docx import word
from reports.briefing.options import Options
from reports.briefing.own_template import filled
from reports.briefing.pdf import pdf
from reports.briefing.pptx import slides
from reports.briefing.shapes import FIELD
from reports.briefing.tables import CLOSEOUT, LEDGER, closeout_rows, ledger_rows
from reports.enums import BriefingKind, FileFormat, FileState
from reports.models import Briefing, BriefingFile, BriefingSchedule, BriefingTemplate
from reports.statistics.measure_lines import measure_lines, measure_rows
from reports.statistics.register import Register
from riskregistry.lights import soon_within

if TYPE_CHECKING:
    from riskregistry.models import Campaign

# Of one edited paragraph.
MOST_CHARACTERS = 5000
RENDERERS: dict[str, Callable[..., bytes]] = {
    FileFormat.DOCX: word,
    FileFormat.XLSX: xlsx.workbook,
    FileFormat.PDF: pdf,
    FileFormat.PPTX: slides,
}
# The two ledgers may be of any length: then row by row.
STREAMED = {BriefingKind.LEDGER: (LEDGER, ledger_rows), BriefingKind.CLOSEOUT: (CLOSEOUT, closeout_rows)}


def refusal(kind: str, form: str) -> str:
    """Why there is no such file, with the list of what there is; "" where there is one."""
    if form in (KINDS[kind].formats if kind in KINDS else ()):
        return ""
    known = "；".join(f"{name}（{k.label}）：{'、'.join(k.formats)}" for name, k in KINDS.items())
    return f"没有「{kind}」的 {form} 格式。现有：{known}"


def make(
    user: User | None,
    campaign: Campaign,
    kind: str,
    as_of: date | None = None,
    *,
    options: Options | None = None,
    compare_to: date | None = None,
    schedule: BriefingSchedule | None = None,
) -> Briefing:
    """Count, store what was counted, and record that. Raises ValidationError (Chinese) for a day to come."""
    options = options or Options()
    scope = None if user is None or user.may(Action.SEE_ALL_UNITS) else user.unit
    basis = gather(
        user,
        campaign,
        as_of,
        units=options.units or None,
        compare_to=compare_to or last_day(campaign, kind, scope, as_of),
        made_at=timezone.localtime(),
    )
    with transaction.atomic():
        briefing = Briefing.objects.create(
            campaign=campaign,
            unit=scope,
            kind=kind,
            as_of=basis.counted.as_of,
            options=asdict(options),
            basis=to_json(basis),
            sha256=digest(basis),
            created_by=user,
            schedule=schedule,
        )
        audit.record(user, "起草简报", briefing, detail={"snapshot": briefing.snapshot})
    return briefing


def last_day(campaign: Campaign, kind: str, unit: Any, as_of: date | None) -> date | None:
    """The as-of day of the last briefing of this kind and scope before: what a new one compares with."""
    before = Briefing.objects.filter(campaign=campaign, kind=kind, unit=unit)
    before = before.filter(as_of__lt=as_of or timezone.localdate()).order_by("-as_of")
    return before.values_list("as_of", flat=True).first()


def basis_of(briefing: Briefing) -> Basis:
    return from_json(briefing.basis)


def options_of(briefing: Briefing) -> Options:
    stored = briefing.options
    return Options(
        **{**stored, "sections": tuple(stored.get("sections", ())), "units": tuple(stored.get("units", ()))}
    )


def composed(briefing: Briefing, basis: Basis | None = None) -> shapes.Briefing:
    """The document as it will be laid out, from the stored numbers and the present choices."""
    settings = all_preferences()
    return compose(
        briefing.kind,
        basis or basis_of(briefing),
        options_of(briefing),
        office=str(settings["office_name"]),
        county=str(settings["county_name"]),
        snapshot=briefing.snapshot,
    )


def choose(briefing: Briefing, actor: User, version: int, **changes: Any) -> None:
    """Change choices. Raises ValidationError (Chinese) where another person changed them meanwhile."""
    with transaction.atomic():
        row = Briefing.objects.select_for_update().get(pk=briefing.pk)
        if row.version != version:
            raise ValidationError("这份简报刚被别人改过，请看过新稿再改；您写的还在下面")
        row.options = {**row.options, **changes}
        row.version += 1
        row.save(update_fields=["options", "version"])
        audit.record(actor, "修改简报", row, detail={"changed": sorted(changes)})
    briefing.options, briefing.version = row.options, row.version


def untouched(briefing: Briefing, basis: Basis) -> dict[str, shapes.Paragraph]:
    """Every sentence as the system would say it, by key."""
    document = compose(briefing.kind, basis, Options(), office="", county="")
    return {paragraph.key: paragraph for paragraph in document.paragraphs}


def check_edit(briefing: Briefing, text: str) -> None:
    """Raise ValidationError (Chinese, every fault at once): a field is the system's to fill."""
    if not text:
        raise ValidationError("没有文字；不要这一段的，请按「不要这一段」")
    if len(text) > MOST_CHARACTERS:
        raise ValidationError(f"一段最多 {MOST_CHARACTERS} 字，现有 {len(text)} 字")
    basis = basis_of(briefing)
    known = dict(fields_of(basis).values)
    for paragraph in untouched(briefing, basis).values():
        known.update(FIELD.findall(paragraph.text))
    wrong = []
    for name, value in FIELD.findall(text):
        if name not in known:
            wrong.append(
                f"〔{name}={value}〕不是系统能给出的数字，请从「可用的数字」里选，或去掉括号写成普通文字"
            )
        elif value != known[name]:
            wrong.append(
                f"〔{name}={known[name]}〕由系统填写，不能改成{value}；"
                "要写别的数字，请写在括号外，这一段会标为人工改写"
            )
    if wrong:
        raise ValidationError(wrong)


def export(
    briefing: Briefing, form: str, user: User | None, *, template: BriefingTemplate | None = None
) -> BriefingFile:
    """Make a file and record it; a ledger beyond what a snapshot holds is left to the worker.

    Raises ValidationError (Chinese) for a pair that there is not, or a template that does not fill.
    """
    why = refusal(briefing.kind, form)
    if why:
        raise ValidationError(why)
    basis = basis_of(briefing)
    if not basis.whole and briefing.kind in STREAMED:
        return _later(briefing, form, user)
    document = composed(briefing, basis)
    author, made_at = user.name if user else "系统", timezone.localtime()
    if template is not None:
        with template.file.open("rb") as stored:
            content = filled(stored.read(), document, basis, author=author, made_at=made_at)
    else:
        content = RENDERERS[form](document, author=author, made_at=made_at)
    by_hand = sum(paragraph.by_hand for paragraph in document.paragraphs)
    with transaction.atomic():
        row = BriefingFile(
            briefing=briefing, format=form, template=template, made_by=user, made_at=made_at, by_hand=by_hand
        )
        row.save()
        _keep(row, ContentFile(content), hashlib.sha256(content).hexdigest(), len(content))
    return row


def _later(briefing: Briefing, form: str, user: User | None) -> BriefingFile:
    if form != FileFormat.XLSX:
        raise ValidationError(f"措施超过 {MOST_LINES} 项，Word 和 PDF 放不下，请导出 Excel")
    from reports.tasks import make_ledger

    with transaction.atomic():
        row = BriefingFile.objects.create(briefing=briefing, format=form, made_by=user)
        make_ledger.enqueue(row.pk)
    return row


def _keep(row: BriefingFile, content: File[bytes], sha256: str, size: int) -> None:
    """The file, its hash and the audit event, together."""
    row.file.save(row.download_name, content, save=False)
    row.sha256, row.size, row.percent, row.state = sha256, size, 100, FileState.READY
    row.save()
    briefing = row.briefing
    detail = {
        "format": row.format,
        "snapshot": briefing.snapshot,
        "scope": briefing.unit.name if briefing.unit else "全部单位",
        "as_of": briefing.as_of,
        "sha256": sha256,
        "by_hand": row.by_hand,
    }
    audit.record(row.made_by, f"导出{briefing.get_kind_display()}", briefing, detail=detail)


def write_ledger(row: BriefingFile) -> None:
    """A ledger of any length as a workbook, row by row, with its progress in sight. May be run again."""
    briefing = row.briefing
    columns, rows_of = STREAMED[BriefingKind(briefing.kind)]
    units = options_of(briefing).units or None
    # In the scope it was made for, whatever its author may see by now.
    register = Register.at(None, briefing.campaign, briefing.as_of, briefing.unit)
    total = measure_rows(register, units).count() or 1
    lines = measure_lines(register, soon_within(register.day), units)
    document = composed(briefing)
    with tempfile.TemporaryFile() as target:
        xlsx.stream(
            target,
            document,
            columns,
            _watched(rows_of(lines), row, total),
            author=row.made_by.name if row.made_by else "系统",
            made_at=timezone.localtime(row.made_at),
        )
        size = target.tell()
        with transaction.atomic():
            _keep(row, File(target), _hash(target), size)


def _watched(rows: Any, row: BriefingFile, total: int) -> Any:
    """The same rows; the percentage is written now and then."""
    for number, each in enumerate(rows, 1):
        if number % 5_000 == 0:
            BriefingFile.objects.filter(pk=row.pk).update(percent=min(99, number * 100 // total))
        yield each


def _hash(target: IO[bytes]) -> str:
    target.seek(0)
    found = hashlib.file_digest(target, "sha256").hexdigest()  # type: ignore[arg-type]
    target.seek(0)
    return found


def look(briefing: Briefing, user: User) -> None:
    """A person has looked at what the worker prepared."""
    with transaction.atomic():
        row = Briefing.objects.select_for_update().get(pk=briefing.pk)
        if row.looked_at is None:
            row.looked_by, row.looked_at = user, timezone.now()
            row.save(update_fields=["looked_by", "looked_at"])
            audit.record(user, "审看简报", row)
