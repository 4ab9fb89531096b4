"""Naming deputies and matrix managers: who may, what is refused, what is told and kept."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from academy.accounts import services
from academy.accounts.models import Deputyship, MatrixLine, Person, PersonPlace
from academy.accounts.policies import DEEPEST
from academy.accounts.queries_of_leading import leaders_of
from academy.accounts.services import PersonDetails
from academy.accounts.services.people import details_of
from academy.base import clock, jobs
from academy.base.db import db
from academy.base.errors import Conflict, Invalid
from academy.credentials import reminding as endings
from academy.learning import reminding
from academy.notices import services as notices
from academy.notices.models import Letter, Notice
from tests.factories import accounts as people
from tests.factories import catalogue, credentials, learning
from tests.factories.accounts import both


def day(n):
    return clock.today() + timedelta(days=n)


def named(boss, deputy, first=0, last=5):
    return services.name_deputy(
        boss, deputy.email, starts_on=day(first), ends_on=day(last), actor_id=boss.id, at=clock.now()
    )


def told(who):
    return list(db.session.scalars(select(Notice.kind).where(Notice.person_id == who.id).order_by(Notice.id)))


@pytest.fixture
def boss(app):
    who = people.person()
    people.person(manager=who, name=both("موظف الفريق", "One of the team"))
    return who


@pytest.fixture
def colleague(boss):
    return people.person(of=boss.organisation)


def test_a_manager_names_a_deputy_and_both_are_told(visit, boss, colleague):
    """ID6"""
    browser = visit(boss)
    page = browser.post(
        "/account/deputy", {"deputy": colleague.email, "starts_on": day(0).isoformat(), "ends_on": day(3).isoformat()}
    )
    assert colleague.name.ar in page.words
    assert (told(colleague), told(boss)) == (["deputy"], ["deputy_of_mine"])
    assert "بالنيابة عن" in visit(colleague).get(f"/team?scope=d{boss.id}").words
    row = db.session.scalar(select(Deputyship))
    visit(colleague).post(f"/account/deputy/{row.id}/end")
    assert told(boss) == ["deputy_of_mine", "deputy_ended"]
    visit(colleague).get("/team", status=403)


def test_a_deputy_acts_for_the_team_and_exports_it(visit, boss, colleague):
    """ID6 RE3"""
    member = db.session.scalar(select(Person).where(Person.manager_id == boss.id))
    place = learning.assigned(catalogue.course(), member, day(-3))
    browser = visit(colleague)
    browser.post("/team/remind", {"enrolment": place.id}, status=403)
    browser.get("/team/export.csv", status=403)
    named(boss, colleague)
    browser.post("/team/remind", {"enrolment": place.id})
    assert member.email in browser.client.get(f"/team/export.csv?scope=d{boss.id}").get_data(as_text=True)
    browser.get(f"/team/people/{member.id}")


@pytest.mark.parametrize(("first", "last", "field"), [(-1, 5, "starts_on"), (3, 2, "ends_on"), (0, 900, "ends_on")])
def test_odd_days_are_refused_at_their_field(boss, colleague, first, last, field):
    with pytest.raises(Invalid) as refused:
        named(boss, colleague, first, last)
    assert refused.value.field == field


def test_who_cannot_stand_in(boss, colleague):
    for who in (boss, people.person(), people.person(of=boss.organisation, state="suspended")):
        with pytest.raises(Invalid):
            named(boss, who)
    named(boss, colleague)
    with pytest.raises(Conflict):
        named(boss, colleague, 5, 9)
    named(boss, colleague, 6, 9)


def test_who_leads_nobody_names_nobody(visit, boss, colleague):
    sent = {"deputy": boss.email, "starts_on": day(0).isoformat(), "ends_on": day(1).isoformat()}
    visit(colleague).post("/account/deputy", sent, status=403)
    named(boss, colleague)
    page = visit(colleague).get("/account/deputy")
    assert not page.select("input[name=deputy]")
    visit(colleague).post("/account/deputy", sent, status=403)
    other = people.person(of=boss.organisation)
    row = db.session.scalar(select(Deputyship))
    visit(other).post(f"/account/deputy/{row.id}/end", status=404)


def test_what_was_typed_stays_when_it_is_refused(visit, boss):
    page = visit(boss).post(
        "/account/deputy", {"deputy": "nobody@example.test", "starts_on": "x", "ends_on": ""}, status=422
    )
    assert page.select_one("[name=deputy]")["value"] == "nobody@example.test"
    assert page.select_one("[name=starts_on]")["value"] == "x"
    first, last = page.select(".field .error")
    assert "يُرجى إدخال تاريخ" in first.get_text() and "يُرجى إدخال تاريخ" not in last.get_text()


def test_an_administrator_names_and_ends_both_kinds(visit, boss, colleague):
    """ID6"""
    root = people.administrator(boss.organisation, everywhere=False)
    browser = visit(root)
    browser.post(
        f"/admin/people/{boss.id}/deputy",
        {"deputy": colleague.email, "starts_on": day(0).isoformat(), "ends_on": day(3).isoformat()},
    )
    page = browser.post(
        f"/admin/people/{boss.id}/matrix", {"manager": colleague.email, "label-ar": "مشروع", "label-en": "Project"}
    )
    assert "مشروع" in page.words
    browser.post(f"/admin/people/{boss.id}/matrix", {"manager": colleague.email, "label-ar": "م"}, status=422)
    row, line = db.session.scalar(select(Deputyship)), db.session.scalar(select(MatrixLine))
    browser.post(f"/admin/deputies/{row.id}/end")
    browser.post(f"/admin/matrix/{line.id}/remove")
    assert db.session.get(Deputyship, row.id).ended_by_id == root.id
    assert db.session.scalar(select(MatrixLine)) is None


def test_leaders_are_the_manager_matrix_managers_and_who_stands_in(boss, colleague):
    member = db.session.scalar(select(Person).where(Person.manager_id == boss.id))
    second = people.person(of=boss.organisation)
    services.add_matrix_manager(member, second.email, both("مشروع", "Project"), actor_id=None, at=clock.now())
    named(boss, colleague)
    assert leaders_of(member.id, today=clock.today()) == [boss.id, second.id, colleague.id]
    assert leaders_of(member.id, today=day(20)) == [boss.id, second.id]


def test_a_line_neither_circles_nor_goes_too_deep(app):
    """ID6"""
    top = people.person()
    line = [top]
    for _n in range(DEEPEST):
        line.append(people.person(manager=line[-1]))

    def put(person, manager):
        details = PersonDetails(
            **{**{f: getattr(details_of(person), f) for f in PersonDetails.__slots__}, "manager_id": manager.id}
        )
        services.change_person(person, details, actor_id=None, at=clock.now())

    with pytest.raises(Invalid):
        put(top, line[5])
    with pytest.raises(Invalid):
        put(people.person(of=top.organisation), line[-1])
    with pytest.raises(Invalid):
        put(top, people.person(of=top.organisation))


def test_where_somebody_stands_is_remembered(app):
    """RE6"""
    unit = people.org_unit()
    other = people.org_unit(parent=unit)
    at = clock.now()
    details = PersonDetails(email="moved@example.test", name=both("م", "M"), org_unit_id=unit.id)
    who = services.create_person(details, organisation_id=unit.organisation_id, at=at - timedelta(days=9))
    services.change_person(
        who,
        PersonDetails(**{**{f: getattr(details_of(who), f) for f in PersonDetails.__slots__}, "org_unit_id": other.id}),
        actor_id=None,
        at=at - timedelta(days=5),
    )
    services.suspend(who, reason="x", actor_id=None, at=at - timedelta(days=2))
    services.revive(who, actor_id=None, at=at)
    rows = db.session.scalars(select(PersonPlace).where(PersonPlace.person_id == who.id).order_by(PersonPlace.id)).all()
    assert [(row.org_unit_id, row.state) for row in rows] == [
        (unit.id, "invited"), (other.id, "invited"), (other.id, "suspended"), (other.id, "invited"),
    ]  # fmt: skip


def test_the_last_day_of_a_deputy_passes_and_both_are_told_once(boss, colleague, monkeypatch):
    """ID6, NO1: the day after, with the last day and nobody's word; not where the same two go on."""
    colleague.language = "en"
    other = people.person(of=boss.organisation)
    named(boss, colleague, 0, 5)
    named(boss, other, 0, 5)
    named(boss, other, 6, 9)
    now, end = clock.now(), jobs.KINDS["accounts.end_deputyships"].run
    end()
    assert told(boss) == ["deputy_of_mine"] * 3
    monkeypatch.setattr(clock, "now", lambda: now + timedelta(days=6))
    for _again in range(2):
        end()
    assert told(boss) == ["deputy_of_mine"] * 3 + ["deputy_ended"]
    assert (told(colleague), told(other)) == (["deputy", "deputy_ended"], ["deputy", "deputy"])
    words = {row.person_id: row.text for row in db.session.scalars(select(Letter).where(Letter.kind == "deputy_ended"))}
    assert "انتهت نيابة" in words[boss.id] and "كان آخر يوم" in words[boss.id] and "أنهاها" not in words[boss.id]
    assert "The last day was" in words[colleague.id] and "Ended by" not in words[colleague.id]


