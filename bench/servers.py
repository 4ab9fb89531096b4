"""The processes under test: gunicorn as `academy.launch` starts it, the job worker. Each is ended by its own id."""

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

from academy.config import ROOT
from academy.launch import LEAN, web_server
from bench import machine

READY_WITHIN_SECONDS = 60


def free_port() -> int:
    """Return a port of the loopback address that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Running:
    """A started process with its descendants."""

    def __init__(self, words: list[str], environment: dict[str, str], log: Path) -> None:
        self._log = log.open("ab")
        self.process = subprocess.Popen(
            words, cwd=ROOT, env={**LEAN, **os.environ, **environment}, stdout=self._log, stderr=self._log
        )

    @property
    def pids(self) -> list[int]:
        """The process and its children, as they are now."""
        return machine.family(self.process.pid)

    def hold(self) -> None:
        """Let it stand still, so that it takes nothing from what is measured."""
        self.process.send_signal(signal.SIGSTOP)

    def go_on(self) -> None:
        """Let it work again."""
        self.process.send_signal(signal.SIGCONT)

    def end(self) -> None:
        """End it: politely, then surely."""
        self.go_on()
        self.process.terminate()
        try:
            self.process.wait(timeout=15)
        except subprocess.TimeoutExpired:
            for pid in self.pids:
                os.kill(pid, 9)
            self.process.wait(timeout=15)
        self._log.close()


class Web(Running):
    """A gunicorn on a port of its own, started as `academy.launch` starts it."""

    def __init__(self, target: str, environment: dict[str, str], folder: Path, port: int) -> None:
        self.port, self._said = port, folder / f"{target.partition(':')[0]}.log"
        super().__init__(web_server(port, target), environment, self._said)

    def wait_until_ready(self, path: str) -> None:
        """Return once it answers; SystemExit with its own words when it does not."""
        deadline = time.monotonic() + READY_WITHIN_SECONDS
        while time.monotonic() < deadline and self.process.poll() is None:
            try:
                with urllib.request.urlopen(f"http://127.0.0.1:{self.port}{path}", timeout=2):
                    return
            except (urllib.error.URLError, OSError):
                time.sleep(0.1)
        raise SystemExit(f"The server did not become ready.\n{self._said.read_text()[-2000:]}")

    @property
    def workers(self) -> list[int]:
        """The worker processes, without the one that watches them."""
        return [pid for pid in self.pids if pid != self.process.pid]


def job_worker(environment: dict[str, str], folder: Path) -> Running:
    """Start the job worker."""
    return Running(
        [sys.executable, "-m", "flask", "--app", "wsgi", "academy", "work"], environment, folder / "worker.log"
    )
