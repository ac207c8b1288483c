"""Stock people and a stock campaign, for every test."""

from __future__ import annotations

import os

# Playwright's event loop runs beside the ORM in browser tests; the ORM is used from the test's thread only.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "1")

import pytest
from django.conf import settings as django_settings
from django.test import Client

from accounts.models import User
from tests import factories


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings_parallel_suffix):
    """No connection outlives its request: one of the live server's would hold the test database."""
    django_settings.DATABASES["default"]["CONN_MAX_AGE"] = 0


@pytest.fixture(autouse=True)
def fast_and_contained(settings, tmp_path):
    """Cheap password hashing, plain static files, and uploads that vanish with the test."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    settings.MEDIA_ROOT = tmp_path / "media"
    settings.STORAGES = {
        **settings.STORAGES,
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    }


@pytest.fixture
def campaign(db):
    return factories.CampaignFactory(name="优化营商环境警示教育")


@pytest.fixture
def unit(db):
    return factories.UnitFactory(name="县发展和改革局", short_name="县发改局")


@pytest.fixture
def other_unit(db):
    return factories.UnitFactory(name="县公安局")


@pytest.fixture
def supervisor(db):
    return factories.UserFactory(username="supervisor", name="监督一")


@pytest.fixture
def leader(db):
    return factories.UserFactory(username="leader", name="领导一", leader=True)


@pytest.fixture
def officer(db, unit):
    return factories.UserFactory(username="officer", name="联络一", officer=True, unit=unit)


@pytest.fixture
def outsider(db, other_unit):
    """An officer of another unit: must see nothing of `unit`."""
    return factories.UserFactory(username="outsider", name="联络二", officer=True, unit=other_unit)


@pytest.fixture
def administrator(db):
    return factories.UserFactory(username="administrator", name="管理一", administrator=True)


@pytest.fixture
def auditor(db):
    return factories.UserFactory(username="auditor", name="审计一", auditor=True)


@pytest.fixture
def client_of():
    """client_of(user) → a client that is signed in as that person."""

    def sign_in(user: User) -> Client:
        client = Client()
        client.force_login(user, backend="accounts.backends.AccountBackend")
        return client

    return sign_in
