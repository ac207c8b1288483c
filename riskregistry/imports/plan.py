"""Ledger rows + what the register knows → what an import would do. Plain functions: no ORM, no HTTP.

A row may hold a post, a point, a link and measures; each becomes one line of the plan. What is in the file
and not in the register is new; what is in both is changed or same; what is only in the register stays alone.
"""

from __future__ import annotations

import hashlib
import json
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import date
from difflib import SequenceMatcher
from enum import StrEnum

from riskregistry.enums import RiskCategory, RiskKind, RiskLevel
from riskregistry.imports.columns import (
    COLUMNS,
    ITEM_FIELDS,
    MOST,
    category_of,
    clean,
    date_of,
    heading_of,
    kind_of,
    level_of,
    normal,
    one_line,
    split_measures,
)
from riskregistry.imports.formulas import NO_RESULT
from riskregistry.imports.table import LedgerRow, Table


class Status(StrEnum):
    NEW = "new"
    CHANGED = "changed"
    SAME = "same"
    DUPLICATE = "duplicate"  # said before in the same file
    LIKELY = "likely"  # new, but much like one that is there


STATUS_LABELS = {
    Status.NEW: "新增",
    Status.CHANGED: "修改",
    Status.SAME: "相同",
    Status.DUPLICATE: "文件内重复",
    Status.LIKELY: "疑似已有",
}
# Two names at least so much alike are shown as likely the same.
ALIKE = 0.86
# Ends a text that was too long for a cell: what it stands for is left alone.
CUT = "……（过长，未全列）"
FORMULA_REMEDY = "单元格里的公式没有结果，请改填文字"
FIELD_LABELS = {
    "name": "名称",
    "domain": "领域",
    "post": "所属岗位",
    "level_as_written": "等级原文",
    **{key: COLUMNS[key].label for key in ITEM_FIELDS},
}


@dataclass(frozen=True)
class KnownItem:
    """An item of the register. `domain` and `post` are names ("" for none); `measures` their texts."""

    pk: int
    kind: str
    name: str
    domain: str = ""
    post: str = ""
    description: str = ""
    matter: str = ""
    category: str = ""
    level: str = ""
    level_as_written: str = ""
    responsible: str = ""
    responsible_second: str = ""
    responsible_third: str = ""
    measures: tuple[str, ...] = ()


@dataclass(frozen=True)
class Known:
    """What the register knows of the unit in the campaign, and the names that a ledger may use."""

    items: tuple[KnownItem, ...] = ()
    domains: tuple[str, ...] = ()
    # Normalised names of the unit itself, and of every other unit.
    own_names: frozenset[str] = frozenset()
    other_names: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Problem:
    """A cell that cannot be taken, and what to do about it."""

    sheet: str
    row: int
    column: str
    cell: str
    value: str
    remedy: str


@dataclass
class NewMeasure:
    heading: str
    text: str
    responsible: str
    due: date | None


@dataclass(frozen=True)
class MeasureCell:
    """What one row says of measures: the cell as cleaned, and what else the row gives each of them."""

    text: str
    responsible: str = ""
    due: date | None = None

    def beyond(self, known: Sequence[str]) -> list[NewMeasure]:
        """The measures that the register has not: what follows the present ones, as a template lists them."""
        listed = list_measures(known)
        rest = self.text[len(listed) :] if listed and self.text.startswith(listed) else self.text
        there = {normal(text) for text in known}
        return [
            NewMeasure(heading_of(text), text, self.responsible, self.due)
            for text in split_measures(rest)
            if normal(text) not in there
        ]


def list_measures(texts: Sequence[str]) -> str:
    """Measures as one cell holds them: numbered, one a line."""
    return "\n".join(f"{number}. {one_line(text)}" for number, text in enumerate(texts, 1))


@dataclass
class Line:
    """One item of the file. `post_key` names its post by (domain, name); `pk` the item it is in the register.

    `values` are those to be written; `changes` are (field, label, old, new).
    """

    sheet: str
    row: int
    kind: str
    status: Status
    values: dict[str, str]
    pk: int | None = None
    post: str = ""
    changes: list[tuple[str, str, str, str]] = field(default_factory=list)
    measures: list[NewMeasure] = field(default_factory=list)
    like: str = ""
    like_pk: int | None = None

    @property
    def name(self) -> str:
        return self.values["name"]

    @property
    def kind_label(self) -> str:
        return RiskKind(self.kind).label

    @property
    def status_label(self) -> str:
        return STATUS_LABELS[self.status]

    @property
    def key(self) -> str:
        """How a form names the line."""
        return f"{self.sheet}/{self.row}/{self.kind}"


