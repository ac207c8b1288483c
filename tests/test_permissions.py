"""Who gets through which door: role × address × answer, over every address of the project.

Add a row to PAGES for each new address, and one to ADMIN for each model that enters the admin: the tests at
the end fail while one is missing. All things of the `World` belong to the unit of `officer`, so `outsider`
(an officer of another unit) shows what out of scope means.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple

import pytest
from django.contrib import admin
from django.core.files.base import ContentFile
from django.db import transaction
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from accounts import audit
from accounts.models import Setting, User
from reports.briefing import making
from reports.models import BriefingSchedule, BriefingTemplate
from riskregistry import lookback
from riskregistry.models import Holiday, ImportBatch, NoneDeclaration, Requirement, SavedFilter, Submission
from tests import factories
from tests.riskregistry.imports.ledgers import workbook

ROLES = ("supervisor", "leader", "officer", "outsider", "administrator", "auditor")

OK, NO, HIDDEN, SIGN_IN = "let through", "403", "404", "asked to sign in"

# method, name, arguments (name → attribute of World), and what each role gets, in the order of ROLES.
# Whoever is not signed in is asked to sign in, but for the addresses in OPEN.
PAGES: list[tuple[str, str, dict[str, str], tuple[str, ...]]] = [
    # accounts
    ("GET", "accounts:login", {}, (OK, OK, OK, OK, OK, OK)),
    ("POST", "accounts:login", {}, (OK, OK, OK, OK, OK, OK)),
    ("POST", "accounts:logout", {}, (OK, OK, OK, OK, OK, OK)),
    ("GET", "accounts:password", {}, (OK, OK, OK, OK, OK, OK)),
    ("POST", "accounts:password", {}, (OK, OK, OK, OK, OK, OK)),
    ("GET", "accounts:audit", {}, (NO, NO, NO, NO, NO, OK)),
    ("POST", "accounts:unit_confirm", {"pk": "unit"}, (OK, NO, NO, NO, OK, NO)),
    ("GET", "accounts:unit_merge", {"pk": "unit"}, (OK, NO, NO, NO, OK, NO)),
    ("POST", "accounts:unit_merge", {"pk": "unit"}, (OK, NO, NO, NO, OK, NO)),
    ("GET", "accounts:import_units", {}, (OK, NO, NO, NO, OK, NO)),
    ("POST", "accounts:import_units", {}, (OK, NO, NO, NO, OK, NO)),
    ("GET", "accounts:import_people", {}, (NO, NO, NO, NO, OK, NO)),
    ("POST", "accounts:import_people", {}, (NO, NO, NO, NO, OK, NO)),
    # the register
    ("POST", "riskregistry:choose_campaign", {}, (OK, OK, OK, OK, OK, OK)),
    ("GET", "riskregistry:risk_list", {}, (OK, OK, OK, OK, OK, OK)),
    ("GET", "riskregistry:risk", {"pk": "risk"}, (OK, OK, OK, HIDDEN, OK, OK)),
    ("GET", "riskregistry:measure_list", {}, (OK, OK, OK, OK, OK, OK)),
    ("GET", "riskregistry:measure", {"pk": "measure"}, (OK, OK, OK, HIDDEN, OK, OK)),
    ("GET", "riskregistry:step", {"pk": "measure", "code": "=progress"}, (OK, NO, OK, HIDDEN, NO, NO)),
    ("POST", "riskregistry:step", {"pk": "measure", "code": "=progress"}, (OK, NO, OK, HIDDEN, NO, NO)),
    ("GET", "riskregistry:extension", {"pk": "measure"}, (OK, NO, OK, HIDDEN, NO, NO)),
    ("POST", "riskregistry:extension", {"pk": "measure"}, (OK, NO, OK, HIDDEN, NO, NO)),
    ("POST", "riskregistry:decide_extension", {"pk": "extension_request"}, (OK, NO, NO, NO, NO, NO)),
    ("GET", "riskregistry:evidence", {"pk": "evidence"}, (OK, OK, OK, HIDDEN, OK, OK)),
    ("GET", "riskregistry:evidence_small", {"pk": "evidence"}, (OK, OK, OK, HIDDEN, OK, OK)),
    ("GET", "riskregistry:ledger", {}, (OK, OK, OK, OK, OK, OK)),
    ("POST", "riskregistry:bulk_step", {}, (OK, OK, OK, OK, OK, OK)),
    ("GET", "riskregistry:ledger_file", {"kind": "=lists"}, (OK, OK, OK, OK, NO, NO)),
    ("GET", "riskregistry:letter_list", {}, (OK, OK, OK, OK, OK, OK)),
    (
        "GET",
        "riskregistry:new_letter",
        {"campaign_pk": "campaign", "unit_pk": "unit"},
        (OK, NO, NO, NO, NO, NO),
    ),
    (
        "POST",
        "riskregistry:new_letter",
        {"campaign_pk": "campaign", "unit_pk": "unit"},
        (OK, NO, NO, NO, NO, NO),
    ),
    ("GET", "riskregistry:letter", {"pk": "letter"}, (OK, OK, OK, HIDDEN, OK, OK)),
    ("POST", "riskregistry:receive_letter", {"pk": "letter"}, (OK, NO, OK, HIDDEN, NO, NO)),
    ("POST", "riskregistry:answer_letter", {"pk": "letter"}, (OK, NO, OK, HIDDEN, NO, NO)),
    ("GET", "riskregistry:letter_file", {"pk": "letter"}, (OK, OK, OK, HIDDEN, OK, OK)),
    ("GET", "riskregistry:closing_file", {"pk": "closed_measure"}, (OK, OK, OK, HIDDEN, OK, OK)),
    ("GET", "riskregistry:lookback_list", {}, (OK, NO, NO, NO, NO, NO)),
    ("POST", "riskregistry:lookback_list", {}, (OK, NO, NO, NO, NO, NO)),
    ("GET", "riskregistry:lookback_round", {"pk": "round"}, (OK, NO, NO, NO, NO, NO)),
    ("POST", "riskregistry:record_lookback", {"pk": "lookback"}, (OK, NO, NO, NO, NO, NO)),
    ("GET", "riskregistry:signs", {}, (OK, NO, NO, NO, NO, NO)),
    ("GET", "riskregistry:import_upload", {}, (OK, NO, OK, OK, NO, NO)),
    ("POST", "riskregistry:import_upload", {}, (OK, NO, OK, OK, NO, NO)),
    ("GET", "riskregistry:import_preview", {"pk": "batch"}, (OK, NO, OK, HIDDEN, NO, NO)),
    ("POST", "riskregistry:import_preview", {"pk": "batch"}, (OK, NO, OK, HIDDEN, NO, NO)),
    ("GET", "riskregistry:import_mapping", {"pk": "batch"}, (OK, NO, OK, HIDDEN, NO, NO)),
    ("POST", "riskregistry:import_mapping", {"pk": "batch"}, (OK, NO, OK, HIDDEN, NO, NO)),
    ("POST", "riskregistry:import_confirm", {"pk": "batch"}, (OK, NO, OK, HIDDEN, NO, NO)),
    ("POST", "riskregistry:import_undo", {"pk": "batch"}, (OK, NO, OK, HIDDEN, NO, NO)),
    ("POST", "riskregistry:import_discard", {"pk": "batch"}, (OK, NO, OK, HIDDEN, NO, NO)),
    ("GET", "riskregistry:import_annotated", {"pk": "batch"}, (OK, NO, OK, HIDDEN, NO, NO)),
    ("GET", "riskregistry:import_template", {"unit_pk": "unit"}, (OK, NO, OK, HIDDEN, NO, NO)),
    ("GET", "riskregistry:list_totals", {"kind": "=risks"}, (OK, OK, OK, OK, OK, OK)),
    ("GET", "riskregistry:list_export", {"kind": "=risks", "form": "=xlsx"}, (OK, OK, OK, OK, NO, NO)),
    ("GET", "riskregistry:list_export", {"kind": "=measures", "form": "=csv"}, (OK, OK, OK, OK, NO, NO)),
    ("POST", "riskregistry:save_filter", {"kind": "=risks"}, (OK, OK, OK, OK, OK, OK)),
    (
        "POST",
        "riskregistry:change_filter",
        {"pk": "saved_filter"},
        (HIDDEN, HIDDEN, OK, HIDDEN, HIDDEN, HIDDEN),
    ),
    ("GET", "riskregistry:new_risk", {}, (OK, NO, OK, OK, NO, NO)),
    ("POST", "riskregistry:new_risk", {}, (OK, NO, OK, OK, NO, NO)),
    ("GET", "riskregistry:edit_risk", {"pk": "risk"}, (OK, NO, OK, HIDDEN, NO, NO)),
    ("POST", "riskregistry:edit_risk", {"pk": "risk"}, (OK, NO, OK, HIDDEN, NO, NO)),
    ("GET", "riskregistry:withdraw_risk", {"pk": "risk"}, (OK, NO, OK, HIDDEN, NO, NO)),
    ("POST", "riskregistry:withdraw_risk", {"pk": "risk"}, (OK, NO, OK, HIDDEN, NO, NO)),
    ("POST", "riskregistry:restore_risk", {"pk": "risk"}, (OK, NO, OK, HIDDEN, NO, NO)),
    ("GET", "riskregistry:new_points", {"pk": "risk"}, (OK, NO, OK, HIDDEN, NO, NO)),
    ("POST", "riskregistry:new_points", {"pk": "risk"}, (OK, NO, OK, HIDDEN, NO, NO)),
    ("POST", "riskregistry:bulk_change", {}, (OK, NO, OK, OK, NO, NO)),
    ("GET", "riskregistry:new_measure", {}, (OK, NO, OK, OK, NO, NO)),
    ("POST", "riskregistry:new_measure", {}, (OK, NO, OK, OK, NO, NO)),
    ("GET", "riskregistry:edit_measure", {"pk": "measure"}, (OK, NO, OK, HIDDEN, NO, NO)),
    ("POST", "riskregistry:edit_measure", {"pk": "measure"}, (OK, NO, OK, HIDDEN, NO, NO)),
    # statistics
    ("GET", "reports:overview", {}, (OK, OK, OK, OK, OK, OK)),
    ("GET", "reports:unit_list", {}, (OK, OK, OK, OK, OK, OK)),
    ("GET", "reports:unit", {"pk": "unit"}, (OK, OK, OK, HIDDEN, OK, OK)),
    ("GET", "reports:domain_list", {}, (OK, OK, OK, OK, OK, OK)),
    ("GET", "reports:domain", {"pk": "domain"}, (OK, OK, OK, OK, OK, OK)),
    ("GET", "reports:campaign", {"pk": "campaign"}, (OK, OK, OK, OK, OK, OK)),
    ("GET", "reports:submissions", {}, (OK, OK, OK, OK, OK, OK)),
    ("GET", "reports:submissions_file", {}, (OK, OK, OK, OK, NO, NO)),
    ("POST", "reports:decide_submission", {"pk": "submission"}, (OK, NO, NO, NO, NO, NO)),
    ("POST", "reports:hand_in", {"pk": "participation", "item": "=study"}, (OK, NO, OK, HIDDEN, NO, NO)),
    ("GET", "reports:declarations", {"pk": "participation"}, (OK, NO, OK, HIDDEN, NO, NO)),
    ("POST", "reports:declarations", {"pk": "participation"}, (OK, NO, OK, HIDDEN, NO, NO)),
    ("GET", "reports:trends", {}, (OK, OK, OK, OK, OK, OK)),
    ("GET", "reports:todo", {}, (OK, OK, OK, OK, OK, OK)),
    ("POST", "reports:read_notices", {}, (OK, OK, OK, OK, OK, OK)),
    ("GET", "reports:search", {}, (OK, OK, OK, OK, OK, OK)),
    # uploaded reports
    ("GET", "reports:report_list", {}, (OK, OK, OK, OK, NO, NO)),
    ("GET", "reports:upload", {}, (OK, NO, OK, OK, NO, NO)),
    ("POST", "reports:upload", {}, (OK, NO, OK, OK, NO, NO)),
    ("GET", "reports:report", {"pk": "report"}, (OK, OK, OK, HIDDEN, NO, NO)),
    ("GET", "reports:report", {"pk": "county_report"}, (OK, OK, HIDDEN, HIDDEN, NO, NO)),
    ("GET", "reports:report_status", {"pk": "report"}, (OK, OK, OK, HIDDEN, NO, NO)),
    (
        "GET",
        "reports:decide",
        {"pk": "report", "kind": "=figure", "fact_pk": "figure"},
        (OK, NO, NO, NO, NO, NO),
    ),
    (
        "POST",
        "reports:decide",
        {"pk": "report", "kind": "=figure", "fact_pk": "figure"},
        (OK, NO, NO, NO, NO, NO),
    ),
    ("POST", "reports:settle", {"pk": "report", "discrepancy_pk": "discrepancy"}, (OK, NO, NO, NO, NO, NO)),
    ("POST", "reports:agree", {"pk": "report"}, (OK, NO, NO, NO, NO, NO)),
    ("POST", "reports:accept", {"pk": "report"}, (OK, NO, NO, NO, NO, NO)),
    ("POST", "reports:withdraw", {"pk": "report"}, (OK, NO, NO, NO, NO, NO)),
    ("POST", "reports:retry", {"pk": "report"}, (OK, NO, NO, NO, NO, NO)),
    ("GET", "reports:original", {"pk": "report"}, (OK, NO, NO, NO, NO, NO)),
    # briefings; the officer sees those of the own unit, never one of the whole county
    ("GET", "reports:briefing_list", {}, (OK, OK, OK, OK, NO, NO)),
    ("POST", "reports:new_briefing", {}, (OK, OK, OK, OK, NO, NO)),
    ("GET", "reports:fonts", {}, (OK, OK, OK, OK, NO, NO)),
    ("GET", "reports:briefing", {"pk": "briefing"}, (OK, OK, OK, HIDDEN, NO, NO)),
    ("GET", "reports:briefing", {"pk": "county_briefing"}, (OK, OK, HIDDEN, HIDDEN, NO, NO)),
    ("POST", "reports:edit_paragraph", {"pk": "briefing", "key": "=numbers"}, (OK, OK, OK, HIDDEN, NO, NO)),
    ("POST", "reports:edit_head", {"pk": "briefing"}, (OK, OK, OK, HIDDEN, NO, NO)),
    ("POST", "reports:choose_sections", {"pk": "briefing"}, (OK, OK, OK, HIDDEN, NO, NO)),
    ("POST", "reports:export_briefing", {"pk": "briefing"}, (OK, OK, OK, HIDDEN, NO, NO)),
    ("POST", "reports:look_at_briefing", {"pk": "county_briefing"}, (OK, OK, HIDDEN, HIDDEN, NO, NO)),
    ("GET", "reports:briefing_file", {"pk": "briefing_file"}, (OK, OK, OK, HIDDEN, NO, NO)),
    ("GET", "reports:briefing_file", {"pk": "county_file"}, (OK, OK, HIDDEN, HIDDEN, NO, NO)),
    ("GET", "reports:template_list", {}, (OK, NO, NO, NO, OK, NO)),
    ("POST", "reports:template_list", {}, (OK, NO, NO, NO, OK, NO)),
    ("POST", "reports:withdraw_template", {"pk": "template"}, (OK, NO, NO, NO, OK, NO)),
    ("GET", "reports:schedule_list", {}, (OK, NO, NO, NO, OK, NO)),
    ("POST", "reports:schedule_list", {}, (OK, NO, NO, NO, OK, NO)),
    ("POST", "reports:stop_schedule", {"pk": "schedule"}, (OK, NO, NO, NO, OK, NO)),
]

OPEN = {"accounts:login", "accounts:logout"}

# What a POST must say so that it is understood at all.
SAID = {"reports:decide": {"decision": "accepted"}}

# The admin as a whole: staff come in, others do not.
ADMIN_FRAME = ("admin:index", "admin:jsi18n")


class AdminRow(NamedTuple):
    """The model's thing in World, and the roles that may open it, make one, change it, remove it."""

    thing: str
    look: set[str]
    add: set[str]
    change: set[str]
    remove: set[str]


