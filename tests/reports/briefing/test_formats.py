"""One briefing laid out in five ways: the same numbers, the official layout, files that keep the rules."""

from __future__ import annotations

import io
import itertools
import re
import zipfile
from dataclasses import replace

import pypdfium2
import pytest
from django.template.loader import render_to_string
from docx import Document
from docx.oxml.ns import qn
from hypothesis import given, settings
from lxml import etree
from openpyxl import load_workbook
from pptx import Presentation

from reports.briefing.content import KINDS, compose
from reports.briefing.docx import word
from reports.briefing.options import Options
from reports.briefing.pdf import pdf
from reports.briefing.pptx import slides
from reports.briefing.shapes import Briefing, Table, shown
from reports.briefing.xlsx import workbook
from tests.reports.briefing.bases import MADE, bases

# Children in the order that ECMA-376, part 1, gives them (17.3.1, 17.3.2, 17.4, 17.6).
ORDER = {
    "pPr": "pStyle keepNext keepLines pageBreakBefore framePr widowControl numPr suppressLineNumbers "
    "pBdr shd tabs suppressAutoHyphens kinsoku wordWrap overflowPunct topLinePunct "
    "autoSpaceDE autoSpaceDN bidi adjustRightInd snapToGrid spacing ind contextualSpacing "
    "mirrorIndents suppressOverlap jc textDirection textAlignment textboxTightWrap outlineLvl "
    "divId cnfStyle rPr sectPr pPrChange",
    "rPr": "rStyle rFonts b bCs i iCs caps smallCaps strike dstrike outline shadow emboss imprint "
    "noProof snapToGrid vanish webHidden color spacing w kern position sz szCs highlight u "
    "effect bdr shd fitText vertAlign rtl cs em lang eastAsianLayout specVanish oMath",
    "tblPr": "tblStyle tblpPr tblOverlap bidiVisual tblStyleRowBandSize tblStyleColBandSize tblW jc "
    "tblCellSpacing tblInd tblBorders shd tblLayout tblCellMar tblLook tblCaption "
    "tblDescription",
    "trPr": "cnfStyle divId gridBefore gridAfter wBefore wAfter cantSplit trHeight tblHeader "
    "tblCellSpacing jc",
    "sectPr": "headerReference footerReference footnotePr endnotePr type pgSz pgMar paperSrc pgBorders "
    "lnNumType pgNumType cols formProt vAlign noEndnote titlePg textDirection bidi rtlGutter "
    "docGrid printerSettings",
}
# The same of DrawingML and its charts (21.1.2.3.9, 21.2.2).
CHART_ORDER = {
    "chartSpace": "date1904 lang roundedCorners AlternateContent style clrMapOvr pivotFmts protection "
    "chart spPr txPr externalData printSettings userShapes extLst",
    "chart": "title autoTitleDeleted pivotFmts view3D floor sideWall backWall plotArea legend "
    "plotVisOnly dispBlanksAs showDLblsOverMax extLst",
    "ser": "idx order tx spPr invertIfNegative pictureOptions dPt dLbls trendline errBars cat "
    "val shape extLst",
    "dLbls": "dLbl delete numFmt spPr txPr dLblPos showLegendKey showVal showCatName showSerName "
    "showPercent showBubbleSize separator showLeaderLines leaderLines extLst",
    "title": "tx layout overlay spPr txPr extLst",
    "legend": "legendPos legendEntry layout overlay spPr txPr extLst",
    "catAx": "axId scaling delete axPos majorGridlines minorGridlines title numFmt majorTickMark "
    "minorTickMark tickLblPos spPr txPr crossAx crosses crossesAt auto lblAlgn lblOffset "
    "tickLblSkip tickMarkSkip noMultiLvlLbl extLst",
    "valAx": "axId scaling delete axPos majorGridlines minorGridlines title numFmt majorTickMark "
    "minorTickMark tickLblPos spPr txPr crossAx crosses crossesAt crossBetween majorUnit "
    "minorUnit dispUnits extLst",
}
RUN_ORDER = (
    "ln noFill solidFill gradFill blipFill pattFill grpFill effectLst effectDag highlight "
    "uLnTx uLn uFillTx uFill latin ea cs sym hlinkClick hlinkMouseOver rtl extLst"
)
LONG = "县国有资产投资运营与基础设施建设集团股份有限公司"


