"""From the bytes of a ledger to what an import would do: no database."""

from __future__ import annotations

import io
import zipfile
from datetime import date, datetime

import pytest
import xlsxwriter
from hypothesis import given, settings
from hypothesis import strategies as st

from riskregistry.enums import RiskCategory, RiskKind, RiskLevel
from riskregistry.imports.columns import (
    category_of,
    clean,
    clean_header,
    date_of,
    heading_of,
    level_of,
    recognise,
    split_measures,
)
from riskregistry.imports.plan import Known, KnownItem, Plan, Status, plan
from riskregistry.imports.reader import LedgerError, read
from riskregistry.imports.table import tabulate
from riskregistry.imports.template import ledger
from tests.riskregistry.imports.ledgers import workbook

HEADER = ["序号", "岗位", "风险点", "风险等级", "防控措施", "责任人"]


def planned(content: bytes, known: Known | None = None, name: str = "台账.xlsx", **mapping: str) -> Plan:
    return plan(tabulate(read(content, name), mapping), known or Known())


class TestColumns:
    @pytest.mark.parametrize(
        ("header", "key"),
        [
            ("风险\n点", "point"),
            (" 风 险 等 级 ", "level"),
            ("廉政风险点（表现形式）", "point"),
            ("责任人：", "responsible"),
            ("权力事项", "matter"),
            ("防控措施*", "measures"),
            ("编号（勿改）", "id"),
            ("编号", "serial"),
            ("领导意见", ""),
        ],
    )
    def test_headers(self, header, key):
        assert recognise(header) == key

    @pytest.mark.parametrize("words", ["高", "一级", "Ⅰ", "I级", "红", "红色", "1", "高风险", " 一 级 "])
    def test_high_in_every_scale(self, words):
        assert level_of(words) == RiskLevel.HIGH

    def test_other_levels(self):
        assert [level_of(word) for word in ("中", "Ⅱ级", "橙", "低", "三级", "黄色")] == [
            *[RiskLevel.MEDIUM] * 3,
            *[RiskLevel.LOW] * 3,
        ]
        assert level_of("特高") is None

    def test_categories(self):
        assert category_of("业务流程风险") == RiskCategory.PROCESS
        assert category_of("制度机制类") == RiskCategory.SYSTEM
        assert category_of("天气") is None

    @pytest.mark.parametrize(
        "value",
        [
            "2023-08-12",
            "2023/8/12",
            "2023.8.12",
            "2023年8月12日",
            "２０２３年８月１２日",
            "20230812",
            "2023年8月12日前",
            "45150",
            45150,
            45150.0,
            datetime(2023, 8, 12, 10, 30),  # noqa: DTZ001 - as a workbook holds it
            date(2023, 8, 12),
        ],
    )
    def test_one_day_in_many_forms(self, value):
        assert date_of(value) == date(2023, 8, 12)

    @pytest.mark.parametrize(
        ("value", "day"),
        [
            ("2023年8月底", date(2023, 8, 31)),
            ("2024年2月", date(2024, 2, 29)),
            ("2023.12", date(2023, 12, 31)),
            ("2023年底", date(2023, 12, 31)),
            ("8月12日", None),
            ("2023年13月", None),
            ("2023-02-30", None),
            ("尽快", None),
            ("", None),
        ],
    )
    def test_months_years_and_no_dates(self, value, day):
        assert date_of(value) == day

    @pytest.mark.parametrize(
        ("cell", "texts"),
        [
            ("1.限时办结\n2.公开时限", ["限时办结", "公开时限"]),
            ("1、限时办结；2、公开时限。", ["限时办结", "公开时限。"]),
            ("①限时办结②公开时限", ["限时办结", "公开时限"]),
            ("（1）限时办结（2）公开时限", ["限时办结", "公开时限"]),
            ("一、限时办结。二、公开时限。", ["限时办结。", "公开时限。"]),
            ("一是限时办结；二是公开时限。", ["一是限时办结", "二是公开时限。"]),
            ("限时办结\n公开时限", ["限时办结", "公开时限"]),
            ("误差控制在1.5米以内", ["误差控制在1.5米以内"]),
            ("主要措施：\n1.限时办结", ["限时办结"]),
            ("", []),
        ],
    )
    def test_measures_in_one_cell(self, cell, texts):
        assert split_measures(cell) == texts

    def test_a_heading_is_the_first_clause(self):
        assert heading_of("一是修订办法，明确时限") == "修订办法"
        assert len(heading_of("长" * 300)) == 60

    @given(st.text(max_size=80))
    def test_cleaning_twice_is_cleaning_once(self, text):
        assert clean(clean(text)) == clean(text)
        assert clean_header(clean_header(text)) == clean_header(text)


