"""The register in Django's admin, for putting facts right. Nothing is deleted here and no state is changed:
a risk is withdrawn with a reason, and a measure's state moves only by the steps of its close-out."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.admin import helpers
from django.core.exceptions import PermissionDenied
from django.db import models, transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils import timezone

from accounts import audit
from accounts.audit_admin import HistoryAdmin
from riskregistry.enums import RiskKind
from riskregistry.history import changes_of
from riskregistry.models import (
    Campaign,
    Case,
    Domain,
    Holiday,
    Measure,
    NoneDeclaration,
    Participation,
    Requirement,
    RiskItem,
    RiskItemQuerySet,
)


class RegisterAdmin(HistoryAdmin):
    """What all of the register's models share: scope, and a lock while a row is being saved."""

    def get_queryset(self, request: HttpRequest) -> Any:
        visible = self.model.objects.visible_to(request.user)
        return visible.order_by(*self.get_ordering(request))

    def get_object(self, request: HttpRequest, object_id: str, from_field: str | None = None) -> Any:
        """While it is saved the row is locked: a step of the close-out taken meanwhile is not overwritten."""
        found = super().get_object(request, object_id, from_field)
        if found is not None and request.method == "POST":
            self.model._default_manager.select_for_update().order_by().get(pk=found.pk)
            found.refresh_from_db()
        return found

    def history_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """The row's history in users' words, as its own page tells it."""
        row = self.get_object(request, object_id)
        if row is None:
            raise Http404
        if not self.has_view_or_change_permission(request, row):
            raise PermissionDenied
        context = {
            **self.admin_site.each_context(request),
            "title": f"{row}：变更记录",
            "row": row,
            "opts": self.opts,
            "changes": changes_of(row),
        }
        return TemplateResponse(request, "riskregistry/admin_history.html", context)


@admin.register(Requirement)
class RequirementAdmin(RegisterAdmin):
    list_display = ["campaign", "item", "due"]
    list_filter = ["campaign", "item"]
    ordering = ["campaign", "pk"]


@admin.register(Holiday)
class HolidayAdmin(RegisterAdmin):
    list_display = ["day", "working", "name"]
    list_filter = ["working"]
    date_hierarchy = "day"
    search_fields = ["name"]
    ordering = ["-day"]


@admin.register(Domain)
class DomainAdmin(RegisterAdmin):
    list_display = ["name", "order"]
    search_fields = ["name"]
    ordering = ["order", "pk"]


def _lines(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip()]


def _step_line(step: dict[str, str]) -> str:
    """A step as one line, 标题：内容."""
    return " ".join(f"{step['heading']}：{step['text']}".split()).removesuffix("：")


