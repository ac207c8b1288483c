"""What a number in a clause counts: the kind beside it, or the one it takes over from what was said."""

from __future__ import annotations

import re
from itertools import pairwise
from typing import TYPE_CHECKING

from reports.extraction.facts import Kind
from reports.extraction.labels import Label
from reports.extraction.numerals import is_share
from reports.extraction.tokens import Token
from reports.extraction.wording import FILL, OTHER_TIME, PARTIAL, SUM, TAKEN_OUT, VERB

if TYPE_CHECKING:
    from reports.extraction.clause import Clause


_CHANGED = r"(?:减少|增加|下降|上升|核减|核增|压减|缩减|精简|合并|归并|扩大|更正|修正|降|增|升|调整)(?:到|至|为|成)(?:了)?"


_SUMMED = re.compile(r"(?:数|数量)?(?:合计|共计|总计|总共|总数|总量|共)(?:为|有|是)?")
_FOUND_BY_OTHERS = re.compile(
    r"抽查|回访|督查|暗访|检查组|巡察组|巡察发现|审计发现|抽检|抽样|信访|投诉|举报|帮助|协调解决|解决"
)
_SAMPLED = re.compile(r"抽查|抽取|随机抽|抽样|抽检")
_PERIOD = re.compile(r"[上下]半年|[一二三四]季度|第[一二三四][批轮阶]|[前后]期|首[批轮]|次轮")
_RANKED = re.compile(
    r"(?:的)?(?:数量)?(?:为|属)?(?:最多|次之|最少|居首|居次|居末|较多|较少|第[一二三四五]|其次)"
)


def is_lone_topic(clause: Clause, i: int) -> bool:
    """A kind that is named alone, with no number of its own: 全部制定了防控措施，共计144条."""
    if i in clause.used:
        return False
    before = clause.tokens[i - 1] if i else None
    if before is not None and before.type in ("num", "none", "list", "label"):
        return False
    k = i + 1
    while k < len(clause.tokens) and (
        (clause.tokens[k].type == "word" and FILL.fullmatch(clause.tokens[k].text))
        or clause.tokens[k].type == "label"
    ):
        k += 1
    if k + 1 < len(clause.tokens) and clause.tokens[k].type == "each":
        return clause.tokens[k + 1].text == "：" or clause.tokens[k + 1].type in ("label", "word")
    return k >= len(clause.tokens) or clause.tokens[k].type not in ("num", "list", "each", "none", "kind")


def opens_sum(clause: Clause, i: int) -> bool:
    """，共100个: a sum of the parts just listed."""
    before = clause.tokens[i - 1] if i else None
    if before is not None and before.type == "word" and i > 2 and _SUMMED.fullmatch(before.text):
        k = i - 2
        if clause.tokens[k].type == "kind" and clause.tokens[k - 1].type in ("comma", "stop"):
            parts = {(f.scope, f.name) for f in clause.emitted if f.name}
            parts |= {(p.scope, p.name) for p, _ in clause.pending}
            listed = before.text != "共" or {scope for scope, _ in parts} <= {"status", "level", "category"}
            return listed and len(parts) > 1
    if (
        before is not None
        and before.type == "kind"
        and i > 2
        and clause.tokens[i - 3].type in ("comma", "stop")
    ):
        return clause.blocked and bool(_SUMMED.fullmatch(clause.tokens[i - 2].text))
    if (
        before is None
        or before.type != "word"
        or not re.match(
            r"(?:目前|现|至此|以上|上述|全[县区市旗镇乡局院校行社年])?(?:合计|共计|总计|累计|共)", before.text
        )
    ):
        return False
    parts = {(f.scope, f.name) for f in clause.emitted if f.name} | {
        (p.scope, p.name) for p, _ in clause.pending
    }
    opens = i < 2 or clause.tokens[i - 2].type in ("comma", "stop", "close")
    return opens and (len(parts) > 1 or clause.blocked)


