"""What a figure counts and what it is split by: the words for kinds, domains, categories, levels, states."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from reports.extraction.facts import Kind, Known, Scope
from reports.extraction.numerals import parse
from reports.extraction.passages import Passage
from reports.extraction.rows import (
    is_part,
    lists_before_each,
    names_in_rows,
    names_in_sums,
    totals_counted,
)

KIND_WORDS: tuple[tuple[Kind, str], ...] = (
    (
        "post",
        r"(?:廉政|廉洁|腐败|重点|岗位|廉洁从业|廉政建设)?风险(?:的)?岗位?(?!位?职责|位?责任)|廉(?:政|洁)风险岗(?:位)?",
    ),
    ("point", r"(?:廉政|廉洁|腐败|岗位|业务|权力|廉洁从业|潜在|具体|主要)*风险(?:隐患)?点(?:位)?"),
    (
        "link",
        r"(?:廉政|廉洁|腐败|权力运行(?:的)?)?(?:风险)?(?:关键|重点风险|关键风险|重要)环节|(?:廉政|廉洁|腐败)?风险环节|关键性环节",
    ),
    (
        "measure",
        r"(?<!政策)(?<!惠企)(?<!惠民)(?:廉政|廉洁|风险|防控|整改|防范|管控|化解|应对|控制|具体|针对性|预防|制度|廉政风险|的|相应|对应|有效|配套|监督|工作|各类|改进|治理){0,6}措施",
    ),
    (
        "item",
        r"(?:廉政|廉洁|腐败|各类|具体|突出|主要|(?<![已在未待])整改|重点|共性|个性|方面|风险)*(?:问题(?!线索|建议|清单|台账|导向|单位|项目|资金|楼盘|合同|企业|人员|整改率|发生|资料)(?:隐患)?|(?:风险|整改|廉政|问题)事项)|(?:廉政|廉洁|腐败|安全|各类)?风险隐患(?!点)|(?:廉政|廉洁|腐败)风险(?!防控|排查|点|岗|环节|等级|事项|隐患|清单|台账|评估|管理|库|意识|大|的?岗)",
    ),
)
KIND = re.compile("|".join(f"(?P<{name}>{pattern})" for name, pattern in KIND_WORDS))

_RISK = r"(?:廉政|廉洁|腐败)?风险"
_DEGREE = r"(?:最高|较高|高|重大|较大|中等|中|一般|较低|低)"
LEVEL = re.compile(
    rf"(?P<word>(?<![改进施行]){_DEGREE}(?:度|等级|级别|级)?(?={_RISK}))(?:{_RISK}(?:等级|级别)?)?"
    rf"|(?P<graded>{_DEGREE}(?:度|等级|级别)|[高中低]级(?=[\d、，：（]|的?[一二三四五六七八九十百]+[个处条项]|分别|[占为有]\d))(?!的?措施)"
    rf"|(?:(?<=[、，；：（。为是有分按“])|(?<=其中)|(?<![\s\S])|(?<=[位点节])(?=高、[中低]))(?P<short>高|中|低|(?:较高|较低|一般|重大|较大)(?=\d|、(?:较大|较高|一般|较低|低))|[红橙黄蓝绿](?![色灯牌]))(?=的?\d|的?[一二三四五六七八九十百]+[个处条项]|(?:分别|依次)(?:为|是|有|占)?(?:\d|[零一二三四五六七八九十百]+[个处条项])|”?[三四五](?:个?等)?级|，?分别|的(?:风险)?(?:岗位|点|环节)|[、和](?:高|中|低|较大|较高|较低|橙|黄|蓝|绿|一般)(?![\u4e00-\u9fff]{{0,1}}(?:层|端)))"
    rf"|(?P<rank>(?<![县乡镇上下各每层同逐省市村第红橙黄蓝绿低])(?:[一二三四五]级|[ⅠⅡⅢⅣⅤ]级?|(?<![A-Za-z])(?:IV|I{{1,3}}|V)级?(?![A-Za-z])|(?<![A-Za-z])[A-D]级|[1-5]级))(?!单位|机构|部门|学校|企业|公司|医院|以上)(?:{_RISK}(?!岗|点|环))?"
    rf"|(?P<listed>(?<![一二三四五六七八九十])[一二三](?=、[二三四](?:、[三四])*级)|(?<=、)[二三](?=、[三四]级)|[1-3](?=、[2-4](?:、[34])*级)|I{{1,3}}(?=、(?:I|V)))"
    rf"|(?P<colour>(?:红|橙|黄|蓝|绿)(?:色|牌|灯))(?:预警|等级|级)?(?:{_RISK}(?!岗|点|环))?"
)
STATUS = re.compile(
    r"(?:(?:均|全部|(?<!实)现|目前|基本|仍在|仍|尚|还|正|正在|已经|已|未|拟|待|尚未|仍未|暂未|还未|申请|按期|如期|逾期|长期|持续|限期|立行|立查|即知|退回|未按期|没有|未能|没|需|需要)*(?:完成)?(?:整改|销号|启动|整治|办结|化解|闭环|验收|核验|审批|核销|坚持|推进|实施|落实|完成|立改|即改|延期|逾期|超期|取消|退回重改|退回|重新打开|落地|到位|解决|纠正|执行)(?:整改)?(?:到位|完成|完毕|推进中|进行中|落实|销号|整改|之中|中|期内|延期|未完成|待核验|待销号|待验收|待审批|核验|审批)?)"
    r"|正在办理|办理中|进行中|(?<![存现正])在办|(?<![更修整])改(?:完|到位)(?=的?[\d\0]|$)|(?:还|尚)?(?:没有|没|未)动(?:手|笔|工)?(?=的?[\d\0]|$)|提交(?:销号)?申请|退回整改|(?:已经?|尚?未|待|没|在)改(?:完|好|到位)?(?=的?[\d\0]|$)"
)
_STATUS_MARKED = re.compile(
    r"已|未|没|正|尚|待|在改|在办|改完|改到|仍在|提交|退回|申请|长期|持续|逾期|超期|立行|立查|即知|基本|到位|完成|完毕|中$|销号|办结|延期|退回|限期|取消"
)
CATEGORY_WORDS = "思想道德|岗位职责|业务流程|制度机制|外部环境|制度建设|权力运行|廉洁自律|作风建设|职业道德|工作流程|管理制度|思想政治|行为规范"
CATEGORY = re.compile(
    rf"(?P<name>{CATEGORY_WORDS})(?:方面)?(?:类)?(?:的)?(?:风险(?!点|岗|环|隐))?|(?P<other>[\u4e00-\u9fff]{{2,8}}?)类(?:风险(?!点|岗|环|隐))?"
)
_DOMAIN = re.compile(r"(?P<name>[\u4e00-\u9fff“”·]{2,24}?)(?P<end>领域|方面)")
_DOMAIN_LIST = re.compile(
    r"(?P<list>(?:[^\W\d_和及与A-Za-z]{2,24}(?:、|和|以及|(?<![涉以波普])及|与)){1,14}[^\W\d_和及与A-Za-z]{2,12}?)等?(?:这)?“?(?P<many>[\d一二三四五六七八九十两]{1,2}|几|多)(?:[个大](?:重点|主要|关键|廉政风险|高风险|权力集中)?(?P<end>领域|方面|板块|条线)|条(?:主)?线|大块)"
)
_LIST_COLON = re.compile(
    r"(?:[\d一二三四五六七八九十]{1,2})(?:个|大)(?:重点|主要|关键)?(?:领域|方面)[^，。；：]{0,8}(?:（|：|，即)(?P<list>(?:[^\W\d_和A-Za-z]{2,14}[、和]){1,14}[^\W\d_和A-Za-z]{2,12})(?=[）。；，])"
)
_LIST_IS = re.compile(
    r"领域(?:是|为|有|包括|依次为|依次是|分别为|分别是)：?(?P<list>(?:[\u4e00-\u9fff]{2,12}(?:（[^（）]{1,20}）)[、和]?){2,14})"
)
_LIST_BEFORE = re.compile(
    r"(?P<list>(?:[\u4e00-\u9fff]{2,16}（[^（）]{1,12}）(?:[、和及]|以及)?){2,14})等?(?:[\d一二三四五六七八九十]{1,2}个)?(?:领域|方面)"
)
_PREFIX = re.compile(
    r"^(?:紧扣|扣住|盯住|盯准|盯牢|聚力|着眼|涵盖|分为|围着|抓牢|直指|锁定|划分|指向|牵涉|分散|集中在|分布在|事关|关乎|围绕着|瞄着|对着|顺着|沿着|重在|其中|其余|风险事项(?=涉及)|不涉及|本单位|本局|本镇|本院|主要|重点|紧紧|我县|我局|我镇|我区|全县|全区|全镇|全局|我市|各单位|各级各部门|各部门|相关单位|结合实际|坚持|认真|分别|集中|围绕|聚焦|紧盯|针对|涉及|属于|分布|体现|查找|排查出?|梳理出?|查摆|查出|发现|识别|对照|对|在|于|从|按照?|以|由|将|把|就|为|是|向|和|与|及|以及|另|此外|同时|而|则|又|属|有|该|这|到|至|来自|包括|包含|覆盖|突出|抓住|瞄准|立足|深入|全面|逐一|共|的|开展|推动|推进|加强|强化|组织|一是|二是|三是|四是|五是|六是|关于|经梳理|经排查|经自查|目前|领域|方面|数量|较多|最多|截至目前|分|年|月|日|号|仅|只|也|还|[一二三四五六七八九十]是)+"
)
_GENERIC_DOMAIN = re.compile(
    r"^(?:各|各个|每个|多个|几个|重点|关键|主要|相关|有关|该|本|此|这些|上述|以上|不同|全部|所有|两个|部分|多|某些|个别|任何|同一|一|[一二三四五六七八九十]+个?|[一二三四五六七八九十]大|重要|具体|薄弱|职责|工作|业务|权力集中|资金密集|资源富集|腐败易发多发|风险岗位|风险点|关键环节|措施|问题|数量|等级|类别|时间|制度|机制|思想|组织|进度|质量|成效|责任|整改|领导|高风险|中风险|低风险|风险|方式方法|体制机制|履职尽责|认识|程度|之|等|存在问题|廉政风险|廉洁风险|民生|群众身边|新|行业|专业|公共|本行业|分管|监管|本)$"
)
_SEPARATOR = re.compile(r"[、，]|以及|(?<=[\u4e00-\u9fff]{2})(?<![涉以波普])[和及与](?=[\u4e00-\u9fff]{2})")


@dataclass(frozen=True)
class Label:
    """What a figure is split by: the scope and the name of the part."""

    scope: Scope
    name: str


class Domains:
    """Names of domains that a text (or the register) knows, and a pattern that finds them."""

    def __init__(
        self,
        names: Iterable[str],
        listed: Sequence[str] = (),
        groups: Iterable[str] = (),
        told: Iterable[str] = (),
    ) -> None:
        self.names = tuple(dict.fromkeys(names))
        self.listed = tuple(listed)
        self.told = frozenset(told)  # those that the text calls 领域 or 方面, or lists as such
        self.groups = frozenset(groups)  # parts of the whole that are no domains: 县直, 乡镇
        ordered = sorted(self.names, key=len, reverse=True)
        self.pattern = re.compile("|".join(re.escape(n) for n in ordered) + r"" if ordered else "(?!)")

    def __contains__(self, name: object) -> bool:
        return name in self.names


def kind_of(match: re.Match[str]) -> Kind:
    """The kind a match of `KIND` stands for."""
    for name, _ in KIND_WORDS:
        if match.group(name):
            return name
    raise ValueError(match.group())


# 组织人事, 集中采购, 重点工程: what is elsewhere a leading verb is part of a short name
_NAME_HEAD = re.compile("组织|集中|重点|推广|识别|加强|突出|全面")


# 县财政局围绕项目申报: what comes before is who looks, not where
_LEADS_IN = re.compile(
    "围绕|聚焦|紧盯|针对|紧扣|瞄准|涉及|覆盖|涵盖|包括|包含|属于|立足|抓住|盯住|负责的?|牵头的?|承担的?|分管的?|主管的?|归口管理的?|(?:风险岗位|风险点|关键环节)(?:数量)?(?:主要)?[为有是]|[确选圈锁划认]定|选取|选择|划?分为"
)


def _unquoted(name: str) -> str:
    """Without the quotation marks around it; 村级集体“三资” keeps those inside."""
    whole = re.fullmatch("“[^“”]*”", name) or name.count("“") != name.count("”")
    return name.strip("“”") if whole else name


def clean_domain(written: str) -> str:
    """A domain's bare name: no leading verb, no final 领域 or 方面; empty where none is left."""
    name = _unquoted(written.strip("：，、 "))
    name = re.sub(r"(?:领域|方面)$", "", name)
    name = _LEADS_IN.split(name)[-1]
    if len(name) > 8 and (cut := max(name.rfind(w) for w in "的对从在照")) >= 0:
        name = name[cut + 1 :]
    # 对外投资 is a name of its own: 对外 is no leading 对.
    if len(name) == 4 and _NAME_HEAD.match(name):
        return "" if _GENERIC_DOMAIN.match(name) or "问题" in name else name
    while not name.startswith("对外") and (stripped := _PREFIX.sub("", name)) != name and len(stripped) >= 2:
        name = stripped
    name = re.sub("^[县区旗](?!域|级|城|乡|属|直|外|内|划|块)", "", name)
    if not 2 <= len(name) <= 12 or _GENERIC_DOMAIN.match(name) or _PREFIX.fullmatch(name):
        return ""
    if re.search(
        r"[局委镇乡]$|公司|单位$|进行|完善|风险岗位|风险点|关键环节|排查|查找|[的了着]|过$|措施|问题", name
    ):
        return ""
    return name


