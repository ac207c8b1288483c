"""A briefing as slides: what matters in a few lines, native charts, and tables that keep to their slides."""

from __future__ import annotations

import io
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from pptx import Presentation
from pptx.dml.color import RGBColor
from pptx.enum.text import MSO_ANCHOR, PP_ALIGN
from pptx.util import Inches, Pt

from reports.briefing import native_charts
from reports.briefing.shapes import Briefing, Chart, Section, Table, Value, shown
from riskregistry.official_document import day_in_words

WIDTH, HEIGHT = Inches(13.333), Inches(7.5)
BLUE, INK, PALE, WHITE = (
    RGBColor.from_string(color)  # type: ignore[no-untyped-call]
    for color in ("14386B", "1C2733", "E8EEF4", "FFFFFF")
)
FONT = "微软雅黑"
ROWS_A_SLIDE = 14
BLANK = 6


def slides(briefing: Briefing, *, author: str, made_at: datetime) -> bytes:
    """The file's bytes."""
    deck = Presentation()
    deck.slide_width, deck.slide_height = WIDTH, HEIGHT
    properties = deck.core_properties
    properties.title, properties.author, properties.last_modified_by = briefing.title, author, author
    properties.comments, properties.created = briefing.made, made_at.replace(tzinfo=None)
    _cover(deck, briefing)
    for section in briefing.sections:
        _section(deck, section)
    for chart in briefing.charts:
        _chart(deck, chart)
    for table in briefing.every_table:
        _table(deck, table)
    _last(deck, briefing)
    content = io.BytesIO()
    deck.save(content)
    return content.getvalue()


def _text(box: Any, text: str, size: int, *, bold: bool = False, color: RGBColor = INK) -> Any:
    """A paragraph behind those that are there."""
    frame = box.text_frame
    first = frame.paragraphs[0]
    paragraph = frame.add_paragraph() if first.runs else first
    run = paragraph.add_run()
    run.text = text
    run.font.size, run.font.bold, run.font.color.rgb = Pt(size), bold, color
    _font(run)
    return paragraph


def _font(run: Any) -> None:
    run.font.name = FONT
    properties = run._r.get_or_add_rPr()
    east = properties.makeelement(
        "{http://schemas.openxmlformats.org/drawingml/2006/main}ea", {"typeface": FONT}
    )
    latin = properties.find("{http://schemas.openxmlformats.org/drawingml/2006/main}latin")
    latin.addnext(east)
    run.font.language_id = None


def _box(slide: Any, left: float, top: float, width: float, height: float) -> Any:
    box = slide.shapes.add_textbox(Inches(left), Inches(top), Inches(width), Inches(height))
    box.text_frame.word_wrap = True
    return box


def _cover(deck: Any, briefing: Briefing) -> None:
    slide = deck.slides.add_slide(deck.slide_layouts[BLANK])
    band = slide.shapes.add_shape(1, 0, Inches(2.3), WIDTH, Inches(2.4))
    band.fill.solid()
    band.fill.fore_color.rgb = BLUE
    band.line.fill.background()
    band.text_frame.word_wrap = True
    band.text_frame.vertical_anchor = MSO_ANCHOR.MIDDLE
    title = _text(
        band,
        briefing.title,
        38 if len(briefing.title) <= 24 else 30,
        bold=True,
        color=WHITE,
    )
    title.alignment = PP_ALIGN.CENTER
    signed = _box(slide, 1, 5.2, 11.3, 1.2)
    for text in (briefing.office, day_in_words(briefing.day)):
        _text(signed, text, 20).alignment = PP_ALIGN.CENTER
    if briefing.cover:
        _text(_box(slide, 0.6, 0.4, 4, 0.5), "  ".join(briefing.cover), 16, bold=True)


