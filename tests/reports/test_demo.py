"""The demonstration county: its figures, its past, and that it comes and goes without touching real work."""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
import time_machine
from django.contrib.auth import authenticate
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.management import CommandError, call_command
from django.db import connection
from django.db.models import Count, F
from django.utils import timezone

from accounts.audit import verify_chain
from accounts.enums import Role
from accounts.models import AuditEvent, Unit, UnitAlias, User
from accounts.preferences import preference
from reports.demo import DEMO_ACCOUNTS, DEMO_PASSWORD, clear_demo, load_demo
from reports.demo.clearing import demo_models
from reports.enums import ReportState
from reports.intake import receive_upload
from reports.models import Report
from reports.statistics import overview
from riskregistry.enums import MeasureState, ProgressEvent, RiskKind
from riskregistry.models import (
    Campaign,
    Case,
    Domain,
    Evidence,
    Measure,
    NoneDeclaration,
    Participation,
    ProgressEntry,
    RiskItem,
)
from tests import factories

pytestmark = pytest.mark.django_db

TABLE = {
    "项目投资": (26, 44, 29),
    "产业发展": (31, 6, 10),
    "市场监管": (3, 7, 8),
    "融资担保": (8, 8, 7),
    "行政审批": (38, 44, 27),
    "行风政风": (2, 20, 3),
}
TOTALS = {"post": 108, "point": 129, "link": 84}
TRACKED = (Unit, Campaign, Case, Participation, NoneDeclaration, RiskItem, Measure)
SEED = Path(__file__).resolve().parents[3] / "shared" / "seeds" / "county_report.txt"


def counted(**at: object) -> dict[str, tuple[int, ...]]:
    rows = RiskItem.objects.filter(**at).values_list("domain__name", "kind").order_by().annotate(Count("pk"))
    found = {(domain, kind): count for domain, kind, count in rows}
    return {domain: tuple(found[domain, kind] for kind in RiskKind) for domain in TABLE}


def story(days: int = 0) -> list[object]:
    """All that the demonstration says, in an order that depends on no key; moments put back by `days`."""
    back = timedelta(days=days)
    return [
        list(Unit.objects.values_list("name", "short_name", "order", "contact_name", "contact_phone")),
        sorted(UnitAlias.objects.values_list("unit__name", "name")),
        list(User.objects.values_list("username", "name", "role", "unit__name")),
        list(Case.objects.values_list("number", "title", "domain__name", "summary")),
        sorted(
            (unit, domain, kind, at - back)
            for unit, domain, kind, at in NoneDeclaration.objects.values_list(
                "participation__unit__name", "domain__name", "kind", "declared_at"
            )
        ),
        [
            (*words, at - back)
            for *words, at in RiskItem.objects.values_list(
                "unit__name",
                "kind",
                "name",
                "matter",
                "level_as_written",
                "post__name",
                "responsible",
                "created_at",
            )
        ],
        [
            (m.unit.name, m.heading, m.text, m.state, m.percent, m.due and m.due - back, m.version)
            for m in Measure.objects.select_related("unit")
        ],
        [
            (
                [item.name for item in m.risk_items.order_by("pk")],
                [unit.name for unit in m.co_units.order_by("pk")],
            )
            for m in Measure.objects.all()
        ],
        [
            (heading, at - back, *rest)
            for heading, at, *rest in ProgressEntry.objects.order_by("measure", "at").values_list(
                "measure__heading", "at", "actor__username", "event", "to_state", "percent", "comment"
            )
        ],
        list(Evidence.objects.order_by("measure", "pk").values_list("original_name", "sha256")),
        sorted(Report.objects.values_list("title", "unit__name", "state")),
    ]


def test_the_register_holds_the_figures_of_the_table_exactly():
    load_demo()
    assert counted() == TABLE
    assert dict(RiskItem.objects.order_by().values_list("kind").annotate(Count("pk"))) == TOTALS
    assert Participation.objects.count() == 26
    assert list(Domain.objects.values_list("name", flat=True)) == list(TABLE)
    with_items = RiskItem.objects.order_by().values_list("unit").distinct()
    assert Participation.objects.filter(unit__in=with_items).count() == 26


def test_items_belong_to_posts_that_were_there_before_them_in_the_same_unit():
    load_demo()
    attached = RiskItem.objects.exclude(post=None).select_related("post")
    assert attached.count() > 150
    for item in attached:
        item.clean()
        assert item.post is not None
        assert item.post.created_at < item.created_at
    names = RiskItem.objects.values("unit", "name").distinct().count()
    assert names > 310


