"""What the readings do when two units become one: reports and facts of the one go to the other."""

from __future__ import annotations

from typing import Any

from django.db.models import Exists, OuterRef
from django.dispatch import receiver

from accounts.merging import unit_merged
from accounts.models import Unit
from reports.enums import StatementType
from reports.models import Figure, Report, Statement
from riskregistry.models import Participation


@receiver(unit_merged, dispatch_uid="reports.move_readings")
def move_readings(sender: type[Unit], source: Unit, target: Unit, **kwargs: Any) -> None:
    """Runs inside the merge's transaction, after the register has moved its participations."""
    same_file = Report.objects.filter(unit=target, campaign=OuterRef("campaign"), sha256=OuterRef("sha256"))
    Report.objects.filter(unit=source).exclude(Exists(same_file)).update(unit=target)
    Figure.objects.filter(unit=source).update(unit=target)
    Statement.objects.filter(unit=source).update(unit=target)
    loose = Statement.objects.filter(
        unit=target, type=StatementType.UNIT, participation=None, effects__has_key="participation"
    )
    for statement in loose.select_related("report"):
        statement.participation = Participation.objects.filter(
            unit=target, campaign=statement.report.campaign_id
        ).first()
        statement.save(update_fields=["participation"])
