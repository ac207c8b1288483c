"""A Word document reads as it looks with every tracked change accepted."""

from __future__ import annotations

import pytest

from reports.reading.document import Document
from tests.reports.reading.word import (
    MARK_DELETED,
    deleted,
    field,
    inserted,
    p,
    r,
    run,
    tbl,
    tc,
    text_box,
    texts,
    tr,
    word,
)


def lines(document: Document) -> list[str]:
    return [document.quote(block) for block in document.blocks]


def kinds(document: Document) -> list[str]:
    return [block.kind for block in document.blocks]


def bold(document: Document, index: int = 0) -> list[str]:
    return [document.text[span.start : span.end] for span in document.blocks[index].bold]


@pytest.fixture
def body(read):
    """The lines of a document with this body."""
    return lambda content, **parts: lines(read(word(content, **parts)))


def test_blocks_cover_the_text_and_are_joined_by_one_line_feed(read):
    document = read(word(p(r("甲")) + p() + tbl(texts("乙", "丙")) + p(r("丁"))))
    assert document.text == "甲\n乙\t丙\n丁"
    assert kinds(document) == ["paragraph", "row", "paragraph"]
    assert document.format == "docx"


class TestParagraphs:
    def test_a_line_break_ends_a_block_and_its_pieces_keep_the_look(self, read):
        title = p(
            r("关于风险排查", "<w:b/>"), run("<w:br/>"), r("的报告", "<w:b/>"), props='<w:jc w:val="center"/>'
        )
        document = read(word(title))
        assert lines(document) == ["关于风险排查", "的报告"]
        assert [block.centred for block in document.blocks] == [True, True]
        assert bold(document, 0) == ["关于风险排查"]
        assert bold(document, 1) == ["的报告"]

    def test_special_characters(self, body):
        content = "<w:t>甲</w:t><w:noBreakHyphen/><w:t>乙</w:t><w:softHyphen/><w:tab/><w:t>丙</w:t>"
        assert body(p(run(content))) == ["甲-乙\t丙"]

    def test_white_space_at_the_ends_is_layout(self, body):
        assert body(p(run("<w:tab/>"), r("　　甲 乙 "))) == ["甲 乙"]

    def test_line_feeds_in_the_file_are_spaces(self, body):
        assert body(p(run("<w:t>甲\n乙</w:t>"))) == ["甲 乙"]

    def test_a_symbol_of_a_symbol_font(self, body):
        tick = run('<w:sym w:font="Wingdings" w:char="F0FE"/>')
        assert body(p(tick, r("已完成"))) == ["☑已完成"]

    def test_hidden_text_is_not_shown(self, body):
        assert body(p(r("甲"), r("乙", "<w:vanish/>"), r("丙", '<w:vanish w:val="0"/>'))) == ["甲丙"]

    def test_text_hidden_by_a_style_is_not_shown(self, body):
        styles = '<w:style w:type="character" w:styleId="H"><w:rPr><w:vanish/></w:rPr></w:style>'
        assert body(p(r("甲"), r("乙", '<w:rStyle w:val="H"/>')), styles=styles) == ["甲"]

    def test_links_smart_tags_and_content_controls_are_looked_through(self, body):
        control = f"<w:sdt><w:sdtPr/><w:sdtContent>{r('丙')}</w:sdtContent></w:sdt>"
        content = p(f"<w:hyperlink>{r('甲')}</w:hyperlink>", f"<w:smartTag>{r('乙')}</w:smartTag>", control)
        around = f"<w:sdt><w:sdtPr/><w:sdtContent>{p(r('丁'))}{tbl(texts('戊', '己'))}</w:sdtContent></w:sdt>"
        assert body(content + around) == ["甲乙丙", "丁", "戊\t己"]

    def test_the_prompt_of_an_empty_content_control_is_not_text(self, body):
        prompt = f"<w:sdtContent>{r('单击此处')}</w:sdtContent>"
        control = f"<w:sdt><w:sdtPr><w:showingPlcHdr/></w:sdtPr>{prompt}</w:sdt>"
        assert body(p(r("甲"), control)) == ["甲"]

    def test_phonetic_guides_are_left_out(self, body):
        ruby = run(f"<w:ruby><w:rt>{r('jia')}</w:rt><w:rubyBase>{r('甲')}</w:rubyBase></w:ruby>")
        assert body(p(ruby, r("乙"))) == ["甲乙"]

    def test_comments_are_left_out(self, body):
        comment = '<w:commentRangeStart w:id="0"/>'
        reference = run('<w:commentReference w:id="0"/>')
        assert body(p(comment, r("甲"), reference), comments='<w:comment w:id="0"/>') == ["甲"]

    def test_formulas_are_written_out(self, body):
        assert body(p(r("为"), "<m:oMath><m:r><m:t>a=b</m:t></m:r></m:oMath>")) == ["为a=b"]


