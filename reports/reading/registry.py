"""Picks the reader for an uploaded file by what is in it.

A later format is one more module with `EXTENSIONS`, `recognises` and `read`, named in `READERS`.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Protocol

from reports.reading import docx, pdf, refused, text
from reports.reading.document import Document
from reports.reading.errors import ReadingError

MAX_FILE_BYTES = 50 * 1024 * 1024


class Reader(Protocol):
    """One format."""

    EXTENSIONS: tuple[tuple[str, str], ...]
    """(extension with its dot, Chinese label)"""

    def recognises(self, data: bytes, extension: str) -> bool:
        """Whether this reader should read the file; its name is a hint only."""

    def read(self, data: bytes) -> Document:
        """The document in the file; raises `ReadingError` and nothing else."""


# In the order they are asked. Text comes last: it recognises anything.
READERS: tuple[Reader, ...] = (docx, pdf, refused, text)

SUPPORTED: list[tuple[str, str]] = [pair for reader in READERS for pair in reader.EXTENSIONS]


def read_file(path: str | os.PathLike[str], *, name: str | None = None) -> Document:
    """Read the file at `path`; `name` is what its uploader called it, by default the name on disk.

    Raises `ReadingError`, and nothing else, with a code and a Chinese sentence.
    """
    file = Path(path)
    try:
        size = file.stat().st_size
        if size > MAX_FILE_BYTES:
            limit = MAX_FILE_BYTES // (1024 * 1024)
            raise ReadingError("too_large", f"文件超过 {limit} MB。请删去其中的图片后重新上传。")
        data = file.read_bytes()
    except OSError:
        raise ReadingError("unreadable", "文件打不开。请重新上传。") from None
    if not data:
        raise ReadingError("empty", "文件是空的（0 字节）。请确认文件保存成功后重新上传。")
    extension = Path(name or file.name).suffix.lower()
    reader = next(reader for reader in READERS if reader.recognises(data, extension))
    return reader.read(data)
