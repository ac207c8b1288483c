"""A briefing as a Word file in the layout of GB/T 9704-2012, with charts and tables that can be edited."""

from __future__ import annotations

from datetime import datetime

from docx.enum.text import WD_LINE_SPACING

from reports.briefing import native_charts
from reports.briefing.shapes import Briefing, Chart, Listing, Table
from riskregistry.official_document import OfficialDocument


def word(briefing: Briefing, *, author: str, made_at: datetime) -> bytes:
    """The file's bytes. `author` and the time stand in the document's properties."""
    document = OfficialDocument(
        author=author, made_at=made_at, subject=briefing.title, comments=briefing.made
    )
    if briefing.wide:
        document.turn()
    if briefing.cover:
        document.cover_lines(briefing.cover)
    document.title(briefing.title)
    if briefing.sections:
        _narrative(document, briefing)
    for table in briefing.tables:
        _table(document, table)
    _charts(document, briefing.charts, after_annexes=bool(briefing.sections))
    document.small(briefing.definitions)
    for name, definition in briefing.definitions_of:
        document.small(f"{name}：{definition}")
    document.small(briefing.made)
    return document.save()


def _narrative(document: OfficialDocument, briefing: Briefing) -> None:
    document.recipient(briefing.recipient)
    for section in briefing.sections:
        document.heading(section.heading, section.level)
        for paragraph in section.paragraphs:
            document.paragraph(paragraph.plain, lead=paragraph.lead)
    document.attachments([annex.title for annex in briefing.annexes])
    document.signature(briefing.office, briefing.day)
    several = len(briefing.annexes) > 1
    for number, annex in enumerate(briefing.annexes, 1):
        document.annex(f"附件{number}" if several else "附件", annex.title)
        if isinstance(annex, Listing):
            _listing(document, annex)
        else:
            _table(document, annex)


def _listing(document: OfficialDocument, listing: Listing) -> None:
    for group in listing.groups:
        document.heading(group.heading)
        for number, (lead, text) in enumerate(group.lines, 1):
            document.small(text, lead=f"{number}. {lead}")


def _table(document: OfficialDocument, table: Table) -> None:
    columns = table.columns
    document.table(
        [column.title for column in columns],
        [table.words(row) for row in table.lines],
        [column.share for column in columns],
        numeric=[n for n, column in enumerate(columns) if column.numeric],
        total=table.total is not None,
        empty=table.empty,
    )
    if table.note:
        document.small(table.note)


def _charts(document: OfficialDocument, charts: tuple[Chart, ...], *, after_annexes: bool) -> None:
    for number, chart in enumerate(charts, 1):
        paragraph = document.document.add_paragraph()
        paragraph.paragraph_format.line_spacing_rule = WD_LINE_SPACING.SINGLE
        paragraph.paragraph_format.page_break_before = after_annexes and number == 1
        native_charts.add_to_word(document.document, paragraph, chart, number)
