"""The table of how sure each rule is says what the samples say."""

import json

from reports.extraction.certainty import TABLE, certainty
from tests.samples.certainty import count


def test_the_table_is_what_the_samples_say() -> None:
    """Written anew by `python -m tests.samples.certainty` when a rule has changed."""
    table = {rule: tuple(counts) for rule, counts in json.loads(TABLE.read_text("utf-8")).items()}
    assert table == count()


def test_a_rule_is_as_sure_as_it_was_right() -> None:
    rules = json.loads(TABLE.read_text("utf-8"))
    assert all(0 < certainty(rule) < 1 for rule in rules)
    assert certainty("a rule that no sample called on") == 0.5
    seldom, often = (min(rules, key=lambda r: rules[r][1]), max(rules, key=lambda r: rules[r][1]))
    assert certainty(seldom) < certainty(often)
