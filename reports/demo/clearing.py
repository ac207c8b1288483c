"""The end of a demonstration: everything of it goes, so that real work can begin in the same installation."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from django.apps import apps
from django.contrib.sessions.models import Session
from django.core.exceptions import ValidationError
from django.db import models, router, transaction
from django_tasks_db.models import DBTaskResult

from accounts import audit
from accounts.models import User
from accounts.preferences import preference, set_preference
from reports.demo.county import COUNTY

ROOMS = ("reports", "riskregistry", "accounts")
# Dictionaries, settings and the audit trail outlive the demonstration.
KEPT = {
    "riskregistry.domain",
    "riskregistry.historicaldomain",
    "riskregistry.holiday",
    "riskregistry.historicalholiday",
    "accounts.setting",
    "accounts.auditevent",
    "accounts.audithead",
}


def clear_demo() -> dict[str, int]:
    """Remove all that a demonstration database holds, also what people entered meanwhile, and every account.

    Returns how many rows went, by the model's name in Chinese. Raises ValidationError (Chinese) and changes
    nothing where the database is not a demonstration.
    """
    with transaction.atomic():
        if not preference("demo"):
            raise ValidationError("这不是演示数据库，没有删除任何数据。")
        doomed = demo_models()
        removals = [removal for model in doomed for removal in _file_removals(model)]
        counts = {str(model._meta.verbose_name): _remove_rows(model) for model in doomed if model is not User}
        # The one that Django's own tables refer to: sign-ins and the admin's log go with it.
        counts[str(User._meta.verbose_name)] = User.objects.count()
        User.objects.all().delete()
        Session.objects.all().delete()
        DBTaskResult.objects.all().delete()
        set_preference("demo", False)
        if preference("county_name") == COUNTY:
            set_preference("county_name", "")
        removed = {name: count for name, count in counts.items() if count}
        audit.record(None, "清除演示数据", detail=removed)
        for removal in removals:
            transaction.on_commit(removal, robust=True)
    return removed


def demo_models() -> list[type[models.Model]]:
    """Every model of ours that a demonstration fills, with row history and the tables between two models."""
    return [
        model
        for room in ROOMS
        for model in apps.get_app_config(room).get_models(include_auto_created=True)
        if model._meta.label_lower not in KEPT
    ]


def _remove_rows(model: type[models.Model]) -> int:
    """In one statement: no history is written of what goes, and tables may be emptied in any order.

    Foreign keys are checked when the transaction ends.
    """
    return model._base_manager.all()._raw_delete(router.db_for_write(model))


def _file_removals(model: type[models.Model]) -> list[Callable[[], None]]:
    return [
        partial(field.storage.delete, name)
        for field in model._meta.fields
        if isinstance(field, models.FileField)
        for name in model._base_manager.exclude(**{field.name: ""}).values_list(field.name, flat=True)
    ]
