"""Figures in running text and in tables: what counts, for what, and what does not count."""

import pytest

from tests.reports.extraction.reports import figures_of, reading_of, spans_match

TOTAL = ("total", None)
INVEST, INDUSTRY, MARKET = ("domain", "项目投资"), ("domain", "产业发展"), ("domain", "市场监管")


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("共排查风险岗位108个、风险点一百二十九处和关键环节84个。",
         {(*TOTAL, "post", 108), (*TOTAL, "point", 129), (*TOTAL, "link", 84)}),
        ("共找出33个风险岗位，70处风险点。", {(*TOTAL, "post", 33), (*TOTAL, "point", 70)}),
        ("共梳理风险岗位：108个；风险点：129个。", {(*TOTAL, "post", 108), (*TOTAL, "point", 129)}),
        ("项目投资领域风险岗位26个、风险点44处；产业发展领域风险岗位31个。",
         {(*INVEST, "post", 26), (*INVEST, "point", 44), (*INDUSTRY, "post", 31)}),
        ("项目投资领域排查风险岗位26个。风险点44处，关键环节29个。",
         {(*INVEST, "post", 26), (*INVEST, "point", 44), (*INVEST, "link", 29)}),
        ("项目投资、产业发展、市场监管三个领域分别排查出风险岗位12个、8个、5个，风险点20处、14处、9处。",
         {(*INVEST, "post", 12), (*INDUSTRY, "post", 8), (*MARKET, "post", 5),
          (*INVEST, "point", 20), (*INDUSTRY, "point", 14), (*MARKET, "point", 9)}),
        ("项目投资领域风险岗位、风险点、关键环节分别为3个、5个、2个，产业发展领域分别为4个、6个、1个。",
         {(*INVEST, "post", 3), (*INVEST, "point", 5), (*INVEST, "link", 2),
          (*INDUSTRY, "post", 4), (*INDUSTRY, "point", 6), (*INDUSTRY, "link", 1)}),
        ("风险岗位方面，项目投资领域26个，产业发展领域31个，合计57个。",
         {(*INVEST, "post", 26), (*INDUSTRY, "post", 31), (*TOTAL, "post", 57)}),
        ("26个风险岗位集中在项目投资领域，31个集中在产业发展领域，共计57个。",
         {(*INVEST, "post", 26), (*INDUSTRY, "post", 31), (*TOTAL, "post", 57)}),
        ("共排查风险岗位42个（其中高风险12个、中风险30个）、风险点60处（高风险20处、中风险40处）。",
         {(*TOTAL, "post", 42), ("level", "高", "post", 12), ("level", "中", "post", 30),
          (*TOTAL, "point", 60), ("level", "高", "point", 20), ("level", "中", "point", 40)}),
        ("排查风险点52处，按等级分，一级12处、二级40处；按类别分，思想道德类20处、岗位职责风险32处。",
         {(*TOTAL, "point", 52), ("level", "一级", "point", 12), ("level", "二级", "point", 40),
          ("category", "思想道德", "point", 20), ("category", "岗位职责", "point", 32)}),
        ("共排查风险点75处、关键环节30个。风险点中，房屋丈量45处、补偿核算30处；关键环节中，房屋丈量20个、补偿核算10个。",
         {(*TOTAL, "point", 75), ("domain", "房屋丈量", "point", 45), ("domain", "补偿核算", "point", 30),
          (*TOTAL, "link", 30), ("domain", "房屋丈量", "link", 20), ("domain", "补偿核算", "link", 10)}),
        ("共排查风险点75个、关键环节34个。目前，已销号52个，正在整改23个。",
         {(*TOTAL, "point", 75), (*TOTAL, "link", 34),
          ("status", "已销号", "point", 52), ("status", "正在整改", "point", 23)}),
        # A sentence that names its kind is taken at its word, whatever another total happens to be.
        ("共排查风险点70个，制定防控措施75项。防控措施中，已完成50项，正在推进20项。",
         {(*TOTAL, "point", 70), (*TOTAL, "measure", 75),
          ("status", "已完成", "measure", 50), ("status", "正在推进", "measure", 20)}),
        ("共查出风险点50个。风险点按等级看，高、中、低分别为7个、19个、24个。",
         {(*TOTAL, "point", 50), ("level", "高", "point", 7), ("level", "中", "point", 19),
          ("level", "低", "point", 24)}),
        ("关键环节28个，其中合同签订9个、场地看护7个，材料验收和车辆调度各6个。",
         {(*TOTAL, "link", 28), ("domain", "合同签订", "link", 9), ("domain", "场地看护", "link", 7),
          ("domain", "材料验收", "link", 6), ("domain", "车辆调度", "link", 6)}),
        ("共排查风险点11个。\n1.补贴发放：风险点6个。\n2.村级采购：风险点5个。",
         {(*TOTAL, "point", 11), ("domain", "补贴发放", "point", 6), ("domain", "村级采购", "point", 5)}),
        ("共制定措施9项，其中已销号4项、待审批5项。",
         {(*TOTAL, "measure", 9), ("status", "已销号", "measure", 4), ("status", "待审批", "measure", 5)}),
        ("查找思想道德风险20个、岗位职责风险50个，共70个廉政风险点。",
         {(*TOTAL, "point", 70), ("category", "思想道德", "point", 20),
          ("category", "岗位职责", "point", 50)}),
        ("县教育局排查风险岗位12个，县住建局未发现风险岗位，排查风险点6处。",
         {("unit", "县教育局", "post", 12), ("unit", "县住建局", "post", 0),
          ("unit", "县住建局", "point", 6)}),
        ("共排查廉政风险点86个，高、中、低风险点分别为10个、26个、50个。",
         {(*TOTAL, "point", 86), ("level", "高", "point", 10), ("level", "中", "point", 26),
          ("level", "低", "point", 50)}),
        ("风险岗位、关键环节均未发现，风险点3处。",
         {(*TOTAL, "post", 0), (*TOTAL, "link", 0), (*TOTAL, "point", 3)}),
        ("白沙镇、石塘镇风险点各8处，关键环节分别是3个和2个。",
         {("unit", "白沙镇", "point", 8), ("unit", "石塘镇", "point", 8),
          ("unit", "白沙镇", "link", 3), ("unit", "石塘镇", "link", 2)}),
        ("县交通运输局摸排较早。该局排出风险岗位十四个。", {("unit", "县交通运输局", "post", 14)}),
        ("排查风险点57个（其中：工程招投标15个，施工许可42个），评定高风险9个、低风险48个。",
         {(*TOTAL, "point", 57), ("domain", "工程招投标", "point", 15), ("domain", "施工许可", "point", 42),
          ("level", "高", "point", 9), ("level", "低", "point", 48)}),
        ("制定防控措施215条，已落实198条，正在落实17条。",
         {(*TOTAL, "measure", 215), ("status", "已落实", "measure", 198),
          ("status", "正在落实", "measure", 17)}),
        ("共查摆问题45个，已整改30个，正在整改15个。",
         {(*TOTAL, "item", 45), ("status", "已整改", "item", 30), ("status", "正在整改", "item", 15)}),
    ],
)  # fmt: skip
def test_what_is_counted(body: str, expected: set[tuple[str, str | None, str, int]]) -> None:
    assert figures_of(body) == expected


