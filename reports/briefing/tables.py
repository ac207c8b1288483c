"""The tables, lists and charts of briefings, out of one basis."""

from __future__ import annotations

from collections.abc import Iterable

from reports.briefing.basis import Basis
from reports.briefing.shapes import Chart, Column, ListGroup, Listing, Series, Table, Value
from reports.briefing.wording import numeral
from reports.statistics import Overview, UnitRow
from reports.statistics.findings import incomplete_units
from reports.statistics.measure_lines import MeasureLine
from riskregistry.enums import MeasureState, RiskKind, Theme

# More bars than this cannot be told apart on a page.
CHART_UNITS = 12


def by_domain(basis: Basis) -> Table:
    counted = basis.counted
    domains = [d for d in counted.register_domains if d.pk is not None or counted.items.in_domain(None)]
    return Table(
        "各领域风险排查情况表",
        (Column("领域", 4), *(Column(label, 3, "count") for label in RiskKind.labels)),
        tuple((d.name, *(counted.registered(kind, d) for kind in RiskKind)) for d in domains),
        ("合计", *(counted.registered(kind) for kind in RiskKind)),
    )


def items_by_unit(basis: Basis) -> Table:
    """What each unit found, by kind: none declared is 0, nothing handed in is a dash."""
    counted = basis.counted
    return Table(
        "各单位风险排查情况表",
        (Column("单位", 7), *(Column(label, 2.6, "count") for label in RiskKind.labels)),
        tuple((u.name, *(u.found(kind) for kind in RiskKind)) for u in counted.involved),
        ("合计", *(counted.registered(kind) for kind in RiskKind)),
        note="—为未报送；0为已作零申报。",
    )


def progress_by_unit(basis: Basis) -> Table:
    """The one-page table: 单位 | 总数 | 已销号 | 整改中 | 长期坚持 | 逾期 | 完成率."""
    return Table(
        "各单位整改进度表",
        (
            Column("单位", 6.4),
            Column("措施总数", 2.6, "count"),
            Column("已销号", 2.1, "count"),
            Column("整改中", 2.1, "count"),
            Column("长期坚持", 2.6, "count"),
            Column("逾期", 1.8, "count"),
            Column("完成率", 2.7, "rate", of=(2, 1)),
        ),
        tuple((unit.name, *_progress(unit)) for unit in basis.counted.involved),
        ("合计", *_progress(basis.counted)),
        note="完成率不含长期坚持；没有措施的单位不计算完成率。其余措施未启动、在申请销号或待审批。",
    )


def _progress(counted: UnitRow | Overview) -> tuple[Value, ...]:
    measures = counted.measures
    return (
        measures.total,
        measures.closed,
        measures.count(state=MeasureState.IN_PROGRESS),
        measures.long_term,
        measures.overdue,
        measures.closing_rate,
    )


def overdue(basis: Basis) -> Table:
    return Table(
        "逾期整改措施清单",
        (
            Column("序号", 1.4, "number"),
            Column("责任单位", 4.6),
            Column("整改措施", 6.4),
            Column("责任人", 2.2),
            Column("整改时限", 3, "date"),
            Column("逾期天数", 2, "number"),
        ),
        tuple(
            (number, late.unit_name, late.heading, late.responsible, late.due, late.days)
            for number, late in enumerate(basis.counted.overdue, 1)
        ),
        empty="没有逾期的整改措施",
    )


LEDGER = (
    Column("序号", 1.3, "number"),
    Column("责任单位", 4.4),
    Column("领域", 2.6),
    Column("主题", 2),
    Column("整改措施", 7.6),
    Column("责任人", 2.2),
    Column("整改时限", 3, "date"),
    Column("状态", 2.3),
    Column("进度（%）", 1.8, "number"),
    Column("时限情况", 2.3),
    Column("销号日期", 3, "date"),
)
CLOSEOUT = (
    Column("序号", 1.3, "number"),
    Column("责任单位", 4.4),
    Column("领域", 2.6),
    Column("整改措施", 7.6),
    Column("责任人", 2.2),
    Column("整改时限", 3, "date"),
    Column("销号日期", 3, "date"),
    Column("申请人", 2.1),
    Column("核验人", 2.1),
    Column("审批人", 2.1),
    Column("出台制度", 4.2),
)


def ledger_rows(lines: Iterable[MeasureLine]) -> Iterable[tuple[Value, ...]]:
    for number, m in enumerate(lines, 1):
        yield (
            number, m.actors, m.domain, m.theme, _said(m), m.responsible, m.due, m.state, m.percent, m.light,
            m.closed_on,
        )  # fmt: skip


def closeout_rows(lines: Iterable[MeasureLine]) -> Iterable[tuple[Value, ...]]:
    closed = (m for m in lines if m.state == MeasureState.CLOSED.label)
    for number, m in enumerate(closed, 1):
        yield (
            number, m.actors, m.domain, _said(m), m.responsible, m.due, m.closed_on, m.applied_by,
            m.verified_by, m.approved_by, "".join(f"《{name}》" for name in m.documents),
        )  # fmt: skip


