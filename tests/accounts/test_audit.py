"""The trail: it holds, every kind of tampering shows, and the auditor can read and narrow it."""

from __future__ import annotations

import pytest
from django.db import connection
from django.urls import reverse
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from accounts import audit
from accounts.models import AuditEvent

COLUMNS = ["actor_name", "action", "result", "target_label", "detail", "previous_hash", "hash", "ip"]


def tamper(sql: str, *values: str | int) -> None:
    """What somebody with the database in hand can do."""
    with connection.cursor() as cursor:
        cursor.execute(sql, values)


@pytest.fixture
def trail(supervisor, unit):
    return [audit.record(supervisor, f"第{n}步", unit, detail={"序": n}) for n in range(1, 6)]


def test_an_untouched_trail_holds(trail):
    assert audit.verify_chain() == ""


def test_an_empty_trail_holds(db):
    assert audit.verify_chain() == ""


@pytest.mark.parametrize("column", COLUMNS)
def test_a_changed_value_shows_at_its_place(trail, column):
    value = '{"a": 1}' if column == "detail" else "changed"
    tamper(f"UPDATE accounts_auditevent SET {column} = %s WHERE sequence = 3", value)
    assert audit.verify_chain() == "操作日志第 3 条与校验值不符，可能被改动"


def test_a_removed_event_shows(trail):
    tamper("DELETE FROM accounts_auditevent WHERE sequence = 2")
    assert audit.verify_chain() == "操作日志在第 2 条处缺失"


def test_a_removed_and_renumbered_event_shows(trail):
    tamper("DELETE FROM accounts_auditevent WHERE sequence = 2")
    for sequence in (3, 4, 5):
        tamper("UPDATE accounts_auditevent SET sequence = %s WHERE sequence = %s", sequence - 1, sequence)
    assert audit.verify_chain() == "操作日志第 2 条与校验值不符，可能被改动"


def test_a_truncated_tail_shows(trail):
    tamper("DELETE FROM accounts_auditevent WHERE sequence > 3")
    assert audit.verify_chain() == "操作日志末尾缺失：应有 5 条，现有 3 条"


def test_a_trail_emptied_with_its_head_kept_shows(trail):
    tamper("DELETE FROM accounts_auditevent")
    assert "缺失" in audit.verify_chain()


def test_nothing_in_the_code_can_rewrite_it(trail):
    for act in (
        lambda: AuditEvent.objects.update(action="x"),
        lambda: AuditEvent.objects.all().delete(),
        lambda: trail[0].save(),
        lambda: trail[0].delete(),
    ):
        with pytest.raises(TypeError):
            act()


def test_an_event_outlives_what_it_speaks_of(trail, supervisor):
    supervisor.name = "改名"
    supervisor.save()
    event = AuditEvent.objects.get(action="第1步")
    assert (event.actor_name, event.target_label) == ("监督一", "县发展和改革局")


class AnyContent(TestCase):
    @settings(max_examples=25, deadline=None)
    @given(
        st.lists(
            st.tuples(
                st.text(max_size=60),
                st.dictionaries(st.text(max_size=5), st.integers() | st.text(max_size=9)),
            )
        )
    )
    def test_whatever_is_recorded_the_trail_holds(self, acts):
        for action, detail in acts:
            clean = {key.replace("\0", ""): _clean(value) for key, value in detail.items()}
            audit.record(None, action.replace("\0", ""), detail=clean)
        assert audit.verify_chain() == ""


def _clean(value):
    return value.replace("\0", "") if isinstance(value, str) else value


def test_the_page_says_that_the_trail_holds(trail, auditor, client_of):
    page = client_of(auditor).get(reverse("accounts:audit")).content.decode()
    assert "校验通过：6 条日志" in page  # the auditor's own sign-in is one


def test_the_page_says_where_it_is_broken(trail, auditor, client_of):
    client = client_of(auditor)
    tamper("UPDATE accounts_auditevent SET action = 'x' WHERE sequence = 3")
    assert "操作日志第 3 条与校验值不符" in client.get(reverse("accounts:audit")).content.decode()


def test_a_long_trail_is_walked_only_when_asked(trail, auditor, client_of, monkeypatch):
    monkeypatch.setattr("accounts.views.VERIFIED_UNASKED", 3)
    client = client_of(auditor)
    assert "现在校验是否完整" in client.get("/audit/").content.decode()
    assert "校验通过" in client.get("/audit/?verify=1").content.decode()


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("person=监督", {"第1步", "第2步", "第3步", "第4步", "第5步"}),
        ("person=auditor", {"登录"}),
        ("action=第2步", {"第2步"}),
        ("result=failure", set()),
        ("since=2999-01-01", set()),
        ("until=2000-01-01", set()),
        ("person=监督&action=第4步", {"第4步"}),
    ],
)
def test_the_trail_is_narrowed(trail, auditor, client_of, query, found):
    table = client_of(auditor).get(f"/audit/?{query}").context["table"]
    assert {row.record.action for row in table.rows} == found


@pytest.mark.parametrize("query", ["since=x", "page=99", "page=x", "sort=nothing", "result=?", "action=?"])
def test_nonsense_in_the_address_is_no_error(trail, auditor, client_of, query):
    assert client_of(auditor).get(f"/audit/?{query}").status_code == 200


def test_a_long_trail_is_paged(supervisor, auditor, client_of):
    for n in range(60):
        audit.record(supervisor, f"第{n}步")
    page = client_of(auditor).get("/audit/").content.decode()
    assert "共 61 条，第 1 / 2 页" in page
