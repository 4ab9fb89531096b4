"""What every answer says to the browser, what the cookie may do, where redirects lead, what the log never says.

ASVS 3.3, 3.4, 3.5, 3.7.2, 7.2.4, 7.4.1, 13.4, 14.3.2, 16.2.5, 16.5.1.
"""

import io
import logging
import os
import re
from contextlib import contextmanager
from datetime import UTC, datetime

import pytest

from academy.accounts import services as accounts
from academy.app import create_app
from academy.base import clock, storage
from academy.base.db import about_to_write, db
from academy.config import EXAMPLE_SECRET, BadSettings, Settings, load
from academy.web import identity, logs
from tests.conftest import fresh_database
from tests.factories import accounts as people

SECRET = "a-secret-for-tests-only-0123456789abcdef"
GOOD = "نهر هادئ يعبر المدينة القديمة"


@pytest.fixture(scope="module")
def production(the_app, tmp_path_factory):
    """The academy as it runs in production, behind TLS and one proxy, with a person and a page that fails."""
    folder, store, lent = tmp_path_factory.mktemp("production"), storage._store, vars(identity.sources).copy()
    name = f"academy_secure_{os.environ.get('PYTEST_XDIST_WORKER', 'solo')}"
    settings = Settings(
        _env_file=None, mode="production", secret_key=SECRET, data=folder, database_url=fresh_database(name, folder, tables=True),
        base_url="https://academy.example.test", mail_host="mail.example.test", trusted_proxies=1, upload_megabytes=1,
        argon2_time=1, argon2_memory_kib=64,
    )  # fmt: skip
    app = create_app(settings)

    @app.get("/fails")
    def fails():
        db.session.execute(
            db.text("INSERT INTO organisation (key) VALUES (:secret)"), {"secret": "-".join(("canary", "parameter"))}
        )

    @app.get("/busy")
    def busy():
        from sqlalchemy.exc import OperationalError

        raise OperationalError("SELECT 1", {}, Exception("the server closed the connection"))

    with app.app_context():
        about_to_write()
        people.academy()
        who = people.person(email="sara@example.test")
        accounts.set_password(who, GOOD)
        kept = storage.keep(
            storage.check(b"%PDF-1.7 canary", "x.pdf", most=1000), at=clock.now(), by=who.id, audience="public"
        )
        app.extensions["kept"] = kept.key
        db.session.commit()
        db.session.remove()
    yield app
    with app.app_context():
        db.engine.dispose()
    storage._store = store
    vars(identity.sources).update(lent)


@pytest.fixture
def client(production):
    """A browser that comes over TLS."""
    return production.test_client()


def over_tls(client, path, method="get", **kwargs):
    return getattr(client, method)(path, base_url="https://academy.example.test", **kwargs)


def token_in(response) -> str:
    return re.search(r'name="csrf_token"[^>]*value="([^"]+)"', response.get_data(as_text=True)).group(1)


def signed_in(client):
    page = over_tls(client, "/sign-in")
    data = {"email": "sara@example.test", "password": GOOD, "csrf_token": token_in(page)}
    return over_tls(client, "/sign-in", "post", data=data, headers={"Referer": "https://academy.example.test/sign-in"})


ANSWERS = {
    "the sign-in page": ("get", "/sign-in", 200, {}),
    "the front page": ("get", "/", 200, {}),
    "the home page": ("get", "/", 200, {"inside": True}),
    "JSON": ("get", "/health/live", 200, {}),
    "a stylesheet of the database": ("get", "/theme.css", 200, {}),
    "a redirect": ("get", "/account", 302, {}),
    "a page that does not exist": ("get", "/no-such-page", 404, {}),
    "a refusal": ("get", "/admin/people", 403, {"inside": True}),
    "a refusal in JSON": ("get", "/admin/people", 403, {"inside": True, "headers": {"Accept": "application/json"}}),
    "a wrong method": ("delete", "/verify", 405, {}),
    "a form without its token": ("post", "/sign-in", 400, {}),
    "a body that is too large": ("post", "/sign-in", 413, {"data": {"email": "x" * 4_500_000}}),
    "a fault": ("get", "/fails", 500, {}),
    "a database that does not answer": ("get", "/busy", 503, {}),
    "the public register": ("get", "/verify/ABC", 404, {}),
    "an uploaded file": ("get", "/files/{kept}", 200, {}),
}


