"""Progress under load and fault, against a real server on a database of its own.

50 clients record progress at once; a server is killed while a step with an upload is on its way. Loopback
only; bounded in number and time; only processes started here are ended, by their ids.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import random
import re
import secrets
import signal
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from tests.factories import picture
from tests.test_serve import ROOT, free_port

CLIENTS, ENTRIES = 50, 2
KILLS = 15
PATIENCE = 120

SETUP = """
import json, django
django.setup()
from datetime import date
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from importlib import import_module
from django.conf import settings
from accounts.models import Unit, User
from riskregistry.models import Campaign, Measure, Participation
unit = Unit.objects.create(name="县测试局")
campaign = Campaign.objects.create(name="压力试验", started_on=date(2024, 1, 1))
Participation.objects.create(unit=unit, campaign=campaign)
place = {"campaign": campaign, "unit": unit, "state": "in_progress"}
measures = [Measure.objects.create(heading=f"措施{n}", **place).pk for n in range(10)]
sessions = []
for n in range(50):
    user = User(username=f"u{n}", name=f"联络员{n}", role="officer", unit=unit)
    user.set_unusable_password()
    user.save()
    store = import_module(settings.SESSION_ENGINE).SessionStore()
    store[SESSION_KEY], store[BACKEND_SESSION_KEY] = str(user.pk), "accounts.backends.AccountBackend"
    store[HASH_SESSION_KEY] = user.get_session_auth_hash()
    store.save()
    sessions.append(store.session_key)
