"""Reads Word documents (.docx): what a reader would see with all tracked changes accepted.

The XML is read directly. python-docx opens every part and all pictures, and knows neither tracked changes,
text boxes, footnotes nor automatic numbering.
"""

from __future__ import annotations

from collections.abc import Iterator

from reports.reading.builder import DocumentBuilder, Run
from reports.reading.document import BlockKind, Document
from reports.reading.docx_fields import Fields, gives_page_number
from reports.reading.docx_numbering import Numbering
from reports.reading.docx_package import Element, Package, W, too_deep
from reports.reading.docx_parts import Paragraph, Part, Table, TableCell, emit
from reports.reading.docx_properties import Properties, children, properties, switch, value, whole
from reports.reading.docx_styles import Styles, heading_level, numbering_choice
from reports.reading.docx_symbols import symbol, without_page_number
from reports.reading.errors import ReadingError

EXTENSIONS: tuple[tuple[str, str], ...] = ((".docx", "Word 文档"),)

_M = "{http://schemas.openxmlformats.org/officeDocument/2006/math}"
_MC = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
_V = "{urn:schemas-microsoft-com:vml}"
_XML_SPACE = "{http://www.w3.org/XML/1998/namespace}space"

_ALTERNATE = f"{_MC}AlternateContent"
_BOX, _WORD_ART = f"{W}txbxContent", f"{_V}textpath"
# Around text without changing it; a tracked insertion is accepted by looking through it.
_TRANSPARENT = frozenset(
    W + name
    for name in (
        "ins",
        "moveTo",
        "hyperlink",
        "smartTag",
        "customXml",
        "sdtContent",
        "dir",
        "bdo",
        "rubyBase",
    )
)
_RUN, _RUN_PROPERTIES, _TEXT = f"{W}r", f"{W}rPr", f"{W}t"
_CHARACTERS = {
    f"{W}tab": "\t",
    f"{W}ptab": "\t",
    f"{W}br": "\n",
    f"{W}cr": "\n",
    f"{W}noBreakHyphen": "-",
}
_DRAWINGS = frozenset({f"{W}drawing", f"{W}pict", f"{W}object"})


def recognises(data: bytes, extension: str) -> bool:
    """A Word document is a zip archive; `read` tells it from others."""
    return data.startswith((b"PK\x03\x04", b"PK\x05\x06"))


def read(data: bytes) -> Document:
    """The text of a Word document in reading order.

    Errors: `no_text`, and those of `docx_package.Package`.
    """
    package = Package(data)
    builder = DocumentBuilder("docx")
    try:
        emit(_Body(package).parts(), builder)
    except RecursionError:
        raise too_deep() from None
    document = builder.build()
    if not document.blocks:
        raise ReadingError(
            "no_text", "文档中没有文字。如果内容是图片或扫描件，请上传由 Word 或 WPS 直接保存的文字版 .docx。"
        )
    return document


