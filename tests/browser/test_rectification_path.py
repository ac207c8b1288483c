"""Officer → supervisor → leader, in three browsers at once, from a ledger to a closed measure."""

from __future__ import annotations

from datetime import date

import pytest
from django.test import Client
from playwright.sync_api import Browser, Page

from accounts.models import User
from riskregistry.enums import MeasureState
from riskregistry.models import Measure, RiskItem
from tests import factories
from tests.browser.conftest import accessibility_faults
from tests.factories import picture
from tests.riskregistry.imports.ledgers import workbook

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def county(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    campaign = factories.CampaignFactory(needs_approval=True, name="以案促改")
    officer = factories.UserFactory(officer=True, name="联络员甲")
    factories.ParticipationFactory(campaign=campaign, unit=officer.unit)
    factories.DomainFactory(name="行政审批")
    return {
        "campaign": campaign,
        "officer": officer,
        "supervisor": factories.UserFactory(name="监督员乙"),
        "leader": factories.UserFactory(leader=True, name="领导丙"),
    }


@pytest.fixture
def complained() -> list[str]:
    """What any of the browsers complains of."""
    return []


@pytest.fixture
def enter(browser: Browser, live_server, county, complained):
    """enter(who) → a page of a browser of their own, signed in."""
    contexts = []

    def open_(who: str, **options) -> Page:
        user: User = county[who]
        client = Client()
        client.force_login(user, backend="accounts.backends.AccountBackend")
        context = browser.new_context(locale="zh-CN", base_url=live_server.url, **options)
        contexts.append(context)
        context.add_cookies(
            [{"name": "sessionid", "value": client.cookies["sessionid"].value, "url": live_server.url}]
        )
        page = context.new_page()
        page.on("pageerror", lambda error: complained.append(str(error)))
        return page

    yield open_
    for context in contexts:
        context.close()


def wait_until(page: Page, expression: str) -> None:
    """Asked from outside, time and again: a page under our policy may not evaluate text by itself."""
    for _ in range(100):
        if page.evaluate(expression):
            return
        page.wait_for_timeout(100)
    pytest.fail(f"never true: {expression}")


def test_from_a_ledger_to_a_closed_measure(enter, county, complained, tmp_path):
    ledger = tmp_path / "台账.xlsx"
    header = ["岗位", "风险点", "领域", "风险等级", "防控措施", "责任人", "整改时限"]
    row = ["窗口人员", "超时办件", "行政审批", "一级", "1.推行限时办结", "张三", "2030-06-30"]
    ledger.write_bytes(workbook([header, row]))
    photo = tmp_path / "现场.png"
    photo.write_bytes(picture().read())

    # The officer brings the ledger in, and records progress on a telephone.
    mine = enter("officer", viewport={"width": 390, "height": 844}, has_touch=True)
    mine.goto("/imports/")
    mine.set_input_files("#id_file", str(ledger))
    mine.get_by_role("button", name="上传并比对").click()
    assert mine.get_by_text("新增 2").is_visible()
    mine.get_by_role("button", name="确认导入").click()
    assert mine.get_by_text("已导入。").is_visible()
    assert RiskItem.objects.count() == 2
    measure = Measure.objects.get()
    mine.goto(f"/measures/{measure.pk}/")
    mine.fill("#progress_percent", "40")
    mine.fill("#progress_comment", "制度初稿已经印发")
    mine.set_input_files("#progress_uploads", str(photo))
    mine.get_by_role("button", name="记录进展").click()
    assert mine.get_by_text("已记录进展").is_visible()
    mine.locator(".evidence img").first.scroll_into_view_if_needed()
    wait_until(mine, "document.querySelector('.evidence img').naturalWidth > 0")
    mine.goto(f"/measures/{measure.pk}/steps/apply/")
    mine.fill("#apply_comment", "三个月无超时件")
    mine.get_by_role("button", name="申请销号").click()
    assert mine.get_by_text("已申请销号").is_visible()

    # The supervisor finds it waiting, and passes it on.
    theirs = enter("supervisor", viewport={"width": 1366, "height": 768})
    theirs.goto("/todo/")
    theirs.get_by_role("link", name="推行限时办结").first.click()
    theirs.get_by_role("link", name="核验通过，报领导审批").click()
    theirs.fill("#pass_on_comment", "看过现场，属实")
    theirs.get_by_role("button", name="核验通过，报领导审批").click()

    # The leader approves.
    last = enter("leader", viewport={"width": 1920, "height": 1080})
    last.goto("/todo/")
    last.get_by_role("link", name="推行限时办结").first.click()
    last.get_by_role("link", name="批准销号").click()
    last.get_by_role("button", name="批准销号").click()
    measure.refresh_from_db()
    assert measure.state == MeasureState.CLOSED
    assert {measure.applied_by.name, measure.verified_by.name, measure.approved_by.name} == {
        "联络员甲",
        "监督员乙",
        "领导丙",
    }
    mine.goto("/todo/")
    assert mine.get_by_text("领导丙：批准销号").is_visible()
    with mine.expect_download() as download:
        mine.goto(f"/measures/{measure.pk}/")
        mine.get_by_role("link", name="销号单（Word）").click()
    assert download.value.suggested_filename.startswith("销号单-")
    assert complained == []


def test_what_was_typed_outlives_a_lost_connection(enter, county):
    measure = factories.MeasureFactory(
        campaign=county["campaign"], unit=county["officer"].unit, due=date(2030, 1, 1)
    )
    page = enter("officer")
    page.goto(f"/measures/{measure.pk}/")
    page.fill("#progress_comment", "写了很久的一段话")
    page.context.set_offline(True)
    page.get_by_role("button", name="记录进展").click()
    page.context.set_offline(False)
    page.goto(f"/measures/{measure.pk}/")
    assert page.input_value("#progress_comment") == "写了很久的一段话"
    page.get_by_role("button", name="记录进展").click()
    assert page.get_by_text("已记录进展").is_visible()
    assert page.input_value("#progress_comment") == ""


@pytest.mark.parametrize(
    "path", ["/ledger/", "/ledger/?view=board", "/ledger/?view=gantt", "/trends/", "/todo/", "/submissions/",
             "/imports/", "/risks/", "/letters/", "/lookback/", "/signs/", "/search/?q=办", "/domains/"],
)  # fmt: skip
def test_pages_can_be_used_by_everyone(enter, county, complained, path):
    for state in (MeasureState.IN_PROGRESS, MeasureState.NOT_STARTED):
        factories.MeasureFactory(
            campaign=county["campaign"],
            unit=county["officer"].unit,
            state=state,
            heading="推行限时办结",
            due=date(2024, 1, 1),
        )
    factories.RiskItemFactory(campaign=county["campaign"], unit=county["officer"].unit, name="超时办件")
    page = enter("supervisor", viewport={"width": 390, "height": 844})
    page.goto(path)
    assert accessibility_faults(page) == []
    wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert wide <= 0, f"{path} is {wide} px wider than a telephone"
    assert complained == []