BOTH, SUPERVISOR, ADMINISTRATOR, AUDITOR = (
    {"supervisor", "administrator"},
    {"supervisor"},
    {"administrator"},
    {"auditor"},
)
NOBODY = set[str]()

ADMIN = {
    "accounts.unit": AdminRow("unit", BOTH, BOTH, BOTH, NOBODY),
    "accounts.unitalias": AdminRow("alias", BOTH, BOTH, BOTH, BOTH),
    "accounts.user": AdminRow("person", ADMINISTRATOR, ADMINISTRATOR, ADMINISTRATOR, NOBODY),
    "accounts.setting": AdminRow("setting", ADMINISTRATOR, ADMINISTRATOR, ADMINISTRATOR, NOBODY),
    "accounts.auditevent": AdminRow("event", AUDITOR, NOBODY, NOBODY, NOBODY),
    "riskregistry.domain": AdminRow("domain", BOTH, BOTH, BOTH, NOBODY),
    "riskregistry.campaign": AdminRow("campaign", BOTH, BOTH, BOTH, NOBODY),
    "riskregistry.case": AdminRow("case", BOTH, BOTH, BOTH, NOBODY),
    "riskregistry.participation": AdminRow("participation", BOTH, BOTH, BOTH, NOBODY),
    "riskregistry.nonedeclaration": AdminRow("declaration", BOTH, BOTH, BOTH, BOTH),
    "riskregistry.requirement": AdminRow("requirement", BOTH, BOTH, BOTH, BOTH),
    "riskregistry.holiday": AdminRow("holiday", BOTH, BOTH, BOTH, BOTH),
    "riskregistry.riskitem": AdminRow("risk", SUPERVISOR, SUPERVISOR, SUPERVISOR, NOBODY),
    "riskregistry.measure": AdminRow("measure", SUPERVISOR, SUPERVISOR, SUPERVISOR, NOBODY),
    # Uploaded on a page of its own, and decided there.
    "reports.report": AdminRow("report", SUPERVISOR, SUPERVISOR, NOBODY, NOBODY),
}

