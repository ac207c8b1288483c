"""Automatic numbering is written out as Word shows it."""

from __future__ import annotations

import pytest

from reports.reading.document import Document
from reports.reading.docx_numerals import written
from tests.reports.reading.word import MARK_DELETED, abstract, deleted, level, num, numbered, p, r, word


def lines_of(document: Document) -> list[str]:
    return document.text.split("\n")


@pytest.fixture
def items(read):
    """The lines of a document whose paragraphs have these properties, each with the text 文."""

    def _items(numbering: str, *props: str, styles: str = "") -> list[str]:
        content = "".join(p(r("文"), props=prop) for prop in props)
        return lines_of(read(word(content, numbering=numbering, styles=styles)))

    return _items


@pytest.mark.parametrize(
    ("style", "number", "expected"),
    [
        ("decimal", 12, "12"),
        ("decimalZero", 7, "07"),
        ("chineseCounting", 10, "十"),
        ("chineseCounting", 23, "二十三"),
        ("chineseCountingThousand", 110, "一百一十"),
        ("chineseCountingThousand", 1005, "一千零五"),
        ("japaneseCounting", 11, "十一"),
        ("japaneseCounting", 20, "二十"),
        ("ideographDigital", 10, "一〇"),
        ("chineseLegalSimplified", 12, "壹拾贰"),
        ("lowerLetter", 3, "c"),
        ("upperLetter", 28, "BB"),
        ("upperRoman", 4, "IV"),
        ("lowerRoman", 19, "xix"),
        ("decimalEnclosedCircle", 3, "③"),
        ("decimalEnclosedCircleChinese", 21, "㉑"),
        ("decimalEnclosedParen", 2, "⑵"),
        ("decimalFullWidth", 12, "１２"),
        ("ideographTraditional", 1, "甲"),
        ("none", 3, ""),
        ("somethingNew", 3, "3"),
    ],
)
def test_number_formats(style, number, expected):
    assert written(number, style) == expected


def test_levels_of_an_official_text(items):
    numbering = abstract(
        0,
        level(0, "chineseCounting", "%1、", more='<w:suff w:val="nothing"/>'),
        level(1, "japaneseCounting", "（%2）"),
        level(2, "decimal", "%3."),
        level(3, "decimalEnclosedCircle", "%4"),
    ) + num(1, 0)
    shown = items(numbering, *(numbered(1, ilvl) for ilvl in (0, 1, 1, 2, 3, 2, 0, 1)))
    assert shown == ["一、文", "（一）文", "（二）文", "1. 文", "①文", "2. 文", "二、文", "（一）文"]


def test_a_space_parts_a_bare_number_from_a_text_that_begins_with_one(read):
    numbering = abstract(0, level(0, "decimal", "%1")) + num(1, 0)
    document = read(word(p(r("2023年"), props=numbered(1)), numbering=numbering))
    assert document.text == "1 2023年"


def test_numbers_of_higher_levels_are_shown_in_their_own_format(items):
    numbering = abstract(0, level(0, "chineseCounting", "第%1章"), level(1, "decimal", "%1.%2、")) + num(1, 0)
    assert items(numbering, numbered(1), numbered(1, 1), numbered(1, 1)) == [
        "第一章 文",
        "一.1、文",
        "一.2、文",
    ]


def test_legal_numbering_shows_all_levels_in_digits(items):
    numbering = abstract(
        0, level(0, "chineseCounting", "%1、"), level(1, "decimal", "%1-%2、", more="<w:isLgl/>")
    )
    assert items(numbering + num(1, 0), numbered(1), numbered(1, 1)) == ["一、文", "1-1、文"]


def test_a_list_starts_where_it_says(items):
    numbering = abstract(0, level(0, "decimal", "%1）", start=5)) + num(1, 0)
    assert items(numbering, numbered(1), numbered(1)) == ["5）文", "6）文"]


def test_lists_of_one_definition_go_on_unless_one_starts_again(items):
    again = '<w:lvlOverride w:ilvl="0"><w:startOverride w:val="1"/></w:lvlOverride>'
    numbering = abstract(0, level(0, "decimal", "%1、")) + num(1, 0) + num(2, 0) + num(3, 0, again)
    shown = items(numbering, numbered(1), numbered(2), numbered(3), numbered(3))
    assert shown == ["1、文", "2、文", "1、文", "2、文"]


def test_a_level_may_be_told_not_to_restart(items):
    numbering = abstract(
        0, level(0, "decimal", "%1、"), level(1, "decimal", "(%2)", more='<w:lvlRestart w:val="0"/>')
    ) + num(1, 0)
    shown = items(numbering, numbered(1), numbered(1, 1), numbered(1), numbered(1, 1))
    assert shown == ["1、文", "(1)文", "2、文", "(2)文"]


def test_an_override_may_replace_a_level(items):
    own = f'<w:lvlOverride w:ilvl="0">{level(0, "upperLetter", "%1、")}</w:lvlOverride>'
    numbering = abstract(0, level(0, "decimal", "%1、")) + num(1, 0, own)
    assert items(numbering, numbered(1)) == ["A、文"]


def test_styles_carry_numbering(items):
    linked = level(1, "chineseCounting", "（%2）", more='<w:pStyle w:val="Two"/>')
    numbering = abstract(0, level(0, "chineseCounting", "%1、"), linked) + num(1, 0)
    styles = (
        '<w:style w:type="paragraph" w:styleId="One">'
        '<w:pPr><w:numPr><w:numId w:val="1"/></w:numPr></w:pPr></w:style>'
        '<w:style w:type="paragraph" w:styleId="Two"><w:basedOn w:val="One"/></w:style>'
    )
    one, two = '<w:pStyle w:val="One"/>', '<w:pStyle w:val="Two"/>'
    off = one + '<w:numPr><w:numId w:val="0"/></w:numPr>'
    assert items(numbering, one, two, off, one, styles=styles) == ["一、文", "（一）文", "文", "二、文"]


def test_a_definition_may_point_to_a_numbering_style(items):
    pointer = '<w:abstractNum w:abstractNumId="1"><w:numStyleLink w:val="S"/></w:abstractNum>'
    points_to = '<w:pPr><w:numPr><w:numId w:val="1"/></w:numPr></w:pPr>'
    styles = f'<w:style w:type="numbering" w:styleId="S">{points_to}</w:style>'
    numbering = abstract(0, level(0, "decimal", "%1、")) + pointer + num(1, 0) + num(2, 1)
    assert items(numbering, numbered(2), styles=styles) == ["1、文"]


@pytest.mark.parametrize(("mark", "expected"), [("●", "文"), ("\uf06c", "文"), ("——", "——文")])
def test_of_bullets_only_dashes_are_written(items, mark, expected):
    numbering = abstract(0, level(0, "bullet", mark)) + num(1, 0)
    assert items(numbering, numbered(1)) == [expected]


def test_a_list_that_is_not_defined_has_no_numbers(items):
    assert items("", numbered(7)) == ["文"]


def test_a_deleted_paragraph_takes_no_number(read):
    numbering = abstract(0, level(0, "decimal", "%1、")) + num(1, 0)
    gone = p(deleted(r("甲")), props=numbered(1) + MARK_DELETED)
    document = read(word(gone + p(r("乙"), props=numbered(1)), numbering=numbering))
    assert document.text == "1、乙"


def test_an_empty_item_counts_but_is_not_written(read):
    numbering = abstract(0, level(0, "decimal", "%1、")) + num(1, 0)
    document = read(word(p(props=numbered(1)) + p(r("乙"), props=numbered(1)), numbering=numbering))
    assert document.text == "2、乙"
