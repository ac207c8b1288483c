"""What is read out of a report: frozen values, each with its span in the text and the rule that found it.

Offsets are half-open ranges of Unicode code points into `Reading.text`; every `quote` and every `text` of a
fact equals that slice. `rule` is a short stable id; `confidence`, in
0..1, is how sure that rule is on the samples (certainty.py).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Literal

from reports.extraction.certainty import certainty

Kind = Literal["post", "point", "link", "item", "measure"]
Scope = Literal["total", "domain", "category", "level", "status", "unit"]
By = Literal["domain", "category", "level", "status", "unit", "restated", "rate"]
Role = Literal["issuer", "addressee", "participant", "mentioned"]


class ByRule:
    """A fact found by a rule: it is as sure as the rule is."""

    rule: str

    def __post_init__(self) -> None:
        object.__setattr__(self, "confidence", certainty(self.rule))


@dataclass(frozen=True)
class Known:
    """What is known before reading: units as (official name, aliases), and names of domains."""

    units: tuple[tuple[str, tuple[str, ...]], ...] = ()
    domains: tuple[str, ...] = ()


@dataclass(frozen=True)
class Stated(ByRule):
    """One value of the whole report (title, issuer, number of cases or units) and where it stands."""

    value: str | int
    quote: str
    start: int
    end: int
    rule: str
    confidence: float = field(init=False, default=0.0)


@dataclass(frozen=True)
class DateFact(ByRule):
    """A date stated to the day, at its first mention."""

    date: date
    quote: str
    start: int
    end: int
    rule: str
    confidence: float = field(init=False, default=0.0)


@dataclass(frozen=True)
class Figure(ByRule):
    """A stated number of posts, points, links, items or measures, in all or for one part.

    `name` is None for a total. `bound` says what an approximate number leaves open: "floor" (at least),
    "ceiling" (at most), "about" (neither), or "" for an exact one.
    """

    scope: Scope
    name: str | None
    kind: Kind
    value: int
    approximate: bool
    quote: str
    start: int
    end: int
    rule: str
    confidence: float = field(init=False, default=0.0)
    understood: str = ""
    bound: Literal["", "floor", "ceiling", "about"] = ""
    open_list: bool = False  # one of a list that does not claim to be whole (前三位, 等, 主要集中于)


@dataclass(frozen=True)
class Rate(ByRule):
    """A share in percent, with what it was counted from where the text tells (numerator, denominator)."""

    name: str
    value: float
    quote: str
    start: int
    end: int
    rule: str
    confidence: float = field(init=False, default=0.0)
    places: int = 0
    kind: Kind | None = None
    part: int | None = None
    whole: int | None = None  # of which the part is, where it is that of one part; 0: untold
    listed: int | None = None  # the sum of the list the part ends, where the share may speak of all of it


@dataclass(frozen=True)
class Discrepancy:
    """A stated number that does not agree with what it is made of; `message` is a Chinese sentence."""

    kind: Kind
    by: By
    stated: float
    computed: float
    missing: tuple[str, ...]
    inferred: int | None
    message: str


@dataclass(frozen=True)
class UnitMention(ByRule):
    """A named body, at its first mention."""

    name: str
    aliases: tuple[str, ...]
    role: Role
    start: int
    end: int
    rule: str
    confidence: float = field(init=False, default=0.0)


@dataclass(frozen=True)
class MeasureFact(ByRule):
    """Something done against the risks found, under a lead."""

    heading: str
    parent: str | None
    unit: str
    co_units: tuple[str, ...]
    and_others: bool
    documents: tuple[str, ...]
    text: str
    start: int
    end: int
    rule: str
    confidence: float = field(init=False, default=0.0)


@dataclass(frozen=True)
class NextStep(ByRule):
    """A lead of the plans, and the sentences under it."""

    heading: str
    text: str
    start: int
    end: int
    rule: str
    confidence: float = field(init=False, default=0.0)


@dataclass(frozen=True)
class Ignored:
    """A passage that gives no facts, and why (`reason` in Chinese). Masked passages are secrets."""

    reason: str
    start: int
    end: int
    masked: bool = False


@dataclass(frozen=True)
class Reading:
    """Everything read out of one report."""

    title: Stated | None
    issuer: Stated | None
    text: str
    dates: tuple[DateFact, ...]
    cases: Stated | None
    units_involved: Stated | None
    figures: tuple[Figure, ...]
    rates: tuple[Rate, ...]
    discrepancies: tuple[Discrepancy, ...]
    units: tuple[UnitMention, ...]
    measures: tuple[MeasureFact, ...]
    next_steps: tuple[NextStep, ...]
    ignored: tuple[Ignored, ...]
