"""CA8: exemption from a step of a programme that is no course: asked for, proposed, decided, marked, overtaken, taken back."""

from datetime import timedelta
from decimal import Decimal

import pytest
import time_machine
from sqlalchemy import select

from academy.assessment import services as marking
from academy.assessment.models import Quiz
from academy.base import jobs
from academy.base.audit import AuditEntry
from academy.base.db import db
from academy.base.errors import Conflict
from academy.catalogue.models import Course
from academy.credentials import jobs_of_programmes as programme_jobs
from academy.credentials import services_of_revoking as revoking
from academy.credentials.models import Certificate, RevocationProposal
from academy.learning import services
from academy.learning.models import Exemption, PlaceRequest, ProgrammeStepDone
from academy.learning.queries.programmes import plan_in
from academy.notices.models import Notice
from tests.conftest import NOW
from tests.factories import accounts as people
from tests.factories import assessment, catalogue, learning
from tests.factories import programmes as make


@pytest.fixture
def office(app):
    """A learner in a programme of a course, a quiz and a project that the academy does not have; two administrators."""
    of = people.organisation()
    boss = people.person(of=of, language="en")
    who = people.person(of=of, manager=boss, language="en", name=people.both("سالم", "Salem"))
    chief, second = (people.administrator(of, everywhere=False, language="en") for _ in range(2))
    course = catalogue.course(of=of)
    _other, quiz = make.course_with_quiz(of)
    steps = [
        make.for_course(course), make.services.StepDetails(kind="quiz", course_id=_other.id, quiz_id=quiz.quiz_id, hours=2),
        make.absent("project", hours=3),
    ]  # fmt: skip
    programme = make.programme(of, groups=[(None, steps)], in_order=False, hours=10)
    place = make.place(programme, who)
    learning.completed(learning.enrolment(who, course), at=NOW)
    return who, boss, (chief, second), programme, place, quiz


def key_of(place, kind):
    return next(step.key for step in plan_in(place).steps if step.kind == kind)


def exempted(who, chief, programme, place, kind, **given):
    """An exemption from the step of a kind, asked for and granted."""
    request = services.ask_exemption(who.id, step=(programme.id, key_of(place, kind)), note="Done elsewhere", at=NOW)
    services.decide(request.id, approve=True, reason="Proof is in order", by_id=chief.id, at=NOW, **given)
    return db.session.query(Exemption).filter_by(request_id=request.id).one()


def test_exempted_steps_complete_a_programme_with_the_mark_and_without_their_hours(office):
    """CA8, CE5"""
    who, _boss, (chief, _second), programme, place, _quiz = office
    for kind in ("quiz", "project"):
        exempted(who, chief, programme, place, kind)
    assert (place.state, place.done, plan_in(place).exempted) == ("completed", 3, 2)
    jobs.run_all_due()
    certificate = db.session.query(Certificate).filter_by(programme_id=programme.id).one()
    assert Decimal(certificate.facts["hours"]) == 5
    kinds = db.session.scalars(select(Notice.kind).where(Notice.person_id == who.id)).all()
    assert kinds.count("exemption_granted") == 2
    acts = db.session.scalars(select(AuditEntry.act).where(AuditEntry.act.like("%exemption%"))).all()
    assert acts.count("learning:exemption:ask") == acts.count("learning:exemption:grant") == 2


def test_a_course_is_exempted_from_as_a_course_and_what_is_done_not_at_all(office):
    who, _boss, (chief, _second), programme, place, _quiz = office
    with pytest.raises(Conflict):
        services.ask_exemption(who.id, step=(programme.id, key_of(place, "course")), note="No", at=NOW)
    exempted(who, chief, programme, place, "quiz")
    with pytest.raises(Conflict):
        services.ask_exemption(who.id, step=(programme.id, key_of(place, "quiz")), note="Again", at=NOW)
    stranger = people.person(of=who.organisation)
    with pytest.raises(Conflict):
        services.ask_exemption(stranger.id, step=(programme.id, key_of(place, "quiz")), note="No place", at=NOW)


def test_one_asks_once_a_step_while_it_waits(office):
    who, _boss, _chiefs, programme, place, _quiz = office
    for kind in ("quiz", "project"):
        services.ask_exemption(who.id, step=(programme.id, key_of(place, kind)), note="Known", at=NOW)
    with pytest.raises(Conflict):
        services.ask_exemption(who.id, step=(programme.id, key_of(place, "quiz")), note="Known", at=NOW)
    assert db.session.query(PlaceRequest).count() == 2