def document_of(basis, kind="situation", options=None) -> Briefing:
    return compose(
        kind, basis, options or Options(), office="县纪委监委", county="平川县", snapshot="000001-x"
    )


@pytest.fixture(scope="module")
def basis():
    """One register with something of everything."""
    found = []

    @settings(max_examples=30, deadline=None, database=None, derandomize=True)
    @given(bases())
    def collect(drawn):
        found.append(drawn)

    collect()
    return max(found, key=lambda b: (len(b.lines), len(b.counted.units)))


def printed(table: Table) -> list[list[str]]:
    return [[shown(v, c.kind) for v, c in zip(row, table.columns, strict=True)] for row in table.lines]


def page_rows(table: Table) -> list[list[str]]:
    html = render_to_string("reports/_briefing_table.html", {"table": table})
    rows = re.findall(r"<tr>(.*?)</tr>", html, re.DOTALL)[1:]
    return [[re.sub(r"<[^>]+>", "", cell) for cell in re.findall(r"<td.*?</td>", row)] for row in rows]


def word_rows(content: bytes) -> list[list[str]]:
    tables = Document(io.BytesIO(content)).tables
    return [[cell.text for cell in row.cells] for table in tables for row in table.rows[1:]]


def excel_rows(content: bytes) -> list[list[str]]:
    """As a reader that does not compute sees them: the values stored beside the formulas."""
    book = load_workbook(io.BytesIO(content), data_only=True)
    rows = []
    for sheet in book.worksheets:
        for row in sheet.iter_rows(min_row=3):
            rows += [["" if cell.value is None else said(cell) for cell in row]]
    return rows


def said(cell) -> str:
    percent = "%" in (cell.number_format or "") and isinstance(cell.value, int | float)
    if percent:
        return f"{float(cell.value)}%"
    return str(cell.value.date()) if hasattr(cell.value, "date") else str(cell.value)


def slide_rows(content: bytes) -> list[list[str]]:
    return [
        [cell.text for cell in row.cells]
        for slide in Presentation(io.BytesIO(content)).slides
        for shape in slide.shapes
        if shape.has_table
        for row in list(shape.table.rows)[1:]
    ]


def pdf_text(content: bytes) -> str:
    document = pypdfium2.PdfDocument(content)
    return "".join(page.get_textpage().get_text_bounded() for page in document)


@settings(max_examples=10, deadline=None)
@given(bases())
def test_five_formats_say_the_same(basis):
    document = document_of(basis)
    files = {
        "word": word_rows(word(document, author="甲", made_at=MADE)),
        "excel": excel_rows(workbook(document, author="甲", made_at=MADE)),
        "slides": slide_rows(slides(document, author="甲", made_at=MADE)),
        "page": [row for table in document.every_table for row in page_rows(table)],
    }
    text = re.sub(r"\s", "", pdf_text(pdf(document, author="甲", made_at=MADE)))
    for table in document.every_table:
        for row in printed(table):
            for name, rows in files.items():
                assert row in rows, (name, row)
            assert "".join(row).replace(" ", "") in text, row


@pytest.mark.parametrize("kind", KINDS)
def test_sentences_are_the_same_in_word_pdf_and_slides(basis, kind):
    document = document_of(basis, kind)
    sentences = [p.plain for p in document.paragraphs]
    in_word = [p.text for p in Document(io.BytesIO(word(document, author="甲", made_at=MADE))).paragraphs]
    in_pdf = re.sub(r"\s", "", pdf_text(pdf(document, author="甲", made_at=MADE)))
    deck = Presentation(io.BytesIO(slides(document, author="甲", made_at=MADE)))
    on_slides = "".join(s.text_frame.text for slide in deck.slides for s in slide.shapes if s.has_text_frame)
    for sentence in sentences:
        assert any(line.endswith(sentence) for line in in_word)
        assert re.sub(r"\s", "", sentence) in in_pdf
        assert re.sub(r"\s", "", sentence) in re.sub(r"\s", "", on_slides)


