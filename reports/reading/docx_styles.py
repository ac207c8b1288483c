"""What the styles of a Word document say about a paragraph or a run."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

from reports.reading.docx_package import Element, W
from reports.reading.docx_properties import OFF, Properties, children, properties, switch, value, whole

_NUMBER = f"{W}numPr"
_HEADING_NAME = re.compile(r"(?:heading|标题) ?([1-9])", re.IGNORECASE)
_BODY_TEXT = 9  # the outline level that means: not a heading


@dataclass(frozen=True)
class NumberingChoice:
    """Which list (`num_id`; "0" is none) and which of its levels, as far as stated."""

    num_id: str | None = None
    level: int | None = None


_UNSTATED = NumberingChoice()


@dataclass(frozen=True)
class ParagraphLook:
    """A paragraph style with all that it is based on. `outline` counts from 0; 9 is body text."""

    style: str | None = None
    outline: int | None = None
    centred: bool = False
    numbering: NumberingChoice = _UNSTATED


class RunLook(NamedTuple):
    """How a run is set."""

    bold: bool
    hidden: bool


def numbering_choice(found: Properties) -> NumberingChoice:
    """The `w:numPr` of a `w:pPr`."""
    if _NUMBER not in found:
        return _UNSTATED
    number = children(found[_NUMBER])
    return NumberingChoice(value(number, "numId"), whole(value(number, "ilvl")))


def heading_level(outline: int | None) -> int | None:
    """1 for the top heading; `None` for body text."""
    return None if outline is None or not 0 <= outline < _BODY_TEXT else outline + 1


class Styles:
    """The style sheet. Absent styles, and styles based on themselves, do no harm."""

    def __init__(self, root: Element | None) -> None:
        self._root = root
        self._styles: dict[str, Element] = {}
        self._default: str | None = None
        for style in () if root is None else root.iterfind(f"{W}style"):
            key = style.get(f"{W}styleId", "")
            self._styles.setdefault(key, style)
            if style.get(f"{W}type") == "paragraph" and style.get(f"{W}default", "0") not in OFF:
                self._default = key
        self._looks: dict[str | None, ParagraphLook] = {}
        self._run_looks: dict[tuple[str | None, str | None], RunLook] = {}

    def paragraph(self, style: str | None) -> ParagraphLook:
        """What the paragraph style `style` says; `None` is the default style."""
        key = self._default if style is None else style
        if key not in self._looks:
            self._looks[key] = self._look(key)
        return self._looks[key]

    def run(self, run: Element, paragraph_style: str | None) -> RunLook:
        """Whether a run is bold and whether it is hidden: by itself, or by its styles.

        Stated in the paragraph's style and in the run's, either is off again, as in Word.
        """
        own = properties(run, "rPr")
        by_style = self._run_look(value(own, "rStyle"), paragraph_style)
        bold, hidden = switch(own, "b"), switch(own, "vanish")
        if bold is None and hidden is None:
            return by_style
        return RunLook(by_style.bold if bold is None else bold, by_style.hidden if hidden is None else hidden)

    def _run_look(self, character: str | None, paragraph: str | None) -> RunLook:
        key = (character, paragraph)
        if key not in self._run_looks:
            self._run_looks[key] = RunLook(
                self._by_styles(character, paragraph, "b"), self._by_styles(character, paragraph, "vanish")
            )
        return self._run_looks[key]

    def _by_styles(self, character: str | None, paragraph: str | None, name: str) -> bool:
        by_run = self._style_switch(character, name)
        by_paragraph = self._style_switch(self._default if paragraph is None else paragraph, name)
        if by_run is None and by_paragraph is None:
            return self._defaults.get(name, False)
        return bool(by_run) != bool(by_paragraph)

    def list_style(self, style: str) -> str | None:
        """The `num_id` that a numbering style stands for."""
        found = self._styles.get(style)
        return None if found is None else numbering_choice(properties(found, "pPr")).num_id

    @cached_property
    def _defaults(self) -> dict[str, bool]:
        path = f"{W}docDefaults/{W}rPrDefault/{W}rPr"
        found = children(None if self._root is None else self._root.find(path))
        return {name: bool(switch(found, name)) for name in ("b", "vanish")}

    def _chain(self, style: str | None) -> Iterator[Element]:
        """The style and those it is based on, nearest first."""
        seen: set[str] = set()
        while style is not None and style not in seen and style in self._styles:
            seen.add(style)
            yield self._styles[style]
            style = value(children(self._styles[style]), "basedOn")

    def _look(self, style: str | None) -> ParagraphLook:
        outline: int | None = None
        alignment: str | None = None
        num_id: str | None = None
        level: int | None = None
        for element in self._chain(style):
            own = properties(element, "pPr")
            if outline is None:
                outline = whole(value(own, "outlineLvl"))
            if outline is None and (named := _HEADING_NAME.fullmatch(value(children(element), "name") or "")):
                outline = int(named[1]) - 1
            if alignment is None:
                alignment = value(own, "jc")
            choice = numbering_choice(own)
            if num_id is None:
                num_id = choice.num_id
            if level is None:
                level = choice.level
        return ParagraphLook(style, outline, alignment == "center", NumberingChoice(num_id, level))

    def _style_switch(self, style: str | None, name: str) -> bool | None:
        stated = (switch(properties(element, "rPr"), name) for element in self._chain(style))
        return next((on for on in stated if on is not None), None)
