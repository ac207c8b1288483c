"""What somebody typed when the session had ended: kept, and offered again after the sign-in.

Kept in the new, empty session together with who had been signed in: nobody else who signs in on the same
browser is shown it. Passwords are never kept, files cannot be, and a kept form is dropped after a day.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

SESSION_KEY = "kept_post"
LARGEST = 200_000
KEEP_SECONDS = 24 * 3600
NEVER = ("password", "csrfmiddlewaretoken")
LONG_TEXT = 40

Handler = Callable[[HttpRequest], HttpResponse]


def fields_of(request: HttpRequest) -> dict[str, list[str]]:
    """What the form held, without secrets; {} where it is too large to keep."""
    said = {
        name: request.POST.getlist(name)
        for name in request.POST
        if not any(word in name.lower() for word in NEVER)
    }
    size = sum(len(value) for values in said.values() for value in values)
    return said if size <= LARGEST else {}


def keep(request: HttpRequest, user_pk: int, fields: dict[str, list[str]], files: list[str]) -> None:
    """Keep a form that came after its session had ended. The session is the new one, of nobody."""
    if not fields:
        return
    request.session[SESSION_KEY] = {
        "path": request.get_full_path()[:500],
        "user": user_pk,
        "at": int(time.time()),
        "fields": fields,
        "files": files,
    }
    messages.info(request, "您填写的内容已保留，重新登录后可以接着提交。")


class KeptPostMiddleware:
    """After the sign-in the same person finds what was typed, once, at the address it was meant for."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        kept: dict[str, Any] | None = None
        if request.user.is_authenticated and request.method == "GET":
            kept = request.session.get(SESSION_KEY)
        if not kept:
            return self.get_response(request)
        if kept["user"] != request.user.pk or time.time() - kept["at"] > KEEP_SECONDS:
            del request.session[SESSION_KEY]
        elif kept["path"] == request.get_full_path():
            del request.session[SESSION_KEY]
            return self._offer(request, kept)
        return self.get_response(request)

    def _offer(self, request: HttpRequest, kept: dict[str, Any]) -> HttpResponse:
        pairs = [(name, value) for name, values in kept["fields"].items() for value in values]
        shown = [value for _, value in pairs if len(value) >= LONG_TEXT or not value.isascii()]
        context = {"pairs": pairs, "shown": shown, "files": kept["files"], "path": kept["path"]}
        return render(request, "accounts/kept_post.html", context)
