"""分别为 and 依次为: a list of names or kinds, and a list of numbers in the same order."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from reports.extraction.facts import Kind
from reports.extraction.labels import Label
from reports.extraction.tokens import Token

if TYPE_CHECKING:
    from reports.extraction.clause import Clause

_FILL = re.compile(
    r"(?:的|有|为|是|共|出|了|到|达|计|查|排查|梳理|查找|查摆|发现|查出|识别|确定|认定|制定|各|风险|等)+"
)


# 上述四个领域的风险岗位分别为…: the list the report began with
_OF_THE_LIST = re.compile(r"领域|方面|板块|条线|上述|以上|各类|按序|按顺序|前述")


def distribute(clause: Clause, i: int, first: int | None = None) -> int | None:
    """Read the lists around the 分别 at token i; the index after them, None where they do not fit.

    Without a 分别 the numbers begin at token `first`, which is also where the names end.
    """
    runs, after = _runs(clause.tokens, i + 1 if first is None else first)
    if not runs:
        return None
    names, kinds = _before(clause, i if first is None else first)
    for kind, numbers in runs:
        _one_run(clause, kind, numbers, names, kinds)
    clause.counted_since = True
    clause.labels = []
    clause.outer = None
    clause.joint = False
    return after


def _one_run(
    clause: Clause,
    kind: Kind | None,
    numbers: list[Token],
    names: list[Label],
    kinds: list[Kind],
) -> None:
    clause.used.update(map(clause.place_of, numbers))
    if any(t.number is None or t.number.whole is None for t in numbers):
        return
    if kind is None and not kinds and len(names) == 1:  # A领域风险岗位、风险点分别为…，B领域分别为…
        spoken = (clause.state.kind_list, clause.state.kinds)
        kinds = next((k for k in spoken if len(k) == len(numbers)), [])
    if kind is None and len(kinds) > 1 and len(kinds) == len(numbers):
        label = names[0] if len(names) == 1 else None
        if len(names) > 1:
            return
        clause.state.kind_list = kinds
        _put_kinds(clause, kinds, numbers, label)
        return
    listed_domains = clause.reader.domains.listed
    if not names and len(listed_domains) == len(numbers) and _OF_THE_LIST.search(clause.text):
        names = [Label("domain", name) for name in listed_domains]
    counted = kind or (kinds[0] if len(kinds) == 1 else None) or _spoken(clause, kinds)
    if counted is None or len(names) != len(numbers) or len(names) < 2 or clause.base is not None:
        return
    if len(set(names)) != len(names):
        return
    for n, (name, token) in enumerate(zip(names, numbers, strict=True), 1):
        assert token.number is not None
        assert token.number.whole is not None
        clause.put(
            name, counted, token.number.whole, token.number.bound, _start(clause, token, n, kind), token.end,
            "figure.respectively", f"「分别为」第{n}项，按所列次序对应",
        )  # fmt: skip
    clause.state.kinds = [counted]
    clause.state.names = names
    clause.state.carried = None


def _start(clause: Clause, token: Token, n: int, kind: Kind | None) -> int:
    """The first number of a run is quoted with the kind before it."""
    k = clause.place_of(token)
    if n == 1 and kind is not None:
        while k > 0 and clause.tokens[k].type != "kind":
            k -= 1
        return clause.tokens[k].start
    return token.start


def _spoken(clause: Clause, kinds: list[Kind]) -> Kind | None:
    if kinds:
        return None
    if clause.emitted and clause.emitted[-1].scope == "total":
        return clause.emitted[-1].kind
    return clause.state.kinds[0] if len(clause.state.kinds) == 1 else None


def _put_kinds(clause: Clause, kinds: list[Kind], numbers: list[Token], label: Label | None) -> None:
    if label is None:
        label, left_out = clause.current()
        if left_out:
            return
    elif clause.base is not None and clause.base != label:
        return
    for n, (kind, token) in enumerate(zip(kinds, numbers, strict=True), 1):
        assert token.number is not None
        assert token.number.whole is not None
        clause.put(
            label, kind, token.number.whole, token.number.bound, token.start, token.end,
            "figure.respectively-kinds", f"「分别为」第{n}项，按名称次序对应",
        )  # fmt: skip


def _before(clause: Clause, i: int) -> tuple[list[Label], list[Kind]]:
    """Names and kinds listed before token i, back to the last number."""
    names: list[Label] = []
    kinds: list[Kind] = []
    k = i - 1
    while k >= 0 and clause.tokens[k].type != "num":
        token = clause.tokens[k]
        if token.type == "label" and token.label is not None and not clause.is_in_charge(k):
            names.insert(0, token.label)
        elif token.type == "kind" and token.kind is not None:
            kinds.insert(0, token.kind)
        k -= 1
    names = [n for n in names if not (n.scope == "unit" and clause.reader.unit_label(n.name) is None)]
    scopes = {n.scope for n in names}
    if len(scopes) > 1:
        widest = max(scopes, key=lambda s: sum(n.scope == s for n in names))
        if all(sum(n.scope == s for n in names) <= 1 for s in scopes):
            return [], kinds
        names = [n for n in names if n.scope == widest]
    if names:
        return names, kinds
    if len(kinds) <= 1:
        earlier = [
            t.label for t in clause.tokens[max(0, i - 120) : i] if t.type == "label" and t.label is not None
        ]
        if len(earlier) > 1 and len({e.scope for e in earlier}) == 1:
            return earlier, kinds
        return list(clause.state.names or clause.state.run), kinds
    return [], kinds


def _runs(tokens: list[Token], i: int) -> tuple[list[tuple[Kind | None, list[Token]]], int]:
    """Runs of [kind] number, number, … from token i on."""
    runs: list[tuple[Kind | None, list[Token]]] = []
    k = i
    while k < len(tokens):
        kind, k = _kind(tokens, k)
        numbers: list[Token] = []
        first = k
        while k < len(tokens) and tokens[k].type == "num":
            numbers.append(tokens[k])
            k += 1
            trailing, k2 = _trailing(tokens, k)
            if trailing is not None and kind is None:
                kind, k = trailing, k2
            following = tokens[k + 1] if k + 1 < len(tokens) else None
            if (
                k < len(tokens)
                and tokens[k].type in ("list", "comma")
                and following
                and following.type == "num"
            ):
                k += 1
            else:
                break
        if len(numbers) < 2:
            return runs, (first if not runs else k - len(numbers) if numbers else k)
        runs.append((kind, numbers))
        if k < len(tokens) and tokens[k].type in ("list", "comma") and _kind(tokens, k + 1)[0] is not None:
            ahead = _kind(tokens, k + 1)[1]
            if (
                ahead + 1 < len(tokens)
                and tokens[ahead].type == "num"
                and tokens[ahead + 1].type in ("list",)
            ):
                k += 1
                continue
        return runs, k
    return runs, k


def _kind(tokens: list[Token], k: int) -> tuple[Kind | None, int]:
    """The kind at k, words of no weight skipped, and the index after it."""
    at = k
    while at < len(tokens) and tokens[at].type == "word" and _FILL.fullmatch(tokens[at].text):
        at += 1
    if at < len(tokens) and tokens[at].type == "kind":
        at += 1
        while at < len(tokens) and tokens[at].type == "word" and _FILL.fullmatch(tokens[at].text):
            at += 1
        return tokens[at - 1].kind or next((t.kind for t in tokens[k:at] if t.kind), None), at
    return None, at


def _trailing(tokens: list[Token], k: int) -> tuple[Kind | None, int]:
    """12个、8个、5个风险岗位: the kind stands after the last number."""
    if k < len(tokens) and tokens[k].type == "kind":
        return tokens[k].kind, k + 1
    return None, k
