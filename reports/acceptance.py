"""What a person accepted → the register, in one transaction; and back, when the acceptance is withdrawn.

Writing is idempotent: a statement that already points at what it became is passed over, so accepting twice
adds nothing, and an earlier report can be written again when the one that superseded it is withdrawn.
"""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from accounts import audit
from accounts.models import User
from reports.enums import TAKEN, Decision, ReportState, SplitBy
from reports.models import Discrepancy, Figure, Report, Statement
from reports.register_writer import RegisterWriter, remove_effects

# While a report is in one of these, its facts can be decided on.
REVIEWABLE = (ReportState.TO_REVIEW, ReportState.WITHDRAWN)


def _reviewable(report_pk: int) -> Report:
    """The report, locked for the rest of the transaction; ValidationError when its facts are settled."""
    report = Report.objects.select_for_update().get(pk=report_pk)
    if report.state not in REVIEWABLE:
        raise ValidationError(
            f"这份报告{report.get_state_display()}，不能再改审核结果；如需更改，请先撤回采纳。"
        )
    return report


def decide(
    fact: Figure | Statement, decision: Decision, *, actor: User, corrected: Any = None
) -> Figure | Statement:
    """Accept, correct (`corrected`: the number, or the statement's data) or reject one fact."""
    with transaction.atomic():
        report = _reviewable(fact.report_id)
        fact.decision = decision
        if decision == Decision.CORRECTED:
            if isinstance(fact, Figure):
                fact.corrected_value = corrected
            else:
                fact.corrected = corrected
        fact.decided_by, fact.decided_at = actor, timezone.now()
        fact.save()
        audit.record(
            actor,
            "审核事实",
            report,
            detail={"fact": str(fact), "decision": Decision(decision).label, "corrected": corrected},
        )
    return fact


def explain(discrepancy: Discrepancy, explanation: str, *, actor: User) -> Discrepancy:
    """Accept what does not add up, with the reason found; ValidationError without one."""
    return _settle(discrepancy, Decision.ACCEPTED, explanation, actor)


def dismiss(discrepancy: Discrepancy, explanation: str, *, actor: User) -> Discrepancy:
    """Say that the report is right and the discrepancy was read wrongly; the reason is kept."""
    return _settle(discrepancy, Decision.REJECTED, explanation, actor)


def _settle(discrepancy: Discrepancy, decision: Decision, explanation: str, actor: User) -> Discrepancy:
    if not explanation.strip():
        raise ValidationError("请写明核实情况：为什么合计与分项不一致，以哪个数为准。")
    with transaction.atomic():
        report = _reviewable(discrepancy.report_id)
        discrepancy.decision, discrepancy.explanation = decision, explanation.strip()
        discrepancy.decided_by, discrepancy.decided_at = actor, timezone.now()
        discrepancy.save()
        audit.record(
            actor,
            "核实数据不符",
            report,
            detail={
                "message": discrepancy.message,
                "decision": decision.label,
                "explanation": explanation.strip(),
            },
        )
    return discrepancy


def figures_in_dispute(report: Report) -> QuerySet[Figure]:
    """Figures that a discrepancy nobody has settled yet speaks of: the total, and the parts of that split."""
    disputed = Q(pk__in=[])
    for found in report.discrepancies.unexplained():
        if found.by == SplitBy.RATE:
            continue
        scopes = ["total"] if found.by == SplitBy.RESTATED else ["total", found.by]
        disputed |= Q(kind=found.kind, scope__in=scopes)
    return report.figures.filter(disputed)


def accept_agreeing(report: Report, *, actor: User) -> int:
    """Accept every fact still undecided that no open discrepancy speaks of. Returns how many."""
    with transaction.atomic():
        locked = _reviewable(report.pk)
        stamp = {"decision": Decision.ACCEPTED, "decided_by": actor, "decided_at": timezone.now()}
        disputed = list(figures_in_dispute(locked).values_list("pk", flat=True))
        count = locked.figures.filter(decision=Decision.PENDING).exclude(pk__in=disputed).update(**stamp)
        count += locked.statements.filter(decision=Decision.PENDING).update(**stamp)
        audit.record(actor, "采纳全部一致项", locked, detail={"count": count})
    return count


def obstacles(report: Report) -> list[str]:
    """What stands between this report and its acceptance, in the user's words; empty when nothing does."""
    missing = []
    open_count = report.discrepancies.unexplained().count()
    if open_count:
        missing.append(f"还有 {open_count} 处数据不符没有写明核实情况")
    taken = Q(decision__in=TAKEN)
    if not report.figures.filter(taken).exists() and not report.statements.filter(taken).exists():
        missing.append("还没有采纳任何一项内容")
    return missing


def accept_report(report: Report, *, actor: User) -> Report:
    """Write what was accepted to the register. Twice changes nothing.

    Raises ValidationError that lists what is missing.
    """
    with transaction.atomic():
        locked = Report.objects.select_for_update().get(pk=report.pk)
        if locked.state == ReportState.ACCEPTED:
            return locked
        if locked.state not in REVIEWABLE:
            raise ValidationError(f"这份报告{locked.get_state_display()}，还不能采纳。")
        missing = obstacles(locked)
        if missing:
            raise ValidationError("；".join(missing) + "。")
        written = RegisterWriter(locked, actor).write()
        locked.state, locked.accepted_by, locked.accepted_at = ReportState.ACCEPTED, actor, timezone.now()
        locked.withdrawn_at, locked.withdrawn_reason = None, ""
        locked.save()
        if locked.supersedes is not None:
            remove_effects(locked.supersedes, superseded=True)
        audit.record(actor, "采纳报告", locked, detail=written)
    return locked


def withdraw_report(report: Report, reason: str, *, actor: User) -> list[str]:
    """Take an acceptance back. Returns what stays since somebody has worked on it, in the user's words."""
    if not reason.strip():
        raise ValidationError("请写明撤回的原因。")
    with transaction.atomic():
        locked = Report.objects.select_for_update().get(pk=report.pk)
        if locked.state != ReportState.ACCEPTED:
            raise ValidationError("只有已采纳的报告才能撤回。")
        locked.state = ReportState.WITHDRAWN
        locked.withdrawn_at, locked.withdrawn_reason = timezone.now(), reason.strip()[:200]
        locked.save()
        kept = remove_effects(locked)
        earlier = locked.supersedes
        if earlier is not None and earlier.state == ReportState.ACCEPTED:
            RegisterWriter(earlier, actor).write()
        audit.record(actor, "撤回采纳", locked, detail={"reason": locked.withdrawn_reason, "kept": kept})
    return kept
