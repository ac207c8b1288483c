"""我的待办: what waits for the person, in the register and among the reports; and the notices."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from accounts.models import User
from accounts.permissions import Action, requires, signed_in
from reports.enums import ReportState
from reports.models import Briefing, Report
from riskregistry.campaigns import current_campaign
from riskregistry.lights import soon_within
from riskregistry.models import Notice
from riskregistry.todo import SHOWN, Group, Waiting, waiting_for

NOTICES = 100


@require_safe
@requires(Action.VIEW_REGISTER)
def todo_page(request: HttpRequest) -> HttpResponse:
    user, campaign = signed_in(request), current_campaign(request)
    soon = soon_within(timezone.localdate(), getattr(request, "preferences", None))
    groups = [*waiting_for(user, campaign, soon), *_reports(user), *_briefings(user)]
    context = {
        "groups": groups,
        "total": sum(group.total for group in groups),
        "notices": Notice.objects.visible_to(user).unread()[:NOTICES],
    }
    return render(request, "reports/todo.html", context)


def _reports(user: User) -> list[Group]:
    """Reports that wait for a supervisor, and those of an officer that could not be read."""
    rows = Report.objects.visible_to(user).select_related("unit").order_by("uploaded_at")
    if user.may(Action.REVIEW_REPORT):
        rows, name, why = rows.filter(state=ReportState.TO_REVIEW), "待审核的报告", "已读出，等您审核后采纳"
    elif user.may(Action.UPLOAD_REPORT):
        rows = rows.filter(state=ReportState.FAILED, uploaded_by=user)
        name, why = "没有读出的报告", "请按提示改正后重新上传"
    else:
        return []
    total = rows.count()
    waiting = tuple(
        Waiting(
            str(report),
            report.owner_label,
            report.error,
            timezone.localtime(report.uploaded_at).date(),
            reverse("reports:report", args=[report.pk]),
        )
        for report in rows[:SHOWN]
    )
    return [Group(name, why, waiting, total, reverse("reports:report_list"))] if total else []


def _briefings(user: User) -> list[Group]:
    """What the worker prepared and nobody has looked at."""
    rows = Briefing.objects.visible_to(user).waiting().defer("basis", "options").order_by("created_at")
    total = rows.count()
    waiting = tuple(
        Waiting(
            str(briefing),
            "",
            str(briefing.campaign),
            timezone.localtime(briefing.created_at).date(),
            reverse("reports:briefing", args=[briefing.pk]),
        )
        for briefing in rows.select_related("campaign")[:SHOWN]
    )
    why = "系统按定期备稿拟好，等人看过再用"
    return [Group("待审看的简报", why, waiting, total, reverse("reports:briefing_list"))] if total else []


@require_POST
@requires(Action.VIEW_REGISTER)
def read_notices(request: HttpRequest) -> HttpResponse:
    """All of one's notices are read."""
    for notice in Notice.objects.visible_to(request.user).unread():
        notice.read_at = timezone.now()
        notice.save()
    return redirect("reports:todo")
