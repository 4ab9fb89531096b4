"""CA8: exemption from a course: asked for or proposed, decided with a reason, marked as its own, ended and revoked."""

import io
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError

from academy.accounts.models import Person
from academy.base import clock, jobs
from academy.base.audit import AuditEntry
from academy.base.db import db
from academy.base.errors import Conflict, Invalid, NotFound
from academy.competencies.models import Evidence
from academy.credentials.models import Certificate
from academy.credentials.services import NotYetEarned, issue_for_completion
from academy.insights.queries import compliance
from academy.insights.queries.figures import figures
from academy.insights.queries.trends import trends
from academy.learning import services
from academy.learning.models import DutyEvent, Enrolment, Exemption, PlaceRequest, ProgrammeEnrolment, RequestTurn
from academy.learning.queries import due_days
from academy.notices.models import Notice
from tests.conftest import NOW
from tests.factories import accounts as people
from tests.factories import catalogue, entry, learning
from tests.factories import programmes as make

TODAY = date(2026, 11, 23)
PDF = b"%PDF-1.7\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n"


@pytest.fixture
def office(app):
    """A learner for whom a course is due in ten days, their manager, an administrator, the course."""
    of = people.organisation()
    boss = people.person(of=of, language="en", name=people.both("ليلى", "Layla"))
    who = people.person(of=of, manager=boss, language="en", name=people.both("سالم", "Salem"))
    chief = people.administrator(of, everywhere=False, language="en", name=people.both("هند", "Hind"))
    course = catalogue.course(of=of, title=people.both("القياس", "Measurement"))
    learning.assigned(course, who, TODAY + timedelta(days=10))
    return who, boss, chief, course


def exempted(who, chief, course, *, ends_on=None, at=NOW):
    """An exemption that was asked for and granted."""
    request = services.ask_exemption(who.id, course.id, note="Learned it at the university", at=at)
    services.decide(request.id, approve=True, reason="Proof is in order", by_id=chief.id, ends_on=ends_on, at=at)
    return db.session.query(Exemption).filter_by(request_id=request.id).one()


def place_of(who, course):
    return db.session.query(Enrolment).filter_by(learner_id=who.id, course_id=course.id).one()


def status_on(who, day, now):
    when = compliance.end_of(day, now=now)
    row = compliance.matrix([Person_row(who)], when)[0]
    return list(row.statuses.values())


class Person_row:  # noqa: N801 - looks like a fetched row
    """A person as `matrix` wants one."""

    unit = None

    def __init__(self, who):
        self.id, self.name = who.id, who.name


def test_an_exemption_counts_as_completed_and_gives_neither_paper_nor_evidence(office):
    """CA8: the place counts with a mark of its own, the seat of learning is empty."""
    who, _boss, chief, course = office
    row = exempted(who, chief, course)
    place = place_of(who, course)
    assert (place.state, place.exempted, place.done, row.state) == ("completed", True, 0, "active")
    jobs.run_all_due()
    with pytest.raises(NotYetEarned):
        issue_for_completion(place.id, at=NOW)
    assert db.session.scalar(select(func.count()).select_from(Certificate)) == 0
    assert db.session.scalar(select(func.count()).select_from(Evidence)) == 0
    kinds = db.session.scalars(select(Notice.kind).where(Notice.person_id == who.id)).all()
    assert "exemption_granted" in kinds and "course_completed" not in kinds
    acts = db.session.scalars(select(AuditEntry.act).order_by(AuditEntry.id)).all()
    assert [act for act in acts if "exemption" in act] == ["learning:exemption:ask", "learning:exemption:grant"]
    found = figures(Person.id == who.id, today=TODAY)
    assert (found.mandatory_completed, found.exempted, found.completed_lately) == (1, 1, 0)
    month = trends(Person.id == who.id, today=TODAY, now=NOW + timedelta(minutes=1))[-1]
    assert (month.completed, month.exempted, month.overdue) == (0, 1, 0)


def test_compliance_at_a_date_tells_before_during_and_after(office, monkeypatch):
    """CA8, RE3: an exemption that began and ended: due, exempted to its last day, then the duty with the days that were left."""
    who, _boss, chief, course = office
    ends_on = TODAY + timedelta(days=30)
    row = exempted(who, chief, course, ends_on=ends_on)
    assert services.end(row.id, at=NOW + timedelta(days=30)) is False
    later = NOW + timedelta(days=33)
    monkeypatch.setattr(clock, "now", lambda: later)
    jobs.run_all_due()
    jobs.enqueue("learning.end_exemptions")
    jobs.run_all_due()
    db.session.expire_all()
    place = place_of(who, course)
    assert (row.state, place.state, place.exempted, place.completed_at) == ("ended", "active", False, None)
    assert place.due_on == ends_on + timedelta(days=1) + timedelta(days=10)
    told = [
        status_on(who, TODAY + timedelta(days=days), later + timedelta(days=60)) for days in (-1, 0, 30, 31, 41, 42)
    ]
    assert told == [["due"], ["exempted"], ["exempted"], ["due"], ["due"], ["overdue"]]
    kinds = db.session.scalars(select(Notice.kind).where(Notice.person_id == who.id)).all()
    assert "exemption_over" in kinds


