"""A ledger on its way into the database and back, through the pages and the command."""

from __future__ import annotations

import io
import json
import threading
from datetime import date

import openpyxl
import pytest
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.db import connection
from django.urls import reverse

from accounts.merging import merge_units
from accounts.models import AuditEvent
from riskregistry.enums import ImportState, MeasureState, RiskKind, SubmissionItem
from riskregistry.imports import apply
from riskregistry.imports.apply import PlanChangedError, apply_batch, plan_batch, undo_batch
from riskregistry.models import (
    ColumnMapping,
    ImportBatch,
    LateChange,
    Measure,
    NoneDeclaration,
    Participation,
    RiskItem,
)
from riskregistry.submissions import confirm, declare_none, submit
from tests import factories
from tests.riskregistry.imports.ledgers import workbook

pytestmark = pytest.mark.django_db

HEADER = ["序号", "岗位", "风险点", "关键环节", "领域", "风险等级", "防控措施", "责任人", "整改时限"]
ROWS = [
    [
        1,
        "审批科科长",
        "超时办件",
        "受理",
        "行政审批",
        "一级",
        "1.限时办结\n2.公开时限",
        "张三",
        "2030年8月底",
    ],
    [2, "审批科科长", "材料不全仍受理", "", "行政审批", "低", "双人复核", "李四", ""],
]


@pytest.fixture(autouse=True)
def media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def domain():
    return factories.DomainFactory(name="行政审批")


@pytest.fixture
def batch_of(unit, campaign, officer):
    def make(content: bytes, name: str = "台账.xlsx") -> ImportBatch:
        batch = ImportBatch(
            campaign=campaign, unit=unit, original_name=name, sha256="0" * 64, size=1, uploaded_by=officer
        )
        batch.file.save(name, ContentFile(content))
        return batch

    return make


def carry_out(batch: ImportBatch, actor, **more) -> None:
    apply_batch(batch, actor=actor, digest=plan_batch(batch).digest(), **more)


class TestApplying:
    def test_one_row_becomes_post_point_link_and_measures(self, batch_of, officer, domain, unit, campaign):
        batch = batch_of(workbook([HEADER, *ROWS]))
        carry_out(batch, officer)
        post = RiskItem.objects.get(kind=RiskKind.POST)
        point = RiskItem.objects.get(name="超时办件")
        link = RiskItem.objects.get(kind=RiskKind.LINK)
        assert (point.post, link.post, post.post) == (post, post, None)
        assert {item.domain for item in (post, point, link)} == {domain}
        assert (point.level, point.level_as_written, point.responsible) == ("high", "一级", "张三")
        measures = list(point.measures.order_by("pk"))
        assert [(m.heading, m.due, m.state) for m in measures] == [
            ("限时办结", date(2030, 8, 31), MeasureState.NOT_STARTED),
            ("公开时限", date(2030, 8, 31), MeasureState.NOT_STARTED),
        ]
        assert list(link.measures.order_by("pk")) == measures
        assert Measure.objects.count() == 3
        assert Participation.objects.filter(unit=unit, campaign=campaign).exists()
        for row in (post, point, measures[0]):
            (history,) = row.history.all()
            assert (history.history_user, history.history_type) == (officer, "+")
        assert AuditEvent.objects.filter(action="导入台账").count() == 1

    def test_twice_the_same_file_changes_nothing(self, batch_of, officer, domain):
        content = workbook([HEADER, *ROWS])
        carry_out(batch_of(content), officer)
        found = plan_batch(batch_of(content))
        assert not found.does_something
        assert found.totals["same"] == 4

    def test_what_changed_is_changed_with_history(self, batch_of, officer, domain):
        carry_out(batch_of(workbook([HEADER, *ROWS])), officer)
        changed = [[*ROWS[0][:5], "中", *ROWS[0][6:]], ROWS[1]]
        carry_out(batch_of(workbook([HEADER, *changed])), officer)
        point = RiskItem.objects.get(name="超时办件")
        assert (point.level, point.level_as_written) == ("medium", "中")
        assert point.history.count() == 2
        assert RiskItem.objects.get(name="材料不全仍受理").history.count() == 1

    def test_a_wrong_row_keeps_everything_out(self, batch_of, officer, domain):
        batch = batch_of(workbook([HEADER, *ROWS, [3, "", "丙", "", "海洋捕捞", "高", "", "", ""]]))
        with pytest.raises(ValidationError, match="1 处错误"):
            carry_out(batch, officer)
        assert not RiskItem.objects.exists()

    def test_what_is_applied_is_what_was_shown(self, batch_of, officer, unit, campaign, domain):
        batch = batch_of(workbook([HEADER, *ROWS]))
        digest = plan_batch(batch).digest()
        factories.RiskItemFactory(unit=unit, campaign=campaign, domain=domain, name="超时办件")
        with pytest.raises(PlanChangedError):
            apply_batch(batch, actor=officer, digest=digest)
        assert RiskItem.objects.count() == 1

    def test_a_failure_in_the_middle_leaves_nothing(self, batch_of, officer, domain, monkeypatch):
        batch = batch_of(workbook([HEADER, *ROWS]))

        def fail(*args, **kwargs):
            raise RuntimeError

        monkeypatch.setattr(apply.audit, "record", fail)
        with pytest.raises(RuntimeError):
            carry_out(batch, officer)
        assert not RiskItem.objects.exists()
        assert not RiskItem.history.exists()
        batch.refresh_from_db()
        assert batch.state == ImportState.PREVIEWED

    def test_a_confirmed_submission_asks_for_a_reason(
        self, batch_of, officer, supervisor, unit, campaign, domain
    ):
        participation = factories.ParticipationFactory(unit=unit, campaign=campaign)
        confirm(submit(participation, SubmissionItem.RISK_LEDGER, actor=officer), actor=supervisor)
        batch = batch_of(workbook([HEADER, *ROWS]))
        with pytest.raises(ValidationError, match="须写明原因"):
            carry_out(batch, officer)
        carry_out(batch, officer, reason="漏报两条")
        assert LateChange.objects.get().reason == "漏报两条"

    def test_what_was_declared_none_of_and_is_found(self, batch_of, officer, unit, campaign, domain):
        participation = factories.ParticipationFactory(unit=unit, campaign=campaign)
        declare_none(participation, RiskKind.LINK, domain, actor=officer)
        carry_out(batch_of(workbook([HEADER, *ROWS])), officer)
        assert not NoneDeclaration.objects.exists()


