"""What the database refuses, whoever asks; and who sees which rows."""

from collections.abc import Callable
from datetime import date

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone

from riskregistry.enums import MeasureState, ProgressEvent, RiskKind
from riskregistry.models import (
    Campaign,
    Case,
    ChasingLetter,
    ColumnMapping,
    Domain,
    Evidence,
    ExtensionRequest,
    ImportBatch,
    LateChange,
    Lookback,
    LookbackRound,
    Measure,
    NoneDeclaration,
    Participation,
    ProgressEntry,
    Requirement,
    RiskItem,
    SavedFilter,
    Submission,
)
from tests import factories

MODELS = (
    Domain,
    Campaign,
    Participation,
    NoneDeclaration,
    Case,
    RiskItem,
    Measure,
    ProgressEntry,
    Evidence,
    Requirement,
    Submission,
    LateChange,
    ImportBatch,
    ColumnMapping,
    SavedFilter,
    ExtensionRequest,
    ChasingLetter,
    LookbackRound,
    Lookback,
)


# Who sees which rows of the others: tests/test_permissions.py.
SCOPED = MODELS[:9]


def _entry(**fields):
    measure = factories.MeasureFactory()
    fields = {"event": ProgressEvent.STEP, "to_state": MeasureState.IN_PROGRESS, **fields}
    return ProgressEntry.objects.create(measure=measure, actor=factories.UserFactory(), **fields)


def _declaration(**fields):
    fields.setdefault("participation", factories.ParticipationFactory())
    fields.setdefault("domain", factories.DomainFactory())
    fields.setdefault("kind", RiskKind.POST)
    return NoneDeclaration.objects.create(declared_by=factories.UserFactory(), **fields)


def _twice_taking_part():
    first = factories.ParticipationFactory()
    factories.ParticipationFactory(campaign=first.campaign, unit=first.unit)


def _twice_declared():
    first = _declaration()
    _declaration(participation=first.participation, domain=first.domain, kind=first.kind)


def _twice_numbered():
    first = factories.CaseFactory()
    factories.CaseFactory(campaign=first.campaign, number=first.number)


def _post_under_a_post():
    post = factories.RiskItemFactory(kind=RiskKind.POST)
    factories.RiskItemFactory(kind=RiskKind.POST, campaign=post.campaign, unit=post.unit, post=post)


def person():
    return factories.UserFactory()


def campaign_():
    return factories.CampaignFactory()


def _approved_by_the_verifier():
    verifier = person()
    factories.MeasureFactory(closed=True, verified_by=verifier, approved_by=verifier)


def _approved_by_the_applicant():
    applicant = person()
    factories.MeasureFactory(closed=True, applied_by=applicant, approved_by=applicant)


def _decided():
    return {"decided_by": person(), "decided_at": timezone.now()}


def _looked():
    return {"looked_by": person(), "looked_on": date(2024, 1, 1), "finding": "查看"}


def _twice_required():
    campaign = campaign_()
    for _ in range(2):
        Requirement.objects.create(campaign=campaign, item="study")


def _submission(**fields):
    fields.setdefault("participation", factories.ParticipationFactory())
    return Submission.objects.create(**{"item": "study", "submitted_by": person(), **fields})


def _twice_submitted():
    first = _submission()
    _submission(participation=first.participation)


def _batch(**fields):
    return ImportBatch.objects.create(
        campaign=campaign_(),
        unit=factories.UnitFactory(),
        original_name="台账.xlsx",
        sha256="0" * 64,
        size=1,
        uploaded_by=person(),
        **fields,
    )


def _twice_mapped():
    unit = factories.UnitFactory()
    for _ in range(2):
        ColumnMapping.objects.create(unit=unit, header="列", field="point")


def _twice_saved():
    user = person()
    for _ in range(2):
        SavedFilter.objects.create(user=user, page="risk_list", name="高")


def _twice_pending():
    first = factories.ExtensionRequestFactory()
    factories.ExtensionRequestFactory(measure=first.measure)


def _twice_lettered():
    first = factories.ChasingLetterFactory()
    factories.ChasingLetterFactory(number=first.number)


def _round(**fields):
    return LookbackRound.objects.create(
        **{"campaign": campaign_(), "name": "回头看", "seed": 1, "share": 10, "drawn_by": person(), **fields}
    )


def _lookback(**fields):
    return Lookback.objects.create(**{"round": _round(), "measure": factories.MeasureFactory(), **fields})


