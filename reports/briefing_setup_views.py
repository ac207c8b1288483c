"""Own Word layouts, and briefings on a schedule."""

from __future__ import annotations

import hashlib
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.db import IntegrityError, transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from accounts import audit
from accounts.permissions import Action, requires, signed_in
from reports.briefing import own_template
from reports.briefing.basis import gather
from reports.briefing.content import compose
from reports.briefing.options import Options
from reports.briefing_forms import ScheduleForm, TemplateForm
from reports.models import BriefingSchedule, BriefingTemplate
from riskregistry.campaigns import current_campaign


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Action.MANAGE_CAMPAIGNS)
def template_list(request: HttpRequest) -> HttpResponse:
    """The layouts, what may stand in one, and a form to bring one in: tried out before it is kept."""
    user, campaign = signed_in(request), current_campaign(request)
    form = TemplateForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        if campaign is None:
            form.add_error(None, "还没有专项行动，无从试填，请先建立专项行动")
        else:
            try:
                _bring_in(user, campaign, form.cleaned_data)
            except ValidationError as error:
                form.add_error("file", error)
            else:
                messages.success(request, "模板已保存，导出 Word 时可以选用。")
                return redirect("reports:template_list")
    context = {
        "form": form,
        "templates": BriefingTemplate.objects.visible_to(user).in_use().select_related("uploaded_by"),
        "placeholders": own_template.PLACEHOLDERS.items(),
        "lists": own_template.LISTS.items(),
        "row_loop": own_template.ROW_LOOP,
        "text_loop": own_template.TEXT_LOOP,
    }
    return render(request, "reports/template_list.html", context, status=400 if form.errors else 200)


def _bring_in(user: Any, campaign: Any, data: dict[str, Any]) -> None:
    """Raises ValidationError (Chinese) naming the placeholder and the paragraph."""
    if BriefingTemplate.objects.in_use().filter(name=data["name"]).exists():
        raise ValidationError("已有同名的模板，请换一个名称，或先停用原来的")
    content, now = data["file"].read(), timezone.localtime()
    basis = gather(user, campaign, None, made_at=now)
    document = compose("situation", basis, Options(), office="发文机关", county="")
    own_template.check(content, document, basis, made_at=now)
    with transaction.atomic():
        template = BriefingTemplate(
            name=data["name"],
            original_name=data["file"].name[-200:],
            sha256=hashlib.sha256(content).hexdigest(),
            uploaded_by=user,
        )
        template.file.save(data["file"].name, ContentFile(content), save=False)
        template.save()
        audit.record(user, "上传简报模板", template, detail={"sha256": template.sha256})


@require_POST
@requires(Action.MANAGE_CAMPAIGNS)
def withdraw_template(request: HttpRequest, pk: int) -> HttpResponse:
    """Kept, since files were made with it; only no longer offered."""
    user = signed_in(request)
    template = get_object_or_404(BriefingTemplate.objects.visible_to(user).in_use(), pk=pk)
    with transaction.atomic():
        template.withdrawn_at = timezone.now()
        template.save(update_fields=["withdrawn_at"])
        audit.record(user, "停用简报模板", template)
    messages.success(request, f"已停用「{template.name}」。")
    return redirect("reports:template_list")


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Action.MANAGE_CAMPAIGNS)
def schedule_list(request: HttpRequest) -> HttpResponse:
    user, campaign = signed_in(request), current_campaign(request)
    if campaign is None:
        return render(request, "riskregistry/no_campaign.html", {"title": "定期备稿"})
    form = ScheduleForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            with transaction.atomic():
                schedule = BriefingSchedule.objects.create(
                    campaign=campaign, created_by=user, **form.cleaned_data
                )
                audit.record(user, "设置定期备稿", schedule, detail=form.cleaned_data)
        except IntegrityError:
            form.add_error(None, "这种简报已有同样周期的定期备稿，请先停用原来的")
        else:
            messages.success(request, "已设置，到日子一早自动备好，并列入您的待办。")
            return redirect("reports:schedule_list")
    context = {
        "form": form,
        "campaign": campaign,
        "schedules": BriefingSchedule.objects.visible_to(user)
        .filter(campaign=campaign, active=True)
        .select_related("created_by"),
    }
    return render(request, "reports/schedule_list.html", context, status=400 if form.errors else 200)


@require_POST
@requires(Action.MANAGE_CAMPAIGNS)
def stop_schedule(request: HttpRequest, pk: int) -> HttpResponse:
    user = signed_in(request)
    schedule = get_object_or_404(BriefingSchedule.objects.visible_to(user), pk=pk, active=True)
    with transaction.atomic():
        schedule.active = False
        schedule.save(update_fields=["active"])
        audit.record(user, "停用定期备稿", schedule)
    messages.success(request, f"已停用{schedule}。")
    return redirect("reports:schedule_list")
