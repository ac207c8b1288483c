"""What the frame of every page shows: the campaign chooser, the site's name, the demonstration mark."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from riskregistry.campaigns import CampaignChoice


def page_frame(request: HttpRequest) -> dict[str, Any]:
    """`site` (settings by key) and `choice` (campaigns and the one chosen; read on first use)."""
    return {
        "site": getattr(request, "preferences", {}),
        "choice": SimpleLazyObject(lambda: CampaignChoice.of(request)),
    }
