"""Objects for tests: believable, minimal, one factory a noun; traits instead of subclasses."""

from __future__ import annotations

import io
from datetime import date

import factory
from django.core.files.uploadedfile import SimpleUploadedFile
from factory.django import DjangoModelFactory
from PIL import Image

from accounts.enums import Role, UnitType
from accounts.models import Unit, UnitAlias, User
from reports.enums import ReportState
from reports.models import Discrepancy, Figure, Report, Statement
from riskregistry.enums import ChasingRung, MeasureState, RiskKind
from riskregistry.models import (
    Campaign,
    Case,
    ChasingLetter,
    Domain,
    Evidence,
    ExtensionRequest,
    Measure,
    Participation,
    RiskItem,
)

PASSWORD = "Qingyu-test-1"


class UnitFactory(DjangoModelFactory):
    class Meta:
        model = Unit

    name = factory.Sequence(lambda n: f"县第{n}测试局")
    unit_type = UnitType.BUREAU
    order = factory.Sequence(lambda n: n + 1)


class UnitAliasFactory(DjangoModelFactory):
    class Meta:
        model = UnitAlias

    unit = factory.SubFactory(UnitFactory)
    name = factory.Sequence(lambda n: f"别名{n}")


class UserFactory(DjangoModelFactory):
    class Meta:
        model = User
        skip_postgeneration_save = True

    username = factory.Sequence(lambda n: f"user{n}")
    name = factory.Sequence(lambda n: f"测试人员{n}")
    role = Role.SUPERVISOR

    @factory.post_generation
    def password(self, create, extracted, **kwargs):
        self.set_password(extracted or PASSWORD)
        if create:
            self.save()

    class Params:
        leader = factory.Trait(role=Role.LEADER)
        officer = factory.Trait(role=Role.OFFICER, unit=factory.SubFactory(UnitFactory))
        administrator = factory.Trait(role=Role.ADMINISTRATOR)
        auditor = factory.Trait(role=Role.AUDITOR)


class DomainFactory(DjangoModelFactory):
    class Meta:
        model = Domain

    name = factory.Sequence(lambda n: f"第{n}领域测试")
    order = factory.Sequence(lambda n: n + 1)


class CampaignFactory(DjangoModelFactory):
    class Meta:
        model = Campaign

    name = factory.Sequence(lambda n: f"第{n}次专项行动")
    started_on = date(2023, 8, 10)


class ParticipationFactory(DjangoModelFactory):
    class Meta:
        model = Participation

    campaign = factory.SubFactory(CampaignFactory)
    unit = factory.SubFactory(UnitFactory)


class CaseFactory(DjangoModelFactory):
    class Meta:
        model = Case

    campaign = factory.SubFactory(CampaignFactory)
    number = factory.Sequence(lambda n: n + 1)
    title = factory.Sequence(lambda n: f"第{n}个案例")


class RiskItemFactory(DjangoModelFactory):
    class Meta:
        model = RiskItem

    campaign = factory.SubFactory(CampaignFactory)
    unit = factory.SubFactory(UnitFactory)
    kind = RiskKind.POINT
    domain = factory.SubFactory(DomainFactory)
    name = factory.Sequence(lambda n: f"风险{n}")

    class Params:
        withdrawn = factory.Trait(
            withdrawn_at=factory.Faker("past_datetime", tzinfo=None), withdrawn_reason="重复录入"
        )


class MeasureFactory(DjangoModelFactory):
    class Meta:
        model = Measure
        skip_postgeneration_save = True

    campaign = factory.SubFactory(CampaignFactory)
    unit = factory.SubFactory(UnitFactory)
    heading = factory.Sequence(lambda n: f"措施{n}")
    state = MeasureState.IN_PROGRESS

    class Params:
        closed = factory.Trait(
            state=MeasureState.CLOSED,
            closed_on=date(2023, 9, 1),
            applied_by=factory.SubFactory(UserFactory, officer=True),
            verified_by=factory.SubFactory(UserFactory),
        )
        cancelled = factory.Trait(state=MeasureState.CANCELLED, cancelled_reason="事项已取消")


def picture(name: str = "现场照片.png") -> SimpleUploadedFile:
    """A small picture as a browser uploads it."""
    content = io.BytesIO()
    Image.new("RGB", (8, 8), "white").save(content, "PNG")
    return SimpleUploadedFile(name, content.getvalue(), content_type="image/png")


class EvidenceFactory(DjangoModelFactory):
    """A picture that is really there."""

    class Meta:
        model = Evidence

    measure = factory.SubFactory(MeasureFactory)
    file = factory.LazyFunction(picture)
    original_name = "现场照片.png"
    sha256 = factory.Sequence(lambda n: f"{n:064x}")
    size = 100
    uploaded_by = factory.SubFactory(UserFactory)


class ExtensionRequestFactory(DjangoModelFactory):
    class Meta:
        model = ExtensionRequest

    measure = factory.SubFactory(MeasureFactory)
    old_due = date(2030, 1, 1)
    new_due = date(2030, 6, 1)
    reason = "设备未到"
    requested_by = factory.SubFactory(UserFactory, officer=True)


class ChasingLetterFactory(DjangoModelFactory):
    class Meta:
        model = ChasingLetter

    campaign = factory.SubFactory(CampaignFactory)
    unit = factory.SubFactory(UnitFactory)
    rung = ChasingRung.REMINDER
    year = 2026
    number = factory.Sequence(lambda n: n + 1)
    answer_due = date(2026, 1, 31)
    issued_by = factory.SubFactory(UserFactory)


class ReportFactory(DjangoModelFactory):
    class Meta:
        model = Report

    campaign = factory.SubFactory(CampaignFactory)
    title = factory.Sequence(lambda n: f"第{n}份报告")
    original_name = factory.Sequence(lambda n: f"报告{n}.docx")
    sha256 = factory.Sequence(lambda n: f"{n:064x}")
    size = 1000
    state = ReportState.TO_REVIEW
    uploaded_by = factory.SubFactory(UserFactory)


class FigureFactory(DjangoModelFactory):
    class Meta:
        model = Figure

    report = factory.SubFactory(ReportFactory)
    scope = "total"
    kind = "post"
    value = 1
    start = 0
    end = 1


class StatementFactory(DjangoModelFactory):
    class Meta:
        model = Statement

    report = factory.SubFactory(ReportFactory)
    type = "date"


class DiscrepancyFactory(DjangoModelFactory):
    class Meta:
        model = Discrepancy

    report = factory.SubFactory(ReportFactory)
    kind = "link"
    by = "domain"
    stated = 84
    computed = 57
    message = "分项合计与总数不符"
