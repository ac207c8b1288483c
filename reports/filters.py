"""What narrows the list of reports."""

from __future__ import annotations

import django_filters
from django.db.models import Q, QuerySet
from django.http import HttpRequest

from accounts.models import Unit, UnitQuerySet
from reports.enums import ReportState
from reports.models import Report


def _units(request: HttpRequest) -> UnitQuerySet:
    return Unit.objects.visible_to(request.user).current()


def saying(text: str) -> Q:
    """Reports that hold every word."""
    words = Q()
    for word in text.split():
        words &= Q(title__icontains=word) | Q(text__icontains=word) | Q(original_name__icontains=word)
    return words


class ReportFilter(django_filters.FilterSet):  # type: ignore[misc]
    q = django_filters.CharFilter(method="search", label="标题或正文", max_length=100)
    unit = django_filters.ModelChoiceFilter(queryset=_units, label="单位", empty_label="全部")
    state = django_filters.ChoiceFilter(choices=ReportState.choices, label="状态", empty_label="全部")

    def search(self, queryset: QuerySet[Report], name: str, value: str) -> QuerySet[Report]:
        """Every word, in the title, the text or the file's name: as the search box finds them."""
        return queryset.filter(saying(value))

    class Meta:
        model = Report
        fields = ("q", "unit", "state")
