"""What the frame of every page shows: the campaign chooser, the site's name, the demonstration mark."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from riskregistry.campaigns import CampaignChoice
from riskregistry.models import Notice


def page_frame(request: HttpRequest) -> dict[str, Any]:
    """`site` (settings by key); `choice` (campaigns, the one chosen), `unread_notices`: read on first use."""
    return {
        "site": getattr(request, "preferences", {}),
        "choice": SimpleLazyObject(lambda: CampaignChoice.of(request)),
        "unread_notices": SimpleLazyObject(lambda: Notice.objects.visible_to(request.user).unread().count()),
    }
