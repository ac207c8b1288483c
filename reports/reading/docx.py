"""Reads Word documents (.docx)."""

from __future__ import annotations

import io

import docx
from docx.table import Table

from reports.reading.builder import Cell, DocumentBuilder, Run
from reports.reading.document import Document
from reports.reading.errors import ReadingError

EXTENSIONS = ((".docx", "Word 文档"),)


def recognises(data: bytes, extension: str) -> bool:
    """A Word document is a zip archive."""
    return data.startswith(b"PK")


def read(data: bytes) -> Document:
    """The text of a Word document in reading order."""
    builder = DocumentBuilder("docx")
    try:
        word = docx.Document(io.BytesIO(data))
    except Exception:
        raise ReadingError("damaged", "文件已损坏。请重新保存后上传。") from None
    for item in word.iter_inner_content():
        if isinstance(item, Table):
            table = builder.new_table()
            for row in item.rows:
                builder.row(table, [Cell((Run(c.text),), i) for i, c in enumerate(row.cells)])
        else:
            builder.paragraph([Run(run.text, bool(run.bold)) for run in item.runs])
    return builder.build()
