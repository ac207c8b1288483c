"""Resolve a draft answer, written with quotes, into an expected answer with offsets.

`python -m tests.samples.answers DRAFT.draft.json|FOLDER [--into FOLDER]` looks for NAME.txt in --into
(else in the seen half) and writes NAME.json there. It refuses a draft that contradicts its text or
itself. Given a finished NAME.json, it checks that its quotes stand where it says.

A draft has the shape of an answer, except that a place is given by words instead of offsets:
- `quote`: the words; `a…b` means from a to the first b after it. `nth` (from 0) picks an occurrence,
  `after` (a string that the text holds once, or several in turn) says where to begin looking.
- a unit needs no quote: the first place of its name or of one of its aliases is taken.
- a rate may carry `of`: [part, whole, kind], from which the tool works out whether it disagrees.
- `not_splits`: [[kind, scope]] names lists that overlap or are only a top few, so do not add up.
- `unstated`: {"kind/scope": [names]} names the parts of a split for which the text gives no number.
- a `restated` discrepancy carries the `quote` of the later number.
- an ignored stretch carries `mask: true` where its characters must not be kept.
"""

import argparse
import itertools
import json
import re
import sys
from decimal import ROUND_DOWN, ROUND_HALF_UP, Decimal
from pathlib import Path
from typing import Any

SEEN = Path(__file__).parent / "reports" / "seen"
SCOPES = ("total", "domain", "category", "level", "status", "unit")
KINDS = ("post", "point", "link", "item", "measure")
ROLES = ("issuer", "addressee", "participant", "mentioned")
NOUNS = {"post": "风险岗位", "point": "风险点", "link": "关键环节", "item": "事项", "measure": "措施"}
SPLITS = {"domain": "各领域", "category": "各类别", "level": "各等级", "status": "各状态", "unit": "各单位"}
ENDINGS = {"domain": ("领域", "方面"), "category": ("类", "风险")}
ABOVE = ("县人民政府", "县委", "县委员会")  # the county itself signs, but is none of its own units
NONE_WORDS = ("未发现", "未排查出", "未查出", "没有", "尚无", "暂无", "无", "零")
NEXT_HEADING = re.compile(r"\n\s*(?:（[一二三四五六七八九十]+）|[一二三四五六七八九十]+、|\d+[.．])")
DIGITS = {char: value for value, char in enumerate("零一二三四五六七八九")} | {"两": 2, "〇": 0}
TIMES = {"十": 10, "百": 100, "千": 1000}

Json = dict[str, Any]


class ContradictionError(Exception):
    """A draft that its own text or figures do not bear out."""


def read_plain(path: Path) -> str:
    """The text of a plain file in UTF-8 or GB18030, line ends as \\n."""
    raw = path.read_bytes()
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = raw.decode("gb18030")
    return text.replace("\r\n", "\n").replace("\r", "\n")


def squeeze(words: str) -> str:
    """The words without any white space: breaks and stray blanks carry no meaning."""
    return "".join(words.split())


def require(truth: bool, complaint: str) -> None:
    if not truth:
        raise ContradictionError(complaint)


def numbers_in(words: str) -> set[Decimal]:
    """Every number the words can be read as: 1,208 １２ 一百二十九 1.2万."""
    plain = words.translate(str.maketrans("０１２３４５６７８９．，％", "0123456789.,%"))
    found = {Decimal(0)} if any(word in plain for word in NONE_WORDS) else set()
    for figure, myriads in re.findall(r"(\d[\d,]*(?:\.\d+)?)(万?)", plain):
        found.add(Decimal(figure.replace(",", "").rstrip(".")) * (10000 if myriads else 1))
    for numeral in re.findall(r"[零〇一二两三四五六七八九十百千]+", plain):
        found.add(Decimal(chinese(numeral)))
    return found


def chinese(numeral: str) -> int:
    total, digit = 0, 0
    for char in numeral:
        if char in TIMES:
            total += max(digit, 1) * TIMES[char]
            digit = 0
        else:
            digit = DIGITS[char]
    return total + digit


