"""The shapes of a briefing: what is said, as plain data that every format lays out and no format recounts.

A sentence carries its numbers as fields, written 〔name=value〕: the page shows them as numbers that cannot
be typed over, an edited sentence gets today's values again, and `plain` gives the sentence as printed.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from riskregistry.official_document import UPRIGHT_COLUMNS

FIELD = re.compile(r"〔([^〔〕=]+)=([^〔〕]*)〕")

Value = str | int | float | date | None
NOTHING = "—"


def plain(text: str) -> str:
    """A sentence as it is printed: fields as their values."""
    return FIELD.sub(r"\2", text)


def field_names(text: str) -> list[str]:
    return [name for name, _ in FIELD.findall(text)]


@dataclass(frozen=True)
class Paragraph:
    """Text under its heading, with fields; `lead` stands before it in bold. `key` names it for an edit.

    `by_hand`: a person wrote numbers into it, or took some out, so that it no longer follows the register.
    """

    key: str
    text: str
    lead: str = ""
    edited: bool = False
    by_hand: bool = False

    @property
    def plain(self) -> str:
        return plain(self.text)


@dataclass(frozen=True)
class Section:
    """`level` 1 is 一、, 2 is （一）; the number is part of the heading. `key` is that of its part."""

    key: str
    heading: str
    level: int
    paragraphs: tuple[Paragraph, ...] = ()


@dataclass(frozen=True)
class Column:
    """`share` of the width. `kind`: text, count (summed), number (not summed), rate (percent), date.

    A rate is `of[0]` ÷ `of[1]`, places of two columns, so that a spreadsheet can work it out.
    """

    title: str
    share: float
    kind: str = "text"
    of: tuple[int, int] | None = None

    @property
    def numeric(self) -> bool:
        """Whether its values are set right."""
        return self.kind in ("count", "number", "rate")


@dataclass(frozen=True)
class Table:
    """Rows of values, one a column. `total`, if any, is the last line; `note` stands below."""

    title: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Value, ...], ...]
    total: tuple[Value, ...] | None = None
    note: str = ""
    empty: str = "无"

    @property
    def lines(self) -> tuple[tuple[Value, ...], ...]:
        return self.rows if self.total is None else (*self.rows, self.total)

    def words(self, row: tuple[Value, ...]) -> list[str]:
        """A row as it is printed."""
        return [shown(value, column.kind) for value, column in zip(row, self.columns, strict=True)]


def shown(value: Value, kind: str = "text") -> str:
    """A value as it is printed: 86.5%, 2023-08-12, — for nothing."""
    if value is None or value == "":
        return NOTHING
    if isinstance(value, date):
        return value.isoformat()
    return f"{value}%" if kind == "rate" else str(value)


@dataclass(frozen=True)
class ListGroup:
    """Numbered lines under one heading of an annex: (lead, sentence)."""

    heading: str
    lines: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Listing:
    """An annex of sentences instead of a table."""

    title: str
    groups: tuple[ListGroup, ...]


@dataclass(frozen=True)
class Series:
    name: str
    values: tuple[int, ...]


@dataclass(frozen=True)
class Chart:
    """Stacked bars: one bar a category. `unit` is the counting word."""

    title: str
    categories: tuple[str, ...]
    series: tuple[Series, ...]
    unit: str


@dataclass(frozen=True)
class Briefing:
    """A document for leadership. `narrative` ones have sections and annexes; the others are tables.

    `tables` stand in the body, `annexes` behind the signature. `cover` lines stand above the title.
    """

    kind: str
    title: str
    recipient: str
    cover: tuple[str, ...]
    sections: tuple[Section, ...]
    tables: tuple[Table, ...]
    annexes: tuple[Table | Listing, ...]
    charts: tuple[Chart, ...]
    office: str
    day: date
    definitions: str
    definitions_of: tuple[tuple[str, str], ...]
    made: str
    limit: int = 0

    @property
    def every_table(self) -> tuple[Table, ...]:
        return (*self.tables, *(annex for annex in self.annexes if isinstance(annex, Table)))

    @property
    def wide(self) -> bool:
        """Whether it is laid on its side: tables alone, of many columns."""
        return not self.sections and any(len(table.columns) > UPRIGHT_COLUMNS for table in self.tables)

    @property
    def length(self) -> int:
        """Characters of the body, headings and punctuation included, tables and annexes not."""
        return sum(len(text) for text in texts(self))

    @property
    def too_long(self) -> bool:
        return bool(self.limit) and self.length > self.limit

    @property
    def paragraphs(self) -> tuple[Paragraph, ...]:
        return tuple(paragraph for section in self.sections for paragraph in section.paragraphs)


def texts(briefing: Briefing) -> Iterable[str]:
    """Every piece of text of the body, as printed."""
    for section in briefing.sections:
        yield section.heading
        for paragraph in section.paragraphs:
            yield paragraph.lead + paragraph.plain
