"""What the audit trail can be narrowed by."""

from __future__ import annotations

from typing import Any

import django_filters
from django import forms
from django.db.models import Q

from accounts.enums import AuditResult
from accounts.models import AppendOnlyQuerySet, AuditEvent


class AuditFilter(django_filters.FilterSet):  # type: ignore[misc]
    person = django_filters.CharFilter(method="by_person", label="用户名或姓名")
    action = django_filters.ChoiceFilter(label="操作", empty_label="全部", choices=lambda: known_actions())
    since = django_filters.DateFilter(
        field_name="at__date", lookup_expr="gte", label="起", widget=forms.DateInput(attrs={"type": "date"})
    )
    until = django_filters.DateFilter(
        field_name="at__date", lookup_expr="lte", label="止", widget=forms.DateInput(attrs={"type": "date"})
    )
    result = django_filters.ChoiceFilter(label="结果", empty_label="全部", choices=AuditResult.choices)

    class Meta:
        model = AuditEvent
        fields: list[str] = []

    def by_person(self, events: AppendOnlyQuerySet, name: str, value: str) -> AppendOnlyQuerySet:
        return events.filter(Q(actor_username__icontains=value) | Q(actor_name__icontains=value))


def known_actions() -> list[tuple[str, str]]:
    """The actions that occur in the trail, as choices."""
    names: Any = AuditEvent.objects.order_by("action").values_list("action", flat=True).distinct()
    return [(name, name) for name in names]
