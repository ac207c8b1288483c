"""What narrows the lists: the GET parameters of /risks/ and /measures/, each checked, a bad one left out.

django-filter leaves a field with an invalid value out of `cleaned_data`, so the list is then unfiltered by
that field alone; the form's errors say so.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

import django_filters
from django import forms
from django.db.models import BooleanField, Case, Exists, OuterRef, Q, QuerySet, When
from django.http import HttpRequest, QueryDict

from accounts.models import Unit, UnitQuerySet
from accounts.pinyin import are_initials, initials
from riskregistry.enums import MeasureState, RiskCategory, RiskKind, RiskLevel, Theme
from riskregistry.lights import Light, light_q
from riskregistry.models import Domain, DomainQuerySet, Measure, RiskItem
from riskregistry.models.text_pairs import blocks_with, ranges

if TYPE_CHECKING:
    from riskregistry.models import Campaign, MeasureQuerySet, RiskItemQuerySet

PAGE_SIZES = (25, 50, 100, 200)
DEFAULT_PAGE_SIZE = 50
NONE = "none"
UNASSIGNED = "未归领域"
# Blocks of the text index: so many are read as a whole before the list is walked: 100,000 rows.
FEW_BLOCKS = 100
MOST_KEYS = 2_000
# Rows whose names are turned into initials of pinyin: the newest.
LOOKED_AT = 20_000
CARRIED = frozenset({"per_page", "campaign", "sort"})


def _units(request: HttpRequest) -> UnitQuerySet:
    return Unit.objects.visible_to(request.user).current()


def _domains(request: HttpRequest) -> DomainQuerySet:
    return Domain.objects.visible_to(request.user)


def matching(text: str, fields: list[str], model: type[RiskItem | Measure]) -> Q | Case:
    """Rows in which every word of `text` stands in one of `fields`, or in a name of the row's unit.

    Where the index of character pairs leaves few blocks of rows, these alone are read, and the condition
    names the rows found; otherwise the words are common, and the list is full before much is read.
    """
    condition, blocks = Q(), None
    for word in text.split():
        named = Q(name__icontains=word) | Q(short_name__icontains=word) | Q(aliases__name__icontains=word)
        units = set(Unit.objects.filter(named).values_list("pk", flat=True))
        found = Q(unit__in=units) if units else Q()
        for field in fields:
            found |= Q(**{f"{field}__icontains": word})
        condition &= found
        held = None if units else blocks_with(model._meta.model_name or "", word)
        if held is not None:
            blocks = held if blocks is None else blocks & held
    if blocks is None or len(blocks) > FEW_BLOCKS:
        return _common(condition)
    within = Q(pk__in=[])
    for low, high in ranges(blocks):
        within |= Q(pk__range=(low, high))
    # No other condition stands beside the ranges, so that the database goes by them.
    rows = model._base_manager.filter(within, condition).order_by()
    keys = list(rows.values_list("pk", flat=True)[:MOST_KEYS])
    return _common(condition) if len(keys) == MOST_KEYS else Q(pk__in=keys)


def _common(condition: Q) -> Case:
    """The condition in a form of which PostgreSQL expects many rows, as there are.

    It takes upper(…) LIKE for a rarity, reads the whole table and sorts; of a CASE it expects half, and so
    walks the rows in their order until the page is full (clause_selectivity in its clausesel.c).
    """
    return Case(When(condition, then=True), default=False, output_field=BooleanField())


def with_initials(rows: QuerySet[Any], field: str, text: str) -> list[int]:
    """Keys of the newest rows whose name has these initials of pinyin; nothing stored, nothing stale."""
    low = text.lower()
    names = rows.order_by("-pk").values_list("pk", field)[:LOOKED_AT]
    return [pk for pk, name in names if low in initials(name)][:MOST_KEYS]


class CarriedFilter(django_filters.Filter):  # type: ignore[misc]
    """A parameter that the form carries along without narrowing the rows."""

    def filter(self, queryset: QuerySet[Any], value: object) -> QuerySet[Any]:
        return queryset


class CarriedChoice(CarriedFilter):
    field_class = forms.TypedChoiceField


class CarriedText(CarriedFilter):
    field_class = forms.CharField


class BlankableChoice(django_filters.ChoiceFilter):  # type: ignore[misc]
    """A choice whose `none` stands for a row on which nothing was chosen ("")."""

    def __init__(self, **options: Any) -> None:
        super().__init__(null_value=NONE, **options)

    def filter(self, queryset: QuerySet[Any], value: str) -> QuerySet[Any]:
        return queryset.filter(**{self.field_name: ""}) if value == NONE else super().filter(queryset, value)


class RegisterFilter(django_filters.FilterSet):  # type: ignore[misc]
    """What both lists share. `searched` names the fields that q looks in besides the unit's names."""

    searched: list[str] = []

    q = django_filters.CharFilter(label="关键词", method="search", max_length=100)
    unit = django_filters.ModelChoiceFilter(label="单位", queryset=_units, empty_label="全部单位")
    domain = django_filters.ModelChoiceFilter(
        label="领域", queryset=_domains, empty_label="全部领域", null_label=UNASSIGNED, null_value=NONE
    )
    per_page = CarriedChoice(
        label="每页",
        choices=[(size, f"{size} 条") for size in PAGE_SIZES],
        coerce=int,
        empty_value=DEFAULT_PAGE_SIZE,
        initial=DEFAULT_PAGE_SIZE,
    )
    campaign = CarriedText(label="专项行动", widget=forms.HiddenInput)
    sort = CarriedText(label="排序", widget=forms.HiddenInput)

    def __init__(
        self,
        request: HttpRequest,
        queryset: QuerySet[Any],
        campaign: Campaign,
        data: QueryDict | None = None,
    ) -> None:
        data = (request.GET if data is None else data).copy()
        # Written out even where the session chose it, so that an address can be passed on.
        data["campaign"] = str(campaign.pk)
        data.setdefault("per_page", str(DEFAULT_PAGE_SIZE))
        super().__init__(data, queryset, request=request)
        self.campaign_refused = request.GET.get("campaign", data["campaign"]) != data["campaign"]
        for field in self.form.fields.values():
            field.error_messages["invalid_choice"] = "没有这个选项，未按此条件筛选"

    def search(self, queryset: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        """By words; letters that stand nowhere are taken for the initials of a name."""
        # The units are joined first, so that SQLite can walk them in their order before any other join.
        ordered = queryset.filter(unit__order__gte=0)
        found = ordered.filter(matching(value, self.searched, queryset.model))
        if not are_initials(value) or found.order_by()[:1].exists():
            return found
        return queryset.filter(pk__in=with_initials(queryset, self.searched[0], value))

    @property
    def chosen(self) -> dict[str, Any]:
        """The valid values by parameter."""
        self.form.is_valid()
        return dict(self.form.cleaned_data)

    def in_words(self) -> str:
        """What is filtered by, in words; "" where nothing is."""
        said = []
        for name, value in self.chosen.items():
            if not value or name in CARRIED:
                continue
            field: Any = self.form.fields[name]
            words = dict(getattr(field, "choices", ())).get(value) if isinstance(value, str) else value
            said.append(f"{field.label}：{words if words is not None else value}")
        return "；".join(said)

    @property
    def page_size(self) -> int:
        return int(self.chosen.get("per_page") or DEFAULT_PAGE_SIZE)

    @property
    def narrows(self) -> bool:
        """Whether anything is filtered by."""
        return any(value for name, value in self.chosen.items() if name not in CARRIED)


class RiskFilter(RegisterFilter):
    searched = ["name", "description", "matter", "post__name"]

    answered = django_filters.ChoiceFilter(
        label="有无措施",
        choices=[("yes", "有措施"), ("no", "没有措施")],
        empty_label="不限",
        method="by_measures",
    )

    kind = django_filters.ChoiceFilter(label="种类", choices=RiskKind.choices, empty_label="全部种类")
    level = BlankableChoice(
        label="风险等级", choices=RiskLevel.choices, empty_label="全部等级", null_label="未定级"
    )
    category = BlankableChoice(
        label="风险类别", choices=RiskCategory.choices, empty_label="全部类别", null_label="未分类"
    )

    class Meta:
        model = RiskItem
        fields = ["q", "kind", "unit", "domain", "level", "category", "answered", "per_page"]

    queryset: RiskItemQuerySet

    def by_measures(self, queryset: RiskItemQuerySet, name: str, value: str) -> RiskItemQuerySet:
        links = Exists(RiskItem.measures.through.objects.filter(riskitem=OuterRef("pk")))
        return queryset.filter(links if value == "yes" else ~links)


class MeasureFilter(RegisterFilter):
    """Cancelled measures leave every denominator: they are listed only when asked for by their state."""

    searched = ["heading", "text", "responsible"]

    theme = django_filters.ChoiceFilter(label="主题", choices=Theme.choices, empty_label="全部主题")
    state = django_filters.ChoiceFilter(label="状态", choices=MeasureState.choices, empty_label="全部状态")
    light = django_filters.ChoiceFilter(
        label="时限", choices=Light.choices, empty_label="不限", method="by_light"
    )
    responsible = django_filters.CharFilter(label="责任人", lookup_expr="icontains", max_length=30)
    due_from = django_filters.DateFilter(
        label="时限不早于",
        field_name="due",
        lookup_expr="gte",
        widget=forms.DateInput(attrs={"type": "date"}),
    )
    due_to = django_filters.DateFilter(
        label="时限不晚于",
        field_name="due",
        lookup_expr="lte",
        widget=forms.DateInput(attrs={"type": "date"}),
    )

    class Meta:
        model = Measure
        fields = [
            "q",
            "unit",
            "domain",
            "theme",
            "state",
            "light",
            "responsible",
            "due_from",
            "due_to",
            "per_page",
        ]

    queryset: MeasureQuerySet

    def __init__(
        self,
        request: HttpRequest,
        queryset: MeasureQuerySet,
        campaign: Campaign,
        *,
        today: date,
        soon_days: int,
    ) -> None:
        super().__init__(request, queryset, campaign)
        self.today, self.soon_days = today, soon_days

    def by_light(self, queryset: MeasureQuerySet, name: str, value: str) -> MeasureQuerySet:
        return queryset.filter(light_q(Light(value), self.today, self.soon_days))

    def filter_queryset(self, queryset: MeasureQuerySet) -> MeasureQuerySet:
        filtered: MeasureQuerySet = super().filter_queryset(queryset)
        return filtered if self.form.cleaned_data.get("state") else filtered.counted()
