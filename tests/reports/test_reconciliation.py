"""Stated totals against their parts."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reports.extraction.facts import Figure, Kind, Rate, Scope
from reports.reconciliation import NEAR, OVER, discrepancies
from tests.reports.extraction.reports import reading_of


def figure(scope: Scope, name: str | None, value: int, *, kind: Kind = "point", bound: str = "") -> Figure:
    return Figure(scope, name, kind, value, bound != "", "", 0, 0, "test", bound=bound)  # type: ignore[arg-type]


def split(*values: int, kind: Kind = "point") -> list[Figure]:
    return [figure("domain", f"领域{n}", value, kind=kind) for n, value in enumerate(values)]


@given(st.lists(st.integers(0, 500), min_size=2, max_size=8), st.integers(-20, 20))
def test_a_split_disagrees_exactly_when_its_sum_does(values: list[int], off: int) -> None:
    """And is no slip of a clerk where one is far from the other."""
    total = max(0, sum(values) + off)
    found = discrepancies([figure("total", None, total), *split(*values)])
    near = sum(values) <= total * OVER if sum(values) > total else total <= sum(values) * NEAR
    assert bool(found) == (total != sum(values) and near)
    assert all((d.stated, d.computed, d.by) == (total, sum(values), "domain") for d in found)


def test_one_missing_part_is_inferred() -> None:
    figures = [figure("total", None, 84), *split(40, 17), figure("domain", "行政审批", 5, kind="post")]
    (found,) = discrepancies(figures)
    assert (found.stated, found.computed, found.missing, found.inferred) == (84, 57, ("行政审批",), 27)
    assert "推算为27" in found.message


def test_one_part_stated_and_one_missing_are_a_split() -> None:
    figures = [figure("total", None, 70), figure("domain", "甲", 44), figure("domain", "乙", 5, kind="post")]
    (found,) = discrepancies(figures)
    assert (found.missing, found.inferred) == (("乙",), 26)


def test_two_missing_parts_are_not() -> None:
    named = [figure("domain", name, 5, kind="post") for name in ("甲", "乙")]
    (found,) = discrepancies([figure("total", None, 84), *split(40, 17), *named])
    assert (found.missing, found.inferred) == (("甲", "乙"), None)


def test_parts_that_reach_the_total_though_one_is_missing_are_not_mentioned() -> None:
    named = figure("domain", "甲", 5, kind="post")
    assert discrepancies([figure("total", None, 57), *split(40, 17), named]) == ()


def test_without_a_total_there_is_nothing_to_check() -> None:
    assert discrepancies(split(3, 4)) == ()


@pytest.mark.parametrize(
    ("bound", "stated", "disagrees"),
    [
        ("floor", 50, False),
        ("floor", 58, True),
        ("ceiling", 60, False),
        ("ceiling", 56, True),
        ("about", 70, False),
    ],
)
def test_an_approximate_total_disagrees_only_beyond_its_bound(
    bound: str, stated: int, disagrees: bool
) -> None:
    found = discrepancies([figure("total", None, stated, bound=bound), *split(40, 17)])
    assert bool(found) == disagrees


@pytest.mark.parametrize(
    ("value", "places", "computed"),
    [(86.8, 1, None), (86.82, 2, None), (87, 0, None), (86, 0, None), (88, 0, 86.8), (80.5, 1, 86.8)],
)
def test_a_percentage_may_be_rounded_or_cut(value: float, places: int, computed: float | None) -> None:
    figures = [figure("total", None, 129), figure("status", "已整改", 112), figure("status", "正在整改", 17)]
    rate = Rate("整改率", value, "", 9, 9, "test", places=places)
    assert [d.computed for d in discrepancies(figures, [rate])] == ([] if computed is None else [computed])


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("全县共排查风险点129处。\n经复核，全县共排查风险点131处。", [("restated", 131, 129)]),
        ("全县共排查风险点129处。\n对129处风险点逐一整改。", []),
        ("排查风险点129处，居前三位的是甲乙领域44处、丙丁领域40处、戊己领域20处。", []),
        ("排查风险点129处，县教育局12处、县财政局10处。涉及26个单位。", []),
        ("全县26个单位排查风险点129处，其中县教育局12处、县财政局10处。", []),
        ("排查风险点129处，高风险12处、中风险40处、低风险70处。", [("level", 129, 122)]),
        ("排查风险点129处，按等级分，高风险12处、低风险117处；按类别分，思想道德类20处、岗位职责类100处。",
         [("category", 129, 120)]),
    ],
)  # fmt: skip
def test_what_a_report_says_of_itself(body: str, expected: list[tuple[str, float, float]]) -> None:
    reading = reading_of(f"26个单位参加。\n一、结果\n{body}")
    assert [(d.by, d.stated, d.computed) for d in reading.discrepancies] == expected


@pytest.mark.parametrize(
    ("stated", "finds"), [(40, False), (73, False), (74, True), (190, True), (193, False)]
)
def test_numbers_far_apart_are_not_two_sides_of_one(stated: int, finds: bool) -> None:
    """Parts of 96 beside 40, or beside 190: a split of something else, or one that counts some twice."""
    assert bool(discrepancies([figure("total", None, stated), *split(60, 36)])) == finds


def test_lateness_lies_across_the_states() -> None:
    figures = [
        figure("total", None, 9, kind="measure"),
        figure("status", "已销号", 4, kind="measure"),
        figure("status", "整改中", 5, kind="measure"),
        figure("status", "逾期", 2, kind="measure"),
    ]
    assert discrepancies(figures) == ()