@pytest.mark.parametrize("name", ANSWERS)
def test_every_kind_of_answer_is_guarded(name, production, client):
    method, path, status, given = ANSWERS[name]
    given = dict(given)
    if given.pop("inside", False):
        assert signed_in(client).status_code == 302
    response = over_tls(client, path.format(kept=production.extensions["kept"]), method, **given)
    headers = response.headers
    assert response.status_code == status
    policy = headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy and "unsafe-inline" not in policy and "unsafe-eval" not in policy
    if "/files/" not in path:
        assert all(
            part in policy
            for part in ("frame-ancestors 'none'", "base-uri 'none'", "object-src 'none'", "form-action 'self'")
        )
        assert re.search(r"script-src 'self' 'nonce-[\w-]{20,}'", policy)
    else:
        assert "sandbox" in policy and "allow-scripts" not in policy
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] in ("same-origin", "no-referrer", "strict-origin")
    assert headers["X-Frame-Options"] == "DENY"
    assert headers["Cross-Origin-Opener-Policy"] == headers["Cross-Origin-Resource-Policy"] == "same-origin"
    assert headers["Strict-Transport-Security"] == "max-age=31536000; includeSubDomains"
    assert "Access-Control-Allow-Origin" not in headers
    if path not in ("/theme.css",) and "/files/" not in path:
        assert "no-store" in headers["Cache-Control"]
    if response.data:
        assert "charset=utf-8" in headers["Content-Type"] or headers["Content-Type"] == "application/pdf"


def test_static_files_are_guarded_too_and_nothing_else_lies_beside_them(client):
    page = over_tls(client, "/sign-in").get_data(as_text=True)
    for path in sorted(set(re.findall(r'(?:href|src)="(/static/[^"#]+)', page)))[:8]:
        response = over_tls(client, path)
        assert response.status_code == 200, path
        assert response.headers["X-Content-Type-Options"] == "nosniff"
        assert "Access-Control-Allow-Origin" not in response.headers
        assert "immutable" in response.headers["Cache-Control"]
    for path in (
        "/static/",
        "/static/x/../../config.py",
        "/static/x/%2e%2e/%2e%2e/app.py",
        "/.git/HEAD",
        "/.env",
        "/_components",
        "/metrics",
        "/console",
    ):
        assert over_tls(client, path).status_code == 404, path


def test_a_nonce_is_never_used_twice_and_a_foreign_origin_is_never_welcomed(client):
    nonces = {
        re.search(r"nonce-([\w-]+)", over_tls(client, "/sign-in").headers["Content-Security-Policy"])[1]
        for _ in range(5)
    }
    assert len(nonces) == 5
    response = over_tls(client, "/sign-in", headers={"Origin": "https://evil.example"})
    assert not [name for name in dict(response.headers) if name.startswith("Access-Control")]


def test_hsts_is_only_promised_over_tls(the_app):
    assert "Strict-Transport-Security" not in the_app.test_client().get("/health/live").headers


def test_the_cookies_cannot_be_read_sent_along_or_planted(client):
    response = signed_in(client)
    cookies = response.headers.getlist("Set-Cookie")
    session = next(cookie for cookie in cookies if cookie.startswith("__Host-academy="))
    for flag in ("Secure", "HttpOnly", "Path=/", "SameSite=Lax"):
        assert flag in session
    assert "Domain" not in session
    assert SECRET not in session and GOOD not in session
    page = over_tls(client, "/sign-in")
    switched = over_tls(client, "/account")
    data = {"language": "en", "csrf_token": token_in(switched)}
    answer = over_tls(client, "/language", "post", data=data, headers={"Referer": "https://academy.example.test/"})
    language = next(cookie for cookie in answer.headers.getlist("Set-Cookie") if cookie.startswith("language="))
    assert all(flag in language for flag in ("Secure", "HttpOnly", "SameSite=Lax"))
    assert page.status_code == 302


def test_a_session_planted_before_signing_in_is_worth_nothing_afterwards(client, production):
    """ASVS 7.2.4: a new session at sign-in; what the cookie held before is dropped."""
    before = production.test_client()
    over_tls(before, "/sign-in")
    planted = before.get_cookie("__Host-academy", domain="academy.example.test")
    client.set_cookie("__Host-academy", planted.value, domain="academy.example.test", secure=True)
    signed_in(client)
    assert client.get_cookie("__Host-academy", domain="academy.example.test").value != planted.value
    assert over_tls(before, "/account").status_code == 302


