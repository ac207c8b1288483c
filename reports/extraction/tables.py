"""Figures in tables: every cell is judged by the headings above it and the words to its left."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from reports.extraction.clause import Found
from reports.extraction.facts import Figure, Kind, Rate
from reports.extraction.labels import KIND, Domains, Label, clean_domain, kind_of, label_of
from reports.extraction.numerals import NUMBER, number_of
from reports.extraction.passages import Passage, Row
from reports.extraction.units import Gazetteer
from reports.extraction.wording import KIND_NAMES

_SUM = re.compile(
    r"^(?:合计|总计|共计|总数|总和|汇总|合计数|总体|全[县区市旗局镇乡院校行社](?:合计|总计|汇总|共计|总数)?)(?:（.{1,6}）)?$"
)
_SUBTOTAL = re.compile(r"^(?:小计|分计)$")
_COUNT = re.compile(
    r"^(?:数量|数值|数据|个数|数|总数|数目|总量|合计|小计|数量（.{1,4}）|个数（.{1,4}）|排查数|排查数量|排查总数|排查情况)$"
)
_SERIAL = re.compile(r"^(?:序号|编号|序列|序|号|No\.?)$", re.IGNORECASE)
_SHARE = re.compile(r"占比|比例|比重|率|%")
_NOTE = re.compile(
    r"备注|说明|联系|电话|负责人|责任人|金额|万元|时间|时限|日期|年度|人数|排名|位次|名次|上年|去年|同期|增减|增长|较|新增"
)
_HINTS: tuple[tuple[str, str], ...] = (
    (r"股室|科室|内设机构|处室", "section"),
    (r"单位|部门|乡镇|镇街|街道|企业|公司|名称|学校", "unit"),
    (r"领域|方面|条线|板块", "domain"),
    (r"等级|级别|程度", "level"),
    (r"状态|进度|进展|整改情况", "status"),
    (r"类别|类型|种类|分类", "category"),
)
# who looks after the domain that the row is about
_IN_CHARGE = re.compile(r"牵头|责任|主管|配合|负责|联系|分管|报送|填报")
_BARE: dict[str, Kind] = {"岗位": "post", "点位": "point", "环节": "link"}
_PERCENT = re.compile(r"\d+(?:\.\d+)?%?")
_EMPTY = re.compile(r"^(?:[-—–－/／\\—…]+|未列明|未报|未统计|未报送|待报|待定|未填|暂未统计|另行上报)?$")
_DASH = re.compile(r"^[-—–－]+$")
_NONE = re.compile(r"^(?:无|零|没有|未发现)$")


@dataclass(frozen=True)
class _Cell:
    passage: Passage
    column: int
    width: int

    @property
    def text(self) -> str:
        return self.passage.text


@dataclass(frozen=True)
class _Meaning:
    """What one heading says about a number: its kind, its part, that it is a sum, that it is no count."""

    kind: Kind | None = None
    label: Label | None = None
    total: bool = False
    neutral: bool = False
    unknown: bool = False
    share: str = ""
    subtotal: bool = False


class TableReader:
    """Reads the tables of one report. `captions[t]` is the text just before table t."""

    def __init__(self, text: str, domains: Domains, units: Gazetteer, own: frozenset[str]) -> None:
        self._text = text
        self._domains = domains
        self._units = units
        self._own = own
        self.blank: list[Label] = []  # parts in whose cell no number stands
        self._bare = False  # whether 岗位 and 环节 alone head columns of counts in the table now read

    def read(
        self, rows: Sequence[Row], caption: str, totals: Mapping[Kind, int] | None = None
    ) -> tuple[list[Found], list[Rate]]:
        """The figures and the overall rates of one table.

        A table that names no kind counts the one whose total, as told in the text, is its own sum.
        """
        grid = _grid(rows)
        first = _first_numeric(grid)
        if first is None:
            return [], []
        head, body = grid[:first], grid[first:]
        titles = [r[0].text for r in head if len(r) == 1]
        head = [r for r in head if len(r) > 1]
        if not head:
            return [], []
        columns = self._columns(head)
        plain = {re.sub(r"(?:数量|个数|数)$|（.*）", "", p) for ps in columns.values() for p in ps}
        self._bare = len(plain & set(_BARE)) > 1 or bool(
            plain & set(_BARE) and any(_kinds_in(p) for p in plain)
        )
        corner = self._corner(head, body, columns)
        spoken = _kinds_in(caption) | {k for t in titles for k in _kinds_in(t)}
        if len(spoken) != 1 and not any(_kinds_in("".join(c.text for c in row)) for row in grid):
            sums = self._sums(body, columns, corner)
            spoken = {kind for kind, total in (totals or {}).items() if total in sums} or spoken
        return self._body(body, columns, corner, spoken)

    def _sums(
        self, body: list[list[_Cell]], columns: dict[int, list[str]], corner: dict[int, str]
    ) -> set[int]:
        """The numbers where a row of sums meets a column of sums (or the only column)."""
        heads = {
            c: [self._meaning(p, "") for p in pieces] for c, pieces in columns.items() if c not in corner
        }
        summed = {c for c, meanings in heads.items() if any(m.total for m in meanings)} or set(heads)
        rows = [r for r in body if any(_SUM.match(c.text) for c in r)]
        values = [_value(c.text)[0] for r in rows for c in r if c.column in summed]
        return {v for v in values if v} if len(summed) == 1 else set()

    def _corner(
        self, head: list[list[_Cell]], body: list[list[_Cell]], columns: dict[int, list[str]]
    ) -> dict[int, str]:
        """For each column that holds names: what its heading says the names are."""
        out: dict[int, str] = {}
        for column, pieces in columns.items():
            if _SERIAL.match("".join(pieces)):
                out[column] = "serial"
                continue
            if _NOTE.search("".join(pieces)):
                out[column] = "note"
                continue
            texts = [c.text for r in body for c in r if c.column == column and c.text]
            wordy = [
                t
                for t in texts
                if not _is_number(t)
                and not _PERCENT.fullmatch(t)
                and not _EMPTY.match(t)
                and not _NONE.match(t)
            ]
            if texts and len(wordy) * 2 > len(texts):
                joined = "".join(pieces)
                out[column] = next((hint for pattern, hint in _HINTS if re.search(pattern, joined)), "")
        named = [c for c, hint in out.items() if hint not in ("serial", "note")]
        beside = [c for c in named if _IN_CHARGE.search("".join(columns[c]))]
        return out | dict.fromkeys(beside, "note") if len(named) > len(beside) else out

    def _columns(self, head: list[list[_Cell]]) -> dict[int, list[str]]:
        """The headings above each column, top first."""
        out: dict[int, list[str]] = {}
        for n, row in enumerate(head):
            above = ""
            for cell in row:
                for column in range(cell.column, cell.column + cell.width):
                    pieces = out.setdefault(column, [])
                    # plain text writes a heading over several columns once, and leaves the others empty
                    text = cell.text or (
                        above if n + 1 < len(head) and column not in _alone(head, column, n) else ""
                    )
                    if text and (not pieces or pieces[-1] != text):
                        pieces.append(text)
                above = cell.text or above
        return out

    def _body(
        self,
        body: list[list[_Cell]],
        columns: dict[int, list[str]],
        corner: dict[int, str],
        spoken: set[Kind],
    ) -> tuple[list[Found], list[Rate]]:
        heads = {
            c: [self._meaning(p, "") for p in pieces] for c, pieces in columns.items() if c not in corner
        }
        in_columns = {m.kind for ms in heads.values() for m in ms if m.kind}
        heads = _with_kinds({c: _telling(ms) for c, ms in heads.items()}, body)
        found: list[Found] = []
        rates: list[Rate] = []
        last: dict[int, str] = {}
        for row in body:
            names = self._names(row, corner, last)
            if names is None:
                continue
            side = [self._meaning(text, hint, transposed=bool(in_columns) is False) for text, hint in names]
            for cell in row:
                if cell.column in corner or cell.column not in heads:
                    continue
                self._cell(cell, heads[cell.column], side, in_columns or spoken, found, rates)
        return found, rates

    def _names(
        self, row: list[_Cell], corner: dict[int, str], last: dict[int, str]
    ) -> list[tuple[str, str]] | None:
        """The words to the left, a merged cell carried down; None for a row that repeats the headings."""
        here = {c.column: c.text for c in row}
        out: list[tuple[str, str]] = []
        whole = any(_SUM.match(t) for t in here.values())
        for column in sorted(corner):
            if corner[column] in ("serial", "note"):
                if _SUM.match(here.get(column, "")):
                    out.append((here[column], ""))
                continue
            text = here.get(column, "")
            if text:
                last[column] = text
            elif not whole:
                text = last.get(column, "")
            if text:
                out.append((text, corner[column]))
        return out or None

    def _meaning(self, text: str, hint: str, *, transposed: bool = False) -> _Meaning:
        phrase = re.sub(r"（(?:个|处|项|条|件|单位：.{1,3})）|[（(]?单位[:：][个处项条][）)]?|\s", "", text)
        if _SUM.match(phrase):
            return _Meaning(total=True)
        if _SUBTOTAL.match(phrase):
            return _Meaning(neutral=True, subtotal=True)
        if _COUNT.match(phrase):
            return _Meaning(neutral=True)
        if _SHARE.search(phrase):
            return _Meaning(share=phrase)
        if _NOTE.search(phrase) and not hint:
            return _Meaning(unknown=True)
        if hint == "section":
            return _Meaning(unknown=True)
        bare = re.sub(
            r"^(?:排查|梳理|查找|发现|查摆|制定|其中)+出?|(?:总数|数量|个数|合计|数|情况)$", "", phrase
        )
        kind = KIND.fullmatch(bare)
        if kind:
            return _Meaning(kind=kind_of(kind))
        if bare in _BARE and self._bare:
            return _Meaning(kind=_BARE[bare])
        mixed = self._label_and_kind(bare)
        if mixed is not None:
            return mixed
        label = self._label(phrase, bare, hint)
        if label is not None:
            return _Meaning(label=label)
        if transposed or hint in ("", "domain", "category"):
            return _Meaning(unknown=not bare, label=self._guess(bare, hint))
        return _Meaning(unknown=True)

    def _label_and_kind(self, bare: str) -> _Meaning | None:
        """高风险岗位: a level and a kind in one heading."""
        for m in KIND.finditer(bare):
            rest = bare[: m.start()]
            label = label_of(rest, self._domains) if rest and m.end() == len(bare) else None
            if label is not None:
                return _Meaning(kind=kind_of(m), label=label)
        return None

    def _label(self, phrase: str, bare: str, hint: str) -> Label | None:
        if hint == "unit" or (not hint and self._unit_of(phrase)):
            name = self._unit_of(phrase)
            if name is None and self._own and re.search("[部股科室组]$", phrase):
                return None  # sections of the body that reports are no units
            return Label("unit", name or re.sub("(?<=.)（[^（）]{2,12}）$", "", phrase))
        if hint in ("level", "status"):
            return label_of(phrase, self._domains) or Label(hint, phrase)  # type: ignore[arg-type]
        if hint == "domain":
            name = re.sub(r"(?:领域|方面)$", "", phrase)
            return Label("domain", name) if len(name) >= 2 else None
        return label_of(phrase, self._domains) or label_of(bare, self._domains)

    def _unit_of(self, phrase: str) -> str | None:
        phrase = re.sub("(?<=.)（[^（）]{2,12}）$", "", phrase)
        body = self._units.body_named(phrase)
        if body is None:
            for form in (phrase, re.sub(r"^[\u4e00-\u9fff]{2,3}县", "县", phrase), "县" + phrase):
                body = body or self._units.body_named(form)
        return body.name if body else None

    def _guess(self, bare: str, hint: str) -> Label | None:
        if hint == "category":
            return (
                Label("category", re.sub(r"(?:类|风险)+$", "", bare))
                if re.search(r"类|风险", bare)
                else Label("domain", bare)
            )
        name = clean_domain(bare)
        return (
            Label("domain", name)
            if name and not re.search(r"\d|人|元|次|件|企业|预算|支出|收入|经费", name)
            else None
        )

    def _cell(
        self,
        cell: _Cell,
        above: list[_Meaning],
        side: list[_Meaning],
        spoken: set[Kind],
        found: list[Found],
        rates: list[Rate],
    ) -> None:
        meanings = [*above, *side]
        share = next((m.share for m in meanings if m.share), "")
        if share:
            self._rate(cell, share, side, rates, spoken)
            return
        if any(m.unknown or not (m.kind or m.label or m.total or m.neutral) for m in meanings):
            return
        value, bound = _value(cell.text)
        kinds = {m.kind for m in meanings if m.kind}
        if not kinds and len(spoken) == 1:
            kinds = set(spoken)
        labels = [m.label for m in meanings if m.label]
        # 风险岗位 | 数量: a row for each kind, and nothing that it could be split by
        alone = all(m.neutral for m in above) and any(m.kind for m in side)
        if len(kinds) != 1 or len(labels) > 1 or not (labels or alone or any(m.total for m in meanings)):
            return
        if any(m.subtotal for m in side):
            return
        kind = kinds.pop()
        label = labels[0] if labels else None
        if label and label.scope == "unit" and label.name in self._own:
            return
        if value is None:
            self.blank.extend([label] if label and _EMPTY.match(cell.text) else [])
            return
        low, high = cell.passage.span(0, len(cell.text))
        whose = "合计" if label is None else f"「{label.name}」"
        figure = Figure(
            label.scope if label else "total", label.name if label else None, kind, value, bound != "",
            self._text[low:high], low, high, "figure.table",
            f"表格中{whose}一行（列）与{KIND_NAMES[kind]}一列（行）的交叉处", bound,  # type: ignore[arg-type]
        )  # fmt: skip
        found.append(Found(figure, label is None, cell.passage))

    def _rate(
        self, cell: _Cell, share: str, side: list[_Meaning], rates: list[Rate], spoken: set[Kind]
    ) -> None:
        """A share of one part (占比), or how much of the whole is done (完成率 in the row of sums)."""
        match = re.fullmatch(r"(\d+(?:\.\d+)?)%?", cell.text)
        if not match or not spoken:
            return
        label = next((m.label for m in side if m.label), None)
        written = re.sub(r"（.*）|%", "", share)
        if re.search(r"占比|比例|比重", share) and label is not None:
            name = label.name + "占比"
        elif re.search(r"整改|完成|销号|办结|到位|落实|闭环|化解", share) and any(m.total for m in side):
            name = written
        else:
            return
        low, high = cell.passage.span(0, len(cell.text))
        places = len(match[1].partition(".")[2])
        kind = next(iter(spoken)) if len(spoken) == 1 else None
        rates.append(Rate(name, float(match[1]), self._text[low:high], low, high, "rate.table", places, kind))


def _telling(meanings: list[_Meaning]) -> list[_Meaning]:
    """The headings of a column that say something; 整改情况 over 已整改 and 整改中 says nothing more."""
    told = [m for m in meanings if m.kind or m.label or m.total or m.neutral or m.share or m.subtotal]
    return told if told and not any(m.unknown for m in meanings) else meanings


def _with_kinds(heads: dict[int, list[_Meaning]], body: list[list[_Cell]]) -> dict[int, list[_Meaning]]:
    """Columns of levels or states beside several kinds belong to the kind that they add up to in every row."""
    plain = {c: [m for m in ms if not m.neutral] for c, ms in heads.items()}
    kinds = {c: ms[0].kind for c, ms in plain.items() if len(ms) == 1 and ms[0].kind and not ms[0].label}
    out = dict(heads)
    for scope in ("level", "status", "category"):
        parts = [
            c for c, ms in plain.items()
            if len(ms) == 1 and ms[0].label and not ms[0].kind and ms[0].label.scope == scope
        ]  # fmt: skip
        if len(parts) < 2 or len(set(kinds.values())) < 2:
            continue
        rows = [{c.column: _value(c.text)[0] for c in row} for row in body]
        fits = [
            kind for column, kind in kinds.items()
            if all(sum(r.get(c) or 0 for c in parts) == r[column] for r in rows if r.get(column) is not None)
        ]  # fmt: skip
        if len(fits) == 1:
            out |= {c: [_Meaning(kind=fits[0]), *heads[c]] for c in parts}
    return out


def _alone(head: list[list[_Cell]], column: int, n: int) -> set[int]:
    """The column itself, where no later heading stands under it."""
    below = any(c.column <= column < c.column + c.width and c.text for row in head[n + 1 :] for c in row)
    return set() if below else {column}


def _grid(rows: Sequence[Row]) -> list[list[_Cell]]:
    out: list[list[_Cell]] = []
    for row in rows:
        cells = [
            _Cell(c, first, width)
            for c, first, width in zip(row.cells, row.first_columns, row.columns, strict=False)
        ]
        if any(c.text for c in cells):
            filled = [c for c in cells if c.text]
            out.append(filled if len(filled) == 1 else cells)
    return out


def _is_number(text: str) -> bool:
    return _value(text)[0] is not None and not _NONE.match(text)


def _value(text: str) -> tuple[int | None, str]:
    """(number, bound) of a cell; (None, '') where it states none."""
    if _EMPTY.match(text):
        return None, ""
    if _NONE.match(text):
        return 0, ""
    match = re.fullmatch(rf"{NUMBER.pattern}(?:个|处|项|条|件)?", text)
    if not match:
        return None, ""
    number = number_of(match)
    if number is None or number.whole is None:
        return None, ""
    return number.whole, number.bound


def _first_numeric(grid: list[list[_Cell]]) -> int | None:
    """The first row with a count in it; a serial number in the first cell is none.

    Rows before it that state nothing (a name, then dashes) are no headings either.
    """
    for i, row in enumerate(grid):
        if len(row) > 1 and any(_is_number(c.text) for c in row[1:]):
            while i > 1 and len(grid[i - 1]) > 1 and all(_DASH.match(c.text) for c in grid[i - 1][1:]):
                i -= 1
            return i if i else None
    return None


def _kinds_in(text: str) -> set[Kind]:
    return {kind_of(m) for m in KIND.finditer(text)}