def kind_at(clause: Clause, i: int) -> tuple[Kind | None, int, int, str]:
    """(kind, start and end of the quote, rule) for the number at i."""
    token = clause.tokens[i]
    left = _left(clause, i)
    if (
        left is not None
        and clause.tokens[left].type == "kind"
        and not (left in clause.used and clause.tokens[i + 1 : i + 2] and clause.tokens[i + 1].type == "kind")
    ):
        if re.match(r"(?:月|方面|大类|步骤|阶段)", clause.passage.text[token.end : token.end + 2]):
            return None, 0, 0, ""
        start = _label_start(clause, left)
        return clause.tokens[left].kind, start, token.end, "kind-number"
    if _is_bracketed(clause, i):
        return clause.tokens[i - 2].kind, clause.tokens[i - 2].start, token.end, "kind-number"
    right = _right(clause, i)
    if right is not None and token.measure:
        kind_token = clause.tokens[right]
        if not _right_open(clause, right):
            return None, 0, 0, ""
        clause.used.add(right)
        _placed_after(clause, right)
        return kind_token.kind, token.start, kind_token.end, "number-kind"
    if left is not None and clause.tokens[left].type == "label":
        inner = _left(clause, left)
        if inner is not None and clause.tokens[inner].type == "kind":
            return clause.tokens[inner].kind, clause.tokens[left].start, token.end, "kind-label-number"
    kind = _changed_kind(clause, i) or _ranked_kind(clause, i) or inherited_kind(clause, token)
    if kind is None:
        return None, 0, 0, ""
    return kind, _quote_start(clause, i), token.end, "inherited"


def _is_bracketed(clause: Clause, i: int) -> bool:
    """风险岗位（28个）: nothing but the number in brackets behind its kind."""
    types = [t.type for t in clause.tokens[max(0, i - 2) : i + 2]]
    return types == ["kind", "open", "num", "close"]


def _changed_kind(clause: Clause, i: int) -> Kind | None:
    """风险点由96个核减为88个: the kind stands before the number of another time."""
    if not re.search(rf"{_CHANGED}$", clause.tokens[i - 1].text if i else ""):
        return None
    k = i - 1
    while k >= 0 and clause.tokens[k].type not in ("comma", "stop"):
        if clause.tokens[k].type == "kind":
            return clause.tokens[k].kind
        k -= 1
    return None


def _ranked_kind(clause: Clause, i: int) -> Kind | None:
    """风险点最多，为72处."""
    k = i - 2 if i and clause.tokens[i - 1].type == "word" else i - 1
    if k < 2 or clause.tokens[k].type != "comma" or not _RANKED.fullmatch(clause.tokens[k - 1].text):
        return None
    return clause.tokens[k - 2].kind


def _left(clause: Clause, i: int) -> int | None:
    """Index of the token before i, fillers skipped; 、 and ， stop the search."""
    k = i - 1
    while k >= 0:
        token = clause.tokens[k]
        if (token.type == "word" and (FILL.fullmatch(token.text) or token.text in ("台账", "清单"))) or (
            token.text == "：" and k == i - 1
        ):
            k -= 1
            continue
        if token.type == "label" and token.label and k == i - 1 and token.label.scope == "level":
            return k
        return k if token.type in ("kind", "label") else None
    return None


def _right(clause: Clause, i: int) -> int | None:
    k = i + 1
    while k < len(clause.tokens):
        token = clause.tokens[k]
        if token.type == "kind":
            return k
        if token.type == "word" and re.fullmatch(
            r"的|廉政|廉洁|涉企|主要|具体|整改|防控|相关|个|类|(?:岗位|点位|环节|部位)?(?:被)?(?:列入|纳入|列作|列为|确定为|认定为|定为|评定为)",
            token.text,
        ):
            k += 1
            continue
        if (
            token.type == "label"
            and token.label
            and token.label.scope in ("level", "category", "status", "domain")
        ):
            following = clause.tokens[k + 1] if k + 1 < len(clause.tokens) else None
            if following is not None and following.type == "kind":
                clause.counted_since = True
                _on_label_before_kind(clause, k)
                return k + 1
        return None
    return None


