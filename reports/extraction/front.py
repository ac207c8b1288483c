"""The ends of a report: title, line under it, addressee; signature and date; where annexes begin."""

from __future__ import annotations

import re
from dataclasses import dataclass

from reports.extraction.facts import Stated
from reports.extraction.passages import Passage, Row

NUMBER_MARK = re.compile(
    r"^(?:文号：)?[\u4e00-\u9fffA-Za-z]{1,14}[〔\[（【(〈]?\s*(?:19|20)\d{2}[〕\]）】)〉]?\s*第?\d{1,4}号(?:签发人：.*)?$"
)
_TITLE_END = re.compile(
    r"(?:报告|汇报|通报|总结|小结|简报|专报|快报|复函|函|通知|意见|方案|说明|纪要|综述|情况|材料|要点|分析|公告|台账|清单|通告|决定|请示|批复|建议|评估|讲话|工作)(?:（.{1,12}）|（)?$"
)
_MASTHEAD = re.compile(
    r"(?:文件|简报|专报|快报|周报|旬报|月报|季报|日报|周刊|月刊|信息|动态|要情|通讯|内参|参阅件?|情况反映|工作情况|督查通报|督查专报)$"
)
_PERIODICAL = re.compile(r"(?:周报|旬报|月报|季报|日报|周刊|月刊)$")
_FORM = re.compile(
    r"^(?:[★☆]|(?:绝密|机密|秘密|内部资料|内部|特急|加急|平急|急件)[★☆\d年个月]*$|签发人|份号|编号|第[\d〇零一二三四五六七八九十百]+期|（?(?:(?:19|20)\d{2}年)?第[\d〇零一二三四五六七八九十百]+期）?|总第\d+期|（总第\d+期）|\d{4,8}$|（?此件|密级|紧急程度|增刊$)"
)
ORGAN_END = re.compile(
    r"(?:局|委|办|办公室|委员会|政府|镇|乡|街道|办事处|院|中心|公司|集团|园区|开发区|工业区|产业园|高新区|示范区|管委会|银行|联社|合作社|供销社|支行|大队|支队|分局|总队|站|所|校|学校|中学|小学|党校|大学|幼儿园|林场|农场|医共体|会|部|社|馆|处|组|队|厂|署|台|办公室编|党组|党委|工委|党工委|党支部|总支|学会|协会|专班|小组|监委|法院|检察院|机关|室|联席会议|联|纪委)$"
)
_MONTH_TAIL = re.compile(r"(?:19|20)\d{2}年\d{1,2}月$")
DATE_LINE = re.compile(
    r"^（?(?:(?:19|20)\d{2}|[一二][零〇九O0一二三四五六七八]{3})年(?:\d{1,2}|[一二三四五六七八九十]{1,3})月(?:\d{1,2}|[一二三四五六七八九十]{1,3})[日号]?）?$"
)
_DATE_TAIL = re.compile(
    r"（?(?:(?:19|20)\d{2}|[一二][零〇九O0一二三四五六七八]{3})年(?:\d{1,2}|[一二三四五六七八九十]{1,3})月(?:\d{1,2}|[一二三四五六七八九十]{1,3})[日号]）?$"
)
_SEAL = re.compile(r"（[^（）]{0,16}(?:章|盖印)）")
_ANNEX = re.compile(
    r"^(?:附件|附表|附录|附)(?:[\d一二三四五六七八九十]{0,3})(?:[：:、.．]|$|[\d一二三四五六七八九十])?"
)
_BY = re.compile(r"^(?:报告|报送|填报|汇报|编报|编制|发文|上报|报告人)?(?:单位|机关)(?:名称)?：")
_PUNCTUATION = re.compile(r"[。；！？，]")


@dataclass(frozen=True)
class Front:
    """Indexes (into the list of passages) of what stands outside the body, and what was read there."""

    title: Stated | None
    issuer: Stated | None
    addressee: Passage | None
    issuers: tuple[Passage, ...]  # the passages that hold the names signed
    outside: frozenset[int]


