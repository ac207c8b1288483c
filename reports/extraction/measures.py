"""Measures: what somebody did against the risks found, under a lead; and the leads of the plans."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass, field

from reports.extraction.facts import Figure, MeasureFact, NextStep
from reports.extraction.headings import MEASURE, is_problem_title
from reports.extraction.outline import ITEM, LEAD, LINE, Heading, Outline, Sentence, cut
from reports.extraction.passages import Passage
from reports.extraction.sections import Sections
from reports.extraction.units import Body, Gazetteer, Mention
from reports.extraction.wording import LAGGARD

_ISSUE = re.compile(
    r"印发|出台|制定|制订|修订|建立|健全|完善|发布|下发|编制|推出|起草|草拟|实施|订立|拟定|拟订|新建|颁布|出具|形成|配套|细化|修改|编印|编发|推行|设立|立了|立下|记入|确立|试行|公布"
)
_ISSUED_AFTER = re.compile(
    r"(?:《[^》]*》|[、和及])*(?:等[^，。；]{0,8})?(?:已|正式|于[\d年月日]+|经[^，。；]{0,14})*(?:印发|出台|施行|发布|公布|下发|颁布|编制完成|修订完成|通过|上墙|试行)"
)
_FOLLOW = re.compile(
    r"对照|按照|依照|依据|根据|学习|落实|贯彻|执行|遵守|违反|参照|围绕|结合|宣传|解读|传达|签订|填写|发放"
)
_NOBODY = re.compile(
    r"^(?:同时，?|此外，?|另外，?)?(?:感谢|各单位|各部门|各乡镇|各镇|各级|各地|全县|全区|有关(?:单位|部门)|相关(?:单位|部门)|26个单位|\d+个单位|县委、县政府|县委县政府|县委(?!办|组|宣|统|政|编|网|巡|党|老|社|机)|市[\u4e00-\u9fff]|各[\u4e00-\u9fff]{1,4}(?:站|所|校|村|局|股室|科室|公司))"
)
_PARTNER = re.compile(r"(?:、|，|和|与|及|以及|会同|联合|联动|携手|协同|同|并会同|并联合)(?:县直)?$")
# 会同市公安局、县税务局: a body of another rank stands between
_OTHER_PARTNER = re.compile(
    r"(?:会同|联合|与|和|、)[\u4e00-\u9fff]{2,14}(?:局|委|办|院|中心|公司|行|大队|支队)(?:、|和|与|及|，并?(?:会同|联合))"
)
_SETTING = re.compile(
    r"针对|为|对|在|通过|按照?|根据|围绕|结合|自|从|经|今年|去年|目前|同时|此外|其中|随着|面对|\d|聚焦|紧盯|以|由|凡|不|[^，]{0,12}(?:后|时|中|前|以来|期间|方面|上|下|问题|情况)，"
)
_SCREENED = re.compile(
    r"(?:排查|梳理|查找|自查|摸排|查摆)(?:出|了)?[^，。；]{0,12}(?:风险岗位|风险点|关键环节|廉政风险)[^，。；]{0,4}\d"
)
_BLAMED = re.compile(
    r"逾期未|避重就轻|点名批评|通报批评|照抄照搬|未按时|敷衍|流于形式|进度滞后|进度偏慢|被约谈|约谈其|意见多|意见大"
)
_STUDY = re.compile(r"案例|动员|集中学习|专题学习|部署会|启动会|工作方案|实施方案|学习会|心得体会")
_BEFORE_ACTOR = re.compile(
    r"(?:^|[，；：。”）]|其中|由|今年|目前|同时|此外|经|近期|随后|先后|期间|通过|日|月|年|起|后|以来|中|上|为此|如|例如|比如|特别是|是|所属的|下属的|下辖的)$"
)
_OBJECT = re.compile(
    r"^(?:等(?:企业|单位|公司|\d+家企业|\d+户企业)?)?(?:反映|提出|投诉|申报|申请|报告|报送|提交)的|^(?:所属|下属|下辖|管理)的|^的(?:数字|数据|材料|台账|情况)"
)


# 严把支付关（责任单位：县财政局、县教育局）。
_IN_CHARGE_BRACKET = re.compile(r"(（(?:(?:责任|牵头|实施|承办|完成)(?:单位|部门)：?)?)[^（）]{2,60}）。?$")


# 县医保局会同我局加装评价器
_WITH_US = re.compile(r"(?<!对)(?:会同|联合|配合)我(?:局|办|委|室|部|会|组|中心|院|镇|乡)")
_WE_ACT = re.compile(r"我(?:办|局|委|室|部|会|组|中心|专班)(?!们)")


def _is_joined(before: str, after: str) -> bool:
    """Whether a body is named as one that acts along: ，与乙局共同…; 在乙局配合下."""
    if re.search(r"[，并]与$|[，并](?:同时|还|又|随后|先后|再|由其)?(?:会同|联合|联手|协同)$", before):
        return bool(
            re.match(r"共|合|联|建立|开展|互|一起|一道|同步|协作|签订", after)
        ) or not before.endswith("与")
    if re.fullmatch(r"，[\u4e00-\u9fff]{2,6}(?:与|会同|联合)", before):
        return True  # 执行局与县公安局建立…, in a court's own report
    if before.endswith("交由"):
        return True
    if before.endswith("由") and re.match(r"(?:、[\u4e00-\u9fff]{2,12})*等?(?:组成|参加|参与)", after):
        return True
    return before.endswith("在") and bool(re.match(r"(?:的)?(?:配合|协助|支持|指导|督导|监督)下", after))


@dataclass
class _Act:
    """Sentences of one actor under one lead."""

    units: list[Body]
    others: bool
    passage: Passage
    start: int
    end: int
    pieces: list[tuple[int, int]] = field(default_factory=list)


@dataclass(frozen=True)
class Actors:
    """Who acts in a clause: the units in order, and whether 等单位 follows them."""

    units: tuple[Body, ...]
    others: bool
    end: int = 0  # where the last name ends, in the passage


class MeasureReader:
    """Reads the measures of one report. `own` is the body whose report it is, where it is one body's."""

    def __init__(
        self,
        text: str,
        units: Gazetteer,
        sections: Sections,
        own: Body | None,
        figures: Sequence[Figure] = (),
        signer: Body | None = None,
    ) -> None:
        self._text = text
        self._units = units
        self._sections = sections
        self._own = own
        self._signer = signer  # who alone signs a report on others: 我办 in it
        self._figures = sorted((f.start, f.end, f.scope == "unit") for f in figures if f.kind != "measure")

    def read(self, sentences: Sequence[Sentence]) -> list[MeasureFact]:
        """The measures, in order."""
        if self._sections.notice:
            return []
        out: list[MeasureFact] = []
        for group in _by_lead([s for s in sentences if not self._sections.is_plan(s)]):
            lead = group[0].path[-1]
            if self._sections.is_measure_lead(group[0].path):
                parent = group[0].path[-2].title if len(group[0].path) > 1 else None
                if self._own is None or len(group[0].path) > 1 or self._named(group):
                    out.extend(self._fact(lead, parent, act) for act in self._acts(group))
        return out

    def _named(self, group: Sequence[Sentence]) -> bool:
        """In one body's own report a section's bare heading is a lead only where it speaks of measures."""
        lead = group[0].path[-1]
        return lead.level >= LINE or bool(MEASURE.search(lead.title))

    def _acts(self, group: Sequence[Sentence]) -> list[_Act]:
        acts: list[_Act] = []
        current: _Act | None = None
        about = (self._own,) if self._own else self._about(group[0])
        own = about[0] if about else None
        for sentence in group:
            for start, end in cut(sentence.passage.text, sentence.start, sentence.end, "。；！？"):
                clause = sentence.passage.text[start:end]
                actors = self.actors(sentence.passage, start, end)
                if len(sentence.path) == 1 and _STUDY.search(clause):
                    current = None
                    continue
                if (
                    _BLAMED.search(clause)
                    or re.search("[以如]下[^，。；]{0,4}：$", clause)
                    or (len(sentence.path) == 1 and sentence.path[0].level < LINE and LAGGARD.search(clause))
                    or _SCREENED.search(clause)
                    or self._only_counts(sentence.passage, start, end)
                    or (actors is None and _NOBODY.match(clause))
                ):
                    current = None
                    continue
                if (
                    actors is None and own is not None and (current is None or current.units[0] is not own)
                ) and (current is None or self._speaks_of_own(clause)):
                    partners = self._partners_of(own, sentence.passage, start, end)
                    actors = Actors((*about, *(p for p in partners if p not in about)), False)
                we = self._own or self._signer
                if (
                    actors is not None
                    and we is not None
                    and _WITH_US.search(clause)
                    and we not in actors.units
                ):
                    actors = Actors((*actors.units, we), actors.others, actors.end)
                if self._signer is not None and _WE_ACT.match(clause):
                    partners = self._partners_of(self._signer, sentence.passage, start, end)
                    actors = Actors((self._signer, *partners), False)
                if actors is not None and self._own is not None:
                    actors = self._after_own(actors, sentence.passage, start)
                if actors is None:
                    if current is not None and self._goes_on(current, sentence, clause):
                        current.end = end
                        current.pieces.append((start, end))
                    continue
                same = (
                    current is not None
                    and current.units[0] is actors.units[0]
                    and current.passage is sentence.passage
                )
                if (
                    same
                    and current is not None
                    and (len(actors.units) == 1 or list(actors.units) == current.units)
                ):
                    current.end = end
                    current.others = current.others or actors.others
                    current.pieces.append((start, end))
                    continue
                current = _Act(
                    list(actors.units), actors.others, sentence.passage, start, end, [(start, end)]
                )
                acts.append(current)
        return acts

    def _after_own(self, actors: Actors, passage: Passage, start: int) -> Actors:
        """采购中心公布主材价格，安居商贸公司公布名单: a part of the own body acts before the one that is named."""
        assert self._own is not None
        named = (
            m for m in self._units.mentions_in(passage, start) if self._units.body_of(m) is actors.units[0]
        )
        first = next(named, None)
        if first is None:
            return actors
        before = passage.text[start : first.start]
        acts = len(before) > 8 and before.endswith("，") and not _SETTING.match(before)
        if not acts or self._own in actors.units:
            return actors
        return Actors((self._own, *actors.units), actors.others, actors.end)

    def _about(self, sentence: Sentence) -> tuple[Body, ...]:
        """Whom a lead names (县财政局：严把支付关; 严把支付关（县财政局）) or the one unit a heading above speaks of."""
        lead = sentence.path[-1]
        led = self._units.mentions_in(lead.passage, lead.start, lead.end) if lead.level != ITEM else []
        alone = led and len(lead.title) <= led[0].end - led[0].start
        told = MEASURE.search(sentence.path[0].title) or not alone
        if led and led[0].start == lead.start and told:
            return (self._units.body_of(led[0]),)
        text = lead.passage.text[lead.start : lead.end]
        bracket = _IN_CHARGE_BRACKET.search(text)
        if led and bracket and led[0].start == lead.start + bracket.end(1):
            return tuple({id(b): b for b in map(self._units.body_of, led)}.values())
        for heading in sentence.path[:-1]:
            named = {id(m): m for m in self._units.mentions_in(heading.passage, heading.start, heading.end)}
            bodies = {id(self._units.body_of(m)): self._units.body_of(m) for m in named.values()}
            if len(bodies) == 1:
                return (next(iter(bodies.values())),)
        return ()

    def _partners_of(self, own: Body, passage: Passage, start: int, end: int) -> list[Body]:
        """与市人民检察院建立…, in one body's own report: who acts along with it."""
        mentions = self._units.mentions_in(passage, start, end)
        found: list[Body] = []
        last = start
        for m in mentions:
            head = "，" if m.start - start < 12 else ""
            before = head + passage.text[max(start, m.start - 12) : m.start]
            joined = _is_joined(before, passage.text[m.end : min(end, m.end + 40)])
            listed = bool(found) and passage.text[last : m.start] in ("、", "和", "及", "与")
            if (joined or listed) and self._units.body_of(m) is not own:
                found.append(self._units.body_of(m))
                last = m.end
        return found

    def _only_counts(self, passage: Passage, start: int, end: int) -> bool:
        """Whether a clause tells how many a unit found, or hardly anything but numbers."""
        low, high = passage.span(start, end)
        first, last = bisect_left(self._figures, (low,)), bisect_left(self._figures, (high,))
        inside = [(a, b, unit) for a, b, unit in self._figures[first:last] if b <= high]
        if sum(b - a for a, b, _ in inside) * 2 > high - low:
            return True
        if high - low > 300 or not any(unit for _, _, unit in inside):
            return False
        # beside the unit and its numbers hardly anything is said
        said = [i for i in range(low, high) if not any(a <= i < b for a, b, _ in inside)]
        plain = "".join(self._text[i] for i in said if "\u4e00" <= self._text[i] <= "\u9fff")
        for mention in self._units.mentions_in(passage, start, end):
            plain = plain.replace(mention.form, "")
        return len(plain) < 14

    def _speaks_of_own(self, clause: str) -> bool:
        own = self._own.name if self._own else ""
        named = "集团" if own.endswith(("集团", "集团公司", "集团有限公司")) else "(?!)"
        return bool(re.match(rf"[我本全局]|{named}", clause))

    def _goes_on(self, act: _Act, sentence: Sentence, clause: str) -> bool:
        return act.passage is sentence.passage and not _NOBODY.match(clause)

    def actors(self, passage: Passage, start: int, end: int) -> Actors | None:
        """Who acts in a clause, None where no named body does."""
        text = passage.text
        mentions = self._units.mentions_in(passage, start, end)
        for k, mention in enumerate(mentions):
            before = text[start : mention.start]
            after = text[max(mention.end, mention.section_end) : end]
            if not _BEFORE_ACTOR.search(before[-3:]) or _OBJECT.match(after):
                continue
            if re.match(r"(?:的)?(?:[，。；、]?)$", after) or (
                after.startswith("的") and self._by_another(text, mentions[k + 1 :])
            ):
                continue
            found = self._with_partners(passage, mentions[k:], end)
            # 县直单位2个：县财政局、县水利局; names alone do nothing
            alone = re.fullmatch("[，。；：]?", text[found.end : end]) and re.search("[个家所：]$|^$", before)
            return None if alone else found
        return None

    def _by_another(self, text: str, later: Sequence[Mention]) -> bool:
        """的…，由县审计局审核: the one behind 由 acts."""
        return any(text[max(0, m.start - 1) : m.start] == "由" for m in later)

    def _with_partners(self, passage: Passage, mentions: Sequence[Mention], end: int) -> Actors:
        text = passage.text
        units = [self._units.body_of(mentions[0])]
        last = mentions[0]
        for mention in mentions[1:]:
            between = text[last.end : mention.start]
            if last.section_end > last.end and len(between) > 12:
                break
            if not _PARTNER.search(between) or (len(between) > 6 and not _OTHER_PARTNER.fullmatch(between)):
                break
            if between == "，":
                break
            body = self._units.body_of(mention)
            if body not in units:
                units.append(body)
            last = mention
        self._add_later_subjects(passage, [m for m in mentions if m.start >= last.end], units, end)
        others = bool(re.match(r"等", text[last.end : last.end + 1])) and not re.match(
            r"等(?:\d+|[一二三四五六七八九十两]+)(?:个|家)?(?:单位|部门)?(?:联合|共同)", text[last.end : end]
        )
        return Actors(tuple(units), others, last.end)

    def _add_later_subjects(
        self, passage: Passage, mentions: Sequence[Mention], units: list[Body], end: int
    ) -> None:
        """甲局印发…，乙局配合…: both act in the sentence."""
        joined = -1  # where the last partner's name ends
        for mention in mentions:
            after = passage.text[max(mention.end, mention.section_end) : min(end, mention.end + 12)]
            listed = joined > 0 and passage.text[joined : mention.start] in ("、", "和", "与", "及")
            if listed or _is_joined(passage.text[max(0, mention.start - 12) : mention.start], after):
                joined = mention.end
                body = self._units.body_of(mention)
                units.extend([] if body in units else [body])
                continue
            if passage.text[mention.start - 1] == "，":
                units.extend(
                    b for b in self._subjects_from(passage, mention, mentions, end) if b not in units
                )

    def _subjects_from(
        self, passage: Passage, first: Mention, mentions: Sequence[Mention], end: int
    ) -> list[Body]:
        """The bodies of a list (乙局、丙局) that begins after a comma, where it is a subject."""
        run = [first]
        for mention in mentions:
            if mention.start > run[-1].end and re.fullmatch(
                "[、和与及]", passage.text[run[-1].end : mention.start]
            ):
                run.append(mention)
        last = max(run[-1].end, run[-1].section_end)
        after = passage.text[last : min(end, last + 12)]
        if re.match(r"[，。；、的]|等|$", after) or _OBJECT.match(after):
            return []
        return [self._units.body_of(m) for m in run]

    def _fact(self, lead: Heading, parent: str | None, act: _Act) -> MeasureFact:
        low, high = act.passage.span(_after_clause(lead, act.passage, act.start, act.end), act.end)
        units = [b.name for b in act.units]
        return MeasureFact(
            heading_of(lead, self._text), parent, units[0], tuple(units[1:]), act.others,
            tuple(self._documents(act)), self._text[low:high], low, high,
            "measure.own" if act.units[0] is self._own else "measure.actor",
        )  # fmt: skip

    def _documents(self, act: _Act) -> list[str]:
        """Names in 《…》 that the nearest verb before them says were issued or set up."""
        text = act.passage.text[act.start : act.end]
        out: list[str] = []
        last_end, issued = -1, False
        for m in re.finditer(r"《([^《》]{2,80})》", text):
            between = text[last_end : m.start()] if last_end >= 0 else ""
            if last_end < 0 or not re.fullmatch(r"[、，和及与]?(?:以及|等)?", between):
                before = re.split(r"[。；]", text[: m.start()])[-1]
                before = re.sub(r"《[^》]*》", "", before)
                issue = [k.start() for k in _ISSUE.finditer(before)]
                follow = [k.start() for k in _FOLLOW.finditer(before)]
                issued = (
                    bool(issue)
                    and (not follow or issue[-1] > follow[-1] or before.endswith("等"))
                    and len(before) - issue[-1] < 24
                )
            if issued or _ISSUED_AFTER.match(text, m.end()):
                low, high = act.passage.span(act.start + m.start(1), act.start + m.end(1))
                out.append("".join(self._text[low:high].split()))
            last_end = m.end()
        return list(dict.fromkeys(out))


