"""Lines that tell people that something of theirs changed."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import Q
from django.urls import reverse

from accounts.enums import Role
from accounts.models import User
from riskregistry.models import Measure, Notice


def tell(measure: Measure, actor: User, what: str, told: Iterable[str]) -> None:
    """A notice to everyone of `told` ("unit", "supervisors", "leaders") but the actor.

    Call inside the act's transaction.
    """
    wanted = Q(pk__in=[])
    if "unit" in told:
        units = [measure.unit_id, *measure.co_units.values_list("pk", flat=True)]
        wanted |= Q(role=Role.OFFICER, unit__in=units)
    if "supervisors" in told:
        wanted |= Q(role=Role.SUPERVISOR)
    if "leaders" in told:
        wanted |= Q(role=Role.LEADER)
    people = User.objects.filter(wanted, is_active=True).exclude(pk=actor.pk)
    send(
        people, f"{actor.name}：{what}——{measure.heading}", reverse("riskregistry:measure", args=[measure.pk])
    )


def send(people: Iterable[User], text: str, path: str = "") -> None:
    Notice.objects.bulk_create([Notice(user=person, text=text[:200], path=path) for person in people])
