"""What a campaign asks of each unit, by when, and where each unit stands with it (报送)."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from django.db import models
from django.db.models import Q
from django.utils import timezone
from simple_history.models import HistoricalRecords

from accounts.models import User
from accounts.permissions import units_visible_to
from riskregistry.enums import SubmissionItem, SubmissionState
from riskregistry.models.register import Campaign, Participation

if TYPE_CHECKING:
    from accounts.permissions import AnyUser


class RequirementQuerySet(models.QuerySet["Requirement"]):
    def visible_to(self, user: AnyUser) -> RequirementQuerySet:
        return self.filter(campaign__in=Campaign.objects.visible_to(user))


class Requirement(models.Model):
    """One thing that every unit of a campaign owes. Without a row the campaign does not ask for it."""

    campaign = models.ForeignKey(
        Campaign, models.CASCADE, verbose_name="专项行动", related_name="requirements"
    )
    item = models.CharField("报送事项", max_length=20, choices=SubmissionItem.choices)
    due = models.DateField("截止日期", null=True, blank=True)

    history = HistoricalRecords(verbose_name="报送要求变更记录")
    objects = RequirementQuerySet.as_manager()

    class Meta:
        verbose_name = "报送要求"
        verbose_name_plural = "报送要求"
        ordering: ClassVar = ["campaign", "pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["campaign", "item"],
                name="required_once",
                violation_error_message="该专项行动已有这项报送要求",
            ),
            models.CheckConstraint(
                condition=Q(item__in=SubmissionItem.values), name="requirement_item_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.campaign}·{self.get_item_display()}"


class SubmissionQuerySet(models.QuerySet["Submission"]):
    def visible_to(self, user: AnyUser) -> SubmissionQuerySet:
        return self.filter(participation__unit__in=units_visible_to(user))


class Submission(models.Model):
    """Where one unit stands with one thing that is due. No row means 未报."""

    participation = models.ForeignKey(
        Participation, models.CASCADE, verbose_name="参加单位", related_name="submissions"
    )
    item = models.CharField("报送事项", max_length=20, choices=SubmissionItem.choices)
    state = models.CharField(
        "状态", max_length=20, choices=SubmissionState.choices, default=SubmissionState.SUBMITTED
    )
    submitted_by = models.ForeignKey(User, models.RESTRICT, verbose_name="报送人", related_name="+")
    submitted_at = models.DateTimeField("报送时间", default=timezone.now)
    decided_by = models.ForeignKey(
        User, models.RESTRICT, verbose_name="审核人", null=True, blank=True, related_name="+"
    )
    decided_at = models.DateTimeField("审核时间", null=True, blank=True)
    reason = models.CharField("退回原因", max_length=200, blank=True)

    history = HistoricalRecords(verbose_name="报送变更记录")
    objects = SubmissionQuerySet.as_manager()

    class Meta:
        verbose_name = "报送情况"
        verbose_name_plural = "报送情况"
        ordering: ClassVar = ["participation", "item"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["participation", "item"],
                name="submitted_in_one_row",
                violation_error_message="这一项已有报送记录",
            ),
            models.CheckConstraint(condition=Q(item__in=SubmissionItem.values), name="submission_item_known"),
            models.CheckConstraint(
                condition=Q(state__in=SubmissionState.values), name="submission_state_known"
            ),
            models.CheckConstraint(
                condition=~Q(state=SubmissionState.RETURNED) | ~Q(reason=""),
                name="submission_returned_with_a_reason",
                violation_error_message="退回须写明原因",
            ),
            models.CheckConstraint(
                condition=Q(state=SubmissionState.SUBMITTED)
                | Q(decided_by__isnull=False, decided_at__isnull=False),
                name="submission_decided_by_someone",
                violation_error_message="确认或退回须有审核人和时间",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.participation}·{self.get_item_display()}"


class LateChangeQuerySet(models.QuerySet["LateChange"]):
    def visible_to(self, user: AnyUser) -> LateChangeQuerySet:
        return self.filter(submission__participation__unit__in=units_visible_to(user))


class LateChange(models.Model):
    """A change to what had been confirmed: why, by whom, what. Shown on the board beside 已确认."""

    submission = models.ForeignKey(
        Submission, models.CASCADE, verbose_name="报送情况", related_name="late_changes"
    )
    at = models.DateTimeField("时间", default=timezone.now)
    actor = models.ForeignKey(User, models.RESTRICT, verbose_name="操作人", related_name="+")
    reason = models.CharField("变更原因", max_length=200)
    summary = models.CharField("变更内容", max_length=200)

    objects = LateChangeQuerySet.as_manager()

    class Meta:
        verbose_name = "确认后变更"
        verbose_name_plural = "确认后变更"
        ordering: ClassVar = ["-at", "-pk"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=~Q(reason=""),
                name="late_change_has_a_reason",
                violation_error_message="已确认的内容有变更，须写明原因",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.submission}：{self.summary}"
