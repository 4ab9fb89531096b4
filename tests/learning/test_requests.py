"""CA3: asking for a place, deciding once, going on in silence."""

from datetime import timedelta

import pytest

from academy.accounts import services as accounts
from academy.accounts.models import Organisation
from academy.base import clock, ids
from academy.base.audit import AuditEntry
from academy.base.db import db
from academy.base.errors import Conflict, Invalid, NotFound
from academy.learning import entering, services
from academy.learning.models import DecisionLink, Enrolment, PlaceRequest, ProgrammeEnrolment, RequestTurn
from academy.learning.queries import requests as queries
from academy.learning.queries.entry import entry_of_course
from academy.learning.refusals import AlreadyAnswered, AskFirst, CourseFull
from academy.learning.services import programmes
from academy.notices.models import Letter, Notice
from tests.conftest import NOW
from tests.factories import accounts as people
from tests.factories import catalogue, entry
from tests.factories import programmes as make

DAY = timedelta(days=1)


@pytest.fixture
def line(app):
    """A learner, the manager, the manager's manager, the administrator of their organisation."""
    of = people.organisation()
    top = people.person(of=of)
    boss = people.person(of=of, manager=top)
    learner = people.person(of=of, manager=boss)
    return learner, boss, top, people.administrator(of, everywhere=False)


def asked_of(request):
    rows = db.session.query(RequestTurn).filter_by(request_id=request.id).order_by(RequestTurn.number)
    return [row.decider_id for row in rows]


def test_a_course_on_request_is_entered_by_approval_only(line):
    """CA3: request → approval → enrolment; the trail names every step."""
    learner, boss, _top, _admin = line
    course = catalogue.course()
    request = entry.request(learner, course, note="أحتاجه في عملي")
    with pytest.raises(AskFirst):
        services.enrol(learner.id, course.id, at=NOW)
    assert services.ask(learner.id, services.Wanted(course_id=course.id), at=NOW).id == request.id
    services.decide(request.id, approve=True, by_id=boss.id, at=NOW)
    assert db.session.query(Enrolment).filter_by(learner_id=learner.id).one().state == "active"
    acts = [row.act for row in db.session.query(AuditEntry) if row.act.startswith("learning:request")]
    assert acts == ["learning:request:ask", "learning:request:decide"]
    entering.tell_answer(request.id)
    assert db.session.query(Notice).filter_by(person_id=learner.id, kind="request_approved").count() == 1


@pytest.mark.parametrize("of_programme", [False, True])
def test_whoever_has_moved_meanwhile_comes_into_nothing_of_the_former_organisation(line, of_programme):
    """P3: the request moves along, and those who decide at the new organisation do not decide about the former one's course."""
    home, new = line[0].organisation_id, people.organisation()
    learner = people.person(of=db.session.get(Organisation, home))
    if of_programme:
        programme = make.programme(db.session.get(Organisation, home))
        entry.rule(programme=programme, way="request")
        request = services.ask(learner.id, services.Wanted(programme_id=programme.id), at=NOW)
    else:
        request = entry.request(learner, catalogue.course(db.session.get(Organisation, home), audience="organisation"))
    accounts.move_person(learner, new.id, actor_id=None, at=NOW)
    with pytest.raises(Conflict):
        services.decide(request.id, approve=True, by_id=people.administrator(new, everywhere=False).id, at=NOW)
    assert request.ended_at is None and db.session.query(Enrolment).count() == 0
    assert db.session.query(ProgrammeEnrolment).count() == 0


def test_a_refusal_needs_its_reason_and_is_told(line):
    """CA3: refusal has a reason, which the learner reads; they may ask again."""
    learner, boss, _top, _admin = line
    request = entry.request(learner, catalogue.course())
    with pytest.raises(Invalid) as refused:
        services.decide(request.id, approve=False, reason=" ", by_id=boss.id, at=NOW)
    assert refused.value.field == "reason"
    services.decide(request.id, approve=False, reason="الموسم مزدحم", by_id=boss.id, at=NOW)
    for _twice in range(2):
        entering.tell_answer(request.id)
    notice = db.session.query(Notice).filter_by(person_id=learner.id).one()
    assert notice.kind == "request_refused" and notice.values["reason"] == "الموسم مزدحم"
    again = services.ask(learner.id, services.Wanted(course_id=request.course_id), at=NOW)
    assert again.id != request.id


