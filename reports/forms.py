"""Uploading a report, and correcting what was read."""

from __future__ import annotations

from typing import Any

from django import forms

from accounts.models import Unit, User
from accounts.permissions import Action, units_visible_to
from reports.enums import ReportState, StatementType
from reports.models import Figure, Report, Statement
from reports.reading.registry import SUPPORTED
from reports.review import ROLE_LABELS
from riskregistry.enums import Theme
from riskregistry.models import Campaign

COUNTY = "county"


class UploadForm(forms.Form):
    """What a report is about, and the file. An officer uploads for the own unit only."""

    campaign = forms.ModelChoiceField(
        Campaign.objects.none(), label="专项行动", required=False, empty_label="请选择"
    )
    new_campaign = forms.CharField(
        label="新建专项行动", max_length=100, required=False, help_text="列表中没有时填写名称，上传时一并建立"
    )
    owner = forms.ChoiceField(label="谁的报告")
    as_of = forms.DateField(
        label="数据截至日期",
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}),
        help_text="不填则以报告中写明的日期为准",
    )
    supersedes = forms.ModelChoiceField(
        Report.objects.none(),
        label="更正哪份报告",
        required=False,
        empty_label="不是更正",
        help_text="采纳后，被更正的报告不再作数",
    )
    file = forms.FileField(
        label="报告文件",
        required=False,
        allow_empty_file=True,
        help_text="、".join(f"{label}（{extension}）" for extension, label in SUPPORTED),
    )

    def __init__(self, *args: Any, user: User, held_name: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user
        self.held_name = held_name
        self._field("campaign").queryset = Campaign.objects.visible_to(user)
        self._field("supersedes").queryset = Report.objects.visible_to(user).filter(
            state=ReportState.ACCEPTED
        )
        units = [(str(unit.pk), unit.name) for unit in units_visible_to(user).current()]
        sees_all = user.may(Action.SEE_ALL_UNITS)
        self._field("owner").choices = [(COUNTY, "全县"), *units] if sees_all else units
        if not user.may(Action.MANAGE_CAMPAIGNS):
            del self.fields["new_campaign"]
            self.fields["campaign"].required = True

    @property
    def nothing_to_choose(self) -> bool:
        """Whether the person can neither choose nor found a campaign."""
        return "new_campaign" not in self.fields and not self._field("campaign").queryset.exists()

    def _field(self, name: str) -> Any:
        return self.fields[name]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        campaign, new = cleaned.get("campaign"), (cleaned.get("new_campaign") or "").strip()
        if campaign and new:
            self.add_error("new_campaign", "已选择专项行动，就不必再新建；请清空其中一项")
        elif not campaign and not new and "campaign" not in self.errors:
            self.add_error("campaign", "请选择专项行动，或填写新建的名称")
        elif new and Campaign.objects.filter(name=new).exists():
            self.add_error("new_campaign", f"已有「{new}」，请在列表中选择")
        if not cleaned.get("file") and not self.held_name and "file" not in self.errors:
            self.add_error("file", "请选择要上传的文件")
        corrected: Report | None = cleaned.get("supersedes")
        if corrected and campaign and corrected.campaign_id != campaign.pk:
            self.add_error("supersedes", "被更正的报告须属于同一专项行动")
        if corrected and "owner" in cleaned and self._owner_pk(cleaned["owner"]) != corrected.unit_id:
            self.add_error("supersedes", "被更正的报告须是同一单位（或同为全县）的报告")
        return cleaned

    @staticmethod
    def _owner_pk(owner: str) -> int | None:
        return None if owner == COUNTY else int(owner)

    @property
    def unit(self) -> Unit | None:
        pk = self._owner_pk(self.cleaned_data["owner"])
        return None if pk is None else Unit.objects.visible_to(self.user).get(pk=pk)


class FigureForm(forms.Form):
    """The number that the report should have been read as."""

    value = forms.IntegerField(
        label="更正为", min_value=0, max_value=2_000_000_000, error_messages={"invalid": "请填写整数"}
    )

    def corrected(self) -> int:
        return int(self.cleaned_data["value"])


class StatementForm(forms.Form):
    """Base of the forms that correct a statement: `corrected` gives the statement's data anew."""

    def __init__(self, *args: Any, statement: Statement, **kwargs: Any) -> None:
        kwargs.setdefault("initial", self.initial_of(statement.final))
        super().__init__(*args, **kwargs)
        self.statement = statement

    def initial_of(self, fact: dict[str, Any]) -> dict[str, Any]:
        return fact

    def corrected(self) -> dict[str, Any]:
        return {**self.statement.final, **self.cleaned_data}


class TextForm(StatementForm):
    value = forms.CharField(label="更正为", max_length=300)


class NumberForm(StatementForm):
    value = forms.IntegerField(label="更正为", min_value=0, max_value=1_000_000)


class RateForm(StatementForm):
    value = forms.FloatField(label="更正为（%）", min_value=0, max_value=100)


class DateForm(StatementForm):
    date = forms.DateField(label="更正为", widget=forms.DateInput(attrs={"type": "date"}))

    def corrected(self) -> dict[str, Any]:
        return {"date": self.cleaned_data["date"].isoformat()}


class NextStepForm(StatementForm):
    heading = forms.CharField(label="标题", max_length=200)


def split_names(text: str) -> list[str]:
    """Names between 、 ， , ； or line breaks, without doubles."""
    for separator in "，,；;\n\r":
        text = text.replace(separator, "、")
    return list(dict.fromkeys(name.strip() for name in text.split("、") if name.strip()))


class UnitForm(StatementForm):
    name = forms.CharField(label="单位", max_length=100)
    aliases = forms.CharField(label="又称", max_length=300, required=False, help_text="多个用顿号隔开")
    role = forms.ChoiceField(label="身份", choices=list(ROLE_LABELS.items()))

    def initial_of(self, fact: dict[str, Any]) -> dict[str, Any]:
        return {**fact, "aliases": "、".join(fact.get("aliases") or [])}

    def corrected(self) -> dict[str, Any]:
        return {**self.cleaned_data, "aliases": split_names(self.cleaned_data["aliases"])}


class MeasureForm(StatementForm):
    heading = forms.CharField(label="标题", max_length=200)
    unit = forms.CharField(label="责任单位", max_length=100)
    co_units = forms.CharField(label="配合单位", max_length=300, required=False, help_text="多个用顿号隔开")
    theme = forms.ChoiceField(label="主题", choices=Theme.choices)

    def initial_of(self, fact: dict[str, Any]) -> dict[str, Any]:
        return {**fact, "co_units": "、".join(fact.get("co_units") or [])}

    def corrected(self) -> dict[str, Any]:
        return {**super().corrected(), "co_units": split_names(self.cleaned_data["co_units"])}


STATEMENT_FORMS: dict[str, type[StatementForm]] = {
    StatementType.TITLE: TextForm,
    StatementType.ISSUER: TextForm,
    StatementType.CASES: NumberForm,
    StatementType.UNITS_INVOLVED: NumberForm,
    StatementType.RATE: RateForm,
    StatementType.DATE: DateForm,
    StatementType.UNIT: UnitForm,
    StatementType.MEASURE: MeasureForm,
    StatementType.NEXT_STEP: NextStepForm,
}


def correction_form(fact: Figure | Statement, data: Any = None) -> FigureForm | StatementForm:
    """The form that corrects this fact; unbound without data. Field ids are unique on the page."""
    if isinstance(fact, Figure):
        return FigureForm(data, initial={"value": fact.final_value}, auto_id=f"f{fact.pk}_%s")
    return STATEMENT_FORMS[fact.type](data, statement=fact, auto_id=f"s{fact.pk}_%s")
