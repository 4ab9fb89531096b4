"""The manager: sees the team, narrows it down, assigns with a Hijri date, reminds, and takes the figures along."""

import pytest
from playwright.sync_api import expect
from sqlalchemy import select

from academy.accounts.models import Person
from academy.base.db import db
from academy.base.text import LocalizedText
from academy.devdata import accounts as demo
from academy.learning.models import Enrolment
from tests.journeys.knowing import arabic, person_id
from tests.journeys.office import Assigning, Team, sheet_of, table_of
from tests.journeys.pages import Home
from tests.journeys.visitor import NARROW

pytestmark = [pytest.mark.browser, pytest.mark.timeout(240)]
TRICK = "=1+1"


def test_a_manager_assigns_by_a_hijri_date_and_the_learner_is_told(academy, person):
    manager = person().sign_in(demo.MANAGER)
    Team.of(manager).check()
    form = Assigning.of(manager).choose_course("أسس تجربة العميل الحكومية")
    form.fill("due_on", "١٢/٩/١٤٤٨").fill("note", "نلتقي بعد رمضان")
    form.tick("سلمان الحربى", demo.NEWCOMER.name.ar).check()
    form.step("preview").says("12 رمضان 1448", demo.NEWCOMER.name.ar).check()
    form.step("edit")
    expect(form.find("[name=note]")).to_have_value("نلتقي بعد رمضان")
    form.step("preview").step("confirm").says("أُسند")
    newcomer = person_id(academy, demo.NEWCOMER)
    with academy.inside():
        due = db.session.scalars(select(Enrolment.due_on).where(Enrolment.learner_id == newcomer)).all()
    assert [day.isoformat() for day in due] == ["2027-02-19"]

    academy.work()
    learner = person().sign_in(demo.NEWCOMER)
    Home.of(learner).says("أسس تجربة العميل الحكومية", "رمضان").check()
    learner.open("/notices")
    Home(learner).says("نلتقي بعد رمضان").check()


def test_a_manager_narrows_the_team_down_and_reminds_once_a_day(academy, person):
    manager = person().sign_in(demo.MANAGER)
    team = Team.of(manager).show("overdue")
    expect(team.rows().locator(".chip.bad").first).to_be_visible()
    assert team.rows().locator(".chip.bad").count() == team.rows().count() > 0
    name = team.rows().first.locator("a").first.inner_text()
    team.search(name)
    assert set(team.rows().locator("a.quiet-link").all_inner_texts()) == {name}
    team.press_and_arrive(team.rows().first.locator("button[name=enrolment]"))
    team.says(arabic("The reminder is on its way."), arabic("Reminded today")).check()
    Team.of(manager).search("نوره العتيبى")  # without hamza and dots: found all the same
    assert team.rows().count() >= 2
    academy.work()


def test_exports_keep_arabic_and_disarm_formulas(academy, person):
    with academy.inside():
        member = db.session.scalars(select(Person).where(Person.email == demo.EMPLOYEE.email)).one()
        member.name = LocalizedText(TRICK, "Noura")
    manager = person().sign_in(demo.MANAGER)
    team = Team.of(manager)
    table, sheet = table_of(team.export("csv")), sheet_of(Team.of(manager).export("xlsx"))
    assert len(table) == len(sheet) > 20
    assert table[0] == sheet[0] and table[0][0] == arabic("Name")
    named = [row[0] for row in table[1:] if row[1] == demo.EMPLOYEE.email]
    assert named and all(name == "'" + TRICK for name in named)
    assert {str(row[0]).lstrip("'") for row in sheet[1:] if row[1] == demo.EMPLOYEE.email} == {TRICK}
    assert any("أسس تجربة العميل" in row[5] for row in table[1:])


def test_a_place_of_the_team_is_short_on_a_phone(academy, person):
    """The act stands beside name and course, and a place fits several times on a screen; nothing of what is known is left out."""
    visitor = person(viewport=NARROW).sign_in(demo.MANAGER)
    visitor.open("/team?state=overdue")
    visitor.check()
    places = visitor.page.locator("#follow-up tbody tr")
    assert places.count() > 1
    for place in places.all():
        assert place.bounding_box()["height"] < 230
        name, act = place.locator("th").bounding_box(), place.locator(".acts > *").first.bounding_box()
        assert abs(name["y"] - act["y"]) < 40
        for part in (".chip", ".progress-line small", "td:nth-child(5)"):
            expect(place.locator(part).first).to_be_visible()
