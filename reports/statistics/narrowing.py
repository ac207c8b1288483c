"""The same numbers over fewer units: a briefing may speak of some of them."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace

from reports.statistics.shapes import Items, Measures, Overview


def narrowed(counted: Overview, units: Collection[int]) -> Overview:
    """Only these units (primary keys). What reports state of the whole county falls away."""
    kept = tuple(unit for unit in counted.units if unit.pk in units)
    return replace(
        counted,
        scope="、".join(unit.name for unit in kept) or "无",
        domains=counted.register_domains,
        units=kept,
        items=Items.together(unit.items for unit in kept),
        measures=Measures.together(unit.measures for unit in kept),
        sees_reported=False,
        reported=None,
        discrepancies=(),
        discrepancy_count=0,
        overdue=tuple(measure for measure in counted.overdue if measure.unit in units),
    )
