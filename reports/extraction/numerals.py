"""Numbers as Chinese officials write them: Arabic, with thousands separators, 万 and 亿, and in words."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from typing import Literal

Bound = Literal["", "floor", "ceiling", "about"]

_DIGITS = {c: i for i, c in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2}
_PLACES = {"十": 10, "百": 100, "千": 1000}
_GREAT = {"万": 10_000, "亿": 100_000_000}

# never begun in the middle of a longer numeral: it would be another number, and slow on long ones
ARABIC = r"(?<!\d)(?:\d{1,3}(?:,\d{3}){1,5}(?!\d)|\d{1,15}(?!\d))(?:\.\d{1,6})?[万亿]?"
WORDS = r"(?<![零〇一二两三四五六七八九十百千万亿])[零〇一二两三四五六七八九十百千万亿]{1,40}"
_BEFORE = r"(?:大约|约有|约|将近|接近|近|不少于|不低于|超过|至少|不足|不到|超|逾|上(?=[百千万]))?"
_AFTER = r"(?:余|多)?"
NUMBER = re.compile(rf"(?P<before>{_BEFORE})(?P<number>{ARABIC}|{WORDS})(?P<after>{_AFTER})")

_FLOORS = {"不少于", "不低于", "超过", "至少", "超", "逾", "上"}
_CEILINGS = {"将近", "接近", "近", "不足", "不到"}


@dataclass(frozen=True)
class Number:
    """A value and how exact it is."""

    value: float
    bound: Bound = ""

    @property
    def whole(self) -> int | None:
        """The value as an int, or None where it has a fraction."""
        return int(self.value) if self.value == int(self.value) else None


def parse(written: str) -> float | None:
    """The value of one numeral (`108`, `1,080`, `1.2万`, `一百二十九`, `二〇二三`), None if it is none."""
    if not written:
        return None
    if written[0] in "0123456789":
        return _arabic(written)
    return words(written)


def _arabic(written: str) -> float | None:
    factor = 1
    if written[-1] in _GREAT:
        factor = _GREAT[written[-1]]
        written = written[:-1]
    digits = written.replace(",", "")
    if len(digits) > 15:
        return None
    return round(float(digits) * factor, 6)


def words(written: str) -> int | None:
    """The value of a numeral in words, up to 亿; None for what is none (`二三`, `十百`, `百十`)."""
    if not written or len(written) > 40:
        return None
    if all(c in _DIGITS for c in written):
        if len(written) == 1:
            return _DIGITS[written]
        return int("".join(str(_DIGITS[c]) for c in written)) if len(written) == 4 else None
    if written in ("百", "千", "万", "亿"):
        return _PLACES.get(written) or _GREAT[written]
    total = 0
    rest = written
    for great in ("亿", "万"):
        head, sign, tail = rest.partition(great)
        if not sign:
            continue
        section = _section(head, leading=total > 0)
        if section is None or section == 0:
            return None
        total += section * _GREAT[great]
        rest = tail
    if rest:
        section = _section(rest, leading=total > 0)
        if section is None:
            return None
        total += section
    return total


def _section(written: str, *, leading: bool) -> int | None:
    """A group below 10,000; `leading` allows the 零 that stands for skipped places."""
    if leading and written.startswith(("零", "〇")):
        written = written[1:]
    if not written:
        return None
    total, digit, last, zero = 0, None, 10_000, False
    for i, c in enumerate(written):
        if c in _PLACES:
            place = _PLACES[c]
            if place >= last or (digit is None and not (c == "十" and (i == 0 or zero))):
                return None
            total += (1 if digit is None else digit) * place
            digit, last, zero = None, place, False
        elif c in _DIGITS:
            if digit is not None or (zero and _DIGITS[c] == 0):
                return None
            if _DIGITS[c] == 0:
                if i == 0:
                    return None
                zero = True
            else:
                digit = _DIGITS[c]
        else:
            return None
    if zero and digit is None:
        return None
    if digit is not None:
        # 一百二 is spoken for 一百二十: only after a place directly above, and never with 零
        spoken = last // 10 if last in (100, 1000) and not zero and len(written) > 1 else 1
        total += digit * spoken
    return total


def bound_of(before: str, after: str, trailing: str = "") -> Bound:
    """How exact a number is, by the words before it, directly after it, and after its measure word."""
    if before in _CEILINGS:
        return "ceiling"
    if before in _FLOORS or after in ("余", "多") or trailing in ("以上",):
        return "floor"
    if before or trailing:
        return "about"
    return ""


def number_of(match: re.Match[str], trailing: str = "") -> Number | None:
    """The `Number` of a match of `NUMBER`, None where the numeral is none."""
    value = parse(match["number"])
    if value is None:
        return None
    return Number(value, bound_of(match["before"], match["after"], trailing))


def percent(written: str) -> tuple[float, int] | None:
    """(value, places) of what stands before % or after 百分之: `86.5`, `八十六点五`; None if it is none."""
    if written[0].isdigit():
        return float(written), len(written.partition(".")[2])
    whole, _, part = written.partition("点")
    value = words(whole)
    digits = "".join(str(_DIGITS[c]) for c in part if c in _DIGITS)
    if value is None or len(digits) != len(part):
        return None
    return float(f"{value}.{digits or 0}"), len(digits)


def is_share(percent: float, places: int, part: int, whole: int) -> bool:
    """Whether `part` of `whole` is the percentage, rounded or cut to its places."""
    scale = 10**places
    exact = part * 100 * scale / whole
    return round(percent * scale) in (math.floor(exact + 1e-9), math.floor(exact + 0.5 + 1e-9))


def in_words(value: int) -> str:
    """The ordinary written form of 0 ≤ value < 10**12 (129 → 一百二十九)."""
    if value == 0:
        return "零"
    parts: list[str] = []
    rest = value
    started = False
    for great, sign in ((100_000_000, "亿"), (10_000, "万"), (1, "")):
        group, rest = divmod(rest, great)
        if group == 0:
            continue
        if started and (group < 1000 or skipped(value, great)):
            parts.append("零")
        parts.append(_group(group, first=not started) + sign)
        started = True
    return "".join(parts)


def skipped(value: int, great: int) -> bool:
    """Whether the group just above `great` is all zeros while a higher one is not."""
    above = value // great // 10_000
    return above > 0 and above % 10_000 == 0


def _group(value: int, *, first: bool) -> str:
    signs = "零一二三四五六七八九"
    out = ""
    zero = False
    for place, sign in ((1000, "千"), (100, "百"), (10, "十"), (1, "")):
        digit = value // place % 10
        if digit == 0:
            zero = bool(out)
            continue
        if zero:
            out += "零"
            zero = False
        out += ("" if place == 10 and digit == 1 and not out and first else signs[digit]) + sign
    return out
