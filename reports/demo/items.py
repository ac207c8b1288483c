"""Risk items: as many as the table of businesses says, put together from its matters and the phrases."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product
from random import Random
from typing import Any

from accounts.models import Unit, User
from reports.demo.businesses import Business
from reports.demo.clock import Clock
from reports.demo.history import Past, Version
from reports.demo.phrases import LEVEL_SCALES, LEVELS, LINK_DESCRIPTIONS, LINKS, POINTS, POST_ROLES
from riskregistry.enums import RiskCategory, RiskKind
from riskregistry.models import Campaign, Domain, RiskItem

# Units report within these days of the campaign; what they reported is looked over by this day.
FIRST_DAY, LAST_DAY = 3, 45
REVISED = (60, 130)


@dataclass(frozen=True)
class Wording:
    name: str
    description: str
    matter: str
    category: str


@dataclass
class ItemMaker:
    """Makes the items of one unit in one campaign; `staff` are its people, leader first, deputies next."""

    campaign: Campaign
    unit: Unit
    officer: User
    staff: list[str]
    scale: tuple[str, str, str]
    clock: Clock
    rng: Random

    def posts(self, business: Business, domain: Domain) -> list[Past[RiskItem]]:
        chosen = list(self._post_wordings(business))[: business.posts]
        return [self._past(RiskKind.POST, domain, wording, FIRST_DAY, None) for wording in chosen]

    def others(self, business: Business, domain: Domain, posts: list[Past[RiskItem]]) -> list[Past[RiskItem]]:
        """Points and links; most belong to a post of the same business that was there before them."""
        points = self.rng.sample(list(_point_wordings(business)), business.points)
        links = self.rng.sample(list(self._link_wordings(business)), business.links)
        wordings = [(RiskKind.POINT, words) for words in points] + [(RiskKind.LINK, words) for words in links]
        return [
            self._under_a_post(kind, domain, words, business.section_of(words.matter), posts)
            for kind, words in wordings
        ]

    def _under_a_post(
        self, kind: RiskKind, domain: Domain, words: Wording, section: str, posts: list[Past[RiskItem]]
    ) -> Past[RiskItem]:
        fitting = [post for post in posts if post.row.name.startswith(section)]
        post = self.rng.choice(fitting) if fitting and self.rng.random() < 0.85 else None
        first = (self._day_of(post) + 1) if post else FIRST_DAY
        return self._past(kind, domain, words, first, post.row if post else None)

    def _day_of(self, post: Past[RiskItem]) -> int:
        return (post.versions[0].at.date() - self.clock.date(0)).days

    def _past(
        self, kind: RiskKind, domain: Domain, words: Wording, first: int, post: RiskItem | None
    ) -> Past[RiskItem]:
        day = self.rng.randint(first, max(first, LAST_DAY - (8 if kind == RiskKind.POST else 0)))
        entered = self.clock.at(day, self.rng)
        level = self._level()
        row = RiskItem(
            campaign=self.campaign,
            unit=self.unit,
            kind=kind,
            domain=domain,
            name=words.name,
            description=words.description,
            matter=words.matter,
            category=words.category,
            post=post,
            responsible=self.rng.choice(self.staff[3:]),
            responsible_second=self.rng.choice(self.staff[1:3]),
            responsible_third=self.staff[0] if self.rng.random() < 0.6 else "",
            created_at=entered,
            **level,
        )
        if self.rng.random() >= 0.15:
            return Past(row, (Version(entered, self.officer),))
        revised = self.clock.at(self.rng.randint(*REVISED), self.rng)
        before = self._level()
        return Past(row, (Version(entered, self.officer, before), Version(revised, self.officer)))

    def _level(self) -> dict[str, Any]:
        """Level as normalised and as the unit writes it; one in twenty is left empty."""
        place = self.rng.choices((0, 1, 2, None), (25, 45, 25, 5))[0]
        if place is None:
            return {"level": "", "level_as_written": ""}
        return {"level": LEVELS[place], "level_as_written": self.scale[place]}

    def _post_wordings(self, business: Business) -> Iterator[Wording]:
        """Each section's posts in turn; the first of every section before the second of any."""
        for number, (role, section) in enumerate(product(POST_ROLES, business.sections)):
            matters = [matter for matter in business.matters if business.section_of(matter) == section]
            matter = matters[number // len(business.sections) % len(matters)]
            name = f"{section}{role.name}"
            yield Wording(name, role.description.format(m=matter), matter, role.category)

    def _link_wordings(self, business: Business) -> Iterator[Wording]:
        categories = (RiskCategory.PROCESS, RiskCategory.PROCESS, RiskCategory.SYSTEM, RiskCategory.DUTY)
        for matter, step in product(business.matters, LINKS[business.domain]):
            description = self.rng.choice(LINK_DESCRIPTIONS)
            yield Wording(f"{matter}{step}环节", description, matter, self.rng.choice(categories))


def _point_wordings(business: Business) -> Iterator[Wording]:
    for matter, phrase in product(business.matters, POINTS[business.domain]):
        yield Wording(phrase.name.format(m=matter), phrase.description, matter, phrase.category)


def scale_of(number: int) -> tuple[str, str, str]:
    """The scale of levels that the `number`-th unit writes in."""
    return LEVEL_SCALES[number % len(LEVEL_SCALES)]
