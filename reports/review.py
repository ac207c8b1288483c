"""The review page's view of a report: its text cut into highlighted segments, its facts in users' words."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise

from reports.enums import CountedKind, Decision, Scope, StatementType
from reports.models import Figure, Report, Statement
from riskregistry.enums import Theme

# Below this a reading is unsure: it is shown first, and marked.
UNSURE = 0.8

GROUPS = {
    StatementType.TITLE: "基本情况",
    StatementType.ISSUER: "基本情况",
    StatementType.CASES: "基本情况",
    StatementType.UNITS_INVOLVED: "基本情况",
    StatementType.DATE: "日期",
    StatementType.RATE: "比率",
    StatementType.UNIT: "单位",
    StatementType.MEASURE: "整改措施",
    StatementType.NEXT_STEP: "下一步安排",
}
FIGURES = "数字"
GROUP_ORDER = (FIGURES, "整改措施", "单位", "下一步安排", "基本情况", "日期", "比率")
ROLE_LABELS = {"issuer": "发文", "addressee": "主送", "participant": "参加", "mentioned": "提及"}


@dataclass(frozen=True)
class FactView:
    """One fact as the page shows it. `key` is its anchor: f12 a figure, s34 a statement."""

    key: str
    group: str
    label: str
    summary: str
    details: tuple[str, ...]
    fact: Figure | Statement

    @property
    def is_figure(self) -> bool:
        return isinstance(self.fact, Figure)

    @property
    def unsure(self) -> bool:
        return self.fact.confidence < UNSURE


@dataclass(frozen=True)
class Segment:
    """A run of text under the same facts. `key` is the innermost of them; `starts` those that begin here."""

    text: str
    keys: tuple[str, ...] = ()
    key: str = ""
    kind: str = ""
    starts: tuple[str, ...] = ()
    reason: str = ""


@dataclass(frozen=True)
class Line:
    """One line of the text; `is_row` when it is a table's row, its cells parted by tabs."""

    segments: tuple[Segment, ...]
    is_row: bool


@dataclass(frozen=True)
class _Mark:
    start: int
    end: int
    key: str
    kind: str
    reason: str = ""


def figure_view(figure: Figure) -> FactView:
    named = "全县合计" if figure.report.unit_id is None else "合计"
    where = named if figure.scope == Scope.TOTAL else f"{figure.get_scope_display()}·{figure.name}"
    approximate = "（约数）" if figure.approximate else ""
    corrected = f"，更正为 {figure.corrected_value}" if figure.decision == Decision.CORRECTED else ""
    return FactView(
        key=f"f{figure.pk}",
        group=FIGURES,
        label=where,
        summary=f"{figure.get_kind_display()} {figure.value}{approximate}{corrected}",
        details=(figure.understood,) if figure.understood else (),
        fact=figure,
    )


def statement_view(statement: Statement) -> FactView:
    summary, details = _words(statement)
    return FactView(
        key=f"s{statement.pk}",
        group=GROUPS[StatementType(statement.type)],
        label=statement.get_type_display(),
        summary=summary,
        details=details,
        fact=statement,
    )


def _words(statement: Statement) -> tuple[str, tuple[str, ...]]:
    """(one line, further lines) for a statement as it now counts."""
    fact = statement.final
    match statement.type:
        case StatementType.UNIT:
            return str(fact["name"]), _unit_details(fact)
        case StatementType.MEASURE:
            return str(fact["heading"]), _measure_details(fact)
        case StatementType.NEXT_STEP:
            return str(fact["heading"]), ()
        case StatementType.DATE:
            return str(fact["date"]), ()
        case StatementType.RATE:
            return f"{fact['name']} {fact['value']}%", ()
        case StatementType.CASES:
            return f"典型案例 {fact['value']} 个", ()
        case StatementType.UNITS_INVOLVED:
            return f"参加单位 {fact['value']} 个", ()
        case _:
            return str(fact["value"]), ()


def _unit_details(fact: dict[str, object]) -> tuple[str, ...]:
    lines = [f"身份：{ROLE_LABELS.get(str(fact.get('role')), '提及')}"]
    if fact.get("aliases"):
        lines.append(f"又称：{joined(fact['aliases'])}")
    return tuple(lines)


def _measure_details(fact: dict[str, object]) -> tuple[str, ...]:
    others = "等单位" if fact.get("and_others") else ""
    lines = [f"责任单位：{fact['unit']}{others}"]
    if fact.get("co_units"):
        lines.append(f"配合单位：{joined(fact['co_units'])}")
    if fact.get("parent"):
        lines.append(f"上级标题：{fact['parent']}")
    theme = str(fact.get("theme") or Theme.OTHER)
    lines.append(f"主题：{Theme(theme).label if theme in Theme.values else Theme.OTHER.label}")
    documents = fact.get("documents")
    if isinstance(documents, list) and documents:
        lines.append("出台制度：" + "".join(f"《{name}》" for name in documents))
    return tuple(lines)