def test_a_cookie_kept_after_signing_out_opens_nothing(client, production):
    signed_in(client)
    kept = client.get_cookie("__Host-academy", domain="academy.example.test").value
    token = token_in(over_tls(client, "/account"))
    over_tls(
        client, "/sign-out", "post", data={"csrf_token": token}, headers={"Referer": "https://academy.example.test/"}
    )
    thief = production.test_client()
    thief.set_cookie("__Host-academy", kept, domain="academy.example.test", secure=True)
    assert over_tls(thief, "/account").status_code == 302


def test_a_cookie_that_was_tampered_with_opens_nothing(client):
    signed_in(client)
    kept = client.get_cookie("__Host-academy", domain="academy.example.test").value
    for broken in (kept[:-1], kept[:-2] + "AA", kept.split(".")[0], "x", "é", "." * 50, kept.upper(), "a" * 4000):
        client.set_cookie("__Host-academy", broken, domain="academy.example.test", secure=True)
        assert over_tls(client, "/account").status_code == 302, broken[-20:]


def test_suspension_and_a_new_password_end_the_session_at_the_next_request(production):
    with production.app_context():
        about_to_write()
        who = people.person(email="ends@example.test")
        accounts.set_password(who, GOOD)
        db.session.commit()
        tokens = [accounts.start_session(who.id, at=datetime.now(UTC), address=None, browser="x") for _ in range(2)]
        db.session.commit()
        assert all(identity.sources.actor_of(token) for token in tokens)
        first = identity.sources.actor_of(tokens[0])
        accounts.change_password(who, GOOD + " الجميلة", at=clock.now(), keep_session=first.session_id)
        db.session.commit()
        assert identity.sources.actor_of(tokens[0]) and not identity.sources.actor_of(tokens[1])
        accounts.suspend(who, reason="x", actor_id=None, at=clock.now())
        db.session.commit()
        assert not identity.sources.actor_of(tokens[0])
        db.session.remove()


def test_every_form_needs_its_token_and_a_token_of_somebody_else_is_none(client, production):
    """ASVS 3.5.1: also with a stolen token, also as JSON, also when the method is overridden."""
    other = production.test_client()
    foreign = token_in(over_tls(other, "/sign-in"))
    signed_in(client)
    posts = [rule.rule for rule in production.url_map.iter_rules() if "POST" in rule.methods and not rule.arguments]
    posts.remove("/verify/file")  # machines ask, too; it keeps nothing and answers everybody alike
    assert len(posts) > 10
    for path in posts:
        for given in (
            {"data": {}},
            {"data": {"csrf_token": foreign}},
            {"json": {}},
            {"data": {}, "headers": {"X-CSRFToken": foreign}},
            {"data": "csrf_token=", "content_type": "text/plain"},
        ):
            assert over_tls(client, path, "post", **given).status_code == 400, path
    assert over_tls(client, "/account").status_code == 200
    assert over_tls(client, "/sign-out", headers={"X-HTTP-Method-Override": "POST"}).status_code == 405


ELSEWHERE = [
    "//evil.example", "///evil.example", "/\\evil.example", "\\\\evil.example", "https://evil.example", "http:evil.example",
    "https:/evil.example", "HTTPS://evil.example", "javascript:alert(1)", "data:text/html,x", " //evil.example", "\t//evil.example",
    "/\t/evil.example", "/\n/evil.example", "/\r\nLocation: https://evil.example", "\x00//evil.example", "//evil.example@academy.example.test",
    "https://academy.example.test@evil.example", "https://academy.example.test.evil.example", "evil.example", "//%65vil.example",
    "/\u2028/evil.example", "／／evil.example", "%2F%2Fevil.example", "?next=//evil.example", "/%5Cevil.example", "//[::1]", "ftp://evil.example",
]  # fmt: skip


@pytest.mark.parametrize("elsewhere", ELSEWHERE)
def test_no_redirect_leaves_the_academy(elsewhere, production):
    """ASVS 3.7.2: wherever an address to go on to is taken from a request."""
    client = production.test_client()
    page = over_tls(client, "/sign-in", query_string={"next": elsewhere})
    data = {"email": "sara@example.test", "password": GOOD, "csrf_token": token_in(page), "next": elsewhere}
    first = over_tls(client, "/sign-in", "post", data=data, headers={"Referer": "https://academy.example.test/"})
    second = over_tls(client, "/sign-in", query_string={"next": elsewhere})
    token = token_in(over_tls(client, "/account"))
    sent = {"language": "ar", "csrf_token": token, "next": elsewhere}
    third = over_tls(client, "/language", "post", data=sent, headers={"Referer": "https://academy.example.test/"})
    for answer in (first, second, third):
        where = answer.headers["Location"]
        assert answer.status_code == 302
        assert re.match(r"/(?![/\\])", where), where
        assert not set(where) & set("\r\n\t\\") and "\u2028" not in where
        assert where == "/" or "evil.example" not in where.split("?")[0] or where.startswith(("/%", "/\u2028"))