class Resolver:
    """Turns one draft into one answer, over one text."""

    def __init__(self, draft: Json, text: str) -> None:
        self.draft = draft
        self.text = text

    def answer(self) -> Json:
        draft = self.draft
        self.check_head()
        units = [self.unit(one) for one in draft.get("units", [])]
        self.check_units(units)
        names = {unit["name"] for unit in units}
        figures = [self.figure(one, names) for one in draft.get("figures", [])]
        check_once(figures)
        return {
            "title": draft["title"],
            "issuer": draft["issuer"],
            "dates": self.dates(),
            "cases": draft["cases"],
            "units_involved": draft["units_involved"],
            "figures": figures,
            "rates": [self.rate(one) for one in draft.get("rates", [])],
            "discrepancies": self.discrepancies(figures),
            "units": units,
            "measures": [self.measure(one, names) for one in draft.get("measures", [])],
            "next_steps": [self.next_step(one) for one in draft.get("next_steps", [])],
            "ignored": [self.ignored(one) for one in draft.get("ignored", [])],
        }

    # places

    def find(self, one: Json) -> tuple[int, int]:
        quote = one["quote"]
        where = self.begin(one.get("after", []))
        head, joint, tail = (quote, "", "") if quote in self.text else quote.partition("…")
        start = -1
        for _ in range(one.get("nth", 0) + 1):
            start = self.text.find(head, max(where, start + 1))
            require(start >= 0, f"not in the text: {quote!r}")
        end = start + len(head)
        if joint:
            end = self.text.find(tail, end)
            require(end >= 0, f"no end for: {quote!r}")
            end += len(tail)
        return start, end

    def begin(self, anchors: str | list[str]) -> int:
        where = 0
        for number, anchor in enumerate([anchors] if isinstance(anchors, str) else anchors):
            require(number > 0 or self.text.count(anchor) == 1, f"an anchor stands not once: {anchor!r}")
            where = self.text.find(anchor, where)
            require(where >= 0, f"no such anchor: {anchor!r}")
            where += len(anchor)
        return where

    def placed(self, one: Json) -> Json:
        start, end = self.find(one)
        return {"quote": self.text[start:end], "start": start, "end": end}

    # facts

    def check_head(self) -> None:
        draft, whole = self.draft, squeeze(self.text)
        require(squeeze(draft["title"]) in whole, "the title is not in the text")
        for part in (draft["issuer"] or "").split("、"):
            require(squeeze(part) in whole, f"the issuer is not in the text: {part}")
        for key in ("cases", "units_involved"):
            value = draft[key]
            require(
                value is None or Decimal(value) in numbers_in(self.text), f"{key}: {value} is not in the text"
            )

    def dates(self) -> list[Json]:
        dates = [{"date": one["date"], **self.placed(one)} for one in self.draft.get("dates", [])]
        require(len({one["date"] for one in dates}) == len(dates), "a date stands twice")
        require(dates == sorted(dates, key=lambda one: int(one["start"])), "dates out of order")
        for one in dates:
            require(re.fullmatch(r"\d{4}-\d\d-\d\d", one["date"]) is not None, f"not a date: {one['date']}")
            day = Decimal(int(one["date"][-2:]))
            require(day in numbers_in(one["quote"]), f"{one['date']} is not {one['quote']}")
        return dates

    def unit(self, one: Json) -> Json:
        require(one["role"] in ROLES, f"no such role: {one['role']}")
        aliases = one.get("aliases", [])
        for name in [one["name"], *aliases]:
            require(squeeze(name) in squeeze(self.text), f"no such name in the text: {name}")
        if "quote" in one:
            start, end = self.find(one)
        else:
            places = [
                (self.text.find(name), -len(name)) for name in [one["name"], *aliases] if name in self.text
            ]
            start, length = min(places)
            end = start - length
        return {"name": one["name"], "aliases": aliases, "role": one["role"], "start": start, "end": end}

    def check_units(self, units: list[Json]) -> None:
        for before, after in itertools.pairwise(units):
            require(before["start"] < after["start"], f"out of order: {before['name']}, {after['name']}")
        names = [name for unit in units for name in [unit["name"], *unit["aliases"]]]
        require(len(set(names)) == len(names), "one name for two units")
        for unit in units:
            fullest = max([unit["name"], *unit["aliases"]], key=len)
            require(unit["name"] == fullest or "fullest" in self.draft, f"a longer name: {fullest}")
        signed = {squeeze(part) for part in (self.draft["issuer"] or "").split("、") if part}
        issuers = [
            squeeze(name)
            for unit in units
            if unit["role"] == "issuer"
            for name in [unit["name"], *unit["aliases"]]
        ]
        for part in signed:
            if part.endswith(ABOVE):
                continue
            require(any(name in part for name in issuers), f"the signature is no issuer: {part}")

    def figure(self, one: Json, units: set[str]) -> Json:
        scope, name, kind, value = one["scope"], one.get("name"), one["kind"], one["value"]
        require(scope in SCOPES and kind in KINDS, f"no such scope or kind: {one}")
        require((name is None) == (scope == "total"), f"a total has no name, all others have one: {one}")
        require(scope != "unit" or name in units, f"a figure of an unknown unit: {name}")
        require(not (name or "").endswith(ENDINGS.get(scope, ("\0",))), f"a name to be cut: {name}")
        place = self.placed(one)
        require(Decimal(value) in numbers_in(place["quote"]), f"{value} is not {place['quote']}")
        approximate = one.get("approximate", False)
        return {
            "scope": scope,
            "name": name,
            "kind": kind,
            "value": value,
            "approximate": approximate,
            **place,
        }

    def rate(self, one: Json) -> Json:
        place = self.placed(one)
        require(
            Decimal(str(one["value"])) in numbers_in(place["quote"]), f"not {place['quote']}: {one['value']}"
        )
        return {"name": one["name"], "value": one["value"], **place}

    def measure(self, one: Json, units: set[str]) -> Json:
        place = self.placed(one)
        co_units, documents = one.get("co_units", []), one.get("documents", [])
        for unit in [one["unit"], *co_units]:
            require(unit in units, f"a measure of an unknown unit: {unit}")
        for document in documents:
            require(f"《{document}》" in squeeze(place["quote"]), f"not issued here: {document}")
        self.check_heading(one["heading"])
        self.check_heading(one["parent"])
        require(NEXT_HEADING.search(place["quote"]) is None, f"more than one lead: {place['quote'][:30]}")
        and_others = one.get("and_others", False)
        require(not and_others or "等" in place["quote"], f"nobody else: {place['quote']}")
        return {
            "heading": one["heading"],
            "parent": one["parent"],
            "unit": one["unit"],
            "co_units": co_units,
            "and_others": and_others,
            "documents": documents,
            "text": place["quote"],
            "start": place["start"],
            "end": place["end"],
        }

    def check_heading(self, heading: str | None) -> None:
        if heading is not None:
            require(squeeze(heading) in squeeze(self.text), f"no such heading: {heading}")
            require(not heading.endswith("。"), f"a heading is bare: {heading}")

    def next_step(self, one: Json) -> Json:
        self.check_heading(one["heading"])
        place = self.placed(one)
        return {
            "heading": one["heading"],
            "text": place["quote"],
            "start": place["start"],
            "end": place["end"],
        }

    def ignored(self, one: Json) -> Json:
        start, end = self.find(one)
        return {"reason": one["reason"], "start": start, "end": end}

    # sums

    def discrepancies(self, figures: list[Json]) -> list[Json]:
        worked_out = [*self.from_splits(figures), *self.from_restatements(figures), *self.from_rates()]
        given = [self.bare(one) for one in self.draft.get("discrepancies", [])]
        expected = [self.bare(one) for one in worked_out]
        for one in given:
            require(one in expected, f"not borne out by the figures: {one}; they say {expected}")
        for one in expected:
            require(one in given, f"left out: {one}")
        return worked_out

    @staticmethod
    def bare(one: Json) -> Json:
        keys = ("kind", "by", "stated", "computed", "missing", "inferred")
        return {key: one.get(key, [] if key == "missing" else None) for key in keys}

    def from_splits(self, figures: list[Json]) -> list[Json]:
        found = []
        totals = {one["kind"]: one for one in figures if one["scope"] == "total"}
        for kind, total in totals.items():
            for scope, label in SPLITS.items():
                parts = [one for one in figures if one["kind"] == kind and one["scope"] == scope]
                if not parts or [kind, scope] in self.draft.get("not_splits", []):
                    continue
                missing = self.draft.get("unstated", {}).get(f"{kind}/{scope}", [])
                named = {one["name"] for one in parts}
                require(not named & set(missing), f"stated after all: {named & set(missing)}")
                computed = sum(one["value"] for one in parts)
                if agrees(total, parts, computed):
                    continue
                inferred = total["value"] - computed if len(missing) == 1 else None
                found.append(
                    split_discrepancy(kind, scope, label, total["value"], computed, missing, inferred)
                )
        return found

    def from_restatements(self, figures: list[Json]) -> list[Json]:
        found = []
        totals = {one["kind"]: one["value"] for one in figures if one["scope"] == "total"}
        for one in self.draft.get("discrepancies", []):
            if one["by"] != "restated":
                continue
            kind, stated = one["kind"], one["stated"]
            place = self.placed(one)
            require(Decimal(stated) in numbers_in(place["quote"]), f"not {place['quote']}: {stated}")
            require(stated != totals[kind], f"restated without a change: {stated}")
            message = f"{NOUNS[kind]}前文为{totals[kind]}，后文为{stated}"
            found.append(discrepancy(kind, "restated", stated, totals[kind], [], None, message))
        return found

    def from_rates(self) -> list[Json]:
        found = []
        for one in self.draft.get("rates", []):
            if "of" not in one:
                continue
            part, whole, kind = one["of"]
            stated = Decimal(str(one["value"]))
            places = one.get("places", max(0, -int(stated.as_tuple().exponent)))
            exact = Decimal(part) * 100 / Decimal(whole)
            step = Decimal(1).scaleb(-places)
            if stated in {exact.quantize(step, ROUND_HALF_UP), exact.quantize(step, ROUND_DOWN)}:
                continue
            computed = float(exact.quantize(Decimal(1).scaleb(-max(places, 1)), ROUND_HALF_UP))
            message = f"{one['name']}写为{stated}%，按{part}÷{whole}应为{computed}%"
            found.append(discrepancy(kind, "rate", one["value"], computed, [], None, message))
        return found