def _said(measure: MeasureLine) -> str:
    return f"{measure.heading}。{measure.text}" if measure.text else measure.heading


def ledger(basis: Basis) -> Table:
    return Table("整改台账", LEDGER, tuple(ledger_rows(basis.lines)), empty="还没有登记整改措施")


def closeout(basis: Basis) -> Table:
    return Table("销号台账", CLOSEOUT, tuple(closeout_rows(basis.lines)), empty="还没有销号的整改措施")


def measures_listing(basis: Basis) -> Listing:
    """Every measure under its theme: heading, who acts, where it stands. Read back, it gives each again."""
    groups: list[ListGroup] = []
    for theme in Theme:
        own = [m for m in basis.lines if m.theme == theme.label]
        if own:
            heading = f"{numeral(len(groups) + 1)}、{theme.label}"
            groups.append(ListGroup(heading, tuple((f"{m.heading}。", _standing(m)) for m in own)))
    return Listing("整改措施清单", tuple(groups))


def _standing(measure: MeasureLine) -> str:
    done = f"，{measure.state}" if measure.state != MeasureState.NOT_STARTED.label else "，尚未启动"
    return f"{measure.actors}负责落实{done}。"


def reported_against_registered(basis: Basis) -> Table:
    """The county report's numbers beside the register's; — where the report leaves one unstated."""
    counted = basis.counted
    rows: list[tuple[Value, ...]] = []
    for kind in RiskKind:
        for domain in (*counted.domains, None):
            stated = (
                counted.reported.figure(kind, domain.name if domain else None) if counted.reported else None
            )
            registered = counted.registered(kind, domain)
            if stated is None and not registered:
                continue
            rows.append(
                (
                    kind.label,
                    domain.name if domain else "合计",
                    None if stated is None else f"约{stated.value}" if stated.approximate else stated.value,
                    registered,
                    counted.difference(kind, domain),
                )
            )
    return Table(
        "报告数与登记数对照表",
        (
            Column("种类", 3),
            Column("领域", 4),
            Column("报告数", 2.4, "number"),
            Column("登记数", 2.4, "number"),
            Column("相差", 2.4, "number"),
        ),
        tuple(rows),
        note="—为报告没有写明；约数不比较。相差为报告数减登记数。",
        empty="没有可以对照的数字",
    )


def open_discrepancies(basis: Basis) -> Table:
    return Table(
        "待核实的数据不符清单",
        (Column("序号", 1.4, "number"), Column("出处", 5), Column("不符之处", 9)),
        tuple((n, found.source, found.message) for n, found in enumerate(basis.counted.discrepancies, 1)),
        empty="没有待核实的数据不符",
    )


def unreported(basis: Basis) -> Table:
    """Units that neither registered nor declared none, by kind."""
    rows: list[tuple[Value, ...]] = []
    for number, unit in enumerate(incomplete_units(basis.counted), 1):
        silent = [kind.label for kind in RiskKind if unit.unreported(kind)]
        rows.append((number, unit.name, "、".join(silent)))
    return Table(
        "未报送单位清单",
        (Column("序号", 1.4, "number"), Column("单位", 7), Column("未报送", 7)),
        tuple(rows),
        empty="各单位都已报送",
    )


def domain_chart(basis: Basis) -> Chart:
    counted = basis.counted
    domains = [d for d in counted.register_domains if d.pk is not None or counted.items.in_domain(None)]
    return Chart(
        "各领域风险排查情况",
        tuple(d.name for d in domains),
        tuple(Series(k.label, tuple(counted.registered(k, d) for d in domains)) for k in RiskKind),
        "个、处",
    )


def progress_chart(basis: Basis) -> Chart:
    """The units with most left to do, each bar the whole of its measures."""
    units = [unit for unit in basis.counted.involved if unit.measures.total]
    units = sorted(units, key=lambda u: -(u.measures.on_the_way + u.measures.overdue))[:CHART_UNITS]
    late = tuple(u.measures.overdue for u in units)
    parts = (
        Series("已销号", tuple(u.measures.closed for u in units)),
        Series("长期坚持", tuple(u.measures.long_term for u in units)),
        Series("未完成（未逾期）", tuple(u.measures.on_the_way for u in units)),
        Series("逾期", late),
    )
    return Chart("未完成措施最多的单位", tuple(u.label for u in units), parts, "项")


def charts(basis: Basis) -> tuple[Chart, ...]:
    """Only those with anything to draw."""
    return tuple(chart for chart in (domain_chart(basis), progress_chart(basis)) if _drawn(chart))


def _drawn(chart: Chart) -> bool:
    return any(any(series.values) for series in chart.series)
