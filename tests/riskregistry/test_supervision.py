"""Chasing, 回头看, and the signs worth looking into."""

from __future__ import annotations

import io
from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import timezone
from docx import Document
from hypothesis import given
from hypothesis import strategies as st

from accounts.preferences import PREFERENCES, set_preference
from riskregistry import chasing, honesty, lookback
from riskregistry.documents import closing_document, letter_document
from riskregistry.enums import ChasingRung, LookbackResult, MeasureState, ProgressEvent
from riskregistry.models import ChasingLetter, Lookback, Measure, Notice, ProgressEntry
from riskregistry.rectification import apply_transition
from tests import factories

pytestmark = pytest.mark.django_db

DEFAULTS = {key: preference.default for key, preference in PREFERENCES.items()}


def late(unit, campaign, days: int, **more):
    due = timezone.localdate() - timedelta(days=days)
    return factories.MeasureFactory(unit=unit, campaign=campaign, due=due, **more)


def words_of(content: bytes) -> str:
    document = Document(io.BytesIO(content))
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    return "\n".join([paragraph.text for paragraph in document.paragraphs] + cells)


class TestNextRung:
    @pytest.mark.parametrize(
        ("worst", "before", "rung"),
        [
            (0, None, None),
            (1, None, ChasingRung.REMINDER),
            (30, None, ChasingRung.REMINDER),  # never a rung skipped
            (10, ChasingRung.REMINDER, ChasingRung.SUPERVISION),
            (5, ChasingRung.REMINDER, ChasingRung.REMINDER),
            (30, ChasingRung.REMINDER, ChasingRung.SUPERVISION),
            (30, ChasingRung.SUPERVISION, ChasingRung.CIRCULAR),
            (30, ChasingRung.CIRCULAR, ChasingRung.CIRCULAR),
        ],
    )
    def test_as_set(self, worst, before, rung):
        last = ChasingLetter(rung=before) if before else None
        assert chasing.next_rung(worst, last, DEFAULTS) == rung

    @given(st.integers(0, 400), st.sampled_from([None, *ChasingRung]))
    def test_never_more_than_one_up(self, worst, before):
        last = ChasingLetter(rung=before) if before else None
        rung = chasing.next_rung(worst, last, DEFAULTS)
        places = list(ChasingRung)
        before_place = places.index(before) if before else -1
        assert rung is None or places.index(rung) <= before_place + 1


