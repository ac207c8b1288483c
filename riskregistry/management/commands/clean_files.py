"""Remove evidence files that a fault left behind: written, but never named by a record."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.core.files.storage import default_storage
from django.core.management.base import BaseCommand, CommandParser

from riskregistry.evidence import orphans


class Command(BaseCommand):
    help = "清理故障留下的无主佐证文件（数据库中没有记录的文件）"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--minutes", type=int, default=60, help="只清理多少分钟以前的文件，默认 60")
        parser.add_argument("--dry-run", action="store_true", help="只列出，不删除")

    def handle(self, *args: Any, minutes: int, dry_run: bool, **options: Any) -> None:
        found = list(orphans(timedelta(minutes=minutes)))
        for path in found:
            self.stdout.write(path)
            if not dry_run:
                default_storage.delete(path)
        self.stdout.write(f"{'发现' if dry_run else '清理'} {len(found)} 个无主文件")
