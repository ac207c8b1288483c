"""Shares in percent of posts, points, links, items and measures."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from reports.extraction.facts import Figure, Rate
from reports.extraction.labels import KIND, kind_of
from reports.extraction.numerals import percent
from reports.extraction.outline import Sentence

_PERCENT = re.compile(
    r"(?P<n>(?<!\d)\d{1,9}(?:\.\d{1,6})?)%|百分之(?P<w>[零〇一二三四五六七八九十百点两]{1,12})"
)
_RATE = re.compile(
    r"(?P<name>[\u4e00-\u9fffⅠ-ⅤA-D]{0,14}?(?:率|占比|比例|比重))(?:已经|已|均|分别|约)?(?:便是|就是|即为|即|达到|达|为|是|约为|约|高达|至|提升至|提升到|提高到|上升到|：)?(?:了)?$"
)
_SHARE = re.compile(
    r"^(?:合计|共|共计|三者|三项|上述)?(?:占|约占|仅占)(?P<of>[\u4e00-\u9fff]{0,12}?)(?:的)?(?:比例|比重|比)?(?:约|为|达|约为)?$"
)
_DONE = re.compile(r"整改|销号|完成|落地|化解|办结|到位|闭环|整治|落实")
_NOT_OURS = re.compile(
    r"参学|参训|报送|知晓|满意|合格|及时|签订|到会|出席|覆盖|按时|上报|通过|达标|合规|中标|增长|下降|好评|网办|利用|执行|入库|回款|纠错|绩效|预算|任务|项目|投产|开工|指标|学习|培训|受教育|测试|收缴|数字化|使用|上传|就业|上线|响应|公开率|录入|公示|申报|参与|谈话|案件"
)
_OTHERS_DONE = re.compile(
    r"(?:诉求|投诉|信访|线索|案件|工单)[^，。；]{0,8}\d+[件条起]，(?:[^，。；]{0,4}办结\d+件，)?$"
)
_PLAN = re.compile(r"力争|确保|目标|不低于|低于|高于|以上的|努力|争取|要达到|应达到|超过")
_LEADING = re.compile(
    r"^(?:其中|目前|全县|全区|整体|总体|综合|平均|截至目前|至此|各单位|全镇|全局|中|的|为|使|实现|全部)+"
)


def read_rates(sentences: Sequence[Sentence], text: str, figures: Sequence[Figure]) -> list[Rate]:
    """The rates of a report that counts at least one of our kinds."""
    if not figures:
        return []
    out: list[Rate] = []
    for sentence in sentences:
        line = sentence.text
        if "%" not in line and "百分之" not in line:
            continue
        each = _EACH.search(line)
        if each:
            out.extend(_distributed(sentence, each, text, figures))
        for m in _PERCENT.finditer(line):
            if each and each.start() <= m.start() < each.end():
                continue
            rate = _rate(sentence, m, text, figures)
            if rate is not None:
                out.append(rate)
    return _once(out)


_EACH = re.compile(
    r"(?:分别占(?:比)?|占比分别(?:为|是|达)?|分别占[^，。；\d]{1,10}的|比例分别(?:为|是)?)(?P<all>\d+(?:\.\d+)?%(?:(?:、|和|，)\d+(?:\.\d+)?%)+)"
)


def _distributed(sentence: Sentence, m: re.Match[str], text: str, figures: Sequence[Figure]) -> list[Rate]:
    """分别占…: one share for each of the figures just before."""
    shares = list(_PERCENT.finditer(sentence.text, m.start("all"), m.end("all")))
    at = sentence.passage.at
    floor, ceiling = at[sentence.start], at[sentence.start + m.start()]
    parts = [f for f in figures if floor <= f.start and f.end <= ceiling and f.scope != "total"][
        -len(shares) :
    ]
    if len(parts) != len(shares):
        return []
    return [
        _make(
            sentence, sentence.start + s.start(), sentence.start + s.end(), _share_name(f), float(s["n"]),
            len(s["n"].partition(".")[2]), text, f,
        )
        for s, f in zip(shares, parts, strict=True)
    ]  # fmt: skip


def _once(rates: list[Rate]) -> list[Rate]:
    seen: dict[tuple[str, float], Rate] = {}
    for rate in rates:
        seen.setdefault((rate.name, rate.value), rate)
    return list(seen.values())


def _rate(sentence: Sentence, m: re.Match[str], text: str, figures: Sequence[Figure]) -> Rate | None:
    line = sentence.text
    chunk_start = max(line.rfind(mark, 0, m.start()) for mark in "，；。：、（") + 1
    chunk = line[chunk_start : m.start()]
    stated = percent(m["n"] or m["w"])
    if stated is None or _PLAN.search(chunk) or line[m.end() : m.end() + 3].startswith(("以上", "左右的")):
        return None
    found = _RATE.search(chunk)
    value, places = stated
    at = sentence.passage.at
    if found and not found["name"].endswith(("占比", "比例", "比重")):
        name = _LEADING.sub("", found["name"])
        ours = "措施" in line[: m.start()] and name in ("执行率", "措施执行率")
        if (
            (not ours and (not _DONE.search(name) or _NOT_OURS.search(name)))
            or re.search(r"人员|企业|群众|学校", chunk)
            or _OTHERS_DONE.search(line[:chunk_start])
        ):
            return None
        start = sentence.start + chunk_start + chunk.find(name)
        made = _make(sentence, start, sentence.start + m.end(), name, value, places, text, None)
        named = (f for f in figures if f.scope in ("domain", "level", "unit") and f.name and len(f.name) > 1)
        part = next((f for f in named if f.name and name.startswith(f.name)), None)
        if part is not None:  # 二级风险点销号率74.7%（88个）
            told = _IN_BRACKET.match(line, m.end())
            done, whole = (int(told[1]), part.value) if told else (0, 0)
            return replace(made, kind=part.kind, part=done, whole=whole)
        if (own := _of_one_part(sentence, m, figures)) is not None:
            return replace(made, kind=own[0].kind, part=own[1], whole=own[0].value)
        return replace(made, part=0, whole=0) if _of_a_body(line[:chunk_start]) else made
    share = _SHARE.search(chunk)
    if not found and not share:
        return None
    before = _figure_before(at[sentence.start + chunk_start], figures, at[sentence.start])
    if found:
        name = _LEADING.sub("", found["name"])
        labelled = any(f.name and name.startswith(f.name) for f in figures)
        if len(name) > 2 and not (KIND.search(name) or labelled or before is not None):
            return None
        if len(name) <= 2 and before is None:
            return None
        if len(name) > 2:
            before = None
        name = name if len(name) > 2 else _share_name(before) if before else name
        start = sentence.start + chunk_start + found.start()
    else:
        assert share is not None
        if before is None or re.search(r"合同|面积|投资|资金|人数|企业|人口", share["of"]):
            return None
        name = _share_name(before)
        start = sentence.start + chunk_start + share.start()
    listed = _listed_with(before, figures, text) if before is not None else None
    return _make(sentence, start, sentence.start + m.end(), name, value, places, text, before, listed)


_IN_BRACKET = re.compile(r"（(?:已[^，。；\d]{0,4})?(\d{1,6})[个处条项]）")
# 大桥镇完成率最低: the rate of one body, whose numbers are not all told
_BODY = re.compile(
    r"(?:局|委|镇|乡|街道|苏木|公司|集团|中心|医院|学校|园区|管委会|联社)(?![\u4e00-\u9fff]{0,2}会)"
)


def _of_a_body(before: str) -> bool:
    clause = re.split("[。；]", before)[-1]
    return bool(_BODY.search(clause)) and not re.search(
        "全[县区市旗镇局系]|[各等个家]单位|合计|总计|共|总体", clause
    )


# 望川镇：风险点21个，完成17个，完成率
_OF_ONE_PART = re.compile(
    r"(?P<whole>\d{1,6})[个处条项]，(?:已|其中)?(?:已经)?(?:完成整改|整改完成|整改到位|完成|整改|销号|办结|落实)(?:了)?(?P<part>\d{1,6})[个处条项]，[^，。；\d]{0,10}率(?:为|达到?|是)?$"
)


def _of_one_part(
    sentence: Sentence, m: re.Match[str], figures: Sequence[Figure]
) -> tuple[Figure, int] | None:
    """The figure of one unit or domain, and how many of it are done, right before their percentage."""
    found = _OF_ONE_PART.search(sentence.text, max(0, m.start() - 60), m.start())
    if found is None:
        return None
    at = sentence.passage.at[sentence.start + found.start("whole")]
    for figure in figures:
        if figure.start <= at < figure.end and figure.scope in ("unit", "domain") and not figure.approximate:
            return figure, int(found["part"])
    return None


def _share_name(figure: Figure) -> str:
    return (figure.name or "") + "占比"


def _figure_before(offset: int, figures: Sequence[Figure], floor: int) -> Figure | None:
    """The figure that a 占 just after it speaks of."""
    near = [f for f in figures if floor <= f.start and f.end <= offset and offset - f.end <= 3]
    return near[-1] if near else None


def _listed_with(figure: Figure, figures: Sequence[Figure], text: str) -> int | None:
    """The sum of the figures listed with one by 、, None where it stands alone: 占 may speak of all of them."""
    at = figures.index(figure)
    total, k = figure.value, at
    while (
        k
        and figures[k - 1].kind == figure.kind
        and re.fullmatch(r"[、和]", text[figures[k - 1].end : figures[k].start])
    ):
        k -= 1
        total += figures[k].value
    return total if k < at else None


def _make(
    sentence: Sentence,
    start: int,
    end: int,
    name: str,
    value: float,
    places: int,
    text: str,
    part: Figure | None,
    listed: int | None = None,
) -> Rate:
    low, high = sentence.passage.span(start, end)
    kind = part.kind if part else None
    found = KIND.search(name)
    if kind is None and found:
        kind = kind_of(found)
    return Rate(
        name, value, text[low:high], low, high, "rate.share" if part else "rate.named", places, kind,
        part.value if part else None, listed,
    )  # fmt: skip
