"""Dataclasses → plotly figures, each with the table and the sentence that say the same without it.

A figure here is the plain JSON that plotly.js draws: no template to strip, no arrays to decode. Every mark
carries the address of the list behind it as `customdata`; addresses come from the caller. Shades of one blue,
told apart by pattern too, survive a black-and-white printer. Axes are numbered and labelled by `ticktext`,
since two units may share a short name.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from html import escape
from typing import TYPE_CHECKING, Any, Protocol

from django.utils.html import format_html

from riskregistry.enums import MeasureState, RiskKind, Theme

if TYPE_CHECKING:
    from reports.statistics import DomainRow, Overview, Reported, UnitRow
    from reports.statistics.trends import Point

FONT = (
    '"Microsoft YaHei", "PingFang SC", "Noto Sans CJK SC", "Noto Sans SC", "WenQuanYi Micro Hei", sans-serif'
)
INK = "#1c2733"
# A heat map of more rows than this cannot be read; the list of units holds the rest.
HEAT_MAP_UNITS = 60

COUNTED_STATES = tuple(state for state in MeasureState if state != MeasureState.CANCELLED)


@dataclass(frozen=True)
class Shade:
    """Fill, pattern over it, and the ink that can be read on it."""

    fill: str
    pattern: str
    ink: str


KIND_SHADES = {
    RiskKind.POST: Shade("#14386b", "", "#ffffff"),
    RiskKind.POINT: Shade("#9dc1ea", "/", INK),
    RiskKind.LINK: Shade("#d6e4f5", ".", INK),
}
STATE_SHADES = {
    MeasureState.NOT_STARTED: Shade("#ffffff", "x", INK),
    MeasureState.IN_PROGRESS: Shade("#d6e4f5", "", INK),
    MeasureState.APPLIED: Shade("#b3cdec", "/", INK),
    MeasureState.PENDING_APPROVAL: Shade("#8fb4e0", "\\", INK),
    MeasureState.CLOSED: Shade("#14386b", "", "#ffffff"),
    MeasureState.LONG_TERM: Shade("#3f6fae", "-", "#ffffff"),
}
# No darker than lets the numbers be read in one ink.
HEAT_SCALE = [[0, "#f2f6fb"], [0.5, "#b5cfec"], [1, "#6a9bd6"]]


class Link(Protocol):
    """Filters → the address of the list they lead to; "" where there is none."""

    def __call__(self, **filters: Any) -> str: ...


@dataclass(frozen=True)
class Chart:
    """`table_rows` hold words, numbers, and numbers as links; `summary` says in a sentence what it shows."""

    id: str
    title: str
    figure_json: str
    table_headers: tuple[str, ...]
    table_rows: tuple[tuple[object, ...], ...]
    summary: str


def items_by_domain(overview: Overview, link: Link) -> Chart:
    """Risk items: a bar a domain, stacked by kind. `link(kind=, domain=)`, each may be absent."""
    domains = overview.register_domains
    labels = [domain.name for domain in domains]
    traces = [
        _bar(
            kind.label,
            KIND_SHADES[kind],
            [overview.registered(kind, domain) for domain in domains],
            [link(kind=kind, domain=domain) for domain in domains],
        )
        for kind in RiskKind
    ]
    rows = [
        (
            domain.name,
            *(_cell(overview.registered(kind, domain), link(kind=kind, domain=domain)) for kind in RiskKind),
            _cell(overview.items.in_domain(domain.pk), link(domain=domain)),
        )
        for domain in domains
    ]
    totals = (_cell(overview.items.count(kind), link(kind=kind)) for kind in RiskKind)
    rows.append(("合计", *totals, _cell(overview.items.count(), link())))
    return Chart(
        "chart-domains",
        "各领域风险分布（登记数）",
        _stacked(traces, labels),
        ("领域", *RiskKind.labels, "合计"),
        tuple(rows),
        _domain_sentence(overview, domains),
    )


def reported_by_domain(overview: Overview, reported: Reported, address: str) -> Chart:
    """What the county's report states by domain, drawn while nothing is registered. `address`: the report."""
    domains = overview.domains

    def stated(kind: RiskKind, domain: DomainRow | None) -> int | None:
        figure = reported.figure(kind, domain.name if domain else None)
        return figure.value if figure else None

    def cell(value: int | None) -> object:
        return "未列明" if value is None else _cell(value, address)

    traces = [
        _bar(
            kind.label,
            KIND_SHADES[kind],
            [stated(kind, domain) or 0 for domain in domains],
            [address] * len(domains),
        )
        for kind in RiskKind
    ]
    lines = [(domain.name, domain) for domain in domains]
    rows = [
        (name, *(cell(stated(kind, domain)) for kind in RiskKind))
        for name, domain in [*lines, ("合计", None)]
    ]
    totals = "、".join(f"{kind.label} {cell_text(stated(kind, None))}" for kind in RiskKind)
    return Chart(
        "chart-domains",
        "各领域风险分布（报告数，尚未登记）",
        _stacked(traces, [domain.name for domain in domains]),
        ("领域", *RiskKind.labels),
        tuple(rows),
        f"《{reported.title}》所列：{totals}；未列明的不画。",
    )


