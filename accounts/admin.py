"""Units, people and settings in Django's admin. Who may do what there is answered by accounts/permissions.py.

No list here is narrowed to a person's units: officers, who see only their own, never enter the admin.
"""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from accounts.audit_admin import AuditedAdmin, HistoryAdmin
from accounts.forms import PersonForm, SettingForm, shown_value
from accounts.models import AuditEvent, Setting, Unit, UnitAlias, User
from accounts.preferences import PREFERENCES
from accounts.tables import shown_detail


class AliasInline(admin.TabularInline[UnitAlias, Unit]):
    model = UnitAlias
    fields = ["name", "confirmed"]
    extra = 1


@admin.register(Unit)
class UnitAdmin(HistoryAdmin):
    list_display = ["order", "name", "short_name", "unit_type", "contact_name", "confirmed", "merged_into"]
    list_display_links = ["name"]
    list_filter = ["unit_type", "confirmed", ("merged_into", admin.EmptyFieldListFilter)]
    list_select_related = ["merged_into"]
    search_fields = ["name", "short_name", "aliases__name"]
    ordering = ["order", "pk"]
    readonly_fields = ["merged_into", "created_at"]
    inlines = [AliasInline]


@admin.register(UnitAlias)
class UnitAliasAdmin(AuditedAdmin):
    list_display = ["name", "unit", "confirmed", "created_at"]
    list_filter = ["confirmed"]
    list_select_related = ["unit"]
    search_fields = ["name", "unit__name"]
    autocomplete_fields = ["unit"]


@admin.register(User)
class UserAdmin(AuditedAdmin):
    form = PersonForm
    list_display = ["username", "name", "role", "unit", "is_active", "must_change_password", "last_login"]
    list_filter = ["role", "is_active"]
    list_select_related = ["unit"]
    search_fields = ["username", "name", "unit__name"]
    ordering = ["username"]
    fields = ["username", "name", "role", "unit", "phone", "email", "is_active", "new_password"]

    def get_form(
        self, request: HttpRequest, obj: User | None = None, change: bool = False, **kwargs: Any
    ) -> Any:
        form: Any = super().get_form(request, obj, change, **kwargs)
        form.acting = request.user  # the class is made anew for each request
        return form


@admin.register(Setting)
class SettingAdmin(AuditedAdmin):
    form = SettingForm
    list_display = ["label", "shown", "updated_at"]
    ordering = ["key"]
    fields = ["key", "value"]

    @admin.display(description="设置项", ordering="key")
    def label(self, setting: Setting) -> str:
        known = PREFERENCES.get(setting.key)
        return known.label if known else setting.key

    @admin.display(description="值")
    def shown(self, setting: Setting) -> str:
        return shown_value(setting.value)


@admin.register(AuditEvent)
class AuditEventAdmin(AuditedAdmin):
    """Read only: the trail is written by audit.record and by nothing else."""

    list_display = [
        "sequence",
        "at",
        "actor_username",
        "actor_name",
        "action",
        "target_label",
        "result",
        "ip",
    ]
    list_filter = ["result", "at"]
    search_fields = ["actor_username", "actor_name", "action", "target_label"]
    ordering = ["-sequence"]
    exclude = ["detail"]
    readonly_fields = ["shown"]

    @admin.display(description="详情")
    def shown(self, event: AuditEvent) -> str:
        return shown_detail(event.detail) or "—"

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: AuditEvent | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: AuditEvent | None = None) -> bool:
        return False