print(json.dumps({"measures": measures, "sessions": sessions}))
"""
LOOK = """
import json, django
django.setup()
from riskregistry.models import Evidence, Measure, ProgressEntry
print(json.dumps({
    "entries": list(ProgressEntry.objects.values_list("comment", "measure", "pk")),
    "versions": dict(Measure.objects.values_list("pk", "version")),
    "evidence": list(Evidence.objects.values_list("entry", "file", "sha256")),
}))
"""


@dataclass
class Installation:
    """A database, a media folder and, while it runs, a web server over them."""

    environment: dict[str, str]
    web: subprocess.Popen[bytes] | None = None
    measures: list[int] = field(default_factory=list)
    sessions: list[str] = field(default_factory=list)

    def python(self, *arguments: str) -> str:
        done = subprocess.run(
            [sys.executable, *arguments], cwd=ROOT, env=self.environment, capture_output=True, text=True
        )
        assert done.returncode == 0, done.stderr[-2000:]
        return done.stdout

    def prepare(self) -> None:
        self.python("manage.py", "migrate", "--verbosity", "0")
        made = json.loads(self.python("-c", SETUP))
        self.measures, self.sessions = made["measures"], made["sessions"]

    def look(self) -> Any:
        return json.loads(self.python("-c", LOOK))

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.environment['PORT']}"

    def start(self) -> None:
        command = [
            *(sys.executable, "-m", "granian", "--interface", "wsgi", "config.wsgi:application"),
            *("--host", "127.0.0.1", "--port", self.environment["PORT"], "--workers", "1"),
            *("--blocking-threads", "4", "--log-level", "warning", "--no-ws"),
        ]
        self.web = subprocess.Popen(command, cwd=ROOT, env=self.environment, start_new_session=True)
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline:
            try:
                urllib.request.urlopen(f"{self.url}/healthz", timeout=5).read()
            except OSError:
                time.sleep(0.1)
            else:
                return
        raise AssertionError("the server did not answer")

    def kill(self) -> None:
        """The server and its own children at once, as a power cut would."""
        assert self.web is not None
        os.killpg(self.web.pid, signal.SIGKILL)
        self.web.wait(PATIENCE)
        self.web = None


@pytest.fixture
def installation(tmp_path):
    database = os.environ.get("DATABASE_URL") or f"sqlite:///{tmp_path}/q.sqlite3"
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("ADMIN_", "PYTEST_"))}
    found = Installation(
        {
            **kept,
            "DATABASE_URL": database,
            "MEDIA_ROOT": str(tmp_path / "media"),
            "PORT": str(free_port()),
            "LOG_LEVEL": "CRITICAL",
            "DJANGO_SETTINGS_MODULE": "config.settings",
            "PYTHONPATH": str(ROOT),
        }
    )
    found.prepare()
    found.start()
    yield found
    if found.web is not None:
        found.kill()


class Client:
    """One signed-in person at a browser without scripts."""

    def __init__(self, installation: Installation, session: str) -> None:
        self.url = installation.url
        self.secret = secrets.token_hex(16)
        self.cookies = f"sessionid={session}; csrftoken={self.secret}"
        # As a browser, it does not follow a redirect by itself: 302 says that the step was taken.
        self.opener = urllib.request.build_opener(_NoRedirect)

    def ask(
        self, path: str, fields: dict[str, str] | None = None, file: bytes | None = None
    ) -> tuple[int, str]:
        request = urllib.request.Request(f"{self.url}{path}", headers={"Cookie": self.cookies})
        if fields is not None:
            boundary = secrets.token_hex(8)
            request.data = _multipart({**fields, "csrfmiddlewaretoken": self.secret}, file, boundary)
            request.add_header("Content-Type", f"multipart/form-data; boundary={boundary}")
        try:
            with self.opener.open(request, timeout=PATIENCE) as response:
                return response.status, response.read().decode()
        except urllib.error.HTTPError as error:
            return error.code, error.read().decode()

    def form(self, measure: int) -> dict[str, str]:
        status, page = self.ask(f"/measures/{measure}/steps/progress/")
        assert status == 200
        return {
            name: found(rf'name="{name}" value="([^"]*)"', page) for name in ("version", "token", "percent")
        }

    def record(self, measure: int, comment: str, file: bytes | None = None) -> int:
        """Record progress, going on from 409 as a person would; returns how often somebody was before."""
        meetings = 0
        fields = {**self.form(measure), "comment": comment}
        while True:
            status, page = self.ask(f"/measures/{measure}/steps/progress/", fields, file)
            if status == 302:
                return meetings
            assert status == 409, (status, page[:300])
            assert comment in page, "what was typed is still there"
            meetings += 1
            fields["version"] = found(r'name="version" value="(\d+)"', page)


def found(pattern: str, page: str) -> str:
    match = re.search(pattern, page)
    assert match is not None, pattern
    return match[1]


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *arguments):
        return None


def _multipart(fields: dict[str, str], file: bytes | None, boundary: str) -> bytes:
    parts = [
        f'--{boundary}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'.encode()
        for name, value in fields.items()
    ]
    if file is not None:
        head = f'--{boundary}\r\nContent-Disposition: form-data; name="uploads"; filename="现场.png"\r\n\r\n'
        parts.append(head.encode() + file + b"\r\n")
    return b"".join(parts) + f"--{boundary}--\r\n".encode()


def test_every_accepted_entry_is_there_exactly_once(installation, capsys):
    """Half of the entries go to one measure, half to the others."""
    accepted: list[tuple[str, int]] = []
    meetings: list[int] = []
    wrong: list[str] = []

    def work(number: int) -> None:
        client = Client(installation, installation.sessions[number])
        for turn in range(ENTRIES):
            measure = installation.measures[0 if turn % 2 else 1 + number % 9]
            comment = f"进展 {number}-{turn}"
            try:
                meetings.append(client.record(measure, comment))
                accepted.append((comment, measure))
            except Exception as error:
                wrong.append(f"{comment}: {error!r}"[:300])

    threads = [threading.Thread(target=work, args=(number,)) for number in range(CLIENTS)]
    begun = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    took = time.perf_counter() - begun
    found = installation.look()
    assert wrong == []
    assert len(accepted) == CLIENTS * ENTRIES
    assert sorted((comment, measure) for comment, measure, _ in found["entries"]) == sorted(accepted)
    by_measure = [measure for _, measure, _ in found["entries"]]
    for pk, version in found["versions"].items():
        assert version == 1 + by_measure.count(int(pk))
    with capsys.disabled():
        print(
            f"\n{CLIENTS} clients, {len(accepted)} entries in {took:.1f} s; "
            f"{sum(meetings)} times somebody had been there before and was told; lost 0, doubled 0"
        )


def test_killed_at_any_moment_it_happened_or_it_did_not(installation, capsys):
    rng = random.Random(7)
    content = picture().read()
    digest = hashlib.sha256(content).hexdigest()
    measure = installation.measures[0]
    happened = 0
    for turn in range(KILLS):
        client = Client(installation, installation.sessions[turn])
        fields = {**client.form(measure), "comment": f"第 {turn} 次"}

        def send(client=client, fields=fields) -> None:
            with contextlib.suppress(OSError):  # cut off, as it was meant to be
                client.ask(f"/measures/{measure}/steps/progress/", fields, content)

        thread = threading.Thread(target=send)
        thread.start()
        time.sleep(rng.uniform(0.0, 0.25))
        installation.kill()
        thread.join()
        installation.start()
        found = installation.look()
        entries = {pk for comment, _, pk in found["entries"] if comment == fields["comment"]}
        assert len(entries) <= 1
        files = [(path, sha256) for entry, path, sha256 in found["evidence"] if entry in entries]
        assert len(files) == len(entries)
        for path, sha256 in files:
            kept = Path(installation.environment["MEDIA_ROOT"]) / path
            assert hashlib.sha256(kept.read_bytes()).hexdigest() == sha256 == digest
        happened += len(entries)
    media = Path(installation.environment["MEDIA_ROOT"]) / "evidence"
    before = sum(path.is_file() for path in media.rglob("*"))
    installation.python("manage.py", "clean_files", "--minutes", "0")
    named = {path for _, path, _ in installation.look()["evidence"]}
    left = {str(path.relative_to(media.parent)) for path in media.rglob("*") if path.is_file()}
    assert left == named
    assert installation.look()["versions"][str(measure)] == 1 + happened
    with capsys.disabled():
        print(
            f"\nkilled {KILLS} times during a step with an upload: {happened} had happened whole, "
            f"{KILLS - happened} not at all; {before - len(named)} files without a record, all cleaned up"
        )