class TestLook:
    HEADING = (
        '<w:style w:type="paragraph" w:styleId="1"><w:name w:val="heading 1"/>'
        '<w:pPr><w:jc w:val="center"/></w:pPr><w:rPr><w:b/></w:rPr></w:style>'
        '<w:style w:type="paragraph" w:styleId="My"><w:basedOn w:val="1"/></w:style>'
    )

    @pytest.mark.parametrize("style", ["1", "My"])
    def test_a_heading_style_gives_level_centring_and_bold(self, read, style):
        document = read(word(p(r("甲"), props=f'<w:pStyle w:val="{style}"/>'), styles=self.HEADING))
        assert (document.blocks[0].level, document.blocks[0].centred) == (1, True)
        assert bold(document) == ["甲"]

    def test_what_the_paragraph_says_itself_counts_more(self, read):
        props = '<w:pStyle w:val="1"/><w:jc w:val="left"/><w:outlineLvl w:val="9"/>'
        document = read(word(p(r("甲", '<w:b w:val="false"/>'), props=props), styles=self.HEADING))
        assert (document.blocks[0].level, document.blocks[0].centred) == (None, False)
        assert bold(document) == []

    def test_an_outline_level_makes_a_heading(self, read):
        document = read(word(p(r("甲"), props='<w:outlineLvl w:val="1"/>')))
        assert document.blocks[0].level == 2

    def test_bold_spans_lie_in_the_text(self, read):
        document = read(
            word(p(r("前言")) + p(r("　"), r("强化", "<w:b/>"), r("提醒。", "<w:b/>"), r("县局做了。")))
        )
        assert bold(document, 1) == ["强化提醒。"]

    def test_a_style_based_on_itself_does_no_harm(self, body):
        styles = '<w:style w:type="paragraph" w:styleId="1"><w:basedOn w:val="1"/></w:style>'
        assert body(p(r("甲"), props='<w:pStyle w:val="1"/>'), styles=styles) == ["甲"]


