"""MT1: a partner has a sign-in page of its own look, which tells nobody anything and lets in whoever may come in."""

import pytest

from academy.accounts.services import set_password
from academy.partners import services
from tests.factories import accounts as people
from tests.factories import partners
from tests.factories.accounts import both

GOOD = "نهر هادئ يعبر المدينة القديمة"


@pytest.fixture
def of(app):
    """A partner with a colour."""
    made = partners.partner(name=both("جسور", "Jusoor"))
    services.change_profile(made, colour="#7a1f4f", contacts={}, actor_id=None, at=partners.moment(1))
    return made


def test_a_partners_people_sign_in_under_its_name_and_colour(browser, of):
    who, here = partners.member(of), f"/sign-in/{of.key}"
    set_password(who, GOOD)
    partners.flush()
    page = browser.get(here)
    assert "جسور" in page.words and page.find("html")["data-colour"] == "#7a1f4f"
    sheet = page.find("link", href=lambda to: to and "/theme.css" in to and of.key in to)
    assert "--brand: #7a1f4f" in browser.client.get(sheet["href"]).get_data(as_text=True)
    assert page.find("form", action=here)
    page = browser.post(here, {"email": who.email, "password": "wrong wrong"}, 422)
    assert "جسور" in page.words and page.find("input", attrs={"name": "email"})["value"] == who.email
    browser.post(here, {"email": who.email, "password": GOOD})
    browser.get("/certificates")


@pytest.mark.parametrize("key", ["nothing-there", "agency", "closed", "a" * 300])
def test_any_other_key_is_the_plain_page(browser, of, key):
    people.organisation(key="agency")
    partners.partner(key="closed", active=False)
    plain = browser.get("/sign-in").find("main")
    page = browser.get(f"/sign-in/{key}")
    for part in (plain, page.find("main")):
        for field in part.find_all("input", attrs={"name": "csrf_token"}):
            field["value"] = ""
    assert str(page.find("main")) == str(plain) and page.find("form", action="/sign-in")
    assert browser.client.get(f"/sign-in/{key}/theme.css").get_data() == b""


def test_the_partners_administrator_is_shown_the_address(visit, of):
    page = visit(people.administrator(of, everywhere=False)).get(f"/admin/partners/{of.id}")
    assert any(each.get_text().endswith(f"/sign-in/{of.key}") for each in page.select(".copy-text"))
