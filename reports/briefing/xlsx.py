"""A briefing as a workbook: tables whose sums are formulas with computed values, charts, set up for A4."""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import IO, Any

import xlsxwriter
from xlsxwriter.utility import xl_col_to_name, xl_rowcol_to_cell

from reports.briefing.shapes import NOTHING, Briefing, Chart, Column, Table, Value
from riskregistry.official_document import UPRIGHT_COLUMNS

FONT = "宋体"
LINE_HEIGHT = 15
# Excel counts days from here.
DAY_ZERO = date(1899, 12, 30)
# A share of 1 in characters of the sheet's standard font.
CHARACTERS = 3.6
PATTERNS = ("", "wide_upward_diagonal", "percent_20", "large_check")
SHEET_NAME_LIMIT = 31


def workbook(briefing: Briefing, *, author: str, made_at: datetime) -> bytes:
    """The file's bytes: a sheet a table, one a chart, and a sheet 说明 that says what the numbers mean."""
    content = io.BytesIO()
    book = _Book(content, briefing, author, made_at)
    for table in briefing.every_table:
        book.table(table)
    for chart in briefing.charts:
        book.chart(chart)
    book.close()
    return content.getvalue()


def stream(
    target: IO[bytes],
    briefing: Briefing,
    columns: Sequence[Column],
    rows: Iterable[Sequence[Value]],
    *,
    author: str,
    made_at: datetime,
) -> int:
    """A ledger of any length, written row by row with flat memory. Returns how many rows."""
    book = _Book(target, briefing, author, made_at, streamed=True)
    count = book.rows(briefing.title, columns, rows)
    book.close()
    return count


