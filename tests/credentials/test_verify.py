"""The public register as a stranger meets it: forgiving about spelling, silent about everything else, hard to search."""

from datetime import timedelta

import pytest
import time_machine
from sqlalchemy import func, select

from academy.base.db import db
from academy.base.throttle import Try
from academy.credentials import services
from academy.credentials.models import Certificate
from academy.credentials.routes.register import MISSES
from tests.concurrency import crowd_app, prepared  # noqa: F401
from tests.conftest import NOW
from tests.factories import accounts as people
from tests.factories import catalogue, credentials
from tests.factories.accounts import both
from tests.factories.credentials import DONE_AT

UNKNOWN = "0" * 27
MALFORMED = [
    "0",
    "7KQ2M",
    "؟؟؟",
    "a" * 150,
    "' OR 1=1 --",
    "<script>alert(1)</script>",
    "%00",
    "null",
    "../admin",
    "{{7*7}}",
]


@pytest.fixture(autouse=True)
def today():
    """The day of the tests."""
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def certificate(app) -> Certificate:
    """A certificate whose holder has things that are nobody's business."""
    home, owner = (
        people.organisation(name=both("جهة سرية", "CANARY-home")),
        people.organisation(name=both("وكالة الإصدار", "Issuer")),
    )
    holder = people.person(
        of=home, name=both("نورة العتيبي", "Noura Alotaibi"), email="canary@example.test", mobile="+966500000001",
        employee_number="CANARY-77",
    )  # fmt: skip
    course = catalogue.course(owner, title=both("قياس التجربة", "Measuring experience"), validity_months=24)
    return credentials.certificate(holder, course)


def test_the_address_that_is_printed_on_the_paper_is_understood(browser, certificate):
    for typed in (
        "https://academy.example/verify/{}",
        "academy.example/verify/{}?x=1",
        "https://a.example/verify/ {}/",
    ):
        page = browser.get("/verify", query_string={"number": typed.format(certificate.number)})
        assert "هذه الشهادة سارية" in page.words
    assert browser.get("/verify", query_string={"number": "https://a.example/verify/"}, status=404)


def test_a_stranger_sees_holder_credential_issuer_dates_and_state_and_nothing_else(browser, certificate):
    page = browser.get(f"/verify/{certificate.number}")
    main = " ".join(page.select_one("main").get_text(" ").split())
    for said in (
        "نورة العتيبي",
        "قياس التجربة",
        "وكالة الإصدار",
        "هذه الشهادة سارية",
        "2026",
        "2028",
        certificate.number,
    ):
        assert said in main
    source = browser.response.get_data(as_text=True)
    for secret in ("CANARY", "canary", "966500000001", "جهة سرية"):
        assert secret not in source


def test_every_fact_of_the_paper_can_be_compared_in_both_languages(app, browser):
    """CE2: a title, an issuer or hours that were edited in either language of the paper show beside what was issued."""
    owner = people.organisation(name=both("وكالة الإصدار", "Issuer"))
    course = catalogue.course(owner, title=both("قياس التجربة", "Measuring experience"), hours=13)
    certificate = credentials.certificate(people.person(), course)
    for language in ("ar", "en"):
        browser.client.set_cookie("language", language)
        words = browser.get(f"/verify/{certificate.number}").words
        for said in ("قياس التجربة", "Measuring experience", "وكالة الإصدار", "Issuer", "13"):
            assert said in words, (language, said)
    browser.get(f"/verify/{certificate.number}", headers={"Accept": "application/json"})
    assert browser.response.get_json()["hours"] == 13


def test_the_register_speaks_english_too(browser, certificate):
    browser.client.set_cookie("language", "en")
    page = browser.get(f"/verify/{certificate.number}")
    assert "This certificate is valid" in page.words and "Noura Alotaibi" in page.words


@pytest.mark.parametrize(
    "spell", [str.lower, lambda n: n.replace("-", ""), lambda n: n.replace("-", " "), lambda n: f"  {n}\u200f "]
)
def test_the_number_may_be_spelled_in_any_usual_way(browser, certificate, spell):
    page = browser.get("/verify", query_string={"number": spell(certificate.number)})
    assert "هذه الشهادة سارية" in page.words


def test_the_printed_address_leads_to_it(browser, certificate):
    address = certificate.facts["verify_url"].removeprefix("http://localhost")
    assert "هذه الشهادة سارية" in browser.get(address).words


def test_an_expired_one_says_when_it_ended(app, browser):
    row = credentials.certificate(at=NOW - timedelta(days=60), validity_months=1)
    page = browser.get(f"/verify/{row.number}")
    assert "انتهت صلاحية هذه الشهادة" in page.words
    assert "24 أكتوبر 2026" in page.words


def test_the_last_day_still_counts(app, browser):
    row = credentials.certificate(at=NOW.replace(month=10), validity_months=1)
    assert row.expires_on == NOW.date()
    assert "هذه الشهادة سارية" in browser.get(f"/verify/{row.number}").words


def test_a_revoked_one_says_so_with_its_day_and_the_class_of_the_reason_only(browser, certificate):
    credentials.revoked(certificate, reason_class="integrity")
    page = browser.get(f"/verify/{certificate.number}")
    assert "سُحبت هذه الشهادة" in page.words and "مخالفة ضوابط التقييم" in page.words and "6 نوفمبر 2026" in page.words
    assert "سبب داخلي" not in browser.response.get_data(as_text=True)


