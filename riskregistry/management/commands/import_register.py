"""Bring a ledger in from a script: the same plan as on the page, applied only with --apply."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict
from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.core.management.base import BaseCommand, CommandError, CommandParser

from accounts.models import Unit, User
from accounts.permissions import Action
from riskregistry.imports.apply import apply_batch, known_of, table_of
from riskregistry.imports.plan import Plan, plan
from riskregistry.imports.reader import LedgerError
from riskregistry.models import Campaign, ImportBatch


class Command(BaseCommand):
    help = "导入单位的风险台账（.xlsx、.xls、.csv）；不加 --apply 只比对、不写入"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--unit", required=True, help="单位全称、简称或别名")
        parser.add_argument("--campaign", help="专项行动名称，默认最近的一个")
        parser.add_argument("--user", help="以谁的名义导入（用户名）；--apply 时必填")
        parser.add_argument("--apply", action="store_true", help="写入")
        parser.add_argument("--reason", default="", help="报送已确认之后变更的原因")
        parser.add_argument("--json", action="store_true", help="以 JSON 输出结果")

    def handle(self, *args: Any, **options: Any) -> None:
        unit, campaign = _unit(options["unit"]), _campaign(options["campaign"])
        try:
            content = options["file"].read_bytes()
        except OSError as error:
            raise CommandError(f"打不开文件 {options['file']}：{error.strerror}") from error
        name = options["file"].name
        try:
            table = table_of(content, name, unit)
            found = plan(table, known_of(unit, campaign))
        except LedgerError as error:
            raise CommandError(str(error)) from error
        if not table.headings:
            raise CommandError("没有找到表头：台账须有一行列名，其中要有风险岗位、风险点或关键环节")
        if options["apply"]:
            self._apply(found, content, name, unit, campaign, options)
        self._report(found, options, unknown=[heading.text for heading in table.unknown])
        if found.problems:
            raise CommandError(f"有 {len(found.problems)} 处错误，没有写入")

    def _apply(
        self, found: Plan, content: bytes, name: str, unit: Unit, campaign: Campaign, options: dict[str, Any]
    ) -> None:
        if found.problems:
            return
        actor = User.objects.filter(username=options["user"] or "", is_active=True).first()
        if actor is None or not actor.may(Action.EDIT_REGISTER):
            raise CommandError("--apply 须用 --user 指明一个可以录入的账号")
        if not Unit.objects.visible_to(actor).filter(pk=unit.pk).exists():
            raise CommandError(f"账号 {actor.username} 不能替{unit.name}导入")
        batch = ImportBatch(
            campaign=campaign,
            unit=unit,
            original_name=name[-200:],
            sha256=hashlib.sha256(content).hexdigest(),
            size=len(content),
            uploaded_by=actor,
        )
        batch.file.save(name, ContentFile(content), save=False)
        batch.save()
        try:
            apply_batch(batch, actor=actor, digest=found.digest(), reason=options["reason"])
        except ValidationError as error:
            raise CommandError(error.messages[0]) from error

    def _report(self, found: Plan, options: dict[str, Any], *, unknown: list[str]) -> None:
        applied = options["apply"] and not found.problems
        if options["json"]:
            said = {
                "applied": applied,
                "totals": found.totals,
                "unknown_columns": unknown,
                "problems": [asdict(problem) for problem in found.problems],
            }
            self.stdout.write(json.dumps(said, ensure_ascii=False, indent=2))
            return
        totals = found.totals
        self.stdout.write(
            f"{totals['rows']} 行：新增 {totals['new']}，修改 {totals['changed']}，相同 {totals['same']}，"
            f"文件内重复 {totals['duplicate']}，疑似已有 {totals['likely']}，新措施 {totals['measures']}，"
            f"错误 {totals['invalid']}。{'已写入。' if applied else '没有写入。'}"
        )
        for heading in unknown:
            self.stdout.write(f"未识别的列：{heading}")
        for problem in found.problems:
            self.stdout.write(
                f"{problem.sheet} 第 {problem.row} 行 {problem.column}「{problem.value}」：{problem.remedy}"
            )


def _unit(name: str) -> Unit:
    rows = Unit.objects.current()
    found = (
        rows.filter(name=name).first()
        or rows.filter(short_name=name).first()
        or rows.filter(aliases__name=name).first()
    )
    if found is None:
        raise CommandError(f"没有名为「{name}」的单位")
    return found


def _campaign(name: str | None) -> Campaign:
    found = Campaign.objects.filter(name=name).first() if name else Campaign.objects.first()
    if found is None:
        raise CommandError(f"没有名为「{name}」的专项行动" if name else "还没有专项行动")
    return found
