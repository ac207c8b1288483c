"""One box over units, risks, measures and reports."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accounts.pinyin import initials
from reports.search_views import excerpt, marked
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def things(campaign, unit):
    unit.name, unit.short_name = "县行政审批服务管理局", "审批局"
    unit.save()
    factories.UnitAliasFactory(unit=unit, name="政务服务局")
    return {
        "risk": factories.RiskItemFactory(campaign=campaign, unit=unit, name="超时办件"),
        "measure": factories.MeasureFactory(campaign=campaign, unit=unit, heading="推行限时办结"),
        "report": factories.ReportFactory(campaign=campaign, unit=unit, title="自查", text="办件超时两起"),
    }


def names(response) -> dict[str, list[str]]:
    return {group.name: [hit.path for hit in group.hits] for group in response.context["groups"]}


@pytest.mark.parametrize("text", ["审批局", "政务服务", "xzsp", "XZSP", "spj"])
def test_a_unit_by_any_name_and_by_initials(client_of, supervisor, things, unit, text):
    assert names(client_of(supervisor).get("/search/", {"q": text}))["单位"] == [f"/units/{unit.pk}/"]


@pytest.mark.parametrize("text", ["xmtz", "项目"])
def test_a_domain_by_name_and_by_initials(client_of, supervisor, text):
    domain = factories.DomainFactory(name="项目投资")
    factories.DomainFactory(name="融资担保")
    assert names(client_of(supervisor).get("/search/", {"q": text})) == {"领域": [f"/domains/{domain.pk}/"]}


def test_hits_of_every_kind_are_marked(client_of, supervisor, things):
    response = client_of(supervisor).get("/search/", {"q": "超时"})
    assert names(response) == {
        "风险": [f"/risks/{things['risk'].pk}/"],
        "报告": [f"/reports/{things['report'].pk}/"],
    }
    page = response.content.decode()
    assert "<mark>超时</mark>办件" in page
    assert "办件<mark>超时</mark>两起" in page


def test_items_by_initials(client_of, supervisor, things):
    page = client_of(supervisor).get("/search/", {"q": "xsbj"}).content.decode()
    assert "推行<mark>限时办结</mark>" in page


def test_only_what_one_sees(client_of, outsider, things):
    response = client_of(outsider).get("/search/", {"q": "超时"})
    assert response.context["groups"] == []
    assert "没有找到" in response.content.decode()


def test_many_hits_lead_to_the_list(client_of, supervisor, campaign, unit):
    factories.RiskItemFactory.create_batch(12, campaign=campaign, unit=unit, description="吃拿卡要")
    response = client_of(supervisor).get("/search/", {"q": "吃拿卡要"})
    (group,) = response.context["groups"]
    assert len(group.hits) == 10
    assert group.more.startswith("/risks/?q=")


@pytest.mark.parametrize("text", ["", "   ", "%", "_", "<script>", "a" * 500, "'"])
def test_odd_words_give_a_page(client_of, supervisor, things, text):
    response = client_of(supervisor).get("/search/", {"q": text})
    assert response.status_code == 200
    assert "<script>alert" not in response.content.decode()


def test_initials_are_marked_past_a_comma():
    assert marked("政务局、县行政审批局", "xzsp") == "政务局、县<mark>行政审批</mark>局"


def test_initials():
    assert initials("行政审批 2号") == "xzsp2h"


@given(st.text(max_size=40), st.text(max_size=10))
def test_marking_never_lets_markup_through(text, query):
    shown = marked(text, query).replace("<mark>", "").replace("</mark>", "")
    assert "<" not in shown
    assert "<" not in excerpt(text, query).replace("<mark>", "").replace("</mark>", "")
