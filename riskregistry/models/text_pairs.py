"""An index of character pairs, by blocks of rows: which thousands of rows can hold a word at all.

Most Chinese words that are searched for have two characters, so that trigrams would not help. A pair is
noted for the block of 1,024 keys that a row belongs to; a word can only stand in blocks that hold all of
its pairs, and only these are read. What a row no longer says stays noted: that costs a look, never a hit.
Pairs are not unique, so that two who write at once never wait for each other.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from itertools import pairwise
from typing import Any, ClassVar, TypeVar

from django.db import models
from django.db.models import Count

Row = TypeVar("Row", bound=models.Model)

BLOCK = 1024
# A statement's parameters stay below every database's limit.
PIECE = 900


class TextPair(models.Model):
    """`pair`: two characters that follow each other, in lower case. `table`: which model's rows."""

    table = models.CharField("清单", max_length=10)
    pair = models.CharField("字对", max_length=2)
    block = models.PositiveIntegerField("段")

    class Meta:
        verbose_name = "检索字对"
        verbose_name_plural = "检索字对"
        indexes: ClassVar = [
            models.Index(fields=["table", "pair", "block"], name="text_pair_of_block"),
            models.Index(fields=["table", "block", "pair"], name="text_block_of_pair"),
        ]

    def __str__(self) -> str:
        return f"{self.pair} {self.block}"


def pairs_of(text: str) -> set[str]:
    """The pairs of every word of a text; a pair never reaches over a blank."""
    return {a + b for word in text.lower().split() for a, b in pairwise(word)}


def note(table: str, rows: Iterable[tuple[int, Sequence[str]]]) -> None:
    """Note the pairs of rows: (primary key, texts). What is noted already is left alone."""
    said: dict[int, set[str]] = defaultdict(set)
    for pk, texts in rows:
        for text in texts:
            said[pk // BLOCK] |= pairs_of(text)
    missing = []
    for block, pairs in said.items():
        known = _known(table, block, pairs)
        missing += [TextPair(table=table, pair=pair, block=block) for pair in sorted(pairs - known)]
    TextPair.objects.bulk_create(missing, batch_size=PIECE // 3)


def _known(table: str, block: int, pairs: set[str]) -> set[str]:
    rows = TextPair.objects.filter(table=table, block=block)
    if len(pairs) <= PIECE // 2:
        rows = rows.filter(pair__in=pairs)
    return set(rows.values_list("pair", flat=True))


def blocks_with(table: str, word: str) -> set[int] | None:
    """The blocks that may hold a word; None where a word of one character tells nothing."""
    pairs = pairs_of(word)
    if not pairs:
        return None
    rows = TextPair.objects.filter(table=table, pair__in=sorted(pairs)[: PIECE // 2])
    counted = rows.values("block").annotate(held=Count("pair", distinct=True))
    wanted = min(len(pairs), PIECE // 2)
    return set(counted.filter(held=wanted).values_list("block", flat=True))


def ranges(blocks: Iterable[int]) -> list[tuple[int, int]]:
    """Blocks as the fewest ranges of primary keys, both ends included."""
    found: list[tuple[int, int]] = []
    for block in sorted(blocks):
        low, high = block * BLOCK, block * BLOCK + BLOCK - 1
        if found and found[-1][1] == low - 1:
            found[-1] = found[-1][0], high
        else:
            found.append((low, high))
    return found


class NotedQuerySet(models.QuerySet[Row]):
    """Rows written many at once are noted too: the one place that every writer goes through."""

    def bulk_create(self, objs: Iterable[Row], *args: Any, **kwargs: Any) -> list[Row]:
        made = super().bulk_create(objs, *args, **kwargs)
        self.model.note_texts(made)  # type: ignore[attr-defined]
        return made

    def bulk_update(self, objs: Iterable[Row], fields: Iterable[str], *args: Any, **kwargs: Any) -> int:
        rows, names = list(objs), list(fields)
        count = super().bulk_update(rows, names, *args, **kwargs)
        if set(names) & self.model.NOTED:  # type: ignore[attr-defined]
            self.model.note_texts(rows)  # type: ignore[attr-defined]
        return count
