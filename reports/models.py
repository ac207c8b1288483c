"""The readings: uploaded reports, what was read in them, and what a person decided about each fact."""

from __future__ import annotations

from pathlib import PurePath
from typing import TYPE_CHECKING, ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from accounts.models import Unit, User
from accounts.permissions import Action, units_visible_to
from reports.enums import (
    BriefingKind,
    CountedKind,
    Decision,
    Every,
    FileFormat,
    FileState,
    ReportState,
    Scope,
    SplitBy,
    StatementType,
)
from riskregistry.models import Campaign, Domain, Measure, Participation

if TYPE_CHECKING:
    from accounts.permissions import AnyUser


def report_path(report: Report, filename: str) -> str:
    """Where an uploaded report is kept: by its hash, never by the name somebody gave it."""
    suffix = PurePath(filename).suffix.lower()
    safe = suffix if suffix[1:].isascii() and suffix[1:].isalnum() and len(suffix) <= 6 else ""
    return f"reports/{report.sha256[:2]}/{report.sha256}{safe}"


class ReportQuerySet(models.QuerySet["Report"]):
    def visible_to(self, user: AnyUser) -> ReportQuerySet:
        """The county's own reports only to who sees all units; a unit's to who sees the unit."""
        if user.is_authenticated and user.may(Action.VIEW_REPORTS) and user.may(Action.SEE_ALL_UNITS):
            return self.all()
        if not user.is_authenticated or not user.may(Action.VIEW_REPORTS):
            return self.none()
        return self.filter(unit__in=units_visible_to(user))

    def in_force(self) -> ReportQuerySet:
        """Accepted, and not superseded by another accepted report."""
        return self.filter(state=ReportState.ACCEPTED).exclude(superseded_by__state=ReportState.ACCEPTED)


class Report(models.Model):
    """An uploaded document. `unit` empty = the county's own report. `reading` holds what the reader gave."""

    campaign = models.ForeignKey(Campaign, models.RESTRICT, verbose_name="专项行动", related_name="reports")
    unit = models.ForeignKey(
        Unit,
        models.RESTRICT,
        verbose_name="报送单位",
        null=True,
        blank=True,
        related_name="reports",
        help_text="留空表示全县的报告",
    )
    title = models.CharField("标题", max_length=300, blank=True)
    as_of = models.DateField("数据截至", null=True, blank=True)
    state = models.CharField("状态", max_length=20, choices=ReportState.choices, default=ReportState.WAITING)
    file = models.FileField("文件", upload_to=report_path, blank=True, max_length=200)
    original_name = models.CharField("原文件名", max_length=200)
    sha256 = models.CharField("文件校验值", max_length=64)
    size = models.PositiveBigIntegerField("大小（字节）")
    supersedes = models.ForeignKey(
        "self",
        models.RESTRICT,
        verbose_name="更正的报告",
        null=True,
        blank=True,
        related_name="superseded_by",
    )
    text = models.TextField("正文", blank=True, help_text="口令等已遮盖")
    ignored = models.JSONField("不予采信的内容", default=list, blank=True)
    stage = models.CharField("读取进度", max_length=40, blank=True)
    percent = models.PositiveSmallIntegerField("读取进度（%）", default=0)
    attempts = models.PositiveSmallIntegerField("读取次数", default=0)
    error = models.TextField("读取失败原因", blank=True)
    uploaded_by = models.ForeignKey(
        User, models.RESTRICT, verbose_name="上传人", related_name="uploaded_reports"
    )
    uploaded_at = models.DateTimeField("上传时间", default=timezone.now)
    read_at = models.DateTimeField("读取时间", null=True, blank=True)
    accepted_by = models.ForeignKey(
        User, models.RESTRICT, verbose_name="采纳人", null=True, blank=True, related_name="accepted_reports"
    )
    accepted_at = models.DateTimeField("采纳时间", null=True, blank=True)
    withdrawn_at = models.DateTimeField("撤回时间", null=True, blank=True)
    withdrawn_reason = models.CharField("撤回原因", max_length=200, blank=True)

    objects = ReportQuerySet.as_manager()

    class Meta:
        verbose_name = "报告"
        verbose_name_plural = "报告"
        ordering: ClassVar = ["-uploaded_at", "-pk"]
        indexes: ClassVar = [
            models.Index(fields=["campaign", "state"], name="report_campaign_state"),
            models.Index(fields=["sha256"], name="report_sha256"),
        ]
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(state__in=ReportState.values), name="report_state_known"),
            models.CheckConstraint(
                condition=~Q(state=ReportState.ACCEPTED)
                | Q(accepted_by__isnull=False, accepted_at__isnull=False),
                name="report_accepted_by_someone",
            ),
            models.CheckConstraint(
                condition=~Q(state=ReportState.FAILED) | ~Q(error=""), name="report_failure_has_a_reason"
            ),
            models.CheckConstraint(
                condition=Q(supersedes=None) | ~Q(supersedes=F("pk")),
                name="report_does_not_supersede_itself",
                violation_error_message="报告不能更正自己",
            ),
            # Two forms, since on SQLite two empty units are never equal.
            models.UniqueConstraint(
                fields=["campaign", "unit", "sha256"],
                condition=Q(unit__isnull=False),
                name="same_file_once_a_unit",
                violation_error_message="该单位已上传过同一份文件",
            ),
            models.UniqueConstraint(
                fields=["campaign", "sha256"],
                condition=Q(unit=None),
                name="same_file_once_for_the_county",
                violation_error_message="同一份全县报告已上传过",
            ),
        ]

    def __str__(self) -> str:
        return self.title or self.original_name

    @property
    def owner_label(self) -> str:
        return self.unit.name if self.unit else "全县"