# Addresses without a name, or shadowing one of the admin's: each is tested by itself.
ELSEWHERE = {
    "admin/login/": "tests/accounts/test_signing_in.py",
    "admin/logout/": "the same view as accounts:logout",
    "admin/password_change/": "leads to accounts:password",
}

# The admin's own addresses that hold nothing of ours: they answer like the frame, or lead to what is tested.
ADMIN_REST = {
    "admin:login",
    "admin:logout",
    "admin:password_change",
    "admin:password_change_done",
    "admin:autocomplete",
    "admin:app_list",
    "admin:view_on_site",
}


@dataclass
class World:
    """One of everything, all of it the unit's of `officer`."""

    unit: Any
    alias: Any
    person: Any
    setting: Any
    event: Any
    domain: Any
    campaign: Any
    case: Any
    participation: Any
    declaration: Any
    risk: Any
    measure: Any
    report: Any
    county_report: Any
    figure: Any
    discrepancy: Any
    extension_request: Any
    evidence: Any
    letter: Any
    closed_measure: Any
    round: Any
    lookback: Any
    batch: Any
    saved_filter: Any
    requirement: Any
    holiday: Any
    submission: Any
    briefing: Any
    county_briefing: Any
    briefing_file: Any
    county_file: Any
    template: Any
    schedule: Any


