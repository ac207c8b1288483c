"""manage.py export_briefing: a document for leadership, from the register as it stands or stood."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from django.utils.dateparse import parse_date

from accounts import audit
from accounts.models import User
from accounts.permissions import Action
from accounts.preferences import preference
from reports.briefing.content import Plan, situation
from reports.briefing.docx import word
from reports.statistics import overview
from riskregistry.models import Campaign

# Kind → the formats there are of it.
FORMATS = {"situation": ("docx",)}


class Command(BaseCommand):
    help = "导出给领导的情况报告"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--kind", required=True, help=f"种类：{'、'.join(FORMATS)}")
        parser.add_argument("--format", required=True, help="格式：docx")
        parser.add_argument("--output", required=True, type=Path)
        parser.add_argument("--campaign", help="专项行动的编号或名称，默认最近的一个")
        parser.add_argument("--as-of", metavar="年-月-日", help="截至哪一天；默认现时")
        parser.add_argument("--user", metavar="用户名", help="按此人的范围；默认全部单位")

    def handle(self, *args: Any, **options: Any) -> None:
        kind, form = options["kind"], options["format"]
        if form not in FORMATS.get(kind, ()):
            known = "；".join(f"{name}：{'、'.join(forms)}" for name, forms in FORMATS.items())
            raise CommandError(f"没有「{kind}」的 {form} 格式。现有：{known}")
        user, campaign = _person(options["user"]), _campaign(options["campaign"])
        as_of = parse_date(options["as_of"]) if options["as_of"] else None
        if options["as_of"] and as_of is None:
            raise CommandError(f"「{options['as_of']}」不是日期，请写成 2023-08-12 这样")
        try:
            counted = overview(user, campaign, as_of, listed=None)
        except ValidationError as error:
            raise CommandError(error.messages[0]) from error
        now = timezone.localtime()
        steps = tuple((step["heading"], step.get("text", "")) for step in campaign.next_steps)
        briefing = situation(
            counted,
            Plan(campaign.started_on, steps),
            office=str(preference("office_name")),
            county=str(preference("county_name")),
            made_at=now,
        )
        content = word(briefing, author=user.name if user else "系统", made_at=now)
        options["output"].write_bytes(content)
        audit.record(user, "导出情况报告", campaign, detail={"as_of": counted.as_of, "format": form})
        self.stdout.write(f"已导出：{options['output']}（{len(content)} 字节）")


def _person(username: str | None) -> User | None:
    if username is None:
        return None
    user = User.objects.filter(username=username, is_active=True).first()
    if user is None or not user.may(Action.EXPORT):
        raise CommandError(f"没有用户名为「{username}」、可以导出的在用账号，请核对 --user")
    return user


def _campaign(wanted: str | None) -> Campaign:
    rows = Campaign.objects.all()
    if wanted is not None:
        rows = rows.filter(pk=wanted) if wanted.isdigit() else rows.filter(name=wanted)
    campaign = rows.first()
    if campaign is None:
        raise CommandError(f"没有专项行动「{wanted}」" if wanted else "还没有专项行动")
    return campaign
