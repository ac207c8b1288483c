"""Units and people by paste and from Excel."""

from __future__ import annotations

import io
import re

import pytest
import xlsxwriter
from django.core.files.uploadedfile import SimpleUploadedFile

from accounts.models import AuditEvent, Unit, User
from accounts.roster import first_password, plan_people, plan_units, rows_of_text
from tests.factories import UnitAliasFactory, UnitFactory, UserFactory

pytestmark = pytest.mark.django_db

UNITS = "/units/import/"
PEOPLE = "/accounts/people/import/"
UNIT_ROWS = "\n".join(
    [
        "单位全称\t简称\t类型\t排序\t联系人",
        "县水利局\t水利局\t县直部门\t3\t张三",
        "城关镇\t\t乡镇（街道）\t20\t李四",
    ]
)


def people_rows(*rows: str) -> str:
    return "\n".join(["姓名\t角色\t单位\t用户名", *rows])


class TestUnits:
    def test_pasted_seen_and_confirmed(self, client_of, supervisor):
        client = client_of(supervisor)
        page = client.post(UNITS, {"text": UNIT_ROWS})
        assert "确认导入" in page.content.decode()
        assert not Unit.objects.filter(name="县水利局").exists()
        client.post(UNITS, {"text": page.context["text"], "confirm": "1"})
        water = Unit.objects.get(name="县水利局")
        assert (water.short_name, water.unit_type, water.order, water.contact_name) == (
            "水利局",
            "bureau",
            3,
            "张三",
        )
        assert water.history.count() == 1
        assert AuditEvent.objects.get(action="导入单位").detail["新增"] == 2
        again = plan_units(rows_of_text(UNIT_ROWS))
        assert [entry.status for entry in again.entries] == ["same", "same"]

    def test_what_differs_is_shown_from_what_to_what(self):
        UnitFactory(name="县水利局", short_name="水务局", unit_type="bureau", order=3)
        (entry, _) = plan_units(rows_of_text(UNIT_ROWS)).entries
        assert entry.status == "changed"
        assert ("简称", "水务局", "水利局") in entry.changes

    def test_every_error_at_once(self):
        text = "单位全称\t类型\t排序\n县水利局\t衙门\t三\n县水利局\t\t\n\t\t5"
        wrong = plan_units(rows_of_text(text)).wrong
        assert [(each.row, each.column) for each in wrong] == [
            (2, "类型"),
            (2, "排序"),
            (3, "单位全称"),
            (4, "单位全称"),
        ]

    def test_from_a_workbook(self, client_of, administrator):
        content = io.BytesIO()
        book = xlsxwriter.Workbook(content)
        sheet = book.add_worksheet()
        for number, line in enumerate(["参加单位名单", *UNIT_ROWS.split("\n")]):
            sheet.write_row(number, 0, line.split("\t"))
        book.close()
        file = SimpleUploadedFile("名单.xlsx", content.getvalue())
        page = client_of(administrator).post(UNITS, {"file": file})
        assert page.context["found"].count("new") == 2

    @pytest.mark.parametrize(("text", "words"), [("甲\t乙", "第一行须是列名"), ("", "请粘贴名单")])
    def test_what_cannot_be_read(self, client_of, supervisor, text, words):
        answer = client_of(supervisor).post(UNITS, {"text": text})
        assert answer.status_code == 422
        assert words in answer.content.decode()


class TestPeople:
    def test_sixty_accounts_with_first_passwords_shown_once(self, client_of, administrator):
        units = UnitFactory.create_batch(26)
        rows = people_rows(*(f"人员{number}\t联络员\t{units[number % 26].name}\t" for number in range(60)))
        client = client_of(administrator)
        page = client.post(PEOPLE, {"text": rows})
        shown = client.post(PEOPLE, {"text": page.context["text"], "confirm": "1"}).content.decode()
        passwords = re.findall(r"<code>([^<]+)</code>", shown)
        assert len(set(passwords)) == 60
        user = User.objects.get(username="renyuan0")
        assert user.must_change_password
        assert user.check_password(passwords[0])
        assert not any(password in str(list(AuditEvent.objects.values())) for password in passwords)
        again = client.post(PEOPLE, {"text": rows})
        assert again.context["found"].count("same") == 60

    def test_namesakes_get_different_names(self):
        one, other = UnitFactory.create_batch(2)
        found = plan_people(
            rows_of_text(people_rows(f"王伟\t单位联络员\t{one.name}\t", f"王伟\t单位联络员\t{other.name}\t"))
        )
        assert [entry.values["username"] for entry in found.entries] == ["wangwei", "wangwei2"]

    def test_a_unit_by_its_alias_and_none_of_that_name(self):
        alias = UnitAliasFactory(name="老水利局")
        found = plan_people(
            rows_of_text(
                people_rows(
                    "张三\t联络员\t老水利局\t",
                    "李四\t联络员\t没有的局\t",
                    "王五\t联络员\t\t",
                    "赵六\t县长\t\t",
                )
            )
        )
        assert found.entries[0].values["unit"] == alias.unit
        assert [(wrong.row, wrong.column) for wrong in found.wrong] == [(3, "单位"), (4, "单位"), (5, "角色")]

    def test_an_account_that_is_there_keeps_its_password(self, client_of, administrator):
        there = UserFactory(username="lisi", name="李四")
        text = people_rows("李四\t领导\t\tlisi")
        client = client_of(administrator)
        client.post(PEOPLE, {"text": text, "confirm": "1"})
        before = there.password
        there.refresh_from_db()
        assert (there.role, there.password) == ("leader", before)


def test_first_passwords_satisfy_the_rules():
    from django.contrib.auth.password_validation import validate_password

    for _ in range(50):
        validate_password(first_password())
