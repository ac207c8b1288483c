"""Signing in and the frame of every page, as a person at a keyboard meets them."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from accounts.preferences import set_preference
from tests.browser.conftest import accessibility_faults
from tests.factories import PASSWORD, CampaignFactory

SIZES = {"large": (1920, 1080), "common": (1366, 768), "phone": (390, 844)}


def fill_in(page, username: str, password: str) -> None:
    page.get_by_label("用户名").fill(username)
    page.get_by_label("密码").fill(password)
    page.get_by_role("button", name="登录").click()


def test_a_person_signs_in_and_out(page, live_server, supervisor, campaign, complaints):
    page.goto(live_server.url)
    expect(page).to_have_title(re.compile("^登录"))
    fill_in(page, "supervisor", PASSWORD)
    expect(page.get_by_role("navigation", name="主导航")).to_contain_text("风险清单")
    page.locator(".user-menu summary").click()
    page.get_by_role("button", name="退出登录").click()
    expect(page.get_by_role("status")).to_contain_text("已退出登录")
    assert complaints == []


def test_a_first_password_is_changed_before_anything_else(page, live_server, supervisor, complaints):
    supervisor.must_change_password = True
    supervisor.save()
    page.goto(f"{live_server.url}/accounts/login/")
    fill_in(page, "supervisor", PASSWORD)
    expect(page.get_by_role("heading", level=1)).to_have_text("修改密码")
    page.goto(f"{live_server.url}/risks/")
    expect(page.get_by_role("heading", level=1)).to_have_text("修改密码")
    page.get_by_label("原密码").fill(PASSWORD)
    page.get_by_label("新密码（必填）", exact=True).fill("Another-pass-2")
    page.get_by_label("再输一遍新密码").fill("Another-pass-2")
    page.get_by_role("button", name="保存新密码").click()
    expect(page.get_by_role("status")).to_contain_text("密码已修改")
    assert complaints == []


def test_the_first_tab_skips_to_the_content(page, live_server, auditor, sign_in):
    sign_in(auditor).goto(f"{live_server.url}/audit/")
    page.keyboard.press("Tab")
    assert focused(page) == "跳到正文"
    expect(page.get_by_role("link", name="跳到正文")).to_be_in_viewport()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert page.evaluate("() => document.activeElement.name") == "person"


def focused(page) -> str:
    return str(page.evaluate("() => document.activeElement.textContent.trim()"))


def test_focus_by_keyboard_is_seen(page, live_server, db):
    page.goto(f"{live_server.url}/accounts/login/")
    for _ in range(12):
        page.keyboard.press("Tab")
        outline = page.evaluate(
            "() => [getComputedStyle(document.activeElement)].map(s => [s.outlineStyle, s.outlineWidth])[0]"
        )
        tag = page.evaluate("() => document.activeElement.tagName")
        assert tag == "BODY" or (outline[0] == "solid" and outline[1] == "3px"), (tag, outline)


@pytest.mark.parametrize("path", ["/accounts/login/", "/nowhere/"])
def test_open_pages_are_accessible(page, live_server, db, path):
    page.goto(f"{live_server.url}{path}")
    assert accessibility_faults(page) == []


@pytest.mark.parametrize("path", ["/accounts/password/", "/audit/", "/nowhere/"])
def test_pages_behind_the_sign_in_are_accessible(page, live_server, auditor, campaign, sign_in, path):
    sign_in(auditor).goto(f"{live_server.url}{path}")
    assert accessibility_faults(page) == []


def test_the_merge_pages_are_accessible(page, live_server, supervisor, unit, other_unit, sign_in, complaints):
    sign_in(supervisor).goto(f"{live_server.url}/units/{unit.pk}/merge/")
    assert accessibility_faults(page) == []
    page.get_by_label("并入").select_option("县公安局")
    page.get_by_role("button", name="下一步").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("确认合并")
    assert accessibility_faults(page) == []
    page.get_by_role("button", name="确认合并").click()
    expect(page.get_by_role("status")).to_contain_text("已将「县发展和改革局」并入「县公安局」")
    assert complaints == []


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("path", ["/audit/", "/accounts/password/"])
def test_only_tables_scroll_sideways(page, live_server, auditor, campaign, sign_in, size, path):
    CampaignFactory(name="一个名称相当长的专项行动，用来看页眉会不会被撑开撑坏撑出屏幕之外")
    set_preference("county_name", "测试县")
    set_preference("demo", True)
    page.set_viewport_size({"width": SIZES[size][0], "height": SIZES[size][1]})
    sign_in(auditor).goto(f"{live_server.url}{path}")
    assert page.evaluate("() => document.documentElement.scrollWidth - window.innerWidth") <= 0


def test_on_a_phone_the_navigation_unfolds(page, live_server, supervisor, campaign, sign_in):
    page.set_viewport_size({"width": 390, "height": 844})
    sign_in(supervisor).goto(f"{live_server.url}/accounts/password/")
    navigation = page.get_by_role("navigation", name="主导航")
    expect(navigation).to_be_hidden()
    button = page.get_by_role("button", name="菜单")
    button.click()
    expect(navigation).to_be_visible()
    expect(button).to_have_attribute("aria-expanded", "true")


def test_without_scripts_everything_is_reachable(without_scripts, live_server, supervisor, campaign):
    other = CampaignFactory(name="另一次专项行动")
    page = without_scripts
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto(f"{live_server.url}/accounts/login/?next=/accounts/password/")
    fill_in(page, "supervisor", PASSWORD)
    expect(page.get_by_role("heading", level=1)).to_have_text("修改密码")
    expect(page.get_by_role("navigation", name="主导航")).to_be_visible()
    page.get_by_label("专项行动").select_option(other.name)
    page.get_by_role("button", name="切换").click()
    expect(page.get_by_label("专项行动")).to_have_value(str(other.pk))
    page.locator(".user-menu summary").click()
    page.get_by_role("button", name="退出登录").click()
    expect(page).to_have_title(re.compile("^登录"))


def test_every_page_says_what_must_not_be_entered(page, live_server, supervisor, campaign, sign_in):
    set_preference("demo", True)
    sign_in(supervisor)
    for path in ("/accounts/password/", "/nowhere/", "/admin/", "/admin/accounts/unit/", "/accounts/login/"):
        page.goto(f"{live_server.url}{path}")
        expect(page.get_by_text("非涉密系统，严禁录入国家秘密")).to_be_visible()
        expect(page.get_by_text("演示数据", exact=True)).to_be_visible()


@pytest.mark.parametrize("path", ["", "accounts/unit/", "accounts/unit/add/", "accounts/user/add/"])
def test_the_admin_keeps_the_security_policy(page, live_server, administrator, sign_in, complaints, path):
    sign_in(administrator).goto(f"{live_server.url}/admin/{path}")
    assert complaints == []
