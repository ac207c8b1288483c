"""What a person chooses of a briefing before it is made."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from django.core.exceptions import ValidationError

INTERNAL = "内部资料"
URGENCIES = ("特急", "加急")
# A state secret may not even be named as one here.
_SECRET = re.compile(r"绝密|机密|秘密|保密期限|密级")


@dataclass(frozen=True)
class Options:
    """`sections`: keys in their order, empty for all. `units`: primary keys, empty for all.

    `edits`: a paragraph's key → its text with fields; "" leaves it out.
    """

    sections: tuple[str, ...] = ()
    units: tuple[int, ...] = ()
    title: str = ""
    recipient: str = ""
    marking: str = ""
    urgency: str = ""
    edits: dict[str, str] = field(default_factory=dict)

    @property
    def cover(self) -> tuple[str, ...]:
        return tuple(line for line in (self.marking, self.urgency) if line)


def check_marking(marking: str) -> str:
    """The marking, or ValidationError (Chinese): this is no system for state secrets."""
    marking = marking.strip()
    if _SECRET.search(marking):
        raise ValidationError(
            "本系统为非涉密系统，不得存储、处理国家秘密，不能标注密级；涉密文稿请按保密规定在涉密设备上制作"
        )
    if marking and marking != INTERNAL:
        raise ValidationError(f"标注只能是「{INTERNAL}」或不填")
    return marking


def check_urgency(urgency: str) -> str:
    urgency = urgency.strip()
    if urgency and urgency not in URGENCIES:
        raise ValidationError(f"紧急程度只能是{'、'.join(URGENCIES)}或不填")
    return urgency
