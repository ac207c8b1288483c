"""A 情况报告 made from any register, read back by our own reader, gives the register's figures."""

from __future__ import annotations

import io
from datetime import date, datetime

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone
from docx import Document
from hypothesis import given, settings
from hypothesis import strategies as st

from accounts.models import AuditEvent
from reports.briefing.content import Plan, joined, situation
from reports.briefing.docx import word
from reports.extraction import read
from reports.reading.registry import read_file
from reports.statistics import DomainRow, ItemCell, Items, Measures, Overview, UnitRow
from riskregistry.enums import RiskKind
from tests import factories

MADE = datetime(2024, 3, 1, 9, 0, tzinfo=timezone.get_default_timezone())
DOMAINS = ("项目投资", "产业发展", "市场监管", "融资担保", "行政审批", "行风政风", "涉企检查", "招标采购")
COUNTS = st.one_of(st.just(0), st.integers(0, 300))


def overview_of(counts: dict[str, tuple[int, int, int]]) -> Overview:
    """A register of one unit with so many items of each kind in each domain."""
    domains = tuple(DomainRow(number, name) for number, name in enumerate(counts, 1))
    cells = tuple(
        ItemCell(kind.value, domain.pk, count)
        for domain in domains
        for kind, count in zip(RiskKind, counts[domain.name], strict=True)
        if count
    )
    items = Items(cells)
    unit = UnitRow(1, "县财政局", "财政局", True, True, True, date(2024, 1, 3), items, Measures(), ())
    return Overview(
        campaign=1,
        campaign_name="优化营商环境专项行动",
        as_of=date(2024, 3, 1),
        live=True,
        scope="全部单位",
        due_soon_days=7,
        cases=0,
        domains=domains,
        units=(unit,),
        items=items,
        measures=Measures(),
        sees_reported=True,
        reported=None,
        discrepancies=(),
        discrepancy_count=0,
        overdue=(),
    )


def figures_of(content: bytes, folder) -> dict[tuple[str, str, str], int]:
    path = folder / "b.docx"
    path.write_bytes(content)
    reading = read(read_file(str(path)))
    return {
        (figure.scope, (figure.name or "").removesuffix("领域"), figure.kind): figure.value
        for figure in reading.figures
    }


@settings(max_examples=60, deadline=None)
@given(
    st.dictionaries(st.sampled_from(DOMAINS), st.tuples(COUNTS, COUNTS, COUNTS), min_size=1).filter(
        lambda counts: any(any(each) for each in counts.values())
    )
)
def test_the_figures_come_back(tmp_path_factory, counts):
    counted = overview_of(counts)
    plan = Plan(date(2024, 1, 2), (("加强跟踪问效", "每季度调度一次。"),))
    briefing = situation(counted, plan, office="县纪委监委", county="平川县", made_at=MADE)
    content = word(briefing, author="甲", made_at=MADE)
    found = figures_of(content, tmp_path_factory.mktemp("b"))
    assert counted.items.count() == sum(sum(each) for each in counts.values())
    for kind in RiskKind:
        assert found.get(("total", "", kind.value)) == counted.registered(kind)
        for domain in counted.domains:
            assert found.get(("domain", domain.name, kind.value)) == counted.registered(kind, domain)


def test_names_are_joined_as_a_person_would():
    assert joined(["甲"]) == "甲"
    assert joined(["甲", "乙", "丙"]) == "甲、乙、丙"
    assert joined(["甲", "乙", "丙", "丁"]) == "甲、乙、丙等4个单位"


@pytest.mark.django_db
class TestCommand:
    def test_a_file_that_opens_and_its_trace(self, tmp_path, supervisor, unit):
        campaign = factories.CampaignFactory(next_steps=[{"heading": "加强跟踪问效", "text": ""}])
        factories.ParticipationFactory(campaign=campaign, unit=unit)
        factories.RiskItemFactory(campaign=campaign, unit=unit)
        output = tmp_path / "b.docx"
        call_command(
            "export_briefing",
            kind="situation",
            format="docx",
            output=output,
            user=supervisor.username,
        )
        said = [paragraph.text for paragraph in Document(io.BytesIO(output.read_bytes())).paragraphs]
        assert said[0] == f"关于{campaign.name}进展情况的报告"
        assert "（一）加强跟踪问效" in said
        assert AuditEvent.objects.get(action="导出情况报告").actor_username == supervisor.username

    @pytest.mark.parametrize(
        ("options", "words"),
        [
            ({"kind": "situation", "format": "pptx"}, "现有：situation：docx"),
            ({"kind": "poem", "format": "docx"}, "没有「poem」"),
            ({"kind": "situation", "format": "docx", "as_of": "昨天"}, "不是日期"),
            ({"kind": "situation", "format": "docx", "as_of": "2099-01-01"}, "不能晚于今天"),
            ({"kind": "situation", "format": "docx", "user": "nobody"}, "没有用户名"),
            ({"kind": "situation", "format": "docx", "campaign": "没有"}, "没有专项行动"),
        ],
    )
    def test_what_is_refused(self, tmp_path, campaign, options, words):
        with pytest.raises(CommandError, match=words):
            call_command("export_briefing", output=tmp_path / "b", **options)
