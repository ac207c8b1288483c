"""Numbers in every form officials write them."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reports.extraction.numerals import NUMBER, in_words, number_of, parse, words


@given(st.integers(min_value=0, max_value=10**12 - 1))
def test_words_and_back(value: int) -> None:
    assert words(in_words(value)) == value


@given(st.integers(min_value=0, max_value=10**9))
def test_thousands_separators_change_nothing(value: int) -> None:
    assert parse(f"{value:,}") == parse(str(value)) == value


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("一百二十九", 129), ("十二", 12), ("两千零八", 2008), ("一百二", 120), ("三万五千", 35000),
        ("二〇二三", 2023), ("1.2万", 12000), ("1,080", 1080), ("3.4亿", 340_000_000), ("一百零三", 103),
    ],
)  # fmt: skip
def test_reads(written: str, value: float) -> None:
    assert parse(written) == value


@pytest.mark.parametrize("written", ["二三", "百十", "十百", "零十", "一百零", "万万", "几十", ""])
def test_is_no_numeral(written: str) -> None:
    assert words(written) is None


@pytest.mark.parametrize(
    ("written", "bound"),
    [
        ("50余", "floor"),
        ("20多", "floor"),
        ("近200", "ceiling"),
        ("约70", "about"),
        ("超过30", "floor"),
        ("108", ""),
    ],
)
def test_how_exact_a_number_is(written: str, bound: str) -> None:
    match = NUMBER.fullmatch(written)
    assert isinstance(match, re.Match)
    number = number_of(match)
    assert number is not None
    assert number.bound == bound
