"""The team's pages stay within eight statements and sixty kilobytes, however many people there are."""

from datetime import timedelta

import pytest
from sqlalchemy import insert

from academy.accounts.models import Person
from academy.base import clock
from academy.base.db import db
from academy.competencies import services as competencies
from academy.learning import services as learning
from tests.conftest import NOW
from tests.factories import accounts as people
from tests.factories import catalogue
from tests.factories import competencies as standing
from tests.factories.accounts import LONG_AGO, both


def a_team(size):
    """A unit manager with so many people, each with two courses, one of them overdue."""
    standing.framework()
    top = people.org_unit()
    sub = people.org_unit(parent=top)
    boss = people.manager(top)
    rows = [
        {
            "email": f"member{n}@example.test", "name": both(f"موظف رقم {n} بن طويل الاسم", f"Member {n}"), "search_text": f" {n:05} ",
            "organisation_id": boss.organisation_id, "org_unit_id": sub.id, "state": "active", "created_at": LONG_AGO,
        }
        for n in range(size)
    ]  # fmt: skip
    db.session.execute(insert(Person), rows)
    ids = list(db.session.scalars(db.select(Person.id).where(Person.org_unit_id == sub.id)))
    for days in (-3, 30):
        course = catalogue.course(title=both("قياس تجربة المستفيد وصوته", "Measuring"))
        learning.assign(course.id, ids, by_id=boss.id, due_on=clock.today() + timedelta(days=days), at=NOW)
    competencies.set_profile(ids[0], "frontline", at=NOW)
    return boss, ids


@pytest.mark.parametrize("size", [5, 200])
def test_pages_need_eight_statements_at_most(visit, statements, size):
    boss, ids = a_team(size)
    browser = visit(boss)
    for address in ("/team", "/team?state=overdue&q=00001", "/team/map", f"/team/people/{ids[0]}", "/team/assign"):
        with statements() as seen:
            browser.get(address)
        assert len(seen) <= 8, (address, seen)
    with statements() as seen:
        browser.get("/team/export.csv")
    assert len(seen) <= 8


def test_a_team_of_a_thousand_fits_into_sixty_kilobytes_with_room_to_spare(visit, statements):
    boss, _ = a_team(1_000)
    browser = visit(boss)
    for address in ("/team", "/team?state=overdue", "/team/map", "/team/assign"):
        with statements() as seen:
            browser.get(address)
        assert len(browser.response.data) <= 57_500, (address, len(browser.response.data))
        assert len(seen) <= 8, address


def test_assigning_to_a_thousand_keeps_its_preview_small(visit):
    boss, ids = a_team(1_000)
    course = catalogue.course()
    due = (clock.today() + timedelta(days=9)).isoformat()
    sent = {"course": str(course.id), "whom": "group", "scope": "all", "due_on": due, "step": "preview"}
    browser = visit(boss)
    page = browser.post("/team/assign", sent)
    assert "1,000" in page.select_one(".effect h2").get_text()
    assert len(browser.response.data) <= 60_000
