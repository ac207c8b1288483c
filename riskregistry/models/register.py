"""The register: domains, campaigns, cases, risk items, measures, progress and evidence."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING, Any, ClassVar

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.utils import timezone
from simple_history.models import HistoricalRecords

from accounts.models import Unit, User
from accounts.permissions import Action, units_visible_to
from riskregistry.enums import (
    OPEN_STATES,
    MeasureState,
    ProgressEvent,
    RiskCategory,
    RiskKind,
    RiskLevel,
    Theme,
)
from riskregistry.models.text_pairs import NotedQuerySet, note

if TYPE_CHECKING:
    from accounts.permissions import AnyUser


def _one_of(field: str, values: list[str], *, blank: bool = False) -> Q:
    return Q(**{f"{field}__in": [*values, ""] if blank else values})


class DomainQuerySet(models.QuerySet["Domain"]):
    def visible_to(self, user: AnyUser) -> DomainQuerySet:
        """Domains are a dictionary: everyone who is signed in reads them."""
        return self.all() if user.is_authenticated else self.none()


class Domain(models.Model):
    name = models.CharField("领域", max_length=30, unique=True, help_text="不带「领域」二字，如：项目投资")
    order = models.PositiveIntegerField("排序", default=1000)

    history = HistoricalRecords(verbose_name="领域变更记录")
    objects = DomainQuerySet.as_manager()

    class Meta:
        verbose_name = "领域"
        verbose_name_plural = "领域"
        ordering: ClassVar = ["order", "pk"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=~Q(name=""), name="domain_has_a_name", violation_error_message="领域名称不能为空"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class CampaignQuerySet(models.QuerySet["Campaign"]):
    def visible_to(self, user: AnyUser) -> CampaignQuerySet:
        """All campaigns to who sees all units; else those that one's unit takes part in."""
        if user.is_authenticated and user.may(Action.SEE_ALL_UNITS):
            return self.all()
        mine = Participation.objects.filter(campaign=OuterRef("pk"), unit__in=units_visible_to(user))
        return self.filter(Exists(mine))


