"""The settings an administrator may change while the system runs: key, meaning, default, legal values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError

from accounts.models import Setting


@dataclass(frozen=True)
class Preference:
    """One setting. `low` and `high` bound a number; a text has at most `high` characters."""

    key: str
    label: str
    default: int | str | bool
    low: int = 0
    high: int = 1000

    def check(self, value: object) -> None:
        """Raise ValidationError (Chinese, naming the legal values) unless the value is legal."""
        if type(value) is not type(self.default):
            raise ValidationError(f"「{self.label}」的值类型不对，应与默认值 {self.default!r} 同类")
        if isinstance(value, str) and len(value) > self.high:
            raise ValidationError(f"「{self.label}」最多 {self.high} 个字")
        if isinstance(value, int) and not isinstance(value, bool) and not self.low <= value <= self.high:
            raise ValidationError(f"「{self.label}」应在 {self.low} 到 {self.high} 之间，现为 {value}")


PREFERENCES = {
    preference.key: preference
    for preference in (
        Preference("site_name", "系统名称", "清淤·廉政风险监督平台", high=40),
        Preference("county_name", "县（市、区）名称", "", high=30),
        Preference("idle_minutes", "无操作自动退出（分钟）", 30, low=5, high=480),
        Preference("due_soon_days", "临近到期提醒（天）", 7, low=1, high=60),
        Preference("due_soon_working", "临近到期按工作日计算", False),
        Preference("remind_after_days", "逾期几天建议发提醒函", 1, low=1, high=365),
        Preference("supervise_after_days", "逾期几天建议发督办单", 10, low=1, high=365),
        Preference("circulate_after_days", "逾期几天建议通报", 20, low=1, high=365),
        Preference("answer_days", "督办的答复期限（工作日）", 5, low=1, high=60),
        Preference("hasty_minutes", "多少分钟内销号视为过快", 30, low=1, high=1440),
        Preference("office_name", "发文机关", "县纪委监委", high=40),
        Preference("upload_limit_mb", "上传文件大小上限（MB）", 20, low=1, high=200),
        Preference("demo", "演示数据库", False),
    )
}


def all_preferences() -> dict[str, Any]:
    """Every setting's present value by key, in one query."""
    stored = dict(Setting.objects.values_list("key", "value"))
    return {key: stored.get(key, preference.default) for key, preference in PREFERENCES.items()}


def preference(key: str, values: Mapping[str, Any] | None = None) -> Any:
    """One setting's present value; `values` saves the query where all are at hand."""
    return (values if values is not None else all_preferences())[key]


def set_preference(key: str, value: object) -> None:
    PREFERENCES[key].check(value)
    Setting.objects.update_or_create(key=key, defaults={"value": value})
