"""One box over units, risks, measures and reports."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from django.views.decorators.http import require_safe

from accounts.permissions import Action, requires, signed_in
from accounts.pinyin import are_initials, initials
from reports.filters import saying
from reports.models import Report
from riskregistry import search

LONGEST = 100
EXCERPT = 40


@dataclass(frozen=True)
class Hit:
    title: SafeString
    about: SafeString
    path: str


@dataclass(frozen=True)
class HitGroup:
    """Hits of one kind; `more` is the address of all of them where there are more."""

    name: str
    hits: list[Hit]
    more: str = ""


@require_safe
@requires(Action.VIEW_REGISTER)
def search_page(request: HttpRequest) -> HttpResponse:
    text = " ".join(request.GET.get("q", "").split())[:LONGEST]
    groups = _groups(request, text) if text else []
    context = {"q": text, "groups": [group for group in groups if group.hits]}
    return render(request, "reports/search.html", context)


def _groups(request: HttpRequest, text: str) -> list[HitGroup]:
    user = signed_in(request)
    units = search.units(user, text)
    domains = search.domains(user, text)
    risks, measures = search.risks(user, text), search.measures(user, text)
    query = urlencode({"q": text})
    groups = [
        HitGroup("单位", [_unit_hit(unit, text) for unit in units[: search.SHOWN]], _more(units, "/units/")),
        HitGroup(
            "领域", [_domain_hit(row, text) for row in domains[: search.SHOWN]], _more(domains, "/domains/")
        ),
        HitGroup(
            "风险", [_risk_hit(row, text) for row in risks[: search.SHOWN]], _more(risks, f"/risks/?{query}")
        ),
        HitGroup(
            "整改措施",
            [_measure_hit(row, text) for row in measures[: search.SHOWN]],
            _more(measures, f"/measures/?{query}"),
        ),
    ]
    if user.may(Action.VIEW_REPORTS):
        rows = Report.objects.visible_to(user).filter(saying(text)).select_related("unit")
        reports = list(rows.order_by("-uploaded_at")[: search.SHOWN + 1])
        hits = [
            Hit(
                marked(str(report), text),
                excerpt(report.text, text),
                reverse("reports:report", args=[report.pk]),
            )
            for report in reports[: search.SHOWN]
        ]
        groups.append(HitGroup("报告", hits, _more(reports, f"/reports/?{query}")))
    return groups


def _more(rows: list[Any], path: str) -> str:
    return path if len(rows) > search.SHOWN else ""


def _unit_hit(unit: Any, text: str) -> Hit:
    aliases = "、".join(alias.name for alias in unit.aliases.all())
    return Hit(marked(unit.name, text), marked(aliases, text), reverse("reports:unit", args=[unit.pk]))


def _domain_hit(domain: Any, text: str) -> Hit:
    return Hit(marked(domain.name, text), marked("", text), _page("reports:domain", domain))


def _page(name: str, row: Any) -> str:
    return reverse(name, args=[row.pk])


def _risk_hit(row: Any, text: str) -> Hit:
    domain = row.domain.name if row.domain else "未归领域"
    about = f"{row.get_kind_display()}，{row.unit.name}，{domain}"
    said = excerpt(f"{about}。{row.description}", text)
    return Hit(marked(row.name, text), said, _page("riskregistry:risk", row))


def _measure_hit(row: Any, text: str) -> Hit:
    about = f"{row.unit.name}，{row.get_state_display()}。{row.text}"
    return Hit(marked(row.heading, text), excerpt(about, text), _page("riskregistry:measure", row))


def marked(text: str, query: str) -> SafeString:
    """The text, safe, with what was searched for in <mark>; initials mark the characters they stand for."""
    spans = sorted(_spans(text, query))
    parts, at = [], 0
    for start, end in spans:
        if start < at:
            continue
        parts += [escape(text[at:start]), "<mark>", escape(text[start:end]), "</mark>"]
        at = end
    parts.append(escape(text[at:]))
    return mark_safe("".join(parts))  # noqa: S308 - every part is escaped above


def _spans(text: str, query: str) -> list[tuple[int, int]]:
    low = text.lower()
    found = []
    for word in query.lower().split():
        at = low.find(word)
        while at >= 0 and len(low) == len(text):
            found.append((at, at + len(word)))
            at = low.find(word, at + len(word))
    if not found and are_initials(query):
        # A blank for what has no initial, so that places in both are the same.
        letters = "".join(initials(char) or " " for char in text)
        at = letters.find(query.lower())
        if at >= 0 and len(letters) == len(text):
            found.append((at, at + len(query)))
    return found


def excerpt(text: str, query: str) -> SafeString:
    """Some characters around the first hit, or the beginning."""
    first = query.lower().split()[0] if query.split() else ""
    at = max(text.lower().find(first), 0)
    start = max(at - EXCERPT, 0)
    cut = " ".join(text[start : at + EXCERPT * 2].split())
    return marked(("…" if start else "") + cut + ("…" if at + EXCERPT * 2 < len(text) else ""), query)