def find_domains(passages: Sequence[Passage], known: Known) -> Domains:
    """The domains a text speaks of."""
    names: list[str] = [re.sub(r"(?:领域|方面)$", "", d) for d in known.domains]
    in_rows, groups = names_in_rows(passages)
    by_place = [c for n in in_rows if _is_plain(n) and _is_plain(c := clean_domain(n))]
    listed: list[str] = []
    totals = totals_counted(passages)
    for passage in passages:
        text = passage.text
        for pattern in (_DOMAIN_LIST, _LIST_COLON, _LIST_IS, _LIST_BEFORE):
            for m in pattern.finditer(text):
                written = re.sub(r"（[^（）]*）(?=[、和])", "", m["list"])
                many = m.groupdict().get("many")
                parts = _split_list(re.sub(r"（[^（）]*）(?=[^、和]|$)", "、", written), parse(many or ""))
                if len(parts) >= 2:
                    names.extend(parts)
                    listed = listed or parts
        by_place += [
            c for n in names_in_sums(text, totals) if _is_plain(n) and _is_plain(c := clean_domain(n))
        ]
        names.extend(n for listed_here in lists_before_each(text) for n in _parts_each(listed_here))
        for m in _DOMAIN.finditer(text):
            names.extend(_one_domain(text, m))
    told = [n for n in names if n]
    return Domains([*told, *(n for n in by_place if n)], listed, groups, told)


