"""What part each named body has in a report: who sent it, to whom, who acts, who is only named."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from reports.extraction.facts import Role, UnitMention
from reports.extraction.front import Front
from reports.extraction.measures import MeasureReader
from reports.extraction.outline import Sentence, cut
from reports.extraction.passages import Passage
from reports.extraction.sections import Sections
from reports.extraction.units import Body, Gazetteer, Mention
from reports.extraction.wording import LAGGARD

_SENT = re.compile(
    r"[\d一二三四五六七八九十]+(?:起|个|件|例|篇|则)[^，。；]{0,12}案例|案例[^，。；]{0,6}[\d一二三四五六七八九十]+(?:起|个|件|例|篇|则)|印发|下发|发至|发给|发到|发放|编印|转发|部署|制定[^，。]{0,8}方案|动员|点对点|推送|发出|印送|梳理[^。]{0,40}案例|选取[^。]{0,40}案例|启动"
)
_SENT_OUT = re.compile(
    r"(?:于)?(?:[\d年月日]{0,11})(?:印发|转发|下发|编印|选编|编发|发来|通报|推送)的[^，。；]{0,24}(?:案例|反面典型|典型问题)"
)
_CAMPAIGN = re.compile(r"单位|通知|方案|案例|提示|部门|乡镇")
_LISTED = re.compile(
    r"等?(?:共|共计)?(?:\d+|[一二三四五六七八九十百]+)(?:个|家|户)[\u4e00-\u9fff]{0,6}(?:单位|部门|企业|机构|公司|乡镇|镇|街道)|等(?:单位|部门|企业|医疗机构|机构|学校|乡镇|公司)|(?:共)?(?:参加|参与)"
)
# 按照县委办公室《关于…的通知》: what is carried out was sent out by it
_NOTICE = re.compile(
    r"[\d年月日]{0,12}(?:的)?(?:下发的|印发的)?通知(?:要求|精神|安排)|[\d年月日]{0,12}(?:下发|印发|发来|转发)的[^，。；《]{0,8}(?:提示|通知|方案|函)|(?:联合)?(?:印发|下发|制定)?的?《[^》]{0,60}(?:通知|方案|意见|安排)[^》]{0,8}》"
)
_UNDER = re.compile(r"(?:根据|按照|依据|依照|落实|遵照|对照)(?:\S{0,4})$")
_LED = re.compile(
    r"(?:统一)?(?:牵头|发起|主导|主办|组织)(?:组织|开展|实施|发起)?(?=[，。、]|[^，。；]{0,12}(?:行动|整治|自查|排查|活动|治理))"
)
_HEADS = re.compile("(?:统一|具体|负责)?(?:牵头|抓总|主抓|统筹|负责)")
_CHASES = re.compile("[^，。；]{0,8}(?:约谈|督办|抽查|核查|检查|通报|责令|提醒|提级)(?!的|时发现)")
_ROUND = re.compile(r"行动|整治|自查|排查|活动|治理|警示教育")
_RANGE = re.compile(
    r"(?:参加|参与|参学|成员|涉及|排查|自查|责任|试点)(?:的)?(?:单位|范围|部门)(?:分别)?(?:有|为|是|包括|：)$|(?:单位|部门|乡镇|镇街|街道|企业|公司|学校)\d{1,3}[个家所]：$"
)
_PRAISED = re.compile(r"感谢|予以肯定|表示肯定|给予肯定|点赞")
_WITH_US = re.compile(r"我(?:局|委|办|室|组|镇|院|中心|专班|单位)(?:会同|联合)")


def units_with_roles(
    bodies: Sequence[Body],
    gazetteer: Gazetteer,
    sentences: Sequence[Sentence],
    sections: Sections,
    front: Front,
    reader: MeasureReader,
    acting: Iterable[str],
    counted: Iterable[str],
) -> list[UnitMention]:
    """Every unit at its first mention. `acting` are the actors of measures, `counted` have a figure."""
    judge = _Judge(gazetteer, sections, reader)
    issuers = {id(gazetteer.body_of(m)) for p in front.issuers for m in gazetteer.mentions_in(p)}
    issuers |= judge.senders(sentences, issuers)
    addressees = (
        {id(gazetteer.body_of(m)) for m in gazetteer.mentions_in(front.addressee)}
        if front.addressee
        else set()
    )
    named = {*acting, *counted}
    takers = judge.takers(sentences)
    out: list[UnitMention] = []
    for body in bodies:
        role: Role = "mentioned"
        if id(body) in issuers:
            role = "issuer"
        elif id(body) in addressees:
            role = "addressee"
        elif (body.name in named or id(body) in takers) and not sections.notice:
            role = "participant"
        if body.firm and role == "mentioned" and not judge.is_judged(body, sentences):
            continue
        first = body.mentions[0]
        low, high = first.passage.span(first.start, first.end)
        out.append(UnitMention(body.name, body.aliases, role, low, high, "unit." + role))
    return out


class _Judge:
    def __init__(self, gazetteer: Gazetteer, sections: Sections, reader: MeasureReader) -> None:
        self._gazetteer = gazetteer
        self._sections = sections
        self._reader = reader

    def senders(self, sentences: Sequence[Sentence], signed: set[int]) -> set[int]:
        """Who sent the campaign out: the actors of the first sentence that sends something out."""
        out: set[int] = set()
        sent = False
        for sentence in sentences[:60]:
            if self._sections.is_plan(sentence) or self._sections.is_problem(sentence):
                continue
            text = sentence.text
            if (with_us := _WITH_US.search(text)) and not self._under_measures(sentence):
                out |= self._partners(sentence, with_us.end())
            out |= self._sent_by(sentence)
            if (name := re.search("以(?=[^，。]{2,40}名义)", text)) is not None:
                out |= self._partners(sentence, name.end())
            if not self._under_measures(sentence):
                out |= self._led_by(sentence)
            subject = self._reader.actors(sentence.passage, sentence.start, sentence.end)
            if subject is None:
                continue
            ids = {id(b) for b in subject.units}
            at = subject.end - sentence.start
            dispatch = bool(_SENT.search(text, at) and _CAMPAIGN.search(text)) and not _LISTED.match(text, at)
            joined = (
                bool(ids & signed)
                and bool(re.search(r"会同|联合", text))
                and (dispatch or not self._under_measures(sentence))
            )
            if self._under_measures(sentence):
                continue
            if joined or (dispatch and not sent):
                out |= ids
                sent = sent or dispatch
        return out

    def _sent_by(self, sentence: Sentence) -> set[int]:
        """县纪委监委印发的14起典型案例: who sent out what was studied."""
        text = sentence.passage.text
        mentions = self._gazetteer.mentions_in(sentence.passage, sentence.start, sentence.end)
        return {
            id(self._gazetteer.body_of(m)) for m in mentions if _SENT_OUT.match(text[m.end : sentence.end])
        }

    def _led_by(self, sentence: Sentence) -> set[int]:
        """由县纪委监委牵头; 按照县委办公室、县政府办公室《…的通知》: who stands behind the campaign."""
        text = sentence.passage.text
        out: set[int] = set()
        for run in self._runs(sentence.passage, sentence.start, sentence.end):
            before, after = text[sentence.start : run[0].start], text[run[-1].end : sentence.end]
            notice = _NOTICE.match(after) and _UNDER.search(before[-12:])
            led = _LED.match(after) and _ROUND.search(text[sentence.start : sentence.end])
            if notice or (led and (before.endswith("由") or "牵头" in after[:4] or "发起" in after[:6])):
                out |= {id(self._gazetteer.body_of(m)) for m in run}
        return out

    def _runs(self, passage: Passage, start: int, end: int) -> list[list[Mention]]:
        """Bodies named one after another (甲、乙和丙)."""
        out: list[list[Mention]] = []
        for mention in self._gazetteer.mentions_in(passage, start, end):
            if out and re.fullmatch("[、和与及]|以及", passage.text[out[-1][-1].end : mention.start]):
                out[-1].append(mention)
            else:
                out.append([mention])
        return out

    def _partners(self, sentence: Sentence, at: int) -> set[int]:
        """The bodies named right after 我局会同."""
        out: set[int] = set()
        end = sentence.start + at
        for mention in self._gazetteer.mentions_in(sentence.passage, end, sentence.end):
            if not re.fullmatch(r"[、和与及]?", sentence.passage.text[end : mention.start]):
                break
            out.add(id(self._gazetteer.body_of(mention)))
            end = mention.end
        return out

    def _under_measures(self, sentence: Sentence) -> bool:
        path = sentence.path
        return len(path) > 1 and self._sections.is_measure_lead(path)

    def takers(self, sentences: Sequence[Sentence]) -> set[int]:
        """Who acts somewhere, or is in a list of those it was sent to."""
        out: set[int] = set()
        for sentence in sentences:
            if self._sections.is_plan(sentence):
                continue
            if self._sections.is_problem(sentence):
                out |= self._supervising(sentence)
                continue
            for start, end in cut(sentence.passage.text, sentence.start, sentence.end, "。；！？"):
                out |= self._listed(sentence.passage, start, end)
                out |= self._in_charge(sentence.passage, start, end)
                clause = sentence.passage.text[start:end]
                if LAGGARD.search(clause) or _PRAISED.search(clause):
                    continue
                actors = self._reader.actors(sentence.passage, start, end)
                if actors is not None:
                    out |= {id(b) for b in actors.units}
        return out

    def _supervising(self, sentence: Sentence) -> set[int]:
        """县纪委监委当面约谈了…, among the shortcomings: it acts."""
        text = sentence.passage.text
        mentions = self._gazetteer.mentions_in(sentence.passage, sentence.start, sentence.end)
        return {
            id(self._gazetteer.body_of(m))
            for m in mentions
            if re.search("纪委|监委|纪检|巡察|督查|审计", m.form) and _CHASES.match(text, m.end)
        }

    def _in_charge(self, passage: Passage, start: int, end: int) -> set[int]:
        """明确由县纪委监委牵头抓总."""
        text = passage.text
        return {
            id(self._gazetteer.body_of(m))
            for run in self._runs(passage, start, end)
            if text[start : run[0].start].endswith("由") and _HEADS.match(text[run[-1].end : end])
            for m in run
        }

    def _listed(self, passage: Passage, start: int, end: int) -> set[int]:
        """The bodies of a list closed by 等26个单位."""
        out: set[int] = set()
        text = passage.text
        if LAGGARD.search(text[start:end]):
            return out
        for listed in self._runs(passage, start, end):
            if _RANGE.search(text[max(start, listed[0].start - 24) : listed[0].start]):
                out |= {id(self._gazetteer.body_of(m)) for m in listed}
        run: list[Mention] = []
        for mention in self._gazetteer.mentions_in(passage, start, end):
            if run and not re.fullmatch(r"[、，和及与]|以及", text[run[-1].end : mention.start]):
                run = []
            run.append(mention)
            after = text[mention.end : mention.end + 24]
            if _LISTED.match(
                re.sub(r"^(?:[、和及](?:\d+|[一二三四五六七八九十]+)个(?:乡镇|镇|街道|部门))", "", after)
            ):
                out |= {id(self._gazetteer.body_of(m)) for m in run}
        return out

    def is_judged(self, body: Body, sentences: Sequence[Sentence]) -> bool:
        """Whether a firm is named as a laggard or thanked: it reports or acts, then, and is a unit."""
        places = {(id(m.passage), m.start) for m in body.mentions}
        for sentence in sentences:
            for m in self._gazetteer.mentions_in(sentence.passage, sentence.start, sentence.end):
                if (id(m.passage), m.start) not in places:
                    continue
                if LAGGARD.search(sentence.text) or _PRAISED.search(sentence.text):
                    return True
        return False