class TestTables:
    def test_merged_cells_are_written_once_at_their_first_place(self, read):
        document = read(
            word(
                tbl(
                    tr(
                        tc(p(r("领域")), props='<w:vMerge w:val="restart"/>'),
                        tc(p(r("数量")), props='<w:gridSpan w:val="2"/>'),
                    ),
                    tr(tc(p(r("藏")), props="<w:vMerge/>"), tc(p(r("岗位"))), tc(p(r("点")))),
                    texts("合计", "108", "129"),
                )
            )
        )
        assert lines(document) == ["领域\t数量", "岗位\t点", "合计\t108\t129"]
        first, second, _ = document.blocks
        assert (first.first_columns, first.columns, first.rows) == ((0, 1), (1, 2), (2, 1))
        assert (second.first_columns, second.columns, second.rows) == ((1, 2), (1, 1), (1, 1))
        assert {block.table for block in document.blocks} == {0}

    def test_cells_hold_spans_of_their_text(self, read):
        document = read(word(tbl(texts("项目", "", "26"))))
        block = document.blocks[0]
        assert [document.text[span.start : span.end] for span in block.cells] == ["项目", "", "26"]

    def test_a_cell_is_one_line(self, body):
        cell = tc(p(r("风险")), p(r("类"), run("<w:br/><w:t>别</w:t><w:tab/><w:t>名</w:t>")))
        assert body(tbl(tr(cell, tc(p(r("乙")))))) == ["风险 类 别 名\t乙"]

    def test_tables_are_numbered_and_blank_rows_left_out(self, read):
        document = read(
            word(tbl(texts("", "")) + tbl(texts("甲", "乙"), texts("", "")) + tbl(texts("丙", "丁")))
        )
        assert [(block.table, document.quote(block)) for block in document.blocks] == [
            (0, "甲\t乙"),
            (1, "丙\t丁"),
        ]

    def test_a_blank_row_is_not_counted_among_those_a_merged_cell_covers(self, read):
        merged = '<w:vMerge w:val="restart"/>'
        rows = tbl(
            tr(tc(p(r("甲")), props=merged), tc(p(r("1")))),
            tr(tc(props="<w:vMerge/>"), tc()),
            tr(tc(props="<w:vMerge/>"), tc(p(r("2")))),
        )
        document = read(word(rows))
        assert lines(document) == ["甲\t1", "2"]
        assert document.blocks[0].rows == (2, 1)

    def test_a_nested_table_follows_the_row_it_is_in(self, read):
        nested = tbl(texts("乙", "丙"))
        document = read(word(tbl(tr(tc(p(r("甲")), nested, p()), tc(p(r("丁")))), texts("戊", "己"))))
        assert lines(document) == ["甲\t丁", "乙\t丙", "戊\t己"]
        assert [block.table for block in document.blocks] == [0, 1, 0]

    def test_skipped_grid_columns_shift_the_cells(self, read):
        document = read(word(tbl(tr(tc(p(r("甲"))), tc(p(r("乙"))), props='<w:gridBefore w:val="2"/>'))))
        assert document.blocks[0].first_columns == (2, 3)

    def test_wrapped_rows_and_cells_are_found(self, body):
        cell = f"<w:sdt><w:sdtPr/><w:sdtContent>{tc(p(r('乙')))}</w:sdtContent></w:sdt>"
        row = f"<w:sdt><w:sdtPr/><w:sdtContent>{texts('丙', '丁')}</w:sdtContent></w:sdt>"
        assert body(tbl(tr(tc(p(r("甲"))), cell), row)) == ["甲\t乙", "丙\t丁"]

    def test_a_numbered_empty_cell_shows_its_number(self, body):
        numbering = (
            '<w:abstractNum w:abstractNumId="0"><w:lvl w:ilvl="0"><w:start w:val="1"/>'
            '<w:numFmt w:val="decimal"/><w:lvlText w:val="%1"/></w:lvl></w:abstractNum>'
            '<w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num>'
        )
        first = tc(p(props='<w:numPr><w:numId w:val="1"/></w:numPr>'))
        rows = tbl(tr(first, tc(p(r("甲")))), tr(first, tc(p(r("乙")))))
        assert body(rows, numbering=numbering) == ["1\t甲", "2\t乙"]


