"""Entering by hand: one risk, several points, a measure; two people at once; many rows at once."""

from __future__ import annotations

import re

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.models import AuditEvent
from riskregistry.enums import RiskKind, SubmissionItem
from riskregistry.models import LateChange, Measure, NoneDeclaration, RiskItem
from riskregistry.submissions import confirm, declare_none, submit
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def participation(unit, campaign):
    return factories.ParticipationFactory(unit=unit, campaign=campaign)


@pytest.fixture
def domain():
    return factories.DomainFactory(name="行政审批")


@pytest.fixture
def client(client_of, officer, participation):
    return client_of(officer)


@pytest.fixture
def post(unit, campaign, domain):
    return factories.RiskItemFactory(
        unit=unit, campaign=campaign, domain=domain, kind="post", name="窗口人员"
    )


def risk_values(unit, **values):
    return {"kind": "point", "unit": unit.pk, "name": "超时办件", **values}


class TestRisk:
    def test_new(self, client, unit, campaign, domain, post, officer):
        answer = client.post(
            "/risks/new/", risk_values(unit, domain=domain.pk, post=post.pk, level="high", responsible="张三")
        )
        item = RiskItem.objects.get(name="超时办件")
        assert answer["Location"] == f"/risks/{item.pk}/"
        assert (item.unit, item.campaign, item.post, item.level) == (unit, campaign, post, "high")
        assert item.history.get().history_user == officer
        assert AuditEvent.objects.filter(action="新增风险").exists()

    def test_an_error_stands_beside_its_field_and_nothing_is_lost(self, client, unit, post):
        answer = client.post("/risks/new/", risk_values(unit, name="", description="写了很久", post=post.pk))
        page = answer.content.decode()
        assert answer.status_code == 422
        assert "写了很久" in page
        assert re.search(r'id="id_name_error"', page)

    def test_an_officer_enters_for_the_own_unit_only(self, client, unit):
        other = factories.UnitFactory()
        client.post("/risks/new/", risk_values(other))
        assert not RiskItem.objects.filter(unit=other).exists()

    def test_a_copy_brings_everything_along(self, client, post):
        page = client.get("/risks/new/", {"copy": post.pk})
        assert page.context["form"]["name"].value() == "窗口人员"
        assert page.context["form"]["domain"].value() == post.domain_id

    def test_what_was_declared_none_of_is_no_more(self, client, unit, participation, domain, officer):
        declare_none(participation, RiskKind.POINT, domain, actor=officer)
        client.post("/risks/new/", risk_values(unit, domain=domain.pk))
        assert not NoneDeclaration.objects.exists()

    def test_the_second_of_two_sees_both_versions(self, client, unit, post):
        url = reverse("riskregistry:edit_risk", args=[post.pk])
        seen = client.get(url).context["form"]["seen"].value()
        post.name = "大厅人员"
        post.save()
        values = risk_values(unit, kind="post", name="我写的名称", seen=seen)
        answer = client.post(url, values)
        page = answer.content.decode()
        assert answer.status_code == 409
        assert "大厅人员" in page
        assert "我写的名称" in page
        again = re.search(r'name="seen" value="([^"]+)"', page)[1]
        client.post(url, {**values, "seen": again})
        post.refresh_from_db()
        assert post.name == "我写的名称"

    def test_a_confirmed_ledger_asks_why(self, client, unit, participation, officer, supervisor, post):
        confirm(submit(participation, SubmissionItem.RISK_LEDGER, actor=officer), actor=supervisor)
        url = reverse("riskregistry:edit_risk", args=[post.pk])
        seen = client.get(url).context["form"]["seen"].value()
        values = risk_values(unit, kind="post", name="窗口工作人员", seen=seen)
        assert client.post(url, values).status_code == 422
        client.post(url, {**values, "reason": "名称写错"})
        change = LateChange.objects.get()
        assert (change.reason, change.summary) == ("名称写错", "修改：窗口工作人员")

    def test_withdrawn_with_a_reason_and_restored(self, client, post):
        url = reverse("riskregistry:withdraw_risk", args=[post.pk])
        under = factories.RiskItemFactory(unit=post.unit, campaign=post.campaign, post=post)
        assert "还有 1 条风险" in client.post(url, {"why": "岗位撤销"}).content.decode()
        under.delete()
        assert client.post(url, {"why": " "}).status_code == 422
        client.post(url, {"why": "岗位撤销"})
        post.refresh_from_db()
        assert post.withdrawn_reason == "岗位撤销"
        client.post(reverse("riskregistry:restore_risk", args=[post.pk]))
        post.refresh_from_db()
        assert post.withdrawn_at is None


