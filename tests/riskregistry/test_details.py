"""The pages of one risk and of one measure, and the choice of the campaign."""

import pytest
from django.urls import reverse
from django.utils import timezone

from riskregistry.campaigns import SESSION_KEY
from riskregistry.enums import MeasureState, ProgressEvent, RiskKind
from riskregistry.models import Evidence, ProgressEntry
from tests import factories


@pytest.fixture
def item(campaign, unit):
    post = factories.RiskItemFactory(campaign=campaign, unit=unit, kind=RiskKind.POST, name="项目审批岗")
    return factories.RiskItemFactory(
        campaign=campaign,
        unit=unit,
        domain=None,
        post=post,
        name="审批把关不严",
        description="违规审批\n超期审批",
        matter="企业投资项目核准",
        level="high",
        level_as_written="Ⅰ级",
        category="duty",
        responsible="张某",
        responsible_second="李某",
        responsible_third="王某",
    )


@pytest.fixture
def measure(campaign, unit, item):
    measure = factories.MeasureFactory(
        campaign=campaign,
        unit=unit,
        heading="强化审批监管",
        text="建立双人复核。",
        documents=["项目审批办法", "廉政提醒制度"],
        percent=60,
    )
    measure.risk_items.add(item)
    return measure


def page(client, name, row):
    return client.get(reverse(f"riskregistry:{name}", args=[row.pk]))


class TestRisk:
    def test_shows_all_that_is_known(self, client_of, supervisor, item, measure):
        shown = page(client_of(supervisor), "risk", item).content.decode()
        for words in (
            "审批把关不严",
            "违规审批<br>超期审批",
            "企业投资项目核准",
            "高（原文：Ⅰ级）",
            "岗位职责",
            "张某",
            "李某",
            "王某",
            "未归领域",
            "项目审批岗",
            "县发展和改革局",
            "优化营商环境警示教育",
            "强化审批监管",
            "建立</td>",
        ):
            assert words in shown, words

    def test_a_post_shows_what_belongs_to_it(self, client_of, supervisor, item):
        shown = page(client_of(supervisor), "risk", item.post).content.decode()
        assert "审批把关不严" in shown

    def test_a_withdrawn_one_says_so_and_why(self, client_of, supervisor, item):
        item.withdrawn_at, item.withdrawn_reason = timezone.now(), "重复录入"
        item.save()
        shown = page(client_of(supervisor), "risk", item).content.decode()
        assert "撤回，不计入统计。原因：重复录入" in shown

    def test_of_another_unit_is_not_there(self, client_of, outsider, item):
        assert page(client_of(outsider), "risk", item).status_code == 404

    def test_of_the_own_unit_is(self, client_of, officer, item):
        assert page(client_of(officer), "risk", item).status_code == 200

    @pytest.mark.parametrize("key", ["0", "999999", "9" * 30])
    @pytest.mark.parametrize("kind", ["risks", "measures"])
    def test_a_key_that_is_not_there_is_not_found(self, client_of, supervisor, kind, key):
        assert client_of(supervisor).get(f"/{kind}/{key}/").status_code == 404

    def test_text_is_only_text(self, client_of, supervisor, item):
        item.name = item.description = "<script>alert(1)</script>"
        item.save()
        assert "<script>alert" not in page(client_of(supervisor), "risk", item).content.decode()


