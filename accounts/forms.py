"""Forms for signing in, for passwords, for people, for settings, and for merging units."""

from __future__ import annotations

from typing import Any

from axes.utils import reset as unlock
from django import forms
from django.contrib.auth.forms import AuthenticationForm, PasswordChangeForm
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError

from accounts.enums import Role
from accounts.merging import is_anonymised
from accounts.models import Setting, Unit, UnitQuerySet, User
from accounts.preferences import PREFERENCES, Preference

TRUE_WORDS, FALSE_WORDS = {"是", "1", "true", "on"}, {"否", "0", "false", "off"}


def check_new_password(password: str, user: User) -> None:
    """Raise ValidationError (Chinese) unless every password rule of the settings is kept.

    Django's own Chinese catalogue lacks the sentence about length.
    """
    try:
        validate_password(password, user)
    except ValidationError as error:
        raise ValidationError([_in_chinese(broken) for broken in error.error_list]) from error


def _in_chinese(error: ValidationError) -> ValidationError:
    if error.code != "password_too_short":
        return error
    return ValidationError("密码长度太短，至少 %(min_length)d 个字符", code=error.code, params=error.params)


class SignInForm(AuthenticationForm):
    error_messages = {
        "invalid_login": "用户名或密码不正确，或账号已停用。连续 5 次错误，账号将锁定 20 分钟。",
        "inactive": "账号已停用，请联系系统管理员。",
    }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["username"].label = "用户名"
        self.fields["password"].label = "密码"


class OwnPasswordForm(PasswordChangeForm):
    """A person's own new password: the old one is asked, and the new one must be another."""

    error_messages = {
        "password_mismatch": "两次输入的新密码不一致",
        "password_incorrect": "原密码不正确",
    }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["old_password"].label = "原密码"
        self.fields["new_password1"].label = "新密码"
        self.fields["new_password2"].label = "再输一遍新密码"
        self.fields["new_password2"].help_text = ""

    def validate_password_for_user(self, user: User, password_field_name: str = "password2") -> None:  # noqa: S107 - a field, no secret
        password = self.cleaned_data.get(password_field_name)
        if not password:
            return
        try:
            check_new_password(password, user)
        except ValidationError as error:
            self.add_error(password_field_name, error)

    def clean_new_password1(self) -> str:
        new: str = self.cleaned_data["new_password1"]
        if self.user.check_password(new):
            raise ValidationError("新密码不能与原密码相同", code="password_unchanged")
        return new


def merge_targets(source: Unit) -> UnitQuerySet:
    """Units that `source` may be merged into: current ones, anonymous only with anonymous."""
    others = Unit.objects.current().exclude(pk=source.pk)
    fitting = [unit.pk for unit in others if is_anonymised(unit.name) == is_anonymised(source.name)]
    return others.filter(pk__in=fitting)


def _bare(name: str) -> str:
    return name[1:] if name[:1] in {"县", "市", "区"} else name


def _names(unit: Unit) -> list[str]:
    return [unit.name, unit.short_name, *(alias.name for alias in unit.aliases.all())]


def likely_target(source: Unit) -> Unit | None:
    """The one unit that goes by the same name but for 县 in front; None for an anonymous name."""
    if is_anonymised(source.name):
        return None
    wanted = _bare(source.name)
    fitting = merge_targets(source).prefetch_related("aliases")
    same = [unit for unit in fitting if wanted in {_bare(name) for name in _names(unit)}]
    return same[0] if len(same) == 1 else None


