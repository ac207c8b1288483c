"""Confirming a unit that was read from a report, and merging two names of one unit."""

from __future__ import annotations

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from accounts.forms import likely_target, merge_targets
from accounts.merging import confirm_unit, merge_units
from accounts.models import AuditEvent, Unit
from accounts.views import what_moves
from tests.factories import RiskItemFactory, UnitAliasFactory, UnitFactory, UserFactory


def url_of(unit: Unit) -> str:
    return reverse("accounts:unit_merge", args=[unit.pk])


def test_merging_moves_people_aliases_and_earlier_merges(supervisor, unit, other_unit):
    person = UserFactory(officer=True, unit=unit)
    UnitAliasFactory(unit=unit, name="发改委")
    earlier = UnitFactory(name="县计划局", merged_into=unit)
    merge_units(unit, other_unit, actor=supervisor)
    person.refresh_from_db()
    earlier.refresh_from_db()
    unit.refresh_from_db()
    assert (person.unit, earlier.merged_into, unit.merged_into) == (other_unit, other_unit, other_unit)
    assert set(other_unit.aliases.values_list("name", flat=True)) == {"发改委", "县发展和改革局"}
    assert unit not in Unit.objects.current()
    event = AuditEvent.objects.get(action="合并单位")
    assert event.detail == {"source": unit.pk, "source_name": "县发展和改革局"}


def test_merging_keeps_the_history_of_both(supervisor, unit, other_unit):
    merge_units(unit, other_unit, actor=supervisor)
    assert unit.history.count() == 2
    assert other_unit.history.count() == 1


@pytest.mark.parametrize("anonymous", ["XX镇", "某某局", "××公司"])
def test_an_anonymous_name_is_never_one_with_a_real_one(supervisor, unit, anonymous):
    nameless = UnitFactory(name=anonymous)
    for source, target in ((nameless, unit), (unit, nameless)):
        with pytest.raises(ValidationError, match="匿名单位"):
            merge_units(source, target, actor=supervisor)
        assert target not in merge_targets(source)
    assert likely_target(nameless) is None


def test_what_is_merged_already_is_no_target(supervisor, unit, other_unit):
    merge_units(unit, other_unit, actor=supervisor)
    third = UnitFactory()
    with pytest.raises(ValidationError, match="已并入"):
        merge_units(third, unit, actor=supervisor)
    with pytest.raises(ValidationError, match="已经并入"):
        merge_units(unit, third, actor=supervisor)
    assert set(merge_targets(third)) == {other_unit}


def test_the_same_name_without_its_prefix_is_suggested(unit):
    assert likely_target(UnitFactory(name="发展和改革局")) == unit
    assert likely_target(UnitFactory(name="发改局")) == unit
    assert likely_target(UnitFactory(name="县水利局")) is None


def test_two_that_fit_suggest_nothing(unit):
    UnitAliasFactory(unit=UnitFactory(name="县信息中心"), name="发展和改革局")
    assert likely_target(UnitFactory(name="改革和发展局")) is None
    source = UnitFactory(name="市发展和改革局")
    assert likely_target(source) is None


def test_the_page_shows_what_will_move_before_it_moves(supervisor, unit, other_unit, client_of):
    UserFactory(officer=True, unit=unit)
    RiskItemFactory.create_batch(3, unit=unit)
    client = client_of(supervisor)
    assert client.get(url_of(unit)).status_code == 200
    page = client.post(url_of(unit), {"target": other_unit.pk}).content.decode()
    assert "风险清单（单位）：3 条" in page
    assert "用户（所属单位）：1 条" in page
    unit.refresh_from_db()
    assert unit.merged_into is None
    client.post(url_of(unit), {"target": other_unit.pk, "confirmed": "1"})
    unit.refresh_from_db()
    assert unit.merged_into == other_unit


def test_nothing_to_move_is_said(unit):
    assert what_moves(unit) == []


@pytest.mark.parametrize("target", ["", "999999", "x"])
def test_a_bad_choice_is_said_and_merges_nothing(supervisor, unit, client_of, target):
    response = client_of(supervisor).post(url_of(unit), {"target": target, "confirmed": "1"})
    assert response.status_code == 200
    assert response.context["form"].errors
    unit.refresh_from_db()
    assert unit.merged_into is None


def test_a_merged_unit_has_no_merge_page(supervisor, unit, other_unit, client_of):
    merge_units(unit, other_unit, actor=supervisor)
    assert client_of(supervisor).get(url_of(unit)).status_code == 404


def test_confirming_confirms_the_unit_and_its_aliases(supervisor, client_of):
    unit = UnitFactory(name="县林业局", confirmed=False)
    alias = UnitAliasFactory(unit=unit, confirmed=False)
    confirm_unit(unit, actor=supervisor)
    alias.refresh_from_db()
    assert alias.confirmed
    assert Unit.objects.get(pk=unit.pk).confirmed


def test_the_confirm_button_leads_back(supervisor, client_of):
    unit = UnitFactory(name="县林业局", confirmed=False)
    url = reverse("accounts:unit_confirm", args=[unit.pk])
    response = client_of(supervisor).post(url, {"next": "/units/"})
    assert response["Location"] == "/units/"
    unit.refresh_from_db()
    assert unit.confirmed
    assert AuditEvent.objects.filter(action="确认单位", actor_username="supervisor").exists()