def test_taking_one_back_opens_the_programme_and_proposes_to_take_back_its_certificate(office):
    """CA8, CE5: what rested on the exemption is decided by another person."""
    who, _boss, (chief, second), programme, place, _quiz = office
    first, last = (exempted(who, chief, programme, place, kind) for kind in ("quiz", "project"))
    jobs.run_all_due()
    certificate = db.session.query(Certificate).filter_by(programme_id=programme.id).one()
    services.revoke(first.id, reason="The proof was false", by_id=chief.id, at=NOW + timedelta(days=1))
    assert (place.state, place.completed_at, plan_in(place).exempted, last.state) == ("active", None, 1, "active")
    proposal = db.session.query(RevocationProposal).one()
    assert (proposal.certificate_id, proposal.proposed_by_id) == (certificate.id, chief.id)
    assert (proposal.reason, certificate.revoked_at) == ("The proof was false", None)
    services.revoke(last.id, reason="This one too", by_id=chief.id, at=NOW + timedelta(days=2))
    assert db.session.query(RevocationProposal).count() == 1
    told = db.session.scalars(select(Notice.person_id).where(Notice.kind == "revocation_waits")).all()
    assert second.id in told and chief.id not in told and who.id not in told


@pytest.mark.parametrize(("learned_before", "decided_late"), [(False, False), (True, False), (True, True)])
def test_a_programme_that_is_completed_once_more_earns_its_certificate(app, learned_before, decided_late):
    """CA8, CE5: opened again, whether nothing was issued for it yet or what was issued is taken back, before or after that."""
    of = people.organisation()
    who, chief = people.person(of=of), people.administrator(of, everywhere=False)
    first, second = (catalogue.course(of=of) for _ in range(2))
    programme = make.programme(of, groups=[(None, [make.for_course(first), make.for_course(second)])], hours=8)
    place = make.place(programme, who)
    with time_machine.travel(NOW, tick=False) as traveller:
        if learned_before:
            learning.completed(learning.enrolment(who, second), at=NOW)
        for course in (first,) if learned_before else (first, second):
            request = services.ask_exemption(who.id, course_id=course.id, note="Done elsewhere", at=NOW)
            services.decide(request.id, approve=True, reason="Proof is in order", by_id=chief.id, at=NOW)
        jobs.run_all_due()
        former = db.session.query(Certificate).filter_by(programme_id=programme.id).one_or_none()
        assert (place.state, former is not None) == ("completed", learned_before)
        exemption = db.session.query(Exemption).filter_by(course_id=first.id).one()
        services.revoke(exemption.id, reason="The proof was false", by_id=chief.id, at=NOW)
        other = people.administrator(of, everywhere=False).id
        if former is not None and not decided_late:
            revoking.confirm(db.session.query(RevocationProposal).one().id, actor_id=other, at=NOW)
        traveller.shift(timedelta(hours=1))
        learning.completed(learning.enrolment(who, first), at=NOW + timedelta(hours=1))
        for _ in range(2):
            jobs.run_all_due()
            programme_jobs.issue_missing_programmes()
        if decided_late:
            later = NOW + timedelta(hours=2)
            traveller.move_to(later)
            revoking.confirm(db.session.query(RevocationProposal).one().id, actor_id=other, at=later)
            jobs.run_all_due()
    issued = db.session.query(Certificate).filter_by(programme_id=programme.id, revoked_at=None).one()
    assert (place.state, issued.holder_id, issued.programme_enrolment_id) == ("completed", who.id, place.id)
    assert db.session.query(Certificate).filter_by(programme_id=programme.id).count() == 1 + learned_before