class TestTrackedChanges:
    def test_insertions_are_kept_and_deletions_dropped(self, body):
        assert body(p(r("有"), deleted(r("旧")), inserted(r("新")), r("数"))) == ["有新数"]

    def test_an_insertion_deleted_again_is_dropped(self, body):
        assert body(p(r("甲"), inserted(deleted(r("乙"))))) == ["甲"]

    def test_moved_text_stands_where_it_was_moved_to(self, body):
        away = f"<w:moveFrom>{r('丙')}</w:moveFrom>"
        here = f"<w:moveTo>{r('丙')}</w:moveTo>"
        assert body(p(r("甲"), away) + p(r("乙"), here)) == ["甲", "乙丙"]

    def test_a_moved_paragraph_leaves_nothing_behind(self, body):
        mark = '<w:rPr><w:moveFrom w:id="1" w:author="x"/></w:rPr>'
        gone = p(f"<w:moveFrom>{r('甲')}</w:moveFrom>", props=mark)
        assert body(gone + p(r("乙")) + p(f"<w:moveTo>{r('甲')}</w:moveTo>")) == ["乙", "甲"]

    def test_a_paragraph_whose_mark_is_deleted_goes_on_in_the_next(self, body):
        assert body(p(r("甲"), props=MARK_DELETED) + p(r("乙"), props=MARK_DELETED) + p(r("丙"))) == [
            "甲乙丙"
        ]

    def test_a_deleted_paragraph_is_gone_and_takes_no_number(self, body):
        assert body(p(deleted(r("甲")), props=MARK_DELETED) + p(r("乙"))) == ["乙"]

    def test_a_deleted_mark_before_a_table_joins_nothing(self, body):
        assert body(p(r("甲"), props=MARK_DELETED) + tbl(texts("乙", "丙"))) == ["甲", "乙\t丙"]

    def test_deleted_rows_and_cells_are_dropped_inserted_ones_kept(self, body):
        rows = tbl(
            texts("甲", "乙"),
            tr(tc(p(r("丙"))), tc(p(r("丁"))), props='<w:del w:id="1" w:author="x"/>'),
            tr(tc(p(r("戊"))), tc(p(r("己"))), props='<w:ins w:id="1" w:author="x"/>'),
            tr(tc(p(r("庚")), props='<w:cellDel w:id="1" w:author="x"/>'), tc(p(r("辛")))),
        )
        assert body(rows) == ["甲\t乙", "戊\t己", "辛"]

    def test_former_properties_do_not_count(self, read):
        former = '<w:pPrChange><w:pPr><w:jc w:val="center"/><w:outlineLvl w:val="0"/></w:pPr></w:pPrChange>'
        bold_before = "<w:rPrChange><w:rPr><w:b/><w:vanish/></w:rPr></w:rPrChange>"
        document = read(word(p(r("甲", bold_before), props=former)))
        block = document.blocks[0]
        assert (block.centred, block.level, block.bold) == (False, None, ())