def cell_text(value: int | None) -> str:
    return "未列明" if value is None else str(value)


def _domain_sentence(overview: Overview, domains: Sequence[DomainRow]) -> str:
    if not overview.items.count():
        return "还没有登记风险。"
    most = max(domains, key=lambda domain: overview.items.in_domain(domain.pk))
    kinds = "、".join(f"{kind.label} {overview.items.count(kind)}" for kind in RiskKind)
    return (
        f"{len(domains)} 个领域共登记{kinds}；"
        f"最多的是{most.name}，共 {overview.items.in_domain(most.pk)} 条。"
    )


def units_by_domain(overview: Overview, link: Link) -> Chart:
    """Risk items: a heat map of the first units in the official order. `link(unit=, domain=)`."""
    units = overview.involved[:HEAT_MAP_UNITS]
    domains = overview.register_domains
    counts = [[_filled(unit, domain) for domain in domains] for unit in units]
    figure = {
        "data": [
            {
                "type": "heatmap",
                "x": list(range(len(domains))),
                "y": list(range(len(units))),
                "z": counts,
                "text": [["" if count is None else str(count) for count in row] for row in counts],
                "texttemplate": "%{text}",
                "textfont": {"color": INK},
                "customdata": [[link(unit=unit, domain=domain) for domain in domains] for unit in units],
                "hovertext": [
                    [f"{_plain(unit.name)}<br>{_plain(domain.name)}" for domain in domains] for unit in units
                ],
                "hovertemplate": "%{hovertext}：%{z} 条<extra></extra>",
                "xgap": 2,
                "ygap": 2,
                "zmin": 0,
                "zmax": max((count or 0 for row in counts for count in row), default=0) or 1,
                "colorscale": HEAT_SCALE,
                "showscale": False,
                "hoverongaps": False,
            }
        ],
        "layout": _layout(
            height=70 + 24 * max(len(units), 2),
            xaxis=_labelled([_folded(domain.name) for domain in domains], side="top"),
            yaxis=_labelled([_shortened(unit.label) for unit in units], reverse=True),
        ),
    }
    rows = tuple(
        (
            unit.name,
            *(
                "" if count is None else _cell(count, link(unit=unit, domain=domain))
                for count, domain in zip(row, domains, strict=True)
            ),
            _cell(unit.items.count(), link(unit=unit)),
        )
        for unit, row in zip(units, counts, strict=True)
    )
    return Chart(
        "chart-units",
        "各单位、各领域风险条数",
        json.dumps(figure, ensure_ascii=False),
        ("单位", *(domain.name for domain in domains), "合计"),
        rows,
        _unit_sentence(overview, units),
    )


def _filled(unit: UnitRow, domain: DomainRow) -> int | None:
    """The items of a unit in a domain; 0 only where it declared none of some kind there."""
    count = unit.items.in_domain(domain.pk)
    declared = any(declaration.domain == domain.pk for declaration in unit.declared)
    return count if count or declared else None


def _unit_sentence(overview: Overview, units: Sequence[UnitRow]) -> str:
    if not units:
        return "还没有参加单位。"
    most = max(overview.involved, key=lambda unit: unit.items.count())
    more = len(overview.involved) - len(units)
    drawn = (
        f"按排序画出前 {len(units)} 个单位，另有 {more} 个见单位清单" if more else f"共 {len(units)} 个单位"
    )
    return f"{drawn}；登记最多的是{most.name}，共 {most.items.count()} 条。空格表示没有登记，0 表示零申报。"


