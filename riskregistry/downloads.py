"""Files made here, as answers to a request."""

from __future__ import annotations

from django.http import HttpResponse
from django.utils.http import content_disposition_header

WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
EXCEL = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def attachment(content: bytes, name: str, kind: str) -> HttpResponse:
    """A file to be saved under `name`."""
    response = HttpResponse(content, content_type=kind)
    response["Content-Disposition"] = content_disposition_header(as_attachment=True, filename=name) or ""
    response["Cache-Control"] = "private, no-store"
    return response


def word_file(content: bytes, name: str) -> HttpResponse:
    return attachment(content, name, WORD)


def excel_file(content: bytes, name: str) -> HttpResponse:
    return attachment(content, name, EXCEL)