def read_front(items: list[Passage | Row], text: str) -> Front:
    """Title, issuer and addressee of a report, and which passages are no body."""
    outside: set[int] = set()
    first, last = _title_lines(items)
    title = None
    after = 0
    if first is not None:
        outside.update(range(last + 1))
        title = _title(items, first, last, text)
        after = last + 1
    under, after = _under_title(items, after, outside)
    addressee = None
    if after < len(items) and isinstance(item := items[after], Passage) and _is_addressee(item):
        addressee = item
        outside.add(after)
    signed = _signature(items, after, outside)
    outside.update(i for i, p in enumerate(items) if isinstance(p, Passage) and DATE_LINE.match(p.text))
    names = signed or under
    issuer = _issuer(names, text) if names else None
    return Front(title, issuer, addressee, tuple(names), frozenset(outside))


def _title_lines(items: list[Passage | Row]) -> tuple[int | None, int]:
    """First and last index of the title's lines."""
    head: list[tuple[int, str]] = []
    for i, item in enumerate(items[:14]):
        if not isinstance(item, Passage) or (_PUNCTUATION.search(item.text) and len(item.text) > 45):
            break
        head.append((i, item.text))
    organs = 0
    while organs < len(head) and _is_organ(head[organs][1]):
        organs += 1
    if 0 < organs < min(len(head), 4) and _is_title(head[organs][1], head[organs + 1 : organs + 4]):
        return head[0][0], _title_end(head, organs)  # the body's name is the first line of its title
    for k, (i, line) in enumerate(head):
        if _is_form(line, head[k + 1 : k + 4]) or DATE_LINE.match(line) or _is_bulletin(head[k : k + 6]):
            continue
        if len(line) > 80 or line.endswith(("。", "：", "；")):
            break
        return i, _title_end(head, k)
    return (
        (head[0][0], head[0][0])
        if head and len(head[0][1]) <= 60 and not head[0][1].endswith(("。", "："))
        else (None, -1)
    )


def _is_organ(line: str) -> bool:
    return (
        bool(ORGAN_END.search(line))
        and "关于" not in line
        and is_name_line(line)
        and not _DATE_TAIL.search(line)
    )


def _is_title(line: str, following: list[tuple[int, str]]) -> bool:
    """Whether a line under a body's name goes on with the title that the name began."""
    if DATE_LINE.match(line) or _is_form(line, following) or line.endswith(("：", "。")):
        return False
    return line.startswith("关于") or (bool(_TITLE_END.search(line)) and len(line) <= 60)


def _is_form(line: str, following: list[tuple[int, str]]) -> bool:
    """Whether a line is of the printed form (red head, number, signer, issue) rather than of the title."""
    if _FORM.match(line) or NUMBER_MARK.match(line) or "签发人" in line:
        return True
    later = [t for _, t in following]
    marked = any(NUMBER_MARK.match(t) or _FORM.match(t) for t in later)
    if re.search(r"第\d+期", line) and len(line) < 40:
        return True
    if _MASTHEAD.search(line) and line.endswith("文件") and "关于" not in line:
        return True
    if (
        marked
        and "关于" not in line
        and ((_MASTHEAD.search(line) and len(line) <= 15) or ORGAN_END.search(line))
        and (not _PERIODICAL.search(line) or _titled_below(later))
    ):
        return True
    if ORGAN_END.search(_DATE_TAIL.sub("", line).rstrip("编")) and _DATE_TAIL.search(line):
        return True
    joined = bool(later) and later[0].startswith("关于")
    return (
        bool(ORGAN_END.search(line))
        and "关于" not in line
        and not joined
        and any(_TITLE_END.search(t) and len(t) < 60 for t in later)
    )


def _is_bulletin(lines: list[tuple[int, str]]) -> bool:
    """Whether a line is what a bulletin is called, whatever that is: its number stands below, its title later."""
    first, *later = [t for _, t in lines]
    numbered = later and re.match(r"（?(?:\d{4}年)?第[\d〇零一二三四五六七八九十百]+期", later[0])
    return bool(numbered) and "关于" not in first and _titled_below(later[1:])