class _Body:
    """The reading of one document, from first paragraph to last: counts and fields go on as it goes."""

    def __init__(self, package: Package) -> None:
        self._root = package.document
        self._styles = Styles(package.related("styles"))
        self._numbering = Numbering(package.related("numbering"), self._styles)
        self._notes: dict[tuple[str, str], Element] = {}
        for kind in ("footnote", "endnote"):
            notes = package.related(f"{kind}s")
            for note in () if notes is None else notes.iterfind(W + kind):
                self._notes[kind, note.get(f"{W}id", "")] = note
        self._fields = Fields(self._root)
        self._kind: BlockKind = "paragraph"

    def parts(self) -> list[Part]:
        """All of the body."""
        body = self._root.find(f"{W}body")
        return [] if body is None else self._parts(body)

    def _aside(self, content: Element, kind: BlockKind) -> list[Part]:
        """A text box or a note: a text of its own, with fields of its own."""
        kept = self._fields, self._kind
        self._fields, self._kind = Fields(content), kind
        try:
            return self._parts(content)
        finally:
            self._fields, self._kind = kept

    def _parts(self, container: Element) -> list[Part]:
        """The paragraphs and tables of a body, cell, text box or note."""
        parts: list[Part] = []
        # Paragraphs whose mark is deleted, waiting for the one they are joined with.
        waiting: Paragraph | None = None
        for element in _looked_through(container):
            if element.tag == f"{W}tbl":
                if waiting is not None:
                    parts.append(waiting)
                    waiting = None
                parts.append(self._table(element))
                continue
            found = properties(element, "pPr")
            goes_on = _goes_on(children(found.get(_RUN_PROPERTIES)))
            paragraph = self._paragraph(element, found, goes_on=goes_on)
            if waiting is not None:
                paragraph.prepend(waiting)
            waiting = paragraph if goes_on else None
            if waiting is None:
                parts.append(paragraph)
        if waiting is not None:
            parts.append(waiting)
        return parts

    def _paragraph(self, element: Element, found: Properties, *, goes_on: bool) -> Paragraph:
        """The paragraph `element`; one that goes on in the next has no number of its own."""
        style = value(found, "pStyle")
        look = self._styles.paragraph(style)
        paragraph = Paragraph(self._kind)
        if not goes_on:
            paragraph.label = self._numbering.label(numbering_choice(found), look)
        outline = whole(value(found, "outlineLvl"))
        paragraph.level = heading_level(look.outline if outline is None else outline)
        alignment = value(found, "jc")
        paragraph.centred = look.centred if alignment is None else alignment == "center"
        in_contents = self._fields.in_contents
        self._inline(element, style, paragraph)
        if in_contents or self._fields.in_contents:
            paragraph.runs = without_page_number(paragraph.runs)
        return paragraph

    def _inline(self, container: Element, style: str | None, paragraph: Paragraph) -> None:
        """Collect the runs in a paragraph, or in something inside it."""
        for element in container:
            tag = element.tag
            if tag == _RUN:
                self._run(element, style, paragraph)
            elif tag in _TRANSPARENT:
                self._inline(element, style, paragraph)
            elif tag == f"{W}sdt":
                if not _is_placeholder(element):
                    self._inline(element, style, paragraph)
            elif tag == f"{W}fldSimple":
                if not gives_page_number(element.get(f"{W}instr", "")):
                    self._inline(element, style, paragraph)
            elif tag == _ALTERNATE:
                self._inline(_chosen(element), style, paragraph)
            elif tag.startswith(_M):
                formula = "".join(text.text or "" for text in element.iter(f"{_M}t"))
                if self._fields.shown:
                    paragraph.runs.append(Run(formula))

    def _run(self, run: Element, style: str | None, paragraph: Paragraph) -> None:
        look = self._styles.run(run, style)
        if look.hidden:
            # Hidden text may hold the ends of a field.
            for character in run.iterfind(f"{W}fldChar"):
                self._fields.mark(character)
            return
        pieces: list[str] = []
        self._run_content(run, style, paragraph, pieces)
        text = "".join(pieces)
        if text:
            paragraph.runs.append(Run(text, look.bold))

    def _run_content(self, run: Element, style: str | None, paragraph: Paragraph, pieces: list[str]) -> None:
        for child in run:
            tag = child.tag
            if tag == _TEXT:
                if self._fields.shown:
                    pieces.append(_text(child))
            elif tag == f"{W}fldChar":
                self._fields.mark(child)
            elif tag == f"{W}instrText":
                self._fields.instruct(child.text or "")
            elif not self._fields.shown or tag == _RUN_PROPERTIES:
                continue
            elif tag in _CHARACTERS:
                pieces.append(_CHARACTERS[tag])
            elif tag == f"{W}sym":
                pieces.append(symbol(child.get(f"{W}font", ""), child.get(f"{W}char", "")))
            elif tag in _DRAWINGS:
                self._text_boxes(child, paragraph)
            elif tag in (f"{W}footnoteReference", f"{W}endnoteReference"):
                self._note(child, paragraph)
            elif tag == f"{W}ruby":
                for base in child.iterfind(f"{W}rubyBase"):
                    self._inline(base, style, paragraph)
            elif tag == _ALTERNATE:
                self._run_content(_chosen(child), style, paragraph, pieces)

    def _text_boxes(self, drawing: Element, paragraph: Paragraph) -> None:
        """Hang the text boxes of a drawing on its paragraph, each once though it may be stored twice."""
        if next(drawing.iter(_BOX, _WORD_ART), None) is None:
            return
        for child in drawing:
            if child.tag == _BOX:
                paragraph.anchored += self._aside(child, "textbox")
            elif child.tag == _WORD_ART:
                words = Run(child.get("string", ""))
                paragraph.anchored.append(Paragraph("textbox", [words]))
            elif child.tag == _ALTERNATE:
                self._text_boxes(_chosen(child), paragraph)
            else:
                self._text_boxes(child, paragraph)

    def _note(self, reference: Element, paragraph: Paragraph) -> None:
        kind = reference.tag.removeprefix(W).removesuffix("Reference")
        # Taken out, so that a note is written once and cannot contain itself.
        note = self._notes.pop((kind, reference.get(f"{W}id", "")), None)
        if note is not None:
            paragraph.anchored += self._aside(note, "footnote")

    def _table(self, table: Element) -> Table:
        rows = (row for row in _looked_through(table, f"{W}tr") if not _row_deleted(row))
        return Table([self._row(row) for row in rows])

    def _row(self, row: Element) -> list[TableCell]:
        cells: list[TableCell] = []
        column = whole(value(properties(row, "trPr"), "gridBefore")) or 0
        for element in _looked_through(row, f"{W}tc"):
            found = properties(element, "tcPr")
            if f"{W}cellDel" in found:
                continue
            columns = max(whole(value(found, "gridSpan")) or 1, 1)
            if value(found, "hMerge") in ("continue", "") and cells:
                cells[-1].columns += columns
            else:
                continues = _continues_above(found)
                # What a merged cell hides is not read, so that its list items are not counted.
                parts = [] if continues else self._parts(element)
                cells.append(TableCell(parts, column, columns, continues))
            column += columns
        return cells