def test_revoking_needs_a_reason_and_the_duty_is_there_again(office):
    who, _boss, chief, course = office
    row = exempted(who, chief, course)
    with pytest.raises(Invalid):
        services.revoke(row.id, reason="  ", by_id=chief.id, at=NOW)
    later = NOW + timedelta(days=5)
    services.revoke(row.id, reason="The proof was false", by_id=chief.id, at=later)
    place = place_of(who, course)
    assert (place.state, place.due_on) == ("active", TODAY + timedelta(days=15))
    with pytest.raises(Conflict):
        services.revoke(row.id, reason="Again", by_id=chief.id, at=later)
    last = db.session.scalar(select(DutyEvent).order_by(DutyEvent.id.desc()).limit(1))
    assert (last.state, last.exempted, last.asked, last.at) == ("active", False, True, later)
    jobs.run_all_due()
    assert "exemption_revoked" in db.session.scalars(select(Notice.kind).where(Notice.person_id == who.id)).all()
    assert exempted(who, chief, course, at=later + timedelta(days=1)).state == "active"


def test_whoever_only_was_exempted_has_no_place_afterwards(office):
    _who, boss, chief, course = office
    row = exempted(boss, chief, course)
    services.revoke(row.id, reason="A mistake", by_id=chief.id, at=NOW)
    assert place_of(boss, course).state == "withdrawn"


@pytest.mark.parametrize("done", [False, True])
def test_who_takes_the_course_anew_is_asked_for_that_round_alone(office, done):
    """CA8, R22: the end of an exemption opens no round that a later one has followed; nobody is called late for it."""
    who, _boss, chief, course = office
    row = exempted(who, chief, course, ends_on=TODAY + timedelta(days=3))
    fresh = services.take_anew(who.id, course.id, at=NOW)
    if done:
        learning.completed(fresh, at=NOW + timedelta(days=1))
    assert services.end(row.id, at=NOW + timedelta(days=20)) and row.state == "ended"
    rounds = db.session.query(Enrolment).filter_by(learner_id=who.id).order_by(Enrolment.cycle)
    assert [(each.state, each.exempted) for each in rounds] == [
        ("withdrawn", False), ("completed" if done else "active", False),
    ]  # fmt: skip
    later = TODAY + timedelta(days=60)
    assert [each for each in due_days.due_until(later, after_id=0, most=9) if each.id != fresh.id] == []


def test_completing_the_course_after_all_is_a_completion_like_any_other(office):
    who, _boss, chief, course = office
    row = exempted(who, chief, course)
    learning.completed(place_of(who, course), at=NOW + timedelta(days=2))
    db.session.expire_all()
    place = place_of(who, course)
    assert (place.state, place.exempted, place.completed_at, row.state) == (
        "completed", False, NOW + timedelta(days=2), "overtaken",
    )  # fmt: skip
    assert issue_for_completion(place.id, at=NOW + timedelta(days=2)) is not None
    month = trends(Person.id == who.id, today=TODAY + timedelta(days=2), now=NOW + timedelta(days=3))[-1]
    assert (month.completed, month.exempted) == (1, 1)


def test_a_step_of_a_programme_is_done_with_the_mark_and_undone_again(office):
    who, _boss, chief, course = office
    programme = make.programme(who.organisation, groups=[(None, [make.for_course(course)])])
    services_place = make.place(programme, who)
    row = exempted(who, chief, course)
    place = db.session.get(ProgrammeEnrolment, services_place.id)
    assert (place.state, place.done) == ("completed", 1)
    services.revoke(row.id, reason="A mistake", by_id=chief.id, at=NOW)
    db.session.expire_all()
    assert (place.state, place.done, place.completed_at) == ("active", 0, None)