def _on_label_before_kind(clause: Clause, k: int) -> None:
    """12个高风险岗位: the label stands between the number and the kind."""
    label = clause.tokens[k].label
    assert label is not None
    if (
        clause.labels
        and clause.labels[-1].scope in ("domain", "unit")
        and clause.labels[-1].scope != label.scope
    ):
        clause.outer = clause.labels[-1]
    clause.labels, clause.joint, clause.counted_since = [label], False, False
    clause.used.add(k)


def _right_open(clause: Clause, k: int) -> bool:
    """Whether the kind after a number is what is counted, not part of a longer word."""
    rest = clause.passage.text[clause.tokens[k].end : clause.tokens[k].end + 8]
    return not re.match(
        r"(?:的?(?:责任人|负责人|人员|干部|"
        + ("" if clause.emitted else "清单|台账|")
        + r"防控|公示|工作人员|整改销号|描述|整改没有|整改不)|岗位|领域|责任|台帐|手册|流程图|登记|管理|所在|整改率|上|未|没|仍|尚|逾期|整改迟|只|还|仅|不)",
        rest,
    )


def _placed_after(clause: Clause, k: int) -> None:
    """26个风险岗位集中在项目投资领域: the part stands behind what is counted."""
    rest = clause.tokens[k + 1 : k + 4]
    if len(rest) < 2 or rest[0].type != "word" or rest[1].type != "label" or rest[1].label is None:
        return
    closed = len(rest) < 3 or rest[2].type in ("comma", "stop", "close")
    placed = re.fullmatch(r"(?:集中|分布|存在|涉及|属于|来自|出现|是)?(?:在|于)?", rest[0].text)
    if closed and placed and rest[1].label.scope != "unit":
        clause.labels, clause.joint, clause.counted_since = [rest[1].label], False, True
        clause.used.add(k + 2)


def inherited_kind(clause: Clause, token: Token) -> Kind | None:
    kinds = clause.state.kinds
    last = clause.emitted[-1] if clause.emitted else None
    follows = last is not None and last.kind == "measure" and last.quote.endswith(token.measure or "。")
    if follows and (not kinds or token.measure not in clause.state.measures):
        return "measure"  # 制定措施215条，已落实198条
    share = _by_share(clause, token, [k for k in clause.state.totals if k != "measure"])
    own_share = kinds and _by_share(clause, token, kinds)
    if share is not None and not own_share:
        return share  # 逐一明确整改措施，完成整改47个，占83.9%: of what the percentage is of
    if clause.topic is not None and (not clause.emitted or not kinds):
        return clause.topic
    if len(kinds) == 1:
        counted = clause.state.measures.get(token.measure) or not clause.state.measures
        return kinds[0] if counted else _by_sum(clause, token, list(clause.state.totals)) or kinds[0]
    if len(kinds) > 1 and (by_sum := _by_sum(clause, token, kinds)) is not None:
        return by_sum
    if len(kinds) > 1 and (by_share := _by_share(clause, token, kinds)) is not None:
        return by_share
    by_word = clause.state.measures.get(token.measure, set())
    return next(iter(by_word)) if len(by_word) == 1 and len(kinds) > 1 else None


