"""Counts the automatic numbering of a Word document and writes it out."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from reports.reading.docx_numerals import written
from reports.reading.docx_package import Element, W
from reports.reading.docx_properties import children, switch, value, whole
from reports.reading.docx_styles import NumberingChoice, ParagraphLook, Styles

LEVELS = 9
_PLACEHOLDER = re.compile(r"%([1-9])")
# Of the marks before a list item only a dash means something in an official text; the rest is decoration.
_DASHES = re.compile("[-\u2010-\u2015\u2500\u2501\u30fc\uff0d]+")


@dataclass(frozen=True)
class Level:
    """One level of a list. `text` has %1 … %9 where the numbers of the levels go."""

    start: int = 1
    style: str = "decimal"
    text: str = ""
    suffix: str = "tab"
    restarts_after: int | None = None
    legal: bool = False
    paragraph_style: str | None = None


@dataclass
class _List:
    """The levels and the running counts that all lists made from one definition share."""

    levels: dict[int, Level]
    counts: dict[int, int] = field(default_factory=dict)


@dataclass(frozen=True)
class _Instance:
    """One `w:num`: a shared list, with levels of its own and numbers to start again from."""

    shared: _List
    levels: dict[int, Level]
    restarts: dict[int, int]


class Numbering:
    """Gives each numbered paragraph its label; must be asked once for each, in reading order."""

    def __init__(self, root: Element | None, styles: Styles) -> None:
        self._styles = styles
        self._instances: dict[str, _Instance] = {}
        self._restarted: set[tuple[str, int]] = set()
        if root is None:
            return
        definitions = {
            element.get(f"{W}abstractNumId"): element for element in root.iterfind(f"{W}abstractNum")
        }
        numbers = {element.get(f"{W}numId"): element for element in root.iterfind(f"{W}num")}
        shared: dict[str | None, _List] = {}
        for num_id, element in numbers.items():
            key = value(children(element), "abstractNumId")
            key = self._definition_behind(key, definitions, numbers)
            if key not in shared:
                shared[key] = _List(_levels(definitions.get(key)))
            self._instances[num_id] = _instance(element, shared[key])

    def label(self, stated: NumberingChoice, look: ParagraphLook) -> str:
        """The label of the next paragraph with what its `w:numPr` and its style say, "" where it has none.

        The label ends with what parts it from the text.
        """
        num_id = stated.num_id if stated.num_id is not None else look.numbering.num_id
        instance = self._instances.get(num_id or "0")
        if num_id is None or instance is None:
            return ""
        ilvl = stated.level
        if ilvl is None and stated.num_id is None:
            ilvl = _linked_level(instance, look.style, look.numbering.level)
        ilvl = min(max(ilvl or 0, 0), LEVELS - 1)
        self._count(num_id, instance, ilvl)
        return _label(instance, ilvl)

    def _definition_behind(
        self, key: str | None, definitions: dict[str, Element], numbers: dict[str, Element]
    ) -> str | None:
        """The definition that has the levels, where `key` only points to a numbering style."""
        definition = definitions.get(key or "")
        style = value(children(definition), "numStyleLink")
        number = numbers.get((self._styles.list_style(style) if style else None) or "")
        return key if number is None else value(children(number), "abstractNumId")

    def _count(self, num_id: str, instance: _Instance, ilvl: int) -> None:
        counts = instance.shared.counts
        again = instance.restarts.get(ilvl)
        if again is not None and (num_id, ilvl) not in self._restarted:
            self._restarted.add((num_id, ilvl))
            counts[ilvl] = again
        elif ilvl in counts:
            counts[ilvl] += 1
        else:
            counts[ilvl] = _first(instance, ilvl)
        for deeper in [level for level in counts if level > ilvl]:
            after = instance.levels.get(deeper, Level()).restarts_after
            if after is None or (after != 0 and ilvl < after):
                del counts[deeper]


def _first(instance: _Instance, ilvl: int) -> int:
    return instance.restarts.get(ilvl, instance.levels.get(ilvl, Level()).start)


def _linked_level(instance: _Instance, style: str | None, otherwise: int | None) -> int | None:
    """A paragraph numbered through its style has the level that names this style."""
    for ilvl, level in instance.levels.items():
        if style is not None and level.paragraph_style == style:
            return ilvl
    return otherwise


def _label(instance: _Instance, ilvl: int) -> str:
    level = instance.levels.get(ilvl)
    if level is None:
        return ""
    if level.style == "bullet":
        text = level.text if _DASHES.fullmatch(level.text) else ""
    else:

        def number(place: re.Match[str]) -> str:
            index = int(place[1]) - 1
            count = instance.shared.counts.get(index, _first(instance, index))
            style = instance.levels.get(index, Level()).style
            return written(count, "decimal" if level.legal and style != "none" else style)

        text = _PLACEHOLDER.sub(number, level.text)
    if not text:
        return ""
    return text + (" " if level.suffix == "space" or _runs_on(text, level.suffix) else "")


def _runs_on(label: str, suffix: str) -> bool:
    """Whether the gap after a label is needed to tell it from the text: 一、 needs none, 第一条 and 1. do."""
    return suffix == "tab" and (label[-1].isalpha() or label[-1].isdecimal() or label[-1] == ".")


def _levels(definition: Element | None) -> dict[int, Level]:
    found: dict[int, Level] = {}
    for element in () if definition is None else definition.iterfind(f"{W}lvl"):
        ilvl = whole(element.get(f"{W}ilvl"))
        if ilvl is not None:
            found[ilvl] = _level(element)
    return found


def _level(element: Element) -> Level:
    found = children(element)
    start = whole(value(found, "start"))
    return Level(
        # Word counts from 0 where no start is written.
        start=0 if start is None else start,
        style=_number_format(element),
        text=value(found, "lvlText") or "",
        suffix=value(found, "suff") or "tab",
        restarts_after=whole(value(found, "lvlRestart")),
        legal=bool(switch(found, "isLgl")),
        paragraph_style=value(found, "pStyle"),
    )


def _number_format(level: Element) -> str:
    """The number format; a custom one stands beside a plain one for older programs, which is taken."""
    styles = [element.get(f"{W}val") for element in level.iter(f"{W}numFmt")]
    return next((style for style in reversed(styles) if style and style != "custom"), "decimal")


def _instance(element: Element, shared: _List) -> _Instance:
    levels = dict(shared.levels)
    restarts: dict[int, int] = {}
    for override in element.iterfind(f"{W}lvlOverride"):
        ilvl = whole(override.get(f"{W}ilvl"))
        if ilvl is None:
            continue
        own = override.find(f"{W}lvl")
        if own is not None:
            levels[ilvl] = _level(own)
        start = whole(value(children(override), "startOverride"))
        if start is not None:
            restarts[ilvl] = start
    return _Instance(shared, levels, restarts)
