"""What the columns of a ledger are called, and what their cells mean. No ORM, no files."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import pairwise

from riskregistry.enums import RiskCategory, RiskKind, RiskLevel


@dataclass(frozen=True)
class Column:
    """One thing that a ledger may say of a risk. `aliases` are headers as cleaned by `clean_header`."""

    label: str
    aliases: tuple[str, ...]


COLUMNS: dict[str, Column] = {
    "id": Column("编号（勿改）", ("系统编号",)),
    "serial": Column("序号", ("编号", "序", "号")),
    "unit": Column(
        "单位",
        ("单位名称", "责任单位", "所在单位", "填报单位", "报送单位", "科室", "部门", "责任部门", "责任科室"),
    ),
    "kind": Column("种类", ("风险种类", "类型")),
    "name": Column("名称", ("风险名称",)),
    "domain": Column("领域", ("所属领域", "涉及领域", "业务领域", "风险领域", "重点领域")),
    "post": Column(
        "风险岗位",
        (
            "岗位",
            "岗位名称",
            "所属岗位",
            "廉政风险岗位",
            "廉洁风险岗位",
            "具体岗位",
            "职务岗位",
            "风险岗位名称",
            "岗位职务",
        ),
    ),
    "point": Column(
        "风险点",
        (
            "廉政风险点",
            "廉洁风险点",
            "风险点名称",
            "风险内容",
            "风险点描述",
            "风险点内容",
            "风险点及表现形式",
            "风险点表现形式",
            "廉政风险内容",
            "廉洁风险内容",
            "主要风险点",
            "排查出的风险点",
            "存在的风险点",
            "风险隐患",
            "廉政风险",
            "廉洁风险",
            "风险事项",
        ),
    ),
    "link": Column(
        "关键环节", ("环节", "风险环节", "重点环节", "权力运行环节", "关键环节名称", "工作环节", "流程环节")
    ),
    "description": Column(
        "表现形式",
        (
            "风险表现形式",
            "具体表现",
            "主要表现",
            "风险表现",
            "风险描述",
            "表现",
            "可能出现的问题",
            "问题表现",
        ),
    ),
    "matter": Column(
        "职权事项",
        (
            "职权",
            "事项",
            "权力事项",
            "职责事项",
            "工作事项",
            "权力名称",
            "职权名称",
            "岗位职责",
            "业务事项",
            "工作职责",
        ),
    ),
    "category": Column("风险类别", ("类别", "风险类型", "风险分类", "风险性质")),
    "level": Column("风险等级", ("等级", "风险级别", "级别", "风险程度", "等级评定", "评定等级")),
    "responsible": Column(
        "责任人",
        ("直接责任人", "岗位责任人", "具体责任人", "负责人", "第一责任人", "防控责任人", "整改责任人"),
    ),
    "responsible_second": Column(
        "分管领导", ("责任领导", "分管责任人", "分管负责人", "监管责任人", "二级责任人")
    ),
    "responsible_third": Column("主要领导", ("主要负责人", "领导责任人", "三级责任人", "单位主要负责人")),
    "measures": Column(
        "防控措施",
        (
            "整改措施",
            "措施",
            "防范措施",
            "防控举措",
            "廉政风险防控措施",
            "廉洁风险防控措施",
            "整改防控措施",
            "主要措施",
            "具体措施",
            "风险防控措施",
            "制定的防控措施",
            "防范化解措施",
        ),
    ),
    "due": Column(
        "整改时限", ("时限", "完成时限", "整改期限", "完成时间", "整改完成时间", "期限", "计划完成时间")
    ),
}

# What makes a row of headers: one of these must be among them.
NAMING = ("point", "post", "link", "name")
# Fields of a RiskItem, in the order of a template's columns.
ITEM_FIELDS = (
    "description", "matter", "category", "level", "responsible", "responsible_second", "responsible_third",
)  # fmt: skip
MOST = {"name": 200, "matter": 200, "level_as_written": 20, "description": 20_000} | dict.fromkeys(
    ("responsible", "responsible_second", "responsible_third"), 30
)

INVISIBLE = re.compile("[\u200b-\u200f\u2028-\u202e\u2060-\u2064\ufeff\u00ad]")
CONTROLS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")


def clean(value: object) -> str:
    """The cell as text: no invisible characters, no edges of blanks, full-width digits and letters narrow.

    Line breaks inside the cell stay; numbers lose a needless .0.
    """
    if value is None:
        return ""
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() else str(value)
    if isinstance(value, (datetime, date)):
        return value.strftime("%Y-%m-%d")
    text = CONTROLS.sub("", INVISIBLE.sub("", str(value).replace("\r\n", "\n").replace("\r", "\n")))
    text = "".join(_narrow(char) for char in text.replace("\u00a0", " "))
    return "\n".join(line.strip() for line in text.split("\n")).strip()


def _narrow(char: str) -> str:
    """Full-width digits, letters and blanks become narrow; Chinese punctuation stays."""
    if "０" <= char <= "９" or "Ａ" <= char <= "Ｚ" or "ａ" <= char <= "ｚ":
        return unicodedata.normalize("NFKC", char)
    return " " if char == "\u3000" else char


def one_line(value: object) -> str:
    """A cell that is a name: its line breaks are of the column's width, not of the text."""
    return re.sub(r"\s*\n\s*", "", clean(value))


