"""How well the reader reads the sample reports: precision and recall of each kind of fact.

`python -m tests.samples.score [--half seen|unseen|both] [--json] [--show-misses]`

A pair is NAME.txt, .docx or .pdf with its expected answer NAME.json. Breaks and blanks inside names,
headings and texts are not compared, nor is the punctuation that ends a measure's text.
"""

import argparse
import json
import sys
import time
from collections import Counter
from collections.abc import Hashable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Literal

from tests.samples.answers import read_plain, squeeze

REPORTS = Path(__file__).parent / "reports"
SUFFIXES = (".txt", ".docx", ".pdf")
HALVES = {"seen": ("seen",), "unseen": ("unseen",), "both": ("seen", "unseen")}

Half = Literal["seen", "unseen", "both"]
Json = dict[str, Any]
Facts = dict[str, "Counter[Hashable]"]


@dataclass(frozen=True)
class Tally:
    """One kind of fact over all samples: how many were expected, found, and right."""

    kind: str
    expected: int
    found: int
    right: int

    @property
    def precision(self) -> float:
        """Between 0 and 1; 1 where nothing was found."""
        return self.right / self.found if self.found else 1.0

    @property
    def recall(self) -> float:
        """Between 0 and 1; 1 where nothing was expected."""
        return self.right / self.expected if self.expected else 1.0


@dataclass(frozen=True)
class Difference:
    """A fact that was expected and not found, or found and not expected."""

    kind: str
    fact: str
    invented: bool


@dataclass(frozen=True)
class SampleScore:
    """One sample. `error` is empty unless reading it failed; `seconds` is the time reading took."""

    name: str
    expected: int
    right: int
    missed: int
    invented: int
    seconds: float
    error: str
    differences: tuple[Difference, ...]


@dataclass(frozen=True)
class Scores:
    half: str
    tallies: dict[str, Tally]
    samples: tuple[SampleScore, ...]


def pairs(half: Half) -> list[tuple[Path, Path]]:
    """The reports of a half with their expected answers, by name."""
    found = []
    for folder in HALVES[half]:
        for answer in sorted((REPORTS / folder).glob("*.json")):
            reports = [answer.with_suffix(suffix) for suffix in SUFFIXES]
            found += [(report, answer) for report in reports if report.exists()]
    return found


def score(half: Half) -> Scores:
    """Read every sample of the half and compare it with its expected answer."""
    expected_of, found_of, right_of = (Counter[str](), Counter[str](), Counter[str]())
    samples = []
    for report, answer_file in pairs(half):
        answer = json.loads(answer_file.read_text("utf-8"))
        began = time.perf_counter()
        try:
            reading, error = read(report), ""
        except Exception as problem:  # a reader that falls over is a score of nothing, not the end of scoring
            reading, error = {}, f"{type(problem).__name__}: {problem}"
        seconds = time.perf_counter() - began
        expected = facts(answer, text_of(report, answer, reading))
        found = facts(reading, reading.get("text", ""))
        matched = matches(expected, found)
        for kind in expected:
            expected_of[kind] += expected[kind].total()
            found_of[kind] += found[kind].total()
            right_of[kind] += matched[kind].total()
        samples.append(
            sample_score(f"{report.parent.name}/{report.name}", expected, found, matched, seconds, error)
        )
    kinds = facts({}, "")
    tallies = {kind: Tally(kind, expected_of[kind], found_of[kind], right_of[kind]) for kind in kinds}
    return Scores(half, tallies, tuple(samples))


def read(report: Path) -> Json:
    """One report as the reader prints it, known units and domains left empty."""
    from reports.extraction import read as extract
    from reports.extraction.jsonform import as_json
    from reports.reading.registry import read_file

    reading: Json = as_json(extract(read_file(report)))
    return reading


def text_of(report: Path, answer: Json, reading: Json) -> str:
    if "text" in answer:
        return str(answer["text"])
    return read_plain(report) if report.suffix == ".txt" else str(reading.get("text", ""))


def facts(answer: Json, text: str) -> Facts:
    """Every fact of an answer, by kind, as comparable keys."""
    singles = {key: answer.get(key) for key in ("title", "issuer", "cases", "units_involved")}
    every: dict[str, list[Hashable]] = {
        **{key: [] if value is None else [clean(value)] for key, value in singles.items()},
        "dates": [one["date"] for one in answer.get("dates", [])],
        "figures": [figure_key(one) for one in answer.get("figures", [])],
        "rates": [(clean(one["name"]), number(one["value"])) for one in answer.get("rates", [])],
        "discrepancies": [discrepancy_key(one) for one in answer.get("discrepancies", [])],
        "units": [(clean(one["name"]), one["role"]) for one in answer.get("units", [])],
        "unit names": [clean(one["name"]) for one in answer.get("units", [])],
        "aliases": [
            (clean(one["name"]), clean(alias)) for one in answer.get("units", []) for alias in one["aliases"]
        ],
        "measures": [measure_key(one) for one in answer.get("measures", [])],
        "measure texts": [text_key(one) for one in answer.get("measures", [])],
        "next_steps": [clean(one["heading"]) for one in answer.get("next_steps", [])],
        "ignored": [line for one in answer.get("ignored", []) for line in lines(text, one)],
    }
    return {kind: Counter(keys) for kind, keys in every.items()}


