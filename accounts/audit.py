"""The audit trail: `record` adds one event to a hash chain, `verify_chain` walks it.

An event is recorded by an explicit call inside the transaction of the act, so that the act and its trace
stand or fall together. Each event's hash covers its own content and the hash before it: a changed, removed
or inserted row breaks the chain at that place, and `AuditHead` shows a tail that was cut off.
"""

from __future__ import annotations

import hashlib
import json
from contextvars import ContextVar
from typing import TYPE_CHECKING, Any

from django.db import models, transaction
from django.utils import timezone

from accounts.enums import AuditResult
from accounts.models import AuditEvent, AuditHead

if TYPE_CHECKING:
    from accounts.permissions import AnyUser

# Set by accounts.middleware for the length of a request; empty in commands and in the worker.
current_ip: ContextVar[str] = ContextVar("current_ip", default="")

HASHED = (
    "sequence",
    "actor_pk",
    "actor_username",
    "actor_name",
    "actor_role",
    "ip",
    "action",
    "result",
    "target_type",
    "target_pk",
    "target_label",
    "detail",
    "previous_hash",
)


def event_hash(event: AuditEvent) -> str:
    """SHA-256 over the event's content and its predecessor's hash; 64 hex digits."""
    content = {name: getattr(event, name) for name in HASHED}
    content["at"] = event.at.astimezone(timezone.get_fixed_timezone(0)).isoformat(timespec="microseconds")
    text = json.dumps(content, ensure_ascii=False, sort_keys=True, default=str)
    return hashlib.sha256(text.encode()).hexdigest()


def record(
    actor: AnyUser | None,
    action: str,
    target: models.Model | None = None,
    *,
    detail: dict[str, Any] | None = None,
    result: str = AuditResult.SUCCESS,
    username: str = "",
) -> AuditEvent:
    """Add one event. `actor` is None for the system itself; `username` names who failed to sign in.

    `detail` must survive a trip through JSON. Call inside the act's transaction.
    """
    known = actor if actor is not None and actor.is_authenticated else None
    with transaction.atomic():
        head, _ = AuditHead.objects.select_for_update().get_or_create(pk=1)
        event = AuditEvent(
            sequence=head.sequence + 1,
            at=timezone.now(),
            actor_pk=known.pk if known else None,
            actor_username=known.username if known else username[:150],
            actor_name=known.name if known else "",
            actor_role=known.role if known else "",
            ip=current_ip.get()[:45],
            action=action,
            result=result,
            target_type=target._meta.label_lower if target is not None else "",
            target_pk=str(target.pk) if target is not None else "",
            target_label=str(target)[:200] if target is not None else "",
            detail=json.loads(json.dumps(detail or {}, ensure_ascii=False, default=str)),
            previous_hash=head.hash,
        )
        event.hash = event_hash(event)
        event.save()
        head.sequence, head.hash = event.sequence, event.hash
        head.save()
    return event


def verify_chain() -> str:
    """Walk the whole trail. Returns "" when it holds, else a Chinese sentence naming the first break."""
    previous, expected = "0" * 64, 1
    for event in AuditEvent.objects.order_by("sequence").iterator():
        if event.sequence != expected:
            return f"操作日志在第 {expected} 条处缺失"
        if event.previous_hash != previous or event.hash != event_hash(event):
            return f"操作日志第 {event.sequence} 条与校验值不符，可能被改动"
        previous, expected = event.hash, expected + 1
    head = AuditHead.objects.filter(pk=1).first()
    if head is not None and (head.sequence, head.hash) != (expected - 1, previous):
        return f"操作日志末尾缺失：应有 {head.sequence} 条，现有 {expected - 1} 条"
    return ""
