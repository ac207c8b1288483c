"""What a list offers besides its rows: columns, files, saved filters, totals apart."""

from __future__ import annotations

import csv
import io

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from accounts.models import AuditEvent
from riskregistry import list_views
from riskregistry.exports import RISKY, Export, ExportColumn, csv_lines, guarded, write_xlsx
from riskregistry.models import SavedFilter
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def risks(campaign, unit):
    domain = factories.DomainFactory(name="行政审批")
    return [
        factories.RiskItemFactory(campaign=campaign, unit=unit, domain=domain, name=name, level=level)
        for name, level in (("=1+1", "high"), ("超时办件", "high"), ("材料不全", "low"))
    ]


def content(response) -> bytes:
    return b"".join(response.streaming_content)


def rows_of(book: bytes) -> list[list[object]]:
    sheet = openpyxl.load_workbook(io.BytesIO(book)).worksheets[0]
    return [list(row) for row in sheet.iter_rows(values_only=True)]


class TestColumns:
    def test_only_what_is_asked_for_and_always_the_name(self, client_of, supervisor, risks):
        response = client_of(supervisor).get("/risks/", {"col": ["level", "unit", "nonsense"]})
        shown = [column.name for column in response.context["table"].columns]
        assert shown == ["pick", "name", "unit", "level"]

    def test_all_where_nothing_is_asked_for(self, client_of, supervisor, risks):
        response = client_of(supervisor).get("/risks/", {"col": "nonsense"})
        assert len(list(response.context["table"].columns)) == 9


class TestFiles:
    def test_exactly_what_is_filtered_in_its_order(self, client_of, supervisor, risks):
        client = client_of(supervisor)
        query = {"level": "high", "sort": "-name", "col": ["name", "level"]}
        book = content(client.get("/lists/risks/export.xlsx", query))
        header, *rows = rows_of(book)
        assert header == ["名称", "风险等级"]
        assert sorted(rows) == [["=1+1", "高"], ["超时办件", "高"]]
        said = openpyxl.load_workbook(io.BytesIO(book))["说明"]
        words = {row[0]: row[1] for row in said.iter_rows(values_only=True)}
        assert words["筛选条件"] == "风险等级：高"
        assert supervisor.name in words["导出人"]
        event = AuditEvent.objects.get(action="导出风险清单")
        assert event.detail == {"filter": "风险等级：高", "form": "xlsx", "rows": 2}

    def test_nothing_runs_as_a_formula(self, client_of, supervisor, risks):
        client = client_of(supervisor)
        sheet = openpyxl.load_workbook(
            io.BytesIO(content(client.get("/lists/risks/export.xlsx")))
        ).worksheets[0]
        cells = {cell.value: cell.data_type for row in sheet.iter_rows() for cell in row}
        assert cells["=1+1"] == "s"
        text = content(client.get("/lists/risks/export.csv")).decode("utf-8-sig")
        assert [row[0] for row in csv.reader(io.StringIO(text))] == ["名称", "'=1+1", "超时办件", "材料不全"]

    def test_every_column(self, client_of, supervisor, risks):
        (header, *_) = rows_of(content(client_of(supervisor).get("/lists/risks/export.xlsx", {"all": "1"})))
        assert "表现形式" in header
        assert len(header) == 13

    def test_measures_with_their_lights(self, client_of, supervisor, campaign, unit):
        factories.MeasureFactory(campaign=campaign, unit=unit, closed=True)
        header, row = rows_of(content(client_of(supervisor).get("/lists/measures/export.xlsx")))
        assert dict(zip(header, row, strict=True))["时限情况"] == "已完成"

    def test_an_officer_gets_the_own_unit_only(self, client_of, officer, risks, campaign):
        factories.RiskItemFactory(campaign=campaign, name="别家的")
        factories.ParticipationFactory(campaign=campaign, unit=officer.unit)
        names = {row[0] for row in rows_of(content(client_of(officer).get("/lists/risks/export.xlsx")))}
        assert names == {"名称", "=1+1", "超时办件", "材料不全"}

    @given(st.text())
    def test_a_guarded_cell_begins_like_no_formula(self, text):
        assert not guarded(text).startswith(RISKY)

    @given(st.lists(st.text(st.characters(exclude_categories=("Cs", "Cc")), max_size=30), max_size=5))
    def test_what_is_written_is_read_back(self, texts):
        export = Export("清单", [ExportColumn("甲", 9, ("name",))], [(text,) for text in texts], [], "某人")
        target = io.BytesIO()
        assert write_xlsx(export, target) == len(texts)
        read = [row[0] or "" for row in rows_of(target.getvalue())]
        assert read[: len(texts) + 1] == ["甲", *texts][: len(read)]
        lines = b"".join(csv_lines(export)).decode("utf-8-sig")
        assert [row[0] if row else "" for row in csv.reader(io.StringIO(lines))][1:] == [
            guarded(text) for text in texts
        ]


class TestSavedFilters:
    def test_saved_opened_renamed_and_removed(self, client_of, officer, campaign):
        factories.ParticipationFactory(campaign=campaign, unit=officer.unit)
        client = client_of(officer)
        client.post("/lists/risks/filters/", {"name": "高风险", "query": "level=high"})
        client.post("/lists/risks/filters/", {"name": "高风险", "query": "level=high&kind=post"})
        saved = SavedFilter.objects.get()
        assert saved.query == "level=high&kind=post"
        page = client.get("/risks/").content.decode()
        assert 'href="?level=high&amp;kind=post"' in page
        client.post(f"/filters/{saved.pk}/", {"name": "高风险岗位"})
        saved.refresh_from_db()
        assert saved.name == "高风险岗位"
        client.post(f"/filters/{saved.pk}/", {"remove": "1"})
        assert not SavedFilter.objects.exists()

    def test_a_name_is_needed(self, client_of, officer, campaign):
        answer = client_of(officer).post("/lists/risks/filters/", {"name": " ", "query": ""}, follow=True)
        assert "起个名称" in answer.content.decode()


class TestLongLists:
    @pytest.fixture(autouse=True)
    def short(self, monkeypatch):
        monkeypatch.setattr(list_views, "COUNTED", 2)

    def test_rows_come_first_totals_apart(self, client_of, supervisor, risks):
        client = client_of(supervisor)
        page = client.get("/risks/").content.decode()
        assert "1 万以上" in page
        assert "hx-get" in page
        fragment = client.get("/lists/risks/totals/", headers={"HX-Request": "true"}).content.decode()
        assert "共 <strong>3</strong> 条" in fragment
        assert "<html" not in fragment
        whole = client.get("/lists/risks/totals/", {"level": "high"}).content.decode()
        assert "共 <strong>2</strong> 条" in whole
        assert "<html" in whole


def test_risks_with_and_without_measures(client_of, supervisor, risks, campaign, unit):
    factories.MeasureFactory(campaign=campaign, unit=unit).risk_items.add(risks[1])
    client = client_of(supervisor)

    def names(answered):
        return {
            row.record.name for row in client.get("/risks/", {"answered": answered}).context["table"].rows
        }

    assert names("yes") == {"超时办件"}
    assert names("no") == {"=1+1", "材料不全"}
