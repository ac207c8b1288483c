"""Briefings in the database: snapshots, edits around the numbers, the record, the schedule, the scope."""

from __future__ import annotations

import io
from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from django_tasks.base import TaskResultStatus
from django_tasks_db.models import DBTaskResult
from docx import Document
from openpyxl import load_workbook

from accounts.models import AuditEvent
from reports import tasks
from reports.briefing import making, own_template, schedule
from reports.briefing.content import KINDS, is_by_hand
from reports.briefing.options import Options, check_marking
from reports.enums import FileState
from reports.models import Briefing, BriefingFile, BriefingSchedule, BriefingTemplate
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def register(campaign, unit, other_unit):
    """Two units: three risks and two measures, one of them late."""
    for each in (unit, other_unit):
        factories.ParticipationFactory(campaign=campaign, unit=each)
    domain = factories.DomainFactory(name="项目投资")
    for each, name in ((unit, "审批超时"), (unit, "资料不全"), (other_unit, "外单位的秘而不宣之事")):
        factories.RiskItemFactory(campaign=campaign, unit=each, domain=domain, name=name, kind="point")
    late = timezone.localdate() - timedelta(days=40)
    factories.MeasureFactory(campaign=campaign, unit=unit, heading="规范审批流程", due=late)
    factories.MeasureFactory(campaign=campaign, unit=other_unit, heading="外单位的措施", closed=True)
    return campaign


def page(client, briefing) -> str:
    return str(client.get(reverse("reports:briefing", args=[briefing.pk])).content.decode())


class TestSnapshot:
    def test_later_changes_do_not_reach_it(self, register, supervisor, unit):
        briefing = making.make(supervisor, register, "situation")
        before = making.composed(briefing)
        factories.RiskItemFactory(campaign=register, unit=unit, kind="point")
        assert making.composed(Briefing.objects.get(pk=briefing.pk)) == before
        assert making.make(supervisor, register, "situation").sha256 != briefing.sha256

    def test_the_same_past_day_gives_the_same_numbers(self, register, supervisor, unit, time_machine):
        day = timezone.localdate()
        time_machine.move_to(timezone.now() + timedelta(days=3))
        first = making.make(supervisor, register, "situation", day)
        factories.RiskItemFactory(campaign=register, unit=unit, domain=None, kind="point")
        second = making.make(supervisor, register, "situation", day)
        assert first.sha256 == second.sha256
        assert making.basis_of(second).counted.registered("point") == 3

    def test_it_compares_with_the_one_before(self, register, supervisor, unit, time_machine):
        making.make(supervisor, register, "brief")
        time_machine.move_to(timezone.now() + timedelta(days=7))
        factories.RiskItemFactory(campaign=register, unit=unit, kind="point")
        text = "".join(
            p.plain for p in making.composed(making.make(supervisor, register, "brief")).paragraphs
        )
        assert "登记的风险增加1条" in text

    def test_only_the_units_chosen(self, register, supervisor, unit):
        briefing = making.make(supervisor, register, "ledger", options=Options(units=(unit.pk,)))
        assert [line.unit_name for line in making.basis_of(briefing).lines] == [unit.name]


