"""One report reads the same as .docx, as .pdf and as .txt, whichever program made the file."""

from __future__ import annotations

import io
import os
import random
import re
import shutil
import subprocess
from pathlib import Path

import docx
import pytest
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Pt

from reports.reading.document import Document
from reports.reading.registry import read_file

SEED = Path(__file__).parents[4] / "shared" / "seeds" / "county_report.txt"
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
needs_office = pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice is not installed")
needs_chromium = pytest.mark.skipif(CHROMIUM is None, reason="Chromium is not installed")
needs_seed = pytest.mark.skipif(not SEED.exists(), reason="shared/seeds/county_report.txt is not there")

TABLE = [
    ["领域", "风险岗位（个）", "风险点（处）", "关键环节（个）"],
    ["项目投资", "26", "44", "29"],
    ["行政审批", "38", "44", "—"],
    ["合计", "108", "129", "84"],
]
ORDINARY = "风险岗位排查整改措施落实监督检查制度建设干部职工警示教育优化服务提升水平加强防范县局各单位"


def sentences(length: int, choose: random.Random) -> str:
    letters = [choose.choice(ORDINARY) for _ in range(length)]
    for at in range(11, length - 4, 13):
        letters[at] = choose.choice("，、；。")
    return "".join(letters) + "。"


def report() -> list[str | list[list[str]]]:
    """Title, headings, paragraphs that fill several pages, a table, and a signature."""
    choose = random.Random(7)
    parts: list[str | list[list[str]]] = ["安澜县关于风险排查整改工作情况的报告"]
    for number in "一二三":
        parts.append(f"{number}、{sentences(9, choose)[:-1]}")
        parts += [f"（{inner}）{sentences(choose.randint(40, 260), choose)}" for inner in "一二三"]
    return [*parts, TABLE, sentences(150, choose), "安澜县纪委监委", "2023年8月20日"]


def expected() -> list[str]:
    lines: list[str] = []
    for part in report():
        lines += [part] if isinstance(part, str) else ["\t".join(row) for row in part]
    return lines


def word_report() -> bytes:
    document = docx.Document()
    normal = document.styles["Normal"]
    normal.font.size, normal.font.name = Pt(16), "Noto Serif CJK SC"
    normal.element.rPr.rFonts.set(qn("w:eastAsia"), "Noto Serif CJK SC")
    section = document.sections[0]
    section.page_width, section.page_height = Cm(21), Cm(29.7)
    section.left_margin, section.right_margin = Cm(2.8), Cm(2.6)
    section.top_margin, section.bottom_margin = Cm(3.7), Cm(3.5)
    section.header.paragraphs[0].text = "内部资料"
    _page_number(section.footer.paragraphs[0])
    for number, part in enumerate(report()):
        if isinstance(part, str):
            _set(document.add_paragraph(part), first=number == 0)
            continue
        table = document.add_table(len(part), len(part[0]))
        table.style = "Table Grid"
        for row, texts in enumerate(part):
            for column, text in enumerate(texts):
                table.cell(row, column).text = text
    stream = io.BytesIO()
    document.save(stream)
    return stream.getvalue()


def _set(paragraph, *, first: bool) -> None:
    paragraph.paragraph_format.line_spacing = Pt(28.95)
    paragraph.paragraph_format.space_after = Pt(0)
    text = paragraph.text
    if first:
        paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
        paragraph.runs[0].font.size = Pt(22)
    elif len(text) < 12 and text[1] != "、":
        paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT
    else:
        paragraph.paragraph_format.first_line_indent = Pt(32)


def _page_number(paragraph) -> None:
    paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    paragraph.add_run("— ")
    field = OxmlElement("w:fldSimple")
    field.set(qn("w:instr"), "PAGE")
    paragraph._p.append(field)
    paragraph.add_run(" —")


def to_pdf(source: Path) -> Path:
    """Convert by LibreOffice, in a profile of its own."""
    profile = source.parent / "profile"
    command = ["soffice", f"-env:UserInstallation={profile.as_uri()}", "--headless"]
    command += ["--convert-to", "pdf", "--outdir", str(source.parent), str(source)]
    subprocess.run(command, check=True, capture_output=True, env={**os.environ, "HOME": str(source.parent)})
    return source.with_suffix(".pdf")


def lines(document: Document) -> list[str]:
    return [document.quote(block) for block in document.blocks]


def without_spaces(text: str) -> str:
    return re.sub(r"\s", "", text)


def test_word(tmp_path):
    path = tmp_path / "report.docx"
    path.write_bytes(word_report())
    assert lines(read_file(path)) == expected()


@needs_office
def test_a_pdf_made_by_an_office_program(tmp_path):
    path = tmp_path / "report.docx"
    path.write_bytes(word_report())
    document = read_file(to_pdf(path))
    assert max(block.page or 0 for block in document.blocks) > 2
    assert lines(document) == expected()
    assert [document.quote(block) for block in document.blocks if block.centred] == [expected()[0]]


@needs_chromium
def test_a_pdf_printed_by_a_browser(tmp_path):
    style = (
        "@page{size:A4;margin:37mm 26mm 35mm 28mm} p{margin:0;text-indent:2em;text-align:justify}"
        "body{margin:0;font:16pt/28.95pt 'Noto Serif CJK SC',serif} h1{font-size:22pt;text-align:center}"
        "td{border:1px solid;padding:0 5pt} table{border-collapse:collapse}"
        ".r{text-indent:0;text-align:right}"
    )
    html = f"<meta charset='utf-8'><style>{style}</style>"
    for number, part in enumerate(report()):
        if isinstance(part, list):
            rows = "".join(f"<tr>{''.join(f'<td>{cell}</td>' for cell in row)}</tr>" for row in part)
            html += f"<table>{rows}</table>"
        elif number == 0:
            html += f"<h1>{part}</h1>"
        else:
            html += f"<p{' class=r' if len(part) < 12 and part[1] != '、' else ''}>{part}</p>"
    page = tmp_path / "report.html"
    page.write_text(html, encoding="utf-8")
    target = tmp_path / "report.pdf"
    command = [CHROMIUM, "--headless", "--no-sandbox", "--disable-gpu", "--no-pdf-header-footer"]
    command += [f"--user-data-dir={tmp_path / 'profile'}", f"--print-to-pdf={target}", page.as_uri()]
    subprocess.run([str(word) for word in command], check=True, capture_output=True)
    assert lines(read_file(target)) == expected()


@needs_seed
def test_the_seed_report_as_word(tmp_path):
    document = docx.Document()
    for line in SEED.read_text(encoding="utf-8").split("\n"):
        document.add_paragraph(line)
    document.save(str(tmp_path / "seed.docx"))
    assert lines(read_file(tmp_path / "seed.docx")) == [
        line.strip() for line in lines(read_file(SEED)) if line.strip()
    ]


@needs_seed
@needs_office
def test_the_seed_report_as_pdf(tmp_path):
    document = docx.Document()
    for line in SEED.read_text(encoding="utf-8").split("\n"):
        paragraph = document.add_paragraph(line)
        paragraph.paragraph_format.first_line_indent = Pt(22)
    document.save(str(tmp_path / "seed.docx"))
    read = read_file(to_pdf(tmp_path / "seed.docx"))
    assert without_spaces(read.text) == without_spaces(SEED.read_text(encoding="utf-8"))
    assert [without_spaces(line) for line in lines(read)] == [
        without_spaces(line) for line in lines(read_file(SEED))
    ]