class TestUndoing:
    def test_as_if_it_had_not_been(self, batch_of, officer, unit, campaign, domain):
        there = factories.RiskItemFactory(
            unit=unit, campaign=campaign, domain=domain, name="超时办件", level="low", responsible="原来的人"
        )
        batch = batch_of(workbook([HEADER, *ROWS]))
        carry_out(batch, officer)
        there.refresh_from_db()
        assert there.level == "high"
        batch.refresh_from_db()
        undo_batch(batch, actor=officer)
        there.refresh_from_db()
        assert (there.level, there.responsible, there.post) == ("low", "原来的人", None)
        assert list(RiskItem.objects.all()) == [there]
        assert not Measure.objects.exists()
        assert RiskItem.history.filter(history_type="-").count() == 3
        assert RiskItem.history.filter(id=there.pk).count() == 3

    @pytest.mark.parametrize("touch", ["item", "measure", "progress", "link"])
    def test_not_once_somebody_touched_it(self, batch_of, officer, unit, campaign, domain, touch):
        batch = batch_of(workbook([HEADER, *ROWS]))
        carry_out(batch, officer)
        batch.refresh_from_db()
        point = RiskItem.objects.get(name="超时办件")
        if touch == "item":
            point.name = "改过"
            point.save()
        elif touch == "measure":
            point.measures.first().save()
        elif touch == "progress":
            factories.EvidenceFactory(measure=point.measures.first())
        else:
            factories.MeasureFactory(unit=unit, campaign=campaign).risk_items.add(point)
        with pytest.raises(ValidationError, match="不能撤销"):
            undo_batch(batch, actor=officer)
        assert RiskItem.objects.count() == 4

    def test_not_twice(self, batch_of, officer, domain):
        batch = batch_of(workbook([HEADER, *ROWS]))
        carry_out(batch, officer)
        batch.refresh_from_db()
        undo_batch(batch, actor=officer)
        with pytest.raises(ValidationError, match="已撤销"):
            undo_batch(batch, actor=officer)


def test_imports_follow_their_unit_into_another(batch_of, officer, supervisor, unit, domain):
    done, waiting = (batch_of(workbook([HEADER, *ROWS])) for _ in range(2))
    carry_out(done, officer)
    other = factories.UnitFactory()
    ColumnMapping.objects.create(unit=unit, header="哪里", field="matter")
    ColumnMapping.objects.create(unit=unit, header="轻重", field="level")
    ColumnMapping.objects.create(unit=other, header="轻重", field="category")
    merge_units(unit, other, actor=supervisor)
    for batch in (done, waiting):
        batch.refresh_from_db()
        assert batch.unit == other
    assert set(ColumnMapping.objects.values_list("unit", "header", "field")) == {
        (other.pk, "哪里", "matter"),
        (other.pk, "轻重", "category"),
    }
    assert not plan_batch(waiting).does_something
    with pytest.raises(ValidationError, match="又被改动过"):
        undo_batch(done, actor=supervisor)