def test_a_regrade_that_passes_the_quiz_does_its_step(office):
    """R14: a score that rises moves on what waits for it, as one that was earned at once does."""
    who, _boss, (chief, _second), programme, place, quiz = office
    exempted(who, chief, programme, place, "project")
    learning.enrolment(who, db.session.get_one(Course, db.session.get_one(Quiz, quiz.quiz_id).course_id))
    attempt = assessment.graded(quiz, who, right=0, at=NOW)
    assert place.state == "active"
    asked = assessment.items(attempt)[0].question_version_id
    made = marking.propose_regrade(quiz.quiz_id, asked, "full", reason="Unclear", by_id=chief.id, at=NOW)
    marking.apply_regrade(made.id, by_id=chief.id, seen=made.effect["mark"], at=NOW)
    jobs.run_all_due()
    step = plan_in(place).by_key[key_of(place, "quiz")]
    assert step.done_at is not None and not step.exempted
    assert place.state == "completed" and place.completed_at > NOW
    certificate = db.session.query(Certificate).filter_by(programme_id=programme.id).one()
    assert Decimal(certificate.facts["hours"]) == 7


def test_an_exemption_that_reaches_its_last_day_leaves_a_completed_programme_alone(office):
    who, _boss, (chief, _second), programme, place, _quiz = office
    until = NOW.date() + timedelta(days=3)
    row = exempted(who, chief, programme, place, "quiz", ends_on=until)
    assert services.end(row.id, at=NOW + timedelta(days=5)) and row.state == "ended"
    assert plan_in(place).by_key[key_of(place, "quiz")].done_at is None
    rows = [exempted(who, chief, programme, place, kind, ends_on=until) for kind in ("quiz", "project")]
    services.end(rows[0].id, at=NOW + timedelta(days=5))
    assert place.state == "completed" and db.session.query(RevocationProposal).count() == 0


def test_passing_the_quiz_after_all_takes_the_place_of_the_exemption(office):
    who, _boss, (chief, _second), programme, place, quiz = office
    row = exempted(who, chief, programme, place, "quiz")
    learning.enrolment(who, db.session.get_one(Course, db.session.get_one(Quiz, quiz.quiz_id).course_id))
    assessment.graded(quiz, who, at=NOW)
    step = plan_in(place).by_key[key_of(place, "quiz")]
    assert row.state == "overtaken" and step.done_at is not None and not step.exempted
    assert db.session.query(ProgrammeStepDone).filter_by(step_id=step.id).one().attempt_id is not None


def test_the_learner_asks_on_the_page_and_the_administrator_decides(office, visit):
    """CA8"""
    who, boss, (chief, _second), programme, place, _quiz = office
    browser, step = visit(who), key_of(place, "project")
    address = f"/programmes/{programme.key}/steps/{step}/exemption"
    assert browser.get(f"/programmes/{programme.key}").find("a", href=address)
    browser.post(address, {"note": " "}, 422)
    browser.post(address, {"note": "I led such a project"})
    request = db.session.query(PlaceRequest).one()
    page = browser.get(f"/programmes/{programme.key}")
    assert page.find("a", href=f"/requests/{request.id}") and not page.find("a", href=address)
    visit(boss).get(f"/requests/{request.id}", 404)
    page = visit(chief).get(f"/requests/{request.id}")
    assert "A project – " in page.words and "Exemption from a step" in page.words
    visit(chief).post(f"/requests/{request.id}", {"answer": "approve", "reason": "Seen"})
    row = db.session.query(Exemption).one()
    assert "Exemption from a step" in browser.get(f"/exemptions/{row.id}").words
    assert "exempted" in browser.get(f"/programmes/{programme.key}").words.lower()
    assert "A project – " in visit(chief).get("/exemptions").words
    course = next(each.key for each in plan_in(place).steps if each.kind == "course")
    browser.get(f"/programmes/{programme.key}/steps/{course}/exemption", 302)
    visit(people.person(of=who.organisation)).get(address, 404)


def test_a_manager_proposes_it_for_their_own_people_only(office, visit):
    """CA8"""
    who, boss, _chiefs, programme, place, _quiz = office
    people.grant(boss, "manager", who.organisation)
    value = f"{programme.key}/{key_of(place, 'quiz')}"
    page = visit(boss).get(f"/people/{who.id}/exemption")
    assert page.select_one(f"option[value='{value}']")
    visit(boss).post(f"/people/{who.id}/exemption", {"course": value, "note": "Examined before"})
    request = db.session.query(PlaceRequest).one()
    assert (request.by_id, request.step_id is not None) == (boss.id, True)
    stranger = people.manager()
    visit(stranger).post(f"/people/{who.id}/exemption", {"course": value, "note": "Mine"}, 404)
    visit(boss).post(f"/people/{who.id}/exemption", {"course": "nothing/at-all", "note": "x"}, 422)
