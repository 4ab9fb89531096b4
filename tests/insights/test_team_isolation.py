"""Organisations never see each other's people: every page, search, export and act, tried as the wrong person."""

import pytest

from academy.base.db import db
from academy.base.spreadsheets import read_table
from academy.learning.models import Enrolment
from tests.factories import accounts as people
from tests.insights.conftest import due_in

PAGES = ("/team", "/team?scope=direct", "/team?q=CANARY", "/team/map", "/team/map?q=CANARY", "/team/assign")


@pytest.mark.parametrize("address", PAGES)
def test_no_page_names_people_of_others(visit, team, others, address):
    page = visit(team.boss).get(address)
    assert "CANARY" not in page.select_one("main").get_text()


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_no_export_holds_people_of_others(visit, team, others, kind):
    browser = visit(team.boss)
    browser.get(f"/team/export.{kind}")
    table = read_table(browser.response.data, f"team.{kind}")
    assert len(table.rows) == 1
    assert "CANARY" not in str(table.rows)


def test_a_search_for_people_to_assign_finds_nobody_of_others(visit, team, others):
    page = visit(team.boss).post("/team/assign", {"step": "find", "q": "CANARY", "people": [str(others.who.id)]})
    assert "CANARY" not in page.select_one(".assign-people").get_text()
    assert not page.select(f"input[name=people][value='{others.who.id}']")


def test_the_record_of_somebody_elses_report_does_not_exist(visit, team, others):
    browser = visit(team.boss)
    browser.get(f"/team/people/{others.who.id}", status=404)
    browser.get("/team/people/987654", status=404)


def test_nobody_opens_their_own_record_as_a_manager_nor_their_managers(visit, team):
    visit(team.lead).get(f"/team/people/{team.lead.id}", status=404)
    visit(team.lead).get(f"/team/people/{team.boss.id}", status=404)
    visit(team.late).get(f"/team/people/{team.deep.id}", status=404)


def test_assigning_to_somebody_of_others_is_refused(visit, team, others):
    sent = {
        "course": str(team.course.id),
        "whom": "chosen",
        "due_on": due_in(5).isoformat(),
        "people": [str(team.deep.id), str(others.who.id)],
    }
    browser = visit(team.boss)
    for step in ("preview", "confirm"):
        browser.post("/team/assign", {**sent, "step": step}, status=404)
    assert db.session.query(Enrolment).count() == 2


def test_a_course_of_others_cannot_be_assigned(visit, team, others):
    sent = {"course": str(others.course.id), "whom": "group", "scope": "all", "due_on": due_in(5).isoformat()}
    page = visit(team.boss).post("/team/assign", {**sent, "step": "confirm"}, status=422)
    assert "CANARY" not in page.select_one("main").get_text()


def test_reminding_somebody_of_others_is_refused(visit, team, others):
    visit(team.boss).post("/team/remind", {"enrolment": str(others.place.id)}, status=404)
    assert others.place.reminded_on is None


def test_reminding_all_reaches_only_the_own_team(visit, team, others):
    visit(team.boss).post("/team/remind", {"overdue": "1"})
    assert team.place.reminded_on is not None and others.place.reminded_on is None


def test_a_report_in_another_organisation_is_not_in_the_team(visit, team):
    """A reporting line over the wall of organisations opens nothing."""
    stranger = people.person(of=people.organisation(), manager=team.boss, name=people.both("CANARY", "CANARY"))
    browser = visit(team.boss)
    assert "CANARY" not in browser.get("/team/map").select_one("main").get_text()
    browser.get(f"/team/people/{stranger.id}", status=404)


def test_visitors_are_asked_to_sign_in(browser):
    for address in ("/team", "/team/assign", "/team/people/1", "/team/export.csv"):
        browser.get(address, status=302)
