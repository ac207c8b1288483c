"""Writes the number of a list item in the number formats that Word knows."""

from __future__ import annotations

from collections.abc import Callable

_DIGITS = "〇一二三四五六七八九"
_FINANCIAL = "零壹贰叁肆伍陆柒捌玖"
_STEMS = "甲乙丙丁戊己庚辛壬癸"
_BRANCHES = "子丑寅卯辰巳午未申酉戌亥"
_ROMAN = (
    (1000, "M"),
    (900, "CM"),
    (500, "D"),
    (400, "CD"),
    (100, "C"),
    (90, "XC"),
    (50, "L"),
    (40, "XL"),
    (10, "X"),
    (9, "IX"),
    (5, "V"),
    (4, "IV"),
    (1, "I"),
)


def written(number: int, style: str) -> str:
    """`number` in the format that `w:numFmt` names `style`; in plain digits where it is not known."""
    if style == "none":
        return ""
    return _FORMATS.get(style, str)(number)


def _chinese(number: int, digits: str = _DIGITS, units: str = "十百千", *, bare_ten: bool = True) -> str:
    """123 → 一百二十三; from 10 to 19 without the leading 一 if `bare_ten`."""
    if not 0 < number < 10_000:
        return _by_digit(number, digits)
    figures = [int(figure) for figure in str(number)]
    text = ""
    for place, figure in zip(range(len(figures) - 1, -1, -1), figures, strict=True):
        if figure:
            text += digits[figure] + (units[place - 1] if place else "")
        elif text and not text.endswith("零"):
            text += "零"
    text = text.rstrip("零")
    return text[1:] if bare_ten and 10 <= number < 20 else text


def _counting(number: int) -> str:
    """The short counting of Chinese lists: words to 99, then figure by figure."""
    return _chinese(number) if number < 100 else _by_digit(number)


def _by_digit(number: int, digits: str = _DIGITS) -> str:
    return "".join(digits[int(figure)] for figure in str(abs(number)))


def _financial(number: int) -> str:
    return _chinese(number, _FINANCIAL, "拾佰仟", bare_ten=False)


def _roman(number: int) -> str:
    if not 0 < number < 4000:
        return str(number)
    text = ""
    for value, letters in _ROMAN:
        count, number = divmod(number, value)
        text += letters * count
    return text


def _letter(number: int) -> str:
    """1 → A, 26 → Z, 27 → AA, 28 → BB: Word repeats the letter."""
    if not 0 < number <= 780:
        return str(number)
    times, place = divmod(number - 1, 26)
    return chr(ord("A") + place) * (times + 1)


def _circled(number: int) -> str:
    for first, last, code in ((1, 20, 0x2460), (21, 35, 0x3251), (36, 50, 0x32B1)):
        if first <= number <= last:
            return chr(code + number - first)
    return str(number)


def _from_row(row: str, number: int) -> str:
    return row[(number - 1) % len(row)] if number > 0 else str(number)


def _from_code(code: int, count: int) -> Callable[[int], str]:
    """The characters from `code` on stand for 1 to `count`."""
    return lambda number: chr(code + number - 1) if 0 < number <= count else str(number)


def _full_width(number: int) -> str:
    return "".join(chr(ord("０") + int(figure)) for figure in str(abs(number)))


_FORMATS: dict[str, Callable[[int], str]] = {
    "decimal": str,
    "decimalZero": lambda number: f"{number:02d}",
    "decimalFullWidth": _full_width,
    "decimalFullWidth2": _full_width,
    "decimalEnclosedCircle": _circled,
    "decimalEnclosedCircleChinese": _circled,
    "decimalEnclosedParen": _from_code(0x2474, 20),
    "decimalEnclosedFullstop": _from_code(0x2488, 20),
    "numberInDash": lambda number: f"- {number} -",
    "upperRoman": _roman,
    "lowerRoman": lambda number: _roman(number).lower(),
    "upperLetter": _letter,
    "lowerLetter": lambda number: _letter(number).lower(),
    "chineseCounting": _counting,
    "taiwaneseCounting": _counting,
    "chineseCountingThousand": _chinese,
    "taiwaneseCountingThousand": _chinese,
    "japaneseCounting": _chinese,
    "koreanCounting": _chinese,
    "ideographDigital": _by_digit,
    "taiwaneseDigital": _by_digit,
    "japaneseDigitalTenThousand": _by_digit,
    "koreanDigital2": _by_digit,
    "chineseLegalSimplified": _financial,
    "ideographLegalTraditional": lambda number: _chinese(
        number, "零壹貳參肆伍陸柒捌玖", "拾佰仟", bare_ten=False
    ),
    "japaneseLegal": lambda number: _chinese(number, "零壱弐参四伍六七八九", "拾百阡", bare_ten=False),
    "ideographTraditional": lambda number: _from_row(_STEMS, number),
    "ideographZodiac": lambda number: _from_row(_BRANCHES, number),
    "ideographEnclosedCircle": _from_code(0x3280, 10),
}