def test_who_decides_is_the_rule_of_the_course_and_silence_goes_on(office):
    """CA8: administrators at first; where the course says so managers, then silence brings it to the administrators."""
    who, boss, chief, course = office
    first = services.ask_exemption(who.id, course.id, note="x", at=NOW)
    assert [turn.decider_id for turn in db.session.scalars(select(RequestTurn))] == [None]
    with pytest.raises(NotFound):
        services.decide(first.id, approve=True, reason="y", by_id=boss.id, at=NOW)
    services.take_back(first.id, by_id=who.id, at=NOW)
    entry.rule(course, exempted_by="managers", answer_days=2)
    second = services.ask_exemption(who.id, course.id, note="x", at=NOW)
    turns = select(RequestTurn.decider_id).where(RequestTurn.request_id == second.id).order_by(RequestTurn.number)
    assert list(db.session.scalars(turns)) == [boss.id]
    assert services.escalate(second.id, 1, at=NOW + timedelta(days=3))
    assert list(db.session.scalars(turns)) == [boss.id, None]
    with pytest.raises(Invalid):
        services.decide(second.id, approve=False, reason=" ", by_id=chief.id, at=NOW)
    with pytest.raises(Invalid):
        services.decide(second.id, approve=True, reason=" ", by_id=chief.id, at=NOW)
    with pytest.raises(Invalid):
        services.decide(second.id, approve=True, reason="y", by_id=chief.id, at=NOW, ends_on=TODAY - timedelta(days=1))
    services.decide(second.id, approve=False, reason="Not the same course", by_id=chief.id, at=NOW)
    assert place_of(who, course).state == "active"
    jobs.run_all_due()
    assert "exemption_refused" in db.session.scalars(select(Notice.kind).where(Notice.person_id == who.id)).all()


def test_nobody_decides_what_they_proposed(office):
    who, _boss, chief, course = office
    other = people.administrator(who.organisation, everywhere=False)
    request = services.ask_exemption(who.id, course.id, note="x", by_id=chief.id, at=NOW)
    with pytest.raises(NotFound):
        services.decide(request.id, approve=True, reason="y", by_id=chief.id, at=NOW)
    with pytest.raises(NotFound):
        services.decide(request.id, approve=True, reason="y", by_id=who.id, at=NOW)
    services.decide(request.id, approve=True, reason="y", by_id=other.id, at=NOW)
    assert place_of(who, course).exempted


@pytest.mark.parametrize(
    "broken",
    [
        {"exempted": True},
        {"state": "revoked", "ended_at": NOW},
        {"state": "active", "ended_at": NOW},
        {"reason": ""},
        {"state": "ended", "ended_at": NOW},
    ],
)
def test_the_database_holds_to_it(office, broken):
    """CA8: whatever a program does wrong."""
    who, boss, chief, course = office
    row = exempted(who, chief, course)
    other = learning.enrolment(boss, course)
    target = other if "exempted" in broken else row
    for name, value in broken.items():
        setattr(target, name, value)
    with pytest.raises(IntegrityError):
        db.session.flush()
    db.session.rollback()


def test_on_the_pages_from_asking_to_taking_back(office, visit):
    """CA8: with proof, in the browser, the mark on every page that shows the completion."""
    who, boss, chief, course = office
    mine, theirs, leads = visit(who), visit(chief), visit(boss)
    page = mine.post(f"/courses/{course.key}/exemption", {"note": " "}, status=422)
    assert "Say why" in page.words
    wrong = {"note": "kept words", "proof": (io.BytesIO(b"MZ\x90\x00"), "proof.pdf")}
    page = mine.post(f"/courses/{course.key}/exemption", wrong, status=422)
    assert "kept words" in page.select_one("#note").get_text()
    page = mine.post(f"/courses/{course.key}/exemption", {"note": "A degree", "proof": (io.BytesIO(PDF), "degree.pdf")})
    assert "waits with" in page.words
    request = db.session.query(PlaceRequest).one()
    proof = f"/requests/{request.id}/proof"
    for reader in (mine, theirs):
        reader.get(proof)
        assert reader.response.headers["Content-Disposition"].startswith("attachment")
    leads.get(proof, status=404)
    page = theirs.post(
        f"/requests/{request.id}", {"answer": "approve", "reason": "", "ends_on": "tomorrow"}, status=422
    )
    assert page.select_one("#ends_on")["value"] == "tomorrow"
    theirs.post(f"/requests/{request.id}", {"answer": "approve", "reason": "A good degree", "ends_on": "2031-01-01"})
    row = db.session.query(Exemption).one()
    for visitor, address in (
        (mine, "/my-courses"), (mine, f"/courses/{course.key}"), (mine, f"/exemptions/{row.id}"), (mine, "/"),
        (leads, f"/team/people/{who.id}"), (leads, "/team?state=exempted"), (leads, "/team/compliance"),
        (theirs, "/exemptions"), (theirs, f"/teach/{course.key}/roster"),
    ):  # fmt: skip
        words = visitor.get(address).words
        assert "Exempted" in words or "In force" in words, address
    page = theirs.post(f"/exemptions/{row.id}", {"reason": " "}, status=422)
    page = theirs.post(f"/exemptions/{row.id}", {"reason": "The degree was another's"})
    assert "Taken back" in page.words and "another's" in mine.get(f"/exemptions/{row.id}").words


