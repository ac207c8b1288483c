"""What the register does when two units become one: its rows go to the one that stays, with history."""

from __future__ import annotations

from typing import Any

from django.db.models import Q
from django.dispatch import receiver
from django.utils import timezone
from simple_history.utils import bulk_update_with_history

from accounts.merging import unit_merged
from accounts.models import Unit
from riskregistry.models import ChasingLetter, ColumnMapping, ImportBatch, Measure, Participation, RiskItem

# Rows written in one statement: SQLite bounds the parameters of a statement.
BATCH = 200


@receiver(unit_merged, dispatch_uid="riskregistry.move_rows")
def move_rows(sender: type[Unit], source: Unit, target: Unit, **kwargs: Any) -> None:
    """Runs inside the merge's transaction."""
    reason = f"单位合并：{source.name} 并入 {target.name}"[:100]
    _move_risk_items(source, target, reason)
    _move_measures(source, target, reason)
    _move_participations(source, target, reason)
    _move_letters(source, target, reason)
    ImportBatch.objects.filter(unit=source).update(unit=target)
    known = ColumnMapping.objects.filter(unit=target).values("header")
    ColumnMapping.objects.filter(unit=source).exclude(header__in=known).update(unit=target)
    ColumnMapping.objects.filter(unit=source).delete()


def _move_risk_items(source: Unit, target: Unit, reason: str) -> None:
    items = list(RiskItem.objects.filter(unit=source).order_by("pk").select_for_update())
    for item in items:
        item.unit, item.updated_at = target, timezone.now()
    bulk_update_with_history(
        items, RiskItem, ["unit", "updated_at"], batch_size=BATCH, default_change_reason=reason
    )


def _move_measures(source: Unit, target: Unit, reason: str) -> None:
    """Also those that `source` helps with: who helps has no history of its own, so the measure's tells it."""
    helping = Measure.co_units.through.objects
    concerned = Q(unit=source) | Q(pk__in=helping.filter(unit=source).values("measure"))
    measures = list(Measure.objects.filter(concerned).order_by("pk").select_for_update())
    helped = set(helping.filter(unit=source).values_list("measure", flat=True))
    for measure in measures:
        if measure.unit_id == source.pk:
            measure.unit = target
        measure.updated_at = timezone.now()
    bulk_update_with_history(
        measures, Measure, ["unit", "updated_at"], batch_size=BATCH, default_change_reason=reason
    )
    links = [Measure.co_units.through(measure_id=key, unit=target) for key in helped]
    helping.bulk_create(links, ignore_conflicts=True)
    helping.filter(unit=source).delete()
    # Whoever is responsible does not help itself.
    helping.filter(unit=target, measure__unit=target).delete()


def _move_letters(source: Unit, target: Unit, reason: str) -> None:
    for letter in ChasingLetter.objects.filter(unit=source).select_for_update(of=("self",)):
        letter.unit = target
        letter._change_reason = reason  # type: ignore[attr-defined]
        letter.save()


def _move_participations(source: Unit, target: Unit, reason: str) -> None:
    locked = Participation.objects.order_by("pk").select_for_update()
    kept = {participation.campaign_id: participation for participation in locked.filter(unit=target)}
    for participation in locked.filter(unit=source):
        if participation.campaign_id in kept:
            _fold(participation, kept[participation.campaign_id], reason)
        else:
            participation.unit = target
            participation._change_reason = reason  # type: ignore[attr-defined]
            participation.save()


def _fold(emptied: Participation, kept: Participation, reason: str) -> None:
    """Both took part: what only the emptied one knows goes to the kept one, then the emptied one goes."""
    if kept.study_held_on is None and emptied.study_held_on is not None:
        kept.study_held_on = emptied.study_held_on
        kept._change_reason = reason  # type: ignore[attr-defined]
        kept.save()
    declared = set(kept.none_declarations.values_list("kind", "domain"))
    for declaration in emptied.none_declarations.all():
        declaration._change_reason = reason  # type: ignore[attr-defined]
        if (declaration.kind, declaration.domain_id) in declared:
            declaration.delete()
        else:
            declaration.participation = kept
            declaration.save()
    handed_in = set(kept.submissions.values_list("item", flat=True))
    for submission in emptied.submissions.exclude(item__in=handed_in):
        submission.participation = kept
        submission._change_reason = reason  # type: ignore[attr-defined]
        submission.save()
    emptied._change_reason = reason  # type: ignore[attr-defined]
    emptied.delete()
