"""The first administrator, and the check of the trail."""

from __future__ import annotations

import io

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from accounts import audit
from accounts.enums import Role
from accounts.models import AuditEvent, User

PASSWORD = "First-admin-1"


def run(name: str) -> str:
    out = io.StringIO()
    call_command(name, stdout=out)
    return out.getvalue()


@pytest.fixture(autouse=True)
def no_terminal_no_environment(monkeypatch):
    monkeypatch.setattr("sys.stdin", io.StringIO())
    monkeypatch.delenv("ADMIN_USERNAME", raising=False)
    monkeypatch.delenv("ADMIN_PASSWORD", raising=False)


def from_environment(monkeypatch, username: str = "boss", password: str = PASSWORD) -> None:
    monkeypatch.setenv("ADMIN_USERNAME", username)
    monkeypatch.setenv("ADMIN_PASSWORD", password)


def test_the_first_administrator_comes_from_the_environment(db, monkeypatch):
    from_environment(monkeypatch)
    assert "已建立系统管理员「boss」" in run("first_admin")
    boss = User.objects.get()
    assert (boss.role, boss.must_change_password, boss.check_password(PASSWORD)) == (
        Role.ADMINISTRATOR,
        True,
        True,
    )
    assert AuditEvent.objects.get().action == "新增用户"


def test_on_a_terminal_it_is_asked(db, monkeypatch):
    class Terminal(io.StringIO):
        def isatty(self) -> bool:
            return True

    monkeypatch.setattr("sys.stdin", Terminal("boss\n"))
    monkeypatch.setattr("getpass.getpass", lambda prompt: PASSWORD)
    run("first_admin")
    assert not User.objects.get(username="boss").must_change_password


def test_where_somebody_is_nobody_is_added(supervisor, monkeypatch):
    from_environment(monkeypatch)
    assert "已有用户" in run("first_admin")
    assert User.objects.count() == 1


def test_without_either_it_says_what_to_do(db):
    said = run("first_admin")
    assert "ADMIN_USERNAME" in said
    assert not User.objects.exists()


@pytest.mark.parametrize(
    ("username", "password", "said"),
    [
        ("boss", "short", "密码长度太短"),
        ("bad name", PASSWORD, "用户名只能用"),
        ("boss", "longbutplain", "两种"),
    ],
)
def test_what_is_not_valid_is_refused(db, monkeypatch, username, password, said):
    from_environment(monkeypatch, username, password)
    with pytest.raises(CommandError, match=said):
        run("first_admin")
    assert not User.objects.exists()


def test_a_trail_that_holds(supervisor):
    audit.record(supervisor, "试")
    assert "校验通过：1 条" in run("verify_audit")


def test_a_broken_trail_ends_with_code_1(supervisor):
    audit.record(supervisor, "试")
    with connection.cursor() as cursor:
        cursor.execute("UPDATE accounts_auditevent SET action = 'x'")
    with pytest.raises(CommandError, match="第 1 条与校验值不符") as broken:
        run("verify_audit")
    assert broken.value.returncode == 1