def _parts_each(written: str) -> list[str]:
    """The names of a list before 分别, none where they are of units, levels or states."""
    parts = _split_list(written)
    return parts if len(parts) > 1 and all(is_part(p) and _is_plain(p) for p in parts) else []


def _is_plain(name: str) -> bool:
    """Whether a name is that of no kind, level, state or category."""
    return not (KIND.search(name) or label_of(name, Domains(())))


def _split_list(written: str, many: float | None = None) -> list[str]:
    """The names of a list; where it is said how many they are, 和 may belong to a name."""
    pieces = [p for p in _SEPARATOR.split(written) if p]
    by_marks = [p for p in re.split("[、，]", written) if p]
    cleaned = [clean_domain(p) for p in (by_marks if len(by_marks) == many != len(pieces) else pieces)]
    while cleaned and not cleaned[0]:
        cleaned.pop(0)
    return cleaned if cleaned and all(cleaned) else []


_COUNTED = re.compile(
    r"^(?:的)?[，：（]?(?:共|有|共有|分别|合计|排查|梳理|查找|查摆|查出|发现|识别|确定|认定|存在|涉及|的|为|计|出|摸排|自查|未|无){0,4}(?:[\d一二三四五六七八九十百零两]+(?:余|多)?[个处条项件起]|风险岗位|(?:廉政|廉洁)?风险点|关键环节|高风险|问题\d|防控措施\d)"
)


