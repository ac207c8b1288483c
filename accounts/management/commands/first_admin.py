"""manage.py first_admin: makes the first system administrator, and only the first."""

from __future__ import annotations

import getpass
import os
import sys
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from accounts import audit
from accounts.enums import Role
from accounts.forms import check_new_password
from accounts.models import User

WHAT_TO_DO = """还没有任何用户，也没有给出第一名系统管理员。请任选一种办法：
1. 在终端中运行：python manage.py first_admin，按提示输入用户名和密码；
2. 设置环境变量 ADMIN_USERNAME 和 ADMIN_PASSWORD 后重新启动，登录后按提示改掉该密码。"""


class Command(BaseCommand):
    help = "在没有任何用户时，建立第一名系统管理员"

    def handle(self, *args: Any, **options: Any) -> None:
        if User.objects.exists():
            self.stdout.write("已有用户，不再建立；需要新用户请由系统管理员在「数据维护」中添加")
            return
        username, password = os.environ.get("ADMIN_USERNAME"), os.environ.get("ADMIN_PASSWORD")
        if username and password:
            # Whoever can read the environment knows this password: it is good for one sign-in only.
            self.create(username, password, must_change=True)
        elif sys.stdin.isatty():
            self.create(input("用户名："), asked_password(), must_change=False)
        else:
            self.stdout.write(WHAT_TO_DO)

    def create(self, username: str, password: str, *, must_change: bool) -> None:
        user = User(
            username=username, name="系统管理员", role=Role.ADMINISTRATOR, must_change_password=must_change
        )
        user.set_password(password)
        try:
            check_new_password(password, user)
            user.full_clean()
        except ValidationError as error:
            raise CommandError("；".join(error.messages)) from error
        with transaction.atomic():
            user.save()
            audit.record(None, "新增用户", user)
        self.stdout.write(f"已建立系统管理员「{username}」")


def asked_password() -> str:
    """A password typed twice alike. Raises CommandError when the two differ."""
    password = getpass.getpass("密码：")
    if getpass.getpass("再输一遍密码：") != password:
        raise CommandError("两次输入的密码不一致")
    return password
