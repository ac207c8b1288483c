"""The register at size: importing 10,000 rows, exporting 100,000."""

from __future__ import annotations

import io
import resource
import time
from collections.abc import Callable
from typing import Any

import pytest
import tablib
import xlsxwriter
from django.core.files.base import ContentFile
from django.db import connection
from django.utils import timezone
from import_export import fields, instance_loaders, resources, widgets
from python_calamine import CalamineWorkbook
from simple_history.utils import bulk_create_with_history

from riskregistry.enums import RiskKind
from riskregistry.exports import Export, fields_of, write_xlsx
from riskregistry.imports.apply import apply_batch, plan_batch
from riskregistry.list_columns import risk_columns
from riskregistry.models import Domain, ImportBatch, RiskItem
from tests import factories
from tests.riskregistry.imports.ledgers import workbook

ROWS = 10_000


def once(act: Callable[[], Any]) -> float:
    start = time.perf_counter()
    act()
    return time.perf_counter() - start


def ledger_rows() -> list[list[object]]:
    header: list[object] = ["序号", "风险点", "领域", "风险等级", "风险类别", "责任人"]
    levels, categories = ("高", "中", "低"), ("业务流程", "岗位职责", "制度机制")
    return [
        header,
        *(
            [n, f"第{n}号业务办理中的风险表现", "行政审批", levels[n % 3], categories[n % 3], "张三"]
            for n in range(1, ROWS + 1)
        ),
    ]


class ItemResource(resources.ModelResource):
    """The same rows through django-import-export, with history."""

    name = fields.Field(column_name="风险点", attribute="name")
    domain = fields.Field(
        column_name="领域", attribute="domain", widget=widgets.ForeignKeyWidget(Domain, field="name")
    )
    level = fields.Field(column_name="风险等级", attribute="level")
    category = fields.Field(column_name="风险类别", attribute="category")
    responsible = fields.Field(column_name="责任人", attribute="responsible")

    class Meta:
        model = RiskItem
        import_id_fields = ("name",)
        fields = ("name", "domain", "level", "category", "responsible")
        use_transactions = True
        # Without it each row is looked for by a name that has no index of its own.
        instance_loader_class = instance_loaders.CachedInstanceLoader

    def before_save_instance(self, instance, row, **kwargs):
        instance.campaign, instance.unit, instance.kind = kwargs["campaign"], kwargs["unit"], "point"
        instance.level = {"高": "high", "中": "medium", "低": "low"}[row["风险等级"]]
        instance.category = {"业务流程": "process", "岗位职责": "duty", "制度机制": "system"}[row["风险类别"]]


@pytest.mark.django_db
def test_import(capsys, settings, tmp_path, monkeypatch):
    settings.MEDIA_ROOT = tmp_path
    actor = factories.UserFactory()
    domain = factories.DomainFactory(name="行政审批")
    campaign, unit = factories.CampaignFactory(), factories.UnitFactory()
    content = workbook(ledger_rows())

    def bare() -> None:
        """Reads the file and writes the same rows with their history, and checks nothing."""
        sheet: Any = CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_index(0)
        now = timezone.now()
        rows = [
            RiskItem(
                campaign=campaign, unit=unit, kind="point", name=row[1], domain=domain, created_at=now,
                responsible=row[5],
            )
            for row in sheet.to_python()[1:]
        ]  # fmt: skip
        bulk_create_with_history(rows, RiskItem, batch_size=500)

    with monkeypatch.context() as patched:
        # Bare: without the pairs that the search goes by.
        patched.setattr(RiskItem, "note_texts", lambda rows: None)
        base = once(bare)
    RiskItem.objects.all()._raw_delete(connection.alias)
    batch = ImportBatch(
        campaign=campaign, unit=unit, original_name="台账.xlsx", sha256="0" * 64, size=1, uploaded_by=actor
    )
    batch.file.save("台账.xlsx", ContentFile(content))
    digest = ""

    def preview() -> None:
        nonlocal digest
        digest = plan_batch(batch).digest()

    previewed = once(preview)
    applied = once(lambda: apply_batch(batch, actor=actor, digest=digest))
    assert RiskItem.objects.count() == ROWS
    again = once(lambda: plan_batch(batch))
    RiskItem.history.all()._raw_delete(connection.alias)
    RiskItem.objects.all()._raw_delete(connection.alias)
    rows = ledger_rows()
    data = tablib.Dataset(*rows[1:], headers=rows[0])

    def other() -> None:
        result = ItemResource().import_data(data, dry_run=True, campaign=campaign, unit=unit)
        assert not result.has_errors()
        ItemResource().import_data(data, dry_run=False, raise_errors=True, campaign=campaign, unit=unit)

    others = once(other)
    assert RiskItem.objects.count() == ROWS
    whole = previewed + applied
    with capsys.disabled():
        print(f"\nImport of {ROWS} ledger rows on {connection.vendor}")
        print(f"  calamine and bare bulk_create with history {base:6.2f} s   1.0")
        print(f"  preview                                    {previewed:6.2f} s {previewed / base:5.1f}")
        print(f"  apply (plans again, writes)                {applied:6.2f} s {applied / base:5.1f}")
        print(f"  preview and apply                          {whole:6.2f} s {whole / base:5.1f}")
        print(f"  preview of the same file once more         {again:6.2f} s {again / base:5.1f}")
        print(
            f"  django-import-export, preview and import   {others:6.2f} s, {others / whole:.1f} times ours"
        )


def fill(campaign: Any, units: list[Any], domains: list[Any], count: int) -> None:
    """Items without ceremony, in blocks."""
    kinds = RiskKind.values
    levels = ("high", "medium", "low")
    now = timezone.now()
    for start in range(0, count, 20_000):
        RiskItem.objects.bulk_create(
            [
                RiskItem(
                    campaign=campaign,
                    unit=units[n % len(units)],
                    domain=domains[n % len(domains)],
                    kind=kinds[n % 3],
                    level=levels[n % 3],
                    name=f"第{n}号业务办理中的风险",
                    description="没有按规定时限办结",
                    responsible="张三",
                    created_at=now,
                )
                for n in range(start, min(start + 20_000, count))
            ],
            batch_size=2_000,
        )


@pytest.mark.django_db
def test_export(capsys):
    campaign = factories.CampaignFactory()
    units, domains = factories.UnitFactory.create_batch(26), factories.DomainFactory.create_batch(6)
    fill(campaign, units, domains, 100_000)
    columns = list(risk_columns().values())
    rows = RiskItem.objects.order_by("pk").values_list(*fields_of(columns))

    def bare() -> None:
        book = xlsxwriter.Workbook(io.BytesIO(), {"constant_memory": True, "strings_to_urls": False})
        sheet = book.add_worksheet()
        for number in range(100_000):
            for place in range(len(columns)):
                sheet.write_string(number, place, "没有按规定时限办结")
        book.close()

    base = once(bare)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    ours = once(
        lambda: write_xlsx(Export("清单", columns, rows.iterator(chunk_size=2000), [], "某人"), io.BytesIO())
    )
    grown = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024
    with capsys.disabled():
        print(f"\nExport of 100,000 risks, {len(columns)} columns")
        print(f"  bare XlsxWriter {base:6.2f} s   1.0")
        print(f"  export          {ours:6.2f} s {ours / base:5.1f}, {grown:.0f} MB more at the peak")
