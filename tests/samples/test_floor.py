"""The reader does not fall behind what it reached on the seen half of the sample reports."""

from __future__ import annotations

import pytest

from tests.samples.score import Scores, pairs, score

# Per cent of precision and recall under which no kind of fact may fall: raised as the reader learns.
FLOORS = {
    "title": 97,
    "issuer": 97,
    "cases": 84,
    "units_involved": 97,
    "dates": 98,
    "figures": 91,
    "rates": 87,
    "discrepancies": 71,
    "units": 95,
    "unit names": 97,
    "aliases": 96,
    "measures": 87,
    "measure texts": 90,
    "next_steps": 82,
    "ignored": 95,
}


@pytest.fixture(scope="module")
def seen() -> Scores:
    return score("seen")


def test_every_sample_is_read_without_an_error(seen):
    assert [sample.name for sample in seen.samples if sample.error] == []
    assert len(seen.samples) == len(pairs("seen")) >= 66


@pytest.mark.parametrize("kind", FLOORS)
def test_no_kind_of_fact_falls_under_its_floor(seen, kind):
    tally = seen.tallies[kind]
    assert min(tally.precision, tally.recall) * 100 >= FLOORS[kind]


def test_every_kind_of_fact_has_a_floor(seen):
    assert set(seen.tallies) == set(FLOORS)
