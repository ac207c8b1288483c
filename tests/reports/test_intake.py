"""An uploaded file is kept, read in the worker and laid out for review; nothing is lost or run twice."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path
from unittest.mock import patch

import pytest
from django.core.management import call_command
from django_tasks.base import TaskResultStatus
from django_tasks_db.management.commands import db_worker
from django_tasks_db.models import DBTaskResult

from accounts.models import AuditEvent
from accounts.preferences import set_preference
from reports import intake
from reports.enums import ReportState
from reports.models import Report
from tests.reports import documents

ROOT = Path(__file__).resolve().parents[2]


def work() -> None:
    """Let the worker do all that waits, on the test's own connection (Django's client does the same)."""
    with patch.object(db_worker, "close_old_connections"):
        call_command("worker", batch=True, verbosity=0, startup_delay=False, interval=0)


@pytest.fixture
def upload(campaign, supervisor):
    def receive(content, name="报告.docx", unit=None, **more):
        return intake.receive_upload(content, name, campaign=campaign, unit=unit, actor=supervisor, **more)

    return receive


@pytest.mark.django_db
class TestReading:
    def test_a_report_is_read_by_the_worker(self, upload):
        report, created = upload(documents.docx_bytes())
        assert created
        assert report.state == ReportState.WAITING
        work()
        report.refresh_from_db()
        assert (report.state, report.title) == (ReportState.TO_REVIEW, documents.TITLE)
        totals = report.figures.filter(scope="total").values_list("kind", "value")
        assert dict(totals) == {"post": 10, "point": 17, "link": 9}
        found = report.discrepancies.get()
        assert (found.kind, found.by, found.stated, found.computed) == ("link", "domain", 9, 8)
        assert report.statements.filter(type="unit", data__name="县卫生健康局").exists()

    def test_every_span_quotes_the_text(self, upload):
        report, _ = upload(documents.TEXT.encode("gb18030"), "报告.txt")
        work()
        report.refresh_from_db()
        for fact in [*report.figures.all(), *report.statements.all()]:
            assert fact.quote == report.text[fact.start : fact.end]

    def test_a_password_is_stored_nowhere_but_in_the_file(self, upload):
        report, _ = upload(documents.docx_bytes())
        work()
        report.refresh_from_db()
        stored = [report.text, str(report.ignored), *report.statements.values_list("data", "quote")]
        assert documents.PASSWORD not in str(stored)
        assert "█" in report.text

    def test_the_same_file_is_recognised(self, upload):
        first, _ = upload(documents.docx_bytes())
        content = first.file.read()
        again, created = upload(content, "另一个名字.docx")
        assert (again, created) == (first, False)
        assert Report.objects.count() == 1

    def test_the_same_file_for_another_unit_is_another_report(self, upload, unit):
        content = documents.docx_bytes()
        upload(content)
        _, created = upload(content, unit=unit)
        assert created

    def test_reading_again_replaces_what_was_read(self, upload, supervisor):
        report, _ = upload(documents.docx_bytes())
        work()
        before = list(report.figures.values_list("scope", "name", "kind", "value"))
        report.refresh_from_db()
        intake.retry_reading(report, actor=supervisor)
        work()
        assert list(report.figures.values_list("scope", "name", "kind", "value")) == before

    def test_the_stated_day_is_taken_over_but_not_a_given_one(self, upload):
        report, _ = upload(documents.docx_bytes())
        work()
        report.refresh_from_db()
        assert report.as_of.isoformat() == "2024-04-02"


BAD = {
    "empty": (b"", "报告.docx", "空"),
    "picture": (documents.PNG, "报告.docx", "图片"),
    "encrypted": (documents.encrypted_docx(), "报告.docx", "密码|加密"),
    "bomb": (documents.zip_bomb(), "报告.docx", "异常|过大"),
    "entity": (documents.with_external_entity(), "报告.docx", "外部|实体|不安全|DTD"),
    "unknown encoding": (bytes([0x81, 0x00, 0xFF, 0xFE, 0x80, 0xFF]) * 40, "报告.txt", "."),
    "old format": (b"{\\rtf1 abc}", "报告.rtf", "docx"),
}


@pytest.mark.django_db
@pytest.mark.parametrize(("content", "name", "says"), BAD.values(), ids=BAD.keys())
def test_bad_input_is_refused_with_a_sentence_and_kept(upload, content, name, says):
    report, _ = upload(content, name)
    work()
    report.refresh_from_db()
    assert report.state == ReportState.FAILED
    assert any("一" <= character <= "鿿" for character in report.error)
    assert re.search(says, report.error), report.error
    assert report.file.read() == content
    assert not report.figures.exists()


@pytest.mark.django_db
def test_a_file_over_the_limit_leaves_a_record_that_says_so(upload):
    set_preference("upload_limit_mb", 1)
    report, created = upload(b"x" * ((1 << 20) + 1), "大.txt")
    assert created
    assert report.state == ReportState.FAILED
    assert "超过上限 1 MB" in report.error
    assert not report.file
    assert AuditEvent.objects.filter(action="上传报告").exists()


@pytest.mark.django_db
class TestInterrupted:
    def interrupted(self, upload, worker_id):
        report, _ = upload(documents.docx_bytes())
        Report.objects.filter(pk=report.pk).update(state=ReportState.READING, attempts=1)
        DBTaskResult.objects.update(
            status=TaskResultStatus.RUNNING, worker_ids=[worker_id], started_at=report.uploaded_at
        )
        return report

    def test_a_dead_workers_report_is_read_again_once(self, upload):
        from reports.management.commands.worker import own_worker_id

        host = own_worker_id().rsplit(":", 2)[0]
        report = self.interrupted(upload, f"{host}:999999999:1")
        work()
        report.refresh_from_db()
        assert (report.state, report.attempts) == (ReportState.TO_REVIEW, 2)
        work()
        report.refresh_from_db()
        assert report.attempts == 2

    def test_a_living_workers_report_is_left_to_it(self, upload):
        from reports.management.commands.worker import own_worker_id

        report = self.interrupted(upload, own_worker_id())
        work()
        report.refresh_from_db()
        assert report.state == ReportState.READING

    def test_a_document_that_ended_the_worker_twice_is_left_to_a_person(self, upload):
        report, _ = upload(documents.docx_bytes())
        Report.objects.filter(pk=report.pk).update(attempts=2)
        work()
        report.refresh_from_db()
        assert report.state == ReportState.FAILED
        assert "两次中断" in report.error


SETUP = """
import django; django.setup()
from accounts.models import User
from riskregistry.models import Campaign
from reports import intake
from tests.reports import documents
user = User.objects.create_user("jiandu", "Qingyu-test-1", name="监督", role="supervisor")
campaign = Campaign.objects.create(name="专项行动")
text = documents.TEXT + "各单位按要求开展学习，县教育局在2024年3月6日召开会议。" * 40000
intake.receive_upload(text.encode(), "长.txt", campaign=campaign, unit=None, actor=user)
"""
LOOK = """
import django; django.setup()
from reports.models import Report
r = Report.objects.get(); print(r.state, r.attempts, r.figures.filter(scope="total").count())
"""


@pytest.mark.own_database
def test_a_worker_killed_while_reading_leaves_a_report_that_is_read_again(tmp_path):
    """With real processes: SIGKILL in the middle, then the worker is back."""
    environment = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "config.settings",
        "DATABASE_URL": f"sqlite:///{tmp_path}/q.sqlite3",
        "MEDIA_ROOT": str(tmp_path / "media"),
    }

    def python(*arguments):
        return subprocess.run(
            [sys.executable, *arguments],
            cwd=ROOT,
            env=environment,
            capture_output=True,
            text=True,
            check=True,
        ).stdout.strip()

    python("manage.py", "migrate", "-v0")
    python("-c", SETUP)
    worker = subprocess.Popen([sys.executable, "manage.py", "worker"], cwd=ROOT, env=environment)
    try:
        deadline = time.monotonic() + 60
        while not python("-c", LOOK).startswith("reading") and time.monotonic() < deadline:
            assert worker.poll() is None
    finally:
        worker.send_signal(signal.SIGKILL)
        worker.wait()
    assert python("-c", LOOK).split()[:2] == ["reading", "1"], "the document was read before the kill"
    python("manage.py", "worker", "--batch", "--no-startup-delay")
    assert python("-c", LOOK) == "to_review 2 3"