def test_units_speak_in_their_own_names():
    load_demo()
    assert not Unit.objects.filter(name__contains="XX").exists()
    assert not Unit.objects.filter(confirmed=False).exists()
    assert UnitAlias.objects.get(name="县卫健局").unit.name == "县卫生健康局"
    assert UnitAlias.objects.get(name="农业农村局").unit.name == "县农业农村局"
    assert all(
        phone.startswith("000-")
        for phone in Unit.objects.exclude(contact_phone="").values_list("contact_phone", flat=True)
    )
    assert Participation.objects.filter(study_held_on=None).count() == 0


def test_some_units_said_none_and_some_said_nothing():
    load_demo()
    silent = Participation.objects.get(unit__short_name="白石镇")
    assert not silent.none_declarations.exists()
    assert not RiskItem.objects.filter(unit=silent.unit, kind=RiskKind.POINT).exists()
    declared = set(NoneDeclaration.objects.values_list("participation__unit", "domain", "kind"))
    assert declared
    assert declared.isdisjoint(RiskItem.objects.values_list("unit", "domain", "kind"))


def test_every_state_and_every_event_is_shown():
    load_demo()
    assert set(Measure.objects.values_list("state", flat=True)) == set(MeasureState.values)
    assert set(ProgressEntry.objects.values_list("event", flat=True)) == set(ProgressEvent.values)
    assert 60 <= Measure.objects.count() <= 90
    assert Measure.objects.values("theme").distinct().count() == 4
    today = timezone.localdate()
    assert Measure.objects.overdue(today).count() >= 5
    assert Measure.objects.open().filter(due__range=(today, today + timedelta(days=7))).count() >= 5
    assert Measure.objects.open().filter(due=None).exists()
    assert not Measure.objects.filter(risk_items=None).exists()


def test_a_measures_log_leads_to_its_state():
    load_demo()
    for measure in Measure.objects.prefetch_related("entries__actor"):
        entries = list(measure.entries.all())
        assert entries[0].event == ProgressEvent.CREATED
        assert entries[0].at == measure.created_at
        assert [e.from_state for e in entries] == ["", *[e.to_state for e in entries[:-1]]]
        assert entries[-1].to_state == measure.state
        assert len({e.at for e in entries}) == len(entries)
        assert entries[-1].at <= timezone.now()
        stated = [e.percent for e in entries if e.percent is not None]
        assert measure.percent == (stated[-1] if stated else 0)
        for entry in entries:
            if entry.to_state == MeasureState.APPLIED:
                assert (entry.actor.role, entry.actor.unit_id) == (Role.OFFICER, measure.unit_id)
            if entry.to_state == MeasureState.CLOSED:
                assert entry.actor.role == Role.LEADER


def test_percent_persons_and_evidence_fit_the_state():
    load_demo()
    for measure in Measure.objects.select_related("applied_by", "verified_by").prefetch_related("evidence"):
        measure.full_clean()
        if measure.state == MeasureState.NOT_STARTED:
            assert measure.percent == 0
        elif measure.state == MeasureState.IN_PROGRESS:
            assert 0 < measure.percent < 100
        elif measure.state != MeasureState.CANCELLED:
            assert measure.percent == 100
            assert measure.applied_by is not None
            assert measure.applied_by.unit_id == measure.unit_id
            assert measure.evidence.exists()
        if measure.state == MeasureState.CLOSED:
            assert measure.verified_by is not None
            assert measure.verified_by.role == Role.SUPERVISOR
    for evidence in Evidence.objects.all():
        content = evidence.file.read()
        assert (len(content), hashlib.sha256(content).hexdigest()) == (evidence.size, evidence.sha256)


def test_the_last_version_of_every_row_is_the_row():
    load_demo()
    for model in TRACKED:
        history = model.history.model
        names = [field.attname for field in history.tracked_fields]
        last = {row.pk_of_row: row for row in _with_key(history.objects.order_by("history_date"), model)}
        assert len(last) == model.objects.count()
        for row in model.objects.all():
            version = last[row.pk]
            assert [getattr(version, name) for name in names] == [getattr(row, name) for name in names]
        assert not history.objects.filter(history_date__gt=timezone.now()).exists()
        moments = history.objects.order_by().values_list(model._meta.pk.attname, "history_date")
        assert max(Counter(moments).values()) == 1, "two versions of one row at one moment"
        if "updated_at" in names:
            assert not history.objects.exclude(updated_at=F("history_date")).exists()


def _with_key(rows, model):
    for row in rows:
        row.pk_of_row = getattr(row, model._meta.pk.attname)
        yield row


