"""The history of a row as its page tells it."""

from datetime import date

import pytest
from simple_history.utils import bulk_update_with_history

from riskregistry.history import changes_of
from riskregistry.models import RiskItem
from tests import factories


@pytest.fixture
def item(campaign, unit):
    domain = factories.DomainFactory(name="项目投资")
    return factories.RiskItemFactory(
        campaign=campaign, unit=unit, domain=domain, name="招标把关不严", level="high"
    )


def _told(row):
    return [(change.who, change.field, change.old, change.new) for change in changes_of(row)]


def test_tells_who_made_the_row_and_each_change_newest_first(item, supervisor):
    item.domain = factories.DomainFactory(name="行政审批")
    item._history_user = supervisor
    item.save()
    item.level = "low"
    item.save()

    assert _told(item) == [
        ("监督一", "风险等级", "高", "低"),
        ("监督一", "领域", "项目投资", "行政审批"),
        ("系统", "建立", "", ""),
    ]


def test_emptied_and_filled_fields_are_said_to_be_empty(item):
    item.domain, item.responsible = None, "张某"
    item.save()
    assert [line[1:] for line in _told(item)[:-1]] == [
        ("领域", "项目投资", "（空）"),
        ("责任人", "（空）", "张某"),
    ]


def test_saving_without_a_change_tells_nothing(item):
    item.save()
    assert [change.field for change in changes_of(item)] == ["建立"]


def test_dates_flags_lists_and_numbers_are_written_as_people_write_them(campaign, unit):
    measure = factories.MeasureFactory(campaign=campaign, unit=unit, documents=["项目审批办法"])
    measure.due, measure.and_others, measure.percent = date(2023, 9, 1), True, 40
    measure.documents = ["项目审批办法", "廉政提醒制度"]
    measure.version = 2
    measure.save()

    told = {change.field: (change.old, change.new) for change in changes_of(measure)}
    assert told == {
        "整改时限": ("（空）", "2023-09-01"),
        "等单位": ("否", "是"),
        "进度（%）": ("0", "40"),
        "出台制度": ("项目审批办法", "项目审批办法、廉政提醒制度"),
        "建立": ("", ""),
    }


def test_reason_of_a_change_stands_beside_it(item, other_unit):
    item.unit = other_unit
    bulk_update_with_history([item], RiskItem, ["unit"], default_change_reason="单位合并")
    assert changes_of(item)[0].reason == "单位合并"


def test_a_name_that_is_no_longer_there_is_told_by_its_number(campaign, unit):
    person = factories.UserFactory()
    measure = factories.MeasureFactory(campaign=campaign, unit=unit, applied_by=person)
    gone = person.pk
    measure.applied_by = None
    measure.save()
    person.delete()
    assert changes_of(measure)[0].old == f"编号 {gone}"


def test_long_histories_are_cut_without_inventing_a_beginning(item):
    for number in range(5):
        item.name = f"第{number}次改名"
        item.save()
    fields = [change.field for change in changes_of(item, limit=3)]
    assert fields == ["名称", "名称"]


def test_more_versions_cost_no_more_queries(item, django_assert_num_queries):
    domains = factories.DomainFactory.create_batch(6)
    units = factories.UnitFactory.create_batch(6)
    for domain, unit in zip(domains, units, strict=True):
        item.domain, item.unit = domain, unit
        item.save()
    with django_assert_num_queries(3):  # the versions, the units, the domains
        changes_of(item)