def _titled_below(later: list[str]) -> bool:
    """Whether a title of its own stands below the name and the number of a weekly."""
    return any(
        6 <= len(t) <= 60
        and not (_FORM.match(t) or NUMBER_MARK.match(t) or DATE_LINE.match(t) or is_name_line(t))
        and not re.search(r"[。；，：]|\d日$|^[一二三四五六七八九十]、|^【", t)
        for t in later
    )


def _title_end(head: list[tuple[int, str]], k: int) -> int:
    i, line = head[k]
    whole = line
    for j in range(k + 1, min(k + 5, len(head))):
        nxt = head[j][1]
        if head[j][0] != i + 1 or DATE_LINE.match(nxt) or nxt.endswith(("。", "：", "；")) or len(nxt) > 45:
            break
        bare = _MONTH_TAIL.sub("", _DATE_TAIL.sub("", nxt.strip("（）")))
        if bare != nxt and is_name_line(bare) and len(whole) >= 8 and _balanced(whole):
            break  # （县市场监管局 2024年9月） stands under the title
        complete = bool(_TITLE_END.search(whole)) and _balanced(whole)
        if complete and not (re.match(r"(?:的|及|和|与|暨|报告$|汇报$|通报$|——)", nxt) and len(nxt) <= 30):
            break
        if re.match(
            r"(?:[一二三四五六七八九十]+、|（[一二三四五六七八九十]）|\d+[.、])", nxt
        ) or nxt.startswith("（"):
            break
        if (
            not complete
            and not any(_TITLE_END.search(h[1]) for h in head[j : j + 3])
            and not _broken(head, j, whole)
        ):
            break
        if not complete and _PUNCTUATION.search(nxt) and not _TITLE_END.search(nxt):
            break
        whole += nxt
        i = head[j][0]
    return i


def _broken(head: list[tuple[int, str]], j: int, whole: str) -> bool:
    """Whether line j is the short second half of a title that ends in no customary word."""
    line = head[j][1]
    return len(line) <= 24 and len(whole) <= 24 and not is_name_line(line) and not _PUNCTUATION.search(line)


def _balanced(line: str) -> bool:
    return all(line.count(a) == line.count(b) for a, b in ("《》", "“”", "（）"))


def _title(items: list[Passage | Row], first: int, last: int, text: str) -> Stated:
    lines = [p for p in items[first : last + 1] if isinstance(p, Passage)]
    start, end = lines[0].span(0, 1)[0], lines[-1].span(0, len(lines[-1].text))[1]
    value = "".join(raw(p, text) for p in lines)
    return Stated(value, text[start:end], start, end, "title.first-heading")


def raw(passage: Passage, text: str, start: int = 0, end: int | None = None) -> str:
    """The document's own characters of a stretch of a passage, white space left out as in the passage."""
    return "".join(text[i] for i in passage.at[start:end])


def _under_title(items: list[Passage | Row], at: int, outside: set[int]) -> tuple[list[Passage], int]:
    """Names and dates on the lines directly under the title."""
    names: list[Passage] = []
    while at < len(items) and at < 20:
        item = items[at]
        if not isinstance(item, Passage) or len(item.text) > 60:
            break
        line = item.text
        bare = _MONTH_TAIL.sub("", _DATE_TAIL.sub("", line).strip("（）"))
        if DATE_LINE.match(line) or NUMBER_MARK.match(line):
            outside.add(at)
        elif _BY.match(line) or (is_name_line(bare) and not line.endswith(("：", "。"))):
            outside.add(at)
            names.append(item)
        elif re.fullmatch(r"（.{1,20}）", line):
            outside.add(at)
        else:
            break
        at += 1
    return names, at


def is_name_line(line: str) -> bool:
    """Whether a line is nothing but names of bodies."""
    line = _SEAL.sub("", line)
    if not 2 < len(line) <= 80 or re.search(r"[。；：！？《》\d]", line):
        return False
    if re.match(r"[一二三四五六七八九十]+、|（", line) or line.startswith(("关于", "附件", "抄送")):
        return False
    line = re.sub(r"（[^（）]{2,20}）$", "", line).strip("、，")
    parts = re.split(r"[、，]", line)
    return all(ORGAN_END.search(p) and len(p) <= 40 for p in parts)


