"""The main job in a real browser: a county report uploaded, reviewed beside its text, accepted, shown."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.core.management import call_command
from playwright.sync_api import expect

from accounts.models import Unit
from reports.models import Report
from riskregistry.models import Campaign, Measure
from tests.browser.conftest import accessibility_faults
from tests.reports import documents
from tests.reports.test_intake import work

SEED = Path(__file__).resolve().parents[3] / "shared" / "seeds" / "county_report.txt"


@pytest.fixture
def uploaded(page, live_server, supervisor, campaign, sign_in, tmp_path):
    """uploaded(path) → the review page of that file, uploaded by hand and read by the worker."""

    def upload(path):
        sign_in(supervisor).goto(f"{live_server.url}/reports/upload/")
        page.get_by_label("专项行动", exact=True).last.select_option(label=campaign.name)
        page.get_by_label("谁的报告").select_option(label="全县")
        page.get_by_label("报告文件").set_input_files(path)
        page.get_by_role("button", name="上传并读取").click()
        expect(page.get_by_role("status")).to_contain_text("等待读取")
        work()
        # The page asks by itself and shows the review when reading has ended.
        expect(page.get_by_role("heading", name="原文")).to_be_visible(timeout=15_000)
        return page

    return upload


@pytest.fixture
def review(uploaded, tmp_path):
    path = tmp_path / "报告.docx"
    path.write_bytes(documents.docx_bytes())
    return uploaded(path)


def test_a_passage_shows_its_fact_and_a_fact_its_passage(review, complaints):
    figure = Report.objects.get().figures.filter(scope="total", kind="post").get()
    review.locator(f'.passage[data-facts~="f{figure.pk}"]').first.click()
    card = review.locator(f"#f{figure.pk}")
    expect(card).to_have_class("fact-card decision-pending chosen")
    expect(card).to_be_in_viewport()

    other = Report.objects.get().statements.filter(type="measure").last()
    review.locator(f"#s{other.pk} .fact-summary").click()
    passage = review.locator(f'.passage[data-facts~="s{other.pk}"]').first
    expect(passage).to_have_class("passage passage-measure chosen")
    expect(passage).to_be_in_viewport()
    assert complaints == []


def test_one_fact_is_decided_without_leaving_the_place(review):
    figure = Report.objects.get().figures.filter(scope="total", kind="post").get()
    card = review.locator(f"#f{figure.pk}")
    card.get_by_role("button", name="采纳：", exact=False).first.click()
    expect(card.locator(".decision")).to_have_text("采纳")
    expect(review.locator("#standing")).to_contain_text("待审")
    card.get_by_role("button", name="重新审核").click()
    expect(card.locator(".decision")).to_have_count(0)


def test_the_review_page_has_no_accessibility_faults(review):
    assert accessibility_faults(review) == []


@pytest.mark.skipif(not SEED.exists(), reason="the county's real report is not beside this checkout")
def test_the_real_report_from_upload_to_overview(uploaded, page, live_server, campaign):
    call_command("load_domains", verbosity=0)
    uploaded(SEED)
    expect(page.locator(".discrepancy")).to_have_count(1)
    expect(page.locator(".discrepancy")).to_contain_text("推算为 27")
    assert "gwsx" not in page.content()

    page.get_by_label("核实情况").fill("行政审批领域的关键环节未写入报告，已向有关单位核实。")
    page.get_by_role("button", name="确认不符并说明").click()
    page.get_by_role("button", name="采纳全部一致项").click()
    page.get_by_role("button", name="写入台账").click()
    expect(page.get_by_text("内容已写入台账")).to_be_visible()

    assert Unit.objects.filter(participations__campaign=campaign).count() == 13
    assert Measure.objects.filter(campaign=campaign).count() >= 18
    assert len(Campaign.objects.get().next_steps) == 3
    page.goto(live_server.url)
    for label, value in (("风险岗位", "108"), ("风险点", "129"), ("关键环节", "84")):
        card = page.locator(".number", has_text=f"{label}（报告数）")
        expect(card.locator(".number-value")).to_contain_text(value)
    expect(page.locator(".number", has_text="参加单位").first).to_contain_text("报告数 26")
    expect(page.locator(".number", has_text="整改措施").locator(".number-value").first).to_contain_text("19")
    bars = page.locator("#chart-domains .barlayer .point, [data-chart='chart-domains'] .barlayer .point")
    expect(bars.first).to_be_attached()
    assert bars.count() == 18, "six domains, three kinds"
    expect(page.locator("figure[data-chart] .main-svg").first).to_be_visible()
