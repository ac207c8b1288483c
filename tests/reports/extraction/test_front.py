"""Title, issuer, cases and units involved; and what gives no facts."""

import pytest

from reports.extraction import read
from reports.reading.document import from_text
from tests.reports.extraction.reports import reading_of, spans_match


def test_the_printed_form_is_not_the_title() -> None:
    head = "安澜县纪委监委文件\n安纪发〔2024〕8号　签发人：王某\n\n"
    text = f"{head}关于廉政风险排查\n情况的通报\n\n各单位：\n正文。\n"
    reading = read(from_text(text))
    assert reading.title is not None
    assert reading.title.value == "关于廉政风险排查情况的通报"
    assert spans_match(reading)


@pytest.mark.parametrize(
    ("tail", "issuer"),
    [
        ("安澜县水利局\n2024年3月1日", "安澜县水利局"),
        (
            "中共安澜县委办公室　　安澜县人民政府办公室\n2024年3月1日",
            "中共安澜县委办公室、安澜县人民政府办公室",
        ),
        (
            "中共安澜县委办公室\n安澜县人民政府办公室\n2024年3月1日",
            "中共安澜县委办公室、安澜县人民政府办公室",
        ),
        ("安 澜 县 水 利 局\n2024年3月1日", "安澜县水利局"),
        ("安澜县水利局（盖章）\n2024年3月1日\n\n附件1\n统计表", "安澜县水利局"),
    ],
)
def test_issuer(tail: str, issuer: str) -> None:
    reading = reading_of(f"正文。\n\n{tail}")
    assert reading.issuer is not None
    assert reading.issuer.value == issuer


def test_a_line_under_the_title_signs_where_none_stands_at_the_end() -> None:
    reading = reading_of("安澜县安全生产委员会办公室\n\n正文如此。")
    assert reading.issuer is not None
    assert reading.issuer.value == "安澜县安全生产委员会办公室"
    assert reading_of("正文如此。").issuer is None


@pytest.mark.parametrize(
    ("body", "cases", "units"),
    [
        ("从56个案例中选取28个案例，发至县财政局等26个单位。", 28, 26),
        ("组织学习典型案例十一起。", 11, None),
        ("公开曝光典型案例6个。", None, None),
        ("全县26个单位均召开会议，对其中6个单位开展督查。", None, 26),
        ("10个镇、16个县直部门参加。", None, 26),
    ],
)
def test_cases_and_units_involved(body: str, cases: int | None, units: int | None) -> None:
    reading = reading_of(body)
    assert (reading.cases and reading.cases.value) == cases
    assert (reading.units_involved and reading.units_involved.value) == units


def test_a_password_is_masked_character_for_character() -> None:
    text = "关于排查情况的报告\n正文。\n\n本文档编辑密码：abc123\n"
    reading = read(from_text(text))
    assert "abc123" not in reading.text
    assert len(reading.text) == len(text)
    (passage,) = reading.ignored
    assert set(reading.text[passage.start : passage.end]) == {"█"}


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("联系人：王某，联系电话：0000-5550123", "联系方式"),
        ("抄送：县委办公室，县纪委监委。", "抄送"),
        ("安澜县水利局　　2024年7月16日印发", "印发"),
        ("附件：1.统计表", "附件清单"),
        ("— 3 —", "页码"),
    ],
)
def test_lines_that_give_no_facts_stay_readable(line: str, reason: str) -> None:
    reading = reading_of(f"正文。\n{line}")
    (passage,) = reading.ignored
    assert passage.reason == reason
    assert reading.text[passage.start : passage.end] == line
    assert reading.dates == ()


def test_a_row_of_numbers_is_no_telephone() -> None:
    assert reading_of("领域\t风险岗位\t风险点\t关键环节\n合计\t77\t125\t56").ignored == ()


def test_lines_broken_by_hand_make_one_sentence() -> None:
    body = (
        "    各单位认真排查风险，对照职责逐项查找，共排查风险\n"
        "岗位108个、风险点129处，并对查出的风险点逐一制定了防\n"
        "控措施，明确了责任人员和整改时限，确保整改工作落到实\n处。县住房和\n城乡建设局完成了整改。\n"
        "    第二段的内容也是这样，把一句话从中间断开来写成了两\n行。\n    第三段。\n    第四段。"
    )
    reading = reading_of(body)
    assert {(f.kind, f.value) for f in reading.figures} == {("post", 108), ("point", 129)}
    assert [(u.name, u.aliases) for u in reading.units] == [("县住房和城乡建设局", ())]
