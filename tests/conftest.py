"""The harness: one application a worker, a transaction a test that is rolled back, and a browser that checks every page."""

import atexit
import gc
import os
import re
import shutil
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from datetime import UTC, datetime
from functools import cache, cached_property
from pathlib import Path

import lxml.html
import pytest
from bs4 import BeautifulSoup
from flask import Flask, g, request_started
from flask.testing import FlaskClient
from hypothesis import settings
from lxml.etree import XPath
from sqlalchemy import Connection, Engine, create_engine, event, text

from academy.accounts import services as accounts
from academy.accounts.models import Person
from academy.app import create_app
from academy.base.db import about_to_write, db, metadata
from academy.config import Settings
from tests.factories import accounts as people
from tests.quick import keep_templates, rarely_look_for_rubbish, wait_for_no_disk
from tests.turns import ALL

REGULAR = {"re": "http://exslt.org/regular-expressions"}
NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
POSTGRES = os.environ.get("TEST_POSTGRES_URL", "postgresql://postgres@127.0.0.1:5432/postgres")
DATABASE = os.environ.get("TEST_DATABASE", "sqlite")
EXAMPLES = 100 if ALL else 25
settings.register_profile("house", deadline=None, max_examples=EXAMPLES, derandomize=bool(os.environ.get("CI")))
settings.load_profile("house")
RUN = os.environ.get("TEST_RUN") or os.environ.get("PYTEST_XDIST_TESTRUNUID", str(os.getpid()))[:8]
_made: set[str] = set()
keep_templates(RUN)
rarely_look_for_rubbish()
wait_for_no_disk()


# One file opens the seeded academy and fills it for all, while the other process attacks; short files come last.
ORDER = ("test_every_page.py", "security", "journeys")


def pytest_collection_modifyitems(config, items) -> None:
    """Begin with the long files, so that no process waits for another at the beginning or at the end.

    On PostgreSQL, run again only what reaches a database.
    """
    items.sort(key=lambda item: _place(item.path))
    if DATABASE != "sqlite":
        run_only(config, items, reaches_database)


def _place(path: Path) -> int:
    named = [ORDER.index(name) for name in (path.name, path.parent.name) if name in ORDER]
    return min(named, default=len(ORDER))


def run_only(config, items, wanted) -> None:
    """Leave out the tests that are not wanted."""
    kept, left = [], []
    for item in items:
        (kept if wanted(item) else left).append(item)
    config.hook.pytest_deselected(items=left)
    items[:] = kept


def reaches_database(item) -> bool:
    """Whether a test reaches a database: by what its file or one of its fixtures can make."""
    makers = [item.function, *(each.func for found in item._fixtureinfo.name2fixturedefs.values() for each in found)]
    return any("settings_for" in each.__globals__ or "fresh_database" in each.__globals__ for each in makers)


def database_name(name: str) -> str:
    """Return the name under which this run keeps a database, so that two runs never meet."""
    return f"{name}_{RUN}"


def postgres_url(name: str) -> str:
    """Return the address of a database of this run on the test server."""
    return re.sub(r"/[^/]*$", f"/{database_name(name)}", POSTGRES)


def pytest_collection_finish() -> None:
    """Look no more at what lives as long as the process."""
    gc.collect()
    gc.freeze()


def pytest_sessionfinish() -> None:
    """Drop the databases that this process made, but for one that others still copy."""
    drop({name for name in _made if "seeded" not in name})


def engine_on(url: str, **options) -> Engine:
    """Return an engine on a database of the test server, by our driver."""
    return create_engine(url.replace("postgresql://", "postgresql+psycopg://"), **options)


