"""Filling an empty database with the demonstration county, or with many copies of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from random import Random

from django.contrib.auth.hashers import make_password
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.db import transaction
from django.utils import timezone

from accounts import audit
from accounts.enums import Role
from accounts.models import Unit, UnitAlias, User
from accounts.preferences import preference, set_preference
from reports.demo import history
from reports.demo.businesses import BUSINESSES, Business
from reports.demo.clock import Clock
from reports.demo.county import (
    COUNTY,
    DEMO_ACCOUNTS,
    DEMO_PASSWORD,
    LEADER,
    OFFICES,
    SUPERVISOR,
    UNITS,
    UnitPlan,
    people,
)
from reports.demo.documents import (
    bureau_report,
    first_county_report,
    second_county_report,
    town_report,
)
from reports.demo.filing import Filing
from reports.demo.history import Past, Version
from reports.demo.items import ItemMaker, scale_of
from reports.demo.measure_phrases import NEXT_STEPS
from reports.demo.measures import OUTCOMES, Cast, Outcome
from reports.demo.phrases import CASES
from reports.demo.rectification import MeasureMaker, MeasurePlan, write_measures
from reports.models import Report
from riskregistry.enums import RiskKind, SubmissionItem, SubmissionState
from riskregistry.models import (
    Campaign,
    Case,
    Domain,
    Measure,
    NoneDeclaration,
    Participation,
    Requirement,
    RiskItem,
    Submission,
)

SEED = 20230810
CAMPAIGN = "优化营商环境以案促改专项行动"
# Units were entered before the campaign began.
UNITS_ENTERED = -10
# What is due on which day of the campaign, and how handing it in ended, "" for not at all.
DUE = {
    SubmissionItem.STUDY: 2,
    SubmissionItem.SELF_REPORT: 10,
    SubmissionItem.RISK_LEDGER: 20,
    SubmissionItem.MEASURES: 30,
}
OUTCOMES_OF_SUBMITTING = (SubmissionState.CONFIRMED, SubmissionState.SUBMITTED, SubmissionState.RETURNED, "")
# These have not said "none" where they have no items, or only in some domains: 未报送 is not 0.
SILENT, HALF_SILENT = {"白石镇", "枫溪镇", "县经合局"}, {"县城管局", "县城投公司", "县税务局"}


def load_demo(scale: int = 1) -> bool:
    """Fill the database with `scale` copies of the county. False when it is a demonstration already.

    All or nothing. Raises ValidationError (Chinese) on a database that holds real data.
    """
    if scale < 1:
        raise ValidationError(f"倍数应是不小于 1 的整数，现为 {scale}")
    with transaction.atomic():
        if preference("demo"):
            return False
        _refuse_real_data()
        call_command("load_domains", verbosity=0)
        set_preference("demo", True)
        set_preference("county_name", COUNTY)
        county = _County(Clock(timezone.localdate()))
        for number in range(1, scale + 1):
            county.add_copy(number)
        if scale == 1:
            county.file_reports()
        audit.record(None, "装入演示数据", detail={"scale": scale})
    return True


def _refuse_real_data() -> None:
    for model in (Unit, User, Campaign, RiskItem, Measure, Report):
        count = model._default_manager.count()
        if count:
            raise ValidationError(
                f"数据库中已有{model._meta.verbose_name} {count} 条，不是空库。"
                "演示数据只能装入空数据库，现有数据没有改动。"
            )


@dataclass
class _Place:
    """A unit with its plan, its officer and the people who work there."""

    plan: UnitPlan
    unit: Unit
    officer: User
    staff: list[str]
    scale: tuple[str, str, str]


@dataclass
class _County:
    """What all copies share: the campaign, the domains, who supervises."""

    clock: Clock
    password: str = field(default_factory=lambda: make_password(DEMO_PASSWORD))
    people: dict[str, User] = field(default_factory=dict)
    domains: dict[str, Domain] = field(default_factory=lambda: {d.name: d for d in Domain.objects.all()})
    campaign: Campaign = field(init=False)

    def add_copy(self, number: int) -> None:
        rng = Random(f"{SEED}/{number}")  # noqa: S311 - a demonstration must come out the same
        if number == 1:
            self._begin(rng)
        places = self._places(number, rng)
        self._take_part(places, rng)
        items = self._items(places, rng)
        self._measures(places, items, rng, with_files=number == 1)

    def file_reports(self) -> None:
        officers = {user.unit.short_name: user for user in User.objects.select_related("unit") if user.unit}
        filing = Filing(self.campaign, self.clock, self.supervisor, officers)
        filing.file_accepted(first_county_report(self.clock), 50)
        filing.file(second_county_report(self.clock), 174)
        filing.file(bureau_report(self.clock), 163)
        filing.file(town_report(self.clock), 155)

    def _begin(self, rng: Random) -> None:
        """The offices, the people who belong to no unit of the campaign, the campaign and its cases."""
        offices = {plan.short: self._unit(plan, number) for number, plan in enumerate(OFFICES, start=1)}
        self._save_units(list(zip(OFFICES, offices.values(), strict=True)), rng)
        for account in DEMO_ACCOUNTS:
            if account.role != Role.OFFICER:
                office = offices[account.unit] if account.unit else None
                self.people[account.username] = self._user(
                    account.username, account.name, account.role, office
                )
        User.objects.bulk_create(self.people.values())
        begun = self.clock.at(0, rng)
        self.campaign = Campaign(
            name=CAMPAIGN,
            started_on=self.clock.date(0),
            needs_approval=True,
            next_steps=[{"heading": heading, "text": text} for heading, text in NEXT_STEPS],
            created_at=begun,
        )
        entered = (Version(begun, self.supervisor),)
        history.create([Past(self.campaign, entered)])
        cases = [
            Case(
                campaign=self.campaign, number=number, title=title, domain=self.domains[domain], summary=text
            )
            for number, (domain, title, text) in enumerate(CASES, start=1)
        ]
        history.create([Past(case, entered) for case in cases])

    @property
    def supervisor(self) -> User:
        return self.people[SUPERVISOR]

    def _unit(self, plan: UnitPlan, order: int) -> Unit:
        return Unit(name=plan.name, short_name=plan.short, unit_type=plan.unit_type, order=order)

    def _user(self, username: str, name: str, role: Role, unit: Unit | None) -> User:
        return User(
            username=username,
            name=name,
            role=role,
            unit=unit,
            password=self.password,
            is_demo=True,
            created_at=timezone.now(),
        )

    def _save_units(self, planned: Sequence[tuple[UnitPlan, Unit]], rng: Random) -> None:
        pasts = []
        for _, unit in planned:
            unit.created_at = self.clock.at(UNITS_ENTERED, rng)
            pasts.append(Past(unit, (Version(unit.created_at, None),)))
        history.create(pasts)
        UnitAlias.objects.bulk_create(
            UnitAlias(unit=unit, name=alias) for plan, unit in planned for alias in plan.aliases()
        )

    def _places(self, number: int, rng: Random) -> list[_Place]:
        """The copy's units, each with an officer who is its contact."""
        names = people(rng)
        known = {account.unit: account for account in DEMO_ACCOUNTS if account.role == Role.OFFICER}
        places = []
        for position, original in enumerate(UNITS, start=1):
            serial = (number - 1) * len(UNITS) + position
            plan = original.in_copy(number)
            unit = self._unit(plan, len(OFFICES) + serial)
            account = known.get(plan.short)
            username = account.username if account else f"lianluo{serial}"
            name = account.name if account else next(names)
            unit.contact_name, unit.contact_phone = name, f"000-{serial:04d}"
            officer = self._user(username, name, Role.OFFICER, unit)
            staff = [next(names) for _ in range(9)]
            places.append(_Place(original, unit, officer, staff, scale_of(position)))
        self._save_units([(place.plan.in_copy(number), place.unit) for place in places], rng)
        User.objects.bulk_create(place.officer for place in places)
        return places

    def _take_part(self, places: Sequence[_Place], rng: Random) -> None:
        """Participations, study meetings, and what the units declare that they have none of."""
        sent = self.clock.at(0, rng)
        pasts = []
        for place in places:
            meeting = self.clock.date(rng.randint(1, 2))
            row = Participation(
                campaign=self.campaign, unit=place.unit, study_held_on=meeting, created_at=sent
            )
            reported = Version(self.clock.at(3, rng), place.officer)
            pasts.append(Past(row, (Version(sent, self.supervisor, {"study_held_on": None}), reported)))
        declarations = []
        for place, taking_part in zip(places, history.create(pasts), strict=True):
            declarations += self._declarations(place, taking_part, rng)
        history.create(declarations)
        # A stream of its own: what else is drawn does not depend on it.
        self._hand_in(places, [past.row for past in pasts], Random(SEED))  # noqa: S311 - the same county each time

    def _hand_in(self, places: Sequence[_Place], taking_part: Sequence[Participation], rng: Random) -> None:
        """What was due and what came: most of it confirmed, a few late, sent back or still missing."""
        if not Requirement.objects.filter(campaign=self.campaign).exists():
            for item, day in DUE.items():
                Requirement.objects.create(campaign=self.campaign, item=item, due=self.clock.date(day))
        pasts: list[Past[Submission]] = []
        for place, participation in zip(places, taking_part, strict=True):
            for item, day in DUE.items():
                outcome = rng.choices(OUTCOMES_OF_SUBMITTING, (80, 8, 5, 7))[0]
                if item == SubmissionItem.STUDY or outcome:
                    pasts.append(self._submission(place, participation, item, day, outcome, rng))
        history.create(pasts)

    def _submission(
        self,
        place: _Place,
        participation: Participation,
        item: SubmissionItem,
        due: int,
        outcome: str,
        rng: Random,
    ) -> Past[Submission]:
        late = rng.random() < 0.15
        came = self.clock.at(max(due + (rng.randint(1, 9) if late else -rng.randint(0, 2)), 1), rng)
        row = Submission(
            participation=participation, item=item, submitted_by=place.officer, submitted_at=came
        )
        if outcome in {SubmissionState.CONFIRMED, SubmissionState.RETURNED}:
            row.state = outcome
            row.decided_by, row.decided_at = self.supervisor, came + timedelta(days=1, hours=3)
            row.reason = "岗位没有列全，请补充后重报" if outcome == SubmissionState.RETURNED else ""
        return Past(row, (Version(came, place.officer),))

    def _declarations(
        self, place: _Place, taking_part: Participation, rng: Random
    ) -> list[Past[NoneDeclaration]]:
        found = {
            (business.domain, kind)
            for business in _businesses_of(place)
            for kind, count in zip(RiskKind, (business.posts, business.points, business.links), strict=True)
            if count
        }
        pasts = []
        for number, (name, domain) in enumerate(self.domains.items()):
            if place.plan.short in SILENT or (place.plan.short in HALF_SILENT and number % 2):
                continue
            at = self.clock.at(rng.randint(10, 40), rng)
            for kind in RiskKind:
                if (name, kind) not in found:
                    row = NoneDeclaration(
                        participation=taking_part,
                        kind=kind,
                        domain=domain,
                        declared_by=place.officer,
                        declared_at=at,
                    )
                    pasts.append(Past(row, (Version(at, place.officer),)))
        return pasts

    def _items(self, places: Sequence[_Place], rng: Random) -> dict[tuple[int, int], list[RiskItem]]:
        """Save all items of the copy. Returns them by unit and domain."""
        posts: list[Past[RiskItem]] = []
        groups = []
        for place in places:
            maker = ItemMaker(
                self.campaign, place.unit, place.officer, place.staff, place.scale, self.clock, rng
            )
            for business in _businesses_of(place):
                own = maker.posts(business, self.domains[business.domain])
                posts += own
                groups.append((maker, business, own))
        history.create(posts)
        others = [
            past
            for maker, business, own in groups
            for past in maker.others(business, self.domains[business.domain], own)
        ]
        history.create(others)
        found: dict[tuple[int, int], list[RiskItem]] = {}
        for past in [*posts, *others]:
            assert past.row.domain_id is not None
            found.setdefault((past.row.unit_id, past.row.domain_id), []).append(past.row)
        return found

    def _measures(
        self,
        places: Sequence[_Place],
        items: dict[tuple[int, int], list[RiskItem]],
        rng: Random,
        *,
        with_files: bool,
    ) -> None:
        outcomes: list[Outcome] = list(OUTCOMES)
        rng.shuffle(outcomes)
        units = [place.unit for place in places]
        plans: list[MeasurePlan] = []
        for position, place in enumerate(places):
            cast = Cast(place.officer, self.supervisor, self.people[LEADER])
            maker = MeasureMaker(
                self.campaign, place.unit, place.plan.short, place.staff, cast, self.clock, rng
            )
            plans += maker.plans(
                _businesses_of(place), self.domains, items, units, outcomes[position :: len(UNITS)]
            )
        write_measures(plans, rng, with_files=with_files)


def _businesses_of(place: _Place) -> list[Business]:
    return [business for business in BUSINESSES if business.unit == place.plan.short]
