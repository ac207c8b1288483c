"""Ways to write a number, one by one: each line of phrases.txt, and the figures a clerk would take from it.

A sentence (`\\n` and `\\t` written out), then a line `= scope:name/kind=value …` with all its figures: `~`
stands behind an approximate one, nothing behind the sign where the sentence states none.
"""

from pathlib import Path

import pytest

from reports.extraction.facts import Figure
from tests.reports.extraction.reports import reading_of

LINES = Path(__file__).with_name("phrases.txt").read_text().splitlines()


def written(figure: Figure) -> str:
    return (
        f"{figure.scope}:{figure.name or ''}/{figure.kind}={figure.value}{'~' if figure.approximate else ''}"
    )


@pytest.mark.parametrize(("phrase", "figures"), zip(LINES[::2], LINES[1::2], strict=True))
def test_a_phrase_gives_its_figures(phrase: str, figures: str) -> None:
    body = phrase.replace(r"\n", "\n").replace(r"\t", "\t")
    found = reading_of(f"一、排查情况\n{body}").figures
    assert sorted(map(written, found)) == sorted(figures.removeprefix("=").split())