def joined(values: object) -> str:
    return "、".join(str(value) for value in values) if isinstance(values, list) else ""


def facts_of(report: Report) -> list[FactView]:
    """All facts of a report, the unsure ones first within each group, then in order of the text."""
    views = [figure_view(figure) for figure in report.figures.select_related("report")]
    views += [statement_view(statement) for statement in report.statements.all()]
    return sorted(
        views,
        key=lambda view: (GROUP_ORDER.index(view.group), not view.unsure, view.fact.start or 0, view.fact.pk),
    )


def grouped(facts: Iterable[FactView]) -> list[tuple[str, list[FactView]]]:
    groups: dict[str, list[FactView]] = {}
    for view in facts:
        groups.setdefault(view.group, []).append(view)
    return list(groups.items())


@dataclass(frozen=True)
class MatrixRow:
    """One line of the figures at a glance; a cell is (fact key, number) or None for 未列明."""

    name: str
    cells: tuple[tuple[str, int] | None, ...]


@dataclass(frozen=True)
class Matrix:
    """The stated figures by domain and kind, with the sums of the parts, as a person would lay them out."""

    kinds: tuple[str, ...]
    rows: tuple[MatrixRow, ...]
    total: MatrixRow
    sums: tuple[tuple[int, bool], ...]


def domain_matrix(figures: Iterable[Figure]) -> Matrix | None:
    """None where the report gives no figures by domain."""
    cells: dict[tuple[str, str], tuple[str, int]] = {}
    names: dict[str, None] = {}
    for figure in figures:
        if figure.scope in {Scope.DOMAIN, Scope.TOTAL}:
            cells.setdefault((figure.name, figure.kind), (f"f{figure.pk}", figure.final_value))
            if figure.scope == Scope.DOMAIN:
                names[figure.name] = None
    if not names:
        return None
    kinds = [kind for kind in CountedKind.values if any(key[1] == kind for key in cells)]
    rows = tuple(MatrixRow(name, tuple(cells.get((name, kind)) for kind in kinds)) for name in names)
    total = MatrixRow("报告所称合计", tuple(cells.get(("", kind)) for kind in kinds))
    sums = []
    for index in range(len(kinds)):
        added = sum(cell[1] for row in rows if (cell := row.cells[index]) is not None)
        stated = total.cells[index]
        sums.append((added, stated is None or stated[1] == added))
    return Matrix(tuple(CountedKind(kind).label for kind in kinds), rows, total, tuple(sums))


def lines_of(report: Report, facts: Iterable[FactView]) -> list[Line]:
    """The text, line by line, cut wherever a fact or an ignored passage begins or ends."""
    marks = [
        _Mark(view.fact.start, view.fact.end, view.key, _kind(view))
        for view in facts
        if view.fact.start is not None and view.fact.end is not None
    ]
    marks += [
        _Mark(passage["start"], passage["end"], "", "ignored", passage["reason"])
        for passage in report.ignored
    ]
    marks.sort(key=lambda mark: (mark.start, -mark.end))
    result: list[Line] = []
    position, active, upcoming = 0, [], 0
    for line in report.text.split("\n"):
        end = position + len(line)
        while upcoming < len(marks) and marks[upcoming].start <= end:
            active.append(marks[upcoming])
            upcoming += 1
        active = [mark for mark in active if mark.end > position]
        result.append(Line(_cut(line, position, active), "\t" in line))
        position = end + 1
    return result


def _cut(line: str, offset: int, marks: list[_Mark]) -> tuple[Segment, ...]:
    end = offset + len(line)
    edges = sorted(
        {offset, end}
        | {mark.start for mark in marks if offset < mark.start < end}
        | {mark.end for mark in marks if offset < mark.end < end}
    )
    return tuple(_segment(line, offset, left, right, marks) for left, right in pairwise(edges))


def _segment(line: str, offset: int, left: int, right: int, marks: list[_Mark]) -> Segment:
    text = line[left - offset : right - offset]
    over = [mark for mark in marks if mark.start <= left and mark.end >= right]
    if not over:
        return Segment(text)
    inner = min(over, key=lambda mark: mark.end - mark.start)
    return Segment(
        text,
        keys=tuple(mark.key for mark in over if mark.key),
        key=inner.key,
        kind=inner.kind,
        starts=tuple(mark.key for mark in over if mark.key and max(mark.start, offset) == left),
        reason=inner.reason,
    )


def _kind(view: FactView) -> str:
    return "figure" if isinstance(view.fact, Figure) else str(view.fact.type)
