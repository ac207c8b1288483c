"""How sure a rule is: what it found in the sample reports, and how much of that was right.

The table is counted by `python -m tests.samples.certainty` over both halves of the samples, and written anew
when rules change; it holds counts alone, so that a reading takes a rule for as good as it has been.
"""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path

TABLE = Path(__file__).with_name("certainty.json")


@cache
def _counts() -> dict[str, tuple[int, int]]:
    return {rule: (right, found) for rule, (right, found) in json.loads(TABLE.read_text("utf-8")).items()}


@cache
def certainty(rule: str) -> float:
    """Between 0 and 1: (right + 1) ÷ (found + 2), so that what was seen seldom is never quite sure.

    A rule that the samples never called on is worth one half.
    """
    right, found = _counts().get(rule, (0, 0))
    return round((right + 1) / (found + 2), 3)
