"""What surrounds a measure on its way: extensions, chasing, looking back, holidays and notices."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.utils import timezone
from simple_history.models import HistoricalRecords

from accounts.models import Unit, User
from accounts.permissions import Action, units_visible_to
from riskregistry.enums import ChasingRung, ExtensionState, LookbackResult
from riskregistry.models.register import Campaign, Measure, Participation, ProgressEntry

if TYPE_CHECKING:
    from accounts.permissions import AnyUser


class ExtensionRequestQuerySet(models.QuerySet["ExtensionRequest"]):
    def visible_to(self, user: AnyUser) -> ExtensionRequestQuerySet:
        return self.filter(measure__in=Measure.objects.visible_to(user))


class ExtensionRequest(models.Model):
    """A unit asks for a later date; a supervisor grants or refuses it."""

    measure = models.ForeignKey(
        Measure, models.RESTRICT, verbose_name="整改措施", related_name="extension_requests"
    )
    old_due = models.DateField("申请时的时限", null=True, blank=True)
    new_due = models.DateField("申请延至")
    reason = models.CharField("延期理由", max_length=500)
    requested_by = models.ForeignKey(User, models.RESTRICT, verbose_name="申请人", related_name="+")
    requested_at = models.DateTimeField("申请时间", default=timezone.now)
    state = models.CharField(
        "结果", max_length=10, choices=ExtensionState.choices, default=ExtensionState.PENDING
    )
    decided_by = models.ForeignKey(
        User, models.RESTRICT, verbose_name="审批人", null=True, blank=True, related_name="+"
    )
    decided_at = models.DateTimeField("审批时间", null=True, blank=True)
    answer = models.CharField("审批意见", max_length=500, blank=True)

    objects = ExtensionRequestQuerySet.as_manager()

    class Meta:
        verbose_name = "延期申请"
        verbose_name_plural = "延期申请"
        ordering: ClassVar = ["-requested_at", "-pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["measure"],
                condition=Q(state=ExtensionState.PENDING),
                name="one_extension_pending",
                violation_error_message="已有一项延期申请待审",
            ),
            models.CheckConstraint(
                condition=Q(old_due=None) | Q(new_due__gt=F("old_due")),
                name="extension_is_later",
                violation_error_message="延期后的日期须晚于现在的时限",
            ),
            models.CheckConstraint(
                condition=~Q(reason=""),
                name="extension_has_a_reason",
                violation_error_message="请填写延期理由",
            ),
            models.CheckConstraint(
                condition=Q(state=ExtensionState.PENDING)
                | Q(decided_by__isnull=False, decided_at__isnull=False),
                name="extension_decided_by_someone",
                violation_error_message="延期申请的答复须有审批人和时间",
            ),
            models.CheckConstraint(
                condition=~Q(state=ExtensionState.REFUSED) | ~Q(answer=""),
                name="refusal_has_a_reason",
                violation_error_message="不同意延期须写明原因",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.measure}·延至{self.new_due}"


class ChasingLetterQuerySet(models.QuerySet["ChasingLetter"]):
    def visible_to(self, user: AnyUser) -> ChasingLetterQuerySet:
        """Letters to one's unit; a circular also to every other unit of its campaign."""
        if user.is_authenticated and user.may(Action.SEE_ALL_UNITS):
            return self.all()
        units = units_visible_to(user).values("pk")
        with_us = Participation.objects.filter(campaign=OuterRef("campaign"), unit__in=units)
        return self.filter(Q(unit__in=units) | (Q(rung=ChasingRung.CIRCULAR) & Exists(with_us)))


class ChasingLetter(models.Model):
    """A letter to a unit about its late measures. `number` counts within the rung and the year."""

    campaign = models.ForeignKey(
        Campaign, models.RESTRICT, verbose_name="专项行动", related_name="chasing_letters"
    )
    unit = models.ForeignKey(Unit, models.RESTRICT, verbose_name="致送单位", related_name="chasing_letters")
    rung = models.CharField("种类", max_length=20, choices=ChasingRung.choices)
    year = models.PositiveSmallIntegerField("年份")
    number = models.PositiveIntegerField("编号")
    measures = models.ManyToManyField(Measure, verbose_name="所涉措施", related_name="chasing_letters")
    # As the letter was issued: [{"pk", "heading", "due", "state", "days_late"}, …]; the register moves on.
    items = models.JSONField("所涉事项", default=list)
    demand = models.TextField("要求", blank=True)
    issued_by = models.ForeignKey(User, models.RESTRICT, verbose_name="签发人", related_name="+")
    issued_at = models.DateTimeField("签发时间", default=timezone.now)
    answer_due = models.DateField("答复期限")
    received_by = models.ForeignKey(
        User, models.RESTRICT, verbose_name="签收人", null=True, blank=True, related_name="+"
    )
    received_at = models.DateTimeField("签收时间", null=True, blank=True)
    answered_by = models.ForeignKey(
        User, models.RESTRICT, verbose_name="答复人", null=True, blank=True, related_name="+"
    )
    answered_at = models.DateTimeField("答复时间", null=True, blank=True)
    answer = models.TextField("答复", blank=True)

    history = HistoricalRecords(verbose_name="督办变更记录")
    objects = ChasingLetterQuerySet.as_manager()

    class Meta:
        verbose_name = "督办文书"
        verbose_name_plural = "督办文书"
        ordering: ClassVar = ["-issued_at", "-pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["rung", "year", "number"],
                name="letter_number_once",
                violation_error_message="这个编号的文书已有",
            ),
            models.CheckConstraint(condition=Q(rung__in=ChasingRung.values), name="letter_rung_known"),
            models.CheckConstraint(
                condition=Q(answered_at=None) | (Q(answered_by__isnull=False) & ~Q(answer="")),
                name="letter_answered_by_someone",
                violation_error_message="答复须写明内容和答复人",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_rung_display()}〔{self.year}〕{self.number}号"