def clean(value: Any) -> Any:
    return squeeze(value) if isinstance(value, str) else value


def number(value: float | None) -> float | None:
    return None if value is None else round(float(value), 6)


def figure_key(one: Json) -> Hashable:
    name = clean(one["name"])
    if one["scope"] == "level":
        name = name.removesuffix("点").removesuffix("风险")  # 高 and 高风险 name one level
    return one["scope"], name, one["kind"], number(one["value"]), bool(one["approximate"])


def discrepancy_key(one: Json) -> Hashable:
    missing = tuple(sorted(clean(name) for name in one["missing"]))
    sums = number(one["stated"]), number(one["computed"]), number(one["inferred"])
    return one["kind"], one["by"], *sums, missing


def measure_key(one: Json) -> Hashable:
    co_units = tuple(sorted(clean(name) for name in one["co_units"]))
    documents = tuple(sorted(clean(name) for name in one["documents"]))
    names = clean(one["heading"]), clean(one["parent"]), clean(one["unit"])
    return *names, co_units, bool(one["and_others"]), documents


def text_key(one: Json) -> str:
    """A measure's text without its heading, which in an 一是 is its first clause, and its last stop."""
    text: str = clean(one["text"]).removeprefix(clean(one["heading"]))
    return text.strip("，。；")


def lines(text: str, one: Json) -> Iterator[tuple[int, int]]:
    """The lines of a stretch, in characters that are not white space: two layouts of one text can be
    compared, and it does not matter whether neighbouring lines are ignored in one piece or in several."""
    place = len(squeeze(text[: one["start"]]))
    for line in text[one["start"] : one["end"]].splitlines():
        length = len(squeeze(line))
        if length:
            yield place, place + length
        place += length


def matches(expected: Facts, found: Facts) -> Facts:
    """What is right, by kind: equal facts, each counted once; stretches match where they overlap."""
    right = {kind: expected[kind] & found[kind] for kind in expected}
    right["ignored"] = overlapping(expected["ignored"], found["ignored"])
    return right


def overlapping(expected: "Counter[Hashable]", found: "Counter[Hashable]") -> "Counter[Hashable]":
    left = sorted(spans(found))
    right: Counter[Hashable] = Counter()
    for start, end in sorted(spans(expected)):
        hit = next((one for one in left if one[0] < end and start < one[1]), None)
        if hit is not None:
            left.remove(hit)
            right[(start, end)] += 1
    return right


def spans(stretches: "Counter[Hashable]") -> Iterator[tuple[int, int]]:
    for stretch in stretches.elements():
        assert isinstance(stretch, tuple)
        yield stretch


def sample_score(
    name: str, expected: Facts, found: Facts, matched: Facts, seconds: float, error: str
) -> SampleScore:
    differences = []
    for kind in expected:
        differences += [
            Difference(kind, str(fact), False) for fact in (expected[kind] - matched[kind]).elements()
        ]
        if kind != "ignored":
            differences += [
                Difference(kind, str(fact), True) for fact in (found[kind] - matched[kind]).elements()
            ]
    totals = [sum(one[kind].total() for kind in expected) for one in (expected, found, matched)]
    missed, invented = totals[0] - totals[2], totals[1] - totals[2]
    return SampleScore(name, totals[0], totals[2], missed, invented, seconds, error, tuple(differences))


def show(scores: Scores, *, misses: bool) -> None:
    print(f"{'kind':<16}{'expected':>9}{'found':>7}{'right':>7}{'precision':>11}{'recall':>8}")
    for one in scores.tallies.values():
        print(
            f"{one.kind:<16}{one.expected:>9}{one.found:>7}{one.right:>7}{one.precision:>11.1%}{one.recall:>8.1%}"
        )
    print()
    for sample in scores.samples:
        counts = f"{sample.right}/{sample.expected} right, {sample.missed} missed, {sample.invented} invented"
        print(f"{sample.name}: {counts}, {sample.seconds:.2f} s {sample.error}".rstrip())
        for difference in sample.differences if misses else ():
            label = "invented" if difference.invented else "missed"
            print(f"    {label:<8} {difference.kind}: {difference.fact}")


def main() -> int:
    parser = argparse.ArgumentParser(description="Score the reader on the sample reports")
    parser.add_argument("--half", choices=sorted(HALVES), default="seen")
    parser.add_argument("--json", action="store_true")
    parser.add_argument(
        "--show-misses", action="store_true", help="name what differs; for the seen half only"
    )
    options = parser.parse_args()
    if options.show_misses and options.half != "seen":
        parser.error("--show-misses is for --half seen: what is unseen stays unseen")
    scores = score(options.half)
    if options.json:
        print(json.dumps(published(scores, hidden=not options.show_misses), ensure_ascii=False, indent=1))
    else:
        show(scores, misses=options.show_misses)
    return 0


def published(scores: Scores, *, hidden: bool) -> Json:
    form = asdict(scores)
    for kind, tally in scores.tallies.items():
        form["tallies"][kind] |= {"precision": round(tally.precision, 4), "recall": round(tally.recall, 4)}
    for sample in form["samples"] if hidden else ():
        del sample["differences"]
    return form


if __name__ == "__main__":
    sys.exit(main())
