"""manage.py clear_demo [--yes]: a demonstration database becomes an empty one, ready for real work."""

from __future__ import annotations

import sys
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser

from reports.demo import clear_demo


class Command(BaseCommand):
    help = "结束演示：删除演示数据库中的全部数据、文件和账号（领域和操作日志保留）"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--yes", action="store_true", help="不再询问，直接删除")

    def handle(self, *args: Any, **options: Any) -> None:
        if not options["yes"]:
            _ask()
        try:
            removed = clear_demo()
        except ValidationError as error:
            raise CommandError("".join(error.messages)) from error
        self.stdout.write(f"演示数据已全部删除，共 {sum(removed.values())} 条；领域和操作日志保留。")
        self.stdout.write(
            "现在可以正式使用：请运行 python manage.py first_admin，建立第一名系统管理员，然后录入本县单位。"
        )


def _ask() -> None:
    """Raises CommandError unless a person at a terminal says yes."""
    if not sys.stdin.isatty():
        raise CommandError("将删除全部演示数据、文件和账号；不在终端中运行时，请加 --yes 表示确认。")
    answer = input("将删除全部演示数据、文件和账号（演示期间录入的也一并删除），输入「是」继续：")
    if answer.strip() not in {"是", "yes"}:
        raise CommandError("没有确认，没有删除任何数据。")