@pytest.fixture
def world(unit, officer, outsider, supervisor, campaign) -> World:
    domain: Any = factories.DomainFactory()
    participation: Any = factories.ParticipationFactory(campaign=campaign, unit=unit)
    factories.ParticipationFactory(campaign=campaign, unit=outsider.unit)
    report: Any = factories.ReportFactory(campaign=campaign, unit=unit, uploaded_by=supervisor)
    report.file.save("report.docx", ContentFile(b"content"))
    measure: Any = factories.MeasureFactory(campaign=campaign, unit=unit, domain=domain, due=date(2030, 1, 1))
    closed: Any = factories.MeasureFactory(campaign=campaign, unit=unit, closed=True)
    ledger = workbook([["风险点", "风险等级"], ["超时办件", "高"]])
    batch: Any = ImportBatch(
        campaign=campaign, unit=unit, original_name="台账.xlsx", sha256="0" * 64, size=1, uploaded_by=officer
    )
    batch.file.save("台账.xlsx", ContentFile(ledger))
    round_ = lookback.draw(campaign, name="回头看", seed=1, share=100, actor=supervisor)
    briefing = making.make(officer, campaign, "brief")
    county_briefing = making.make(supervisor, campaign, "brief")
    template: Any = BriefingTemplate(name="红头", sha256="0" * 64, uploaded_by=supervisor)
    template.file.save("a.docx", ContentFile(b"content"))
    return World(
        unit=unit,
        alias=factories.UnitAliasFactory(unit=unit),
        person=factories.UserFactory(officer=True, unit=unit),
        setting=Setting.objects.create(key="demo", value=False),
        event=audit.record(supervisor, "试"),
        domain=domain,
        campaign=campaign,
        case=factories.CaseFactory(campaign=campaign),
        participation=participation,
        declaration=NoneDeclaration.objects.create(
            participation=participation, kind="post", domain=domain, declared_by=officer
        ),
        risk=factories.RiskItemFactory(campaign=campaign, unit=unit, domain=domain),
        measure=measure,
        report=report,
        county_report=factories.ReportFactory(campaign=campaign, uploaded_by=supervisor),
        figure=factories.FigureFactory(report=report),
        discrepancy=factories.DiscrepancyFactory(report=report),
        extension_request=factories.ExtensionRequestFactory(measure=measure, requested_by=officer),
        evidence=factories.EvidenceFactory(measure=measure, uploaded_by=officer),
        letter=factories.ChasingLetterFactory(unit=unit, campaign=campaign, issued_by=supervisor),
        closed_measure=closed,
        round=round_,
        lookback=round_.lookbacks.get(),
        batch=batch,
        requirement=Requirement.objects.create(campaign=campaign, item="study"),
        holiday=Holiday.objects.create(day=date(2030, 10, 1)),
        submission=Submission.objects.create(participation=participation, item="study", submitted_by=officer),
        briefing=briefing,
        county_briefing=county_briefing,
        briefing_file=making.export(briefing, "pdf", officer),
        county_file=making.export(county_briefing, "pdf", supervisor),
        template=template,
        schedule=BriefingSchedule.objects.create(
            campaign=campaign, kind="brief", every="week", day=1, created_by=supervisor
        ),
        saved_filter=SavedFilter.objects.create(user=officer, page="risk_list", name="高风险"),
    )


