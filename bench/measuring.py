"""Measuring a page: alone for processor time and latency, with eight at once for throughput, in process for statements."""

import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from statistics import median

from flask import Flask
from sqlalchemy import event

from academy.base.db import db
from bench import machine
from bench.database import Database
from bench.pages import Page
from bench.servers import Web
from bench.visits import Answer, Caller, Visit

CROWD, WARM_UP = 8, 4


@dataclass
class Figures:
    """What the rounds gave for one page. Times in milliseconds; `web` and `database` are processor time a request."""

    web: list[float] = field(default_factory=list)
    database: list[float] = field(default_factory=list)
    latencies: list[float] = field(default_factory=list)
    rates: list[float] = field(default_factory=list)
    statements: int | None = None
    size: int = 0
    streamed: bool = False

    @property
    def rounds(self) -> list[float]:
        """Processor time a request of each round, server and database together."""
        return [web + database for web, database in zip(self.web, self.database, strict=True)]

    @property
    def cpu(self) -> float:
        """The median round."""
        return median(self.rounds)


class Bench:
    """Measures pages on one server."""

    def __init__(self, web: Web, database: Database) -> None:
        self.web, self.database = web, database

    def round(self, page: Page, figures: Figures) -> None:
        """Measure a page once, alone and with eight people at once."""
        self._alone(page, figures)
        self._together(page, figures)

    def _alone(self, page: Page, figures: Figures) -> None:
        visits = page.visits(0, page.alone + WARM_UP)
        caller = Caller(self.web.port)
        for visit in visits[:WARM_UP]:
            caller.send(visit)
        web, backends = self._spent()
        answers = [caller.send(visit) for visit in visits[WARM_UP:]]
        web_after, backends_after = self._spent()
        caller.close()
        figures.web.append(machine.spent(web, web_after) / page.alone * 1000)
        figures.database.append(machine.spent(backends, backends_after) / page.alone * 1000)
        figures.latencies += [took * 1000 for _, took in answers]
        self._note(answers[-1][0], figures)

    def _together(self, page: Page, figures: Figures) -> None:
        plans = [page.visits(person, page.together) for person in range(1, CROWD + 1)]
        start = threading.Barrier(CROWD)
        with ThreadPoolExecutor(CROWD) as crowd:
            running = [crowd.submit(self._run, plan, start) for plan in plans]
        failed = [
            error
            for each in running
            if (error := each.exception()) and not isinstance(error, threading.BrokenBarrierError)
        ]
        if failed:
            raise failed[0]
        times = [each.result() for each in running]
        took = max(end for _, end in times) - min(begin for begin, _ in times)
        figures.rates.append(CROWD * page.together / took)

    def _run(self, plan: list[Visit], start: threading.Barrier) -> tuple[float, float]:
        """Make the visits one after the other; everybody begins at the same moment."""
        caller = Caller(self.web.port)
        try:
            start.wait(timeout=60)
            began = time.perf_counter()
            for visit in plan:
                caller.send(visit)
            return began, time.perf_counter()
        finally:
            caller.close()

    def _spent(self) -> tuple[dict[int, float], dict[int, float]]:
        return machine.cpu_seconds(self.web.pids), machine.cpu_seconds(self.database.backends())

    def _note(self, answer: Answer, figures: Figures) -> None:
        figures.size = len(answer.body)
        figures.streamed = answer.headers.get("transfer-encoding") == "chunked"


def statements(app: Flask, visit: Visit) -> list[str]:
    """Make a visit inside this process and return the SQL statements it runs, without the transaction's own."""
    client = app.test_client(use_cookies=False)
    with app.app_context():
        engine = db.engine
    with _noting(engine) as seen:
        response = client.open(visit.path, method=visit.method, data=visit.body, headers=visit.headers)
        headers = {name.lower(): value for name, value in response.headers.items()}
        visit.check(Answer(response.status_code, headers, response.get_data()))
    return seen


@contextmanager
def _noting(engine: object) -> Iterator[list[str]]:
    seen: list[str] = []
    note: Callable[..., None] = lambda _connection, _cursor, statement, *_rest: seen.append(statement)  # noqa: E731
    event.listen(engine, "before_cursor_execute", note)
    try:
        yield seen
    finally:
        event.remove(engine, "before_cursor_execute", note)
