"""Third-party assets, served out of the installed packages: none is committed, none comes from elsewhere."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from importlib.resources import files
from pathlib import Path
from typing import Any

from django.contrib.staticfiles.finders import BaseFinder
from django.core.files.storage import FileSystemStorage, Storage

# Name under static/ → (package, path inside it).
ASSETS = {
    "vendor/bootstrap/bootstrap.min.css": ("bootstrap", "css/bootstrap.min.css"),
    "vendor/bootstrap/bootstrap.min.css.map": ("bootstrap", "css/bootstrap.min.css.map"),
    "vendor/bootstrap/bootstrap.bundle.min.js": ("bootstrap", "js/bootstrap.bundle.min.js"),
    "vendor/bootstrap/bootstrap.bundle.min.js.map": ("bootstrap", "js/bootstrap.bundle.min.js.map"),
    "vendor/plotly/plotly.min.js": ("plotly", "package_data/plotly.min.js"),
}


class _PackageStorage(FileSystemStorage):
    """Maps the public name of an asset to its place in the package."""

    def path(self, name: str) -> str:
        return str(asset_path(name))


def asset_path(name: str) -> Path:
    package, inside = ASSETS[name]
    return Path(str(files(package).joinpath(inside)))


class PackageAssetFinder(BaseFinder):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        self.storage = _PackageStorage()

    def find(self, path: str, find_all: bool = False, **kwargs: Any) -> Any:
        found = str(asset_path(path)) if path in ASSETS else None
        if find_all:
            return [found] if found else []
        return found

    def list(self, ignore_patterns: Iterable[str] | None) -> Iterator[tuple[str, Storage]]:
        for name in ASSETS:
            yield name, self.storage

    def check(self, **kwargs: Any) -> Any:
        return []