class TestWord:
    def test_the_page_of_the_standard(self, basis):
        section = Document(io.BytesIO(word(document_of(basis), author="甲", made_at=MADE))).sections[0]
        assert [round(size.mm) for size in (section.page_width, section.page_height)] == [210, 297]
        margins = section.top_margin, section.bottom_margin, section.left_margin, section.right_margin
        assert [round(margin.mm) for margin in margins] == [37, 35, 28, 26]
        assert section._sectPr.find(qn("w:docGrid")).get(qn("w:linePitch")) == "579"

    def test_children_stand_in_the_order_of_the_schema(self, basis):
        content = word(document_of(basis, options=Options(marking="内部资料")), author="甲", made_at=MADE)
        body = Document(io.BytesIO(content)).element.body
        for tag, order in ORDER.items():
            places = {qn(f"w:{name}"): place for place, name in enumerate(order.split())}
            for element in body.iter(qn(f"w:{tag}")):
                found = [places[child.tag] for child in element]
                assert found == sorted(found), etree.tostring(element)

    def test_charts_keep_the_order_of_the_schema(self, basis):
        document = document_of(basis)
        in_word = zipfile.ZipFile(io.BytesIO(word(document, author="甲", made_at=MADE)))
        in_slides = zipfile.ZipFile(io.BytesIO(slides(document, author="甲", made_at=MADE)))
        spaces = [
            etree.fromstring(archive.read(name))
            for archive in (in_word, in_slides)
            for name in archive.namelist()
            if re.search(r"/charts/chart\d+\.xml$", name)
        ]
        assert len(spaces) == 2 * len(document.charts)
        for space in spaces:
            for tag, order in CHART_ORDER.items():
                for element in [space] if tag == "chartSpace" else space.iter(f"{{*}}{tag}"):
                    assert_in_order(element, order)

    def test_charts_can_be_edited_and_hold_the_numbers(self, basis):
        document = document_of(basis)
        archive = zipfile.ZipFile(io.BytesIO(word(document, author="甲", made_at=MADE)))
        charts = sorted(name for name in archive.namelist() if name.startswith("word/charts/chart"))
        assert len(charts) == len(document.charts) > 0
        for number, chart in enumerate(document.charts, 1):
            space = etree.fromstring(archive.read(f"word/charts/chart{number}.xml"))
            values = [
                int(v.text)
                for v in space.iter("{*}v")
                if v.text.isdigit() and "numCache" in v.getparent().getparent().tag
            ]
            assert sorted(values) == sorted(v for series in chart.series for v in series.values)
            book = archive.read(f"word/embeddings/Microsoft_Excel_Sheet{number}.xlsx")
            cells = [cell.value for row in load_workbook(io.BytesIO(book)).active for cell in row]
            assert set(chart.categories) <= set(cells)

    def test_who_and_when_stand_in_the_properties(self, basis):
        properties = Document(
            io.BytesIO(word(document_of(basis), author="监督一", made_at=MADE))
        ).core_properties
        assert properties.author == "监督一"
        assert "000001-x" in properties.comments

    def test_cover_lines_stand_above_the_title(self, basis):
        document = document_of(basis, "brief", Options(marking="内部资料", urgency="特急"))
        lines = [p.text for p in Document(io.BytesIO(word(document, author="甲", made_at=MADE))).paragraphs]
        assert lines[:3] == ["内部资料", "特急", document.title]


class TestExcel:
    def test_sums_are_formulas_with_their_values(self, basis):
        content = workbook(document_of(basis, "onepage"), author="甲", made_at=MADE)
        formulas = load_workbook(io.BytesIO(content)).worksheets[0]
        values = load_workbook(io.BytesIO(content), data_only=True).worksheets[0]
        last = 3 + len(basis.counted.units)
        assert str(formulas.cell(last, 2).value).startswith("=SUM(")
        assert values.cell(last, 2).value == basis.counted.measures.total
        assert formulas.freeze_panes
        assert formulas.page_setup.paperSize == 9
        assert formulas.print_title_rows == "$1:$2"

    def test_a_text_that_looks_like_a_formula_stays_a_text(self, basis):
        line = replace(basis.lines[0], heading="=HYPERLINK(1)", text="")
        document = document_of(replace(basis, lines=(line,)), "ledger")
        sheet = load_workbook(io.BytesIO(workbook(document, author="甲", made_at=MADE))).worksheets[0]
        cell = sheet.cell(3, 5)
        assert (cell.data_type, cell.value) == ("s", "=HYPERLINK(1)")

    def test_charts_are_native(self, basis):
        archive = zipfile.ZipFile(
            io.BytesIO(workbook(document_of(basis, "onepage"), author="甲", made_at=MADE))
        )
        assert [n for n in archive.namelist() if n.startswith("xl/charts/chart")]


