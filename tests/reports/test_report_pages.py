"""The pages of the uploaded reports: in scope only, nothing typed or uploaded is lost."""

from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import AuditEvent
from reports import intake
from reports.enums import Decision, ReportState
from reports.models import Report
from riskregistry.models import Campaign, Measure
from tests import factories
from tests.reports import documents
from tests.reports.test_intake import work

pytestmark = pytest.mark.django_db


def docx_file(name="报告.docx", content=None):
    return SimpleUploadedFile(name, documents.docx_bytes() if content is None else content)


@pytest.fixture
def read(campaign, supervisor):
    """A county report that has been read."""
    report, _ = intake.receive_upload(
        documents.docx_bytes(), "报告.docx", campaign=campaign, unit=None, actor=supervisor
    )
    work()
    report.refresh_from_db()
    return report


def page(client, report):
    return client.get(reverse("reports:report", args=[report.pk]))


class TestUpload:
    def test_a_supervisor_uploads_the_countys_report(self, client_of, supervisor, campaign):
        client = client_of(supervisor)
        data = {"campaign": campaign.pk, "owner": "county", "file": docx_file()}
        response = client.post(reverse("reports:upload"), data)
        report = Report.objects.get()
        assert response.url == reverse("reports:report", args=[report.pk])
        assert "等待读取" in page(client, report).content.decode()
        work()
        assert documents.TITLE in page(client, report).content.decode()

    def test_a_campaign_can_be_founded_on_the_way(self, client_of, supervisor):
        data = {"new_campaign": "清淤行动", "owner": "county", "file": docx_file()}
        client_of(supervisor).post(reverse("reports:upload"), data)
        assert Report.objects.get().campaign == Campaign.objects.get(name="清淤行动")

    def test_an_officer_uploads_for_the_own_unit_only(self, client_of, officer, outsider, campaign):
        factories.ParticipationFactory(campaign=campaign, unit=officer.unit)
        client = client_of(officer)
        for owner in ("county", str(outsider.unit_id)):
            data = {"campaign": campaign.pk, "owner": owner, "file": docx_file()}
            assert client.post(reverse("reports:upload"), data).status_code == 422
        data = {"campaign": campaign.pk, "owner": str(officer.unit_id), "file": docx_file()}
        assert client.post(reverse("reports:upload"), data).status_code == 302
        assert Report.objects.get().unit == officer.unit

    def test_an_error_loses_neither_words_nor_the_file(self, client_of, supervisor, campaign):
        client = client_of(supervisor)
        wrong = {
            "campaign": campaign.pk,
            "new_campaign": "又一个",
            "owner": "county",
            "file": docx_file("长名.docx"),
        }
        response = client.post(reverse("reports:upload"), wrong)
        assert response.status_code == 422
        assert "长名.docx" in response.content.decode()
        assert "又一个" in response.content.decode()
        client.post(reverse("reports:upload"), {"campaign": campaign.pk, "owner": "county"})
        assert Report.objects.get().original_name == "长名.docx"

    def test_the_same_file_twice_leads_to_the_first(self, client_of, supervisor, campaign):
        client, content = client_of(supervisor), documents.docx_bytes()
        for _ in range(2):
            data = {"campaign": campaign.pk, "owner": "county", "file": docx_file(content=content)}
            response = client.post(reverse("reports:upload"), data, follow=True)
        assert "已上传过" in response.content.decode()
        assert Report.objects.count() == 1

    def test_an_empty_file_is_recorded_and_explained(self, client_of, supervisor, campaign):
        client = client_of(supervisor)
        data = {"campaign": campaign.pk, "owner": "county", "file": docx_file(content=b"")}
        client.post(reverse("reports:upload"), data)
        work()
        report = Report.objects.get()
        assert report.state == ReportState.FAILED
        assert report.error in page(client, report).content.decode()

    def test_a_report_of_another_unit_cannot_be_corrected(self, client_of, officer, outsider, campaign):
        factories.ParticipationFactory(campaign=campaign, unit=officer.unit)
        theirs = factories.ReportFactory(campaign=campaign, unit=outsider.unit)
        data = {
            "campaign": campaign.pk,
            "owner": officer.unit_id,
            "supersedes": theirs.pk,
            "file": docx_file(),
        }
        assert client_of(officer).post(reverse("reports:upload"), data).status_code == 422


