"""Takes the characters of a PDF, with their places, out of PDFium."""

from __future__ import annotations

import ctypes
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import pypdfium2 as pdfium
import pypdfium2.raw as pdfium_c

from reports.reading.characters import clean
from reports.reading.errors import ReadingError

MAX_PAGES = 500
MAX_CHARACTERS = 2_000_000
# Pages with fewer characters than this on average, and pictures on them, are scans.
SCAN_CHARACTERS_A_PAGE = 20
# A text layer of which more than this part has no meaning is of no use.
MOST_GARBLED = 0.3
UNKNOWN = "\ufffd"
BOLD_WEIGHT = 600
_BOLD_NAMES = ("bold", "heavy", "black")
NO_EXTENT = 0.01  # points
_FORM_DEPTH = 4

# PDFium may be used by one thread at a time only.
_PDFIUM = threading.Lock()


@dataclass(frozen=True)
class Glyph:
    """One character. Points from the upper left corner of the page as it is shown, y downwards."""

    text: str
    x0: float
    x1: float
    baseline: float
    size: float
    bold: bool

    @property
    def top(self) -> float:
        """The upper edge of an ordinary Chinese character of this size."""
        return self.baseline - 0.88 * self.size

    @property
    def bottom(self) -> float:
        """Its lower edge."""
        return self.baseline + 0.12 * self.size

    @property
    def centre(self) -> tuple[float, float]:
        """Its middle, as (x, y)."""
        return (self.x0 + self.x1) / 2, self.baseline - 0.38 * self.size


@dataclass(frozen=True)
class Page:
    """The characters of one page in the order of the file.

    `ruled` if any line or area is drawn on it, `pictured` if any picture; `incomplete` if PDFium may have
    passed over characters.
    """

    number: int
    width: float
    height: float
    glyphs: tuple[Glyph, ...]
    ruled: bool
    pictured: bool = False
    incomplete: bool = False


def meaningless(letter: str) -> bool:
    """Whether it is known only by its place in one font: a decoration, or a text layer gone wrong."""
    return letter == UNKNOWN or "\ue000" <= letter <= "\uf8ff"


def pages(data: bytes) -> list[Page]:
    """All pages of a PDF.

    Errors: `damaged`, `encrypted`, `too_long`, `scan`, `garbled`, `no_text`.
    """
    with _PDFIUM:
        try:
            document = pdfium.PdfDocument(data)
        except pdfium.PdfiumError as error:
            raise _unopened(error) from None
        try:
            found = _all_pages(document)
        except pdfium.PdfiumError:
            raise _damaged() from None
        finally:
            document.close()
    _check_text(found)
    return found


def _all_pages(document: pdfium.PdfDocument) -> list[Page]:
    if len(document) > MAX_PAGES:
        raise _too_long()
    found: list[Page] = []
    characters = 0
    for index in range(len(document)):
        page = document[index]
        text = page.get_textpage()
        try:
            characters += text.count_chars()
            if characters > MAX_CHARACTERS:
                raise _too_long()
            found.append(_page(index + 1, page, text))
        finally:
            text.close()
            page.close()
    return found


def _page(number: int, page: pdfium.PdfPage, text: pdfium.PdfTextPage) -> Page:
    width, height = page.get_size()
    drawn = list(page.get_objects(max_depth=_FORM_DEPTH))
    kinds = {item.type for item in drawn}
    return Page(
        number,
        width,
        height,
        tuple(_glyphs(text, _placing(page))),
        ruled=pdfium_c.FPDF_PAGEOBJ_PATH in kinds,
        pictured=pdfium_c.FPDF_PAGEOBJ_IMAGE in kinds,
        incomplete=any(item.type == pdfium_c.FPDF_PAGEOBJ_TEXT and _is_passed_over(item) for item in drawn),
    )


def _is_passed_over(item: pdfium.PdfObject) -> bool:
    """Whether a piece of text has no extent because its font is neither in the file nor on this machine."""
    left, _, right, _ = item.get_bounds()
    font = pdfium_c.FPDFTextObj_GetFont(item)
    return bool(right - left < NO_EXTENT and pdfium_c.FPDFFont_GetIsEmbedded(font) == 0)