def test_the_past_rises_from_nothing_to_the_figures():
    load_demo()
    started = Campaign.objects.get().started_on
    assert started is not None
    begun = timezone.make_aware(datetime.combine(started, datetime.min.time()))
    for model in TRACKED[1:]:
        assert not model.history.filter(history_date__lt=begun).exists()
    before = dict.fromkeys(TOTALS, 0)
    for day in range(0, 190, 7):
        rows = RiskItem.history.as_of(begun + timedelta(days=day)).values_list("kind", flat=True)
        now = Counter(rows)
        assert all(now[kind] >= before[kind] for kind in TOTALS)
        if day == 0:
            assert not now
        before = {**before, **now}
    assert before == TOTALS


def test_a_measure_as_of_each_entry_stood_where_the_entry_took_it():
    load_demo()
    for entry in ProgressEntry.objects.select_related("measure"):
        then = entry.measure.history.as_of(entry.at)
        assert then.state == entry.to_state
        assert then.percent == entry.percent or entry.percent is None
    extended = ProgressEntry.objects.filter(event=ProgressEvent.EXTENDED)[0]
    before = extended.measure.history.as_of(extended.at - timedelta(seconds=1))
    assert before.due < extended.measure.history.as_of(extended.at).due


def test_a_past_day_has_fewer_closed_measures_than_today(supervisor_of_demo):
    today = timezone.localdate()
    campaign = Campaign.objects.get()
    closed = [
        overview(supervisor_of_demo, campaign, today - timedelta(days=back)).measures.closed
        for back in (182, 90, 50, 0)
    ]
    assert closed == sorted(closed)
    assert closed[0] == 0
    assert len(set(closed)) == 4


@pytest.fixture
def supervisor_of_demo():
    load_demo()
    return User.objects.get(username="jiandu")


def test_three_reports_wait_and_one_is_accepted():
    load_demo()
    accepted = Report.objects.get(state=ReportState.ACCEPTED)
    totals = {f.kind: f.final_value for f in accepted.figures.filter(scope="total", decision="accepted")}
    assert totals == TOTALS
    [short] = accepted.discrepancies.all()
    assert (short.stated, short.computed, short.missing, short.decision) == (84, 57, ["行政审批"], "accepted")
    assert accepted.accepted_at is not None
    assert accepted.accepted_at < timezone.now() - timedelta(days=100)
    waiting = Report.objects.filter(state=ReportState.TO_REVIEW)
    assert waiting.count() == Report.objects.count() - 1 == 3
    [wrong] = waiting.get(unit=None).discrepancies.all()
    assert (wrong.kind, wrong.stated, wrong.computed) == ("point", 129, 131)
    assert all(report.statements.filter(type="measure").exists() for report in waiting)
    town = waiting.get(original_name__endswith=".txt")
    assert town.uploaded_by.unit == town.unit
    with pytest.raises(UnicodeDecodeError):
        town.file.read().decode()


def test_every_account_told_signs_in_and_every_role_is_there(rf):
    load_demo()
    for account in DEMO_ACCOUNTS:
        user = authenticate(rf.post("/"), username=account.username, password=DEMO_PASSWORD)
        assert user is not None
        assert (user.role, user.name, user.is_demo) == (account.role, account.name, True)
        assert not user.must_change_password
        validate_password(DEMO_PASSWORD, user)
    assert {account.role for account in DEMO_ACCOUNTS} == set(Role)
    officers = User.objects.filter(role=Role.OFFICER)
    assert set(officers.values_list("unit", flat=True)) == set(
        Participation.objects.values_list("unit", flat=True)
    )


def test_it_comes_out_the_same_every_time_apart_from_the_dates():
    with time_machine.travel(datetime(2024, 2, 29, 3, tzinfo=UTC), tick=False):
        load_demo()
        first = story()
        clear_demo()
    with time_machine.travel(datetime(2024, 9, 10, 9, tzinfo=UTC), tick=False):
        load_demo()
        assert story(days=194) == first


def test_nothing_lies_in_the_future_just_after_midnight_in_shanghai():
    with time_machine.travel(datetime(2024, 12, 31, 16, 1, tzinfo=UTC), tick=False):
        load_demo()
        assert Campaign.objects.get().started_on == date(2024, 7, 3)
        assert not ProgressEntry.objects.filter(at__gt=timezone.now()).exists()
        assert not Measure.objects.filter(closed_on__gte=timezone.localdate()).exists()


@pytest.mark.parametrize(
    "real",
    [factories.UnitFactory, factories.UserFactory, factories.CampaignFactory, factories.RiskItemFactory],
)
def test_real_data_is_never_touched(real):
    real()
    units, events = Unit.objects.count(), AuditEvent.objects.count()
    with pytest.raises(CommandError, match="不是空库"):
        call_command("load_demo")
    assert (Unit.objects.count(), AuditEvent.objects.count()) == (units, events)
    assert preference("demo") is False
    with pytest.raises(CommandError, match="不是演示数据库"):
        call_command("clear_demo", yes=True)
    assert Unit.objects.count() == units


