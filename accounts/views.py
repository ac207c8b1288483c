"""Signing in and out, one's own password, the audit trail, and the confirmation and merging of units."""

from __future__ import annotations

from dataclasses import dataclass

from django.contrib import messages
from django.contrib.auth import login, logout, update_session_auth_hash
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from django_tables2 import RequestConfig

from accounts import audit
from accounts.filters import AuditFilter
from accounts.forms import MergeForm, OwnPasswordForm, SignInForm
from accounts.merging import confirm_unit, merge_units
from accounts.models import AuditEvent, Unit
from accounts.permissions import Action, requires, signed_in
from accounts.tables import AuditTable

AUDIT_PAGE_SIZE = 50
# Walking a longer trail takes seconds: it is then done only when asked for.
VERIFIED_UNASKED = 20_000


def safe_next(request: HttpRequest, default: str = "/") -> str:
    """Where to go afterwards: `next`, if it is an address of this site."""
    wanted = request.POST.get("next") or request.GET.get("next") or ""
    if url_has_allowed_host_and_scheme(
        wanted, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    ):
        return wanted
    return default


@login_not_required
@sensitive_post_parameters("password")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def sign_in(request: HttpRequest) -> HttpResponse:
    target = safe_next(request)
    if request.user.is_authenticated:
        return redirect(target)
    form = SignInForm(request, request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        login(request, form.get_user())
        return redirect(target)
    return render(request, "accounts/login.html", {"form": form, "next": target})


@login_not_required
@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    logout(request)
    messages.success(request, "已退出登录。")
    return redirect("accounts:login")


@sensitive_post_parameters("old_password", "new_password1", "new_password2")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def change_password(request: HttpRequest) -> HttpResponse:
    form = OwnPasswordForm(signed_in(request), request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        with transaction.atomic():
            form.user.must_change_password = False
            user = form.save()
            audit.record(user, "修改密码", user)
        # The new password ends every session of this person; the present one goes on.
        update_session_auth_hash(request, user)
        messages.success(request, "密码已修改，其他地方的登录已退出。")
        return redirect("/")
    context = {"form": form, "forced": form.user.must_change_password}
    return render(request, "accounts/password.html", context)


@dataclass(frozen=True)
class ChainState:
    """What the page says of the trail. `broken` is "" when it holds, or was not walked (`checked`)."""

    checked: bool
    broken: str
    events: int


def chain_state(*, asked: bool) -> ChainState:
    events = AuditEvent.objects.count()
    if not asked and events > VERIFIED_UNASKED:
        return ChainState(checked=False, broken="", events=events)
    return ChainState(checked=True, broken=audit.verify_chain(), events=events)


@require_safe
@requires(Action.VIEW_AUDIT)
def audit_trail(request: HttpRequest) -> HttpResponse:
    narrowed = AuditFilter(request.GET, AuditEvent.objects.visible_to(request.user))
    table = AuditTable(narrowed.qs)
    RequestConfig(request, paginate={"per_page": AUDIT_PAGE_SIZE}).configure(table)
    chain = chain_state(asked="verify" in request.GET)
    return render(request, "accounts/audit.html", {"filter": narrowed, "table": table, "chain": chain})


@require_POST
@requires(Action.MANAGE_UNITS)
def confirm(request: HttpRequest, pk: int) -> HttpResponse:
    unit = get_object_or_404(Unit.objects.visible_to(request.user).current(), pk=pk)
    confirm_unit(unit, actor=signed_in(request))
    messages.success(request, f"已确认「{unit}」。")
    return redirect(safe_next(request))


@dataclass(frozen=True)
class Moved:
    """How many rows of one kind go to the other unit."""

    label: str
    count: int


def what_moves(source: Unit) -> list[Moved]:
    """Everything that points at the unit, of whatever room, by kind; kinds without rows are left out."""
    moved = []
    for relation in source._meta.related_objects:
        rows = relation.related_model._default_manager.filter(**{relation.field.name: source})
        label = f"{relation.related_model._meta.verbose_name_plural}（{relation.field.verbose_name}）"
        moved.append(Moved(label, rows.count()))
    return [kind for kind in moved if kind.count]


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Action.MANAGE_UNITS)
def merge(request: HttpRequest, pk: int) -> HttpResponse:
    """Choose the other unit, then see what will move, then do it."""
    source = get_object_or_404(Unit.objects.visible_to(request.user).current(), pk=pk)
    form = MergeForm(request.POST if request.method == "POST" else None, source=source)
    if not form.is_valid():
        return render(request, "accounts/merge.html", {"form": form, "source": source})
    target = form.cleaned_data["target"]
    if "confirmed" not in request.POST:
        context = {"source": source, "target": target, "moved": what_moves(source)}
        return render(request, "accounts/merge_confirm.html", context)
    try:
        merge_units(source, target, actor=signed_in(request))
    except ValidationError as error:
        form.add_error("target", error)
        return render(request, "accounts/merge.html", {"form": form, "source": source})
    messages.success(request, f"已将「{source}」并入「{target}」。")
    return redirect(safe_next(request))
