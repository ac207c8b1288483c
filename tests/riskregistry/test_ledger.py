"""整改台账: grouped, on a board, over time; many steps at once; its files."""

from __future__ import annotations

import io
from datetime import timedelta

import openpyxl
import pytest
from django.core.management import call_command
from django.utils import timezone

from riskregistry import ledger
from riskregistry.enums import MeasureState
from riskregistry.lights import with_light
from riskregistry.models import Measure, Notice
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def measures(campaign, unit, officer):
    today = timezone.localdate()
    complete = {"campaign": campaign, "unit": unit, "text": "内容", "responsible": "张三"}
    domain = factories.DomainFactory(name="行政审批")
    late = factories.MeasureFactory(
        **complete, heading="逾期的", due=today - timedelta(days=2), domain=domain
    )
    applied = factories.MeasureFactory(
        **complete, heading="待核验的", due=today, state=MeasureState.APPLIED, applied_by=officer
    )
    factories.EvidenceFactory(measure=applied, uploaded_by=officer)
    bare = factories.MeasureFactory(
        campaign=campaign, heading="别家的", state=MeasureState.APPLIED, applied_by=officer
    )
    closed = factories.MeasureFactory(campaign=campaign, unit=unit, heading="销号的", closed=True)
    return {"late": late, "applied": applied, "bare": bare, "closed": closed}


@pytest.mark.parametrize("by", ledger.GROUPS)
def test_every_grouping_holds_each_measure_once(measures, by):
    today = timezone.localdate()
    groups = ledger.grouped(Measure.objects.select_related("unit", "domain"), by, today, 7)
    assert sorted(m.pk for group in groups for m in group.measures) == sorted(m.pk for m in measures.values())
    assert len({group.name for group in groups}) == len(groups)


def test_groups_stand_in_their_own_order(measures):
    today = timezone.localdate()
    rows = Measure.objects.select_related("unit", "domain")
    assert [group.name for group in ledger.grouped(rows, "light", today, 7)] == [
        "逾期",
        "临近到期",
        "按期推进",
        "已完成",
    ]
    assert ledger.grouped(rows, "domain", today, 7)[-1].name == "未归领域"


@pytest.mark.parametrize("view", ["list", "board", "gantt", "nonsense"])
def test_the_views(client_of, supervisor, measures, view):
    response = client_of(supervisor).get("/ledger/", {"view": view})
    assert response.status_code == 200
    assert "逾期的" in response.content.decode()


def test_bars_lie_between_their_dates(measures):
    today = timezone.localdate()
    rows = [with_light(m, today, 7) for m in Measure.objects.select_related("unit")]
    drawn = ledger.gantt(rows, today)
    assert {bar.measure.heading for bar in drawn.bars} == {"逾期的", "待核验的"}
    assert drawn.undated == 2
    for bar in drawn.bars:
        assert 0 <= bar.x <= bar.x + bar.width <= ledger.WIDTH + 4
        assert 0 <= bar.done <= bar.width
    assert ledger.gantt([m for m in rows if m.due is None], today) is None


def test_many_steps_after_a_preview(client_of, supervisor, measures):
    client = client_of(supervisor)
    keys = [measures["applied"].pk, measures["bare"].pk, measures["late"].pk]
    page = client.post("/ledger/steps/", {"code": "verify", "pk": keys})
    preview = page.context["preview"]
    assert preview.ready == [measures["applied"]]
    why = dict(preview.refused)
    assert "没有佐证材料" in why[measures["bare"]]
    assert "整改中" in why[measures["late"]]
    seen = [f"{m.pk}:{m.version}" for m in preview.ready]
    done = client.post(
        "/ledger/steps/", {"code": "verify", "go": "1", "comment": "看过", "seen": seen}, follow=True
    )
    assert "1 项" in done.content.decode()
    measures["applied"].refresh_from_db()
    assert measures["applied"].state == MeasureState.CLOSED
    assert measures["applied"].entries.get().comment == "看过"


