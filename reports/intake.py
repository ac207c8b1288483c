"""A document comes in: it is kept, read in the worker, and its facts are laid out for review.

Nothing here writes to the register. Reading twice gives the same rows: what was read before is replaced.
"""

from __future__ import annotations

import hashlib
import logging
from datetime import date
from typing import IO

from django.core.files.base import ContentFile, File
from django.db import transaction
from django.utils import timezone

from accounts import audit
from accounts.models import Unit, User
from accounts.preferences import preference
from reports import extraction
from reports.enums import ReportState, StatementType
from reports.extraction.facts import (
    DateFact,
    Known,
    MeasureFact,
    NextStep,
    Rate,
    Reading,
    Stated,
    UnitMention,
)
from reports.models import Discrepancy, Figure, Report, Statement
from reports.reading import registry
from reports.reading.errors import ReadingError
from riskregistry.enums import SubmissionItem, Theme
from riskregistry.models import Campaign, Domain, Participation
from riskregistry.submissions import submit

logger = logging.getLogger(__name__)

Spanned = Stated | DateFact | Rate | UnitMention | MeasureFact | NextStep

# A document that ends the worker is tried once more, then left to a person: it must not end it for ever.
MAX_ATTEMPTS = 2

CHUNK = 1 << 20


def receive_upload(
    content: bytes | File[bytes],
    name: str,
    *,
    campaign: Campaign,
    unit: Unit | None,
    actor: User,
    supersedes: Report | None = None,
) -> tuple[Report, bool]:
    """Keep an uploaded file and queue its reading. Returns (report, whether it is new).

    The same file for the same campaign and unit is recognised by its hash and returned as it stands. A file
    over the size limit leaves a record that says so; its content is not kept.
    """
    upload: File[bytes] = ContentFile(content) if isinstance(content, bytes) else content
    digest, size = _measure(upload)
    known = Report.objects.filter(campaign=campaign, unit=unit, sha256=digest).first()
    if known is not None:
        return known, False
    limit = int(preference("upload_limit_mb"))
    report = Report(
        campaign=campaign,
        unit=unit,
        original_name=name[-200:],
        sha256=digest,
        size=size,
        supersedes=supersedes,
        uploaded_by=actor,
    )
    if size > limit << 20:
        report.state = ReportState.FAILED
        report.error = (
            f"文件有 {size / (1 << 20):.1f} MB，超过上限 {limit} MB，没有保存。"
            "请压缩文档中的图片或删去附图后重新上传。"
        )
        report.save()
        audit.record(actor, "上传报告", report, detail={"sha256": digest, "refused": report.error})
        return report, True
    with transaction.atomic():
        report.file.save(name, upload, save=False)
        report.save()
        audit.record(actor, "上传报告", report, detail={"sha256": digest, "size": size})
        enqueue_reading(report)
        _hand_in(report, actor)
    return report, True


def _hand_in(report: Report, actor: User) -> None:
    """A unit that uploads its report has handed it in: it is not asked for the same thing twice."""
    participation = Participation.objects.filter(campaign=report.campaign, unit=report.unit).first()
    if report.unit_id is not None and participation is not None:
        submit(participation, SubmissionItem.SELF_REPORT, actor=actor)


def _measure(upload: IO[bytes] | File[bytes]) -> tuple[str, int]:
    digest, size = hashlib.sha256(), 0
    upload.seek(0)
    while chunk := upload.read(CHUNK):
        digest.update(chunk)
        size += len(chunk)
    upload.seek(0)
    return digest.hexdigest(), size


def enqueue_reading(report: Report) -> None:
    from reports.tasks import read_uploaded_report

    read_uploaded_report.enqueue(report.pk)


def retry_reading(report: Report, *, actor: User) -> None:
    """Read a report again that could not be read, or whose reading is to be redone before it is accepted."""
    with transaction.atomic():
        locked = Report.objects.select_for_update().get(pk=report.pk)
        if locked.state not in {ReportState.FAILED, ReportState.TO_REVIEW} or not locked.file:
            return
        locked.state, locked.attempts, locked.error = ReportState.WAITING, 0, ""
        locked.stage, locked.percent = "", 0
        locked.save()
        audit.record(actor, "重新读取报告", locked)
        enqueue_reading(locked)


def read_report(report_pk: int) -> Report | None:
    """Read one report and lay its facts out. Runs in the worker; does nothing for one already reviewed."""
    report = _claim(report_pk)
    if report is None:
        return None
    if report.attempts > MAX_ATTEMPTS:
        return _fail(
            report, "读取时程序两次中断，文件已保留。请另存为新的 .docx 后重新上传，或联系系统管理员。"
        )
    try:
        _progress(report, "正在打开文件", 10)
        document = registry.read_file(report.file.path, name=report.original_name)
        _progress(report, "正在提取事实", 50)
        reading = extraction.read(document, known_facts())
    except ReadingError as error:
        return _fail(report, error.message)
    except Exception:
        logger.exception("report %s could not be read", report.pk)
        return _fail(
            report, "读取时出现意外错误，文件已保留。请另存为新的 .docx 后重新上传；仍不行请联系系统管理员。"
        )
    _progress(report, "正在整理结果", 90)
    return _store(report, reading)


def _claim(report_pk: int) -> Report | None:
    """Take the report for reading; None when it is gone, or a person has it already."""
    with transaction.atomic():
        report = Report.objects.select_for_update().filter(pk=report_pk).first()
        if report is None or report.state not in {ReportState.WAITING, ReportState.READING}:
            return None
        report.state = ReportState.READING
        report.attempts += 1
        report.save()
        return report


