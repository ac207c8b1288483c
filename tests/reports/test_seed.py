"""The report the product was asked for, read fact by fact. Skipped where the seeds are not at hand."""

import json
from pathlib import Path

import pytest
from django.core.management import call_command
from django.db import connections

from reports.extraction import Reading, read
from reports.reading.registry import read_file
from tests.reports.extraction.reports import spans_match

SEED = Path(__file__).resolve().parents[3] / "shared" / "seeds" / "county_report.txt"

pytestmark = pytest.mark.skipif(not SEED.exists(), reason="the seed report is not beside the repository")

TABLE = {
    "项目投资": (26, 44, 29),
    "产业发展": (31, 6, 10),
    "市场监管": (3, 7, 8),
    "融资担保": (8, 8, 7),
    "行政审批": (38, 44, None),
    "行风政风": (2, 20, 3),
    None: (108, 129, 84),
}


@pytest.fixture(scope="module")
def seed() -> Reading:
    return read(read_file(SEED))


def test_every_number_of_the_table_and_no_other(seed: Reading) -> None:
    expected = {
        (name, kind): value
        for name, values in TABLE.items()
        for kind, value in zip(("post", "point", "link"), values, strict=True)
        if value is not None
    }
    assert {(f.name, f.kind): f.value for f in seed.figures} == expected


def test_the_one_discrepancy(seed: Reading) -> None:
    (found,) = seed.discrepancies
    assert (found.kind, found.by, found.stated, found.computed) == ("link", "domain", 84, 57)
    assert (found.missing, found.inferred) == (("行政审批",), 27)


def test_cases_units_dates_title(seed: Reading) -> None:
    assert seed.cases is not None
    assert seed.units_involved is not None
    assert (seed.cases.value, seed.units_involved.value, seed.issuer) == (28, 26, None)
    assert [d.date.isoformat() for d in seed.dates] == ["2023-08-10", "2023-08-12", "2023-08-18"]


def test_units_and_aliases(seed: Reading) -> None:
    assert sum(u.role == "participant" for u in seed.units) == 13
    aliases = {u.name: u.aliases for u in seed.units}
    assert aliases["县卫生健康局"] == ("县卫健局",)
    assert aliases["县农业农村局"] == ("农业农村局",)


def test_twelve_leads_and_three_next_steps(seed: Reading) -> None:
    assert len({m.heading for m in seed.measures}) == 12
    assert len({(m.heading, m.unit) for m in seed.measures}) == 19
    assert len(seed.next_steps) == 3


def test_spans_and_mask(seed: Reading) -> None:
    assert spans_match(seed)
    assert [i.reason for i in seed.ignored] == ["文档密码"]
    assert "█" in seed.text


def test_the_command_prints_json_without_a_database(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse() -> None:
        raise AssertionError("a database connection was opened")

    for connection in connections.all():
        monkeypatch.setattr(connection, "connect", refuse)
    call_command("read_report", str(SEED), "--json")
    printed = json.loads(capsys.readouterr().out)
    assert printed["cases"] == 28
    call_command("read_report", str(SEED), "--text")
    assert capsys.readouterr().out.startswith(printed["title"])


def test_a_file_that_cannot_be_read_ends_with_a_sentence(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    empty = tmp_path / "empty.txt"
    empty.touch()
    with pytest.raises(SystemExit) as ended:
        call_command("read_report", str(empty))
    assert ended.value.code == 1
    captured = capsys.readouterr()
    assert captured.out == ""
    assert "文件" in captured.err
