"""Figures in running text: which number counts what, for the whole or for one part.

A sentence is walked token by token. A number counts the kind named beside it, or the one kind that was
being spoken of; it belongs to the part named before it in the clause, to the part its heading names, or to
the whole. Where that is not plain, the number is left out: a wrong figure is worse than a missing one.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from reports.extraction.facts import Figure, Kind
from reports.extraction.labels import Domains, Label, label_of
from reports.extraction.numerals import parse
from reports.extraction.outline import Sentence
from reports.extraction.passages import Passage
from reports.extraction.tokens import Token, tokenize
from reports.extraction.units import Gazetteer

KIND_NAMES: dict[Kind, str] = {
    "post": "风险岗位", "point": "风险点", "link": "关键环节", "item": "问题", "measure": "措施",
}  # fmt: skip
_VERB = r"自行|自查|排查|梳理|查找|查摆|摸排|识别|确定|认定|确认|发现|查出|找出|列出|评定|评估|评为|划定|上报|报送|申报|报告|填报|制定|制订|研究|形成|提出|建立|完善|采取|落实|细化|明确|保留|汇总|检视|筛查|核定|认领|查|报|列|定"
FILL = re.compile(
    rf"(?:的|地|共|有|计|为|是|达|到|至|合计|小计|共计|总计|总共|累计|总数|数量|总量|个数|数|也|各|仅|只|则|又|经|出|了|涉及|存在|包含|包括|占|中|风险|等级|类|领域|方面|单位|全县|全区|全镇|全局|具体|相关|重点|针对性|配套|等|初步|{_VERB}|—|-|“|”)+"
)
_SUM = re.compile(r"合计|共计|总计|总共|累计|共|全县|全区|以上|上述|汇总|总数|总量")
_WHOLE = re.compile(r"全县|全区|全市|全系统|以上|上述|总计|各单位|各级各部门|汇总|合计|[一二三四五六七八九十\d]+个(?:领域|方面|单位)")
_ALL_PARTS = re.compile(r"(?:各|各个|全部|所有|上述|以上|等|这些|相关|有关|多个|该)(?:重点)?(?:领域|方面)$")
_OTHER_TIME = re.compile(
    r"去年|上年|上一年|上一轮|上轮|上次|前一轮|首轮|此前|历年|同比|环比|上半年同期|较(?![大高低重多少为])|相比|增加|减少|新增|下降|增长|上升|净增|新排查|再排查出|力争|目标|不少于|预计|计划|原有|原先|调整为|压减"
)
_PARTIAL = re.compile(
    r"抽查|抽取|随机|回访|复查|仍有|还有|另有|尚有|尚存|退回|部分|个别|挂牌|剩余|其余|有的|每个|每项|第|举|至少|平均|单独|曾|重复|遗漏|漏报|删除|剔除|合并|核减|撤销"
)
_NOT_SUBJECT = re.compile(
    r"组织|指导|督促|会同|联合|牵头|要求|各单位|各级|全县|部署|印发|下发|推动|召开|发至|汇总|抽查|核查|检查|督查|通报|约谈|对(?!照|标)|向|给"
)
_PLURAL = re.compile(
    r"各镇|各乡镇|乡镇|镇街|县直部门|县直单位|各局|各股室|各科室|村（社区）|各村|其他单位|其余单位|[\d一二三四五六七八九十]+(?:个|家)(?:镇|乡|街道|县直|部门|股室|科室|企业|公司|学校|村)"
)


@dataclass
class Found:
    """A figure as found in a sentence, before totals and repetitions are sorted out."""

    figure: Figure
    strong: bool  # stated as the whole, in so many words
    passage: Passage


@dataclass
class _State:
    """What has been said so far in a section: what the next number can refer to."""

    kinds: list[Kind] = field(default_factory=list)  # of the last group of counted things
    measures: dict[str, set[Kind]] = field(default_factory=dict)  # measure word → kinds, in that group
    names: list[Label] = field(default_factory=list)  # the last list of several parts
    paragraph: int = -1
    first_is_total: bool | None = None  # of the paragraph
    carried: Label | None = None  # the one part the last sentence spoke of
    seen: set[tuple[Label | None, Kind]] = field(default_factory=set)
    hint: str = ""
    section: int = 0  # of the top heading
    stale: bool = False  # the kinds were counted in an earlier section: a state alone no longer tells of them
    totals: dict[Kind, int] = field(default_factory=dict)
    kind_list: list[Kind] = field(default_factory=list)  # the kinds before the last 分别为
    run: list[Label] = field(default_factory=list)  # the parts counted one after another just now


class FigureReader:
    """Reads the figures of all sentences of one report."""

    def __init__(
        self,
        text: str,
        domains: Domains,
        units: Gazetteer,
        own: frozenset[str],
        is_problem: Callable[[Sentence], bool] = lambda _: False,
        involved: int | None = None,
    ) -> None:
        self._text = text
        self._domains = domains
        self._units = units
        self.is_problem = is_problem
        self.involved = involved
        self._own = own  # names of the bodies whose report it is: their figures are the total
        self.found: list[Found] = []
        self._state = _State()

    def read(self, sentences: Sequence[Sentence]) -> list[Found]:
        """The figures of the sentences, in order."""
        for sentence in sentences:
            if re.search(r"[\d零〇一二三四五六七八九十百无]|未|没有", sentence.text):
                self._sentence(sentence)
            elif sentence.passage.index != self._state.paragraph:
                self._state.carried = None
        return self.found

    def _sentence(self, sentence: Sentence) -> None:
        state = self._state
        if sentence.passage.index != state.paragraph:
            state.paragraph, state.first_is_total, state.carried = sentence.passage.index, None, None
            state.seen = set()
        section = id(sentence.path[0]) if sentence.path else 0
        if section != state.section:
            state.section, state.stale = section, True
            state.run, state.names, state.kind_list = [], [], []
        tokens = tokenize(sentence.passage, sentence.start, sentence.end, self._domains, self._units)
        base = self._base(sentence)
        for clause in _clauses(tokens):
            _Clause(self, sentence, clause, base).walk()

    def _base(self, sentence: Sentence) -> Label | None:
        """The part that the headings above a sentence name."""
        for heading in reversed(sentence.path):
            label = self.heading_label(heading.title, heading.passage, heading.start, heading.end)
            if label is not None:
                return label
        return None

    def heading_label(self, title: str, passage: Passage, start: int, end: int) -> Label | None:
        """The part a heading consists of: a domain, a unit, a category or a level, and nothing else."""
        title = re.sub(r"（.*）$", "", title)
        title = re.sub(r"(?:的)?(?:排查|梳理|自查|风险|廉政风险)*(?:情况|结果|风险)?$", "", title) if len(title) > 4 else title
        mentions = self._units.mentions_in(passage, start, end)
        if len(mentions) == 1 and len(title) <= mentions[0].end - mentions[0].start:
            return self.unit_label(self._units.body_of(mentions[0]).name)
        if len(title) > 14:
            return None
        bare = re.sub(r"(?:领域|方面)$", "", title)
        label = label_of(bare, self._domains)
        return label if label and label.scope in ("domain", "category", "level") else None

    def unit_label(self, name: str) -> Label | None:
        """A unit as a part, None where the report is its own."""
        return None if name in self._own else Label("unit", name)


def _clauses(tokens: list[Token]) -> list[list[Token]]:
    """The tokens between marks that close a clause (。；)."""
    out: list[list[Token]] = [[]]
    depth = 0
    for token in tokens:
        depth += (token.type == "open") - (token.type == "close")
        out[-1].append(token)
        if token.type == "stop" and depth <= 0:
            out.append([])
            depth = 0
    return [c for c in out if c]


class _Clause:
    """One clause on its walk."""

    def __init__(self, reader: FigureReader, sentence: Sentence, tokens: list[Token], base: Label | None) -> None:
        self.reader = reader
        self.state = reader._state
        self.passage = sentence.passage
        self.path = sentence.path
        self.among_problems = reader.is_problem(sentence)
        self.tokens = tokens
        self.base = base
        self.text = "".join(t.text for t in tokens)
        self.labels: list[Label] = []  # the list of parts now spoken of
        self.outer: Label | None = None  # the part within which the others lie
        self.counted_since = True  # whether a number came after the last label
        self.joint = False
        self.group_size = 0
        self.used: set[int] = set()
        self.others = False
        self.blocked = False
        self.pending: list[tuple[Label, int]] = []  # parts whose kind is only named at the end
        self.emitted: list[Figure] = []
        self.open_stack: list[tuple[list[Label], Label | None, list[Kind]]] = []
        self.open_list = bool(
            re.search(r"居前|前[一二三四五六七八九十\d]+[位名]|较多|最多|主要集中|集中在|较为突出|依次为[^，。]*最|重复|交叉|同时涉及|兼有|最少|突出的|[）个处]等(?:领域|方面|单位|部门)", self.text)
        )

    # -- the walk

    def walk(self) -> None:
        if self._starts_total():
            self.state.carried = None
        i = 0
        while i < len(self.tokens):
            token = self.tokens[i]
            step = getattr(self, "_on_" + token.type, None)
            i = (step(i) if step else None) or i + 1
        self._remember()

    def _starts_total(self) -> bool:
        return bool(_SUM.match(self.text) or _WHOLE.search(self.text[:24]))

    def _remember(self) -> None:
        """What the next sentence of the paragraph may carry on."""
        labelled = {(f.scope, f.name) for f in self.emitted}
        if len(labelled) == 1:
            scope, name = labelled.pop()
            self.state.carried = Label(scope, name) if name and not self.state.first_is_total else None
        elif labelled:
            self.state.carried = None
        self.state.hint = self.state.hint if self.tokens and self.tokens[-1].text == "；" else ""
        if len(self.labels) > 1:
            self.state.names = self.labels

    # -- tokens

    def _on_label(self, i: int) -> None:
        token = self.tokens[i]
        label = token.label
        assert label is not None
        if i in self.used:
            return
        if label.scope == "unit" and not self._is_subject(i):
            self.blocked = self.blocked or self._leads_some(i)
            return
        if label.scope == "unit" and self.reader.unit_label(label.name) is None:
            return
        if label.scope == "status" and not self._counts_state(i):
            return
        before = self.tokens[i - 1] if i else None
        if not self.counted_since and self.labels:
            self._add_label(label, before)
            return
        last = self.labels[-1] if self.labels else self.base
        if last is not None and last.scope != label.scope and last.scope in ("domain", "unit") and not self.outer:
            self.outer = last
        elif self.outer is not None and label.scope == self.outer.scope:
            self.outer = None
        self.labels, self.joint, self.counted_since, self.group_size = [label], False, False, 0
        self.blocked = False

    def _add_label(self, label: Label, before: Token | None) -> None:
        """A label after another one, with no number between them."""
        previous = self.labels[-1]
        if before is not None and before.type == "list" and previous.scope == label.scope:
            self.labels.append(label)
            self.joint = True
        elif previous.scope == label.scope:
            self.labels, self.joint = [label], False
        elif previous.scope in ("domain", "unit") or before is None or before.type in ("word", "label", "kind"):
            if self.outer is None and previous.scope in ("domain", "unit", "level", "category"):
                self.outer = previous
            self.labels = [label]
        else:
            self.labels = [label]

    def _is_subject(self, i: int) -> bool:
        """Whether a unit named here is the one whose figures follow."""
        before = self.tokens[i - 1] if i else None
        if before is not None and before.type == "word" and not re.search(
            r"(?:其中|为|是|有|单位|依次|即|包括|如|例如|中|，)$|^(?:的|和|及|以及)$", before.text
        ):
            return False
        for t in self.tokens[i + 1 :]:
            if t.type == "num":
                break
            if t.type == "word" and (_NOT_SUBJECT.search(t.text) or re.match(r"等", t.text)):
                return False
        else:
            return any(t.type == "none" for t in self.tokens[i + 1 :])
        return True

    def _leads_some(self, i: int) -> bool:
        """县财政局等单位排查…: some of the units together, neither one of them nor all."""
        before, after = self.text[: self.tokens[i].start - self.tokens[0].start], self.tokens[i + 1 : i + 4]
        some = "".join(t.text for t in after)
        match = re.match(r"等(\d+)?(?:个|家)?(?:单位|部门)?(?:共|累计)?(?:" + _VERB + ")", some)
        return bool(match) and not before.endswith(("至", "给", "向")) and not (
            match is not None and match[1] and self.reader.involved == int(match[1])
        )

    def _counts_state(self, i: int) -> bool:
        """Whether a state named here is said of the number beside it."""
        for t in self.tokens[i + 1 : i + 4]:
            if t.type in ("num", "each"):
                return True
            if t.type == "list" or (t.type == "label" and t.label and t.label.scope == "status"):
                return True
            if t.type == "kind" or (t.type == "word" and FILL.fullmatch(t.text)):
                continue
            break
        before = self.tokens[max(0, i - 2) : i]
        return bool(before) and before[-1].type == "num" and not self._own_kind(self.tokens.index(before[-1]))

    def _own_kind(self, i: int) -> bool:
        return i > 0 and self.tokens[i - 1].type == "kind"

    def _on_group(self, i: int) -> None:
        match = re.match(r"[\d一二三四五六七八九十两]+", self.tokens[i].text)
        size = parse(match[0]) if match else None
        if re.search(r"领域|方面|单位|类别|等级", self.tokens[i].text):
            self.group_size = int(size or 0)
            if re.search(r"领域|方面", self.tokens[i].text):
                self.state.hint = "domain"
            involved = self.reader.involved
            if re.search(r"单位", self.tokens[i].text) and involved and 1 < self.group_size < involved:
                self.labels, self.blocked = [], self._acts_alone(i)
        elif not self.labels or self.counted_since:
            after = self.text[self.tokens[i].end - self.tokens[0].start :]
            self.blocked = bool(_PLURAL.match(self.tokens[i].text)) and not re.match(r"共|合计", after)

    def _on_word(self, i: int) -> None:
        """重点领域风险岗位12个: a part that has no name of its own is neither the whole nor any part."""
        text = self.tokens[i].text
        if re.search(r"[\u4e00-\u9fff]{2}(?:领域|方面)$", text) and not _ALL_PARTS.search(text):
            self.labels, self.counted_since, self.blocked = [], True, True

    def _acts_alone(self, i: int) -> bool:
        """Whether some of the units, not all, are the subject of what is counted next."""
        after = self.tokens[i + 1] if i + 1 < len(self.tokens) else None
        return after is not None and after.type == "word" and bool(re.match(rf"(?:共|分别|累计)?(?:{_VERB})", after.text))

    def _on_reset(self, i: int) -> None:
        self.labels, self.outer, self.joint, self.counted_since = [], None, False, True
        self.state.hint = self.tokens[i].hint
        self.state.carried = None

    def _on_of(self, i: int) -> None:
        last = self.emitted[-1] if self.emitted else None
        if last is not None and last.scope != "total" and last.name:
            self.outer = Label(last.scope, last.name)

    def _on_open(self, i: int) -> None:
        self.open_stack.append((self.labels, self.outer, list(self.state.kinds)))
        last = self.emitted[-1] if self.emitted else None
        direct = i > 0 and self.tokens[i - 1].type in ("num", "kind")
        if direct and last is not None:
            self.state.kinds = [last.kind]
            if last.scope != "total" and last.name:
                self.outer = Label(last.scope, last.name)

    def _on_close(self, i: int) -> None:
        if self.open_stack:
            labels, outer, kinds = self.open_stack.pop()
            self.outer, self.state.kinds = outer, kinds or self.state.kinds
            self.labels = labels
            self.counted_since = True

    def _on_kind(self, i: int) -> None:
        """A kind named as the topic: 风险点中, 风险岗位方面."""
        kind = self.tokens[i].kind
        assert kind is not None
        after = self.tokens[i + 1] if i + 1 < len(self.tokens) else None
        if self._is_lone_topic(i):
            self._speak_of(kind)
        elif after is not None and after.type == "word" and re.match(r"中|方面|里|总数中|来看|看", after.text):
            self._speak_of(kind)
        elif after is not None and after.type in ("comma", "close") and i <= 2 and not (i and self.tokens[i - 1].type == "num"):
            self._speak_of(kind)

    def _is_lone_topic(self, i: int) -> bool:
        """A kind that is named alone, with no number of its own: 全部制定了防控措施，共计144条."""
        if i in self.used:
            return False
        before = self.tokens[i - 1] if i else None
        if before is not None and before.type in ("num", "none", "list", "label"):
            return False
        k = i + 1
        while k < len(self.tokens) and (
            (self.tokens[k].type == "word" and FILL.fullmatch(self.tokens[k].text)) or self.tokens[k].type == "label"
        ):
            k += 1
        if k + 1 < len(self.tokens) and self.tokens[k].type == "each":
            return self.tokens[k + 1].text == "：" or self.tokens[k + 1].type in ("label", "word")
        return k >= len(self.tokens) or self.tokens[k].type not in ("num", "list", "each", "none", "kind")

    def _speak_of(self, kind: Kind) -> None:
        self.state.kinds = [kind]
        self.state.measures = {}
        self.state.stale = False

    def _on_each(self, i: int) -> int | None:
        from reports.extraction.respectively import distribute

        return distribute(self, i)

    def _on_none(self, i: int) -> int | None:
        """未发现风险点; 关键环节为零; 风险岗位、关键环节均未发现."""
        after = self._kinds_after(i)
        if after:
            for k in after:
                token = self.tokens[k]
                self._emit(token.kind, 0, "", self.tokens[i].start, token.end, "none.before", "未发现，记为0")
            return after[-1] + 1
        if self.tokens[i].text in ("没有", "无", "不存在"):
            nxt = self.tokens[i + 1] if i + 1 < len(self.tokens) else None
            if nxt is not None and nxt.type not in ("comma", "stop", "list", "close"):
                return None
        for k in self._kinds_before(i):
            token = self.tokens[k]
            self._emit(token.kind, 0, "", token.start, self.tokens[i].end, "none.after", "未发现，记为0")
        return None

    def _kinds_after(self, i: int) -> list[int]:
        out: list[int] = []
        k = i + 1
        while k < len(self.tokens):
            token = self.tokens[k]
            if token.type == "kind":
                after = self.tokens[k + 1] if k + 1 < len(self.tokens) else None
                if after is not None and after.type not in ("comma", "stop", "list", "close"):
                    return []
                out.append(k)
            elif token.type == "label" and token.label and token.label.scope == "level" and not out:
                self._on_label(k)
            elif not (token.type == "list" or (token.type == "word" and token.text in ("有", "存在"))):
                break
            k += 1
        return out

    def _kinds_before(self, i: int) -> list[int]:
        out: list[int] = []
        k = i - 1
        while k >= 0:
            token = self.tokens[k]
            if token.type == "kind":
                out.insert(0, k)
            elif not (token.type == "list" or (token.type == "word" and FILL.fullmatch(token.text))):
                break
            if token.type == "kind" and k and self.tokens[k - 1].type == "num":
                return []
            k -= 1
        return out

    def _on_num(self, i: int) -> None:
        token = self.tokens[i]
        if i in self.used or token.number is None:
            return
        value = token.number.whole
        if value is None or self._guarded(i):
            self.counted_since = True
            return
        if self._opens_sum(i):
            self.labels, self.outer, self.joint, self.blocked = [], None, False, False
        kind, start, end, rule = self._kind_at(i)
        if kind is None:
            self._wait(i)
            return
        if self.pending:
            self._settle_pending(kind, value)
        if rule == "inherited" and not self._may_inherit(i, kind):
            return
        self._emit(kind, value, token.number.bound, start, end, "figure." + rule, _UNDERSTOOD[rule])

    def _opens_sum(self, i: int) -> bool:
        """，共100个: a sum of the parts just listed."""
        before = self.tokens[i - 1] if i else None
        if before is None or before.type != "word" or not re.match(r"(?:以上|上述)?(?:合计|共计|总计|累计|共)", before.text):
            return False
        parts = {(f.scope, f.name) for f in self.emitted if f.name} | {(p.scope, p.name) for p, _ in self.pending}
        opens = i < 2 or self.tokens[i - 2].type in ("comma", "stop", "close")
        return opens and (len(parts) > 1 or self.blocked)

    def _wait(self, i: int) -> None:
        """A part with a number and no kind yet."""
        label = self.tokens[i - 1].label if i else None
        if label is not None and not self.outer and not self.base and self.tokens[i].measure:
            self.pending.append((label, i))
            self.counted_since = True

    def _settle_pending(self, kind: Kind, total: int) -> None:
        """思想道德风险20个、岗位职责风险50个，共70个风险点: the parts make up the sum behind them."""
        numbers = [self.tokens[i].number for _, i in self.pending]
        if len(numbers) > 1 and sum(n.value for n in numbers if n) == total:
            for label, i in self.pending:
                token = self.tokens[i]
                assert token.number is not None and token.number.whole is not None
                start = self.tokens[i - 1].start
                self.put(label, kind, token.number.whole, token.number.bound, start, token.end, "figure.summed-up", "各部分之和为其后所列总数")
        self.pending = []

    # -- what a number counts

    def _kind_at(self, i: int) -> tuple[Kind | None, int, int, str]:
        """(kind, start and end of the quote, rule) for the number at i."""
        token = self.tokens[i]
        left = self._left(i)
        if left is not None and self.tokens[left].type == "kind":
            if re.match(r"(?:月|方面|大类|步骤|阶段)", self.passage.text[token.end : token.end + 2]):
                return None, 0, 0, ""
            start = self._label_start(left)
            return self.tokens[left].kind, start, token.end, "kind-number"
        right = self._right(i)
        if right is not None and token.measure:
            kind_token = self.tokens[right]
            if not self._right_open(right):
                return None, 0, 0, ""
            self.used.add(right)
            self._placed_after(right)
            return kind_token.kind, token.start, kind_token.end, "number-kind"
        if left is not None and self.tokens[left].type == "label":
            inner = self._left(left)
            if inner is not None and self.tokens[inner].type == "kind":
                return self.tokens[inner].kind, self.tokens[left].start, token.end, "kind-label-number"
        kind = self._inherited(token)
        if kind is None:
            return None, 0, 0, ""
        return kind, self._quote_start(i), token.end, "inherited"

    def _left(self, i: int) -> int | None:
        """Index of the token before i, fillers skipped; 、 and ， stop the search."""
        k = i - 1
        while k >= 0:
            token = self.tokens[k]
            if (token.type == "word" and FILL.fullmatch(token.text)) or (token.text == "：" and k == i - 1):
                k -= 1
                continue
            if token.type == "label" and token.label and k == i - 1 and token.label.scope == "level":
                return k
            return k if token.type in ("kind", "label") else None
        return None

    def _right(self, i: int) -> int | None:
        k = i + 1
        while k < len(self.tokens):
            token = self.tokens[k]
            if token.type == "kind":
                return k
            if token.type == "word" and re.fullmatch(
                r"的|廉政|廉洁|涉企|主要|具体|整改|防控|相关|个|类|(?:岗位|点位|环节|部位)?(?:被)?(?:列为|确定为|认定为|定为|评定为)", token.text
            ):
                k += 1
                continue
            if token.type == "label" and token.label and token.label.scope in ("level", "category", "status", "domain"):
                following = self.tokens[k + 1] if k + 1 < len(self.tokens) else None
                if following is not None and following.type == "kind":
                    self.counted_since = True
                    self._on_label_before_kind(k)
                    return k + 1
            return None
        return None

    def _on_label_before_kind(self, k: int) -> None:
        """12个高风险岗位: the label stands between the number and the kind."""
        label = self.tokens[k].label
        assert label is not None
        if self.labels and self.labels[-1].scope in ("domain", "unit") and self.labels[-1].scope != label.scope:
            self.outer = self.labels[-1]
        self.labels, self.joint, self.counted_since = [label], False, False
        self.used.add(k)

    def _right_open(self, k: int) -> bool:
        """Whether the kind after a number is what is counted, not part of a longer word."""
        rest = self.passage.text[self.tokens[k].end : self.tokens[k].end + 8]
        if re.match(
            r"(?:的?(?:责任人|负责人|人员|干部|清单|台账|防控|公示|工作人员|整改销号|描述|整改没有|整改不)|岗位|领域|责任|台帐|手册|流程图|登记|管理|所在|整改率|上|未|没|仍|尚|逾期|整改迟)", rest
        ):
            return False
        return True

    def _placed_after(self, k: int) -> None:
        """26个风险岗位集中在项目投资领域: the part stands behind what is counted."""
        rest = self.tokens[k + 1 : k + 4]
        if len(rest) < 2 or rest[0].type != "word" or rest[1].type != "label" or rest[1].label is None:
            return
        closed = len(rest) < 3 or rest[2].type in ("comma", "stop", "close")
        if closed and re.fullmatch(r"(?:集中|分布|存在|涉及|属于|来自|出现|是)?(?:在|于)?", rest[0].text):
            if rest[1].label.scope != "unit":
                self.labels, self.joint, self.counted_since = [rest[1].label], False, True
                self.used.add(k + 2)

    def _inherited(self, token: Token) -> Kind | None:
        kinds = self.state.kinds
        if len(kinds) == 1:
            return kinds[0]
        if len(kinds) > 1 and (by_sum := self._by_sum(token, kinds)) is not None:
            return by_sum
        by_word = self.state.measures.get(token.measure, set())
        return next(iter(by_word)) if len(by_word) == 1 and len(kinds) > 1 else None

    def _by_sum(self, token: Token, kinds: list[Kind]) -> Kind | None:
        """Of several kinds, the one whose total the parts that follow make up."""
        at = self.tokens.index(token)
        numbers: list[int] = []
        for k in range(at, len(self.tokens)):
            t = self.tokens[k]
            if t.type in ("kind", "stop", "reset", "close") or (t.type == "of" and numbers):
                break
            if t.type == "num" and t.number is not None and t.number.whole is not None:
                numbers.append(t.number.whole)
        totals = self.state.totals
        earlier = [f.value for f in self.emitted if f.rule == "figure.inherited"]
        fits = [k for k in kinds if len(numbers) + len(earlier) > 1 and totals.get(k) in (sum(numbers), sum(numbers) + sum(earlier))]
        return fits[0] if len(fits) == 1 else None

    def _may_inherit(self, i: int, kind: Kind) -> bool:
        """A number without a kind of its own counts only beside a part's name or a word of summing up."""
        token = self.tokens[i]
        after = self.passage.text[token.end : token.end + 1]
        before_text = self.passage.text[max(0, token.start - 4) : token.start]
        if re.search(r"(?:减少|增加|下降|上升|降|增|升|调整)(?:到|至|为)(?:了)?$", before_text):
            return bool(self.labels)
        if after and not re.match(r"[、，。；）（：和及占属为已均是分集在来]", after):
            return False
        before = self.tokens[i - 1] if i else None
        if before is not None and before.type == "word" and FILL.fullmatch(before.text):
            if _SUM.search(before.text) and (i < 2 or self.tokens[i - 2].type in ("comma", "stop", "open", "reset")):
                self.labels, self.outer, self.joint = [], None, False
                return True
            before = self.tokens[i - 2] if i > 1 else None
        if before is None:
            return False
        if before.type == "open":
            return self._named_before_bracket(i) or (i > 1 and self.tokens[i - 2].type == "label")
        if before.type == "label":
            return self._same_measure(token, kind, before)
        if before.type == "comma" and i > 1:
            at = self.tokens.index(before)
            return at > 0 and self.tokens[at - 1].type == "label" and not self.counted_since
        if before.type == "word":
            return self._unknown_name(i, before)
        return self._label_after(i)

    def _same_measure(self, token: Token, kind: Kind, before: Token) -> bool:
        assert before.label is not None
        if self.state.stale and before.label.scope == "status" and not self._about_progress():
            return False
        words = {w for w, kinds in self.state.measures.items() if kind in kinds}
        return not words or token.measure in words

    def _about_progress(self) -> bool:
        return any(re.search(r"整改|进度|进展|销号", h.title) for h in self.path)

    def _named_before_bracket(self, i: int) -> bool:
        """工程建设（46个）: the name stands before the bracket."""
        k = i - 1
        while k >= 0 and self.tokens[k].type != "open":
            k -= 1
        name = self.tokens[k - 1] if k > 0 else None
        if name is None or name.type != "word":
            return False
        return self._unknown_name(i, name)

    def _in_split(self, i: int) -> bool:
        """Whether the number stands in a list that splits a total just given."""
        token, kind = self.tokens[i], self._inherited(self.tokens[i])
        words = {w for w, kinds in self.state.measures.items() if kind in kinds}
        if kind is None or (words and token.measure not in words):
            return False
        return any(f.kind == kind for f in self.emitted) or self.tokens[0].type in ("of", "reset") or bool(self.state.hint)

    def _unknown_name(self, i: int, word: Token) -> bool:
        """A name that no ending tells: taken as a part only in a list of such parts."""
        if not self._in_split(i):
            return False
        name = re.sub(r"^(?:其中|涉及|属于|为|有|是|在)|(?:的|有|为|共|类|方面|领域)$", "", word.text)
        if not self.tokens[i].measure or not re.fullmatch(r"[\u4e00-\u9fff]{2,10}", name) or self.state.hint in ("unit", "status"):
            return False
        if FILL.fullmatch(name) or re.search(rf"^(?:{_VERB}|新|再)|[已未的了着过]|存在|全部|(?:单位|项目|部门|人员|股|科|室|队|所|站|组|局|镇|乡|村|校|院)$", name):
            return False
        siblings = [
            t for k, t in enumerate(self.tokens[:-1])
            if t.type == "word" and re.fullmatch(r"(?:其中)?[\u4e00-\u9fff]{2,10}", t.text)
            and (self.tokens[k + 1].type == "num" or (self.tokens[k + 1].type == "open" and self.tokens[min(k + 2, len(self.tokens) - 1)].type == "num"))
        ]  # fmt: skip
        near = [
            t.label.scope for k, t in enumerate(self.tokens[:-1])
            if t.type == "label" and t.label and self.tokens[k + 1].type in ("num", "open")
        ]  # fmt: skip
        labelled = len(near)
        if len(siblings) < 2 and not (labelled >= 2 and siblings):
            return False
        scope = "category" if self.state.hint == "category" else "level" if self.state.hint == "level" else "domain"
        if near and scope == "domain" and "domain" not in near:
            return False
        self.labels, self.joint, self.counted_since = [Label(scope, name)], False, False  # type: ignore[arg-type]
        return True

    def _label_after(self, i: int) -> bool:
        """12个为高风险; 26个属于项目投资领域."""
        k = i + 1
        while k < len(self.tokens) and self.tokens[k].type == "word" and re.fullmatch(
            r"(?:为|属于|属|是|已|均已|的|在|涉及|集中在|分布在|处于|被|评为|定为|列为|系)+", self.tokens[k].text
        ):
            k += 1
        if k >= len(self.tokens) or self.tokens[k].type != "label" or k == i:
            return False
        label = self.tokens[k].label
        assert label is not None
        if label.scope == "unit":
            return False
        following = self.tokens[k + 1] if k + 1 < len(self.tokens) else None
        if following is not None and following.type in ("num", "kind"):
            return False
        self.labels, self.joint, self.counted_since = [label], False, True
        self.used.add(k)
        return True

    def _guarded(self, i: int) -> bool:
        """Numbers of another time, of a sample or of a change are no figures."""
        token = self.tokens[i]
        start = self.tokens[0].start
        before = self.text[max(0, token.start - start - 120) : token.start - start]
        chunk = re.split(r"[，；。：]", before)[-1]
        near = re.split(r"[，、；。（：]", before)[-1]
        if re.search(r"(?:减少|增加|下降|上升|降|增|升|调整)(?:到|至|为)(?:了)?$", near):
            return False
        if _OTHER_TIME.search(near) or re.search(r"年初|原来|起初|最初", near) or re.search(r"去年|上年|上一轮|上轮|此前|同期|力争|新增|新排查", chunk):
            return True
        if _PARTIAL.search(chunk if not self.labels else near):
            return True
        if self._kind_near(i) == "item" and re.search(r"抽查|回访|督查|暗访|检查组|巡察组|抽检|抽样", before):
            return True
        return bool(self.blocked)

    def _kind_near(self, i: int) -> Kind | None:
        left, after = self._left(i), self.tokens[i + 1] if i + 1 < len(self.tokens) else None
        if left is not None and self.tokens[left].type == "kind":
            return self.tokens[left].kind
        return after.kind if after is not None else None

    # -- emitting

    def _label_start(self, k: int) -> int:
        return self.tokens[k].start

    def _quote_start(self, i: int) -> int:
        """An inherited figure is quoted with the name or the word before it, back to the last mark."""
        k = i
        while k > 0 and self.tokens[k - 1].type in ("word", "label", "open", "kind"):
            k -= 1
        if k > 1 and self.tokens[k - 1].type == "comma" and self.tokens[k - 2].type == "label" and not self.counted_since:
            k -= 2
        text = self.passage.text[self.tokens[k].start : self.tokens[i].start]
        bracket = text.rfind("（")
        if bracket > 0 and not re.fullmatch(r"（\W*", text[bracket:]):
            return self.tokens[k].start + bracket + 1
        lead = re.match(r"(?:其中)?(?:各单位|全县)?", text)
        return self.tokens[k].start + (lead.end() if lead else 0)

    def current(self) -> tuple[Label | None, bool]:
        """(the part now spoken of, whether the figure must be left out)."""
        if self.joint and len(self.labels) > 1:
            whole = len(self.labels) == self.group_size >= 2 and len(self.labels) >= len(self.reader._domains.listed)
            return None, not (whole and self.labels[0].scope == "domain")
        label = self.labels[0] if self.labels else None
        if self.outer is not None and label is not None and label != self.outer:
            return None, True
        if label is None:
            return (None, False) if self._speaks_of_whole() else (self.base or self._carry(), False)
        return (label, False) if self.base in (None, label) else (None, True)

    def _speaks_of_whole(self) -> bool:
        return bool(_WHOLE.search(self.text[:24]))

    def _carry(self) -> Label | None:
        return self.state.carried if not self._starts_total() else None

    def _emit(
        self, kind: Kind | None, value: int, bound: str, start: int, end: int, rule: str, understood: str
    ) -> None:
        assert kind is not None
        label, left_out = self.current()
        if label is not None and not self.labels and label != self.base and (label, kind) in self.state.seen:
            label = None
        self.counted_since = True
        if left_out:
            return
        self.put(label, kind, value, bound, start, end, rule, understood)

    def put(
        self, label: Label | None, kind: Kind, value: int, bound: str, start: int, end: int, rule: str, understood: str
    ) -> None:
        """Record one figure."""
        if self.among_problems and label is not None and (label.scope == "unit" or rule == "figure.number-kind"):
            return  # what is wrong with a part of them, not how many there are
        low, high = self.passage.span(start, end)
        figure = Figure(
            label.scope if label else "total", label.name if label else None, kind, value, bound != "",
            self.reader._text[low:high], low, high, rule, _CONFIDENCE.get(rule, 0.85),
            _sentence_of(label, kind, understood), bound, self.open_list and label is not None,  # type: ignore[arg-type]
        )  # fmt: skip
        strong = label is None and bool(_SUM.search(self.text) or re.search(_VERB + "|实际|复核", self.text))
        self.reader.found.append(Found(figure, strong, self.passage))
        if label is None:
            self.state.totals[kind] = value
        else:
            self.state.run = [*[n for n in self.state.run if n.scope == label.scope and n != label], label]
        if self.state.first_is_total is None:
            self.state.first_is_total = label is None
        self.state.seen.add((label, kind))
        self._count_group(figure)
        self.emitted.append(figure)

    def _count_group(self, figure: Figure) -> None:
        state = self.state
        if figure.rule != "figure.inherited":
            state.stale = False
        mw = re.search(r"[个处条项件起]", figure.quote[-8:])
        last = self.emitted[-1] if self.emitted else None
        same_group = last is not None and (last.scope, last.name) == (figure.scope, figure.name)
        if figure.kind == "measure" and state.kinds and not same_group:
            return
        if figure.kind == "measure" and same_group:
            return
        if figure.scope != "total" and figure.rule == "figure.inherited":
            return
        if not same_group:
            state.kinds, state.measures = [], {}
        if figure.kind not in state.kinds:
            state.kinds.append(figure.kind)
        state.measures.setdefault(mw.group() if mw else "", set()).add(figure.kind)


_UNDERSTOOD = {
    "kind-number": "名称后直接写明数量",
    "number-kind": "数量后直接写明名称",
    "kind-label-number": "按所列情形分别写明数量",
    "inherited": "承前文，与前面所述同类",
}
_CONFIDENCE = {"figure.kind-number": 0.97, "figure.number-kind": 0.95, "figure.kind-label-number": 0.92}
_SCOPES = {"domain": "领域", "category": "类", "level": "等级", "status": "状态", "unit": "单位"}


def _sentence_of(label: Label | None, kind: Kind, understood: str) -> str:
    whose = "总数" if label is None else f"{_SCOPES.get(label.scope, '')}「{label.name}」"
    return f"{whose}的{KIND_NAMES[kind]}：{understood}"