class TestPages:
    def upload(self, client, unit, content: bytes, name: str = "台账.xlsx"):
        file = SimpleUploadedFile(name, content)
        return client.post(
            reverse("riskregistry:import_upload"), {"unit": unit.pk, "file": file}, follow=True
        )

    def test_from_the_file_to_the_register_and_back(self, client_of, officer, unit, campaign, domain):
        factories.ParticipationFactory(unit=unit, campaign=campaign)
        client = client_of(officer)
        page = self.upload(client, unit, workbook([HEADER, *ROWS]))
        text = page.content.decode()
        assert "导入预览" in text
        assert "限时办结" in text
        batch = ImportBatch.objects.get()
        client.post(
            reverse("riskregistry:import_confirm", args=[batch.pk]), {"digest": page.context["digest"]}
        )
        assert RiskItem.objects.count() == 4
        done = client.get(reverse("riskregistry:import_preview", args=[batch.pk])).content.decode()
        assert "整批撤销" in done
        client.post(reverse("riskregistry:import_undo", args=[batch.pk]))
        assert RiskItem.objects.count() == 0
        again = self.upload(client, unit, workbook([HEADER, *ROWS])).content.decode()
        assert "已于" not in again  # taken back: not there any more

    def test_yesterdays_file_is_recognised(self, client_of, officer, unit, campaign, domain):
        factories.ParticipationFactory(unit=unit, campaign=campaign)
        client = client_of(officer)
        content = workbook([HEADER, *ROWS])
        page = self.upload(client, unit, content)
        batch = ImportBatch.objects.get()
        client.post(
            reverse("riskregistry:import_confirm", args=[batch.pk]), {"digest": page.context["digest"]}
        )
        text = self.upload(client, unit, content).content.decode()
        assert "同一个文件已于" in text
        assert "没有要导入的" in text

    def test_a_column_is_explained_once(self, client_of, officer, unit, campaign, domain):
        factories.ParticipationFactory(unit=unit, campaign=campaign)
        client = client_of(officer)
        content = workbook([["容易出问题的地方", "风险等级", "备查"], ["超时办件", "高", "x"]])
        page = self.upload(client, unit, content)
        assert "对应列名" in page.content.decode()
        batch = ImportBatch.objects.get()
        url = reverse("riskregistry:import_mapping", args=[batch.pk])
        assert (
            client.post(url, {"column_0": "", "column_1": "level", "column_2": "ignore"}).status_code == 422
        )
        answer = client.post(
            url, {"column_0": "point", "column_1": "level", "column_2": "ignore"}, follow=True
        )
        assert "导入预览" in answer.content.decode()
        assert set(ColumnMapping.objects.values_list("header", "field")) == {
            ("容易出问题的地方", "point"),
            ("风险等级", "level"),
            ("备查", "ignore"),
        }
        again = self.upload(
            client, unit, workbook([["容易出问题的地方", "风险等级", "备查"], ["乙", "低", "y"]])
        )
        assert "导入预览" in again.content.decode()

    def test_every_error_is_shown_and_written_beside(self, client_of, officer, unit, campaign, domain):
        factories.ParticipationFactory(unit=unit, campaign=campaign)
        client = client_of(officer)
        wrong = [
            [1, "", "甲", "", "海洋捕捞", "特高", "", "", ""],
            [2, "", "", "", "行政审批", "高", "", "", ""],
        ]
        page = self.upload(client, unit, workbook([HEADER, *wrong]))
        text = page.content.decode()
        for said in ("海洋捕捞", "特高", "没有写风险岗位", "E2", "F2"):
            assert said in text
        assert "确认导入" not in text
        file = client.get(reverse("riskregistry:import_annotated", args=[ImportBatch.objects.get().pk]))
        sheet = openpyxl.load_workbook(io.BytesIO(file.content)).active
        assert "海洋捕捞" in sheet.cell(2, 10).value
        assert "没有写" in sheet.cell(3, 10).value

    @pytest.mark.parametrize(
        ("name", "content", "words"),
        [("台账.xlsm", b"x", "宏"), ("台账.xlsx", b"x", "打不开"), ("台账.xlsx", b"", "空的")],
    )
    def test_a_file_that_is_refused(self, client_of, officer, unit, campaign, name, content, words):
        factories.ParticipationFactory(unit=unit, campaign=campaign)
        answer = self.upload(client_of(officer), unit, content, name)
        assert answer.status_code == 422
        assert words in answer.content.decode()
        assert not ImportBatch.objects.exists()

    def test_the_filled_ledger_comes_back_unchanged(self, client_of, officer, unit, campaign, domain):
        factories.ParticipationFactory(unit=unit, campaign=campaign)
        post = factories.RiskItemFactory(unit=unit, campaign=campaign, kind="post", domain=domain)
        item = factories.RiskItemFactory(
            unit=unit,
            campaign=campaign,
            domain=domain,
            post=post,
            name="=超时",
            description="一\n二",
            level="high",
        )
        factories.MeasureFactory(unit=unit, campaign=campaign, text="一是甲；二是乙。").risk_items.add(item)
        client = client_of(officer)
        url = reverse("riskregistry:import_template", args=[unit.pk])
        empty = client.get(url)
        assert empty.status_code == 200
        content = client.get(url, {"filled": 1}).content
        page = self.upload(client, unit, content)
        assert "没有要导入的" in page.content.decode()
        assert page.context["totals"]["same"] == 2

    def test_a_supervisor_chooses_whose_ledger_to_download(self, client_of, supervisor, unit, campaign):
        client, path = client_of(supervisor), reverse("riskregistry:import_upload")
        link = reverse("riskregistry:import_template", args=[unit.pk])
        assert link not in client.get(path).content.decode()
        assert link in client.get(path, {"unit": unit.pk}).content.decode()
        assert link not in client.get(path, {"unit": "²"}).content.decode()

    def test_a_unit_outside_the_campaign_is_named_and_joins(
        self, client_of, supervisor, unit, campaign, domain
    ):
        said = "一并列入"
        client = client_of(supervisor)
        assert said in self.upload(client, unit, workbook([HEADER, *ROWS])).content.decode()
        factories.ParticipationFactory(unit=unit, campaign=campaign)
        assert said not in self.upload(client, unit, workbook([HEADER, *ROWS])).content.decode()

    def test_an_officer_of_another_unit_sees_nothing(self, client_of, outsider, batch_of, campaign, domain):
        batch = batch_of(workbook([HEADER, *ROWS]))
        assert (
            client_of(outsider).get(reverse("riskregistry:import_preview", args=[batch.pk])).status_code
            == 404
        )


