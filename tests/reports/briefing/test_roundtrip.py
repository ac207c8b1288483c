"""A 情况报告 made from any register, read back by our own reader, gives its figures and measures."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from reports.briefing.content import compose
from reports.briefing.docx import word
from reports.briefing.options import Options
from reports.briefing.pdf import pdf
from reports.extraction import read
from reports.extraction.facts import Reading
from reports.reading.registry import read_file
from reports.statistics import Items, Measures
from riskregistry.enums import MeasureState, RiskKind
from tests.reports.briefing.bases import MADE, bases


def read_back(basis, folder, form="docx") -> Reading:
    document = compose("situation", basis, Options(), office="县纪委监委", county="平川县")
    render = word if form == "docx" else pdf
    path = folder / f"b.{form}"
    path.write_bytes(render(document, author="甲", made_at=MADE))
    return read(read_file(str(path)))


def figures_of(reading: Reading) -> dict[tuple[str, str, str], int]:
    return {
        (figure.scope, (figure.name or "").removesuffix("领域"), figure.kind): figure.value
        for figure in reading.figures
    }


def check_figures(basis, reading: Reading) -> None:
    counted, found = basis.counted, figures_of(reading)
    for kind in RiskKind:
        assert found.get(("total", "", kind.value)) == counted.registered(kind)
        for domain in counted.domains:
            assert found.get(("domain", domain.name, kind.value)) == counted.registered(kind, domain)
        for unit in counted.units:
            assert found.get(("unit", unit.name, kind.value)) == unit.found(kind)
    if counted.measures.total:
        assert found[("total", "", "measure")] == counted.measures.total
    assert not reading.discrepancies


@settings(max_examples=60, deadline=None)
@given(bases())
def test_figures_units_and_measures_come_back(tmp_path_factory, basis):
    reading = read_back(basis, tmp_path_factory.mktemp("b"))
    check_figures(basis, reading)
    assert {unit.name for unit in basis.counted.units} <= {unit.name for unit in reading.units}
    stated = {(m.heading, m.unit, tuple(m.co_units), m.and_others) for m in reading.measures}
    registered = {(m.heading, m.unit_name, m.co_units, m.and_others) for m in basis.lines}
    assert stated == registered


@settings(max_examples=20, deadline=None)
@given(bases(most_units=3), st.integers(0, 5), st.integers(0, 5))
def test_a_comparison_is_not_taken_for_a_figure(tmp_path_factory, basis, fewer_items, fewer_measures):
    cells = tuple(replace(cell, count=max(cell.count - fewer_items, 1)) for cell in basis.counted.items.cells)
    measures = Measures(basis.counted.measures.cells[fewer_measures:])
    before = replace(basis.counted, as_of=MADE.date().replace(month=2), items=Items(cells), measures=measures)
    check_figures(basis, read_back(replace(basis, before=before), tmp_path_factory.mktemp("b")))


@settings(max_examples=8, deadline=None)
@given(bases(most_units=3))
def test_the_pdf_says_the_same(tmp_path_factory, basis):
    reading = read_back(basis, tmp_path_factory.mktemp("b"), "pdf")
    found = figures_of(reading)
    for kind in RiskKind:
        assert found.get(("total", "", kind.value)) == basis.counted.registered(kind)
        for domain in basis.counted.domains:
            assert found.get(("domain", domain.name, kind.value)) == basis.counted.registered(kind, domain)


def test_every_state_is_a_word_the_reader_knows():
    from reports.extraction.labels import STATUS

    for state in MeasureState:
        assert STATUS.fullmatch(state.label), state.label
