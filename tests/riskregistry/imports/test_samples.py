"""Ledgers as units really keep them, each awkward in another way: tests/samples/ledgers."""

from __future__ import annotations

from pathlib import Path

import pytest

from riskregistry.imports.plan import Known, Plan, Status, plan
from riskregistry.imports.reader import read
from riskregistry.imports.table import tabulate

FOLDER = Path(__file__).resolve().parents[2] / "samples" / "ledgers"
KNOWN = Known(domains=("行政审批", "项目投资"))


def planned(name: str, **mapping: str) -> Plan:
    path = FOLDER / name
    return plan(tabulate(read(path.read_bytes(), path.name), mapping), KNOWN)


@pytest.mark.parametrize(
    ("name", "posts", "points", "links", "measures"),
    [
        ("01_merged_blocks.xlsx", 2, 5, 0, 9),
        ("02_gb18030.csv", 2, 3, 0, 3),
        ("03_utf16_tabs.csv", 0, 0, 3, 4),
        ("04_two_sheets_late_header.xlsx", 3, 4, 0, 6),
        ("08_old_excel.xls", 2, 3, 2, 5),
    ],
)
def test_what_is_in_each(name, posts, points, links, measures):
    found = planned(name)
    assert found.problems == []
    kinds = [line.kind for line in found.of(Status.NEW)]
    assert (kinds.count("post"), kinds.count("point"), kinds.count("link")) == (posts, points, links)
    assert len({(line.row, m.text) for line in found.lines for m in line.measures}) == measures


def test_merged_cells_are_said_of_every_row():
    posts = {line.name: line.post for line in planned("01_merged_blocks.xlsx").lines if line.kind == "point"}
    assert posts == {
        "对检测数据造假不追究": "质安站站长",
        "收受施工单位礼品礼金": "质安站站长",
        "对资料不全的项目先行许可": "质安站站长",
        "备案时限一拖再拖": "招标办主任",
        "泄露标底和评委名单": "招标办主任",
    }


def test_three_scales_of_levels():
    def levels(name: str) -> list[str]:
        return [line.values["level"] for line in planned(name).lines if "level" in line.values]

    assert levels("02_gb18030.csv") == ["high", "low", "medium"]
    assert levels("03_utf16_tabs.csv") == ["high", "medium", "low"]
    assert levels("08_old_excel.xls") == ["high", "medium", "high"]


def test_dates_in_three_forms():
    lines = planned("03_utf16_tabs.csv").lines
    assert [str(line.measures[0].due) for line in lines] == ["2025-06-30", "2025-09-30", "2025-09-30"]


def test_own_words_are_mapped():
    assert planned("05_own_words.xlsx").lines == []
    found = planned(
        "05_own_words.xlsx", 哪个位子="post", 容易出什么问题="point", 轻重="level", 怎么防="measures"
    )
    assert found.totals["new"] == 4
    assert found.problems == []


def test_every_error_is_found_at_once():
    found = planned("06_full_of_errors.xlsx")
    assert [problem.cell for problem in found.problems] == ["D3", "G4", "C5", "E5", "B6", "B7"]
    assert [line.name for line in found.lines] == ["甲岗", "正常的一条"]


def test_doubles_are_seen_through_invisible_signs():
    found = planned("07_doubles_and_odd_signs.xlsx")
    assert [(line.name, line.status) for line in found.lines] == [
        ("=报销审核走过场", Status.NEW),
        ("报销审核走过场", Status.DUPLICATE),
        ("公车私用", Status.NEW),
        ("公车 私用", Status.DUPLICATE),
        ("公车私用", Status.DUPLICATE),
        ("@群里发内部文件", Status.NEW),
    ]
