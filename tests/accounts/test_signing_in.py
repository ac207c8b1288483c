"""Signing in and out: the right people, the right place afterwards, and a trace of every try."""

from __future__ import annotations

import time_machine
from django.contrib.messages import get_messages
from django.test import Client
from django.urls import reverse

from accounts.models import AuditEvent
from tests.factories import PASSWORD

LOGIN = "/accounts/login/"
WRONG = "not-the-Password-1"


def sign_in(username: str, password: str = PASSWORD, **extra: str):
    client = Client()
    return client, client.post(LOGIN, {"username": username, "password": password, **extra})


def events(action: str) -> list[AuditEvent]:
    return list(AuditEvent.objects.filter(action=action))


def test_a_person_signs_in_and_it_is_recorded(supervisor):
    client, response = sign_in("supervisor")
    assert (response.status_code, response["Location"]) == (302, "/")
    assert client.get("/accounts/password/").status_code == 200
    (event,) = events("登录")
    assert (event.actor_username, event.actor_role, event.result, event.ip) == (
        "supervisor",
        "supervisor",
        "success",
        "127.0.0.1",
    )


def test_pages_need_a_sign_in_and_keep_where_one_wanted_to_go(db):
    response = Client().get("/audit/?page=2")
    assert response["Location"] == f"{LOGIN}?next=/audit/%3Fpage%3D2"


def test_next_is_followed_inside_the_site_and_nowhere_else(supervisor):
    assert sign_in("supervisor", next="/accounts/password/")[1]["Location"] == "/accounts/password/"
    for foreign in (
        "https://elsewhere.example/",
        "//elsewhere.example/",
        "javascript:alert(1)",
        "/\\elsewhere",
    ):
        assert sign_in("supervisor", next=foreign)[1]["Location"] == "/"


def test_the_sign_in_page_keeps_next_in_the_form(db):
    page = Client().get(f"{LOGIN}?next=/audit/").content.decode()
    assert '<input type="hidden" name="next" value="/audit/">' in page


def test_a_wrong_password_is_refused_in_chinese_and_leaves_no_password_behind(supervisor):
    _, response = sign_in("supervisor", WRONG)
    assert response.status_code == 200
    assert "用户名或密码不正确" in response.content.decode()
    assert WRONG not in response.content.decode()
    (event,) = events("登录")
    assert (event.actor_username, event.actor_pk, event.result) == ("supervisor", None, "failure")
    assert WRONG not in str(list(AuditEvent.objects.values()))


def test_an_unknown_name_reads_the_same_as_a_wrong_password(supervisor):
    known = sign_in("supervisor", WRONG)[1].context["form"].non_field_errors()
    unknown = sign_in("nobody", WRONG)[1].context["form"].non_field_errors()
    assert known == unknown


def test_a_deactivated_person_does_not_get_in_and_is_thrown_out(supervisor, client_of):
    client = client_of(supervisor)
    supervisor.is_active = False
    supervisor.save()
    assert client.get("/accounts/password/").status_code == 302
    assert sign_in("supervisor")[1].status_code == 200


def test_five_failures_lock_the_account_until_the_time_is_over(supervisor):
    with time_machine.travel("2026-03-05 09:00:00+08:00") as clock:
        answers = [sign_in("supervisor", WRONG)[1].status_code for _ in range(5)]
        assert answers == [200, 200, 200, 200, 429]
        _, response = sign_in("supervisor")
        assert response.status_code == 429
        assert "20 分钟后再试" in response.content.decode()
        assert "supervisor" in response.content.decode()
        clock.shift(21 * 60)
        assert sign_in("supervisor")[1].status_code == 302
    assert {event.actor_username for event in events("锁定账号")} == {"supervisor"}


def test_a_lock_holds_for_one_name_only(supervisor, leader):
    for _ in range(5):
        sign_in("supervisor", WRONG)
    assert sign_in("leader")[1].status_code == 302


def test_signing_out_is_a_post_and_is_recorded(supervisor, client_of):
    client = client_of(supervisor)
    assert client.get(reverse("accounts:logout")).status_code == 405
    response = client.post(reverse("accounts:logout"))
    assert response["Location"] == LOGIN
    assert client.get("/accounts/password/").status_code == 302
    assert [event.actor_username for event in events("退出")] == ["supervisor"]


def test_idle_time_signs_out_and_says_so(supervisor, client_of):
    with time_machine.travel("2026-03-05 09:00:00+08:00") as clock:
        client = client_of(supervisor)
        client.get("/accounts/password/")
        clock.shift(31 * 60)
        response = client.get("/accounts/password/")
    assert response["Location"].startswith(LOGIN)
    assert "已自动退出" in str([str(message) for message in get_messages(response.wsgi_request)])


def test_the_admin_uses_the_one_sign_in_page(db, officer, client_of):
    response = Client().get("/admin/login/?next=/admin/accounts/unit/")
    assert response["Location"] == f"{LOGIN}?next=/admin/accounts/unit/"
    assert client_of(officer).get("/admin/", follow=True).status_code == 403
