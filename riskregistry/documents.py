"""Word documents about measures: the three letters of chasing, and the close-out form (销号单)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.utils import timezone

from accounts.models import User
from accounts.preferences import preference
from riskregistry.enums import ChasingRung, ProgressEvent
from riskregistry.models import ChasingLetter, Measure, ProgressEntry
from riskregistry.official_document import OfficialDocument, day_in_words

# What each rung says of itself: what it is for, and what it asks.
WORDS = {
    ChasingRung.REMINDER: (
        "关于{campaign}整改措施逾期的提醒函",
        "经查，你单位在{campaign}中有 {count} 项整改措施已超过整改时限，现予提醒。",
        "请对照所附清单抓紧整改，在系统中记录进展，并于{due}前书面答复。",
    ),
    ChasingRung.SUPERVISION: (
        "关于{campaign}整改措施逾期的督办单",
        "你单位在{campaign}中有 {count} 项整改措施逾期未完成，现予督办。",
        "请单位主要负责人牵头研究，逐项说明逾期原因、补救办法和完成日期，于{due}前书面答复。",
    ),
    ChasingRung.CIRCULAR: (
        "关于{unit}整改措施逾期情况的通报",
        "{unit}在{campaign}中有 {count} 项整改措施逾期，经提醒和督办仍未完成，现予通报。",
        "请{unit}于{due}前将整改情况书面报告。各单位要引以为戒，对照检查本单位整改措施的时限和进度。",
    ),
}


def letter_document(letter: ChasingLetter, reader: User) -> bytes:
    """The letter as a Word file, dated the day it was issued. Wants campaign, unit and issued_by selected."""
    rung = ChasingRung(letter.rung)
    issued = timezone.localtime(letter.issued_at)
    fill = {
        "campaign": _quoted(letter.campaign.name),
        "unit": letter.unit.name,
        "count": len(letter.items),
        "due": day_in_words(letter.answer_due),
    }
    title, opening, request = (text.format(**fill) for text in WORDS[rung])
    document = OfficialDocument(author=reader.name, made_at=timezone.localtime(), subject=str(letter))
    document.cover_lines([str(letter)])
    document.title(title)
    document.recipient("各参加单位" if rung == ChasingRung.CIRCULAR else letter.unit.name)
    document.paragraph(opening)
    document.table(
        ["序号", "整改措施", "责任人", "整改时限", "状态", "逾期天数"],
        [
            [
                str(number),
                item["heading"],
                item["responsible"] or "未填",
                item["due"] or "未定",
                item["state"],
                str(item["days_late"]),
            ]
            for number, item in enumerate(letter.items, 1)
        ],
        [5, 30, 12, 20, 12, 12],
        numeric=[0, 5],
    )
    if letter.demand:
        document.paragraph(letter.demand)
    document.paragraph(request)
    document.signature(str(preference("office_name")), issued.date())
    return document.save()


def _quoted(name: str) -> str:
    return f"「{name}」" if "「" not in name else name


def closing_document(measure: Measure, reader: User) -> bytes:
    """The close-out form of a closed measure with its whole history.

    Wants campaign, unit, domain and the three people selected.
    """
    document = OfficialDocument(author=reader.name, made_at=timezone.localtime(), subject="销号单")
    document.title("整改措施销号单")
    document.table(["项目", "内容"], _facts(measure), [10, 46])
    document.heading("一、办理过程")
    entries = measure.entries.select_related("actor").prefetch_related("evidence")
    document.table(
        ["时间", "办理人", "事项", "说明", "佐证材料"],
        [_row(entry) for entry in entries],
        [14, 8, 10, 26, 16],
    )
    document.heading("二、审核签字")
    document.table(["申请人", "核验人", "审批人", "销号日期"], [_people(measure)], [1, 1, 1, 1])
    document.small(f"由系统于{_moment(timezone.localtime())}生成，操作人{reader.name}。")
    return document.save()


def _facts(measure: Measure) -> list[list[str]]:
    due = measure.due.isoformat() if measure.due else "未定"
    if measure.original_due:
        due += f"（原定 {measure.original_due.isoformat()}）"
    return [
        ["专项行动", measure.campaign.name],
        ["责任单位", measure.unit.name + ("等单位" if measure.and_others else "")],
        ["配合单位", "、".join(unit.name for unit in measure.co_units.all()) or "无"],
        ["领域", measure.domain.name if measure.domain else "未归领域"],
        ["针对的风险", "；".join(item.name for item in measure.risk_items.all()) or "未关联"],
        ["措施标题", measure.heading],
        ["措施内容", measure.text or "未填"],
        ["出台制度", "".join(f"《{name}》" for name in measure.documents) or "无"],
        ["责任人", measure.responsible or "未填"],
        ["整改时限", due],
        ["状态", measure.get_state_display()],
    ]


def _row(entry: ProgressEntry) -> list[str]:
    what = entry.get_event_display()
    if entry.event == ProgressEvent.STEP:
        what = entry.get_to_state_display()
    files: Iterable[Any] = entry.evidence.all()
    return [
        _moment(timezone.localtime(entry.at)),
        entry.actor.name,
        what,
        entry.comment or "—",
        "、".join(file.original_name for file in files) or "—",
    ]


def _people(measure: Measure) -> list[str]:
    people = (measure.applied_by, measure.verified_by, measure.approved_by)
    closed = measure.closed_on.isoformat() if measure.closed_on else "—"
    return [*(person.name if person else "—" for person in people), closed]


def _moment(at: datetime) -> str:
    return at.strftime("%Y-%m-%d %H:%M")