class TestReading:
    def test_title_header_merged_block_sum_and_note(self):
        content = workbook(
            [
                ["某局廉政风险防控台账"],
                ["填报单位：某局"],
                HEADER,
                [1, "审批科科长", "超时办件", "一级", "1.限时\n2.公开", "张三"],
                [2, "", "材料不全仍受理", "Ⅱ", "复核", "李四"],
                ["合计", "", 2],
                ["注：以上由各科室填报"],
            ],
            merged=[(0, 0, 0, 5), (3, 1, 4, 1)],
        )
        found = planned(content)
        assert found.problems == []
        assert [(line.kind, line.name, line.post) for line in found.lines] == [
            ("post", "审批科科长", ""),
            ("point", "超时办件", "审批科科长"),
            ("point", "材料不全仍受理", "审批科科长"),
        ]
        assert [measure.text for measure in found.lines[1].measures] == ["限时", "公开"]
        assert found.lines[1].values["level_as_written"] == "一级"

    @pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
    @pytest.mark.parametrize("separator", [",", "\t"])
    def test_csv(self, encoding, separator):
        rows = [["风险点", "等级"], ["超时办件", "高"]]
        content = "\r\n".join(separator.join(row) for row in rows).encode(encoding)
        (line,) = planned(content, name="台账.csv").lines
        assert (line.name, line.values["level"]) == ("超时办件", "high")

    def test_a_guarded_cell_of_our_own_csv_is_what_it_was(self):
        (line,) = planned("风险点,等级\n'=1+1,高".encode(), name="台账.csv").lines
        assert line.name == "=1+1"

    @pytest.mark.parametrize(
        ("name", "content", "words"),
        [
            ("台账.xlsm", b"x", "宏"),
            ("台账.xlsx", b"", "空的"),
            ("台账.xlsx", b"not a zip", "打不开"),
            ("台账.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 broken", "打不开"),
            ("台账.docx", b"x", "只能导入"),
        ],
    )
    def test_files_that_are_refused_with_the_remedy(self, name, content, words):
        with pytest.raises(LedgerError, match=words):
            read(content, name)

    def test_a_macro_under_another_name(self):
        content = io.BytesIO(workbook([HEADER]))
        with zipfile.ZipFile(content, "a") as package:
            package.writestr("xl/vbaProject.bin", b"macro")
        with pytest.raises(LedgerError, match="宏"):
            read(content.getvalue(), "台账.xlsx")

    def test_a_package_that_swells(self):
        content = io.BytesIO(workbook([HEADER]))
        with zipfile.ZipFile(content, "a", zipfile.ZIP_DEFLATED) as package:
            package.writestr("xl/worksheets/sheet9.xml", b"0" * (301 << 20))
        with pytest.raises(LedgerError, match="过大"):
            read(content.getvalue(), "台账.xlsx")

    def test_many_empty_formatted_rows_are_no_rows(self):
        content = io.BytesIO()
        book = xlsxwriter.Workbook(content, {"constant_memory": True})
        sheet, border = book.add_worksheet("台账"), book.add_format({"border": 1})
        sheet.write_row(0, 0, ["风险点", "等级"])
        sheet.write_row(1, 0, ["超时办件", "高"])
        for number in range(2, 100_000):
            sheet.write_blank(number, 0, None, border)
        book.close()
        assert len(planned(content.getvalue()).lines) == 1

    def test_a_formula_without_a_result(self):
        content = io.BytesIO()
        book = xlsxwriter.Workbook(content)
        sheet = book.add_worksheet("台账")
        sheet.write_row(0, 0, ["风险点", "等级"])
        sheet.write_formula("A2", "=1/0", None, "#DIV/0!")
        sheet.write_formula("A3", '="超时"&"办件"', None, "超时办件")
        sheet.write("B2", "高")
        book.close()
        found = planned(content.getvalue())
        assert [(problem.cell, problem.column) for problem in found.problems] == [("A2", "风险点")]
        assert [line.name for line in found.lines] == ["超时办件"]

    def test_a_sheet_without_a_header_is_named(self):
        table = tabulate(read(workbook([["甲", "乙"], ["丙", "丁"]], name="其他"), "台账.xlsx"), {})
        assert table.unread == ("其他",)

    def test_a_column_that_somebody_gave_a_meaning(self):
        content = workbook([["容易出问题的地方", "风险等级", "备查"], ["超时办件", "高", "x"]])
        assert [heading.text for heading in tabulate(read(content, "台账.xlsx"), {}).unknown] == []
        found = planned(content, 容易出问题的地方="point", 备查="ignore")
        assert [line.name for line in found.lines] == ["超时办件"]


