"""The reports of the demonstration, as files the way offices send them: Word, and text in GB18030."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from io import BytesIO

from docx import Document
from docx.document import Document as WordDocument
from docx.enum.text import WD_ALIGN_PARAGRAPH

from reports.demo.clock import Clock

Table = Sequence[Sequence[str]]


@dataclass(frozen=True)
class Upload:
    """A file as it comes in. `unit`: short name of the unit that sends it, empty for the county's own."""

    name: str
    content: bytes
    unit: str = ""


def first_county_report(clock: Clock) -> Upload:
    """States the register's totals; of one domain the key links are not stated, so their parts fall short."""
    body = f"""
{_day(clock.date(0))}，县纪委监委会同县委办公室、县政府办公室印发28个典型案例，组织县发展和改革局、县公安局、县农业农村局、工业园区等26个单位对照查摆。{_short_day(clock.date(2))}前，26个单位都已开会学习。排查结果报告如下。
一、总体情况
截至{_day(clock.date(48))}，26个单位报来风险岗位108个、风险点129处、关键环节84个，均已分到岗、到人。
二、各领域情况
项目投资领域有风险岗位26个、风险点44处、关键环节29个；产业发展领域有风险岗位31个、风险点6处、关键环节10个；市场监管领域有风险岗位3个、风险点7处、关键环节8个；融资担保领域有风险岗位8个、风险点8处、关键环节7个；行政审批领域有风险岗位38个、风险点44处，关键环节各窗口口径不一，仍在核对；行风政风领域有风险岗位2个、风险点20处、关键环节3个。
"""
    title = "关于以案促改专项行动风险排查情况的报告"
    return Upload(f"{title}.docx", _word(title, body, "县纪委监委", clock.date(50)))


def second_county_report(clock: Clock) -> Upload:
    """Gives the figures in a table whose points in 市场监管 are two too many, and what was done since."""
    before = f"""
专项行动部署以来，各单位边查边改。截至{_day(clock.date(170))}的进展报告如下。
一、风险底数
26个单位查出的风险岗位、风险点、关键环节见下表。
"""
    table = (
        ("领域", "风险岗位（个）", "风险点（处）", "关键环节（个）"),
        ("项目投资", "26", "44", "29"),
        ("产业发展", "31", "6", "10"),
        ("市场监管", "3", "9", "8"),
        ("融资担保", "8", "8", "7"),
        ("行政审批", "38", "44", "27"),
        ("行风政风", "2", "20", "3"),
        ("合计", "108", "129", "84"),
    )
    after = """
二、主要做法
（一）管好关键岗位的人
1.谈话到人。县财政局等单位由一把手与管钱管项目的干部逐个谈话，谈话情况记入廉政档案。
2.轮岗到期。县公安局列出窗口岗位满五年人员的轮换名单，首批已到新岗位上班。
（二）做优服务
1.材料减下来。县政务服务局把高频事项要交的材料并成一张清单，窗口和网站同步公布。
2.诉求有回音。工业园区会同县税务局每月开一次企业座谈会，问题当场登记，半个月内答复。
（三）立起规矩
1.复核有人签。县住房和城乡建设局印发《房建工程质量双人复核办法》，两人签字才算通过。
2.过程可倒查。县惠农融资担保有限公司出台《担保业务责任倒查办法》，每笔业务都能查到经手人。
三、下一步打算
（一）盯住逾期事项。对过期没改完的逐项问原因、定时间，仍改不动的约谈主要负责人。
（二）开展销号回头看。每季度抽两成已销号事项到现场复看，有反弹的重新整改。
"""
    title = "关于以案促改专项行动整改进展情况的报告"
    content = _word(title, before, "县纪委监委", clock.date(172), table, after)
    return Upload(f"{title}.docx", content)


def bureau_report(clock: Clock) -> Upload:
    """A bureau on itself: three domains, three measures."""
    body = f"""
县纪委监委：
收到案例材料后，我局于{_day(clock.date(1))}开会学习，各股室对照业务查了一遍。现将自查情况报告如下。
一、自查结果
截至{_day(clock.date(160))}，我局查出风险岗位7个、风险点4处、关键环节4个。其中，项目投资领域风险岗位1个、风险点2处、关键环节1个；产业发展领域风险岗位6个、风险点1处、关键环节2个；市场监管领域没有风险岗位，风险点1处、关键环节1个。
二、整改做法
（一）补贴对象公示到村。农机购置补贴名单在村务公开栏张贴七天，有异议的重新核实。
（二）项目验收换人复核。高标准农田建设验收由两组人分别到地块测量，数字对不上的不签字。
（三）执法检查先备案。农资市场检查的对象和时间先报分管领导备案，我局制定《农资检查备案办法》，不得临时加人加点。
三、下步安排
年底前把农业项目验收的老账清一遍，查出的问题列入明年审计。
"""
    title = "县农业农村局以案促改自查情况报告"
    return Upload("自查情况报告.docx", _word(title, body, "县农业农村局", clock.date(162)), "县农业农村局")


def town_report(clock: Clock) -> Upload:
    """A town's plain text in GB18030, its numbers in Chinese numerals."""
    lines = f"""青柳镇以案促改工作小结
县纪委监委：
　　按照专项行动部署，我镇{_short_day(clock.date(2))}召开干部大会，学习下发的典型案例，随后各办所逐项查找。
　　一、查找情况
　　截至{_day(clock.date(150))}，全镇共查出风险岗位四个、风险点两处、关键环节一个。其中，项目投资领域风险岗位一个、风险点一处、关键环节一个；产业发展领域风险岗位三个；行风政风领域风险点一处。
　　二、整改情况
　　（一）奖补名单上墙。特色产业奖补的户名、面积、金额在各村张榜，群众可以打电话核对。
　　（二）大厅坐班留名。便民大厅每个窗口摆放工作人员姓名牌，离岗要登记去向。
　　三、下步打算
　　继续抓好村级道路硬化的过程监督，验收请村民代表到场。

　　　　　　　　　　　　　　　　青柳镇人民政府
　　　　　　　　　　　　　　　　{_day(clock.date(152))}
"""
    return Upload("青柳镇小结.txt", lines.replace("\n", "\r\n").encode("gb18030"), "青柳镇")


def _day(day: date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"


def _short_day(day: date) -> str:
    return f"{day.month}月{day.day}日"


def _word(
    title: str, body: str, signed_by: str, signed_on: date, table: Table = (), after: str = ""
) -> bytes:
    """A Word file: centred title, paragraphs, perhaps a table with more after it, signature to the right."""
    document = Document()
    document.core_properties.author, document.core_properties.title = signed_by, title
    heading = document.add_paragraph()
    heading.alignment = WD_ALIGN_PARAGRAPH.CENTER
    heading.add_run(title).bold = True
    _paragraphs(document, body)
    if table:
        grid = document.add_table(rows=0, cols=len(table[0]))
        grid.style = "Table Grid"
        for row in table:
            for cell, text in zip(grid.add_row().cells, row, strict=True):
                cell.text = text
    _paragraphs(document, after)
    for line in (signed_by, _day(signed_on)):
        document.add_paragraph(line).alignment = WD_ALIGN_PARAGRAPH.RIGHT
    stream = BytesIO()
    document.save(stream)
    return stream.getvalue()


def _paragraphs(document: WordDocument, text: str) -> None:
    for line in text.split():
        document.add_paragraph(line)
