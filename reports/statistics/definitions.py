"""What each published number means (口径), in one place, and the numbers in flat form."""

from __future__ import annotations

from collections.abc import Iterator

from reports.statistics.shapes import DomainRow, Measures, Number, Overview, UnitRow
from riskregistry.enums import MeasureState, RiskKind, Theme

# Added for a single unit, where None stands beside 0.
UNREPORTED = "；没有登记也没有作零申报的为未报送，不按 0 计"

# key → (label, what is counted). {kind} {theme} {state} and {days} are filled in.
DEFINITIONS: dict[str, tuple[str, str]] = {
    "units_registered": ("在册单位", "单位名录中的单位个数，已并入其他单位的不计"),
    "units_taking_part": ("参加单位", "列为本专项行动参加单位的个数，发文部署的单位不在内"),
    "units_studied": ("已开专题会议的单位", "参加单位中登记了专题会议日期的个数"),
    "cases": ("典型案例", "逐个录入本专项行动的典型案例个数"),
    "units_reported": (
        "参加单位（报告数）",
        "最新一份已采纳且未被更正的全县报告中写明并经审核采纳的参加单位个数；报告没有写明的为未列明",
    ),
    "cases_reported": (
        "典型案例（报告数）",
        "最新一份已采纳且未被更正的全县报告中写明并经审核采纳的典型案例个数；报告没有写明的为未列明",
    ),
    "risk_items": (
        "{kind}（登记数）",
        "风险清单中逐条登记、未撤回的{kind}条数，计在登记单位名下",
    ),
    "risk_items_reported": (
        "{kind}（报告数）",
        "最新一份已采纳且未被更正的全县报告中写明并经审核采纳的{kind}数；报告没有写明的为未列明",
    ),
    "unreported": (
        "{kind}未报送单位",
        "参加单位中，没有登记任何一条{kind}、也没有在任何领域作零申报的个数",
    ),
    "declared_none": (
        "{kind}零申报单位",
        "参加单位中，没有登记任何一条{kind}、但至少在一个领域作了零申报的个数",
    ),
    "measures": ("整改措施", "登记的整改措施条数，只计在责任单位名下，配合单位不重复计；已取消的不计"),
    "measures_by_theme": ("整改措施·{theme}", "主题为「{theme}」的整改措施条数；已取消的不计"),
    "measures_by_state": ("整改措施·{state}", "当前状态为「{state}」的整改措施条数"),
    "measures_by_theme_and_state": (
        "整改措施·{theme}·{state}",
        "主题为「{theme}」、状态为「{state}」的整改措施条数",
    ),
    "measures_closed": ("已销号", "状态为已销号的整改措施条数；长期坚持的另计"),
    "measures_overdue": ("逾期", "未启动、整改中、申请销号、待审批的措施中，整改时限早于截至日期的条数"),
    "measures_due_soon": (
        "临近到期",
        "未启动、整改中、申请销号、待审批的措施中，整改时限在截至日期当天起 {days} 天以内的条数",
    ),
    "closing_rate": (
        "完成率（不含长期坚持）",
        "已销号条数 ÷ 整改措施条数；已取消的不计入，长期坚持的不算完成",
    ),
    "closing_rate_with_long_term": (
        "完成率（含长期坚持）",
        "（已销号条数＋长期坚持条数）÷ 整改措施条数；已取消的不计入",
    ),
    "discrepancies_open": (
        "待核实的数据不符",
        "待审核和有效报告中尚未说明原因的不符之处，加上报告数与登记数不一致的种类数（报告写约数的、一条风险也没有登记的不比）",
    ),
}


def numbers(overview: Overview) -> list[Number]:
    """All published numbers in flat form: the totals, then by domain, by unit, and by unit and domain."""
    return [*totals(overview), *_by_domain(overview), *_by_unit(overview)]


def totals(overview: Overview) -> list[Number]:
    """The numbers of the whole scope."""
    return [
        *_unit_and_case_totals(overview),
        *_item_totals(overview),
        *_measure_numbers(overview, overview.measures),
        *_theme_and_state_numbers(overview),
        _number(overview, "discrepancies_open", overview.discrepancy_count),
    ]