def test_silence_goes_to_the_next_manager_then_to_the_administrators_once_each(line):
    """CA3: times out to the next approver; a job that runs twice moves nothing twice."""
    learner, boss, top, admin = line
    request = entry.request(learner, catalogue.course(), at=NOW, answer_days=3)
    assert asked_of(request) == [boss.id]
    assert not services.escalate(request.id, 1, at=NOW + 2 * DAY)
    assert services.escalate(request.id, 1, at=NOW + 3 * DAY)
    assert not services.escalate(request.id, 1, at=NOW + 4 * DAY)
    assert asked_of(request) == [boss.id, top.id]
    assert queries.silent_turns(NOW + 5 * DAY, most=9) == []
    assert queries.silent_turns(NOW + 6 * DAY, most=9) == [(request.id, 2)]
    assert services.escalate(request.id, 2, at=NOW + 6 * DAY)
    assert asked_of(request) == [boss.id, top.id, None]
    assert queries.silent_turns(NOW + 99 * DAY, most=9) == []
    for _twice in range(2):
        entering.tell_turn(request.id, 3)
    assert db.session.query(Notice).filter_by(person_id=admin.id, kind="request_waiting").count() == 1
    assert [row.act for row in db.session.query(AuditEntry)].count("learning:request:escalate") == 2
    services.decide(request.id, approve=True, by_id=boss.id, at=NOW + 7 * DAY)  # the first may still decide


def test_the_hourly_job_lets_silent_requests_go_on(line):
    learner, boss, top, _admin = line
    request = entry.request(learner, catalogue.course(), answer_days=1)
    entering.silent_requests()
    assert asked_of(request) == [boss.id, top.id]


def test_nobody_above_means_the_administrators_and_a_suspended_manager_is_passed_over(line):
    learner, boss, top, _admin = line
    boss.state = "suspended"
    assert asked_of(entry.request(learner, catalogue.course())) == [top.id]
    alone = people.person(of=None)
    assert asked_of(entry.request(alone, catalogue.course())) == [None]
    elsewhere = people.person(manager=people.person())
    elsewhere.organisation_id = people.organisation().id
    assert asked_of(entry.request(elsewhere, catalogue.course())) == [None]


def test_only_whose_turn_it_was_decides(line):
    """CA3: not the learner, a colleague, the next manager before their turn, an administrator before theirs, or a stranger."""
    learner, boss, top, admin = line
    request = entry.request(learner, catalogue.course(), at=NOW)
    strangers = [learner, top, admin, people.person(of=None), people.administrator()]
    for who in strangers:
        with pytest.raises(NotFound):
            services.decide(request.id, approve=True, by_id=who.id, at=NOW)
    learner.manager_id = None
    db.session.flush()
    with pytest.raises(NotFound):
        services.decide(request.id, approve=True, by_id=boss.id, at=NOW)
    assert db.session.query(Enrolment).count() == 0


def test_who_stands_in_for_the_manager_decides_in_their_place(line):
    """CA3, ID6: today, and not after the last day."""
    learner, boss, _top, _admin = line
    deputy = people.person(of=boss.organisation, email="deputy@agency.test")
    first, second = (entry.request(learner, catalogue.course()) for _ in range(2))
    with pytest.raises(NotFound):
        services.decide(first.id, approve=True, by_id=deputy.id, at=NOW)
    days = {"starts_on": clock.today(), "ends_on": clock.today() + DAY}
    named = accounts.name_deputy(boss, deputy.email, **days, actor_id=boss.id, at=clock.now())
    assert (
        db.session.execute(
            db.select(queries.count_waiting()), {"visitor_id": deputy.id, "today": clock.today()}
        ).scalar()
        == 2
    )
    services.decide(first.id, approve=True, by_id=deputy.id, at=NOW)
    accounts.end_deputyship(named, actor_id=boss.id, at=clock.now())
    with pytest.raises(NotFound):
        services.decide(second.id, approve=True, by_id=deputy.id, at=NOW)


