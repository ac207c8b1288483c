"""Fields of a Word document: shown is the result, not the instruction, and no page number."""

from __future__ import annotations

from dataclasses import dataclass

from reports.reading.docx_package import Element, W

_PAGE_NUMBERS = frozenset({"PAGE", "NUMPAGES", "SECTIONPAGES", "PAGEREF", "SECTION"})


def gives_page_number(instruction: str) -> bool:
    """Whether the result of the field is the number or count of pages."""
    return _name(instruction) in _PAGE_NUMBERS


def _name(instruction: str) -> str:
    words = instruction.split()
    return words[0].upper() if words else ""


@dataclass
class _Field:
    instruction: str = ""
    in_result: bool = False


class Fields:
    """Which fields the reading is inside of. Fields nest, and may span paragraphs."""

    def __init__(self, root: Element) -> None:
        """`root` is what is read: a field that it never ends is passed over, or it would swallow the rest."""
        self._open: list[_Field] = []
        self._unended = _unended(root)
        self.shown = True

    def mark(self, character: Element) -> None:
        """Pass a `w:fldChar`."""
        kind = character.get(f"{W}fldCharType")
        if kind == "begin":
            if character not in self._unended:
                self._open.append(_Field())
        elif kind == "separate" and self._open:
            self._open[-1].in_result = True
        elif kind == "end" and self._open:
            self._open.pop()
        self.shown = all(field.in_result and not gives_page_number(field.instruction) for field in self._open)

    def instruct(self, text: str) -> None:
        """Pass a `w:instrText`."""
        if self._open and not self._open[-1].in_result:
            self._open[-1].instruction += text

    @property
    def in_contents(self) -> bool:
        """Whether the reading is inside a table of contents."""
        return any(field.in_result and _name(field.instruction) == "TOC" for field in self._open)


def _unended(root: Element) -> set[Element]:
    begun: list[Element] = []
    for character in root.iter(f"{W}fldChar"):
        kind = character.get(f"{W}fldCharType")
        if next(character.iterancestors(f"{W}del", f"{W}moveFrom"), None) is not None:
            continue
        if kind == "begin":
            begun.append(character)
        elif kind == "end" and begun:
            begun.pop()
    return set(begun)