def _after_clause(lead: Heading, passage: Passage, start: int, end: int) -> int:
    """Where the text begins: behind the clause that serves an 一是 as heading, if anything follows it."""
    own_clause = lead.level == ITEM and lead.passage is passage and start <= lead.start
    return lead.end if own_clause and lead.end < end else start


def heading_of(heading: Heading, text: str) -> str:
    """A heading's title in the document's own characters, breaks left out."""
    start = heading.passage.text.find(heading.title, heading.start, heading.end)
    if start < 0:
        return heading.title
    return "".join(
        text[i] for i in heading.passage.at[start : start + len(heading.title)] if not text[i].isspace()
    )


def _by_lead(sentences: Sequence[Sentence]) -> list[list[Sentence]]:
    """Consecutive sentences under one heading."""
    groups: list[list[Sentence]] = []
    for sentence in sentences:
        if not sentence.path:
            continue
        if groups and groups[-1][0].path[-1] is sentence.path[-1]:
            groups[-1].append(sentence)
        else:
            groups.append([sentence])
    return groups


def read_next_steps(outline: Outline, sections: Sections, text: str) -> list[NextStep]:
    """The leads of the plans, each with the sentences under it; the section's heading where it has none."""
    if sections.notice:
        return []
    out: list[NextStep] = []
    sentences = outline.sentences
    for heading in outline.headings:
        if not sections.is_plan_heading(heading):
            continue
        under = [s for s in sentences if heading in s.path]
        if any(
            h is not heading and sections.is_plan_heading(h)
            for s in under[:1]
            for h in s.path[: s.path.index(heading)]
        ):
            continue
        leads = _leads_below(heading, outline)
        if leads:
            out.extend(_step(lead, [s for s in under if lead in s.path], text) for lead in leads)
        elif under:
            mixed = is_problem_title(heading.title)
            planned = (
                [s for s in under if re.search(r"将|下一步|继续|明年|今后|下步", s.text)] if mixed else under
            )
            out.append(_step(heading, planned or under, text))
    tails = [s for s in sentences if sections.is_tail(s) and sections.plan_heading(s) is None]
    items = list(
        dict.fromkeys(
            s.path[-1]
            for s in tails
            if s.path and s.path[-1].level in (LEAD, ITEM) and s.path[-1].passage is s.passage
        )
    )
    out.extend(_step(lead, [s for s in tails if lead in s.path], text) for lead in items)
    if not out and tails:
        out.append(_without_lead(tails, text))
    return out


