"""Work that runs in the worker. Each task may be run again: what it did before is replaced, not doubled."""

import logging
from datetime import datetime, time, timedelta

from django.utils import timezone
from django_tasks import task
from django_tasks.base import TaskResultStatus
from django_tasks_db.models import DBTaskResult

from reports.briefing import making, schedule
from reports.enums import FileState
from reports.intake import read_report
from reports.models import BriefingFile

logger = logging.getLogger(__name__)

# When the day's briefings are prepared: before the office opens.
EARLY = time(6, 0)


@task()
def read_uploaded_report(report_pk: int) -> None:
    read_report(report_pk)


@task()
def make_ledger(file_pk: int) -> None:
    """A ledger of any length. What goes wrong stands beside the file, for the person who waits for it."""
    row = BriefingFile.objects.select_related("briefing__campaign", "briefing__unit", "made_by").get(
        pk=file_pk
    )
    if row.state == FileState.READY:
        return
    try:
        making.write_ledger(row)
    except Exception:
        logger.exception("ledger %s could not be written", file_pk)
        row.state = FileState.FAILED
        row.error = "生成时出错，请再导出一次；仍不成功，请告诉管理员并附上时间。"
        row.save(update_fields=["state", "error"])


@task()
def prepare_briefings() -> None:
    """Prepare what has fallen due, and come again tomorrow morning."""
    try:
        schedule.prepare_due(timezone.localdate())
    finally:
        come_again()


def come_again() -> None:
    """Have tomorrow's round in the queue, once."""
    waiting = DBTaskResult.objects.filter(
        task_path=prepare_briefings.module_path, status=TaskResultStatus.READY
    )
    if not waiting.exists():
        tomorrow = timezone.localdate() + timedelta(days=1)
        early = datetime.combine(tomorrow, EARLY, timezone.get_default_timezone())
        prepare_briefings.using(run_after=early).enqueue()


def begin_rounds() -> None:
    """At the worker's start: prepare what fell due while nothing ran, then every morning."""
    waiting = DBTaskResult.objects.filter(
        task_path=prepare_briefings.module_path, status=TaskResultStatus.READY
    )
    waiting.delete()
    prepare_briefings.enqueue()
