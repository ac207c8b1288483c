"""Documents for tests, made on the spot: a small county report, and files that are no reports."""

from __future__ import annotations

import io
import zipfile

from docx import Document

TITLE = "关于云岭县开展招标投标领域警示教育情况的报告"
PASSWORD = "yunling9981"
LINES = [
    TITLE,
    "2024年3月5日，县纪委监委机关把12个典型案例发给县教育局、县水利局、县卫生健康局等3个单位。",
    "一、排查情况",
    "全县共排查出风险岗位10个、风险点17处、关键环节9个。其中，招标投标领域风险岗位6个、风险点11处、关键环节5个；"
    "资金管理领域风险岗位4个、风险点6处、关键环节3个。",
    "二、整改措施",
    "（一）严格管理促规范。规范采购流程。县教育局印发《校服采购管理办法》，明确采购须集体研究。"
    "公开办事结果。县水利局等单位每季度在政务网公布项目验收结果。县卫健局对药品采购实行双人复核。",
    "三、下一步打算",
    "（一）加强督查。由县纪委监委机关每季度抽查一次。",
    "2024年4月2日",
    f"本文档编辑密码：{PASSWORD}",
]
TEXT = "\n".join(LINES) + "\n"


def docx_bytes(lines: list[str] | None = None) -> bytes:
    document = Document()
    for line in LINES if lines is None else lines:
        document.add_paragraph(line)
    buffer = io.BytesIO()
    document.save(buffer)
    return buffer.getvalue()


def rewritten(content: bytes, part: str, data: bytes) -> bytes:
    """The same package with one part replaced."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            new.writestr(name, data if name == part else old.read(name))
    return out.getvalue()


def zip_bomb() -> bytes:
    """A small .docx whose main part unpacks to 400 MB."""
    return rewritten(docx_bytes(), "word/document.xml", b" " * (400 << 20))


def with_external_entity() -> bytes:
    body = (
        b'<?xml version="1.0"?><!DOCTYPE w [<!ENTITY x SYSTEM "file:///etc/passwd">]>'
        b'<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main">'
        b"<w:body><w:p><w:r><w:t>&x;</w:t></w:r></w:p></w:body></w:document>"
    )
    return rewritten(docx_bytes(), "word/document.xml", body)


PNG = (
    b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x00\x01\x00\x00\x00\x01\x08\x06\x00\x00\x00\x1f\x15\xc4\x89"
)


def encrypted_docx() -> bytes:
    """The compound file that Word writes for a document with a password: its directory, and no more."""
    header = bytearray(512)
    header[:8] = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
    header[24:32] = (
        (0x3E).to_bytes(2, "little") + (3).to_bytes(2, "little") + b"\xfe\xff" + (9).to_bytes(2, "little")
    )
    header[32:34] = (6).to_bytes(2, "little")
    header[44:48] = (1).to_bytes(4, "little")
    header[48:52] = (1).to_bytes(4, "little")
    header[56:60] = (4096).to_bytes(4, "little")
    header[60:64] = header[68:72] = (0xFFFFFFFE).to_bytes(4, "little")
    header[76:80] = (0).to_bytes(4, "little")
    header[80:512] = b"\xff" * 432
    fat = (0xFFFFFFFD).to_bytes(4, "little") + (0xFFFFFFFE).to_bytes(4, "little") + b"\xff" * 504
    directory = b"".join(
        _entry(name, kind)
        for name, kind in [("Root Entry", 5), ("EncryptionInfo", 2), ("EncryptedPackage", 2), ("", 0)]
    )
    return bytes(header) + fat + directory


def _entry(name: str, kind: int) -> bytes:
    entry = bytearray(128)
    encoded = name.encode("utf-16-le")
    entry[: len(encoded)] = encoded
    entry[64:66] = (len(encoded) + 2 if name else 0).to_bytes(2, "little")
    entry[66] = kind
    entry[68:80] = b"\xff" * 12
    entry[116:120] = (0xFFFFFFFE).to_bytes(4, "little")
    return bytes(entry)
