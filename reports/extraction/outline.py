"""Headings, leads and sentences: what stands under what.

A heading is a numbered or titled line, the first phrase of a numbered paragraph, a bold or short phrase
ended by 。 inside a paragraph, or an 一是. `一、严禁…二、严禁…` inside one paragraph is a list, not headings.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from reports.extraction.headings import is_section_title
from reports.extraction.passages import Passage, Row
from reports.extraction.wording import LEAD_VERB

PART, ONE, TWO, THREE, FOUR, FIVE, LINE, LEAD, ITEM = range(9)

_CN = "[一二三四五六七八九十壹贰叁肆伍陆柒捌玖拾]{1,3}"
_NUMBERING = (
    (PART, re.compile(rf"第{_CN}(?:部分|章|节|篇)[：、]?")),
    (ONE, re.compile(rf"{_CN}、")),
    (TWO, re.compile(rf"（{_CN}）[、.]?")),
    (FOUR, re.compile(r"\d{1,2}\.\d{1,2}(?:\.\d{1,2})?(?=[\u4e00-\u9fff“《 ])(?![万亿元个%])、?")),
    (THREE, re.compile(r"\d{1,2}(?:[.、]|．)(?!\d)")),
    (FOUR, re.compile(r"（\d{1,2}）|\d{1,2}）")),
    (FIVE, re.compile(r"[①-⑳❶-❿]|[A-Za-z][.、](?![A-Za-z])")),
    (LINE, re.compile(r"—{1,2}|--|⸺|[●■◆★☆▲△□◇►▶·※◎◉⊙○❖➢➤]|[✓√]|〇(?![〇零一二三四五六七八九十年月日])")),
)
ITEM_MARK = re.compile(
    rf"(?:(?<=[。；：，！])|^)(?:(?P<cn>{_CN})(?:是(?![一二三四五六七八九十]+是)|要)|第(?P<th>{_CN})[，、]|其(?P<qi>{_CN})[，、：]|首先，|其次，|再次，|最后，)"
)
_CIRCLED = re.compile(r"(?:(?<=[。；：])|^)(?:[①-⑳]|（[一二三四五六七八九]）(?=[\u4e00-\u9fff“]))")
_NAMED = re.compile(
    r"(?:存在的?[^，。；：\d]{0,6}|[^，。；：\d]{0,6}(?:问题|不足|短板|差距|打算|安排|要求|建议|做法|成效|举措|亮点))：(?=[^：]{8})"
)
_ANNEX = re.compile(r"^附(?:件|表|录)(?:\d{1,2}|[一二三四五六七八九十]{1,2})?(?:[:：]|$|[^\d])")
_BRACKETED = re.compile(
    r"(?:【[^【】]{2,20}】|〖[^〖〗]{2,20}〗|〔[^〔〕\d]{2,20}〕|\[[^\[\]\d]{2,20}\])(?=.)"
)


@dataclass(frozen=True, eq=False)
class Heading:
    """A heading or lead: its level in the outline, bare title, and where the title stands in its passage."""

    level: int
    title: str
    passage: Passage
    start: int
    end: int


@dataclass(frozen=True, eq=False)
class Sentence:
    """`passage.text[start:end]`, with the headings above it, outermost first."""

    passage: Passage
    start: int
    end: int
    path: tuple[Heading, ...]

    @property
    def text(self) -> str:
        """The sentence with its closing mark."""
        return self.passage.text[self.start : self.end]


@dataclass(frozen=True)
class Outline:
    """The body of a report: its headings and sentences, in order."""

    headings: tuple[Heading, ...]
    sentences: tuple[Sentence, ...]
    annexes: tuple[int, ...] = ()  # of passages: where annexes begin


def outline_of(items: list[Passage | Row], outside: frozenset[int]) -> Outline:
    """The outline of the passages that belong to the body (rows are left to the reader of tables)."""
    body = [p for i, p in enumerate(items) if isinstance(p, Passage) and i not in outside]
    builder = _Builder(_style_of(body))
    for passage, following in zip(body, [*body[1:], None], strict=False):
        builder.add(passage, following)
    return Outline(tuple(builder.headings), tuple(builder.sentences), tuple(builder.annexes))


@dataclass(frozen=True)
class _Style:
    """How one report writes its headings."""

    numbered: bool  # 一、 is used
    titled: bool  # some lines without a number are headings
    section_marks: frozenset[str]  # ■ or 〇 before the titles of sections, each on a line of its own
    leads: frozenset[int]  # of passages (by id): their first phrase is a lead, as in those beside them


def _style_of(body: list[Passage]) -> _Style:
    numbered = any(_NUMBERING[1][1].match(p.text) for p in body)
    marks: dict[str, list[bool]] = {}
    for passage in body:
        found = numbering(passage.text)
        if found and found[0] == LINE:
            rest = passage.text[found[1] :]
            alone = len(rest) <= 30 and not re.search(r"[。；，：]", rest)
            marks.setdefault(passage.text[: found[1]], []).append(alone)
    sections = {mark for mark, alone in marks.items() if sum(alone) >= 2 and sum(alone) * 2 > len(alone)}
    titled = any(_is_heading_line(p) and not numbering(p.text) for p in body)
    return _Style(numbered, titled, frozenset(() if numbered else sections), _rows_of_leads(body))


def _rows_of_leads(body: list[Passage]) -> frozenset[int]:
    """Paragraphs in a row that all begin with a short phrase closed by 。: the phrases are leads."""
    out: set[int] = set()
    row: list[Passage] = []
    for passage in [*body, None]:
        if passage is not None and _begins_with_phrase(passage):
            row.append(passage)
            continue
        if len(row) > 1:
            out.update(id(p) for p in row)
        row = []
    return frozenset(out)


def _begins_with_phrase(passage: Passage) -> bool:
    text = passage.text
    if numbering(text) or ITEM_MARK.match(text) or _BRACKETED.match(text):
        return False
    end = text.find("。") + 1
    phrase = text[:end]
    return 3 <= end <= 15 and is_lead(phrase, 14) and not re.search("[，：]", phrase) and len(text) > 2 * end


def numbering(text: str) -> tuple[int, int] | None:
    """(level, length) of the numbering a text begins with."""
    for level, pattern in _NUMBERING:
        match = pattern.match(text)
        if match:
            return level, match.end()
    return None


def bare(title: str) -> str:
    """A heading without numbering, 一是, closing mark."""
    found = numbering(title)
    if found:
        title = title[found[1] :]
    title = re.sub(r"^[一二三四五六七八](?=[抓查治建强管看促][\u4e00-\u9fff])", "", title)
    title = ITEM_MARK.sub("", title, count=1) if ITEM_MARK.match(title) else title
    return re.sub(r"^[【〖〔\[](.*)[】〗〕\]]$", r"\1", title.strip("。：；，、 "))


def cut(text: str, start: int, end: int, marks: str = "。！？") -> list[tuple[int, int]]:
    """Ranges of the sentences of `text[start:end]`, cut after each of `marks` outside brackets."""
    out: list[tuple[int, int]] = []
    depth = 0
    begin = start
    opened = start
    closers = "”）》’』」"
    i = start
    while i < end:
        c = text[i]
        if c in "（《":
            depth, opened = depth + 1, i
        elif c in "）》":
            depth = max(0, depth - 1)
        elif c in marks and (depth == 0 or i - opened > 400):
            depth = 0
            j = i + 1
            while j < end and text[j] in closers:
                j += 1
            out.append((begin, j))
            begin, i = j, j - 1
        i += 1
    if begin < end:
        out.append((begin, end))
    return out


class _Builder:
    """Walks the passages and keeps the stack of open headings."""

    def __init__(self, style: _Style) -> None:
        self.headings: list[Heading] = []
        self.sentences: list[Sentence] = []
        self.annexes: list[int] = []
        self._path: list[Heading] = []
        self._last: Passage | None = None  # the passage before the one now added
        self._style = style

    def add(self, passage: Passage, following: Passage | None) -> None:
        """Take in the next passage of the body, seeing the one after it."""
        self._take(passage, following)
        self._last = passage

    def _take(self, passage: Passage, following: Passage | None) -> None:
        text = passage.text
        if re.fullmatch(r"（此件.{2,20}）", text):
            return
        if _ANNEX.match(text) and len(text) < 40 and "。" not in text:
            self._path.clear()  # an annex lies under no section of the report
            self.annexes.append(passage.index)
        bracket = _BRACKETED.match(text)
        if bracket or (bracket := _NAMED.match(text)):
            below = self._style.numbered or (self._style.titled and text[0] in "【〖〔[")
            self._open(LINE if below else ONE, passage, 0, bracket.end())
            self._body(passage, bracket.end())
            return
        found = numbering(text)
        if found and self._is_list(text, found[0]):
            found = None
        if found:
            level, length = found
            self._numbered_paragraph(
                passage, ONE if text[:length] in self._style.section_marks else level, length
            )
        elif _is_heading_line(passage):
            self._open(self._level_of(passage, following), passage, 0, len(text))
        else:
            self._body(passage, 0, fresh=True)

    def _level_of(self, passage: Passage, following: Passage | None) -> int:
        """The level of a heading line without a number: below the title of a section, where that stands."""
        if passage.block.level:
            return ONE + passage.block.level - 1
        if self._style.numbered:
            opens = passage.text.endswith("：") and following is not None and numbering(following.text)
            return PART if opens and opens[0] == ONE else LINE  # 改的做法： and then 一、, 二、
        above = self._path[-1] if self._path else None
        if above is None or above.level not in (ONE, TWO) or is_section_title(bare(passage.text)):
            return ONE
        just_titled = above.passage is self._last and is_section_title(above.title)
        return TWO if above.level == TWO or just_titled else ONE

    def _is_list(self, text: str, level: int) -> bool:
        """一、…二、… in one paragraph."""
        return level == ONE and re.search(r"[；。，]\s*二、", text) is not None

    def _open(self, level: int, passage: Passage, start: int, end: int) -> None:
        while self._path and self._path[-1].level >= level:
            self._path.pop()
        heading = Heading(level, bare(passage.text[start:end]), passage, start, end)
        self._path.append(heading)
        self.headings.append(heading)

    def _close(self, level: int) -> None:
        while self._path and self._path[-1].level >= level:
            self._path.pop()

    def _close_bullets(self, passage: Passage) -> None:
        """A new paragraph ends the items, leads and bullets whose own sentences stood in another."""
        spoken = {id(s.path[-1]) for s in self.sentences[-40:] if s.path and s.passage is s.path[-1].passage}
        while (
            self._path
            and self._path[-1].level >= LINE
            and (self._path[-1].level == ITEM or id(self._path[-1]) in spoken)
        ):
            self._path.pop()

    def _numbered_paragraph(self, passage: Passage, level: int, length: int) -> None:
        text = passage.text
        if passage.block.level:
            level = min(level, FIVE)
        first = cut(text, length, len(text))
        begin, end = first[0] if first else (length, length)
        lead = text[begin:end]
        if len(first) == 1:
            self._single(passage, level, length)
        elif (
            is_lead(_REST.sub("", lead), 45)
            or _ORGAN.fullmatch(lead)
            or _LED_BY_ORGAN.fullmatch(lead)
            or _is_bold(passage, begin, end)
        ):
            self._open(level, passage, begin, end)
            self._body(passage, end)
        else:
            self._close(level)
            self._body(passage, 0)

    def _single(self, passage: Passage, level: int, length: int) -> None:
        """A numbered paragraph of one sentence: a heading alone, a lead with ：, or an item of a list."""
        text = passage.text
        rest = text[length:]
        if _COUNT_LINE.search(rest):
            self._close(level)
            self._body(passage, 0)
            return
        colon = re.match(r"[^，。；：]{2,30}：(?=.)", rest)
        if colon and re.search(r"[，。；]|\d", rest[colon.end() :]):
            self._open(level, passage, length, length + colon.end())
            self._body(passage, length + colon.end())
        elif (not rest.endswith(("；", "。")) and len(rest) <= 70) or (
            rest.endswith("。") and is_lead(_DATES.sub("", rest), 26) and rest.count("，") <= 1
        ):
            self._open(level, passage, length, len(text))
        else:
            self._close(level)
            self._body(passage, 0)

    def _body(self, passage: Passage, start: int, *, fresh: bool = False) -> None:
        """The sentences of a paragraph from `start`, with the leads inside it."""
        if fresh:
            self._close_bullets(passage)
        sentences = cut(passage.text, start, len(passage.text))
        for k, (begin, end) in enumerate(sentences):
            text = passage.text[begin:end]
            follows = k + 1 < len(sentences)
            mark = ITEM_MARK.match(text)
            leads = fresh and not k and id(passage) in self._style.leads
            if leads or (not mark and follows and self._is_run_in(passage, begin, end, sentences[k + 1])):
                self._open(LEAD, passage, begin, end)
            elif not mark and (colon := _bold_colon(passage, begin, end)):
                self._open(LEAD, passage, begin, colon)
                self._sentence(passage, colon, end, follows)
            else:
                self._sentence(passage, begin, end, follows)

    def _is_run_in(self, passage: Passage, begin: int, end: int, after: tuple[int, int]) -> bool:
        nested = any(h.passage is passage and h.level < LEAD for h in self._path)
        text = passage.text[begin:end]
        if _is_bold(passage, begin, end):
            return True
        halves = text.strip("。").split("，")
        if not text.endswith("。") or len(halves) > 2 or not is_lead(text, 18 if len(halves) == 1 else 22):
            return False
        if len(halves) == 2 and (abs(len(halves[0]) - len(halves[1])) > 1 or len(halves[0]) > 10):
            return False
        following = passage.text[after[0] : after[1]]
        if _ACTS.match(text) or (nested and not _ACTS.match(following)):
            return False
        if len(following) <= len(text) or (is_lead(following, 8) and LEAD_VERB.match(following)):
            return False
        return bool(LEAD_VERB.match(text)) or (
            len(text) <= 13
            and bool(_ACTS.match(following))
            and not re.search(r"[说称了]。$|表示|认为|介绍", text)
        )

    def _sentence(self, passage: Passage, begin: int, end: int, follows: bool) -> None:
        """One sentence, cut where an 一是 or ① begins."""
        text = passage.text[begin:end]
        marks = [m.start() for m in ITEM_MARK.finditer(text)]
        if not marks:
            marks = [m.start() for m in _CIRCLED.finditer(text)]
        after = passage.text[end : end + 4]
        follows = follows and not ITEM_MARK.match(after) and not _CIRCLED.match(after)
        for at in [*([0] if not marks or marks[0] else []), *marks]:
            later = [m for m in marks if m > at]
            stop = later[0] if later else len(text)
            self._piece(passage, begin + at, begin + stop, is_item=at in marks, alone=not later and follows)

    def _piece(self, passage: Passage, begin: int, end: int, *, is_item: bool, alone: bool) -> None:
        if not is_item:
            self._add(passage, begin, end)
            return
        text = passage.text[begin:end]
        mark = ITEM_MARK.match(text) or _CIRCLED.match(text)
        assert mark is not None
        if alone and text.endswith("。") and _is_plain_lead(text[mark.end() :], 30):
            self._open(ITEM, passage, begin + mark.end(), end)
            return
        clause = re.match(r"[^，；。：]+[，；。：]?", text[mark.end() :])
        stop = begin + mark.end() + (clause.end() if clause else 0)
        self._open(ITEM, passage, begin + mark.end(), stop)
        self._add(passage, begin + mark.end(), end)

    def _add(self, passage: Passage, begin: int, end: int) -> None:
        if begin < end:
            self.sentences.append(Sentence(passage, begin, end, tuple(self._path)))


def _is_heading_line(passage: Passage) -> bool:
    """Whether a paragraph is a heading that has no number."""
    text = passage.text
    if re.search(r"[。；，]", text) and not passage.block.level:
        return False
    if passage.block.level and len(text) <= 80 and not text.endswith("。"):
        return True
    if (
        len(text) > 30
        or ITEM_MARK.match(text)
        or _COUNT_LINE.search(text)
        or re.search(r"\d+[个处条项]", text)
    ):
        return False
    if text.endswith("："):
        return len(text) <= 16 and not re.search(r"如下|其中|见下?表|下表|单位：", text)
    return bool(re.search(r"[\u4e00-\u9fff]{2}", text)) and not re.search(r"如下|见下?表|单位：", text)


# 啃下余下的7个点, 改完剩余4个: a number of what is left is no count
_REST = re.compile(
    r"(?:余下|剩余|剩下|其余|尚未[\u4e00-\u9fff]{1,3}|未[\u4e00-\u9fff]{2,3}|没改|最后)的?\d+[个处条项]"
)
# 3.风险岗位：35个。 is a line that states a number, neither a heading nor a lead
_DATES = re.compile(r"(?:\d{4}年)?\d{1,2}月(?:\d{1,2}日)?|\d{4}年")
_COUNT_LINE = re.compile(
    r"^[^，。；：]{0,6}(?:岗位|风险点|环节|措施|问题|风险|单位|案例|[级色类])(?:数量?|总数|个数)?(?:：|共|为|有|约|近)*"
    r"(?:\d|[零一二两三四五六七八九十百]+余?[个处条项件起家]|无[。，；]?$|零[。，；]?$)"
)


def _is_plain_lead(text: str, longest: int) -> bool:
    """A lead of one phrase, or of two of about one length (补齐短板，筑牢防线)."""
    halves = text.strip("。").split("，")
    even = len(halves) == 1 or (len(halves) == 2 and abs(len(halves[0]) - len(halves[1])) <= 1)
    return even and is_lead(text, longest)


_ORGAN = re.compile(
    r"(?:县|区|市|XX)?[\u4e00-\u9fff]{2,14}(?:局|委|办|办公室|中心|镇|乡|街道|公司|集团|园区|管委会|院|银行|联社|社|联|会|馆|校|站|大队|党校|部)。?"
)
# 县财政局：严把支付关。 县财政局严把支付关。 before more that is said of it
_LED_BY_ORGAN = re.compile(
    rf"{_ORGAN.pattern[:-2]}(?:：[^，。；：\d]{{3,18}}|{LEAD_VERB.pattern[1:]}[^，。；：\d《]{{2,10}})。"
)
_ACTS = re.compile(
    r"(?:(?:县|区|XX)[\u4e00-\u9fff]{1,16}?|[\u4e00-\u9fffX]{2,12}?)"
    r"(?:(?:局|镇|乡|街道|公司|中心|集团|园区|管委会|银行|医院|法院|检察院|办公室)"
    r"|(?:委|办|院|社|联|部|校|会)(?:[、和与]|等|对|将|把|会同|联合|[召建制印出组通开实推在加严探设落规升定聚采全主认积充利牵]))"
)


def is_lead(text: str, longest: int) -> bool:
    """Whether a phrase reads as a lead: short, no number counted, no body acting, no list."""
    text = text.strip("。：")
    if not 2 <= len(text) <= longest:
        return False
    if re.search(r"\d|；|等单位|如下|等部门|下一步", text):
        return False
    return not re.search(
        r"[零一二三四五六七八九十百]+[个处条项件起]$|^(?:[我各本该]|全(?![面力程覆])|(?:县|区|市|XX)[\u4e00-\u9fff]{1,12}?(?:局|委|办|院|中心|公司|镇|乡))|(?:目前|同时|此外|据统计)",
        text,
    )


def _is_bold(passage: Passage, begin: int, end: int) -> bool:
    """Whether a stretch is set in bold from end to end while its paragraph is not."""
    spans = passage.block.bold
    if not spans or begin >= end:
        return False
    low, high = passage.span(begin, end)
    whole = any(s.start <= passage.block.start and s.end >= passage.block.end for s in spans)
    return not whole and any(s.start <= low and s.end >= high - 1 for s in spans)


def _bold_colon(passage: Passage, begin: int, end: int) -> int | None:
    """End of a bold phrase closed by ： at the head of a sentence."""
    match = re.compile(r"[^，。；：]{2,30}：").match(passage.text, begin, end)
    return match.end() if match and _is_bold(passage, begin, match.end()) else None
