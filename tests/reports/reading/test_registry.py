"""A file is read by what is in it; a file that cannot be read is refused with what to do instead."""

from __future__ import annotations

import io
import os
import random
import struct
import zipfile
from pathlib import Path

import docx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from reports.reading import docx_package, registry
from reports.reading.docx import read as read_word
from reports.reading.errors import ReadingError
from reports.reading.registry import SUPPORTED, read_file
from tests.reports.reading.pdfs import Page, pdf
from tests.reports.reading.word import members, p, part, r, tbl, tc, tr, word, zipped

PNG = b"\x89PNG\r\n\x1a\n" + bytes(64)


def compound(*streams: str) -> bytes:
    """An OLE2 file that has streams of these names in its directory."""
    data = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(1016)
    for name in ("Root Entry", *streams):
        text = (name + "\0").encode("utf-16-le")
        data += text.ljust(64, b"\0") + struct.pack("<H", len(text)) + bytes(62)
    return data + bytes(512)


def test_supported_formats_have_labels():
    assert dict(SUPPORTED) == {".docx": "Word 文档", ".pdf": "PDF 文档", ".txt": "纯文本"}


@pytest.mark.parametrize("name", ["报告.docx", "报告.txt", "报告.pdf", "报告", "报告.docx.exe"])
def test_content_decides_not_the_name(read, name):
    assert read(word(p(r("甲"))), name).format == "docx"
    assert read(pdf(Page().text(80, 80, "甲乙")), name).format == "pdf"
    assert read("甲乙".encode(), name).format == "txt"


def test_the_name_on_disk_serves_where_none_is_given(tmp_path):
    path = tmp_path / "报告.txt"
    path.write_text("甲", encoding="gb18030")
    assert read_file(str(path)).text == "甲"
    assert read_file(path, name=None).text == "甲"


@pytest.mark.parametrize(
    ("data", "code", "words"),
    [
        (b"", "empty", "空"),
        (PNG, "format_unsupported", "图片"),
        (b"\xff\xd8\xff\xe0" + bytes(64), "format_unsupported", "图片"),
        (b"BM" + struct.pack("<I", 70) + bytes(64), "format_unsupported", "图片"),
        (compound("WordDocument"), "format_unsupported", ".doc、.wps"),
        (compound("Workbook"), "format_unsupported", "电子表格"),
        (compound("PowerPoint Document"), "format_unsupported", "演示文稿"),
        (compound("EncryptionInfo", "EncryptedPackage"), "encrypted", "密码"),
        (b"{\\rtf1\\ansi " + b"x" * 50, "format_unsupported", "RTF"),
        (b"\xef\xbb\xbf<!DOCTYPE html><html><body>x</body></html>", "format_unsupported", "网页"),
        (b'<?xml version="1.0"?><w:wordDocument/>', "format_unsupported", "XML"),
        (b"Rar!\x1a\x07\x00" + bytes(40), "format_unsupported", "压缩包"),
        (zipped({"[Content_Types].xml": b"", "xl/workbook.xml": b""}), "format_unsupported", "电子表格"),
        (zipped({"OFD.xml": b"<x/>"}), "format_unsupported", "OFD"),
        (zipped({"mimetype": b"", "content.xml": b""}), "format_unsupported", "OpenDocument"),
        (zipped({"报告.docx": word(p(r("甲")))}), "format_unsupported", "压缩包"),
        (zipped({}), "no_document", "Word"),
    ],
)
def test_what_cannot_be_read_is_refused_with_a_remedy(refusal, data, code, words):
    error = refusal(data)
    assert error.code == code
    assert words in error.message
    assert "请" in error.message
    assert str(error) == error.message


def test_only_the_directory_tells_what_a_compound_file_holds(refusal):
    mentioned = "x" + "EncryptedPackage\0"
    data = compound("WordDocument") + mentioned.encode("utf-16-le")
    assert refusal(data).code == "format_unsupported"


def test_a_file_that_is_too_large_is_not_even_opened(refusal, monkeypatch):
    monkeypatch.setattr(registry, "MAX_FILE_BYTES", 10)
    assert refusal("甲乙丙丁戊己".encode(), "a.txt").code == "too_large"


def test_a_missing_file_and_a_folder(tmp_path):
    for path in (tmp_path / "none.docx", tmp_path):
        with pytest.raises(ReadingError) as caught:
            read_file(path)
        assert caught.value.code == "unreadable"


