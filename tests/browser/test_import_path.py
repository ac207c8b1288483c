"""A unit's ledger in a real browser: columns explained, errors shown and corrected, brought in, undone."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from openpyxl import load_workbook
from playwright.sync_api import Page, expect

from riskregistry.models import ColumnMapping, RiskItem
from tests import factories
from tests.browser.conftest import accessibility_faults
from tests.riskregistry.imports.ledgers import workbook

pytestmark = pytest.mark.django_db(transaction=True)

SAMPLES = Path(__file__).resolve().parents[1] / "samples" / "ledgers"
SIZES = [(1920, 1080), (1366, 768), (390, 844)]
HEADER = ["岗位", "风险点", "领域", "风险等级", "防控措施", "责任人"]
RIGHT = ["窗口人员", "超时办件", "行政审批", "一级", "1.推行限时办结\n2.每周抽查", "张三"]
WRONG = ["窗口人员", "收取好处", "行政审核", "特高", "1.公开收费", "李四"]


@pytest.fixture
def officer(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "media"
    campaign = factories.CampaignFactory(name="以案促改")
    officer = factories.UserFactory(officer=True)
    factories.ParticipationFactory(campaign=campaign, unit=officer.unit)
    factories.DomainFactory(name="行政审批")
    return officer


def upload(page: Page, root: str, path: Path) -> None:
    page.goto(f"{root}/imports/")
    page.set_input_files("#id_file", str(path))
    page.get_by_role("button", name="上传并比对").click()


def check_page(page: Page) -> None:
    """Usable by everyone, and no wider than the screen, on three screens."""
    assert accessibility_faults(page) == []
    for width, height in SIZES:
        page.set_viewport_size({"width": width, "height": height})
        wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert wide <= 0, f"{page.url} is {wide} px wider than {width}"


def test_own_columns_are_explained_once(sign_in, officer, live_server, complaints):
    page = sign_in(officer)
    upload(page, live_server.url, SAMPLES / "05_own_words.xlsx")
    check_page(page)
    for header, meaning in (
        ("哪个位子", "风险岗位"),
        ("容易出什么问题", "风险点"),
        ("轻重", "风险等级"),
        ("怎么防", "防控措施"),
    ):
        page.get_by_label(header).select_option(label=meaning)
    page.locator("main form button[type=submit]").click()
    expect(page.get_by_text("新增 4")).to_be_visible()
    assert ColumnMapping.objects.filter(unit=officer.unit).count() == 4
    assert complaints == []


def test_wrong_rows_are_corrected_and_the_whole_is_undone(
    sign_in, officer, live_server, tmp_path, complaints
):
    page = sign_in(officer)
    path = tmp_path / "台账.xlsx"
    path.write_bytes(workbook([HEADER, RIGHT, WRONG]))
    upload(page, live_server.url, path)
    problems = page.get_by_role("region", name="错误")
    assert problems.get_by_text("行政审核").is_visible()
    assert problems.get_by_text("特高").is_visible()
    assert page.get_by_role("button", name="确认导入").count() == 0
    check_page(page)
    with page.expect_download() as download:
        page.get_by_role("link", name="下载标出错误的文件").click()
    sheet = load_workbook(io.BytesIO(download.value.path().read_bytes())).active
    assert "等级请填" in " ".join(str(cell.value) for cell in sheet[3])

    path.write_bytes(workbook([HEADER, RIGHT, [*WRONG[:2], "行政审批", "高", *WRONG[4:]]]))
    upload(page, live_server.url, path)
    check_page(page)
    page.get_by_role("button", name="确认导入").click()
    expect(page.get_by_text("已导入。")).to_be_visible()
    assert RiskItem.objects.count() == 3
    check_page(page)
    page.get_by_role("button", name="整批撤销").click()
    expect(page.get_by_text("已撤销这次导入")).to_be_visible()
    assert RiskItem.objects.count() == 0
    # A download is a navigation that the browser gives up.
    assert [line for line in complaints if not line.endswith("/checked/")] == []


def test_the_filled_ledger_comes_back_without_scripts(without_scripts, officer, live_server, sign_in, page):
    factories.RiskItemFactory(
        unit=officer.unit, campaign=officer.unit.participations.get().campaign, kind="point", name="=超时办件"
    )
    sign_in(officer)
    without_scripts.context.add_cookies(page.context.cookies())
    plain = without_scripts
    plain.goto(f"{live_server.url}/imports/")
    with plain.expect_download() as download:
        plain.get_by_role("link", name="现有台账").click()
    path = Path(download.value.path()).with_suffix(".xlsx")
    download.value.save_as(path)
    upload(plain, live_server.url, path)
    expect(plain.get_by_text("与已登记的完全相同，没有要导入的。")).to_be_visible()