class _Book:
    def __init__(
        self, target: IO[bytes], briefing: Briefing, author: str, made_at: datetime, *, streamed: bool = False
    ) -> None:
        self.briefing = briefing
        self.book = xlsxwriter.Workbook(
            target,
            {
                "in_memory": not streamed,
                "constant_memory": streamed,
                "strings_to_formulas": False,
                "strings_to_urls": False,
            },
        )
        self.book.set_properties(
            {
                "title": briefing.title,
                "author": author,
                "comments": briefing.made,
                "created": made_at.replace(tzinfo=None),
            }
        )
        self.names: set[str] = set()
        frame = {"border": 1, "text_wrap": True, "valign": "vcenter", "font_name": FONT, "font_size": 11}
        self.formats: dict[str, Any] = {
            "text": self.book.add_format(frame),
            "count": self.book.add_format({**frame, "num_format": "0"}),
            "number": self.book.add_format({**frame, "num_format": "0"}),
            "rate": self.book.add_format({**frame, "num_format": '0.0"%"'}),
            "date": self.book.add_format({**frame, "num_format": "yyyy-mm-dd", "align": "center"}),
            "nothing": self.book.add_format({**frame, "align": "center"}),
            "head": self.book.add_format({**frame, "bold": True, "align": "center", "bg_color": "#E8EEF4"}),
            "title": self.book.add_format(
                {"font_name": FONT, "font_size": 18, "bold": True, "align": "center"}
            ),
            "note": self.book.add_format({"font_name": FONT, "font_size": 10, "text_wrap": True}),
        }
        for kind in ("text", "count", "rate"):
            shape = '0.0"%"' if kind == "rate" else "0"
            self.formats[f"total {kind}"] = self.book.add_format({**frame, "bold": True, "num_format": shape})

    def _sheet(self, title: str, columns: Sequence[Column], *, heading: str) -> Any:
        """A sheet with its title in the first row and the headers in the second, frozen and repeated."""
        # Chinese characters that a line of each column holds; each is as wide as two digits.
        self.rooms = [int(column.share * CHARACTERS / 2) or 1 for column in columns]
        name = _free_name(title, self.names)
        self.names.add(name)
        sheet = self.book.add_worksheet(name)
        for place, column in enumerate(columns):
            sheet.set_column(place, place, max(column.share * CHARACTERS, 6))
        sheet.set_row(0, 30)
        sheet.set_row(1, 30)
        sheet.merge_range(0, 0, 0, len(columns) - 1, heading, self.formats["title"])
        for place, column in enumerate(columns):
            sheet.write_string(1, place, column.title, self.formats["head"])
        sheet.freeze_panes(2, 2 if columns[0].kind == "number" else 1)
        _print_on_a4(sheet, self.briefing, wide=len(columns) > UPRIGHT_COLUMNS)
        return sheet

    def table(self, table: Table) -> None:
        columns = table.columns
        heading = self.briefing.title if table in self.briefing.tables else table.title
        sheet = self._sheet(table.title, columns, heading=heading)
        for number, row in enumerate(table.rows, 2):
            self._row(sheet, number, columns, row)
        last = 2 + len(table.rows)
        if not table.rows:
            sheet.merge_range(2, 0, 2, len(columns) - 1, table.empty, self.formats["nothing"])
            last += 1
        if table.total is not None:
            self._total(sheet, last, table)
            last += 1
        if table.note:
            sheet.merge_range(last, 0, last, len(columns) - 1, table.note, self.formats["note"])
        sheet.print_area(0, 0, last if table.note else last - 1, len(columns) - 1)

    def rows(self, title: str, columns: Sequence[Column], rows: Iterable[Sequence[Value]]) -> int:
        sheet = self._sheet(title, columns, heading=title)
        count = 0
        for count, row in enumerate(rows, 1):
            self._row(sheet, count + 1, columns, row)
        return count

    def _row(self, sheet: Any, number: int, columns: Sequence[Column], row: Sequence[Value]) -> None:
        """Told apart by type here and not in XlsxWriter, which would try every type on every cell."""
        lines, formats, rooms = 1, self.formats, self.rooms
        for place, (column, value) in enumerate(zip(columns, row, strict=True)):
            if value is None or value == "":
                sheet.write_string(number, place, NOTHING, formats["nothing"])
            elif type(value) is str:
                if len(value) > (room := rooms[place]):
                    lines = max(lines, -(-len(value) // room))
                sheet.write_string(number, place, value, formats["text"])
            elif isinstance(value, date):
                sheet.write_number(number, place, (value - DAY_ZERO).days, formats["date"])
            elif column.of:
                sheet.write_formula(number, place, _rate(number, column.of), formats["rate"], value)
            else:
                sheet.write_number(number, place, value, formats[column.kind])
        if lines > 1:
            # LibreOffice leaves the rows of a new file at one line each.
            sheet.set_row(number, LINE_HEIGHT * lines)

    def _total(self, sheet: Any, row: int, table: Table) -> None:
        """Sums that can be followed; the computed value stands there for readers that do not compute."""
        for place, (column, value) in enumerate(zip(table.columns, table.total or (), strict=True)):
            style = self.formats[f"total {column.kind if column.kind in ('count', 'rate') else 'text'}"]
            if column.kind == "count" and table.rows:
                letter = xl_col_to_name(place)
                sheet.write_formula(row, place, f"=SUM({letter}3:{letter}{row})", style, value)
            elif column.of and value is not None:
                sheet.write_formula(row, place, _rate(row, column.of), style, value)
            elif isinstance(value, int | float):
                sheet.write_number(row, place, value, style)
            else:
                sheet.write_string(row, place, NOTHING if value in (None, "") else str(value), style)

    def chart(self, chart: Chart) -> None:
        """A sheet with the chart's numbers and the chart, so that both can be changed together."""
        columns = (Column(" ", 5), *(Column(series.name, 3, "count") for series in chart.series))
        sheet = self._sheet(chart.title, columns, heading=f"{chart.title}（{chart.unit}）")
        name = sheet.get_name()
        for number, category in enumerate(chart.categories, 2):
            values: tuple[Value, ...] = (category, *(series.values[number - 2] for series in chart.series))
            self._row(sheet, number, columns, values)
        last = 1 + len(chart.categories)
        drawn = self.book.add_chart({"type": "bar", "subtype": "stacked"})
        for place, series in enumerate(chart.series, 1):
            pattern = PATTERNS[(place - 1) % len(PATTERNS)]
            look: dict[str, Any] = {"fill": {"color": "#14386B"}}
            if pattern:
                look = {"pattern": {"pattern": pattern, "fg_color": "#14386B", "bg_color": "#FFFFFF"}}
            drawn.add_series(
                {
                    "name": series.name,
                    "categories": [name, 2, 0, last, 0],
                    "values": [name, 2, place, last, place],
                    "border": {"color": "#14386B"},
                    "gap": 60,
                    **look,
                }
            )
        drawn.set_y_axis({"reverse": True})
        drawn.set_x_axis({"major_gridlines": {"visible": True, "line": {"color": "#C8D2DE"}}})
        drawn.set_title({"name": chart.title, "name_font": {"size": 14}})
        drawn.set_legend({"position": "bottom"})
        drawn.set_size({"width": 640, "height": 150 + 34 * len(chart.categories)})
        sheet.insert_chart(last + 2, 0, drawn, {"description": f"{chart.title}，数字见上表"})
        # The chart reaches beyond the table: no print area, all of it on one page across.

    def close(self) -> None:
        """Last comes what the numbers mean and who made the file when."""
        said = self.book.add_worksheet("说明")
        said.set_column(0, 0, 26)
        said.set_column(1, 1, 90)
        note = self.formats["note"]
        lines = (
            ("口径", self.briefing.definitions),
            *self.briefing.definitions_of,
            ("生成", self.briefing.made),
        )
        for number, (label, text) in enumerate(lines):
            said.write_string(number, 0, label, note)
            said.write_string(number, 1, text, note)
        _print_on_a4(said, self.briefing, wide=True)
        self.book.close()


def _rate(row: int, of: tuple[int, int]) -> str:
    part, whole = (xl_rowcol_to_cell(row, place) for place in of)
    return f'=IF({whole}=0,"{NOTHING}",ROUND({part}/{whole}*100,1))'


def _print_on_a4(sheet: Any, briefing: Briefing, *, wide: bool) -> None:
    if wide:
        sheet.set_landscape()
    sheet.set_paper(9)
    sheet.set_margins(left=0.6, right=0.6, top=0.7, bottom=0.7)
    sheet.center_horizontally()
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(0, 1)
    sheet.set_footer(f"&L&8{briefing.made.replace('&', '&&')}&R&8第 &P 页，共 &N 页")


def _free_name(title: str, taken: set[str]) -> str:
    """A sheet's name: no characters that Excel refuses, at most 31, none twice."""
    clean = "".join(" " if char in "[]:*?/\\'" else char for char in title)[:SHEET_NAME_LIMIT]
    name, number = clean, 2
    while name in taken:
        name = f"{clean[: SHEET_NAME_LIMIT - 3]}({number})"
        number += 1
    return name