@dataclass
class Plan:
    lines: list[Line]
    problems: list[Problem]
    rows: int

    def of(self, *statuses: Status) -> list[Line]:
        return [line for line in self.lines if line.status in statuses]

    @property
    def totals(self) -> dict[str, int]:
        counted = {status.value: len(self.of(status)) for status in Status}
        measures = sum(len(line.measures) for line in self.lines if line.status != Status.DUPLICATE)
        return {**counted, "invalid": len(self.problems), "measures": measures, "rows": self.rows}

    @property
    def does_something(self) -> bool:
        return any(
            line.status in {Status.NEW, Status.CHANGED, Status.LIKELY} or line.measures for line in self.lines
        )

    def digest(self) -> str:
        """The same for the same plan: what is applied must be what was shown."""
        content = [[asdict(line) for line in self.lines], [asdict(problem) for problem in self.problems]]
        text = json.dumps(content, ensure_ascii=False, sort_keys=True, default=str)
        return hashlib.sha256(text.encode()).hexdigest()


def plan(table: Table, known: Known, merges: frozenset[str] = frozenset()) -> Plan:
    """What importing the table would do. `merges`: keys of lines to be taken for the item they are like."""
    planner = _Planner(table, known, merges)
    for row in table.rows:
        planner.row(row)
    return Plan(planner.lines, planner.problems, len(table.rows))


