"""Everyone's own side: what they see of themselves, and how they like to read."""

import re

import pytest

from academy.accounts import services
from academy.accounts.models import Person
from academy.base.access import TABLE
from academy.base.db import db
from academy.base.errors import Invalid
from academy.web import navigation
from tests.factories import accounts as people

OWN = ["/account", "/account/password", "/account/sessions"]
POSTED = [*OWN[:2], "/account/sessions/end-others", "/account/sessions/1/end"]


@pytest.mark.parametrize("path", OWN)
def test_a_stranger_is_asked_to_sign_in(app, browser, path):
    browser.get(path, status=302)
    assert browser.response.headers["Location"] == f"/sign-in?next={path}"


@pytest.mark.parametrize("path", POSTED)
def test_a_stranger_changes_nothing(app, browser, path):
    browser.post(path, status=302, follow=False)
    assert browser.response.headers["Location"].startswith("/sign-in")


@pytest.mark.parametrize("path", OWN)
@pytest.mark.parametrize(("language", "way"), [("ar", "rtl"), ("en", "ltr")])
def test_every_page_speaks_the_persons_language(app, visit, path, language, way):
    page = visit(people.person(language=language)).get(path)
    assert page.html["lang"] == language and page.html["dir"] == way


def test_a_person_sees_their_record_and_cannot_rename_themselves(app, visit):
    unit = people.org_unit()
    who = people.person(
        unit=unit, name=people.both("ريم <b>القحطاني", "Reem O'Brien"), mobile="+966500000001",
        job_title=people.both("أخصائية تجربة عميل", "CX specialist"),
    )  # fmt: skip
    page = visit(who).get("/account")
    for said in ("ريم <b>القحطاني", who.email, "+966500000001", "أخصائية تجربة عميل", unit.name.ar):
        assert said in page.words
    values = {
        "language": "ar",
        "digits": "latn",
        "calendar": "both",
        "name": "آخر",
        "email": "other@example.test",
        "state": "active",
    }
    visit(who).post("/account", {**values, "organisation_id": "1"})
    kept = db.session.get(Person, who.id)
    assert (kept.name.ar, kept.email) == ("ريم <b>القحطاني", who.email)


def test_preferences_are_kept_and_shown_at_once(app, visit):
    who = people.person()
    browser = visit(who)
    page = browser.post("/account", {"language": "en", "digits": "arab", "calendar": "hijri"})
    assert page.html["lang"] == "en" and "Saved." in page.words
    assert page.select_one("input[name=digits][checked]")["value"] == "arab"
    kept = db.session.get(Person, who.id)
    assert (kept.language, kept.digits, kept.calendar) == ("en", "arab", "hijri")
    words = browser.get("/account/sessions").words
    assert "AH" in words and not re.search("[٠-٩]", words), "the digits are chosen for Arabic alone"
    browser.post("/account", {"language": "ar", "digits": "arab", "calendar": "hijri"})
    page = browser.get("/account/sessions")
    assert re.search("[٠-٩]", page.words) and page.html["data-digits"] == "arab"
    browser.post("/account", {"language": "en", "digits": "arab", "calendar": "hijri"})
    browser.post("/sign-out", status=302, follow=False)
    assert browser.get("/sign-in").html["lang"] == "en"


@pytest.mark.parametrize("name", ["language", "digits", "calendar"])
@pytest.mark.parametrize("odd", ["", "null", "<b>", "{{7*7}}", "\x00", "ar'--", "x" * 100_000])
def test_values_that_are_not_listed_are_refused(app, visit, name, odd):
    who = people.person()
    values = {"language": "en", "digits": "arab", "calendar": "hijri", name: odd}
    page = visit(who).post("/account", values, status=422)
    assert page.select_one(".wrong")
    assert db.session.get(Person, who.id).calendar == "both"


def test_the_service_refuses_them_too(app):
    with pytest.raises(Invalid):
        services.set_preferences(people.person(), language="fr", digits="latn", calendar="both")


def test_the_menu_leads_to_the_own_side(app, visit):
    page = visit(people.person()).get("/account")
    assert page.select_one(".menu-list a[href='/account']") and len(page.select("nav.sidenav a")) == 6
    assert [a["href"] for a in page.select("nav.sidenav a[aria-current=page]")] == ["/account"]
    assert "user:accounts.preferences" in navigation._entries


@pytest.mark.parametrize("path", OWN)
def test_the_pages_cost_few_statements(app, visit, statements, path):
    browser = visit(people.person(unit=people.org_unit()))
    with statements() as seen:
        browser.get(path)
    assert len(seen) <= 8, seen


def test_the_permissions_say_what_they_mean():
    assert {"accounts:self:edit", "accounts:session:end"} <= TABLE.keys()
