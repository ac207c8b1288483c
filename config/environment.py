"""Values from the environment, read once and checked: an error quotes the bad value and the legal ones."""

from __future__ import annotations

import os
import secrets
from pathlib import Path
from typing import Any

import dj_database_url
from django.core.exceptions import ImproperlyConfigured

TRUE, FALSE = {"1", "true", "yes", "on"}, {"0", "false", "no", "off", ""}


def flag(name: str, *, default: bool = False) -> bool:
    value = os.environ.get(name)
    if value is None:
        return default
    lowered = value.strip().lower()
    if lowered in TRUE:
        return True
    if lowered in FALSE:
        return False
    raise ImproperlyConfigured(f"{name}={value!r}: use 1 or 0")


def port(name: str = "PORT", *, default: int = 8000) -> int:
    value = os.environ.get(name, str(default))
    if not value.isdigit() or not 1 <= int(value) <= 65535:
        raise ImproperlyConfigured(f"{name}={value!r}: use a number from 1 to 65535")
    return int(value)


def secret_key(path: Path) -> str:
    """SECRET_KEY from the environment, else the installation's own, made at the first start (mode 0600)."""
    given = os.environ.get("SECRET_KEY")
    if given:
        return given
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        fresh = path.with_name(f"{path.name}.{os.getpid()}")
        fresh.touch(mode=0o600)
        fresh.write_text(secrets.token_urlsafe(64))
        try:
            os.link(fresh, path)  # two processes may start at once: the first one's key stands
        except FileExistsError:
            pass
        finally:
            fresh.unlink()
    return path.read_text().strip()


def database(default: Path) -> dict[str, Any]:
    """DATABASE_URL as Django's setting, with what SQLite needs to serve several processes at once."""
    url = os.environ.get("DATABASE_URL") or f"sqlite:///{default}"
    scheme = url.partition("://")[0]
    if scheme not in {"sqlite", "postgres", "postgresql"}:
        raise ImproperlyConfigured(f"DATABASE_URL={url!r}: use sqlite:///PATH or postgres://USER@HOST/NAME")
    settings: dict[str, Any] = dict(dj_database_url.parse(url))
    if scheme == "sqlite":
        if settings["NAME"] != ":memory:":
            Path(settings["NAME"]).parent.mkdir(parents=True, exist_ok=True)
        settings["OPTIONS"] = {
            "transaction_mode": "IMMEDIATE",
            "timeout": 20,
            "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;",
        }
    else:
        settings["CONN_MAX_AGE"] = 60
        settings["CONN_HEALTH_CHECKS"] = True
    return settings
