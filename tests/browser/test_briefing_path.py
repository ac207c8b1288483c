"""A supervisor drafts, edits around the numbers and exports; a leader opens it again; without scripts too."""

from __future__ import annotations

import io
from datetime import timedelta

import pytest
from django.utils import timezone
from docx import Document

from tests import factories
from tests.browser.conftest import accessibility_faults

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def county(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    campaign = factories.CampaignFactory(name="以案促改", next_steps=[{"heading": "加强复查", "text": ""}])
    unit, domain = factories.UnitFactory(name="县财政局"), factories.DomainFactory(name="项目投资")
    factories.ParticipationFactory(campaign=campaign, unit=unit)
    factories.RiskItemFactory(campaign=campaign, unit=unit, domain=domain, kind="point")
    late = timezone.localdate() - timedelta(days=3)
    factories.MeasureFactory(campaign=campaign, unit=unit, heading="规范审批流程", due=late)
    return {"supervisor": factories.UserFactory(), "leader": factories.UserFactory(leader=True)}


def test_from_a_draft_to_a_file(page, sign_in, live_server, county, complaints, tmp_path):
    page = sign_in(county["supervisor"])
    page.goto(f"{live_server.url}/briefings/")
    page.get_by_role("button", name="起草并预览").click()
    assert page.get_by_role("heading", name="关于以案促改进展情况的报告").is_visible()

    paragraph = page.locator("#p-late")
    assert paragraph.locator(".paper-number").all_inner_texts() == ["1"]
    paragraph.get_by_text("改写", exact=True).click()
    box = paragraph.get_by_label("这一段的文字")
    field = box.input_value().split("〔")[1].split("〕")[0]
    box.fill(f"没有按时完成的有〔{field.replace('=1', '=0')}〕项。")
    paragraph.get_by_role("button", name="保存").click()
    assert page.get_by_text("由系统填写，不能改成0").is_visible()
    box = page.locator("#p-late").get_by_label("这一段的文字")
    box.fill(f"没有按时完成的有〔{field}〕项。")
    page.locator("#p-late").get_by_role("button", name="保存").click()
    assert page.get_by_text("已改文字，数字随系统").is_visible()

    with page.expect_download() as download:
        page.get_by_role("button", name="导出 Word").click()
    target = tmp_path / "b.docx"
    download.value.save_as(target)
    said = [p.text for p in Document(io.BytesIO(target.read_bytes())).paragraphs]
    assert "进度不平衡。没有按时完成的有1项。" in said
    complaints[:] = [line for line in complaints if "400" not in line and "export" not in line]
    assert complaints == []

    page.context.clear_cookies()
    page = sign_in(county["leader"])
    page.goto(f"{live_server.url}/briefings/")
    with page.expect_download() as again:
        page.get_by_role("link", name="Word").click()
    again.value.save_as(tmp_path / "again.docx")
    assert (tmp_path / "again.docx").read_bytes() == target.read_bytes()


@pytest.mark.parametrize(
    "address", ["", "1/", "templates/", "schedules/", "fonts/"], ids=lambda a: a.strip("/") or "list"
)
def test_pages_can_be_used_by_everybody(page, sign_in, live_server, county, address):
    from reports.briefing import making
    from riskregistry.models import Campaign

    briefing = making.make(county["supervisor"], Campaign.objects.get(), "situation")
    page = sign_in(county["supervisor"])
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto(f"{live_server.url}/briefings/{address.replace('1', str(briefing.pk))}")
    assert accessibility_faults(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= 390


def test_without_scripts(without_scripts, live_server, county):
    from django.test import Client

    client = Client()
    client.force_login(county["supervisor"], backend="accounts.backends.AccountBackend")
    page = without_scripts
    page.context.add_cookies(
        [{"name": "sessionid", "value": client.cookies["sessionid"].value, "url": live_server.url}]
    )
    page.goto(f"{live_server.url}/briefings/")
    page.get_by_label("种类").select_option("onepage")
    page.get_by_role("button", name="起草并预览").click()
    with page.expect_download() as download:
        page.get_by_role("button", name="导出 Excel").click()
    assert download.value.suggested_filename.endswith(".xlsx")