class TestEditing:
    def test_an_edited_sentence_keeps_its_numbers(self, register, supervisor, client_of):
        briefing = making.make(supervisor, register, "situation")
        key = reverse("reports:edit_paragraph", args=[briefing.pk, "late"])
        sentence = next(p for p in making.composed(briefing).paragraphs if p.key == "late").text
        field = sentence[sentence.index("〔") : sentence.index("〕") + 1]
        client_of(supervisor).post(
            key, {"text": f"逾期的还有{field}项，要抓紧。", "version": 1, "do": "save"}
        )
        edited = next(
            p for p in making.composed(Briefing.objects.get(pk=briefing.pk)).paragraphs if p.key == "late"
        )
        assert edited.plain == "逾期的还有1项，要抓紧。"
        assert edited.edited
        assert not edited.by_hand

    def test_a_number_of_ones_own_is_marked(self):
        composed = "尚有〔逾期=3〕项逾期。"
        assert not is_by_hand(composed, "还有〔逾期=3〕项没有按时完成。")
        assert is_by_hand(composed, "还有〔逾期=3〕项，其中2项较难。")
        assert is_by_hand(composed, "还有3项逾期。")

    def test_a_field_cannot_be_typed_over(self, register, supervisor, client_of):
        briefing = making.make(supervisor, register, "situation")
        key = reverse("reports:edit_paragraph", args=[briefing.pk, "late"])
        said = "尚有〔逾期=0〕项逾期，〔没有的数=5〕。"
        response = client_of(supervisor).post(key, {"text": said, "version": 1, "do": "save"})
        text = response.content.decode()
        assert response.status_code == 400
        assert "〔逾期=1〕由系统填写，不能改成0" in text
        assert "〔没有的数=5〕不是系统能给出的数字" in text
        assert said in text

    def test_the_second_of_two_is_told_and_loses_nothing(self, register, supervisor, leader, client_of):
        briefing = making.make(supervisor, register, "situation")
        key = reverse("reports:edit_paragraph", args=[briefing.pk, "silent"])
        client_of(supervisor).post(key, {"text": "先改的。", "version": 1, "do": "save"})
        response = client_of(leader).post(key, {"text": "后改的。", "version": 1, "do": "save"})
        assert response.status_code == 400
        assert "刚被别人改过" in response.content.decode()
        assert "后改的。" in response.content.decode()

    def test_left_out_and_put_back(self, register, supervisor, client_of):
        briefing = making.make(supervisor, register, "situation")
        client = client_of(supervisor)
        key = reverse("reports:edit_paragraph", args=[briefing.pk, "late"])
        client.post(key, {"version": 1, "do": "omit"})
        assert "进度不平衡" not in [p.lead for p in making.composed(reread(briefing)).paragraphs]
        assert "去掉的段落" in page(client, briefing)
        client.post(key, {"version": 2, "do": "restore"})
        assert "进度不平衡。" in [p.lead for p in making.composed(reread(briefing)).paragraphs]

    def test_sections_are_chosen_and_ordered(self, register, supervisor, client_of):
        briefing = making.make(supervisor, register, "situation")
        places = {"place-problems": 1, "place-overall": 2, "place-domains": 0, "version": 1}
        client_of(supervisor).post(reverse("reports:choose_sections", args=[briefing.pk]), places)
        headings = [s.heading for s in making.composed(reread(briefing)).sections if s.level == 1]
        assert headings == ["一、存在的问题", "二、总体情况"]

    def test_a_secret_cannot_be_marked(self, register, supervisor, client_of):
        briefing = making.make(supervisor, register, "brief")
        head = reverse("reports:edit_head", args=[briefing.pk])
        response = client_of(supervisor).post(head, {"marking": "机密★1年", "version": 1})
        assert response.status_code == 400
        assert "非涉密系统" in response.content.decode()
        assert "机密★1年" in response.content.decode()
        client_of(supervisor).post(head, {"marking": "内部资料", "urgency": "特急", "version": 1})
        assert making.composed(reread(briefing)).cover == ("内部资料", "特急")
        with pytest.raises(ValidationError, match="只能是"):
            check_marking("绝对内部")

    def test_too_long_is_said(self, register, supervisor, client_of):
        briefing = making.make(supervisor, register, "brief")
        making.choose(briefing, supervisor, 1, edits={"numbers": "字" * 401})
        assert "请去掉次要的段落" in page(client_of(supervisor), briefing)


def reread(briefing):
    return Briefing.objects.get(pk=briefing.pk)


class TestRecord:
    def test_every_export_is_recorded_and_kept(self, register, supervisor, client_of):
        briefing = making.make(supervisor, register, "brief")
        client = client_of(supervisor)
        response = client.post(reverse("reports:export_briefing", args=[briefing.pk]), {"format": "docx"})
        content = b"".join(response.streaming_content)
        row = BriefingFile.objects.get()
        assert (row.state, row.size, row.made_by) == (FileState.READY, len(content), supervisor)
        event = AuditEvent.objects.get(action="导出专报")
        assert event.detail["sha256"] == row.sha256
        assert event.detail["snapshot"] == briefing.snapshot
        again = client.get(reverse("reports:briefing_file", args=[row.pk]))
        assert b"".join(again.streaming_content) == content
        assert row.sha256[:16] in page(client, briefing)

    def test_a_pair_that_there_is_not_is_refused_with_those_there_are(self, register, supervisor, client_of):
        briefing = making.make(supervisor, register, "slides")
        url = reverse("reports:export_briefing", args=[briefing.pk])
        response = client_of(supervisor).post(url, {"format": "docx"}, follow=True)
        assert "没有「slides」的 docx 格式" in response.content.decode()
        assert "slides（汇报幻灯片）：pptx、pdf" in response.content.decode()

    @pytest.mark.parametrize("kind", KINDS)
    def test_an_officer_gets_nothing_of_another_unit(self, register, officer, kind):
        briefing = making.make(officer, register, kind)
        assert briefing.unit == officer.unit
        assert "外单位" not in str(briefing.basis)
        assert "县公安局" not in str(briefing.basis)

    def test_those_of_the_county_are_hidden_from_an_officer(self, register, supervisor, officer, client_of):
        making.make(supervisor, register, "brief")
        text = client_of(officer).get(reverse("reports:briefing_list")).content.decode()
        assert "还没有起草过简报" in text