class TestLetters:
    def test_the_suggestion_names_units_with_late_measures_only(self, supervisor, campaign, unit):
        late(unit, campaign, 3)
        late(unit, campaign, 12)
        late(factories.UnitFactory(), campaign, 0)
        late(factories.UnitFactory(), campaign, 9, state=MeasureState.CANCELLED, cancelled_reason="不办了")
        (found,) = chasing.suggestions(supervisor, campaign)
        assert (found.unit, found.worst, found.rung) == (unit, 12, ChasingRung.REMINDER)
        assert [measure.due for measure in found.measures] == sorted(
            measure.due for measure in found.measures
        )

    def test_from_the_suggestion_to_the_answer(
        self, client_of, supervisor, officer, outsider, campaign, unit
    ):
        measure = late(unit, campaign, 3, responsible="张三")
        page = client_of(supervisor).get(reverse("riskregistry:letter_list")).content.decode()
        assert unit.name in page
        new = reverse("riskregistry:new_letter", args=[campaign.pk, unit.pk])
        assert measure.heading in client_of(supervisor).get(new).content.decode()
        due = chasing.default_answer_due(timezone.localdate())
        answer = client_of(supervisor).post(
            new,
            {"rung": "reminder", "measures": [measure.pk], "answer_due": due.isoformat(), "demand": "请速办"},
        )
        letter = ChasingLetter.objects.get()
        assert answer["Location"] == reverse("riskregistry:letter", args=[letter.pk])
        assert (letter.number, letter.year) == (1, timezone.localdate().year)
        assert list(Notice.objects.values_list("user", flat=True)) == [officer.pk]
        client_of(officer).post(reverse("riskregistry:receive_letter", args=[letter.pk]))
        empty = client_of(officer).post(
            reverse("riskregistry:answer_letter", args=[letter.pk]), {"text": " "}
        )
        assert empty.status_code == 422
        client_of(officer).post(
            reverse("riskregistry:answer_letter", args=[letter.pk]), {"text": "月底前办结"}
        )
        letter.refresh_from_db()
        assert (letter.received_by, letter.answered_by, letter.answer) == (officer, officer, "月底前办结")
        assert client_of(outsider).get(reverse("riskregistry:letter", args=[letter.pk])).status_code == 404
        assert Notice.objects.filter(user=supervisor, text__contains="已答复").exists()

    def test_the_word_file_names_unit_items_and_dates(self, supervisor, campaign, unit):
        measure = late(unit, campaign, 3, responsible="张三")
        letter = chasing.issue(
            unit,
            campaign,
            ChasingRung.SUPERVISION,
            [measure],
            actor=supervisor,
            answer_due=date(2099, 1, 9),
            demand="另附说明",
        )
        said = words_of(letter_document(letter, supervisor))
        for word in (
            unit.name,
            measure.heading,
            measure.due.isoformat(),
            "2099年1月9日",
            "张三",
            "另附说明",
            "督办单",
        ):
            assert word in said

    def test_the_letter_keeps_what_it_said(self, supervisor, campaign, unit):
        measure = late(unit, campaign, 3)
        letter = chasing.issue(
            unit, campaign, ChasingRung.REMINDER, [measure], actor=supervisor, answer_due=date(2099, 1, 1)
        )
        said = measure.heading
        measure.heading = "改了名"
        measure.save()
        assert said in words_of(letter_document(ChasingLetter.objects.get(pk=letter.pk), supervisor))

    def test_numbers_count_within_rung_and_year(self, supervisor, campaign, unit):
        measure = late(unit, campaign, 3)

        def issue(rung):
            return chasing.issue(
                unit, campaign, rung, [measure], actor=supervisor, answer_due=date(2099, 1, 1)
            )

        numbers = [
            issue(rung).number for rung in (ChasingRung.REMINDER, ChasingRung.REMINDER, ChasingRung.CIRCULAR)
        ]
        assert numbers == [1, 2, 1]

    @pytest.mark.parametrize("wrong", ["none", "foreign", "past", "officer"])
    def test_what_is_refused(self, supervisor, officer, campaign, unit, wrong):
        measures = {"none": [], "foreign": [late(factories.UnitFactory(), campaign, 3)]}.get(
            wrong, [late(unit, campaign, 3)]
        )
        with pytest.raises(ValidationError):
            chasing.issue(
                unit,
                campaign,
                ChasingRung.REMINDER,
                measures,
                actor=officer if wrong == "officer" else supervisor,
                answer_due=timezone.localdate() if wrong == "past" else date(2099, 1, 1),
            )

    def test_a_circular_is_seen_by_the_other_units(self, supervisor, officer, outsider, campaign, unit):
        factories.ParticipationFactory(campaign=campaign, unit=outsider.unit)
        letter = chasing.issue(
            unit,
            campaign,
            ChasingRung.CIRCULAR,
            [late(unit, campaign, 30)],
            actor=supervisor,
            answer_due=date(2099, 1, 1),
        )
        assert letter in ChasingLetter.objects.visible_to(outsider)
        with pytest.raises(ValidationError, match="只有"):
            chasing.answer(letter, "不是我", actor=outsider)


class TestLookback:
    def closed(self, campaign, units: int = 3, each: int = 10) -> list[Measure]:
        found = []
        for _ in range(units):
            unit = factories.UnitFactory()
            found += factories.MeasureFactory.create_batch(each, campaign=campaign, unit=unit, closed=True)
        return found

    def test_the_same_seed_draws_the_same(self, campaign):
        measures = self.closed(campaign)
        assert lookback.sample(measures, 7, 30) == lookback.sample(list(reversed(measures)), 7, 30)
        assert lookback.sample(measures, 7, 30) != lookback.sample(measures, 8, 30)

    @given(st.integers(0, 10_000), st.integers(1, 100))
    def test_every_unit_is_drawn_from(self, seed, share):
        measures = [Measure(pk=pk, unit_id=pk % 4, domain_id=pk % 3 or None) for pk in range(60)]
        drawn = lookback.sample(measures, seed, share)
        assert len({measure.pk for measure in drawn}) == len(drawn)
        strata = {(measure.unit_id, measure.domain_id) for measure in measures}
        assert {(measure.unit_id, measure.domain_id) for measure in drawn} == strata
        assert len(drawn) >= 60 * share / 100

    def test_a_relapse_reopens_with_both_links(self, client_of, supervisor, campaign, unit):
        measure = factories.MeasureFactory(campaign=campaign, unit=unit, closed=True)
        closing = ProgressEntry.objects.create(
            measure=measure,
            actor=supervisor,
            event=ProgressEvent.STEP,
            from_state=MeasureState.APPLIED,
            to_state=MeasureState.CLOSED,
        )
        client = client_of(supervisor)
        client.post(reverse("riskregistry:lookback_list"), {"name": "一季度", "share": 100, "seed": 3})
        row = Lookback.objects.get()
        url = reverse("riskregistry:record_lookback", args=[row.pk])
        said = {
            "result": "relapsed",
            "finding": "又收了土特产",
            "looked_on": timezone.localdate().isoformat(),
        }
        assert client.post(url, {**said, "finding": ""}).status_code == 422
        client.post(url, said)
        row.refresh_from_db()
        measure.refresh_from_db()
        assert (row.result, row.closing) == (LookbackResult.RELAPSED, closing)
        assert row.reopening.event == ProgressEvent.REOPENED
        assert measure.state == MeasureState.IN_PROGRESS
        again = client.post(url, said, follow=True)
        assert "已经记录过" in again.content.decode()

    def test_nothing_closed_nothing_drawn(self, supervisor, campaign):
        with pytest.raises(ValidationError, match="无从回头看"):
            lookback.draw(campaign, name="空", seed=1, share=10, actor=supervisor)


