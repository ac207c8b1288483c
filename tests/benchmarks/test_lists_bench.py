"""The list of risks and the search at county scale and at ITEMS rows (BENCH_ITEMS)."""

from __future__ import annotations

import importlib
import os
import statistics as middle
import time
from collections.abc import Callable
from typing import Any

import pytest
from django.apps import apps
from django.db import connection
from django.test import Client
from django.utils import timezone

from accounts.models import Unit
from riskregistry.models import Domain
from tests import factories

backfill = importlib.import_module("riskregistry.migrations.0006_text_pairs")
COUNTY = 321
ITEMS = int(os.environ.get("BENCH_ITEMS", "1000000"))
UNITS = {COUNTY: 26, ITEMS: 260}
REPEATS = 5
# One statement on both databases; `i` decides every column.
FILL = """
INSERT INTO riskregistry_riskitem (campaign_id, unit_id, kind, domain_id, name, description, matter, category,
    level, level_as_written, responsible, responsible_second, responsible_third, withdrawn_reason,
    created_at, updated_at)
WITH RECURSIVE numbers(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM numbers WHERE i < %(count)s)
SELECT %(campaign)s, %(unit)s + i %% %(units)s,
    CASE i %% 3 WHEN 0 THEN 'post' WHEN 1 THEN 'point' ELSE 'link' END,
    %(domain)s + i %% 6,
    CASE i %% 5 WHEN 0 THEN '招标文件编制' WHEN 1 THEN '窗口受理' WHEN 2 THEN '现场核查'
        WHEN 3 THEN '贷款担保审查' ELSE '资金拨付' END || i,
    '人员安排和时限管理不严格，自由裁量过大，可能影响办事群众' ||
        CASE WHEN i %% 50000 = 7 THEN '，罕见情形' ELSE '' END,
    '事项', CASE i %% 3 WHEN 0 THEN 'duty' WHEN 1 THEN 'process' ELSE 'system' END,
    CASE i %% 4 WHEN 0 THEN 'high' WHEN 1 THEN 'medium' WHEN 2 THEN 'low' ELSE '' END,
    '', '', '', '', '', %(now)s, %(now)s
FROM numbers
"""


def seconds(act: Callable[[], object]) -> float:
    """The median of several runs, after one that warms up."""
    act()
    taken = []
    for _ in range(REPEATS):
        start = time.perf_counter()
        act()
        taken.append(time.perf_counter() - start)
    return middle.median(taken)


def fill(count: int) -> dict[str, Any]:
    campaign = factories.CampaignFactory()
    units = factories.UnitFactory.create_batch(UNITS[count])
    domains = [factories.DomainFactory(name=f"领域{number}") for number in range(6)]
    with connection.cursor() as cursor:
        cursor.execute(
            FILL,
            {
                "count": count,
                "campaign": campaign.pk,
                "unit": min(unit.pk for unit in units),
                "units": len(units),
                "domain": min(domain.pk for domain in domains),
                "now": timezone.now(),
            },
        )
    # The rows came in beside the writers that note them.
    backfill.note_what_is_there(apps, None)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    return {"campaign": campaign.pk, "unit": units[3].pk, "domain": domains[1].pk}


@pytest.mark.django_db
@pytest.mark.parametrize("count", [COUNTY, ITEMS])
def test_pages(count: int, client_of: Callable[..., Client], supervisor: object, capsys: Any) -> None:
    made = fill(count)
    client = client_of(supervisor)
    pages = {
        "default": ("/risks/", {}),
        "kind": ("/risks/", {"kind": "post"}),
        "unit": ("/risks/", {"unit": made["unit"]}),
        "domain": ("/risks/", {"domain": made["domain"]}),
        "level": ("/risks/", {"level": "high"}),
        "category": ("/risks/", {"category": "duty"}),
        "q, common": ("/risks/", {"q": "招标"}),
        "q, rare": ("/risks/", {"q": "罕见"}),
        "q, nowhere": ("/risks/", {"q": "不存在"}),
        "q, nowhere joined so": ("/risks/", {"q": "群众安排"}),
        "search, common": ("/search/", {"q": "招标"}),
        "search, nowhere": ("/search/", {"q": "不存在"}),
        "search, initials": ("/search/", {"q": "zzqq"}),
        "totals": ("/lists/risks/totals/", {}),
    }
    for name, (path, query) in pages.items():
        taken = seconds(lambda path=path, query=query: client.get(path, query))  # type: ignore[misc]
        with capsys.disabled():
            print(f"\n{connection.vendor}, {count} items, {name}: {taken * 1000:.0f} ms", end="", flush=True)
    assert Unit.objects.count() == UNITS[count]
    assert Domain.objects.count() == 6
