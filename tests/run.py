"""`make test`: the house rules, every test on SQLite, and on PostgreSQL, when a server answers, what asks it all that any test asks."""

import os
import shutil
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.asked import choose
from tests.packages import BROWSERS, READER, READER_PACKAGE

ROOT = Path(__file__).resolve().parent.parent
BIN = Path(sys.executable).parent
POSTGRES = os.environ.get("TEST_POSTGRES_URL", "postgresql://postgres@127.0.0.1:5432/postgres")


def say(text: str) -> None:
    print(f"\n== {text}", flush=True)


def run(title: str, *command: object, **environment: str) -> bool:
    say(title)
    began = time.monotonic()
    done = subprocess.run([str(part) for part in command], cwd=ROOT, env={**os.environ, **environment})
    return told(title, done.returncode == 0, began)


def checked(title: str, *command: object) -> bool:
    """Run a command beside the tests; what it says is shown when it fails."""
    began = time.monotonic()
    done = subprocess.run([str(part) for part in command], cwd=ROOT, capture_output=True, text=True)
    if done.returncode:
        print(f"\n{done.stdout}{done.stderr}", flush=True)
    return told(title, done.returncode == 0, began)


def told(title: str, passed: bool, began: float) -> bool:
    print(f"   {title}: {'passed' if passed else 'FAILED'} in {time.monotonic() - began:.0f} s", flush=True)
    return passed


def find_chromium() -> str | None:
    """Return a Chromium: the named one, the system's, else Playwright's."""
    named = os.environ.get("TEST_CHROMIUM")
    if found := named or next((path for name in BROWSERS if (path := shutil.which(name))), None):
        return found
    say("Installing Chromium with Playwright")
    if subprocess.run([sys.executable, "-m", "playwright", "install", "chromium"]).returncode == 0:
        return ""
    return None


def postgres_answers() -> bool:
    import psycopg

    try:
        psycopg.connect(POSTGRES, connect_timeout=3).close()
    except psycopg.OperationalError as error:
        print(f"   PostgreSQL does not answer: {str(error).splitlines()[0]}", flush=True)
        return False
    return True


def drop_databases(run_id: str) -> None:
    """Drop what the tests of this run have left on the server."""
    import psycopg

    with psycopg.connect(POSTGRES, autocommit=True) as connection:
        left = connection.execute(
            "SELECT datname FROM pg_database WHERE datname LIKE %s", (f"academy%\\_{run_id}",)
        ).fetchall()
        for (name,) in left:
            connection.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


def house_rules() -> bool:
    """Check the house rules one after another; all of them, whatever the first ones say."""
    return all([
        checked("House rules: ruff", BIN / "ruff", "check", "."),
        checked("House rules: format", BIN / "ruff", "format", "--check", "."),
        checked("House rules: imports", BIN / "lint-imports"),
        checked("House rules: types", BIN / "mypy"),
    ])  # fmt: skip


def asking_again(noted: Path) -> list[str]:
    """Return the fewest tests that ask PostgreSQL what SQLite was asked; none, for all of them, if TEST_REPEAT is "all"."""
    if os.environ.get("TEST_REPEAT") == "all":
        return []
    chosen = choose(noted)
    print(
        f"   {len(chosen)} tests ask PostgreSQL all that SQLite was asked (TEST_REPEAT=all runs the others too).",
        flush=True,
    )
    return chosen


def main() -> int:
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)  # many processes read the same code
    with TemporaryDirectory() as noted, ThreadPoolExecutor(2) as beside:
        rules = beside.submit(house_rules)
        compiling = (sys.executable, "-m", "pytest", "-q", "--collect-only", *sys.argv[1:])
        compiled = beside.submit(checked, "Tests compiled", *compiling)  # once, not by each process
        chromium = find_chromium()
        if chromium is None:
            print("No Chromium could be found or installed: install one and set TEST_CHROMIUM to its path.")
            return 1
        if not shutil.which(READER):
            print(f"{READER} is missing: install {READER_PACKAGE}.")
            return 1
        compiled.result()
        sound = [tested(chromium, Path(noted)), rules.result()]
    say("All is well." if all(sound) else "Something failed; see above.")
    return 0 if all(sound) else 1


def spread_over(processes: int) -> tuple[str, ...]:
    """Return the command that spreads the tests over so many processes, or over TEST_PROCESSES."""
    spread = ("-n", os.environ.get("TEST_PROCESSES", str(processes)), "--dist", "loadfile", "--no-loadscope-reorder")
    return (sys.executable, "-m", "pytest", "-p", "tests.asked", *spread, "--durations=25", *sys.argv[1:])


def tested(chromium: str, noted: Path) -> bool:
    """Run every test on SQLite, and on PostgreSQL, when it answers, what asks it all that SQLite was asked."""
    run_id = f"{os.getpid()}"
    environment = {"TEST_CHROMIUM": chromium, "TEST_POSTGRES_URL": POSTGRES, "TEST_RUN": run_id}
    then = {"TEST_THEN": "postgresql"} if postgres_answers() else {}
    cores = max(os.cpu_count() or 2, 2)
    academies = {"sqlite": str(noted / "seeded"), "postgresql": str(noted / "seeded_again")}
    notes = {"TEST_ASKED": str(noted), "TEST_SEEDED": academies["sqlite"]}
    # One process more than cores where many tests wait for a browser; where few do, one more only makes all take turns.
    sound = run("Tests on SQLite", *spread_over(cores + 1), TEST_DATABASE="sqlite", **notes, **then, **environment)
    if then:
        again = asking_again(noted)
        (noted / "again.txt").write_text("\n".join(again))
        environment |= {"TEST_FILLED": academies["sqlite"], "TEST_SEEDED": academies["postgresql"]}
        environment |= {"TEST_DATABASE": "postgresql"} | ({"TEST_AGAIN": str(noted / "again.txt")} if again else {})
        files = [] if sys.argv[1:] else sorted({test.partition("::")[0] for test in again})
        sound = (
            run("Tests on PostgreSQL", *spread_over(cores), "-m", "not appearance and not doors", *files, **environment)
            and sound
        )
        drop_databases(run_id)
        return sound
    if os.environ.get("TEST_POSTGRES_REQUIRED"):
        print("PostgreSQL is required here and did not answer.")
        return False
    print("SKIPPED: no PostgreSQL answered, so only SQLite was tested. Set TEST_POSTGRES_URL to test it too.")
    return sound


if __name__ == "__main__":
    sys.exit(main())
