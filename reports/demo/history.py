"""Rows with a past: the live row as it stands now, and the versions it went through before."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Generic, TypeVar

from django.db import models

from accounts.models import User

BATCH = 500

Row = TypeVar("Row", bound=models.Model)


@dataclass(frozen=True)
class Version:
    """What a row was from `at` on: `values` are the attributes that differed from the row of today."""

    at: datetime
    by: User | None
    values: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Past(Generic[Row]):
    """An unsaved row and its versions, oldest first, each at its own moment; the last differs in nothing."""

    row: Row
    versions: tuple[Version, ...]


def create(pasts: Sequence[Past[Row]]) -> list[Row]:
    """Insert rows of one tracked model with their history. Returns the rows, with their keys."""
    if not pasts:
        return []
    rows = [past.row for past in pasts]
    model = type(rows[0])
    model._default_manager.bulk_create(rows, batch_size=BATCH)
    if any(column.attname == "updated_at" for column in model._meta.fields):
        _date_back(pasts)
    history = model.history.model  # type: ignore[attr-defined]
    history.objects.bulk_create(
        (version for past in pasts for version in _history_rows(past, history)), batch_size=BATCH
    )
    return rows


def _date_back(pasts: Sequence[Past[Row]]) -> None:
    """An insert stamps `updated_at` with the present: put it back to the last version's moment."""
    for past in pasts:
        past.row.updated_at = past.versions[-1].at  # type: ignore[attr-defined]
    rows = [past.row for past in pasts]
    type(rows[0])._default_manager.bulk_update(rows, ["updated_at"], batch_size=BATCH)


def _history_rows(past: Past[Row], history: Any) -> Iterator[models.Model]:
    names = [column.attname for column in history.tracked_fields]
    now = {name: getattr(past.row, name) for name in names}
    for number, version in enumerate(past.versions):
        then = {**now, **version.values}
        if "updated_at" in now:
            then["updated_at"] = version.at
        yield history(
            history_date=version.at,
            history_user_id=version.by.pk if version.by else None,
            history_type="~" if number else "+",
            **then,
        )
