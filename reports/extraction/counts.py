"""How many cases were studied to begin with, and how many units are said to take part."""

from __future__ import annotations

import re
from dataclasses import replace

from reports.extraction.facts import Stated
from reports.extraction.numerals import ARABIC, WORDS, parse
from reports.extraction.outline import Sentence

_N = rf"(?P<n>{ARABIC}|(?<![一-九十百千])(?:{WORDS}))"
_CASE = re.compile(
    rf"{_N}(?:余|多)?(?:(?:个|起|件|例|篇|则)(?:(?!单位|部门)[\u4e00-\u9fff“”《》、的]){{0,22}}?|(?:典型|反面|警示|违纪|真实){{0,3}})(?:案例|案件|典型案|反面典型|违纪违法案|典型问题|反面教材)"
)
_CASE_AFTER = re.compile(
    rf"(?:案例|典型案件|典型问题|案件|反面典型)(?:教材|材料|学习|研讨)?(?:共计|共|计|合计|总计|：|[^，。；\d]{{0,8}}，一?共计?(?:有)?)?{_N}(?:个|起|件|例|篇|则)"
)
_CASE_PICKED = re.compile(
    rf"(?:案例|案件)[^，。；\d]{{0,10}}?(?:选|挑|筛|摘)[^，。；\d]{{0,18}}?{_N}(?:个|起|件|例|篇|则)(?!单位|部门)"
)
# 20起案例里挑出8起: the smaller number was studied
_CASE_OF = re.compile(
    rf"(?P<all>{ARABIC}|{WORDS})(?:个|起|件|例|篇|则)[^。；（]{{0,14}}?案[例件][^。；（]{{0,16}}?(?:选|挑|筛|摘|取|有)[^。；\d]{{0,10}}?{_N}(?:个|起|件|例|篇|则)(?!单位|部门)"
)
_STUDIED = re.compile(
    r"梳理|选取|选定|选编|筛选|挑选|挑出?了|会[^。；]{0,6}通报|精选|遴选|选择|选出|研读|学习|研讨|印发|下发|转发|编印|汇编|收录|收集|摘编|摘录|发至|发到|发给|发送|剖析|解读|传达|对照|警示|通报的|通报了|推送|观看|整理|编发|编写|编制|领学|通学|讨论|案例选编|中的|汲取|辑录|旁听|宣讲|讲解"
)
_RESULT = re.compile(
    r"查处|曝光|立案|查办|移送|办理|审结|处分|问责|追责|审查调查|侦办|新增|自办|留置|结案|受理|通报曝光|公开通报"
)
_UNIT = r"(?:单位|部门|成员单位|责任单位|参与单位|参学单位|县直单位|牵头单位|乡镇和部门|镇街和部门|部门单位|部门和单位)"
_KIND_OF_UNIT = r"(?:参加|参与|相关|有关|责任|成员|县直|区直|市直|直属|重点|参学|县级|涉企|首批|试点|行业|职能|主管|党政|一级|预算|机关|驻县|涉及的|各类|涉农|窗口|参训|排查|报送){0,2}"
_UNITS = re.compile(
    rf"(?:单位|部门|乡镇|街道)(?:共|共计|合计|计)(?P<t>{ARABIC}|{WORDS})(?:个|家)(?![\u4e00-\u9fff]{{0,4}}(?:单位|部门))|(?P<n>{ARABIC}|{WORDS})(?:个|家)(?P<label>(?:(?!个|家|多|余|单|部)[\u4e00-\u9fff]){{0,4}}?{_KIND_OF_UNIT}(?:乡镇|镇街|镇|街道)?(?:（[\u4e00-\u9fff]{{1,8}}）)?[、和及与]?(?:县直|部门)?{_UNIT})"
)
_UNITS_AFTER = re.compile(
    rf"(?:参与|参加|应报|参学|参训|涉及|成员|排查|责任|实报|已报|报送)单位(?:数|共|共计|总数|数量|有|为|：|共有)?(?P<n>{ARABIC}|{WORDS})(?:个|家)"
)
_ADDED = re.compile(
    rf"(?P<a>{ARABIC}|{WORDS})(?:个|家)(?P<la>县直[^，。；、\d]{{0,8}}|区直[^，。；、\d]{{0,8}}|部门|乡镇（街道）|镇（街道）|乡镇街道|乡镇|镇街|镇|乡|街道|苏木乡?镇?)(?:、|和|及|与|，)(?:[县区旗市]直(?:部门|单位)?)?(?P<b>{ARABIC}|{WORDS})(?:个|家)(?:县直[^，。；、\d]{{0,8}}|区直[^，。；、\d]{{0,8}}|[县区旗市]直[^，。；、\d]{0, 8}|部门|单位|乡镇（街道）|镇（街道）|乡镇|镇街|镇|街道)"
)
_PART = re.compile(
    r"(?:督查(?!室|办)|抽查|通报|约谈|滞后|检查|抽取|未按|未报|逾期|不深|不力|随机|选取|其中|问题|核查发现|巡察|另有|有的|仅有|只有|尚有|还有|提醒|完成率|仍有|超期|进度|先后|走访|帮扶|表扬|回访)"
)
_OWN = re.compile(
    r"(?:所属|下属|下辖|局属|直属|系统内|委属|镇属|集团|辖区|县属|管辖|服务|对口|我局|我镇|全局|全镇|驻镇|联系|包联|施工|设计|参建|监理|用人|采购|中标|投标|建设|代理)(?:的|各)?$"
)


