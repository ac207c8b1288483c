"""Ledgers brought in: one batch a file, and what a unit's own column names mean."""

from __future__ import annotations

from pathlib import PurePath
from typing import TYPE_CHECKING, ClassVar

from django.db import models
from django.db.models import Q
from django.utils import timezone

from accounts.models import Unit, User
from accounts.permissions import units_visible_to
from riskregistry.enums import ImportState
from riskregistry.models.register import Campaign

if TYPE_CHECKING:
    from accounts.permissions import AnyUser


def ledger_path(batch: ImportBatch, filename: str) -> str:
    """Where a ledger is kept: by its hash, never by the name somebody gave it."""
    suffix = PurePath(filename).suffix.lower()
    safe = suffix if suffix in {".xlsx", ".xls", ".csv"} else ""
    return f"ledgers/{batch.sha256[:2]}/{batch.sha256}{safe}"


class ImportBatchQuerySet(models.QuerySet["ImportBatch"]):
    def visible_to(self, user: AnyUser) -> ImportBatchQuerySet:
        return self.filter(unit__in=units_visible_to(user))


class ImportBatch(models.Model):
    """One uploaded ledger of one unit, from preview to applied, and undone where somebody took it back.

    `mapping` gives the field of each column that was not recognised by itself: {header as written: field}.
    `plan_digest` is the SHA-256 of the plan that was shown: what is applied must be what was seen.
    `totals` counts the plan: {"new": int, "changed": int, "same": int, "invalid": int, …}.
    `effects` is what applying did, for undoing: see riskregistry/imports/apply.py.
    """

    campaign = models.ForeignKey(
        Campaign, models.RESTRICT, verbose_name="专项行动", related_name="import_batches"
    )
    unit = models.ForeignKey(Unit, models.RESTRICT, verbose_name="单位", related_name="import_batches")
    state = models.CharField(
        "状态", max_length=20, choices=ImportState.choices, default=ImportState.PREVIEWED
    )
    file = models.FileField("文件", upload_to=ledger_path, max_length=200)
    original_name = models.CharField("原文件名", max_length=200)
    sha256 = models.CharField("文件校验值", max_length=64)
    size = models.PositiveBigIntegerField("大小（字节）")
    mapping = models.JSONField("列的对应", default=dict, blank=True)
    plan_digest = models.CharField("预览校验值", max_length=64, blank=True)
    totals = models.JSONField("预览合计", default=dict, blank=True)
    effects = models.JSONField("导入的变更", default=dict, blank=True)
    uploaded_by = models.ForeignKey(User, models.RESTRICT, verbose_name="上传人", related_name="+")
    uploaded_at = models.DateTimeField("上传时间", default=timezone.now)
    applied_by = models.ForeignKey(
        User, models.RESTRICT, verbose_name="确认人", null=True, blank=True, related_name="+"
    )
    applied_at = models.DateTimeField("导入时间", null=True, blank=True)
    undone_by = models.ForeignKey(
        User, models.RESTRICT, verbose_name="撤销人", null=True, blank=True, related_name="+"
    )
    undone_at = models.DateTimeField("撤销时间", null=True, blank=True)

    objects = ImportBatchQuerySet.as_manager()

    class Meta:
        verbose_name = "台账导入"
        verbose_name_plural = "台账导入"
        ordering: ClassVar = ["-uploaded_at", "-pk"]
        indexes: ClassVar = [models.Index(fields=["unit", "sha256"], name="import_unit_sha256")]
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(state__in=ImportState.values), name="import_state_known"),
            models.CheckConstraint(
                condition=~Q(state__in=[ImportState.APPLIED, ImportState.UNDONE])
                | Q(applied_by__isnull=False, applied_at__isnull=False),
                name="import_applied_by_someone",
                violation_error_message="导入须有确认人和时间",
            ),
            models.CheckConstraint(
                condition=~Q(state=ImportState.UNDONE) | Q(undone_by__isnull=False, undone_at__isnull=False),
                name="import_undone_by_someone",
                violation_error_message="撤销须有撤销人和时间",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.unit}·{self.original_name}"


class ColumnMappingQuerySet(models.QuerySet["ColumnMapping"]):
    def visible_to(self, user: AnyUser) -> ColumnMappingQuerySet:
        return self.filter(unit__in=units_visible_to(user))


class ColumnMapping(models.Model):
    """What one unit's own column name means, remembered. An empty field: the column is left out."""

    unit = models.ForeignKey(Unit, models.CASCADE, verbose_name="单位", related_name="column_mappings")
    header = models.CharField("列名", max_length=100, help_text="去掉空白和换行之后的列名")
    field = models.CharField("对应字段", max_length=40, blank=True)

    objects = ColumnMappingQuerySet.as_manager()

    class Meta:
        verbose_name = "列名对应"
        verbose_name_plural = "列名对应"
        ordering: ClassVar = ["unit", "header"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["unit", "header"],
                name="header_mapped_once",
                violation_error_message="这个列名已有对应",
            ),
            models.CheckConstraint(
                condition=~Q(header=""),
                name="mapped_header_has_a_name",
                violation_error_message="列名不能为空",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.unit}·{self.header}"
