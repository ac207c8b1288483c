"""Names of parts that no ending tells: given away by a row of like counts, or by the list before a 分别."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain

from reports.extraction.headings import is_section_title
from reports.extraction.numerals import parse
from reports.extraction.passages import Passage
from reports.extraction.wording import FILL, LEAD_VERB

_NUMBER = r"(?:(?<!\d)\d{1,6}|(?<![零一二两三四五六七八九十百])[零一二两三四五六七八九十百]{1,9}余?[个处条项]|无(?=[，。；、])|零(?=[，。；、个]))"
_COUNTED = r"(?:廉政|廉洁|腐败|岗位|业务|重点|主要|具体|各类)*(?:风险岗位|风险点|关键环节|风险环节|岗位|点位|环节|问题)"
_COUNT = rf"(?:(?P<before>{_COUNTED})(?:数|有|为|共|：|约|近)*(?P<n>{_NUMBER})|(?P<m>{_NUMBER})[个处条项]?(?P<after>{_COUNTED}))"
_MARK = (
    r"(?:\d{1,2}[.．、]|（[一二三四五六七八九十\d]{1,3}）|[一二三四五六七八九十]{1,3}、|[①-⑳]|——|--|[●■◆★☆▲△□◇►▶·※【〔]"
    r"|[一二三四五六七八九十]是|第[一二三四五六七八九十][，、]|其中：?|在|涉及|属于)?"
)
_VERBS = r"(?:共|有|为|了|则|涉及|存在|包括|包含|(?:自查|排查|梳理|查找|查摆|发现|识别|确定|认定|确认|认领|评定|核定|锁定|起底|清理|上报|报送|申报|填报)出?|(?:列|找|查|摸|排|筛)出)*"
_ENTRY = re.compile(
    rf"(?:^|(?<=[。；：，、）和及]))(?P<lead>{_MARK})(?!关键环节|重点环节|风险|廉)(?P<name>[\u4e00-\u9fff]{{2,10}}?)"
    rf"(?P<tail>领域|方面|(?<!板)这?一?块|这边|[里当其]?[上中里内][头面]?|当中|一线|】|〕)?(?:最[重多高少突][出]?|居[首次末]|次之|相对[\u4e00-\u9fff]{{1,3}}|较[重多高少轻]|排[\u4e00-\u9fff]{{1,3}})?的?(?:风险)?(?:（[^（）\d]{{1,20}}）|由[^，。；\d]{{2,24}}(?:负责|牵头|承担|主管)(?:[排自清]查)?(?=，))?(?P<mark>(?:[：。，（]|——?|--)?){_VERBS}"
    rf"(?:{_COUNT})"
)
_COUNT_RE = re.compile(_COUNT)
# 村级财务风险岗位、风险点、关键环节分别为15个、25个、10个; 村级财务（15、25、10）: several kinds at once
_ENTRY_OF_SEVERAL = re.compile(
    rf"(?:^|(?<=[。；：，、]))(?P<lead>{_MARK})(?!关键环节|重点环节|风险|廉)(?P<name>[\u4e00-\u9fff]{{2,10}}?)(?:领域|方面)?"
    rf"(?:的?(?:{_COUNTED}[、和及]){{0,3}}(?:{_COUNTED})?(?:数量?)?，?(?:分别|依次)(?:为|是|有)|(?P<open>（))"
    r"(?P<n>\d{1,6})[个处条项]?[、和](?:\d{1,6}[个处条项]?[、和]){0,2}\d{1,6}[个处条项]?(?:[，。；、]|(?(open)）|$))"
)
_PLAIN = re.compile(
    rf"(?:^|(?<=[。；：，、）（和])|(?<=其中)){_MARK}(?:其中|主要|集中在|分布在|涉及|属于)*(?!关键环节|重点环节|风险|廉)(?P<name>[\u4e00-\u9fff]{{2,8}}?)"
    rf"(?:领域|方面|环节|线|[上中里])?(?:的|共|有|为|则|占|涉及|存在|查出|排查出?|梳理出?)*(?:{_COUNTED})?(?:共|有|为|占|居首|最多|排[\u4e00-\u9fff]{{1,3}}|次之|最少)*[，（]?(?:有|为|是)?"
    r"(?P<n>\d{1,6}|[零一二两三四五六七八九十百]{1,9}(?=[个处条项]))[个处条项]?(?=[，。；、（）]|占|最|$)"
)
# （一）项目审批。… with its count anywhere in the paragraph, or in the one below
_HEADED = re.compile(
    r"(?:\d{1,2}[.．、]|（[一二三四五六七八九十\d]{1,3}）|[一二三四五六七八九十]{1,3}、|[①-⑳]|——|[●■◆★☆▲△□◇►▶·※【〔])"
    r"(?P<name>[\u4e00-\u9fff]{2,10}?)(?:领域|方面)?(?:的?(?:廉政|廉洁)?风险)?[】〕]?(?:[。：，]|$)"
)
_EACH = re.compile(
    rf"(?:^|[，；。：中里看])(?P<list>(?:[\u4e00-\u9fff]{{2,10}}、){{1,12}}[\u4e00-\u9fff]{{2,10}}?)"
    rf"的?，?(?:{_COUNTED}|措施)?(?:数量?)?(?:分别|依次)(?:为|有|是|占|达|排查出?|查出|查找出?)?(?:{_COUNTED}|措施)?"
    r"(?:\d|[一二三四五六七八九十百零两]{1,9}[个处条项件])"
)
_NO_PART = re.compile(
    r"^(?:累计|共计|总计|全部|[本此这]次|本轮|年内|今年|去年|各地|大家|单位|结果|数据|数字|总数|统计|汇总|初步|前期|后期|实际|最终|经过|通过|其间|至此|县里|镇里|局里|院里|关键|主要|具体|一共)$|"
    r"[局委镇乡村站所股科室队院校社行店场]$|^[一二三四五六七八九十百\d]+[个家户名]|委会$|^[一二三四五六七八九十]个|(?:把手|成员|干部|领导|职工|员工|党员|人员|机关|[县区市])$|^(?:国有|县属|区属)?企业$|公司$|中心$|单位$|街道$|风险|岗位|[高中低]$|级$|类$|整改|情况$|总体|^在(?!建)|^仍|^正在|^环节|点位|^集中在|^最后|^所属|^下属|机构$|^需|^已|^正|^全(?:集团|公司|系统)|^(?:全[县区市旗局镇乡院校行社]|各|该|其(?!他)|本[县区局镇院单]|我)"
    r"|排查|自查|梳理|查找|查摆|摸排|上报|报送|填报|[查找列摸]出|发现|[已未的了着这那]|[一二三四五六七八九十\d][轮批次期季]|等级|阶段|半年|重点$|一般$|^(?:新|再|累计|另|又|较|比|多|少)|[月年周天日以]来|期间|起底|^一?共|共[查找排有]|行动|其他|其余|上述|以上|^[高中低红橙黄蓝绿]|截至|目前|合计|共计"
)
# parts of the whole that are no domains: what they count is neither the total nor a domain's
_GROUP = re.compile(
    r"^(?:(?:县直|区直|市直|机关|乡镇|镇街|街道|国企|企业|学校|村级?|社区|县级|乡级|镇级)(?:单位|部门|机关|层面)?$"
    r"|部门|系统内|[上下]半年|第[一二三四][轮批期阶]段?)"
)


_BODY = re.compile(
    r"[局委镇乡村站所股科室队院校社行办会部]$|公司$|中心$|街道$|园区$|^[该本我各全]|[农林牧渔茶]场$|委会$"
)


@dataclass(frozen=True)
class _Entry:
    name: str
    counted: str
    before: bool  # the kind stands before its number
    value: float
    passage: int


def names_in_rows(passages: Sequence[Passage]) -> tuple[list[str], list[str]]:
    """(names of parts, groups that are none) that rows of like counts tell.

    粮食购销：风险岗位12个；仓储保管：风险岗位9个 names two parts, though nothing else says that they are.
    """
    names: list[str] = []
    groups: list[str] = []
    for row in chain(_rows(_entries(passages)), _rows(_entries_of_several(passages))):
        whole = sum(e.value for e in row)
        # an entry as large as all the others is their sum, whatever stands before it
        given = list(dict.fromkeys(e.name for e in row if len(row) < 3 or e.value * 2 != whole))
        if len(given) < (2 if len({e.counted for e in row}) == 1 else 3):
            continue
        parts = [n for n in given if is_part(n)]
        names += parts if len(parts) > 1 else []
        # a row of parts that are none at all: neither does one of them tell the whole
        others = len(given) > 2 and not parts and not any(FILL.fullmatch(n) or _BODY.search(n) for n in given)
        groups += [n for n in given if _GROUP.match(n) or others]
    return names, groups


def totals_counted(passages: Sequence[Passage]) -> frozenset[float]:
    """What is counted anywhere with its kind beside it: any of it may be the sum of parts told elsewhere."""
    values = (_value(m["n"] or m["m"]) for p in passages for m in _COUNT_RE.finditer(p.text))
    return frozenset(v for v in values if v > 9)


def names_in_sums(text: str, totals: frozenset[float] = frozenset()) -> list[str]:
    """Plain names whose numbers make up, to the last, a number counted: …129个：人事管理30个，占…；财务…"""
    counts = list(_COUNT_RE.finditer(text))
    names: list[str] = []
    for k, count in enumerate(counts):
        until = counts[k + 1].start() if k + 1 < len(counts) else len(text)
        total = _value(count["n"] or count["m"])
        names += _summing_up(list(_PLAIN.finditer(text, count.end(), until)), frozenset((total,)), 2)
    for sentence in re.finditer("[^。]+", text):
        names += _summing_up(list(_PLAIN.finditer(text, *sentence.span())), totals, 3)
    return names


def _summing_up(found: Sequence[re.Match[str]], totals: frozenset[float], least: int) -> list[str]:
    """The names of the first matches that add up to one of the totals, none where they do not."""
    left, names = 0.0, []
    for n, m in enumerate(found, 1):
        left += _value(m["n"])
        names.append(re.split("领域|方面", m["name"])[0])
        if left in totals and n >= least:
            return [name for name in names if is_part(name)]
    return []


def _rows(entries: Iterable[_Entry]) -> Iterator[list[_Entry]]:
    """Entries that count the same thing first, in one passage or in passages that follow each other."""
    row: list[_Entry] = []
    for entry in entries:
        last = row[-1] if row else None
        alike = last is not None and (last.counted, last.before) == (entry.counted, entry.before)
        if last and ((alike and entry.passage <= last.passage + 2) or entry.passage == last.passage + 1):
            row.append(entry)
        elif last is None or entry.passage > last.passage or entry.counted == last.counted:
            yield row
            row = [entry]
    yield row


def _entries(passages: Sequence[Passage]) -> Iterator[_Entry]:
    for n, passage in enumerate(passages):
        found = [
            (re.split("领域|方面", m["name"])[0], m)
            for m in _ENTRY.finditer(passage.text)
            if _stands_at_head(m)
        ]
        about = _HEADED.match(passage.text)
        if about and _BODY.search(about["name"]):  # （1）县财政局。结合支付实际，确定风险岗位10个: the body's
            found = [(name, m) for name, m in found if m["mark"] != "，"]
        headed = None if any(is_part(name) for name, _ in found) else _HEADED.match(passage.text)
        if headed and not LEAD_VERB.match(headed["name"]) and not is_section_title(headed["name"]):
            rest = passage.text[headed.end() :] or (passages[n + 1].text if n + 1 < len(passages) else "")
            if (count := _COUNT_RE.search(rest)) is not None:
                yield _entry(headed["name"], count, n)
        yield from (_entry(name, m, n) for name, m in found)


def _entries_of_several(passages: Sequence[Passage]) -> Iterator[_Entry]:
    for n, passage in enumerate(passages):
        for m in _ENTRY_OF_SEVERAL.finditer(passage.text):
            yield _Entry(m["name"], "several", True, _value(m["n"]), n)


def _stands_at_head(m: re.Match[str]) -> bool:
    """A name closed by 。 stands at the head of its paragraph, one closed by ， at the head of a clause."""
    heads = {"。": "", "，": "。；："}.get(m["mark"])
    return heads is None or m.start() == 0 or bool(m["lead"]) or m.string[m.start() - 1] in heads


def _entry(name: str, m: re.Match[str], n: int) -> _Entry:
    return _Entry(name, (m["before"] or m["after"])[-2:], bool(m["before"]), _value(m["n"] or m["m"]), n)


def _value(written: str) -> float:
    plain = re.sub(r"[余个处条项]|[，。；、]$", "", written)
    return 0 if plain in ("无", "零") else parse(plain) or 0


def is_part(name: str) -> bool:
    """Whether a phrase can name a part: no body, no level, no state, no word of counting."""
    return name in ("其他", "其它") or not (
        _NO_PART.search(name) or _GROUP.match(name) or FILL.fullmatch(name)
    )


def lists_before_each(text: str) -> Iterator[str]:
    """The lists of names whose counts follow in order (…的风险点分别有95处、72处)."""
    for m in _EACH.finditer(text):
        yield re.sub(
            r"等?[\d一二三四五六七八九十两]{1,2}[个大条](?:领域|方面|板块|条线|线|块|类)?(?:上|排列|排序|统计|划分|来?看|的?[顺次]序)?$",
            "",
            m["list"],
        )
