"""Files that show what was done: which are taken, how they are kept, and what to clean up after a fault.

A file is written to the disk before the transaction that names it commits. A server that dies in between
leaves a file that nothing names, never a record without its file; `orphans` finds such files.
"""

from __future__ import annotations

import hashlib
import zipfile
from collections.abc import Iterator
from datetime import timedelta
from pathlib import PurePath
from typing import Any

from django.core.exceptions import ValidationError
from django.core.files.base import File
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import UploadedFile
from django.utils import timezone
from PIL import Image

from accounts.models import User
from accounts.preferences import preference
from riskregistry.models import Evidence, Measure, ProgressEntry

PICTURES = (".jpg", ".jpeg", ".png")
OFFICE = {".docx": "word/", ".xlsx": "xl/"}
TAKEN = (*PICTURES, *OFFICE, ".pdf")
TAKEN_IN_WORDS = "图片（.jpg、.png）、.docx、.xlsx、.pdf"
FOLDER = "evidence"
# A photograph of 100 million pixels is larger than any telephone takes; a bomb is not.
MOST_PIXELS = 100_000_000
MOST_FILES = 10
CHUNK = 1 << 20


def check(upload: UploadedFile[Any]) -> None:
    """Raise ValidationError (Chinese, naming the file and the remedy) for a file that is not taken."""
    name = upload.name or "未命名"
    suffix = PurePath(name).suffix.lower()
    limit = int(preference("upload_limit_mb"))
    if suffix not in TAKEN:
        raise ValidationError(f"「{name}」不是可以上传的类型，请上传{TAKEN_IN_WORDS}")
    if not upload.size:
        raise ValidationError(f"「{name}」是空文件，请重新选择")
    if upload.size > limit << 20:
        raise ValidationError(
            f"「{name}」有 {upload.size / (1 << 20):.1f} MB，超过上限 {limit} MB，请压缩后再传"
        )
    if not _is_what_it_says(upload, suffix):
        raise ValidationError(f"「{name}」打不开，内容与扩展名不符或已损坏，请检查后重新选择")


def _is_what_it_says(upload: UploadedFile[Any], suffix: str) -> bool:
    upload.seek(0)
    try:
        if suffix in PICTURES:
            return _is_picture(upload)
        if suffix == ".pdf":
            return b"%PDF-" in upload.read(1024)
        return _is_office(upload, OFFICE[suffix])
    finally:
        upload.seek(0)


def _is_picture(upload: UploadedFile[Any]) -> bool:
    try:
        with Image.open(upload, formats=("JPEG", "PNG")) as picture:
            return picture.width * picture.height <= MOST_PIXELS
    except (OSError, ValueError, Image.DecompressionBombError):
        return False


def _is_office(upload: UploadedFile[Any], folder: str) -> bool:
    try:
        with zipfile.ZipFile(upload) as archive:
            return any(name.startswith(folder) for name in archive.namelist())
    except (zipfile.BadZipFile, OSError, ValueError):
        return False


def keep(
    upload: UploadedFile[Any], measure: Measure, entry: ProgressEntry, actor: User, kept: list[Evidence]
) -> None:
    """Write the file and its record, and add it to `kept`, for the caller to discard on failure."""
    evidence = Evidence(
        measure=measure,
        entry=entry,
        original_name=(upload.name or "未命名")[-200:],
        sha256=_digest(upload),
        size=upload.size or 0,
        uploaded_by=actor,
    )
    suffix = PurePath(upload.name or "").suffix.lower()
    evidence.file.save(f"{evidence.sha256}{suffix}", File(upload), save=False)
    kept.append(evidence)
    evidence.save()


def _digest(upload: UploadedFile[Any]) -> str:
    digest = hashlib.sha256()
    upload.seek(0)
    while chunk := upload.read(CHUNK):
        digest.update(chunk)
    upload.seek(0)
    return digest.hexdigest()


def discard(kept: list[Evidence]) -> None:
    """Remove the files of records that did not come to be."""
    for evidence in kept:
        default_storage.delete(str(evidence.file.name))


def orphans(older_than: timedelta = timedelta(hours=1)) -> Iterator[str]:
    """Files under evidence/ that no record names, and that no step under way can still be about to name."""
    named = set(Evidence._base_manager.values_list("file", flat=True))
    youngest = timezone.now() - older_than
    for path in _files(FOLDER):
        if path not in named and default_storage.get_modified_time(path) <= youngest:
            yield path


def _files(folder: str) -> Iterator[str]:
    if not default_storage.exists(folder):
        return
    folders, names = default_storage.listdir(folder)
    yield from (f"{folder}/{name}" for name in names)
    for name in folders:
        yield from _files(f"{folder}/{name}")