class ReadFact(models.Model):
    """What every fact read carries: its span in the report's text, why it was read so, what was decided."""

    quote = models.TextField("原文", blank=True)
    start = models.PositiveIntegerField("起始位置", null=True, blank=True)
    end = models.PositiveIntegerField("结束位置", null=True, blank=True)
    rule = models.CharField("读取规则", max_length=60, blank=True)
    confidence = models.FloatField("把握", default=1.0)
    understood = models.CharField("理解", max_length=200, blank=True)
    decision = models.CharField("审核结果", max_length=10, choices=Decision.choices, default=Decision.PENDING)
    decided_by = models.ForeignKey(
        User, models.RESTRICT, verbose_name="审核人", null=True, blank=True, related_name="+"
    )
    decided_at = models.DateTimeField("审核时间", null=True, blank=True)

    class Meta:
        abstract = True


class FigureQuerySet(models.QuerySet["Figure"]):
    def visible_to(self, user: AnyUser) -> FigureQuerySet:
        return self.filter(report__in=Report.objects.visible_to(user))


class Figure(ReadFact):
    """One number read. Accepted, it *is* the reported figure: the register holds no copied counts."""

    report = models.ForeignKey(Report, models.CASCADE, verbose_name="报告", related_name="figures")
    scope = models.CharField("范围", max_length=10, choices=Scope.choices)
    name = models.CharField(
        "名称", max_length=100, blank=True, help_text="领域、类别、等级、状态或单位的名称"
    )
    kind = models.CharField("种类", max_length=10, choices=CountedKind.choices)
    value = models.PositiveIntegerField("读出的数")
    approximate = models.BooleanField("约数", default=False)
    corrected_value = models.PositiveIntegerField("更正后的数", null=True, blank=True)
    domain = models.ForeignKey(
        Domain, models.RESTRICT, verbose_name="对应领域", null=True, blank=True, related_name="figures"
    )
    unit = models.ForeignKey(
        Unit, models.RESTRICT, verbose_name="对应单位", null=True, blank=True, related_name="figures"
    )

    objects = FigureQuerySet.as_manager()

    class Meta:
        verbose_name = "报告数字"
        verbose_name_plural = "报告数字"
        ordering: ClassVar = ["report", "pk"]
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(scope__in=Scope.values), name="figure_scope_known"),
            models.CheckConstraint(condition=Q(kind__in=CountedKind.values), name="figure_kind_known"),
            models.CheckConstraint(
                condition=Q(scope=Scope.TOTAL, name="") | (~Q(scope=Scope.TOTAL) & ~Q(name="")),
                name="figure_part_has_a_name",
            ),
            models.CheckConstraint(
                condition=~Q(decision=Decision.CORRECTED) | Q(corrected_value__isnull=False),
                name="figure_corrected_to_something",
                violation_error_message="更正须填写更正后的数",
            ),
            models.CheckConstraint(
                condition=Q(start__isnull=False, end__gt=F("start")), name="figure_has_its_span"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name}{self.get_kind_display()} {self.final_value}"

    @property
    def final_value(self) -> int:
        """The number that counts: the corrected one where a person corrected it."""
        if self.decision == Decision.CORRECTED and self.corrected_value is not None:
            return self.corrected_value
        return self.value