class CampaignForm(forms.ModelForm[Campaign]):
    """The next steps are edited as lines; untouched, they stay exactly as they were."""

    steps = forms.CharField(
        label="下一步安排",
        required=False,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text="每行一项，写作「标题：内容」；没有内容的只写标题",
    )

    class Meta:
        model = Campaign
        fields = ["name", "started_on", "ended_on", "needs_approval"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial["steps"] = "\n".join(_step_line(step) for step in self.instance.next_steps)

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean()
        if "steps" in self.changed_data:
            parts = [line.partition("：") for line in _lines(self.cleaned_data.get("steps", ""))]
            self.instance.next_steps = [
                {"heading": heading.strip(), "text": text.strip()} for heading, _, text in parts
            ]
        return cleaned


@admin.register(Campaign)
class CampaignAdmin(RegisterAdmin):
    form = CampaignForm
    list_display = ["name", "started_on", "ended_on", "needs_approval"]
    list_filter = ["needs_approval", "started_on"]
    search_fields = ["name"]
    ordering = ["-started_on", "-pk"]
    readonly_fields = ["created_at"]


@admin.register(Case)
class CaseAdmin(RegisterAdmin):
    list_display = ["number", "title", "domain", "campaign"]
    list_display_links = ["title"]
    list_filter = ["campaign", "domain"]
    list_select_related = ["domain", "campaign"]
    search_fields = ["title", "summary"]
    autocomplete_fields = ["campaign", "domain"]
    ordering = ["campaign", "number"]


@admin.register(Participation)
class ParticipationAdmin(RegisterAdmin):
    list_display = ["unit", "campaign", "study_held_on"]
    list_filter = ["campaign", ("study_held_on", admin.EmptyFieldListFilter)]
    list_select_related = ["unit", "campaign"]
    search_fields = ["unit__name", "unit__short_name", "campaign__name"]
    autocomplete_fields = ["campaign", "unit"]
    ordering = ["campaign", "unit__order", "pk"]
    readonly_fields = ["created_at"]


@admin.register(NoneDeclaration)
class NoneDeclarationAdmin(RegisterAdmin):
    """Whoever enters a declaration is who declares; it may be taken back, which its history keeps."""

    list_display = ["participation", "kind", "domain", "declared_by", "declared_at"]
    list_filter = ["participation__campaign", "kind", "domain"]
    list_select_related = ["participation__unit", "participation__campaign", "domain", "declared_by"]
    search_fields = ["participation__unit__name", "participation__unit__short_name", "domain__name"]
    autocomplete_fields = ["participation", "domain"]
    ordering = ["participation__unit__order", "participation", "domain__order", "kind"]
    readonly_fields = ["declared_by", "declared_at"]

    def save_model(self, request: HttpRequest, obj: NoneDeclaration, form: Any, change: bool) -> None:
        if not change:
            assert request.user.is_authenticated
            obj.declared_by = request.user
        super().save_model(request, obj, form, change)


class WithdrawalForm(forms.Form):
    reason = forms.CharField(label="撤回原因", max_length=200, widget=forms.Textarea(attrs={"rows": 3}))


@admin.register(RiskItem)
class RiskItemAdmin(RegisterAdmin):
    list_display = ["name", "kind", "unit", "domain", "level", "withdrawn_at"]
    list_filter = [
        "campaign",
        "kind",
        "domain",
        "level",
        "category",
        ("withdrawn_at", admin.EmptyFieldListFilter),
    ]
    list_select_related = ["unit", "domain"]
    search_fields = ["name", "description", "matter", "unit__name", "unit__short_name"]
    autocomplete_fields = ["campaign", "unit", "domain", "post"]
    ordering = ["unit__order", "unit", "pk"]
    readonly_fields = ["withdrawn_at", "withdrawn_reason", "created_at", "updated_at"]
    actions = ["withdraw", "reinstate"]

    def get_search_results(
        self, request: HttpRequest, queryset: Any, search_term: str
    ) -> tuple[models.QuerySet[Any], bool]:
        """The field 所属岗位 offers posts only."""
        found, duplicates = super().get_search_results(request, queryset, search_term)
        if request.GET.get("field_name") == "post":
            found = found.filter(kind=RiskKind.POST)
        return found, duplicates

    @admin.action(description="撤回所选风险（须写明原因）", permissions=["change"])
    def withdraw(self, request: HttpRequest, queryset: RiskItemQuerySet) -> HttpResponse | None:
        """Asks for the reason on a page of its own; those already withdrawn keep their reason."""
        items = queryset.current()
        if not items.exists():
            self.message_user(request, "所选风险均已撤回。", messages.WARNING)
            return None
        form = WithdrawalForm(request.POST if "confirmed" in request.POST else None)
        if form.is_valid():
            count = self._withdraw(request, items, form.cleaned_data["reason"])
            self.message_user(request, f"已撤回 {count} 条风险。", messages.SUCCESS)
            return None
        context = {
            **self.admin_site.each_context(request),
            "title": "撤回风险",
            "opts": self.opts,
            "items": items,
            "selected": request.POST.getlist(helpers.ACTION_CHECKBOX_NAME),
            "across": request.POST.get("select_across", "0"),
            "form": form,
        }
        return TemplateResponse(request, "riskregistry/admin_withdraw.html", context)

    @transaction.atomic
    def _withdraw(self, request: HttpRequest, items: RiskItemQuerySet, reason: str) -> int:
        locked = list(items.order_by("pk").select_for_update(of=("self",)))
        for item in locked:
            item.withdrawn_at, item.withdrawn_reason = timezone.now(), reason
            item.save()
            audit.record(request.user, "撤回风险", item, detail={"原因": reason})
        return len(locked)

    @admin.action(description="恢复所选已撤回的风险", permissions=["change"])
    @transaction.atomic
    def reinstate(self, request: HttpRequest, queryset: RiskItemQuerySet) -> None:
        locked = list(queryset.exclude(withdrawn_at=None).order_by("pk").select_for_update(of=("self",)))
        for item in locked:
            reason = item.withdrawn_reason
            item.withdrawn_at, item.withdrawn_reason = None, ""
            item.save()
            audit.record(request.user, "恢复风险", item, detail={"原撤回原因": reason})
        self.message_user(request, f"已恢复 {len(locked)} 条风险。", messages.SUCCESS)


class MeasureForm(forms.ModelForm[Measure]):
    """The documents are edited as lines, with or without 《》; untouched, they stay exactly as they were."""

    issued = forms.CharField(
        label="出台制度",
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text="每行一个，书名号可写可不写",
    )

    class Meta:
        model = Measure
        fields = [
            "campaign",
            "unit",
            "co_units",
            "and_others",
            "theme",
            "heading",
            "text",
            "domain",
            "risk_items",
            "responsible",
            "start",
            "due",
        ]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial["issued"] = "\n".join(self.instance.documents)

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean()
        if "issued" in self.changed_data:
            names = _lines(self.cleaned_data.get("issued", ""))
            self.instance.documents = [name.removeprefix("《").removesuffix("》") for name in names]
        unit, helping = self.cleaned_data.get("unit"), self.cleaned_data.get("co_units")
        if unit is not None and helping is not None and unit in helping:
            self.add_error("co_units", "责任单位不必再列为配合单位")
        return cleaned


@admin.register(Measure)
class MeasureAdmin(RegisterAdmin):
    form = MeasureForm
    list_display = ["heading", "unit", "domain", "theme", "state", "due"]
    list_filter = ["campaign", "state", "theme", "domain", "due"]
    list_select_related = ["unit", "domain"]
    search_fields = ["heading", "text", "unit__name", "unit__short_name"]
    autocomplete_fields = ["campaign", "unit", "co_units", "domain", "risk_items"]
    ordering = ["unit__order", "unit", "pk"]
    # Only the close-out changes these.
    readonly_fields = [
        "state",
        "percent",
        "closed_on",
        "cancelled_reason",
        "applied_by",
        "verified_by",
        "version",
        "created_at",
        "updated_at",
    ]

    def save_model(self, request: HttpRequest, obj: Measure, form: Any, change: bool) -> None:
        """A change counts up the version, so that a close-out page opened before it is refused."""
        if change:
            obj.version += 1
        super().save_model(request, obj, form, change)
