"""The register in the admin: facts are put right there; nothing is deleted and no state is moved."""

from datetime import date

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.models import AuditEvent
from riskregistry.enums import MeasureState, RiskKind
from riskregistry.models import (
    Campaign,
    Case,
    Domain,
    Measure,
    NoneDeclaration,
    Participation,
    RiskItem,
)
from tests import factories

MODELS = (Domain, Campaign, Case, Participation, NoneDeclaration, RiskItem, Measure)
OF_SUPERVISORS_ONLY = (RiskItem, Measure)


def address(model, page, *args):
    return reverse(f"admin:riskregistry_{model._meta.model_name}_{page}", args=args)


def filled(response) -> dict[str, object]:
    """What a browser would send back from the form on the page, untouched."""
    form = response.context["adminform"].form
    values = {name: form[name].value() for name in form.fields}
    return {name: value for name, value in values.items() if value is not None and value is not False}


@pytest.fixture
def rows(campaign, unit, supervisor):
    participation = factories.ParticipationFactory(campaign=campaign, unit=unit)
    domain = factories.DomainFactory()
    return {
        Domain: domain,
        Campaign: campaign,
        Case: factories.CaseFactory(campaign=campaign),
        Participation: participation,
        NoneDeclaration: NoneDeclaration.objects.create(
            participation=participation, kind=RiskKind.POST, domain=domain, declared_by=supervisor
        ),
        RiskItem: factories.RiskItemFactory(campaign=campaign, unit=unit, domain=domain, name="审批不严"),
        Measure: factories.MeasureFactory(
            campaign=campaign, unit=unit, heading="强化监管", documents=["审批办法"]
        ),
    }


@pytest.fixture
def desk(client_of, supervisor):
    """The admin as the supervisor uses it."""
    return client_of(supervisor)


class TestWhoEnters:
    @pytest.mark.parametrize("model", MODELS)
    def test_supervisor_lists_searches_and_opens_everything(self, desk, rows, model):
        for path in (
            address(model, "changelist"),
            address(model, "changelist") + "?q=%00",
            address(model, "changelist") + "?q=审批",
            address(model, "add"),
            address(model, "change", rows[model].pk),
            address(model, "history", rows[model].pk),
        ):
            assert desk.get(path).status_code == 200, path

    @pytest.mark.parametrize("model", MODELS)
    def test_administrator_keeps_the_frame_not_the_facts(self, client_of, administrator, rows, model):
        status = client_of(administrator).get(address(model, "changelist")).status_code
        assert status == (403 if model in OF_SUPERVISORS_ONLY else 200)

    @pytest.mark.parametrize("role", ["leader", "officer"])
    def test_others_do_not(self, client_of, request, rows, role):
        client = client_of(request.getfixturevalue(role))
        for model in MODELS:
            assert client.get(address(model, "changelist")).status_code != 200

    @pytest.mark.parametrize("model", [model for model in MODELS if model is not NoneDeclaration])
    def test_nobody_deletes(self, desk, rows, model):
        assert desk.get(address(model, "delete", rows[model].pk)).status_code == 403
        desk.post(
            address(model, "changelist"),
            {"action": "delete_selected", "_selected_action": [rows[model].pk], "post": "yes"},
        )
        assert model.objects.filter(pk=rows[model].pk).exists()


def test_history_is_told_in_words(desk, rows):
    item = rows[RiskItem]
    item.level = "high"
    item.save()
    page = desk.get(address(RiskItem, "history", item.pk)).content.decode()
    assert "风险等级" in page
    assert "<td>高</td>" in page
    assert desk.get(address(RiskItem, "history", 999999)).status_code == 404


