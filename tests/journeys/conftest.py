"""A running academy with the demonstration people, a real Chromium, and a check of every page it opens."""

import logging
import os
import shutil
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

import pytest
from playwright.sync_api import Browser as Chromium
from playwright.sync_api import expect, sync_playwright
from werkzeug.serving import make_server

from academy.app import create_app
from academy.base.db import db, transaction
from academy.config import Settings
from tests.journeys.visitor import AXE, AXE_ADDRESS, WIDE, Visitor
from tests.seeded import opened_copy, seeded, work  # noqa: F401

PATIENCE = 20_000  # milliseconds: on a busy machine a sound page is slow, and no test is about speed
expect.set_options(timeout=PATIENCE)
FLAGS = [
    "--no-sandbox", "--disable-gpu", "--in-process-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--js-flags=--no-opt --no-maglev",  # no page stays long enough to earn back what optimising its scripts costs
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",  # whoever contacts a stranger fails, and is heard
]  # fmt: skip
LOOKED_AT = ("document", "iframe", "empty", "")  # a person or a script reads the answer, whatever it is


@dataclass
class Academy:
    """The running academy: where it answers, its application for looking behind the curtain, and what went wrong with an answer."""

    url: str
    app: object
    door: socket.socket
    fault: tuple[str, str] | None = None
    complaints: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.make_breakable()
        self.start()

    def start(self) -> None:
        """Begin to answer."""
        port = self.door.getsockname()[1]
        self.server = make_server("127.0.0.1", port, self.app, threaded=True, fd=self.door.fileno())
        self.thread = threading.Thread(target=self.server.serve_forever, daemon=True)
        self.thread.start()

    def stop(self) -> None:
        """Answer no more; whoever calls waits in line."""
        self.server.shutdown()
        self.thread.join()

    def restart(self, settings: Settings) -> None:
        """Forget everything that is not stored, and answer again."""
        with self.app.app_context():
            db.engine.dispose()
        self.app = create_app(settings)
        self.make_breakable()
        self.start()

    def make_breakable(self) -> None:
        """Let faults come between the browser and the academy."""
        working = self.app.wsgi_app

        def sound(environ, start_response):
            def noted(status: str, *rest):
                missing = int(status[:3]) >= 400 and environ.get("HTTP_SEC_FETCH_DEST", "") not in LOOKED_AT
                if missing or int(status[:3]) >= 500:
                    self.complaints.append(f"{status} for {environ['PATH_INFO']}")
                return start_response(status, *rest)

            return working(environ, noted)

        def maybe_broken(environ, start_response):
            kind, where = self.fault or ("", "")
            if environ["PATH_INFO"] == AXE_ADDRESS:
                start_response("200 OK", [("Content-Type", "text/javascript"), ("Cache-Control", "max-age=86400")])
                return [AXE.encode()]
            if environ["REQUEST_METHOD"] != "POST" or not kind or where not in environ["PATH_INFO"]:
                return sound(environ, start_response)
            if kind == "loses":  # everything is done, but nobody hears of it
                b"".join(sound(environ, lambda *answer: None))
            start_response("502 Bad Gateway", [("Content-Type", "text/plain")])
            return [b"The line is cut."]

        self.app.wsgi_app = maybe_broken

    @contextmanager
    def refusing(self, where: str) -> Iterator[None]:
        """Let what is sent to addresses with these words never reach the academy."""
        self.fault = ("refuses", where)
        try:
            yield
        finally:
            self.fault = None

    @contextmanager
    def losing_replies(self, where: str) -> Iterator[None]:
        """Let what is sent to addresses with these words be done while the reply gets lost."""
        self.fault = ("loses", where)
        try:
            yield
        finally:
            self.fault = None

    @contextmanager
    def inside(self) -> Iterator[None]:
        """Read and write its database directly."""
        with self.app.app_context(), transaction():
            yield

    def work(self) -> int:
        """Run every due job and once what recurs, as the worker would; every job must go well. Returns how many ran."""
        return work(self.app)


@pytest.fixture(scope="module")
def academy(seeded, tmp_path_factory, worker) -> Iterator[Academy]:  # noqa: F811
    """A running academy of this module's own."""
    logging.getLogger("werkzeug").setLevel(logging.WARNING)
    with socket.socket() as door:
        door.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{door.getsockname()[1]}"
        with opened_copy(seeded, tmp_path_factory.mktemp("running"), f"academy_running_{worker}", url) as app:
            door.listen()
            running = Academy(url, app, door)
            yield running
            running.stop()
            with running.app.app_context():  # another one, if it was started again
                db.engine.dispose()


@pytest.fixture(scope="session")
def launch() -> Iterator[Callable[..., Chromium]]:
    """Start a Chromium with these further flags; a process can have only one Playwright, which is this."""
    path = os.environ.get("TEST_CHROMIUM", shutil.which("chromium")) or None
    with sync_playwright() as playwright:
        yield lambda *flags: playwright.chromium.launch(executable_path=path, args=[*FLAGS, *flags])


@pytest.fixture(scope="session")
def chromium(launch) -> Iterator[Chromium]:
    """One Chromium a test process."""
    browser = launch()
    yield browser
    browser.close()


@pytest.fixture
def person(chromium, academy) -> Iterator:
    """Make a person at a browser of their own, wide unless told otherwise."""
    contexts = []

    def sit_down(viewport=WIDE, **options) -> Visitor:
        options = {"locale": "ar-SA", "timezone_id": "Asia/Riyadh", "reduced_motion": "reduce", **options}
        context = chromium.new_context(viewport=viewport, **options)
        context.set_default_timeout(PATIENCE)
        contexts.append(context)
        return Visitor(context.new_page(), academy, touch=options.get("has_touch", False))

    yield sit_down
    for context in contexts:
        context.close()