def _by_sum(clause: Clause, token: Token, kinds: list[Kind]) -> Kind | None:
    """Of several kinds, the one whose total the parts that follow make up."""
    at = clause.place_of(token)
    numbers: list[int] = []
    depth = 0
    for k in range(at, min(len(clause.tokens), at + 240)):
        t = clause.tokens[k]
        depth += (t.type == "open") - (t.type == "close")
        if depth < 0 or t.type in ("kind", "stop", "reset") or (t.type == "of" and numbers):
            break
        if t.type == "num" and t.number is not None and t.number.whole is not None:
            numbers.append(t.number.whole)
    totals = clause.state.totals
    label = clause.tokens[at - 1].label if at else None
    earlier = [
        f.value
        for f in clause.emitted[-120:]
        if f.rule == "figure.inherited" and (label is None or f.scope == label.scope)
    ]
    if len(numbers) + len(earlier) < 2:
        return None
    every = sum(numbers) + sum(earlier)
    fits = [k for k in kinds if totals.get(k) == every] or [k for k in kinds if totals.get(k) == sum(numbers)]
    if not fits and label is not None and label.scope in ("level", "status", "category"):  # a slip apart
        fits = [k for k in kinds if 0.9 * totals.get(k, 0) <= every <= 1.1 * totals.get(k, 0)]
    return fits[0] if len(fits) == 1 else None


def _by_share(clause: Clause, token: Token, kinds: list[Kind]) -> Kind | None:
    """Of several kinds, the one whose total makes the percentage that follows: 已整改96个，整改率68.1%."""
    at = clause.place_of(token)
    for after in clause.tokens[at + 1 : at + 5]:
        if after.type in ("num", "stop", "kind"):
            return None
        if after.type == "pct" and after.number is not None and token.number is not None:
            part, totals = token.number.value, clause.state.totals
            fits = [
                k for k in kinds
                if totals.get(k) and is_share(after.number.value, after.places, int(part), totals[k])
            ]  # fmt: skip
            return fits[0] if len(fits) == 1 else None
    return None


def may_inherit(clause: Clause, i: int, kind: Kind) -> bool:
    """A number without a kind of its own counts only beside a part's name or a word of summing up."""
    token = clause.tokens[i]
    after = clause.passage.text[token.end : token.end + 1]
    before_text = clause.passage.text[max(0, token.start - 4) : token.start]
    if re.search(rf"{_CHANGED}$", before_text):
        return bool(clause.labels) or _changed_kind(clause, i) is not None
    named = i + 1 < len(clause.tokens) and clause.tokens[i + 1].type == "label"
    if after and not named and not re.match(r"[、，。；）（：和及占属为已均都是分集在来定评列被最]", after):
        return False
    if _ranked_kind(clause, i) is not None:
        return True
    before = clause.tokens[i - 1] if i else None
    if before is not None and before.type == "word" and FILL.fullmatch(before.text):
        if SUM.search(before.text) and (
            i < 2 or clause.tokens[i - 2].type in ("comma", "stop", "open", "reset")
        ):
            clause.labels, clause.outer, clause.joint = [], None, False
            return True
        before = clause.tokens[i - 2] if i > 1 else None
    if before is None:
        return False
    if before.type == "group":
        return clause.joint and clause.tokens[i - 1].text.endswith(("各", "各占", "均为", "均有"))
    if before.type == "open":
        return _named_before_bracket(clause, i) or (i > 1 and clause.tokens[i - 2].type == "label")
    if before.type == "label":
        return _same_measure(clause, token, kind, before)
    if before.type == "comma" and i > 1:
        at = clause.place_of(before)
        if at > 1 and _RANKED.fullmatch(clause.tokens[at - 1].text):
            at -= 1
        if at > 0 and clause.tokens[at - 1].type == "label" and not clause.counted_since:
            return True
    if before.type == "word":
        return _unknown_name(clause, i, before) or _label_after(clause, i)
    return _label_after(clause, i)


# 收到群众来信64件，办结61件
_OF_LETTERS = re.compile(r"(?:来信|诉求|投诉|信访|线索|案件|工单|意见|建议|咨询)[^，。；]{0,6}\d+件，$")


