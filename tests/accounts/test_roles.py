"""The permission table is complete, and scope follows from it."""

from __future__ import annotations

import pytest
from django.apps import apps
from django.contrib import admin
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.template import Context, Template

from accounts.enums import Role
from accounts.models import Unit
from accounts.permissions import ADMIN_RIGHTS, RIGHTS, Action, admin_allows, requires, units_visible_to
from tests.factories import UserFactory


@pytest.mark.parametrize("action", Action)
def test_every_action_is_some_roles(action):
    assert any(action in held for held in RIGHTS.values())


@pytest.mark.parametrize("role", Role)
def test_every_role_has_rights(role):
    assert RIGHTS[role]


def test_verifying_and_approving_are_never_one_roles():
    assert not [
        role for role, held in RIGHTS.items() if {Action.VERIFY_MEASURE, Action.APPROVE_CLOSING} <= held
    ]


def test_only_the_auditor_reads_the_trail_and_changes_nothing():
    assert [role for role, held in RIGHTS.items() if Action.VIEW_AUDIT in held] == [Role.AUDITOR]
    assert not [key for key in ADMIN_RIGHTS if admin_allows(Role.AUDITOR, key.replace(".", ".change_"))]


def test_who_manages_people_touches_no_register():
    held = RIGHTS[Role.ADMINISTRATOR]
    assert Action.MANAGE_PEOPLE in held
    assert not held & {
        Action.EDIT_REGISTER,
        Action.VERIFY_MEASURE,
        Action.APPROVE_CLOSING,
        Action.REVIEW_REPORT,
    }


def test_the_admin_table_speaks_of_models_that_exist():
    assert {model._meta.label_lower for model in apps.get_models()} >= set(ADMIN_RIGHTS)


def test_every_model_in_the_admin_is_in_the_table():
    ours = {model._meta.label_lower for model in admin.site._registry if model._meta.app_label in OUR_ROOMS}
    assert ours <= set(ADMIN_RIGHTS)


OUR_ROOMS = {"accounts", "riskregistry", "reports"}


@pytest.mark.parametrize(
    "permission", ["accounts.view_session", "accounts.change_auditevent", "x", "", "accounts.delete_user"]
)
def test_nobody_holds_what_is_not_in_the_table(permission):
    assert not any(admin_allows(role, permission) for role in Role)


def test_an_unknown_role_holds_nothing():
    assert not admin_allows("emperor", "accounts.view_unit")


def test_scope(unit, other_unit, supervisor, officer, outsider):
    assert set(units_visible_to(supervisor)) == {unit, other_unit}
    assert set(units_visible_to(officer)) == {unit}
    assert set(units_visible_to(outsider)) == {other_unit}
    assert not units_visible_to(AnonymousUser())
    assert set(Unit.objects.visible_to(officer)) == {unit}


def test_a_view_without_the_action_is_forbidden(rf, officer):
    view = requires(Action.VIEW_AUDIT)(lambda request: HttpResponse())
    request = rf.get("/")
    for user in (officer, AnonymousUser()):
        request.user = user
        with pytest.raises(PermissionDenied):
            view(request)


def test_a_deactivated_person_may_nothing(db):
    person = UserFactory(is_active=False)
    assert not any(person.may(action) for action in Action)
    assert not person.has_perm("accounts.view_unit")


@pytest.mark.parametrize(("user", "shown"), [("auditor", "yes"), ("officer", "no"), (None, "no")])
def test_templates_ask_the_same_table(request, user, shown):
    person = request.getfixturevalue(user) if user else AnonymousUser()
    text = "{% load permissions %}{% if user|may:'view_audit' %}yes{% else %}no{% endif %}"
    assert Template(text).render(Context({"user": person})) == shown


def test_a_misspelt_action_in_a_template_is_an_error(supervisor):
    with pytest.raises(ValueError, match="veiw_audit"):
        Template("{% load permissions %}{{ user|may:'veiw_audit' }}").render(Context({"user": supervisor}))
