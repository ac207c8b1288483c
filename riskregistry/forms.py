"""Entering risks and measures by hand."""

from __future__ import annotations

from datetime import datetime
from typing import Any, ClassVar

from django import forms
from django.db.models import Q
from django.utils.dateparse import parse_datetime

from accounts.models import Unit, User
from accounts.permissions import Action
from riskregistry.enums import RiskKind, SubmissionItem
from riskregistry.models import Campaign, Domain, Measure, RiskItem
from riskregistry.submissions import reason_needed

DATE = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
HELP = {
    "name": "岗位写职务名称，风险点写可能发生的问题，关键环节写办事的步骤",
    "description": "怎样发生、可能造成什么后果",
    "matter": "涉及的权力或业务事项，如：项目招标",
    "post": "风险点、关键环节属于哪个岗位；没有对应岗位可以不选",
    "level": "单位自评的等级",
}


class EntryForm(forms.ModelForm):  # type: ignore[type-arg]
    """What both forms share: the unit in scope, and a reason where what changes was confirmed."""

    confirmed_item: SubmissionItem

    reason = forms.CharField(
        label="变更原因", max_length=200, required=False, help_text="报送已经确认，再改要说明原因"
    )

    def __init__(self, data: Any = None, *, user: User, campaign: Campaign, **options: Any) -> None:
        super().__init__(data, **options)
        self.user, self.campaign = user, campaign
        self._limit("unit", Unit.objects.visible_to(user).current())
        self._limit("domain", Domain.objects.visible_to(user))
        if not user.may(Action.SEE_ALL_UNITS):
            self.fields["unit"].initial = user.unit_id
            self.fields["unit"].widget = forms.HiddenInput()
        # Of a unit that stands already: another one is another item.
        if self.instance.pk:
            self.fields["unit"].disabled = True
        about = self._unit()
        self.needs_reason = about is not None and reason_needed(about, campaign, self.confirmed_item)
        self.fields["reason"].required = self.needs_reason
        if not self.needs_reason:
            self.fields["reason"].widget = forms.HiddenInput()

    def _limit(self, name: str, rows: Any) -> None:
        field: Any = self.fields[name]
        field.queryset = rows

    def _unit(self) -> Unit | None:
        """The unit that the form is about, as far as it is known before it is checked."""
        if self.instance.pk:
            return self.instance.unit  # type: ignore[no-any-return]
        wanted = self.data.get("unit") or self.initial.get("unit") or self.user.unit_id
        wanted = getattr(wanted, "pk", wanted)
        rows: Any = self.fields["unit"]
        return rows.queryset.filter(pk=wanted).first() if str(wanted or "").isdigit() else None


class RiskForm(EntryForm):
    """One risk post, point or link."""

    confirmed_item = SubmissionItem.RISK_LEDGER

    seen = forms.CharField(required=False, widget=forms.HiddenInput)

    class Meta:
        model = RiskItem
        fields = (
            "kind", "unit", "name", "domain", "post", "description", "matter", "category", "level",
            "responsible", "responsible_second", "responsible_third",
        )  # fmt: skip
        help_texts: ClassVar = HELP
        widgets: ClassVar = {"description": forms.Textarea(attrs={"rows": 4})}

    def __init__(self, data: Any = None, **options: Any) -> None:
        super().__init__(data, **options)
        unit = self._unit()
        posts = RiskItem.objects.current().filter(campaign=self.campaign, kind=RiskKind.POST, unit=unit)
        self._limit("post", posts.exclude(pk=self.instance.pk) if self.instance.pk else posts)
        for name in ("domain", "post"):
            self.fields[name].empty_label = "（不选）"  # type: ignore[attr-defined]
        if self.instance.pk:
            self.fields["kind"].disabled = True
            self.fields["seen"].initial = self.instance.updated_at.isoformat()

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        post, unit = cleaned.get("post"), cleaned.get("unit")
        if cleaned.get("kind") == RiskKind.POST and post:
            self.add_error("post", "风险岗位不能再属于另一个岗位")
        elif post and unit and post.unit_id != unit.pk:
            self.add_error("post", "所属岗位须是同一单位的岗位")
        self.instance.campaign = self.campaign
        level = cleaned.get("level")
        if level != self.initial.get("level"):
            self.instance.level_as_written = ""
        return cleaned

    def saw(self) -> datetime | None:
        """When the item that the person saw was last changed."""
        return parse_datetime(self.cleaned_data.get("seen") or "")