def clean_header(value: object) -> str:
    """A header without blanks, line breaks, brackets and what stands in them."""
    text = re.sub(r"\s+", "", clean(value))
    text = re.sub(r"[（(\[【].*?[)）\]】]", "", text)
    return re.sub(r"[：:、，,。．.*＊/／\\]", "", text)


_KNOWN = {
    name: key for key, column in COLUMNS.items() for name in (clean_header(column.label), *column.aliases)
} | {"编号勿改": "id"}


def recognise(header: object) -> str:
    """The key of the column; "" for a header that is not known by itself."""
    if "勿改" in clean(header):
        return "id"
    text = clean_header(header)
    return _KNOWN.get(text) or _by_word(text)


# A header that is not known as a whole is known by one of these words, if by one only.
_WORDS = {
    "岗位": "post", "职务": "post", "风险点": "point", "环节": "link", "措施": "measures", "等级": "level",
    "级别": "level", "类别": "category", "时限": "due", "领域": "domain", "职权": "matter", "事项": "matter",
    "责任人": "responsible",
}  # fmt: skip
_COUNTS = re.compile(r"数量|个数|总数|合计|数$|情况$")


def _by_word(header: str) -> str:
    if len(header) > 12 or _COUNTS.search(header):
        return ""
    found = {key for word, key in _WORDS.items() if word in header}
    return found.pop() if len(found) == 1 else ""


def normal(text: str) -> str:
    """For comparing names: nothing but letters and digits, narrow."""
    return re.sub(r"[\W_]+", "", unicodedata.normalize("NFKC", text)).lower()


_LEVEL_WORDS = {
    RiskLevel.HIGH: "高 高级 高等级 较高 一级 一 1级 1 Ⅰ Ⅰ级 I I级 红 红色 重大 A A级 一等",
    RiskLevel.MEDIUM: "中 中级 中等 中等级 二级 二 2级 2 Ⅱ Ⅱ级 II II级 橙 橙色 较大 B B级 二等",
    RiskLevel.LOW: "低 低级 低等级 较低 三级 三 3级 3 Ⅲ Ⅲ级 III III级 黄 黄色 一般 C C级 三等",
}
LEVELS = {word: level for level, words in _LEVEL_WORDS.items() for word in words.split()}


def level_of(text: str) -> RiskLevel | None:
    """高 = 一级 = Ⅰ = 红; None for a word that is no level."""
    bare = re.sub(r"\s+", "", text).upper()
    return LEVELS.get(bare) or LEVELS.get(bare.removesuffix("风险")) or LEVELS.get(bare.removesuffix("等级"))


_CATEGORY_WORDS = {
    RiskCategory.IDEOLOGY: "思想道德 思想 道德",
    RiskCategory.DUTY: "岗位职责 岗位 职责",
    RiskCategory.PROCESS: "业务流程 流程 业务",
    RiskCategory.SYSTEM: "制度机制 制度 机制 体制机制",
    RiskCategory.ENVIRONMENT: "外部环境 外部 环境",
}
CATEGORIES = {word: category for category, words in _CATEGORY_WORDS.items() for word in words.split()}


