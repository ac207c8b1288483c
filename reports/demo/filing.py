"""Sending the demonstration's reports in, the way a person does: uploaded, read, one of them accepted."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random

from accounts.models import User
from reports.acceptance import accept_agreeing, accept_report, explain
from reports.demo.clock import Clock
from reports.demo.documents import Upload
from reports.intake import read_report, receive_upload
from reports.models import Discrepancy, Figure, Report, Statement
from riskregistry.models import Campaign

EXPLANATION = (
    "行政审批的关键环节因各窗口口径不一没有列出，其余五个领域相加为57个，比合计少27个；已要求核对后补报。"
)


@dataclass(frozen=True)
class Filing:
    """`officers` by the short name of their unit; the county's own reports are sent in by the supervisor."""

    campaign: Campaign
    clock: Clock
    supervisor: User
    officers: Mapping[str, User]

    def file(self, upload: Upload, day: int) -> Report:
        """Upload and read on that day of the campaign; the report then waits for its review."""
        actor = self.officers[upload.unit] if upload.unit else self.supervisor
        unit = actor.unit if upload.unit else None
        received, _ = receive_upload(
            upload.content, upload.name, campaign=self.campaign, unit=unit, actor=actor
        )
        report = read_report(received.pk)
        assert report is not None
        report.uploaded_at = self._at(day)
        report.read_at = report.uploaded_at + timedelta(minutes=1)
        report.save()
        return report

    def file_accepted(self, upload: Upload, day: int) -> Report:
        """Upload, read, explain what does not add up, and accept two days later."""
        report = self.file(upload, day)
        for discrepancy in report.discrepancies.all():
            explain(discrepancy, EXPLANATION, actor=self.supervisor)
        accept_agreeing(report, actor=self.supervisor)
        report = accept_report(report, actor=self.supervisor)
        report.accepted_at = self._at(day + 2)
        report.save()
        Figure.objects.filter(report=report).update(decided_at=report.accepted_at)
        Statement.objects.filter(report=report).update(decided_at=report.accepted_at)
        Discrepancy.objects.filter(report=report).update(decided_at=report.accepted_at)
        return report

    def _at(self, day: int) -> datetime:
        return self.clock.at(day, Random(day))  # noqa: S311 - only the minute of the day
