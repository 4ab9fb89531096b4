"""Two who change one record, or one in two tabs: the later one is told, and decides; nothing is lost silently."""

import pytest

from academy.accounts import services
from academy.accounts.models import Academy, Person
from academy.base import marks
from academy.base.db import db
from academy.base.errors import Conflict, Stale
from tests.concurrency import crowd_app, prepared, run_together, winners  # noqa: F401
from tests.conftest import NOW
from tests.factories import accounts as make


@pytest.fixture
def admin(visit):
    return visit(make.administrator(language="en"))


def filled(page, address):
    """What a browser would send from the form of a page as it stands."""
    form = page.select_one(f"form[action='{address}']")
    sent = {each["name"]: each.get("value", "") for each in form.select("input[name]") if each["type"] not in ("checkbox", "file")}  # fmt: skip
    sent |= {each["name"]: each.get_text() for each in form.select("textarea[name]")}
    return sent | {each["name"]: each.get("value", "y") for each in form.select("input[checked]")}


@pytest.fixture(params=["person", "settings"])
def page_of(request, admin):
    """An address, two fields of its form with new values, and what is stored of the two."""
    if request.param == "settings":
        row, first, second = db.session.get_one(Academy, 1), ("contact_email", "help@a.test"), ("colour", "#0b5fa5")
        return "/admin/settings", first, second, lambda: (row.contact_email, row.colour)
    row = make.person(of=admin.person.organisation, name=make.both("هند", "Hind"))
    first, second = ("job_title-en", "Advisor"), ("employee_number", "E-7")
    address = f"/admin/people/{row.id}/edit"
    return address, first, second, lambda: (row.job_title.en if row.job_title else None, row.employee_number)


def test_a_later_tab_does_not_wipe_what_an_earlier_one_saved(admin, page_of):
    address, first, second, stored = page_of
    one, two = (filled(admin.get(address), address) for _tab in range(2))
    admin.post(address, {**one, first[0]: first[1]})
    page = admin.post(address, {**two, second[0]: second[1]}, status=409)
    assert stored() == (first[1], None), "the second tab has emptied what the first saved"
    assert page.select_one(f"[name='{second[0]}']")["value"] == second[1], "what was typed is lost"
    again = filled(page, address)
    admin.post(address, again, status=409)
    admin.post(address, {**again, "act": "overwrite"})
    assert stored() == (None, second[1])


def test_the_enter_key_saves_and_does_not_replace(admin, page_of):
    address, first, second, _stored = page_of
    two = filled(admin.get(address), address)
    admin.post(address, {**filled(admin.get(address), address), first[0]: first[1]})
    page = admin.post(address, {**two, second[0]: second[1]}, status=409)
    assert "name" not in page.select_one(f"form[action='{address}'] button[type=submit]").attrs


def test_the_same_change_from_two_tabs_is_no_conflict(admin, page_of):
    address, first, _second, _stored = page_of
    sent = {**filled(admin.get(address), address), first[0]: first[1]}
    admin.post(address, sent)
    admin.post(address, sent)


@pytest.mark.concurrency
def test_of_many_who_change_one_record_at_once_one_succeeds(crowd_app):  # noqa: F811
    with prepared(crowd_app):
        person = make.person(name=make.both("هند", "Hind"))
        person_id, email, seen = person.id, person.email, marks.mark(services.details_of(person).as_json())

    def save(number):
        details = services.PersonDetails(email=email, name=make.both("هند", "Hind"), employee_number=f"E-{number}")
        person = db.session.get_one(Person, person_id)
        return services.change_person(person, details, actor_id=None, at=NOW, seen=seen)

    outcomes = run_together(6, save, app=crowd_app)
    assert len(winners(outcomes)) == 1
    assert sum(isinstance(outcome, Stale) for outcome in outcomes) == 5, outcomes


@pytest.mark.concurrency
def test_of_many_who_are_given_one_employee_number_at_once_one_gets_it(crowd_app):  # noqa: F811
    with prepared(crowd_app):
        organisation_id = make.organisation().id

    def add(number):
        details = services.PersonDetails(email=f"n{number}@a.test", name=make.both("س", ""), employee_number="E-1")
        return services.create_person(details, organisation_id=organisation_id, at=NOW).id

    outcomes = run_together(6, add, app=crowd_app)
    assert len(winners(outcomes)) == 1
    assert sum(isinstance(outcome, Conflict) for outcome in outcomes) == 5, outcomes
