"""Dates stated to the day, each once, with the year carried on from before."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from reports.extraction.facts import DateFact
from reports.extraction.numerals import parse
from reports.extraction.passages import Passage

_CN = "〇零一二三四五六七八九十O0○"
_YEAR = r"(?:(?:19|20)\d\d|[一二][〇零一二三四五六七八九O0]{3})"
_MONTH = r"(?:1[0-2]|0?[1-9]|十[一二]?|[一二三四五六七八九])"
_DAY = r"(?:3[01]|[12]\d|0?[1-9]|三十一?|二?十[一二三四五六七八九]?|[一二三四五六七八九])"
_DATE = re.compile(
    rf"(?P<iso>(?<![\d.])(?P<iy>(?:19|20)\d\d)(?P<sep>[-./])(?P<im>\d{{1,2}})(?P=sep)(?P<id>\d{{1,2}})(?![\d.]*\d))"
    rf"|(?P<every>每年(?:的)?{_MONTH}月{_DAY}[日号])"
    rf"|(?:(?P<year>{_YEAR})年(?:的)?|(?P<word>今年|本年度?|当年|去年|上年|上年度|次年|翌年|明年)(?:的)?)?(?<!\d)(?:(?P<month>{_MONTH})月(?:份)?|(?P<same>同月|当月|本月|次月))(?P<day>{_DAY})[日号](?!前后)"
    rf"|(?P<only>(?P<oy>{_YEAR})年(?!以[来]))|(?P<mark>[〔\[（【(](?P<my>(?:19|20)\d\d)[〕\]）】)]第?\d+号)"
)
_NEXT = re.compile(
    rf"(?P<join>至|到|—|－|-|–|～|~|──|——|、|和|与|及)(?:(?P<word>次年|翌年|当年|同年)|(?P<year>{_YEAR})年)?(?:(?P<month>{_MONTH})月)?(?P<day>{_DAY})[日号]"
)
_HEADLESS = re.compile(
    rf"(?<!\d)(?:(?P<year>{_YEAR})年)?(?P<month>{_MONTH})月(?P<day>{_DAY})(?=(?:至|到|—|－|-|–|～|~|、)(?:{_MONTH}月)?{_DAY}[日号])"
)
_RECURRING = re.compile(r"(?:每年|每月|每逢|每季度?末?月?)(?:的)?$")


@dataclass
class _Clock:
    """The year and month last spoken of."""

    year: int | None = None
    month: int | None = None
    base: int | None = None  # the year of the report, for 今年 and 去年


def read_dates(passages: Iterable[Passage], text: str) -> tuple[DateFact, ...]:
    """The dates of the passages in order of first appearance."""
    lines = list(passages)
    clock = _Clock()
    clock.base = _year_of_report(lines)
    seen: dict[date, DateFact] = {}
    for passage in lines:
        for fact in _dates_in(passage, text, clock):
            seen.setdefault(fact.date, fact)
    return tuple(seen.values())


def _year_of_report(lines: list[Passage]) -> int | None:
    """The year of the last full date on a line of its own, else the first year written anywhere."""
    first = None
    own = None
    for passage in lines:
        for m in _DATE.finditer(passage.text):
            year = m["year"] or m["iy"] or m["oy"] or m["my"]
            if year is None:
                continue
            value = _number(year)
            first = first or value
            if m.end() - m.start() >= len(passage.text) - 2:
                own = value
    return own or first


def _number(written: str) -> int | None:
    value = parse(written.replace("O", "〇").replace("○", "〇")) if not written.isdigit() else int(written)
    return None if value is None else int(value)


def _dates_in(passage: Passage, text: str, clock: _Clock) -> Iterable[DateFact]:
    line = passage.text
    matches: list[re.Match[str]] = []
    matches.extend(_DATE.finditer(line))
    matches.extend(
        m
        for m in _HEADLESS.finditer(line)
        if not any(k.start() <= m.start() < k.end() for k in matches if k["day"])
    )
    for m in sorted(matches, key=lambda k: k.start()):
        groups = m.groupdict()
        if groups.get("every"):
            continue
        if groups.get("only") or groups.get("mark"):
            clock.year = _number(groups.get("oy") or groups.get("my") or "") or clock.year
            continue
        if groups.get("iso"):
            year, month, day = _number(m["iy"]), _number(m["im"]), _number(m["id"])
        else:
            year, month, day = _resolve(m, clock)
        fact = _fact(
            passage,
            text,
            m.start(),
            m.end(),
            year,
            month,
            day,
            "date.full" if groups.get("year") else "date.carried",
        )
        clock.year, clock.month = year or clock.year, month or clock.month
        if fact is not None and not _RECURRING.search(line[: m.start()][-5:]):
            yield fact
        yield from _following(passage, text, m.end(), clock)


def _resolve(m: re.Match[str], clock: _Clock) -> tuple[int | None, int | None, int | None]:
    groups = m.groupdict()
    day = _number(m["day"])
    year = _number(groups["year"]) if groups.get("year") else None
    word = groups.get("word")
    base = clock.base or clock.year
    if year is None and word and base is not None:
        if word in ("今年", "本年", "本年度"):
            year = base
        elif word in ("去年", "上年", "上年度"):
            year = base - 1
        elif word == "明年":
            year = base + 1
        elif word in ("次年", "翌年"):
            year = (clock.year or base) + 1
    year = year or clock.year or clock.base
    if groups.get("same"):
        month = clock.month
        if groups["same"] == "次月" and month is not None:
            month, year = (1, year + 1 if year else None) if month == 12 else (month + 1, year)
    else:
        month = _number(m["month"])
    return year, month, day


def _following(passage: Passage, text: str, at: int, clock: _Clock) -> Iterable[DateFact]:
    """The other end of a range, and further days of an enumeration."""
    while m := _NEXT.match(passage.text, at):
        if m["join"] in "、和与及" and m["year"] is None and m["month"] is None and m["day"] is None:
            return
        if m["month"] and m["join"] in "、和与及":
            return  # a date of its own, found by itself
        year = _number(m["year"]) if m["year"] else clock.year
        month = _number(m["month"]) if m["month"] else clock.month
        if (m["word"] in ("次年", "翌年") and year is not None) or (
            not m["year"]
            and m["month"]
            and clock.month
            and month is not None
            and month < clock.month
            and year
        ):
            year += 1
        start = m.end("join")
        fact = _fact(passage, text, start, m.end(), year, month, _number(m["day"]), "date.range")
        if fact is not None:
            yield fact
        clock.year, clock.month = year, month
        at = m.end()


def _fact(
    passage: Passage,
    text: str,
    start: int,
    end: int,
    year: int | None,
    month: int | None,
    day: int | None,
    rule: str,
) -> DateFact | None:
    if year is None or month is None or day is None:
        return None
    try:
        value = date(year, month, day)
    except ValueError:
        return None
    low, high = passage.span(start, end)
    return DateFact(value, text[low:high], low, high, rule)