class TestPlanning:
    known = Known(
        items=(
            KnownItem(1, "point", "超时办件", domain="行政审批", level="high", measures=("限时办结",)),
            KnownItem(2, "point", "材料不全仍然予以受理", domain="行政审批"),
            KnownItem(3, "post", "审批科科长", domain="行政审批"),
        ),
        domains=("行政审批", "项目投资"),
        own_names=frozenset({"某局"}),
        other_names=frozenset({"别局"}),
    )

    def plan_of(self, header: list[str], *rows: list[object]) -> Plan:
        return planned(workbook([header, *rows]), self.known)

    def test_same_changed_and_new(self):
        found = self.plan_of(
            ["风险点", "领域", "风险等级", "防控措施"],
            ["超时办件", "行政审批领域", "低", "1.限时办结 2.公开时限"],
            ["吃拿卡要", "项目投资", "高", ""],
        )
        changed, new = found.lines
        assert (changed.status, changed.pk) == (Status.CHANGED, 1)
        assert changed.changes == [("level", "风险等级", "高", "低")]
        assert [measure.text for measure in changed.measures] == ["公开时限"]
        assert (new.status, new.values["domain"]) == (Status.NEW, "项目投资")

    def test_every_error_at_once_with_its_place(self):
        found = self.plan_of(
            ["单位", "风险点", "领域", "风险等级", "责任人", "整改时限", "防控措施"],
            ["别局", "甲", "海洋捕捞", "特高", "某" * 31, "尽快", "改"],
            ["某局", "", "", "", "", "", "只有措施"],
            ["办公室", "长" * 201, "", "", "", "", ""],
        )
        assert [(problem.cell, problem.column) for problem in found.problems] == [
            ("A2", "单位"),
            ("E2", "责任人"),
            ("C2", "领域"),
            ("D2", "风险等级"),
            ("F2", "整改时限"),
            ("B3", "风险点"),
            ("B4", "风险点"),
        ]
        assert all(problem.remedy for problem in found.problems)
        assert found.lines == []

    def test_a_repeated_point_is_a_duplicate_a_repeated_post_is_not(self):
        found = self.plan_of(
            ["岗位", "风险点", "领域"],
            ["窗口人员", "超时", "行政审批"],
            ["窗口人员", "推诿", "行政审批"],
            ["窗口人员", "超时", "行政审批"],
        )
        assert [(line.kind, line.status) for line in found.lines] == [
            ("post", Status.NEW),
            ("point", Status.NEW),
            ("point", Status.NEW),
            ("point", Status.DUPLICATE),
        ]

    def test_a_name_much_like_one_that_is_there(self):
        header = ["风险点", "领域"]
        (line,) = self.plan_of(header, ["材料不全仍予以受理", "行政审批"]).lines
        assert (line.status, line.like_pk) == (Status.LIKELY, 2)
        table = tabulate(read(workbook([header, ["材料不全仍予以受理", "行政审批"]]), "台账.xlsx"), {})
        (merged,) = plan(table, self.known, frozenset({line.key})).lines
        assert (merged.status, merged.pk) == (Status.CHANGED, 2)

    def test_what_the_file_does_not_say_is_left_alone(self):
        (line,) = self.plan_of(["风险点", "防控措施"], ["超时办件", ""]).lines
        assert (line.status, line.changes) == (Status.SAME, [])

    def test_matching_is_one_to_one(self):
        known = Known(items=(KnownItem(1, "point", "超时"), KnownItem(2, "point", "超时")))
        found = planned(
            workbook([["编号（勿改）", "风险点", "等级"], ["1", "超时", "高"], ["2", "超时", "低"]]), known
        )
        assert [(line.pk, line.status) for line in found.lines] == [(1, Status.CHANGED), (2, Status.CHANGED)]

    def test_an_id_of_nobody(self):
        found = planned(workbook([["编号（勿改）", "风险点", "等级"], ["77", "超时", "高"]]), self.known)
        assert "没有这个编号" in found.problems[0].remedy

    def test_the_digest_is_of_the_plan(self):
        header = ["风险点", "领域"]
        assert self.plan_of(header, ["甲", ""]).digest() == self.plan_of(header, ["甲", ""]).digest()
        assert self.plan_of(header, ["甲", ""]).digest() != self.plan_of(header, ["乙", ""]).digest()