def _twice_looked():
    first = _lookback()
    _lookback(round=first.round, measure=first.measure)


def _verified_by_the_applicant():
    person = factories.UserFactory()
    factories.MeasureFactory(applied_by=person, verified_by=person)


# Constraint → ways to break it, each of which must fail at it.
REFUSED: dict[str, list[Callable[[], object]]] = {
    "domain_has_a_name": [lambda: factories.DomainFactory(name="")],
    "campaign_has_a_name": [lambda: factories.CampaignFactory(name="")],
    "campaign_ends_after_it_starts": [
        lambda: factories.CampaignFactory(started_on=date(2023, 8, 10), ended_on=date(2023, 8, 9))
    ],
    "unit_takes_part_once": [_twice_taking_part],
    "none_declared_once": [_twice_declared],
    "none_declaration_kind_known": [lambda: _declaration(kind="thing"), lambda: _declaration(kind="")],
    "case_number_once": [_twice_numbered],
    "risk_kind_known": [
        lambda: factories.RiskItemFactory(kind="thing"),
        lambda: factories.RiskItemFactory(kind=""),
    ],
    "risk_level_known": [lambda: factories.RiskItemFactory(level="高")],
    "risk_category_known": [lambda: factories.RiskItemFactory(category="其他")],
    "risk_has_a_name": [lambda: factories.RiskItemFactory(name="")],
    "post_belongs_to_no_post": [_post_under_a_post],
    "withdrawal_has_a_reason": [lambda: factories.RiskItemFactory(withdrawn_at=timezone.now())],
    "measure_state_known": [lambda: factories.MeasureFactory(state="overdue")],
    "measure_theme_known": [lambda: factories.MeasureFactory(theme="")],
    "measure_has_a_heading": [lambda: factories.MeasureFactory(heading="")],
    "measure_percent_to_100": [lambda: factories.MeasureFactory(percent=101)],
    "applicant_is_not_verifier": [_verified_by_the_applicant],
    "approver_is_another_person": [
        _approved_by_the_applicant,
        _approved_by_the_verifier,
    ],
    "requirement_item_known": [lambda: Requirement.objects.create(campaign=campaign_(), item="thing")],
    "required_once": [_twice_required],
    "submitted_in_one_row": [_twice_submitted],
    "submission_item_known": [lambda: _submission(item="thing")],
    "submission_state_known": [lambda: _submission(state="thing", **_decided())],
    "submission_returned_with_a_reason": [lambda: _submission(state="returned", **_decided())],
    "submission_decided_by_someone": [lambda: _submission(state="confirmed")],
    "late_change_has_a_reason": [
        lambda: LateChange.objects.create(submission=_submission(), actor=person(), reason="", summary="改")
    ],
    "import_state_known": [lambda: _batch(state="thing")],
    "import_applied_by_someone": [lambda: _batch(state="applied")],
    "import_undone_by_someone": [
        lambda: _batch(state="undone", applied_by=person(), applied_at=timezone.now())
    ],
    "header_mapped_once": [_twice_mapped],
    "mapped_header_has_a_name": [
        lambda: ColumnMapping.objects.create(unit=factories.UnitFactory(), header="", field="point")
    ],
    "saved_filter_name_once": [_twice_saved],
    "saved_filter_has_a_name": [lambda: SavedFilter.objects.create(user=person(), page="risk_list", name="")],
    "one_extension_pending": [_twice_pending],
    "extension_is_later": [lambda: factories.ExtensionRequestFactory(new_due=date(2029, 1, 1))],
    "extension_has_a_reason": [lambda: factories.ExtensionRequestFactory(reason="")],
    "extension_decided_by_someone": [lambda: factories.ExtensionRequestFactory(state="granted")],
    "refusal_has_a_reason": [lambda: factories.ExtensionRequestFactory(state="refused", **_decided())],
    "letter_number_once": [_twice_lettered],
    "letter_rung_known": [lambda: factories.ChasingLetterFactory(rung="thing")],
    "letter_answered_by_someone": [lambda: factories.ChasingLetterFactory(answered_at=timezone.now())],
    "lookback_share_is_a_share": [lambda: _round(share=0), lambda: _round(share=101)],
    "looked_back_once_a_round": [_twice_looked],
    "lookback_result_known": [lambda: _lookback(result="thing", **_looked())],
    "lookback_found_by_someone": [lambda: _lookback(result="held")],
    "applied_for_by_someone": [
        lambda: factories.MeasureFactory(state=MeasureState.APPLIED),
        lambda: factories.MeasureFactory(state=MeasureState.PENDING_APPROVAL),
    ],
    "closed_is_verified_and_dated": [
        lambda: factories.MeasureFactory(closed=True, closed_on=None),
        lambda: factories.MeasureFactory(closed=True, applied_by=None),
        lambda: factories.MeasureFactory(closed=True, verified_by=None),
        lambda: factories.MeasureFactory(state=MeasureState.IN_PROGRESS, closed_on=date(2023, 9, 1)),
    ],
    "cancelled_with_a_reason": [lambda: factories.MeasureFactory(state=MeasureState.CANCELLED)],
    "due_after_start": [lambda: factories.MeasureFactory(start=date(2023, 9, 2), due=date(2023, 9, 1))],
    "entry_to_state_known": [lambda: _entry(to_state="")],
    "entry_percent_to_100": [lambda: _entry(percent=101)],
    "return_has_a_reason": [
        lambda: _entry(event=ProgressEvent.RETURNED),
        lambda: _entry(event=ProgressEvent.REOPENED),
    ],
}

