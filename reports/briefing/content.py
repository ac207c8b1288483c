"""Statistics → what a 情况报告 says: sections, paragraphs and tables, as plain data.

Every number in it comes out of `Overview`. What a domain has none of is written 未发现, so that our own
reader gives 0 for it again.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from reports.statistics import DomainRow, Overview, UnitRow
from riskregistry.enums import COUNTERS, MeasureState, RiskKind
from riskregistry.official_document import day_in_words

NAMED = 3
NUMERALS = "一二三四五六七八九十"


@dataclass(frozen=True)
class Paragraph:
    """Text under its heading; `lead` stands before it in bold."""

    text: str
    lead: str = ""


@dataclass(frozen=True)
class Section:
    """`level` 1 is 一、, 2 is （一）; the number is part of the heading."""

    heading: str
    level: int
    paragraphs: tuple[Paragraph, ...]


@dataclass(frozen=True)
class Table:
    """An annex. `widths` are shares; `numeric` the columns set right; the last row is a total if `total`."""

    title: str
    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    widths: tuple[float, ...]
    numeric: tuple[int, ...]
    total: bool = True
    note: str = ""


@dataclass(frozen=True)
class Briefing:
    title: str
    recipient: str
    sections: tuple[Section, ...]
    annexes: tuple[Table, ...]
    office: str
    day: date
    definitions: str


@dataclass(frozen=True)
class Plan:
    """What the register itself does not count: the campaign's dates and what comes next."""

    started_on: date | None
    next_steps: tuple[tuple[str, str], ...]


def situation(counted: Overview, plan: Plan, *, office: str, county: str, made_at: datetime) -> Briefing:
    """情况报告: deployment, what was found by domain, measures, what is wrong, what comes next."""
    parts: list[tuple[str, list[tuple[str | None, list[Paragraph]]]]] = [
        ("总体情况", [(None, _deployment(counted, plan))]),
        ("各领域风险排查情况", _domains(counted)),
        ("整改措施落实情况", [(None, _measures(counted))]),
        ("存在的问题", [(None, _problems(counted))]),
        ("下一步打算", _next_steps(plan)),
    ]
    sections: list[Section] = []
    for title, below in parts:
        below = [(heading, paragraphs) for heading, paragraphs in below if paragraphs]
        if not below:
            continue
        number = NUMERALS[len([s for s in sections if s.level == 1])]
        own = [paragraph for heading, paragraphs in below if heading is None for paragraph in paragraphs]
        sections.append(Section(f"{number}、{title}", 1, tuple(own)))
        headed = [(heading, paragraphs) for heading, paragraphs in below if heading is not None]
        sections += [
            Section(f"（{_numeral(place)}）{heading}", 2, tuple(paragraphs))
            for place, (heading, paragraphs) in enumerate(headed, 1)
        ]
    return Briefing(
        title=f"关于{counted.campaign_name}进展情况的报告",
        recipient=f"{county or '县'}委、{county or '县'}政府",
        sections=tuple(sections),
        annexes=(_by_domain(counted), _by_unit(counted)),
        office=office,
        day=counted.as_of,
        definitions=_definitions(counted, made_at),
    )


def _numeral(number: int) -> str:
    """一 to 九十九."""
    tens, ones = divmod(number, 10)
    if number <= 10:
        return NUMERALS[number - 1]
    return ("" if tens == 1 else NUMERALS[tens - 1]) + "十" + (NUMERALS[ones - 1] if ones else "")


def joined(names: Sequence[str], *, shown: int = NAMED, counter: str = "个单位") -> str:
    """Names as a person joins them: 甲、乙; beyond `shown`: 甲、乙等5个单位."""
    if len(names) <= shown:
        return "、".join(names)
    return f"{'、'.join(names[:shown])}等{len(names)}{counter}"


def _found(count_of: dict[RiskKind, int]) -> str:
    """排查风险岗位26个、风险点44处，未发现关键环节."""
    some = [f"{kind.label}{count}{COUNTERS[kind]}" for kind, count in count_of.items() if count]
    none = [kind.label for kind, count in count_of.items() if not count]
    parts = [f"排查{'、'.join(some)}"] if some else []
    if none:
        parts.append(f"未发现{_and(none)}")
    return "，".join(parts)


def _and(words: Sequence[str]) -> str:
    return words[0] if len(words) == 1 else f"{'、'.join(words[:-1])}和{words[-1]}"


def _deployment(counted: Overview, plan: Plan) -> list[Paragraph]:
    taking, studied = counted.taking_part, [u for u in counted.taking_part if u.study_held_on]
    begun = f"{day_in_words(plan.started_on)}，{counted.campaign_name}部署启动。" if plan.started_on else ""
    part = f"共有{len(taking)}个单位参加" if taking else "尚无单位参加"
    if studied and len(studied) == len(taking):
        part += "，均已召开专题会议"
    elif studied:
        part += f"，{len(studied)}个单位已召开专题会议"
    totals = {kind: counted.registered(kind) for kind in RiskKind}
    found = f"共{_found(totals)}。" if any(totals.values()) else "各单位尚未登记风险。"
    return [Paragraph(f"{begun}{part}。截至{day_in_words(counted.as_of)}，{found}")]


