"""Stated figures against the sums of their parts.

Pure: numbers in, discrepancies out. Nothing here reads text or touches the database. Reported numbers are
set beside the register's in reports/statistics.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace

from reports.extraction.facts import Discrepancy, Figure, Kind, Rate, Scope
from reports.extraction.numerals import is_share

KIND_NAMES: dict[Kind, str] = {
    "post": "风险岗位",
    "point": "风险点",
    "link": "关键环节",
    "item": "问题",
    "measure": "措施",
}
_SPLITS: dict[Scope, str] = {
    "domain": "各领域",
    "category": "各类别",
    "level": "各等级",
    "status": "各状态",
    "unit": "各单位",
}
_DONE = (
    "整改完成",
    "已整改",
    "完成整改",
    "整改到位",
    "整改完毕",
    "已完成",
    "销号",
    "办结",
    "到位",
    "完成",
    "闭环",
    "化解",
)
_NOT_DONE = ("未", "正在", "推进", "申请", "待", "基本", "中", "逾期", "退回", "延期")


# A matter of dates, not a state: it lies across the others.
_LATE = ("逾期", "超期", "临期")
# Numbers further apart than this factor are not two sides of one.
NEAR = 2
OVER = 1.3
_OVERLAPPING = ("domain", "category")


def discrepancies(
    figures: Sequence[Figure],
    rates: Sequence[Rate] = (),
    restated: Sequence[Figure] = (),
    unstated: Mapping[Scope, Sequence[str]] | None = None,
    unit_counts: Collection[int] = (),
) -> tuple[Discrepancy, ...]:
    """What does not agree within one report.

    `restated` holds later totals with another value; `unstated` the parts, by scope, that the report names
    whether or not it gives a number for them; `unit_counts` how many units are said to make up the whole
    (a list of another length is no split).
    """
    out: list[Discrepancy] = []
    totals = {f.kind: f for f in figures if f.scope == "total"}
    for kind, total in totals.items():
        for scope in _SPLITS:
            found = _split(total, figures, kind, scope, (unstated or {}).get(scope, ()), unit_counts)
            if found is not None:
                out.append(found)
        out.extend(_restated(total, later) for later in restated if later.kind == kind)
    again = {later.kind: replace(totals[later.kind], value=later.value) for later in restated}
    for rate in rates:
        disagrees = _rate(rate, figures, totals)
        if disagrees and not (again and _rate(rate, figures, totals | again) is None):
            out.append(disagrees)
    return tuple(found for found in out if _plausible(found))


def _plausible(found: Discrepancy) -> bool:
    """Whether the two numbers can be meant to be the same.

    A clerk's total and its parts differ by a slip. When one is less than half of the other, they are of
    different things, or were read wrongly: nothing that a unit could be reproached with.
    """
    over = found.computed > found.stated  # parts of which some are counted twice make more than the whole
    less, more = sorted((found.stated, found.computed))
    return less * (OVER if over and found.by in _OVERLAPPING else NEAR) >= more


def _interval(figures: Sequence[Figure]) -> tuple[float, float]:
    """The least and the greatest the sum of the figures can be."""
    low: float = 0
    high: float = 0
    for figure in figures:
        if figure.bound == "floor":
            low, high = low + figure.value, math.inf
        elif figure.bound == "ceiling":
            high += figure.value
        elif figure.approximate:
            high = math.inf
        else:
            low, high = low + figure.value, high + figure.value
    return low, high


def _meets(a: tuple[float, float], b: tuple[float, float]) -> bool:
    return a[0] <= b[1] and b[0] <= a[1]


def _split(
    total: Figure,
    figures: Sequence[Figure],
    kind: Kind,
    scope: Scope,
    unstated: Sequence[str],
    unit_counts: Collection[int],
) -> Discrepancy | None:
    parts = [f for f in figures if f.scope == scope and f.kind == kind and f.name not in _LATE]
    missing = _missing(parts, figures, scope, unstated)
    if (
        not parts
        or len(parts) + len(missing) < 2
        or len(missing) > len(parts)
        or any(f.open_list for f in parts)
    ):
        return None
    if not _is_partition(parts, missing, figures, scope, unit_counts, total.value):
        return None
    whole = _interval([total])
    low, high = _interval(parts)
    computed = sum(f.value for f in parts)
    if missing and (computed == total.value or (low <= whole[1] and total.approximate)):
        return None
    if not missing and _meets(whole, (low, high)):
        return None
    if missing and any(f.approximate for f in parts) and low <= whole[1] and high >= whole[1]:
        return None
    inferred = None
    if len(missing) == 1 and computed < total.value and not total.approximate and low == high:
        inferred = total.value - computed
    message = _split_message(kind, scope, total.value, computed, missing, inferred)
    return Discrepancy(kind, scope, total.value, computed, tuple(missing), inferred, message)  # type: ignore[arg-type]


def _missing(
    parts: Sequence[Figure], figures: Sequence[Figure], scope: Scope, unstated: Sequence[str]
) -> list[str]:
    """Parts of this split that the report names, but gives no number of this kind for."""
    given = [f.name for f in parts if f.name]
    named = (
        [f.name for f in figures if f.scope == scope and f.name]
        if scope in ("domain", "category", "unit")
        else []
    )
    return [n for n in dict.fromkeys((*named, *unstated)) if not any(n in g or g in n for g in given)]


def _is_partition(
    parts: Sequence[Figure],
    missing: Sequence[str],
    figures: Sequence[Figure],
    scope: Scope,
    unit_counts: Collection[int],
    total: int,
) -> bool:
    """Whether the parts claim to make up the whole."""
    names = [f.name or "" for f in parts]
    if scope == "status":
        return any(_is_done(n) for n in names) and any(not _is_done(n) for n in names)
    if scope == "unit":
        every = len(parts) + len(missing)
        table = all(f.rule == "figure.table" for f in parts)
        near = len(parts) > 4 and 0.9 * total <= sum(f.value for f in parts) <= 1.1 * total
        return table or every in unit_counts or near
    return True


def _is_done(name: str) -> bool:
    return any(word in name for word in _DONE) and not any(
        word in name.replace("完成整改", "").replace("整改中", "中") for word in _NOT_DONE
    )


def _split_message(
    kind: Kind, scope: Scope, stated: int, computed: int, missing: Sequence[str], inferred: int | None
) -> str:
    message = f"{KIND_NAMES[kind]}合计{stated}，{_SPLITS[scope]}相加{computed}，相差{abs(stated - computed)}"
    if missing:
        message += f"；{'、'.join(missing)}未列明"
    if inferred is not None:
        message += f"，推算为{inferred}"
    return message


def _restated(first: Figure, later: Figure) -> Discrepancy:
    message = f"{KIND_NAMES[first.kind]}前文为{first.value}，后文为{later.value}"
    return Discrepancy(first.kind, "restated", later.value, first.value, (), None, message)


def _rate(rate: Rate, figures: Sequence[Figure], totals: Mapping[Kind, Figure]) -> Discrepancy | None:
    """A percentage against its parts, rounded or cut to the places given."""
    # A part larger than its whole belongs to another total: nothing to find fault with.
    candidates = [found for found in _fractions(rate, figures, totals) if found[1] <= found[2]]
    if not candidates or any(is_share(rate.value, rate.places, *parts) for _, *parts in candidates):
        return None
    kind, part, whole = candidates[0]
    computed = _rounded(part, whole, max(rate.places, 1))
    message = f"{rate.name}写为{rate.value:g}%，按{part}÷{whole}应为{computed:g}%"
    return Discrepancy(kind, "rate", rate.value, computed, (), None, message)


def _fractions(
    rate: Rate, figures: Sequence[Figure], totals: Mapping[Kind, Figure]
) -> list[tuple[Kind, int, int]]:
    """(kind, part, whole) that the percentage may be made of, the likeliest first."""
    if rate.part is not None and rate.whole is not None and rate.kind is not None:
        return [(rate.kind, rate.part, rate.whole)] if rate.whole else []
    if rate.part is not None and rate.kind is not None:
        total = totals.get(rate.kind)
        if rate.listed is not None:
            return []  # of the last of the list or of all of it: not plain enough to find fault with
        return (
            [(rate.kind, rate.part, total.value)] if total and total.value and not total.approximate else []
        )
    if "占比" in rate.name:
        return _level_share(rate, figures, totals)
    done = [
        f for f in figures
        if f.scope == "status" and not f.approximate
        and (_is_done(f.name or "") or (rate.name, f.name) == ("落实率", "已落实"))
        and (rate.kind is None or f.kind == rate.kind)
        and (total := totals.get(f.kind)) and total.value and not total.approximate
    ]  # fmt: skip
    before = sorted((f for f in done if f.start <= rate.start), key=lambda f: -f.start) or done
    if not before:
        return []
    kind = before[0].kind
    same = [f for f in before if f.kind == kind]
    total = totals[kind]
    out = [(kind, f.value, total.value) for f in same]
    kept = [f for f in figures if f.scope == "status" and f.kind == kind and "长期坚持" in (f.name or "")]
    out.extend((kind, f.value + k.value, total.value) for f in same for k in kept)
    out.extend((kind, f.value, total.value - k.value) for f in same for k in kept if total.value > k.value)
    if len(same) > 1:
        out.append((kind, sum(f.value for f in same), total.value))
    return out


def _level_share(
    rate: Rate, figures: Sequence[Figure], totals: Mapping[Kind, Figure]
) -> list[tuple[Kind, int, int]]:
    named = [
        f for f in figures if f.name and rate.name.startswith(f.name) and f.kind == (rate.kind or f.kind)
    ]
    return [(f.kind, f.value, t.value) for f in named if (t := totals.get(f.kind)) and t.value]


def _rounded(part: int, whole: int, places: int) -> float:
    scale: int = 10**places
    return math.floor(part * 100 * scale / whole + 0.5 + 1e-9) / scale
