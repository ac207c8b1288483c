"""What narrows the list of reports."""

from __future__ import annotations

import django_filters
from django.http import HttpRequest

from accounts.models import Unit, UnitQuerySet
from reports.enums import ReportState
from reports.models import Report


def _units(request: HttpRequest) -> UnitQuerySet:
    return Unit.objects.visible_to(request.user).current()


class ReportFilter(django_filters.FilterSet):  # type: ignore[misc]
    q = django_filters.CharFilter(field_name="title", lookup_expr="icontains", label="标题")
    unit = django_filters.ModelChoiceFilter(queryset=_units, label="单位", empty_label="全部")
    state = django_filters.ChoiceFilter(choices=ReportState.choices, label="状态", empty_label="全部")

    class Meta:
        model = Report
        fields = ("q", "unit", "state")
