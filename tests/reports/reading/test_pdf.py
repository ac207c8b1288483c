"""A PDF with a text layer reads as the document it was made from."""

from __future__ import annotations

import random

import pytest

from reports.reading import pdf_glyphs
from reports.reading.document import Document
from tests.reports.reading.pdfs import (
    CHARACTERS,
    LEFT,
    PITCH,
    RIGHT,
    SIZE,
    Page,
    encrypted_pdf,
    pdf,
)

ORDINARY = "风险岗位排查整改措施落实监督检查制度建设干部职工警示教育优化服务提升水平加强防范"


def sentence(length: int, seed: int = 0) -> str:
    """A meaningless sentence of ordinary characters."""
    choose = random.Random(seed)
    return "".join(choose.choice(ORDINARY) for _ in range(length - 1)) + "。"


@pytest.fixture
def lines(read):
    def _lines(*pages: Page) -> list[str]:
        document = read(pdf(*pages), "报告.pdf")
        assert document.format == "pdf"
        return [document.quote(block) for block in document.blocks]

    return _lines


def rows(document: Document) -> list[tuple[int | None, str]]:
    return [(block.table, document.quote(block)) for block in document.blocks if block.kind == "row"]


class TestParagraphs:
    def test_wrapped_lines_are_joined_without_a_space(self, lines):
        texts = [sentence(length, length) for length in (70, 12, 130, 54)]
        page = Page()
        y = 120.0
        for text in texts:
            y = page.paragraph(y, text)
        assert lines(page) == texts

    def test_a_paragraph_whose_last_line_is_full_ends_there(self, lines):
        full = sentence(2 * CHARACTERS - 2)
        page = Page()
        y = page.paragraph(120, full)
        y = page.paragraph(y, sentence(40))
        assert lines(page) == [full, sentence(40)]

    def test_a_paragraph_goes_on_over_pages_and_their_numbers(self, lines):
        text = sentence(100)
        first, second = Page(), Page()
        first.text(LEFT + 2 * SIZE, 700, text[: CHARACTERS - 2])
        first.text(LEFT, 728, text[CHARACTERS - 2 : 2 * CHARACTERS - 2]).centred(780, "—1—", 14)
        second.text(LEFT, 120, text[2 * CHARACTERS - 2 : 3 * CHARACTERS - 2])
        second.text(LEFT, 148, text[3 * CHARACTERS - 2 :]).centred(780, "—2—", 14)
        assert lines(first, second) == [text]

    def test_words_of_letters_are_parted_where_the_line_breaks(self, lines):
        filling = sentence(CHARACTERS - 4)[:-1]
        page = Page().text(LEFT, 120, filling + "data").text(LEFT, 148, "base建设")
        page.paragraph(176, sentence(60))
        assert lines(page)[0] == filling + "data base建设"

    def test_headings_and_short_lines_stand_alone(self, lines):
        page = Page()
        page.text(LEFT + 2 * SIZE, 120, "一、总体情况").text(LEFT + 2 * SIZE, 148, "（一）做法")
        page.paragraph(176, sentence(60))
        page.right_aligned(300, "安澜县财政局").right_aligned(328, "8月20日")
        assert lines(page) == ["一、总体情况", "（一）做法", sentence(60), "安澜县财政局", "8月20日"]

    def test_a_title_broken_by_hand_is_two_centred_blocks(self, read):
        page = Page().centred(120, "安澜县财政局", 22).centred(150, "关于风险排查情况的报告", 22)
        page.paragraph(200, sentence(80))
        document = read(pdf(page), "a.pdf")
        assert [(document.quote(block), block.centred) for block in document.blocks] == [
            ("安澜县财政局", True),
            ("关于风险排查情况的报告", True),
            (sentence(80), False),
        ]

    def test_a_title_that_fills_its_line_is_one_block(self, read):
        title = "关于扎实开展风险排查整改落实监督检查工作情况的报告"
        page = Page().text(LEFT, 120, title[:19], 22).centred(150, title[19:], 22)
        page.paragraph(200, sentence(80))
        document = read(pdf(page), "a.pdf")
        assert (document.quote(document.blocks[0]), document.blocks[0].centred) == (title, True)

    def test_a_list_item_hangs_under_its_number(self, lines):
        page = Page()
        item = sentence(40)
        page.text(LEFT + 2 * SIZE, 120, "1.").text(LEFT + 4 * SIZE, 120, item[: CHARACTERS - 4])
        page.text(LEFT + 4 * SIZE, 148, item[CHARACTERS - 4 :])
        y = page.paragraph(176, sentence(90))
        page.paragraph(y, sentence(60))
        assert lines(page) == ["1." + item, sentence(90), sentence(60)]

    def test_blocks_tell_their_page(self, read):
        first, second = Page(), Page()
        first.paragraph(120, sentence(30))
        second.paragraph(120, sentence(40))
        document = read(pdf(first, second), "a.pdf")
        assert [block.page for block in document.blocks] == [1, 2]

    def test_a_turned_page_reads_as_it_is_shown(self, lines):
        page = Page(width=842, height=595, rotate=90)
        shown = ["甲乙丙丁戊", "己庚辛"]
        # On a page turned to the right, what runs up the sheet reads from left to right.
        for number, text in enumerate(shown):
            code = text.encode("utf-16-be").hex()
            page.drawing.append(f"BT /F 16 Tf 0 1 -1 0 {100 + 60 * number} 80 Tm <{code}> Tj ET")
        assert lines(page) == shown


