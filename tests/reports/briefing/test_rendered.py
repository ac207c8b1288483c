"""What LibreOffice makes of the files: it opens them, and the page is the standard's. Skipped without it."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections import Counter

import pypdfium2
import pytest

from reports.briefing.content import KINDS, compose
from reports.briefing.docx import word
from reports.briefing.options import Options
from reports.briefing.pptx import slides
from reports.briefing.xlsx import workbook
from tests.reports.briefing.bases import MADE
from tests.reports.briefing.test_formats import basis, number_side  # noqa: F401

OFFICE = shutil.which("soffice")
pytestmark = pytest.mark.skipif(OFFICE is None, reason="no LibreOffice here: looked for soffice")
RENDERERS = {"docx": word, "xlsx": workbook, "pptx": slides}


def rendered(files, folder) -> dict[str, pypdfium2.PdfDocument]:
    """Each file through LibreOffice, one start for all of a kind."""
    for name, content in files.items():
        (folder / name).write_bytes(content)
    command = [
        str(OFFICE), "--headless", f"-env:UserInstallation=file://{folder}/profile", "--convert-to", "pdf",
        "--outdir", str(folder / "out"), *[str(folder / name) for name in files],
    ]  # fmt: skip
    subprocess.run(command, check=True, capture_output=True, timeout=240)
    return {name: pypdfium2.PdfDocument(folder / "out" / f"{name.rpartition('.')[0]}.pdf") for name in files}


def has_impress() -> bool:
    folder = os.path.dirname(os.path.realpath(str(OFFICE)))
    return os.path.exists(os.path.join(folder, "libsdlo.so"))


def test_every_kind_opens(basis, tmp_path):  # noqa: F811
    files = {}
    for kind, described in KINDS.items():
        document = compose(kind, basis, Options(), office="县纪委监委", county="平川县")
        for form in described.formats:
            if form in RENDERERS and (form != "pptx" or has_impress()):
                files[f"{kind}-{form}.{form}"] = RENDERERS[form](document, author="甲", made_at=MADE)
    pages = rendered(files, tmp_path)
    assert {name for name, document in pages.items() if len(document)} == set(files)


def test_22_lines_of_28_characters(basis, tmp_path):  # noqa: F811
    options = Options(edits={"overall": "廉" * 2000})
    document = compose("situation", basis, options, office="县纪委监委", county="平川县")
    pages = rendered({"a.docx": word(document, author="甲", made_at=MADE)}, tmp_path)["a.docx"]
    text = pages[1].get_textpage()
    lines: Counter[int] = Counter()
    for number in range(text.count_chars()):
        if text.get_text_range(number, 1) == "廉":
            lines[round(text.get_charbox(number, loose=True)[1])] += 1
    assert len(lines) == 22
    assert set(lines.values()) == {28}
    left = min(text.get_charbox(n, loose=True)[0] for n in range(text.count_chars()))
    assert abs(left - 28 / 25.4 * 72) < 16  # the page number of an even page stands one character in
    assert [number_side(pages[place]) for place in range(2)] == ["right", "left"]
