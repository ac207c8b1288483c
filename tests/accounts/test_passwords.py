"""One's own password, and the first one that somebody else gave."""

from __future__ import annotations

import pytest
from django.urls import reverse

from accounts.models import AuditEvent
from tests.factories import PASSWORD

PAGE = "/accounts/password/"
NEW = "Another-pass-2"


def change(client, new: str = NEW, old: str = PASSWORD, again: str | None = None):
    return client.post(PAGE, {"old_password": old, "new_password1": new, "new_password2": again or new})


def test_a_person_changes_the_own_password(supervisor, client_of):
    response = change(client_of(supervisor))
    assert response.status_code == 302
    supervisor.refresh_from_db()
    assert supervisor.check_password(NEW)
    event = AuditEvent.objects.get(action="修改密码")
    assert (event.actor_username, event.target_pk) == ("supervisor", str(supervisor.pk))
    assert NEW not in str(list(AuditEvent.objects.values()))


def test_other_sessions_end_and_the_present_one_goes_on(supervisor, client_of):
    here, there = client_of(supervisor), client_of(supervisor)
    change(here)
    assert here.get(PAGE).status_code == 200
    assert there.get(PAGE).status_code == 302


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"old": "wrong-Password-1"}, "原密码不正确"),
        ({"again": "Different-3"}, "两次输入的新密码不一致"),
        ({"new": PASSWORD}, "新密码不能与原密码相同"),
        ({"new": "Ab1"}, "密码长度太短"),
        ({"new": "onlyletters"}, "密码须至少包含大写字母、小写字母、数字、符号中的两种"),
        ({"new": "password1"}, "这个密码太常见了"),
        ({"new": "Supervisor1"}, "密码跟 用户名 太相似了"),
    ],
)
def test_a_bad_password_is_refused_in_chinese(supervisor, client_of, fields, said):
    response = change(client_of(supervisor), **fields)
    assert response.status_code == 200
    assert said in response.content.decode()
    supervisor.refresh_from_db()
    assert supervisor.check_password(PASSWORD)


def test_a_first_password_is_changed_before_anything_else(supervisor, client_of):
    supervisor.must_change_password = True
    supervisor.save()
    client = client_of(supervisor)
    assert client.get("/audit/")["Location"] == PAGE
    assert "由他人设置" in client.get(PAGE).content.decode()
    assert change(client)["Location"] == "/"
    supervisor.refresh_from_db()
    assert not supervisor.must_change_password
    assert client.get("/audit/").status_code == 403


def test_whoever_must_change_it_may_still_leave(supervisor, client_of):
    supervisor.must_change_password = True
    supervisor.save()
    assert client_of(supervisor).post(reverse("accounts:logout"))["Location"] == "/accounts/login/"
