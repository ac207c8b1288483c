"""Word documents in the layout of GB/T 9704-2012, as a county office types them.

A4; margins 37/35/28/26 mm; 22 lines of 28 characters; body 仿宋 16 pt, title 小标宋 22 pt, 一、黑体,
（一）楷体; page numbers — 1 — in 宋体 14 pt, right on odd pages and left on even ones. The fonts are named,
never embedded: they are licensed and on the readers' machines; `ALTERNATIVES` says what stands in.
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from docx import Document
from docx.enum.section import WD_ORIENT
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import Mm, Pt
from docx.table import _Cell
from docx.text.paragraph import Paragraph
from lxml import etree

BODY, TITLE, FIRST, SECOND, NUMBERS = "仿宋_GB2312", "方正小标宋简体", "黑体", "楷体_GB2312", "宋体"
# What Word may put in place of a font that is not there (w:altName).
ALTERNATIVES = {BODY: "仿宋", TITLE: "宋体", FIRST: "SimHei", SECOND: "楷体", NUMBERS: "SimSun"}

LINE = Pt(28.95)
BODY_SIZE, TITLE_SIZE, NUMBER_SIZE, TABLE_SIZE = Pt(16), Pt(22), Pt(14), Pt(12)
# 156 mm hold 28 characters of 16 pt only when each is set a quarter of a point tighter.
TIGHTER = -5  # twentieths of a point
SMALL_SIZE = Pt(9)
# A table of more columns is set smaller, and belongs on a page turned on its side.
UPRIGHT_COLUMNS = 8
TWO_CHARACTERS = 200  # hundredths of a character
# In twentieths of a point: 22 lines on 225 mm.
LINE_PITCH = 579


class OfficialDocument:
    """Built from top to bottom; `save` gives the file's bytes."""

    def __init__(self, *, author: str, made_at: datetime, subject: str = "", comments: str = "") -> None:
        self.document = Document()
        self.width = Mm(156)
        properties = self.document.core_properties
        properties.author = author
        properties.last_modified_by = author
        properties.created = properties.modified = made_at.replace(tzinfo=None)
        properties.title = properties.subject = subject
        properties.comments = comments
        properties.language = "zh-CN"
        self._set_page(self.document.sections[0])
        self._set_body_style()
        self._number_pages()
        self._name_fonts()

    def _set_page(self, section: Any) -> None:
        section.page_width, section.page_height = Mm(210), Mm(297)
        section.top_margin, section.bottom_margin = Mm(37), Mm(35)
        section.left_margin, section.right_margin = Mm(28), Mm(26)
        section.header_distance, section.footer_distance = Mm(15), Mm(28)
        grid = section._sectPr.find(qn("w:docGrid"))
        if grid is None:
            grid = OxmlElement("w:docGrid")
            section._sectPr.append(grid)
        grid.set(qn("w:type"), "lines")
        grid.set(qn("w:linePitch"), str(LINE_PITCH))

    def _set_body_style(self) -> None:
        style: Any = self.document.styles["Normal"]
        style.font.size = BODY_SIZE
        _set_font(style.element.get_or_add_rPr(), BODY)
        layout = style.paragraph_format
        layout.space_before = layout.space_after = Pt(0)
        layout.line_spacing_rule, layout.line_spacing = WD_LINE_SPACING.EXACTLY, LINE
        layout.widow_control = False

    def _number_pages(self) -> None:
        settings = self.document.settings
        settings.odd_and_even_pages_header_footer = True
        section = self.document.sections[0]
        for footer, side in (
            (section.footer, WD_ALIGN_PARAGRAPH.RIGHT),
            (section.even_page_footer, WD_ALIGN_PARAGRAPH.LEFT),
        ):
            paragraph = footer.paragraphs[0]
            paragraph.alignment = side
            # One character in from the edge.
            _indent(paragraph, **{"rightChars" if side == WD_ALIGN_PARAGRAPH.RIGHT else "leftChars": 100})
            self._run(paragraph, "— ", NUMBERS, NUMBER_SIZE, tighter=False)
            _field(self._run(paragraph, "", NUMBERS, NUMBER_SIZE, tighter=False), "PAGE")
            self._run(paragraph, " —", NUMBERS, NUMBER_SIZE, tighter=False)

    def _name_fonts(self) -> None:
        """Each font with its stand-in, in the table of fonts that Word and WPS look into."""
        part = next(
            part for part in self.document.part.package.parts if part.partname == "/word/fontTable.xml"
        )
        table = etree.fromstring(part.blob)
        for name, other in ALTERNATIVES.items():
            font = etree.SubElement(table, qn("w:font"), {qn("w:name"): name})
            etree.SubElement(font, qn("w:altName"), {qn("w:val"): other})
            etree.SubElement(font, qn("w:charset"), {qn("w:val"): "86"})
            etree.SubElement(font, qn("w:family"), {qn("w:val"): "auto"})
            etree.SubElement(font, qn("w:pitch"), {qn("w:val"): "variable"})
        part._blob = etree.tostring(table, xml_declaration=True, encoding="UTF-8", standalone=True)

    def _run(
        self,
        paragraph: Paragraph,
        text: str,
        font: str,
        size: Any,
        *,
        bold: bool = False,
        tighter: bool = True,
    ) -> Any:
        run = paragraph.add_run(text)
        run.font.size = size
        run.bold = bold or None
        properties = run._r.get_or_add_rPr()
        _set_font(properties, font)
        if tighter:
            spacing = OxmlElement("w:spacing")
            spacing.set(qn("w:val"), str(TIGHTER))
            properties.find(qn("w:sz")).addprevious(spacing)
        return run

    def cover_lines(self, lines: Sequence[str]) -> None:
        """内部资料, urgency, number and the like, above the title, flush left."""
        for line in lines:
            self._run(self.document.add_paragraph(), line, FIRST, BODY_SIZE)

    def title(self, text: str) -> None:
        """Centred, one line free below."""
        paragraph = self.document.add_paragraph(style=self.document.styles["Normal"])
        paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
        _outline_level(paragraph, 0)
        self._run(paragraph, text, TITLE, TITLE_SIZE, tighter=False)
        self.document.add_paragraph()

    def recipient(self, text: str) -> None:
        """Whom it is for, flush left, ended by a colon."""
        self._run(self.document.add_paragraph(), f"{text.rstrip('：')}：", BODY, BODY_SIZE)

    def heading(self, text: str, level: int = 1) -> None:
        """一、in 黑体 (1), （一）in 楷体 (2), 1. in 仿宋 (3); `text` brings its number along."""
        paragraph = self._indented()
        paragraph.paragraph_format.keep_with_next = True
        _outline_level(paragraph, level)
        self._run(paragraph, text, {1: FIRST, 2: SECOND}.get(level, BODY), BODY_SIZE)

    def paragraph(self, text: str, *, lead: str = "") -> None:
        """Two characters in; `lead` stands before the text in bold, in the same line."""
        paragraph = self._indented()
        if lead:
            self._run(paragraph, lead, BODY, BODY_SIZE, bold=True)
        self._run(paragraph, text, BODY, BODY_SIZE)

    def _indented(self) -> Paragraph:
        paragraph = self.document.add_paragraph()
        _indent(paragraph, firstLineChars=TWO_CHARACTERS)
        return paragraph

    def attachments(self, names: Sequence[str]) -> None:
        """附件：… one line below the text, numbered where there are several, no closing punctuation."""
        if not names:
            return
        self.document.add_paragraph()
        for number, name in enumerate(names, 1):
            label = "附件：" if number == 1 else "　　　"
            place = f"{number}. " if len(names) > 1 else ""
            paragraph = self._indented()
            # The signature never stands alone on a page.
            paragraph.paragraph_format.keep_with_next = True
            self._run(paragraph, f"{label}{place}{name}", BODY, BODY_SIZE)

    def signature(self, office: str, day: date) -> None:
        """Without a seal: both two characters in from the right."""
        self.document.add_paragraph().paragraph_format.keep_with_next = True
        for text in (office, day_in_words(day)):
            paragraph = self.document.add_paragraph()
            paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT
            paragraph.paragraph_format.keep_with_next = text == office
            _indent(paragraph, rightChars=TWO_CHARACTERS)
            self._run(paragraph, text, BODY, BODY_SIZE)

    def annex(self, label: str, title: str) -> None:
        """A new page with 附件1 at its top and the annex's own title."""
        paragraph = self.document.add_paragraph()
        paragraph.paragraph_format.page_break_before = True
        self._run(paragraph, label, FIRST, BODY_SIZE)
        self.title(title)

    def table(
        self,
        header: Sequence[str],
        rows: Sequence[Sequence[str]],
        widths: Sequence[float],
        *,
        numeric: Sequence[int] = (),
        total: bool = False,
        empty: str = "",
    ) -> None:
        """`widths` are shares of the line; columns of `numeric` are set right; `total`: the last row is bold.

        `empty` stands across the table where there is no row.

        The header row is repeated on every page, and no row is broken over two.
        """
        table = self.document.add_table(rows=0, cols=len(header))
        table.style = self.document.styles["Table Grid"]
        table.alignment = WD_TABLE_ALIGNMENT.CENTER
        table.autofit = False
        whole = self.width
        font_size = SMALL_SIZE if len(header) > UPRIGHT_COLUMNS else TABLE_SIZE
        sizes = [int(whole * share / sum(widths)) for share in widths]
        for place, size in enumerate(sizes):
            table.columns[place].width = size
        for number, row in enumerate([header, *rows]):
            last = total and number == len(rows)
            cells = table.add_row().cells
            properties = table.rows[-1]._tr.get_or_add_trPr()
            properties.append(OxmlElement("w:cantSplit"))
            if number == 0:
                properties.append(OxmlElement("w:tblHeader"))
            for place, (cell, text) in enumerate(zip(cells, row, strict=True)):
                cell.width = sizes[place]
                right = place in numeric and number > 0
                self._cell(cell, text, header=number == 0, right=right, bold=last, size=font_size)

        if empty and not rows:
            cells = table.add_row().cells
            self._cell(cells[0].merge(cells[-1]), empty, header=False, right=False, bold=False)

    def _cell(
        self, cell: _Cell, text: str, *, header: bool, right: bool, bold: bool, size: Any = TABLE_SIZE
    ) -> None:
        paragraph = cell.paragraphs[0]
        layout = paragraph.paragraph_format
        _off_the_grid(paragraph)
        layout.line_spacing_rule, layout.line_spacing = (
            WD_LINE_SPACING.AT_LEAST,
            Pt(14 if size < TABLE_SIZE else 18),
        )
        if header:
            paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
        elif right:
            paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT
        font = FIRST if header else BODY
        self._run(paragraph, text, font, size, bold=bold, tighter=False)

    def small(self, text: str, *, lead: str = "") -> None:
        """A line below a table or a chart, or of a long list, in the table's size."""
        paragraph = self.document.add_paragraph()
        layout = paragraph.paragraph_format
        layout.line_spacing_rule, layout.line_spacing = WD_LINE_SPACING.AT_LEAST, Pt(20)
        _off_the_grid(paragraph)
        if lead:
            self._run(paragraph, lead, BODY, TABLE_SIZE, bold=True, tighter=False)
        self._run(paragraph, text, BODY, TABLE_SIZE, tighter=False)

    def turn(self) -> None:
        """All of it on pages turned on their side, for tables of many columns; before anything is written."""
        section = self.document.sections[0]
        section.orientation = WD_ORIENT.LANDSCAPE
        section.page_width, section.page_height = Mm(297), Mm(210)
        section.top_margin, section.bottom_margin = Mm(28), Mm(26)
        section.left_margin, section.right_margin = Mm(35), Mm(37)
        self.width = Mm(225)

    def save(self) -> bytes:
        content = io.BytesIO()
        self.document.save(content)
        return content.getvalue()