# SQLite names the columns of a unique constraint, not the constraint.
UNIQUE_ON_SQLITE = {
    name: "UNIQUE constraint failed: " + ", ".join(f"{table}.{column}" for column in columns.split())
    for name, table, columns in (
        ("unit_takes_part_once", "riskregistry_participation", "campaign_id unit_id"),
        ("none_declared_once", "riskregistry_nonedeclaration", "participation_id kind domain_id"),
        ("case_number_once", "riskregistry_case", "campaign_id number"),
        ("required_once", "riskregistry_requirement", "campaign_id item"),
        ("submitted_in_one_row", "riskregistry_submission", "participation_id item"),
        ("header_mapped_once", "riskregistry_columnmapping", "unit_id header"),
        ("saved_filter_name_once", "riskregistry_savedfilter", "user_id page name"),
        ("one_extension_pending", "riskregistry_extensionrequest", "measure_id"),
        ("letter_number_once", "riskregistry_chasingletter", "rung year number"),
        ("looked_back_once_a_round", "riskregistry_lookback", "round_id measure_id"),
    )
}


@pytest.mark.parametrize(
    ("name", "attempt"),
    [(name, attempt) for name, attempts in REFUSED.items() for attempt in attempts],
)
def test_database_refuses(db, name, attempt):
    with pytest.raises(IntegrityError) as refusal, transaction.atomic():
        attempt()
    assert name in str(refusal.value) or str(refusal.value) == UNIQUE_ON_SQLITE.get(name)


def test_every_constraint_has_its_case():
    declared = {constraint.name for model in MODELS for constraint in model._meta.constraints}
    assert declared == set(REFUSED)


@pytest.mark.parametrize("factory", [factories.DomainFactory, factories.CampaignFactory])
def test_names_of_domains_and_campaigns_are_unique(db, factory):
    factory(name="同名")
    with pytest.raises(IntegrityError), transaction.atomic():
        factory(name="同名")


def test_names_of_risks_may_repeat(campaign, unit):
    factories.RiskItemFactory.create_batch(2, campaign=campaign, unit=unit, name="审批不严")
    assert RiskItem.objects.filter(name="审批不严").count() == 2


@pytest.mark.parametrize(
    "constraint",
    [constraint for model in MODELS for constraint in model._meta.constraints],
    ids=lambda constraint: constraint.name,
)
def test_what_a_form_may_run_into_is_said_in_our_words(constraint):
    """No form offers an unknown choice; all else a person can bring about."""
    ours = constraint.violation_error_message != constraint.default_violation_error_message
    assert ours or constraint.name.endswith("_known")


def test_progress_entries_are_never_edited(db):
    entry = _entry()
    entry.comment = "改写"
    with pytest.raises(TypeError):
        entry.save()
    with pytest.raises(TypeError):
        ProgressEntry.objects.filter(pk=entry.pk).update(comment="改写")


