"""Briefings at county scale, and a ledger of 100,000 measures."""

from __future__ import annotations

import io
import statistics
import time
import tracemalloc
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
import xlsxwriter
from django.core.management import call_command
from django.db import connection
from django.utils import timezone

from reports.briefing import making, tables, xlsx
from reports.briefing.content import KINDS
from reports.briefing.shapes import shown
from reports.enums import BriefingKind
from reports.statistics.measure_lines import measure_lines
from reports.statistics.register import Register
from riskregistry.models import Campaign, Measure
from tests import factories

MEASURES = 100_000
AIMS = {"docx": 1.0, "xlsx": 1.0, "pdf": 1.5, "pptx": 2.0}


def once(act: Callable[[], Any]) -> float:
    start = time.perf_counter()
    act()
    return time.perf_counter() - start


@pytest.mark.django_db
def test_county_scale(settings, tmp_path, capsys):
    """From the click to the file: counting, composing, laying out, recording."""
    settings.MEDIA_ROOT = tmp_path
    call_command("load_demo", stdout=io.StringIO())
    campaign = Campaign.objects.get()
    with capsys.disabled():
        print(f"\nbriefings of the demonstration county, {connection.vendor}:")
        for kind, described in KINDS.items():
            for form in described.formats:

                def act(kind: str = kind, form: str = form) -> None:
                    making.export(making.make(None, campaign, kind), form, None)

                act()
                took = statistics.median(once(act) for _ in range(5))
                print(f"  {kind:15} {form:5} {took * 1000:6.0f} ms (aim {AIMS[form] * 1000:.0f})")


@pytest.mark.django_db
def test_a_long_ledger(tmp_path, capsys):
    campaign = factories.CampaignFactory()
    units = [factories.UnitFactory() for _ in range(26)]
    domain = factories.DomainFactory()
    Measure.objects.bulk_create(
        [
            Measure(
                campaign=campaign,
                unit=units[n % 26],
                domain=domain,
                heading=f"第{n}项整改措施",
                text="由专人负责，按季度检查，结果在单位内公开。",
                responsible="王小明",
                due=date(2030, 1, 1 + n % 28),
                state="in_progress",
                percent=n % 100,
            )
            for n in range(MEASURES)
        ],
        batch_size=2_000,
    )
    briefing = making.make(None, campaign, BriefingKind.LEDGER)
    document = making.composed(briefing)
    register = Register.at(None, campaign, None)
    now = timezone.localtime()

    def ours() -> None:
        with open(tmp_path / "ours.xlsx", "wb") as target:
            rows = tables.ledger_rows(measure_lines(register, 7))
            assert xlsx.stream(target, document, tables.LEDGER, rows, author="甲", made_at=now) == MEASURES

    ready = [
        [shown(value) if value is None or isinstance(value, str | date) else value for value in row]
        for row in tables.ledger_rows(measure_lines(register, 7))
    ]

    def bare() -> None:
        """The same cells in the same frame, from values that are at hand."""
        with xlsxwriter.Workbook(str(tmp_path / "bare.xlsx"), {"constant_memory": True}) as book:
            sheet, frame = book.add_worksheet(), book.add_format({"border": 1})
            for number, row in enumerate(ready):
                for place, value in enumerate(row):
                    sheet.write(number, place, value, frame)

    times = [(once(ours), once(bare)) for _ in range(3)]
    ours_took, bare_took = (min(column) for column in zip(*times, strict=True))
    ready.clear()
    tracemalloc.start()
    ours()
    peak = tracemalloc.get_traced_memory()[1] / (1 << 20)
    tracemalloc.stop()
    with capsys.disabled():
        print(f"\nledger of {MEASURES} measures, {connection.vendor}: {ours_took:.1f} s,")
        print(f"  {ours_took / bare_took:.2f}× bare XlsxWriter (aim 1.5×); peak {peak:.0f} MB of objects")