class TestManyMeasures:
    def test_the_worker_writes_a_long_ledger(self, register, supervisor, monkeypatch, client_of):
        monkeypatch.setattr("reports.briefing.basis.MOST_LINES", 1)
        briefing = making.make(supervisor, register, "ledger")
        assert not making.basis_of(briefing).whole
        with pytest.raises(ValidationError, match="请导出 Excel"):
            making.export(briefing, "pdf", supervisor)
        row = making.export(briefing, "xlsx", supervisor)
        assert row.state == FileState.MAKING
        assert "正在生成" in page(client_of(supervisor), briefing)
        tasks.make_ledger.call(row.pk)
        row.refresh_from_db()
        assert row.state == FileState.READY
        with row.file.open("rb") as stored:
            sheet = load_workbook(io.BytesIO(stored.read())).worksheets[0]
        said = [cell.value for cell in sheet["E"]]
        assert [text for text in said if text] == ["整改措施", "规范审批流程", "外单位的措施"]
        sha256 = row.sha256
        tasks.make_ledger.call(row.pk)
        row.refresh_from_db()
        assert row.sha256 == sha256

    def test_what_goes_wrong_stands_beside_the_file(self, register, supervisor, monkeypatch):
        monkeypatch.setattr("reports.briefing.basis.MOST_LINES", 1)
        row = making.export(making.make(supervisor, register, "ledger"), "xlsx", supervisor)
        monkeypatch.setattr("reports.briefing.xlsx.stream", lambda *a, **k: 1 / 0)
        tasks.make_ledger.call(row.pk)
        row.refresh_from_db()
        assert row.state == FileState.FAILED
        assert "请再导出一次" in row.error

    def test_it_keeps_to_the_scope_it_was_made_for(self, register, officer, monkeypatch):
        """Even where its author may see more by now."""
        monkeypatch.setattr("reports.briefing.basis.MOST_LINES", 0)
        row = making.export(making.make(officer, register, "ledger"), "xlsx", officer)
        officer.role, officer.unit = "supervisor", None
        officer.save()
        tasks.make_ledger.call(row.pk)
        row.refresh_from_db()
        with row.file.open("rb") as stored:
            sheet = load_workbook(io.BytesIO(stored.read())).worksheets[0]
        assert [cell.value for cell in sheet["E"] if cell.value][1:] == ["规范审批流程"]


class TestReconciliation:
    def test_it_claims_nothing_of_reports_that_the_person_may_not_see(self, register, supervisor, officer):
        said = {
            user.role: making.composed(making.make(user, register, "reconciliation")).paragraphs[0].plain
            for user in (supervisor, officer)
        }
        assert "尚无已采纳的全县报告" in said["supervisor"]
        assert "全县" not in said["officer"]
        assert "核对本单位报送情况" in said["officer"]

    def test_not_for_some_units_only(self, register, supervisor, client_of, unit):
        said = {"kind": "reconciliation", "units": [unit.pk]}
        response = client_of(supervisor).post(reverse("reports:new_briefing"), said)
        assert response.status_code == 400
        assert "不能只选几个单位" in response.content.decode()
        assert not Briefing.objects.exists()


