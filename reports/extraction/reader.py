"""One document in, one `Reading` out: the order in which the parts of the reader work."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import replace

from reports.extraction.boilerplate import find_ignored, masked
from reports.extraction.clause import Found
from reports.extraction.counts import read_cases, read_units_involved
from reports.extraction.dates import read_dates
from reports.extraction.facts import Figure, Known, Rate, Reading
from reports.extraction.figures import FigureReader
from reports.extraction.front import Front, names_in, read_front
from reports.extraction.labels import KIND, Domains, Label, find_domains
from reports.extraction.measures import MeasureReader, read_next_steps
from reports.extraction.outline import Outline, Sentence, outline_of
from reports.extraction.passages import Passage, Row, normalise, passages_of
from reports.extraction.rates import read_rates
from reports.extraction.roles import units_with_roles
from reports.extraction.sections import Sections
from reports.extraction.tables import TableReader
from reports.extraction.units import Body, Gazetteer, find_units
from reports.extraction.unstated import unit_counts, unstated_parts
from reports.extraction.wording import KIND_NAMES
from reports.reading.document import Document, Span
from reports.reconciliation import NEAR, discrepancies

_OFFICE = re.compile(r"办公室|领导小组|专班|指挥部|纪委|监委|监察委|纪律检查|人民政府$|委员会$|县委")
_WE = re.compile(
    r"我(?:局|镇|乡|街道|中心|公司|集团|院|委|单位|园区|办|行|社|校|部|队|大队|所|站|馆|组|会|厂|场)"
    r"|本(?:局|镇|乡|街道|公司|集团|院|中心|社(?!区|会)|校|行(?!业|政)|单位)"
)
_ALL_OF_IT = re.compile(r"全(?:局|镇|乡|院|行|集团|公司|系统|街道|园区)")
# who does not answer for a county: a report of such a body is about itself
_ON_ITSELF = re.compile(
    r"(?:公司|集团|银行|农商行|支行|联社|信用社|医院|保健院|卫生院|学校|中学|小学|[一二三四]中|幼儿园|法院|检察院)$"
)
# 我局会同县纪委监委…印发24个单位: it reports on others
_WITH_OTHERS = re.compile(
    r"我(?:局|委|办|室)(?:会同|联合|牵头|[^。]{0,30}(?:转发|印发|下发|发至))[^。]{0,80}?(?<!下属)(?<!所属)(?:\d+|[一二三四五六七八九十]+)[个家](?:县直|县级|成员)?(?:单位|部门|乡镇)"
)
_COUNTYWIDE = re.compile(r"全县(?:各|共|\d+个单位)|各乡镇|全县(?:上下|各级)")


def read(document: Document, known: Known | None = None) -> Reading:
    """Everything a careful clerk would take out of a report. Never raises for odd text."""
    known = known or Known()
    ignored = find_ignored(document)
    text = masked(document.text, ignored)
    normal = normalise(_blanked(document.text, [Span(i.start, i.end) for i in ignored if i.masked]))
    items = passages_of(document, normal, [Span(i.start, i.end) for i in ignored])
    front = read_front(items, text)
    outline = outline_of(items, front.outside)
    units = find_units(items, known)
    passages = _passages(items)
    title = "".join(str(front.title.value).split()) if front.title else ""
    sections = Sections(outline.headings, outline.sentences, title)
    own = _own_body(front, units, title, text)
    domains = find_domains(passages, known)
    involved = None if own is not None else read_units_involved(_body(outline, sections), text)
    count = int(involved.value) if involved else None
    figures, rates, restated, blank = _figures(items, outline, sections, domains, units, text, own, count)
    measures = MeasureReader(text, units, sections, own, figures, _signer(front, units))
    found_measures = measures.read(outline.sentences)
    acting = [name for m in found_measures for name in (m.unit, *m.co_units)]
    counted = [f.name for f in figures if f.scope == "unit" and f.name]
    mentions = units_with_roles(
        units.bodies, units, outline.sentences, sections, front, measures, acting, counted
    )
    return Reading(
        title=front.title,
        issuer=front.issuer,
        text=text,
        dates=read_dates(passages, text),
        cases=None if sections.notice else read_cases(_body(outline, sections), text),
        units_involved=None if sections.notice else involved,
        figures=tuple(figures),
        rates=tuple(rates),
        discrepancies=discrepancies(
            figures,
            rates,
            restated,
            unstated_parts(passages, domains, units, figures, blank),
            unit_counts(passages, count),
        ),
        units=tuple(mentions),
        measures=tuple(found_measures),
        next_steps=tuple(read_next_steps(outline, sections, text)),
        ignored=ignored,
    )


def _blanked(text: str, spans: Sequence[Span]) -> str:
    for span in spans:
        text = text[: span.start] + " " * (span.end - span.start) + text[span.end :]
    return text


def _passages(items: Sequence[Passage | Row]) -> list[Passage]:
    out: list[Passage] = []
    for item in items:
        out.extend(item.cells if isinstance(item, Row) else [item])
    return out


def _body(outline: Outline, sections: Sections) -> list[Sentence]:
    return [s for s in outline.sentences if not sections.is_plan(s) and not sections.is_problem(s)]


def _own_body(front: Front, units: Gazetteer, title: str, text: str) -> Body | None:
    """The body a report is about, where one body reports on itself."""
    names = [n for p in front.issuers for n in names_in(p, text)]
    mentions = [m for p in front.issuers for m in units.mentions_in(p)]
    bodies = {id(units.body_of(m)): units.body_of(m) for m in mentions}
    if len(names) != 1 or len(bodies) != 1:
        return None
    body = next(iter(bodies.values()))
    bare = re.sub("(?:管理委员会|管委会)$", "", body.name)
    town = bool(re.search(r"(?:镇|乡|街道)(?:人民政府|办事处)?$", body.name))
    flat = "".join(text.split())
    department = body.name.endswith("部") and re.search("部机关|我部", flat)
    if _OFFICE.search(body.name) and not town and not department and bare == body.name:
        return None
    in_title = any(form in title for form in (*body.forms, bare)) or (
        town and re.sub(r"人民政府|办事处", "", body.name) in title
    )
    others = _WITH_OTHERS.search(flat)
    speaks = _WE.search(flat) or (_ALL_OF_IT.search(flat) and not _COUNTYWIDE.search(flat))
    if in_title or _ON_ITSELF.search(body.name) or (speaks and not others):
        return body
    return None


def _signer(front: Front, units: Gazetteer) -> Body | None:
    """The one body that signs."""
    bodies = {id(b): b for p in front.issuers for b in map(units.body_of, units.mentions_in(p))}
    return next(iter(bodies.values())) if len(bodies) == 1 else None


def _figures(
    items: Sequence[Passage | Row],
    outline: Outline,
    sections: Sections,
    domains: Domains,
    units: Gazetteer,
    text: str,
    own: Body | None,
    involved: int | None,
) -> tuple[list[Figure], list[Rate], list[Figure], list[Label]]:
    """Figures, rates, later totals that differ from the first, and parts of tables without a number."""
    if sections.notice:
        return [], [], [], []
    mine = frozenset({own.name}) if own else frozenset()
    prose = FigureReader(text, domains, units, mine, sections.is_problem, involved).read(
        [s for s in outline.sentences if not sections.is_plan(s)]
    )
    found = list(prose)
    rates: list[Rate] = []
    tables = TableReader(text, domains, units, mine)
    told = {f.figure.kind: f.figure.value for f in prose if f.figure.scope == "total"}
    for rows, caption in _tables(items):
        in_table, shares = tables.read(rows, caption, told)
        found.extend(in_table)
        rates.extend(shares)
    found = [_by_its_listed_name(f, domains.listed) for f in found]
    found.sort(key=lambda f: f.figure.start)
    found = _with_wholes(found, domains.told)
    figures, restated = settle(found)
    figures = by_their_total(figures, text)
    every = sorted((f.figure for f in found if f.figure.rule != "figure.table"), key=lambda f: f.start)
    rates = [*read_rates([s for s in outline.sentences if not sections.is_plan(s)], text, every), *rates]
    return figures, sorted(rates, key=lambda r: r.start), restated, tables.blank


def _by_its_listed_name(found: Found, listed: Sequence[str]) -> Found:
    """工程建设 stands in the report's list of domains: 工程建设项目 counted later is the same part."""
    figure = found.figure
    name = figure.name or ""
    inside = [d for d in listed if d in name and len(name) - len(d) <= 2]
    if figure.scope != "domain" or figure.rule == "figure.table" or name in listed or len(inside) != 1:
        return found  # the first cell of a row is a name written with care
    return replace(found, figure=replace(figure, name=inside[0]))