@pytest.mark.parametrize(
    "body",
    [
        "涉及人员356人，企业12家，召开会议5次，金额3.4亿元，占合同价5%。",
        "梳理权力事项356项，绘制流程图84张，聘请监督员9名。",
        "去年排查风险岗位98个；新增风险点15处。",
        "抽查风险岗位20个。",
        "108个风险岗位人员全部签订承诺书。",
        "全县26个单位参加，其中县财政局等12个单位排查风险点85处。",
        "重点领域风险岗位12个。",
        "收到问题线索12条，编印风险点清单3份。",
        "根据第3次会议要求，第12个风险点已明确。",
    ],
)
def test_what_is_not_a_figure(body: str) -> None:
    assert figures_of(body) == set()


def test_levels_inside_one_domain_are_left_out() -> None:
    body = "项目投资领域风险点44处，其中高风险5处、低风险39处；产业发展领域风险点6处。"
    assert figures_of(body) == {(*INVEST, "point", 44), (*INDUSTRY, "point", 6)}


def test_the_heading_says_whose_the_figures_are() -> None:
    reading = reading_of(
        "一、结果\n（一）县发改局。梳理风险点14个。\n（二）县工信局。梳理风险点11个。\n以上合计，风险点25个。"
    )
    figures = {(f.scope, f.name, f.value) for f in reading.figures}
    assert figures == {("unit", "县发改局", 14), ("unit", "县工信局", 11), ("total", None, 25)}


