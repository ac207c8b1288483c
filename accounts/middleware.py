"""Per-request duties: the address for the audit trail, idle logout, and the change of a first password."""

from __future__ import annotations

import time
from collections.abc import Callable

from django.contrib import messages
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from accounts import audit, kept_posts
from accounts.preferences import all_preferences

Handler = Callable[[HttpRequest], HttpResponse]

# The session row is touched at most once in this many seconds, so that reading pages does not write.
TOUCH_SECONDS = 60


class AuditAddressMiddleware:
    """Makes the client's address known to audit.record for the length of the request."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        token = audit.current_ip.set(request.META.get("REMOTE_ADDR", ""))
        try:
            return self.get_response(request)
        finally:
            audit.current_ip.reset(token)


class PreferencesMiddleware:
    """Reads the settings once a request, as `request.preferences`."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.preferences = all_preferences()  # type: ignore[attr-defined]
        return self.get_response(request)


class IdleLogoutMiddleware:
    """Signs a person out after the set minutes without a request, and says so."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.user.is_authenticated:
            now = int(time.time())
            seen = request.session.get("seen", now)
            limit = request.preferences["idle_minutes"] * 60  # type: ignore[attr-defined]
            if now - seen > limit:
                self._end(request)
            elif now - seen >= TOUCH_SECONDS or "seen" not in request.session:
                request.session["seen"] = now
        return self.get_response(request)

    def _end(self, request: HttpRequest) -> None:
        """Sign out; what the request was to hand in is kept for the person's return."""
        posted = request.method == "POST"
        fields = kept_posts.fields_of(request) if posted else {}
        files = [file.name or "" for name in request.FILES for file in request.FILES.getlist(name)]
        user_pk = request.user.pk
        logout(request)
        messages.info(request, "长时间没有操作，已自动退出，请重新登录。")
        if user_pk is not None:
            kept_posts.keep(request, user_pk, fields, files if posted else [])


class FirstPasswordMiddleware:
    """Whoever was given a password by somebody else changes it before anything else."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        user = request.user
        allowed = {reverse("accounts:password"), reverse("accounts:logout")}
        if user.is_authenticated and user.must_change_password and request.path not in allowed:
            return redirect("accounts:password")
        return self.get_response(request)
