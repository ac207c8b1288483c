"""manage.py export_briefing: a document for leadership, from the register as it stands or stood."""

from __future__ import annotations

from argparse import ArgumentParser
from datetime import date
from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.utils.dateparse import parse_date

from accounts.models import User
from accounts.permissions import Action
from reports.briefing import making
from reports.briefing.content import KINDS
from reports.briefing.options import Options, check_marking, check_urgency
from reports.enums import FileFormat, FileState
from reports.models import Briefing
from riskregistry.models import Campaign


class Command(BaseCommand):
    help = "导出给领导的简报、台账和幻灯片"

    def add_arguments(self, parser: ArgumentParser) -> None:
        kinds = "、".join(f"{name}（{kind.label}）" for name, kind in KINDS.items())
        parser.add_argument("--kind", required=True, help=f"种类：{kinds}")
        parser.add_argument("--format", required=True, help=f"格式：{'、'.join(FileFormat.values)}")
        parser.add_argument("--output", required=True, type=Path)
        parser.add_argument("--campaign", help="专项行动的编号或名称，默认最近的一个")
        parser.add_argument("--as-of", metavar="年-月-日", help="截至哪一天；默认现时")
        parser.add_argument("--compare-to", metavar="年-月-日", help="与哪一天比较；默认上一份同类简报")
        parser.add_argument("--user", metavar="用户名", help="按此人的范围；默认全部单位")
        parser.add_argument("--marking", default="", help="版头标注，只能是 内部资料")
        parser.add_argument("--urgency", default="", help="紧急程度：特急、加急")

    def handle(self, *args: Any, **options: Any) -> None:
        kind, form = options["kind"], options["format"]
        if why := making.refusal(kind, form):
            raise CommandError(why)
        user, campaign = _person(options["user"]), _campaign(options["campaign"])
        as_of, compare_to = _day(options["as_of"]), _day(options["compare_to"])
        try:
            chosen = Options(
                marking=check_marking(options["marking"]), urgency=check_urgency(options["urgency"])
            )
            briefing = making.make(user, campaign, kind, as_of, options=chosen, compare_to=compare_to)
            row = making.export(briefing, form, user)
            if row.state == FileState.MAKING:
                making.write_ledger(row)
        except ValidationError as error:
            raise CommandError("；".join(error.messages)) from error
        with row.file.open("rb") as stored:
            options["output"].write_bytes(stored.read())
        self.stdout.write(f"已导出：{options['output']}（{row.size} 字节，快照 {briefing.snapshot}）")
        self._warn(briefing)

    def _warn(self, briefing: Briefing) -> None:
        document = making.composed(briefing)
        if document.too_long:
            self.stderr.write(f"正文 {document.length} 字，超过 {document.limit} 字")


def _day(text: str | None) -> date | None:
    try:
        day = parse_date(text) if text else None
    except ValueError:
        day = None
    if text and day is None:
        raise CommandError(f"「{text}」不是日期，请写成 2023-08-12 这样")
    return day


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
