"""Charts: valid figures, legible without colour, every mark and every cell leading to its list."""

from __future__ import annotations

import json
import re
from datetime import date

import plotly.graph_objects as go
import pytest

from reports import charts
from reports.statistics import (
    UNASSIGNED,
    Declaration,
    DomainRow,
    ItemCell,
    Items,
    MeasureCell,
    Measures,
    Overview,
    UnitRow,
)
from riskregistry.enums import MeasureState, RiskKind, Theme

INVESTMENT, APPROVAL = DomainRow(1, "项目投资"), DomainRow(2, "行政审批")
REPORT_ONLY, NOWHERE = DomainRow(None, "城市管理"), DomainRow(None, UNASSIGNED)


def unit_row(pk, name, *cells, declared=(), measures=()):
    return UnitRow(
        pk=pk,
        name=name,
        label=name,
        confirmed=True,
        current=True,
        taking_part=True,
        study_held_on=None,
        items=Items(tuple(ItemCell(*cell) for cell in cells)),
        measures=Measures(tuple(MeasureCell(*cell) for cell in measures)),
        declared=declared,
    )


def county(*units):
    return Overview(
        campaign=1,
        campaign_name="以案促改",
        as_of=date(2023, 9, 15),
        live=True,
        scope="全部单位",
        due_soon_days=7,
        cases=0,
        domains=(INVESTMENT, APPROVAL, NOWHERE, REPORT_ONLY),
        units=units,
        items=Items.together(unit.items for unit in units),
        measures=Measures.together(unit.measures for unit in units),
        sees_reported=True,
        reported=None,
        discrepancies=(),
        discrepancy_count=0,
        overdue=(),
    )


COUNTY = county(
    unit_row(7, "县财政局", ("post", 1, 26), ("link", 2, 3), ("point", None, 4)),
    unit_row(
        8,
        "县<b>水利局",
        ("post", 1, 5),
        declared=(Declaration("link", 2),),
        measures=(
            ("people", "closed", 3, 0, 0),
            ("people", "in_progress", 2, 1, 1),
            ("service", "long_term", 1, 0, 0),
            ("other", "cancelled", 9, 0, 0),
        ),
    ),
)


def link(**filters):
    """An address that says what it was asked for."""
    if not all(value.in_register for value in filters.values() if isinstance(value, DomainRow)):
        return ""
    return "/list/?" + "&".join(f"{key}={getattr(value, 'pk', value)}" for key, value in filters.items())


DRAWN = {
    "domains": charts.items_by_domain(COUNTY, link),
    "units": charts.units_by_domain(COUNTY, link),
    "measures": charts.measures_by_theme(COUNTY, link),
}


def bars(chart):
    return [trace for trace in json.loads(chart.figure_json)["data"] if trace["type"] == "bar"]


def words(row):
    return [re.sub("<[^>]+>", "", str(cell)) for cell in row]


@pytest.mark.parametrize(
    "chart",
    [
        *DRAWN.values(),
        *(
            make(county(), link)
            for make in (charts.items_by_domain, charts.units_by_domain, charts.measures_by_theme)
        ),
    ],
)
def test_every_figure_is_one_that_plotly_knows(chart):
    figure = json.loads(chart.figure_json)
    go.Figure(figure)  # raises for a property or value that plotly does not know
    assert "bdata" not in chart.figure_json
    assert "template" not in figure["layout"]
    assert "Noto Sans CJK SC" in figure["layout"]["font"]["family"]
    assert chart.summary.endswith("。")


def test_items_are_stacked_by_kind_with_labels_that_lie_flat():
    traces = bars(DRAWN["domains"])
    layout = json.loads(DRAWN["domains"].figure_json)["layout"]
    assert [trace["name"] for trace in traces] == RiskKind.labels
    assert [trace["x"] for trace in traces] == [[31, 0, 0], [0, 0, 4], [0, 3, 0]]
    assert layout["barmode"] == "stack"
    assert layout["yaxis"]["ticktext"] == ["项目投资", "行政审批", UNASSIGNED]
    assert layout["yaxis"]["tickangle"] == 0
    assert traces[0]["customdata"][0] == "/list/?kind=post&domain=1"


