"""A briefing as a Word file in the layout of GB/T 9704-2012."""

from __future__ import annotations

from datetime import datetime

from reports.briefing.content import Briefing
from riskregistry.official_document import OfficialDocument


def word(briefing: Briefing, *, author: str, made_at: datetime) -> bytes:
    """The file's bytes. `author` and the time stand in the document's properties."""
    document = OfficialDocument(author=author, made_at=made_at, subject=briefing.title)
    document.title(briefing.title)
    document.recipient(briefing.recipient)
    for section in briefing.sections:
        document.heading(section.heading, section.level)
        for paragraph in section.paragraphs:
            document.paragraph(paragraph.text, lead=paragraph.lead)
    document.attachments([table.title for table in briefing.annexes])
    document.signature(briefing.office, briefing.day)
    for number, table in enumerate(briefing.annexes, 1):
        document.annex(f"附件{number}", table.title)
        document.table(table.header, table.rows, table.widths, numeric=table.numeric, total=table.total)
        if table.note:
            document.small(table.note)
    document.small(briefing.definitions)
    return document.save()
