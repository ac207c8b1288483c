"""Basis + choices → a briefing: which parts in which order, which tables, what was edited by hand."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime

from reports.briefing import tables
from reports.briefing.basis import Basis
from reports.briefing.narratives import PARTS, Block, Part
from reports.briefing.options import Options
from reports.briefing.shapes import FIELD, Briefing, Listing, Paragraph, Section, Table, field_names
from reports.briefing.wording import Fields, numeral
from riskregistry.enums import MeasureState
from riskregistry.official_document import day_in_words

NARRATIVE, TABLES = ("docx", "pdf"), ("xlsx", "docx", "pdf")
SLIDES = ("pptx", "pdf")


@dataclass(frozen=True)
class Kind:
    """`limit`: characters of the body, 0 for no rule. `tables` stand in the body, `annexes` behind it."""

    label: str
    formats: tuple[str, ...]
    title: str
    recipient: str = ""
    limit: int = 0
    tables: tuple[Callable[[Basis], Table], ...] = ()
    annexes: tuple[Callable[[Basis], Table | Listing], ...] = ()
    charts: bool = False


# {campaign} is filled in; {county} is the county's name or 县.
KINDS: dict[str, Kind] = {
    "situation": Kind(
        "情况报告", NARRATIVE, "关于{campaign}进展情况的报告", "{county}委、{county}政府", 4000, charts=True,
        annexes=(tables.by_domain, tables.items_by_unit, tables.progress_by_unit, tables.measures_listing),
    ),
    "brief": Kind(
        "专报", NARRATIVE, "{campaign}进展专报", "{county}领导", 400, annexes=(tables.progress_by_unit,),
    ),
    "circular": Kind(
        "通报", NARRATIVE, "关于{campaign}整改进展情况的通报", "各参加单位", 3000,
        annexes=(tables.progress_by_unit, tables.overdue),
    ),
    "ledger": Kind("整改台账", TABLES, "{campaign}整改台账", tables=(tables.ledger,)),
    "closeout": Kind("销号台账", TABLES, "{campaign}销号台账", tables=(tables.closeout,)),
    "onepage": Kind(
        "一页表", TABLES, "{campaign}整改进度一页表", tables=(tables.progress_by_unit,), charts=True
    ),
    "reconciliation": Kind(
        "数据核对单", NARRATIVE, "{campaign}数据核对单", "各参加单位", 3000,
        annexes=(tables.reported_against_registered, tables.open_discrepancies, tables.unreported),
    ),
    "slides": Kind(
        "汇报幻灯片", SLIDES, "{campaign}进展情况汇报", charts=True,
        tables=(tables.by_domain, tables.progress_by_unit),
    ),
}  # fmt: skip
# Slides say in short what the brief says at length.
SPEAKS_LIKE = {"slides": "brief"}


def parts_of(kind: str) -> tuple[Part, ...]:
    return PARTS.get(SPEAKS_LIKE.get(kind, kind), ())


def compose(
    kind: str, basis: Basis, options: Options, *, office: str, county: str, snapshot: str = ""
) -> Briefing:
    """The document as it will be laid out. `snapshot` names the stored numbers, for the line at the end."""
    described, counted = KINDS[kind], basis.counted
    fields = fields_of(basis)
    names = {"campaign": counted.campaign_name, "county": county or "县"}
    sections = _sections(kind, basis, options, fields)
    by_hand = [p for section in sections for p in section.paragraphs if p.by_hand]
    return Briefing(
        kind=kind,
        title=options.title or described.title.format(**names),
        recipient=options.recipient or described.recipient.format(**names),
        cover=options.cover,
        sections=sections,
        tables=tuple(make(basis) for make in described.tables),
        annexes=tuple(annex for make in described.annexes if (annex := make(basis)) and _worth(annex, basis)),
        charts=tables.charts(basis) if described.charts else (),
        office=office,
        day=counted.as_of,
        definitions=_definitions(basis, len(by_hand)),
        definitions_of=_meanings(basis, fields),
        made=_made(basis.made_at, basis.made_by, snapshot),
        limit=described.limit,
    )


def fields_of(basis: Basis) -> Fields:
    return Fields(basis.counted)


def _worth(annex: Table | Listing, basis: Basis) -> bool:
    """An empty list of measures is no annex; an empty table says that there is nothing."""
    return bool(annex.groups) if isinstance(annex, Listing) else True


def _sections(kind: str, basis: Basis, options: Options, fields: Fields) -> tuple[Section, ...]:
    by_key = {part.key: part for part in parts_of(kind)}
    chosen = [by_key[key] for key in options.sections if key in by_key] or list(by_key.values())
    # All are composed, so that a number that one of them works out can be used in another.
    said = {part.key: part.say(basis, fields) for part in by_key.values()}
    sections: list[Section] = []
    number = 0
    for part in chosen:
        blocks = [_edited(block, options, fields) for block in said[part.key]]
        blocks = [block for block in blocks if block.paragraphs]
        if not blocks:
            continue
        number += 1
        own = tuple(p for block in blocks if block.heading is None for p in block.paragraphs)
        sections.append(Section(part.key, f"{numeral(number)}、{part.title}", 1, own))
        headed = [block for block in blocks if block.heading is not None]
        sections += [
            Section(part.key, f"（{numeral(place)}）{block.heading}", 2, block.paragraphs)
            for place, block in enumerate(headed, 1)
        ]
    return tuple(sections)


def _edited(block: Block, options: Options, fields: Fields) -> Block:
    paragraphs = tuple(
        edited(p, options.edits[p.key], fields) if p.key in options.edits else p for p in block.paragraphs
    )
    return replace(block, paragraphs=tuple(p for p in paragraphs if p.text))


def edited(paragraph: Paragraph, text: str, fields: Fields) -> Paragraph:
    """The paragraph as a person wrote it, with today's numbers in its fields."""
    renewed = fields.renewed(text)
    return replace(paragraph, text=renewed, edited=True, by_hand=is_by_hand(paragraph.text, renewed))