def _without_lead(tails: Sequence[Sentence], text: str) -> NextStep:
    """Plans under no heading and without leads are called by the word they begin with: 下一步."""
    first, last = tails[0], tails[-1]
    low, high = first.passage.span(first.start, first.end)[0], last.passage.span(last.start, last.end)[1]
    word = re.match(r"[^，。、：我将]{2,6}", first.text)
    heading = word[0] if word else first.text[:4]
    return NextStep(heading, text[low:high], low, high, "next-step.lead")


def _leads_below(heading: Heading, outline: Outline) -> list[Heading]:
    """The headings directly below one, those without a sentence of their own included."""
    at = outline.headings.index(heading)
    annex = min((i for i in outline.annexes if i > heading.passage.index), default=None)
    below: list[Heading] = []
    for other in outline.headings[at + 1 :]:
        if other.level <= heading.level or (annex is not None and other.passage.index >= annex):
            break
        below.append(other)
    if not below:
        return []
    top = min(h.level for h in below)
    return [h for h in below if h.level == top]


def _step(lead: Heading, sentences: Sequence[Sentence], text: str) -> NextStep:
    if not sentences:
        low, high = lead.passage.span(lead.start, lead.end)
    else:
        first, last = sentences[0], sentences[-1]
        end = last.end if last.passage is first.passage else first.end
        begin = _after_clause(lead, first.passage, first.start, end)
        low = first.passage.span(begin, max(end, first.end))[0]
        high = last.passage.span(last.start, last.end)[1]
    return NextStep(heading_of(lead, text), text[low:high], low, high, "next-step.lead")
