"""Signing in, failing to, signing out and being locked out leave a trace. The password never does."""

from __future__ import annotations

from typing import Any

from axes.signals import user_locked_out
from django.contrib.auth.signals import user_logged_in, user_logged_out, user_login_failed
from django.dispatch import receiver

from accounts import audit
from accounts.enums import AuditResult
from accounts.models import User


@receiver(user_logged_in)
def record_sign_in(sender: object, user: User, **kwargs: Any) -> None:
    audit.record(user, "登录", user)


@receiver(user_logged_out)
def record_sign_out(sender: object, user: User | None, **kwargs: Any) -> None:
    if user is not None:
        audit.record(user, "退出", user)


@receiver(user_login_failed)
def record_failure(sender: object, credentials: dict[str, Any], **kwargs: Any) -> None:
    username = str(credentials.get("username") or "")
    audit.record(None, "登录", result=AuditResult.FAILURE, username=username)


@receiver(user_locked_out)
def record_lockout(sender: object, username: str | None, **kwargs: Any) -> None:
    audit.record(None, "锁定账号", result=AuditResult.FAILURE, username=username or "")
