"""Run the bench: `python -m bench [--rounds 3]`."""

import argparse
import shutil
import signal
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from types import FrameType

import psycopg
from flask import Flask

from bench import machine, report, scene
from bench.database import Database, fresh_database
from bench.measuring import CROWD, WARM_UP, Bench, Figures, statements
from bench.pages import Page, Pages
from bench.servers import Running, Web, free_port, job_worker

BEGAN = time.monotonic()
NO_NEW_ROUND_AFTER, WORKER_SECONDS = 150, 180


def say(text: str) -> None:
    """Tell what is going on, beside the result."""
    print(f"[{time.monotonic() - BEGAN:4.0f} s] {text}", file=sys.stderr, flush=True)


@contextmanager
def _running(process: Running) -> Iterator[Running]:
    try:
        yield process
    finally:
        process.end()


def main() -> None:
    """Measure, print the table and the aims, leave nothing behind."""
    parser = argparse.ArgumentParser(prog="bench")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--only", default="", help="measure only pages whose name holds this text, and print no aims")
    asked = parser.parse_args()
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, _stop)
    with ExitStack() as held:
        database = held.enter_context(fresh_database())
        folder = Path(held.enter_context(TemporaryDirectory(prefix="academy-bench-")))
        _bench(held, database, folder, asked.rounds, asked.only)
    say("done")


def _stop(_number: int, _frame: FrameType | None) -> None:
    raise SystemExit("The bench was stopped.")


def _bench(held: ExitStack, database: Database, folder: Path, rounds: int, only: str) -> None:
    secret = scene.new_secret()
    app = scene.academy(database.url, folder, secret)
    print(f"Machine: {machine.described()}; PostgreSQL {database.version}", flush=True)
    with app.app_context():
        ready = scene.fill(rounds * (20 + WARM_UP + CROWD * 5) + 1, say)
    database.tidy()
    port, floor_port = free_port(), free_port()
    environment = {
        "ACADEMY_MODE": "demo", "ACADEMY_SECRET_KEY": secret, "ACADEMY_DATA": str(folder), "ACADEMY_DEBUG": "false",
        "ACADEMY_DATABASE_URL": database.url, "ACADEMY_BASE_URL": f"http://127.0.0.1:{port}",
    }  # fmt: skip
    say("the servers")
    web = Web("wsgi:app", environment, folder, port)
    held.enter_context(_running(web))
    floor_address = {
        "FLOOR_DATABASE": database.url.replace("postgresql://", "postgresql+psycopg://"),
        "FLOOR_SECRET": secret,
    }
    floor = Web("bench.floor:create()", floor_address, folder, floor_port)
    held.enter_context(_running(floor))
    web.wait_until_ready("/health/ready")
    floor.wait_until_ready("/ready")
    worker = job_worker(environment, folder)
    held.enter_context(_running(worker))
    _let_work(worker, database)
    made = Pages(app, ready, port, secret)
    pages = [page for page in made.all() if only in page.name]
    asked = _statements(app, [*pages, made.redrawn()])
    figures = _rounds(pages, Bench(web, database), Bench(floor, database), rounds)
    if not only:
        memory = [machine.memory(pid) for pid in web.workers]
        print(_let_work(worker, database), flush=True)
        held_by_worker = machine.memory(worker.process.pid)
        pages.append(_redrawn(made, folder, Bench(web, database), figures))
    for name in asked.keys() & figures.keys():
        figures[name].statements = asked[name]
    print(report.table(pages, figures), flush=True)
    if not only:
        print(f"\n{report.told(report.aims(pages, figures, memory, held_by_worker), figures)}", flush=True)


def _statements(app: Flask, pages: list[Page]) -> dict[str, int]:
    """Count the statements of each page while the sessions are fresh: now and then one is noted as still in use."""
    return {page.name: len(statements(app, page.visits(0, 1)[0])) for page in pages if not page.floor}


def _redrawn(made: Pages, folder: Path, academy: Bench, figures: dict[str, Figures]) -> Page:
    """Measure what a download costs when its paper is not kept: after the memory was read, for now the web draws."""
    say("certificates without their papers")
    shutil.rmtree(folder / "files" / "made")
    page = made.redrawn()
    figures[page.name] = Figures()
    academy.round(page, figures[page.name])
    return page


def _rounds(pages: list[Page], academy: Bench, floor: Bench, rounds: int) -> dict[str, Figures]:
    figures, began = {page.name: Figures() for page in pages}, time.monotonic()
    for number in range(1, rounds + 1):
        if time.monotonic() - began > NO_NEW_ROUND_AFTER:
            say(f"time is up after {number - 1} rounds")
            break
        say(f"round {number} of {rounds}")
        for page in pages:
            (floor if page.floor else academy).round(page, figures[page.name])
    return figures


def _let_work(worker: Running, database: Database) -> str:
    """Let the job worker do what is queued, for a while, and hold it again; return what came of it."""
    worker.go_on()
    query = "SELECT count(*) FILTER (WHERE state = 'queued' AND run_after <= now()), count(*) FILTER (WHERE state = 'done') FROM job"
    with psycopg.connect(database.url, autocommit=True) as inside:
        waiting, done = inside.execute(query).fetchone() or (0, 0)
        say(f"the job worker, {waiting} jobs waiting")
        until = time.monotonic() + WORKER_SECONDS
        while time.monotonic() < until and worker.process.poll() is None and (waiting or not done):
            time.sleep(1)
            waiting, done = inside.execute(query).fetchone() or (0, 0)
        failed = inside.execute("SELECT count(*) FROM job WHERE state = 'failed' OR last_error IS NOT NULL").fetchone()
    worker.hold()
    return f"\nThe job worker did {done} jobs ({waiting} still waiting, {failed[0] if failed else 0} with an error).\n"


main()