def test_a_second_run_changes_nothing_and_says_so(capsys):
    call_command("load_demo")
    told = capsys.readouterr().out
    assert DEMO_PASSWORD in told
    assert all(account.username in told for account in DEMO_ACCOUNTS)
    User.objects.filter(username="jiandu").update(name="改过的名字")
    before, events = story(), AuditEvent.objects.count()
    call_command("load_demo")
    assert "没有改动" in capsys.readouterr().out
    assert (story(), AuditEvent.objects.count()) == (before, events)


def test_a_scale_makes_as_many_counties():
    load_demo()
    one = Counter(RiskItem.objects.values_list("unit__name", "name", "level"))
    rows = {model: model.objects.count() for model in (Participation, RiskItem, Measure, ProgressEntry)}
    clear_demo()
    load_demo(scale=2)
    assert counted() == {domain: tuple(2 * n for n in counts) for domain, counts in TABLE.items()}
    assert Participation.objects.count() == 2 * rows[Participation] == 52
    assert Measure.objects.count() == 2 * rows[Measure]
    assert ProgressEntry.objects.count() > 1.8 * rows[ProgressEntry]
    assert one <= Counter(RiskItem.objects.values_list("unit__name", "name", "level"))
    assert Unit.objects.filter(name="第2县公安局", short_name="第2县公安局").exists()
    assert not RiskItem.objects.exclude(post=None).exclude(post__unit=F("unit")).exists()


def test_a_scale_below_one_is_refused():
    with pytest.raises(CommandError, match="倍数"):
        call_command("load_demo", scale=0)
    assert not Unit.objects.exists()


def test_clearing_leaves_an_empty_register_ready_for_real_work(
    django_capture_on_commit_callbacks, settings, monkeypatch, capsys
):
    load_demo()
    factories.UserFactory(username="zhangsan")
    entered = User.objects.get(username="zhangsan")
    item = RiskItem.objects.all()[0]
    item.name = "演示时改的"
    item.save()
    receive_upload("演示时上传".encode(), "a.txt", campaign=item.campaign, unit=None, actor=entered)
    assert [path for path in Path(settings.MEDIA_ROOT).rglob("*") if path.is_file()]
    events = AuditEvent.objects.count()
    with django_capture_on_commit_callbacks(execute=True):
        call_command("clear_demo", yes=True)
    assert "first_admin" in capsys.readouterr().out
    connection.check_constraints()
    assert {model.__name__: model._base_manager.count() for model in demo_models()} == dict.fromkeys(
        (model.__name__ for model in demo_models()), 0
    )
    assert not [path for path in Path(settings.MEDIA_ROOT).rglob("*") if path.is_file()]
    assert (preference("demo"), preference("county_name")) == (False, "")
    assert list(Domain.objects.values_list("name", flat=True)) == list(TABLE)
    assert AuditEvent.objects.count() == events + 1
    assert AuditEvent.objects.all()[0].action == "清除演示数据"
    assert verify_chain() == ""
    monkeypatch.setenv("ADMIN_USERNAME", "guanliyuan")
    monkeypatch.setenv("ADMIN_PASSWORD", "Xianji-2031")
    call_command("first_admin")
    assert User.objects.get().role == Role.ADMINISTRATOR
    with pytest.raises(ValidationError):
        load_demo()


def test_clearing_asks_first():
    load_demo()
    with pytest.raises(CommandError, match="--yes"):
        call_command("clear_demo")
    assert User.objects.exists()


def test_the_domains_are_loaded_once_and_left_as_people_ordered_them():
    call_command("load_domains")
    assert list(Domain.objects.values_list("name", flat=True)) == list(TABLE)
    moved = Domain.objects.get(name="行风政风")
    moved.order = 0
    moved.save()
    call_command("load_domains")
    assert Domain.objects.count() == 6
    assert Domain.objects.first() == moved


@pytest.mark.skipif(not SEED.exists(), reason="the real report is not beside the repository")
def test_no_sentence_of_the_real_report_is_carried():
    load_demo()
    said = [str(story())]
    said += Report.objects.values_list("text", flat=True)
    said += RiskItem.objects.values_list("description", flat=True)
    said += [str(step) for step in Campaign.objects.values_list("next_steps", flat=True)]
    said += [str(documents) for documents in Measure.objects.values_list("documents", flat=True)]
    shared = _runs(SEED.read_text()) & {run for text in said for run in _runs(text)}
    assert shared == set()


def _runs(text: str, length: int = 12) -> set[str]:
    """Every stretch of `length` Chinese characters with nothing between them."""
    stretches = re.findall(rf"[\u4e00-\u9fff]{{{length},}}", text)
    return {stretch[i : i + length] for stretch in stretches for i in range(len(stretch) - length + 1)}