class MergeForm(forms.Form):
    target = forms.ModelChoiceField(
        Unit.objects.none(),
        label="并入",
        empty_label="请选择单位",
        help_text="本单位的人员、别名、风险、措施和报告数据都归到所选单位名下，原名称作为别名保留。",
        error_messages={"invalid_choice": "所选单位不存在，或不能与本单位合并"},
    )

    def __init__(self, *args: Any, source: Unit, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["target"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = merge_targets(source)
        self.initial.setdefault("target", likely_target(source))


class PersonForm(forms.ModelForm[User]):
    """A person as the administrator sees one. `acting` is the administrator, set by the admin page."""

    acting: User | None = None

    new_password = forms.CharField(
        label="初始密码",
        strip=False,
        required=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text="当面告知本人；本人首次登录时须改掉。",
    )

    class Meta:
        model = User
        fields = ["username", "name", "role", "unit", "phone", "email", "is_active"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._limit_units()
        field = self.fields.get("new_password")
        if field is None:  # read only
            return
        if self.instance.pk is None:
            field.required = True
        else:
            field.label = "重置密码"
            field.help_text = "不重置则留空。重置后本人已登录的页面全部退出，锁定解除，下次登录须改密码。"

    def _limit_units(self) -> None:
        units = self.fields.get("unit")
        if isinstance(units, forms.ModelChoiceField):
            units.queryset = Unit.objects.current()

    @property
    def about_oneself(self) -> bool:
        return self.acting is not None and self.instance.pk == self.acting.pk

    def clean_role(self) -> str:
        role: str = self.cleaned_data["role"]
        if self.about_oneself and role != self.initial["role"]:
            raise ValidationError("不能更改自己的角色，请由另一名系统管理员办理")
        return role

    def clean_is_active(self) -> bool:
        active: bool = self.cleaned_data["is_active"]
        if self.about_oneself and not active:
            raise ValidationError("不能停用自己的账号")
        return active

    def clean_new_password(self) -> str:
        password: str = self.cleaned_data["new_password"]
        if password and self.about_oneself:
            raise ValidationError("自己的密码请在右上角「修改密码」中更改")
        return password

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("role") == Role.OFFICER and not cleaned.get("unit"):
            self.add_error("unit", "单位联络员必须选定所属单位")
        if cleaned.get("new_password"):
            try:
                check_new_password(cleaned["new_password"], User(username=cleaned.get("username", "")))
            except ValidationError as error:
                self.add_error("new_password", error)
        return cleaned

    def save(self, commit: bool = True) -> User:
        password = self.cleaned_data.get("new_password")
        if password:
            self.instance.set_password(password)
            self.instance.must_change_password = True
            unlock(username=self.instance.username)
        return super().save(commit)


class SettingForm(forms.ModelForm[Setting]):
    """One setting: the key is one of those known, the value is typed and bounded as its preference says."""

    key = forms.ChoiceField(label="设置项", choices=lambda: setting_choices())
    value = forms.CharField(label="值", required=False, help_text="是否类的设置填「是」或「否」。")

    class Meta:
        model = Setting
        fields = ["key", "value"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk is not None:
            self.fields["key"].disabled = True
            self.initial["value"] = shown_value(self.instance.value)

    def clean_key(self) -> str:
        key: str = self.cleaned_data["key"]
        if Setting.objects.filter(key=key).exclude(pk=self.instance.pk).exists():
            raise ValidationError("这一项已设置过，请在列表中修改")
        return key

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if "key" in cleaned and "value" in cleaned:
            try:
                cleaned["value"] = typed_value(PREFERENCES[cleaned["key"]], cleaned["value"])
            except ValidationError as error:
                self.add_error("value", error)
        return cleaned


def setting_choices() -> list[tuple[str, str]]:
    """Every known setting with its default."""
    return [
        (known.key, f"{known.label}（默认：{shown_value(known.default) or '空'}）")
        for known in PREFERENCES.values()
    ]


def shown_value(value: object) -> str:
    """A setting's value as a person writes it: 是, 否, or the value itself."""
    if isinstance(value, bool):
        return "是" if value else "否"
    return str(value)


def typed_value(preference: Preference, written: str) -> int | str | bool:
    """What a person wrote, as the preference's type. Raises ValidationError (Chinese) if it is not legal."""
    value: int | str | bool = written.strip()
    word = str(value).lower()
    if isinstance(preference.default, bool):
        if word not in TRUE_WORDS | FALSE_WORDS:
            raise ValidationError(f"「{preference.label}」请填「是」或「否」")
        value = word in TRUE_WORDS
    elif isinstance(preference.default, int):
        if not word.lstrip("-").isdecimal():
            bounds = f"{preference.low} 到 {preference.high} 之间"
            raise ValidationError(f"「{preference.label}」请填{bounds}的整数")
        value = int(word)
    preference.check(value)
    return value
