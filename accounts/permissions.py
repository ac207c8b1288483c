"""Who may do what, in one table; and which units a person may see, in one function.

Views ask `user.may(Action.X)`; Django's admin asks `user.has_perm("app.codename_model")`, which is answered
from the same table through `ADMIN_RIGHTS`. Scope (`units_visible_to`) decides *which* rows; an action
decides *what may be done* with them. Out of scope is 404, in scope but not allowed is 403.
"""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum
from functools import wraps
from typing import TYPE_CHECKING, Any, TypeAlias

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponseBase

from accounts.enums import Role

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from accounts.models import UnitQuerySet, User

    AnyUser: TypeAlias = User | AnonymousUser


class Action(StrEnum):
    SEE_ALL_UNITS = "see_all_units"
    VIEW_REGISTER = "view_register"
    EDIT_REGISTER = "edit_register"
    RECORD_PROGRESS = "record_progress"
    VERIFY_MEASURE = "verify_measure"
    APPROVE_CLOSING = "approve_closing"
    VIEW_REPORTS = "view_reports"
    UPLOAD_REPORT = "upload_report"
    REVIEW_REPORT = "review_report"
    DOWNLOAD_ORIGINAL = "download_original"
    EXPORT = "export"
    MANAGE_UNITS = "manage_units"
    MANAGE_CAMPAIGNS = "manage_campaigns"
    MANAGE_PEOPLE = "manage_people"
    MANAGE_SETTINGS = "manage_settings"
    VIEW_AUDIT = "view_audit"


RIGHTS: dict[Role, frozenset[Action]] = {
    Role.SUPERVISOR: frozenset(
        {
            Action.SEE_ALL_UNITS,
            Action.VIEW_REGISTER,
            Action.EDIT_REGISTER,
            Action.RECORD_PROGRESS,
            Action.VERIFY_MEASURE,
            Action.VIEW_REPORTS,
            Action.UPLOAD_REPORT,
            Action.REVIEW_REPORT,
            Action.DOWNLOAD_ORIGINAL,
            Action.EXPORT,
            Action.MANAGE_UNITS,
            Action.MANAGE_CAMPAIGNS,
        }
    ),
    Role.LEADER: frozenset(
        {
            Action.SEE_ALL_UNITS,
            Action.VIEW_REGISTER,
            Action.APPROVE_CLOSING,
            Action.VIEW_REPORTS,
            Action.EXPORT,
        }
    ),
    Role.OFFICER: frozenset(
        {
            Action.VIEW_REGISTER,
            Action.EDIT_REGISTER,
            Action.RECORD_PROGRESS,
            Action.VIEW_REPORTS,
            Action.UPLOAD_REPORT,
            Action.EXPORT,
        }
    ),
    Role.ADMINISTRATOR: frozenset(
        {
            Action.SEE_ALL_UNITS,
            Action.VIEW_REGISTER,
            Action.MANAGE_UNITS,
            Action.MANAGE_CAMPAIGNS,
            Action.MANAGE_PEOPLE,
            Action.MANAGE_SETTINGS,
        }
    ),
    Role.AUDITOR: frozenset({Action.SEE_ALL_UNITS, Action.VIEW_REGISTER, Action.VIEW_AUDIT}),
}

# Model → (action to look, action to change) in Django's admin. A model that is absent is not in the admin;
# None means nobody changes it there. Deleting is nobody's right: traceability outlives tidiness.
ADMIN_RIGHTS: dict[str, tuple[Action, Action | None]] = {
    "accounts.unit": (Action.MANAGE_UNITS, Action.MANAGE_UNITS),
    "accounts.unitalias": (Action.MANAGE_UNITS, Action.MANAGE_UNITS),
    "accounts.user": (Action.MANAGE_PEOPLE, Action.MANAGE_PEOPLE),
    "accounts.setting": (Action.MANAGE_SETTINGS, Action.MANAGE_SETTINGS),
    "accounts.auditevent": (Action.VIEW_AUDIT, None),
    "riskregistry.domain": (Action.MANAGE_CAMPAIGNS, Action.MANAGE_CAMPAIGNS),
    "riskregistry.campaign": (Action.MANAGE_CAMPAIGNS, Action.MANAGE_CAMPAIGNS),
    "riskregistry.case": (Action.MANAGE_CAMPAIGNS, Action.MANAGE_CAMPAIGNS),
    "riskregistry.participation": (Action.MANAGE_CAMPAIGNS, Action.MANAGE_CAMPAIGNS),
    "riskregistry.nonedeclaration": (Action.MANAGE_CAMPAIGNS, Action.MANAGE_CAMPAIGNS),
    "riskregistry.requirement": (Action.MANAGE_CAMPAIGNS, Action.MANAGE_CAMPAIGNS),
    "riskregistry.holiday": (Action.MANAGE_CAMPAIGNS, Action.MANAGE_CAMPAIGNS),
    "riskregistry.riskitem": (Action.REVIEW_REPORT, Action.REVIEW_REPORT),
    "riskregistry.measure": (Action.REVIEW_REPORT, Action.REVIEW_REPORT),
    "reports.report": (Action.REVIEW_REPORT, Action.REVIEW_REPORT),
}

# Only these may be removed in the admin, by who may change them: spellings and settings, not records.
ADMIN_REMOVABLE = frozenset(
    {
        "accounts.unitalias",
        "riskregistry.nonedeclaration",
        "riskregistry.requirement",
        "riskregistry.holiday",
    }
)


def actions_of(role: str) -> frozenset[Action]:
    """The rights of a role; none for a role that is unknown."""
    return RIGHTS.get(Role(role), frozenset()) if role in Role.values else frozenset()


def admin_allows(role: str, permission: str) -> bool:
    """Answer `app.codename_model` (Django's permission names) from the one table.

    Source: django.contrib.auth.get_permission_codename.
    """
    app, _, codename = permission.partition(".")
    verb, _, model = codename.partition("_")
    rights = ADMIN_RIGHTS.get(f"{app}.{model}")
    if rights is None:
        return False
    to_look, to_change = rights
    held = actions_of(role)
    if verb == "view":
        return to_look in held
    if verb == "delete" and f"{app}.{model}" not in ADMIN_REMOVABLE:
        return False
    return to_change is not None and to_change in held


def units_visible_to(user: AnyUser) -> UnitQuerySet:
    """The units whose data a person may see: the only definition of scope in the product."""
    from accounts.models import Unit

    if not user.is_authenticated:
        return Unit.objects.none()
    if user.may(Action.SEE_ALL_UNITS):
        return Unit.objects.all()
    return Unit.objects.filter(pk=user.unit_id) if user.unit_id else Unit.objects.none()


def signed_in(request: HttpRequest) -> User:
    """The person behind a request that sign-in has let through."""
    if not request.user.is_authenticated:
        raise PermissionDenied
    return request.user


def requires(action: Action) -> Callable[[Callable[..., HttpResponseBase]], Callable[..., HttpResponseBase]]:
    """Decorate a view: signed in (by middleware) but without the action → 403."""

    def decorate(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if not request.user.is_authenticated or not request.user.may(action):
                raise PermissionDenied
            return view(request, *args, **kwargs)

        guarded.required_action = action  # type: ignore[attr-defined]
        return guarded

    return decorate
