"""Charts are drawn under the content security policy, lead to the lists behind them, and have their table."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.factories import DomainFactory, MeasureFactory, ParticipationFactory, RiskItemFactory

# plotly asks for inline styles, the policy refuses them, and the chart is drawn all the same.
EXPECTED = "style-src"


@pytest.fixture
def register(campaign, unit):
    ParticipationFactory(campaign=campaign, unit=unit)
    domain = DomainFactory(name="项目投资")
    RiskItemFactory.create_batch(5, campaign=campaign, unit=unit, domain=domain)
    MeasureFactory.create_batch(2, campaign=campaign, unit=unit, domain=domain)


@pytest.fixture
def overview(page, live_server, supervisor, register, sign_in, complaints):
    sign_in(supervisor).goto(live_server.url)
    page.wait_for_selector("figure[data-chart] .main-svg")
    return page


def test_charts_are_drawn_and_nothing_is_wrong(overview, complaints):
    figures = overview.locator("figure[data-chart]")
    assert figures.count() > 0
    for number in range(figures.count()):
        expect(figures.nth(number).locator(".main-svg").first).to_be_visible()
    assert [said for said in complaints if EXPECTED not in said] == []


def test_a_drawn_chart_folds_its_table_and_a_keyboard_unfolds_it(overview):
    table = overview.locator("figure[data-chart] .chart-table").first
    expect(table).not_to_have_attribute("open", "")
    table.locator("summary").focus()
    overview.keyboard.press("Enter")
    expect(table.locator("table")).to_be_visible()


def test_a_mark_leads_to_the_list_behind_it(overview, live_server):
    marks = overview.locator("figure[data-chart] .barlayer .point path")
    shape = next(box for mark in marks.all() if (box := mark.bounding_box()) and box["width"] > 5)
    overview.mouse.click(shape["x"] + shape["width"] / 2, shape["y"] + shape["height"] / 2)
    overview.wait_for_url(lambda address: "domain=" in address)


def test_without_scripts_the_table_stands_open(without_scripts, live_server, supervisor, register):
    page = without_scripts
    page.goto(f"{live_server.url}/accounts/login/")
    page.get_by_label("用户名").fill(supervisor.username)
    page.get_by_label("密码").fill("Qingyu-test-1")
    page.get_by_role("button", name="登录").click()
    expect(page.locator("figure[data-chart] .chart-table table").first).to_be_visible()


def test_only_our_own_addresses_are_followed(overview, live_server):
    overview.evaluate(
        """() => {
          const plot = document.querySelector("figure[data-chart] .chart-plot");
          plot.emit("plotly_click", { points: [{ customdata: "//other.example/" }] });
          plot.emit("plotly_click", { points: [{ customdata: "javascript:alert(1)" }] });
          plot.emit("plotly_click", { points: [] });
        }"""
    )
    overview.wait_for_timeout(300)
    assert overview.url == f"{live_server.url}/"
