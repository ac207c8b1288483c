"""Pages on which units and people come in by paste or from Excel."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache

from accounts import roster
from accounts.permissions import Action, requires, signed_in

LARGEST = 2 << 20


class RosterForm(forms.Form):
    text = forms.CharField(
        label="粘贴",
        required=False,
        widget=forms.Textarea(attrs={"rows": 10}),
        max_length=500_000,
        strip=False,
    )
    file = forms.FileField(label="或选择 Excel 文件", required=False)

    def rows(self) -> list[list[str]]:
        """Raises RosterError."""
        file = self.cleaned_data["file"]
        if file is not None:
            if file.size > LARGEST:
                raise roster.RosterError("文件超过 2 MB，请只留名单一个工作表")
            return roster.rows_of_file(file.read(), file.name)
        return roster.rows_of_text(self.cleaned_data["text"])

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if not cleaned.get("file") and not (cleaned.get("text") or "").strip():
            raise forms.ValidationError("请粘贴名单，或选择文件")
        return cleaned


@dataclass(frozen=True)
class Kind:
    title: str
    columns: str
    plan: Callable[[Sequence[Sequence[str]]], roster.Roster]


UNITS = Kind("导入单位", "单位全称、简称、类型、排序、联系人、联系电话", roster.plan_units)
PEOPLE = Kind("导入账号", "姓名、用户名（可不填）、角色、单位、联系电话", roster.plan_people)


@requires(Action.MANAGE_UNITS)
def import_units(request: HttpRequest) -> HttpResponse:
    return _page(request, UNITS)


@never_cache
@requires(Action.MANAGE_PEOPLE)
def import_people(request: HttpRequest) -> HttpResponse:
    return _page(request, PEOPLE)


def _page(request: HttpRequest, kind: Kind) -> HttpResponse:
    """Paste → preview → confirm. What was read travels in the form as text; it is planned anew each time."""
    form = RosterForm(request.POST or None, request.FILES or None)
    context: dict[str, Any] = {"form": form, "kind": kind}
    if request.method != "POST" or not form.is_valid():
        return render(request, "accounts/roster.html", context, status=422 if form.errors else 200)
    try:
        rows = form.rows()
        found = kind.plan(rows)
    except roster.RosterError as error:
        form.add_error(None, str(error))
        return render(request, "accounts/roster.html", context, status=422)
    if "confirm" in request.POST and found.ready:
        try:
            return _done(request, kind, found)
        except ValidationError as error:
            messages.error(request, "；".join(error.messages))
    context |= {"found": found, "text": "\n".join("\t".join(row) for row in rows)}
    return render(request, "accounts/roster_preview.html", context)


def _done(request: HttpRequest, kind: Kind, found: roster.Roster) -> HttpResponse:
    actor = signed_in(request)
    if kind is PEOPLE:
        made = roster.save_people(found, actor=actor)
        return render(request, "accounts/roster_passwords.html", {"made": made, "found": found})
    count = roster.save_units(found, actor=actor)
    messages.success(request, f"已导入：新增和修改共 {count} 个单位。")
    return redirect("/units/")
