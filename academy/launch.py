"""`make run`: migrate, fill the demonstration academy once, start web server and worker, end both together."""

import os
import secrets
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from types import FrameType
from typing import Any

from academy.config import EXAMPLE_SECRET, ROOT, Settings, load
from academy.devdata import authority

READY_WITHIN_SECONDS = 180
# The C library gives every thread an arena of its own and keeps what is freed: a third of a web process's memory.
LEAN = {"MALLOC_ARENA_MAX": "2", "MALLOC_TRIM_THRESHOLD_": "131072", "MALLOC_MMAP_THRESHOLD_": "131072"}


def _secret(settings: Settings) -> str:
    """Return the given secret; a demonstration academy without one makes its own and keeps it in its folder."""
    given = settings.secret_key.get_secret_value()
    if given != EXAMPLE_SECRET or not settings.demo:
        return given
    kept = settings.data / "secret"
    if not kept.exists():
        kept.write_text(secrets.token_urlsafe(32))
        kept.chmod(0o600)
    return kept.read_text().strip()


def _flask(*words: str, check: bool = True, **options: Any) -> "subprocess.CompletedProcess[Any]":
    command = [sys.executable, "-m", "flask", "--app", "wsgi", *words]
    return subprocess.run(command, cwd=ROOT, check=check, **options)  # noqa: S603


def migrate() -> None:
    """Bring the database up to date; what the migrations say is shown when one fails."""
    print("Bringing the database up to date …", flush=True)  # noqa: T201
    done = _flask("db", "upgrade", check=False, capture_output=True, text=True)
    if done.returncode:
        raise SystemExit(f"{done.stdout}{done.stderr}\nThe database could not be brought up to date; see above.")


def _port(given: str) -> int:
    """Return the port, or end at once if it is none or somebody listens there, who would be taken for this academy."""
    if not (given.isdecimal() and 0 < int(given) < 65_536):
        raise SystemExit(f"{given} is no port. Give a number up to 65535: make run PORT=8123")
    port = int(given)
    with socket.socket() as door:
        door.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            door.bind(("127.0.0.1", port))
        except OSError as error:
            raise SystemExit(f"Port {port} is taken. Try another: make run PORT=8123") from error
    return port


def _wait_until_ready(address: str, server: "subprocess.Popen[bytes]") -> None:
    deadline = time.monotonic() + READY_WITHIN_SECONDS
    while time.monotonic() < deadline:
        if server.poll() is not None:
            raise SystemExit("The web server ended; see the messages above.")
        try:
            with urllib.request.urlopen(f"{address}/health/ready", timeout=2):  # noqa: S310
                return
        except (urllib.error.URLError, OSError):
            time.sleep(0.2)
    raise SystemExit("The academy did not become ready in three minutes; see the messages above.")


def web_server(port: int, app: str = "wsgi:app") -> list[str]:
    """Return the command of the web server: two processes of four threads, forked from one that has read everything."""
    return [
        sys.executable, "-m", "gunicorn", app, "--bind", f"127.0.0.1:{port}", "--preload", "--worker-class", "gthread",
        "--workers", "2", "--threads", "4", "--max-requests", "20000", "--max-requests-jitter", "2000",
        "--log-level", "warning", "--no-control-socket",
    ]  # fmt: skip


def _start(port: int) -> list["subprocess.Popen[bytes]"]:
    worker = [sys.executable, "-m", "flask", "--app", "wsgi", "academy", "work"]
    environment = {**LEAN, **os.environ}
    return [subprocess.Popen(command, cwd=ROOT, env=environment) for command in (web_server(port), worker)]  # noqa: S603


def main() -> None:
    """Run the academy until Ctrl-C."""
    port = _port(os.environ.get("PORT", "8000"))
    os.environ.setdefault("ACADEMY_BASE_URL", f"http://127.0.0.1:{port}")
    settings = load()
    settings.data.mkdir(parents=True, exist_ok=True)
    os.environ["ACADEMY_DATA"] = str(settings.data.resolve())
    os.environ["ACADEMY_SECRET_KEY"] = _secret(settings)
    if settings.demo and settings.paper_key is None:
        os.environ["ACADEMY_PAPER_KEY"] = str(authority.kept_in(settings.data.resolve()))
    migrate()
    if settings.demo:
        _flask("academy", "seed", "--once")
    children = _start(port)

    def end(_number: int, _frame: FrameType | None) -> None:
        raise KeyboardInterrupt

    for ending in (signal.SIGTERM, signal.SIGINT):
        signal.signal(ending, end)
    try:
        _wait_until_ready(f"http://127.0.0.1:{port}", children[0])
        print(f"\nThe academy is open: {settings.base_url}\n", flush=True)  # noqa: T201
        if settings.demo:
            _flask("academy", "demo-accounts")
        print("\nCtrl-C ends it.", flush=True)  # noqa: T201
        while all(child.poll() is None for child in children):
            time.sleep(0.5)
        raise SystemExit("A part of the academy ended unexpectedly; see the messages above.")
    except KeyboardInterrupt:
        print("\nClosing the academy.", flush=True)  # noqa: T201
    finally:
        for child in children:
            child.terminate()
        for child in children:
            try:
                child.wait(timeout=15)
            except subprocess.TimeoutExpired:
                child.kill()


if __name__ == "__main__":
    main()