class StatementQuerySet(models.QuerySet["Statement"]):
    def visible_to(self, user: AnyUser) -> StatementQuerySet:
        return self.filter(report__in=Report.objects.visible_to(user))


class Statement(ReadFact):
    """Any other fact read. `data` is the fact as read; `corrected` what a person made of it.

    The link to what it became in the register stands here: the register never points back. `created` says
    whether the linked measure was made by this acceptance (and goes with its withdrawal) or was there before.
    """

    report = models.ForeignKey(Report, models.CASCADE, verbose_name="报告", related_name="statements")
    type = models.CharField("类型", max_length=20, choices=StatementType.choices)
    data = models.JSONField("读出的内容", default=dict)
    corrected = models.JSONField("更正后的内容", null=True, blank=True)
    unit = models.ForeignKey(
        Unit, models.RESTRICT, verbose_name="对应单位", null=True, blank=True, related_name="statements"
    )
    participation = models.ForeignKey(
        Participation, models.SET_NULL, verbose_name="对应参加单位", null=True, blank=True, related_name="+"
    )
    measure = models.ForeignKey(
        Measure, models.SET_NULL, verbose_name="对应措施", null=True, blank=True, related_name="statements"
    )
    created = models.BooleanField("由采纳新建", default=False)
    # What else the acceptance made, for its withdrawal to undo:
    # {"unit": pk, "aliases": [pk, …], "participation": bool}.
    effects = models.JSONField("采纳的其他变更", default=dict, blank=True)

    objects = StatementQuerySet.as_manager()

    class Meta:
        verbose_name = "报告陈述"
        verbose_name_plural = "报告陈述"
        ordering: ClassVar = ["report", "pk"]
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(type__in=StatementType.values), name="statement_type_known"),
            models.CheckConstraint(
                condition=~Q(decision=Decision.CORRECTED) | Q(corrected__isnull=False),
                name="statement_corrected_to_something",
                violation_error_message="更正须填写更正后的内容",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_type_display()}：{self.quote[:40]}"

    @property
    def final(self) -> dict[str, object]:
        """The fact that counts: as corrected where a person corrected it."""
        if self.decision == Decision.CORRECTED and self.corrected is not None:
            return dict(self.corrected)
        return dict(self.data)


class DiscrepancyQuerySet(models.QuerySet["Discrepancy"]):
    def visible_to(self, user: AnyUser) -> DiscrepancyQuerySet:
        return self.filter(report__in=Report.objects.visible_to(user))

    def unexplained(self) -> DiscrepancyQuerySet:
        return self.filter(decision=Decision.PENDING)


class Discrepancy(models.Model):
    """Something stated that does not add up. Accepted only with an explanation."""

    report = models.ForeignKey(Report, models.CASCADE, verbose_name="报告", related_name="discrepancies")
    kind = models.CharField("种类", max_length=10, choices=CountedKind.choices)
    by = models.CharField("依据", max_length=10, choices=SplitBy.choices)
    stated = models.FloatField("报告所称")
    computed = models.FloatField("分项合计")
    missing = models.JSONField("未列明的分项", default=list, blank=True)
    inferred = models.IntegerField("推算", null=True, blank=True)
    message = models.TextField("说明")
    decision = models.CharField("审核结果", max_length=10, choices=Decision.choices, default=Decision.PENDING)
    explanation = models.TextField("核实情况", blank=True)
    decided_by = models.ForeignKey(
        User, models.RESTRICT, verbose_name="审核人", null=True, blank=True, related_name="+"
    )
    decided_at = models.DateTimeField("审核时间", null=True, blank=True)

    objects = DiscrepancyQuerySet.as_manager()

    class Meta:
        verbose_name = "数据不符"
        verbose_name_plural = "数据不符"
        ordering: ClassVar = ["report", "pk"]
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(kind__in=CountedKind.values), name="discrepancy_kind_known"),
            models.CheckConstraint(condition=Q(by__in=SplitBy.values), name="discrepancy_by_known"),
            models.CheckConstraint(
                condition=~Q(decision=Decision.ACCEPTED) | ~Q(explanation=""),
                name="discrepancy_accepted_with_explanation",
                violation_error_message="采纳不符的数据须写明核实情况",
            ),
        ]

    def __str__(self) -> str:
        return self.message


