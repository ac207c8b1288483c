"""What stands out in the numbers: who is late, who is done, what changed. Each count with its 口径.

Pure functions over `Overview`, counted with its lists uncut.
"""

from __future__ import annotations

from dataclasses import dataclass

from reports.statistics.shapes import OverdueMeasure, Overview, UnitRow
from riskregistry.enums import RiskKind

# How long after its date a measure is a matter for the leader's decision.
LONG_OVERDUE = 30

# key → (label, what is counted).
FINDINGS: dict[str, tuple[str, str]] = {
    "units_late": ("有逾期措施的单位", "至少有一项措施逾期的单位个数"),
    "units_finished": ("措施全部销号的单位", "完成率（不含长期坚持）为 100% 的单位个数"),
    "units_incomplete": (
        "报送不全的单位",
        "参加单位中，至少一种风险既没有登记、也没有在任何领域作零申报的个数",
    ),
    "measures_long_overdue": ("久拖的措施", f"整改时限已过 {LONG_OVERDUE} 天以上的逾期措施条数"),
    "units_long_overdue": ("有久拖措施的单位", "有久拖措施的单位个数"),
    "longest_overdue": ("最久逾期天数", "逾期最久的一项措施，其整改时限到截至日期的天数"),
    "items_changed": ("登记的风险增减", "两个截至日期登记的风险条数之差"),
    "measures_changed": ("制定的措施增减", "两个截至日期的整改措施条数之差，已取消的不计"),
    "closed_changed": ("销号的增减", "两个截至日期已销号的措施条数之差"),
    "overdue_changed": ("逾期的增减", "两个截至日期逾期的措施条数之差"),
}


@dataclass(frozen=True)
class Change:
    """How much more (below 0: less) there is of `what` than on an earlier day; `unit`: its counting word."""

    key: str
    what: str
    unit: str
    by: int


def late_units(counted: Overview) -> list[UnitRow]:
    """Those with anything overdue, the most first."""
    return sorted((u for u in counted.units if u.measures.overdue), key=lambda u: -u.measures.overdue)


def finished_units(counted: Overview) -> list[UnitRow]:
    return [unit for unit in counted.units if unit.measures.closing_rate == 100]


def incomplete_units(counted: Overview) -> list[UnitRow]:
    """Those that take part and have neither registered nor declared none of some kind."""
    return [unit for unit in counted.taking_part if any(unit.unreported(kind) for kind in RiskKind)]


def long_overdue(counted: Overview) -> list[OverdueMeasure]:
    return [late for late in counted.overdue if late.days >= LONG_OVERDUE]


def changes(before: Overview, now: Overview) -> list[Change]:
    """What differs between two days; nothing of what does not."""
    pairs = (
        ("items_changed", "登记的风险", "条", before.items.count(), now.items.count()),
        ("measures_changed", "制定的措施", "项", before.measures.total, now.measures.total),
        ("closed_changed", "销号的", "项", before.measures.closed, now.measures.closed),
        ("overdue_changed", "逾期的", "项", before.measures.overdue, now.measures.overdue),
    )
    return [
        Change(key, what, unit, later - earlier)
        for key, what, unit, earlier, later in pairs
        if later != earlier
    ]
