"""The forms of the steps that a measure takes: built from the table in rectification.py."""

from __future__ import annotations

import secrets
from datetime import date, timedelta
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils import timezone

from riskregistry import evidence
from riskregistry.models import Measure
from riskregistry.rectification import DEFAULT_RECHECK_MONTHS, Need, Step

# Steps that bring files along; the others decide on files that are there.
WITH_FILES = frozenset({"progress", "apply", "recheck"})
WITH_MONTHS = frozenset({"keep", "recheck"})
EXTEND_BY = timedelta(days=30)


class SeveralFilesInput(forms.ClearableFileInput):
    allow_multiple_selected = True


class SeveralFilesField(forms.FileField):
    """Any number of files, each checked, every wrong one named."""

    widget = SeveralFilesInput

    def clean(self, data: Any, initial: Any = None) -> list[UploadedFile[Any]]:
        files = [upload for upload in data or [] if upload]
        wrong: list[str] = []
        if len(files) > evidence.MOST_FILES:
            wrong.append(f"一次最多上传 {evidence.MOST_FILES} 个文件，请分几次上传")
        for upload in files:
            try:
                evidence.check(upload)
            except forms.ValidationError as error:
                wrong.extend(error.messages)
        if wrong:
            raise forms.ValidationError(wrong)
        return files


class StepForm(forms.Form):
    """What one step asks: always the version that was seen and a token, then what the step needs."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    token = forms.CharField(widget=forms.HiddenInput, max_length=40)
    percent = forms.IntegerField(
        label="进度（%）",
        min_value=0,
        max_value=100,
        error_messages={"invalid": "请填写 0 到 100 的整数"},
        widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
    )
    comment = forms.CharField(widget=forms.Textarea(attrs={"rows": 4}), max_length=5000, required=False)
    months = forms.IntegerField(
        label="复查间隔（月）", min_value=1, max_value=60, initial=DEFAULT_RECHECK_MONTHS
    )
    uploads = SeveralFilesField(
        label="佐证材料",
        required=False,
        widget=SeveralFilesInput(attrs={"multiple": True, "accept": "image/jpeg,image/png,.docx,.xlsx,.pdf"}),
        help_text=f"可选多个：{evidence.TAKEN_IN_WORDS}",
    )

    def __init__(
        self, data: Any = None, files: Any = None, *, code: str, step: Step, measure: Measure
    ) -> None:
        initial = {
            "version": measure.version,
            "token": secrets.token_urlsafe(16),
            "percent": measure.percent,
            "months": measure.recheck_months or DEFAULT_RECHECK_MONTHS,
        }
        super().__init__(data, files, initial=initial, auto_id=f"{code}_%s")
        self.fields["comment"].label = step.comment_label
        self.fields["comment"].required = Need.COMMENT in step.needs
        if code != "progress":
            del self.fields["percent"]
        if code not in WITH_MONTHS:
            del self.fields["months"]
        if code not in WITH_FILES:
            del self.fields["uploads"]

    def options(self) -> dict[str, Any]:
        """The keyword arguments of `apply_transition` that the person gave."""
        given = dict(self.cleaned_data)
        given["files"] = given.pop("uploads", [])
        return given


class ExtensionForm(forms.Form):
    version = forms.IntegerField(widget=forms.HiddenInput)
    token = forms.CharField(widget=forms.HiddenInput, max_length=40)
    new_due = forms.DateField(label="申请延至", widget=forms.DateInput(attrs={"type": "date"}))
    reason = forms.CharField(label="延期理由", max_length=500, widget=forms.Textarea(attrs={"rows": 4}))

    def __init__(self, data: Any = None, *, measure: Measure) -> None:
        later = (measure.due or timezone.localdate()) + EXTEND_BY
        super().__init__(
            data,
            initial={"version": measure.version, "token": secrets.token_urlsafe(16), "new_due": later},
        )
        # A browser's own calendar then offers no day that would be refused.
        self.fields["new_due"].widget.attrs["min"] = _first_day(measure).isoformat()


def _first_day(measure: Measure) -> date:
    return max(measure.due or timezone.localdate(), timezone.localdate()) + timedelta(days=1)


class AnswerForm(forms.Form):
    """A supervisor's answer to a request for a later date."""

    answer = forms.CharField(label="审批意见", max_length=500, required=False, help_text="不同意的须写明原因")