class Campaign(models.Model):
    name = models.CharField("专项行动", max_length=100, unique=True)
    started_on = models.DateField("部署日期", null=True, blank=True)
    ended_on = models.DateField("结束日期", null=True, blank=True)
    needs_approval = models.BooleanField("销号须领导审批", default=False)
    # [{"heading": str, "text": str}, …] in order.
    next_steps = models.JSONField("下一步安排", default=list, blank=True)
    created_at = models.DateTimeField("建立时间", default=timezone.now, editable=False)

    history = HistoricalRecords(verbose_name="专项行动变更记录")
    objects = CampaignQuerySet.as_manager()

    class Meta:
        verbose_name = "专项行动"
        verbose_name_plural = "专项行动"
        ordering: ClassVar = [F("started_on").desc(nulls_last=True), "-pk"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=~Q(name=""),
                name="campaign_has_a_name",
                violation_error_message="专项行动名称不能为空",
            ),
            models.CheckConstraint(
                condition=Q(started_on=None) | Q(ended_on=None) | Q(ended_on__gte=F("started_on")),
                name="campaign_ends_after_it_starts",
                violation_error_message="结束日期不能早于部署日期",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class ParticipationQuerySet(models.QuerySet["Participation"]):
    def visible_to(self, user: AnyUser) -> ParticipationQuerySet:
        return self.filter(unit__in=units_visible_to(user))


class Participation(models.Model):
    campaign = models.ForeignKey(
        Campaign, models.RESTRICT, verbose_name="专项行动", related_name="participations"
    )
    unit = models.ForeignKey(Unit, models.RESTRICT, verbose_name="单位", related_name="participations")
    study_held_on = models.DateField("专题会议日期", null=True, blank=True)
    created_at = models.DateTimeField("建立时间", default=timezone.now, editable=False)

    history = HistoricalRecords(verbose_name="参加单位变更记录")
    objects = ParticipationQuerySet.as_manager()

    class Meta:
        verbose_name = "参加单位"
        verbose_name_plural = "参加单位"
        ordering: ClassVar = ["campaign", "unit__order", "unit"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["campaign", "unit"],
                name="unit_takes_part_once",
                violation_error_message="该单位已在此专项行动中",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.unit}·{self.campaign}"


class NoneDeclarationQuerySet(models.QuerySet["NoneDeclaration"]):
    def visible_to(self, user: AnyUser) -> NoneDeclarationQuerySet:
        return self.filter(participation__unit__in=units_visible_to(user))


class NoneDeclaration(models.Model):
    """A unit says that it found none of a kind in a domain: what tells 0 from 未报送."""

    participation = models.ForeignKey(
        Participation, models.CASCADE, verbose_name="参加单位", related_name="none_declarations"
    )
    kind = models.CharField("种类", max_length=10, choices=RiskKind.choices)
    domain = models.ForeignKey(Domain, models.RESTRICT, verbose_name="领域")
    declared_by = models.ForeignKey(User, models.RESTRICT, verbose_name="申报人")
    declared_at = models.DateTimeField("申报时间", default=timezone.now)

    history = HistoricalRecords(verbose_name="零申报变更记录")
    objects = NoneDeclarationQuerySet.as_manager()

    class Meta:
        verbose_name = "零申报"
        verbose_name_plural = "零申报"
        ordering: ClassVar = ["participation", "domain", "kind"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["participation", "kind", "domain"],
                name="none_declared_once",
                violation_error_message="该单位在此领域的这一种类已作零申报",
            ),
            models.CheckConstraint(
                condition=_one_of("kind", RiskKind.values), name="none_declaration_kind_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.participation.unit}·{self.domain}·{self.get_kind_display()}：无"


class CaseQuerySet(models.QuerySet["Case"]):
    def visible_to(self, user: AnyUser) -> CaseQuerySet:
        """Cases are study material: whoever sees the campaign reads them."""
        return self.filter(campaign__in=Campaign.objects.visible_to(user))


class Case(models.Model):
    campaign = models.ForeignKey(Campaign, models.RESTRICT, verbose_name="专项行动", related_name="cases")
    number = models.PositiveIntegerField("序号")
    title = models.CharField("案例名称", max_length=200)
    domain = models.ForeignKey(
        Domain, models.RESTRICT, verbose_name="领域", null=True, blank=True, related_name="cases"
    )
    summary = models.TextField("案情摘要", blank=True)

    history = HistoricalRecords(verbose_name="案例变更记录")
    objects = CaseQuerySet.as_manager()

    class Meta:
        verbose_name = "典型案例"
        verbose_name_plural = "典型案例"
        ordering: ClassVar = ["campaign", "number"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["campaign", "number"],
                name="case_number_once",
                violation_error_message="该专项行动中已有这个序号的案例",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number}. {self.title}"


class RiskItemQuerySet(NotedQuerySet["RiskItem"]):
    def visible_to(self, user: AnyUser) -> RiskItemQuerySet:
        # No subquery for who sees all: it keeps the database from walking the units in their order.
        if user.is_authenticated and user.may(Action.SEE_ALL_UNITS):
            return self.all()
        return self.filter(unit__in=units_visible_to(user))

    def current(self) -> RiskItemQuerySet:
        """Those that count: not withdrawn."""
        return self.filter(withdrawn_at=None)


class RiskItem(models.Model):
    """A risk post, a risk point or a key link: one table, one code path, told apart by `kind`."""

    campaign = models.ForeignKey(
        Campaign, models.RESTRICT, verbose_name="专项行动", related_name="risk_items"
    )
    unit = models.ForeignKey(Unit, models.RESTRICT, verbose_name="单位", related_name="risk_items")
    kind = models.CharField("种类", max_length=10, choices=RiskKind.choices)
    domain = models.ForeignKey(
        Domain, models.RESTRICT, verbose_name="领域", null=True, blank=True, related_name="risk_items"
    )
    name = models.CharField("名称", max_length=200)
    description = models.TextField("表现形式", blank=True)
    matter = models.CharField("职权事项", max_length=200, blank=True)
    category = models.CharField("风险类别", max_length=20, choices=RiskCategory.choices, blank=True)
    level = models.CharField("风险等级", max_length=10, choices=RiskLevel.choices, blank=True)
    level_as_written = models.CharField("等级原文", max_length=20, blank=True)
    responsible = models.CharField("责任人", max_length=30, blank=True)
    responsible_second = models.CharField("分管领导", max_length=30, blank=True)
    responsible_third = models.CharField("主要领导", max_length=30, blank=True)
    post = models.ForeignKey(
        "self", models.RESTRICT, verbose_name="所属岗位", null=True, blank=True, related_name="items"
    )
    withdrawn_at = models.DateTimeField("撤回时间", null=True, blank=True)
    withdrawn_reason = models.CharField("撤回原因", max_length=200, blank=True)
    created_at = models.DateTimeField("录入时间", default=timezone.now, editable=False)
    updated_at = models.DateTimeField("更新时间", auto_now=True)

    history = HistoricalRecords(verbose_name="风险变更记录")
    objects = RiskItemQuerySet.as_manager()
    # What the list's search reads; the post's name is noted with each of its items.
    NOTED: ClassVar = {"name", "description", "matter", "post"}

    class Meta:
        verbose_name = "风险"
        verbose_name_plural = "风险清单"
        ordering: ClassVar = ["unit__order", "unit", "pk"]
        indexes: ClassVar = [
            models.Index(fields=["campaign", "kind", "domain"], name="risk_campaign_kind_domain"),
            models.Index(fields=["campaign", "unit", "kind"], name="risk_campaign_unit_kind"),
            # Each filter of the list with the unit behind it: a page is found unit by unit, unsorted.
            models.Index(fields=["campaign", "domain", "unit"], name="risk_campaign_domain_unit"),
            models.Index(fields=["campaign", "level", "unit"], name="risk_campaign_level_unit"),
            models.Index(fields=["campaign", "category", "unit"], name="risk_campaign_category_unit"),
        ]
        constraints: ClassVar = [
            models.CheckConstraint(condition=_one_of("kind", RiskKind.values), name="risk_kind_known"),
            models.CheckConstraint(
                condition=_one_of("level", RiskLevel.values, blank=True), name="risk_level_known"
            ),
            models.CheckConstraint(
                condition=_one_of("category", RiskCategory.values, blank=True), name="risk_category_known"
            ),
            models.CheckConstraint(
                condition=~Q(name=""), name="risk_has_a_name", violation_error_message="名称不能为空"
            ),
            models.CheckConstraint(
                condition=Q(post=None) | ~Q(kind=RiskKind.POST),
                name="post_belongs_to_no_post",
                violation_error_message="风险岗位不能再属于另一个岗位",
            ),
            models.CheckConstraint(
                condition=Q(withdrawn_at=None) | ~Q(withdrawn_reason=""),
                name="withdrawal_has_a_reason",
                violation_error_message="撤回须写明原因",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def save(self, *args: Any, **kwargs: Any) -> None:
        super().save(*args, **kwargs)
        named = kwargs.get("update_fields")
        if named is None or self.NOTED & set(named):
            self.note_texts([self])

    def clean(self) -> None:
        super().clean()
        if self.post is None:
            return
        if self.post.kind != RiskKind.POST:
            raise ValidationError({"post": "所属岗位须是一个风险岗位"})
        if (self.post.unit_id, self.post.campaign_id) != (self.unit_id, self.campaign_id):
            raise ValidationError({"post": "所属岗位须是同一单位、同一专项行动中的岗位"})

    @classmethod
    def note_texts(cls, rows: Sequence[RiskItem]) -> None:
        """Note what rows say, for the search; wants primary keys."""
        posts = {row.post_id for row in rows if row.post_id}
        names = dict(cls._base_manager.filter(pk__in=posts).values_list("pk", "name")) if posts else {}
        note(
            cls._meta.model_name or "",
            ((r.pk, (r.name, r.description, r.matter, names.get(r.post_id or 0, ""))) for r in rows),
        )
        renamed = {row.pk: row.name for row in rows if row.kind == RiskKind.POST}
        below = cls._base_manager.filter(post__in=renamed).values_list("pk", "post_id") if renamed else ()
        note(cls._meta.model_name or "", ((pk, (renamed[post],)) for pk, post in below if post))


class MeasureQuerySet(NotedQuerySet["Measure"]):
    def visible_to(self, user: AnyUser) -> MeasureQuerySet:
        """Measures of one's units, and those one's units help with."""
        if user.is_authenticated and user.may(Action.SEE_ALL_UNITS):
            return self.all()
        units = units_visible_to(user).values("pk")
        helping = Measure.co_units.through.objects.filter(measure=OuterRef("pk"), unit__in=units)
        return self.filter(Q(unit__in=units) | Exists(helping))

    def counted(self) -> MeasureQuerySet:
        """Those that stand in a denominator: not cancelled."""
        return self.exclude(state=MeasureState.CANCELLED)

    def open(self) -> MeasureQuerySet:
        return self.filter(state__in=OPEN_STATES)

    def overdue(self, today: date) -> MeasureQuerySet:
        """Open and past their due date at the start of `today`."""
        return self.open().filter(due__lt=today)


class Measure(models.Model):
    campaign = models.ForeignKey(Campaign, models.RESTRICT, verbose_name="专项行动", related_name="measures")
    unit = models.ForeignKey(Unit, models.RESTRICT, verbose_name="责任单位", related_name="measures")
    co_units = models.ManyToManyField(
        Unit, verbose_name="配合单位", blank=True, related_name="helped_measures"
    )
    and_others = models.BooleanField("等单位", default=False, help_text="原文写作「……等单位」")
    theme = models.CharField("主题", max_length=20, choices=Theme.choices, default=Theme.OTHER)
    heading = models.CharField("措施标题", max_length=200)
    text = models.TextField("措施内容", blank=True)
    domain = models.ForeignKey(
        Domain, models.RESTRICT, verbose_name="领域", null=True, blank=True, related_name="measures"
    )
    risk_items = models.ManyToManyField(
        RiskItem, verbose_name="针对的风险", blank=True, related_name="measures"
    )
    documents = models.JSONField("出台制度", default=list, blank=True, help_text="《》中的名称，不带书名号")
    responsible = models.CharField("责任人", max_length=30, blank=True)
    start = models.DateField("开始日期", null=True, blank=True)
    due = models.DateField("整改时限", null=True, blank=True)
    # As it was before the first extension; empty while there was none.
    original_due = models.DateField("原定时限", null=True, blank=True, editable=False)
    percent = models.PositiveSmallIntegerField("进度（%）", default=0)
    state = models.CharField(
        "状态", max_length=20, choices=MeasureState.choices, default=MeasureState.NOT_STARTED
    )
    closed_on = models.DateField("销号日期", null=True, blank=True)
    cancelled_reason = models.CharField("取消原因", max_length=200, blank=True)
    applied_by = models.ForeignKey(
        User, models.RESTRICT, verbose_name="申请人", null=True, blank=True, related_name="applied_measures"
    )
    verified_by = models.ForeignKey(
        User, models.RESTRICT, verbose_name="核验人", null=True, blank=True, related_name="verified_measures"
    )
    approved_by = models.ForeignKey(
        User, models.RESTRICT, verbose_name="审批人", null=True, blank=True, related_name="approved_measures"
    )
    recheck_months = models.PositiveSmallIntegerField("复查间隔（月）", null=True, blank=True)
    next_recheck = models.DateField("下次复查", null=True, blank=True)
    version = models.PositiveIntegerField("版本", default=1, editable=False)
    created_at = models.DateTimeField("录入时间", default=timezone.now, editable=False)
    updated_at = models.DateTimeField("更新时间", auto_now=True)

    history = HistoricalRecords(verbose_name="措施变更记录")
    objects = MeasureQuerySet.as_manager()
    NOTED: ClassVar = {"heading", "text", "responsible"}

    class Meta:
        verbose_name = "整改措施"
        verbose_name_plural = "整改措施"
        ordering: ClassVar = ["unit__order", "unit", "pk"]
        indexes: ClassVar = [
            models.Index(fields=["campaign", "state", "due"], name="measure_campaign_state_due"),
            models.Index(fields=["campaign", "unit", "state"], name="measure_campaign_unit_state"),
        ]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=_one_of("state", MeasureState.values), name="measure_state_known"
            ),
            models.CheckConstraint(condition=_one_of("theme", Theme.values), name="measure_theme_known"),
            models.CheckConstraint(
                condition=~Q(heading=""),
                name="measure_has_a_heading",
                violation_error_message="措施标题不能为空",
            ),
            models.CheckConstraint(
                condition=Q(percent__lte=100),
                name="measure_percent_to_100",
                violation_error_message="进度应在 0 到 100 之间",
            ),
            models.CheckConstraint(
                condition=Q(applied_by=None) | Q(verified_by=None) | ~Q(applied_by=F("verified_by")),
                name="applicant_is_not_verifier",
                violation_error_message="申请销号的人不能自己核验",
            ),
            models.CheckConstraint(
                condition=(Q(approved_by=None) | Q(applied_by=None) | ~Q(approved_by=F("applied_by")))
                & (Q(approved_by=None) | Q(verified_by=None) | ~Q(approved_by=F("verified_by"))),
                name="approver_is_another_person",
                violation_error_message="审批人不能是申请人或核验人",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=[MeasureState.APPLIED, MeasureState.PENDING_APPROVAL])
                | Q(applied_by__isnull=False),
                name="applied_for_by_someone",
                violation_error_message="申请销号须有申请人",
            ),
            models.CheckConstraint(
                condition=Q(
                    state=MeasureState.CLOSED,
                    closed_on__isnull=False,
                    applied_by__isnull=False,
                    verified_by__isnull=False,
                )
                | (~Q(state=MeasureState.CLOSED) & Q(closed_on=None)),
                name="closed_is_verified_and_dated",
                violation_error_message="已销号须有申请人、核验人和销号日期",
            ),
            models.CheckConstraint(
                condition=~Q(state=MeasureState.CANCELLED) | ~Q(cancelled_reason=""),
                name="cancelled_with_a_reason",
                violation_error_message="取消须写明原因",
            ),
            models.CheckConstraint(
                condition=Q(start=None) | Q(due=None) | Q(due__gte=F("start")),
                name="due_after_start",
                violation_error_message="整改时限不能早于开始日期",
            ),
        ]

    def __str__(self) -> str:
        return self.heading

    def save(self, *args: Any, **kwargs: Any) -> None:
        super().save(*args, **kwargs)
        named = kwargs.get("update_fields")
        if named is None or self.NOTED & set(named):
            self.note_texts([self])

    @classmethod
    def note_texts(cls, rows: Sequence[Measure]) -> None:
        """Note what rows say, for the search; wants primary keys."""
        note(cls._meta.model_name or "", ((r.pk, (r.heading, r.text, r.responsible)) for r in rows))

    def is_overdue(self, today: date) -> bool:
        return self.state in OPEN_STATES and self.due is not None and self.due < today


class ProgressEntryQuerySet(models.QuerySet["ProgressEntry"]):
    def visible_to(self, user: AnyUser) -> ProgressEntryQuerySet:
        return self.filter(measure__in=Measure.objects.visible_to(user))

    def update(self, **fields: Any) -> int:
        raise TypeError("progress entries are never edited")


class ProgressEntry(models.Model):
    """One step or report of progress on a measure. Never edited."""

    measure = models.ForeignKey(Measure, models.RESTRICT, verbose_name="整改措施", related_name="entries")
    at = models.DateTimeField("时间", default=timezone.now)
    actor = models.ForeignKey(User, models.RESTRICT, verbose_name="操作人", related_name="progress_entries")
    event = models.CharField("事件", max_length=20, choices=ProgressEvent.choices)
    from_state = models.CharField("原状态", max_length=20, choices=MeasureState.choices, blank=True)
    to_state = models.CharField("新状态", max_length=20, choices=MeasureState.choices)
    percent = models.PositiveSmallIntegerField("进度（%）", null=True, blank=True)
    comment = models.TextField("说明", blank=True)
    # What the form that made it carried: sent twice, it is entered once.
    token = models.CharField("表单编号", max_length=40, unique=True, null=True, editable=False)

    objects = ProgressEntryQuerySet.as_manager()

    class Meta:
        verbose_name = "整改进展"
        verbose_name_plural = "整改进展"
        ordering: ClassVar = ["at", "pk"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=_one_of("to_state", MeasureState.values), name="entry_to_state_known"
            ),
            models.CheckConstraint(
                condition=Q(percent=None) | Q(percent__lte=100),
                name="entry_percent_to_100",
                violation_error_message="进度应在 0 到 100 之间",
            ),
            models.CheckConstraint(
                condition=~Q(event__in=[ProgressEvent.RETURNED, ProgressEvent.REOPENED]) | ~Q(comment=""),
                name="return_has_a_reason",
                violation_error_message="退回或重新打开须写明原因",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.measure}·{self.get_event_display()}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        if self.pk is not None:
            raise TypeError("progress entries are never edited")
        super().save(*args, **kwargs)


class EvidenceQuerySet(models.QuerySet["Evidence"]):
    def visible_to(self, user: AnyUser) -> EvidenceQuerySet:
        return self.filter(measure__in=Measure.objects.visible_to(user))


class Evidence(models.Model):
    measure = models.ForeignKey(Measure, models.RESTRICT, verbose_name="整改措施", related_name="evidence")
    entry = models.ForeignKey(
        ProgressEntry,
        models.RESTRICT,
        verbose_name="所属进展",
        null=True,
        blank=True,
        related_name="evidence",
    )
    file = models.FileField("文件", upload_to="evidence/%Y/%m/")
    original_name = models.CharField("原文件名", max_length=200)
    sha256 = models.CharField("文件校验值", max_length=64)
    size = models.PositiveBigIntegerField("大小（字节）")
    uploaded_by = models.ForeignKey(User, models.RESTRICT, verbose_name="上传人")
    uploaded_at = models.DateTimeField("上传时间", default=timezone.now)

    objects = EvidenceQuerySet.as_manager()

    class Meta:
        verbose_name = "佐证材料"
        verbose_name_plural = "佐证材料"
        ordering: ClassVar = ["uploaded_at", "pk"]
        indexes: ClassVar = [models.Index(fields=["sha256"], name="evidence_sha256")]

    def __str__(self) -> str:
        return self.original_name
