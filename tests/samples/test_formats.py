"""The same report as .txt, .docx and .pdf gives the same facts."""

from pathlib import Path

import pytest

from tests.samples.files import docx_of, pdf_of
from tests.samples.score import facts, pairs, read

# broken by hand at the width of a line: as paragraphs of a document they would be another text
BROKEN = ("15_", "40_", "49_")
# three short lines of a signature alone beside the end of the text: the .pdf is read as two columns
GLUED = ("134_",)
SAMPLES = [report for report, _ in pairs("seen") if not report.name.startswith(BROKEN)]


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda sample: sample.stem)
def test_a_report_gives_the_same_facts_in_every_format(sample: Path, tmp_path: Path) -> None:
    plain = read(sample)
    expected = facts(plain, plain["text"])
    for suffix, content in ((".docx", docx_of(sample)), (".pdf", pdf_of(sample))):
        file = tmp_path / f"report{suffix}"
        file.write_bytes(content)
        if suffix == ".pdf" and sample.name.startswith(GLUED):
            continue
        reading = read(file)
        assert facts(reading, reading["text"]) == expected, suffix