def _placing(page: pdfium.PdfPage) -> Callable[[float, float], tuple[float, float]]:
    """Turns a point of the file into one of the page as it is shown."""
    left, bottom, right, top = page.get_mediabox()
    turns: dict[int, Callable[[float, float], tuple[float, float]]] = {
        0: lambda x, y: (x - left, top - y),
        90: lambda x, y: (y - bottom, x - left),
        180: lambda x, y: (right - x, y - bottom),
        270: lambda x, y: (top - y, right - x),
    }
    return turns[page.get_rotation()]


def _glyphs(
    text: pdfium.PdfTextPage, place: Callable[[float, float], tuple[float, float]]
) -> Iterator[Glyph]:
    x, y = ctypes.c_double(), ctypes.c_double()
    box = pdfium_c.FS_RECTF()
    matrix = pdfium_c.FS_MATRIX()
    bold: dict[int | None, bool] = {}
    for index in range(text.count_chars()):
        # PDFium adds spaces and line ends of its own; they are told from the places instead.
        if pdfium_c.FPDFText_IsGenerated(text, index) == 1:
            continue
        character = clean(chr(pdfium_c.FPDFText_GetUnicode(text, index)))
        if pdfium_c.FPDFText_HasUnicodeMapError(text, index) == 1:
            character = UNKNOWN
        if not character:
            continue
        pdfium_c.FPDFText_GetCharOrigin(text, index, x, y)
        pdfium_c.FPDFText_GetLooseCharBox(text, index, box)
        pdfium_c.FPDFText_GetMatrix(text, index, matrix)
        scale = abs(matrix.a * matrix.d - matrix.b * matrix.c) ** 0.5
        drawing = pdfium_c.FPDFText_GetTextObject(text, index)
        key = ctypes.cast(drawing, ctypes.c_void_p).value
        if key not in bold:
            bold[key] = _is_bold(text, index, drawing)
        _, baseline = place(x.value, y.value)
        ends = place(box.left, box.bottom)[0], place(box.right, box.top)[0]
        size = pdfium_c.FPDFText_GetFontSize(text, index) * scale
        yield Glyph(character, min(ends), max(ends), baseline, size, bold[key])


def _is_bold(text: pdfium.PdfTextPage, index: int, drawing: object) -> bool:
    """Bold by the font's name or weight, or by an outline drawn around each character."""
    outlined = pdfium_c.FPDFTextObj_GetTextRenderMode(drawing) == pdfium_c.FPDF_TEXTRENDERMODE_FILL_STROKE
    if outlined or pdfium_c.FPDFText_GetFontWeight(text, index) >= BOLD_WEIGHT:
        return True
    flags = ctypes.c_int()
    length = pdfium_c.FPDFText_GetFontInfo(text, index, None, 0, flags)
    name = ctypes.create_string_buffer(length)
    pdfium_c.FPDFText_GetFontInfo(text, index, name, length, flags)
    return named_bold(name.value.decode("latin-1"))


def named_bold(font: str) -> bool:
    """Whether the name of a font says that it is bold."""
    return any(part in font.lower() for part in _BOLD_NAMES)


def _check_text(found: list[Page]) -> None:
    letters = [glyph.text for page in found for glyph in page.glyphs if not glyph.text.isspace()]
    if any(page.pictured for page in found) and len(letters) < SCAN_CHARACTERS_A_PAGE * len(found):
        raise ReadingError(
            "scan",
            "这是扫描件，里面只有图片没有文字，还不能读取。"
            "请上传原来的 .docx 文件，或由 Word、WPS 直接导出的 .pdf。",
        )
    if not letters:
        raise ReadingError("no_text", "PDF 中没有文字。请上传原来的 .docx 文件。")
    garbled = sum(1 for letter in letters if meaningless(letter))
    if garbled > MOST_GARBLED * len(letters):
        raise ReadingError("garbled", "PDF 的文字使用了特殊字体编码，取出来是乱码。请上传原来的 .docx 文件。")


def _unopened(error: pdfium.PdfiumError) -> ReadingError:
    if error.err_code in (pdfium_c.FPDF_ERR_PASSWORD, pdfium_c.FPDF_ERR_SECURITY):
        return ReadingError("encrypted", "PDF 设有打开密码。请去掉密码后另存，再上传。")
    return _damaged()


def _damaged() -> ReadingError:
    return ReadingError("damaged", "PDF 文件已损坏或不完整。请重新导出为 .pdf，或上传原来的 .docx 文件。")


def _too_long() -> ReadingError:
    return ReadingError("too_long", f"PDF 过长（超过 {MAX_PAGES} 页）。请只上传报告正文。")
