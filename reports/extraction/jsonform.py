"""A `Reading` as plain values for JSON, in the shape of the contract of the reader."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from reports.extraction.facts import Reading, Stated

_STATED = ("title", "issuer", "cases", "units_involved")
_INTERNAL = {"figures": ("bound", "open_list"), "rates": ("places", "kind", "part", "listed"), "ignored": ()}


def as_json(reading: Reading) -> dict[str, Any]:
    """Dicts, lists, strings and numbers only; dates in ISO form; a missing title is the empty string."""
    out: dict[str, Any] = {key: _value(getattr(reading, key)) for key in _STATED}
    out["title"] = out["title"] or ""
    out["text"] = reading.text
    for key in ("dates", "figures", "rates", "discrepancies", "units", "measures", "next_steps", "ignored"):
        out[key] = [_plain(asdict(one), _INTERNAL.get(key, ())) for one in getattr(reading, key)]
    out["stated"] = {key: asdict(fact) for key in _STATED if (fact := getattr(reading, key)) is not None}
    return out


def _value(fact: Stated | None) -> str | int | None:
    return None if fact is None else fact.value


def _plain(fact: dict[str, Any], internal: tuple[str, ...]) -> dict[str, Any]:
    return {
        key: value.isoformat() if key == "date" else list(value) if isinstance(value, tuple) else value
        for key, value in fact.items()
        if key not in internal
    }
