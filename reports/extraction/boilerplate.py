"""What gives no facts: secrets that must not be kept (masked), and contact, copy and page lines."""

from __future__ import annotations

import re
from collections import Counter

from reports.extraction.facts import Ignored
from reports.extraction.passages import normalise
from reports.reading.document import Block, Document

MASK = "█"

_SECRET = re.compile(
    r"(?:密码|口令|编辑码|解锁码|打开码|授权码|提取码|验证码|访问码|校验码|编辑代码|保护码|密钥)(?:[是为]|[:：])?[:：]?\s*[A-Za-z0-9@#$%^&*_+=.!-]{3,}"
    r"|(?:password|passwd|pwd)\s*[:：=]\s*\S{3,}",
    re.IGNORECASE,
)
_PHONE = r"(?:1[3-9]\d{9}|(?:0\d{2,3}[-—－]?)?[2-8]\d{6,7}|\d{3,4}[-—－]\d{7,8})(?!\d)"
_HAS_PHONE = re.compile(rf"(?<!\d){_PHONE}")
_IS_PHONE = re.compile(rf"(?:[\u4e00-\u9fff]{{1,6}}[:：]?)?{_PHONE}(?:[、，,/；;]{_PHONE})*")
_CONTACT = re.compile(
    r"^[（(]?(?:联系人|联系电话|联系方式|联络人|联络员|填报人|填表人|报送人|经办人|咨询电话|电话|传真|邮箱|电子邮箱|举报电话|监督电话|承办人|承办单位)[^。]{0,12}[:：]"
)
_COPY = re.compile(r"^(?:抄送|抄报|主送|分送|报送|发送|印发|印送|报|送|发)[:：]")
_PRINTED = re.compile(
    r"^(?:[^，。；：《]{2,40}?(?:办公室|[局委院府会室镇乡部办]|公司|中心|集团|街道))?(?:(?:19|20)\d\d|[一二][〇零○\d一二三四五六七八九]{3})年[\d一二三四五六七八九十]{1,2}月[\d一二三四五六七八九十]{1,3}日(?:印发|印制|翻印|印)。?$"
    r"|^(?:共印|印数|印发份数)[:：]?\d+份?$|^[（(]共印\d+份[)）]$"
)
_ATTACHMENTS = re.compile(r"^(?:附件|附|附表|附件清单)[:：]")
_ATTACHMENT_ITEM = re.compile(r"^(?:附件)?\d{1,2}[.．、](?!\d)[^。；]{2,60}$")
_PAGE = re.compile(
    r"^(?:[-—–－_·\s]*\d{1,4}[-—–－_·\s]*|第\s*\d{1,4}\s*页(?:[\s，,/／]*共\s*\d{1,4}\s*页)?|\d{1,4}\s*[/／]\s*\d{1,4}|Page\s*\d+(?:\s*of\s*\d+)?)$",
    re.IGNORECASE,
)


# the head of a printed page, read as a line of its own after the page number before it
_PAGE_HEAD = re.compile(r"^[^，。；：]{4,30}(?:文件|简报|专报|通报|报告|汇报|总结|情况)$")


def find_ignored(document: Document) -> tuple[Ignored, ...]:
    """The passages of a document that give no facts, in order. Those with `masked` hold a secret."""
    normal = normalise(document.text)
    out: list[Ignored] = []
    heads = _running_heads(document)
    listing = after_page = False
    for block in document.blocks:
        line = normal[block.start : block.end].strip()
        flat = re.sub(r"\s+", "", line)
        secret = _SECRET.search(line)
        if secret is not None and block.kind != "row":
            out.append(_secret(document, block))
        elif (
            reason := _reason(block, flat, _cells(document, block), heads)
            or (after_page and _PAGE_HEAD.search(flat) and "页眉")
            or ""
        ):
            out.append(Ignored(reason, block.start, block.end))
        elif listing and _ATTACHMENT_ITEM.match(normalise(flat)):
            out.append(Ignored("附件清单", block.start, block.end))
        else:
            listing = after_page = False
            if secret is not None:
                out.append(_secret(document, block))
            continue
        listing = listing or out[-1].reason == "附件清单"
        after_page = out[-1].reason == "页码"
    return tuple(out)


def _secret(document: Document, block: Block) -> Ignored:
    """The whole line where it is short, else the sentence with the secret in it."""
    line = document.text[block.start : block.end]
    if len(line.strip()) <= 60 and "。" not in line.strip().rstrip("。"):
        start = block.start + len(line) - len(line.lstrip())
        return Ignored("文档密码", start, block.start + len(line.rstrip()), masked=True)
    match = _SECRET.search(line)
    assert match is not None
    start = max(line.rfind(mark, 0, match.start()) for mark in "。；\n") + 1
    return Ignored("文档密码", block.start + start, block.start + match.end(), masked=True)


def _reason(block: Block, flat: str, cells: list[str], heads: frozenset[str]) -> str:
    if block.kind == "row":
        return "联系方式" if any(_IS_PHONE.fullmatch(cell) for cell in cells) else ""
    if _PAGE.match(flat):
        return "页码"
    if flat in heads:
        return "页眉"
    if _CONTACT.match(flat) or (len(flat) < 60 and _HAS_PHONE.search(flat) and "联系" in flat):
        return "联系方式"
    if _COPY.match(flat):
        return "抄送"
    if _PRINTED.search(flat) and len(flat) < 60:
        return "印发"
    if _ATTACHMENTS.match(flat) and len(flat) < 200:
        return "附件清单"
    return ""


def _cells(document: Document, block: Block) -> list[str]:
    return ["".join(document.text[c.start : c.end].split()) for c in block.cells]


def _running_heads(document: Document) -> frozenset[str]:
    """Short lines without a full stop that come back three times or more: heads of printed pages."""
    if document.format not in ("txt", "pdf"):
        return frozenset()
    counts = Counter(re.sub(r"\s+", "", document.quote(b)) for b in document.blocks if b.kind == "paragraph")
    return frozenset(
        line
        for line, n in counts.items()
        if n >= 3 and 4 <= len(line) <= 40 and not re.search(r"[。；：]$", line)
    )


def masked(text: str, ignored: tuple[Ignored, ...]) -> str:
    """`text` with every masked passage replaced, character for character (line feeds stay)."""
    out: list[str] = []
    last = 0
    for passage in ignored:
        if passage.masked:
            out.append(text[last : passage.start])
            out.append("".join("\n" if c == "\n" else MASK for c in text[passage.start : passage.end]))
            last = passage.end
    return "".join(out) + text[last:]
