"""One clause on its walk: whose the numbers are, and what is carried on from what was said before."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

from reports.extraction.counting import guarded, is_lone_topic, kind_at, kind_near, may_inherit, opens_sum
from reports.extraction.facts import Figure, Kind
from reports.extraction.labels import Label
from reports.extraction.numerals import parse
from reports.extraction.outline import Sentence
from reports.extraction.passages import Passage
from reports.extraction.respectively import distribute
from reports.extraction.tokens import Token
from reports.extraction.wording import ALL_PARTS, FILL, KIND_NAMES, NOT_SUBJECT, PLURAL, SUM, VERB, WHOLE

if TYPE_CHECKING:
    from reports.extraction.figures import FigureReader


@dataclass
class Found:
    """A figure as found in a sentence, before totals and repetitions are sorted out."""

    figure: Figure
    strong: bool  # stated as the whole, in so many words
    passage: Passage


@dataclass
class State:
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


# 174个风险点已完成整改151个: the number the states are counted from
_BASE_OF_STATES = re.compile(
    r"(?:(?:截至|截止|至|到)[^，]{1,14}，)?(?:目前|现|全县|这|上述|以上)?，?\d+[个处条项](?:廉政|廉洁)?(?:风险岗位|风险点|关键环节|问题|措施)(?:中|里|当中)?，?(?:目前|现)?已[\u4e00-\u9fff]{2,8}\d"
)
# 监督不到位引发的风险点: those of one cause, neither the whole nor a part with a name
_SOME = re.compile(r"(?:引发|引起|导致|造成|产生|带来|形成)的$|^(?:其中)?属于?[\u4e00-\u9fff]{2,8}的$")
_ALL_OF = re.compile(
    r"(?:上述|以上|全部|所有|全[局镇乡院校区旗市]|全集团|全系统)\d+[个处条项](?:廉政|廉洁)?(?:风险岗位|风险点|关键环节|问题|措施)"
)
_COUNTED_BY = re.compile(VERB + "|实际|复核")
_ALL_THREE = re.compile(
    r"(?:上述|以上|这)?三(?:项|类|者|个方面)(?:数据|指标|情况)?(?:均|都|皆|全部)(?:为|是)?(?:[0零][个处项]?|无|没有|未发现)(?=[，。；]|$)"
)
_IN_CHARGE = re.compile(r"负责|牵头|承担|主管|分管|归口|具体")
# 责任单位为县农业农村局、县水利局，查找风险岗位42个
_RESPONSIBLE = re.compile(r"(?:责任|牵头|主管|监管|主责|配合)(?:单位|部门)(?:为|是|有|包括)?$")
_LOOKS_AT = re.compile(r"(?:围绕|聚焦|紧盯|针对|对照|按照?|紧扣|突出|瞄准|盯住|抓住|从|在|对|就|把)$")
# 县教育局组织12所学校、组织全体干部: its own people look, so what they find is its own
_OWN_PEOPLE = re.compile(
    r"组织(?:了|召开|开展)?(?:局|院|校|镇|乡|村)?(?:全体|干部|职工|党员|班子|机关|(?:各|下属|所属|直属|辖区)?(?:的)?(?:各|\d{1,3}[个所家名]|\d{1,4}余?名)?"
    r"(?:学校|股室|科室|站所|村|社区|医院|卫生院|干部|职工|教师|医护|党员|人员|基层单位))(?!.{0,4}(?:单位|部门)(?!党))"
)
_OWN_PART = re.compile("(?:机关|股室|科室|部室|本级|本部)$")
_SUCH = re.compile(r"有|存在|(?:需要?(?:管控|防控|整改|报告|防范)|明显|突出|重大|新)的?|任何|其[他它]")
_NO_AGENT = re.compile(
    r"(?:向|给|至|对|与|会同|联合|组织|指导|督促|要求|经|按|为|请|根据|按照|依据|从|在|以|由)$"
)


class Clause:
    """One clause on its walk."""

    def __init__(
        self,
        reader: FigureReader,
        sentence: Sentence,
        tokens: list[Token],
        base: Label | None,
        topic: Kind | None = None,
    ) -> None:
        self.reader = reader
        self.state = reader.state
        self.passage = sentence.passage
        self.path = sentence.path
        self.among_problems = reader.is_problem(sentence)
        self.tokens = tokens
        self._places = {id(t): k for k, t in enumerate(tokens)}
        self.base = base
        self.text = "".join(t.text for t in tokens)
        self.labels: list[Label] = []  # the list of parts now spoken of
        self.outer: Label | None = None  # the part within which the others lie
        self.counted_since = True  # whether a number came after the last label
        self.joint = False
        self.group_size = 0
        self.used: set[int] = set()
        self.spoke = False  # a kind was named as the topic of the clause
        self.led_by = topic  # the kind that the lead of the sentence names
        self.topic: Kind | None = None  # of a number that was no figure, for the sum after it
        self.blocked = False
        self.pending: list[tuple[Label, int]] = []  # parts whose kind is only named at the end
        self.emitted: list[Figure] = []
        self.open_stack: list[tuple[list[Label], Label | None, list[Kind]]] = []
        # 高风险点主要集中在… is said of some parts, and leaves a split by level as it is
        named = {t.label for t in tokens if t.label is not None}
        self.open_places = len(named) > 1 and bool(
            re.search("较多|最多|主要集中|集中在|较为突出|最少|突出的", self.text)
        )
        self.open_list = bool(
            re.search(
                r"居前|前[一二三四五六七八九十\d]+[位名]|依次为[^，。]*最|重复|交叉|同时涉及|兼有|[）个处]等(?:领域|方面|单位|部门)|(?:其余|剩余|余下|剩下)的?[\d一二三四五六七八九十百]+[个处条项](?:[为属是系]?其他|[，；。）])",
                self.text,
            )
        )

    def walk(self) -> None:
        if self._starts_total():
            self.state.carried = None
        if (same := self._same_body()) is not None:
            self.labels, self.counted_since = [same], False
        if self.led_by is not None:
            self._speak_of(self.led_by)
        i = self._all_three()
        while i < len(self.tokens):
            token = self.tokens[i]
            step = getattr(self, "_on_" + token.type, None)
            i = (step(i) if step else None) or i + 1
        self._settle_as_items()
        self._remember()

    def _all_three(self) -> int:
        """大桥乡：三项均为0个: none of posts, points and links. The index after it, 0 where it is not said."""
        m = _ALL_THREE.search(self.text)
        if m is None or not {f.figure.kind for f in self.reader.found} >= {"post", "point", "link"}:
            return 0
        start, end = self.tokens[0].start + m.start(), self.tokens[0].start + m.end()
        units = [t.label for t in self.tokens if t.label and t.label.scope == "unit" and t.end <= start]
        label = (self.reader.unit_label(units[-1].name) if units else None) or self.base
        kinds: tuple[Kind, ...] = ("post", "point", "link")
        for kind in kinds:
            self.put(label, kind, 0, "", start, end, "none.all-three", "三项均无，各记为0")
        return next((k for k, t in enumerate(self.tokens) if t.start >= end), len(self.tokens))

    def _is_open(self, label: Label | None) -> bool:
        """Whether a part belongs to a list that does not claim to hold them all."""
        places = self.open_places and label is not None and label.scope not in ("level", "status")
        return label is not None and (self.open_list or places)

    def place_of(self, token: Token) -> int:
        """The index of a token of this clause."""
        return self._places[id(token)]

    def _starts_total(self) -> bool:
        return bool(SUM.match(self.text) or WHOLE.search(self.text[:24]))

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

    def _on_label(self, i: int) -> None:
        token = self.tokens[i]
        label = token.label
        assert label is not None
        if i in self.used:
            return
        if label.scope == "unit" and self.is_in_charge(i):
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
        if (
            last is not None
            and last.scope != label.scope
            and last.scope in ("domain", "unit")
            and not self.outer
        ):
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
        elif (
            previous.scope in ("domain", "unit") or before is None or before.type in ("word", "label", "kind")
        ):
            if self.outer is None and previous.scope in ("domain", "unit", "level", "category"):
                self.outer = previous
            self.labels = [label]
        else:
            self.labels = [label]

    def _is_subject(self, i: int) -> bool:
        """Whether a unit named here is the one whose figures follow."""
        before = self.tokens[i - 1] if i else None
        if (
            before is not None
            and before.type == "word"
            and not re.search(
                r"(?:其中|为|是|有|单位|依次|即|包括|如|例如|中|，)$|^(?:的|和|及|以及)$", before.text
            )
            and not self._counts_itself(i, before.text)
        ):
            return False
        for t in self.tokens[i + 1 :]:
            if t.type == "num":
                break
            if t.type == "word" and (NOT_SUBJECT.search(t.text) or re.match(r"等", t.text)):
                said = self.passage.text[t.start : t.start + 14]
                if not _OWN_PEOPLE.match(said):
                    return False
        else:
            return any(t.type == "none" for t in self.tokens[i + 1 :])
        return True

    def is_in_charge(self, i: int) -> bool:
        """县发改局负责项目申报领域: the domain is counted, the unit only looks after it."""
        k = i + 1
        while (
            k + 1 < len(self.tokens) and self.tokens[k].type == "list" and self.tokens[k + 1].type == "label"
        ):
            k += 2
        word, after = (self.tokens[j] if j < len(self.tokens) else None for j in (k, k + 1))
        first = i
        while (
            first > max(1, i - 24)
            and self.tokens[first - 1].type == "list"
            and self.tokens[first - 2].type == "label"
        ):
            first -= 2
        if first > 0 and _RESPONSIBLE.search(self.tokens[first - 1].text):
            return True
        by = first > 0 and self.tokens[first - 1].text.endswith("由")
        if by and word is not None and _IN_CHARGE.match(word.text):
            return True  # 机构准入由县民政局、县财政局负责
        return (
            word is not None and after is not None and after.label is not None and after.label.scope == "domain"
            and _IN_CHARGE.search(word.text) is not None
        )  # fmt: skip

    def _counts_itself(self, i: int, before: str) -> bool:
        """只知道县人民医院报了74个: nothing but a verb stands between the unit and the number."""
        if _NO_AGENT.search(before):
            return False
        for k, t in enumerate(self.tokens[i + 1 :]):
            if t.type == "num":
                return k > 0
            if t.type != "word" or not FILL.fullmatch(t.text):
                return False
        return False

    def _leads_some(self, i: int) -> bool:
        """县财政局等单位排查…: some of the units together, neither one of them nor all."""
        before, after = self.text[: self.tokens[i].start - self.tokens[0].start], self.tokens[i + 1 : i + 4]
        some = "".join(t.text for t in after)
        match = re.match(r"等(\d+)?(?:个|家)?(?:单位|部门)?(?:共|累计)?(?:" + VERB + ")", some)
        return (
            bool(match)
            and not before.endswith(("至", "给", "向"))
            and not (match is not None and match[1] and self.reader.involved == int(match[1]))
        )

    def _counts_state(self, i: int) -> bool:
        """Whether a state named here is said of the number beside it."""
        for t in self.tokens[i + 1 : i + 4]:
            if t.type in ("num", "each"):
                return True
            if t.type == "list" or (t.type == "label" and t.label and t.label.scope == "status"):
                return True
            if t.type == "kind" or t.text == "：" or (t.type == "word" and FILL.fullmatch(t.text)):
                continue
            break
        before = self.tokens[max(0, i - 2) : i]
        return bool(before) and before[-1].type == "num" and not self._own_kind(self.place_of(before[-1]))

    def _own_kind(self, i: int) -> bool:
        return i > 0 and self.tokens[i - 1].type == "kind"

    def _on_group(self, i: int) -> None:
        match = re.match(r"[\d一二三四五六七八九十两]+", self.tokens[i].text)
        size = parse(match[0]) if match else None
        if re.search(r"领域|方面|单位|类别|等级|线$|板块|类$", self.tokens[i].text):
            self.group_size = int(size or 0)
            if re.search(r"领域|方面|线$|板块", self.tokens[i].text):
                self.state.hint = "domain"
            if (each := self._each_of_group(i)) is not None:
                self.labels, self.joint, self.counted_since = each, True, False
                return
            involved = self.reader.involved
            if re.search(r"单位", self.tokens[i].text) and involved and 1 < self.group_size < involved:
                self.labels, self.blocked = [], self._acts_alone(i)
        elif not self.labels or self.counted_since:
            after = self.text[self.tokens[i].end - self.tokens[0].start :]
            self.blocked = bool(PLURAL.match(self.tokens[i].text)) and not re.match(r"共|合计", after)

    def _each_of_group(self, i: int) -> list[Label] | None:
        """四类各10个, 其余三个领域各有8个: the parts just counted, or those of the list not counted yet."""
        after = "".join(t.text for t in self.tokens[i + 1 : i + 4])
        if self.joint or not re.match("(?:均|都)?各(?!自|单位|部门)|均[为有是]|都[为有是]", after):
            return None
        listed = [Label("domain", name) for name in self.reader.domains.listed]
        if i and re.search("其余|其他|其它|剩余|余下", self.tokens[i - 1].text):
            rest = [label for label in listed if label not in self.state.run]
            return rest if len(rest) == self.group_size > 1 else None
        for parts in (self.state.run, self.state.names, listed):
            if len(parts) == self.group_size > 1:
                return list(parts)
        return None

    def _on_word(self, i: int) -> None:
        """重点领域风险岗位12个: a part that has no name of its own is neither the whole nor any part."""
        text = self.tokens[i].text
        if (
            re.search(r"[\u4e00-\u9fff]{2}(?:领域|方面)$", text) and not ALL_PARTS.search(text)
        ) or _SOME.search(text):
            self.labels, self.counted_since, self.blocked = [], True, True
        after = self.tokens[i + 1].type if i + 1 < len(self.tokens) else ""
        grouped = any(text.startswith(g) for g in self.reader.domains.groups)
        if after in ("kind", "num") and (grouped or PLURAL.search(text)) and not self._is_whole(i):
            self.labels, self.counted_since, self.blocked = [], True, True

    def _is_whole(self, i: int) -> bool:
        """全县各乡镇; 各股室 or 18个网点 in one body's report on itself."""
        text = self.tokens[i].text
        before = self.tokens[i - 1] if i else None
        counted = before is not None and before.type == "num"
        if before is not None and re.match(r"\d+[所家个]$", before.text) and "共" in text:
            return True  # 34所学校共有
        every = counted or re.search("各|全部|所有", text) is not None
        return bool(WHOLE.search(text)) or (bool(self.reader.own) and every)

    def _same_body(self) -> Label | None:
        """该局, 该镇 at the head of a clause: the unit the sentence before spoke of."""
        if not re.match(r"该(?:局|镇|乡|街道|公司|集团|单位|中心|院|委|园区|办|社|行|校)", self.text):
            return None
        start = self.tokens[0].start
        mentions = self.reader.units.mentions_in(self.passage, 0, start)
        return self.reader.unit_label(self.reader.units.body_of(mentions[-1]).name) if mentions else None

    def _acts_alone(self, i: int) -> bool:
        """Whether some of the units, not all, are the subject of what is counted next."""
        after = self.tokens[i + 1] if i + 1 < len(self.tokens) else None
        return (
            after is not None
            and after.type == "word"
            and bool(re.match(rf"(?:共|分别|累计)?(?:{VERB})", after.text))
        )

    def _on_reset(self, i: int) -> None:
        self.labels, self.outer, self.joint, self.counted_since = [], None, False, True
        self.state.hint = self.tokens[i].hint
        self.state.carried = None

    def _on_comma(self, i: int) -> None:
        """紧盯人事、财务、采购等环节，查出风险岗位28个: where one looked, and in all of it was counted."""
        if not self.joint or len(self.labels) < 2 or self.counted_since or self.tokens[i].text != "，":
            return
        first = next((k for k, t in enumerate(self.tokens) if t.label == self.labels[0]), 0)
        before = self.tokens[first - 1].text if first else ""
        if self.labels[0].scope == "domain" and _LOOKS_AT.search(before):
            self.labels, self.joint, self.group_size = [], False, 0
            self.counted_since = True

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

    def _on_kind(self, i: int) -> int | None:
        """A kind named as the topic: 风险点中, 风险岗位方面; or the next numbers for the parts just listed."""
        kind = self.tokens[i].kind
        assert kind is not None
        if (run := self._run_after(i)) is not None:
            return distribute(self, i, run)
        after = self.tokens[i + 1] if i + 1 < len(self.tokens) else None
        if re.match(r"[\u4e00-\u9fff]{0,6}率", self.passage.text[self.tokens[i].end :]):
            return None
        if (
            is_lone_topic(self, i)
            or (
                after is not None
                and after.type == "word"
                and re.match(r"中|方面|里|总数中|来看|看", after.text)
            )
            or (
                after is not None
                and after.type in ("comma", "close")
                and i <= 2
                and not (i and self.tokens[i - 1].type == "num")
            )
        ):
            self._speak_of(kind)
        return None

    def _run_after(self, i: int) -> int | None:
        """风险岗位(则是)28个、25个、37个: where as many numbers begin as there were parts in the list before."""
        first = i + 1
        word = self.tokens[first] if first < len(self.tokens) else None
        if word is not None and re.fullmatch(r"数?则?(?:是|为|有|各)|则?(?:依次|分别)为", word.text):
            first += 1
        tokens = self.tokens[first : first + 60]
        size = 0
        while size < len(tokens) and tokens[size].type == ("num" if size % 2 == 0 else "list"):
            size += 1
        parts = (self.labels if self.joint else []) or self.state.names or self.state.run
        return first if size >= 3 and (size + 1) // 2 == len(parts) else None

    def _speak_of(self, kind: Kind) -> None:
        self.state.kinds = [kind]
        self.state.measures = {}
        self.state.stale = False
        self.spoke = True

    def _on_each(self, i: int) -> int | None:
        return distribute(self, i)

    def _on_none(self, i: int) -> int | None:
        """未发现风险点; 关键环节为零; 风险岗位、关键环节均未发现."""
        after = self._kinds_after(i)
        if after:
            self._put_none(after, "none.before", self.tokens[i].start, None)
            return after[-1] + 1
        if self.tokens[i].text in ("没有", "无", "不存在"):
            nxt = self.tokens[i + 1] if i + 1 < len(self.tokens) else None
            if nxt is not None and nxt.type not in ("comma", "stop", "list", "close"):
                return None
        before = self._kinds_before(i)
        if not before and self._ends_split(i):
            self._emit(
                self.state.kinds[0], 0, "", self.tokens[i - 1].start, self.tokens[i].end, "none.part",
                "未发现，记为0",
            )  # fmt: skip
        self._put_none(before, "none.after", None, self.tokens[i].end)
        alone = i == 0 or (i == 1 and self.tokens[0].type == "label")
        if not before and self.led_by is not None and (alone or self.tokens[i - 1].type == "label"):
            self._emit(
                self.led_by, 0, "", self.tokens[i].start, self.tokens[i].end, "none.led", "未发现，记为0"
            )
        return None

    def _ends_split(self, i: int) -> bool:
        """思想道德类8个，外部环境类未发现: one more part of the split."""
        word = i > 1 and self.tokens[i - 1].type == "word" and FILL.fullmatch(self.tokens[i - 1].text)
        label = self.tokens[i - 2 if word else i - 1].label if i else None
        same = [f for f in self.emitted if label is not None and f.scope == label.scope]
        return (
            label is not None and label.scope in ("category", "level", "domain", "status") and len(same) > 1
            and len(self.state.kinds) == 1 and self.labels[:1] == [label]
        )  # fmt: skip

    def _put_none(self, indexes: Sequence[int], rule: str, start: int | None, end: int | None) -> None:
        """A nought for each kind at `indexes`, for the part spoken of or for each of those listed."""
        for token in (self.tokens[k] for k in indexes):
            assert token.kind is not None
            low, high = token.start if start is None else start, token.end if end is None else end
            if not (self.joint and len(self.labels) > 1):
                self._emit(token.kind, 0, "", low, high, rule, "未发现，记为0")
                continue
            for label in self.labels:
                self.put(label, token.kind, 0, "", low, high, "none.each", "均未发现，各记为0")

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
            elif not (token.type == "list" or (token.type == "word" and _SUCH.fullmatch(token.text))):
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
            elif not (
                token.type == "list"
                or (token.type == "word" and FILL.fullmatch(token.text))
                or (token.text == "：" and k == i - 1)
            ):
                break
            if token.type == "kind" and k and self.tokens[k - 1].type == "num":
                return []
            k -= 1
        return out

    def _lists_kinds(self, i: int) -> bool:
        """风险岗位、风险点、关键环节，县财政局为12个、20个、8个: one number for each of the kinds listed."""
        tokens = self.tokens[i : i + 60]
        size = 0
        while size < len(tokens) and tokens[size].type == ("num" if size % 2 == 0 else "list"):
            size += 1
        if size < 3 or len(self.labels) != 1 or (size < len(tokens) and tokens[size].type == "kind"):
            return False
        listed: list[Kind | None] = []
        for t in reversed(self.tokens[max(0, i - 60) : i]):
            if t.type == "num":
                break
            listed += [t.kind] if t.type == "kind" else []
        return (size + 1) // 2 == len(listed or self.state.kind_list or self.state.kinds)

    def _on_num(self, i: int) -> int | None:
        token = self.tokens[i]
        if i in self.used or token.number is None:
            return None
        value = token.number.whole
        if self._lists_kinds(i) and (stop := distribute(self, i, i)) is not None:
            return stop
        if opens_sum(self, i):
            self.labels, self.outer, self.joint, self.blocked = [], None, False, False
        if value is None or guarded(self, i):
            self.counted_since = True
            self.topic = kind_near(self, i) or self.topic
            return None
        kind, start, end, rule = kind_at(self, i)
        if kind is None:
            self._wait(i)
            return None
        if self.pending:
            self._settle_pending(kind, value)
        if rule == "kind-number":
            self._take_state_behind(i)
        if rule == "inherited" and not may_inherit(self, i, kind):
            return None
        if SUM.search(self.passage.text, max(self.tokens[0].start, token.start - 12), token.start):
            self._drop_summands(kind, value)
        self._emit(kind, value, token.number.bound, start, end, "figure." + rule, _UNDERSTOOD[rule])
        return None

    def _take_state_behind(self, i: int) -> None:
        """240处风险点中203处完成整改: the number among them is that of the state behind it."""
        label = self.tokens[i + 1].label if i + 1 < len(self.tokens) else None
        closed = i + 2 >= len(self.tokens) or self.tokens[i + 2].type in ("comma", "stop", "close")
        if label is not None and label.scope == "status" and closed and self.tokens[i - 1].text == "中":
            self.labels, self.joint, self.counted_since = [label], False, True
            self.used.add(i + 1)

    def _drop_summands(self, kind: Kind, value: int) -> None:
        """岗位风险点34个、流程风险点22个，合计56个: what was taken for the whole were parts of it."""
        parts = [f for f in self.emitted if f.scope == "total" and f.kind == kind]
        if len(parts) > 1 and sum(f.value for f in parts) == value:
            self.reader.found = [f for f in self.reader.found if not any(f.figure is p for p in parts)]

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
                assert token.number is not None
                assert token.number.whole is not None
                start = self.tokens[i - 1].start
                self.put(
                    label,
                    kind,
                    token.number.whole,
                    token.number.bound,
                    start,
                    token.end,
                    "figure.summed-up",
                    "各部分之和为其后所列总数",
                )
        self.pending = []

    def _settle_as_items(self) -> None:
        """思想道德风险12条、岗位职责风险20条: risks of which no kind is told."""
        risks = [(label, i) for label, i in self.pending if self.tokens[i - 1].text.endswith("风险")]
        if len(risks) > 1 and len(risks) == len(self.pending) and not self.state.kinds:
            for label, i in risks:
                token, start = self.tokens[i], self.tokens[i - 1].start
                assert token.number is not None
                assert token.number.whole is not None
                self.put(
                    label, "item", token.number.whole, token.number.bound, start, token.end,
                    "figure.risk-number", "未写明是哪一种，记为问题",
                )  # fmt: skip
        self.pending = []

    def current(self) -> tuple[Label | None, bool]:
        """(the part now spoken of, whether the figure must be left out)."""
        if self.joint and len(self.labels) > 1:
            whole = len(self.labels) == self.group_size >= 2 and len(self.labels) >= len(
                self.reader.domains.listed
            )
            return None, not (whole and self.labels[0].scope == "domain")
        label = self.labels[0] if self.labels else None
        if self.outer is not None and label is not None and label != self.outer:
            return None, True
        if label is None:
            return (None, False) if self._speaks_of_whole() else (self.base or self._carry(), False)
        return (label, False) if self.base in (None, label) else (None, True)

    def _speaks_of_whole(self) -> bool:
        return bool(WHOLE.search(self.text[:24]))

    def _carry(self) -> Label | None:
        return self.state.carried if not self._starts_total() else None

    def _emit(
        self, kind: Kind | None, value: int, bound: str, start: int, end: int, rule: str, understood: str
    ) -> None:
        assert kind is not None
        if self.joint and len(self.labels) > 1 and self._for_each(start, end):
            for each in self.labels:
                self.put(each, kind, value, bound, start, end, "figure.each", "「各」：所列各项数量相同")
            self.counted_since = True
            return
        label, left_out = (None, False) if self._together(start, end) else self.current()
        if self.joint and label is None and self.state.totals.get(kind, 0) > value:
            left_out = True  # of two parts together, beside the whole
        if label is not None and not self.labels and label != self.base and (label, kind) in self.state.seen:
            label = None
        self.counted_since = True
        if left_out:
            self.topic = kind
            return
        self.put(label, kind, value, bound, start, end, rule, understood)

    def _together(self, start: int, end: int) -> bool:
        """局机关和县农技中心、县种子站共查摆35个, in one body's own report: of all of them together."""
        listed = bool(self.labels) and all(each.scope == "unit" for each in self.labels)
        first = next((k for k, t in enumerate(self.tokens[:60]) if listed and t.label == self.labels[0]), 0)
        besides = (
            first > 1
            and self.tokens[first - 1].type == "list"
            and _OWN_PART.search(self.tokens[first - 2].text)
        )
        several = self.joint and len(self.labels) > 1
        everyone = bool(self.reader.own) or (several and len(self.labels) == self.reader.involved)
        if not listed or not everyone or not (several or besides):
            return False
        number = next((t for t in self.tokens if t.type == "num" and start <= t.start < end), None)
        if number is None:
            return False
        at = self.place_of(number)
        last = next((t for t in reversed(self.tokens[max(0, at - 60) : at]) if t.type == "label"), None)
        return last is not None and "共" in self.passage.text[last.end : number.start]

    def _for_each(self, start: int, end: int) -> bool:
        """甲、乙两个领域各35个: the number is that of each of them."""
        number = next((t for t in self.tokens if t.type == "num" and start <= t.start < end), None)
        if number is None or self.base is not None or self.outer is not None:
            return False
        before = self.passage.text[: number.start]
        at = self.place_of(number)
        last = next((t for t in reversed(self.tokens[max(0, at - 60) : at]) if t.type == "label"), None)
        since = before[last.end :] if last else ""
        return bool(
            re.search(r"(?:各|各有|均为|都是|均有|各为|各占)$", before[-3:])
            or re.match(
                r"(?:(?:[两三四五六七八九十]|\d{1,2})(?:家|个)(?:单位|领域|部门|乡镇))?(?:各自?|均|都)", since
            )
        )

    @cached_property
    def _says_whole(self) -> bool:
        """Whether the words of the clause speak of a whole: 共, 排查, 上述131个."""
        found = (SUM.search(self.text), _COUNTED_BY.search(self.text), _ALL_OF.search(self.text))
        return any(found) or _BASE_OF_STATES.match(self.text) is not None

    def put(
        self,
        label: Label | None,
        kind: Kind,
        value: int,
        bound: str,
        start: int,
        end: int,
        rule: str,
        understood: str,
    ) -> None:
        """Record one figure."""
        if (
            self.among_problems
            and label is not None
            and (label.scope == "unit" or rule == "figure.number-kind")
        ):
            return  # what is wrong with a part of them, not how many there are
        low, high = self.passage.span(start, end)
        figure = Figure(
            label.scope if label else "total", label.name if label else None, kind, value, bound != "",
            self.reader.text[low:high], low, high, rule,
            _sentence_of(label, kind, understood), bound, self._is_open(label),  # type: ignore[arg-type]
        )  # fmt: skip
        strong = label is None and self._says_whole
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
        if figure.scope != "total" and figure.rule in ("figure.inherited", "none.part"):
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
_SCOPES = {"domain": "领域", "category": "类", "level": "等级", "status": "状态", "unit": "单位"}


def _sentence_of(label: Label | None, kind: Kind, understood: str) -> str:
    whose = "总数" if label is None else f"{_SCOPES.get(label.scope, '')}「{label.name}」"
    return f"{whose}的{KIND_NAMES[kind]}：{understood}"
