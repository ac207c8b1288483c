"""Which campaign a page is about: the one in the address, else the one chosen before, else the newest."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpRequest

from riskregistry.models import Campaign

SESSION_KEY = "campaign"


@dataclass(frozen=True)
class CampaignChoice:
    """`current` is None when the person sees no campaign."""

    campaigns: tuple[Campaign, ...]
    current: Campaign | None

    @classmethod
    def of(cls, request: HttpRequest) -> CampaignChoice:
        """One query; remembered on the request, so that view and template agree."""
        known: CampaignChoice | None = getattr(request, "campaign_choice", None)
        if known is None:
            known = cls._read(request)
            request.campaign_choice = known  # type: ignore[attr-defined]
        return known

    @classmethod
    def _read(cls, request: HttpRequest) -> CampaignChoice:
        if not request.user.is_authenticated:
            return cls((), None)
        campaigns = tuple(Campaign.objects.visible_to(request.user))
        by_key = {str(campaign.pk): campaign for campaign in campaigns}
        wanted = (request.GET.get("campaign"), str(request.session.get(SESSION_KEY)))
        current = next((by_key[key] for key in wanted if key in by_key), None)
        return cls(campaigns, current or (campaigns[0] if campaigns else None))


def current_campaign(request: HttpRequest) -> Campaign | None:
    return CampaignChoice.of(request).current