class BriefingScheduleQuerySet(models.QuerySet["BriefingSchedule"]):
    def visible_to(self, user: AnyUser) -> BriefingScheduleQuerySet:
        """They count all units: only to who sets up campaigns."""
        return self.all() if user.is_authenticated and user.may(Action.MANAGE_CAMPAIGNS) else self.none()


class BriefingSchedule(models.Model):
    """A briefing that the worker prepares by itself. `day`: 1 (Monday) to 7 of a week, 1 to 28 of a month."""

    campaign = models.ForeignKey(
        Campaign, models.RESTRICT, verbose_name="专项行动", related_name="briefing_schedules"
    )
    kind = models.CharField("种类", max_length=20, choices=BriefingKind.choices)
    every = models.CharField("周期", max_length=10, choices=Every.choices)
    day = models.PositiveSmallIntegerField("哪一天")
    active = models.BooleanField("启用", default=True)
    created_by = models.ForeignKey(User, models.RESTRICT, verbose_name="设置人", related_name="+")
    created_at = models.DateTimeField("设置时间", default=timezone.now)
    # The day it last fell due and was made for.
    last_day = models.DateField("上次备稿", null=True, blank=True)

    objects = BriefingScheduleQuerySet.as_manager()

    class Meta:
        verbose_name = "定期备稿"
        verbose_name_plural = "定期备稿"
        ordering: ClassVar = ["campaign", "kind", "every", "day"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["campaign", "kind", "every"],
                condition=Q(active=True),
                name="one_schedule_a_kind",
                violation_error_message="这种简报已有同样周期的定期备稿",
            ),
            models.CheckConstraint(
                condition=Q(every=Every.WEEK, day__gte=1, day__lte=7)
                | Q(every=Every.MONTH, day__gte=1, day__lte=28),
                name="schedule_day_exists",
                violation_error_message="每周填 1 到 7，每月填 1 到 28",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_every_display()}{self.get_kind_display()}"


class BriefingQuerySet(models.QuerySet["Briefing"]):
    def visible_to(self, user: AnyUser) -> BriefingQuerySet:
        """Those of all units only to who sees all units; a unit's to who sees the unit."""
        if not user.is_authenticated or not user.may(Action.EXPORT):
            return self.none()
        if user.may(Action.SEE_ALL_UNITS):
            return self.all()
        return self.filter(unit__in=units_visible_to(user))

    def waiting(self) -> BriefingQuerySet:
        """Prepared by the worker, and looked at by nobody yet."""
        return self.filter(schedule__isnull=False, looked_at=None)


class Briefing(models.Model):
    """A document for leadership. `basis` holds the numbers it is made from, so that they stay as they were.

    `unit` is the scope of who made it, empty = all units. `options` are the choices and the edited sentences.
    """

    campaign = models.ForeignKey(Campaign, models.RESTRICT, verbose_name="专项行动", related_name="briefings")
    unit = models.ForeignKey(
        Unit, models.RESTRICT, verbose_name="范围", null=True, blank=True, related_name="briefings"
    )
    kind = models.CharField("种类", max_length=20, choices=BriefingKind.choices)
    as_of = models.DateField("截至")
    options = models.JSONField("选择", default=dict, blank=True)
    basis = models.JSONField("数据快照")
    sha256 = models.CharField("快照校验值", max_length=64)
    version = models.PositiveIntegerField("版本", default=1)
    created_by = models.ForeignKey(
        User, models.RESTRICT, verbose_name="起草人", null=True, blank=True, related_name="briefings"
    )
    created_at = models.DateTimeField("起草时间", default=timezone.now)
    schedule = models.ForeignKey(
        BriefingSchedule,
        models.RESTRICT,
        verbose_name="定期备稿",
        null=True,
        blank=True,
        related_name="briefings",
    )
    looked_by = models.ForeignKey(
        User, models.RESTRICT, verbose_name="审看人", null=True, blank=True, related_name="+"
    )
    looked_at = models.DateTimeField("审看时间", null=True, blank=True)

    objects = BriefingQuerySet.as_manager()

    class Meta:
        verbose_name = "简报"
        verbose_name_plural = "简报"
        ordering: ClassVar = ["-created_at", "-pk"]
        indexes: ClassVar = [
            models.Index(fields=["campaign", "kind", "as_of"], name="briefing_campaign_kind"),
        ]
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(kind__in=BriefingKind.values), name="briefing_kind_known"),
            models.UniqueConstraint(
                fields=["schedule", "as_of"],
                condition=Q(schedule__isnull=False),
                name="scheduled_once_a_day",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}（截至{self.as_of}）"

    @property
    def snapshot(self) -> str:
        """The number printed in every file: which stored numbers it was made from."""
        return f"{self.pk:06d}-{self.sha256[:8]}"


