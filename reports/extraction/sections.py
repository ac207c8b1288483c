"""What a section is about, by its heading: screening and study, measures, shortcomings, or plans."""

from __future__ import annotations

import re
from collections.abc import Sequence

from reports.extraction.outline import ITEM, ONE, Heading, Sentence

PLAN = re.compile(
    r"下一步|下步|接下来|接着(?:要|干|做)|还要(?:怎么)?[做干]|下阶段|下一阶段|下一季度|下半年(?:工作)?(?:打算|计划|安排|重点)|明年(?:工作)?(?:打算|计划|安排|重点)|今后|打算|工作计划|后续(?:工作|安排|打算|计划|举措|措施)|工作考虑|努力方向|改进方向|下个月"
    r"|(?:有关|工作|几点|相关|整改|督查|督办|监督|下.{0,3})要求$|(?:工作|后续|下.{0,4}|有关|整改)安排$|(?:意见|工作|对策|几点|有关|相关|措施)建议|^建议|建议$|^要求$|工作重点$"
)
_PLAN_START = re.compile(
    r"^(?:下一步|下步|下阶段|下一阶段|今后(?=[，、一我将])|接下来|明年(?=[，、我将])|下半年(?=[，、我将])|下一年(?=[，、我将]))[，、：]?"
)
PROBLEM = re.compile(
    r"存在(?:的)?(?:主要)?(?:问题|不足|困难|短板|差距)|(?:突出|主要|共性|发现的|面临的)问题$|^问题|不足|困难|差距|薄弱|短板(?!弱项.*补)|问题不容|有待|发现(?:的)?(?:主要|突出)?问题"
    r"|(?:不力|不高|不到位|不深入?|不够[高深严实]?|滞后|不严|不实|偏慢|偏低|不强|不扎实|不平衡|不及时|走过场)$"
)
_NOT_PROBLEM = re.compile(
    r"^(?:改|治|纠|防|破|克服|扭转|严防|着力|聚焦)|补(?:齐)?短板|补差距|解决|破解|整改|弥补|攻坚"
)
SCREEN = re.compile(
    r"排查|起底|底数|摸清|摸底|查找|自查|筛查|查风险|找风险|查摆|梳理|摸排|检视|排风险|查深|查透|找准|基本情况|总体情况|总体进展|总体数据|基本数据|进展数据|数据|进展|数量|分布|构成|统计|结果|风险点(?:情况)?$|基本做法|概况"
)
DISPATCH = re.compile(
    r"部署|动员|高位推(?:动|进)|组织领导|加强领导|提高认识|思想认识|统一思想|学习(?:教育|宣传|传达|研讨)?$|传达|警示教育开展|研读|及时|迅速|凝聚|谋划|启动|宣传发动|行动推进"
)
MEASURE = re.compile(
    r"整改|措施|举措|防控|治理|做法|成效|整治|建章|立制|制度|施策|巩固|管好|优服务|固长效|经验|亮点|堵漏|控险|机制|立行|纠|改|破题|服务|作为|约束|监管|规范|严|动作"
)
_BLAME = re.compile(r"通报批评|点名|反面|曝光台")
_GENERIC = re.compile(
    r"^(?:主要|典型|好的|具体|工作|整改|防控|取得的?|治理|已采取的|阶段性?|采取的|基本|特色|经验|整治|风险|廉政|有关|几点|落实|工作开展|巩固提升的|重点)*(?:亮点|做法|经验|措施|举措|成效|情况|动作|工作|做法和成效|做法与成效|做法及成效|进展|效果|经验做法|特点)+(?:和成效|及成效|情况|落实)?$"
)


class Sections:
    """The sections of one outline, asked sentence by sentence."""

    def __init__(self, headings: Sequence[Heading], sentences: Sequence[Sentence], title: str) -> None:
        self.notice = bool(re.search(r"(?:通知|方案|预案|公示|公告|邀请函|办法|规定)(?:（.*）)?$", title))
        self._by_first = _planned_by_first_words(sentences)
        self._tails = _plan_tails(sentences)

    def is_plan_heading(self, heading: Heading) -> bool:
        """Whether a heading opens plans, demands or suggestions."""
        return heading.level != ITEM and (bool(PLAN.search(heading.title)) or id(heading) in self._by_first)

    def plan_heading(self, sentence: Sentence) -> Heading | None:
        """The heading that makes a sentence part of the plans."""
        return next((h for h in sentence.path if self.is_plan_heading(h)), None)

    def is_plan(self, sentence: Sentence) -> bool:
        """Whether a sentence speaks of what is to come."""
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
                not _GENERIC.match(lead.title)
                and not DISPATCH.search(lead.title)
                and not SCREEN.search(lead.title)
            )
        return not (_GENERIC.match(lead.title) and lead.level <= ONE)


def is_problem_title(title: str) -> bool:
    """Whether a heading announces shortcomings."""
    return bool(PROBLEM.search(title)) and not _NOT_PROBLEM.search(title)


def _only_screening(title: str) -> bool:
    return bool(SCREEN.search(title) or DISPATCH.search(title)) and not MEASURE.search(title)


def _is_screening(title: str) -> bool:
    return bool(
        re.search(
            r"(?:风险)?排查|起底|底数|查风险|查摆|摸排|自查|部署|动员|梳理风险|高位推|组织领导|加强领导|宣传发动",
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
