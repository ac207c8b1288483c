"""Plain text reads the same in every encoding that offices use."""

from __future__ import annotations

import codecs

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reports.reading.errors import ReadingError
from reports.reading.text import read as read_text

REPORT = (
    "关于风险排查情况的报告\n一、总体情况\n共排查风险岗位108个、风险点129处。\n"
    "领域\t岗位\t点\n合计\t108\t129\n"
)
ENCODINGS = {
    "utf-8": b"",
    "utf-8 with mark": codecs.BOM_UTF8,
    "gb18030": b"",
    "gbk": b"",
    "utf-16-le": b"",
    "utf-16-be": b"",
    "utf-16-le with mark": codecs.BOM_UTF16_LE,
    "utf-16-be with mark": codecs.BOM_UTF16_BE,
    "utf-32-le with mark": codecs.BOM_UTF32_LE,
}


def encoded(text: str, encoding: str) -> bytes:
    return ENCODINGS[encoding] + text.encode(encoding.split()[0])


@pytest.mark.parametrize("encoding", ENCODINGS)
def test_a_report_in_every_encoding(read, encoding):
    document = read(encoded(REPORT, encoding), "报告.txt")
    assert document.text == REPORT
    assert document.format == "txt"
    assert [block.kind for block in document.blocks] == ["paragraph"] * 3 + ["row"] * 2


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030", "utf-16-le with mark"])
@pytest.mark.parametrize(
    "text", ["联通", "县财政局", "无", "未发现风险点。", "已完成", "整改率86.5%", "A4纸", "8月12日"]
)
def test_short_texts_are_not_misjudged(read, encoding, text):
    assert read(encoded(text, encoding), "a.txt").text == text


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("text", ["县财政局未发现风险点。", "共108个\r\n"])
def test_unmarked_utf_16_is_recognised(read, encoding, text):
    assert read(encoded(text, encoding), "a.txt").text == text.replace("\r\n", "\n")


def test_rare_characters_of_names_do_not_mislead(read):
    for encoding in ("utf-8", "gb18030"):
        assert (
            read("负责人：王喆、李翀、㛃某。".encode(encoding), "a.txt").text == "负责人：王喆、李翀、㛃某。"
        )


def test_traditional_text_in_big5(read):
    text = "關於風險排查情況的報告，共排查風險崗位一百零八個，風險點一百二十九處，關鍵環節八十四個。"
    assert read(text.encode("big5"), "a.txt").text == text


def test_line_ends_of_every_kind_become_line_feeds(read):
    assert read("甲\r\n乙\r丙\n丁\x0c戊".encode(), "a.txt").text == "甲\n乙\n丙\n丁\n戊"


def test_control_and_unseen_characters_are_removed(read):
    text = "甲" * 100 + "\x07乙\u200b丙\ufeff丁\x1a"
    assert read(text.encode(), "a.txt").text == "甲" * 100 + "乙丙丁"


def test_radicals_become_the_characters_they_look_like(read):
    assert read("⻛险点与⼀⻓".encode(), "a.txt").text == "风险点与一长"


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"\x00\x01\x02\x03" * 50, "binary"),
        (b"\x01\x02report\x03" * 50, "binary"),
        ("甲乙".encode() + b"\x00" * 5, "binary"),
        (b"\xff\xff\xff\xfe\x80\x80\xff" * 9, "encoding"),
        (codecs.BOM_UTF8 + b"\xff\xff", "encoding"),
        (b" \r\n\t ", "no_text"),
    ],
)
def test_what_is_no_text_is_refused(refusal, data, code):
    error = refusal(data, "a.txt")
    assert error.code == code
    assert "请" in error.message


COMMON = st.text(
    st.sampled_from(
        "的一是在县局风险岗位点关键环节整改措施监督检查财政发展公司个处项，。、；：（）《》“”0123456789%AX\n\t"
    ),
    min_size=1,
).filter(lambda text: any(letter >= "\u4e00" for letter in text))


@given(
    COMMON,
    st.sampled_from(["utf-8", "utf-8 with mark", "gb18030", "utf-16-le with mark", "utf-16-be with mark"]),
)
def test_any_chinese_text_comes_back(text, encoding):
    assert read_text(encoded(text, encoding)).text == text


@given(st.binary(max_size=300))
def test_any_bytes_are_read_or_refused(data):
    try:
        document = read_text(data)
    except ReadingError as error:
        assert error.code in {"binary", "encoding", "no_text"}  # noqa: PT017
    else:
        assert "\x00" not in document.text
        assert all(0 <= block.start < block.end <= len(document.text) for block in document.blocks)
