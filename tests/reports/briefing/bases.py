"""Random registers for briefings: units, domains, items and measures, named from realistic vocabularies."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from django.utils import timezone
from hypothesis import strategies as st

from reports.briefing.basis import Basis
from reports.statistics import (
    DomainRow,
    ItemCell,
    Items,
    MeasureCell,
    Measures,
    OverdueMeasure,
    Overview,
    UnitRow,
)
from reports.statistics.measure_lines import MeasureLine
from riskregistry.enums import MeasureState, RiskKind, Theme

MADE = datetime(2024, 3, 1, 9, 0, tzinfo=timezone.get_default_timezone())
DAY = date(2024, 3, 1)
DOMAINS = (
    "项目投资", "产业发展", "市场监管", "融资担保", "行政审批", "行风政风", "涉企检查", "招标采购",
    "惠民补贴", "工程建设", "土地出让", "执法监管", "资金拨付", "人事管理",
)  # fmt: skip
UNITS = (
    "县财政局", "县教育局", "县水利局", "县民政局", "县公安局", "县审计局", "县司法局", "县应急管理局",
    "县市场监督管理局", "县住房和城乡建设局", "县自然资源和规划局", "县人力资源和社会保障局", "县医疗保障局",
    "县退役军人事务局", "青石镇人民政府", "柳河乡人民政府", "城关街道办事处", "县人民医院", "县人民法院",
    "县城市建设投资集团有限公司", "县农村信用合作联社", "临港经济开发区管理委员会", "县机关事务服务中心",
    "县农业综合行政执法大队",
)  # fmt: skip
LEADS = ("强化", "规范", "完善", "压实", "细化", "严格", "优化", "健全")
OBJECTS = (
    "岗位职责清单", "审批流程", "廉政谈话制度", "资金监管链条", "窗口服务标准", "轮岗交流机制", "警示教育",
    "责任倒查办法", "日常监督检查", "信息公开内容", "投诉办理时限", "档案管理", "合同审查", "采购程序",
)  # fmt: skip
COUNTS = st.one_of(st.just(0), st.integers(1, 300))
OPEN = [
    MeasureState.NOT_STARTED,
    MeasureState.IN_PROGRESS,
    MeasureState.APPLIED,
    MeasureState.PENDING_APPROVAL,
]


@st.composite
def headings(draw: st.DrawFn) -> str:
    return draw(st.sampled_from(LEADS)) + draw(st.sampled_from(OBJECTS))


@st.composite
def measure_lines(draw: st.DrawFn, units: list[str]) -> list[MeasureLine]:
    """Up to a dozen; no two the same in heading and responsible unit."""
    keys = draw(st.lists(st.tuples(headings(), st.sampled_from(range(len(units)))), max_size=12, unique=True))
    lines = []
    for number, (heading, unit) in enumerate(keys, 1):
        others = [name for place, name in enumerate(units) if place != unit]
        helpers = draw(st.lists(st.sampled_from(others), max_size=2, unique=True)) if others else []
        state = draw(st.sampled_from([s for s in MeasureState if s != MeasureState.CANCELLED]))
        due = draw(st.none() | st.integers(-90, 90).map(lambda days: DAY + timedelta(days=days)))
        late = state in OPEN and due is not None and due < DAY
        lines.append(
            MeasureLine(
                pk=number,
                unit=unit + 1,
                unit_name=units[unit],
                co_units=tuple(helpers),
                and_others=draw(st.booleans()),
                theme=draw(st.sampled_from(Theme)).label,
                heading=heading,
                text=draw(st.sampled_from(["", "每季度抽查一次并公开结果。", "由专人负责，限期办结。"])),
                domain=draw(st.sampled_from(DOMAINS)),
                documents=tuple(draw(st.sampled_from([[], ["岗位轮换办法"], ["采购管理规定", "回避制度"]]))),
                responsible=draw(st.sampled_from(["", "王小明", "李卫国"])),
                start=None,
                due=due,
                original_due=None,
                percent=draw(st.integers(0, 100)),
                state=state.label,
                closed_on=DAY - timedelta(days=3) if state == MeasureState.CLOSED else None,
                applied_by="甲",
                verified_by="乙",
                approved_by="",
                light="逾期" if late else "",
            )
        )
    return lines


def measures_of(lines: list[MeasureLine]) -> Measures:
    themes = {theme.label: theme for theme in Theme}
    states = {state.label: state for state in MeasureState}
    cells = [
        MeasureCell(themes[line.theme], states[line.state], 1, int(line.light == "逾期"), 0) for line in lines
    ]
    return Measures.together([Measures((cell,)) for cell in cells])


@st.composite
def bases(draw: st.DrawFn, *, most_units: int = 6) -> Basis:
    """A register with at least one risk item; sums hold by construction."""
    names = draw(st.lists(st.sampled_from(UNITS), min_size=1, max_size=most_units, unique=True))
    domains = draw(st.lists(st.sampled_from(DOMAINS), min_size=1, max_size=5, unique=True))
    rows = tuple(DomainRow(number, name) for number, name in enumerate(domains, 1))
    lines = draw(measure_lines(names))
    units = []
    for number, name in enumerate(names, 1):
        cells = tuple(
            ItemCell(kind.value, domain.pk, count)
            for domain in rows
            for kind in RiskKind
            if (count := draw(COUNTS))
        )
        own = [line for line in lines if line.unit == number]
        studied = draw(st.none() | st.just(date(2024, 1, 3)))
        units.append(
            UnitRow(number, name, name, True, True, True, studied, Items(cells), measures_of(own), ())
        )
    if not any(unit.items.cells for unit in units):
        first = units[0]
        cell = ItemCell(RiskKind.POST, 1, draw(st.integers(1, 300)))
        units[0] = UnitRow(
            1, first.name, first.label, True, True, True, None, Items((cell,)), first.measures, ()
        )
    return basis_of(units, rows, lines)


def basis_of(
    units: list[UnitRow],
    domains: tuple[DomainRow, ...],
    lines: list[MeasureLine],
    before: Overview | None = None,
) -> Basis:
    late = tuple(
        OverdueMeasure(
            m.pk, m.heading, m.unit, m.unit_name, m.responsible, m.state, m.due, (DAY - m.due).days
        )
        for m in sorted(lines, key=lambda m: m.due or DAY)
        if m.light == "逾期" and m.due is not None
    )
    counted = Overview(
        campaign=1,
        campaign_name="优化营商环境专项行动",
        as_of=DAY,
        live=True,
        scope="全部单位",
        due_soon_days=7,
        cases=0,
        domains=domains,
        units=tuple(units),
        items=Items.together(unit.items for unit in units),
        measures=measures_of(lines),
        sees_reported=True,
        reported=None,
        discrepancies=(),
        discrepancy_count=0,
        overdue=late,
    )
    return Basis(
        counted=counted,
        before=before,
        started_on=date(2024, 1, 2),
        next_steps=(("加强跟踪问效", "每季度调度一次。"),),
        lines=tuple(lines),
        whole=True,
        made_at=MADE,
        made_by="监督一",
    )
