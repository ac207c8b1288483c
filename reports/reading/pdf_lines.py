"""Puts characters that stand at one height into lines."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

from reports.reading.builder import Run
from reports.reading.pdf_glyphs import Glyph, meaningless

# In widths of one Chinese character. A distance above the first parts two pieces of a line, which may belong
# to two columns; above the others it stands for a space.
GAP_BETWEEN_PIECES = 1.6
GAP_OF_SPACE = 0.7
GAP_OF_LATIN_SPACE = 0.2
# The same character again this close is one character printed twice to look bold.
DOUBLED = 0.15

# No line ends with the first or begins with the last; some programs part nothing from quotation marks.
_OPENING = "（《〈【〔([{"
_QUOTES = "“”‘’"
_CLOSING = "，。、；：！？）》〉】〕,.;:!?)]}%％…—"


@dataclass(frozen=True)
class Line:
    """Characters at one height, from left to right; `left` and `right` bound the column they stand in.

    `notes` are the lines of each footnote it refers to.
    """

    page: int
    glyphs: tuple[Glyph, ...]
    left: float = 0.0
    right: float = 0.0
    notes: tuple[tuple[Line, ...], ...] = ()

    @cached_property
    def x0(self) -> float:
        """Where the first visible character begins."""
        return next((glyph.x0 for glyph in self.glyphs if glyph.text.strip()), self.glyphs[0].x0)

    @cached_property
    def x1(self) -> float:
        """Where the last visible character ends."""
        ends = (glyph.x1 for glyph in reversed(self.glyphs) if glyph.text.strip())
        return next(ends, self.glyphs[-1].x1)

    @cached_property
    def size(self) -> float:
        """The size of most characters."""
        return Counter(round(glyph.size, 1) for glyph in self.glyphs).most_common(1)[0][0]

    @cached_property
    def baseline(self) -> float:
        """That of the characters of this size."""
        return next(glyph.baseline for glyph in self.glyphs if round(glyph.size, 1) == self.size)

    @property
    def top(self) -> float:
        """The upper edge."""
        return self.baseline - 0.88 * self.size

    @property
    def bottom(self) -> float:
        """The lower edge."""
        return self.baseline + 0.12 * self.size

    @cached_property
    def text(self) -> str:
        """What is written, without white space at the ends."""
        return "".join(run.text for run in self.runs()).strip()

    @cached_property
    def bold(self) -> bool:
        """Whether all of it is bold."""
        return all(glyph.bold for glyph in self.glyphs if glyph.text.strip())

    @property
    def indent(self) -> float:
        """How far from the column's left edge it begins, in characters."""
        return (self.x0 - self.left) / self.size

    @property
    def room(self) -> float:
        """How much is left to the column's right edge, in points."""
        return self.right - self.x1

    @cached_property
    def first_word(self) -> float:
        """The width of what cannot be parted at its beginning, in points."""
        glyphs = [glyph for glyph in self.glyphs if glyph.text.strip()]
        end = 0
        while end < len(glyphs) - 1 and _inseparable(glyphs[end].text, glyphs[end + 1].text):
            end += 1
        return glyphs[end].x1 - glyphs[0].x0 if glyphs else 0.0

    def runs(self) -> list[Run]:
        """The text, with the spaces that distances between characters stand for."""
        runs: list[Run] = []
        before: Glyph | None = None
        for glyph in self.glyphs:
            if meaningless(glyph.text):
                continue
            if before is not None and _spaced(before, glyph):
                runs.append(Run(" ", before.bold and glyph.bold))
            runs.append(Run(glyph.text, glyph.bold))
            before = glyph
        return runs


def is_latin(character: str) -> bool:
    """Whether words of such characters are parted by spaces."""
    return character.isascii() and character.isalnum()


def _inseparable(one: str, other: str) -> bool:
    if one.isascii() and other.isascii():
        return True
    return one in _OPENING or other in _CLOSING or one in _QUOTES or other in _QUOTES


def _spaced(before: Glyph, after: Glyph) -> bool:
    if before.text.isspace() or after.text.isspace():
        return False
    latin = is_latin(before.text) and is_latin(after.text)
    return _gap(before, after) > (GAP_OF_LATIN_SPACE if latin else GAP_OF_SPACE)


def _gap(before: Glyph, after: Glyph) -> float:
    return (after.x0 - before.x1) / max(before.size, after.size, 0.1)


def pieces(page: int, glyphs: Iterable[Glyph]) -> list[Line]:
    """Stretches of text without wide gaps, from top to bottom and left to right."""
    return [
        piece
        for row in _rows(glyphs)
        for piece in parted(Line(page, tuple(_without_doubles(row))), GAP_BETWEEN_PIECES)
    ]


def parted(line: Line, gap: float) -> list[Line]:
    """The line cut where characters are farther apart than `gap`, in widths of one."""
    found: list[list[Glyph]] = []
    for glyph in line.glyphs:
        if found and _gap(found[-1][-1], glyph) <= gap:
            found[-1].append(glyph)
        else:
            found.append([glyph])
    cut = (Line(line.page, tuple(glyphs)) for glyphs in found)
    return [piece for piece in cut if piece.text]


def joined(row: Sequence[Line]) -> Line:
    """One line out of the pieces at one height."""
    glyphs = sorted((glyph for piece in row for glyph in piece.glyphs), key=lambda glyph: glyph.x0)
    return Line(row[0].page, tuple(glyphs))


def at_one_height(lines: Sequence[Line]) -> list[list[Line]]:
    """Pieces grouped into rows from top to bottom, each from left to right."""
    rows: list[list[Line]] = []
    for line in sorted(lines, key=lambda line: line.top + line.bottom):
        if rows and any(_level(other, line) for other in rows[-1]):
            rows[-1].append(line)
        else:
            rows.append([line])
    return [sorted(row, key=lambda line: line.x0) for row in rows]


def _level(one: Glyph | Line, other: Glyph | Line) -> bool:
    """Whether the middle of one lies within the height of the other."""
    middle, other_middle = (one.top + one.bottom) / 2, (other.top + other.bottom) / 2
    return one.top <= other_middle <= one.bottom or other.top <= middle <= other.bottom


def _rows(glyphs: Iterable[Glyph]) -> list[list[Glyph]]:
    """Characters level with the largest at that place, marks raised above them included."""
    rows: list[list[Glyph]] = []
    largest: Glyph | None = None
    for glyph in sorted(glyphs, key=lambda glyph: glyph.centre[1]):
        if largest is not None and _level(largest, glyph):
            rows[-1].append(glyph)
            if glyph.size > largest.size:
                largest = glyph
        else:
            rows.append([glyph])
            largest = glyph
    return [sorted(row, key=lambda glyph: glyph.x0) for row in rows]


def _without_doubles(row: Sequence[Glyph]) -> list[Glyph]:
    kept: list[Glyph] = []
    for glyph in row:
        if not kept or kept[-1].text != glyph.text or glyph.x0 - kept[-1].x0 >= DOUBLED * glyph.size:
            kept.append(glyph)
    return kept
