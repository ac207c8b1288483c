"""A sentence as tokens: numbers, what is counted, what it is split by, and the marks between them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from reports.extraction.facts import Kind
from reports.extraction.labels import (
    CATEGORY,
    KIND,
    LEVEL,
    STATUS,
    Domains,
    Label,
    kind_of,
    level_name,
    status_name,
)
from reports.extraction.numerals import ARABIC, WORDS, Number, number_of, percent
from reports.extraction.passages import Passage
from reports.extraction.units import Gazetteer
from reports.extraction.wording import FILL

TokenType = Literal[
    "num",
    "pct",
    "kind",
    "label",
    "group",
    "each",
    "of",
    "reset",
    "none",
    "comma",
    "list",
    "stop",
    "open",
    "close",
    "word",
]


@dataclass(frozen=True)
class Token:
    """One token of a passage, `text[start:end]`. `measure` is the measure word of a number."""

    type: TokenType
    start: int
    end: int
    text: str
    number: Number | None = None
    measure: str = ""
    kind: Kind | None = None
    label: Label | None = None
    places: int = 0
    hint: str = ""


_COUNTER = r"个|处|条|项|件|起|道"
_APPROX = r"(?:大约|约有|约|将近|接近|近|不少于|不低于|超过|至少|不足|不到|超|逾|上(?=[百千万]))?"
_OTHER_MEASURE = r"(?:人次|万人次|万元|亿元|元|人|名|次|场次|场|份|家|户|年|月|日|号|天|小时|分钟|期|篇|吨|公里|亩|倍|届|轮|批|级|分|所|位|部|台|辆|套|间|块|张|面|宗|笔|字|页|层|楼|米|平方|余人|支|本|册|封|例|则|镇|乡|村|类|种|周|季度|条(?:主|战)?线|[个大]?(?:百分点|月|工作日|股室|科室|村|社区|部门|单位|企业|镇|乡|街道|领域|方面|重点领域|小组|工作组|专班|支部|项目|标段|窗口|班子|步骤|阶段|层面|环节点?|大项|小项|地块|案例|学校|水库|岗位负责人|等级|档次|类别|类型|维度|关口|层级|维度|板块|条线|批次|年度|县区|乡镇|园区|党组织|党支部|行业|系统|系列|流程|要素|群体|大类|小类|模块|途径|渠道|角度|子公司|公司))"
_STATIC = re.compile(
    rf"(?P<reset>(?:按照?|从|依照?|以|就|(?<![部划])分(?=(?:领域|等级|级别|层级|类别|类型|单位|条线|板块|状态|进度|性质|来源)(?:来?看|统计)))(?P<hint>[^，。；：、\d]{{0,14}}?(?:等级|级别|类别|类型|种类|领域|程度|状态|进度|进展|情况|单位|性质|来源|条线|板块|结构|构成|分布|整改|大小|高低|轻重|缓急|层级)|(?:红|橙|黄|蓝|绿)(?:[、和]?(?:红|橙|黄|蓝|绿))+[一二三四]?色)[^，。；：、\d]{{0,6}}?(?:划分|分类|区分|分析|来看|看|分为|分|统计|计|管理|评定|评估|排序))"
    rf"|(?P<weigh>(?:[再先三二一]?[论看])(?:轻重|程度|等级|进度|进展|类别|成因|领域)(?=[，：]))|(?P<each>分别(?:为|是|有|占|达|计)?|依次(?:为|是|有)?|各自(?:为|有)?|各(?:为|有)?(?=(?:\d{{1,6}}|[零一二三四五六七八九十百]{{1,9}})[个处条项]、))"
    rf"|(?P<of>其中)"
    rf"|(?P<none>(?:均|都|暂|尚|经自查|经排查|目前)?(?:未发现|未排查出|未查出|未梳理出|未查找出|未排查到|未查找到|未发现有|未涉及|未存在|不存在|不涉及|没有发现|没有(?:排查|梳理|查找|查)出|没有(?!销号|动|改|整改|完成|启动|落实|到位|办结)|暂无|无|为“?(?:零|无|0(?![\d.])|〇)”?(?:申报|报告)?|零(?=[个处条项，。；、）]))(?:明显|任何)?)"
    rf"|(?P<pct>(?P<pn>(?<!\d)\d{{1,9}}(?:\.\d{{1,6}})?)%|百分之(?P<pw>[零〇一二三四五六七八九十百点两]{{1,12}}))"
    # 15个岗位、25个风险点和10个环节: not the steps of a procedure
    rf"|(?P<other>(?!(?<=(?:风险点|个岗位|险岗位|个点位)[、和及，])\d{{1,6}}个环节(?!点))(?<![A-Za-z\d.这那])(?:第|每|几|数|另)?{_APPROX}(?:{ARABIC}|{WORDS})(?:余|多)?(?:{_OTHER_MEASURE}))"
    rf"|(?P<num>(?<![A-Za-z\d.第每几数A-Z])(?P<before>{_APPROX})(?P<number>{ARABIC}|{WORDS})(?P<after>余|多)?(?:(?P<mw>{_COUNTER})(?!百分)(?P<tail>多|左右|以上|上下)?)?)"
    rf"|(?P<stop>[；。！？])|(?P<comma>[，：])|(?P<list>、|以及|和|(?<![涉以波普])及(?![时早格])|(?<!参)与(?!会))|(?P<open>（)|(?P<close>）)"
)
GROUP = re.compile(
    rf"(?:{ARABIC}|{WORDS})(?:个|大|家|户|类|种|条)(?:重点|主要|关键|子|县直|参与|成员|责任|下属|所属|县属|单)?(?:领域|方面|单位|部门|乡镇|镇|街道|公司|企业|类别|等级|层级|板块|条线|环节类)|(?:{ARABIC}|{WORDS})类(?=[均都]?各)"
)


def tokenize(passage: Passage, start: int, end: int, domains: Domains, units: Gazetteer) -> list[Token]:
    """The tokens of `passage.text[start:end]`, words in between included, in order and without overlap."""
    text = passage.text
    taken: list[Token] = []
    chars = list(text[start:end])
    for mention in units.mentions_in(passage, start, end):
        stop = max(mention.end, min(mention.section_end, end))
        label = Label("unit", units.body_of(mention).name) if stop == mention.end else None
        written = text[mention.start : stop]
        taken.append(Token("label" if label else "word", mention.start, stop, written, label=label))
        _blank(chars, mention.start - start, stop - start)
    for m in _TITLE.finditer(text, start, end):  # nothing inside 《…》 is counted
        _blank(chars, m.start() - start, m.end() - start)
    for take in (_take_domains, _take_levels, _take_static, _take_kinds, _take_states, _take_categories):
        take("".join(chars), chars, start, domains, taken)
    taken.sort(key=lambda t: t.start)
    return _with_words(taken, text, start, end)


_TITLE = re.compile(r"《[^《》]{0,80}》")
_SUFFIX = re.compile(r"领域|方面")


def _blank(chars: list[str], start: int, end: int) -> None:
    chars[start:end] = ["\0"] * (end - start)


def _take_domains(line: str, chars: list[str], start: int, domains: Domains, taken: list[Token]) -> None:
    for m in domains.pattern.finditer(line):
        if _is_longer_name(line, m.end()):
            continue
        suffix = _SUFFIX.match(line, m.end())
        stop = suffix.end() if suffix else m.end()
        label = Label("domain", m.group())
        taken.append(
            Token(
                "label",
                start + m.start(),
                start + stop,
                line[m.start() : stop],
                label=label,
            )
        )
        _blank(chars, m.start(), stop)


def _is_longer_name(line: str, at: int) -> bool:
    """Whether the name of a domain is the head of another: 砂石 in 砂石开采有52个."""
    tail = _NAME_TAIL.match(line, at)
    return tail is not None and not (
        FILL.fullmatch(tail[1]) or KIND.search(tail[1]) or STATUS.search(tail[1]) or _SUFFIX.match(tail[1])
        or LEVEL.search(tail[1]) or _BARE_TAIL.search(tail[1])
    )  # fmt: skip


# 村级财务岗位15个, 村级财务这一块12个: no part of the name
_BARE_TAIL = re.compile("(?:岗位|点位|环节|风险|[这一]块|分别|依次|各自)$")


_NAME_TAIL = re.compile(
    r"([\u4e00-\u9fff]{2,4}?)(?:有|为)?(?:\d|(?<![零一二三四五六七八九十百])[零一二三四五六七八九十百]{1,9}[个处条项])"
)


def _take_levels(line: str, chars: list[str], start: int, domains: Domains, taken: list[Token]) -> None:
    for m in _HIGH_TO_LOW.finditer(line):  # 高中低三级分别为…
        for k, name in enumerate("高中低"):
            at = start + m.start() + k
            taken += [Token("list", at, at, "")] if k else []
            taken.append(Token("label", at, at + 1, name, label=Label("level", name)))
        _blank(chars, m.start(), m.end())
    line = "".join(chars)
    for m in LEVEL.finditer(line):
        stop = m.end()
        # the word 风险 belongs to what is counted in 高风险点, to the level in 高风险12个
        inner = KIND.search(line, m.start(), min(len(line), m.end() + 8))
        if inner and m.start() < inner.start() < m.end() and kind_of(inner) != "item":
            stop = inner.start()
        name = level_name(m)
        if re.search("[高中低][、和及]$", line[max(0, m.start() - 2) : m.start()]):
            name = re.sub(r"(?<=.)(?:度|等级|级别)$", "", name)  # 高、中、低等级
        label = Label("level", name)
        noun = _BARE_NOUN.match(line, stop)
        if noun and not inner:
            kind: Kind = "post" if noun[1] == "岗位" else "point" if noun[1] == "点位" else "link"
            taken.append(Token("kind", start + stop, start + noun.end(), noun.group(), kind=kind))
            _blank(chars, stop, noun.end())
        taken.append(Token("label", start + m.start(), start + stop, line[m.start() : stop], label=label))
        _blank(chars, m.start(), stop)


# 岗位12个、风险点20个、环节6个: counted beside each other or beside a kind named in full
_BARE: dict[str, Kind] = {"岗位": "post", "点位": "point", "环节": "link"}
_BARE_KIND = re.compile(
    r"(?:(?<![\u4e00-\u9fff])|(?<=其中)|(?<=[领域方面有共的块看上中里来])|(?<=排查)|(?<=出))(?:岗位|点位|环节)(?:方面)?(?=[数有为共中]?\0|：\0)|(?<=\0)(?:岗位|点位|环节)(?=[、，。；和）]|存在|被|有)"
)
_KEY_LINK = re.compile("(?:廉政|廉洁)?重点环节[有为共]?")
_HIGH_TO_LOW = re.compile(r"高中低(?=风险|等级|三|档|级|，|分别|依次|岗位|点|的)")
_BARE_NOUN = re.compile(r"的?(岗位|点位|环节)(?=[\d零一二三四五六七八九十百共有为、，分]|$)")


def _take_kinds(line: str, chars: list[str], start: int, domains: Domains, taken: list[Token]) -> None:
    for m in KIND.finditer(line):
        taken.append(Token("kind", start + m.start(), start + m.end(), m.group(), kind=kind_of(m)))
        _blank(chars, m.start(), m.end())
    counted = {t.start - start for t in taken if t.type == "num"} | {
        t.end - start for t in taken if t.type == "num"
    }
    for m in _KEY_LINK.finditer("".join(chars)):  # 重点环节 is what is counted only beside its number
        if {m.start(), m.end()} & counted:
            taken.append(Token("kind", start + m.start(), start + m.end(), m.group(), kind="link"))
            _blank(chars, m.start(), m.end())
    bare = list(_BARE_KIND.finditer(line))
    if KIND.search(line) or len({m.group()[:2] for m in bare}) > 1:
        for m in bare:
            kind = _BARE[m.group()[:2]]
            taken.append(Token("kind", start + m.start(), start + m.end(), m.group(), kind=kind))
            _blank(chars, m.start(), m.end())


def _take_states(line: str, chars: list[str], start: int, domains: Domains, taken: list[Token]) -> None:
    for m in STATUS.finditer(line):
        name = status_name(m.group())
        if name:
            taken.append(
                Token("label", start + m.start(), start + m.end(), m.group(), label=Label("status", name))
            )
            _blank(chars, m.start(), m.end())


def _take_categories(line: str, chars: list[str], start: int, domains: Domains, taken: list[Token]) -> None:
    for m in CATEGORY.finditer(line):
        name = m["name"] or re.sub(
            r"^(?:其中|中(?=属|为|涉)|涉及|属于|属|为|有|是|在|查出|排查)+", "", m["other"]
        )
        at = m.start() + m.group().find(name)
        if re.match(r"[中里上内]的?", line[m.end() : m.end() + 2]) or (
            m["name"] and not _AFTER_CATEGORY.match(line, m.end())
        ):
            continue
        if m["name"] or not _NO_CATEGORY.search(name):
            label = Label("category", name)
            taken.append(Token("label", start + at, start + m.end(), line[at : m.end()], label=label))
            _blank(chars, at, m.end())


# 权力运行流程图 is no category
_AFTER_CATEGORY = re.compile(
    r"$|[^\u4e00-\u9fff]|方面|类|的|风险|有|为|共|是|占|和|及|与|等|岗位|点|环节|问题|[排自]?查|梳理|分别|依次|均|各|[上中]"
)
_NO_CATEGORY = re.compile(r"^[一二三四五六七八九十各分这该此某哪本两几多个以之]|人$|等$|[种此分各]$")
_MARKS = ("each", "of", "none", "stop", "comma", "list", "open", "close")


def _take_static(line: str, chars: list[str], start: int, domains: Domains, taken: list[Token]) -> None:
    groups = {m.start(): m.end() for m in GROUP.finditer(line)}
    for m in _STATIC.finditer(line):
        taken.extend(_static_token(m, start, m.start() in groups))
        # 和, 及 and 无 may be inside a word that is found later; signs and numbers are final
        if not (m["list"] and m["list"] != "、") and m["none"] != "无":
            _blank(chars, m.start(), m.end())


def _static_token(m: re.Match[str], start: int, group: bool) -> list[Token]:
    at, to, written = start + m.start(), start + m.end(), m.group()
    if m["reset"]:
        return [Token("reset", at, to, written, hint=_hint(m["hint"]))]
    if m["weigh"]:
        return [Token("reset", at, to, written, hint=_hint(written))]
    if m["pct"]:
        share = percent(m["pn"] or m["pw"])
        return [Token("pct", at, to, written, number=Number(share[0]), places=share[1])] if share else []
    if m["other"]:
        return [Token("group" if group else "word", at, to, written)]
    if m["num"]:
        number = number_of(m, m["tail"] or "")
        if number is None or (not m["mw"] and not m["number"][0].isdigit()):
            return [Token("word", at, to, written)] if m["mw"] else []
        if m["tail"] == "多":
            number = Number(number.value, "floor")
        return [Token("num", at, to, written, number=number, measure=m["mw"] or "")]
    name = next(name for name in _MARKS if m[name])
    return [Token(name, at, to, written)]  # type: ignore[arg-type]


def _hint(written: str) -> str:
    if re.search(r"等级|级别|程度|色$|大小|高低|轻重|缓急|层级", written):
        return "level"
    if re.search(r"领域|条线|板块", written):
        return "domain"
    if re.search(r"状态|进度|进展|整改", written):
        return "status"
    if re.search(r"类别|类型|种类|性质|来源|构成|结构|成因", written):
        return "category"
    return "unit" if "单位" in written else ""


def _with_words(taken: Sequence[Token], text: str, start: int, end: int) -> list[Token]:
    out: list[Token] = []
    at = start
    for token in taken:
        if token.start < at:
            continue
        if token.start > at:
            out.append(Token("word", at, token.start, text[at : token.start]))
        out.append(token)
        at = token.end
    if at < end:
        out.append(Token("word", at, end, text[at:end]))
    return out