def test_without_a_number_there_is_a_form(browser):
    page = browser.get("/verify")
    assert page.select_one("form[action='/verify'] input[name=number]")
    assert db.session.scalar(select(func.count()).select_from(Try)) == 0


@pytest.mark.parametrize("typed", MALFORMED)
def test_unknown_and_malformed_numbers_answer_alike(browser, certificate, typed):
    unknown = browser.get("/verify", 404, query_string={"number": UNKNOWN})
    malformed = browser.get("/verify", 404, query_string={"number": typed})
    assert malformed.h1.get_text() == unknown.h1.get_text()
    said = [page.select_one("#number-error").get_text(" ", strip=True) for page in (unknown, malformed)]
    assert said[0] == said[1]
    field = malformed.select_one("input[name=number][aria-invalid=true]")
    assert "number-error" in field["aria-describedby"].split() and not malformed.select("main [role=alert]")
    assert malformed.select_one("input[name=number]")["value"] == typed[:100]


def test_an_unknown_number_in_the_address_gives_the_form_again(browser, app):
    page = browser.get(f"/verify/{UNKNOWN}", 404)
    assert page.select_one("form[action='/verify'] input[name=number]")["value"] == UNKNOWN


def test_a_control_character_is_no_accident(browser, app):
    browser.get("/verify/%00%E2%80%AE", 404)
    browser.get("/verify", 404, query_string={"number": "\u0000\u202eabc"})


def test_guessing_is_stopped_for_that_address_and_for_a_while(crowd_app):  # noqa: F811
    """The count survives the refusals; whoever asks from elsewhere is not harmed."""
    with prepared(crowd_app):
        known = f"/verify/{credentials.certificate().number}"
    client = crowd_app.test_client()
    answers = [client.get(f"/verify/{UNKNOWN}").status_code for _ in range(MISSES - 1)]
    answers += [client.get(known).status_code, client.get("/verify/abc").status_code]
    assert answers == [404] * (MISSES - 1) + [200, 404]
    for address in (f"/verify/{UNKNOWN}", "/verify?number=abc", known):
        refused = client.get(address)
        assert refused.status_code == 429 and refused.headers["Retry-After"] == "600"
        assert "بعد عشر دقائق" in refused.get_data(as_text=True)
    assert client.get(known, headers={"Accept": "application/json"}).get_json()["status"] == 429
    assert client.get(known, environ_base={"REMOTE_ADDR": "203.0.113.9"}).status_code == 200
    with time_machine.travel(NOW + timedelta(minutes=11), tick=False):
        assert client.get(known).status_code == 200


def test_honest_use_is_never_counted(browser, certificate):
    for _ in range(MISSES + 5):
        browser.get(f"/verify/{certificate.number}")
    assert db.session.scalar(select(func.count()).select_from(Try)) == 0


def test_a_program_reads_the_answer_as_json(browser, certificate):
    asked = {"headers": {"Accept": "application/json"}}
    browser.get(f"/verify/{certificate.number}", **asked)
    assert browser.response.get_json() == {
        "number": certificate.number,
        "state": "valid",
        "holder": {"ar": "نورة العتيبي", "en": "Noura Alotaibi"},
        "credential": {"ar": "قياس التجربة", "en": "Measuring experience"},
        "issuer": {"ar": "وكالة الإصدار", "en": "Issuer"},
        "hours": None,
        "issued_on": "2026-11-03",
        "valid_until": "2028-11-03",
        "revoked_on": None,
        "revoked_because": None,
        "held_because": None,
        "earlier": None,
        "replaces": None,
        "replaced_by": None,
    }
    services.revoke(certificate.id, reason_class="error", reason="سبب", actor_id=1, at=DONE_AT)
    browser.get(f"/verify/{certificate.number}", **asked)
    answer = browser.response.get_json()
    assert (answer["state"], answer["revoked_on"], answer["revoked_because"]) == ("revoked", "2026-11-03", "error")
    for typed in (UNKNOWN, "7KQ2M"):
        browser.get(f"/verify/{typed}", 404, **asked)
        assert browser.response.get_json()["status"] == 404
    assert "Accept" in browser.response.headers["Vary"]


@pytest.mark.parametrize("address", ["/verify", f"/verify/{UNKNOWN}", "{own}"])
def test_no_search_engine_keeps_it(browser, certificate, address):
    page = browser.get(address.format(own=f"/verify/{certificate.number}"), 404 if UNKNOWN in address else 200)
    assert browser.response.headers["X-Robots-Tag"] == "noindex, nofollow"
    assert page.select_one("meta[name=robots]")["content"] == "noindex, nofollow"
    assert "no-store" in browser.response.headers["Cache-Control"]


def test_it_takes_few_statements(browser, certificate, statements):
    with statements() as seen:
        browser.get(f"/verify/{certificate.number}")
    assert len(seen) <= 4
    with statements() as seen:
        browser.get(f"/verify/{UNKNOWN}", 404)
    assert len(seen) <= 7


@pytest.mark.parametrize("name", ["<b>bold</b>", "{{7*7}}", "O'Brien", "نورة 👩‍👧", "م" * 255])
def test_a_name_is_shown_as_it_is(app, browser, name):
    row = credentials.certificate(people.person(name=both(name, "")))
    assert browser.get(f"/verify/{row.number}").select_one(".register-name").get_text(strip=True) == name