def _number(
    overview: Overview,
    key: str,
    value: float | None,
    *,
    kind: RiskKind | None = None,
    domain: DomainRow | None = None,
    unit: UnitRow | None = None,
    theme: Theme | None = None,
    state: MeasureState | None = None,
) -> Number:
    words = {
        "kind": kind.label if kind else "",
        "theme": theme.label if theme else "",
        "state": state.label if state else "",
        "days": overview.due_soon_days,
    }
    label, counted = (text.format(**words) for text in DEFINITIONS[key])
    if key == "risk_items" and unit and not domain:
        counted += UNREPORTED
    return Number(
        key=key,
        label=label,
        value=value,
        definition=f"{counted}。{_coverage(overview, domain, unit)}",
        kind=kind,
        domain=domain.name if domain else None,
        unit=unit.name if unit else None,
        theme=theme,
        state=state,
    )


def _coverage(overview: Overview, domain: DomainRow | None, unit: UnitRow | None) -> str:
    """Over which units and as of when: the second half of every 口径."""
    units = unit.name if unit else overview.scope
    within = f"，{domain.name}领域".replace("领域领域", "领域") if domain else ""
    when = "现时登记" if overview.live else "当日终了时的登记"
    return f"范围：{overview.campaign_name}，{units}{within}。截至 {overview.as_of}（{when}）。"


def _unit_and_case_totals(overview: Overview) -> Iterator[Number]:
    taking_part = overview.taking_part
    yield _number(overview, "units_registered", overview.units_registered)
    yield _number(overview, "units_taking_part", len(taking_part))
    yield _number(overview, "units_studied", sum(unit.study_held_on is not None for unit in taking_part))
    yield _number(overview, "cases", overview.cases)
    if overview.sees_reported:
        yield _number(overview, "units_reported", overview.units_reported)
        yield _number(overview, "cases_reported", overview.cases_reported)


def _item_totals(overview: Overview) -> Iterator[Number]:
    taking_part = overview.taking_part
    for kind in RiskKind:
        stated = overview.reported.figure(kind) if overview.reported else None
        unreported = sum(unit.unreported(kind) for unit in taking_part)
        none_found = sum(unit.found(kind) == 0 for unit in taking_part)
        yield _number(overview, "risk_items", overview.items.count(kind), kind=kind)
        if overview.sees_reported:
            value = stated.value if stated else None
            yield _number(overview, "risk_items_reported", value, kind=kind)
        yield _number(overview, "unreported", unreported, kind=kind)
        yield _number(overview, "declared_none", none_found, kind=kind)


def _measure_numbers(overview: Overview, measures: Measures, unit: UnitRow | None = None) -> Iterator[Number]:
    """What is published of the measures both of the whole scope and of each unit."""
    values = {
        "measures": measures.total,
        "measures_closed": measures.closed,
        "measures_overdue": measures.overdue,
        "measures_due_soon": measures.due_soon,
        "closing_rate": measures.closing_rate,
        "closing_rate_with_long_term": measures.closing_rate_with_long_term,
    }
    for key, value in values.items():
        yield _number(overview, key, value, unit=unit)
    for state in MeasureState:
        yield _number(overview, "measures_by_state", measures.count(state=state), state=state, unit=unit)


def _theme_and_state_numbers(overview: Overview) -> Iterator[Number]:
    measures = overview.measures
    for theme in Theme:
        counted = measures.count(theme=theme) - measures.count(theme=theme, state=MeasureState.CANCELLED)
        yield _number(overview, "measures_by_theme", counted, theme=theme)
        for state in MeasureState:
            count = measures.count(theme=theme, state=state)
            yield _number(overview, "measures_by_theme_and_state", count, theme=theme, state=state)


def _by_domain(overview: Overview) -> Iterator[Number]:
    for domain in overview.domains:
        for kind in RiskKind:
            stated = overview.reported.figure(kind, domain.name) if overview.reported else None
            yield _number(overview, "risk_items", overview.registered(kind, domain), kind=kind, domain=domain)
            if overview.sees_reported:
                value = stated.value if stated else None
                yield _number(overview, "risk_items_reported", value, kind=kind, domain=domain)


def _by_unit(overview: Overview) -> Iterator[Number]:
    domains = {domain.pk: domain for domain in reversed(overview.domains)}
    for unit in overview.involved:
        for kind in RiskKind:
            yield _number(overview, "risk_items", unit.found(kind), kind=kind, unit=unit)
        for cell in unit.items.cells:
            where = domains[cell.domain]
            kind = RiskKind(cell.kind)
            yield _number(overview, "risk_items", cell.count, kind=kind, domain=where, unit=unit)
        yield from _measure_numbers(overview, unit.measures, unit)
