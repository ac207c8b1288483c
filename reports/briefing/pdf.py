"""A briefing as PDF/A-2b: layouts/*.typ lay it out from plain data, with free fonts embedded."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path
from typing import Any

import pylopdf_fonts_zh_cn
import typst

from reports.briefing.shapes import Briefing, Chart, Listing, Table
from riskregistry.official_document import day_in_words

LAYOUTS = Path(__file__).with_name("layouts")
FONTS = Path(pylopdf_fonts_zh_cn.__file__).parent


def pdf(briefing: Briefing, *, author: str, made_at: datetime) -> bytes:
    """The file's bytes. A font that is missing would be replaced in silence: only ours are looked for."""
    content = typst.compile(
        LAYOUTS / ("slides.typ" if briefing.kind == "slides" else "document.typ"),
        sys_inputs={"data": json.dumps(_data(briefing, author), ensure_ascii=False)},
        font_paths=[FONTS],
        ignore_system_fonts=True,
        pdf_standards="a-2b",
        timestamp=int(made_at.timestamp()),
    )
    if not isinstance(content, bytes):
        raise TypeError("typst gave several files for one document")
    return content


def _data(briefing: Briefing, author: str) -> dict[str, Any]:
    """What the layout reads; every value is already in words."""
    return {
        "title": briefing.title,
        "author": author,
        "wide": briefing.wide,
        "cover": briefing.cover,
        "recipient": briefing.recipient,
        "sections": [
            {
                "heading": section.heading,
                "level": section.level,
                "paragraphs": [{"lead": p.lead, "text": p.plain} for p in section.paragraphs],
            }
            for section in briefing.sections
        ],
        "tables": [_table(table) for table in briefing.tables],
        "annexes": [_annex(annex) for annex in briefing.annexes],
        "charts": [_chart(chart) for chart in briefing.charts],
        "office": briefing.office,
        "day": day_in_words(briefing.day),
        "definitions": briefing.definitions,
        "meanings": briefing.definitions_of,
        "made": briefing.made,
    }


def _annex(annex: Table | Listing) -> dict[str, Any]:
    if isinstance(annex, Table):
        return _table(annex)
    groups = [{"heading": group.heading, "lines": group.lines} for group in annex.groups]
    return {"kind": "listing", "title": annex.title, "groups": groups}


def _table(table: Table) -> dict[str, Any]:
    columns = table.columns
    return {
        "kind": "table",
        "title": table.title,
        "columns": [{"title": c.title, "share": c.share, "right": c.numeric} for c in columns],
        "lines": [table.words(row) for row in table.lines],
        "total": table.total is not None,
        "note": table.note,
        "empty": table.empty,
    }


def _chart(chart: Chart) -> dict[str, Any]:
    return {
        "title": f"{chart.title}（{chart.unit}）",
        "categories": chart.categories,
        "series": [{"name": series.name, "values": series.values} for series in chart.series],
        "sums": [sum(values) for values in zip(*(s.values for s in chart.series), strict=True)],
    }
