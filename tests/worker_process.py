"""The real worker in a process of its own, which can be killed at a known place.

As a program it builds the academy from the environment once. For every line `MOMENT [NAME COUNT]` it forks a worker that runs
`academy work` with a clock that begins at the moment, and says `gone CODE` when that one has ended. Told a name, the worker says
`inside` when the count-th job of that name has done all it does but is not committed, and waits there to be killed.
"""

import os
import signal
import subprocess
import sys
import time
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

from flask import Flask

ROOT = Path(__file__).resolve().parents[1]


def academy_of(app: Flask) -> dict[str, str]:
    """Return the environment in which a program of workers belongs to the academy under test."""
    settings = app.extensions["settings"]
    environment = {
        "ACADEMY_MODE": "test", "ACADEMY_SECRET_KEY": settings.secret_key.get_secret_value(),
        "ACADEMY_DATA": str(settings.data), "ACADEMY_BASE_URL": settings.base_url,
    }  # fmt: skip
    return environment | ({"ACADEMY_DATABASE_URL": settings.database_url} if settings.database_url else {})


class Workers:
    """The program, as the test that started it sees it: one worker after the other."""

    def __init__(self, environment: dict[str, str]) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-m", "tests.worker_process"],
            cwd=ROOT, env={**os.environ, **environment}, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
        )  # fmt: skip
        self.pid = 0

    def start(self, clock_at: datetime, name: str = "", count: int = 0) -> None:
        """Start the next worker."""
        self.process.stdin.write(f"{clock_at.isoformat()} {name} {count}\n")
        self.process.stdin.flush()
        self.pid = int(self._hears("started"))

    def kill(self) -> None:
        """Wait until it stands inside its job, then kill it as the kernel or a power cut would."""
        self._hears("inside")
        os.kill(self.pid, signal.SIGKILL)
        assert self._hears("gone") == str(-signal.SIGKILL)
        self.pid = 0

    def end(self) -> None:
        """Ask it to end, as a deployment does; it has done nothing wrong."""
        os.kill(self.pid, signal.SIGTERM)
        assert self._hears("gone") == "0"
        self.pid = 0

    def _hears(self, word: str) -> str:
        said, _, value = self.process.stdout.readline().strip().partition(" ")
        assert said == word, f"the workers said {said!r} {value!r}, not {word!r}"
        return value

    def clean_up(self) -> None:
        """Leave no process behind, whatever the test found."""
        if self.pid:
            os.kill(self.pid, signal.SIGKILL)
        self.process.kill()
        self.process.communicate()


def main() -> None:
    """Start workers as they are asked for."""
    from academy.app import create_app

    app = create_app()
    for line in sys.stdin:
        pid = os.fork()
        if not pid:
            print("started", os.getpid(), flush=True)
            moment, name, count = line.rstrip("\n").split(" ")
            _work(app, datetime.fromisoformat(moment), name, int(count))
        _, status = os.waitpid(pid, 0)
        print("gone", os.waitstatus_to_exitcode(status), flush=True)


def _work(app, first: datetime, name: str, count: int) -> None:
    """Be one worker until it is ended."""
    from flask.cli import ScriptInfo

    from academy.base import clock, jobs

    began, code = time.monotonic(), 1
    clock.now = lambda: first + timedelta(seconds=time.monotonic() - began)
    if name:
        _stop_inside(jobs.KINDS, name, count)
    try:
        app.cli.main(["academy", "work"], obj=ScriptInfo(create_app=lambda: app), standalone_mode=False)
        code = 0
    finally:
        os._exit(code)


def _stop_inside(kinds: dict, name: str, count: int) -> None:
    kind, done = kinds[name], []

    def run(**arguments: object) -> None:
        kind.run(**arguments)
        done.append(arguments)
        if len(done) == count:
            print("inside", flush=True)
            signal.pause()

    kinds[name] = replace(kind, run=run)


if __name__ == "__main__":
    main()
