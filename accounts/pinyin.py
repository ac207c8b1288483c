"""Names found by the initials of their pinyin: xzsp → 行政审批."""

from __future__ import annotations

import re
from functools import lru_cache

from pypinyin import Style, lazy_pinyin

INITIALS = re.compile(r"[a-z]{2,20}")


@lru_cache(maxsize=20_000)
def initials(name: str) -> str:
    """The small first letters of each character's pinyin; digits and letters stay, the rest is left out."""
    return "".join(_first(char) for char in name if char.isalnum())


@lru_cache(maxsize=10_000)
def _first(char: str) -> str:
    return lazy_pinyin(char, style=Style.FIRST_LETTER)[0][:1].lower()


def are_initials(text: str) -> bool:
    """Whether a search could be meant as initials."""
    return INITIALS.fullmatch(text.lower()) is not None
