"""A county's own Word layout: filled by docxtpl in a sandbox, checked placeholder by placeholder.

Jinja's sandbox keeps a layout from reaching into the program; autoescape keeps names from being markup.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from docx import Document
from docxtpl import DocxTemplate
from jinja2 import StrictUndefined, TemplateError
from jinja2.sandbox import SandboxedEnvironment

from reports.briefing.basis import Basis
from reports.briefing.shapes import Briefing, shown
from reports.statistics import Measures
from riskregistry.enums import MeasureState, RiskKind
from riskregistry.official_document import day_in_words

# Placeholder → what stands there; the help page lists these.
PLACEHOLDERS = {
    "标题": "文稿标题",
    "主送": "主送机关",
    "发文机关": "落款的发文机关",
    "日期": "成文日期，如 2026年3月1日",
    "截至": "数字截至的日期",
    "专项行动": "专项行动名称",
    "参加单位": "参加单位个数",
    "风险岗位": "登记的风险岗位数",
    "风险点": "登记的风险点数",
    "关键环节": "登记的关键环节数",
    "整改措施": "整改措施总数",
    "已销号": "已销号的措施数",
    "整改中": "整改中的措施数",
    "长期坚持": "长期坚持的措施数",
    "逾期": "逾期的措施数",
    "完成率": "完成率（不含长期坚持），如 40.0%",
    "完成率含长期坚持": "完成率（含长期坚持）",
    "口径": "数字口径的说明",
    "快照": "生成人、时间和数据快照号",
}
LISTS = {
    "正文": ("每段正文，按顺序", ("标题", "文字")),
    "各领域": ("每个领域一行", ("名称", "风险岗位", "风险点", "关键环节")),
    "各单位": ("每个单位一行", ("名称", "措施总数", "已销号", "整改中", "长期坚持", "逾期", "完成率")),
    "措施": ("每项措施一行", ("责任单位", "标题", "责任人", "时限", "状态")),
}
# Begin, end, and what stands between, for the help page.
ROW_LOOP = ("{%tr for 行 in 各单位 %}", "{%tr endfor %}", "{{ 行.名称 }}")
TEXT_LOOP = ("{%p for 段 in 正文 %}", "{%p endfor %}", "{{ 段.标题 }}{{ 段.文字 }}")
_PLACE = re.compile(r"\{\{.*?\}\}|\{%.*?%\}")
# Where docxtpl lets a loop stand: in a run, a paragraph, a table row or a cell.
_LOOP = re.compile(r"\{%(?:p|tr|tc|r)?\s*for\s+(\w+)\s+in\s+(\w+)\s*%\}")
MOST_BYTES = 5 << 20
MOST_UNPACKED = 50 << 20


def environment() -> SandboxedEnvironment:
    return SandboxedEnvironment(autoescape=True, undefined=StrictUndefined)


def check(content: bytes, document: Briefing, basis: Basis, *, made_at: datetime) -> None:
    """Raise ValidationError (Chinese) naming each wrong placeholder and its paragraph."""
    _check_archive(content)
    context = context_of(document, basis)
    wrong = [f"{place}：{said}" for place, text in _paragraphs(content) if (said := _wrong(text, context))]
    if wrong:
        raise ValidationError(wrong)
    filled(content, document, basis, author="试填", made_at=made_at)


def _check_archive(content: bytes) -> None:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            if sum(member.file_size for member in archive.infolist()) > MOST_UNPACKED:
                raise ValidationError("模板解开后过大，请删去图片后重新保存")
            names = set(archive.namelist())
    except zipfile.BadZipFile as error:
        raise ValidationError("这不是 Word 的 .docx 文件，请在 Word 或 WPS 中另存为 .docx") from error
    if "word/document.xml" not in names:
        raise ValidationError("这不是 Word 的 .docx 文件，请在 Word 或 WPS 中另存为 .docx")
    if any(name.endswith("vbaProject.bin") for name in names):
        raise ValidationError("模板中有宏，不能使用，请另存为不带宏的 .docx")


def _paragraphs(content: bytes) -> Iterator[tuple[str, str]]:
    """(where, text) of every paragraph with a placeholder: body, tables, headers and footers."""
    document = Document(io.BytesIO(content))
    number = 0
    for paragraph in document.element.body.iter("{*}p"):
        text = "".join(node.text or "" for node in paragraph.iter("{*}t"))
        if text.strip():
            number += 1
        if _PLACE.search(text):
            yield f"第{number}段「{text.strip()[:40]}」", text
    for section in document.sections:
        for part in (section.header, section.footer):
            for line in part.paragraphs:
                if _PLACE.search(line.text):
                    yield f"页眉页脚「{line.text.strip()[:40]}」", line.text


def _wrong(text: str, context: dict[str, Any]) -> str:
    """What is wrong with a paragraph's placeholders, each looked at alone; "" where nothing is.

    A loop's variable is known in its own paragraph and, since loops go over several, in all others.
    """
    for place in _PLACE.findall(text):
        loop = _LOOP.fullmatch(place)
        if loop and loop[2] not in LISTS:
            return f"没有列表「{loop[2]}」，可用的列表有{'、'.join(LISTS)}"
        if place.startswith("{{"):
            inner = place.strip("{}").lstrip("rp ").strip()
            root, _, attribute = inner.partition(".")
            root = root.split("|")[0].strip()
            if not attribute and root not in context:
                return f"没有占位符「{root}」，可用的见模板说明"
            attribute = re.split(r"[|\s]", attribute)[0]
            if attribute and attribute not in {name for _, names in LISTS.values() for name in names}:
                return f"占位符「{inner}」中没有「{attribute}」这一栏"
    return ""


def filled(content: bytes, document: Briefing, basis: Basis, *, author: str, made_at: datetime) -> bytes:
    """The layout with everything put in. Raises ValidationError (Chinese) where it cannot be filled."""
    template = DocxTemplate(io.BytesIO(content))
    try:
        template.render(context_of(document, basis), jinja_env=environment(), autoescape=True)
    except TemplateError as error:
        near = getattr(error, "docx_context", None)
        lines = "；".join(re.sub(r"<[^>]+>", "", line).strip() for line in near or ()).strip("；")
        where = f"，在「{lines[:80]}」附近" if lines else ""
        raise ValidationError(f"模板填不进去{where}：{error.message or error}") from error
    properties = template.docx.core_properties
    properties.author = properties.last_modified_by = author
    properties.comments, properties.modified = document.made, made_at.replace(tzinfo=None)
    out = io.BytesIO()
    template.save(out)
    return out.getvalue()


def context_of(document: Briefing, basis: Basis) -> dict[str, Any]:
    """Every placeholder and list with its value, in words."""
    counted = basis.counted
    measures: Measures = counted.measures
    kinds = {kind.label: str(counted.registered(kind)) for kind in RiskKind}
    return {
        "标题": document.title,
        "主送": document.recipient,
        "发文机关": document.office,
        "日期": day_in_words(document.day),
        "截至": day_in_words(counted.as_of),
        "专项行动": counted.campaign_name,
        "参加单位": str(len(counted.taking_part)),
        **kinds,
        **_of_measures(measures),
        "整改措施": str(measures.total),
        "完成率含长期坚持": shown(measures.closing_rate_with_long_term, "rate"),
        "口径": document.definitions,
        "快照": document.made,
        "正文": _body(document),
        "各领域": [
            {"名称": d.name, **{k.label: str(counted.registered(k, d)) for k in RiskKind}}
            for d in counted.register_domains
        ],
        "各单位": [
            {"名称": u.name, "措施总数": str(u.measures.total), **_of_measures(u.measures)}
            for u in counted.involved
        ],
        "措施": [
            {
                "责任单位": line.actors,
                "标题": line.heading,
                "责任人": shown(line.responsible),
                "时限": shown(line.due),
                "状态": line.state,
            }
            for line in basis.lines
        ],
    }


def _of_measures(measures: Measures) -> dict[str, str]:
    return {
        "已销号": str(measures.closed),
        "整改中": str(measures.count(state=MeasureState.IN_PROGRESS)),
        "长期坚持": str(measures.long_term),
        "逾期": str(measures.overdue),
        "完成率": shown(measures.closing_rate, "rate"),
    }


def _body(document: Briefing) -> list[dict[str, str]]:
    lines = []
    for section in document.sections:
        lines.append({"标题": section.heading, "文字": ""})
        lines += [{"标题": "", "文字": p.lead + p.plain} for p in section.paragraphs]
    return lines
