"""Brings characters that look alike or cannot be seen to the ones a reader takes them for."""

from __future__ import annotations

import re
import unicodedata

# Control characters, soft hyphens, zero-width and direction marks, variation selectors, lone surrogates,
# noncharacters: nobody sees them, and each would break the matching of a word.
_UNSEEN = re.compile(
    "[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\xad\u061c\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u206f"
    "\ud800-\udfff\ufe00-\ufe0f\ufeff\ufff0-\uffff]"
)
_LINE_BREAK = re.compile("\r\n|[\n\r\x0b\x0c\x85\u2028\u2029]")

# Fonts share one glyph between a character and the radical it contains, and PDF files then name the radical:
# 风 comes out as the radical wind. Unicode maps the Kangxi radicals itself, these it does not.
_RADICALS = dict(
    zip(
        "⺁⺇⺌⺎⺐⺑⺟⺠⺢⺥⺩⺬⺮⺯⺰⺳⺷⺹⺻⺼⺽⻁⻂⻃⻄⻅⻆⻇⻈⻉⻊⻋⻌⻍"
        "⻎⻏⻐⻑⻒⻓⻔⻕⻖⻗⻘⻙⻚⻛⻜⻝⻟⻠⻡⻢⻣⻤⻥⻦⻧⻨⻩⻪⻬⻮⻰⻱⻲⻳",
        "厂几小尢尢尢母民水爪王示竹糸纟网羊老聿肉臼虎衣西西见角角讠贝足车辶辶"
        "辶阝钅長镸长门阜阝雨青韦页风飞食飠饣首马骨鬼鱼鸟卤麦黄黾齐齿龙龟龟龟",
        strict=True,
    )
)


def _usual(character: str) -> str:
    """The everyday form of a radical or of a character encoded twice."""
    return _RADICALS.get(character) or unicodedata.normalize("NFKC", character)


_ALIKE = str.maketrans(
    {
        chr(code): _usual(chr(code))
        for block in (range(0x2E80, 0x2FD6), range(0xF900, 0xFADA))
        for code in block
        if len(_usual(chr(code))) == 1  # one for one, so that places in a text stay
    }
)


# What any of this changes; most text has none of it.
_ODD = re.compile(f"{_UNSEEN.pattern[:-1]}\r\x0b\x0c\x85\u2028\u2029\u2e80-\u2fd5\uf900-\ufad9]")


def clean(text: str) -> str:
    """`text` without what nobody sees, radicals as characters, every kind of line break as one line feed."""
    if _ODD.search(text) is None:
        return text
    return _UNSEEN.sub("", _LINE_BREAK.sub("\n", text)).translate(_ALIKE)