class TestSchedule:
    @pytest.mark.parametrize(
        ("every", "day", "today", "due"),
        [
            ("week", 1, date(2024, 3, 6), date(2024, 3, 4)),
            ("week", 3, date(2024, 3, 6), date(2024, 3, 6)),
            ("month", 5, date(2024, 3, 4), date(2024, 2, 5)),
            ("month", 5, date(2024, 3, 5), date(2024, 3, 5)),
        ],
    )
    def test_when_it_is_due(self, every, day, today, due):
        assert schedule.due_day(every, day, today) == due

    @pytest.fixture
    def weekly(self, register, supervisor):
        return BriefingSchedule.objects.create(
            campaign=register, kind="brief", every="week", day=1, created_by=supervisor
        )

    def test_prepared_once_and_waiting_for_a_person(self, weekly, supervisor, client_of):
        today = timezone.localdate() + timedelta(days=8)
        monday = schedule.due_day("week", 1, today)
        with time_at(today):
            made = schedule.prepare_due(today)
            assert [briefing.as_of for briefing in made] == [monday - timedelta(days=1)]
            assert schedule.prepare_due(today) == []
            client = client_of(supervisor)
            assert "待审看的简报" in client.get(reverse("reports:todo")).content.decode()
            client.post(reverse("reports:look_at_briefing", args=[made[0].pk]))
            assert "待审看的简报" not in client.get(reverse("reports:todo")).content.decode()
        made[0].refresh_from_db()
        assert made[0].looked_by == supervisor

    def test_not_before_it_was_set(self, weekly):
        assert schedule.prepare_due(timezone.localdate() - timedelta(days=7)) == []

    def test_one_that_fails_does_not_keep_back_the_others(self, weekly, supervisor, monkeypatch):
        BriefingSchedule.objects.create(
            campaign=weekly.campaign, kind="circular", every="week", day=1, created_by=supervisor
        )
        make = making.make

        def fail(user, campaign, kind, *args, **kwargs):
            if kind == "brief":
                raise RuntimeError
            return make(user, campaign, kind, *args, **kwargs)

        monkeypatch.setattr(making, "make", fail)
        today = timezone.localdate() + timedelta(days=8)
        with time_at(today):
            assert [briefing.kind for briefing in schedule.prepare_due(today)] == ["circular"]

    def test_set_and_stopped_on_the_page(self, register, supervisor, client_of):
        client, url = client_of(supervisor), reverse("reports:schedule_list")
        client.post(url, {"kind": "brief", "every": "week", "day": 1})
        response = client.post(url, {"kind": "brief", "every": "week", "day": 2})
        assert "已有同样周期" in response.content.decode()
        assert (
            "请填 1 到 7" in client.post(url, {"kind": "brief", "every": "week", "day": 9}).content.decode()
        )
        client.post(reverse("reports:stop_schedule", args=[BriefingSchedule.objects.get().pk]))
        assert not BriefingSchedule.objects.get().active


def time_at(day):
    import time_machine

    return time_machine.travel(
        timezone.make_aware(timezone.datetime(day.year, day.month, day.day, 9)), tick=False
    )


def layout(*paragraphs, rows=()) -> ContentFile:
    document = Document()
    for text in paragraphs:
        document.add_paragraph(text)
    if rows:
        table = document.add_table(rows=0, cols=len(rows[0]))
        for row in rows:
            for cell, text in zip(table.add_row().cells, row, strict=True):
                cell.text = text
    content = io.BytesIO()
    document.save(content)
    return ContentFile(content.getvalue(), name="红头.docx")


class TestOwnTemplate:
    def upload(self, client, file, name="红头"):
        return client.post(reverse("reports:template_list"), {"name": name, "file": file})

    def test_filled_with_numbers_and_rows(self, register, supervisor, client_of):
        client = client_of(supervisor)
        file = layout(
            "{{ 标题 }}",
            "截至{{ 截至 }}，风险点{{ 风险点 }}处。",
            rows=[
                ("{%tr for 行 in 各单位 %}", ""),
                ("{{ 行.名称 }}", "{{ 行.措施总数 }}"),
                ("{%tr endfor %}", ""),
            ],
        )
        assert self.upload(client, file).status_code == 302
        briefing = making.make(supervisor, register, "situation")
        row = making.export(briefing, "docx", supervisor, template=BriefingTemplate.objects.get())
        with row.file.open("rb") as stored:
            made = Document(io.BytesIO(stored.read()))
        assert made.paragraphs[0].text == making.composed(briefing).title
        assert made.paragraphs[1].text.endswith("风险点3处。")
        assert [[c.text for c in r.cells] for r in made.tables[0].rows] == [
            ["县发展和改革局", "1"],
            ["县公安局", "1"],
        ]

    def test_each_wrong_placeholder_and_its_paragraph(self, register, supervisor, client_of):
        response = self.upload(
            client_of(supervisor),
            layout("开头", "共{{ 风险店 }}处", "{%p for 行 in 各县 %}", "{{ 行.名字 }}"),
        )
        text = response.content.decode()
        assert response.status_code == 400
        assert "第2段「共{{ 风险店 }}处」：没有占位符「风险店」" in text
        assert "没有列表「各县」" in text
        assert "没有「名字」这一栏" in text
        assert not BriefingTemplate.objects.exists()

    @pytest.mark.parametrize(
        "inside",
        [
            "{{ ''.__class__.__mro__[1].__subclasses__() }}",
            "{{ 正文.__init__.__globals__ }}",
            "{% for x in ().__class__.__bases__ %}{{ x }}{% endfor %}",
            "{{ 标题",
            "{% if %}",
        ],
    )
    def test_it_cannot_reach_into_the_program(self, register, supervisor, client_of, inside):
        response = self.upload(client_of(supervisor), layout(inside))
        assert response.status_code == 400
        assert not BriefingTemplate.objects.exists()

    @pytest.mark.parametrize("content", [b"", b"no archive", b"PK\x03\x04"])
    def test_what_is_no_word_file(self, register, supervisor, client_of, content):
        response = self.upload(client_of(supervisor), ContentFile(content, name="a.docx"))
        assert response.status_code == 400

    def test_a_large_file_is_refused_before_it_is_read(self, register, supervisor, client_of):
        content = ContentFile(b"0" * (own_template.MOST_BYTES + 1), name="a.docx")
        text = self.upload(client_of(supervisor), content).content.decode()
        assert "5.0 MB，最多 5 MB" in text

    def test_names_are_no_markup(self, register, supervisor, client_of, unit):
        unit.name = "县<b>局&"
        unit.save()
        self.upload(
            client_of(supervisor), layout("{%p for 行 in 各单位 %}", "{{ 行.名称 }}", "{%p endfor %}")
        )
        row = making.export(
            making.make(supervisor, register, "situation"), "docx", supervisor,
            template=BriefingTemplate.objects.get(),
        )  # fmt: skip
        with row.file.open("rb") as stored:
            assert "县<b>局&" in [p.text for p in Document(io.BytesIO(stored.read())).paragraphs]


