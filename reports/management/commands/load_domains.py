"""manage.py load_domains: the six domains of the campaign, in their order. May be run again."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from riskregistry.models import Domain

DOMAINS = ("项目投资", "产业发展", "市场监管", "融资担保", "行政审批", "行风政风")


class Command(BaseCommand):
    help = "建立六个领域（已有的不改动，可重复执行）"

    def handle(self, *args: Any, **options: Any) -> None:
        created = 0
        for order, name in enumerate(DOMAINS, start=1):
            created += Domain.objects.get_or_create(name=name, defaults={"order": order})[1]
        if options["verbosity"]:
            self.stdout.write(f"新建领域 {created} 个，现有 {Domain.objects.count()} 个。")
