"""What every model's page in Django's admin is built on: each act there goes into our one audit trail."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db import models
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from simple_history.admin import SimpleHistoryAdmin

from accounts import audit
from accounts.models import AuditEvent

LONGEST = 200


class AuditedAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    """A model's admin whose additions, changes and removals are recorded by `audit.record`.

    Django calls the `log_*` hooks inside the transaction of the act, so act and trace stand or fall together.
    """

    def construct_change_message(  # type: ignore[override]
        self, request: HttpRequest, form: forms.BaseForm, formsets: Any, add: bool = False
    ) -> dict[str, str]:
        """Field label → "old → new" (or the value, for a new object); never a password."""
        detail = {_label(form, name): _change(form, name, add=add) for name in form.changed_data}
        for formset in formsets or []:
            noun = formset.model._meta.verbose_name
            for verb, objects in _formset_acts(formset):
                if objects:
                    detail[f"{verb}{noun}"] = "、".join(str(item) for item in objects)
        return detail

    def log_addition(self, request: HttpRequest, obj: models.Model, message: Any) -> Any:
        return self._record(request, "新增", obj, message)

    def log_change(self, request: HttpRequest, obj: models.Model, message: Any) -> Any:
        return self._record(request, "修改", obj, message)

    def log_deletions(self, request: HttpRequest, queryset: Iterable[models.Model]) -> Any:
        return [self._record(request, "删除", obj, {}) for obj in queryset]

    def _record(self, request: HttpRequest, verb: str, obj: models.Model, detail: Any) -> AuditEvent:
        return audit.record(request.user, f"{verb}{self.opts.verbose_name}", obj, detail=detail)

    def history_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """The object's events in the audit trail, in place of the log that Django would keep."""
        obj = get_object_or_404(self.get_queryset(request), pk=object_id)
        if not self.has_view_or_change_permission(request, obj):
            raise PermissionDenied
        context = {
            **self.admin_site.each_context(request),
            "title": f"{obj}：变更记录",
            "object": obj,
            "opts": self.opts,
            "events": AuditEvent.objects.filter(target_type=self.opts.label_lower, target_pk=str(obj.pk)),
        }
        return TemplateResponse(request, "accounts/object_history.html", context)


class HistoryAdmin(SimpleHistoryAdmin, AuditedAdmin):  # type: ignore[misc]
    """For models with row history: past versions can be read there, and never put back."""

    def revert_disabled(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        return True

    def history_form_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.method not in {"GET", "HEAD"}:
            raise PermissionDenied
        response: HttpResponse = super().history_form_view(request, *args, **kwargs)
        return response


def _label(form: forms.BaseForm, name: str) -> str:
    return str(form[name].label)


def _change(form: forms.BaseForm, name: str, *, add: bool) -> str:
    field = form.fields[name]
    if isinstance(field.widget, forms.PasswordInput):
        return "已设置"
    new = _words(field, form.cleaned_data.get(name))
    return new if add else f"{_words(field, form[name].initial)} → {new}"


def _words(field: forms.Field, value: Any) -> str:
    """A field's value as the user reads it."""
    if value is None or value == "" or value == []:
        return "（空）"
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(field, forms.ModelMultipleChoiceField):
        return "、".join(str(item) for item in value)[:LONGEST] or "（空）"
    if isinstance(field, forms.ModelChoiceField):
        if isinstance(value, models.Model) or field.queryset is None:
            return str(value)[:LONGEST]
        return str(field.queryset.filter(pk=value).first())[:LONGEST]
    if isinstance(field, forms.ChoiceField):
        return str(dict(field.choices).get(value, value))  # type: ignore[arg-type]
    return str(value)[:LONGEST]


def _formset_acts(formset: Any) -> list[tuple[str, list[models.Model]]]:
    changed = [item for item, _ in formset.changed_objects]
    return [("新增", formset.new_objects), ("修改", changed), ("删除", formset.deleted_objects)]
