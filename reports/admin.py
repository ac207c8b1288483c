"""Reports in Django's admin: to look through and to upload; what was read is decided on the review page."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from accounts.audit_admin import AuditedAdmin
from reports.models import Report


@admin.register(Report)
class ReportAdmin(AuditedAdmin):
    list_display = ["__str__", "campaign", "unit", "as_of", "state", "uploaded_by", "uploaded_at"]
    list_filter = ["state", "campaign", ("unit", admin.EmptyFieldListFilter)]
    list_select_related = ["campaign", "unit", "uploaded_by"]
    search_fields = ["title", "original_name", "unit__name"]
    date_hierarchy = "uploaded_at"
    fields = [
        "review_link",
        "campaign",
        "unit",
        "title",
        "as_of",
        "state",
        "original_name",
        "sha256",
        "size",
        "supersedes",
        "error",
        "uploaded_by",
        "uploaded_at",
        "accepted_by",
        "accepted_at",
        "withdrawn_reason",
    ]

    @admin.display(description="审核")
    def review_link(self, report: Report) -> SafeString:
        return format_html('<a href="{}">打开审核页</a>', reverse("reports:report", args=[report.pk]))

    def add_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """One way to upload: the page that also recognises a file sent twice and shows the progress."""
        return redirect("reports:upload")

    def has_change_permission(self, request: HttpRequest, obj: Report | None = None) -> bool:
        return False