class TestMeasure:
    def test_shows_all_that_is_known(self, client_of, supervisor, measure, other_unit):
        measure.co_units.add(other_unit)
        shown = page(client_of(supervisor), "measure", measure).content.decode()
        for words in (
            "强化审批监管",
            "建立双人复核。",
            "《项目审批办法》、《廉政提醒制度》",
            "县公安局",
            "60%",
            "整改中",
            "未定时限",
            "审批把关不严",
            "未归领域",
        ):
            assert words in shown, words

    def test_tells_its_progress_in_order_with_the_names_of_the_evidence(
        self, client_of, supervisor, officer, measure
    ):
        for percent, comment in ((30, "已动员"), (60, "已整改大半")):
            entry = ProgressEntry.objects.create(
                measure=measure,
                actor=officer,
                event=ProgressEvent.PROGRESS,
                to_state=MeasureState.IN_PROGRESS,
                percent=percent,
                comment=comment,
            )
            Evidence.objects.create(
                measure=measure,
                entry=entry,
                file="evidence/x.pdf",
                original_name=f"{comment}证明.pdf",
                sha256="0" * 64,
                size=2048,
                uploaded_by=officer,
            )
        shown = page(client_of(supervisor), "measure", measure).content.decode()
        assert shown.index("已动员") < shown.index("已动员证明.pdf") < shown.index("已整改大半")
        assert "联络一" in shown
        assert "evidence/x.pdf" not in shown

    def test_of_another_unit_is_not_there_unless_one_helps(self, client_of, outsider, measure):
        assert page(client_of(outsider), "measure", measure).status_code == 404
        measure.co_units.add(outsider.unit)
        assert page(client_of(outsider), "measure", measure).status_code == 200

    def test_who_helps_sees_of_its_risks_only_that_there_are_some(self, client_of, outsider, measure):
        measure.co_units.add(outsider.unit)
        shown = page(client_of(outsider), "measure", measure).content.decode()
        assert "审批把关不严" not in shown
        assert "另有 1 条属于其他单位" in shown

    @pytest.mark.parametrize(
        ("role", "expected"), [("supervisor", True), ("leader", True), ("officer", False)]
    )
    def test_source_is_shown_to_who_may_read_every_report(self, client_of, request, role, expected, measure):
        factories.StatementFactory(type="measure", measure=measure, quote="据报告所述原句")
        shown = page(client_of(request.getfixturevalue(role)), "measure", measure).content.decode()
        assert ("据报告所述原句" in shown) == expected

    def test_more_entries_and_risks_cost_no_more_queries(
        self, client_of, supervisor, officer, measure, django_assert_max_num_queries
    ):
        for number in range(30):
            entry = ProgressEntry.objects.create(
                measure=measure, actor=officer, event=ProgressEvent.PROGRESS, to_state=measure.state
            )
            Evidence.objects.create(
                measure=measure,
                entry=entry,
                file="evidence/x.pdf",
                original_name="证明.pdf",
                sha256="0" * 64,
                size=1,
                uploaded_by=officer,
            )
            measure.risk_items.add(factories.RiskItemFactory(campaign=measure.campaign, unit=measure.unit))
            measure.percent = number
            measure.save()
        client = client_of(supervisor)
        page(client, "measure", measure)
        with django_assert_max_num_queries(20):
            page(client, "measure", measure)


class TestChoiceOfTheCampaign:
    @pytest.fixture
    def other(self, db):
        return factories.CampaignFactory(name="另一专项", started_on="2020-01-01")

    @pytest.fixture
    def choose(self, client_of, supervisor):
        client = client_of(supervisor)

        def post(campaign, next_="/risks/", **headers):
            data = {"campaign": campaign, "next": next_}
            return client, client.post(reverse("riskregistry:choose_campaign"), data, **headers)

        return post

    def test_is_remembered(self, choose, campaign, other):
        client, response = choose(other.pk)
        assert response["Location"] == "/risks/"
        assert client.get("/risks/").context["choice"].current == other

    def test_drops_the_campaign_of_the_address_and_keeps_the_rest(self, choose, campaign, other):
        _, response = choose(other.pk, f"/risks/?campaign={campaign.pk}&q=%E5%AE%A1%E6%89%B9&level=")
        assert response["Location"] == "/risks/?q=%E5%AE%A1%E6%89%B9&level="

    @pytest.mark.parametrize(
        "wanted",
        [
            "https://elsewhere.example/",
            "//elsewhere.example/",
            "/\\elsewhere.example",
            "javascript:alert(1)",
            "http://[",
            "",
            "\x00",
        ],
    )
    def test_leads_to_no_other_site(self, choose, other, wanted):
        _, response = choose(other.pk, wanted)
        assert response["Location"] == "/"

    @pytest.mark.parametrize("wanted", ["abc", "", "999999", "9" * 30, "\x00", "-1"])
    def test_of_what_is_not_there_changes_nothing_and_says_so(self, choose, campaign, wanted):
        client, _ = choose(wanted)
        assert SESSION_KEY not in client.session
        assert "没有切换" in client.get("/risks/").content.decode()

    def test_of_one_that_the_unit_takes_no_part_in_is_refused(self, client_of, officer, campaign, other):
        factories.ParticipationFactory(campaign=campaign, unit=officer.unit)
        client = client_of(officer)
        client.post(reverse("riskregistry:choose_campaign"), {"campaign": other.pk})
        assert SESSION_KEY not in client.session

    def test_is_made_by_post_only(self, client_of, supervisor, campaign):
        assert client_of(supervisor).get(reverse("riskregistry:choose_campaign")).status_code == 405