@pytest.fixture
def people(supervisor, leader, officer, outsider, administrator, auditor) -> dict[str, User]:
    return dict(zip(ROLES, (supervisor, leader, officer, outsider, administrator, auditor), strict=True))


def ask(client: Client, method: str, url: str, data: dict[str, str] | None = None) -> str:
    """The answer in the words of the table, behind any redirect of a GET. Every change is undone."""
    with transaction.atomic():
        if method == "GET":
            response: Any = client.get(url, follow=True)
        else:
            response = client.post(url, data or {})
        transaction.set_rollback(True)
    assert response.status_code < 500, f"{method} {url}: {response.status_code}"
    assert response.status_code != 405, f"{method} {url} does not take {method}: correct the table"
    asked = (
        response.redirect_chain[-1][0]
        if getattr(response, "redirect_chain", None)
        else response.get("Location", "")
    )
    if asked.startswith("/accounts/login/?next="):
        return SIGN_IN
    if asked.startswith("/admin/login/"):  # leads to 403 for whoever is signed in
        return NO
    return {403: NO, 404: HIDDEN}.get(response.status_code, OK)


def path_of(world: World, name: str, arguments: dict[str, str]) -> str:
    """The address, its arguments the keys of things of the World, or literal after an equals sign."""
    values = {
        key: wanted[1:] if wanted.startswith("=") else getattr(world, wanted).pk
        for key, wanted in arguments.items()
    }
    return reverse(name, kwargs=values)


