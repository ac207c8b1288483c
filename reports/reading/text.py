"""Reads plain text in the encodings that Chinese offices use."""

from __future__ import annotations

import codecs
import re

from charset_normalizer import from_bytes

from reports.reading.characters import clean
from reports.reading.document import Document, from_text
from reports.reading.errors import ReadingError

EXTENSIONS: tuple[tuple[str, str], ...] = ((".txt", "纯文本"),)

_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),  # before UTF-16 LE, whose mark it begins with
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
# Tried in this order; of two that fit equally well, the earlier one is believed.
_ENCODINGS = ("utf-8", "gb18030", "utf-16-le", "utf-16-be")
_LAST_RESORT = ["big5", "big5hkscs", "euc_tw", "shift_jis", "euc_kr"]
# A text of which less than this part is usual Chinese or ASCII is not believed to be decoded rightly.
LEAST_FAMILIAR = 0.6
# So many characters of several bytes each do not form valid UTF-8 by chance.
SURE_OF_UTF_8 = 6
# More control characters than this part of the text, and it is a program or a picture.
MOST_CONTROLS = 0.02

_CONTROL = re.compile("[\x00-\x08\x0e-\x19\x1b-\x1f\x7f]")
_PUNCTUATION = "\uffe5\u00b7\u00d7\u2014\u2018\u2019\u201c\u201d\u2026\u2103"


def recognises(data: bytes, extension: str) -> bool:
    """Anything may be text; this reader is asked last."""
    return True


def read(data: bytes) -> Document:
    """The lines of a text file.

    Errors: `encoding` in no known encoding, `binary` not text at all, `no_text` nothing but blanks.
    """
    text = clean(_decode(data)).replace("\x1a", "")
    if not text.strip():
        raise ReadingError("no_text", "文件中没有文字。请确认选对了文件后重新上传。")
    return from_text(text)


def _decode(data: bytes) -> str:
    for bom, encoding in _BOMS:
        if data.startswith(bom):
            try:
                return _without_controls(data[len(bom) :].decode(encoding))
            except UnicodeDecodeError:
                raise _unknown_encoding() from None
    best, score = "", 0.0
    for encoding in _ENCODINGS:
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\x00" in text:
            continue
        if encoding == "utf-8" and sum(1 for letter in text if letter > "\x7f") >= SURE_OF_UTF_8:
            return _without_controls(text)
        familiar = _familiarity(clean(text))
        if familiar > score:
            best, score = text, familiar
    if score < LEAST_FAMILIAR:
        best = _guess(data)
    return _without_controls(best)


def _guess(data: bytes) -> str:
    if _CONTROL.search(data.decode("latin-1")):
        raise _binary()
    match = from_bytes(data, cp_isolation=_LAST_RESORT).best()
    if match is None:
        raise _unknown_encoding()
    return str(match)


def _without_controls(text: str) -> str:
    controls = len(_CONTROL.findall(text))
    if "\x00" in text or controls > MOST_CONTROLS * len(text):
        raise _binary()
    return text


def _familiarity(text: str) -> float:
    """Which part of the text beyond ASCII is Chinese in everyday use; 0 for an empty one.

    Bytes read in the wrong encoding make characters too, but rarely everyday ones.
    """
    letters = [letter for letter in text if not letter.isspace()]
    foreign = [letter for letter in letters if letter > "\x7f"]
    counted = foreign or letters
    if not counted:
        return 1.0 if text else 0.0
    return sum(1 for letter in counted if _everyday(letter)) / len(counted)


def _everyday(letter: str) -> bool:
    if letter <= "\x7f":
        return " " <= letter < "\x7f"
    if "\u3000" <= letter <= "\u303f" or "\uff01" <= letter <= "\uff5e" or letter in _PUNCTUATION:
        return True
    if not "\u4e00" <= letter <= "\u9fff":
        return False
    try:
        letter.encode("gb2312")
    except UnicodeEncodeError:
        return False
    return True


def _binary() -> ReadingError:
    return ReadingError(
        "binary",
        "文件内容不是文字，可能是改了扩展名的其他文件或文件已损坏。请上传 .docx、.pdf 或 .txt 文件。",
    )


def _unknown_encoding() -> ReadingError:
    return ReadingError(
        "encoding",
        "无法识别文本的编码。请用记事本打开后另存为“UTF-8”编码的 .txt 文件，或另存为 .docx 文件，再上传。",
    )