class TestMeasure:
    def test_no_state_is_moved_here(self, desk, rows, supervisor, officer):
        measure = rows[Measure]
        path = address(Measure, "change", measure.pk)
        forged = {
            "state": MeasureState.CLOSED,
            "closed_on": "2023-09-01",
            "applied_by": officer.pk,
            "verified_by": supervisor.pk,
            "percent": 100,
            "version": 9,
            "responsible": "张某",
        }
        assert desk.post(path, {**filled(desk.get(path)), **forged}).status_code == 302
        measure.refresh_from_db()
        assert measure.responsible == "张某"
        assert (measure.state, measure.percent, measure.closed_on) == (MeasureState.IN_PROGRESS, 0, None)
        assert (measure.applied_by, measure.verified_by) == (None, None)

    def test_a_change_counts_the_version_and_leaves_a_trace(self, desk, rows, supervisor):
        measure = rows[Measure]
        path = address(Measure, "change", measure.pk)
        desk.post(path, {**filled(desk.get(path)), "due": "2023-10-01"})
        measure.refresh_from_db()
        assert (measure.due, measure.version) == (date(2023, 10, 1), 2)
        assert measure.history.first().history_user == supervisor
        event = AuditEvent.objects.order_by("-sequence").first()
        assert (event.action, event.target_label) == ("修改整改措施", "强化监管")

    def test_documents_are_lines_and_lose_their_marks(self, desk, rows):
        measure = rows[Measure]
        path = address(Measure, "change", measure.pk)
        assert filled(desk.get(path))["issued"] == "审批办法"
        desk.post(path, {**filled(desk.get(path)), "issued": "《审批办法》\r\n\r\n 提醒制度 "})
        measure.refresh_from_db()
        assert measure.documents == ["审批办法", "提醒制度"]

    def test_responsible_unit_does_not_help_itself(self, desk, rows):
        measure = rows[Measure]
        path = address(Measure, "change", measure.pk)
        response = desk.post(path, {**filled(desk.get(path)), "co_units": [measure.unit_id]})
        assert "责任单位不必再列为配合单位" in response.content.decode()
        assert not measure.co_units.exists()

    def test_a_deadline_before_the_start_is_refused_in_words(self, desk, rows):
        path = address(Measure, "change", rows[Measure].pk)
        response = desk.post(path, {**filled(desk.get(path)), "start": "2023-09-02", "due": "2023-09-01"})
        assert "整改时限不能早于开始日期" in response.content.decode()

    def test_a_new_one_starts_at_the_beginning(self, desk, rows, campaign, unit):
        data = {"campaign": campaign.pk, "unit": unit.pk, "theme": "other", "heading": "新措施"}
        desk.post(address(Measure, "add"), data)
        assert Measure.objects.get(heading="新措施").state == MeasureState.NOT_STARTED

    def test_a_past_version_is_not_put_back(self, desk, rows):
        measure = rows[Measure]
        first = measure.history.get()
        measure.responsible = "李某"
        measure.save()
        path = address(Measure, "simple_history", measure.pk, first.pk)
        assert desk.post(path, {"heading": "回退"}).status_code == 403
        measure.refresh_from_db()
        assert measure.responsible == "李某"


class TestWithdrawal:
    @pytest.fixture
    def act(self, desk):
        def post(action, *items, **data):
            data = {"action": action, "_selected_action": [item.pk for item in items], **data}
            return desk.post(address(RiskItem, "changelist"), data, follow=True)

        return post

    def test_asks_for_the_reason_first(self, act, rows):
        page = act("withdraw", rows[RiskItem]).content.decode()
        assert "撤回原因" in page
        assert "审批不严" in page
        assert RiskItem.objects.current().exists()

    @pytest.mark.parametrize("reason", ["", "   ", "字" * 201])
    def test_does_not_go_without_a_fit_one(self, act, rows, reason):
        act("withdraw", rows[RiskItem], confirmed="1", reason=reason)
        assert RiskItem.objects.current().exists()

    def test_takes_the_risk_out_and_keeps_its_history(self, act, rows, supervisor):
        item = rows[RiskItem]
        page = act("withdraw", item, confirmed="1", reason="重复录入").content.decode()
        assert "已撤回 1 条风险" in page
        item.refresh_from_db()
        assert item.withdrawn_at is not None
        assert item.withdrawn_reason == "重复录入"
        assert item.history.first().history_user == supervisor
        event = AuditEvent.objects.order_by("-sequence").first()
        assert (event.action, event.detail) == ("撤回风险", {"原因": "重复录入"})

    def test_leaves_those_withdrawn_before_as_they_were(self, act, rows):
        item = rows[RiskItem]
        act("withdraw", item, confirmed="1", reason="重复录入")
        page = act("withdraw", item, confirmed="1", reason="另一原因").content.decode()
        assert "所选风险均已撤回" in page
        item.refresh_from_db()
        assert item.withdrawn_reason == "重复录入"

    def test_can_be_taken_back(self, act, rows):
        item = rows[RiskItem]
        act("withdraw", item, confirmed="1", reason="误录")
        act("reinstate", item)
        assert RiskItem.objects.current().get() == item
        assert AuditEvent.objects.order_by("-sequence").first().action == "恢复风险"

    def test_of_all_that_match_goes_beyond_the_page(self, act, rows, campaign, unit):
        factories.RiskItemFactory.create_batch(120, campaign=campaign, unit=unit, domain=None)
        page = act("withdraw", rows[RiskItem], select_across="1")
        assert "共 121 条" in page.content.decode()
        act("withdraw", rows[RiskItem], select_across="1", confirmed="1", reason="整批重录")
        assert not RiskItem.objects.current().exists()