def agrees(total: Json, parts: list[Json], computed: int) -> bool:
    """An approximate number is a floor (余, 多, 超过) or a ceiling (近, 不到); 约 and 左右 are neither."""
    if any(word in total["quote"] for word in ("约", "左右", "上下")):
        return True
    below = any(word in total["quote"] for word in ("近", "不到", "不足"))
    if total["approximate"]:
        return bool(computed <= total["value"] if below else computed >= total["value"])
    if any(one["approximate"] for one in parts):
        return bool(computed <= total["value"])
    return bool(computed == total["value"])


def split_discrepancy(
    kind: str, by: str, label: str, stated: int, computed: int, missing: list[str], inferred: int | None
) -> Json:
    message = f"{NOUNS[kind]}合计{stated}，{label}相加{computed}，相差{abs(stated - computed)}"
    if missing:
        message += f"；{'、'.join(missing)}未列明"
    if inferred is not None:
        message += f"，推算为{inferred}"
    return discrepancy(kind, by, stated, computed, missing, inferred, message)


def discrepancy(
    kind: str, by: str, stated: float, computed: float, missing: list[str], inferred: int | None, message: str
) -> Json:
    return {
        "kind": kind,
        "by": by,
        "stated": stated,
        "computed": computed,
        "missing": missing,
        "inferred": inferred,
        "message": message,
    }