def test_what_waits_for_a_week_about_ones_team_is_not_sent_once_nobody_is_in_it(boss):
    """NO1: rights are asked again at sending: whoever leads nobody any more reads no names of those they led."""
    member, now = db.session.scalar(select(Person).where(Person.manager_id == boss.id)), clock.now()
    notices.choose(boss.id, dict.fromkeys(("people_late", "certificates_end"), "weekly"), at=now)
    held = credentials.certificate(member, at=now - timedelta(days=700))
    learning.assigned(catalogue.course(), member, day(-4))
    endings.remind_endings(day(0).isoformat(), held.id - 1)
    reminding.tell_manager(boss.id, day(0).isoformat())
    assert {"certificates_end", "people_late"} <= set(told(boss))
    for who in db.session.scalars(select(Person).where(Person.manager_id == boss.id)):
        who.manager_id = None
    db.session.flush()
    notices.write_digest(boss.id, "weekly", "week", before=now + timedelta(days=8), at=now + timedelta(days=8))
    assert not db.session.scalars(select(Letter.text).where(Letter.kind == "digest_weekly")).all()


def test_what_waits_for_a_week_about_a_lent_team_is_not_sent_once_that_is_over(boss, colleague, monkeypatch):
    """ID6, NO1: rights are asked again at sending: late people, certificates that end, plans; the manager's own letter goes."""
    member = db.session.scalar(select(Person).where(Person.manager_id == boss.id))
    row, now = named(boss, colleague), clock.now()
    for who in (boss, colleague):
        notices.choose(who.id, dict.fromkeys(("people_late", "certificates_end"), "weekly"), at=now)
    held = credentials.certificate(member, at=now - timedelta(days=700))
    learning.assigned(catalogue.course(), member, day(-4))
    endings.remind_endings(day(0).isoformat(), held.id - 1)
    reminding.tell_manager(boss.id, day(0).isoformat())
    assert {"certificates_end", "people_late"} <= set(told(boss)) & set(told(colleague))
    services.end_deputyship(row, actor_id=boss.id, at=now)
    later = now + timedelta(days=8)
    for who in (boss, colleague):
        notices.write_digest(who.id, "weekly", "week", before=later, at=later)
    letters = select(Letter.person_id, Letter.text).where(Letter.kind == "digest_weekly")
    assert [(who, "موظف الفريق" in text) for who, text in db.session.execute(letters)] == [(boss.id, True)]