class BriefingTemplateQuerySet(models.QuerySet["BriefingTemplate"]):
    def visible_to(self, user: AnyUser) -> BriefingTemplateQuerySet:
        """They hold no data of any unit: for all who export, and for who sets them up."""
        allowed = user.is_authenticated and (user.may(Action.EXPORT) or user.may(Action.MANAGE_CAMPAIGNS))
        return self.all() if allowed else self.none()

    def in_use(self) -> BriefingTemplateQuerySet:
        return self.filter(withdrawn_at=None)


def template_path(template: BriefingTemplate, filename: str) -> str:
    return f"templates/{template.sha256[:2]}/{template.sha256}.docx"


class BriefingTemplate(models.Model):
    """A county's own Word layout with placeholders."""

    name = models.CharField("名称", max_length=60)
    file = models.FileField("文件", upload_to=template_path, max_length=200)
    original_name = models.CharField("原文件名", max_length=200)
    sha256 = models.CharField("文件校验值", max_length=64)
    uploaded_by = models.ForeignKey(User, models.RESTRICT, verbose_name="上传人", related_name="+")
    uploaded_at = models.DateTimeField("上传时间", default=timezone.now)
    withdrawn_at = models.DateTimeField("停用时间", null=True, blank=True)

    objects = BriefingTemplateQuerySet.as_manager()

    class Meta:
        verbose_name = "简报模板"
        verbose_name_plural = "简报模板"
        ordering: ClassVar = ["name", "pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["name"],
                condition=Q(withdrawn_at=None),
                name="template_name_once",
                violation_error_message="已有同名的模板，请换一个名称，或先停用原来的",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class BriefingFileQuerySet(models.QuerySet["BriefingFile"]):
    def visible_to(self, user: AnyUser) -> BriefingFileQuerySet:
        return self.filter(briefing__in=Briefing.objects.visible_to(user))


def briefing_path(file: BriefingFile, filename: str) -> str:
    return f"briefings/{file.briefing_id}/{file.pk}.{file.format}"


class BriefingFile(models.Model):
    """One export, as it left the house: who, when, in which format, with which hash."""

    briefing = models.ForeignKey(Briefing, models.RESTRICT, verbose_name="简报", related_name="files")
    format = models.CharField("格式", max_length=10, choices=FileFormat.choices)
    template = models.ForeignKey(
        BriefingTemplate, models.RESTRICT, verbose_name="模板", null=True, blank=True, related_name="files"
    )
    state = models.CharField("状态", max_length=10, choices=FileState.choices, default=FileState.MAKING)
    percent = models.PositiveSmallIntegerField("进度（%）", default=0)
    error = models.TextField("失败原因", blank=True)
    file = models.FileField("文件", upload_to=briefing_path, max_length=200, blank=True)
    sha256 = models.CharField("文件校验值", max_length=64, blank=True)
    size = models.PositiveBigIntegerField("大小（字节）", default=0)
    by_hand = models.PositiveSmallIntegerField("人工改写的段数", default=0)
    made_by = models.ForeignKey(User, models.RESTRICT, verbose_name="导出人", null=True, related_name="+")
    made_at = models.DateTimeField("导出时间", default=timezone.now)

    objects = BriefingFileQuerySet.as_manager()

    class Meta:
        verbose_name = "导出的文件"
        verbose_name_plural = "导出的文件"
        ordering: ClassVar = ["-made_at", "-pk"]
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(format__in=FileFormat.values), name="briefing_format_known"),
            models.CheckConstraint(
                condition=~Q(state=FileState.READY) | ~Q(sha256=""), name="ready_file_has_its_hash"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.briefing} {self.get_format_display()}"

    @property
    def download_name(self) -> str:
        campaign = self.briefing.campaign.name
        return f"{campaign}{self.briefing.get_kind_display()}-{self.briefing.as_of:%Y%m%d}.{self.format}"
