"""Words of the readings room, as the user reads them. Imports nothing of ours."""

from django.db import models


class ReportState(models.TextChoices):
    WAITING = "waiting", "等待读取"
    READING = "reading", "正在读取"
    FAILED = "failed", "读取失败"
    TO_REVIEW = "to_review", "待审核"
    ACCEPTED = "accepted", "已采纳"
    WITHDRAWN = "withdrawn", "已撤回"


class Decision(models.TextChoices):
    PENDING = "pending", "待审"
    ACCEPTED = "accepted", "采纳"
    CORRECTED = "corrected", "更正后采纳"
    REJECTED = "rejected", "不采纳"


# What a person has said yes to.
TAKEN = (Decision.ACCEPTED, Decision.CORRECTED)


class Scope(models.TextChoices):
    TOTAL = "total", "合计"
    DOMAIN = "domain", "分领域"
    CATEGORY = "category", "分类别"
    LEVEL = "level", "分等级"
    STATUS = "status", "分状态"
    UNIT = "unit", "分单位"


class CountedKind(models.TextChoices):
    """What a figure counts: the three kinds of the register, and what a report may count besides."""

    POST = "post", "风险岗位"
    POINT = "point", "风险点"
    LINK = "link", "关键环节"
    ITEM = "item", "问题（事项）"
    MEASURE = "measure", "措施"


class StatementType(models.TextChoices):
    TITLE = "title", "标题"
    ISSUER = "issuer", "落款单位"
    DATE = "date", "日期"
    CASES = "cases", "典型案例数"
    UNITS_INVOLVED = "units_involved", "参加单位数"
    RATE = "rate", "比率"
    UNIT = "unit", "单位"
    MEASURE = "measure", "整改措施"
    NEXT_STEP = "next_step", "下一步安排"


class SplitBy(models.TextChoices):
    DOMAIN = "domain", "分领域"
    CATEGORY = "category", "分类别"
    LEVEL = "level", "分等级"
    STATUS = "status", "分状态"
    UNIT = "unit", "分单位"
    RESTATED = "restated", "前后不一"
    RATE = "rate", "比率"


class BriefingKind(models.TextChoices):
    """What is written for leadership, in the order in which it is offered."""

    SITUATION = "situation", "情况报告"
    BRIEF = "brief", "专报"
    CIRCULAR = "circular", "通报"
    LEDGER = "ledger", "整改台账"
    CLOSEOUT = "closeout", "销号台账"
    ONEPAGE = "onepage", "一页表"
    RECONCILIATION = "reconciliation", "数据核对单"
    SLIDES = "slides", "汇报幻灯片"


class FileFormat(models.TextChoices):
    DOCX = "docx", "Word"
    XLSX = "xlsx", "Excel"
    PDF = "pdf", "PDF"
    PPTX = "pptx", "PowerPoint"


class FileState(models.TextChoices):
    MAKING = "making", "正在生成"
    READY = "ready", "已生成"
    FAILED = "failed", "生成失败"


class Every(models.TextChoices):
    WEEK = "week", "每周"
    MONTH = "month", "每月"
