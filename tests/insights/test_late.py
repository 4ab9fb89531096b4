"""NO7: who is late, for administrators: where the last letter of the ladder leads."""

import pytest

from academy.accounts.models import Organisation
from academy.base.db import db
from tests.factories import accounts as people
from tests.factories import catalogue, learning
from tests.insights.conftest import due_in, named

HERE = "/admin/late"


def names(page):
    return [cell.get_text() for cell in page.select("tbody th a")]


@pytest.fixture
def agency(team):
    return db.session.get(Organisation, team.boss.organisation_id)


def test_an_administrator_sees_who_is_late_with_the_longest_first(visit, team, agency, others):
    later = named("هند القحطاني", "Hind Alqahtani", of=agency)
    learning.assigned(team.course, later, due_in(-9))
    learning.assigned(team.course, team.deep, due_in(3))
    page = visit(people.administrator(agency, everywhere=False)).get(HERE)
    assert names(page) == ["هند القحطاني", "خالد الشمري"]
    assert page.select_one("tbody th a")["href"] == f"/admin/people/{later.id}"
    assert "CANARY" not in page.get_text() and page.select_one("select[name=organisation]") is None


def test_whoever_looks_after_several_organisations_chooses_one(visit, team, others):
    browser = visit(people.administrator())
    assert set(names(browser.get(HERE))) == {"خالد الشمري", "CANARY موظف"}
    assert names(browser.get(f"{HERE}?organisation={team.boss.organisation_id}")) == ["خالد الشمري"]
    assert names(browser.get(f"{HERE}?q=شمري")) == ["خالد الشمري"]
    assert names(browser.get(f"{HERE}?q=xyzzy")) == []


def test_an_organisation_of_others_is_no_choice(visit, team, agency, others):
    page = visit(people.administrator(agency, everywhere=False)).get(
        f"{HERE}?organisation={others.boss.organisation_id}"
    )
    assert names(page) == ["خالد الشمري"]


def test_nobody_late_is_said_so(visit, agency, team):
    learning.assigned(catalogue.course(), team.lead, due_in(2))
    other = people.organisation()
    page = visit(people.administrator(other, everywhere=False)).get(HERE)
    assert not names(page) and page.select_one("table") is None


@pytest.mark.parametrize("who", ["boss", "late"])
def test_it_is_for_administrators_alone(visit, team, who):
    visit(getattr(team, who)).get(HERE, status=403)


def test_it_takes_few_statements(visit, team, agency, statements):
    browser = visit(people.administrator(agency, everywhere=False))
    browser.get(HERE)
    with statements() as seen:
        browser.get(HERE)
    assert len(seen) <= 8