def _domains(counted: Overview) -> list[tuple[str | None, list[Paragraph]]]:
    if not counted.items.count():
        return []
    found: list[tuple[str | None, list[Paragraph]]] = []
    for domain in counted.register_domains:
        count_of = {kind: counted.registered(kind, domain) for kind in RiskKind}
        if domain.pk is None:
            continue
        text = f"{_found(count_of)}。" + _largest(counted, domain)
        found.append((f"{domain.name}领域", [Paragraph(text)]))
    unassigned = {kind: counted.items.in_domain(None, kind) for kind in RiskKind}
    if any(unassigned.values()):
        found.append(("未归领域", [Paragraph(f"{_found(unassigned)}。")]))
    return found


def _largest(counted: Overview, domain: DomainRow) -> str:
    """Which unit found most of it, where one stands out."""
    sums = sorted(((u.items.in_domain(domain.pk), u) for u in counted.units), key=lambda s: -s[0])
    if len(sums) < 2 or not sums[0][0] or sums[0][0] == sums[1][0]:
        return ""
    return f"其中{sums[0][1].name}排查最多。"


def _measures(counted: Overview) -> list[Paragraph]:
    measures = counted.measures
    if not measures.total:
        return [Paragraph("尚未登记整改措施。")]
    states = [
        f"{state.label}{count}项"
        for state in MeasureState
        if state != MeasureState.CANCELLED and (count := measures.count(state=state))
    ]
    rate, with_kept = measures.closing_rate, measures.closing_rate_with_long_term
    text = (
        f"各单位共制定整改措施{measures.total}项，其中{'、'.join(states)}。"
        f"不含长期坚持的完成率为{rate}%，含长期坚持的为{with_kept}%。"
    )
    ranked = [u for u in counted.units if u.measures.total and u.measures.closing_rate is not None]
    best = [u.name for u in ranked if u.measures.closing_rate == 100]
    if best:
        text += f"{joined(best)}已全部销号。"
    return [Paragraph(text)]


def _problems(counted: Overview) -> list[Paragraph]:
    found: list[Paragraph] = []
    late = sorted((u for u in counted.units if u.measures.overdue), key=lambda u: -u.measures.overdue)
    if late:
        found.append(
            Paragraph(
                f"尚有{counted.measures.overdue}项措施逾期，涉及{joined([u.name for u in late])}。",
                "进度不平衡。",
            )
        )
    silent = [u for u in counted.taking_part if any(u.unreported(kind) for kind in RiskKind)]
    if silent:
        found.append(
            Paragraph(f"{joined([u.name for u in silent])}报送不全，既未登记也未作零申报。", "报送不完整。")
        )
    return found


def _next_steps(plan: Plan) -> list[tuple[str | None, list[Paragraph]]]:
    return [
        (heading, [Paragraph(text)] if text else [Paragraph("按既定安排推进。")])
        for heading, text in plan.next_steps
    ]


def _by_domain(counted: Overview) -> Table:
    unassigned = counted.items.in_domain(None)
    domains = [d for d in counted.register_domains if d.pk is not None or unassigned]
    rows = [
        (domain.name, *(str(counted.registered(kind, domain)) for kind in RiskKind)) for domain in domains
    ]
    total = ("合计", *(str(counted.registered(kind)) for kind in RiskKind))
    return Table("各领域风险排查情况表", ("领域", *RiskKind.labels), (*rows, total), (4, 3, 3, 3), (1, 2, 3))


def _by_unit(counted: Overview) -> Table:
    header = ("单位", "措施总数", "已销号", "整改中", "长期坚持", "逾期", "完成率")
    rows = [_unit_row(u.name, u) for u in counted.involved]
    return Table(
        "各单位整改进度表",
        header,
        (*rows, _row("合计", counted)),
        (6.4, 2.2, 2.2, 2.2, 2.4, 1.8, 3),
        (1, 2, 3, 4, 5, 6),
        note="完成率不含长期坚持；没有措施的单位不计算完成率。",
    )


def _unit_row(name: str, unit: UnitRow) -> tuple[str, ...]:
    return _row(name, unit)


def _row(name: str, counted: UnitRow | Overview) -> tuple[str, ...]:
    measures = counted.measures
    rate = measures.closing_rate
    return (
        name,
        str(measures.total),
        str(measures.closed),
        str(measures.count(state=MeasureState.IN_PROGRESS)),
        str(measures.long_term),
        str(measures.overdue),
        "—" if rate is None else f"{rate}%",
    )


def _definitions(counted: Overview, made_at: datetime) -> str:
    return (
        f"口径：{counted.scope}，截至{day_in_words(counted.as_of)}系统登记的数字；风险为未撤回的登记条数，"
        f"措施不含已取消的，只计在责任单位名下。{made_at:%Y-%m-%d %H:%M}生成。"
    )


def texts(briefing: Briefing) -> Iterable[str]:
    """Every piece of text, for counting its length."""
    for section in briefing.sections:
        yield section.heading
        for paragraph in section.paragraphs:
            yield paragraph.lead + paragraph.text
