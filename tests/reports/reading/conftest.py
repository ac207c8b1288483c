from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from reports.reading.document import Document
from reports.reading.errors import ReadingError
from reports.reading.registry import read_file


@pytest.fixture
def read(tmp_path: Path) -> Callable[..., Document]:
    """Reads bytes as if they had been uploaded under a name."""

    def _read(data: bytes, name: str = "报告.docx") -> Document:
        path = tmp_path / "upload"
        path.write_bytes(data)
        return read_file(path, name=name)

    return _read


@pytest.fixture
def refusal(read: Callable[..., Document]) -> Callable[..., ReadingError]:
    """The error that reading the bytes ends in."""

    def _refusal(data: bytes, name: str = "报告.docx") -> ReadingError:
        with pytest.raises(ReadingError) as caught:
            read(data, name)
        return caught.value

    return _refusal