class MeasureForm(EntryForm):
    """A measure. Its state is never edited here, and its date only by who sees all units, once it is set."""

    confirmed_item = SubmissionItem.MEASURES

    version = forms.IntegerField(required=False, widget=forms.HiddenInput)
    documents = forms.CharField(
        label="出台制度",
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="一行一个，不必带书名号",
    )

    class Meta:
        model = Measure
        fields = (
            "unit", "heading", "text", "theme", "domain", "risk_items", "co_units", "responsible", "start",
            "due", "documents",
        )  # fmt: skip
        help_texts: ClassVar = {
            "heading": "一句话说清做什么",
            "text": "具体做法；申请销号前必须填写",
            "responsible": "申请销号前必须填写",
            "due": "申请销号前必须填写；定了以后要改，请申请延期",
            "risk_items": "按住 Ctrl 键可选多条",
            "co_units": "按住 Ctrl 键可选多个",
        }
        widgets: ClassVar = {"text": forms.Textarea(attrs={"rows": 5}), "start": DATE, "due": DATE}

    def __init__(self, data: Any = None, **options: Any) -> None:
        super().__init__(data, **options)
        unit = self._unit()
        items = RiskItem.objects.current().filter(campaign=self.campaign)
        linked = Q(pk__in=self.instance.risk_items.values("pk")) if self.instance.pk else Q(pk__in=[])
        self._limit("risk_items", items.filter(Q(unit=unit) | linked).order_by("kind", "pk"))
        self._limit("co_units", Unit.objects.current())
        self.fields["domain"].empty_label = "（不选）"  # type: ignore[attr-defined]
        self.initial["documents"] = "\n".join(self.instance.documents)
        self.initial["version"] = self.instance.version
        if self.instance.pk and self.instance.due and not self.user.may(Action.VERIFY_MEASURE):
            self.fields["due"].disabled = True

    def clean_documents(self) -> list[str]:
        lines = self.cleaned_data["documents"].splitlines()
        return [name for line in lines if (name := line.strip().strip("《》").strip())]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        unit = cleaned.get("unit")
        if unit and unit in (cleaned.get("co_units") or ()):
            self.add_error("co_units", "配合单位中不必再选责任单位")
        self.instance.campaign = self.campaign
        return cleaned


class PointForm(forms.Form):
    """One line of several points or links of a post; an empty line is left out."""

    kind = forms.ChoiceField(
        label="种类", choices=[choice for choice in RiskKind.choices if choice[0] != RiskKind.POST]
    )
    name = forms.CharField(label="名称", max_length=200, required=False)
    description = forms.CharField(label="表现形式", max_length=2000, required=False)
    level = forms.ChoiceField(label="等级", required=False)
    category = forms.ChoiceField(label="类别", required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("level", "category"):
            field: Any = RiskItem._meta.get_field(name)
            self.fields[name].choices = [("", "—"), *field.choices]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if not cleaned.get("name") and any(cleaned.get(key) for key in ("description", "level", "category")):
            self.add_error("name", "这一行没有填名称；不要这一行请清空")
        return cleaned


PointFormSet = forms.formset_factory(PointForm, extra=0, max_num=100, validate_max=True)


class WithdrawForm(forms.Form):
    why = forms.CharField(label="撤回原因", max_length=200, widget=forms.Textarea(attrs={"rows": 2}))