class TestPoints:
    def rows(self, *names: str, total: int = 5) -> dict[str, str]:
        data = {"form-TOTAL_FORMS": str(total), "form-INITIAL_FORMS": "0"}
        for number in range(total):
            name = names[number] if number < len(names) else ""
            data |= {f"form-{number}-kind": "point", f"form-{number}-name": name}
        return data

    def test_several_at_once(self, client, post):
        url = reverse("riskregistry:new_points", args=[post.pk])
        assert client.get(url).status_code == 200
        client.post(url, self.rows("超时", "推诿"))
        assert set(post.items.values_list("name", "kind", "domain")) == {
            ("超时", "point", post.domain_id),
            ("推诿", "point", post.domain_id),
        }

    def test_more_rows_keep_what_was_typed(self, client, post):
        url = reverse("riskregistry:new_points", args=[post.pk])
        page = client.post(url, {**self.rows("超时"), "more": "1"}).content.decode()
        assert 'value="超时"' in page
        assert 'name="form-9-name"' in page
        assert not post.items.exists()

    def test_one_wrong_row_keeps_all_out(self, client, post):
        url = reverse("riskregistry:new_points", args=[post.pk])
        answer = client.post(url, {**self.rows("超时"), "form-1-description": "没有名称"})
        assert answer.status_code == 422
        assert "没有填名称" in answer.content.decode()
        assert not post.items.exists()


class TestMeasure:
    def test_new_for_a_risk(self, client, unit, post):
        page = client.get("/measures/new/", {"risk": post.pk})
        assert page.context["form"]["risk_items"].value() == [post.pk]
        client.post(
            "/measures/new/",
            {
                "unit": unit.pk,
                "heading": "限时办结",
                "theme": "service",
                "risk_items": [post.pk],
                "documents": "《限时办结制度》\n\n公开目录",
                "due": "2030-01-01",
            },
        )
        measure = Measure.objects.get()
        assert (list(measure.risk_items.all()), measure.documents) == ([post], ["限时办结制度", "公开目录"])
        assert measure.state == "not_started"

    def test_an_edit_counts_the_version_up_and_leaves_the_date(self, client, unit, campaign):
        measure = factories.MeasureFactory(unit=unit, campaign=campaign, due="2030-01-01")
        url = reverse("riskregistry:edit_measure", args=[measure.pk])
        values = {"unit": unit.pk, "heading": "改了", "theme": "other", "due": "2040-01-01", "version": 1}
        client.post(url, values)
        measure.refresh_from_db()
        assert (measure.heading, measure.version, measure.due.year) == ("改了", 2, 2030)
        stale = client.post(url, {**values, "heading": "又改"})
        assert stale.status_code == 409
        assert "又改" in stale.content.decode()

    def test_whoever_helps_does_not_edit(self, client_of, campaign):
        helper = factories.UserFactory(officer=True)
        measure = factories.MeasureFactory(campaign=campaign)
        measure.co_units.add(helper.unit)
        assert client_of(helper).get(f"/measures/{measure.pk}/edit/").status_code == 403