def _same_measure(clause: Clause, token: Token, kind: Kind, before: Token) -> bool:
    assert before.label is not None
    if _OF_LETTERS.search(clause.text[: before.start - clause.tokens[0].start]):
        return False
    if (
        clause.state.stale
        and before.label.scope == "status"
        and not _about_progress(
            clause,
        )
    ):
        return False
    words = {w for w, kinds in clause.state.measures.items() if kind in kinds}
    bare = not token.measure and re.match("[，、；。）]", clause.passage.text[token.end : token.end + 1])
    return (
        not words
        or token.measure in words
        or (bool(bare) and before.label.scope in ("domain", "level", "category"))
    )


def _about_progress(clause: Clause) -> bool:
    return any(re.search(r"整改|进度|进展|销号|完成|成效|落实", h.title) for h in clause.path)


def _named_before_bracket(clause: Clause, i: int) -> bool:
    """工程建设（46个）: the name stands before the bracket."""
    k = i - 1
    while k >= 0 and clause.tokens[k].type != "open":
        k -= 1
    name = clause.tokens[k - 1] if k > 0 else None
    if name is None or name.type != "word":
        return False
    return _unknown_name(clause, i, name)


def _in_split(clause: Clause, i: int) -> bool:
    """Whether the number stands in a list that splits a total just given."""
    token, kind = clause.tokens[i], inherited_kind(clause, clause.tokens[i])
    words = {w for w, kinds in clause.state.measures.items() if kind in kinds}
    if kind is None or (words and token.measure not in words):
        return False
    first = clause.tokens[:2]
    within = len(first) == 2 and first[0].type == "kind" and first[1].text == "中"  # 风险点中，甲27个、乙30个
    return (
        any(f.kind == kind for f in clause.emitted)
        or clause.tokens[0].type in ("of", "reset")
        or within
        or clause.spoke
        or bool(clause.state.hint)
    )


def _unknown_name(clause: Clause, i: int, word: Token) -> bool:
    """A name that no ending tells: taken as a part only in a list of such parts."""
    state = re.sub("的$", "", word.text)
    free = _STATE_LIKE.fullmatch(state) is not None and inherited_kind(clause, clause.tokens[i]) is not None
    told = free and _tells_states(clause, i)
    if not told and not _in_split(clause, i):
        return False
    if free and (told or clause.state.hint == "status"):
        clause.labels, clause.joint, clause.counted_since = [Label("status", state)], False, False
        return True
    name = re.sub(
        r"^(?:其中|中(?![介小医药央学外])|涉及|属于|为|有|是|在)|(?:这一?块|[上中里])?(?:的|有|为|共|各|类|方面|领域)$",
        "",
        word.text,
    )
    name = re.sub(r"(?:自查|排查|梳理|查找|上报|报送|填报|发现|查出)[了出]?$", "", name)
    if (
        not clause.tokens[i].measure
        or not re.fullmatch(r"[\u4e00-\u9fff]{2,10}", name)
        or clause.state.hint in ("unit", "status")
    ):
        return False
    if name.endswith(("岗位", "点位", "环节")):
        return False
    if FILL.fullmatch(name) or re.search(
        rf"^(?:{VERB}|在(?!建)|仍|正|已|未|待|尚|还|没|提交|申请|新|再|多|少|增|减|超|差|仅|只|另|还|较|比)|[已未的了着]|过$|存在|全部|剩下|其余|剩余|余下|最终|最后|(?:单位|项目|部门|人员|股|科|室|队|所|站|组|局|镇|乡|村|校|院|社|行|店|厂|矿|手|成员|干部|领导|职工|员工|党员|清单|台账)$",
        name,
    ):
        return False
    names, near = _listed_beside(clause, i)
    if names < 2 and not (len(near) >= 2 and names):
        return False
    scope = clause.state.hint if clause.state.hint in ("category", "level") else "domain"
    if near and scope == "domain" and "domain" not in near:
        return False
    names_of = [*(_named_with(clause, i) if word.text.endswith("各") else ()), name]
    clause.labels = [Label(scope, each) for each in names_of]  # type: ignore[arg-type]
    clause.joint, clause.counted_since = len(names_of) > 1, False
    return True