def category_of(text: str) -> RiskCategory | None:
    """None for a word that is no category."""
    bare = re.sub(r"\s+", "", text)
    return (
        CATEGORIES.get(bare)
        or CATEGORIES.get(bare.removesuffix("风险"))
        or CATEGORIES.get(bare.removesuffix("类"))
    )


KINDS = {label: value for value, label in RiskKind.choices} | {"岗位": RiskKind.POST, "环节": RiskKind.LINK}


def kind_of(text: str) -> str | None:
    return KINDS.get(text.strip())


EXCEL_DAY_0 = date(1899, 12, 30)
DATE_FORMS = (
    re.compile(r"(\d{4})[-/.．](\d{1,2})[-/.．](\d{1,2})(?:\s.*)?"),
    re.compile(r"(\d{4})年(\d{1,2})月(\d{1,2})[日号]?(?:前|之前|底)?"),
    re.compile(r"(\d{4})(\d{2})(\d{2})"),
)
MONTH_FORMS = (
    re.compile(r"(\d{4})年(\d{1,2})月(?:底|末|底前|末前|前|内)?"),
    re.compile(r"(\d{4})[-/.](\d{1,2})"),
)
YEAR_FORM = re.compile(r"(\d{4})年?(?:底|末|年底|年末|底前)")


def date_of(value: object) -> date | None:
    """A day as ledgers write it: eight forms of text, a date cell, or Excel's day number. None if it is none.

    A month stands for its last day, 年底 for the last of the year.
    """
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    text = re.sub(r"\s+", " ", clean(value)).strip()
    if re.fullmatch(r"\d{5}", text):
        return EXCEL_DAY_0 + timedelta(days=int(text))
    for form in DATE_FORMS:
        if found := form.fullmatch(text):
            return _day(*(int(part) for part in found.groups()))
    for form in MONTH_FORMS:
        if found := form.fullmatch(text):
            year, month = (int(part) for part in found.groups())
            first_of_next = _day(year + month // 12, month % 12 + 1, 1)
            return first_of_next - timedelta(days=1) if first_of_next and 1 <= month <= 12 else None
    if found := YEAR_FORM.fullmatch(text):
        return date(int(found[1]), 12, 31)
    return None


def _day(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


# A number that begins a measure: plain ones only where something ended before, bracketed ones anywhere.
NUMBERED = re.compile(
    r"(?:^|\n|(?<=[。；;\s]))\s*"
    r"(?:\d{1,2}\s*[.．、)）](?!\d)|[一二三四五六七八九十]{1,3}\s*、|(?=[一二三四五六七八九十]{1,2}是))"
    r"|\s*[（(]\s*(?:\d{1,2}|[一二三四五六七八九十]{1,3})\s*[)）]|\s*[①-⑳]"
)


def split_measures(cell: str) -> list[str]:
    """The measures in one cell: numbered 1. 2. 3.、①②、（1）、一、or 一是; else one a line; else the whole.

    What stands before the first number belongs to them where it is a sentence, not where it leads them in.
    """
    starts = [found.start() for found in NUMBERED.finditer(cell)]
    if len(starts) >= 2:
        parts = [cell[: starts[0]], *(cell[start:end] for start, end in pairwise([*starts, len(cell)]))]
    else:
        parts = cell.split("\n")
    found = [re.sub(r"\s*\n\s*", "", NUMBERED.sub("", part, count=1)).strip(" ；;") for part in parts]
    return [text for text in found if text and not text.endswith(("：", ":"))]


LONGEST_HEADING = 60


def heading_of(text: str) -> str:
    """A title for a measure: its first clause, or as much as a title holds."""
    bare = re.sub(r"^[一二三四五六七八九十]{1,2}是", "", text)
    first = re.split(r"[。；;：:，,]", bare, maxsplit=1)[0].strip() or bare
    return first[:LONGEST_HEADING]
