"""Kinds, levels, categories, themes and states, as the field names them. Imports nothing of ours."""

from django.db import models


class RiskKind(models.TextChoices):
    POST = "post", "风险岗位"
    POINT = "point", "风险点"
    LINK = "link", "关键环节"


# The counting word that belongs to each kind.
COUNTERS = {RiskKind.POST: "个", RiskKind.POINT: "处", RiskKind.LINK: "个"}


class RiskLevel(models.TextChoices):
    HIGH = "high", "高"
    MEDIUM = "medium", "中"
    LOW = "low", "低"


class RiskCategory(models.TextChoices):
    IDEOLOGY = "ideology", "思想道德"
    DUTY = "duty", "岗位职责"
    PROCESS = "process", "业务流程"
    SYSTEM = "system", "制度机制"
    ENVIRONMENT = "environment", "外部环境"


class Theme(models.TextChoices):
    PEOPLE = "people", "管好人"
    SERVICE = "service", "优服务"
    SYSTEM = "system", "固长效"
    OTHER = "other", "其他"


class MeasureState(models.TextChoices):
    NOT_STARTED = "not_started", "未启动"
    IN_PROGRESS = "in_progress", "整改中"
    APPLIED = "applied", "申请销号"
    PENDING_APPROVAL = "pending_approval", "待审批"
    CLOSED = "closed", "已销号"
    LONG_TERM = "long_term", "长期坚持"
    CANCELLED = "cancelled", "已取消"


# A measure in one of these can be late; the others are done, kept up, or no longer wanted.
OPEN_STATES = (
    MeasureState.NOT_STARTED,
    MeasureState.IN_PROGRESS,
    MeasureState.APPLIED,
    MeasureState.PENDING_APPROVAL,
)


class ProgressEvent(models.TextChoices):
    CREATED = "created", "建立"
    PROGRESS = "progress", "进展"
    STEP = "step", "流转"
    RETURNED = "returned", "退回"
    EXTENSION_REQUESTED = "ext_requested", "申请延期"
    EXTENDED = "extended", "延期"
    EXTENSION_REFUSED = "ext_refused", "不同意延期"
    REOPENED = "reopened", "重新打开"
    RECHECKED = "rechecked", "复查"


class ExtensionState(models.TextChoices):
    PENDING = "pending", "待审"
    GRANTED = "granted", "同意"
    REFUSED = "refused", "不同意"


class ChasingRung(models.TextChoices):
    """The rungs of 督办, each to a wider circle."""

    REMINDER = "reminder", "提醒函"
    SUPERVISION = "supervision", "督办单"
    CIRCULAR = "circular", "通报"


class LookbackResult(models.TextChoices):
    """What 回头看 found of a closed measure."""

    PENDING = "pending", "待查"
    HELD = "held", "未反弹"
    RELAPSED = "relapsed", "反弹"


class SubmissionItem(models.TextChoices):
    """What a campaign may ask of its units, in the order in which it falls due."""

    STUDY = "study", "专题会议"
    SELF_REPORT = "self_report", "自查报告"
    RISK_LEDGER = "risk_ledger", "风险台账"
    MEASURES = "measures", "整改措施"


class SubmissionState(models.TextChoices):
    """Where a unit stands with one of them; 未报 is the absence of a row."""

    SUBMITTED = "submitted", "已报"
    RETURNED = "returned", "退回"
    CONFIRMED = "confirmed", "已确认"


class ImportState(models.TextChoices):
    PREVIEWED = "previewed", "待确认"
    APPLIED = "applied", "已导入"
    UNDONE = "undone", "已撤销"
    DISCARDED = "discarded", "已放弃"