class TestBesideTheText:
    FOOTNOTES = (
        f'<w:footnote w:type="separator" w:id="-1">{p(r("——"))}</w:footnote>'
        f'<w:footnote w:id="2">{p(run("<w:footnoteRef/>"), r("口径见附件。"))}</w:footnote>'
    )
    REFERENCE = run('<w:footnoteReference w:id="2"/>')

    def test_a_text_box_stored_twice_is_read_once_after_its_paragraph(self, read):
        document = read(word(p(r("甲"), text_box(p(r("框一")), p(r("框二"))), r("乙")) + p(r("丙"))))
        assert lines(document) == ["甲乙", "框一", "框二", "丙"]
        assert kinds(document) == ["paragraph", "textbox", "textbox", "paragraph"]

    def test_a_text_box_on_an_empty_paragraph(self, body):
        assert body(p(text_box(p(r("框")))) + p(r("丙"))) == ["框", "丙"]

    def test_a_text_box_that_only_older_programs_stored(self, body):
        box = f"<v:textbox><w:txbxContent>{p(r('框'))}</w:txbxContent></v:textbox>"
        assert body(p(r("甲"), run(f"<w:pict><v:shape>{box}</v:shape></w:pict>"))) == ["甲", "框"]

    def test_a_text_box_in_a_text_box_and_a_table_in_one(self, body):
        inner = text_box(p(r("里")))
        assert body(p(r("甲"), text_box(p(r("外"), inner), tbl(texts("1", "2"))))) == [
            "甲",
            "外",
            "里",
            "1\t2",
        ]

    def test_word_art_is_read(self, body):
        art = run('<w:pict><v:shape><v:textpath string="安澜县人民政府文件"/></v:shape></w:pict>')
        assert body(p(art)) == ["安澜县人民政府文件"]

    def test_a_footnote_follows_its_paragraph_without_a_mark(self, read):
        document = read(word(p(r("共108个"), self.REFERENCE, r("。")) + p(r("乙")), footnotes=self.FOOTNOTES))
        assert lines(document) == ["共108个。", "口径见附件。", "乙"]
        assert kinds(document) == ["paragraph", "footnote", "paragraph"]

    def test_an_endnote_is_read_like_a_footnote(self, read):
        notes = f'<w:endnote w:id="3">{p(r("尾注。"))}</w:endnote>'
        document = read(word(p(r("甲"), run('<w:endnoteReference w:id="3"/>')) + p(r("乙")), endnotes=notes))
        assert lines(document) == ["甲", "尾注。", "乙"]

    def test_a_note_and_a_box_in_a_cell_follow_the_row(self, body):
        rows = tbl(
            tr(tc(p(r("甲"), self.REFERENCE)), tc(p(r("乙"), text_box(p(r("框")))))), texts("丙", "丁")
        )
        assert body(rows, footnotes=self.FOOTNOTES) == ["甲\t乙", "口径见附件。", "框", "丙\t丁"]

    def test_a_note_that_refers_to_itself_is_read_once(self, body):
        notes = f'<w:footnote w:id="2">{p(r("注"), self.REFERENCE)}</w:footnote>'
        assert body(p(r("甲"), self.REFERENCE), footnotes=notes) == ["甲", "注"]

    def test_headers_and_footers_are_left_out(self, body):
        parts = {"header": p(r("页眉")), "footer": p(r("页脚"))}
        assert body(p(r("甲")), **parts) == ["甲"]


class TestFields:
    def test_the_result_is_shown_and_the_instruction_is_not(self, body):
        assert body(p(r("见"), field('HYPERLINK "x"', r("附件")), r("。"))) == ["见附件。"]

    def test_a_field_in_the_instruction_of_another_is_not_shown(self, body):
        begin = run('<w:fldChar w:fldCharType="begin"/><w:instrText>IF </w:instrText>')
        rest = (
            run('<w:fldChar w:fldCharType="separate"/>') + r("是") + run('<w:fldChar w:fldCharType="end"/>')
        )
        assert body(p(begin, field("DOCPROPERTY x", r("内")), rest)) == ["是"]

    def test_page_numbers_are_left_out(self, body):
        simple = f'<w:fldSimple w:instr=" NUMPAGES ">{r("9")}</w:fldSimple>'
        assert body(p(r("甲"), field("PAGE  \\* MERGEFORMAT", r("7")), simple)) == ["甲"]

    def test_a_simple_field_is_shown(self, body):
        assert body(p(f'<w:fldSimple w:instr=" DATE ">{r("2023年")}</w:fldSimple>')) == ["2023年"]

    def test_a_table_of_contents_has_no_page_numbers(self, body):
        begin = run('<w:fldChar w:fldCharType="begin"/><w:instrText> TOC \\o </w:instrText>')
        begin += run('<w:fldChar w:fldCharType="separate"/>')
        first = p(begin, r("一、概况"), run("<w:tab/>"), field("PAGEREF _1 \\h", r("1")))
        second = p(r("二、措施"), run("<w:tab/>"), r("12"))
        end = p(run('<w:fldChar w:fldCharType="end"/>'))
        assert body(first + second + end + p(r("第3"))) == ["一、概况", "二、措施", "第3"]

    def test_a_field_that_never_ends_hides_nothing(self, body):
        begin = run('<w:fldChar w:fldCharType="begin"/><w:instrText> X </w:instrText>')
        assert body(p(begin, r("甲")) + p(r("乙"))) == ["甲", "乙"]
