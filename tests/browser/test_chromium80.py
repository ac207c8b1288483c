"""The overview in the Chromium of 2020 that county offices still run: charts are drawn, no script fails.

The browser comes inside an npm package. Today's driver cannot open a page in it, so Node.js drives it.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from pathlib import Path
from typing import Any, NoReturn

import pytest
from django.conf import settings

from tests import factories

HERE = Path(__file__).parent / "chromium80"
SECONDS = 120

pytestmark = [pytest.mark.chromium80, pytest.mark.xdist_group("chromium80")]


def not_here(reason: str) -> NoReturn:
    """Skip, saying what is missing; fail where REQUIRE_TOOLS asks for every tool."""
    if os.environ.get("REQUIRE_TOOLS"):
        pytest.fail(reason)
    pytest.skip(reason)


@pytest.fixture(scope="module")
def node() -> str:
    """Path of Node.js, with the packages of the lock file installed."""
    found = {name: shutil.which(name) for name in ("node", "npm")}
    for name, path in found.items():
        if path is None:
            not_here(f"Chromium 80: {name} not found")
    if not (HERE / "node_modules/chrome-aws-lambda/bin/chromium.br").exists():
        command = [str(found["npm"]), "ci", "--no-audit", "--no-fund", "--ignore-scripts"]
        done = subprocess.run(command, cwd=HERE, capture_output=True, text=True, timeout=600)
        if done.returncode:
            not_here(f"Chromium 80: npm ci failed: {done.stderr.strip()[-300:]}")
    return str(found["node"])


@pytest.fixture
def overview(campaign, unit, other_unit):
    domain = factories.DomainFactory(name="项目投资")
    for where in (unit, other_unit):
        factories.ParticipationFactory(campaign=campaign, unit=where)
        for kind in ("post", "point", "link"):
            factories.RiskItemFactory.create_batch(3, campaign=campaign, unit=where, kind=kind, domain=domain)
        factories.MeasureFactory.create_batch(2, campaign=campaign, unit=where)


@pytest.fixture
def seen(node, overview, supervisor, live_server, tmp_path) -> dict[str, Any]:
    """What the old browser shows of the overview."""
    arguments = [
        live_server.url,
        supervisor.username,
        factories.PASSWORD,
        str(settings.VAR_DIR / "chromium80"),
        str(tmp_path / "overview.png"),
    ]
    done = subprocess.run(
        [node, str(HERE / "draw.js"), *arguments], capture_output=True, text=True, timeout=SECONDS
    )
    assert done.returncode == 0, done.stderr
    shown: dict[str, Any] = json.loads(done.stdout)
    return shown


def test_the_overview_in_chromium_80(seen):
    assert "/80." in seen["version"]
    assert seen["title"].startswith("概览")
    assert seen["errors"] == []
    charts = {chart["id"]: chart for chart in seen["charts"]}
    assert set(charts) == {"chart-domains", "chart-units", "chart-measures"}
    assert charts["chart-domains"]["bars"] == 3
    assert charts["chart-measures"]["bars"] > 0
    assert charts["chart-units"]["cells"] > 0
    for words, chart in (
        ("项目投资", "chart-domains"),
        ("县发改局", "chart-units"),
        ("管好人", "chart-measures"),
    ):
        assert words in charts[chart]["words"]
    assert "9" in charts["chart-units"]["words"]