class TestBulk:
    @pytest.fixture
    def items(self, unit, campaign, domain):
        return factories.RiskItemFactory.create_batch(
            3, unit=unit, campaign=campaign, domain=domain, level="low"
        )

    def test_ticked_rows_after_a_preview(self, client, items):
        ticked = {"pk": [items[0].pk, items[1].pk]}
        assert "选中 <strong>2</strong> 条" in client.post("/risks/bulk/", ticked).content.decode()
        shown = client.post("/risks/bulk/", {**ticked, "field": "level", "value_level": "high"})
        assert "将修改 <strong>2</strong> 条" in shown.content.decode()
        digest = shown.context["preview"].digest()
        client.post("/risks/bulk/", {**ticked, "field": "level", "value": "high", "digest": digest})
        assert sorted(RiskItem.objects.values_list("level", flat=True)) == ["high", "high", "low"]
        assert items[0].history.count() == 2
        assert AuditEvent.objects.get(action="批量修改风险").detail["count"] == 2

    def test_all_that_match_the_filter(self, client, items):
        said = {"all": "1", "query": f"q={items[2].name}", "field": "level", "value_level": "medium"}
        shown = client.post("/risks/bulk/", said)
        assert len(shown.context["preview"].changes) == 1

    def test_rows_that_changed_meanwhile_are_shown_again(self, client, items):
        said = {"pk": [item.pk for item in items], "field": "level", "value": "high"}
        digest = client.post("/risks/bulk/", said).context["preview"].digest()
        items[0].name = "改过"
        items[0].save()
        answer = client.post("/risks/bulk/", {**said, "digest": digest})
        assert "重新比对" in answer.content.decode()
        assert not RiskItem.objects.filter(level="high").exists()

    def test_what_cannot_be_is_left_out_with_the_reason(self, client, items, post):
        said = {"pk": [items[0].pk, post.pk], "field": "post", "value_post": post.pk}
        preview = client.post("/risks/bulk/", said).context["preview"]
        assert [change.item for change in preview.changes] == [items[0]]
        assert preview.refused[0].refused == "风险岗位不能再属于另一个岗位"

    def test_not_elsewhere_without_the_post(self, client_of, supervisor, items, post, participation):
        other = factories.CampaignFactory(started_on=None)
        items[0].post = post
        items[0].save()
        said = {"pk": [items[0].pk], "field": "campaign", "value_campaign": other.pk}
        client = client_of(supervisor)
        preview = client.post(f"/risks/bulk/?campaign={post.campaign_id}", said).context["preview"]
        assert preview.refused[0].refused == "它所属的岗位没有一起选中"

    def test_nothing_ticked(self, client, items):
        assert "没有选中" in client.post("/risks/bulk/", {}, follow=True).content.decode()


class TestKeptPosts:
    def expire(self, client) -> None:
        session = client.session
        session["seen"] = int(timezone.now().timestamp()) - 100_000
        session.save()

    def test_what_was_typed_comes_back_after_the_sign_in(self, client, officer, unit):
        self.expire(client)
        sent = client.post("/risks/new/", risk_values(unit, description="写了很久的一段话"))
        assert sent["Location"].startswith("/accounts/login/")
        assert not RiskItem.objects.exists()
        client.force_login(officer, backend="accounts.backends.AccountBackend")
        page = client.get("/risks/new/").content.decode()
        assert "接着提交" in page
        assert "写了很久的一段话" in page
        # Only once.
        assert "接着提交" not in client.get("/risks/new/").content.decode()

    def test_nobody_else_is_shown_it(self, client, outsider, unit):
        self.expire(client)
        client.post("/risks/new/", risk_values(unit, description="别人的话"))
        client.force_login(outsider, backend="accounts.backends.AccountBackend")
        assert "别人的话" not in client.get("/risks/new/").content.decode()

    def test_passwords_are_never_kept(self, client, officer):
        self.expire(client)
        client.post("/accounts/password/", {"old_password": "Secret-123456", "new_password1": "Other-123456"})
        assert "Secret" not in str(dict(client.session))
