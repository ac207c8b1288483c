"""manage.py load_demo [--scale N]: an empty database becomes a demonstration county."""

from __future__ import annotations

import gc
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser

from accounts.enums import Role
from reports.demo import DEMO_ACCOUNTS, DEMO_PASSWORD, load_demo


class Command(BaseCommand):
    help = "在空数据库中装入演示县（真实数据库一律不动）"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--scale", type=int, default=1, help="单位、风险和措施的倍数，默认 1")

    def handle(self, *args: Any, **options: Any) -> None:
        # What is loaded by now stays: the collector need not walk it again for every thousand rows.
        gc.freeze()
        try:
            loaded = load_demo(options["scale"])
        except ValidationError as error:
            raise CommandError("".join(error.messages)) from error
        if not loaded:
            self.stdout.write("这已经是演示数据库，没有改动。")
            return
        self.stdout.write(f"演示数据已装入。以下账号的密码都是 {DEMO_PASSWORD}：")
        for account in DEMO_ACCOUNTS:
            self.stdout.write(f"  {account.username:<10} {Role(account.role).label}  {account.unit}")
