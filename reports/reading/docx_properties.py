"""Reads the properties that WordprocessingML writes as small elements with a `w:val`."""

from __future__ import annotations

from reports.reading.docx_package import Element, W

VAL = f"{W}val"
OFF = ("0", "false", "off", "none")

Properties = dict[str, Element]
"""Elements by their tag."""


def children(element: Element | None) -> Properties:
    """The children of an element, none for none; one pass serves all later questions."""
    return {} if element is None else {child.tag: child for child in element}


def properties(element: Element, name: str) -> Properties:
    """What the first child `name` (`pPr`, `tcPr` ...) holds."""
    return children(next(element.iterchildren(W + name), None))


def value(found: Properties, name: str) -> str | None:
    """The `w:val` of the property `name`: `None` where it is not stated, "" where it has no value."""
    stated = found.get(W + name)
    return None if stated is None else stated.get(VAL, "")


def switch(found: Properties, name: str) -> bool | None:
    """An on-off property: `None` where it is not stated."""
    stated = value(found, name)
    return None if stated is None else stated not in OFF


def whole(text: str | None) -> int | None:
    """An integer, `None` where it is absent or not an integer."""
    try:
        return None if text is None else int(text)
    except ValueError:
        return None
