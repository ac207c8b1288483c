"""Parts for which a report says that no number is given, and how many parts make up its whole."""

from __future__ import annotations

import re
from collections.abc import Sequence

from reports.extraction.facts import Figure, Scope
from reports.extraction.labels import CATEGORY, KIND, LEVEL, Domains, Label, level_name
from reports.extraction.numerals import parse
from reports.extraction.passages import Passage
from reports.extraction.rows import is_part
from reports.extraction.units import Gazetteer

_TO_COME = (
    r"(?:未(?:单独|能|再|作|做|予)?(?:统计|列明|列出|报|明确|上报|报送|填报|分|区分|反馈)|没有?(?:单独)?(?:统计|报|上报|报送|填报|列出|列明|分|反馈)"
    r"|待(?:后)?(?:补报|定|统计|报|明确|核)|[暂还尚]?未(?:最终)?(?:核定|确定|厘清|梳理完|摸清|汇总|核实)|另行(?:统计|上报)|数量待定|暂缺|不详|尚未|[正还仍尚]在(?:梳理|统计|排查|复核|核|汇总)|汇总中|未?单列|没有[^，。；\d]{0,10}单列|核实中|口径|量化|定性|计数|没有?给|细分|归类|不作|另附|另册|空缺|缺报|漏报|暂?[未不]予?(?:计入|纳入|列入)|没数|缺数|无数据|没有数据)"
)
_NO_NUMBER = re.compile(
    r"(?:领域|方面|类|风险)?(?:的)?(?:风险岗位|风险点|关键环节)?(?:数|数量|数据)?(?:[，（])?[^，。；、\d]{0,8}?"
    + _TO_COME
)
# 选人用人9个，医保基金使用因统计口径还在核对，数目暂未列出
_PART_TO_COME = re.compile(
    rf"[个处条项][，；](?P<name>[\u4e00-\u9fff]{{2,8}}?)(?:领域|方面)?(?:因|由于|尚|暂|还|仍|正)[^。；\d]{{0,24}}?{_TO_COME}"
)
# 其余为财务报销领域; 其余的都在中介服务
_REST_IS = re.compile(
    r"其余(?:的|均|都|全部|则)*(?:为|属于?|是|在|来自|分布在|集中在)(?P<name>[\u4e00-\u9fff]{2,8}?)(?P<ends>领域|方面|类)?(?=[，。；）]|$)"
)
# 因县属企业正在重组，岗位数暂未核定: of the domain spoken of
_KIND_TO_COME = re.compile(
    rf"(?:岗位|风险点|环节|措施)数?量?[^。；，\d]{{0,24}}(?:，[^。；，\d]{{0,14}})?{_TO_COME}(?<!口径)(?<!量化)(?<!定性)(?<!计数)(?<!细分)(?<!归类)"
    r"(?!整改|销号|完成|落实|办结|启动|到位|解决|覆盖|建立|制定|明确责|见效|消除)"
)
# 外送检验和工程基建两块至今没分出来
_NONE_OF_SOME = re.compile(
    r"(?:^|[，。；：])(?P<list>[\u4e00-\u9fff]{2,8}(?:[、和与][\u4e00-\u9fff]{2,8}){0,3}?)(?:这)?[两三四]?(?:块|个领域|个方面)"
    r"(?:的?(?:风险岗位|风险点|关键环节))?(?:数?量?)?(?:至今|目前|还|尚|暂)?(?:没|未|待)[^，。；]{0,3}(?:分|统计|报|汇总|明确|定)"
)
_LISTED_CLASSES = re.compile(
    r"(?P<list>(?:[\u4e00-\u9fff]{2,8}、){1,6}[\u4e00-\u9fff]{2,8}?(?:[和与及][\u4e00-\u9fff]{2,8}?)?)等?(?:这)?[二三四五六七八\d](?:大|个)?类"
)
_N = r"(?<!\d)(?P<n>\d{1,3}|(?<![一-十])[二三四五六七八九十]{1,3})"
_MAKE_UP = re.compile(
    _N
    + r"(?:家|个|户|所)[\u4e00-\u9fff]{0,4}?(?:单位|部门|乡镇|镇街|镇|乡|街道|公司|企业|学校|医院|卫生院|机构|网点|分社|支行|信用社|园区)"
    r"(?![\u4e00-\u9fff]{0,3}(?:滞后|较|居|排))"
)
_NOT_ALL = re.compile(r"(?:抽查|随机|抽取|前|第|另|最[\u4e00-\u9fff]的|仅有?|还有|尚有|有)$")