def measures_by_theme(overview: Overview, link: Link) -> Chart:
    """Measures: a bar a theme, stacked by state; cancelled ones left out. `link(theme=, state=)`."""
    measures = overview.measures
    traces = [
        _bar(
            state.label,
            STATE_SHADES[state],
            [measures.count(theme=theme, state=state) for theme in Theme],
            [link(theme=theme, state=state) for theme in Theme],
        )
        for state in COUNTED_STATES
    ]
    rows: list[tuple[object, ...]] = []
    for theme in Theme:
        counts = {state: measures.count(theme=theme, state=state) for state in COUNTED_STATES}
        cells = (_cell(count, link(theme=theme, state=state)) for state, count in counts.items())
        rows.append((theme.label, *cells, sum(counts.values())))
    totals = (_cell(measures.count(state=state), link(state=state)) for state in COUNTED_STATES)
    rows.append(("合计", *totals, measures.total))
    sentence = (
        f"共 {measures.total} 条整改措施，已销号 {measures.closed} 条，长期坚持 {measures.long_term} 条，"
        f"逾期 {measures.overdue} 条；已取消的不计。"
        if measures.total
        else "还没有登记整改措施。"
    )
    return Chart(
        "chart-measures",
        "整改措施进展",
        _stacked(traces, list(Theme.labels)),
        ("主题", *(state.label for state in COUNTED_STATES), "合计"),
        tuple(rows),
        sentence,
    )


def _bar(name: str, shade: Shade, counts: Sequence[int], addresses: Sequence[str]) -> dict[str, Any]:
    return {
        "type": "bar",
        "orientation": "h",
        "name": name,
        "x": list(counts),
        "y": list(range(len(counts))),
        "text": [str(count) if count else "" for count in counts],
        "textposition": "inside",
        "insidetextanchor": "middle",
        "textangle": 0,
        "textfont": {"color": shade.ink},
        "customdata": list(addresses),
        "hovertemplate": "%{fullData.name}：%{x}<extra></extra>",
        "marker": {
            "color": shade.fill,
            "line": {"color": "#14386b", "width": 1},
            "pattern": {
                "shape": shade.pattern,
                "fillmode": "overlay",
                "fgcolor": shade.ink,
                "fgopacity": 0.3,
                "size": 7,
            },
        },
    }


def _stacked(traces: list[dict[str, Any]], labels: list[str]) -> str:
    """Horizontal bars, so that every label can be read; the sum stands at the end of each."""
    sums = [sum(counts) for counts in zip(*(trace["x"] for trace in traces), strict=True)]
    ends = {
        "type": "scatter",
        "mode": "text",
        "x": sums,
        "y": list(range(len(sums))),
        "text": [f" {total}" for total in sums],
        "textposition": "middle right",
        "textfont": {"size": 13},
        "cliponaxis": False,
        "hoverinfo": "skip",
        "showlegend": False,
    }
    layout = _layout(
        height=60 + 44 * max(len(labels), 6),
        barmode="stack",
        bargap=0.35,
        uniformtext={"minsize": 11, "mode": "hide"},
        legend={"orientation": "h", "x": 0, "y": 1, "yanchor": "bottom", "traceorder": "normal"},
        xaxis={
            "fixedrange": True,
            "range": [0, max(sums, default=0) * 1.12 or 1],
            "showgrid": False,
            "showticklabels": False,
            "zeroline": False,
        },
        yaxis=_labelled([_shortened(label) for label in labels], reverse=True),
    )
    return json.dumps({"data": [*traces, ends], "layout": layout}, ensure_ascii=False)


def _layout(**parts: Any) -> dict[str, Any]:
    return {
        "font": {"family": FONT, "size": 13, "color": INK},
        "margin": {"l": 8, "r": 24, "t": 8, "b": 8},
        "paper_bgcolor": "#ffffff",
        "plot_bgcolor": "#ffffff",
        "dragmode": False,
        "hoverlabel": {"font": {"family": FONT}},
        **parts,
    }


