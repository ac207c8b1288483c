"""What the administrator does in the admin: people, units, settings; each act leaves a trace."""

from __future__ import annotations

import pytest
from django.contrib.admin.models import LogEntry
from django.test import Client

from accounts.enums import Role
from accounts.models import AuditEvent, Setting, Unit, UnitAlias, User
from tests.factories import PASSWORD, UnitFactory, UserFactory

USERS, UNITS, SETTINGS = "/admin/accounts/user/", "/admin/accounts/unit/", "/admin/accounts/setting/"
FIRST = "First-pass-1"


def person(**fields: object) -> dict[str, object]:
    return {
        "username": "new",
        "name": "新人",
        "role": Role.SUPERVISOR,
        "unit": "",
        "is_active": "on",
        **fields,
    }


def unit_data(**fields: object) -> dict[str, object]:
    return {
        "name": "县水利局",
        "unit_type": "bureau",
        "order": "5",
        "confirmed": "on",
        "aliases-TOTAL_FORMS": "1",
        "aliases-INITIAL_FORMS": "0",
        "aliases-0-confirmed": "on",
        **fields,
    }


@pytest.fixture
def office(administrator, client_of):
    return client_of(administrator)


def test_a_person_is_made_with_a_password_that_must_be_changed(office):
    response = office.post(f"{USERS}add/", person(new_password=FIRST))
    assert response.status_code == 302, response.context["errors"]
    made = User.objects.get(username="new")
    assert made.check_password(FIRST)
    assert made.must_change_password
    event = AuditEvent.objects.get(action="新增用户")
    assert (event.actor_username, event.target_pk) == ("administrator", str(made.pk))
    assert event.detail["初始密码"] == "已设置"
    assert FIRST not in str(list(AuditEvent.objects.values()))


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"new_password": ""}, "必填"),
        ({"new_password": "short1"}, "密码长度太短"),
        ({"new_password": "newnewnew1", "username": "newnewnew"}, "太相似"),
        ({"new_password": FIRST, "role": "officer"}, "必须选定所属单位"),
        ({"new_password": FIRST, "role": "emperor"}, "有效的选项"),
        ({"new_password": FIRST, "username": "administrator"}, "已有同名用户"),
        ({"new_password": FIRST, "username": "a b"}, "用户名只能用"),
    ],
)
def test_a_person_that_does_not_hold_together_is_refused(office, fields, said):
    response = office.post(f"{USERS}add/", person(**fields))
    assert response.status_code == 200
    assert said in response.content.decode()
    assert User.objects.count() == 1


def test_a_reset_ends_sessions_lifts_the_lock_and_asks_for_a_new_password(office, supervisor, client_of):
    theirs = client_of(supervisor)
    for _ in range(5):
        Client().post("/accounts/login/", {"username": "supervisor", "password": "wrong-Pass-1"})
    data = person(username="supervisor", name="监督一", new_password=FIRST)
    assert office.post(f"{USERS}{supervisor.pk}/change/", data).status_code == 302
    assert theirs.get("/accounts/password/").status_code == 302
    response = Client().post("/accounts/login/", {"username": "supervisor", "password": FIRST})
    assert response.status_code == 302
    supervisor.refresh_from_db()
    assert supervisor.must_change_password
    assert AuditEvent.objects.get(action="修改用户").detail == {"重置密码": "已设置"}


def test_a_change_without_a_password_keeps_it(office, supervisor):
    office.post(f"{USERS}{supervisor.pk}/change/", person(username="supervisor", name="改名"))
    supervisor.refresh_from_db()
    assert supervisor.check_password(PASSWORD)
    assert not supervisor.must_change_password
    assert AuditEvent.objects.get(action="修改用户").detail == {"姓名": "监督一 → 改名"}


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"role": Role.SUPERVISOR}, "不能更改自己的角色"),
        ({"is_active": ""}, "不能停用自己的账号"),
        ({"new_password": FIRST}, "自己的密码请在右上角"),
    ],
)
def test_nobody_raises_or_removes_oneself(office, administrator, fields, said):
    data = person(username="administrator", name="管理一", role=Role.ADMINISTRATOR) | fields
    response = office.post(f"{USERS}{administrator.pk}/change/", data)
    assert said in response.content.decode()
    administrator.refresh_from_db()
    assert administrator.role == Role.ADMINISTRATOR
    assert administrator.is_active