def _one_domain(text: str, m: re.Match[str]) -> list[str]:
    """The names a `…领域` or `…方面` gives: 方面 only where something is counted after it."""
    if re.match(r"[\d一二三四五六七八九十两]{1,2}[个大]", m["name"][-3:]) or re.search(
        r"[个大等几](?:重点|主要|关键|核心)?$", m["name"]
    ):
        return []
    if m["end"] == "方面" and not _COUNTED.match(text[m.end() : m.end() + 30]):
        return []
    written = m["name"]
    if m.start() and text[m.start() - 1].isdigit() and written[0] in "个处条项件":
        written = written[1:]
    tail = _SEPARATOR.split(written)[-1]
    name = clean_domain(tail)
    if name == "其他" and not _COUNTED.match(text[m.end() : m.end() + 30]):
        return []
    if m["end"] == "方面" and re.fullmatch(CATEGORY_WORDS, name):
        return []
    if m["end"] == "领域" and len(name) > 8 and not _COUNTED.match(text[m.end() : m.end() + 30]):
        return []
    return [name] if name else []


def level_name(match: re.Match[str]) -> str:
    """A level as written, without the word 风险: 高, 中等, 一级, Ⅱ级, 红色."""
    if match["listed"]:
        return match["listed"] + "级"
    return match["word"] or match["graded"] or match["short"] or match["rank"] or match["colour"]