class TestDamagedWord:
    def test_cut_off(self, refusal):
        data = word(p(r("甲" * 500)))
        assert refusal(data[: len(data) // 2]).code == "damaged"

    def test_a_broken_member(self, refusal):
        data = bytearray(word(p(*(r(str(number)) for number in range(300)))))
        at = data.find(b"word/document.xml") + 60
        data[at : at + 40] = bytes(40)
        assert refusal(bytes(data)).code == "damaged"

    def test_without_a_document(self, refusal):
        files = members(p(r("甲")))
        del files["word/document.xml"]
        assert refusal(zipped(files)).code == "no_document"

    def test_with_another_root(self, refusal):
        files = members("") | {"word/document.xml": part("styles", "")}
        assert refusal(zipped(files)).code == "no_document"

    def test_ill_formed(self, refusal):
        files = members("") | {"word/document.xml": b"<w:document>"}
        assert refusal(zipped(files)).code == "damaged"

    def test_a_member_with_a_password(self, refusal):
        data = bytearray(word(p(r("甲"))))
        for signature, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
            at = data.find(signature)
            data[at + offset] |= 1
        assert refusal(bytes(data)).code == "encrypted"

    @pytest.mark.parametrize("body", ["", p(), p(r(" ")), tbl(tr(tc()))])
    def test_without_any_text(self, refusal, body):
        assert refusal(word(body)).code == "no_text"

    def test_absent_styles_numbering_and_relationships_do_no_harm(self, read):
        files = members(p(r("甲"), props='<w:pStyle w:val="X"/><w:numPr><w:numId w:val="9"/></w:numPr>'))
        del files["word/_rels/document.xml.rels"], files["_rels/.rels"], files["[Content_Types].xml"]
        assert read(zipped(files)).text == "甲"

    def test_a_relationship_out_of_the_package_is_not_followed(self, read):
        files = members(p(r("甲")))
        files["word/_rels/document.xml.rels"] = (
            b'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
            b'<Relationship Id="r1" Type="x/styles" Target="../../../../outside.xml"/>'
            b'<Relationship Id="r2" Type="x/numbering" Target="http://127.0.0.1:9/" TargetMode="External"/>'
            b"</Relationships>"
        )
        assert read(zipped(files)).text == "甲"


class TestHostileWord:
    def test_a_bomb_by_its_directory(self, refusal, monkeypatch):
        monkeypatch.setattr(docx_package, "MAX_TOTAL_BYTES", 1000)
        assert refusal(word(p(r("甲" * 1000)))).code == "zip_bomb"

    def test_a_bomb_by_its_ratio(self, refusal):
        files = members(p(r("甲"))) | {"word/media/x.bin": bytes(30 * 1024 * 1024)}
        assert refusal(zipped(files)).code == "zip_bomb"

    def test_a_bomb_by_its_number_of_members(self, refusal):
        files = members(p(r("甲"))) | {f"x/{number}": b"" for number in range(docx_package.MAX_MEMBERS)}
        assert refusal(zipped(files)).code == "zip_bomb"

    def test_a_part_larger_than_is_read(self, refusal, monkeypatch):
        monkeypatch.setattr(docx_package, "MAX_PART_BYTES", 2000)
        assert refusal(word(p(r("甲" * 1000)))).code == "zip_bomb"

    def test_a_directory_that_lies_about_a_size_gives_no_more_than_it_says(self, refusal):
        data = bytearray(word(p(*(r(str(number)) for number in range(3000)))))
        with zipfile.ZipFile(io.BytesIO(bytes(data))) as archive:
            real = archive.getinfo("word/document.xml").file_size
        lie, truth = struct.pack("<I", 500), struct.pack("<I", real)
        assert refusal(bytes(data).replace(truth, lie)).code == "damaged"

    @pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
    def test_entities_are_never_expanded(self, refusal, encoding, tmp_path):
        secret = tmp_path / "secret"
        secret.write_text("秘密")
        text = part("document", f"<w:body>{p(r('甲&x;'))}</w:body>").decode().split("?>", 1)[1]
        doctype = f'<!DOCTYPE w:document [<!ENTITY x SYSTEM "{secret.as_uri()}">]>'
        content = f'<?xml version="1.0" encoding="{encoding}"?>{doctype}{text}'.encode(encoding)
        error = refusal(zipped(members("") | {"word/document.xml": content}))
        assert error.code == "dtd"
        assert "秘密" not in error.message

    def test_entities_that_multiply(self, refusal):
        entities = '<!ENTITY a "甲甲甲甲甲甲甲甲甲甲">' + "".join(
            f'<!ENTITY {one} "{f"&{other};" * 10}">'
            for other, one in zip("abcdefgh", "bcdefghi", strict=True)
        )
        text = part("document", f"<w:body>{p(r('&i;'))}</w:body>").decode().split("?>", 1)[1]
        content = f"<!DOCTYPE w:document [{entities}]>{text}".encode()
        assert refusal(zipped(members("") | {"word/document.xml": content})).code in {"dtd", "damaged"}

    def test_a_doctype_in_any_part_that_is_read(self, refusal):
        styles = b"<!DOCTYPE x []>" + part("styles", "").split(b"?>", 1)[1]
        files = members(p(r("甲")), styles="") | {"word/styles.xml": styles}
        assert refusal(zipped(files)).code == "dtd"

    @pytest.mark.parametrize("depth", [60, 100, 2000])
    def test_nesting_without_end(self, read, depth):
        body = p(r("甲"))
        for _ in range(depth):
            body = tbl(tr(tc(body + p())))
        try:
            assert "甲" in read(word(body)).text
        except ReadingError as error:
            assert error.code == "too_deep"  # noqa: PT017

    def test_nesting_of_insertions(self, refusal):
        inner = "<w:ins>" * 3000 + r("甲") + "</w:ins>" * 3000
        assert refusal(word(p(inner))).code == "too_deep"


MAGIC = st.sampled_from(
    [
        b"",
        b"PK\x03\x04",
        b"PK\x05\x06",
        b"%PDF-1.7\n",
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
        b"\xff\xfe",
        b"<?xml",
    ]
)


@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(MAGIC, st.binary(max_size=400))
def test_no_bytes_end_in_another_error(tmp_path, magic, data):
    path = tmp_path / "upload"
    path.write_bytes(magic + data)
    try:
        read_file(path, name="报告.docx")
    except ReadingError as error:
        assert error.code  # noqa: PT017
        assert error.message.endswith("。")  # noqa: PT017


@settings(deadline=None, max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
def test_no_damage_to_a_good_file_ends_in_another_error(tmp_path, data):
    page = Page().grid((80, 200, 320), (120, 148)).text(86, 140, "风险点").text(206, 140, "88")
    good = data.draw(st.sampled_from([word(p(r("甲")) + tbl(tr(tc(p(r("乙")))))), pdf(page)]))
    at = data.draw(st.integers(0, len(good) - 1))
    bytes_ = data.draw(st.binary(min_size=1, max_size=20))
    keep = data.draw(st.sampled_from([len(bytes_), 0, len(good)]))
    path = Path(tmp_path) / "upload"
    path.write_bytes(good[:at] + bytes_ + good[at + keep :])
    try:
        read_file(path)
    except ReadingError as error:
        assert error.message.endswith("。")  # noqa: PT017


WORDS = st.text(st.sampled_from("县局风险岗位点整改措施个处0123456789，、。（）X"), min_size=1, max_size=30)
PARTS = st.lists(
    st.one_of(
        WORDS,
        st.integers(1, 3).flatmap(
            lambda width: st.lists(st.lists(WORDS, min_size=width, max_size=width), min_size=1, max_size=3)
        ),
    ),
    min_size=1,
    max_size=8,
)


@settings(deadline=None, max_examples=60)
@given(PARTS)
def test_a_document_of_any_paragraphs_and_tables_reads_back_as_they_are(parts):
    document = docx.Document()
    expected = []
    for item in parts:
        if isinstance(item, str):
            document.add_paragraph(item)
            expected.append(item)
            continue
        table = document.add_table(len(item), len(item[0]))
        for row, words in enumerate(item):
            for column, text in enumerate(words):
                table.cell(row, column).text = text
            expected.append("\t".join(words))
    stream = io.BytesIO()
    document.save(stream)
    read = read_word(stream.getvalue())
    assert read.text == "\n".join(expected)
    assert [read.quote(block) for block in read.blocks] == expected


def test_random_noise_is_never_a_report(refusal):
    noise = random.Random(5)
    for _ in range(20):
        assert refusal(noise.randbytes(2000), "a.txt").code in {"binary", "encoding"}


def test_a_name_pipe_of_odd_letters_is_only_a_hint(read):
    assert read("甲".encode(), "../..\\" + os.sep + "x.docx").text == "甲"