class TestCommand:
    def test_looks_only_unless_told(self, tmp_path, unit, campaign, officer, domain, capsys):
        path = tmp_path / "台账.xlsx"
        path.write_bytes(workbook([HEADER, *ROWS]))
        call_command("import_register", path, unit=unit.name, json=True)
        said = json.loads(capsys.readouterr().out)
        assert (said["applied"], said["totals"]["new"]) == (False, 4)
        assert not RiskItem.objects.exists()
        call_command("import_register", path, unit=unit.name, user=officer.username, apply=True)
        assert "已写入" in capsys.readouterr().out
        assert RiskItem.objects.count() == 4

    def test_says_what_is_wrong(self, tmp_path, unit, campaign, officer, outsider):
        path = tmp_path / "台账.xlsx"
        path.write_bytes(workbook([HEADER, [1, "", "甲", "", "海洋捕捞", "", "", "", ""]]))
        with pytest.raises(CommandError, match="1 处错误"):
            call_command("import_register", path, unit=unit.name)
        with pytest.raises(CommandError, match="没有名为"):
            call_command("import_register", path, unit="没有的局")
        path.write_bytes(workbook([HEADER, [1, "", "甲", "", "", "", "", "", ""]]))
        with pytest.raises(CommandError, match="不能替"):
            call_command("import_register", path, unit=unit.name, user=outsider.username, apply=True)


@pytest.mark.skipif(connection.vendor == "sqlite", reason="the tests' SQLite lies in memory, for one thread")
@pytest.mark.django_db(transaction=True)
def test_of_two_imports_at_once_one_is_told(batch_of, officer, domain):
    """Both saw the same register; the second finds another one."""
    content = workbook([HEADER, *ROWS])
    batches = [batch_of(content), batch_of(content)]
    digest = plan_batch(batches[0]).digest()
    outcomes: list[str] = []

    def run(batch: ImportBatch) -> None:
        try:
            apply_batch(batch, actor=officer, digest=digest)
            outcomes.append("applied")
        except PlanChangedError:
            outcomes.append("told")
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(batch,)) for batch in batches]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["applied", "told"]
    assert RiskItem.objects.count() == 4
