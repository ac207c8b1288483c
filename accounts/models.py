"""Units, people and the audit trail."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from simple_history.models import HistoricalRecords

from accounts.enums import AuditResult, Role, UnitType
from accounts.permissions import Action, actions_of, admin_allows, units_visible_to

if TYPE_CHECKING:
    from accounts.permissions import AnyUser


class UnitQuerySet(models.QuerySet["Unit"]):
    def visible_to(self, user: AnyUser) -> UnitQuerySet:
        return self.filter(pk__in=units_visible_to(user).values("pk"))

    def current(self) -> UnitQuerySet:
        """Units in their own right: those merged into another are kept for history only."""
        return self.filter(merged_into=None)


class Unit(models.Model):
    name = models.CharField("单位全称", max_length=100, unique=True)
    short_name = models.CharField("简称", max_length=50, blank=True)
    unit_type = models.CharField("单位类型", max_length=20, choices=UnitType.choices, default=UnitType.OTHER)
    order = models.PositiveIntegerField(
        "排序", default=1000, help_text="所有清单和导出按此顺序排列，小的在前"
    )
    contact_name = models.CharField("联系人", max_length=30, blank=True)
    contact_phone = models.CharField("联系电话", max_length=30, blank=True)
    confirmed = models.BooleanField(
        "已确认", default=True, help_text="从报告中读出的新单位，须经监督员确认或合并"
    )
    merged_into = models.ForeignKey(
        "self", models.RESTRICT, verbose_name="已并入", null=True, blank=True, related_name="merged_units"
    )
    created_at = models.DateTimeField("建立时间", default=timezone.now, editable=False)

    history = HistoricalRecords(verbose_name="单位变更记录")
    objects = UnitQuerySet.as_manager()

    class Meta:
        verbose_name = "单位"
        verbose_name_plural = "单位"
        ordering: ClassVar = ["order", "pk"]
        indexes: ClassVar = [models.Index(fields=["order", "id"], name="unit_official_order")]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(merged_into=None) | ~Q(merged_into=F("pk")),
                name="unit_not_merged_into_itself",
                violation_error_message="单位不能并入自己",
            ),
            models.CheckConstraint(
                condition=~Q(name=""), name="unit_has_a_name", violation_error_message="单位全称不能为空"
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def label(self) -> str:
        """The name used where space is short."""
        return self.short_name or self.name


class UnitAlias(models.Model):
    unit = models.ForeignKey(Unit, models.CASCADE, verbose_name="单位", related_name="aliases")
    name = models.CharField("别名", max_length=100, unique=True)
    confirmed = models.BooleanField("已确认", default=True)
    created_at = models.DateTimeField("建立时间", default=timezone.now, editable=False)

    class Meta:
        verbose_name = "单位别名"
        verbose_name_plural = "单位别名"
        ordering: ClassVar = ["unit", "pk"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=~Q(name=""), name="alias_has_a_name", violation_error_message="别名不能为空"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class UserManager(BaseUserManager["User"]):
    def create_user(self, username: str, password: str | None = None, **fields: Any) -> User:
        user: User = self.model(username=username, **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, username: str, password: str | None = None, **fields: Any) -> User:
        """What `manage.py createsuperuser` calls: here that is a system administrator."""
        fields.setdefault("role", Role.ADMINISTRATOR)
        fields.setdefault("name", username)
        return self.create_user(username, password, **fields)

    def get_by_natural_key(self, username: str | None) -> User:
        return self.get(username=username)


class User(AbstractBaseUser):
    username = models.CharField(
        "用户名",
        max_length=50,
        unique=True,
        validators=[RegexValidator(r"^[\w.@+-]+\Z", "用户名只能用汉字、字母、数字和 . @ + - _")],
        error_messages={"unique": "已有同名用户，请换一个用户名"},
    )
    name = models.CharField("姓名", max_length=30)
    role = models.CharField("角色", max_length=20, choices=Role.choices)
    unit = models.ForeignKey(
        Unit, models.RESTRICT, verbose_name="所属单位", null=True, blank=True, related_name="people"
    )
    phone = models.CharField("联系电话", max_length=30, blank=True)
    email = models.EmailField("电子邮箱", blank=True, help_text="填了才会收到提醒摘要")
    is_active = models.BooleanField("启用", default=True, help_text="停用后不能登录；账号不删除，以便追溯")
    must_change_password = models.BooleanField("下次登录须改密码", default=False)
    is_demo = models.BooleanField("演示账号", default=False, editable=False)
    created_at = models.DateTimeField("建立时间", default=timezone.now, editable=False)

    USERNAME_FIELD = "username"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["name"]

    objects = UserManager()

    class Meta:
        verbose_name = "用户"
        verbose_name_plural = "用户"
        ordering: ClassVar = ["username"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(role__in=Role.values),
                name="user_role_known",
                violation_error_message="角色不存在",
            ),
            models.CheckConstraint(
                condition=~Q(role=Role.OFFICER) | Q(unit__isnull=False),
                name="officer_has_a_unit",
                violation_error_message="单位联络员必须选定所属单位",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name}（{self.username}）"

    def may(self, action: Action) -> bool:
        return self.is_active and action in actions_of(self.role)

    # Django's admin asks these three; all are answered from accounts/permissions.py.
    @property
    def is_staff(self) -> bool:
        return self.role in {Role.SUPERVISOR, Role.ADMINISTRATOR, Role.AUDITOR}

    def has_perm(self, permission: str, obj: object = None) -> bool:
        return self.is_active and admin_allows(self.role, permission)

    def has_module_perms(self, app_label: str) -> bool:
        return self.is_active and self.is_staff


class AppendOnlyQuerySet(models.QuerySet["AuditEvent"]):
    """Refuses what would rewrite the past."""

    def update(self, **fields: Any) -> int:
        raise TypeError("the audit trail is append-only")

    def delete(self) -> tuple[int, dict[str, int]]:
        raise TypeError("the audit trail is append-only")

    def visible_to(self, user: AnyUser) -> AppendOnlyQuerySet:
        """The trail shows everything to who may view it, nothing to others."""
        may_view = user.is_authenticated and user.may(Action.VIEW_AUDIT)
        return self.all() if may_view else self.none()


class AuditEvent(models.Model):
    """One act, written by audit.record only. Copies names and labels, to outlive what it speaks of."""

    sequence = models.PositiveBigIntegerField("序号", unique=True)
    at = models.DateTimeField("时间")
    actor_pk = models.BigIntegerField("用户编号", null=True)
    actor_username = models.CharField("用户名", max_length=150, blank=True)
    actor_name = models.CharField("姓名", max_length=30, blank=True)
    actor_role = models.CharField("角色", max_length=20, choices=Role.choices, blank=True)
    ip = models.CharField("来源地址", max_length=45, blank=True)
    action = models.CharField("操作", max_length=60)
    result = models.CharField("结果", max_length=10, choices=AuditResult.choices, default=AuditResult.SUCCESS)
    target_type = models.CharField("对象类型", max_length=60, blank=True)
    target_pk = models.CharField("对象编号", max_length=40, blank=True)
    target_label = models.CharField("对象", max_length=200, blank=True)
    detail = models.JSONField("详情", default=dict, blank=True)
    previous_hash = models.CharField("前一条校验值", max_length=64)
    hash = models.CharField("校验值", max_length=64)

    objects = AppendOnlyQuerySet.as_manager()

    class Meta:
        verbose_name = "操作日志"
        verbose_name_plural = "操作日志"
        ordering: ClassVar = ["-sequence"]
        indexes: ClassVar = [
            models.Index(fields=["target_type", "target_pk"], name="audit_target"),
            models.Index(fields=["at"], name="audit_at"),
        ]

    def __str__(self) -> str:
        return f"{self.sequence} {self.action} {self.target_label}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        if self.pk is not None:
            raise TypeError("the audit trail is append-only")
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        raise TypeError("the audit trail is append-only")


class AuditHead(models.Model):
    """The end of the chain: locked while an event is added, and shows when the tail has been cut off."""

    sequence = models.PositiveBigIntegerField("最后序号", default=0)
    hash = models.CharField("最后校验值", max_length=64, default="0" * 64)

    class Meta:
        verbose_name = "日志链尾"
        verbose_name_plural = "日志链尾"
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(pk=1), name="audit_head_is_one_row"),
        ]

    def __str__(self) -> str:
        return str(self.sequence)


class SettingQuerySet(models.QuerySet["Setting"]):
    def visible_to(self, user: AnyUser) -> SettingQuerySet:
        may_view = user.is_authenticated and user.may(Action.MANAGE_SETTINGS)
        return self.all() if may_view else self.none()


class Setting(models.Model):
    """A value that an administrator may change while the system runs; preferences.py lists the keys."""

    key = models.CharField("设置项", max_length=60, unique=True)
    value = models.JSONField("值")
    updated_at = models.DateTimeField("更新时间", auto_now=True)

    objects = SettingQuerySet.as_manager()

    class Meta:
        verbose_name = "系统设置"
        verbose_name_plural = "系统设置"
        ordering: ClassVar = ["key"]

    def __str__(self) -> str:
        return self.key
