"""Opens a .docx: a zip archive of XML parts, neither of which is trusted."""

from __future__ import annotations

import io
import lzma
import posixpath
import struct
import zipfile
import zlib
from typing import Any

from lxml import etree

from reports.reading.errors import ReadingError
from reports.reading.refused import refuse_archive

MAX_MEMBERS = 4_000
MAX_TOTAL_BYTES = 300 * 1024 * 1024
MAX_PART_BYTES = 40 * 1024 * 1024
# XML seldom shrinks to less than a fiftieth; small archives may, so the ratio counts from some size only.
MAX_RATIO = 150
RATIO_COUNTS_FROM_BYTES = 20 * 1024 * 1024

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_RELATIONSHIPS = "{http://schemas.openxmlformats.org/package/2006/relationships}Relationship"
# Documents saved as "strict" name the same things by other addresses.
_STRICT = (
    (
        b"http://purl.oclc.org/ooxml/wordprocessingml/main",
        b"http://schemas.openxmlformats.org/wordprocessingml/2006/main",
    ),
    (
        b"http://purl.oclc.org/ooxml/officeDocument/math",
        b"http://schemas.openxmlformats.org/officeDocument/2006/math",
    ),
)
_DIRECTORY_ENTRY = b"PK\x01\x02"
_ENCRYPTED_FLAG = 0x1
_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
_DAMAGE = (
    zipfile.BadZipFile,
    zlib.error,
    lzma.LZMAError,
    struct.error,
    EOFError,
    OSError,
    ValueError,
    LookupError,
    RuntimeError,
)

Element = Any
"""An lxml element, which comes without type information."""


class Package:
    """The parts of one .docx, found by their relationships and read within limits.

    Errors: `damaged`, `encrypted`, `zip_bomb`, `no_document`, `dtd`, `too_deep`, `format_unsupported`.
    """

    def __init__(self, data: bytes) -> None:
        # Counted in the bytes: opening an archive already costs memory for each entry.
        if data.count(_DIRECTORY_ENTRY) > MAX_MEMBERS:
            raise _bomb()
        # One for all parts: what they have in common is kept once.
        self._parser = etree.XMLParser(
            resolve_entities=False,
            no_network=True,
            load_dtd=False,
            huge_tree=False,
            remove_comments=True,
            remove_pis=True,
        )
        try:
            self._archive = zipfile.ZipFile(io.BytesIO(data))
        except _DAMAGE:
            raise _damaged() from None
        self._names = {info.filename.lower(): info for info in self._archive.infolist()}
        _check_sizes(self._archive.infolist(), len(data))
        main = self._related("").get("officeDocument", "word/document.xml")
        document = self.part(main)
        if document is None or document.tag != f"{W}document":
            refuse_archive(set(self._names))
            raise ReadingError(
                "no_document",
                "文件里没有 Word 正文，可能已损坏。请用 Word 或 WPS 打开后另存为 .docx，再上传。",
            )
        self.document: Element = document
        self._parts = self._related(main)

    def related(self, kind: str) -> Element | None:
        """The root of the part that the main one names as its `kind` (styles, numbering ...), or `None`."""
        name = self._parts.get(kind)
        return None if name is None else self.part(name)

    def part(self, name: str) -> Element | None:
        """The root element of a part, `None` where there is no such part."""
        info = self._names.get(name.lower())
        if info is None:
            return None
        return _parse(self._bytes(info), self._parser)

    def _related(self, name: str) -> dict[str, str]:
        """Part names by kind, for the part called `name` ("" is the package itself); the first one counts."""
        folder, base = posixpath.split(name)
        root = self.part(posixpath.join(folder, "_rels", f"{base}.rels"))
        found: dict[str, str] = {}
        for relation in () if root is None else root.iter(_RELATIONSHIPS):
            if relation.get("TargetMode") == "External":
                continue
            kind = relation.get("Type", "").rpartition("/")[2]
            target = posixpath.normpath(posixpath.join("/", folder, relation.get("Target", "")))
            found.setdefault(kind, target.lstrip("/"))
        return found

    def _bytes(self, info: zipfile.ZipInfo) -> bytes:
        try:
            with self._archive.open(info) as member:
                # The directory may lie about the size, so what really comes out is bounded too.
                content = member.read(MAX_PART_BYTES + 1)
        except _DAMAGE:
            raise _damaged() from None
        if len(content) > MAX_PART_BYTES:
            raise _bomb()
        return content


def _check_sizes(members: list[zipfile.ZipInfo], packed: int) -> None:
    total = sum(member.file_size for member in members)
    if len(members) > MAX_MEMBERS or total > MAX_TOTAL_BYTES:
        raise _bomb()
    if total > RATIO_COUNTS_FROM_BYTES and total > MAX_RATIO * packed:
        raise _bomb()
    if any(member.flag_bits & _ENCRYPTED_FLAG for member in members):
        raise ReadingError("encrypted", "文件设有密码。请去掉密码后另存为 .docx，再上传。")
    if any(member.compress_type not in _METHODS for member in members):
        raise _damaged()


def _parse(content: bytes, parser: Any) -> Element:
    for strict, usual in _STRICT:
        content = content.replace(strict, usual)
    try:
        root = etree.fromstring(content, parser)
    except (etree.XMLSyntaxError, ValueError, LookupError) as error:
        if "depth" in str(error):
            raise too_deep() from None
        raise _damaged() from None
    if root.getroottree().docinfo.internalDTD is not None:
        raise ReadingError(
            "dtd",
            "文件里有不应有的外部定义，为安全起见不予读取。请用 Word 或 WPS 另存为新的 .docx 再上传。",
        )
    return root


def too_deep() -> ReadingError:
    """Tables in tables in tables, or the like."""
    return ReadingError(
        "too_deep", "文档内容嵌套层数过多，无法读取。请把正文复制到新的 Word 文档中保存为 .docx，再上传。"
    )


def _damaged() -> ReadingError:
    return ReadingError(
        "damaged", "Word 文件已损坏或不完整。请用 Word 或 WPS 打开确认后另存为 .docx，再上传。"
    )


def _bomb() -> ReadingError:
    return ReadingError(
        "zip_bomb", "文件解压后过大，为安全起见不予读取。请删去其中的图片和附件，另存为 .docx 再上传。"
    )
