"""Lets a template ask the one permission table: `{% if request.user|may:"view_audit" %}`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django import template

from accounts.permissions import Action

if TYPE_CHECKING:
    from accounts.permissions import AnyUser

register = template.Library()


@register.filter
def may(user: AnyUser | None, action: str) -> bool:
    """Whether the person may do it; nobody signed in may do nothing. ValueError for an unknown action."""
    wanted = Action(action)
    return user is not None and user.is_authenticated and user.may(wanted)