def _with_wholes(found: list[Found], told: frozenset[str]) -> list[Found]:
    """A part that only a row of counts told, as large as all the others of its kind, was the total."""
    out = list(found)
    for kind in {f.figure.kind for f in found}:
        same = [k for k, f in enumerate(found) if f.figure.kind == kind]
        first = found[same[0]].figure
        if (
            first.scope != "domain"
            or first.name in told
            or any(found[k].figure.scope == "total" for k in same)
        ):
            continue
        others = {
            (f.scope, f.name): f.value
            for f in (found[k].figure for k in same)
            if f.scope in ("domain", "unit") and f.name != first.name
        }
        parts = sum(others.values())
        if len(others) > 1 and 0.9 * parts <= first.value <= NEAR * parts:
            out[same[0]] = replace(
                found[same[0]], figure=replace(first, scope="total", name=None), strong=True
            )
    return out


def settle(found: Sequence[Found]) -> tuple[list[Figure], list[Figure]]:
    """Each figure once, at its first place; and later totals that clearly say another number."""
    first: dict[tuple[str, str | None, str], Found] = {}
    restated: list[Figure] = []
    for one in found:
        figure = one.figure
        key = (figure.scope, figure.name, figure.kind)
        known = first.setdefault(key, one)
        if known is one or figure.scope != "total" or not one.strong:
            continue
        same = figure.value == known.figure.value
        loose = figure.approximate or known.figure.approximate
        listed = one.passage is known.passage and "。" not in _between(known, one)  # 问题3个、风险隐患5处
        if (
            not same
            and not loose
            and not listed
            and all(r.value != figure.value or r.kind != figure.kind for r in restated)
        ):
            restated.append(figure)
    return [f.figure for f in first.values()], restated