def test_one_that_changed_meanwhile_holds_back_no_other(client_of, supervisor, measures):
    other = measures["bare"]
    factories.EvidenceFactory(measure=other)
    Measure.objects.filter(pk=other.pk).update(responsible="李四", text="内容", due=timezone.localdate())
    seen = [f"{measures['applied'].pk}:99", f"{other.pk}:{other.version}"]
    said = {"code": "return", "go": "1", "comment": "再看", "seen": seen}
    page = client_of(supervisor).post("/ledger/steps/", said, follow=True).content.decode()
    assert "您查看之后别人改动过" in page
    other.refresh_from_db()
    assert other.state == MeasureState.IN_PROGRESS


def test_whoever_may_not_take_a_step_is_told(client_of, officer, measures):
    page = client_of(officer).post("/ledger/steps/", {"code": "verify", "pk": [1]}, follow=True)
    assert "请选择要办理的步骤" in page.content.decode()


def sheet(book: bytes, title: str) -> list[dict[str, object]]:
    header, *rows = openpyxl.load_workbook(io.BytesIO(book))[title].iter_rows(values_only=True)
    return [dict(zip(header, row, strict=True)) for row in rows]


def test_the_four_lists(client_of, supervisor, measures, campaign, unit):
    item = factories.RiskItemFactory(campaign=campaign, unit=unit, name="=1+1")
    measures["late"].risk_items.add(item)
    book = client_of(supervisor).get("/ledger/file/lists/").content
    assert sheet(book, "问题清单")[0]["问题（风险）"] == "=1+1"
    assert sheet(book, "问题清单")[0]["整改措施"] == "逾期的"
    assert len(sheet(book, "措施清单")) == 4
    assert [row["时限情况"] for row in sheet(book, "时限清单")][:2] == ["逾期", "临近到期"]
    assert {row["责任人"] for row in sheet(book, "责任清单")} == {"张三", "未填"}


def test_the_closing_list(client_of, supervisor, measures):
    (row,) = sheet(client_of(supervisor).get("/ledger/file/closing/").content, "销号台账")
    assert (row["措施标题"], row["核验人"]) == ("销号的", measures["closed"].verified_by.name)


def test_files_hold_what_one_sees(client_of, officer, measures, campaign):
    factories.ParticipationFactory(campaign=campaign, unit=officer.unit)
    book = client_of(officer).get("/ledger/file/lists/").content
    assert "别家的" not in {row["措施标题"] for row in sheet(book, "措施清单")}


def test_queries_do_not_grow(client_of, supervisor, measures, campaign, django_assert_max_num_queries):
    factories.MeasureFactory.create_batch(30, campaign=campaign)
    client = client_of(supervisor)
    with django_assert_max_num_queries(14):
        client.get("/ledger/")
    with django_assert_max_num_queries(20):
        client.get("/ledger/file/lists/")


def test_many_are_chased_at_once(client_of, supervisor, officer, measures):
    client = client_of(supervisor)
    keys = [measures["late"].pk, measures["closed"].pk]
    shown = client.post("/ledger/steps/", {"code": "chase", "pk": keys}).content.decode()
    assert "将催办 <strong>1</strong> 项" in shown
    client.post("/ledger/steps/", {"code": "chase", "go": "1", "pk": keys, "comment": "本周内报进展"})
    (notice,) = Notice.objects.all()
    assert notice.user == officer
    assert "催办：本周内报进展" in notice.text


def test_a_digest_is_mailed_once(officer, mailoutbox, capsys):
    officer.email = "officer@example.com"
    officer.save()
    Notice.objects.create(user=officer, text="措施被退回")
    Notice.objects.create(user=factories.UserFactory(), text="没有邮箱的人")
    call_command("send_digest")
    call_command("send_digest")
    (mail,) = mailoutbox
    assert (mail.to, "措施被退回" in mail.body) == (["officer@example.com"], True)
