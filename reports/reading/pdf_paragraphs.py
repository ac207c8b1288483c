"""Joins the lines of a PDF into the paragraphs they were broken from."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise
from statistics import median_low

from reports.reading.builder import Run
from reports.reading.pdf_glyphs import meaningless
from reports.reading.pdf_lines import Line, is_latin

# In characters.
INDENTED = 1.2
SAME_INDENT = 0.5
CENTRED_FROM = 2.6
CENTRED_FROM_IF_LARGE = 0.4
EVENLY = 1.0
SPARE = 0.3
# Others.
FAR_IN = 0.4  # of the column's width
OTHER_SIZE = 0.08
OTHER_WIDTH = 0.1
WIDE_GAP = 1.4  # times the usual distance between lines

_HEADING = re.compile(
    r"第[一二三四五六七八九十百]+[章节条部]|[一二三四五六七八九十]{1,3}、|[（(][一二三四五六七八九十]{1,3}[)）]"
    r"|\d{1,2}[.．、](?!\d)|[（(]\d{1,2}[)）]|[①-⑳]"
)
_LABEL = re.compile(rf"(?:{_HEADING.pattern}|[•●■◆▪·○–—-])\s*")
_SENTENCE_END = tuple("。；：！？.;:!?")
_LEADER = re.compile(r"\s*[.…·．]{4,}\s*\d+\s*$")


class Joining:
    """Decides where paragraphs begin, knowing the usual size and distance of the document's lines."""

    def __init__(self, lines: Sequence[Line]) -> None:
        sizes = [line.size for line in lines for _ in line.glyphs]
        self.body_size = median_low(sizes) if sizes else 0.0
        steps = [
            (below.baseline - above.baseline) / above.size
            for above, below in pairwise(lines)
            if above.page == below.page and above.left == below.left and below.baseline > above.baseline
        ]
        self._step = median_low(steps) if steps else 0.0
        indented = sum(1 for line in lines if line.indent > INDENTED)
        self._indents = indented > len(lines) / 20

    def centred(self, line: Line) -> bool:
        """Whether the line stands in the middle of its column, at some distance from both edges."""
        at_left, at_right = line.indent, line.room / line.size
        far = at_left > (CENTRED_FROM_IF_LARGE if self._large(line) else CENTRED_FROM)
        return far and abs(at_left - at_right) < EVENLY

    def begins(self, so_far: Sequence[Line], line: Line) -> bool:
        """Whether `line` begins a paragraph, coming after the lines of another one."""
        before = so_far[-1]
        if abs(line.size - before.size) > OTHER_SIZE * before.size or self._apart(before, line):
            return True
        if _LEADER.search(before.text):
            return True
        if _had_room(before, line):
            return not self._broken_early(before, line)
        if self.centred(line):
            # A title that fills its first line goes on in the middle of the next.
            return not self._large(before)
        if line.x0 - line.left > FAR_IN * (line.right - line.left):
            return True
        if _ended(before) and _label(line) and _label(so_far[0]) and _level(so_far[0], line):
            return True
        if line.indent <= INDENTED:
            return _headed(line) and _ended(before) and not self._indents
        if _hangs(so_far[0], line):
            return False
        return _ended(before) or _headed(line) or not _level(before, line)

    def _large(self, line: Line) -> bool:
        return line.size > (1 + OTHER_SIZE) * self.body_size

    def _broken_early(self, before: Line, line: Line) -> bool:
        """Whether a line ends in mid-sentence for want of a place to break, in a text that indents."""
        if not self._indents or line.indent > SAME_INDENT:
            return False
        if self.centred(before) or before.indent > CENTRED_FROM:
            return False
        much_room = before.room > FAR_IN * (before.right - before.left)
        return not (much_room or _ended(before) or _headed(line)) and before.bold == line.bold

    def _apart(self, before: Line, line: Line) -> bool:
        if before.page != line.page or line.baseline <= before.baseline:
            # In another column, which is as wide if it only goes on.
            if before.x0 - before.left > FAR_IN * (before.right - before.left):
                return True  # a signature that goes on over the page
            width, other = line.right - line.left, before.right - before.left
            return abs(width - other) > OTHER_WIDTH * other
        return line.baseline - before.baseline > WIDE_GAP * max(self._step, 1.0) * before.size


def paragraph_runs(lines: Sequence[Line]) -> list[Run]:
    """The text of one paragraph's lines; words of letters are parted by a space, Chinese is not."""
    runs: list[Run] = []
    for number, line in enumerate(lines):
        if number and is_latin(lines[number - 1].text[-1:]) and is_latin(line.text[:1]):
            runs.append(Run(" "))
        runs += _trimmed(line.runs())
    if _LEADER.search(lines[-1].text):
        text = "".join(run.text for run in runs)
        return [Run(_LEADER.sub("", text))]
    return runs


def _ended(line: Line) -> bool:
    return line.text.endswith(_SENTENCE_END)


def _headed(line: Line) -> bool:
    return _HEADING.match(line.text) is not None


def _level(one: Line, other: Line) -> bool:
    """Whether two lines begin at one distance from the edge."""
    return abs(one.indent - other.indent) < SAME_INDENT


def _label(line: Line) -> int:
    """How many visible characters the number or mark has that the line begins with."""
    found = _LABEL.match(line.text)
    if found is not None:
        return len("".join(found[0].split()))
    return int(meaningless(next(glyph.text for glyph in line.glyphs if glyph.text.strip())))


def _hangs(first: Line, line: Line) -> bool:
    """Whether `line` stands under the text after the number or mark that a list item begins with."""
    visible = [glyph for glyph in first.glyphs if glyph.text.strip()]
    label = _label(first)
    return 0 < label < len(visible) and abs(visible[label].x0 - line.x0) < SAME_INDENT * line.size


def _trimmed(runs: list[Run]) -> list[Run]:
    first = next((index for index, run in enumerate(runs) if run.text.strip()), len(runs))
    last = next((index for index in range(len(runs), 0, -1) if runs[index - 1].text.strip()), 0)
    return runs[first:last]


def _had_room(before: Line, line: Line) -> bool:
    """Whether the first word of `line` would have gone into the line before."""
    return before.room > line.first_word + SPARE * line.size