class TestSigns:
    def found(self, supervisor, campaign) -> dict[str, list[honesty.Sign]]:
        return {check.name: list(check.signs) for check in honesty.checks(supervisor, campaign)}

    def test_an_honest_measure_gives_no_sign(self, supervisor, officer, campaign, unit):
        measure = factories.MeasureFactory(
            campaign=campaign,
            unit=unit,
            closed=True,
            text="修订采购审批流程",
            responsible="张三",
            due=date(2030, 1, 1),
            created_at=timezone.now() - timedelta(days=90),
        )
        factories.EvidenceFactory(measure=measure, uploaded_by=officer)
        ProgressEntry.objects.create(
            measure=measure, actor=supervisor, event=ProgressEvent.STEP, to_state=MeasureState.CLOSED
        )
        assert not any(self.found(supervisor, campaign).values())

    def test_each_sign(self, supervisor, officer, campaign, unit):
        other = factories.UnitFactory()
        words = "组织全体干部职工开展警示教育并签订承诺书"
        first = factories.MeasureFactory(
            campaign=campaign, unit=unit, closed=True, text=words + "。", due=None
        )
        second = factories.MeasureFactory(
            campaign=campaign, unit=other, text=words, responsible="李四", due=date(2030, 1, 1)
        )
        third = factories.MeasureFactory(
            campaign=campaign, unit=unit, text="另一段", responsible="王五", due=date(2030, 1, 1)
        )
        for measure in (second, third):
            factories.EvidenceFactory(
                measure=measure,
                uploaded_by=officer,
                sha256="a" * 64,
                uploaded_at=timezone.now() - timedelta(days=400),
            )
        for _ in range(2):
            ProgressEntry.objects.create(
                measure=third,
                actor=supervisor,
                event=ProgressEvent.EXTENDED,
                to_state=MeasureState.IN_PROGRESS,
            )
        ProgressEntry.objects.create(
            measure=first, actor=supervisor, event=ProgressEvent.STEP, to_state=MeasureState.CLOSED
        )
        found = {
            name: {m.pk for sign in signs for m in sign.measures}
            for name, signs in self.found(supervisor, campaign).items()
        }
        assert found == {
            "已完成而没有佐证": {first.pk},
            "佐证早于措施": {second.pk, third.pk},
            "同一文件用于多项措施": {second.pk, third.pk},
            "不同单位措辞雷同": {first.pk, second.pk},
            "要素不全": {first.pk},
            "多次延期": {third.pk},
            "销号过快": {first.pk},
        }

    def test_hasty_is_counted_from_the_last_opening(self, supervisor, campaign, unit):
        measure = factories.MeasureFactory(
            campaign=campaign, unit=unit, closed=True, created_at=timezone.now() - timedelta(days=90)
        )
        now = timezone.now()
        for minutes, event, to in (
            (40, ProgressEvent.REOPENED, MeasureState.IN_PROGRESS),
            (5, ProgressEvent.STEP, MeasureState.CLOSED),
        ):
            ProgressEntry.objects.create(
                measure=measure,
                actor=supervisor,
                event=event,
                comment="说明",
                to_state=to,
                at=now - timedelta(minutes=minutes),
            )
        assert not self.found(supervisor, campaign)["销号过快"]
        set_preference("hasty_minutes", 60)
        assert self.found(supervisor, campaign)["销号过快"]

    def test_the_page(self, client_of, supervisor, campaign, unit):
        factories.MeasureFactory(campaign=campaign, unit=unit, closed=True)
        page = client_of(supervisor).get(reverse("riskregistry:signs")).content.decode()
        assert "已完成而没有佐证（1）" in page


def test_the_closing_form_tells_the_whole_way(supervisor, leader, officer, unit, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    campaign = factories.CampaignFactory(needs_approval=True)
    measure = factories.MeasureFactory(
        unit=unit, campaign=campaign, text="内容", responsible="张三", due=date(2030, 1, 1)
    )
    apply_transition(
        measure.pk, "apply", actor=officer, comment="制度已出台", files=[factories.picture("制度封面.png")]
    )
    apply_transition(measure.pk, "pass_on", actor=supervisor, comment="看过现场")
    apply_transition(measure.pk, "approve", actor=leader)
    measure = Measure.objects.get()
    said = words_of(closing_document(measure, supervisor))
    for word in (
        unit.name,
        "制度已出台",
        "制度封面.png",
        "看过现场",
        officer.name,
        supervisor.name,
        leader.name,
        "张三",
    ):
        assert word in said