def status_name(written: str) -> str | None:
    """A state as written, None where the words name no state."""
    if len(written) < 2 or not _STATUS_MARKED.search(written):
        return None
    return re.sub(r"^(?:截至目前|目前|现|均|全部)(?=[已未正尚])", "", written)


def label_of(written: str, domains: Domains) -> Label | None:
    """The label a short phrase (heading of a row, name before a number) stands for, None if unclear."""
    phrase = _unquoted(written.strip("：:、，。 "))
    phrase = re.sub(r"^(?:其中|涉及|属于|属|按|为|在)", "", phrase)
    phrase = re.sub(r"(?:的|数|数量|个数|（个）|（处）|（项）|（条）)$", "", phrase)
    if not phrase:
        return None
    bare = re.sub(r"(?:领域|方面)$", "", phrase)
    if bare in domains:
        return Label("domain", bare)
    if re.fullmatch(rf"(?:{CATEGORY_WORDS})(?:方面)?(?:类)?(?:风险)?(?:类)?", phrase):
        return Label("category", re.sub(r"(?:方面|类|风险)+$", "", phrase))
    level = LEVEL.match(phrase if len(phrase) > 1 else phrase + "1")
    if level and re.fullmatch(
        r"(?:风险|等级|级|点|岗位|环节|的|隐患){0,3}", phrase[min(level.end(), len(phrase)) :]
    ):
        return Label("level", level_name(level))
    if STATUS.fullmatch(phrase) and (name := status_name(phrase)):
        return Label("status", name)
    if phrase.endswith("类") and len(phrase) > 2:
        return Label("category", phrase[:-1])
    if re.search(r"(?:领域|方面)$", phrase) and (name := clean_domain(phrase)):
        return Label("domain", name)
    return None
