"""The two lists: rows, totals apart from them, saved filters, and the files of what is filtered."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import EmptyPage, Page, Paginator
from django.db.models import Count, QuerySet
from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_POST, require_safe

from accounts import audit
from accounts.permissions import Action, requires, signed_in
from riskregistry.campaigns import current_campaign
from riskregistry.downloads import EXCEL
from riskregistry.enums import COUNTERS, RiskKind
from riskregistry.exports import Export, ExportColumn, csv_lines, fields_of, write_xlsx
from riskregistry.filters import MeasureFilter, RegisterFilter, RiskFilter
from riskregistry.lights import Light, light_q, soon_within
from riskregistry.list_columns import measure_columns, risk_columns
from riskregistry.models import Campaign, Measure, MeasureQuerySet, RiskItem, RiskItemQuerySet, SavedFilter
from riskregistry.tables import MeasureTable, RegisterTable, RiskTable

# Rows that are counted exactly; beyond them a list says 1万以上 and its totals are loaded apart.
COUNTED = 10_000
# Parameters of an address that are not part of a filter.
PASSING = ("page", "campaign", "csrfmiddlewaretoken")
RISK_COUNTED = "统计范围：本专项行动中您能看到的单位已登记、未撤回的风险；按筛选条件。"
MEASURE_COUNTED = "统计范围：本专项行动中您能看到的单位的整改措施，已取消的除非专门筛选外不列；按筛选条件。"


class BoundedPaginator(Paginator[Any]):
    """Counts up to COUNTED rows and one more: a page of a million costs what a page of a hundred does."""

    @cached_property
    def count(self) -> int:
        rows: Any = self.object_list
        # A table hands in its own wrapper of the queryset.
        queryset = getattr(rows, "data", rows)
        queryset = getattr(queryset, "data", queryset)
        return int(queryset.order_by()[: COUNTED + 1].count())

    @property
    def exact(self) -> bool:
        return self.count <= COUNTED

    def validate_number(self, number: Any) -> int:
        """Beyond what is counted any page may be asked for: the rows say whether it is there."""
        if self.exact or int(number) <= self.num_pages:
            return super().validate_number(number)
        return int(number)

    def page(self, number: Any) -> Page[Any]:
        number = self.validate_number(number)
        bottom = (number - 1) * self.per_page
        rows = self.object_list[bottom : bottom + self.per_page]
        if number > self.num_pages and not len(rows):
            raise EmptyPage("没有这一页")
        return BoundedPage(rows, number, self)


class BoundedPage(Page[Any]):
    """One page, which looks for one more row where the rows beyond it are not counted."""

    def has_next(self) -> bool:
        paginator = self.paginator
        if (
            not isinstance(paginator, BoundedPaginator)
            or paginator.exact
            or self.number < paginator.num_pages
        ):
            return super().has_next()
        after = self.number * paginator.per_page
        return len(paginator.object_list[after : after + 1]) > 0


@dataclass(frozen=True)
class ListKind:
    """What tells the list of risks from that of measures."""

    page: str
    template: str
    title: str
    counting: str
    filtered: Callable[[HttpRequest, Campaign], RegisterFilter]
    table: Callable[[HttpRequest, QuerySet[Any]], RegisterTable]
    columns: Callable[[HttpRequest], dict[str, ExportColumn]]
    shown: tuple[str, ...]
    totals: Callable[[HttpRequest, Any], list[Any]]

    @property
    def path(self) -> str:
        return reverse(f"riskregistry:{self.page}")


def _soon(request: HttpRequest) -> int:
    return soon_within(timezone.localdate(), getattr(request, "preferences", None))


def _risk_filter(request: HttpRequest, campaign: Campaign) -> RegisterFilter:
    rows = RiskItem.objects.visible_to(request.user).current().filter(campaign=campaign)
    return RiskFilter(request, rows, campaign)


def _measure_filter(request: HttpRequest, campaign: Campaign) -> RegisterFilter:
    rows = Measure.objects.visible_to(request.user).filter(campaign=campaign)
    return MeasureFilter(request, rows, campaign, today=timezone.localdate(), soon_days=_soon(request))


def _risk_table(request: HttpRequest, rows: QuerySet[Any]) -> RegisterTable:
    return RiskTable(rows.select_related("unit", "domain", "post"))


def _measure_table(request: HttpRequest, rows: QuerySet[Any]) -> RegisterTable:
    return MeasureTable(
        rows.select_related("unit", "domain"), today=timezone.localdate(), soon_days=_soon(request)
    )


def _kind_counts(request: HttpRequest, rows: RiskItemQuerySet) -> list[tuple[str, int, str]]:
    """(kind in words, how many, its counting word) of the filtered rows, all kinds, zeros included."""
    found = dict(rows.order_by().values_list("kind").annotate(count=Count("pk")))
    return [(kind.label, found.get(kind, 0), COUNTERS[kind]) for kind in RiskKind]


def _light_counts(request: HttpRequest, rows: MeasureQuerySet) -> list[tuple[str, str, int]]:
    """(light, its word, how many) of the filtered rows, all lights, zeros included."""
    today, soon_days = timezone.localdate(), _soon(request)
    found = rows.order_by().aggregate(
        **{wanted.value: Count("pk", filter=light_q(wanted, today, soon_days)) for wanted in Light}
    )
    return [(wanted.value, wanted.label, found[wanted.value]) for wanted in Light]


RISKS = ListKind(
    "risk_list",
    "riskregistry/risk_list.html",
    "风险清单",
    RISK_COUNTED,
    _risk_filter,
    _risk_table,
    lambda request: risk_columns(),
    ("name", "kind", "unit", "domain", "level", "category", "post", "responsible"),
    _kind_counts,
)
MEASURES = ListKind(
    "measure_list",
    "riskregistry/measure_list.html",
    "整改措施",
    MEASURE_COUNTED,
    _measure_filter,
    _measure_table,
    lambda request: measure_columns(timezone.localdate(), _soon(request)),
    ("heading", "unit", "domain", "theme", "state", "due", "percent", "responsible"),
    _light_counts,
)
KINDS = {"risks": RISKS, "measures": MEASURES}


@require_safe
@requires(Action.VIEW_REGISTER)
def risk_list(request: HttpRequest) -> HttpResponse:
    return _list_page(request, RISKS)


@require_safe
@requires(Action.VIEW_REGISTER)
def measure_list(request: HttpRequest) -> HttpResponse:
    return _list_page(request, MEASURES, soon_days=_soon(request))


def _list_page(request: HttpRequest, kind: ListKind, **more: Any) -> HttpResponse:
    campaign = current_campaign(request)
    if campaign is None:
        return render(request, "riskregistry/no_campaign.html", {"title": kind.title})
    filter_ = kind.filtered(request, campaign)
    table = kind.table(request, filter_.qs)
    columns = _chosen_columns(request, kind)
    choices = [(name, table.columns[name].header, name in columns) for name in kind.shown]
    may_edit = kind is RISKS and signed_in(request).may(Action.EDIT_REGISTER)
    wanted = (*columns, "pick") if may_edit else columns
    table.exclude = [name for name in table.columns.names() if name not in wanted]
    _turn_to_page(table, request, filter_.page_size)
    exact = table.paginator.exact
    # Nothing found needs no second look over every row to be totalled.
    totalled = filter_.qs if table.paginator.count else filter_.qs.none()
    saved = SavedFilter.objects.visible_to(request.user).filter(page=kind.page)
    context = {
        "table": table,
        "filter": filter_,
        "clear_url": f"{kind.path}?campaign={campaign.pk}",
        "counts": kind.totals(request, totalled) if exact else None,
        "exact": exact,
        "list_kind": next(key for key, value in KINDS.items() if value is kind),
        "query": _query(request),
        "saved_filters": saved,
        "column_choices": choices,
        "may_edit": may_edit,
        "may_export": signed_in(request).may(Action.EXPORT),
        **more,
    }
    return render(request, kind.template, context)


def _chosen_columns(request: HttpRequest, kind: ListKind) -> tuple[str, ...]:
    """The columns that the address asks for; all where it asks for none that there is. The first always."""
    asked = set(request.GET.getlist("col")) & set(kind.shown)
    return (
        tuple(name for name in kind.shown if name in asked or name == kind.shown[0]) if asked else kind.shown
    )


def _query(request: HttpRequest) -> str:
    """The filter as the address has it, without the page and the campaign."""
    pairs = [(key, value) for key in request.GET for value in request.GET.getlist(key) if key not in PASSING]
    return urlencode([(key, value) for key, value in pairs if value])


def _turn_to_page(table: RegisterTable, request: HttpRequest, size: int) -> None:
    """Sort and page by the address; a page that is not there gives the nearest that is."""
    columns = set(table.columns.names())
    table.order_by = [name for name in request.GET.getlist("sort") if name.removeprefix("-") in columns]
    try:
        number = int(request.GET.get("page", "1"))
    except ValueError:
        number = 1
    try:
        table.paginate(paginator_class=BoundedPaginator, page=number, per_page=size)
    except EmptyPage:
        last = table.paginator.num_pages if number > 1 else 1
        table.paginate(paginator_class=BoundedPaginator, page=last, per_page=size)


@require_safe
@requires(Action.VIEW_REGISTER)
def totals(request: HttpRequest, kind: str) -> HttpResponse:
    """The totals of a long list: a fragment to htmx, a page of their own without scripts."""
    list_kind, campaign = KINDS.get(kind), current_campaign(request)
    if list_kind is None or campaign is None:
        return render(request, "riskregistry/no_campaign.html", {"title": "合计"})
    rows = list_kind.filtered(request, campaign).qs
    context = {
        "title": list_kind.title,
        "counts": list_kind.totals(request, rows),
        "total": rows.order_by().count(),
        "list_kind": kind,
        "back": f"{list_kind.path}?{urlencode({'campaign': campaign.pk})}&{_query(request)}",
    }
    fragment = bool(request.headers.get("HX-Request"))
    template = "riskregistry/_totals.html" if fragment else "riskregistry/totals.html"
    return render(request, template, context)


@require_safe
@requires(Action.EXPORT)
def export(request: HttpRequest, kind: str, form: str) -> HttpResponseBase:
    """Exactly what is filtered, in the order and the columns of the list (`all=1`: every column)."""
    list_kind, campaign = KINDS.get(kind), current_campaign(request)
    if list_kind is None or form not in {"xlsx", "csv"}:
        return redirect("/")
    if campaign is None:
        return redirect(list_kind.path)
    user = signed_in(request)
    filter_ = list_kind.filtered(request, campaign)
    table = list_kind.table(request, filter_.qs)
    names = set(table.columns.names())
    table.order_by = [name for name in request.GET.getlist("sort") if name.removeprefix("-") in names]
    columns = list_kind.columns(request)
    if request.GET.get("all") != "1":
        chosen = _chosen_columns(request, list_kind)
        columns = {name: column for name, column in columns.items() if name in chosen or name == "light"}
    now = timezone.localtime()
    said = filter_.in_words() or "全部"
    rows = table.data.data
    made = Export(
        list_kind.title,
        list(columns.values()),
        rows.values_list(*fields_of(columns.values())).iterator(chunk_size=2000),
        [
            ("专项行动", campaign.name),
            ("筛选条件", said),
            ("口径", list_kind.counting),
            ("截至", now.strftime("%Y-%m-%d %H:%M")),
            ("导出人", f"{user.name}（{user.username}）"),
        ],
        f"{user.name} {now:%Y-%m-%d %H:%M}",
    )
    detail = {"filter": said, "form": form, "rows": rows.count()}
    audit.record(user, f"导出{list_kind.title}", campaign, detail=detail)
    name = f"{list_kind.title}-{now:%Y%m%d-%H%M}.{form}"
    return _xlsx(made, name) if form == "xlsx" else _csv(made, name)


def _xlsx(made: Export, name: str) -> HttpResponseBase:
    # Closed, and so removed, with the response.
    file = tempfile.TemporaryFile()  # noqa: SIM115
    write_xlsx(made, file)
    file.seek(0)
    return FileResponse(file, as_attachment=True, filename=name, content_type=EXCEL)


def _csv(made: Export, name: str) -> HttpResponseBase:
    response = StreamingHttpResponse(csv_lines(made), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = content_disposition_header(as_attachment=True, filename=name) or ""
    return response


@require_POST
@requires(Action.VIEW_REGISTER)
def save_filter(request: HttpRequest, kind: str) -> HttpResponse:
    """Give the filter of an address a name; the same name again replaces it."""
    list_kind = KINDS.get(kind, RISKS)
    name, query = request.POST.get("name", "").strip()[:30], request.POST.get("query", "")[:1000]
    back = f"{list_kind.path}?{query}"
    if not name:
        messages.error(request, "请给常用筛选起个名称。")
        return redirect(back)
    saved, made = SavedFilter.objects.update_or_create(
        user=signed_in(request), page=list_kind.page, name=name, defaults={"query": query}
    )
    messages.success(request, f"{'已保存' if made else '已更新'}常用筛选「{saved.name}」。")
    return redirect(back)


@require_POST
@requires(Action.VIEW_REGISTER)
def change_filter(request: HttpRequest, pk: int) -> HttpResponse:
    """Rename or remove one of one's own."""
    saved = get_object_or_404(SavedFilter.objects.visible_to(request.user), pk=pk)
    back = reverse(f"riskregistry:{saved.page}")
    if request.POST.get("remove") == "1":
        saved.delete()
        messages.success(request, f"已删除常用筛选「{saved.name}」。")
        return redirect(back)
    saved.name = request.POST.get("name", "").strip()[:30]
    try:
        saved.full_clean()
    except ValidationError as error:
        messages.error(request, error.messages[0])
    else:
        saved.save()
        messages.success(request, f"已改名为「{saved.name}」。")
    return redirect(f"{back}?{saved.query}")
