"""What the four narratives say: 情况报告, 专报, 通报 and 数据核对单, composed from one basis.

A part without anything to say is left out; what a domain has none of is written 未发现, so that our own
reader gives 0 for it again.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta

from reports.briefing.basis import Basis
from reports.briefing.shapes import Paragraph
from reports.briefing.wording import Fields, found, joined, most, states
from reports.statistics import Overview
from reports.statistics.findings import (
    LONG_OVERDUE,
    changes,
    finished_units,
    incomplete_units,
    late_units,
    long_overdue,
)
from reports.statistics.measure_lines import MeasureLine
from riskregistry.enums import MeasureState, Theme
from riskregistry.official_document import day_in_words

# How many measures of a theme the body names.
EXAMPLES = 3
# How many of the late units the brief names.
NAMED_LATE = 3
# Days the units get to answer a circular.
ANSWER_DAYS = 10


@dataclass(frozen=True)
class Block:
    """Paragraphs under a heading of the second level, or under none."""

    heading: str | None
    paragraphs: tuple[Paragraph, ...]


Say = Callable[[Basis, Fields], list[Block]]


@dataclass(frozen=True)
class Part:
    key: str
    title: str
    say: Say


def _one(key: str, text: str, lead: str = "") -> list[Block]:
    return [Block(None, (Paragraph(key, text, lead),))] if text else []


def overall(basis: Basis, fields: Fields) -> list[Block]:
    counted = basis.counted
    taking = counted.taking_part
    studied = [unit for unit in taking if unit.study_held_on]
    begun = f"{day_in_words(basis.started_on)}，{counted.campaign_name}部署启动。" if basis.started_on else ""
    part = f"共有{fields.of('units_taking_part')}个单位参加" if taking else "尚无单位参加"
    if studied and len(studied) == len(taking):
        part += "，均已召开专题会议"
    elif studied:
        part += f"，{fields.of('units_studied')}个单位已召开专题会议"
    some = counted.items.count()
    risks = f"共{found(fields, counted)}" if some else "各单位尚未登记风险"
    return _one(
        "overall", f"{begun}{part}。截至{day_in_words(counted.as_of)}，{risks}。{compared(basis, fields)}"
    )


def compared(basis: Basis, fields: Fields) -> str:
    """What changed since the day compared with; said in words that no reader takes for another total."""
    before, counted = basis.before, basis.counted
    if before is None:
        return ""
    since = day_in_words(before.as_of)
    found = []
    for change in changes(before, counted):
        more = "增加" if change.by > 0 else "减少"
        found.append(f"{change.what}{more}{fields.finding(change.key, abs(change.by))}{change.unit}")
    return f"与{since}相比，{'，'.join(found)}。" if found else f"各项数字与{since}持平。"


def domains(basis: Basis, fields: Fields) -> list[Block]:
    counted = basis.counted
    if not counted.items.count():
        return []
    blocks = []
    for domain in counted.register_domains:
        if domain.pk is None and not counted.items.in_domain(None):
            continue
        top = most((unit.items.in_domain(domain.pk), unit.name) for unit in counted.units)
        text = f"{found(fields, counted, domain)}。" + (f"其中{top}排查最多。" if top else "")
        heading = f"{domain.name}领域" if domain.pk is not None else domain.name
        blocks.append(Block(heading, (Paragraph(f"domain-{domain.pk or 0}", text),)))
    return blocks


def progress(basis: Basis, fields: Fields) -> list[Block]:
    counted = basis.counted
    measures = counted.measures
    if not measures.total:
        return _one("progress", "尚未登记整改措施。")
    text = (
        f"各单位共制定整改措施{fields.of('measures')}项，其中{states(fields, counted)}。"
        f"{_rates(basis, fields)}。"
    )
    done = [unit.name for unit in finished_units(counted)]
    if done:
        names = joined(done, count=fields.finding("units_finished", len(done)))
        text += f"措施已全部销号的有{names}。"
    weakest = _weakest(counted)
    if weakest:
        text += f"完成率最低的是{weakest}。"
    return [*_one("progress", text), *_themes(basis, fields)]


def _rates(basis: Basis, fields: Fields) -> str:
    """Both rates, each only where it says something: nobody writes that 0 of them are closed."""
    measures = basis.counted.measures
    without, along = fields.of("closing_rate"), fields.of("closing_rate_with_long_term")
    if measures.closed and measures.long_term:
        return f"不含长期坚持的完成率为{without}，含长期坚持的为{along}"
    if measures.long_term:
        return f"尚无措施销号，含长期坚持的完成率为{along}"
    return f"完成率为{without}" if measures.closed else "尚无措施销号"


def _weakest(counted: Overview) -> str | None:
    """The unit whose rate stands alone at the bottom, where there are several to compare."""
    rated = [(unit.measures.closing_rate, unit.name) for unit in counted.units]
    rates = [(rate, name) for rate, name in rated if rate is not None]
    return most((101 - rate, name) for rate, name in rates) if len(rates) > 2 else None


def _themes(basis: Basis, fields: Fields) -> list[Block]:
    """By theme, who did what: those that are done first, each unit once."""
    blocks = []
    for theme in Theme:
        own = [line for line in basis.lines if line.theme == theme.label]
        if not own:
            continue
        paragraphs = [
            Paragraph(f"theme-{theme.value}-{place}", _example(line), f"{line.heading}。")
            for place, line in enumerate(_examples(own))
        ]
        blocks.append(
            Block(f"在{theme.label}方面" if theme != Theme.OTHER else "其他方面", tuple(paragraphs))
        )
    return blocks


def _examples(lines: Sequence[MeasureLine]) -> list[MeasureLine]:
    chosen: dict[str, MeasureLine] = {}
    done = (MeasureState.CLOSED.label, MeasureState.LONG_TERM.label)
    for line in sorted(lines, key=lambda m: (m.state not in done, not m.documents, m.pk)):
        if line.unit not in {other.unit for other in chosen.values()}:
            chosen.setdefault(line.heading, line)
    return list(chosen.values())[:EXAMPLES]


def _example(line: MeasureLine) -> str:
    issued = f"出台{''.join(f'《{name}》' for name in line.documents)}，" if line.documents else ""
    return f"{line.actors}{issued}负责落实，{line.state}。"


def problems(basis: Basis, fields: Fields) -> list[Block]:
    counted = basis.counted
    paragraphs = []
    late = late_units(counted)
    if late:
        names = joined([u.name for u in late], count=fields.finding("units_late", len(late)))
        worst = most((u.measures.overdue, u.name) for u in late)
        weight = f"，{worst}最多" if worst and len(late) > 1 else ""
        text = f"尚有{fields.of('measures_overdue')}项措施逾期，涉及{names}{weight}。"
        paragraphs.append(Paragraph("late", text, "进度不平衡。"))
    silent = incomplete_units(counted)
    if silent:
        names = joined([u.name for u in silent], count=fields.finding("units_incomplete", len(silent)))
        paragraphs.append(Paragraph("silent", f"{names}报送不全，既未登记也未作零申报。", "报送不完整。"))
    if counted.discrepancy_count:
        text = f"有{fields.of('discrepancies_open')}处数据尚待核实，另见数据核对单。"
        paragraphs.append(Paragraph("unclear", text, "数据不衔接。"))
    return [Block(None, tuple(paragraphs))] if paragraphs else []


def next_steps(basis: Basis, fields: Fields) -> list[Block]:
    return [
        Block(heading, (Paragraph(f"next-{place}", text or "按既定安排推进。"),))
        for place, (heading, text) in enumerate(basis.next_steps)
    ]


def key_numbers(basis: Basis, fields: Fields) -> list[Block]:
    counted = basis.counted
    risks = f"{found(fields, counted)}" if counted.items.count() else "尚未登记风险"
    taking = f"{fields.of('units_taking_part')}个参加单位" if counted.taking_part else "各单位"
    text = f"截至{day_in_words(counted.as_of)}，{taking}{risks}；"
    if counted.measures.total:
        closed = f"已销号{fields.of('measures_closed')}项，" if counted.measures.closed else ""
        late = f"逾期{fields.of('measures_overdue')}项" if counted.measures.overdue else "无逾期"
        text += f"制定整改措施{fields.of('measures')}项，{closed}{late}，{_rates(basis, fields)}。"
    else:
        text += "尚未登记整改措施。"
    return _one("numbers", text + compared(basis, fields))


def laggards(basis: Basis, fields: Fields) -> list[Block]:
    late = late_units(basis.counted)
    if not late:
        return _one("laggards", "各单位均无逾期措施。")
    named = late[:NAMED_LATE]
    parts = [f"{u.name}（{fields.of('measures_overdue', unit=u)}项）" for u in named]
    if len(late) > len(named):
        count = fields.finding("units_late", len(late))
        said = f"共有{count}个单位有逾期措施，较多的是{'、'.join(parts)}"
    else:
        said = f"有逾期措施的是{'、'.join(parts)}"
    longest = basis.counted.overdue[0] if basis.counted.overdue else None
    if longest:
        days = fields.finding("longest_overdue", longest.days)
        said += f"。逾期最久的是{longest.unit_name}的「{longest.heading}」，已{days}天"
    return _one("laggards", said + "。")


def decisions(basis: Basis, fields: Fields) -> list[Block]:
    """What only a leader can settle, each with the number behind it."""
    counted = basis.counted
    asks: list[str] = []
    long = long_overdue(counted)
    if long:
        units = list(dict.fromkeys(late.unit_name for late in long))
        names = joined(units, count=fields.finding("units_long_overdue", len(units)))
        field = fields.finding("measures_long_overdue", len(long))
        asks.append(f"{names}有{field}项措施逾期{LONG_OVERDUE}天以上，建议约谈单位负责人")
    pending = counted.measures.count(state=MeasureState.PENDING_APPROVAL)
    if pending:
        field = fields.of("measures_by_state", state=MeasureState.PENDING_APPROVAL)
        asks.append(f"{field}项措施已经核验，请审批销号")
    silent = incomplete_units(counted)
    if silent:
        names = joined([u.name for u in silent], count=fields.finding("units_incomplete", len(silent)))
        asks.append(f"{names}报送不全，建议限期补报")
    if counted.discrepancy_count:
        asks.append(f"{fields.of('discrepancies_open')}处数据尚待核实，核实前相关数字请勿对外引用")
    ordinals = "一二三四"
    said = "；".join(f"{ordinals[n]}是{ask}" if len(asks) > 1 else ask for n, ask in enumerate(asks))
    return _one("decisions", f"{said}。" if said else "")


def praise(basis: Basis, fields: Fields) -> list[Block]:
    """Who is ahead: the best five of those with measures and nothing late."""
    ahead = [
        u
        for u in basis.counted.units
        if u.measures.total and not u.measures.overdue and (u.measures.closing_rate or 0) > 0
    ]
    ahead.sort(key=lambda u: -(u.measures.closing_rate or 0))
    if not ahead:
        return []
    parts = [f"{u.name}完成率{fields.of('closing_rate', unit=u)}" for u in ahead[:5]]
    return _one("praise", f"{'，'.join(parts)}，且无逾期措施。")


def demands(basis: Basis, fields: Fields) -> list[Block]:
    asks: list[str] = []
    if late_units(basis.counted):
        asks.append("有逾期措施的单位要逐项说明原因、明确完成日期，尽快申请销号")
    if incomplete_units(basis.counted):
        asks.append("报送不全的单位要抓紧登记，确无风险的作零申报")
    if basis.counted.discrepancy_count:
        asks.append("数据不一致的单位要对照核对单查明原因、据实更正")
    asks.append("各单位要随整改进展及时记录，做到措施、时限、责任人三落实")
    due = day_in_words(basis.made_at.date() + timedelta(days=ANSWER_DAYS))
    return _one("demands", f"{'；'.join(asks)}。以上请于{due}前办理并反馈。")


def reconciled(basis: Basis, fields: Fields) -> list[Block]:
    counted = basis.counted
    source = f"《{counted.reported.title}》" if counted.reported else ""
    if source:
        against = f"对照{source}与系统登记的数字"
    elif counted.sees_reported:
        against = "尚无已采纳的全县报告，只核对报送情况和各报告内部的数字"
    else:
        against = "核对本单位报送情况和本单位报告内部的数字"
    count = counted.discrepancy_count
    said = f"，有{fields.of('discrepancies_open')}处待核实" if count else "，没有发现待核实的不符"
    silent = incomplete_units(counted)
    text = f"截至{day_in_words(counted.as_of)}，{against}{said}。"
    if silent:
        text += f"另有{fields.finding('units_incomplete', len(silent))}个单位报送不全。"
    return _one("reconciled", text)


def how_to_clear(basis: Basis, fields: Fields) -> list[Block]:
    if not (basis.counted.discrepancy_count or incomplete_units(basis.counted)):
        return []
    text = (
        "请有关单位对照所附清单逐处查明原因：属于报告笔误的更正报告，属于漏登的补登，确属口径不同的写明情况。"
    )
    return _one("clear", text)


PARTS: dict[str, tuple[Part, ...]] = {
    "situation": (
        Part("overall", "总体情况", overall),
        Part("domains", "各领域风险排查情况", domains),
        Part("progress", "整改措施落实情况", progress),
        Part("problems", "存在的问题", problems),
        Part("next", "下一步打算", next_steps),
    ),
    "brief": (
        Part("numbers", "主要数字", key_numbers),
        Part("laggards", "进度滞后的单位", laggards),
        Part("decisions", "需要研究决定的事项", decisions),
    ),
    "circular": (
        Part("numbers", "总体进度", key_numbers),
        Part("praise", "进度较快的单位", praise),
        Part("problems", "存在的问题", problems),
        Part("demands", "有关要求", demands),
    ),
    "reconciliation": (
        Part("reconciled", "核对结果", reconciled),
        Part("clear", "核实要求", how_to_clear),
    ),
}