def _progress(report: Report, stage: str, percent: int) -> None:
    report.stage, report.percent = stage, percent
    report.save(update_fields=["stage", "percent"])


def _fail(report: Report, message: str) -> Report:
    with transaction.atomic():
        report.state, report.error, report.stage, report.percent = ReportState.FAILED, message, "", 0
        report.save()
        audit.record(None, "读取报告", report, detail={"error": message}, result="failure")
    return report


def known_facts() -> Known:
    """The register's units with their other names, and its domains, as the reader wants them."""
    units = Unit.objects.current().prefetch_related("aliases")
    return Known(
        units=tuple((unit.name, _other_names(unit)) for unit in units),
        domains=tuple(Domain.objects.values_list("name", flat=True)),
    )


def _other_names(unit: Unit) -> tuple[str, ...]:
    names = [alias.name for alias in unit.aliases.all()]
    return tuple(dict.fromkeys([unit.short_name, *names] if unit.short_name else names))


def _store(report: Report, reading: Reading) -> Report:
    with transaction.atomic():
        report.figures.all().delete()
        report.statements.all().delete()
        report.discrepancies.all().delete()
        Figure.objects.bulk_create(_figures(report, reading))
        Statement.objects.bulk_create(_statements(report, reading))
        Discrepancy.objects.bulk_create(_discrepancies(report, reading))
        report.title = str(reading.title.value)[:300] if reading.title else report.title
        report.as_of = report.as_of or as_of_date(reading)
        report.text = reading.text
        report.ignored = [
            {"reason": passage.reason, "start": passage.start, "end": passage.end}
            for passage in reading.ignored
        ]
        report.state, report.stage, report.percent = ReportState.TO_REVIEW, "", 100
        report.read_at = timezone.now()
        report.save()
        audit.record(None, "读取报告", report, detail={"figures": len(reading.figures)})
    return report


def as_of_date(reading: Reading) -> date | None:
    """The day the report speaks for: the last one named by 截至 or 截止, else the last day it names."""
    marked = [
        fact.date
        for fact in reading.dates
        if reading.text[max(0, fact.start - 3) : fact.start].find("截") >= 0
    ]
    return max(marked or [fact.date for fact in reading.dates], default=None)


def _figures(report: Report, reading: Reading) -> list[Figure]:
    return [
        Figure(
            report=report,
            scope=figure.scope,
            name=(figure.name or "")[:100],
            kind=figure.kind,
            value=figure.value,
            approximate=figure.approximate,
            understood=figure.understood[:200],
            quote=figure.quote,
            start=figure.start,
            end=figure.end,
            rule=figure.rule,
            confidence=figure.confidence,
        )
        for figure in reading.figures
    ]


def _discrepancies(report: Report, reading: Reading) -> list[Discrepancy]:
    return [
        Discrepancy(
            report=report,
            kind=found.kind,
            by=found.by,
            stated=found.stated,
            computed=found.computed,
            missing=list(found.missing),
            inferred=found.inferred,
            message=found.message,
        )
        for found in reading.discrepancies
    ]


def _statements(report: Report, reading: Reading) -> list[Statement]:
    rows: list[Statement] = []

    def add(type_: StatementType, fact: Spanned, data: dict[str, object]) -> None:
        start, end = fact.start, fact.end
        rows.append(
            Statement(
                report=report,
                type=type_,
                data=data,
                quote=reading.text[start:end],
                start=start,
                end=end,
                rule=fact.rule,
                confidence=fact.confidence,
            )
        )

    for type_, stated in (
        (StatementType.TITLE, reading.title),
        (StatementType.ISSUER, reading.issuer),
        (StatementType.CASES, reading.cases),
        (StatementType.UNITS_INVOLVED, reading.units_involved),
    ):
        if stated is not None:
            add(type_, stated, {"value": stated.value})
    for day in reading.dates:
        add(StatementType.DATE, day, {"date": day.date.isoformat()})
    for rate in reading.rates:
        add(StatementType.RATE, rate, {"name": rate.name, "value": rate.value})
    for unit in reading.units:
        add(StatementType.UNIT, unit, {"name": unit.name, "aliases": list(unit.aliases), "role": unit.role})
    for measure in reading.measures:
        add(
            StatementType.MEASURE,
            measure,
            {
                "heading": measure.heading,
                "parent": measure.parent,
                "unit": measure.unit,
                "co_units": list(measure.co_units),
                "and_others": measure.and_others,
                "documents": list(measure.documents),
                "theme": theme_of(measure.parent or "", measure.heading),
            },
        )
    for step in reading.next_steps:
        add(StatementType.NEXT_STEP, step, {"heading": step.heading, "text": step.text})
    return rows


# Words by which a heading shows its theme; the heading above decides before the lead itself.
THEME_WORDS = {
    Theme.SYSTEM: ("长效", "制度", "机制", "建章", "规范", "体系"),
    Theme.PEOPLE: ("管好人", "队伍", "教育", "警示", "培训", "作风", "干部", "人员"),
    Theme.SERVICE: ("服务", "惠企", "企业", "便民", "政务", "纾困"),
}


def theme_of(parent: str, heading: str) -> str:
    """The theme that a measure's headings speak of; 其他 where they speak of none or of several alike."""
    for words in (parent, heading):
        hits = [theme for theme, marks in THEME_WORDS.items() if any(mark in words for mark in marks)]
        if len(hits) == 1:
            return str(hits[0])
    return str(Theme.OTHER)
