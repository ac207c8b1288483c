"""manage.py statistics: every published number of a campaign, as JSON or to read."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from dataclasses import asdict
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.utils.dateparse import parse_date

from accounts.models import User
from reports.statistics import Number, numbers, overview
from riskregistry.models import Campaign


class Command(BaseCommand):
    help = "打印一个专项行动的全部统计数字及其口径"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--json", action="store_true", help="以 JSON 输出")
        parser.add_argument("--user", metavar="用户名", help="按此人可查看的范围统计；不填则统计全部单位")
        parser.add_argument("--campaign", metavar="编号或名称", help="专项行动；不填则为最近部署的一个")
        parser.add_argument("--as-of", metavar="年-月-日", help="截至哪一天终了时的登记；不填则为现时")

    def handle(self, *args: Any, **options: Any) -> None:
        user = _person(options["user"])
        campaign = _campaign(user, options["campaign"])
        try:
            counted = overview(user, campaign, _day(options["as_of"]))
        except ValidationError as error:
            raise CommandError(error.messages[0]) from error
        published = numbers(counted)
        if options["json"]:
            content = {
                "campaign": counted.campaign_name,
                "scope": counted.scope,
                "as_of": counted.as_of.isoformat(),
                "numbers": [asdict(number) for number in published],
            }
            self.stdout.write(json.dumps(content, ensure_ascii=False, indent=1))
            return
        self.stdout.write(f"{counted.campaign_name}  截至 {counted.as_of}  范围：{counted.scope}")
        for number in published:
            self.stdout.write(_line(number))


def _person(username: str | None) -> User | None:
    if username is None:
        return None
    user = User.objects.filter(username=username, is_active=True).first()
    if user is None:
        raise CommandError(f"没有用户名为「{username}」的在用账号，请核对 --user")
    return user


def _campaign(user: User | None, wanted: str | None) -> Campaign:
    campaigns = Campaign.objects.all() if user is None else Campaign.objects.visible_to(user)
    if wanted is None:
        newest = campaigns.first()
        if newest is None:
            raise CommandError("没有可统计的专项行动，请先在系统中建立，或换一个 --user")
        return newest
    matching = campaigns.filter(pk=int(wanted)) if wanted.isdecimal() else campaigns.filter(name=wanted)
    found = matching.first()
    if found is None:
        known = "、".join(f"{campaign.pk} {campaign.name}" for campaign in campaigns) or "（无）"
        raise CommandError(f"没有专项行动「{wanted}」，请从这些中选一个编号或名称：{known}")
    return found


def _day(text: str | None) -> date | None:
    if text is None:
        return None
    try:
        day = parse_date(text)
    except ValueError:
        day = None
    if day is None:
        raise CommandError(f"「{text}」不是日期，请按 2023-08-12 这样填写 --as-of")
    return day


def _line(number: Number) -> str:
    where = "·".join(part for part in (number.unit, number.domain) if part)
    value = "—" if number.value is None else number.value
    return f"{where + '  ' if where else ''}{number.label}：{value}\n    口径：{number.definition}"
