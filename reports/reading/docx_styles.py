"""What the styles of a Word document say about a paragraph or a run."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from reports.reading.docx_package import Element, W

_VAL = f"{W}val"
_OFF = ("0", "false", "off", "none")
_HEADING_NAME = re.compile(r"(?:heading|标题) ?([1-9])", re.IGNORECASE)
_BODY_TEXT = 9  # the outline level that means: not a heading


def value(parent: Element | None, name: str) -> str | None:
    """The `w:val` of the child `name`, `None` where there is no such child."""
    child = None if parent is None else parent.find(W + name)
    return None if child is None else child.get(_VAL, "")


def switch(properties: Element | None, name: str) -> bool | None:
    """An on-off property: `None` where it is not stated."""
    stated = value(properties, name)
    return None if stated is None else stated not in _OFF


def whole(text: str | None) -> int | None:
    """An integer attribute, `None` where it is absent or not an integer."""
    try:
        return None if text is None else int(text)
    except ValueError:
        return None


@dataclass(frozen=True)
class NumberingChoice:
    """Which list (`num_id`; "0" is none) and which of its levels, as far as stated."""

    num_id: str | None = None
    level: int | None = None


@dataclass(frozen=True)
class ParagraphLook:
    """A paragraph style with all that it is based on. `outline` counts from 0; 9 is body text."""

    style: str | None = None
    outline: int | None = None
    centred: bool = False
    numbering: NumberingChoice = NumberingChoice()


def numbering_choice(properties: Element | None) -> NumberingChoice:
    """The `w:numPr` of a `w:pPr`."""
    number = None if properties is None else properties.find(f"{W}numPr")
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
            if style.get(f"{W}type") == "paragraph" and style.get(f"{W}default", "0") not in _OFF:
                self._default = key
        self._looks: dict[str | None, ParagraphLook] = {}
        self._switches: dict[tuple[str | None, str], bool | None] = {}

    def paragraph(self, style: str | None) -> ParagraphLook:
        """What the paragraph style `style` says; `None` is the default style."""
        key = self._default if style is None else style
        if key not in self._looks:
            self._looks[key] = self._look(key)
        return self._looks[key]

    def run_switch(self, properties: Element | None, paragraph_style: str | None, name: str) -> bool:
        """Whether `name` (`b`, `vanish`) is on for a run: by itself, or by its styles.

        Stated in the paragraph's style and in the run's, it is off again, as in Word.
        """
        stated = switch(properties, name)
        if stated is not None:
            return stated
        character = value(properties, "rStyle")
        by_run = False if character is None else self._style_switch(character, name)
        by_paragraph = self._style_switch(paragraph_style or self._default, name)
        if by_run is None and by_paragraph is None:
            return self._defaults.get(name, False)
        return bool(by_run) != bool(by_paragraph)

    def list_style(self, style: str) -> str | None:
        """The `num_id` that a numbering style stands for."""
        found = self._styles.get(style)
        return None if found is None else numbering_choice(found.find(f"{W}pPr")).num_id

    @cached_property
    def _defaults(self) -> dict[str, bool]:
        path = f"{W}docDefaults/{W}rPrDefault/{W}rPr"
        properties = None if self._root is None else self._root.find(path)
        return {name: bool(switch(properties, name)) for name in ("b", "vanish")}

    def _chain(self, style: str | None) -> Iterator[Element]:
        """The style and those it is based on, nearest first."""
        seen: set[str] = set()
        while style is not None and style not in seen and style in self._styles:
            seen.add(style)
            yield self._styles[style]
            style = value(self._styles[style], "basedOn")

    def _look(self, style: str | None) -> ParagraphLook:
        outline: int | None = None
        alignment: str | None = None
        num_id: str | None = None
        level: int | None = None
        for element in self._chain(style):
            properties = element.find(f"{W}pPr")
            if outline is None:
                outline = whole(value(properties, "outlineLvl"))
            if outline is None and (named := _HEADING_NAME.fullmatch(value(element, "name") or "")):
                outline = int(named[1]) - 1
            if alignment is None:
                alignment = value(properties, "jc")
            choice = numbering_choice(properties)
            if num_id is None:
                num_id = choice.num_id
            if level is None:
                level = choice.level
        return ParagraphLook(style, outline, alignment == "center", NumberingChoice(num_id, level))

    def _style_switch(self, style: str | None, name: str) -> bool | None:
        key = (style, name)
        if key not in self._switches:
            stated = (switch(element.find(f"{W}rPr"), name) for element in self._chain(style))
            self._switches[key] = next((on for on in stated if on is not None), None)
        return self._switches[key]
