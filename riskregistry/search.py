"""Search over units, risks and measures, by words and by the initials of pinyin."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from accounts.models import Unit, User
from accounts.pinyin import are_initials, initials
from riskregistry.filters import matching, with_initials
from riskregistry.models import Domain, Measure, RiskItem

SHOWN = 10


def units(user: User, text: str) -> list[Unit]:
    """Units whose name, short name or alias holds the text or whose initials begin so or hold it."""
    rows = Unit.objects.visible_to(user).current().prefetch_related("aliases")
    return [unit for unit in rows if _named(text, _names(unit))]


def domains(user: User, text: str) -> list[Domain]:
    """Domains by name or by its initials."""
    return [domain for domain in Domain.objects.visible_to(user) if _named(text, [domain.name])]


def _names(unit: Unit) -> list[str]:
    return [unit.name, unit.short_name, *(alias.name for alias in unit.aliases.all())]


def _named(text: str, names: Iterable[str]) -> bool:
    low = text.lower()
    plain = any(low in name.lower() for name in names if name)
    return plain or (are_initials(text) and any(low in initials(name) for name in names if name))


def risks(user: User, text: str) -> list[RiskItem]:
    """The first SHOWN + 1 current items that hold every word, or whose name has these initials."""
    rows = RiskItem.objects.visible_to(user).current().select_related("unit", "domain")
    found = list(
        rows.filter(matching(text, ["name", "description", "matter"], RiskItem)).order_by("-pk")[: SHOWN + 1]
    )
    return found or _by_initials(rows, "name", text)


def measures(user: User, text: str) -> list[Measure]:
    rows = Measure.objects.visible_to(user).select_related("unit", "domain")
    found = list(rows.filter(matching(text, ["heading", "text"], Measure)).order_by("-pk")[: SHOWN + 1])
    return found or _by_initials(rows, "heading", text)


def _by_initials(rows: Any, field: str, text: str) -> list[Any]:
    if not are_initials(text):
        return []
    keys = with_initials(rows, field, text)[: SHOWN + 1]
    return list(rows.filter(pk__in=keys).order_by("-pk"))
