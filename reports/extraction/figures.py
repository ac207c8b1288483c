"""Figures in running text: which number counts what, for the whole or for one part.

A sentence is walked clause by clause (`clause.py`), token by token. A number counts the kind named beside it,
or the one kind that was being spoken of; it belongs to the part named before it in the clause, to the part
its heading names, or to the whole. Where that is not plain, the number is left out: a wrong figure is worse
than a missing one.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from reports.extraction.clause import Clause, Found, State
from reports.extraction.facts import Kind
from reports.extraction.labels import KIND, Domains, Label, kind_of, label_of
from reports.extraction.outline import Sentence
from reports.extraction.passages import Passage
from reports.extraction.tokens import Token, tokenize
from reports.extraction.units import Gazetteer


class FigureReader:
    """Reads the figures of all sentences of one report."""

    def __init__(
        self,
        text: str,
        domains: Domains,
        units: Gazetteer,
        own: frozenset[str],
        is_problem: Callable[[Sentence], bool] = lambda _: False,
        involved: int | None = None,
    ) -> None:
        self.text = text
        self.domains = domains
        self.units = units
        self.is_problem = is_problem
        self.involved = involved
        self.own = own  # names of the bodies whose report it is: their figures are the total
        self.found: list[Found] = []
        self.state = State()

    def read(self, sentences: Sequence[Sentence]) -> list[Found]:
        """The figures of the sentences, in order."""
        for sentence in sentences:
            if re.search(r"[\d零〇一二三四五六七八九十百无]|未|没有", sentence.text):
                self._sentence(sentence)
            elif sentence.passage.index != self.state.paragraph:
                self.state.carried = None
        return self.found

    def _sentence(self, sentence: Sentence) -> None:
        state = self.state
        if sentence.passage.index != state.paragraph:
            state.paragraph, state.first_is_total, state.carried = sentence.passage.index, None, None
            state.seen = set()
        section = id(sentence.path[0]) if sentence.path else 0
        if section != state.section:
            state.section, state.stale = section, True
            state.run, state.names, state.kind_list = [], [], []
        tokens = tokenize(sentence.passage, sentence.start, sentence.end, self.domains, self.units)
        base = self._base(sentence)
        topic = self._topic(sentence)
        for clause in _clauses(tokens):
            Clause(self, sentence, clause, base, topic).walk()

    def _topic(self, sentence: Sentence) -> Kind | None:
        """The kind that the lead of a sentence names, and nothing else: 风险点：行政审批4个，执法检查5个."""
        lead = sentence.path[-1] if sentence.path else None
        if lead is None or lead.passage is not sentence.passage or "；" in lead.title:
            return None
        named = KIND.fullmatch(re.sub(r"(?:的)?(?:数量|总数|情况|方面|排查|个数|分布)+$", "", lead.title))
        return kind_of(named) if named else None

    def _base(self, sentence: Sentence) -> Label | None:
        """The part that the headings above a sentence name."""
        for heading in reversed(sentence.path):
            label = self.heading_label(heading.title, heading.passage, heading.start, heading.end)
            if label is not None:
                return label
        return None

    def heading_label(self, title: str, passage: Passage, start: int, end: int) -> Label | None:
        """The part a heading consists of: a domain, a unit, a category or a level, and nothing else."""
        title = re.sub(r"（.*）$", "", title)
        title = (
            re.sub(r"(?:的)?(?:排查|梳理|自查|风险|廉政风险)*(?:情况|结果|风险)?$", "", title)
            if len(title) > 4
            else title
        )
        mentions = self.units.mentions_in(passage, start, end)
        if len(mentions) == 1 and len(title) <= mentions[0].end - mentions[0].start:
            return self.unit_label(self.units.body_of(mentions[0]).name)
        if len(title) > 14:
            return None
        bare = re.sub(r"(?:领域|方面)$", "", title)
        label = label_of(bare, self.domains)
        return label if label and label.scope in ("domain", "category", "level") else None

    def unit_label(self, name: str) -> Label | None:
        """A unit as a part, None where the report is its own."""
        return None if name in self.own else Label("unit", name)


def _clauses(tokens: list[Token]) -> list[list[Token]]:
    """The tokens between marks that close a clause (。；)."""
    out: list[list[Token]] = [[]]
    depth = 0
    for token in tokens:
        depth += (token.type == "open") - (token.type == "close")
        out[-1].append(token)
        if token.type == "stop" and depth <= 0:
            out.append([])
            depth = 0
    return [c for c in out if c]
