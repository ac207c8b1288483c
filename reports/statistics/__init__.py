"""Every published number, defined once: (user, campaign, as_of) → frozen dataclasses.

`overview` counts, `numbers` gives the same in flat form with each number's 口径. Pages, charts, tables,
documents and exports all consume these, so that they cannot disagree.
"""

from reports.statistics.counting import LISTED, overview
from reports.statistics.definitions import DEFINITIONS, numbers, totals
from reports.statistics.shapes import (
    UNASSIGNED,
    Declaration,
    DomainRow,
    ItemCell,
    Items,
    MeasureCell,
    Measures,
    Number,
    OpenDiscrepancy,
    OverdueMeasure,
    Overview,
    Reported,
    ReportedFigure,
    UnitRow,
    percentage,
)

__all__ = [
    "DEFINITIONS",
    "LISTED",
    "UNASSIGNED",
    "Declaration",
    "DomainRow",
    "ItemCell",
    "Items",
    "MeasureCell",
    "Measures",
    "Number",
    "OpenDiscrepancy",
    "OverdueMeasure",
    "Overview",
    "Reported",
    "ReportedFigure",
    "UnitRow",
    "numbers",
    "overview",
    "percentage",
    "totals",
]