def test_a_false_host_or_forwarded_address_reaches_no_letter_and_no_redirect(production):
    client = production.test_client()
    page = over_tls(client, "/password/forgot")
    data = {"email": "sara@example.test", "csrf_token": token_in(page)}
    headers = {
        "Host": "academy.example.test",
        "X-Forwarded-Host": "evil.example",
        "Referer": "https://academy.example.test/",
    }
    assert "evil" not in over_tls(client, "/password/forgot", "post", data=data, headers=headers).headers["Location"]
    with production.app_context():
        from academy.notices.models import Letter

        letter = db.session.query(Letter).order_by(Letter.id.desc()).first()
        assert letter.address.startswith("https://academy.example.test/password/reset/") and "evil" not in letter.text


def test_a_fault_shows_a_reference_and_tells_the_log_nothing_secret(production, client):
    """ASVS 16.2.5, 16.5.1: the log names the reference; parameters, tokens, passwords and rows stand in neither."""
    with logged() as said:
        response = over_tls(client, "/fails")
        signed_in(client)
        over_tls(client, "/password/reset/canary-token-1234567890")
        over_tls(client, "/invitation/canary-token-1234567890")
    shown, said = response.get_data(as_text=True), said.getvalue()
    assert re.search(r"reference (\w{8})", said)[1] in shown
    assert "Traceback" in said and "IntegrityError" in said
    assert "Traceback" not in shown and "sqlalchemy" not in shown and "INSERT" not in shown
    for secret in ("canary-parameter", "canary-token", GOOD, SECRET, "argon2id"):
        assert secret not in said, secret


@contextmanager
def logged():
    """Collect the log as the academy writes it."""
    written, root = io.StringIO(), logging.getLogger()
    handler, before = logging.StreamHandler(written), root.level
    handler.setFormatter(logs.Guarded("%(levelname)s %(name)s %(message)s"))
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    try:
        yield written
    finally:
        root.removeHandler(handler)
        root.setLevel(before)


def test_a_log_line_is_one_line_whoever_writes_the_address(production, client):
    with logged() as said:
        over_tls(client, "/fails?x=%0d%0aINFO forged")
        over_tls(client, "/no%0d%0aINFO%20forged")
        logging.getLogger("academy").info("somebody typed %s", "a\nINFO forged\r\nERROR too")
    assert not [line for line in said.getvalue().splitlines() if line.startswith(("INFO forged", "ERROR too"))]


WRONG = {
    "SECRET_KEY": [{"SECRET_KEY": EXAMPLE_SECRET}, {"SECRET_KEY": "short"}, {"SECRET_KEY": ""}],
    "DEBUG": [{"DEBUG": "true"}],
    "BASE_URL": [{"BASE_URL": "http://academy.example.test"}],
    "MAIL_HOST": [{"MAIL_HOST": ""}],
    "MODE": [{"MODE": "prod"}],
    "TRUSTED_PROXIES": [{"TRUSTED_PROXIES": "99"}],
    "MAIL_TLS": [{"MAIL_TLS": "ssl3"}],
    "UPLOAD_MEGABYTES": [{"UPLOAD_MEGABYTES": "0"}],
    "SESSION_IDLE_MINUTES": [{"SESSION_IDLE_MINUTES": "0"}],
}


@pytest.mark.parametrize("named", WRONG)
def test_production_does_not_start_with_a_bad_setting_and_names_it(named, monkeypatch, tmp_path):
    """ASVS 6.3.2, 13.4.2: no example secret, no debugging, no plain HTTP; the message never repeats a secret."""
    monkeypatch.chdir(tmp_path)
    good = {
        "MODE": "production",
        "SECRET_KEY": SECRET,
        "BASE_URL": "https://academy.example.test",
        "MAIL_HOST": "mail.example.test",
    }
    for name, value in good.items():
        monkeypatch.setenv(f"ACADEMY_{name}", value)
    assert load().mode == "production"
    for wrong in WRONG[named]:
        with monkeypatch.context() as once:
            for name, value in wrong.items():
                once.setenv(f"ACADEMY_{name}", value)
            with pytest.raises(BadSettings) as refused:
                load()
            assert f"ACADEMY_{named}" in str(refused.value)
            assert SECRET not in str(refused.value) and EXAMPLE_SECRET not in str(refused.value)
