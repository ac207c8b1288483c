"""The words of headings: what tells plans, shortcomings, screening and measures apart."""

from __future__ import annotations

import re

PLAN = re.compile(
    r"下一步|下步|往后(?:怎么|如何|的|[一二三四五六\d]|$)|接下来|接着(?:要|干|做)|还要(?:怎么)?[做干]|下阶段|下一阶段|下一季度|下半年(?:工作)?(?:打算|计划|安排|重点)|明年(?:工作)?(?:打算|计划|安排|重点)|今后|打算|工作计划|后续(?:工作|安排|打算|计划|举措|措施)|(?:工作|有关|初步|几点|下.{0,4}|相关)(?:考虑|设想|思路)|努力方向|改进方向|下个月"
    r"|(?:有关|工作|几点|相关|整改|督查|督办|监督|下.{0,3})要求$|(?:工作|后续|下.{0,4}|有关|整改)安排$|(?:意见|工作|对策|几点|有关|相关|措施)建议|^建议|建议$|^要求$|工作重点$"
)
PROBLEM = re.compile(
    r"存在(?:的)?(?:主要)?(?:问题|不足|困难|短板|差距)|(?:突出|主要|共性|发现的|面临的)问题$|^问题|不足|困难|差距|薄弱|短板(?!弱项.*补)|问题不容|有待|发现(?:的)?(?:主要|突出)?问题"
    r"|(?:不力|毛病|软肋|病灶|难点|难处|弱项|缺陷|欠缺|痛点|堵点|(?:待|需要?|有待)(?:改进|加强|提升)|没(?:做好|到位)|教训|不高|不到位|不深入?|不够[高深严实]?|滞后|不严|不实|偏慢|偏低|不强|不扎实|不平衡|不及时|走过场)$"
)
_NOT_PROBLEM = re.compile(
    r"^(?:改|治|纠|防|破|克服|扭转|严防|着力|聚焦)|补(?:齐)?短板|补差距|解决|破解|整改|弥补|攻坚"
)
SCREEN = re.compile(
    r"排查|起底|底数|摸清|摸底|查找|自查|筛查|查风险|找风险|查摆|梳理|摸排|检视|排风险|查深|查透|找准|基本情况|总体情况|总体进展|总体数据|^数字|^数据|基本数据|进展数据|数据|进展|数量|分布|构成|统计|结果|风险点(?:情况)?$|基本做法|概况|概览|总览|一览"
)
DISPATCH = re.compile(
    r"部署|动员|高位推(?:动|进)|组织领导|加强领导|提高认识|思想认识|统一思想|学习(?:教育|宣传|传达|研讨)?$|传达|警示教育开展|研读|及时|迅速|凝聚|谋划|启动|宣传发动|行动推进"
)
MEASURE = re.compile(
    r"整改|措施|举措|防控|治理|做法|成效|整治|建章|立制|制度|施策|巩固|管好|优服务|固长效|经验|亮点|堵漏|控险|机制|立行|纠|改|破题|服务|作为|约束|监管|规范|严|动作"
)
GENERIC = re.compile(
    r"^(?:主要|典型|好的|具体|工作|整改|防控|取得的?|治理|已采取的|阶段性?|采取的|基本|特色|经验|整治|风险|廉政|有关|几点|落实|需要说明的|其他|有关说明|工作开展|巩固提升的|重点)*(?:亮点|做法|经验|措施|举措|成效|情况|动作|工作|做法和成效|做法与成效|做法及成效|进展|效果|经验做法|特点)+(?:和成效|及成效|情况|落实)?$"
)


def is_section_title(title: str) -> bool:
    """Whether a title is that of a part of the report rather than of one thing done or planned."""
    customary = PLAN.search(title) or is_problem_title(title) or SCREEN.search(title) or GENERIC.match(title)
    return bool(customary) and len(title) <= 12


def is_problem_title(title: str) -> bool:
    """Whether a heading announces shortcomings."""
    return bool(PROBLEM.search(title)) and not _NOT_PROBLEM.search(title)
