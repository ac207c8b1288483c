"""manage.py verify_audit: does the audit trail hold? Exit code 1 when it does not."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from accounts.audit import verify_chain
from accounts.models import AuditEvent


class Command(BaseCommand):
    help = "校验操作日志是否完整"

    def handle(self, *args: Any, **options: Any) -> None:
        broken = verify_chain()
        if broken:
            raise CommandError(f"校验不通过：{broken}", returncode=1)
        self.stdout.write(f"校验通过：{AuditEvent.objects.count()} 条日志首尾相连，未被改动或删除")
