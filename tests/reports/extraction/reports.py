"""Short reports for the tests of the reader, and what was read in them, in a form easy to compare."""

from __future__ import annotations

from reports.extraction import Known, Reading, read
from reports.extraction.jsonform import as_json
from reports.reading.document import from_text

Key = tuple[str, str | None, str, int]


def reading_of(
    body: str, *, title: str = "关于廉政风险排查情况的报告", known: Known | None = None
) -> Reading:
    """The reading of a report with this title and body."""
    return read(from_text(f"{title}\n{body}\n"), known)


def figures_of(body: str) -> set[Key]:
    """(scope, name, kind, value) of every figure of a report whose first section is `body`."""
    reading = reading_of(f"一、排查情况\n{body}")
    return {(f.scope, f.name, f.kind, f.value) for f in reading.figures}


def spans_match(reading: Reading) -> bool:
    """Whether every quote and text equals its slice of the text."""
    form = as_json(reading)
    facts = [one for value in form.values() if isinstance(value, list) for one in value]
    facts.extend(form["stated"].values())
    return all(
        reading.text[fact["start"] : fact["end"]] == fact.get("quote", fact.get("text"))
        for fact in facts
        if "quote" in fact or "text" in fact
    )
