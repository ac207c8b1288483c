"""An uploaded file outlives an error in the rest of its form: it is held until the form is right.

One file a session, for a day at most. The session names it; the file lies in the media folder under held/.
"""

from __future__ import annotations

import secrets
from datetime import timedelta
from typing import Any

from django.core.files.base import File
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest
from django.utils import timezone

SESSION_KEY = "held_upload"
FOLDER = "held"
KEEP = timedelta(days=1)


def hold(request: HttpRequest, upload: UploadedFile[Any]) -> None:
    """Keep this file for the form's next submission, in place of one held before."""
    release(request)
    _remove_old()
    path = default_storage.save(f"{FOLDER}/{secrets.token_hex(16)}", upload)
    request.session[SESSION_KEY] = {"path": path, "name": upload.name or "未命名"}


def held_name(request: HttpRequest) -> str:
    """The name of the file held for this session; "" when there is none."""
    held = _held(request)
    return str(held["name"]) if held else ""


def take(request: HttpRequest) -> tuple[File[bytes], str] | None:
    """The held file, open, and its name. It stays held until `release`."""
    held = _held(request)
    return (default_storage.open(held["path"]), held["name"]) if held else None


def release(request: HttpRequest) -> None:
    held = request.session.pop(SESSION_KEY, None)
    if held:
        default_storage.delete(held["path"])


def _held(request: HttpRequest) -> dict[str, Any] | None:
    held = request.session.get(SESSION_KEY)
    return held if held and default_storage.exists(held["path"]) else None


def _remove_old() -> None:
    if not default_storage.exists(FOLDER):
        return
    for name in default_storage.listdir(FOLDER)[1]:
        path = f"{FOLDER}/{name}"
        if timezone.now() - default_storage.get_modified_time(path) > KEEP:
            default_storage.delete(path)
