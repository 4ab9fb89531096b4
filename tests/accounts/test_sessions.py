"""The browsers somebody is signed in with: seen, and ended, by their owner alone."""

from datetime import UTC, datetime, timedelta

import time_machine
from sqlalchemy import select

from academy.accounts import services
from academy.accounts.models import PersonSession
from academy.base.audit import AuditEntry
from academy.base.db import db
from tests.factories import accounts as people

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
PHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Version/18.0 Mobile Safari/604.1"


def session_of(person, *, at=None, **given) -> int:
    given = {"address": "203.0.113.7", "browser": PHONE, **given}
    services.start_session(person.id, at=at or datetime.now(UTC), **given)
    return db.session.scalar(select(PersonSession.id).order_by(PersonSession.id.desc()))


def alive(session_id: int) -> bool:
    return db.session.get(PersonSession, session_id, populate_existing=True).ended_at is None


def test_the_list_names_devices_and_marks_this_one(app, visit):
    who = people.person()
    browser = visit(who)
    session_of(who)
    session_of(who, browser="<script>alert(1)</script>", address=None)
    page = browser.get("/account/sessions")
    rows = [row.get_text(" ", strip=True) for row in page.select("tbody tr")]
    assert len(rows) == 3
    assert any("Safari" in row and "iPhone" in row and "203.0.113.7" in row for row in rows)
    assert len([row for row in page.select("tbody tr") if row.select_one(".chip")]) == 1
    assert not page.select("tbody script")


def test_one_device_is_signed_out(app, visit):
    who = people.person()
    here, there = visit(who), visit(who)
    with there.client.session_transaction() as cookie:
        token = cookie["_user_id"]
    there_id = db.session.scalar(select(PersonSession.id).order_by(PersonSession.id.desc()))
    here.post(f"/account/sessions/{there_id}/end")
    assert not alive(there_id) and token
    page = there.get("/account", follow_redirects=True)
    assert "انتهت جلستك" in page.words
    form = {"email": who.email, "password": "wrong", "csrf_token": page.select_one("main [name=csrf_token]")["value"]}
    assert "كلمة المرور غير" in there.client.post("/sign-in", data=form).text, "the form that says so can be sent"
    assert "انتهت جلستك" not in there.get("/account", follow_redirects=True).words, "it is said once"
    here.get("/account")
    assert db.session.scalar(select(AuditEntry.subject_id).where(AuditEntry.act == "accounts:session:end")) == who.id


def test_all_others_are_signed_out_and_this_one_stays(app, visit):
    who, stranger = people.person(), people.person()
    here = visit(who)
    others, foreign = [session_of(who) for _n in range(3)], session_of(stranger)
    page = here.post("/account/sessions/end-others")
    assert len(page.select("tbody tr")) == 1
    assert not any(alive(other) for other in others) and alive(foreign)


def test_nobody_ends_or_sees_the_sessions_of_another(app, visit):
    """Not even an administrator, on this page."""
    victim = people.person()
    theirs = session_of(victim, address="198.51.100.9")
    for intruder in (people.person(), people.administrator(), people.manager()):
        browser = visit(intruder)
        browser.post(f"/account/sessions/{theirs}/end", status=404)
        assert "198.51.100.9" not in browser.get("/account/sessions").words
    browser.post("/account/sessions/999999/end", status=404)
    assert alive(theirs)


def test_sessions_end_by_themselves_when_idle_or_old(app, visit):
    with time_machine.travel(NOW, tick=False) as clock:
        who = people.person()
        browser = visit(who)
        db.session.execute(PersonSession.__table__.update().values(created_at=NOW, last_seen_at=NOW))
        clock.shift(timedelta(minutes=100))
        browser.get("/account")
        clock.shift(timedelta(minutes=100))
        browser.get("/account")
        clock.shift(timedelta(minutes=121))
        browser.get("/account", status=302)
        db.session.execute(PersonSession.__table__.update().values(last_seen_at=NOW + timedelta(days=14)))
        clock.move_to(NOW + timedelta(days=14, minutes=1))
        browser.get("/account", status=302)


def test_the_list_leaves_out_what_no_longer_opens_the_academy(app, visit):
    who = people.person()
    browser = visit(who)
    old, idle, ended = (session_of(who) for _n in range(3))
    now = datetime.now(UTC)
    db.session.get(PersonSession, old).created_at = now - timedelta(days=15)
    db.session.get(PersonSession, idle).last_seen_at = now - timedelta(hours=3)
    services.end_session(ended, person_id=who.id, at=now)
    assert len(browser.get("/account/sessions").select("tbody tr")) == 1


def test_sixty_sessions_cost_no_more_statements_than_one(app, visit, statements):
    who = people.person()
    browser = visit(who)
    with statements() as one:
        browser.get("/account/sessions")
    for _n in range(59):
        session_of(who)
    with statements() as sixty:
        browser.get("/account/sessions")
    assert len(one) == len(sixty) <= 8


def test_the_database_never_holds_a_sessions_token(app):
    who = people.person()
    token = services.start_session(who.id, at=NOW, address=None, browser="x" * 500)
    row = db.session.scalar(select(PersonSession))
    assert token not in (row.token_digest, row.browser) and len(row.browser) == 200
