"""Signs that a measure may not be what it says (核查线索): listed for supervisors, never judged here."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db.models import Count, Exists, F, Max, Min, OuterRef, Q, Subquery

from accounts.models import User
from accounts.preferences import preference
from riskregistry.enums import MeasureState, ProgressEvent
from riskregistry.lights import DONE_STATES
from riskregistry.models import Campaign, Evidence, Measure, MeasureQuerySet, ProgressEntry

# Shorter texts are alike by chance.
ALIKE_FROM = 12
LETTERS = re.compile(r"[\W_]+")


@dataclass(frozen=True)
class Sign:
    """One measure, or several that go together, with what was noticed of them."""

    measures: tuple[Measure, ...]
    noticed: str


@dataclass(frozen=True)
class Check:
    """One kind of sign, with what it means and what it does not prove."""

    name: str
    meaning: str
    signs: tuple[Sign, ...]


def checks(user: User, campaign: Campaign) -> list[Check]:
    """Every check over the measures of the campaign that the person sees; cancelled ones are left out."""
    rows = Measure.objects.visible_to(user).filter(campaign=campaign).counted()
    rows = rows.select_related("unit").order_by("unit__order", "unit", "pk")
    named: list[tuple[str, str, Callable[[MeasureQuerySet], Iterable[Sign]]]] = [
        ("已完成而没有佐证", "已销号或长期坚持，却没有上传过任何佐证材料", _without_evidence),
        ("佐证早于措施", "佐证材料在措施建立之前就已上传，可能是旧材料", _old_evidence),
        ("同一文件用于多项措施", "内容完全相同的文件或图片出现在不同措施中", _shared_evidence),
        ("不同单位措辞雷同", "标题或内容的文字完全相同，可能是照抄", _same_words),
        ("要素不全", "没有措施内容、责任人或整改时限", _incomplete),
        ("多次延期", "整改时限改过不止一次", _moved_often),
        ("销号过快", "从最近一次打开到销号间隔极短", _hasty),
    ]
    return [Check(name, meaning, tuple(find(rows))) for name, meaning, find in named]


def _without_evidence(rows: MeasureQuerySet) -> Iterable[Sign]:
    bare = rows.filter(~Exists(Evidence.objects.filter(measure=OuterRef("pk"))), state__in=DONE_STATES)
    return [Sign((measure,), measure.get_state_display()) for measure in bare]


def _old_evidence(rows: MeasureQuerySet) -> Iterable[Sign]:
    oldest = Evidence.objects.filter(measure=OuterRef("pk")).order_by("uploaded_at").values("uploaded_at")[:1]
    older: Iterable[Any] = rows.annotate(oldest=Subquery(oldest)).filter(Q(oldest__lt=F("created_at")))
    return [
        Sign(
            (measure,),
            f"最早的佐证上传于 {measure.oldest:%Y-%m-%d}，措施建立于 {measure.created_at:%Y-%m-%d}",
        )
        for measure in older
    ]


def _shared_evidence(rows: MeasureQuerySet) -> Iterable[Sign]:
    files = Evidence.objects.filter(measure__in=rows.order_by().values("pk"))
    shared = files.values("sha256").annotate(measures=Count("measure", distinct=True)).filter(measures__gt=1)
    found: dict[str, dict[int, str]] = defaultdict(dict)
    for sha256, pk, name in files.filter(sha256__in=shared.values("sha256")).values_list(
        "sha256", "measure", "original_name"
    ):
        found[sha256][pk] = name
    measures = {
        measure.pk: measure for measure in rows.filter(pk__in={pk for pks in found.values() for pk in pks})
    }
    return [
        Sign(tuple(measures[pk] for pk in sorted(names)), f"文件：{'、'.join(sorted(set(names.values())))}")
        for names in found.values()
    ]


def _same_words(rows: MeasureQuerySet) -> Iterable[Sign]:
    """The same letters, whatever the punctuation, in two units or more."""
    groups: dict[str, list[Measure]] = defaultdict(list)
    for measure in rows:
        words = LETTERS.sub("", measure.text or measure.heading)
        if len(words) >= ALIKE_FROM:
            groups[words].append(measure)
    return [
        Sign(tuple(group), f"{len({measure.unit_id for measure in group})} 个单位文字相同")
        for group in groups.values()
        if len({measure.unit_id for measure in group}) > 1
    ]


def _incomplete(rows: MeasureQuerySet) -> Iterable[Sign]:
    for measure in rows.filter(Q(text="") | Q(responsible="") | Q(due=None)):
        lacking = [
            word
            for word, there in (
                ("措施内容", measure.text),
                ("责任人", measure.responsible),
                ("整改时限", measure.due),
            )
            if not there
        ]
        if lacking != ["整改时限"] or measure.state != MeasureState.LONG_TERM:
            yield Sign((measure,), "缺" + "、".join(lacking))


def _moved_often(rows: MeasureQuerySet) -> Iterable[Sign]:
    extended = Count("entries", filter=Q(entries__event=ProgressEvent.EXTENDED))
    moved: Iterable[Any] = rows.annotate(moves=extended).filter(moves__gt=1)
    return [
        Sign(
            (measure,),
            f"延期 {measure.moves} 次，原定 {measure.original_due or '未定'}，现为 {measure.due or '未定'}",
        )
        for measure in moved
    ]


def _hasty(rows: MeasureQuerySet) -> Iterable[Sign]:
    minutes = int(preference("hasty_minutes"))
    closings = ProgressEntry.objects.filter(measure=OuterRef("pk"), to_state=MeasureState.CLOSED)
    openings = ProgressEntry.objects.filter(
        measure=OuterRef("pk"), to_state=MeasureState.IN_PROGRESS, event=ProgressEvent.REOPENED
    )
    timed: Iterable[Any] = rows.filter(state=MeasureState.CLOSED).annotate(
        closed_at=Subquery(closings.values("measure").annotate(at=Max("at")).values("at")[:1]),
        reopened_at=Subquery(openings.values("measure").annotate(at=Max("at")).values("at")[:1]),
        first_at=Min("entries__at"),
    )
    for measure in timed:
        opened = measure.reopened_at or min(measure.created_at, measure.first_at or measure.created_at)
        if measure.closed_at is None:
            continue
        took = measure.closed_at - opened
        if took <= timedelta(minutes=minutes):
            yield Sign((measure,), f"打开后 {max(int(took.total_seconds() // 60), 0)} 分钟即销号")