def _looked_through(container: Element, *tags: str) -> Iterator[Element]:
    """The block-level elements in `container` (`tags`, by default paragraphs and tables), however wrapped."""
    wanted = tags or (f"{W}p", f"{W}tbl")
    for child in container:
        if child.tag in wanted:
            yield child
        elif child.tag in _TRANSPARENT:
            yield from _looked_through(child, *wanted)
        elif child.tag == f"{W}sdt":
            if not _is_placeholder(child):
                yield from _looked_through(child, *wanted)
        elif child.tag == _ALTERNATE:
            yield from _looked_through(_chosen(child), *wanted)


def _is_placeholder(control: Element) -> bool:
    """Whether a content control shows only its prompt, such as 单击此处输入文字."""
    return bool(switch(properties(control, "sdtPr"), "showingPlcHdr"))


def _chosen(alternate: Element) -> Element:
    """The one version of content stored in several: the first that has text."""
    for version in alternate:
        if next(version.iter(f"{W}t", _BOX, _WORD_ART), None) is not None:
            return version
    return alternate[0] if len(alternate) else alternate


def _goes_on(mark: Properties) -> bool:
    """Whether the next paragraph goes on in the same line: the mark is deleted, moved away or hidden."""
    if f"{W}del" in mark or f"{W}moveFrom" in mark:
        return True
    return bool(switch(mark, "vanish") or switch(mark, "specVanish"))


def _row_deleted(row: Element) -> bool:
    return f"{W}del" in properties(row, "trPr")


def _continues_above(cell: Properties) -> bool:
    tracked = cell.get(f"{W}cellMerge")
    if tracked is not None and tracked.get(f"{W}vMerge") == "cont":
        return True
    return value(cell, "vMerge") in ("continue", "")


def _text(element: Element) -> str:
    text: str = element.text or ""
    if element.get(_XML_SPACE) != "preserve":
        text = text.strip(" \t\r\n")
    return text if text.isprintable() else text.translate(_AS_SPACES)


_AS_SPACES = str.maketrans("\t\r\n", "   ")
