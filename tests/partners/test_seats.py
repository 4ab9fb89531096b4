"""Seats of a partner: whoever comes in by whatever way, there are never more people than seats (ID12, MT5)."""

import io

import pytest
from sqlalchemy import func, select

from academy.accounts import services as accounts
from academy.accounts.models import Organisation, Person
from academy.base import clock
from academy.base.access import Actor, Grant
from academy.base.db import db
from academy.base.text import LocalizedText
from tests.concurrency import crowd_app, prepared, run_together, winners  # noqa: F401
from tests.factories import accounts as people
from tests.factories import partners


def details(number: int) -> accounts.PersonDetails:
    return accounts.PersonDetails(email=f"new{number}@example.test", name=LocalizedText("جديد", "New"))


def test_a_full_partner_admits_nobody_and_a_free_seat_one(app, visit):
    """ID12: the refusal says why, above the form and not at its address, which is sound; the suspended take no seat, and lifting a suspension takes one."""
    of = partners.partner(seats=2)
    admin, other = people.administrator(of, everywhere=False), people.person(of=of)
    browser = visit(admin)
    typed = {"name-ar": "سعد", "email": "saad@example.test", "invite": "y"}
    page = browser.post("/admin/people/new", typed, status=422)
    assert (
        "جميع مقاعد هذه الجهة مشغولة: 2 من 2" in page.words
        and page.select_one("[name=email]")["value"] == typed["email"]
        and page.select_one("#email-error") is None
    )
    accounts.suspend(other, reason="x", actor_id=admin.id, at=clock.now())
    assert "سعد" in browser.post("/admin/people/new", typed).words
    assert "جميع مقاعد" in browser.post(f"/admin/people/{other.id}/revive").words
    assert db.session.get(Person, other.id).state == "suspended"


def test_a_file_of_people_is_refused_as_a_whole_when_it_does_not_fit(app):
    """ID12, ID4"""
    of = partners.partner(seats=2)
    admin = people.administrator(of, everywhere=False)
    data = "email,name_ar\na@example.test,أ\nb@example.test,ب\n".encode()
    plan = accounts.keep_plan(
        accounts.read_people(data, "p.csv"), organisation_id=of.id, file_name="p.csv", owner_id=admin.id, at=clock.now()
    )
    actor = Actor(
        admin.id, admin.name, admin.email, of.id, None, "ar", "latn", "both", (Grant("administrator", of.id),)
    )
    digest = accounts.preview(plan, actor).digest
    with pytest.raises(accounts.NoSeatLeft):
        accounts.apply_plan(plan, digest, actor=actor, at=clock.now())
    assert accounts.seats_taken(of.id) == 1


@pytest.mark.parametrize(
    ("seats", "said"),
    [
        (3, "يحتاج الأشخاص الجدد إلى 3 مقاعد. عدد المقاعد 3، ولا شاغر منها"),
        (4, "والشاغر منها مقعد واحد"),
        (2, "ولا شاغر منها"),
    ],
)
def test_the_preview_says_that_a_file_needs_more_seats_than_are_free(visit, seats, said):
    """So does the refusal, when the seats were taken after the preview."""
    of = partners.partner(seats=seats)
    admin = people.administrator(of, everywhere=False)
    for _number in range(2):
        people.person(of=of)
    data = "email,name_ar\na@example.test,أ\nb@example.test,ب\nc@example.test,ج\n".encode()
    browser, sent = visit(admin), {"organisation_id": of.id, "file": (io.BytesIO(data), "p.csv")}
    page = browser.post("/admin/people/import", sent, content_type="multipart/form-data")
    assert said in page.words and "مشغولة" not in page.words
    assert not page.select("form[action*='/apply']"), "what cannot be imported can be asked for"
    of.seats = 6
    page = browser.get(browser.response.request.path)
    form = page.select_one("form[action*='/apply']")
    of.seats = seats
    said_at_last = browser.post(form["action"], {"digest": form.select_one("[name=digest]")["value"]}).words
    assert said in said_at_last and accounts.seats_taken(of.id) == 3


def test_only_the_academy_sets_seats(app, visit):
    """ID12: a partner cannot give itself seats; an agency has no page of a partner."""
    of, agency = partners.partner(seats=5), people.organisation()
    visit(people.administrator(of, everywhere=False)).get(f"/admin/partners/{of.id}/seats", status=404)
    root = visit(people.administrator())
    assert root.post(f"/admin/partners/{of.id}/seats", {"seats": "٧"}).words.count("7")
    assert db.session.get(Organisation, of.id).seats == 7
    for odd in ("0", "-3", "كثير", "999999999999"):
        page = root.post(f"/admin/partners/{of.id}/seats", {"seats": odd}, status=422)
        assert page.select_one("[name=seats]")["value"] == odd
    root.get(f"/admin/partners/{agency.id}/seats", status=404)


@pytest.mark.concurrency
def test_many_invitations_at_once_fill_the_seats_and_not_one_more(crowd_app):  # noqa: F811
    """ID12"""
    with prepared(crowd_app):
        of_id = partners.partner(seats=5).id
    outcomes = run_together(
        12, lambda n: accounts.create_person(details(n), organisation_id=of_id, at=clock.now()).id, app=crowd_app
    )
    refused = [each for each in outcomes if isinstance(each, Exception)]
    assert len(winners(outcomes)) == 5 and all(isinstance(each, accounts.NoSeatLeft) for each in refused), outcomes
    with crowd_app.app_context():
        assert db.session.scalar(select(func.count()).where(Person.organisation_id == of_id)) == 5