class TestReview:
    def test_the_text_is_marked_and_each_fact_points_at_it(self, client_of, supervisor, read):
        html = page(client_of(supervisor), read).content.decode()
        for figure in read.figures.all():
            assert f'id="at-f{figure.pk}"' in html
            assert f'id="f{figure.pk}"' in html
        assert documents.PASSWORD not in html

    def test_text_of_a_report_is_never_markup(self, client_of, supervisor, campaign):
        read = factories.ReportFactory(campaign=campaign, text="<script>alert(1)</script>风险岗位1个")
        html = page(client_of(supervisor), read).content.decode()
        assert "<script>alert(1)" not in html
        assert "&lt;script&gt;alert(1)" in html

    def test_the_number_of_queries_does_not_grow_with_the_facts(
        self, client_of, supervisor, read, django_assert_num_queries
    ):
        client = client_of(supervisor)
        page(client, read)
        with CaptureQueriesContext(
            connection,
        ) as few:
            page(client, read)
        factories.FigureFactory.create_batch(30, report=read, scope="unit", name="县教育局")
        factories.StatementFactory.create_batch(30, report=read, data={"date": "2024-03-05"}, start=0, end=3)
        with django_assert_num_queries(len(few)):
            page(client, read)

    def test_one_fact_at_a_time(self, client_of, supervisor, read):
        client, figure = client_of(supervisor), read.figures.first()
        address = reverse("reports:decide", args=[read.pk, "figure", figure.pk])
        client.post(address, {"decision": "rejected"})
        figure.refresh_from_db()
        assert (figure.decision, figure.decided_by) == (Decision.REJECTED, supervisor)

    def test_with_scripts_only_the_fact_and_the_standing_come_back(self, client_of, supervisor, read):
        figure = read.figures.first()
        address = reverse("reports:decide", args=[read.pk, "figure", figure.pk])
        html = client_of(supervisor).post(address, {"decision": "accepted"}, headers={"HX-Request": "true"})
        assert html.content.decode().count("<li") == 1
        assert 'id="standing"' in html.content.decode()

    def test_a_figure_is_corrected(self, client_of, supervisor, read):
        client, figure = client_of(supervisor), read.figures.first()
        address = reverse("reports:decide", args=[read.pk, "figure", figure.pk])
        response = client.post(address, {"decision": "corrected", "value": "不是数"})
        assert response.status_code == 422
        assert "不是数" in response.content.decode()
        client.post(address, {"decision": "corrected", "value": "11"})
        figure.refresh_from_db()
        assert figure.final_value == 11

    @pytest.mark.parametrize("kind", ["unit", "measure", "date", "title", "cases", "next_step"])
    def test_every_kind_of_statement_can_be_corrected(self, client_of, supervisor, read, kind):
        client, statement = client_of(supervisor), read.statements.filter(type=kind).first()
        address = reverse("reports:decide", args=[read.pk, "statement", statement.pk])
        form = client.get(address).context["form"]
        data = {name: form[name].value() for name in form.fields}
        response = client.post(address, {**data, "decision": "corrected"})
        assert response.status_code == 302
        statement.refresh_from_db()
        assert statement.decision == Decision.CORRECTED
        assert {key: statement.final[key] for key in statement.data} == statement.data

    def test_a_discrepancy_without_a_reason_comes_back(self, client_of, supervisor, read):
        client, found = client_of(supervisor), read.discrepancies.get()
        address = reverse("reports:settle", args=[read.pk, found.pk])
        response = client.post(address, {"decision": "accepted", "explanation": "  "})
        assert response.status_code == 422
        assert "请写明核实情况" in response.content.decode()

    def test_the_whole_path(self, client_of, supervisor, read):
        client, found = client_of(supervisor), read.discrepancies.get()
        accept = reverse("reports:accept", args=[read.pk])
        assert "数据不符" in client.post(accept, follow=True).content.decode()
        client.post(
            reverse("reports:settle", args=[read.pk, found.pk]),
            {"decision": "accepted", "explanation": "资金管理领域漏写一个，已核实"},
        )
        client.post(reverse("reports:agree", args=[read.pk]))
        client.post(accept)
        read.refresh_from_db()
        assert read.state == ReportState.ACCEPTED
        assert Measure.objects.filter(unit__name="县教育局", heading="规范采购流程").exists()
        client.post(reverse("reports:withdraw", args=[read.pk]), {"reason": "传错了"})
        read.refresh_from_db()
        assert read.state == ReportState.WITHDRAWN
        assert not Measure.objects.exists()
        acts = set(AuditEvent.objects.values_list("action", flat=True))
        assert {"上传报告", "核实数据不符", "采纳全部一致项", "采纳报告", "撤回采纳"} <= acts


class TestScope:
    def test_a_countys_report_is_for_who_sees_the_county(self, client_of, officer, leader, read):
        assert page(client_of(leader), read).status_code == 200
        assert page(client_of(officer), read).status_code == 404

    def test_an_officer_sees_the_own_units_report_and_decides_nothing(
        self, client_of, officer, outsider, read
    ):
        read.unit = officer.unit
        read.save()
        client = client_of(officer)
        assert "采纳全部一致项" not in page(client, read).content.decode()
        assert client.post(reverse("reports:accept", args=[read.pk])).status_code == 403
        assert page(client_of(outsider), read).status_code == 404

    def test_only_supervisors_download_the_original_and_it_is_recorded(
        self, client_of, supervisor, leader, read
    ):
        address = reverse("reports:original", args=[read.pk])
        assert client_of(leader).get(address).status_code == 403
        response = client_of(supervisor).get(address)
        assert b"".join(response.streaming_content) == read.file.read()
        assert AuditEvent.objects.filter(action="下载报告原件").count() == 1

    def test_a_fact_of_another_report_is_not_found(self, client_of, supervisor, read):
        other = factories.FigureFactory()
        address = reverse("reports:decide", args=[read.pk, "figure", other.pk])
        assert client_of(supervisor).post(address, {"decision": "accepted"}).status_code == 404
