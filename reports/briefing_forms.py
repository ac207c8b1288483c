"""The forms of briefings: what to make, what stands above it, own layouts, and the schedule."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.utils import timezone

from accounts.models import Unit, User
from reports.briefing.options import INTERNAL, URGENCIES, check_marking, check_urgency
from reports.briefing.own_template import MOST_BYTES
from reports.enums import BriefingKind, Every


class NewBriefingForm(forms.Form):
    """Which kind, as of when, compared with when, over which units."""

    kind = forms.ChoiceField(label="种类", choices=BriefingKind.choices)
    as_of = forms.DateField(
        label="截至",
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}),
        help_text="留空为现时；填过去的日期，按当日终了时系统的记录",
    )
    compare_to = forms.DateField(
        label="与哪一天比较",
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}),
        help_text="留空为上一份同类简报的截至日期，没有就不比较",
    )
    units = forms.ModelMultipleChoiceField(
        label="单位",
        queryset=Unit.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="不选为全部",
    )

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        units = self.fields["units"]
        assert isinstance(units, forms.ModelMultipleChoiceField)
        units.queryset = Unit.objects.visible_to(user).current()

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        today = timezone.localdate()
        for name in ("as_of", "compare_to"):
            if data.get(name) and data[name] > today:
                self.add_error(name, f"不能晚于今天（{today}）")
        as_of = data.get("as_of") or today
        if data.get("compare_to") and data["compare_to"] >= as_of:
            self.add_error("compare_to", "比较的日期应早于截至日期")
        if data.get("kind") == BriefingKind.RECONCILIATION and data.get("units"):
            self.add_error("units", "数据核对单对照的是全县报告，不能只选几个单位")
        return data


class HeadForm(forms.Form):
    """What stands above and around the text."""

    title = forms.CharField(label="标题", max_length=100, required=False, help_text="留空为系统拟的标题")
    recipient = forms.CharField(label="主送", max_length=100, required=False, help_text="留空为系统拟的主送")
    marking = forms.CharField(
        label="版头标注",
        max_length=20,
        required=False,
        help_text=f"可以填「{INTERNAL}」；本系统为非涉密系统，不能标密级",
    )
    urgency = forms.CharField(
        label="紧急程度", max_length=4, required=False, help_text=f"可以填{'、'.join(URGENCIES)}"
    )

    def clean_marking(self) -> str:
        return check_marking(self.cleaned_data["marking"])

    def clean_urgency(self) -> str:
        return check_urgency(self.cleaned_data["urgency"])


class TemplateForm(forms.Form):
    name = forms.CharField(label="模板名称", max_length=60, help_text="如：县纪委红头专报")
    file = forms.FileField(label="Word 文件（.docx）")

    def clean_file(self) -> UploadedFile[bytes]:
        """Refused by its size before anything of it is read."""
        file: UploadedFile[bytes] = self.cleaned_data["file"]
        size = file.size or 0
        if size > MOST_BYTES:
            raise ValidationError(f"模板有 {size / (1 << 20):.1f} MB，最多 {MOST_BYTES >> 20} MB")
        return file


class ScheduleForm(forms.Form):
    kind = forms.ChoiceField(label="种类", choices=BriefingKind.choices)
    every = forms.ChoiceField(label="周期", choices=Every.choices)
    day = forms.IntegerField(
        label="哪一天",
        min_value=1,
        max_value=28,
        help_text="每周：1（星期一）到 7（星期日）；每月：1 到 28 日。当天一早备好，数字截至前一天",
    )

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("every") == Every.WEEK and data.get("day", 1) > 7:
            raise ValidationError({"day": "每周的请填 1 到 7"})
        return data