def test_the_sum_stands_at_the_end_of_each_bar():
    ends = json.loads(DRAWN["domains"].figure_json)["data"][-1]
    assert (ends["x"], ends["text"]) == ([31, 3, 4], [" 31", " 3", " 4"])


def test_shades_differ_in_pattern_and_not_in_colour_alone():
    for shades in (charts.KIND_SHADES, charts.STATE_SHADES):
        assert len({(shade.pattern, lightness(shade.fill) // 40) for shade in shades.values()}) == len(shades)


@pytest.mark.parametrize("shade", [*charts.KIND_SHADES.values(), *charts.STATE_SHADES.values()])
def test_numbers_can_be_read_on_their_bars(shade):
    assert contrast(shade.fill, shade.ink) >= 4.5


@pytest.mark.parametrize("colour", [colour for _, colour in charts.HEAT_SCALE])
def test_numbers_can_be_read_in_every_cell(colour):
    assert contrast(colour, charts.INK) >= 4.5


def channels(colour):
    return [int(colour[i : i + 2], 16) for i in (1, 3, 5)]


def lightness(colour):
    return sum(weight * part for weight, part in zip((0.3, 0.59, 0.11), channels(colour), strict=True))


def contrast(one, other):
    """As WCAG 2.1 defines it."""

    def luminance(colour):
        parts = [part / 255 for part in channels(colour)]
        linear = [p / 12.92 if p <= 0.03928 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
        return sum(weight * part for weight, part in zip((0.2126, 0.7152, 0.0722), linear, strict=True))

    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


def test_the_table_says_what_the_bars_say():
    chart = DRAWN["domains"]
    assert chart.table_headers == ("领域", *RiskKind.labels, "合计")
    assert [words(row) for row in chart.table_rows] == [
        ["项目投资", "31", "0", "0", "31"],
        ["行政审批", "0", "0", "3", "3"],
        [UNASSIGNED, "0", "4", "0", "4"],
        ["合计", "31", "4", "3", "38"],
    ]
    assert 'href="/list/?kind=post&amp;domain=1"' in str(chart.table_rows[0][1])


def test_the_heat_map_tells_none_declared_from_nothing_registered():
    trace = json.loads(DRAWN["units"].figure_json)["data"][0]
    assert trace["z"] == [[26, 3, 4], [5, 0, None]]
    assert trace["text"] == [["26", "3", "4"], ["5", "0", ""]]
    assert trace["customdata"][1][0] == "/list/?unit=8&domain=1"
    assert trace["xgap"] > 0
    assert trace["ygap"] > 0
    assert words(DRAWN["units"].table_rows[1]) == ["县<b>水利局".replace("<b>", ""), "5", "0", "", "5"]


def test_a_name_is_never_read_as_markup():
    figure = json.loads(DRAWN["units"].figure_json)
    assert figure["layout"]["yaxis"]["ticktext"][1] == "县&lt;b&gt;水利局"


def test_a_heat_map_stays_readable_and_says_how_many_more_there_are():
    many = county(*(unit_row(pk, f"第{pk}局", ("post", 1, pk)) for pk in range(1, 101)))
    chart = charts.units_by_domain(many, link)
    assert len(chart.table_rows) == charts.HEAT_MAP_UNITS
    assert "另有 40 个" in chart.summary


def test_measures_leave_out_the_cancelled():
    traces = bars(DRAWN["measures"])
    assert [trace["name"] for trace in traces] == [
        state.label for state in MeasureState if state != MeasureState.CANCELLED
    ]
    closed = traces[[trace["name"] for trace in traces].index("已销号")]
    assert closed["x"] == [3, 0, 0, 0]
    assert closed["customdata"][0] == "/list/?theme=people&state=closed"
    assert [words(row)[-1] for row in DRAWN["measures"].table_rows] == ["5", "1", "0", "0", "6"]
    assert [row[0] for row in DRAWN["measures"].table_rows] == [*Theme.labels, "合计"]


def test_two_units_of_one_short_name_keep_their_own_rows():
    twins = county(unit_row(1, "XX镇", ("post", 1, 1)), unit_row(2, "XX镇", ("post", 1, 2)))
    trace = json.loads(charts.units_by_domain(twins, link).figure_json)["data"][0]
    assert trace["y"] == [0, 1]
    assert [row[0] for row in trace["z"]] == [1, 2]
