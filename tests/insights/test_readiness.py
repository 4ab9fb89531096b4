"""Readiness for the role by unit: what is counted, for whom, and the people behind each figure."""

import pytest
from sqlalchemy import insert

from academy.accounts.models import Person
from academy.base.db import db
from academy.competencies import services as competencies
from tests.conftest import NOW
from tests.factories import accounts as people
from tests.factories import competencies as standing
from tests.factories.accounts import LONG_AGO, both
from tests.insights.conftest import named


@pytest.fixture
def units(app):
    """A unit with a sub-unit and a manager; one person ready, one short, one without evidence, one without a role."""
    standing.framework(targets={"D1.1": 2, "D2.1": 1})
    top = people.org_unit()
    sub = people.org_unit(parent=top)
    boss = people.manager(top)
    boss.language = "en"
    ready, short = named("جاهزة", "Ready one", unit=top), named("ناقص", "Short one", unit=sub)
    lacking, free = named("بلا دليل", "Lacking one", unit=sub), named("بلا دور", "Free one", unit=sub)
    for who in (ready, short, lacking):
        competencies.set_profile(who.id, "frontline", at=NOW)
    for who, key, share in (
        (ready, "D1.1", 1),
        (ready, "D2.1", 1),
        (short, "D1.1", 0),
        (short, "D2.1", 1),
        (lacking, "D2.1", 1),
    ):
        standing.evidence(who, key, share=share, items=12)
    db.session.flush()
    return top, sub, boss, ready, short, lacking, free


def table(page):
    rows = [[cell.get_text(" ", strip=True) for cell in row.select("td, th")] for row in page.select("tbody tr")]
    return {row[0].strip(): [cell.split()[0] for cell in row[1:]] for row in rows}


def test_each_holder_is_counted_in_one_of_three(units, visit):
    top, sub, boss, *_ = units
    found = table(visit(boss).get("/team/readiness"))
    assert found[top.name.en] == found["Everyone below me"] == ["3", "1", "1", "1", "33%", "1"]
    assert found[sub.name.en] == ["2", "0", "1", "1", "0%", "1"]


def test_the_figure_leads_to_its_people_and_their_gaps(units, visit):
    top, sub, boss, ready, short, lacking, free = units
    browser = visit(boss)
    page = browser.get("/team/readiness")
    for link in page.select("tbody td a"):
        if link.get_text(" ", strip=True).split()[0].endswith("%"):
            continue
        count = int(link.get_text(" ", strip=True).split()[0])
        assert len(browser.get(link["href"]).select("tbody tr")) == count, link["href"]
    words = browser.get(f"/team/readiness/people?scope=u{sub.id}&verdict=lacking").words
    assert "Lacking one" in words and "Short one" not in words
    assert "Competency 1-1" in words and "too little evidence for level 2" in words
    words = browser.get("/team/readiness/people?verdict=short").words
    assert "Short one" in words and "level 0 of 2" in words and "Free one" not in words
    assert "Ready one" in browser.get("/team/readiness/people?q=ready").words


def test_only_ones_own_people_are_counted(units, others, visit):
    top, sub, boss, *_ = units
    competencies.set_profile(others.who.id, "frontline", at=NOW)
    browser = visit(boss)
    for address in ("/team/readiness", "/team/readiness/people"):
        assert "CANARY" not in browser.get(address).get_text()
    assert "CANARY" in visit(others.boss).get("/team/readiness/people").get_text()
    stranger = people.org_unit()
    browser.get(f"/team/readiness/people?scope=u{stranger.id}", status=404)
    visit(people.person()).get("/team/readiness", status=403)
    visit(people.person()).get("/team/readiness/people", status=403)


def test_people_outside_of_the_units_led_have_their_own_row(units, visit):
    top, sub, boss, *_ = units
    named("خارج", "Outside one", manager=boss, of=db.session.get(people.Organisation, boss.organisation_id))
    found = table(visit(boss).get("/team/readiness"))
    assert found["My people outside of these units"][-1] == "1" and found["Everyone below me"][-1] == "2"


def test_the_statements_do_not_grow_with_the_people(units, visit, statements):
    top, sub, boss, *_ = units
    browser = visit(boss)

    def ask(address):
        browser.get(address)
        with statements() as seen:
            browser.get(address)
        return len(seen)

    addresses = "/team/readiness", "/team/readiness/people?verdict=lacking"
    few = [ask(address) for address in addresses]
    rows = [
        {
            "email": f"many{n}@example.test", "name": both(f"موظف {n}", f"Member {n}"), "search_text": f" {n:05} ",
            "organisation_id": boss.organisation_id, "org_unit_id": sub.id, "state": "active", "created_at": LONG_AGO,
        }
        for n in range(60)
    ]  # fmt: skip
    db.session.execute(insert(Person), rows)
    for who in db.session.scalars(db.select(Person).where(Person.email.startswith("many"))):
        competencies.set_profile(who.id, "frontline", at=NOW)
    assert [ask(address) for address in addresses] == few
    assert max(few) <= 8