def _is_addressee(passage: Passage) -> bool:
    line = passage.text
    if not line.endswith("：") or len(line) > 120 or re.search(r"[。；]", line):
        return False
    return not re.search(r"(?:如下|报告|汇报|通报|情况|有关|包括)：$", line)


def _signature(items: list[Passage | Row], after: int, outside: set[int]) -> list[Passage]:
    """The passages of the last signature before the annexes; their indexes are added to `outside`."""
    candidates: list[list[int]] = []
    for i in range(after, len(items)):
        item = items[i]
        if not isinstance(item, Passage):
            continue
        found = _signed_at(items, i, after)
        if found:
            candidates.append(found)
    if not candidates:
        return []
    annex = _annex_start(items, candidates[0][-1])
    before = [c for c in candidates if annex is None or c[-1] < annex]
    chosen = before[-1] if before else candidates[0]
    outside.update(chosen)
    return [p for i in chosen if isinstance(p := items[i], Passage) and not DATE_LINE.match(p.text)]


def _signed_at(items: list[Passage | Row], i: int, after: int) -> list[int]:
    """Indexes of a signature that ends at passage i: names, then a date; or names that end the text."""
    item = items[i]
    assert isinstance(item, Passage)
    line = item.text
    if _DATE_TAIL.search(line) and not DATE_LINE.match(line):
        bare = _DATE_TAIL.sub("", line)
        return [*_names_above(items, i, after), i] if is_name_line(bare) else []
    if DATE_LINE.match(line):
        names = _names_above(items, i, after)
        if names:
            return [*names, i]
        below = items[i + 1] if i + 1 < len(items) else None
        if isinstance(below, Passage) and is_name_line(below.text):
            return [i, i + 1]
        return []
    if is_name_line(line) and (i + 1 == len(items) or _ends_body(items[i + 1])):
        return [*_names_above(items, i, after), i]
    return []


def _ends_body(item: Passage | Row) -> bool:
    return isinstance(item, Passage) and bool(_ANNEX.match(item.text)) and len(item.text) < 40


def _names_above(items: list[Passage | Row], i: int, after: int) -> list[int]:
    names: list[int] = []
    k = i - 1
    while k >= after and isinstance(p := items[k], Passage) and is_name_line(p.text):
        names.insert(0, k)
        k -= 1
    return names


def _annex_start(items: list[Passage | Row], after: int) -> int | None:
    for i in range(after + 1, len(items)):
        if _ends_body(items[i]) or isinstance(items[i], Row):
            return i
    return None


def names_in(passage: Passage, text: str) -> list[str]:
    """The names on a signature line, as written; names may stand apart by spaces, 、 or nothing else."""
    start, end = passage.span(0, len(passage.text))
    line = text[start:end].replace("(", "（").replace(")", "）")
    line = _SEAL.sub("", line).strip().strip("（）")
    line = re.sub(r"^.{0,6}(?:单位|机关)(?:名称)?[：:]", "", line)
    line = re.sub(r"(?:填报|报送|上报|填表)?(?:时间|日期)[：:].*$", "", line)
    pieces = [p for p in re.split(r"\s+|、|，", line) if p]
    pieces = [
        q for p in pieces if (q := _MONTH_TAIL.sub("", _DATE_TAIL.sub("", p))) and not DATE_LINE.match(p)
    ]
    pieces = [p for p in pieces if not re.fullmatch(r"[\d年月日.\-/]+", p)]
    if pieces and all(len(p) >= 3 and ORGAN_END.search(p) for p in pieces):
        return pieces
    return [_DATE_TAIL.sub("", "".join(pieces))] if pieces else []


def _issuer(names: list[Passage], text: str) -> Stated | None:
    written = [n for p in names for n in names_in(p, text)]
    if not written:
        return None
    start, end = names[0].span(0, 1)[0], names[-1].span(0, len(names[-1].text))[1]
    return Stated("、".join(written), text[start:end], start, end, "issuer.signature")
