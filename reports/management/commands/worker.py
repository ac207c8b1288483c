"""`manage.py worker`: runs background work, after putting back what a killed worker left behind.

A worker's id says where it runs: host, process id and the start time of the process. A task that is still
marked as running under an id that is no longer alive was interrupted, and is queued again.
"""

from __future__ import annotations

import os
import socket
from argparse import ArgumentParser
from datetime import timedelta
from pathlib import Path
from typing import Any

from django.db import transaction
from django.utils import timezone
from django_tasks.base import TaskResultStatus
from django_tasks_db.management.commands import db_worker
from django_tasks_db.models import DBTaskResult

from reports.tasks import begin_rounds

# A task of another machine's worker, whose life cannot be seen from here, counts as interrupted after this.
FOREIGN_LIMIT = timedelta(hours=1)


def process_start(pid: int) -> str | None:
    """The start time of a process in clock ticks since boot; None when it does not run. Linux's /proc."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[19]
    except (OSError, IndexError):
        return None


def own_worker_id() -> str:
    pid = os.getpid()
    return f"{socket.gethostname()[:30]}:{pid}:{process_start(pid)}"


def is_interrupted(task: DBTaskResult[Any, Any]) -> bool:
    last = task.worker_ids[-1] if task.worker_ids else ""
    host, pid, started = last.rsplit(":", 2) if last.count(":") >= 2 else ("", "", "")
    if host == socket.gethostname()[:30] and pid.isdigit():
        return process_start(int(pid)) != started
    return task.started_at is None or timezone.now() - task.started_at > FOREIGN_LIMIT


def requeue_interrupted() -> int:
    """Queue again what a dead worker was doing. Returns how many tasks."""
    count = 0
    with transaction.atomic():
        for task in DBTaskResult.objects.running().select_for_update():
            if is_interrupted(task):
                task.status, task.started_at = TaskResultStatus.READY, None
                task.save(update_fields=["status", "started_at"])
                count += 1
    return count


class Command(db_worker.Command):
    help = "运行后台任务（先恢复上次中断的任务）"

    def add_arguments(self, parser: ArgumentParser) -> None:
        super().add_arguments(parser)
        parser.set_defaults(worker_id=own_worker_id(), reload=False)

    def configure_logging(self, verbosity: int) -> None:
        """The settings decide what is logged, here as everywhere."""

    def handle(self, **options: Any) -> None:
        count = requeue_interrupted()
        if count:
            self.stdout.write(f"恢复了 {count} 个中断的任务")
        begin_rounds()
        super().handle(**options)
