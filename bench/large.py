"""Whether a manager's pages stay as cheap when the academy grows around them: `python -m bench.large`.

The academy is filled twice, with few and with many people, and the same managers open the same pages: one who leads the
demonstration's people and one who leads a thousand. Each page is asked inside this process, so that every statement and
all processor time (its own, and that of the database's processes) is seen. It ends by itself and leaves nothing behind.
"""

import argparse
import signal
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from types import FrameType

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, text

from academy.accounts.models import Person
from academy.base import clock
from academy.base.access import Actor
from academy.base.db import db, transaction
from academy.devdata import accounts as demo_accounts
from academy.devdata.seeding import SEED, demo
from academy.devdata.seeding.crowd import DOMAIN, crowd
from academy.insights.reports import reach, services
from bench import machine, scene
from bench.database import Database, fresh_database
from bench.measuring import statements
from bench.visits import Answer, Visit

NAME = "academy_bench_large"
FEW, MANY, ROUNDS, VISITS, WARM_UP = 5_000, 100_000, 5, 5, 2
MOST_STATEMENTS, MOST_GROWTH = 8, 1.5
PAGES = (
    ("team", "/team"), ("heat map", "/team/map"), ("compliance", "/team/compliance"),
    ("report, rows", "/reports/{rows}"), ("report, groups", "/reports/{groups}"),
)  # fmt: skip
ROWS = {"columns": ["person", "course", "state", "due_on", "progress"], "order": ["due_on", False]}
GROUPS = {"groups": ["unit"], "measures": [["count", ""], ["people", ""], ["average", "progress"]]}
BEGAN = time.monotonic()


@dataclass(frozen=True)
class Cost:
    """What one page costs one manager: statements, processor milliseconds (the median round), kilobytes."""

    statements: int
    cpu: float
    size: float


Costs = dict[tuple[str, str], Cost]


def say(words: str) -> None:
    """Tell what is going on, beside the result."""
    print(f"[{time.monotonic() - BEGAN:4.0f} s] {words}", file=sys.stderr, flush=True)


def main() -> None:
    """Measure, print the table and what missed its aim."""
    parser = argparse.ArgumentParser(prog="bench.large")
    parser.add_argument("--people", type=int, nargs=2, default=(FEW, MANY), metavar=("FEW", "MANY"))
    parser.add_argument("--sqlite", action="store_true", help="measure on SQLite instead of PostgreSQL")
    asked = parser.parse_args()
    signal.signal(signal.SIGTERM, _stop)
    print(f"Machine: {machine.described()}; {'SQLite' if asked.sqlite else 'PostgreSQL'}", flush=True)
    found = []
    for people in asked.people:
        with _academy(asked.sqlite) as (app, database):
            found.append(_measure(app, database, people))
    print(_table(found, asked.people), flush=True)
    print(f"\n{_misses(found)}", flush=True)
    say("done")


def _stop(_number: int, _frame: FrameType | None) -> None:
    raise SystemExit("The bench was stopped.")


@contextmanager
def _academy(sqlite: bool) -> Iterator[tuple[Flask, Database | None]]:
    """Lend an academy over an empty database of its own."""
    with ExitStack() as held:
        folder = Path(held.enter_context(TemporaryDirectory(prefix="academy-bench-")))
        database = None if sqlite else held.enter_context(fresh_database(NAME))
        url = f"sqlite:///{folder / 'large.db'}" if database is None else database.url
        app = scene.academy(url, folder, scene.new_secret())
        try:
            yield app, database
        finally:
            with app.app_context():
                db.engine.dispose()


def _measure(app: Flask, database: Database | None, people: int) -> Costs:
    with app.app_context():
        managers = _fill(people)
        if database is None:
            db.session.execute(text("ANALYZE"))
            db.session.commit()
    if database is not None:
        database.tidy()
    costs: Costs = {}
    for who, (person_id, reports) in managers.items():
        cookie = scene.cookie(app, person_id)
        for name, path in PAGES:
            costs[who, name] = _cost(app, database, Visit(path.format(**reports), "<h1", cookie))
            say(f"{people:,} people, {who}, {name}: {costs[who, name].cpu:.1f} ms")
    return costs


def _fill(people: int) -> dict[str, tuple[int, dict[str, int]]]:
    """Fill the academy; return the two managers with the reports that each of them has built."""
    db.create_all()
    db.session.commit()
    say("the demonstration academy")
    demo(seed=SEED)
    say(f"{people:,} people")
    with transaction():
        crowd(people, seed=SEED, now=clock.now(), say=lambda words: say(words) if "0000 of" in words else None)
    addresses = {"demonstration's manager": demo_accounts.MANAGER.email, "manager of 1,000": f"manager1@{DOMAIN}"}
    with transaction():
        return {name: _manager(email) for name, email in addresses.items()}


def _manager(email: str) -> tuple[int, dict[str, int]]:
    person_id = db.session.scalars(select(Person.id).where(Person.email == email)).one()
    reader = reach.actor_of(person_id)
    if reader is None:
        raise LookupError(email)
    return person_id, {"rows": _report(reader, ROWS), "groups": _report(reader, GROUPS)}


def _report(reader: Actor, document: dict[str, object]) -> int:
    report = services.create(reader, "القياس", "enrolments", at=clock.now())
    services.keep(report, at=clock.now(), **document)
    db.session.flush()
    return report.id


def _cost(app: Flask, database: Database | None, visit: Visit) -> Cost:
    client = app.test_client(use_cookies=False)
    for _ in range(WARM_UP):
        _open(client, visit)
    rounds, answer = [], b""
    for _ in range(ROUNDS):
        before, backends = time.process_time(), _backends(database)
        for _ in range(VISITS):
            answer = _open(client, visit)
        spent = time.process_time() - before + machine.spent(backends, _backends(database))
        rounds.append(spent / VISITS * 1000)
    return Cost(len(statements(app, visit)), median(rounds), len(answer) / 1000)


def _open(client: FlaskClient, visit: Visit) -> bytes:
    response = client.open(visit.path, headers=visit.headers)
    headers = {name.lower(): value for name, value in response.headers.items()}
    return visit.check(Answer(response.status_code, headers, response.get_data())).body


def _backends(database: Database | None) -> dict[int, float]:
    return {} if database is None else machine.cpu_seconds(database.backends())


def _table(found: list[Costs], people: tuple[int, int]) -> str:
    few, many = (f"{count:,}" for count in people)
    head = ("page", "of whom", f"CPU ms, {few}", f"CPU ms, {many}", "times", f"SQL, {few}", f"SQL, {many}", "kB")
    lines = [head, ("---", "---", *["---:"] * 6)]
    for who, name in found[0]:
        small, large = (costs[who, name] for costs in found)
        lines.append((
            name, who, f"{small.cpu:.1f}", f"{large.cpu:.1f}", f"{large.cpu / small.cpu:.2f}", str(small.statements),
            str(large.statements), f"{large.size:.1f}",
        ))  # fmt: skip
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def _misses(found: list[Costs]) -> str:
    small, large = found
    missed = [
        f"{name}, {who}: {cost.statements} statements, {cost.cpu / small[who, name].cpu:.2f} times"
        for (who, name), cost in large.items()
        if cost.statements > MOST_STATEMENTS or cost.cpu > MOST_GROWTH * small[who, name].cpu
    ]
    return "Missed: " + "; ".join(missed) if missed else "Held: at most 8 statements, and nothing grows."


if __name__ == "__main__":
    main()
