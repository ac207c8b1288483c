"""Count how often each rule of the reader is right on the samples: the table its confidence comes from.

`python -m tests.samples.certainty` reads both halves. Only counts leave the unseen one.
"""

import json
from collections import Counter
from collections.abc import Callable, Hashable, Iterator

from reports.extraction.certainty import TABLE
from tests.samples.score import (
    Json,
    clean,
    facts,
    figure_key,
    matches,
    measure_key,
    number,
    pairs,
    read,
    text_of,
)

KEYS: dict[str, Callable[[Json], Hashable]] = {
    "dates": lambda one: one["date"],
    "figures": figure_key,
    "rates": lambda one: (clean(one["name"]), number(one["value"])),
    "units": lambda one: (clean(one["name"]), one["role"]),
    "measures": measure_key,
    "next_steps": lambda one: clean(one["heading"]),
}


def found_facts(reading: Json) -> Iterator[tuple[str, str, Hashable]]:
    """(kind, rule, comparable key) of every fact of a reading that a rule has found."""
    for kind, key in KEYS.items():
        yield from ((kind, one["rule"], key(one)) for one in reading[kind])
    for kind, one in reading["stated"].items():
        yield kind, one["rule"], clean(one["value"])


def count() -> dict[str, tuple[int, int]]:
    """Rule → (right, found), over all samples."""
    right, found = Counter[str](), Counter[str]()
    for report, answer_file in pairs("both"):
        answer = json.loads(answer_file.read_text("utf-8"))
        reading = read(report)
        matched = matches(facts(answer, text_of(report, answer, reading)), facts(reading, reading["text"]))
        for kind, rule, key in found_facts(reading):
            found[rule] += 1
            if matched[kind][key] > 0:
                matched[kind][key] -= 1
                right[rule] += 1
    return {rule: (right[rule], found[rule]) for rule in sorted(found)}


if __name__ == "__main__":
    lines = [f' "{rule}": [{right}, {found}]' for rule, (right, found) in count().items()]
    TABLE.write_text("{\n" + ",\n".join(lines) + "\n}\n", "utf-8")
