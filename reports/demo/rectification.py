"""The measures of a unit: what they say, what they answer, who helps, and what shows that they were taken."""

from __future__ import annotations

import hashlib
import struct
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from random import Random

from django.core.files.base import ContentFile

from accounts.models import Unit
from reports.demo import history
from reports.demo.businesses import Business
from reports.demo.clock import Clock
from reports.demo.history import BATCH, Past
from reports.demo.measure_phrases import EVIDENCE_NAMES, MEASURES
from reports.demo.measures import Cast, Outcome, Walk
from riskregistry.enums import MeasureState, ProgressEvent, Theme
from riskregistry.models import Campaign, Domain, Evidence, Measure, ProgressEntry, RiskItem

THEMES = (Theme.PEOPLE, Theme.SERVICE, Theme.SYSTEM)


@dataclass(frozen=True)
class MeasurePlan:
    """A measure with its past, not yet saved, and all that hangs on it."""

    past: Past[Measure]
    entries: list[ProgressEntry]
    items: list[RiskItem]
    co_units: list[Unit]


@dataclass
class MeasureMaker:
    """Makes the measures of one unit (`short` is its name within the county)."""

    campaign: Campaign
    unit: Unit
    short: str
    staff: list[str]
    cast: Cast
    clock: Clock
    rng: Random

    def plans(
        self,
        businesses: Sequence[Business],
        domains: Mapping[str, Domain],
        items: Mapping[tuple[int, int], list[RiskItem]],
        units: Sequence[Unit],
        outcomes: Sequence[Outcome],
    ) -> list[MeasurePlan]:
        """One measure an outcome, the unit's larger businesses first; its items are shared out among them."""
        by_size = sorted(businesses, key=lambda b: b.posts + b.points + b.links, reverse=True)
        chosen = [by_size[number % len(by_size)] for number in range(len(outcomes))]
        answered: list[list[RiskItem]] = [[] for _ in outcomes]
        for business in by_size:
            places = [number for number, other in enumerate(chosen) if other == business]
            own = items[self.unit.pk, domains[business.domain].pk]
            for number, item in enumerate(own):
                if places and (number < len(places) or self.rng.random() < 0.8):
                    answered[places[number % len(places)]].append(item)
        return [
            self._plan(theme, business, domains[business.domain], found, outcome, units)
            for theme, business, found, outcome in zip(
                self._themes(len(outcomes)), chosen, answered, outcomes, strict=True
            )
        ]

    def _themes(self, count: int) -> list[Theme]:
        themes = [THEMES[number % len(THEMES)] for number in range(count)]
        if self.rng.random() < 0.15:
            themes[-1] = Theme.OTHER
        return themes

    def _plan(
        self,
        theme: Theme,
        business: Business,
        domain: Domain,
        items: list[RiskItem],
        outcome: Outcome,
        units: Sequence[Unit],
    ) -> MeasurePlan:
        phrase = self.rng.choice(MEASURES[theme])
        matter = self.rng.choice(business.matters)
        fill = {"m": matter, "s": business.section_of(matter), "u": self.short}
        measure = Measure(
            campaign=self.campaign,
            unit=self.unit,
            and_others=self.rng.random() < 0.1,
            theme=theme,
            heading=phrase.heading.format(**fill),
            text=phrase.text.format(**fill),
            domain=domain,
            documents=[phrase.document.format(**fill)] if phrase.document else [],
            responsible=self.rng.choice(self.staff[1:]),
        )
        walk = Walk(measure, outcome, self.cast, self.clock, self.rng)
        others = [unit for unit in units if unit is not self.unit]
        helping = self.rng.sample(others, self.rng.choices((0, 1, 2), (78, 15, 7))[0])
        return MeasurePlan(walk.past(), walk.entries, items, helping)


def write_measures(plans: Sequence[MeasurePlan], rng: Random, *, with_files: bool) -> None:
    """Save the measures with their history, entries and links; evidence too where `with_files`."""
    history.create([plan.past for plan in plans])
    linked, helping = Measure.risk_items.through, Measure.co_units.through
    linked.objects.bulk_create(
        (linked(measure_id=plan.past.row.pk, riskitem_id=item.pk) for plan in plans for item in plan.items),
        batch_size=BATCH,
    )
    helping.objects.bulk_create(
        (helping(measure_id=plan.past.row.pk, unit_id=unit.pk) for plan in plans for unit in plan.co_units),
        batch_size=BATCH,
    )
    ProgressEntry.objects.bulk_create((entry for plan in plans for entry in plan.entries), batch_size=BATCH)
    if with_files:
        Evidence.objects.bulk_create(
            [evidence for plan in plans for evidence in _evidence(plan, rng)], batch_size=BATCH
        )


def _evidence(plan: MeasurePlan, rng: Random) -> list[Evidence]:
    """What was handed in with the last application for closing; nothing where that came to nothing."""
    measure = plan.past.row
    applied = [entry for entry in plan.entries if entry.to_state == MeasureState.APPLIED]
    if not applied or measure.state == MeasureState.IN_PROGRESS:
        return []
    entry = applied[-1]
    assert entry.event == ProgressEvent.STEP
    title = rng.choice(EVIDENCE_NAMES)
    lines = (title, f"单位：{measure.unit.name}", f"措施：{measure.heading}", f"说明：{entry.comment}", "")
    files = [(f"{title}.txt", "\r\n".join(lines).encode())]
    if rng.random() < 0.3:
        files.append(("现场照片.png", _picture(rng)))
    return [
        Evidence(
            measure=measure,
            entry=entry,
            file=ContentFile(content, name=name),
            original_name=name,
            sha256=hashlib.sha256(content).hexdigest(),
            size=len(content),
            uploaded_by=entry.actor,
            uploaded_at=entry.at,
        )
        for name, content in files
    ]


def _picture(rng: Random, width: int = 96, height: int = 64) -> bytes:
    """A PNG of one plain colour, in place of a photograph."""
    colour = bytes(rng.randrange(120, 230) for _ in range(3))
    rows = (b"\x00" + colour * width) * height
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    chunks = ((b"IHDR", header), (b"IDAT", zlib.compress(rows)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        for kind, data in chunks
    )