def test_people_and_units_are_not_deleted(office, supervisor, unit):
    assert office.post(f"{USERS}{supervisor.pk}/delete/", {"post": "yes"}).status_code == 403
    assert office.post(f"{UNITS}{unit.pk}/delete/", {"post": "yes"}).status_code == 403
    data = {"action": "delete_selected", "_selected_action": supervisor.pk, "post": "yes"}
    office.post(USERS, data)
    assert User.objects.filter(pk=supervisor.pk).exists()


def test_a_unit_is_made_with_its_aliases(office):
    response = office.post(
        f"{UNITS}add/", unit_data(**{"aliases-0-name": "水务局", "aliases-0-confirmed": "on"})
    )
    assert response.status_code == 302, response.context["errors"]
    assert UnitAlias.objects.get(name="水务局").unit == Unit.objects.get(name="县水利局")
    assert AuditEvent.objects.get(action="新增单位").detail["新增单位别名"] == "水务局"


def test_a_change_of_a_unit_shows_old_and_new_and_keeps_history(office):
    unit = UnitFactory(name="县水务局", unit_type="bureau", order=5)
    office.post(f"{UNITS}{unit.pk}/change/", unit_data())
    assert AuditEvent.objects.get(action="修改单位").detail == {"单位全称": "县水务局 → 县水利局"}
    first = unit.history.last()
    assert first.name == "县水务局"
    assert office.get(f"{UNITS}{unit.pk}/history/").status_code == 200
    assert office.get(f"{UNITS}{unit.pk}/history/{first.pk}/").status_code == 200


def test_a_past_version_is_read_and_not_put_back(office):
    unit = UnitFactory(name="县水务局")
    version = unit.history.get()
    response = office.post(f"{UNITS}{unit.pk}/history/{version.pk}/", unit_data())
    assert response.status_code == 403
    unit.refresh_from_db()
    assert unit.name == "县水务局"


def test_a_setting_is_validated_and_recorded(office):
    assert (
        "应在 5 到 480"
        in office.post(f"{SETTINGS}add/", {"key": "idle_minutes", "value": "1"}).content.decode()
    )
    office.post(f"{SETTINGS}add/", {"key": "idle_minutes", "value": "15"})
    setting = Setting.objects.get()
    assert setting.value == 15
    office.post(f"{SETTINGS}{setting.pk}/change/", {"value": "20"})
    setting.refresh_from_db()
    assert setting.value == 20
    assert AuditEvent.objects.get(action="修改系统设置").detail == {"值": "15 → 20"}


def test_the_auditor_reads_the_trail_there_and_writes_nothing(auditor, client_of):
    client = client_of(auditor)
    event = AuditEvent.objects.get()
    trail = "/admin/accounts/auditevent/"
    assert client.get(trail).status_code == 200
    assert client.get(f"{trail}{event.pk}/change/").status_code == 200
    assert client.get(f"{trail}add/").status_code == 403
    assert client.post(f"{trail}{event.pk}/change/", {"action": "x"}).status_code == 403
    assert client.post(f"{trail}{event.pk}/delete/", {"post": "yes"}).status_code == 403


def test_the_history_of_a_person_comes_from_the_trail(office, supervisor):
    office.post(f"{USERS}{supervisor.pk}/change/", person(username="supervisor", name="改名"))
    page = office.get(f"{USERS}{supervisor.pk}/history/").content.decode()
    assert "监督一 → 改名" in page


def test_django_keeps_no_log_of_its_own(office):
    office.post(f"{USERS}add/", person(new_password=FIRST))
    assert not LogEntry.objects.exists()


@pytest.mark.parametrize("model", ["unit", "unitalias", "user", "setting"])
def test_lists_search_and_pages_to_add_open(office, model):
    UserFactory(officer=True)
    for path in ("", "?q=x", "add/"):
        assert office.get(f"/admin/accounts/{model}/{path}").status_code == 200


def test_a_merged_unit_is_not_offered_to_a_person(office, unit):
    gone = UnitFactory(name="县旧局", merged_into=unit)
    assert "县旧局" not in office.get(f"{USERS}add/").content.decode()
    response = office.post(f"{USERS}add/", person(new_password=FIRST, role="officer", unit=gone.pk))
    assert response.status_code == 200