@pytest.mark.parametrize(
    ("method", "name", "arguments", "expected"),
    PAGES,
    ids=[f"{row[0]} {row[1]} {row[2].get('pk', '')}" for row in PAGES],
)
def test_pages(world, people, client_of, method, name, arguments, expected):
    url = path_of(world, name, arguments)
    answers = {role: ask(client_of(person), method, url, SAID.get(name)) for role, person in people.items()}
    assert answers == dict(zip(ROLES, expected, strict=True))


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_whoever_is_not_signed_in_is_asked_to(world, method):
    for verb, name, arguments, _ in PAGES:
        if verb == method and name not in OPEN:
            assert ask(Client(), verb, path_of(world, name, arguments)) == SIGN_IN, name
    for model in ADMIN:
        assert ask(Client(), method, reverse(f"admin:{model.replace('.', '_')}_changelist")) == SIGN_IN


@pytest.mark.parametrize("name", ADMIN_FRAME)
def test_the_admin_lets_staff_in(people, client_of, name):
    answers = {role: ask(client_of(person), "GET", reverse(name)) for role, person in people.items()}
    staff = {"supervisor", "administrator", "auditor"}
    assert answers == {role: OK if role in staff else NO for role in ROLES}


@pytest.mark.parametrize("model", ADMIN)
def test_admin_pages(world, people, client_of, model):
    row = ADMIN[model]
    pk = getattr(world, row.thing).pk
    doors = [
        ("GET", "changelist", [], row.look),
        ("GET", "change", [pk], row.look),
        ("GET", "history", [pk], row.look),
        ("GET", "add", [], row.add),
        ("POST", "change", [pk], row.change),
        ("GET", "delete", [pk], row.remove),
        ("POST", "delete", [pk], row.remove),
    ]
    for method, view, arguments, allowed in doors:
        url = reverse(f"admin:{model.replace('.', '_')}_{view}", args=arguments)
        answers = {role: ask(client_of(person), method, url) for role, person in people.items()}
        assert answers == {role: OK if role in allowed else NO for role in ROLES}, f"{method} {url}"