class LookbackRoundQuerySet(models.QuerySet["LookbackRound"]):
    def visible_to(self, user: AnyUser) -> LookbackRoundQuerySet:
        """Rounds concern the whole county; a unit sees only what was found of its own measures."""
        return self.all() if user.is_authenticated and user.may(Action.SEE_ALL_UNITS) else self.none()


class LookbackRound(models.Model):
    """One drawing of closed measures. The same seed over the same closed measures draws the same sample."""

    campaign = models.ForeignKey(
        Campaign, models.RESTRICT, verbose_name="专项行动", related_name="lookback_rounds"
    )
    name = models.CharField("名称", max_length=60)
    seed = models.PositiveIntegerField("随机种子")
    share = models.PositiveSmallIntegerField("抽查比例（%）")
    drawn_by = models.ForeignKey(User, models.RESTRICT, verbose_name="抽取人", related_name="+")
    drawn_at = models.DateTimeField("抽取时间", default=timezone.now)

    objects = LookbackRoundQuerySet.as_manager()

    class Meta:
        verbose_name = "回头看"
        verbose_name_plural = "回头看"
        ordering: ClassVar = ["-drawn_at", "-pk"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(share__gte=1, share__lte=100),
                name="lookback_share_is_a_share",
                violation_error_message="抽查比例应在 1 到 100 之间",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class LookbackQuerySet(models.QuerySet["Lookback"]):
    def visible_to(self, user: AnyUser) -> LookbackQuerySet:
        return self.filter(measure__in=Measure.objects.visible_to(user))


class Lookback(models.Model):
    """One closed measure looked at again. `closing` is what had closed it, `reopening` what followed."""

    round = models.ForeignKey(LookbackRound, models.RESTRICT, verbose_name="回头看", related_name="lookbacks")
    measure = models.ForeignKey(Measure, models.RESTRICT, verbose_name="整改措施", related_name="lookbacks")
    closing = models.ForeignKey(
        ProgressEntry, models.RESTRICT, verbose_name="销号记录", null=True, blank=True, related_name="+"
    )
    reopening = models.ForeignKey(
        ProgressEntry, models.RESTRICT, verbose_name="重新打开记录", null=True, blank=True, related_name="+"
    )
    result = models.CharField(
        "结果", max_length=10, choices=LookbackResult.choices, default=LookbackResult.PENDING
    )
    finding = models.TextField("查看情况", blank=True)
    looked_by = models.ForeignKey(
        User, models.RESTRICT, verbose_name="查看人", null=True, blank=True, related_name="+"
    )
    looked_on = models.DateField("查看日期", null=True, blank=True)

    history = HistoricalRecords(verbose_name="回头看变更记录")
    objects = LookbackQuerySet.as_manager()

    class Meta:
        verbose_name = "回头看措施"
        verbose_name_plural = "回头看措施"
        ordering: ClassVar = ["round", "pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["round", "measure"],
                name="looked_back_once_a_round",
                violation_error_message="这一轮已抽中这项措施",
            ),
            models.CheckConstraint(
                condition=Q(result__in=LookbackResult.values), name="lookback_result_known"
            ),
            models.CheckConstraint(
                condition=Q(result=LookbackResult.PENDING)
                | (Q(looked_by__isnull=False, looked_on__isnull=False) & ~Q(finding="")),
                name="lookback_found_by_someone",
                violation_error_message="回头看的结果须写明查看情况",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.round}·{self.measure}"


class HolidayQuerySet(models.QuerySet["Holiday"]):
    def visible_to(self, user: AnyUser) -> HolidayQuerySet:
        """The calendar is a dictionary: everyone who is signed in reads it."""
        return self.all() if user.is_authenticated else self.none()


class Holiday(models.Model):
    """A day on which the office differs from the calendar: off, or working on what would be a day off."""

    day = models.DateField("日期", unique=True)
    working = models.BooleanField("上班", default=False, help_text="勾选表示调休上班，不勾选表示放假")
    name = models.CharField("名称", max_length=30, blank=True)

    history = HistoricalRecords(verbose_name="节假日变更记录")
    objects = HolidayQuerySet.as_manager()

    class Meta:
        verbose_name = "节假日"
        verbose_name_plural = "节假日"
        ordering: ClassVar = ["-day"]

    def __str__(self) -> str:
        return f"{self.day}{'上班' if self.working else '放假'}"


class NoticeQuerySet(models.QuerySet["Notice"]):
    def visible_to(self, user: AnyUser) -> NoticeQuerySet:
        """One's own only."""
        return self.filter(user=user.pk) if user.is_authenticated else self.none()

    def unread(self) -> NoticeQuerySet:
        return self.filter(read_at=None)


class Notice(models.Model):
    """A line that tells one person that something of theirs changed. `path` is an address of ours."""

    user = models.ForeignKey(User, models.CASCADE, verbose_name="用户", related_name="notices")
    at = models.DateTimeField("时间", default=timezone.now)
    text = models.CharField("内容", max_length=200)
    path = models.CharField("地址", max_length=200, blank=True)
    read_at = models.DateTimeField("已读时间", null=True, blank=True)
    mailed_at = models.DateTimeField("邮件时间", null=True, blank=True)

    objects = NoticeQuerySet.as_manager()

    class Meta:
        verbose_name = "提醒"
        verbose_name_plural = "提醒"
        ordering: ClassVar = ["-at", "-pk"]
        indexes: ClassVar = [models.Index(fields=["user", "read_at"], name="notice_user_read")]

    def __str__(self) -> str:
        return self.text

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.text = self.text[:200]
        super().save(*args, **kwargs)
