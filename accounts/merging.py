"""Confirming and merging units: the two things a supervisor does with a name read from a report."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.db import transaction
from django.dispatch import Signal

from accounts import audit
from accounts.models import Unit, UnitAlias, User

# Sent inside the transaction with `source`, `target`: each room moves its own rows to the target.
# A signal, since accounts knows nothing of the rooms that point at it.
unit_merged = Signal()

ANONYMISED = ("XX", "xx", "ＸＸ", "××", "某某")


def is_anonymised(name: str) -> bool:
    """A name with XX stands for a body that is not named: never merged or matched by the system."""
    return any(mark in name for mark in ANONYMISED)


def confirm_unit(unit: Unit, *, actor: User) -> None:
    with transaction.atomic():
        unit.confirmed = True
        unit.save()
        unit.aliases.update(confirmed=True)
        audit.record(actor, "确认单位", unit)


def merge_units(source: Unit, target: Unit, *, actor: User) -> None:
    """Move all that belongs to `source` to `target`; its names live on as aliases of `target`.

    Raises ValidationError (Chinese) where the two cannot be one.
    """
    if source.pk == target.pk:
        raise ValidationError("单位不能并入自己")
    if target.merged_into_id is not None:
        raise ValidationError(f"「{target}」已并入其他单位，请选择并入后的单位")
    if source.merged_into_id is not None:
        raise ValidationError(f"「{source}」已经并入其他单位")
    if is_anonymised(source.name) != is_anonymised(target.name):
        raise ValidationError("匿名单位（名称含 XX）不能与实名单位合并")
    with transaction.atomic():
        unit_merged.send(sender=Unit, source=source, target=target)
        for person in source.people.all():
            person.unit = target
            person.save(update_fields=["unit"])
        source.aliases.update(unit=target)
        for merged in source.merged_units.all():
            merged.merged_into = target
            merged.save()
        if not UnitAlias.objects.filter(name=source.name).exists():
            UnitAlias.objects.create(unit=target, name=source.name)
        source.merged_into = target
        source.save()
        audit.record(actor, "合并单位", target, detail={"source": source.pk, "source_name": source.name})