def by_their_total(figures: list[Figure], text: str) -> list[Figure]:
    """States and levels whose sentence names no kind belong to the kind whose total they add up to.

    Where they add up to the total of the kind they were taken for, or to no other alone, they stay.
    """
    totals = {f.kind: f.value for f in figures if f.scope == "total" and not f.approximate}
    taken = {(f.scope, f.kind) for f in figures}
    out = figures
    for scope, kind in sorted(taken):
        parts = [f for f in figures if (f.scope, f.kind) == (scope, kind)]
        whole = sum(f.value for f in parts)
        if scope == "total" or len(parts) < 2 or whole == totals.get(kind):
            continue
        if any(f.approximate or KIND.search(_sentence_before(text, f)) for f in parts):
            continue
        meant = [k for k, v in totals.items() if v == whole and (scope, k) not in taken]
        if len(meant) == 1:
            said = f"按合计相符，归为{KIND_NAMES[meant[0]]}"
            out = [
                replace(f, kind=meant[0], rule="figure.by-total", understood=said) if f in parts else f
                for f in out
            ]
    return out


def _sentence_before(text: str, figure: Figure) -> str:
    """What the sentence says up to and with a figure."""
    begin = max(text.rfind(mark, 0, figure.start) for mark in "。！？\n")
    return text[begin + 1 : figure.end]


def _between(first: Found, later: Found) -> str:
    """The passage's text from one figure to another in it."""
    at = first.passage.at
    low, high = bisect_left(at, first.figure.end), bisect_left(at, later.figure.start)
    return first.passage.text[low:high]


def _tables(items: Sequence[Passage | Row]) -> list[tuple[list[Row], str]]:
    """Each table's rows, with the paragraph just before it."""
    out: list[tuple[list[Row], str]] = []
    caption = ""
    for item in items:
        if isinstance(item, Passage):
            caption = item.text[-60:]
        elif out and out[-1][0][0].table == item.table:
            out[-1][0].append(item)
        else:
            out.append(([item], caption))
    return out