def is_by_hand(composed: str, written: str) -> bool:
    """Whether an edit says numbers of its own: digits outside fields that the composed sentence had not."""
    loose = re.findall(r"\d+(?:\.\d+)?%?", FIELD.sub("", written))
    known = re.findall(r"\d+(?:\.\d+)?%?", FIELD.sub("", composed))
    lost = set(field_names(composed)) - set(field_names(written))
    return bool(lost) or any(number not in known for number in loose)


def _definitions(basis: Basis, by_hand: int) -> str:
    counted = basis.counted
    scope = counted.scope if len(counted.scope) <= 60 else f"所选{len(counted.units)}个单位"
    when = "系统登记" if counted.live else "当日终了时系统登记"
    text = (
        f"口径：{scope}，截至{day_in_words(counted.as_of)}{when}的数字；风险为未撤回的登记条数，"
        f"措施不含已取消的，只计在责任单位名下。"
    )
    if by_hand:
        text += f"正文有{by_hand}段经人工改写，所写数字不由系统核对。"
    return text


def _made(made_at: datetime, made_by: str, snapshot: str) -> str:
    number = f"，数据快照{snapshot}" if snapshot else ""
    return f"{made_by}于{made_at:%Y-%m-%d %H:%M}生成{number}。"


def _meanings(basis: Basis, fields: Fields) -> tuple[tuple[str, str], ...]:
    """What each number said means; without the scope and the day, which stand once for all."""
    said: dict[str, str] = {}
    for name, definition in fields.definitions_used:
        label = name.rpartition("·")[2]
        if label in MeasureState.labels:
            continue
        said.setdefault(label, definition.partition("。范围：")[0] + "。")
    return tuple(said.items())
