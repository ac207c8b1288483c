"""Settings that are changed while the system runs: typed, bounded, and read on the next request."""

from __future__ import annotations

import pytest
from django.core.exceptions import ValidationError
from hypothesis import given
from hypothesis import strategies as st

from accounts.forms import SettingForm, shown_value, typed_value
from accounts.models import Setting
from accounts.preferences import PREFERENCES, all_preferences, preference, set_preference

NUMBERS = [known for known in PREFERENCES.values() if type(known.default) is int]


@pytest.mark.parametrize("known", PREFERENCES.values(), ids=lambda known: known.key)
def test_every_default_is_legal(known):
    known.check(known.default)


@given(st.sampled_from(NUMBERS), st.integers(-10_000, 10_000))
def test_a_number_is_taken_exactly_within_its_bounds(known, value):
    if known.low <= value <= known.high:
        assert typed_value(known, str(value)) == value
    else:
        with pytest.raises(ValidationError, match=f"{known.low} 到 {known.high}"):
            typed_value(known, str(value))


@given(st.sampled_from(list(PREFERENCES.values())), st.text(max_size=50))
def test_whatever_is_written_is_refused_or_legal(known, written):
    try:
        value = typed_value(known, written)
    except ValidationError:
        return
    known.check(value)
    assert typed_value(known, shown_value(value)) == value


@pytest.mark.parametrize(
    ("key", "value"),
    [("idle_minutes", "30"), ("idle_minutes", True), ("demo", 1), ("site_name", 5), ("site_name", "长" * 41)],
)
def test_a_value_of_the_wrong_kind_is_refused(db, key, value):
    with pytest.raises(ValidationError):
        set_preference(key, value)
    assert not Setting.objects.exists()


def test_what_is_set_is_read_and_the_rest_keeps_its_default(db):
    set_preference("county_name", "测试县")
    assert preference("county_name") == "测试县"
    assert all_preferences()["idle_minutes"] == 30


def test_the_form_takes_a_legal_value_once(db):
    assert SettingForm({"key": "demo", "value": "是"}).save().value is True
    again = SettingForm({"key": "demo", "value": "否"})
    assert "这一项已设置过" in str(again.errors)


@pytest.mark.parametrize(
    ("key", "value", "said"),
    [
        ("idle_minutes", "4", "应在 5 到 480 之间"),
        ("idle_minutes", "半小时", "请填5 到 480 之间的整数"),
        ("demo", "也许", "请填「是」或「否」"),
        ("unknown", "1", "选择一个有效的选项"),
    ],
)
def test_the_form_names_the_legal_values(db, key, value, said):
    form = SettingForm({"key": key, "value": value})
    assert not form.is_valid()
    assert said in str(form.errors)


def test_a_setting_is_on_the_next_page(supervisor, client_of):
    client = client_of(supervisor)
    assert "演示数据" not in client.get("/accounts/password/").content.decode()
    set_preference("demo", True)
    set_preference("county_name", "测试县")
    page = client.get("/accounts/password/").content.decode()
    assert "演示数据" in page
    assert "测试县" in page