def test_the_second_decider_is_told_that_they_were_not_first(line):
    learner, boss, top, _admin = line
    request = entry.request(learner, catalogue.course(), at=NOW, answer_days=1)
    services.escalate(request.id, 1, at=NOW + DAY)
    services.decide(request.id, approve=False, reason="لا", by_id=top.id, at=NOW + DAY)
    with pytest.raises(AlreadyAnswered):
        services.decide(request.id, approve=True, by_id=boss.id, at=NOW + DAY)
    assert db.session.get(PlaceRequest, request.id).state == "refused"


def test_a_request_is_taken_back_and_then_nobody_decides(line):
    learner, boss, _top, _admin = line
    request = entry.request(learner, catalogue.course())
    token = services.make_link(request.id, boss.id, at=NOW)
    services.take_back(request.id, by_id=learner.id, at=NOW)
    assert queries.live_link(token, at=NOW) is None
    with pytest.raises(AlreadyAnswered):
        services.decide(request.id, approve=True, by_id=boss.id, at=NOW)
    assert queries.still_waiting([request.id]) == set()


def test_approved_into_a_full_course_waits_in_line_or_stays_undecided(line):
    """CA3 with CA9: without a list the manager hears that no seat is free, and nothing was decided or used up."""
    learner, boss, _top, _admin = line
    course = catalogue.course()
    services.enrol(people.person().id, course.id, at=NOW)
    request = entry.request(learner, course, seats=1)
    link_token = services.make_link(request.id, boss.id, at=NOW)
    link = queries.live_link(link_token, at=NOW)
    with pytest.raises(CourseFull):
        services.decide(request.id, approve=True, by_id=boss.id, at=NOW, link_id=link.id)
    assert queries.live_link(link_token, at=NOW) is not None
    entry.rule(course, way="request", seats=1, waits=True)
    services.decide(request.id, approve=True, by_id=boss.id, at=NOW, link_id=link.id)
    assert entry_of_course(course.id, learner.id).position == 1
    entering.tell_answer(request.id)
    notice = db.session.query(Notice).filter_by(person_id=learner.id, kind="request_approved").one()
    assert notice.values["position"] == {"number": "1"}


def test_the_letter_carries_a_link_of_its_own_and_the_notice_does_not(line):
    """CA3: approve from mail. The database keeps the digest only; the notice leads to the page for whoever is signed in."""
    learner, boss, _top, _admin = line
    request = entry.request(learner, catalogue.course())
    for _twice in range(2):
        entering.tell_turn(request.id, 1)
    letter = db.session.query(Letter).filter_by(person_id=boss.id).one()
    token = letter.address.rsplit("/", 1)[1]
    assert "/decide/" in letter.address and token in letter.text
    assert queries.live_link(token, at=NOW).decider_id == boss.id
    assert db.session.query(DecisionLink).filter_by(token_digest=token).count() == 0
    assert db.session.query(DecisionLink).filter_by(token_digest=ids.digest(token)).count() == 1
    notice = db.session.query(Notice).filter_by(person_id=boss.id).one()
    assert notice.address == f"/requests/{request.id}"


def test_a_programme_on_request(line):
    """CA3: a programme that a manager approves."""
    learner, boss, _top, _admin = line
    programme = make.programme(db.session.get(Organisation, learner.organisation_id))
    entry.rule(programme=programme, way="request")
    with pytest.raises(AskFirst):
        programmes.join_programme(learner.id, programme.id, at=NOW)
    request = services.ask(learner.id, services.Wanted(programme_id=programme.id), at=NOW)
    services.decide(request.id, approve=True, by_id=boss.id, at=NOW)
    assert db.session.query(ProgrammeEnrolment).filter_by(learner_id=learner.id).count() == 1


def test_an_open_course_is_not_asked_for(line):
    with pytest.raises(Conflict):
        services.ask(line[0].id, services.Wanted(course_id=catalogue.course().id), at=NOW)