def _labelled(labels: Iterable[str], *, reverse: bool = False, side: str = "") -> dict[str, Any]:
    """An axis of numbered places with words beside them."""
    words = [_plain(label, keep_breaks=True) for label in labels]
    ends = [-0.5, max(len(words), 1) - 0.5]
    axis: dict[str, Any] = {
        "tickmode": "array",
        "tickvals": list(range(len(words))),
        "ticktext": words,
        "tickangle": 0,
        "range": ends[::-1] if reverse else ends,
        "fixedrange": True,
        "automargin": True,
        "showgrid": False,
        "zeroline": False,
        "ticks": "outside",
        "ticklen": 6,
        "tickcolor": "#ffffff",
    }
    return {**axis, "side": side} if side else axis


def _plain(text: str, *, keep_breaks: bool = False) -> str:
    """plotly reads a little HTML in its texts: names are written so that it finds none."""
    safe = escape(text, quote=False)
    return safe.replace("\n", "<br>") if keep_breaks else safe


def _shortened(name: str, longest: int = 10) -> str:
    return name if len(name) <= longest else f"{name[: longest - 1]}…"


def _folded(name: str) -> str:
    """A column heading in short lines, at most three."""
    width = 2 if len(name) <= 4 else 3
    return "\n".join(name[i : i + width] for i in range(0, min(len(name), width * 3), width))


def _cell(count: int, address: str) -> object:
    return format_html('<a href="{}">{}</a>', address, count) if address and count else count


def measures_over_time(points: Sequence[Point]) -> Chart:
    """Each month: how many were opened, closed, and late at its end."""
    labels = [point.day.strftime("%Y-%m-%d") for point in points]
    series = [
        ("当月录入", [point.opened for point in points], "solid"),
        ("当月销号", [point.newly_closed for point in points], "dash"),
        ("月末逾期", [point.tally.overdue for point in points], "dot"),
    ]
    rows = tuple(
        (label, point.opened, point.newly_closed, point.tally.total, point.tally.overdue)
        for label, point in zip(labels, points, strict=True)
    )
    last = points[-1] if points else None
    summary = f"截至 {labels[-1]}，共 {last.tally.total} 条，逾期 {last.tally.overdue} 条。" if last else ""
    headers = ("截至", "当月录入", "当月销号", "累计", "逾期")
    return Chart("chart-trend", "整改措施逐月变化", _lines_figure(labels, series, ""), headers, rows, summary)


def rates_over_time(points: Sequence[Point]) -> Chart:
    """Both completion rates at the end of each month."""
    labels = [point.day.strftime("%Y-%m-%d") for point in points]
    series = [
        ("完成率（不含长期坚持）", [point.tally.rate for point in points], "solid"),
        ("完成率（含长期坚持）", [point.tally.rate_with_long_term for point in points], "dash"),
    ]

    def words(rate: float | None) -> str:
        return "—" if rate is None else f"{rate}%"

    rows = tuple(
        (label, words(point.tally.rate), words(point.tally.rate_with_long_term))
        for label, point in zip(labels, points, strict=True)
    )
    headers = ("截至", "完成率（不含长期坚持）", "完成率（含长期坚持）")
    return Chart("chart-rates", "完成率逐月变化", _lines_figure(labels, series, "%"), headers, rows, "")


def _lines_figure(labels: list[str], series: list[tuple[str, list[Any], str]], suffix: str) -> str:
    """Lines told apart by dash as well as by shade."""
    inks = ("#14386b", "#3f6fae", "#1c2733")
    data = [
        {
            "type": "scatter",
            "mode": "lines+markers",
            "name": name,
            "x": labels,
            "y": values,
            "line": {"color": ink, "dash": dash, "width": 2},
        }
        for (name, values, dash), ink in zip(series, inks, strict=False)
    ]
    layout = {
        "font": {"family": FONT, "color": INK, "size": 13},
        "height": 300,
        "margin": {"l": 48, "r": 16, "t": 8, "b": 40},
        "xaxis": {"type": "category", "fixedrange": True},
        "yaxis": {"rangemode": "tozero", "fixedrange": True, "gridcolor": "#dfe5ec", "ticksuffix": suffix},
        "legend": {"orientation": "h", "y": 1.15},
        "paper_bgcolor": "#ffffff",
        "plot_bgcolor": "#ffffff",
    }
    return json.dumps({"data": data, "layout": layout}, ensure_ascii=False)