def _set_font(properties: Any, name: str) -> None:
    """One font for Chinese and for digits: 28 characters a line counts both."""
    fonts = properties.find(qn("w:rFonts"))
    if fonts is None:
        fonts = OxmlElement("w:rFonts")
        properties.insert(0, fonts)
    for attribute in ("ascii", "hAnsi", "eastAsia", "cs"):
        fonts.set(qn(f"w:{attribute}"), name)
    for theme in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
        fonts.attrib.pop(qn(f"w:{theme}"), None)


def _indent(paragraph: Paragraph, **characters: int) -> None:
    """Indents in hundredths of a character, with the same in points for readers that know no characters."""
    properties = paragraph._p.get_or_add_pPr()
    indent = properties.get_or_add_ind()
    for name, count in characters.items():
        indent.set(qn(f"w:{name}"), str(count))
        plain = name.removesuffix("Chars")
        indent.set(qn(f"w:{plain}"), str(int(count / 100 * BODY_SIZE.pt * 20)))


def _off_the_grid(paragraph: Paragraph) -> None:
    """Lines of a table follow their own pitch, not the 22 lines of the page."""
    snap = OxmlElement("w:snapToGrid")
    snap.set(qn("w:val"), "0")
    properties = paragraph._p.get_or_add_pPr()
    first_after = properties.find(qn("w:spacing"))
    if first_after is None:
        properties.append(snap)
    else:
        first_after.addprevious(snap)


def _outline_level(paragraph: Paragraph, level: int) -> None:
    """Headings show in the reader's outline, whatever their style."""
    element = OxmlElement("w:outlineLvl")
    element.set(qn("w:val"), str(level))
    properties = paragraph._p.get_or_add_pPr()
    later = properties.find(qn("w:rPr"))
    if later is None:
        properties.append(element)
    else:
        later.addprevious(element)


def _field(run: Any, code: str) -> None:
    for part in (
        f'<w:fldChar {nsdecls("w")} w:fldCharType="begin"/>',
        f'<w:instrText {nsdecls("w")} xml:space="preserve"> {code} </w:instrText>',
        f'<w:fldChar {nsdecls("w")} w:fldCharType="separate"/>',
        f"<w:t {nsdecls('w')}>1</w:t>",
        f'<w:fldChar {nsdecls("w")} w:fldCharType="end"/>',
    ):
        run._r.append(parse_xml(part))


def day_in_words(day: date) -> str:
    """2023年8月12日: Arabic numerals, no leading zeros."""
    return f"{day.year}年{day.month}月{day.day}日"
