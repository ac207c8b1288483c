"""Knows the formats that are not read yet, and says what to do instead."""

from __future__ import annotations

import re
import struct
from collections.abc import Set

from reports.reading.document import Document
from reports.reading.errors import ReadingError

EXTENSIONS: tuple[tuple[str, str], ...] = ()

_COMPOUND = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"  # the container of .doc, .xls, .wps and encrypted .docx
_COMPOUND_ENTRY = 128
_HTML = re.compile(rb"\s*(?:<!doctype html|<html|<head|mime-version:)", re.IGNORECASE)
_PICTURES = (b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"GIF87a", b"GIF89a", b"II*\x00", b"MM\x00*")
_ARCHIVES = (b"Rar!\x1a\x07", b"7z\xbc\xaf\x27\x1c", b"\x1f\x8b\x08")
_AS_DOCX = "请用 Word 或 WPS 打开，选择“另存为”，保存类型选 .docx，再上传。"

_WORD = f"还不能读取旧格式的 Word 或 WPS 文档（.doc、.wps）。{_AS_DOCX}"
_SHEET = "这是电子表格（Excel 或 WPS 表格），不是报告文档。请把报告正文保存为 .docx、.pdf 或 .txt，再上传。"
_SLIDES = "这是演示文稿，不是报告文档。请把报告正文保存为 .docx、.pdf 或 .txt，再上传。"
_OFD = "还不能读取 OFD 版式文件。请用 OFD 阅读器另存为 .pdf，或上传原来的 .docx 文件。"
_OPEN_DOCUMENT = f"还不能读取 OpenDocument 文档（.odt）。{_AS_DOCX}"
_PICTURE = (
    "文件内容是图片，不是文字文档（扩展名可能被改过）。"
    "还不能识别图片中的文字，请上传原来的 .docx 文件，或由 Word、WPS 直接导出的 .pdf。"
)
_ARCHIVE = "这是压缩包，不是报告文档。请解压后上传其中的 .docx、.pdf 或 .txt 文件。"
_WEB_PAGE = f"这是网页格式的文件，还不能读取。{_AS_DOCX}"
_RTF = f"还不能读取 RTF 文档（有的 .doc 文件其实是这种格式）。{_AS_DOCX}"
_WORD_XML = f"还不能读取 XML 格式的 Word 文档。{_AS_DOCX}"
_OTHER = "还不能读取这种格式的文件。请上传 .docx、.pdf 或 .txt 文件。"


def recognises(data: bytes, extension: str) -> bool:
    """Whether the file is in a format that no reader takes."""
    return _refusal(data) is not None


def read(data: bytes) -> Document:
    """Always raises: `format_unsupported`, or `encrypted` for an encrypted Office file."""
    raise _refusal(data) or _unsupported(_OTHER)


def refuse_archive(names: Set[str]) -> None:
    """Raise `format_unsupported` for a zip archive of another kind, by its members' names in lower case."""
    kinds = (
        ("xl/", _SHEET),
        ("ppt/", _SLIDES),
        ("ofd.xml", _OFD),
        ("content.xml", _OPEN_DOCUMENT),
    )
    for start, message in kinds:
        if any(name.startswith(start) for name in names):
            raise _unsupported(message)
    if names and not any(name.startswith(("word/", "[content_types].xml", "_rels/")) for name in names):
        raise _unsupported(_ARCHIVE)


def _refusal(data: bytes) -> ReadingError | None:
    if data.startswith(_COMPOUND):
        return _compound(data)
    if data.startswith(_PICTURES) or _is_other_picture(data):
        return _unsupported(_PICTURE)
    if data.startswith(_ARCHIVES):
        return _unsupported(_ARCHIVE)
    head = data[:4096].removeprefix(b"\xef\xbb\xbf")
    if head.startswith(b"{\\rtf"):
        return _unsupported(_RTF)
    if head.lstrip().startswith(b"<?xml"):
        return _unsupported(_WORD_XML)
    return _unsupported(_WEB_PAGE) if _HTML.match(head) else None


def _is_other_picture(data: bytes) -> bool:
    if data.startswith(b"BM") and len(data) > 6:
        size: int = struct.unpack_from("<I", data, 2)[0]
        return size == len(data)
    if data.startswith(b"RIFF"):
        return data[8:12] == b"WEBP"
    return data[4:8] == b"ftyp" and data[8:12] in (b"heic", b"heix", b"mif1", b"avif")


def _compound(data: bytes) -> ReadingError:
    if _has_stream(data, "EncryptedPackage"):
        return ReadingError(
            "encrypted", "文件设有打开密码。请用 Word 或 WPS 打开，去掉密码后另存为 .docx，再上传。"
        )
    if _has_stream(data, "Workbook") or _has_stream(data, "Book"):
        return _unsupported(_SHEET)
    if _has_stream(data, "PowerPoint Document"):
        return _unsupported(_SLIDES)
    return _unsupported(_WORD)


def _has_stream(data: bytes, name: str) -> bool:
    """Whether the directory of a compound file has an entry called `name`.

    An entry is 128 bytes at a multiple of 128: the name in UTF-16, then at 64 its length with the final zero.
    """
    sought = (name + "\0").encode("utf-16-le")
    at = data.find(sought)
    while at != -1:
        if at % _COMPOUND_ENTRY == 0 and data[at + 64 : at + 66] == struct.pack("<H", len(sought)):
            return True
        at = data.find(sought, at + 1)
    return False


def _unsupported(message: str) -> ReadingError:
    return ReadingError("format_unsupported", message)
