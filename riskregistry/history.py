"""The history of a row in users' words: when, who, which field, from what, to what."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from itertools import pairwise
from typing import Any

from django.db import models
from django.utils import timezone

from riskregistry.models import (
    Campaign,
    Case,
    Domain,
    Holiday,
    Measure,
    NoneDeclaration,
    Participation,
    Requirement,
    RiskItem,
)

Tracked = (
    Domain | Campaign | Case | Participation | NoneDeclaration | RiskItem | Measure | Requirement | Holiday
)

Column = models.Field[Any, Any]
# Foreign key → key → name of every row that it points or pointed to, where it changed.
Names = dict[str, dict[Any, str]]

# Changes of these say nothing to a reader: they follow from the other changes.
SILENT = frozenset({"id", "created_at", "updated_at", "version"})
EMPTY = "（空）"
SYSTEM = "系统"


@dataclass(frozen=True)
class Change:
    """One field of one change, or the making of the row (`field` is 建立, both values empty)."""

    at: datetime
    who: str
    field: str
    old: str
    new: str
    reason: str


def changes_of(row: Tracked, limit: int = 100) -> list[Change]:
    """The changes between the newest `limit` recorded versions, newest first.

    Costs one query for the versions and one for each foreign key that changed between them.
    """
    recorded = row.history.select_related("history_user").order_by("-history_date", "-history_id")
    versions = list(recorded[:limit])
    fields = [field for field in row._meta.concrete_fields if field.name not in SILENT]
    names = _names_of(fields, versions)
    changes = [
        change for newer, older in pairwise(versions) for change in _between(newer, older, fields, names)
    ]
    if versions and versions[-1].history_type == "+":
        first = versions[-1]
        changes.append(Change(first.history_date, _who(first), "建立", "", "", _reason(first)))
    return changes


def _between(newer: Any, older: Any, fields: Iterable[Column], names: Names) -> Iterator[Change]:
    for field in fields:
        old, new = getattr(older, field.attname), getattr(newer, field.attname)
        if old != new:
            yield Change(
                newer.history_date,
                _who(newer),
                str(field.verbose_name),
                _in_words(field, old, names),
                _in_words(field, new, names),
                _reason(newer),
            )


def _who(version: Any) -> str:
    return version.history_user.name if version.history_user else SYSTEM


def _reason(version: Any) -> str:
    return version.history_change_reason or ""


def _names_of(fields: Iterable[Column], versions: list[Any]) -> Names:
    names: Names = {}
    for field in fields:
        keys = {getattr(version, field.attname) for version in versions} if field.is_relation else set()
        if len(keys) > 1 and isinstance(field.related_model, type):
            pointed_to = field.related_model._base_manager.in_bulk(keys - {None})
            names[field.name] = {key: getattr(row, "name", str(row)) for key, row in pointed_to.items()}
    return names


def in_words_of(row: Any, name: str, value: Any = ...) -> str:
    """A field of a row as a reader is told it; `value` stands in for the row's own. Related rows by name."""
    field = row._meta.get_field(name)
    value = getattr(row, name) if value is ... else value
    if field.many_to_many:
        rows = value if isinstance(value, (list, tuple, models.QuerySet)) else value.all()
        return "、".join(sorted(str(related) for related in rows)) or EMPTY
    if field.is_relation:
        return str(value) if value else EMPTY
    return _in_words(field, value, {})


def _in_words(field: Column, value: Any, names: Names) -> str:
    if value is None or value == "" or value == []:
        return EMPTY
    if field.is_relation:
        return names[field.name].get(value, f"编号 {value}")
    if field.choices:
        return str(dict(field.flatchoices).get(value, value))
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, datetime):
        return timezone.localtime(value).strftime("%Y-%m-%d %H:%M")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, list):
        return "、".join(_listed(part) for part in value)
    return str(value)


def _listed(part: Any) -> str:
    """A part of a list in a JSON column: a document's name, or a step with its heading."""
    return str(part.get("heading", part)) if isinstance(part, dict) else str(part)
