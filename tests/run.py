"""`make test`: the house rules, then every test on SQLite, then on PostgreSQL when a server answers."""

import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
BIN = Path(sys.executable).parent
POSTGRES = os.environ.get("TEST_POSTGRES_URL", "postgresql://postgres@127.0.0.1:5432/postgres")
BROWSERS = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")


def say(text: str) -> None:
    print(f"\n== {text}", flush=True)


def run(title: str, *command: object, **environment: str) -> bool:
    say(title)
    began = time.monotonic()
    done = subprocess.run([str(part) for part in command], cwd=ROOT, env={**os.environ, **environment})
    print(
        f"   {title}: {'passed' if done.returncode == 0 else 'FAILED'} in {time.monotonic() - began:.0f} s", flush=True
    )
    return done.returncode == 0


def find_chromium() -> str | None:
    """Return a Chromium: the named one, the system's, one installed from the system's packages, else Playwright's."""
    named = os.environ.get("TEST_CHROMIUM")
    found = named or next((path for name in BROWSERS if (path := shutil.which(name))), None)
    if found:
        return found
    if shutil.which("apt-get") and os.geteuid() == 0:
        say("Installing Chromium from the system's packages")
        quiet = {"stdout": subprocess.DEVNULL}
        subprocess.run(["apt-get", "update", "-qq"], **quiet)
        for name in ("chromium-headless-shell", "chromium"):  # the first draws no window that nobody would see
            subprocess.run(["apt-get", "install", "-y", "-qq", "--no-install-recommends", name], **quiet)
            if found := shutil.which(name):
                return found
    say("Installing Chromium with Playwright")
    if subprocess.run([sys.executable, "-m", "playwright", "install", "chromium"]).returncode == 0:
        return ""
    return None


def find_pdftotext() -> str | None:
    """Return the tool that reads a certificate as a reader would, installed from the system's packages if need be."""
    if not shutil.which("pdftotext") and shutil.which("apt-get") and os.geteuid() == 0:
        say("Installing poppler from the system's packages")
        quiet = {"stdout": subprocess.DEVNULL}
        subprocess.run(["apt-get", "update", "-qq"], **quiet)
        subprocess.run(["apt-get", "install", "-y", "-qq", "--no-install-recommends", "poppler-utils"], **quiet)
    return shutil.which("pdftotext")


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


def main() -> int:
    chromium = find_chromium()
    if chromium is None:
        print("No Chromium could be found or installed: install one and set TEST_CHROMIUM to its path.")
        return 1
    if find_pdftotext() is None:
        print("pdftotext is missing: install poppler-utils.")
        return 1
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)  # many processes read the same code
    run_id = f"{os.getpid()}"
    environment = {"TEST_CHROMIUM": chromium, "TEST_POSTGRES_URL": POSTGRES, "TEST_RUN": run_id}
    # One more than cores: where a test waits for a browser or the server, another goes on.
    processes = str(os.environ.get("TEST_PROCESSES", (os.cpu_count() or 2) + 1))
    spread = ("-n", processes, "--dist", "loadfile", "--no-loadscope-reorder")
    tests = (sys.executable, "-m", "pytest", *spread, "--durations=25", *sys.argv[1:])
    sound = [
        run("House rules: ruff", BIN / "ruff", "check", "."),
        run("House rules: format", BIN / "ruff", "format", "--check", "."),
        run("House rules: imports", BIN / "lint-imports"),
        run("House rules: types", BIN / "mypy"),
        run("Tests on SQLite", *tests, TEST_DATABASE="sqlite", **environment),
    ]
    if postgres_answers():
        print(
            "   How pages look, and every door tried as everybody, are the same here; every other test of a database runs again.",
            flush=True,
        )
        on_postgres = (*tests, "-m", "not appearance and not doors")
        sound.append(run("Tests on PostgreSQL", *on_postgres, TEST_DATABASE="postgresql", **environment))
        drop_databases(run_id)
    elif os.environ.get("TEST_POSTGRES_REQUIRED"):
        print("PostgreSQL is required here and did not answer.")
        sound.append(False)
    else:
        print("SKIPPED: no PostgreSQL answered, so only SQLite was tested. Set TEST_POSTGRES_URL to test it too.")
    say("All is well." if all(sound) else "Something failed; see above.")
    return 0 if all(sound) else 1


if __name__ == "__main__":
    sys.exit(main())
