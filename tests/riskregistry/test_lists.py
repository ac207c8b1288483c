"""The lists of risks and measures: what they show, to whom, narrowed how; and what they shrug off."""

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from accounts.preferences import set_preference
from riskregistry.enums import MeasureState, RiskKind
from tests import factories

LISTS = ["/risks/", "/measures/"]


def names(response) -> list[str]:
    """The rows' names, in the order shown."""
    return [str(row.record) for row in response.context["table"].paginated_rows]


def text(response) -> str:
    """The page as read: no tags, no runs of space."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", "", response.content.decode()))


@pytest.fixture
def risk(campaign, unit):
    """risk(name, **fields) registers a risk of `unit` without a domain."""

    def make(name, **fields):
        fields = {"campaign": campaign, "unit": unit, "domain": None, **fields}
        return factories.RiskItemFactory(name=name, **fields)

    return make


@pytest.fixture
def measure(campaign, unit):
    def make(heading, **fields):
        return factories.MeasureFactory(heading=heading, **{"campaign": campaign, "unit": unit, **fields})

    return make


@pytest.fixture
def get(client_of, supervisor):
    client = client_of(supervisor)

    def fetch(path, **parameters):
        response = client.get(path, parameters)
        assert response.status_code == 200
        return response

    return fetch


class TestWhatIsListed:
    def test_risks_of_the_campaign_that_are_not_withdrawn(self, get, risk):
        risk("审批不严")
        risk("已撤回的", withdrawn_at=timezone.now(), withdrawn_reason="重复录入")
        risk("别处的", campaign=factories.CampaignFactory(started_on=None))
        assert names(get("/risks/")) == ["审批不严"]

    def test_campaign_in_the_address_wins(self, get, risk, campaign):
        risk("本次的")
        other = factories.CampaignFactory()
        risk("另一次的", campaign=other)
        assert names(get("/risks/", campaign=other.pk)) == ["另一次的"]
        assert names(get("/risks/", campaign=campaign.pk)) == ["本次的"]

    def test_total_and_its_kinds_are_said(self, get, risk):
        for kind, count in ((RiskKind.POST, 2), (RiskKind.POINT, 3)):
            for number in range(count):
                risk(f"{kind}{number}", kind=kind)
        assert "共 5 条：风险岗位 2 个，风险点 3 处，关键环节 0 个" in text(get("/risks/"))
        assert "共 2 条：风险岗位 2 个，风险点 0 处" in text(get("/risks/", kind="post"))

    def test_units_stand_in_their_official_order(self, get, risk):
        for order in (30, 10, 20):
            risk(f"第{order}位的", unit=factories.UnitFactory(order=order))
        assert names(get("/risks/")) == ["第10位的", "第20位的", "第30位的"]

    def test_cancelled_measures_only_when_asked_for(self, get, measure):
        measure("在办的")
        measure("取消的", cancelled=True)
        assert names(get("/measures/")) == ["在办的"]
        assert names(get("/measures/", state="cancelled")) == ["取消的"]

    def test_a_row_without_a_domain_says_so(self, get, risk, measure):
        risk("无领域的")
        measure("无领域的")
        for path in LISTS:
            assert "未归领域" in get(path).content.decode().partition("<tbody")[2]

    def test_titles_and_trail(self, get, campaign):
        for path, title in (("/risks/", "风险清单"), ("/measures/", "整改措施")):
            page = get(path).content.decode()
            assert f"<title>{title}" in page
            assert f"<h1>{title}</h1>" in page
            assert f'aria-current="page">{title}</li>' in page


class TestScope:
    def test_officer_lists_only_the_own_unit(self, client_of, officer, other_unit, campaign, risk, measure):
        factories.ParticipationFactory(campaign=campaign, unit=officer.unit)
        risk("本单位的")
        risk("外单位的", unit=other_unit)
        measure("本单位的")
        measure("外单位的", unit=other_unit)
        for path in LISTS:
            response = client_of(officer).get(path)
            assert names(response) == ["本单位的"]
            assert "外单位的" not in response.content.decode()

    def test_officer_lists_measures_the_unit_helps_with(
        self, client_of, officer, other_unit, campaign, measure
    ):
        factories.ParticipationFactory(campaign=campaign, unit=officer.unit)
        measure("配合的", unit=other_unit).co_units.add(officer.unit)
        assert names(client_of(officer).get("/measures/")) == ["配合的"]

    def test_another_units_key_is_refused_as_if_it_were_not_there(
        self, client_of, officer, other_unit, campaign, risk
    ):
        factories.ParticipationFactory(campaign=campaign, unit=officer.unit)
        risk("本单位的")
        response = client_of(officer).get("/risks/", {"unit": other_unit.pk})
        assert names(response) == ["本单位的"]
        assert "未按此条件筛选" in response.content.decode()
        assert other_unit.name not in response.content.decode()

    def test_officer_without_a_campaign_gets_an_empty_page(self, client_of, officer, campaign):
        for path in LISTS:
            response = client_of(officer).get(path)
            assert response.status_code == 200
            assert "没有可查看的专项行动" in response.content.decode()

    @pytest.mark.parametrize("path", LISTS)
    def test_who_is_not_signed_in_is_sent_to_sign_in(self, client, db, path):
        response = client.get(path)
        assert response.status_code == 302
        assert response["Location"].startswith("/accounts/login/")


class TestFilters:
    def test_risks_by_each_field(self, get, risk, unit):
        domain = factories.DomainFactory()
        risk("甲", kind=RiskKind.POST, domain=domain, level="high", category="duty")
        risk("乙", unit=factories.UnitFactory())
        for parameters in (
            {"kind": "post"},
            {"unit": unit.pk},
            {"domain": domain.pk},
            {"level": "high"},
            {"category": "duty"},
        ):
            assert names(get("/risks/", **parameters)) == ["甲"], parameters
        for parameters in ({"domain": "none"}, {"level": "none"}, {"category": "none"}, {"kind": "point"}):
            assert names(get("/risks/", **parameters)) == ["乙"], parameters

    def test_measures_by_each_field(self, get, measure, unit):
        domain, today = factories.DomainFactory(), timezone.localdate()
        measure(
            "甲",
            domain=domain,
            theme="people",
            state=MeasureState.NOT_STARTED,
            due=today - timedelta(days=1),
        )
        measure("乙", unit=factories.UnitFactory(), theme="service")
        for parameters in (
            {"unit": unit.pk},
            {"domain": domain.pk},
            {"theme": "people"},
            {"state": "not_started"},
            {"light": "overdue"},
        ):
            assert names(get("/measures/", **parameters)) == ["甲"], parameters
        for parameters in ({"domain": "none"}, {"theme": "service"}, {"light": "on_track"}):
            assert names(get("/measures/", **parameters)) == ["乙"], parameters

    def test_filters_narrow_together(self, get, risk):
        domain = factories.DomainFactory()
        risk("甲", domain=domain, level="high")
        risk("乙", domain=domain)
        risk("丙", level="high")
        assert names(get("/risks/", domain=domain.pk, level="high")) == ["甲"]

    @pytest.mark.parametrize("word", ["招标", "围标", "采购", "局长岗", "发展和改革", "发改局", "发改委"])
    def test_words_are_looked_for_in_the_risk_its_post_and_its_unit(self, get, risk, unit, word):
        factories.UnitAliasFactory(unit=unit, name="县发改委")
        factories.UnitAliasFactory(unit=unit, name="发改委一处")  # two aliases that match list a row once
        post = risk("局长岗位", kind=RiskKind.POST)
        wanted = risk("招标把关不严", description="围标串标", matter="政府采购", post=post)
        risk("无关", unit=factories.UnitFactory(name="县水利局", short_name=""))
        assert names(get("/risks/", q=word, kind="point")) == [wanted.name]

    def test_every_word_must_be_found(self, get, risk):
        risk("招标把关不严")
        risk("招标文件泄露")
        assert names(get("/risks/", q="招标 泄露")) == ["招标文件泄露"]
        assert names(get("/risks/", q="招标　泄露")) == ["招标文件泄露"]  # the space of a Chinese keyboard

    def test_signs_of_pattern_languages_are_only_signs(self, get, risk):
        risk("抽查比例100%")
        risk("抽查比例100_")
        assert names(get("/risks/", q="100%")) == ["抽查比例100%"]

    def test_measures_are_looked_for_in_heading_text_and_unit(self, get, measure):
        measure("强化警示提醒", text="约谈重点岗位人员")
        measure("另一项", unit=factories.UnitFactory(name="县水利局"))
        assert names(get("/measures/", q="约谈")) == ["强化警示提醒"]
        assert names(get("/measures/", q="水利")) == ["另一项"]

    def test_days_of_soon_are_a_setting(self, get, measure):
        measure("十天后的", due=timezone.localdate() + timedelta(days=10))
        assert names(get("/measures/", light="soon")) == []
        set_preference("due_soon_days", 14)
        assert names(get("/measures/", light="soon")) == ["十天后的"]

    def test_light_is_a_word(self, get, measure):
        measure("迟的", due=timezone.localdate() - timedelta(days=1))
        row = get("/measures/").content.decode().partition("<tbody")[2]
        assert "light-overdue" in row
        assert "逾期" in row

    def test_merged_units_are_not_offered(self, get, campaign, unit):
        gone = factories.UnitFactory(name="县旧局", merged_into=unit)
        page = get("/risks/").content.decode()
        assert "县旧局" not in page
        assert "未按此条件筛选" in get("/risks/", unit=gone.pk).content.decode()

    def test_form_keeps_campaign_sort_and_what_was_typed(self, get, risk, campaign):
        risk("甲")
        page = get("/risks/", q='"<甲>', sort="-name").content.decode()
        assert f'name="campaign" value="{campaign.pk}"' in page
        assert 'name="sort" value="-name"' in page
        assert "&quot;&lt;甲&gt;" in page
        assert "<甲>" not in page


class TestOrderAndPages:
    def test_sorted_by_a_column_both_ways(self, get, risk):
        for name in ("乙b", "甲a", "丙c"):
            risk(name)
        ascending = names(get("/risks/", sort="name"))
        assert names(get("/risks/", sort="-name")) == ascending[::-1]

    def test_levels_sort_by_gravity_not_by_spelling(self, get, risk):
        for level in ("low", "", "high", "medium"):
            risk(level or "未定", level=level)
        assert names(get("/risks/", sort="level")) == ["high", "medium", "low", "未定"]

    def test_kinds_states_and_themes_sort_as_their_lists_stand(self, get, risk, measure):
        for kind in ("link", "post", "point"):
            risk(kind, kind=kind)
        assert names(get("/risks/", sort="kind")) == ["post", "point", "link"]
        for state, theme in (("long_term", "other"), ("not_started", "people"), ("in_progress", "service")):
            measure(state, state=state, theme=theme)
        expected = ["not_started", "in_progress", "long_term"]
        assert names(get("/measures/", sort="state")) == expected
        assert names(get("/measures/", sort="theme")) == expected

    @pytest.mark.parametrize("column", ["unit", "domain"])
    def test_units_and_domains_of_one_rank_are_not_mixed(self, get, risk, column):
        factory = {"unit": factories.UnitFactory, "domain": factories.DomainFactory}[column]
        first, second = factory(order=1000), factory(order=1000)
        for owner in (first, second, first, second):
            risk(owner.name, **{column: owner})
        assert names(get("/risks/", sort=column)) == [first.name] * 2 + [second.name] * 2

    def test_measures_without_a_due_date_come_last_both_ways(self, get, measure):
        today = timezone.localdate()
        measure("无时限")
        measure("早", due=today)
        measure("晚", due=today + timedelta(days=30))
        assert names(get("/measures/", sort="due")) == ["早", "晚", "无时限"]
        assert names(get("/measures/", sort="-due")) == ["晚", "早", "无时限"]

    @pytest.mark.parametrize("column", ["name", "kind", "unit", "domain", "level", "category", "post"])
    def test_pages_in_any_order_show_every_row_once(self, get, risk, column):
        for number in range(30):
            risk(f"风险{number % 3}", kind=("point", "link")[number % 2])
        for sort in (column, f"-{column}"):
            pages = [get("/risks/", sort=sort, per_page=25, page=page) for page in (1, 2)]
            shown = [row.record.pk for page in pages for row in page.context["table"].paginated_rows]
            assert len(shown) == len(set(shown)) == 30

    @pytest.mark.parametrize(("per_page", "expected"), [("25", 25), ("100", 60), ("", 50), ("7", 50)])
    def test_page_size_is_one_of_those_offered(self, get, risk, per_page, expected):
        for number in range(60):
            risk(f"风险{number}")
        assert len(names(get("/risks/", per_page=per_page))) == expected

    @pytest.mark.parametrize(
        ("page", "expected"), [("999", 2), ("0", 1), ("-3", 1), ("x", 1), ("9" * 5000, 1), ("9" * 40, 2)]
    )
    def test_a_page_that_is_not_there_gives_the_nearest(self, get, risk, page, expected):
        for number in range(60):
            risk(f"风险{number}")
        assert get("/risks/", page=page).context["table"].page.number == expected


class TestEmpty:
    def test_nothing_registered_is_not_nothing_found(self, get, campaign, risk, measure):
        assert "本专项行动还没有登记风险" in text(get("/risks/"))
        assert "本专项行动还没有登记整改措施" in text(get("/measures/"))
        risk("甲")
        measure("甲")
        assert "没有符合条件的风险" in text(get("/risks/", q="乙"))
        assert "没有符合条件的整改措施" in text(get("/measures/", q="乙"))

    def test_clearing_the_filters_stays_in_the_campaign(self, get, campaign, risk):
        risk("甲")
        other = factories.CampaignFactory()
        risk("乙", campaign=other)
        page = get("/risks/", campaign=other.pk, q="甲").content.decode()
        assert f'href="/risks/?campaign={other.pk}">清除筛选条件' in page

    def test_a_page_size_is_no_filter(self, get, campaign):
        assert "本专项行动还没有登记风险" in text(get("/risks/", per_page=100))


NASTY = [
    "abc",
    "-1",
    "0",
    "9" * 30,
    "9" * 5000,
    "1.5",
    "\x00",
    "%",
    "'",
    "none",
    "None",
    "１",
    "\ud7ff",
    "a" * 500,
]
FIELDS = {
    "/risks/": ["kind", "unit", "domain", "level", "category", "q", "campaign", "sort", "page", "per_page"],
    "/measures/": ["unit", "domain", "theme", "state", "light", "q", "campaign", "sort", "page", "per_page"],
}


class TestBadParameters:
    @pytest.mark.parametrize("path", LISTS)
    @pytest.mark.parametrize("value", NASTY, ids=lambda value: repr(value[:8]))
    def test_are_never_an_error(self, get, risk, measure, path, value):
        risk("甲")
        measure("甲")
        for field in FIELDS[path]:
            get(path, **{field: value})
        get(path, **dict.fromkeys(FIELDS[path], value))

    @settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
    @given(data=st.data(), path=st.sampled_from(LISTS))
    def test_whatever_is_typed_is_answered(self, get, campaign, data, path):
        fields = st.sampled_from(FIELDS[path])
        get(path, **data.draw(st.dictionaries(fields, st.text(max_size=40), max_size=4)))

    @pytest.mark.parametrize("path", LISTS)
    def test_bytes_that_are_no_text_are_answered(self, get, campaign, path):
        get(f"{path}?q=%ED%A0%80&unit=%FF&sort=%C0%AE")

    def test_one_bad_filter_leaves_the_others_in_force(self, get, risk):
        risk("甲", level="high")
        risk("乙")
        response = get("/risks/", unit="abc", level="high")
        assert names(response) == ["甲"]
        assert "未按此条件筛选" in response.content.decode()

    def test_an_unknown_campaign_is_told_and_left_out(self, get, risk):
        risk("甲")
        response = get("/risks/", campaign="abc")
        assert names(response) == ["甲"]
        assert "地址中的专项行动不存在" in response.content.decode()

    @pytest.mark.parametrize("path", LISTS)
    def test_lists_are_only_read(self, client_of, supervisor, campaign, path):
        assert client_of(supervisor).post(path).status_code == 405


@pytest.mark.parametrize("path", LISTS)
def test_more_rows_cost_no_more_queries(client_of, officer, campaign, path):
    """Unit, domain and post are shown in each row; counted as one who sees little and one who sees all."""
    factories.ParticipationFactory(campaign=campaign, unit=officer.unit)

    def fill(count):
        for _ in range(count):
            post = factories.RiskItemFactory(campaign=campaign, unit=officer.unit, kind=RiskKind.POST)
            factories.RiskItemFactory(campaign=campaign, unit=officer.unit, post=post)
            factories.MeasureFactory(
                campaign=campaign, unit=officer.unit, domain=factories.DomainFactory()
            ).co_units.add(factories.UnitFactory())

    def queries(user):
        client = client_of(user)
        client.get(path)  # the session's first touch writes
        with CaptureQueriesContext(connection) as captured:
            response = client.get(path, {"per_page": 200})
        return len(captured), len(names(response))

    for user in (officer, factories.UserFactory()):
        fill(1)
        few, rows_before = queries(user)
        fill(20)
        many, rows_after = queries(user)
        assert rows_after > rows_before
        assert many == few
