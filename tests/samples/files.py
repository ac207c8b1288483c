"""A plain sample report as .docx and as .pdf, laid out the way an office would, to compare what is read."""

import io
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import docx
import pylopdf_fonts_zh_cn
import typst

from tests.samples.answers import read_plain, squeeze

FONTS = Path(pylopdf_fonts_zh_cn.__file__).parent
PAGE = """
#set page(paper: "a4", margin: (top: 37mm, bottom: 35mm, left: 28mm, right: 26mm), numbering: "— 1 —")
#set text(size: 16pt, lang: "zh")
#set par(leading: 12pt, spacing: 12pt)
"""
_CN = "〇○零一二三四五六七八九十"
_DATE = re.compile(rf"（?[\d{_CN}]{{4}}年[\d{_CN}]+月[\d{_CN}]+日）?")
_FOOT = re.compile(r"^(?:抄送|抄报|分送)|印发$")
Block = tuple[str, Any]  # ("title" | "right" | "small" | "text", line) or ("table", rows)


def blocks(sample: Path) -> Iterator[Block]:
    """The lines of a sample in order: of its title, signed, at its foot, other ones, and whole tables."""
    answer = json.loads(sample.with_suffix(".json").read_text("utf-8"))
    title, issuer = squeeze(answer["title"]), squeeze(answer["issuer"] or "")
    rows: list[list[str]] = []
    begun = False
    for line in [*read_plain(sample).split("\n"), ""]:
        if "\t" in line or line.count(" | ") > 1:
            rows.append(re.split(r"\t| \| ", line))
            continue
        if rows:
            yield "table", rows
            rows = []
        flat = squeeze(line)
        if not flat:
            continue
        of_title = flat in title and len(flat) > 3 and not begun
        signed = any(name in flat for name in issuer.split("、") if name) and not re.search("[。：；]", flat)
        dated = _DATE.fullmatch(flat)
        begun = begun or flat.endswith(("：", "。"))
        if (signed or dated) and not of_title and not _FOOT.search(flat):
            yield from (("right", piece) for piece in re.split(r"[\u3000 ]{2,}", line.strip("\u3000 ")))
        else:
            yield ("title" if of_title else "small" if _FOOT.search(flat) else "text"), line.strip("\u3000 ")


def docx_of(sample: Path) -> bytes:
    """A paragraph a line, a table where cells are parted by tabs or bars."""
    document = docx.Document()
    for kind, content in blocks(sample):
        if kind != "table":
            document.add_paragraph(content)
            continue
        table = document.add_table(len(content), max(map(len, content)))
        for r, row in enumerate(content):
            for c, cell in enumerate(row):
                table.cell(r, c).text = cell
    stream = io.BytesIO()
    document.save(stream)
    return stream.getvalue()


def pdf_of(sample: Path) -> bytes:
    """On A4 as official documents are set: titles centred, paragraphs indented, signatures at the right."""
    parts = [PAGE]
    for kind, content in blocks(sample):
        if kind == "table":
            width = max(map(len, content))
            cells = [f"[{_text(c)}]" for row in content for c in [*row, *[""] * (width - len(row))]]
            parts.append(f"#table(columns: {width}, {', '.join(cells)})")
        elif kind == "title":
            parts.append(f"#align(center)[#text(size: 22pt)[{_text(content)}]]")
        elif kind == "small":
            parts.append(f"#text(size: 12pt)[{_text(content)}]")
        elif kind == "right":
            parts.append(f"#align(right)[{_text(content)}]")
        else:
            parts.append(f"#h(32pt){_text(content)}")
    source: Any = "\n\n".join(parts).encode()
    content = typst.compile(source, font_paths=[FONTS], ignore_system_fonts=True)
    assert isinstance(content, bytes)
    return content


def _text(written: str) -> str:
    return '#text("' + written.replace("\\", "\\\\").replace('"', '\\"') + '")'
