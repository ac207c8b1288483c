"""What reading a report costs: as .docx against python-docx alone opening it, and extraction by length."""

from __future__ import annotations

import statistics as middle
import time
from collections.abc import Callable
from pathlib import Path

import docx
import pytest

from reports import extraction
from reports.reading import registry
from reports.reading.document import from_text

SEED = Path(__file__).resolve().parents[3] / "shared" / "seeds" / "county_report.txt"
REPEATS = 9


def milliseconds(act: Callable[[], object]) -> float:
    """The median of several runs, after one that warms up."""
    act()
    taken = []
    for _ in range(REPEATS):
        start = time.perf_counter()
        act()
        taken.append((time.perf_counter() - start) * 1000)
    return middle.median(taken)


@pytest.fixture
def seed() -> str:
    if not SEED.exists():
        pytest.skip("the county's real report is not beside this checkout")
    return SEED.read_text(encoding="utf-8")


def test_reading_the_seed_as_word(seed, tmp_path, capsys):
    path = tmp_path / "seed.docx"
    document = docx.Document()
    for line in seed.splitlines():
        document.add_paragraph(line)
    document.save(str(path))
    alone = milliseconds(lambda: docx.Document(str(path)))
    read = milliseconds(lambda: registry.read_file(path))
    whole = milliseconds(lambda: extraction.read(registry.read_file(path)))
    with capsys.disabled():
        print(
            f"\nseed.docx: python-docx opens it in {alone:.1f} ms; read into a document in {read:.1f} ms "
            f"({read / alone:.2f}x); read and extracted in {whole:.1f} ms ({whole / alone:.2f}x)"
        )
    assert read > 0


def test_extraction_by_length(seed, capsys):
    once = from_text(seed)
    tenfold = from_text(seed * 10)
    short = milliseconds(lambda: extraction.read(once))
    long = milliseconds(lambda: extraction.read(tenfold))
    with capsys.disabled():
        print(f"\nextraction: seed {short:.1f} ms; ten times as long {long:.1f} ms ({long / short:.1f}x)")
    assert short > 0