class TestSlides:
    def test_runs_keep_the_order_of_the_schema(self, basis):
        deck = Presentation(io.BytesIO(slides(document_of(basis), author="甲", made_at=MADE)))
        runs = [run for slide in deck.slides for run in slide._element.iter("{*}rPr")]
        assert runs
        for run in runs:
            assert_in_order(run, RUN_ORDER)


class TestPdf:
    def test_fonts_are_ours_and_embedded(self, basis):
        content = pdf(document_of(basis), author="甲", made_at=MADE)
        names = set(re.findall(rb"/BaseFont\s*/(?:[A-Z]{6}\+)?([A-Za-z-]+)", content)) or fonts_of(content)
        assert {name.decode().split("-")[0] for name in names} == {"NotoSerifSC", "NotoSansSC"}

    def test_it_says_that_it_is_an_archive_file(self, basis):
        content = pdf(document_of(basis), author="甲", made_at=MADE)
        assert re.search(rb"pdfaid:part>2<", content)
        assert re.search(rb"pdfaid:conformance>B<", content)

    def test_lines_characters_and_page_numbers(self, basis):
        """As rendered: 28 characters a line, lines 28.95 pt apart, page numbers on their sides."""
        content = pdf(
            document_of(basis, options=Options(edits={"overall": "廉" * 600})), author="甲", made_at=MADE
        )
        document = pypdfium2.PdfDocument(content)
        page = document[0].get_textpage()
        tops: dict[float, int] = {}
        for number in range(page.count_chars()):
            if page.get_text_range(number, 1) == "廉":
                top = round(page.get_charbox(number, loose=True)[1], 1)
                tops[top] = tops.get(top, 0) + 1
        assert max(tops.values()) == 28
        heights = sorted(tops, reverse=True)
        gaps = {round(a - b, 1) for a, b in itertools.pairwise(heights)}
        assert all(abs(gap - 28.95) < 0.1 for gap in gaps)
        sides = [number_side(document[place]) for place in range(2)]
        assert sides == ["right", "left"]

    def test_the_body_holds_22_lines(self, basis):
        page = pages_of(basis, "廉" * 2000)[1].get_textpage()
        lines = {
            round(page.get_charbox(n, loose=True)[1])
            for n in range(page.count_chars())
            if page.get_text_range(n, 1) == "廉"
        }
        assert len(lines) == 22


def pages_of(basis, text):
    """The rendered pages of a report whose first paragraph says this."""
    document = document_of(basis, options=Options(edits={"overall": text}))
    return pypdfium2.PdfDocument(pdf(document, author="甲", made_at=MADE))


def assert_in_order(element, order):
    places = order.split()
    found = [places.index(etree.QName(child).localname) for child in element]
    assert found == sorted(found), etree.tostring(element)[:600]


def fonts_of(content: bytes) -> set[bytes]:
    """Names of fonts inside compressed object streams."""
    import zlib

    names: set[bytes] = set()
    for stream in re.findall(rb"stream\r?\n(.*?)\r?\nendstream", content, re.DOTALL):
        try:
            plain = zlib.decompress(stream)
        except zlib.error:
            continue
        names |= set(re.findall(rb"/BaseFont\s*/(?:[A-Z]{6}\+)?([A-Za-z]+)", plain))
    return names


def number_side(page) -> str:
    text = page.get_textpage()
    found = text.search("—")
    places = []
    while match := found.get_next():
        places.append(text.get_charbox(match[0])[0])
    return "right" if max(places) > page.get_width() / 2 else "left"


@pytest.mark.parametrize("kind", KINDS)
def test_awkward_registers_are_laid_out(basis, kind):
    """A name of 24 characters, a domain with nothing, no measures; and 900 measures."""
    unit = replace(basis.counted.units[0], name=LONG, label=LONG)
    counted = replace(basis.counted, units=(unit,), overdue=())
    empty = replace(basis, counted=counted, lines=())
    many = replace(basis, lines=tuple(replace(basis.lines[0], pk=n) for n in range(900)))
    renderers = {"docx": word, "xlsx": workbook, "pdf": pdf, "pptx": slides}
    for awkward in (empty, many):
        for form in KINDS[kind].formats:
            assert renderers[form](document_of(awkward, kind), author="甲", made_at=MADE)