# 已堵住92处，正在堵38处，需上级协调7处: states in free words
_STATE_LIKE = re.compile(r"(?:已经?|正在?|尚未|还没有?|没有?|未|待|需)[\u4e00-\u9fff]{1,6}")


def _tells_states(clause: Clause, i: int) -> bool:
    """Whether a clause counts what is done beside what is not, each under a word of its own."""
    named = [
        t.label.name if t.label else t.text
        for t, after in pairwise(clause.tokens[max(0, i - 40) : i + 40])
        if after.type == "num" and (_STATE_LIKE.fullmatch(t.text) or (t.label and t.label.scope == "status"))
    ]
    return len(named) > 1 and len({n[0] == "已" for n in named}) == 2


def _named_with(clause: Clause, i: int) -> list[str]:
    """甲和乙各6个: the names that share the number with the one before it."""
    found: list[str] = []
    k = i - 2
    while k > 0 and clause.tokens[k].type == "list" and clause.tokens[k - 1].type in ("word", "label"):
        before = clause.tokens[k - 1]
        named = before.label.name if before.label and before.label.scope == "domain" else before.text
        if not re.fullmatch(r"[\u4e00-\u9fff]{2,10}", named):
            break
        found.insert(0, named)
        k -= 2
    return found


def _listed_beside(clause: Clause, i: int) -> tuple[int, list[str]]:
    """Of the list around token i: how many plain names carry a number, and the scopes of the labels that do."""
    tokens = _same_bracket(clause.tokens[max(0, i - 120) : i + 120], min(i, 120))
    names = 0
    scopes: list[str] = []
    for k, token in enumerate(tokens[:-1]):
        after = tokens[k + 1]
        counted = after.type == "num" or (
            after.type == "open" and k + 2 < len(tokens) and tokens[k + 2].type == "num"
        )
        if token.type == "word" and counted and re.fullmatch(r"(?:其中)?[\u4e00-\u9fff]{2,10}", token.text):
            names += 1
        elif token.type == "label" and token.label and after.type in ("num", "open"):
            scopes.append(token.label.scope)
    return names, scopes


def _same_bracket(tokens: list[Token], i: int) -> list[Token]:
    """The tokens inside the brackets that token i stands in; all of them where it stands in none.

    A bracket that holds one number (工程建设（46个）) is part of the list, not a list of its own.
    """
    start = next((k for k in range(i, -1, -1) if tokens[k].type in ("open", "close")), -1)
    if start < 0 or tokens[start].type == "close":
        return tokens
    end = next((k for k in range(i, len(tokens)) if tokens[k].type == "close"), len(tokens))
    inner = tokens[start + 1 : end]
    return tokens if sum(t.type == "num" for t in inner) < 2 else inner


def _label_after(clause: Clause, i: int) -> bool:
    """12个为高风险; 26个属于项目投资领域."""
    k = i + 1
    while (
        k < len(clause.tokens)
        and clause.tokens[k].type == "word"
        and re.fullmatch(
            r"(?:为|属于|属|都|是|已|均已|的|在|涉及|集中在|分布在|处于|被|评为|定为|列为|系)+",
            clause.tokens[k].text,
        )
    ):
        k += 1
    if k >= len(clause.tokens) or clause.tokens[k].type != "label" or k == i:
        return False
    label = clause.tokens[k].label
    assert label is not None
    if label.scope == "unit":
        return False
    following = clause.tokens[k + 1] if k + 1 < len(clause.tokens) else None
    if following is not None and following.type in ("num", "kind"):
        return False
    clause.labels, clause.joint, clause.counted_since = [label], False, True
    clause.used.add(k)
    return True


