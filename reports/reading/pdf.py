"""Reads PDF files that have a text layer."""

from __future__ import annotations

from reports.reading.document import Document
from reports.reading.errors import ReadingError

EXTENSIONS: tuple[tuple[str, str], ...] = ((".pdf", "PDF 文档"),)


def recognises(data: bytes, extension: str) -> bool:
    """A PDF says so within its first kilobyte."""
    return b"%PDF-" in data[:1024]


def read(data: bytes) -> Document:
    """The text of a PDF in reading order."""
    raise ReadingError("format_unsupported", "暂时不能读取 PDF。请上传 .docx 文件。")