def _titled(deck: Any, title: str) -> Any:
    slide = deck.slides.add_slide(deck.slide_layouts[BLANK])
    _text(_box(slide, 0.6, 0.35, 12.1, 0.8), title, 28, bold=True, color=BLUE)
    line = slide.shapes.add_connector(1, Inches(0.6), Inches(1.15), Inches(12.7), Inches(1.15))
    line.line.color.rgb = BLUE
    return slide


def _section(deck: Any, section: Section) -> None:
    """A clause a line: a slide is read from the back of the room."""
    slide = _titled(deck, section.heading)
    lines = [line for paragraph in section.paragraphs for line in _clauses(paragraph.lead + paragraph.plain)]
    size = 24 if len(lines) <= 6 else 20 if len(lines) <= 9 else 16
    body = _box(slide, 0.7, 1.5, 11.9, 5.4)
    for line in lines:
        paragraph = _text(body, line, size)
        paragraph.space_after = Pt(10)


def _clauses(text: str) -> list[str]:
    lines, line = [], ""
    for char in text:
        line += char
        if char in "。；":
            lines.append(line)
            line = ""
    return [*lines, line] if line else lines


def _chart(deck: Any, chart: Chart) -> None:
    slide = _titled(deck, chart.title)
    frame = slide.shapes.add_chart(
        native_charts.KIND, Inches(0.7), Inches(1.3), Inches(11.9), Inches(5.9), native_charts.data_of(chart)
    )
    native_charts.style(frame.chart._chartSpace, chart, size=1400)
    frame.name = chart.title


def _table(deck: Any, table: Table) -> None:
    """As many slides as the rows need, each with the headers."""
    lines: Sequence[tuple[Value, ...]] = table.lines or ((table.empty, *[""] * (len(table.columns) - 1)),)
    pieces = [lines[at : at + ROWS_A_SLIDE] for at in range(0, len(lines), ROWS_A_SLIDE)]
    for number, piece in enumerate(pieces, 1):
        title = table.title + (f"（{number}/{len(pieces)}）" if len(pieces) > 1 else "")
        slide = _titled(deck, title)
        _grid(slide, table, piece, bold_last=number == len(pieces) and table.total is not None)


def _grid(slide: Any, table: Table, lines: Sequence[tuple[Value, ...]], *, bold_last: bool) -> None:
    columns = table.columns
    frame = slide.shapes.add_table(
        len(lines) + 1, len(columns), Inches(0.7), Inches(1.35), Inches(11.9), Inches(0.38 * (len(lines) + 1))
    )
    grid, whole = frame.table, sum(column.share for column in columns)
    for place, column in enumerate(columns):
        grid.columns[place].width = int(Inches(11.9) * column.share / whole)
        _cell(grid.cell(0, place), column.title, bold=True, fill=BLUE, color=WHITE)
    for number, row in enumerate(lines, 1):
        last = bold_last and number == len(lines)
        for place, (column, value) in enumerate(zip(columns, row, strict=True)):
            text = "" if value == "" and place else shown(value, column.kind)
            cell = grid.cell(number, place)
            _cell(cell, text, bold=last, fill=PALE if last else WHITE)
            if column.numeric:
                cell.text_frame.paragraphs[0].alignment = PP_ALIGN.RIGHT


def _cell(cell: Any, text: str, *, bold: bool, fill: RGBColor, color: RGBColor = INK) -> None:
    cell.fill.solid()
    cell.fill.fore_color.rgb = fill
    cell.vertical_anchor = MSO_ANCHOR.MIDDLE
    cell.margin_top = cell.margin_bottom = Pt(2)
    _text(cell, text, 14 if len(text) <= 20 else 11, bold=bold, color=color)


def _last(deck: Any, briefing: Briefing) -> None:
    slide = _titled(deck, "数字说明")
    body = _box(slide, 0.7, 1.4, 11.9, 5.6)
    _text(body, briefing.definitions, 14)
    for name, definition in briefing.definitions_of:
        _text(body, f"{name}：{definition}", 12)
    _text(body, briefing.made, 12)