class TestOthers:
    def test_risk_offers_posts_only_as_its_post(self, desk, rows, campaign, unit):
        post = factories.RiskItemFactory(campaign=campaign, unit=unit, kind=RiskKind.POST, name="审批岗")
        field = {"app_label": "riskregistry", "model_name": "riskitem", "field_name": "post"}
        found = desk.get(reverse("admin:autocomplete"), {**field, "term": "审批"}).json()["results"]
        assert [result["id"] for result in found] == [str(post.pk)]

    def test_a_post_of_another_unit_is_refused_in_words(self, desk, rows, campaign, other_unit):
        post = factories.RiskItemFactory(campaign=campaign, unit=other_unit, kind=RiskKind.POST)
        path = address(RiskItem, "change", rows[RiskItem].pk)
        response = desk.post(path, {**filled(desk.get(path)), "post": post.pk})
        assert "所属岗位须是同一单位" in response.content.decode()

    def test_whoever_enters_a_declaration_declares_it_and_may_take_it_back(
        self, desk, rows, supervisor, leader
    ):
        data = {
            "participation": rows[Participation].pk,
            "domain": rows[Domain].pk,
            "kind": "link",
            "declared_by": leader.pk,
        }
        desk.post(address(NoneDeclaration, "add"), data)
        declaration = NoneDeclaration.objects.get(kind="link")
        assert declaration.declared_by == supervisor
        desk.post(address(NoneDeclaration, "delete", declaration.pk), {"post": "yes"})
        assert not NoneDeclaration.objects.filter(kind="link").exists()
        assert NoneDeclaration.history.filter(kind="link").first().history_type == "-"
        assert AuditEvent.objects.order_by("-sequence").first().action == "删除零申报"

    def test_next_steps_are_edited_as_lines(self, desk, campaign):
        path = address(Campaign, "change", campaign.pk)
        steps = "压实责任：逐级签订责任书\r\n回头看"
        desk.post(path, {**filled(desk.get(path)), "steps": steps})
        campaign.refresh_from_db()
        assert campaign.next_steps == [
            {"heading": "压实责任", "text": "逐级签订责任书"},
            {"heading": "回头看", "text": ""},
        ]
        assert filled(desk.get(path))["steps"] == steps.replace("\r", "")

    def test_next_steps_that_no_line_can_hold_survive_another_change(self, desk, campaign):
        campaign.next_steps = [{"heading": "一：二", "text": "三\n四"}]
        campaign.save()
        path = address(Campaign, "change", campaign.pk)
        desk.post(path, {**filled(desk.get(path)), "ended_on": "2023-12-31"})
        campaign.refresh_from_db()
        assert campaign.ended_on is not None
        assert campaign.next_steps == [{"heading": "一：二", "text": "三\n四"}]

    def test_withdrawn_fields_are_not_typed_in(self, desk, rows):
        item = rows[RiskItem]
        path = address(RiskItem, "change", item.pk)
        typed = {
            "withdrawn_at_0": str(timezone.localdate()),
            "withdrawn_at_1": "08:00",
            "withdrawn_reason": "x",
        }
        desk.post(path, {**filled(desk.get(path)), **typed})
        item.refresh_from_db()
        assert (item.withdrawn_at, item.withdrawn_reason) == (None, "")
