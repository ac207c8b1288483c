"""回头看: a seeded sample of closed measures, what was found of each, and reopening on relapse."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from datetime import date
from itertools import groupby
from random import Random

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from accounts import audit
from accounts.models import User
from accounts.permissions import Action
from riskregistry.enums import LookbackResult, MeasureState
from riskregistry.models import Campaign, Lookback, LookbackRound, Measure
from riskregistry.rectification import apply_transition


def sample(measures: Iterable[Measure], seed: int, share: int) -> list[Measure]:
    """`share` per cent of the measures of each unit and domain, at least one of each, the same for one seed.

    Drawn from each (unit, domain) apart, so that no unit and no domain escapes.
    """

    def stratum(measure: Measure) -> tuple[int, int]:
        return measure.unit_id, measure.domain_id or 0

    drawn: list[Measure] = []
    for (unit, domain), group in groupby(sorted(measures, key=lambda m: (*stratum(m), m.pk)), key=stratum):
        rows: Sequence[Measure] = list(group)
        # A generator of its own for each: closing another unit's measure changes nothing here.
        rng = Random(f"{seed}/{unit}/{domain}")  # noqa: S311 - drawing again must be possible
        drawn += rng.sample(rows, max(1, math.ceil(len(rows) * share / 100)))
    return drawn


def draw(campaign: Campaign, *, name: str, seed: int, share: int, actor: User) -> LookbackRound:
    """Draw a round of the campaign's closed measures. Raises ValidationError (Chinese)."""
    if not actor.may(Action.VERIFY_MEASURE):
        raise ValidationError("只有监督员可以抽取回头看")
    if not 1 <= share <= 100:
        raise ValidationError("抽查比例应在 1 到 100 之间")
    with transaction.atomic():
        closed = Measure.objects.visible_to(actor).filter(campaign=campaign, state=MeasureState.CLOSED)
        drawn = sample(closed, seed, share)
        if not drawn:
            raise ValidationError("还没有已销号的措施，无从回头看")
        round_ = LookbackRound.objects.create(
            campaign=campaign, name=name.strip() or "回头看", seed=seed, share=share, drawn_by=actor
        )
        for measure in drawn:
            closing = measure.entries.filter(to_state=MeasureState.CLOSED).order_by("-at", "-pk").first()
            Lookback.objects.create(round=round_, measure=measure, closing=closing)
        audit.record(
            actor, "抽取回头看", round_, detail={"seed": seed, "share": share, "measures": len(drawn)}
        )
    return round_


def record(
    lookback: Lookback, *, relapsed: bool, finding: str, actor: User, looked_on: date | None = None
) -> Lookback:
    """What was found. A relapse reopens the measure, and the lookback keeps the link to the reopening.

    Raises ValidationError (Chinese).
    """
    if not actor.may(Action.VERIFY_MEASURE):
        raise ValidationError("只有监督员可以记录回头看")
    if not finding.strip():
        raise ValidationError("请填写查看情况")
    today = timezone.localdate()
    day = looked_on or today
    if day > today:
        raise ValidationError("查看日期不能晚于今天")
    with transaction.atomic():
        locked = Lookback.objects.select_for_update().get(pk=lookback.pk)
        if locked.result != LookbackResult.PENDING:
            raise ValidationError("这项措施的查看情况已经记录过了")
        locked.result = LookbackResult.RELAPSED if relapsed else LookbackResult.HELD
        locked.finding, locked.looked_by, locked.looked_on = finding.strip(), actor, day
        if relapsed:
            locked.reopening = apply_transition(
                locked.measure_id, "reopen", actor=actor, comment=f"回头看发现反弹：{finding.strip()}"
            )
        locked.save()
        audit.record(actor, "记录回头看", locked.measure, detail={"result": locked.get_result_display()})
    return locked