# Nothing is missing from the tables above.


def patterns(resolver: URLResolver, namespace: str = "", before: str = "") -> Iterator[tuple[str, str]]:
    """(qualified name, route) of every pattern; a pattern without a name has "" for it."""
    for entry in resolver.url_patterns:
        route = f"{before}{entry.pattern}"
        if isinstance(entry, URLResolver):
            yield from patterns(entry, entry.namespace or namespace, route)
        elif isinstance(entry, URLPattern):
            yield (f"{namespace}:{entry.name}" if entry.name else ""), route


def registered_models() -> set[str]:
    return {model._meta.label_lower for model in admin.site._registry if model._meta.app_label in ROOMS}


ROOMS = {"accounts", "riskregistry", "reports"}


def test_every_address_is_in_the_table():
    listed = {name for _, name, _, _ in PAGES}
    found = {
        name or route
        for name, route in patterns(get_resolver())
        if not name.startswith("admin:")
        and not (route.startswith("admin/") and not name and route not in ELSEWHERE)
    }
    assert found - listed - set(ELSEWHERE) == set(), "add these to PAGES"
    assert listed - found == set(), "these are in PAGES but not in the project"


def test_every_address_of_the_admin_is_covered():
    views = ("changelist", "add", "change", "delete", "history", "simple_history")
    covered = {f"admin:{model.replace('.', '_')}_{view}" for model in ADMIN for view in views}
    found = {name for name, _ in patterns(get_resolver()) if name.startswith("admin:")}
    ours = {name for name in found if name.split(":")[1].split("_")[0] in ROOMS or name in ADMIN_FRAME}
    assert ours - covered - set(ADMIN_FRAME) == set(), "add the model to ADMIN"


def test_every_model_in_the_admin_is_in_the_table():
    assert registered_models() - set(ADMIN) == set()


def test_the_admins_other_addresses_are_known():
    found = {name for name, _ in patterns(get_resolver()) if name.startswith("admin:")}
    models = {f"{model._meta.app_label}_{model._meta.model_name}" for model in admin.site._registry}
    rest = {name for name in found if not any(name.startswith(f"admin:{model}_") for model in models)}
    assert rest <= ADMIN_REST | set(ADMIN_FRAME)
