"""The document as passages: one string a paragraph, ready to be matched, with the way back to the text.

In a passage white space is gone (officials space names out, and plain files break lines anywhere), signs
of one meaning are one sign, and `at` tells where each character stands in the document.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from reports.reading.document import Block, Document, Span

_FULL = {ord("！") + i: ord("!") + i for i in range(94)}
_PUNCTUATION = str.maketrans(
    dict(zip(",;:()!?", "，；：（）！？", strict=True))
    | {"﹪": "%", "○": "〇", "Ｏ": "O", "﹙": "（", "﹚": "）", "･": "·", "•": "·", "‧": "·"}
)
# a line broken by hand: text that stops without any mark at its end
_OPEN_END = re.compile(r"[^。；！？：.…”）》】\s]$")
_FRESH_START = re.compile(
    r"^(?:[ \u3000]{2,}|\t|\u3000)|^\s*(?:第[一二三四五六七八九十]+[部章]|[一二三四五六七八九十]{1,3}、|（[一二三四五六七八九十]{1,3}）"
    r"|\([一二三四五六七八九十]{1,3}\)|\d{1,2}[.．、](?!\d)|[（(]\d{1,2}[)）]|[①-⑳]|——|[●■◆▲•]|附件|附：|抄送|联系人)"
)


_IN_SENTENCE = re.compile(r"[，。；,;]|\d[个处条项家]")


@dataclass(frozen=True, eq=False)
class Passage:
    """One paragraph or one cell: `text` to match in, `at[i]` the document offset of its i-th character."""

    text: str
    at: Sequence[int]
    block: Block
    index: int = 0

    def span(self, start: int, end: int) -> tuple[int, int]:
        """The document range of `text[start:end]`; an empty range where that is empty."""
        if start >= end:
            where = (
                self.at[start] if start < len(self.at) else (self.at[-1] + 1 if self.at else self.block.start)
            )
            return where, where
        return self.at[start], self.at[end - 1] + 1


@dataclass(frozen=True)
class Row:
    """One table row as passages, one a cell, with the grid columns each covers."""

    cells: tuple[Passage, ...]
    first_columns: tuple[int, ...]
    columns: tuple[int, ...]
    rows: tuple[int, ...]
    table: int
    index: int


def normalise(text: str) -> str:
    """Same length, one sign for each meaning: digits and letters half-width, punctuation full-width."""
    plain = text.translate(_FULL)
    marked = plain.translate(_PUNCTUATION)
    if "," not in plain and ":" not in plain:
        return marked
    # the comma of 1,080 and the colon of 9:30 belong to their numbers
    out = list(marked)
    for match in re.finditer(r"(?<=\d),(?=\d{3}(?!\d))|(?<=\d):(?=\d\d)", plain):
        out[match.start()] = plain[match.start()]
    return "".join(out)


def squeeze(normal: str, spans: Iterable[tuple[int, int]]) -> tuple[str, list[int]]:
    """The characters of the spans without white space; one space stays between two ASCII words or numbers."""
    at: list[int] = []
    for start, end in spans:
        positions = [
            i for i in range(start, end) if not normal[i].isspace() and normal[i] not in "\u200b\ufeff"
        ]
        at.extend(_spaced(normal, positions))
    return "".join(" " if normal[i].isspace() else normal[i] for i in at), at


def _is_word(c: str) -> bool:
    return c.isascii() and c.isalnum()


def _spaced(normal: str, positions: list[int]) -> list[int]:
    out: list[int] = []
    last = -1
    for i in positions:
        if last >= 0 and i > last + 1 and _is_word(normal[i]) and _is_word(normal[last]):
            out.append(last + 1)
        out.append(i)
        last = i
    return out


_RULED = re.compile(r"[—─━―_＿=-]{4,}")  # a line drawn with signs


def passages_of(document: Document, normal: str, skip: Sequence[Span]) -> list[Passage | Row]:
    """The passages and rows of a document in reading order, without the blocks that lie in `skip`."""
    out: list[Passage | Row] = []
    gone = {(s.start, s.end) for s in skip}
    blocks = [b for b in document.blocks if (b.start, b.end) not in gone]
    width = broken_width(document)
    indented = bool(width) and _is_indented(document)
    i = 0
    while i < len(blocks):
        block = blocks[i]
        if block.kind == "row" and block.cells:
            out.append(_row(normal, block, len(out)))
            i += 1
            continue
        group = [block]
        while width and i + 1 < len(blocks) and _runs_on(document, group[-1], blocks[i + 1], width, indented):
            i += 1
            group.append(blocks[i])
        text, at = squeeze(normal, [(b.start, b.end) for b in group])
        if text and not _RULED.fullmatch(text):
            out.append(Passage(text, at, block, len(out)))
        i += 1
    return out


def _row(normal: str, block: Block, index: int) -> Row:
    cells = []
    for cell in block.cells:
        text, at = squeeze(normal, [(cell.start, cell.end)])
        cells.append(Passage(text, at or [cell.start], block, index))
    return Row(tuple(cells), block.first_columns, block.columns, block.rows, block.table or 0, index)


def _width(line: str) -> int:
    return sum(1 if c.isascii() else 2 for c in line)


def broken_width(document: Document) -> int:
    """The line width (in half characters) of a text whose lines were broken by hand, 0 if they were not."""
    if document.format not in ("txt", "pdf"):
        return 0
    lines = [document.quote(b).rstrip() for b in document.blocks if b.kind == "paragraph"]
    lines = [line for line in lines if len(line) - len(line.lstrip()) <= 8]
    widest = max(map(_width, lines), default=0)
    if not 24 <= widest <= 120:
        return 0
    near = [line for line in lines if _width(line) >= widest - 8]
    broken = [line for line in near if _OPEN_END.search(line) or line.endswith(("，", "、"))]
    return widest if len(broken) >= 3 and len(broken) * 3 >= len(near) else 0


def _runs_on(document: Document, block: Block, after: Block, width: int, indented: bool) -> bool:
    """Whether a line is the middle of a paragraph; a page's number and head may stand between."""
    if after.kind != "paragraph" or block.kind != "paragraph":
        return False
    line, following = document.quote(block).rstrip(), document.quote(after)
    if line.endswith(("。", "；", "！", "？", "：")) or _FRESH_START.match(following):
        return False
    gap = document.text[block.end : after.start]
    if not gap.strip() and gap.count("\n") > 1:
        return False
    if indented and gap.strip():
        return True  # a page ends between the two
    if indented and _IN_SENTENCE.search(line):
        return True
    # where paragraphs are indented, a line that is not quite full may go on: a word was kept whole
    return _width(line) >= (width * 2 // 3 if indented else width - 8)


def _is_indented(document: Document) -> bool:
    """Whether new paragraphs begin with blanks, so that a line without them goes on."""
    lines = [document.quote(b) for b in document.blocks if b.kind == "paragraph"]
    fresh = sum(line.startswith(("  ", "\u3000")) for line in lines)
    return fresh >= 4 and fresh * 5 >= len(lines)
