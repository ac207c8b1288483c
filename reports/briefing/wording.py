"""How sentences are put together: numbers as fields, names joined as a person joins them, numerals."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from reports.briefing.shapes import FIELD, field_names, shown
from reports.statistics import DomainRow, Number, Overview, UnitRow, numbers
from reports.statistics.findings import FINDINGS
from riskregistry.enums import COUNTERS, MeasureState, RiskKind, Theme

NAMED = 3
NUMERALS = "一二三四五六七八九十"


class Fields:
    """The numbers that a sentence may carry, by name; each published number with its 口径.

    `of` gives the field of a published number, `finding` that of what stands out in them.
    """

    def __init__(self, counted: Overview) -> None:
        self.values: dict[str, str] = {}
        self.definitions: dict[str, str] = {}
        self._names: dict[tuple[str | None, ...], str] = {}
        for number in numbers(counted):
            if number.value is not None:
                name = _name(number)
                self.values[name] = shown(number.value, "rate" if "rate" in number.key else "count")
                self.definitions[name] = number.definition
                self._names[_place(number)] = name
        self.used: dict[str, None] = {}

    def of(
        self,
        key: str,
        *,
        kind: RiskKind | None = None,
        domain: DomainRow | None = None,
        unit: UnitRow | None = None,
        theme: Theme | None = None,
        state: MeasureState | None = None,
    ) -> str:
        """The field of a published number, by its key in `statistics.definitions`."""
        place = (
            key,
            kind.value if kind else None,
            domain.name if domain else None,
            unit.name if unit else None,
            theme.value if theme else None,
            state.value if state else None,
        )
        return self._field(self._names[place])

    def finding(self, key: str, value: int) -> str:
        """The field of what stands out in the numbers, by its key in `statistics.findings`."""
        name, definition = FINDINGS[key]
        self.definitions[name] = f"{definition}。"
        self.values[name] = shown(value)
        return self._field(name)

    def _field(self, name: str) -> str:
        self.used[name] = None
        return f"〔{name}={self.values[name]}〕"

    def renewed(self, text: str) -> str:
        """An edited sentence with today's values in its fields."""
        return FIELD.sub(lambda m: f"〔{m[1]}={self.values.get(m[1], m[2])}〕", text)

    def unknown(self, text: str) -> list[str]:
        return [name for name in field_names(text) if name not in self.values]

    @property
    def definitions_used(self) -> tuple[tuple[str, str], ...]:
        """(name, 口径) of every published number that was said, in order, each meaning once."""
        said: dict[str, str] = {}
        for name in self.used:
            if name in self.definitions:
                said.setdefault(self.definitions[name], name)
        return tuple((name, definition) for definition, name in said.items())


def _place(number: Number) -> tuple[str | None, ...]:
    return number.key, number.kind, number.domain, number.unit, number.theme, number.state


def _name(number: Number) -> str:
    label = number.label.replace("（登记数）", "")
    parts = [part for part in (number.unit, number.domain, label) if part]
    return "·".join(parts).replace("=", "＝").replace("〔", "（").replace("〕", "）")


def numeral(number: int) -> str:
    """一 to 九十九."""
    tens, ones = divmod(number, 10)
    if number <= 10:
        return NUMERALS[number - 1]
    return ("" if tens == 1 else NUMERALS[tens - 1]) + "十" + (NUMERALS[ones - 1] if ones else "")


def joined(names: Sequence[str], *, shown: int = NAMED, count: str = "") -> str:
    """甲、乙和丙; beyond `shown`: 甲、乙、丙等5个单位, as a person joins them. `count`: that 5 as a field."""
    if len(names) <= shown:
        return listed(names)
    return f"{'、'.join(names[:shown])}等{count or len(names)}个单位"


def listed(words: Sequence[str]) -> str:
    """甲、乙和丙."""
    return words[0] if len(words) == 1 else f"{'、'.join(words[:-1])}和{words[-1]}"


def found(fields: Fields, counted: Overview, domain: DomainRow | None = None) -> str:
    """排查风险岗位26个、风险点44处，未发现关键环节."""
    some, none = [], []
    for kind in RiskKind:
        if counted.registered(kind, domain):
            field = fields.of("risk_items", kind=kind, domain=domain)
            some.append(f"{kind.label}{field}{COUNTERS[kind]}")
        else:
            none.append(kind.label)
    parts = [f"排查{'、'.join(some)}"] if some else []
    if none:
        parts.append(f"未发现{listed(none)}")
    return "，".join(parts)


def states(fields: Fields, counted: Overview) -> str:
    """已销号20项、整改中31项: only those there are, in the order of the way to closing."""
    return "、".join(
        f"{state.label}{fields.of('measures_by_state', state=state)}项"
        for state in MeasureState
        if state != MeasureState.CANCELLED and counted.measures.count(state=state)
    )


def most(rows: Iterable[tuple[float, str]]) -> str | None:
    """The name that stands alone at the top; None where two share the place, or nobody has any."""
    ranked = sorted(rows, key=lambda row: -row[0])
    if not ranked or not ranked[0][0] or (len(ranked) > 1 and ranked[0][0] == ranked[1][0]):
        return None
    return ranked[0][1]