class TestCommand:
    @pytest.mark.parametrize(
        ("kind", "form"), [(kind, form) for kind, described in KINDS.items() for form in described.formats]
    )
    def test_every_pair(self, register, tmp_path, kind, form):
        output = tmp_path / f"b.{form}"
        call_command("export_briefing", kind=kind, format=form, output=output)
        assert output.stat().st_size > 1000

    def test_in_the_scope_of_a_person(self, register, officer, tmp_path):
        output = tmp_path / "b.docx"
        call_command("export_briefing", kind="situation", format="docx", output=output, user=officer.username)
        text = "".join(p.text for p in Document(io.BytesIO(output.read_bytes())).paragraphs)
        assert "风险点2处" in text
        assert "外单位" not in text
        assert AuditEvent.objects.get(action="导出情况报告").actor_username == officer.username

    @pytest.mark.parametrize(
        ("options", "words"),
        [
            ({"kind": "situation", "format": "pptx"}, "situation（情况报告）：docx、pdf"),
            ({"kind": "poem", "format": "docx"}, "没有「poem」"),
            ({"kind": "situation", "format": "docx", "as_of": "昨天"}, "不是日期"),
            ({"kind": "situation", "format": "docx", "as_of": "2024-02-31"}, "不是日期"),
            ({"kind": "situation", "format": "docx", "as_of": "2099-01-01"}, "不能晚于今天"),
            ({"kind": "situation", "format": "docx", "user": "nobody"}, "没有用户名"),
            ({"kind": "situation", "format": "docx", "campaign": "没有"}, "没有专项行动"),
            ({"kind": "situation", "format": "docx", "marking": "秘密"}, "非涉密系统"),
        ],
    )
    def test_what_is_refused(self, tmp_path, campaign, options, words):
        with pytest.raises(CommandError, match=words):
            call_command("export_briefing", output=tmp_path / "b", **options)


def test_the_page_asks_the_same_of_the_database_at_any_size(register, supervisor, client_of):
    client = client_of(supervisor)

    def asked() -> int:
        briefing = making.make(supervisor, register, "situation")
        page(client, briefing)
        with CaptureQueriesContext(connection) as captured:
            page(client, briefing)
        return len(captured)

    few = asked()
    for _ in range(20):
        each = factories.UnitFactory()
        factories.ParticipationFactory(campaign=register, unit=each)
        factories.MeasureFactory(campaign=register, unit=each)
    assert asked() == few


class TestRounds:
    def waiting(self):
        path = tasks.prepare_briefings.module_path
        return DBTaskResult.objects.filter(task_path=path, status=TaskResultStatus.READY)

    def test_one_round_waits_however_often_the_worker_starts(self, settings):
        settings.TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}
        tasks.begin_rounds()
        tasks.begin_rounds()
        assert self.waiting().count() == 1

    def test_after_a_round_the_next_waits_for_the_morning(self, settings):
        settings.TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}
        tasks.prepare_briefings.call()
        tasks.prepare_briefings.call()
        when = timezone.localtime(self.waiting().get().run_after)
        assert when.date() == timezone.localdate() + timedelta(days=1)
        assert when.hour == tasks.EARLY.hour