class TestMargins:
    def test_running_heads_feet_and_numbers_are_left_out(self, lines):
        pages = []
        for number in range(3):
            page = (
                Page().text(LEFT, 50, "安澜县风险排查情况", 9).text(LEFT, 800, f"第{number + 1}页 共3页", 9)
            )
            page.paragraph(120, sentence(40, number))
            pages.append(page)
        assert lines(*pages) == [sentence(40, number) for number in range(3)]

    def test_bare_numbers_count_with_the_pages(self, lines):
        pages = []
        for number in range(2):
            page = Page().centred(800, str(number + 5), 9)
            page.paragraph(120, sentence(40, number))
            pages.append(page)
        assert lines(*pages) == [sentence(40, 0), sentence(40, 1)]

    def test_a_number_that_counts_nothing_stays(self, lines):
        page = Page()
        page.paragraph(120, sentence(40))
        page.text(LEFT + 2 * SIZE, 780, "108")
        assert lines(page) == [sentence(40), "108"]

    def test_a_title_on_one_page_is_no_running_head(self, lines):
        first, second = Page().centred(60, "情况报告", 22), Page()
        first.paragraph(120, sentence(40))
        second.paragraph(120, sentence(50))
        assert lines(first, second)[0] == "情况报告"


class TestColumns:
    def test_columns_are_read_one_after_the_other(self, lines):
        left = [sentence(60, number) for number in range(4)]
        right = [sentence(60, number) for number in range(4, 8)]
        page = Page().centred(80, "两栏简报", 22)
        for column, (x, texts) in enumerate([(LEFT, left), (LEFT + 15 * SIZE, right)]):
            y = 130.0 + 9 * column  # the lines of the two are not level
            for text in texts:
                y = page.paragraph(y, text, x=x, characters=13)
        assert lines(page) == ["两栏简报", *left, *right]


class TestTables:
    XS = (80, 200, 320, 440)

    def head(self, page: Page, y: float) -> None:
        for x, text in zip(self.XS, ("领域", "岗位", "风险点"), strict=False):
            page.text(x + 6, y + 20, text)

    def test_a_ruled_table_is_rows_in_its_place(self, read):
        page = Page()
        page.paragraph(100, sentence(20))
        page.grid(self.XS, (120, 148, 176))
        self.head(page, 120)
        page.text(86, 168, "项目投资").text(206, 168, "26").text(326, 168, "44")
        page.paragraph(220, sentence(30))
        document = read(pdf(page), "a.pdf")
        assert document.text.split("\n") == [
            sentence(20),
            "领域\t岗位\t风险点",
            "项目投资\t26\t44",
            sentence(30),
        ]
        assert rows(document) == [(0, "领域\t岗位\t风险点"), (0, "项目投资\t26\t44")]

    def test_merged_cells(self, read):
        page = Page()
        for x in (80, 440):
            page.rule(x, 120, x, 204)
        page.rule(200, 120, 200, 204).rule(320, 148, 320, 204)
        for y in (120, 204):
            page.rule(80, y, 440, y)
        page.rule(200, 148, 440, 148).rule(80, 176, 440, 176)
        page.text(86, 150, "领域").text(300, 140, "数量").text(206, 168, "岗位").text(326, 168, "点")
        page.text(86, 196, "合计").text(206, 196, "26").text(326, 196, "44")
        document = read(pdf(page), "a.pdf")
        assert [text for _, text in rows(document)] == ["领域\t数量", "岗位\t点", "合计\t26\t44"]
        first, second, _ = document.blocks
        assert (first.first_columns, first.columns, first.rows) == ((0, 1), (1, 2), (2, 1))
        assert (second.first_columns, second.rows) == ((1, 2), (1, 1))

    def test_a_line_broken_by_its_cell_is_joined_and_one_ended_by_hand_parted(self, read):
        page = Page().grid((80, 180, 440), (120, 200))
        page.text(86, 140, "行政审批服").text(86, 168, "务局").text(190, 140, "1.检查").text(
            190, 168, "2.整改"
        )
        document = read(pdf(page), "a.pdf")
        assert rows(document) == [(0, "行政审批服务局\t1.检查 2.整改")]

    def test_a_table_goes_on_over_pages_without_its_repeated_head(self, read):
        first, second = Page().grid(self.XS, (700, 728, 756)), Page().grid(self.XS, (100, 128, 156))
        self.head(first, 700)
        self.head(second, 100)
        first.text(86, 748, "甲局").text(206, 748, "11").text(326, 748, "12").centred(800, "—1—", 14)
        second.text(86, 148, "乙局").text(206, 148, "13").text(326, 148, "14").centred(800, "—2—", 14)
        document = read(pdf(first, second), "a.pdf")
        assert rows(document) == [(0, "领域\t岗位\t风险点"), (0, "甲局\t11\t12"), (0, "乙局\t13\t14")]
        assert [block.page for block in document.blocks] == [1, 1, 2]

    def test_a_row_broken_by_the_page_is_one(self, read):
        xs = (80, 200, 312)
        first, second = Page().grid(xs, (700, 770)), Page().grid(xs, (100, 128))
        first.text(86, 720, "甲局").text(206, 720, "建立健全制度").text(206, 748, "落实监督责任")
        second.text(206, 120, "提升水平。")
        assert rows(read(pdf(first, second), "a.pdf")) == [(0, "甲局\t建立健全制度落实监督责任提升水平。")]

    def test_a_figure_alone_in_its_cell_is_read_where_no_font_shows_it(self, read):
        page = Page().grid((80, 200, 320), (120, 148)).text(86, 140, "风险点").text(206, 140, "8")
        assert rows(read(pdf(page), "a.pdf")) == [(0, "风险点\t8")]

    def test_a_table_without_rules(self, read):
        page = Page()
        page.paragraph(100, sentence(60))
        for number, row in enumerate(
            [("领域", "岗位", "点"), ("项目投资", "26", "44"), ("合计", "108", "129")]
        ):
            for x, text in zip((86, 230, 370), row, strict=True):
                page.text(x, 190 + number * PITCH, text)
        page.paragraph(300, sentence(60))
        document = read(pdf(page), "a.pdf")
        assert [text for _, text in rows(document)] == [
            "领域\t岗位\t点",
            "项目投资\t26\t44",
            "合计\t108\t129",
        ]
        assert len(document.blocks) == 5

    def test_text_in_a_frame_is_no_table_and_does_not_cut_the_paragraph_beside_it(self, lines):
        text = sentence(80)
        page = Page()
        page.text(LEFT + 2 * SIZE, 120, text[: CHARACTERS - 2])
        page.text(LEFT, 148, text[CHARACTERS - 2 : 2 * CHARACTERS - 2])
        page.grid((300, RIGHT), (160, 220)).text(306, 190, "要情提示")
        page.text(LEFT, 240, text[2 * CHARACTERS - 2 : 3 * CHARACTERS - 2])
        page.text(LEFT, 268, text[3 * CHARACTERS - 2 :])
        page.paragraph(296, sentence(60))
        assert "要情提示" in lines(page)
        assert all("\t" not in line for line in lines(page))


