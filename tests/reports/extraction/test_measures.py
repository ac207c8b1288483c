"""Measures under their leads, and the leads of plans."""

from reports.extraction import Reading
from tests.reports.extraction.reports import reading_of, spans_match


def county(body: str) -> Reading:
    return reading_of(f"一、整改措施\n{body}\n安澜县纪委监委\n2024年3月1日")


def test_one_measure_for_each_actor_under_one_lead() -> None:
    reading = county(
        "（一）规范权力。县财政局修订《采购办法》，从严审核。县审计局、县统计局共享数据；东山镇等单位公示清单。"
    )
    assert [(m.heading, m.parent, m.unit, m.co_units, m.and_others) for m in reading.measures] == [
        ("规范权力", "整改措施", "县财政局", (), False),
        ("规范权力", "整改措施", "县审计局", ("县统计局",), False),
        ("规范权力", "整改措施", "东山镇", (), True),
    ]
    assert reading.measures[0].documents == ("采购办法",)
    assert spans_match(reading)


def test_leads_inside_a_paragraph() -> None:
    reading = county("（一）管好关键人。强化警示提醒。县财政局签订承诺书。加强业务培训。县审计局举办培训班。")
    assert [(m.heading, m.parent, m.unit) for m in reading.measures] == [
        ("强化警示提醒", "管好关键人", "县财政局"),
        ("加强业务培训", "管好关键人", "县审计局"),
    ]


def test_an_item_without_a_lead_has_its_first_clause_as_heading() -> None:
    reading = county("（一）织密制度网。一是规范动议，县财政局制定办法；二是县审计局建立台账。")
    assert [(m.heading, m.parent, m.unit) for m in reading.measures] == [
        ("规范动议", "织密制度网", "县财政局"),
        ("县审计局建立台账", "织密制度网", "县审计局"),
    ]
    assert [m.text.rstrip("。；") for m in reading.measures] == ["县财政局制定办法", "县审计局建立台账"]


def test_plans_are_known_by_colloquial_headings_too() -> None:
    reading = county("壹、接下来的事\n（一）强化督查。县财政局开展督查。")
    assert reading.measures == ()
    assert [n.heading for n in reading.next_steps] == ["强化督查"]


def test_nobody_in_particular_takes_no_measure() -> None:
    assert county("（一）规范权力。各单位完善台账。健全制度19项。").measures == ()


def test_screening_study_and_plans_are_no_measures() -> None:
    body = (
        "一、学习教育\n（一）深入学习。县财政局组织学习案例。\n二、排查情况\n（一）自查自纠。县财政局排查风险点3处。\n"
        "三、下一步打算\n（一）强化督查。县财政局开展督查。"
    )
    reading = reading_of(f"{body}\n安澜县纪委监委\n2024年3月1日")
    assert reading.measures == ()
    assert [(n.heading, n.text) for n in reading.next_steps] == [("强化督查", "县财政局开展督查。")]


def test_in_its_own_report_a_body_need_not_name_itself() -> None:
    reading = reading_of(
        "我局扎实开展自查。\n一、主要做法\n（一）把住资金关。实行集体审批。财务股每月核对账目。\n安澜县水利局\n2024年3月1日",
        title="安澜县水利局关于廉政风险自查情况的报告",
    )
    assert [(m.heading, m.unit) for m in reading.measures] == [("把住资金关", "县水利局")]


def test_upper_documents_are_not_issued() -> None:
    reading = county("（一）健全制度。县财政局对照《预算法》制定《资金管理办法》《内控细则》等制度。")
    assert reading.measures[0].documents == ("资金管理办法", "内控细则")


def test_a_plan_without_leads_is_its_heading() -> None:
    reading = reading_of("一、下步安排\n我局将完成复核。\n安澜县水利局\n2024年3月1日")
    assert [(n.heading, n.text) for n in reading.next_steps] == [("下步安排", "我局将完成复核。")]


def test_a_list_in_one_paragraph_is_no_row_of_headings() -> None:
    reading = county("（一）严明纪律。县财政局作出规定。\n一、严禁收受礼品；二、严禁违规吃喝。")
    assert {m.heading for m in reading.measures} == {"严明纪律"}


def test_a_notice_of_what_is_to_come_has_neither() -> None:
    reading = reading_of("一、议程\n（一）交流发言。县财政局作交流。", title="关于召开警示教育大会的通知")
    assert reading.measures == ()
    assert reading.next_steps == ()
    assert [u.role for u in reading.units] == ["mentioned"]
