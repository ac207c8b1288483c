"""What each list page asks of the database: the committed baseline, the same at any size.

A count that changes on purpose is changed here, with the page that changed it.
"""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests import factories

pytestmark = pytest.mark.django_db

# Session, user, campaign and frame included. Address → statements.
BASELINE = {
    "/risks/": 11,
    "/risks/?kind=post": 11,
    "/risks/?level=high&q=办件": 14,
    "/risks/?sort=-level&col=level": 11,
    "/measures/": 11,
    "/measures/?state=in_progress": 11,
    "/lists/risks/totals/": 7,
    "/lists/measures/totals/": 7,
    "/search/?q=办件": 17,
}


@pytest.fixture(params=[3, 60], ids=["few", "many"])
def register(request, campaign):
    for number in range(request.param):
        unit, domain = factories.UnitFactory(), factories.DomainFactory()
        more = {"campaign": campaign, "unit": unit, "domain": domain}
        factories.RiskItemFactory(name=f"办件{number}", kind="post", level="high", **more)
        factories.MeasureFactory(heading=f"办件{number}", **more)


@pytest.mark.parametrize("address", BASELINE)
def test_the_same_number_at_any_size(client_of, supervisor, register, address):
    client = client_of(supervisor)
    client.get(address)
    with CaptureQueriesContext(connection) as captured:
        assert client.get(address).status_code == 200
    assert len(captured) == BASELINE[address], "\n".join(query["sql"] for query in captured.captured_queries)
