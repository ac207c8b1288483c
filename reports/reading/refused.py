"""Knows the formats that are not read yet, and says what to do instead."""

from __future__ import annotations

from reports.reading.document import Document
from reports.reading.errors import ReadingError

EXTENSIONS: tuple[tuple[str, str], ...] = ()


def recognises(data: bytes, extension: str) -> bool:
    """Whether the file is in a format that no reader takes."""
    return data.startswith(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1")


def read(data: bytes) -> Document:
    """Always raises: `format_unsupported`."""
    raise ReadingError(
        "format_unsupported", "还不能读取这种格式。请用 Word 或 WPS 打开后另存为 .docx 再上传。"
    )