def test_an_approximate_number_says_so() -> None:
    figure = reading_of("一、结果\n排查风险岗位50余个。").figures[0]
    assert (figure.value, figure.approximate, figure.bound) == (50, True, "floor")


def test_every_figure_says_how_it_was_understood() -> None:
    reading = reading_of("一、结果\n项目投资、产业发展两个领域分别查出风险点4个、6个。")
    assert all(f.rule and 0 < f.confidence <= 1 for f in reading.figures)
    assert "第2项" in reading.figures[1].understood


@pytest.mark.parametrize(
    ("table", "expected"),
    [
        ("领域\t风险岗位\t关键环节\n项目投资领域\t26\t29\n行政审批\t38\t—\n合计\t64\t84",
         {(*INVEST, "post", 26), (*INVEST, "link", 29), ("domain", "行政审批", "post", 38),
          (*TOTAL, "post", 64), (*TOTAL, "link", 84)}),
        ("指标\t项目投资\t产业发展\t合计\n风险岗位\t26\t31\t57\n关键环节\t12\t0\t12",
         {(*INVEST, "post", 26), (*INDUSTRY, "post", 31), (*TOTAL, "post", 57),
          (*INVEST, "link", 12), (*INDUSTRY, "link", 0), (*TOTAL, "link", 12)}),
        ("序号\t单位\t风险点（处）\n1\t县教育局\t12\n2\t东山镇\t无\n\t合计\t12",
         {("unit", "县教育局", "point", 12), ("unit", "东山镇", "point", 0), (*TOTAL, "point", 12)}),
        ("领域\t风险点\t\t\n\t高\t低\t小计\n项目投资\t1\t2\t3\n合计\t1\t2\t3",
         {(*INVEST, "point", 3), (*TOTAL, "point", 3),
          ("level", "高", "point", 1), ("level", "低", "point", 2)}),
        ("单位\t问题总数\t已整改\n县教育局\t12\t10\n合计\t12\t10",
         {("unit", "县教育局", "item", 12), (*TOTAL, "item", 12), ("status", "已整改", "item", 10)}),
        ("序号\t风险点\t防控措施\t责任人\n1\t审批不严\t加强培训\t张某", set()),
        ("股室\t风险点\n办公室\t3\n财务股\t4\n合计\t7", {(*TOTAL, "point", 7)}),
    ],
)  # fmt: skip
def test_tables(table: str, expected: set[tuple[str, str | None, str, int]]) -> None:
    assert figures_of(table) == expected


def test_a_row_that_states_nothing_is_no_heading() -> None:
    rows = "单位\t风险岗位\t风险点\n县财政局\t—\t—\n县教育局\t2\t3"
    assert {("unit", "县教育局", "post", 2), ("unit", "县教育局", "point", 3)} <= figures_of(rows)


def test_the_caption_says_what_a_table_counts() -> None:
    body = "风险点按等级统计如下：\n风险等级\t数量\n高\t12\n低\t77\n合计\t89"
    assert figures_of(body) == {
        ("level", "高", "point", 12),
        ("level", "低", "point", 77),
        (*TOTAL, "point", 89),
    }


@pytest.mark.parametrize(
    ("body", "rates"),
    [
        ("风险点129处，已整改112处，整改完成率86.8%。", {("整改完成率", 86.8)}),
        ("风险点129处，其中高风险12处，占9.3%。", {("高占比", 9.3)}),
        ("排查风险点12处，报送率100%，参学率98%，满意度99%。", set()),
    ],
)
def test_rates(body: str, rates: set[tuple[str, float]]) -> None:
    assert {(r.name, r.value) for r in reading_of(f"一、结果\n{body}").rates} == rates


def test_spans_of_figures() -> None:
    assert spans_match(reading_of("一、结果\n　　共 排查 风险岗位 108 个 ，风险点１，２０８处。"))
