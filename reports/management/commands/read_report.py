"""Print what the reader finds in a report, as JSON or as its text. Opens no database connection."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from reports.extraction import read
from reports.extraction.jsonform import as_json
from reports.reading.errors import ReadingError
from reports.reading.registry import read_file


class Command(BaseCommand):
    """`manage.py read_report FILE --json|--text`."""

    help = "读一份报告，打印读出的内容（不连数据库）"
    requires_system_checks = []
    requires_migrations_checks = False

    def add_arguments(self, parser: ArgumentParser) -> None:
        """FILE, and what to print."""
        parser.add_argument("file", help="报告文件")
        form = parser.add_mutually_exclusive_group()
        form.add_argument("--json", action="store_true", help="打印 JSON（默认）")
        form.add_argument("--text", action="store_true", help="只打印正文，密码已遮盖")

    def handle(self, *args: Any, **options: Any) -> None:
        """Print one document; a file that cannot be read ends the command with status 1 and a sentence."""
        try:
            reading = read(read_file(options["file"]))
        except ReadingError as error:
            self.stderr.write(error.message)
            raise SystemExit(1) from error
        if options["text"]:
            self.stdout.write(reading.text, ending="\n")
        else:
            self.stdout.write(json.dumps(as_json(reading), ensure_ascii=False, indent=1))