NAMES = st.text(
    st.characters(
        min_codepoint=32, max_codepoint=0x9FFF, exclude_categories=("Cs", "Cn", "Co", "Zl", "Zp", "Cf")
    ),
    min_size=1,
    max_size=40,
).filter(lambda text: bool(clean(text)) and any(char.isalnum() for char in text))
ITEMS = st.builds(
    KnownItem,
    pk=st.integers(1, 10**6),
    kind=st.sampled_from(RiskKind.values),
    name=NAMES,
    domain=st.sampled_from(["", "行政审批", "项目投资"]),
    post=st.one_of(st.just(""), NAMES),
    description=st.one_of(st.just(""), NAMES, st.just("第一行\n第二行")),
    matter=st.one_of(st.just(""), NAMES),
    category=st.sampled_from(["", *RiskCategory.values]),
    level=st.sampled_from(["", *RiskLevel.values]),
    level_as_written=st.sampled_from(["", "高", "二级", "Ⅲ", "红"]),
    responsible=st.one_of(st.just(""), st.just("张三"), st.just("=张三")),
    responsible_second=st.sampled_from(["", "李四"]),
    responsible_third=st.sampled_from(["", "王五"]),
    measures=st.lists(
        st.one_of(NAMES, st.sampled_from(["一是甲；二是乙。", "1.甲 2.乙", "修订办法\n报备"])), max_size=3
    ).map(tuple),
)


@settings(max_examples=60, deadline=None)
@given(st.lists(ITEMS, max_size=8, unique_by=lambda item: item.pk))
def test_a_prefilled_ledger_imported_unchanged_changes_nothing(items):
    """For every field, whatever stands in it."""
    items = [
        KnownItem(**{**vars(item), "post": "" if item.kind == RiskKind.POST else item.post}) for item in items
    ]
    known = Known(tuple(items), ("行政审批", "项目投资"))
    content = ledger("某局", "某行动", known.domains, items)
    if not items:
        return
    found = planned(content, known)
    assert found.problems == []
    assert [(line.pk, line.status, line.changes, line.measures) for line in found.lines] == [
        (item.pk, Status.SAME, [], []) for item in items
    ]