def unstated_parts(
    passages: Sequence[Passage],
    domains: Domains,
    units: Gazetteer,
    figures: Sequence[Figure],
    blank: Sequence[Label] = (),
) -> dict[Scope, tuple[str, ...]]:
    """Names of parts, by scope, for which the text says that a number is still to come."""
    categories = {f.name for f in figures if f.scope == "category"}
    found: dict[Scope, list[str]] = {"domain": list(domains.listed), "category": [], "level": [], "unit": []}
    for label in blank:
        found.get(label.scope, []).append(label.name)
    by_unit = sum(f.scope == "unit" for f in figures) > 1
    headed: list[str] = []  # the domain of the heading above
    heading_at = 0
    for n, passage in enumerate(passages):
        text = passage.text
        found["domain"] += [m.group() for m in domains.pattern.finditer(text) if _is_to_come(text, m.end())]
        for rest in _REST_IS.finditer(text):
            if is_part(rest["name"]):
                found["category" if rest["ends"] == "类" else "domain"].append(rest["name"])
        found["domain"] += [
            m["name"]
            for m in _PART_TO_COME.finditer(text)
            if is_part(m["name"]) and not KIND.search(m["name"])
        ]
        for m in _KIND_TO_COME.finditer(text):
            if domains.pattern.search(text, m.start(), m.end()):
                continue  # another part is named before what is still to come
            begin = max(text.rfind("。", 0, m.start()), text.rfind("；", 0, m.start())) + 1
            near: list[tuple[int, Scope, str]] = [
                (-1, "domain", headed[-1] if headed and n <= heading_at + 3 else "")
            ]
            near += [
                (d.start(), "domain", d.group()) for d in domains.pattern.finditer(text, begin, m.start())
            ]
            bodies = units.mentions_in(passage, begin, m.start()) if by_unit else []
            near += [(u.start, "unit", units.body_of(u).name) for u in bodies]
            _, scope, name = max(near)
            found[scope] += [name] if name else []
        if len(text) <= 30:
            headed, heading_at = [d.group() for d in domains.pattern.finditer(text)], n
        for m in _NONE_OF_SOME.finditer(text):
            names = re.split("[、和与]", re.sub("[两三四]$", "", m["list"]))
            found["domain"] += [name for name in names if is_part(name)]
        found["category"] += [
            m["name"] or re.sub("^(?:其中|涉及|属于|属)", "", m["other"])
            for m in CATEGORY.finditer(text)
            if _is_to_come(text, m.end())
        ]
        named = {m["name"] for m in CATEGORY.finditer(text) if m["name"]}
        found["category"] += sorted(named - categories) if len(named & categories) > 1 else []
        for m in _LISTED_CLASSES.finditer(text):
            listed = [re.sub("(?:方面|类|风险)+$", "", n) for n in re.split("[、和与及]", m["list"])]
            found["category"] += listed if len(categories & set(listed)) > 1 else []
        found["level"] += [level_name(m) for m in LEVEL.finditer(text) if _is_to_come(text, m.end())]
        found["unit"] += [
            units.body_of(m).name
            for m in units.mentions_in(passage)
            if _is_to_come(text, m.end)
            and not re.search("会同|联合|督促|移交|[与请由待经报向]$", text[max(0, m.start - 2) : m.start])
        ]
    return {scope: tuple(dict.fromkeys(names)) for scope, names in found.items()}


def _is_to_come(text: str, at: int) -> bool:
    return _NO_NUMBER.match(text[at : at + 30]) is not None


def unit_counts(passages: Sequence[Passage], involved: int | None) -> frozenset[int]:
    """How many units, or companies of one body, are said to make up the whole."""
    found = [
        parse(m["n"])
        for p in passages
        for m in _MAKE_UP.finditer(p.text)
        if not _NOT_ALL.search(p.text[max(0, m.start() - 4) : m.start()])
    ]
    return frozenset(int(n) for n in (*found, involved) if n and n > 1)
