"""The index of character pairs: it hides nothing that reading every row would find."""

from __future__ import annotations

import pytest
from django.db.models import Q
from django.urls import reverse
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from simple_history.utils import bulk_create_with_history, bulk_update_with_history

from riskregistry import filters
from riskregistry.filters import matching
from riskregistry.models import Measure, RiskItem
from riskregistry.models.text_pairs import BLOCK, TextPair, blocks_with, pairs_of, ranges
from tests import factories

pytestmark = pytest.mark.django_db
FIELDS = ["name", "description", "matter", "post__name"]
WORDS = st.text(alphabet="审批超时办件限AaBb1 ", min_size=1, max_size=8).filter(str.strip)


def plainly(text: str, fields: list[str]) -> Q:
    """As the database reads every row."""
    condition = Q()
    for word in text.split():
        found = Q(unit__name__icontains=word) | Q(unit__short_name__icontains=word)
        for field in fields:
            found |= Q(**{f"{field}__icontains": word})
        condition &= found
    return condition


def found(text: str) -> set[int]:
    return set(RiskItem.objects.filter(matching(text, FIELDS, RiskItem)).values_list("pk", flat=True))


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(WORDS, WORDS, st.booleans()), min_size=1, max_size=6), WORDS)
def test_it_finds_what_reading_every_row_finds(campaign, unit, drawn, text):
    RiskItem.objects.all().delete()
    post = None
    for name, description, below in drawn:
        row = RiskItem(
            campaign=campaign, unit=unit, name=name, description=description,
            kind="point" if below and post else "post", post=post if below else None,
        )  # fmt: skip
        row.save()
        post = row if row.kind == "post" else post
    wanted = set(RiskItem.objects.filter(plainly(text, FIELDS)).values_list("pk", flat=True))
    assert found(text) == wanted


class TestEveryWriter:
    def test_many_at_once(self, campaign, unit):
        rows = [RiskItem(campaign=campaign, unit=unit, kind="point", name=f"第{n}号事项") for n in range(3)]
        made = bulk_create_with_history(rows, RiskItem)
        assert len(found("号事")) == 3
        made[0].name = "完全另外的说法"
        bulk_update_with_history(made[:1], RiskItem, ["name"])
        assert found("另外") == {made[0].pk}

    def test_one(self, campaign, unit):
        row = factories.RiskItemFactory(campaign=campaign, unit=unit, name="旧名")
        row.name = "新的名称"
        row.save(update_fields=["name"])
        assert found("的名") == {row.pk}

    def test_a_post_that_is_renamed_is_found_with_its_points(self, campaign, unit):
        post = factories.RiskItemFactory(campaign=campaign, unit=unit, kind="post", name="窗口岗")
        point = factories.RiskItemFactory(campaign=campaign, unit=unit, kind="point", name="超时", post=post)
        post.name = "审核专员"
        post.save()
        assert found("专员") == {post.pk, point.pk}

    def test_measures(self, campaign, unit):
        row = factories.MeasureFactory(campaign=campaign, unit=unit, heading="限时办结", responsible="欧阳明")
        fields = ["heading", "text", "responsible"]
        keys = Measure.objects.filter(matching("欧阳", fields, Measure)).values_list("pk", flat=True)
        assert list(keys) == [row.pk]

    def test_nothing_is_noted_twice(self, campaign, unit):
        row = factories.RiskItemFactory(campaign=campaign, unit=unit, name="超时办件", description="")
        count = TextPair.objects.count()
        row.save()
        assert TextPair.objects.count() == count


def test_many_blocks_are_read_as_before(campaign, unit, monkeypatch):
    factories.RiskItemFactory(campaign=campaign, unit=unit, name="超时办件")
    monkeypatch.setattr(filters, "FEW_BLOCKS", 0)
    assert len(found("超时")) == 1


def test_a_word_of_one_character_tells_nothing(campaign):
    assert blocks_with("riskitem", "审") is None
    assert blocks_with("riskitem", "审批") == set()


def test_ranges_join_neighbours():
    assert ranges([3, 1, 2, 7]) == [(BLOCK, 4 * BLOCK - 1), (7 * BLOCK, 8 * BLOCK - 1)]


def test_pairs_do_not_reach_over_blanks():
    assert pairs_of("Ab 审批\u3000表") == {"ab", "审批"}


def test_the_names_of_units_still_count(campaign, client_of, supervisor):
    unit = factories.UnitFactory(name="县财政局", short_name="财政")
    factories.RiskItemFactory(campaign=campaign, unit=unit, name="超时办件")
    text = client_of(supervisor).get(reverse("riskregistry:risk_list") + "?q=财政 超时").content.decode()
    assert "超时办件" in text
