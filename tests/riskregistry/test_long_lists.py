"""Beyond what a list counts it can still be paged to its end; files say in the log how much they hold."""

from __future__ import annotations

import pytest
from django.urls import reverse

from accounts.models import AuditEvent
from riskregistry import list_views
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def long_list(campaign, unit, monkeypatch):
    monkeypatch.setattr(list_views, "COUNTED", 60)
    for number in range(1, 131):
        factories.RiskItemFactory(campaign=campaign, unit=unit, name=f"第{number:03}件")


def names(response) -> list[str]:
    return [row.record.name for row in response.context["table"].page.object_list]


def test_to_the_last_row(client_of, supervisor, long_list):
    client, url, found = client_of(supervisor), reverse("riskregistry:risk_list"), []
    for page in range(1, 7):
        response = client.get(url, {"per_page": 25, "page": page})
        found += names(response)
        assert response.context["table"].page.has_next() == (page < 6)
    assert sorted(found) == [f"第{number:03}件" for number in range(1, 131)]


def test_beyond_the_last_row_is_the_last_page_counted(client_of, supervisor, long_list):
    response = client_of(supervisor).get(reverse("riskregistry:risk_list"), {"per_page": 25, "page": 99})
    assert response.status_code == 200
    assert names(response)


@pytest.mark.parametrize("form", ["xlsx", "csv"])
def test_the_log_says_how_many_rows(client_of, supervisor, campaign, unit, form):
    factories.RiskItemFactory(campaign=campaign, unit=unit, name="超时办件")
    factories.RiskItemFactory(campaign=campaign, unit=unit, name="资料不全")
    url = reverse("riskregistry:list_export", kwargs={"kind": "risks", "form": form})
    client_of(supervisor).get(url, {"q": "超时"})
    assert AuditEvent.objects.get(action="导出风险清单").detail["rows"] == 1


def test_a_search_by_initials_leads_to_a_list_of_its_hits(client_of, supervisor, campaign, unit):
    for number in range(12):
        factories.RiskItemFactory(campaign=campaign, unit=unit, name=f"行政审批{number}")
    client = client_of(supervisor)
    text = client.get(reverse("reports:search"), {"q": "xzsp"}).content.decode()
    assert "/risks/?q=xzsp" in text
    response = client.get(reverse("riskregistry:risk_list"), {"q": "xzsp"})
    assert len(names(response)) == 12
