"""The pages of the steps: what they offer, what they refuse, and that nothing typed is lost."""

from __future__ import annotations

from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from accounts.models import AuditEvent
from riskregistry.enums import ExtensionState, MeasureState
from riskregistry.models import Evidence, ExtensionRequest, Measure, ProgressEntry
from riskregistry.rectification import apply_transition
from tests import factories
from tests.factories import picture

pytestmark = pytest.mark.django_db


@pytest.fixture
def media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    return tmp_path


@pytest.fixture
def measure(unit, campaign):
    return factories.MeasureFactory(
        unit=unit, campaign=campaign, text="内容", responsible="责任人", due=date(2030, 1, 1)
    )


def step_url(measure: Measure, code: str) -> str:
    return reverse("riskregistry:step", args=[measure.pk, code])


def form(measure: Measure, **values: object) -> dict[str, object]:
    return {"version": measure.version, "token": "t1", "comment": "说明", **values}


def test_the_page_of_a_measure_offers_what_may_be_done(client_of, officer, supervisor, leader, measure):
    page = client_of(officer).get(reverse("riskregistry:measure", args=[measure.pk])).content.decode()
    assert "记录进展" in page
    assert "申请销号" in page
    assert "还缺：没有佐证材料" in page
    assert "申请延期" in page
    assert "取消" not in page.partition("下一步")[2].partition("</section>")[0]
    assert (
        "取消"
        in client_of(supervisor).get(reverse("riskregistry:measure", args=[measure.pk])).content.decode()
    )
    assert (
        "下一步"
        not in client_of(leader).get(reverse("riskregistry:measure", args=[measure.pk])).content.decode()
    )


def test_progress_with_a_picture(client_of, officer, measure, media):
    sent = client_of(officer).post(
        step_url(measure, "progress"), form(measure, percent=30, uploads=[picture()]), follow=True
    )
    assert "已记录进展" in sent.content.decode()
    entry = ProgressEntry.objects.get()
    assert (entry.percent, entry.comment) == (30, "说明")
    page = sent.content.decode()
    file = Evidence.objects.get()
    assert reverse("riskregistry:evidence_small", args=[file.pk]) in page
    small = client_of(officer).get(reverse("riskregistry:evidence_small", args=[file.pk]))
    assert small["Content-Type"] == "image/jpeg"
    whole = client_of(officer).get(reverse("riskregistry:evidence", args=[file.pk]))
    assert b"".join(whole.streaming_content).startswith(b"\x89PNG")
    assert AuditEvent.objects.filter(action="查看佐证材料").exists()


def test_a_wrong_file_is_named_and_the_text_stays(client_of, officer, measure, media):
    wrong = SimpleUploadedFile("说明.exe", b"MZ")
    answer = client_of(officer).post(
        step_url(measure, "progress"),
        form(measure, percent=30, comment="写了很久的话", uploads=[wrong, picture()]),
    )
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "「说明.exe」不是可以上传的类型" in page
    assert "写了很久的话" in page
    assert not ProgressEntry.objects.exists()


def test_the_second_of_two_is_told_and_loses_nothing(client_of, officer, supervisor, measure, media):
    apply_transition(measure.pk, "progress", actor=supervisor, comment="先到的话", percent=55)
    answer = client_of(officer).post(
        step_url(measure, "progress"),
        form(measure, percent=30, comment="后到的话", uploads=[picture("乙.png")]),
    )
    page = answer.content.decode()
    assert answer.status_code == 409
    for said in ("别人改动过", "先到的话", "后到的话", "文件须重新选择：乙.png", "55"):
        assert said in page
    assert ProgressEntry.objects.count() == 1
    # Sent again from the page that came back, it goes in.
    measure.refresh_from_db()
    assert f'name="version" value="{measure.version}"' in page
    client_of(officer).post(step_url(measure, "progress"), form(measure, percent=60, comment="后到的话"))
    assert ProgressEntry.objects.count() == 2


def test_a_field_changed_by_another_is_shown_from_what_to_what(client_of, officer, measure):
    seen = form(measure, percent=30)
    changed = Measure.objects.get(pk=measure.pk)
    changed.responsible, changed.version = "新责任人", changed.version + 1
    changed.save()
    page = client_of(officer).post(step_url(measure, "progress"), seen).content.decode()
    assert "责任人" in page.partition("您打开时")[2]
    assert "新责任人" in page.partition("您打开时")[2]


def test_what_is_missing_is_said_before_and_after(client_of, officer, measure):
    assert "还缺：没有佐证材料" in client_of(officer).get(step_url(measure, "apply")).content.decode()
    answer = client_of(officer).post(step_url(measure, "apply"), form(measure))
    assert answer.status_code == 422
    assert "没有佐证材料" in answer.content.decode()


def test_a_step_of_another_state(client_of, supervisor, measure):
    answer = client_of(supervisor).get(step_url(measure, "verify"))
    assert "这一步现在不能办理" in answer.content.decode()
    assert client_of(supervisor).get(step_url(measure, "nonsense")).status_code == 404


def test_an_extension_from_asking_to_answer(client_of, officer, supervisor, measure):
    ask = reverse("riskregistry:extension", args=[measure.pk])
    assert client_of(officer).get(ask).status_code == 200
    values = {"version": measure.version, "token": "x", "new_due": "2029-01-01", "reason": "设备未到"}
    early = client_of(officer).post(ask, values)
    assert "须晚于现在的时限 2030-01-01" in early.content.decode()
    client_of(officer).post(ask, {**values, "new_due": "2031-01-01"})
    asked = ExtensionRequest.objects.get()
    page = client_of(supervisor).get(reverse("riskregistry:measure", args=[measure.pk])).content.decode()
    assert "同意延期" in page
    decide = reverse("riskregistry:decide_extension", args=[asked.pk])
    refused = client_of(supervisor).post(decide, {"grant": "0"}, follow=True)
    assert "没有填写不同意的原因" in refused.content.decode()
    client_of(supervisor).post(decide, {"grant": "1"})
    asked.refresh_from_db()
    measure.refresh_from_db()
    assert asked.state == ExtensionState.GRANTED
    page = client_of(officer).get(reverse("riskregistry:measure", args=[measure.pk])).content.decode()
    assert "2031-01-01（原定 2030-01-01）" in page


def test_a_closed_measure_offers_the_officer_nothing(client_of, officer, campaign, unit):
    closed = factories.MeasureFactory(unit=unit, campaign=campaign, closed=True)
    page = client_of(officer).get(reverse("riskregistry:measure", args=[closed.pk])).content.decode()
    assert "下一步" not in page
    assert "记录进展</h2>" not in page
    assert closed.state == MeasureState.CLOSED
