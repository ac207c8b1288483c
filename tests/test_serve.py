"""`make run`'s one command: prepares an empty database, serves, announces itself, and ends cleanly."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import pytest

pytestmark = pytest.mark.own_database

ROOT = Path(__file__).resolve().parents[1]
PATIENCE = 90  # seconds: a bound, not a measure


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture
def environment(tmp_path):
    return {
        **{name: value for name, value in os.environ.items() if not name.startswith(("ADMIN_", "PYTEST_"))},
        "DATABASE_URL": f"sqlite:///{tmp_path}/q.sqlite3",
        "MEDIA_ROOT": str(tmp_path / "media"),
        "PORT": str(free_port()),
        "PYTHONUNBUFFERED": "1",
        "LOG_LEVEL": "ERROR",
    }


def children(pid: int) -> list[int]:
    listed = subprocess.run(["pgrep", "-P", str(pid)], capture_output=True, text=True, check=False).stdout
    return [int(line) for line in listed.split()]


def runs(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return False
    return state != "Z"


class Served:
    """The command under test, until it has announced itself."""

    def __init__(self, environment: dict[str, str]) -> None:
        self.environment = environment
        self.process = subprocess.Popen(
            [sys.executable, "-m", "config.serve"],
            cwd=ROOT,
            env=environment,
            stdout=subprocess.PIPE,
            text=True,
        )
        self.said = ""

    def wait_until_announced(self) -> Served:
        """To the blank line that ends the announcement: what a reader has buffered, `communicate` loses."""
        deadline = time.monotonic() + PATIENCE
        assert self.process.stdout is not None
        line = ""
        while not ("清淤已启动" in self.said and line == "\n") and time.monotonic() < deadline:
            line = self.process.stdout.readline()
            self.said += line
            if not line and self.process.poll() is not None:
                break
        assert "清淤已启动" in self.said
        return self

    def end(self, with_signal: int) -> int:
        below = children(self.process.pid)
        assert len(below) == 2, "a web server and a worker"
        self.process.send_signal(with_signal)
        said, _ = self.process.communicate(timeout=PATIENCE)
        self.said += said
        assert not any(runs(pid) for pid in below)
        return self.process.returncode


@pytest.fixture
def serve(environment):
    started: list[Served] = []

    def start(**more: str) -> Served:
        started.append(Served({**environment, **more}))
        return started[-1]

    yield start
    for served in started:
        if served.process.poll() is None:
            served.process.send_signal(signal.SIGTERM)
            served.process.wait(PATIENCE)


def test_it_serves_a_demonstration_stops_cleanly_and_starts_again_without_a_change(serve, environment):
    served = serve().wait_until_announced()
    with urllib.request.urlopen(f"http://127.0.0.1:{environment['PORT']}/healthz") as response:
        assert response.read() == b'{"status": "ok"}'
    assert served.end(signal.SIGINT) == 0
    assert re.search(r"jiandu +监督员", served.said)
    before = statistics(environment)
    assert serve().wait_until_announced().end(signal.SIGTERM) == 0
    assert statistics(environment) == before


def statistics(environment: dict[str, str]) -> str:
    return subprocess.run(
        [sys.executable, "manage.py", "statistics", "--json"],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        check=True,
    ).stdout


def test_without_a_demonstration_and_nobody_to_ask_it_says_what_to_do(environment):
    done = subprocess.run(
        [sys.executable, "-m", "config.serve"],
        cwd=ROOT,
        env={**environment, "DEMO": "0"},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        check=False,
    )
    assert done.returncode != 0
    assert "ADMIN_USERNAME" in done.stderr + done.stdout
    assert "Traceback" not in done.stderr


def test_an_empty_start_makes_the_first_administrator_and_a_dead_worker_is_started_again(serve):
    served = serve(DEMO="0", ADMIN_USERNAME="guanliyuan", ADMIN_PASSWORD="Qingyu-first-1")
    served.wait_until_announced()
    assert "演示账号" not in served.said
    words = {pid: Path(f"/proc/{pid}/cmdline").read_text() for pid in children(served.process.pid)}
    worker = next(pid for pid, command in words.items() if "manage.py" in command)
    os.kill(worker, signal.SIGKILL)
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        alive = [pid for pid in children(served.process.pid) if runs(pid)]
        if worker not in alive and len(alive) == 2:
            break
        time.sleep(0.2)
    assert served.end(signal.SIGINT) == 0


def test_a_port_in_use_is_said_before_anything_is_done(environment):
    with socket.socket() as other:
        other.bind(("127.0.0.1", int(environment["PORT"])))
        other.listen()
        done = subprocess.run(
            [sys.executable, "-m", "config.serve"],
            cwd=ROOT,
            env=environment,
            capture_output=True,
            text=True,
            timeout=PATIENCE,
            check=False,
        )
    assert done.returncode == 1
    assert environment["PORT"] in done.stderr
    assert "已被占用" in done.stderr


@pytest.mark.parametrize(
    ("name", "value", "legal"),
    [
        ("PORT", "80000", "1 to 65535"),
        ("DATABASE_URL", "mysql://x/y", "sqlite:///"),
        ("HTTPS", "maybe", "1 or 0"),
    ],
)
def test_an_illegal_setting_is_quoted_with_the_legal_ones(environment, name, value, legal):
    done = subprocess.run(
        [sys.executable, "manage.py", "check"],
        cwd=ROOT,
        env={**environment, name: value},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode != 0
    assert value in done.stderr
    assert legal in done.stderr