def guarded(clause: Clause, i: int) -> bool:
    """Numbers of another time, of a sample or of a change are no figures."""
    token = clause.tokens[i]
    start = clause.tokens[0].start
    before = clause.text[max(0, token.start - start - 120) : token.start - start]
    chunk = re.split(r"[，；。：]", before)[-1]
    near = re.split(r"[，、；。（：]", before.removesuffix("："))[-1]
    if re.search(rf"{_CHANGED}$", near):
        return False
    label = clause.tokens[i - 1].label if i else None
    in_list = clause.emitted and label is not None and label.scope == clause.emitted[-1].scope == "status"
    if in_list and label is not None and PARTIAL.search(label.name):
        return bool(clause.blocked)  # 整改中45个，退回4个
    if _FOLLOWED_UP.search(near) and not PARTIAL.search(near) and not TAKEN_OUT.search(near):
        return bool(clause.blocked)  # 去年列账风险点318个 are those now followed up
    if (
        OTHER_TIME.search(near)
        or re.search(r"年初|原来|起初|最初|初期|初查|原先", near)
        or re.search(r"去年|上年|上一轮|上轮|此前|同期|力争|新增|新排查", chunk)
    ):
        return True
    if _SAMPLED.search(before) and kind_near(clause, i) is None and not _named_now(clause, i):
        return True  # 核查组抽查12个，认定销号9个，退回3个
    later = clause.text[token.end - start :]
    if _PERIOD.search(near) and re.search(
        r"，(?:全年|累计|合计|两.{1,3}共|共|全[县区镇局])[^，；]{0,8}\d", later
    ):
        return True
    partial = PARTIAL.search(chunk if not clause.labels else near)
    if TAKEN_OUT.search(near):
        return True
    if partial and not (partial[0] in ("其余", "剩余") and (clause.joint or _is_called(clause, i))):
        return True
    if kind_near(clause, i) == "item" and re.search(_FOUND_BY_OTHERS.pattern, before):
        return True
    return bool(clause.blocked)


_FOLLOWED_UP = re.compile("列账|在册|入库|建账")


def _named_now(clause: Clause, i: int) -> bool:
    """Whether a part other than a state is named right before the number."""
    label = clause.tokens[i - 1].label if i else None
    return label is not None and label.scope != "status"


def _is_called(clause: Clause, i: int) -> bool:
    """其余147个为低风险: the rest is given a name."""
    word, label = (clause.tokens[k] if k < len(clause.tokens) else None for k in (i + 1, i + 2))
    if word is not None and word.type == "label":
        return True
    return (
        word is not None and label is not None and label.type == "label"
        and re.fullmatch(r"(?:均|都|则|全部)?(?:为|是|属|属于)", word.text) is not None
    )  # fmt: skip


def kind_near(clause: Clause, i: int) -> Kind | None:
    left, after = _left(clause, i), clause.tokens[i + 1] if i + 1 < len(clause.tokens) else None
    if left is not None and clause.tokens[left].type == "kind":
        return clause.tokens[left].kind
    return after.kind if after is not None else None


def _label_start(clause: Clause, k: int) -> int:
    return clause.tokens[k].start


def _quote_start(clause: Clause, i: int) -> int:
    """An inherited figure is quoted with the name or the word before it, back to the last mark."""
    k = i
    while k > 0 and clause.tokens[k - 1].type in ("word", "label", "open", "kind"):
        k -= 1
    if (
        k > 1
        and clause.tokens[k - 1].type == "comma"
        and clause.tokens[k - 2].type == "label"
        and not clause.counted_since
    ):
        k -= 2
    text = clause.passage.text[clause.tokens[k].start : clause.tokens[i].start]
    bracket = text.rfind("（")
    if bracket > 0 and not re.fullmatch(r"（\W*", text[bracket:]):
        return clause.tokens[k].start + bracket + 1
    lead = re.match(r"(?:其中)?(?:各单位|全县)?", text)
    return clause.tokens[k].start + (lead.end() if lead else 0)
