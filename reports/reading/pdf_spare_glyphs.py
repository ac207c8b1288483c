"""Takes the characters of a page out of pdfminer, where PDFium cannot give all of them."""

from __future__ import annotations

import io
import logging
from collections.abc import Iterator, Sequence
from dataclasses import replace

import pdfplumber

from reports.reading.characters import clean
from reports.reading.pdf_glyphs import UNKNOWN, Glyph, Page, named_bold

logger = logging.getLogger(__name__)


def completed(data: bytes, pages: Sequence[Page]) -> list[Page]:
    """The pages, those marked incomplete with all their characters.

    Where a font is not in the file and this machine has none like it, PDFium passes over characters that
    stand alone: in a table, figures.
    """
    numbers = [page.number for page in pages if page.incomplete]
    if not numbers:
        return list(pages)
    try:
        with pdfplumber.open(io.BytesIO(data), pages=numbers) as document:
            found = {page.page_number: tuple(_glyphs(page)) for page in document.pages}
    except Exception:
        # pdfminer raises whatever its parsing runs into; what PDFium gave is then the best there is.
        logger.warning("characters may be missing from a PDF: pdfminer cannot parse it", exc_info=True)
        return list(pages)
    return [
        replace(page, glyphs=found[page.number])
        if len(found.get(page.number, ())) > len(page.glyphs)
        else page
        for page in pages
    ]


def _glyphs(page: pdfplumber.page.Page) -> Iterator[Glyph]:
    for char in page.chars:
        text = UNKNOWN if char["text"].startswith("(cid:") else clean(char["text"])
        baseline = page.height - char["matrix"][5]
        bold = named_bold(char["fontname"])
        for letter in text[:1]:
            yield Glyph(letter, char["x0"], char["x1"], baseline, char["size"], bold)
