"""报送进度: units × what is due, and the steps on it."""

from __future__ import annotations

import io
from typing import Any

import xlsxwriter
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from accounts import audit
from accounts.permissions import Action, requires, signed_in
from riskregistry import submissions
from riskregistry.campaigns import current_campaign
from riskregistry.downloads import excel_file
from riskregistry.enums import RiskKind, SubmissionItem
from riskregistry.models import Domain, NoneDeclaration, Participation, Submission

SHOWS = ("open", "late")


@require_safe
@requires(Action.VIEW_REGISTER)
def board_page(request: HttpRequest) -> HttpResponse:
    campaign = current_campaign(request)
    if campaign is None:
        return render(request, "riskregistry/no_campaign.html", {"title": "报送进度"})
    user = signed_in(request)
    board = submissions.board(user, campaign)
    show = request.GET.get("show", "")
    rows = [row for row in board.rows if show not in SHOWS or (row.late if show == "late" else row.open)]
    context = {
        "campaign": campaign,
        "board": board,
        "rows": rows,
        "show": show,
        "totals": _totals(board),
        "may_decide": user.may(Action.VERIFY_MEASURE),
        "may_hand_in": user.may(Action.EDIT_REGISTER),
        "may_export": user.may(Action.EXPORT),
        "may_manage": user.may(Action.MANAGE_CAMPAIGNS),
        "today": timezone.localdate(),
    }
    return render(request, "reports/submissions.html", context)


def _totals(board: submissions.Board) -> list[tuple[str, list[tuple[str, int]]]]:
    """Of each thing due, how many units stand where."""
    states = [
        ("confirmed", "已确认"),
        ("submitted", "已报"),
        ("returned", "退回"),
        (submissions.NOT_SUBMITTED, "未报"),
    ]
    return [
        (
            requirement.get_item_display(),
            [(label, board.count(requirement.item, state)) for state, label in states],
        )
        for requirement in board.requirements
    ]


def _back(request: HttpRequest, campaign: int) -> HttpResponse:
    show = request.POST.get("show", "")
    return redirect(
        f"{reverse('reports:submissions')}?campaign={campaign}" + (f"&show={show}" if show in SHOWS else "")
    )


@require_POST
@requires(Action.EDIT_REGISTER)
def hand_in(request: HttpRequest, pk: int, item: str) -> HttpResponse:
    participation = get_object_or_404(Participation.objects.visible_to(request.user), pk=pk)
    if item not in SubmissionItem.values:
        messages.error(request, "没有这项报送。")
        return _back(request, participation.campaign_id)
    _try(
        request,
        "已报送。",
        lambda: submissions.submit(participation, SubmissionItem(item), actor=signed_in(request)),
    )
    return _back(request, participation.campaign_id)


@require_POST
@requires(Action.VERIFY_MEASURE)
def decide_submission(request: HttpRequest, pk: int) -> HttpResponse:
    """`confirm=1` confirms; otherwise it is returned for `reason`."""
    rows = Submission.objects.visible_to(request.user).select_related("participation")
    submission, user = get_object_or_404(rows, pk=pk), signed_in(request)
    if request.POST.get("confirm") == "1":
        _try(request, "已确认。", lambda: submissions.confirm(submission, actor=user))
    else:
        reason = request.POST.get("reason", "")
        _try(request, "已退回。", lambda: submissions.return_(submission, actor=user, reason=reason))
    return _back(request, submission.participation.campaign_id)


def _try(request: HttpRequest, done: str, act: Any) -> None:
    try:
        act()
    except ValidationError as error:
        messages.error(request, error.messages[0])
    else:
        messages.success(request, done)


@requires(Action.EDIT_REGISTER)
def declarations(request: HttpRequest, pk: int) -> HttpResponse:
    """A unit's 零申报: kinds × domains; what has items cannot be declared none of. Also its study meeting."""
    rows = Participation.objects.visible_to(request.user).select_related("unit", "campaign")
    participation, user = get_object_or_404(rows, pk=pk), signed_in(request)
    if request.method == "POST":
        _change(request, participation)
        return redirect("reports:declarations", pk=pk)
    found = {(d.kind, d.domain_id): d for d in participation.none_declarations.all()}
    counts = submissions.item_counts(participation)
    lines = [
        (
            domain,
            [(kind, counts.get((kind, domain.pk), 0), found.get((kind, domain.pk))) for kind in RiskKind],
        )
        for domain in Domain.objects.visible_to(user)
    ]
    context = {"participation": participation, "lines": lines, "kinds": RiskKind.labels}
    return render(request, "reports/declarations.html", context)


def _change(request: HttpRequest, participation: Participation) -> None:
    user = signed_in(request)
    said = request.POST
    if "study" in said:
        _try(
            request,
            "已登记专题会议。",
            lambda: submissions.set_study(participation, said["study"], actor=user),
        )
        return
    if (pk := said.get("withdraw", "")).isdigit():
        mine = NoneDeclaration.objects.visible_to(user).filter(participation=participation, pk=pk)
        declaration = get_object_or_404(mine)
        _try(request, "已撤回零申报。", lambda: submissions.withdraw_declaration(declaration, actor=user))
        return
    kind, _, domain_pk = said.get("declare", "").partition("-")
    if kind in RiskKind.values and domain_pk.isdigit():
        domain = get_object_or_404(Domain.objects.visible_to(user), pk=domain_pk)
        _try(
            request,
            "已作零申报。",
            lambda: submissions.declare_none(participation, RiskKind(kind), domain, actor=user),
        )


@require_safe
@requires(Action.EXPORT)
def board_file(request: HttpRequest) -> HttpResponse:
    """The board as a workbook."""
    campaign = current_campaign(request)
    if campaign is None:
        return redirect("reports:submissions")
    user = signed_in(request)
    board = submissions.board(user, campaign)
    content = io.BytesIO()
    book = xlsxwriter.Workbook(
        content, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    )
    sheet = book.add_worksheet("报送进度")
    bold = book.add_format({"bold": True, "border": 1, "bg_color": "#E8EEF4"})
    header = ["单位"]
    for requirement in board.requirements:
        header += [f"{requirement.get_item_display()}", "报送日期", "逾期（天）", "退回原因"]
    for place, text in enumerate(header):
        sheet.write_string(0, place, text, bold)
    for number, row in enumerate(board.rows, 1):
        sheet.write_string(number, 0, row.participation.unit.name)
        for place, cell in enumerate(row.cells):
            handed = cell.submission
            day = timezone.localtime(handed.submitted_at).date().isoformat() if handed else ""
            texts = [cell.state_label, day, str(cell.days_late or ""), handed.reason if handed else ""]
            for offset, text in enumerate(texts):
                sheet.write_string(number, 1 + place * 4 + offset, text)
    sheet.set_column(0, 0, 28)
    sheet.set_column(1, len(header), 12)
    sheet.freeze_panes(1, 1)
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    book.close()
    audit.record(user, "导出报送进度", campaign)
    return excel_file(content.getvalue(), f"报送进度-{timezone.localdate()}.xlsx")