def check_once(figures: list[Json]) -> None:
    keys = [(one["scope"], one["name"], one["kind"]) for one in figures]
    twice = {key for key in keys if keys.count(key) > 1}
    require(not twice, f"one figure twice: {twice}")


def check_answer(answer: Json, text: str) -> None:
    """The laws that every answer keeps: each quote, and each text, is what stands at its offsets."""
    for key in ("dates", "figures", "rates"):
        for one in answer[key]:
            require(text[one["start"] : one["end"]] == one["quote"], f"not at its place: {one}")
    for key in ("measures", "next_steps"):
        for one in answer[key]:
            require(text[one["start"] : one["end"]] == one["text"], f"not at its place: {one}")
    for key in ("units", "ignored"):
        for one in answer[key]:
            require(0 <= one["start"] < one["end"] <= len(text), f"outside the text: {one}")


def resolve(draft_file: Path, folder: Path) -> Path:
    """Write the answer of one draft. Raises ContradictionError where it does not hold."""
    name = draft_file.name.removesuffix(".draft.json")
    text = read_plain(folder / f"{name}.txt")
    answer = Resolver(json.loads(draft_file.read_text("utf-8")), text).answer()
    check_answer(answer, text)
    target = folder / f"{name}.json"
    target.write_text(json.dumps(answer, ensure_ascii=False, indent=1) + "\n", "utf-8")
    return target


def recheck(answer_file: Path) -> Path:
    """Hold a finished answer against its text, as after a change by hand. Raises ContradictionError."""
    check_answer(json.loads(answer_file.read_text("utf-8")), read_plain(answer_file.with_suffix(".txt")))
    return answer_file


def main() -> int:
    parser = argparse.ArgumentParser(description="Resolve drafts of expected answers, or check answers")
    parser.add_argument("draft", type=Path, help="a draft, a folder of drafts, or an answer to be checked")
    parser.add_argument("--into", type=Path, default=SEEN)
    options = parser.parse_args()
    files = sorted(options.draft.glob("*.draft.json")) if options.draft.is_dir() else [options.draft]
    failed = 0
    for draft in files:
        try:
            resolved = resolve(draft, options.into) if ".draft" in draft.suffixes else recheck(draft)
            print(resolved.name)
        except (ContradictionError, KeyError, ValueError, FileNotFoundError) as problem:
            failed += 1
            print(f"{draft.name}: {problem!r}", file=sys.stderr)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
