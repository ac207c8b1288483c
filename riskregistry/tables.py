"""The columns of the lists and how each is sorted. Every order ends in the key: pages never overlap."""

from __future__ import annotations

from datetime import date
from typing import Any

import django_tables2 as tables
from django.db.models import Case, F, IntegerField, QuerySet, Value, When
from django.template import loader
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from riskregistry.enums import MeasureState, RiskKind, RiskLevel, Theme
from riskregistry.filters import UNASSIGNED
from riskregistry.lights import with_light
from riskregistry.models import Measure, RiskItem

# The column whose text may take several lines.
WRAP = {"td": {"class": "wrap"}}
NUMBER = {"td": {"class": "num"}, "th": {"class": "num"}}
Sorted = tuple[QuerySet[Any], bool]


def _in_order_of(field: str, values: list[str]) -> Case:
    """Sorts a coded column as its list stands, not by the letters of the code; an empty one comes last."""
    whens = [When(**{field: value}, then=Value(place)) for place, value in enumerate(values)]
    return Case(*whens, default=Value(len(values)), output_field=IntegerField())


def _ordered(queryset: QuerySet[Any], expression: Case | F, descending: bool, *then: str) -> Sorted:
    """By the expression, empty ones last either way; among equals by `then` and by the key."""
    first = expression.desc(nulls_last=True) if descending else expression.asc(nulls_last=True)
    rest = [f"-{name}" if descending else name for name in (*then, "pk")]
    return queryset.order_by(first, *rest), True


class RegisterTable(tables.Table):  # type: ignore[misc]
    """What both lists share: a unit and a domain, each in its official order, and a way to the row's page."""

    detail_view = ""

    unit = tables.Column(order_by=("unit__order", "unit_id", "pk"))
    domain = tables.Column(empty_values=(), verbose_name="领域")

    class Meta:
        order_by_field = "sort"
        default = "—"

    def order_domain(self, queryset: QuerySet[Any], is_descending: bool) -> Sorted:
        return _ordered(queryset, F("domain__order"), is_descending, "domain_id")

    def render_domain(self, record: RiskItem | Measure) -> str:
        return record.domain.name if record.domain else UNASSIGNED

    def _link(self, record: RiskItem | Measure, text: str) -> SafeString:
        return format_html('<a href="{}">{}</a>', reverse(self.detail_view, args=[record.pk]), text)


class RiskTable(RegisterTable):
    """Wants rows with `unit`, `domain` and `post` selected."""

    detail_view = "riskregistry:risk"

    pick = tables.Column(accessor="pk", verbose_name="选", orderable=False)
    name = tables.Column(order_by=("name", "pk"), attrs=WRAP)
    kind = tables.Column()
    level = tables.Column()
    post = tables.Column(order_by=("post__name", "pk"))
    responsible = tables.Column(order_by=("responsible", "pk"))

    class Meta(RegisterTable.Meta):
        model = RiskItem
        fields = ("pick", "name", "kind", "unit", "domain", "level", "category", "post", "responsible")

    def order_kind(self, queryset: QuerySet[Any], is_descending: bool) -> Sorted:
        return _ordered(queryset, _in_order_of("kind", RiskKind.values), is_descending)

    def order_level(self, queryset: QuerySet[Any], is_descending: bool) -> Sorted:
        return _ordered(queryset, _in_order_of("level", RiskLevel.values), is_descending)

    def render_pick(self, record: RiskItem) -> SafeString:
        return format_html(
            '<input type="checkbox" name="pk" value="{}" aria-label="选中 {}">', record.pk, record.name
        )

    def render_name(self, record: RiskItem) -> SafeString:
        return self._link(record, record.name)


class MeasureTable(RegisterTable):
    """Wants rows with `unit` and `domain` selected; the light is computed for `today`."""

    detail_view = "riskregistry:measure"

    heading = tables.Column(order_by=("heading", "pk"), attrs=WRAP)
    theme = tables.Column()
    state = tables.Column(verbose_name="状态与时限")
    due = tables.Column(default="未定时限")
    percent = tables.Column(
        order_by=("percent", "pk"), attrs={"td": {"class": "num"}, "th": {"class": "num"}}
    )
    responsible = tables.Column(order_by=("responsible", "pk"))

    class Meta(RegisterTable.Meta):
        model = Measure
        fields = ("heading", "unit", "domain", "theme", "state", "due", "percent", "responsible")

    def __init__(self, data: QuerySet[Measure], *, today: date, soon_days: int, **options: Any) -> None:
        self.today, self.soon_days = today, soon_days
        self.state_template = loader.get_template("_state.html")
        super().__init__(data, **options)

    def order_theme(self, queryset: QuerySet[Any], is_descending: bool) -> Sorted:
        return _ordered(queryset, _in_order_of("theme", Theme.values), is_descending)

    def order_state(self, queryset: QuerySet[Any], is_descending: bool) -> Sorted:
        return _ordered(queryset, _in_order_of("state", MeasureState.values), is_descending)

    def order_due(self, queryset: QuerySet[Any], is_descending: bool) -> Sorted:
        return _ordered(queryset, F("due"), is_descending)

    def render_heading(self, record: Measure) -> SafeString:
        return self._link(record, record.heading)

    def render_unit(self, record: Measure) -> str:
        return f"{record.unit.name}等单位" if record.and_others else record.unit.name

    def render_due(self, value: date) -> str:
        return value.isoformat()

    def render_state(self, record: Measure) -> str:
        return self.state_template.render({"measure": with_light(record, self.today, self.soon_days)})