def drop(names: set[str]) -> None:
    """Drop these databases of the test server."""
    if not names:
        return
    admin = engine_on(POSTGRES, isolation_level="AUTOCOMMIT")
    with admin.connect() as connection:
        for name in names:
            connection.execute(text(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)'))
    admin.dispose()


def fresh_database(name: str, folder: Path, *, tables: bool | str = False) -> str | None:
    """Make a database of the kind under test: empty, with the tables or a copy of a model; None means SQLite in the folder."""
    copied = _tables() if tables is True else tables
    if DATABASE == "sqlite":
        if copied:
            shutil.copy(copied, folder / "academy.sqlite3")
        return None
    drop({database_name(name)})
    _made.add(database_name(name))
    template = f' TEMPLATE "{copied}"' if copied else ""
    admin = engine_on(POSTGRES, isolation_level="AUTOCOMMIT")
    with admin.connect() as connection:
        connection.execute(text(f'CREATE DATABASE "{database_name(name)}"{template}'))
    admin.dispose()
    return postgres_url(name)


@cache
def _tables() -> str:
    """Make the tables once a test process: to copy them is faster, and takes one lock where making them takes thousands."""

    def make() -> None:
        with db.engine.connect() as connection:
            if DATABASE != "sqlite":
                connection = connection.execution_options(isolation_level="AUTOCOMMIT")
            metadata.create_all(connection)
            connection.commit()

    return model("academy_tables", make)


def model(name: str, make: Callable[[], object], *, tables: bool | str = False) -> str:
    """Make a database of this process to be copied, and return what `settings_for` copies it by."""
    folder = Path(tempfile.mkdtemp())
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return filled(f"{name}_{os.environ.get('PYTEST_XDIST_WORKER', 'solo')}", folder, make, tables=tables)


def filled(name: str, folder: Path, make: Callable[[], object], *, tables: bool | str) -> str:
    """Make a database whose files lie in a folder, and return what `settings_for` copies it by."""
    app = create_app(settings_for(name, folder, tables=tables))
    with app.app_context():
        about_to_write()
        make()
        db.session.remove()
        db.engine.dispose()
    return str(folder / "academy.sqlite3") if DATABASE == "sqlite" else database_name(name)


def settings_for(name: str, folder: Path, *, tables: bool | str = True) -> Settings:
    """Return test settings with a database of their own, which has the tables unless told otherwise: none, or a model."""
    return Settings(
        _env_file=None,
        mode="test",
        secret_key="a-secret-for-tests-only-0123456789abcdef",
        data=folder,
        database_url=fresh_database(name, folder, tables=tables),
        base_url="http://localhost",
        argon2_time=1,
        argon2_memory_kib=64,
    )


@pytest.fixture(scope="session")
def worker() -> str:
    """The name of this test process."""
    return os.environ.get("PYTEST_XDIST_WORKER", "solo")


@pytest.fixture(scope="session")
def the_app(worker, tmp_path_factory) -> Iterator[Flask]:
    """The application over an empty database with its tables."""
    app = create_app(settings_for(f"academy_test_{worker}", tmp_path_factory.mktemp("academy")))
    yield app
    with app.app_context():
        db.engine.dispose()


@pytest.fixture
def app(the_app: Flask) -> Iterator[Flask]:
    """The application inside a transaction that the end of the test rolls back."""
    with undone(the_app):
        yield the_app


@contextmanager
def undone(the_app: Flask) -> Iterator[None]:
    """Open the application inside a transaction that the end rolls back.

    What a module makes once inside one is there for all its tests: each has a savepoint of its own (see `again`).
    """
    with the_app.app_context():
        about_to_write()
        engines = db._app_engines[the_app]
        bind: Engine | Connection = engines[None]
        with nullcontext(bind) if isinstance(bind, Connection) else bind.connect() as connection:
            outer = connection.begin_nested() if connection.in_transaction() else connection.begin()
            engines[None] = connection
            people.academy()
            db.session.flush()
            try:
                with request_started.connected_to(forget_last_request, the_app):
                    yield
            finally:
                db.session.remove()
                engines[None] = bind
                outer.rollback()


def forget_last_request(_sender=None, **_kwargs) -> None:
    """Empty what Flask keeps for one request: in a test all requests share one application context."""
    for name in list(g):
        g.pop(name)


class Page:
    """A page that was opened; only who looks into it pays for reading it."""

    def __init__(self, body: str) -> None:
        self._body = body

    @cached_property
    def soup(self) -> BeautifulSoup:
        """The page, read."""
        return BeautifulSoup(self._body, "lxml")

    def __getattr__(self, name: str):
        return getattr(self.soup, name)

    def __str__(self) -> str:
        return str(self.soup)

    @property
    def words(self) -> str:
        """Return the visible text with single spaces; where a long word may break is no space."""
        if places := self.soup("wbr"):
            for place in places:
                place.unwrap()  # the reader of pages puts what follows inside it
            self.soup.smooth()
        return " ".join(self.soup.get_text(" ").split())


class Browser:
    """A careful visitor: every page it opens is checked for what nobody wants to test by hand."""

    def __init__(self, app: Flask) -> None:
        self.app = app
        self.client: FlaskClient = app.test_client()
        self.person: Person | None = None
        self.response = None
        self._token: tuple[str | None, str] | None = None

    def sign_in(self, person: Person) -> "Browser":
        """Enter as a person."""
        db.session.flush()
        token = accounts.start_session(person.id, at=datetime.now(UTC), address="127.0.0.1", browser="test")
        db.session.flush()
        with self.client.session_transaction() as session:
            session["_user_id"] = token
            session["_fresh"] = True
        self.person = person
        return self

    def get(self, address: str, status: int = 200, **kwargs) -> Page:
        """Open an address and check the page."""
        self._settle()
        return self._answer(self.client.get(address, **kwargs), status)

    def post(
        self, address: str, data: dict | None = None, status: int | None = None, follow: bool = True, **kwargs
    ) -> Page:
        """Send a form as the browser would: with its token, following the redirect."""
        self._settle()
        data = {**(data or {}), "csrf_token": self.csrf_token()}
        response = self.client.post(address, data=data, follow_redirects=follow, **kwargs)
        return self._answer(response, status if status is not None else (200 if follow else 302))

    def send_json(self, address: str, data: dict, status: int = 200) -> dict:
        """Send JSON as our scripts do."""
        self._settle()
        headers = {"X-CSRFToken": self.csrf_token(), "X-Requested-With": "fetch", "Accept": "application/json"}
        response = self.client.post(address, json=data, headers=headers)
        assert response.status_code == status, (response.status_code, response.get_data(as_text=True)[:500])
        return response.get_json(silent=True) or {}

    def csrf_token(self) -> str:
        """Return a token that belongs to this browser's session; made anew only when the session has changed."""
        from flask_wtf.csrf import generate_csrf

        kept = self._session_cookie()
        if self._token and kept == self._token[0]:
            return self._token[1]
        with self.app.test_request_context():
            forget_last_request()
            from flask import session as ours

            with self.client.session_transaction() as theirs:
                ours.update(theirs)
                token = generate_csrf()
                theirs["csrf_token"] = ours["csrf_token"]
        self._token = (self._session_cookie(), token)
        return token

    def _session_cookie(self) -> str | None:
        cookie = self.client.get_cookie(self.app.config["SESSION_COOKIE_NAME"])
        return cookie.value if cookie else None

    def _settle(self) -> None:
        """Keep what the test has prepared even if the answer is a refusal, which rolls back; the end of the test undoes it."""
        db.session.commit()

    def _answer(self, response, status: int) -> Page:
        self.response = response
        body = response.get_data(as_text=True) if response.mimetype.startswith("text/") else ""
        assert response.status_code == status, (
            f"{response.request.path}: {response.status_code}, not {status}\n{body[:1500]}"
        )
        if response.mimetype == "text/html" and body and not 300 <= response.status_code < 400:
            check_page(body, response)
        db.session.expire_all()
        return Page(body)


def check_page(body: str, response) -> None:
    """Hold a page to what every page must be."""
    if "<html" not in body:
        return
    where = response.request.path
    page = lxml.html.document_fromstring(response.get_data(), parser=lxml.html.HTMLParser(encoding="utf-8"))
    check_whole(where, page)
    for wrong_in, fault in FAULTS:
        assert not (found := wrong_in(page)), (
            f"{where}: {fault}: {lxml.html.tostring(found[0], encoding='unicode')[:300]}"
        )
    labelled = {label.get("for") for label in page.iter("label")}
    for control in unlabelled(page):
        assert control.get("id") in labelled or any(True for _ in control.iterancestors("label")), (
            f"{where}: a control without label: {control.get('name')}"
        )
    assert "Content-Security-Policy" in response.headers


def check_whole(where: str, page) -> None:
    """Hold a page to one heading that its title repeats, after a word of an error if there is one, ids of one element each, and a language."""
    headings = [_said(each) for each in page.iter("h1")]
    assert len(headings) == 1, f"{where} has {len(headings)} h1 headings"
    title = _said(next(page.iter("title")))
    assert re.sub(r"^(خطأ|Error): ", "", title).startswith(headings[0]), (
        f"{where}: the title «{title}» does not begin with the heading «{headings[0]}»"
    )
    ids = Counter(page.xpath("//@id"))
    assert len(ids) == ids.total(), (
        f"{where}: two elements share an id: {sorted(each for each, times in ids.items() if times > 1)}"
    )
    assert page.get("lang") in {"ar", "en"} and page.get("dir") in {"rtl", "ltr"}


def _said(element) -> str:
    return " ".join(" ".join(element.itertext()).split())


unlabelled = XPath(
    "(//input|//select|//textarea)[not(@type='hidden' or @type='submit')]"
    "[not(normalize-space(@aria-label) or normalize-space(@aria-labelledby))]"
)
_bare = XPath(
    "(//button|//a[@href])[not(@aria-hidden='true')][not(normalize-space(@aria-label) or normalize-space(@aria-labelledby))]"
)


def nameless(page) -> list:
    """The links and buttons of which a voice could say nothing."""
    speaking = ".//img[@alt!='']|.//*[@aria-label]|.//title"
    return [each for each in _bare(page) if not (_said(each) or each.xpath(speaking))]


FAULTS = (
    (XPath("//form[not(@action)]"), "a form without action"),
    (XPath("//img[not(@alt)]"), "an image without alt"),
    (XPath("//style|//*[@style or @onclick or @onchange or @onsubmit]"), "inline style or handler breaks the CSP"),
    (XPath("//script[not(@src!='' or @nonce!='' or @type='application/json')]"), "a script without nonce"),
    (
        XPath("//*[starts-with(@src, 'http') or starts-with(@src, '//')]|//link[starts-with(@href, 'http')]"),
        "a third-party address",
    ),
    (
        XPath("//form[re:test(@method, '^post$', 'i')][not(.//*[@name='csrf_token'])]", namespaces=REGULAR),
        "a POST form without its token",
    ),
    (nameless, "a link or button without a name"),
    (
        XPath(
            "//nav[not(@aria-label!='' or @aria-labelledby!='' or @role='presentation')]"
            "|//table[not(@aria-label!='' or @aria-labelledby!='' or @role='presentation')][not(caption)]"
        ),
        "a table without caption or a navigation without name",  # a voice could not tell it from the others
    ),
    (
        XPath(
            "//table[not(@role='presentation')][not(ancestor::*[re:test(@class, '(^| )(prose|item-body)( |$)')])]"
            "/tbody/tr[count(*) > 1][not(th[@scope='row'])]",
            namespaces=REGULAR,
        ),
        "a row that no heading names",  # a voice would read its cells and not say whose they are; authors' own tables go as written
    ),
)


@pytest.fixture
def browser(app: Flask) -> Browser:
    """A visitor who has not signed in; reads Arabic."""
    return Browser(app)


@pytest.fixture
def visit(app: Flask):
    """Make a browser that is signed in as the given person."""
    return lambda person: Browser(app).sign_in(person)


@contextmanager
def counted() -> Iterator[list[str]]:
    """Collect the SQL statements of a block, without those that link what an act or a reading left in the trail."""
    seen: list[str] = []
    bind = db.engine
    engine = getattr(bind, "engine", bind)

    def note(_connection, _cursor, statement, *_rest) -> None:
        links = "audit_link" in statement or "pg_advisory_xact_lock" in statement
        if not links and not statement.startswith(("SAVEPOINT", "RELEASE", "ROLLBACK", "BEGIN", "PRAGMA")):
            seen.append(statement)

    event.listen(engine, "before_cursor_execute", note)
    try:
        yield seen
    finally:
        event.remove(engine, "before_cursor_execute", note)


@pytest.fixture
def statements():
    """Count SQL statements: `with statements() as seen: …; assert len(seen) <= 8`."""
    return counted
