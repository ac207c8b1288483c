"""Tables of briefings as the page shows them: each value in words, and whether it is set right."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from django import template

from reports.briefing.shapes import Table, Value

register = template.Library()


@dataclass(frozen=True)
class Cell:
    text: str
    right: bool


@register.filter
def shown_rows(table: Table, most: int) -> Iterator[list[Cell]]:
    """The first rows."""
    return (_cells(table, row) for row in table.rows[:most])


@register.filter
def shown_total(table: Table) -> list[Cell]:
    return _cells(table, table.total or ())


def _cells(table: Table, row: tuple[Value, ...]) -> list[Cell]:
    return [Cell(text, c.numeric) for text, c in zip(table.words(row), table.columns, strict=True)]
