"""What stands out in the numbers, over random registers."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given, settings

from reports.statistics import Items, Measures
from reports.statistics.findings import (
    FINDINGS,
    LONG_OVERDUE,
    changes,
    finished_units,
    incomplete_units,
    late_units,
    long_overdue,
)
from riskregistry.enums import MeasureState, RiskKind
from tests.reports.briefing.bases import bases


@settings(max_examples=60, deadline=None)
@given(bases())
def test_they_agree_with_a_recount_of_the_measures(basis):
    counted, lines = basis.counted, basis.lines
    late = {line.unit_name for line in lines if line.light == "逾期"}
    assert {unit.name for unit in late_units(counted)} == late
    closed = {MeasureState.CLOSED.label}
    done = {
        unit.name
        for unit in counted.units
        if (own := [line.state for line in lines if line.unit == unit.pk]) and set(own) == closed
    }
    assert {unit.name for unit in finished_units(counted)} == done
    long = [
        line.pk for line in lines if line.light == "逾期" and (counted.as_of - line.due).days >= LONG_OVERDUE
    ]
    assert sorted(late.pk for late in long_overdue(counted)) == sorted(long)
    silent = {unit.name for unit in counted.units if any(not unit.items.count(kind) for kind in RiskKind)}
    assert {unit.name for unit in incomplete_units(counted)} == silent
    parts = sum(unit.measures.on_the_way + unit.measures.overdue for unit in counted.units)
    assert parts + counted.measures.closed + counted.measures.long_term == counted.measures.total


@settings(max_examples=30, deadline=None)
@given(bases(), bases())
def test_a_change_is_the_difference_and_nothing_else_is_one(first, second):
    before, now = first.counted, second.counted
    found = {change.key: change.by for change in changes(before, now)}
    assert set(found) <= set(FINDINGS)
    assert found.get("items_changed", 0) == now.items.count() - before.items.count()
    assert found.get("overdue_changed", 0) == now.measures.overdue - before.measures.overdue
    assert 0 not in found.values()
    emptied = replace(now, items=Items(), measures=Measures())
    assert changes(emptied, emptied) == []
