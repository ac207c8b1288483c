"""What a person keeps for working with the lists."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from django.db import models
from django.db.models import Q
from django.utils import timezone

from accounts.models import User

if TYPE_CHECKING:
    from accounts.permissions import AnyUser


class SavedFilterQuerySet(models.QuerySet["SavedFilter"]):
    def visible_to(self, user: AnyUser) -> SavedFilterQuerySet:
        """One's own only."""
        return self.filter(user=user.pk) if user.is_authenticated else self.none()


class SavedFilter(models.Model):
    """A filter that a person gave a name. `query` is the address's part after `?`, without the page."""

    user = models.ForeignKey(User, models.CASCADE, verbose_name="用户", related_name="saved_filters")
    page = models.CharField("页面", max_length=30)
    name = models.CharField("名称", max_length=30)
    query = models.CharField("筛选条件", max_length=1000, blank=True)
    created_at = models.DateTimeField("建立时间", default=timezone.now, editable=False)

    objects = SavedFilterQuerySet.as_manager()

    class Meta:
        verbose_name = "常用筛选"
        verbose_name_plural = "常用筛选"
        ordering: ClassVar = ["name", "pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["user", "page", "name"],
                name="saved_filter_name_once",
                violation_error_message="您已有一个同名的常用筛选",
            ),
            models.CheckConstraint(
                condition=~Q(name=""),
                name="saved_filter_has_a_name",
                violation_error_message="请给常用筛选起个名称",
            ),
        ]

    def __str__(self) -> str:
        return self.name