class TestNotes:
    def test_a_footnote_follows_the_paragraph_with_its_mark(self, read):
        page = Page()
        page.text(LEFT + 2 * SIZE, 120, "共排查风险点一百二十九处").text(LEFT + 14 * SIZE, 112, "①", 9)
        page.text(LEFT + 14 * SIZE + 9, 120, "并已整改。")
        page.paragraph(148, sentence(90))
        page.text(LEFT, 760, "①", 6).text(LEFT + 6, 765, "数据截至八月。", 9)
        document = read(pdf(page), "a.pdf")
        assert [(block.kind, document.quote(block)) for block in document.blocks] == [
            ("paragraph", "共排查风险点一百二十九处并已整改。"),
            ("footnote", "数据截至八月。"),
            ("paragraph", sentence(90)),
        ]

    def test_a_raised_mark_without_a_note_stays(self, lines):
        page = Page().text(LEFT + 2 * SIZE, 120, "甲类企业").text(LEFT + 6 * SIZE, 112, "②", 9)
        page.paragraph(148, sentence(90))
        assert lines(page)[0] == "甲类企业②"


class TestRefused:
    def test_a_scan(self, refusal):
        error = refusal(pdf(Page(picture=True), Page(picture=True)), "扫描.pdf")
        assert error.code == "scan"
        assert "扫描件" in error.message
        assert ".docx" in error.message

    def test_a_stamp_on_a_scan_is_still_a_scan(self, refusal):
        assert refusal(pdf(Page(picture=True).text(80, 80, "复印件")), "a.pdf").code == "scan"

    def test_text_beside_a_picture_is_read(self, lines):
        page = Page(picture=True)
        page.paragraph(120, sentence(60))
        assert lines(page) == [sentence(60)]

    def test_pages_without_anything(self, refusal):
        assert refusal(pdf(Page()), "a.pdf").code == "no_text"

    def test_a_password(self, refusal):
        error = refusal(encrypted_pdf(), "a.pdf")
        assert error.code == "encrypted"
        assert "密码" in error.message

    def test_half_a_file_and_a_file_of_rubbish(self, refusal):
        assert refusal(b"%PDF-1.7\n" + b"\x00rubbish" * 50, "a.pdf").code == "damaged"

    def test_too_many_pages(self, refusal, monkeypatch):
        monkeypatch.setattr(pdf_glyphs, "MAX_PAGES", 1)
        assert refusal(pdf(Page().text(80, 80, "甲"), Page()), "a.pdf").code == "too_long"
