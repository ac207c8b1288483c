"""整改台账: measures grouped, on a board and over time; many steps at once."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import groupby
from typing import Any

from django.db import transaction

from accounts import audit
from accounts.models import User
from riskregistry import notices
from riskregistry.enums import OPEN_STATES, MeasureState, Theme
from riskregistry.lights import Light, with_light
from riskregistry.models import Measure
from riskregistry.rectification import (
    STEPS,
    StaleMeasureError,
    Step,
    StepRefusedError,
    apply_transition,
    refusals,
)

UNASSIGNED = "未归领域"
GROUPS = {
    "unit": "单位",
    "domain": "领域",
    "theme": "主题",
    "state": "状态",
    "light": "时限情况",
    "responsible": "责任人",
    "due": "整改时限（月）",
}
# Steps that may be taken on many at once.
BULK_STEPS = ("verify", "pass_on", "return", "approve", "disapprove", "cancel")
# Not a step: a line to the unit that a measure waits for it.
CHASE = "chase"
MOST = 500
WIDTH, ROW = 900, 22


@dataclass(frozen=True)
class LedgerGroup:
    name: str
    measures: tuple[Measure, ...]

    def count(self, light: str) -> int:
        return sum(getattr(measure, "light", "") == light for measure in self.measures)


def grouped(measures: Iterable[Measure], by: str, today: date, soon_days: int) -> list[LedgerGroup]:
    """The measures under their headings, each with its light; headings in their own order."""
    rows = [with_light(measure, today, soon_days) for measure in measures]
    key = _KEYS[by]
    rows.sort(key=lambda measure: (key(measure)[0], measure.due or date.max, measure.pk))
    return [
        LedgerGroup(name, tuple(group))
        for (_, name), group in groupby(rows, key=lambda measure: key(measure))
    ]


def _place(values: Sequence[str], value: str) -> int:
    return list(values).index(value) if value in values else len(values)


def _by_light(measure: Measure) -> tuple[Any, str]:
    light = getattr(measure, "light", "")
    return _place(Light.values, light), Light(light).label if light else "已取消"


_KEYS: dict[str, Callable[[Measure], tuple[Any, str]]] = {
    "unit": lambda m: ((m.unit.order, m.unit_id), m.unit.name),
    "domain": lambda m: (
        (m.domain.order, m.domain.pk) if m.domain else (10**9, 0),
        m.domain.name if m.domain else UNASSIGNED,
    ),
    "theme": lambda m: (_place(Theme.values, m.theme), m.get_theme_display()),
    "state": lambda m: (_place(MeasureState.values, m.state), m.get_state_display()),
    "light": _by_light,
    "responsible": lambda m: ((not m.responsible, m.responsible), m.responsible or "未填责任人"),
    "due": lambda m: (
        m.due.strftime("%Y-%m") if m.due else "9999",
        f"{m.due:%Y年%m月}" if m.due else "未定时限",
    ),
}


@dataclass(frozen=True)
class Bar:
    """One measure of the Gantt view, in the units of the drawing. `due` marks where its date lies."""

    measure: Measure
    y: int
    x: int
    width: int
    done: int


@dataclass(frozen=True)
class Gantt:
    """A drawing WIDTH wide: bars from start to due, months as (x, label), today's line."""

    bars: tuple[Bar, ...]
    months: tuple[tuple[int, str], ...]
    today_x: int
    height: int
    undated: int


def gantt(measures: Sequence[Measure], today: date) -> Gantt | None:
    """None where no measure has a date. Those without one are counted, not drawn."""
    dated = [measure for measure in measures if measure.due]
    if not dated:
        return None
    begins = [measure.start or measure.created_at.date() for measure in dated]
    first = min([*begins, today])
    last = max([*(measure.due for measure in dated if measure.due), today]) + timedelta(days=1)
    span = max((last - first).days, 1)

    def x(day: date) -> int:
        return round((min(max(day, first), last) - first).days * WIDTH / span)

    bars = []
    for number, (measure, begin) in enumerate(zip(dated, begins, strict=True)):
        left, right = x(begin), x(measure.due or last)
        width = max(right - left, 4)
        bars.append(Bar(measure, number * ROW + 24, left, width, round(width * measure.percent / 100)))
    return Gantt(
        tuple(bars),
        tuple(_months(first, last, x)),
        x(today),
        len(bars) * ROW + 32,
        len(measures) - len(dated),
    )


def _months(first: date, last: date, x: Callable[[date], int]) -> Iterable[tuple[int, str]]:
    day = (first.replace(day=1) + timedelta(days=32)).replace(day=1)
    while day < last:
        yield x(day), f"{day.year}-{day.month}"
        day = (day + timedelta(days=32)).replace(day=1)


def chase(measures: Iterable[Measure], *, actor: User, comment: str) -> int:
    """Remind the units of these measures; returns how many. Finished ones are left out."""
    count = 0
    with transaction.atomic():
        for measure in measures:
            if measure.state in OPEN_STATES:
                notices.tell(measure, actor, f"催办：{comment}" if comment else "催办", {"unit"})
                audit.record(actor, "整改：催办", measure, detail={"comment": comment})
                count += 1
    return count


@dataclass
class BulkPreview:
    """What a step would do to each: those it can be taken on, and the others with the reason."""

    code: str
    step: Step
    ready: list[Measure] = field(default_factory=list)
    refused: list[tuple[Measure, str]] = field(default_factory=list)


def bulk_preview(measures: Iterable[Measure], code: str, user: User, comment: str) -> BulkPreview:
    """Each row's own permission and needs are checked; nothing is written."""
    preview = BulkPreview(code, STEPS[code])
    for measure in measures:
        why = refusals(measure, code, user, comment)
        if why:
            preview.refused.append((measure, "；".join(why)))
        else:
            preview.ready.append(measure)
    return preview


def bulk_take(versions: dict[int, int], code: str, *, actor: User, comment: str) -> tuple[int, list[str]]:
    """Take the step on each measure as it was seen (key → version); returns how many, and why not the rest.

    Each is a step of its own, with its own log and audit: one that is refused holds back no other.
    """
    done, why = 0, []
    names = dict(Measure.objects.visible_to(actor).filter(pk__in=versions).values_list("pk", "heading"))
    for pk, version in versions.items():
        try:
            apply_transition(pk, code, actor=actor, version=version, comment=comment)
        except StaleMeasureError:
            why.append(f"{names.get(pk, pk)}：您查看之后别人改动过")
        except StepRefusedError as refused:
            why.append(f"{names.get(pk, pk)}：{'；'.join(refused.messages)}")
        except Measure.DoesNotExist:
            why.append(f"编号 {pk}：不存在，或不在您的范围内")
        else:
            done += 1
    return done, why
