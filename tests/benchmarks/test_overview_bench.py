"""What the overview costs on the server, as a ratio to the bare SQL for the same numbers."""

from __future__ import annotations

import statistics as middle
import time
from collections.abc import Callable
from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import User
from reports.statistics import overview
from riskregistry.models import Campaign

REPEATS = 7
# The numbers of the overview in as few statements as SQL needs, without the page, the scope or the lists.
BARE_SQL = (
    "SELECT id, name, short_name, confirmed FROM accounts_unit WHERE merged_into_id IS NULL",
    "SELECT unit_id, kind, domain_id, count(*) FROM riskregistry_riskitem"
    " WHERE campaign_id = %(campaign)s AND withdrawn_at IS NULL GROUP BY 1, 2, 3",
    "SELECT unit_id, theme, state, count(*), sum(CASE WHEN due < %(today)s THEN 1 ELSE 0 END)"
    " FROM riskregistry_measure WHERE campaign_id = %(campaign)s GROUP BY 1, 2, 3",
    "SELECT id, unit_id, study_held_on FROM riskregistry_participation WHERE campaign_id = %(campaign)s",
    "SELECT p.unit_id, d.kind, d.domain_id FROM riskregistry_nonedeclaration d"
    " JOIN riskregistry_participation p ON p.id = d.participation_id WHERE p.campaign_id = %(campaign)s",
    "SELECT count(*) FROM riskregistry_case WHERE campaign_id = %(campaign)s",
)


def seconds(act: Callable[[], object]) -> float:
    """The median of several runs, after one that warms up."""
    act()
    taken = []
    for _ in range(REPEATS):
        start = time.perf_counter()
        act()
        taken.append(time.perf_counter() - start)
    return middle.median(taken)


@pytest.mark.django_db
@pytest.mark.parametrize("scale", [1, 100])
def test_overview(scale, client_of, capsys):
    call_command("load_demo", scale=scale, stdout=StringIO())
    supervisor = User.objects.filter(role="supervisor")[0]
    campaign = Campaign.objects.all()[0]
    client = client_of(supervisor)

    def bare():
        with connection.cursor() as cursor:
            for statement in BARE_SQL:
                cursor.execute(statement, {"campaign": campaign.pk, "today": timezone.localdate()})
                cursor.fetchall()

    def page(**query: str):
        response = client.get("/", query)
        assert response.status_code == 200
        return response

    def count():
        return overview(supervisor, campaign)

    a_month_ago = timezone.localdate() - timedelta(days=30)
    base, counted = seconds(bare), seconds(count)
    now, past = seconds(page), seconds(lambda: page(as_of=str(a_month_ago)))
    with CaptureQueriesContext(connection) as captured:
        page()
    with capsys.disabled():
        print(
            f"\nOverview, load_demo --scale {scale}: {count().items.count()} items, {len(captured)} queries"
        )
        print(f"  bare SQL for the numbers  {base * 1000:8.1f} ms   1.0")
        for name, taken in (("statistics", counted), ("page, now", now), ("page, a past day", past)):
            print(f"  {name:<25} {taken * 1000:8.1f} ms {taken / base:5.1f}")
