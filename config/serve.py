"""`python -m config.serve`: prepares the database, then runs the web server and the worker as one command.

Either process is started again should the worker die; when the web server ends, all ends. Ctrl-C or SIGTERM
stops both: they get SIGTERM, and SIGKILL after GRACE seconds.
"""

from __future__ import annotations

import ctypes
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from io import StringIO
from types import FrameType

import django
from django.conf import settings
from django.core.management import call_command

GRACE = 15  # seconds a process may take to finish what it is doing
POLL = 0.3
PR_SET_PDEATHSIG = 1
RESTART_PAUSE = 2.0  # seconds before a worker that died is started again


def prepare() -> None:
    """Tables, domains, and in an empty database the demonstration county or the first administrator."""
    from accounts.models import User
    from config.environment import flag

    call_command("migrate", verbosity=0)
    call_command("load_domains", verbosity=0)
    if not User.objects.exists():
        if flag("DEMO", default=True):
            print("正在装入演示数据……", flush=True)
            call_command("load_demo", stdout=StringIO())  # `announce` tells the accounts
        else:
            call_command("first_admin")
    if not User.objects.exists():
        sys.exit(1)  # first_admin has said what to do


def _end_with_parent() -> None:
    """In the child, before it runs: SIGTERM for it when this process is killed. prctl(2), Linux."""
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)


def _start(command: list[str]) -> subprocess.Popen[bytes]:
    return subprocess.Popen(command, start_new_session=True, preexec_fn=_end_with_parent)  # noqa: S603 - our own words


def start_web() -> subprocess.Popen[bytes]:
    # fmt: off
    command = [
        sys.executable, "-m", "granian", "--interface", "wsgi", "config.wsgi:application",
        "--host", settings.HOST, "--port", str(settings.PORT), "--workers", "1",
        "--blocking-threads", "4", "--log-level", "warning", "--no-ws",
    ]
    # fmt: on
    return _start(command)


def start_worker() -> subprocess.Popen[bytes]:
    return _start([sys.executable, str(settings.BASE_DIR / "manage.py"), "worker"])


def address() -> str:
    """The address a person types; an address that means "all" is shown as this machine."""
    shown = "127.0.0.1" if settings.HOST in {"0.0.0.0", "::"} else settings.HOST  # noqa: S104 - compared
    return f"http://{f'[{shown}]' if ':' in shown else shown}:{settings.PORT}/"


def port_is_taken() -> bool:
    """Asked beforehand, since the web server would share the port with another one without a word."""
    family = socket.AF_INET6 if ":" in settings.HOST else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((settings.HOST, settings.PORT))
        except OSError:
            return True
    return False


def answers() -> bool:
    try:
        with urllib.request.urlopen(f"{address()}healthz", timeout=2) as response:  # noqa: S310 - our own address
            return bool(response.status == 200)
    except (urllib.error.URLError, OSError):
        return False


def announce() -> None:
    from accounts.enums import Role
    from accounts.preferences import preference
    from reports.demo import DEMO_ACCOUNTS, DEMO_PASSWORD

    lines = [f"\n清淤已启动：{address()}    （按 Ctrl-C 停止）"]
    if preference("demo"):
        lines.append(f"演示账号（密码均为 {DEMO_PASSWORD}）：")
        lines += [f"  {account.username:<10} {Role(account.role).label}" for account in DEMO_ACCOUNTS]
        lines.append("结束演示、转入正式使用：.venv/bin/python manage.py clear_demo")
    # In one piece: whoever waits for the first line may stop us right after it.
    print("\n".join(lines) + "\n", flush=True)


class StopRequested(BaseException):
    """Somebody asked for an end. No Exception: nothing on the way may swallow it."""


def _stop(signum: int, frame: FrameType | None) -> None:
    raise StopRequested


def run() -> int:
    signal.signal(signal.SIGTERM, _stop)
    signal.signal(signal.SIGINT, _stop)
    web, worker = start_web(), start_worker()
    announced = False
    try:
        while web.poll() is None:
            if not announced and answers():
                announce()
                announced = True
            if worker.poll() is not None:
                print("后台程序意外退出，正在重新启动。", file=sys.stderr, flush=True)
                time.sleep(RESTART_PAUSE)
                worker = start_worker()
            time.sleep(POLL)
    except StopRequested:
        print("\n正在停止……", flush=True)
        return 0
    else:
        print("网页服务意外退出，请查看上面的出错信息。", file=sys.stderr)
        return 1
    finally:
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        stop([web, worker])


def stop(processes: list[subprocess.Popen[bytes]]) -> None:
    for process in processes:
        if process.poll() is None:
            process.terminate()
    deadline = time.monotonic() + GRACE
    for process in processes:
        try:
            process.wait(max(0.1, deadline - time.monotonic()))
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()


def main() -> int:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    django.setup()
    if port_is_taken():
        print(
            f"不能在 {settings.HOST}:{settings.PORT} 启动：端口已被占用或地址不属于本机。"
            f"请先停止占用的程序，或换一个端口，如 PORT={settings.PORT + 1} make run",
            file=sys.stderr,
        )
        return 1
    prepare()
    return run()


if __name__ == "__main__":
    sys.exit(main())