def read_cases(sentences: list[Sentence], text: str) -> Stated | None:
    """The number of cases studied or circulated, at its first mention."""
    for k, sentence in enumerate(map(_with_lead, sentences)):
        line = sentence.text
        if "案" not in line and "反面" not in line and "典型问题" not in line:
            continue
        picked = _CASE_OF.search(line)
        if picked and (parse(picked["n"]) or 0) < (parse(picked["all"]) or 0):
            return _stated(sentence, picked, int(parse(picked["n"]) or 0), text, "cases.picked")
        for found in sorted(
            [*_CASE.finditer(line), *_CASE_AFTER.finditer(line), *_CASE_PICKED.finditer(line)],
            key=lambda m: m.start(),
        ):
            stated = _case(sentence, found, text, opening=k < 6)
            if stated is not None:
                return stated
    return None


def _with_lead(sentence: Sentence) -> Sentence:
    """1.案例学习：8起: the lead says what is counted."""
    lead = sentence.path[-1] if sentence.path else None
    if lead is None or lead.passage is not sentence.passage or lead.end != sentence.start:
        return sentence
    return replace(sentence, start=lead.start) if sentence.passage.text[lead.end - 1] == "：" else sentence


def _case(sentence: Sentence, m: re.Match[str], text: str, *, opening: bool) -> Stated | None:
    line = sentence.text
    value = parse(_number(m))
    before = line[: m.start("n")]
    if value is None or value != int(value) or before.endswith(("第", "每", "任", "几", "近", "同")):
        return None
    clause = re.split(r"[；。]", before)[-1]
    if not _STUDIED.search(clause) and not _STUDIED.search(m.group()):
        after = line[m.end() :]
        said = opening and "案例" in m.group() and not _RESULT.search(line)  # 12起案例梳理成册，分送各单位
        if not said and not re.match(
            r"[^。；]{0,40}?(?:学习|研讨|剖析|对照|讨论|自学|编印|汇编|印发|下发|发至|发到|发往|发送|形成|进行剖析|发给|警示|通报给|选编|作为|供)",
            after,
        ):
            return None
    last_clause = re.split(r"[，；。]", before)[-1]
    studied = [k.start() for k in _STUDIED.finditer(last_clause)]
    results = [k.start() for k in _RESULT.finditer(last_clause)]
    if (
        results
        and (not studied or studied[-1] < results[-1])
        and not re.search(r"(?:的|近年|以来|去年|历年)[^，]{0,12}$", last_clause)
    ):
        return None
    if re.search(
        r"^(?:[^。；]{0,12})中[^。；]{0,14}?(?:选|挑|筛|精|摘|梳理|确定|提取)", line[m.end() :]
    ) and re.search(r"从[^。；]*$", before):
        return None
    start, end = sentence.passage.span(sentence.start + m.start(), sentence.start + m.end())
    return Stated(int(value), text[start:end], start, end, "cases.studied")


def read_units_involved(sentences: list[Sentence], text: str) -> Stated | None:
    """How many units take part: the first such count that is not of laggards or of one body's own parts."""
    for sentence in map(_with_lead, sentences):
        line = sentence.text
        if "个" not in line and "家" not in line:
            continue
        after = _UNITS_AFTER.search(line)
        found = [m for m in _UNITS.finditer(line) if _takes_part(line, m)]
        matches = [*found, *([after] if after else [])]
        added = _ADDED.search(line)
        if added and (not matches or matches[0].start() >= added.start()) and not _sums(line, added, matches):
            a, b = parse(added["a"]), parse(added["b"])
            if (
                a is not None
                and b is not None
                and not _PART.search(line[max(0, added.start() - 8) : added.start()])
            ):
                return _stated(sentence, added, int(a + b), text, "units.added")
        ordered = sorted(matches, key=lambda k: k.start())
        if added and _sums(line, added, matches):  # 8个街道、5个区直部门共13家单位
            ordered = [m for m in ordered if _sums(line, added, [m])]
        for m in ordered:
            value = parse(_number(m))
            if value is not None and value == int(value):
                return _stated(sentence, m, int(value), text, "units.counted")
    return None


def _number(m: re.Match[str]) -> str:
    groups = m.groupdict()
    return groups.get("n") or groups.get("t") or ""


def _sums(line: str, added: re.Match[str], matches: list[re.Match[str]]) -> bool:
    """Whether one of the counts is the sum of the two kinds of units named."""
    a, b = parse(added["a"]), parse(added["b"])
    return any(parse(_number(m)) == (a or 0) + (b or 0) for m in matches)


def _takes_part(line: str, m: re.Match[str]) -> bool:
    before = line[: m.start("n") if m.groupdict().get("n") else m.start("t")]
    before = before[-120:]
    clause = re.split(r"[。；，]", before)[-1]
    if before.endswith(("第", "每", "另", "任", "前", "后", "其他", "其余")) or _OWN.search(clause):
        return False
    return not (
        _PART.search(clause[-10:])
        or re.match(r"(?:联合|共同|会签|牵头|召开|碰头|会商|商定|[^，。；]{0,3}联合)", line[m.end() :])
        or re.match(r"[^，。；]{0,4}(?:滞后|未|进度|排查不|存在|被|的(?:问题|整改不))", line[m.end() :])
    )


def _stated(sentence: Sentence, m: re.Match[str], value: int, text: str, rule: str) -> Stated:
    start, end = sentence.passage.span(sentence.start + m.start(), sentence.start + m.end())
    return Stated(value, text[start:end], start, end, rule)