class TestPostOfARiskItem:
    @pytest.fixture
    def post(self, campaign, unit):
        return factories.RiskItemFactory(kind=RiskKind.POST, campaign=campaign, unit=unit)

    def test_may_be_one_of_the_same_unit_and_campaign(self, post):
        factories.RiskItemFactory.build(
            campaign=post.campaign, unit=post.unit, domain=None, post=post
        ).clean()

    def test_may_be_absent(self, campaign, unit):
        factories.RiskItemFactory.build(campaign=campaign, unit=unit, domain=None).clean()

    def test_must_be_a_post(self, campaign, unit):
        point = factories.RiskItemFactory(campaign=campaign, unit=unit)
        item = factories.RiskItemFactory.build(campaign=campaign, unit=unit, domain=None, post=point)
        with pytest.raises(ValidationError, match="须是一个风险岗位"):
            item.clean()

    def test_must_be_of_the_same_unit(self, post, other_unit):
        item = factories.RiskItemFactory.build(
            campaign=post.campaign, unit=other_unit, domain=None, post=post
        )
        with pytest.raises(ValidationError, match="同一单位"):
            item.clean()

    def test_must_be_of_the_same_campaign(self, post):
        item = factories.RiskItemFactory.build(
            campaign=factories.CampaignFactory(), unit=post.unit, domain=None, post=post
        )
        with pytest.raises(ValidationError, match="同一专项行动"):
            item.clean()


@pytest.fixture
def rows(campaign, unit):
    """One row of every model, all of `unit` in `campaign`, and nothing else."""
    participation = factories.ParticipationFactory(campaign=campaign, unit=unit)
    measure = factories.MeasureFactory(campaign=campaign, unit=unit)
    somebody = factories.UserFactory()
    return {
        Campaign: campaign,
        Participation: participation,
        NoneDeclaration: _declaration(participation=participation),
        Domain: Domain.objects.get(),
        Case: factories.CaseFactory(campaign=campaign),
        RiskItem: factories.RiskItemFactory(campaign=campaign, unit=unit, domain=None),
        Measure: measure,
        ProgressEntry: ProgressEntry.objects.create(
            measure=measure, actor=somebody, event=ProgressEvent.PROGRESS, to_state=measure.state
        ),
        Evidence: Evidence.objects.create(
            measure=measure,
            file="evidence/a.pdf",
            original_name="a.pdf",
            sha256="0" * 64,
            size=1,
            uploaded_by=somebody,
        ),
    }


def _visible(model, user):
    return model._default_manager.visible_to(user).exists()


@pytest.mark.parametrize("model", SCOPED)
@pytest.mark.parametrize("role", ["supervisor", "leader", "administrator", "auditor", "officer"])
def test_visible_to_who_sees_all_units_and_to_the_unit_itself(rows, request, role, model):
    assert _visible(model, request.getfixturevalue(role))


@pytest.mark.parametrize("model", SCOPED)
def test_of_another_unit_only_the_dictionary_of_domains_is_visible(rows, outsider, model):
    assert _visible(model, outsider) == (model is Domain)


@pytest.mark.parametrize("model", SCOPED)
def test_nothing_is_visible_to_who_is_not_signed_in(rows, model):
    assert not _visible(model, AnonymousUser())


def test_who_takes_part_in_the_campaign_reads_it_and_its_cases_but_not_other_units_rows(rows, outsider):
    factories.ParticipationFactory(campaign=rows[Campaign], unit=outsider.unit)
    assert _visible(Campaign, outsider)
    assert _visible(Case, outsider)
    assert not _visible(RiskItem, outsider)
    assert not _visible(Measure, outsider)
    assert list(Participation.objects.visible_to(outsider)) == list(
        Participation.objects.filter(unit=outsider.unit)
    )


@pytest.mark.parametrize("model", [Measure, ProgressEntry, Evidence])
def test_who_helps_with_a_measure_sees_it_its_progress_and_its_evidence(rows, outsider, model):
    rows[Measure].co_units.add(outsider.unit)
    assert _visible(model, outsider)


def test_who_helps_twice_sees_the_measure_once(rows, officer, outsider):
    rows[Measure].co_units.add(outsider.unit, officer.unit)
    assert Measure.objects.visible_to(officer).count() == 1


def test_withdrawn_risks_and_cancelled_measures_do_not_count(campaign, unit):
    factories.RiskItemFactory(
        campaign=campaign, unit=unit, withdrawn_at=timezone.now(), withdrawn_reason="重复录入"
    )
    factories.MeasureFactory(campaign=campaign, unit=unit, cancelled=True)
    assert not RiskItem.objects.current().exists()
    assert not Measure.objects.counted().exists()
    assert not Measure.objects.open().exists()