def test_wrong_people_get_nothing(office, visit):
    """CA8: a stranger, a colleague, an administrator of another organisation, a manager where administrators decide."""
    who, boss, chief, course = office
    row = exempted(who, chief, course)
    colleague = people.person(of=who.organisation, manager=boss)
    outside = people.administrator(people.organisation(), everywhere=False)
    for stranger in (colleague, outside, people.manager()):
        visitor = visit(stranger)
        for address in (f"/exemptions/{row.id}", f"/people/{who.id}/exemption", f"/requests/{row.request_id}"):
            visitor.get(address, status=404)
            visitor.post(address, {"reason": "x", "note": "x", "course": course.key, "answer": "refuse"}, status=404)
    for reader in (boss, who):
        visit(reader).post(f"/exemptions/{row.id}", {"reason": "x"}, status=404)
    visit(who).get(f"/people/{who.id}/exemption", status=404)
    assert "Salem" not in visit(outside).get("/exemptions").words
    db.session.expire_all()
    assert row.state == "active"


def test_a_manager_proposes_for_their_own_people_and_takes_it_back(office, visit):
    who, boss, chief, course = office
    leads = visit(boss)
    page = leads.post(f"/people/{who.id}/exemption", {"course": "no-such", "note": "kept"}, status=422)
    assert "kept" in page.select_one("#note").get_text()
    page = leads.post(f"/people/{who.id}/exemption", {"course": course.key, "note": "She taught it"})
    assert "Measurement" in page.words
    request = db.session.query(PlaceRequest).one()
    assert request.by_id == boss.id and "Proposed by" in visit(chief).get(f"/requests/{request.id}").words
    visit(who).post(f"/requests/{request.id}/withdraw", status=404)
    leads.post(f"/requests/{request.id}/withdraw")
    db.session.expire_all()
    assert request.state == "withdrawn"


def test_an_exemption_opens_what_builds_on_the_course_and_says_so(office, visit):
    who, _boss, chief, course = office
    further = catalogue.course(of=who.organisation, prerequisites=[course.id])
    exempted(who, chief, course)
    assert "Exempted" in visit(who).get(f"/courses/{further.key}").words
    assert services.enrol(who.id, further.id, at=NOW).state == "active"


def test_an_exemption_ends_at_the_midnight_after_its_last_day(office):
    who, _boss, chief, course = office
    row = exempted(who, chief, course, ends_on=TODAY)
    assert services.end(row.id, at=NOW + timedelta(days=2))
    assert row.ended_at == datetime(2026, 11, 23, 21, 0, tzinfo=UTC)


def test_the_only_administrator_proposes_and_the_academy_decides(office):
    """CA8, R28: nobody decides what they proposed, and no proposal waits for somebody who is not there."""
    who, _boss, chief, course = office
    centre = people.administrator(people.organisation())
    request = services.ask_exemption(who.id, course.id, note="Equal training", by_id=chief.id, at=NOW)
    own = services.ask_exemption(chief.id, course.id, note="I teach it", at=NOW)
    jobs.run_all_due()
    told = db.session.query(Notice.person_id, Notice.about_id).filter_by(kind="exemption_waiting").all()
    assert {(centre.id, request.id), (centre.id, own.id)} == {tuple(row) for row in told}
    for waiting in (request, own):
        with pytest.raises(NotFound):
            services.decide(waiting.id, approve=True, reason="Mine", by_id=chief.id, at=NOW)
        services.decide(waiting.id, approve=True, reason="In order", by_id=centre.id, at=NOW)
    assert place_of(who, course).exempted and place_of(chief, course).exempted


def test_the_preview_of_an_assignment_names_the_exempted_apart(office, visit):
    """CA8: they are not said to have completed the course."""
    who, boss, chief, course = office
    exempted(who, chief, course)
    page = visit(boss).post(
        "/team/assign",
        {"course": str(course.id), "whom": "group", "scope": "all", "due_on": "2027-01-10", "step": "preview"},
    )
    assert "1 person is exempted from the course" in page.words and "completed the course" not in page.words
