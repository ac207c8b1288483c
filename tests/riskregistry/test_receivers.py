"""When two units become one, the register's rows go to the one that stays and say so in their history."""

from datetime import date

import pytest

from accounts.merging import merge_units
from riskregistry.enums import RiskKind
from riskregistry.models import Measure, NoneDeclaration, Participation, RiskItem
from tests import factories


@pytest.fixture
def source(db):
    return factories.UnitFactory(name="县卫健局")


@pytest.fixture
def target(db):
    return factories.UnitFactory(name="县卫生健康局")


@pytest.fixture
def merge(source, target, supervisor):
    return lambda: merge_units(source, target, actor=supervisor)


def _declare(participation, kind, domain, person):
    return NoneDeclaration.objects.create(
        participation=participation, kind=kind, domain=domain, declared_by=person
    )


def test_risk_items_move_with_their_posts(merge, source, target, campaign):
    post = factories.RiskItemFactory(campaign=campaign, unit=source, kind=RiskKind.POST)
    point = factories.RiskItemFactory(campaign=campaign, unit=source, post=post)

    merge()

    assert set(RiskItem.objects.filter(unit=target)) == {post, point}
    point.refresh_from_db()
    point.full_clean()


def test_a_moved_row_tells_in_its_history_whence_it_came(merge, source, target, campaign):
    item = factories.RiskItemFactory(campaign=campaign, unit=source)
    measure = factories.MeasureFactory(campaign=campaign, unit=source)

    merge()

    for row in (item, measure):
        newest, oldest = row.history.all()
        assert (oldest.unit_id, newest.unit_id) == (source.pk, target.pk)
        assert newest.history_change_reason == "单位合并：县卫健局 并入 县卫生健康局"


def test_rows_of_other_units_stay_untouched(merge, campaign, unit):
    item = factories.RiskItemFactory(campaign=campaign, unit=unit)
    measure = factories.MeasureFactory(campaign=campaign, unit=unit)

    merge()

    assert RiskItem.objects.get().unit == Measure.objects.get().unit == unit
    assert item.history.count() == measure.history.count() == 1


class TestHelpers:
    def test_go_over_to_the_target(self, merge, source, target, campaign, unit):
        measure = factories.MeasureFactory(campaign=campaign, unit=unit)
        measure.co_units.add(source)
        merge()
        assert list(measure.co_units.all()) == [target]
        assert measure.history.first().history_change_reason.startswith("单位合并")

    def test_are_never_named_twice(self, merge, source, target, campaign, unit):
        measure = factories.MeasureFactory(campaign=campaign, unit=unit)
        measure.co_units.add(source, target)
        merge()
        assert list(measure.co_units.all()) == [target]

    def test_are_never_the_responsible_unit(self, merge, source, target, campaign, unit):
        helped_by_source = factories.MeasureFactory(campaign=campaign, unit=target)
        helped_by_source.co_units.add(source, unit)
        helped_by_target = factories.MeasureFactory(campaign=campaign, unit=source)
        helped_by_target.co_units.add(target, unit)
        merge()
        for measure in Measure.objects.all():
            assert measure.unit == target
            assert list(measure.co_units.all()) == [unit]


class TestParticipation:
    def test_moves_where_only_the_source_takes_part(self, merge, source, target, campaign):
        participation = factories.ParticipationFactory(
            campaign=campaign, unit=source, study_held_on=date(2023, 8, 11)
        )
        merge()
        participation.refresh_from_db()
        assert (participation.unit, participation.study_held_on) == (target, date(2023, 8, 11))
        assert participation.history.first().history_change_reason.startswith("单位合并")

    def test_is_one_where_both_took_part(self, merge, source, target, campaign):
        emptied = factories.ParticipationFactory(campaign=campaign, unit=source)
        kept = factories.ParticipationFactory(campaign=campaign, unit=target)
        merge()
        assert list(Participation.objects.all()) == [kept]
        assert [version.history_type for version in Participation.history.filter(id=emptied.pk)] == ["-", "+"]

    @pytest.mark.parametrize(
        ("of_source", "of_target", "expected"),
        [
            (date(2023, 8, 11), None, date(2023, 8, 11)),
            (date(2023, 8, 11), date(2023, 8, 12), date(2023, 8, 12)),
            (None, date(2023, 8, 12), date(2023, 8, 12)),
            (None, None, None),
        ],
    )
    def test_takes_a_missing_study_date(
        self, merge, source, target, campaign, of_source, of_target, expected
    ):
        factories.ParticipationFactory(campaign=campaign, unit=source, study_held_on=of_source)
        kept = factories.ParticipationFactory(campaign=campaign, unit=target, study_held_on=of_target)
        merge()
        kept.refresh_from_db()
        assert kept.study_held_on == expected

    def test_in_another_campaign_is_another_matter(self, merge, source, target, campaign):
        factories.ParticipationFactory(campaign=campaign, unit=target)
        elsewhere = factories.ParticipationFactory(unit=source)
        merge()
        assert set(Participation.objects.filter(unit=target).values_list("campaign", flat=True)) == {
            campaign.pk,
            elsewhere.campaign_id,
        }

    def test_keeps_every_declaration_once(self, merge, source, target, campaign, supervisor):
        emptied = factories.ParticipationFactory(campaign=campaign, unit=source)
        kept = factories.ParticipationFactory(campaign=campaign, unit=target)
        first, second = factories.DomainFactory.create_batch(2)
        double = _declare(emptied, RiskKind.POST, first, supervisor)
        moved = _declare(emptied, RiskKind.LINK, second, supervisor)
        known = _declare(kept, RiskKind.POST, first, supervisor)

        merge()

        assert set(NoneDeclaration.objects.all()) == {moved, known}
        assert set(NoneDeclaration.objects.values_list("participation", flat=True)) == {kept.pk}
        assert NoneDeclaration.history.filter(id=double.pk).first().history_type == "-"


def test_many_rows_cost_no_more_queries_than_few(
    merge, source, campaign, django_assert_max_num_queries, unit
):
    factories.RiskItemFactory.create_batch(60, campaign=campaign, unit=source, domain=None)
    for measure in factories.MeasureFactory.create_batch(60, campaign=campaign, unit=unit):
        measure.co_units.add(source)
    with django_assert_max_num_queries(40):
        merge()
