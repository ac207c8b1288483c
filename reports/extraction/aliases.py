"""Which names are one body: same name apart from county and 县, one family of names, declared, or shortened.

Every way of joining is a reason that can be shown; a name with XX in it is never joined by guess.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from reports.extraction.bodies import family_of, is_short_for
from reports.extraction.facts import Known

_NO_SHORTENING = re.compile(r"(?:镇|乡|街道|政府|办事处|医院|中学|小学|学校)$")
_BANK = re.compile(r"(?:银行|联社|支行|行|社)$")


_LEGAL = re.compile(r"(?<=[行社])(?:股份)?有限(?:责任)?公司$")


class Groups:
    """Names in order of first use, joined into groups (the first name of a group stands for it)."""

    def __init__(self, forms: Sequence[str]) -> None:
        self._parent = {form: form for form in forms}
        self._order = {form: n for n, form in enumerate(self._parent)}

    def __contains__(self, form: str) -> bool:
        return form in self._parent

    def root(self, form: str) -> str:
        """The name that stands for the group of `form`."""
        while self._parent[form] != form:
            form = self._parent[form]
        return form

    def join(self, a: str, b: str) -> None:
        """Put two names into one group."""
        first, second = sorted((self.root(a), self.root(b)), key=self._order.__getitem__)
        self._parent[second] = first


def group_names(
    forms: Sequence[str],
    firms: frozenset[str],
    declared: Sequence[tuple[str, str]],
    known: Known,
    sign: str,
    counties: Sequence[str],
) -> Groups:
    """The names of one text, grouped. `declared` are pairs the text itself calls one (以下简称, 原)."""
    groups = Groups(forms)
    cores = {form: core_of(form, sign, counties) for form in forms}
    _join_known(forms, known, groups)
    _join_same(forms, cores, groups)
    present = set(forms)
    for name, other in declared:
        for form in (other, sign + other):
            if name in present and form in present:
                groups.join(name, form)
    _join_shortened(forms, cores, firms, groups)
    for short, ending in (("管委会", "管委会$|管理委员会$"), ("领导小组办公室", "领导小组办公室$")):
        full = [f for f in forms if f != short and re.search(ending, f)]
        if short in groups and full and len({groups.root(f) for f in full}) == 1:
            groups.join(full[0], short)
    return groups


def core_of(form: str, sign: str, counties: Sequence[str]) -> str:
    """A name without county, 县, and what only its legal form adds."""
    form = _without_county(form, counties).removeprefix("国家税务总局")
    form = _without_county(form, counties)
    form = form.removeprefix("自治")
    form = form.removeprefix(sign) if len(form) > 2 else form
    form = re.sub("^(?:人民)?政府(?=国有资产|金融|信访|扶贫|外事|督查室)", "", form)
    form = re.sub("^国[营有](?=.{2,6}场$)", "", form)
    form = re.sub(rf"^.*?派?驻{sign}?(?=.*纪检(?:监察)?组$)", "驻", form)
    form = re.sub(r"^(?:共青团|团)", "团", form)
    form = re.sub(r"[镇乡](?:中心)?卫生院$", "卫生院", form)
    form = re.sub(r"(镇|乡|街道)(?:人民政府|政府|办事处)$", r"\1", form)
    return re.sub(r"机关$", "", form)


def _without_county(form: str, counties: Sequence[str]) -> str:
    for county in counties:
        form = form.removeprefix(county)
    return form


def has_x(form: str) -> bool:
    """Whether part of a name is hidden (XX镇)."""
    return bool(re.search(r"[Xx×*某]", form))


def _join_known(forms: Sequence[str], known: Known, groups: Groups) -> None:
    for name, aliases in known.units:
        same = [f for f in forms if (f == name or f in aliases) and not has_x(f)]
        for other in same[1:]:
            groups.join(same[0], other)


def _join_same(forms: Sequence[str], cores: dict[str, str], groups: Groups) -> None:
    by_core: dict[object, str] = {}
    for form in forms:
        family = family_of(cores[form])
        key: object = form if has_x(cores[form]) else cores[form] if family is None else family
        groups.join(by_core.setdefault(key, form), form)


def _join_shortened(
    forms: Sequence[str], cores: dict[str, str], firms: frozenset[str], groups: Groups
) -> None:
    plain = [f for f in forms if not has_x(f) and not _NO_SHORTENING.search(f)]
    for short in plain:
        candidates = {
            groups.root(full) for full in plain if full != short and _shortens(cores, firms, short, full)
        }
        candidates.discard(groups.root(short))
        if len(candidates) == 1:
            groups.join(candidates.pop(), short)


def _shortens(cores: dict[str, str], firms: frozenset[str], short: str, full: str) -> bool:
    a, b = cores[short], cores[full]
    if len(a) >= len(b) or (short in firms) != (full in firms):
        return False
    if short in firms:
        return _firm_shortens(a, b)
    if family_of(a) is not None and family_of(b) is not None:
        return False
    if b.startswith(a):
        return False  # a part of the body: 税务局河湾税务分局
    a, b = _ending(a), _ending(b)
    return a[-1] == b[-1] and a[-1] in "局委办心会组" and len(a) >= 3 and is_short_for(a, b)


def _firm_shortens(a: str, b: str) -> bool:
    a, b = _LEGAL.sub("", a), _LEGAL.sub("", b)
    if _BANK.search(a) or _BANK.search(b):
        return is_short_for(a, b) and a[-1] == b[-1]
    short, full = _firm_core(a), _firm_core(b)
    return len(short) >= 2 and (short == full or short in full or is_short_for(short, full))


def _firm_core(core: str) -> str:
    return re.sub(r"(?:集团)?(?:股份)?有限(?:责任)?公司$|集团公司$|公司$|集团$", "", core)


def _ending(core: str) -> str:
    return re.sub(r"委员会$", "委", re.sub(r"办公室$", "办", core))