class _Planner:
    def __init__(self, table: Table, known: Known, merges: frozenset[str]) -> None:
        self.table, self.known, self.merges = table, known, merges
        self.lines: list[Line] = []
        self.problems: list[Problem] = []
        self.by_pk = {item.pk: item for item in known.items}
        self.taken: set[int] = set()
        self.exact: dict[tuple[str, str, str, str], list[KnownItem]] = defaultdict(list)
        self.by_name: dict[tuple[str, str], list[KnownItem]] = defaultdict(list)
        for item in known.items:
            self.exact[item.kind, normal(item.name), item.domain, normal(item.post)].append(item)
            self.by_name[item.kind, normal(item.name)].append(item)
        self.alike: dict[tuple[str, str], list[KnownItem]] = defaultdict(list)
        for item in known.items:
            for part in _ends(item.name):
                self.alike[item.kind, part].append(item)
        self.seen: dict[tuple[str, str, str, str], Line] = {}
        self.domains = {normal(name): name for name in known.domains}
        # Items that nothing in the file is, by kind: found out once, when first asked.
        self.named_in_file = {
            (kind, normal(one_line(row.cells.get(kind, ""))))
            for row in table.rows
            for kind in RiskKind.values
        }

    # Reading one row

    def row(self, row: LedgerRow) -> None:
        before = len(self.problems)
        self._check_unit(row)
        named = self._named(row)
        shared = self._shared(row)
        measures = self._measures(row, shared)
        if not named and len(self.problems) == before:
            lacking = "point" if "point" in self.table.keys else "name"
            self._problem(
                row, lacking, "", "这一行没有写风险岗位、风险点或关键环节，请补上名称，或删去这一行"
            )
        if len(self.problems) > before:
            return
        post_name = named.get(RiskKind.POST, "")
        main = next((kind for kind in (RiskKind.POINT, RiskKind.LINK, RiskKind.POST) if kind in named), None)
        for kind in (RiskKind.POST, RiskKind.POINT, RiskKind.LINK):
            if kind not in named:
                continue
            values = shared if kind == main else {"domain": shared["domain"]} if "domain" in shared else {}
            belongs = "" if kind == RiskKind.POST else post_name or self._post_cell(row)
            own = measures if kind == main or kind != RiskKind.POST else MeasureCell("")
            self._line(row, kind, {"name": named[kind], **values}, belongs, own, main=kind == main)

    def _named(self, row: LedgerRow) -> dict[str, str]:
        """Kind → name, from a column of each kind, or from 种类 and 名称."""
        if "kind" in self.table.keys and "name" in self.table.keys:
            kind = kind_of(one_line(row.cells.get("kind")))
            name = one_line(row.cells.get("name"))
            if kind is None:
                written = one_line(row.cells.get("kind"))
                self._problem(row, "kind", written, f"种类只能填{'、'.join(RiskKind.labels)}")
                return {}
            found = {kind: name} if name else {}
        else:
            found = {kind: one_line(row.cells.get(kind)) for kind in RiskKind.values}
            if not any(found.values()):
                found = {
                    RiskKind.POINT.value: one_line(row.cells.get("name") or row.cells.get("description"))
                }
            found = {kind: name for kind, name in found.items() if name and name not in {"/", "—", "-", "无"}}
        for kind, name in found.items():
            key = kind if kind in self.table.keys else "name"
            if name == NO_RESULT:
                self._problem(row, key, name, FORMULA_REMEDY)
            if len(name) > MOST["name"]:
                key = kind if kind in self.table.keys else "name"
                self._problem(
                    row, key, name, f"名称有 {len(name)} 字，最多 {MOST['name']} 字，请把细节移到「表现形式」"
                )
        return found

    def _post_cell(self, row: LedgerRow) -> str:
        """In a ledger with 种类 and 名称 the column of posts says where the row belongs."""
        return one_line(row.cells.get("post")) if "kind" in self.table.keys else ""

    def _shared(self, row: LedgerRow) -> dict[str, str]:
        """The row's values by field; a field whose column the file has not is left out."""
        values: dict[str, str] = {}
        for key in ("description", "matter", "responsible", "responsible_second", "responsible_third"):
            if key in row.cells:
                value = clean(row.cells[key]) if key == "description" else one_line(row.cells[key])
                if key != "description" and "\n" in clean(row.cells[key]) and key.startswith("responsible"):
                    value = clean(row.cells[key]).replace("\n", "、")
                if len(value) > MOST[key]:
                    self._problem(row, key, value, f"有 {len(value)} 字，最多 {MOST[key]} 字，请缩短")
                values[key] = value
        if "domain" in row.cells:
            values["domain"] = self._domain(row)
        if "level" in row.cells:
            values |= self._level(row)
        if "category" in row.cells:
            values["category"] = self._category(row)
        for key in values:
            if row.cells.get(key) == NO_RESULT:
                self._problem(row, key, str(row.cells[key]), FORMULA_REMEDY)
        return values

    def _domain(self, row: LedgerRow) -> str:
        written = one_line(row.cells["domain"])
        if written in {"", "—", "-", "/", "未归领域"}:
            return ""
        found = self.domains.get(normal(written)) or self.domains.get(normal(written.removesuffix("领域")))
        if found is None:
            self._problem(
                row,
                "domain",
                written,
                f"没有这个领域，请填{'、'.join(self.known.domains) or '（系统中还没有领域）'}",
            )
        return found or ""

    def _level(self, row: LedgerRow) -> dict[str, str]:
        written = one_line(row.cells["level"])
        if written in {"", "—", "-", "/", "未定级"}:
            return {"level": "", "level_as_written": ""}
        level = level_of(written)
        if level is None:
            self._problem(row, "level", written, "等级请填 高、中、低，或一级、二级、三级，或红、橙、黄")
            return {}
        return {"level": level.value, "level_as_written": written[: MOST["level_as_written"]]}

    def _category(self, row: LedgerRow) -> str:
        written = one_line(row.cells["category"])
        if written in {"", "—", "-", "/", "未分类"}:
            return ""
        found = category_of(written)
        if found is None:
            self._problem(row, "category", written, f"类别请填{'、'.join(RiskCategory.labels)}")
        return found or ""

    def _measures(self, row: LedgerRow, shared: Mapping[str, str]) -> MeasureCell:
        due = None
        if clean(row.cells.get("due")):
            due = date_of(row.cells["due"])
            written = one_line(row.cells["due"])
            if due is None and written not in {"长期", "长期坚持", "持续", "/", "—", "-", "立行立改"}:
                self._problem(row, "due", written, "看不出日期，请写成 2023-08-12 这样，年份也要写")
        cell = clean(row.cells.get("measures"))
        if row.cells.get("measures") == NO_RESULT:
            self._problem(row, "measures", cell, FORMULA_REMEDY)
        text = "" if cell in {"无", "/", "—", "-"} else cell
        return MeasureCell(text, shared.get("responsible", "")[: MOST["responsible"]], due)

    def _check_unit(self, row: LedgerRow) -> None:
        """A row of another unit is not taken; a section of the own unit is none of the known names."""
        written = normal(one_line(row.cells.get("unit")))
        if written in self.known.other_names and written not in self.known.own_names:
            self._problem(
                row, "unit", one_line(row.cells["unit"]), "这一行写的是另一个单位，请删去，或到那个单位导入"
            )

    # Setting beside the register

    def _line(
        self,
        row: LedgerRow,
        kind: str,
        values: dict[str, str],
        post: str,
        measures: MeasureCell,
        *,
        main: bool,
    ) -> None:
        key = (kind, normal(values["name"]), values.get("domain", ""), normal(post))
        before = self.seen.get(key)
        item, asked = self._find(row, key, post)
        if before is not None and (item is None or item.pk == before.pk):
            self._again(row, before, kind, values, measures, main=main)
            return
        line = Line(row.sheet, row.number, kind, Status.NEW, values, post=post)
        if asked and item is None:
            self._problem(
                row,
                "id",
                one_line(row.cells.get("id")),
                "系统里没有这个编号的风险，请清空编号作为新增，或重新下载台账",
            )
            return
        if item is None:
            self._liken(line)
            item = self.by_pk[line.like_pk] if line.like_pk and line.key in self.merges else None
        if item is not None:
            self._match(line, item, post)
        line.measures = measures.beyond(item.measures if item else ())
        self.lines.append(line)
        self.seen[key] = line

    def _find(
        self, row: LedgerRow, key: tuple[str, str, str, str], post: str
    ) -> tuple[KnownItem | None, bool]:
        """(the item, whether an id was given). Matching is one to one."""
        given = one_line(row.cells.get("id"))
        if given:
            item = self.by_pk.get(int(given)) if given.isdigit() and len(given) < 15 else None
            return (item if item and item.kind == key[0] else None), True
        kind, name, domain, post_name = key
        free = [item for item in self.exact[kind, name, domain, post_name] if item.pk not in self.taken]
        if not free:
            # The file may lack the column of domains or posts: then a name that stands once decides.
            same = [item for item in self.by_name[kind, name] if item.pk not in self.taken]
            same = [item for item in same if (not domain or item.domain == domain or not item.domain)]
            free = same if len(same) == 1 and (not post or normal(same[0].post) in {"", post_name}) else []
        return (free[0] if free else None), False

    def _match(self, line: Line, item: KnownItem, post: str) -> None:
        self.taken.add(item.pk)
        line.pk, line.like, line.like_pk = item.pk, "", None
        if "domain" in line.values and not line.values["domain"] and "domain" not in self.table.keys:
            del line.values["domain"]
        wanted = {**line.values}
        if post or ("post" in self.table.keys and line.kind != RiskKind.POST):
            wanted["post"] = post
        for name, new in wanted.items():
            old = getattr(item, name)
            if not _same(name, old, new):
                label = FIELD_LABELS[name]
                line.changes.append((name, label, _in_words(name, old), _in_words(name, new)))
        line.status = Status.CHANGED if line.changes else Status.SAME

    def _liken(self, line: Line) -> None:
        """The free item of the kind that is most like the line, where one is much alike."""
        name = normal(line.name)
        best, most = None, ALIKE
        for item in (item for part in _ends(line.name) for item in self.alike[line.kind, part]):
            other = normal(item.name)
            if item.pk in self.taken or (item.kind, other) in self.named_in_file:
                continue
            longer = max(len(name), len(other))
            if not longer or abs(len(name) - len(other)) > longer * (1 - ALIKE) * 2:
                continue
            matcher = SequenceMatcher(None, name, other, autojunk=False)
            if matcher.quick_ratio() >= most and (ratio := matcher.ratio()) >= most:
                best, most = item, ratio
        if best is not None:
            line.status, line.like, line.like_pk = Status.LIKELY, best.name, best.pk

    def _again(
        self,
        row: LedgerRow,
        before: Line,
        kind: str,
        values: dict[str, str],
        measures: MeasureCell,
        *,
        main: bool,
    ) -> None:
        """The same name once more: a post repeated down its block is one post, anything else a duplicate."""
        if kind == RiskKind.POST and not main:
            return
        known = self.by_pk[before.pk].measures if before.pk else ()
        others = measures.beyond([*known, *(measure.text for measure in before.measures)])
        before.measures += others
        if others or kind == RiskKind.POST:
            return
        self.lines.append(
            Line(row.sheet, row.number, kind, Status.DUPLICATE, values, like=f"第 {before.row} 行")
        )

    def _problem(self, row: LedgerRow, key: str, value: str, remedy: str) -> None:
        column = COLUMNS[key].label if key in COLUMNS else key
        letter = self.table.letters.get((row.sheet, key), "")
        cell = f"{letter}{row.number}" if letter else ""
        self.problems.append(Problem(row.sheet, row.number, column, cell, value[:100], remedy))


def _ends(name: str) -> set[str]:
    """How a name begins and ends: of two that are alike one of the two agrees."""
    letters = normal(name)
    return {f"<{letters[:3]}", f"{letters[-3:]}>"}


def _same(name: str, old: str, new: str) -> bool:
    """Whether the cell says what the register says; how a level is worded does not matter."""
    if name == "level_as_written" or new.endswith(CUT):
        return True
    if name == "post":
        return normal(one_line(old)) == normal(new)
    return (clean(old) if name == "description" else one_line(old)) == new


def _in_words(name: str, value: str) -> str:
    if name == "level" and value:
        return RiskLevel(value).label
    if name == "category" and value:
        return RiskCategory(value).label
    return value or "（空）"
