"""What a section is about, by its heading: screening and study, measures, shortcomings, or plans."""

from __future__ import annotations

import re
from collections.abc import Sequence

from reports.extraction.headings import DISPATCH, GENERIC, MEASURE, PLAN, SCREEN, is_problem_title
from reports.extraction.outline import ITEM, ONE, Heading, Sentence

_PLAN_START = re.compile(
    r"^(?:下一步|下步|下阶段|下一阶段|今后(?=[，、一我将])|接下来|明年(?=[，、我将])|下半年(?=[，、我将])|下一年(?=[，、我将]))[，、：]?"
)
_TELLS = re.compile(
    "进度|进展|情况|回顾|特点|过程|经过|概述|谁快|快慢|分单位|各家"
)  # a section that reports on progress
_DEEDS = re.compile("做法|举措|措施|动作|经验|成效")
_BLAME = re.compile(r"通报批评|点名|反面|曝光台|^提醒(?!到)|^预警|^点评|^督办")


class Sections:
    """The sections of one outline, asked sentence by sentence."""

    def __init__(self, headings: Sequence[Heading], sentences: Sequence[Sentence], title: str) -> None:
        self.notice = bool(re.search(r"(?:通知|方案|预案|公示|公告|邀请函|办法|规定)(?:（.*）)?$", title))
        self._by_first = _planned_by_first_words(sentences) | _last_and_to_come(headings, sentences)
        self._tails = _plan_tails(sentences)

    def is_plan_heading(self, heading: Heading) -> bool:
        """Whether a heading opens plans, demands or suggestions."""
        return heading.level != ITEM and (bool(PLAN.search(heading.title)) or id(heading) in self._by_first)

    def plan_heading(self, sentence: Sentence) -> Heading | None:
        """The heading that makes a sentence part of the plans."""
        return next((h for h in sentence.path if self.is_plan_heading(h)), None)

    def is_plan(self, sentence: Sentence) -> bool:
        """Whether a sentence speaks of what is to come."""
        if sentence.text.startswith("综上"):
            return False  # sums the whole report up
        return self.plan_heading(sentence) is not None or id(sentence) in self._tails

    def is_tail(self, sentence: Sentence) -> bool:
        """Whether a sentence is of plans that stand under no heading of their own."""
        return id(sentence) in self._tails

    def is_problem(self, sentence: Sentence) -> bool:
        """Whether a sentence tells of shortcomings."""
        return any(
            is_problem_title(h.title) or _BLAME.search(h.title) for h in sentence.path if h.level != ITEM
        )

    def is_measure_lead(self, path: tuple[Heading, ...]) -> bool:
        """Whether what stands under these headings can be something done against the risks."""
        lead, above = path[-1], path[:-1]
        tops = [h.title for h in above]
        if any(is_problem_title(t) or PLAN.search(t) or _BLAME.search(t) for t in [*tops, lead.title]):
            return False
        if tops and (_only_screening(tops[0]) or (len(tops) > 1 and _only_screening(tops[1]))):
            return False
        if lead.level == ITEM:
            return not _is_screening(lead.title)
        if _is_screening(lead.title):
            return False
        if not above:
            if re.search(r"案例|以学|学习|明纪|思想", lead.title):
                return False
            return (
                not GENERIC.match(lead.title)
                and not (_TELLS.search(lead.title) and not _DEEDS.search(lead.title))
                and not DISPATCH.search(lead.title)
                and not SCREEN.search(lead.title)
            )
        return not (GENERIC.match(lead.title) and lead.level <= ONE)


def _only_screening(title: str) -> bool:
    return bool(SCREEN.search(title) or DISPATCH.search(title)) and not MEASURE.search(title)


def _is_screening(title: str) -> bool:
    return bool(
        re.search(
            r"^(?:抓|强化|深化|开展|注重|突出)?(?:学习|传达|动员|部署|研学)(?:教育|研讨|部署)?$|(?:风险)?排查|起底|^底数|[摸查核理弄盘][\u4e00-\u9fff]{0,4}底数|查风险|查摆|摸排|自查|部署|动员|梳理风险|高位推|组织领导|加强领导|宣传发动",
            title,
        )
    ) and not re.search(r"整改|督查|检查", title)


def _planned_by_first_words(sentences: Sequence[Sentence]) -> set[int]:
    """Headings whose first sentence begins with 下一步."""
    seen: set[int] = set()
    out: set[int] = set()
    for sentence in sentences:
        for depth, heading in enumerate(sentence.path):
            if id(heading) in seen:
                continue
            seen.add(id(heading))
            if depth == len(sentence.path) - 1 and heading.level != ITEM and _PLAN_START.match(sentence.text):
                out.add(id(heading))
    return out


_TO_COME = re.compile(
    r"将(?!案例|其|信息|排查|[\u4e00-\u9fff]{2,8}(?:印发|发至|下发))|拟(?!定|订|制)|计划|力争|争取|确保|继续|进一步|适时|[月年季]?底前|\d日前|月前|之前(?:完成|报)|要(?=[把对在以抓盯加])|一律要|请[各县\u4e00-\u9fff]{0,6}(?:于|在|尽快)|尽快|抓紧"
)
_DONE_ALREADY = re.compile(
    r"(?<![对未])已(?:经)?[^，。；的]{0,12}(?:完成|整改|建立|印发|清退|追回|到位|办结|销号)(?!的|事项|问题)"
    r"|了[\u4e00-\u9fff]{0,6}\d"
    r"|(?:印发|出台|清退|追回|收回|压减|核减|约谈|办结|查处|覆盖|撤销|移送|退还|节约)[^，。；]{0,10}\d"
)
_DONE_TITLE = re.compile("整改|措施|举措|成效|做法|情况|结果|进展|办法|防控|问题|不足|附")


def _last_and_to_come(headings: Sequence[Heading], sentences: Sequence[Sentence]) -> set[int]:
    """The last section, where nearly all that stands under it is still to come: plans, whatever its title."""
    top = min((h.level for h in headings), default=ITEM)
    tops = [h for h in headings if h.level == top and h.level != ITEM]
    if len(tops) < 2:
        return set()
    last = tops[-1]
    under = [s for s in sentences if last in s.path]
    done = [s for s in under if _DONE_ALREADY.search(s.text)]
    to_come = [s for s in under if _TO_COME.search(s.text) and s not in done]
    after_problems = is_problem_title(tops[-2].title) and not _DONE_TITLE.search(last.title)
    planned = len(under) > 1 and len(to_come) >= 0.7 * len(under)
    return {id(last)} if planned or (after_problems and len(done) < 0.3 * len(under)) else set()


def _plan_tails(sentences: Sequence[Sentence]) -> set[int]:
    """Sentences from a 下一步 on to the end of its paragraph."""
    out: set[int] = set()
    passage = -1
    for sentence in sentences:
        index = sentence.passage.index
        if _PLAN_START.match(sentence.text):
            passage = index
        if index == passage:
            out.add(id(sentence))
    return out
