"""CA2, CA9: seats that cannot be oversold, enrolment days, and the waiting list that moves up in order."""

from datetime import timedelta

import pytest

from academy import facts
from academy.base import bus
from academy.base.audit import AuditEntry
from academy.base.db import db
from academy.base.errors import Conflict, Invalid, Stale
from academy.learning import entering, services
from academy.learning.models import CourseSeat, Enrolment, WaitingPlace
from academy.learning.queries.entry import entry_of_course
from academy.learning.refusals import CourseFull, NobodyAsks, NotNow
from academy.notices.models import Notice
from tests.conftest import NOW
from tests.factories import accounts as people
from tests.factories import catalogue, entry, learning

TODAY = NOW.date()
DAY = timedelta(days=1)


@pytest.fixture
def crowd(app):
    """Five people."""
    return [people.person() for _ in range(5)]


def inside(course):
    return {row.learner_id for row in db.session.query(Enrolment).filter_by(course_id=course.id, state="active")}


def test_a_full_course_refuses(crowd):
    """CA2: the third on two seats is refused, and nothing of them is kept."""
    course = catalogue.course()
    entry.rule(course, seats=2)
    for who in crowd[:2]:
        services.enrol(who.id, course.id, at=NOW)
    with pytest.raises(CourseFull) as full:
        services.enrol(crowd[2].id, course.id, at=NOW)
    assert not full.value.waits
    with pytest.raises(CourseFull):
        services.wait_for_seat(crowd[2].id, course.id, at=NOW)
    assert inside(course) == {crowd[0].id, crowd[1].id}
    assert services.enrol(crowd[0].id, course.id, at=NOW).learner_id == crowd[0].id


def test_enrolment_has_its_days(crowd):
    """CA2: before the first day and after the last nobody comes in by themselves; a manager still assigns."""
    course = catalogue.course()
    for opens, closes in ((TODAY + DAY, None), (None, TODAY - DAY)):
        entry.rule(course, opens_on=opens, closes_on=closes)
        with pytest.raises(NotNow):
            services.enrol(crowd[0].id, course.id, at=NOW)
    services.assign(course.id, [crowd[0].id], by_id=None, due_on=None, at=NOW)
    entry.rule(course, opens_on=TODAY, closes_on=TODAY)
    services.enrol(crowd[1].id, course.id, at=NOW)
    assert inside(course) == {crowd[0].id, crowd[1].id}


def test_by_assignment_only(crowd):
    course = catalogue.course()
    entry.rule(course, way="assignment")
    with pytest.raises(NobodyAsks):
        services.enrol(crowd[0].id, course.id, at=NOW)


def test_whoever_leaves_lets_the_first_in_line_in_and_only_them(crowd, monkeypatch):
    """CA9: A leaves, B who waited first is booked and told, C moves up to first."""
    told, before = [], bus.publish
    monkeypatch.setattr(bus, "publish", lambda fact: (told.append(fact), before(fact)))
    course = catalogue.course()
    entry.rule(course, seats=1, waits=True)
    mine = services.enrol(crowd[0].id, course.id, at=NOW)
    for who in crowd[1:4]:
        assert isinstance(services.wait_for_seat(who.id, course.id, at=NOW), WaitingPlace)
    assert [entry_of_course(course.id, who.id).position for who in crowd] == [None, 1, 2, 3, None]
    services.withdraw(mine.id, at=NOW)
    assert inside(course) == {crowd[1].id}
    assert [entry_of_course(course.id, who.id).position for who in crowd] == [None, None, 1, 2, None]
    given = [fact for fact in told if isinstance(fact, facts.SeatGiven)]
    assert len(given) == 1
    for _twice in range(2):
        entering.tell_seat(given[0].waiting_id)
    assert db.session.query(Notice).filter_by(person_id=crowd[1].id, kind="seat_given").count() == 1
    acts = [row.act for row in db.session.query(AuditEntry).order_by(AuditEntry.id)]
    assert acts.count("learning:waiting:join") == 3 and acts.count("learning:waiting:promote") == 1
    assert services.fill_seats(course.id, at=NOW) == 0


def test_waiting_twice_is_one_place_and_leaving_the_list_loses_the_turn(crowd):
    course = catalogue.course()
    entry.rule(course, seats=1, waits=True)
    services.enrol(crowd[0].id, course.id, at=NOW)
    for _twice in range(2):
        services.wait_for_seat(crowd[1].id, course.id, at=NOW)
    services.wait_for_seat(crowd[2].id, course.id, at=NOW)
    services.stop_waiting(crowd[1].id, course.id, at=NOW)
    services.wait_for_seat(crowd[1].id, course.id, at=NOW)
    assert [entry_of_course(course.id, who.id).position for who in crowd[1:3]] == [2, 1]
    with pytest.raises(Conflict):
        services.stop_waiting(crowd[4].id, course.id, at=NOW)


def test_a_seat_that_is_free_is_not_waited_for(crowd):
    course = catalogue.course()
    entry.rule(course, seats=1, waits=True)
    assert isinstance(services.wait_for_seat(crowd[0].id, course.id, at=NOW), Enrolment)


def test_completing_frees_the_seat_and_more_seats_let_more_in(crowd):
    """CA9: the job after a completion, and the trainer who adds seats, fill them in order."""
    course = catalogue.course(lessons=1)
    entry.rule(course, seats=1, waits=True)
    place = services.enrol(crowd[0].id, course.id, at=NOW)
    for who in crowd[1:]:
        services.wait_for_seat(who.id, course.id, at=NOW)
    learning.completed(place, at=NOW)
    entering.fill_seats(course.id)
    assert inside(course) == {crowd[1].id}
    entry.rule(course, seats=3, waits=True)
    assert services.fill_seats(course.id, at=NOW) == 2
    assert inside(course) == {who.id for who in crowd[1:4]}


def test_an_assigned_place_takes_a_seat_or_stands_without_one(crowd):
    """CA2: a duty is never refused for want of a seat; while places stand without one, nobody else comes in."""
    course = catalogue.course()
    entry.rule(course, seats=2, waits=True)
    services.enrol(crowd[0].id, course.id, at=NOW)
    services.wait_for_seat(crowd[4].id, course.id, at=NOW)  # a seat was free
    services.assign(course.id, [crowd[1].id, crowd[2].id], by_id=None, due_on=None, at=NOW)
    view = entry_of_course(course.id)
    assert (view.learning, view.beyond, view.free, view.is_full) == (4, 2, 0, True)
    services.wait_for_seat(crowd[3].id, course.id, at=NOW)
    services.withdraw(db.session.query(Enrolment).filter_by(learner_id=crowd[0].id).one().id, at=NOW)
    assert crowd[3].id not in inside(course)
    assert db.session.query(CourseSeat).filter_by(course_id=course.id).count() == 2
    services.withdraw(db.session.query(Enrolment).filter_by(learner_id=crowd[4].id).one().id, at=NOW)
    assert crowd[3].id not in inside(course)


def test_somebody_assigned_while_waiting_leaves_the_list(crowd):
    course = catalogue.course()
    entry.rule(course, seats=1, waits=True)
    services.enrol(crowd[0].id, course.id, at=NOW)
    services.wait_for_seat(crowd[1].id, course.id, at=NOW)
    services.assign(course.id, [crowd[1].id], by_id=None, due_on=None, at=NOW)
    entering.fill_seats(course.id)
    row = db.session.query(WaitingPlace).one()
    assert row.state == "promoted" and row.enrolment_id is not None


def test_a_suspended_person_is_passed_over_and_keeps_the_turn(crowd):
    course = catalogue.course()
    entry.rule(course, seats=1, waits=True)
    mine = services.enrol(crowd[0].id, course.id, at=NOW)
    for who in crowd[1:3]:
        services.wait_for_seat(who.id, course.id, at=NOW)
    crowd[1].state = "suspended"
    services.withdraw(mine.id, at=NOW)
    assert inside(course) == {crowd[2].id}
    assert entry_of_course(course.id, crowd[1].id).position == 1


def test_fewer_seats_than_learners_are_refused_and_stale_pages_too(crowd):
    course = catalogue.course()
    rule = entry.rule(course, seats=4)
    for who in crowd[:3]:
        services.enrol(who.id, course.id, at=NOW)
    with pytest.raises(Invalid) as refused:
        entry.rule(course, seats=2)
    assert refused.value.field == "seats"
    entry.rule(course, seats=3)
    assert {seat.number for seat in db.session.query(CourseSeat)} == {1, 2, 3}
    with pytest.raises(Stale):
        services.change_entry(
            services.Entry(),
            course_id=course.id,
            actor_id=None,
            organisation_id=1,
            label="x",
            at=NOW,
            revision=rule.revision - 1,
        )


def test_a_learner_waits_and_leaves_in_the_browser(crowd, visit):
    """CA2, CA9: the page says that the course is full, the position, and lets go again."""
    course = catalogue.course()
    entry.rule(course, seats=1, waits=True)
    services.enrol(crowd[0].id, course.id, at=NOW)
    crowd[1].language = "en"
    visitor = visit(crowd[1])
    assert "Every seat of this course is taken." in visitor.get(f"/courses/{course.key}").words
    page = visitor.post(f"/courses/{course.key}/wait")
    assert "Your place: 1 of 1." in page.words
    page = visitor.post(f"/courses/{course.key}/stop-waiting")
    assert "Join the waiting list" in page.words
    visitor.post(f"/courses/{course.key}/stop-waiting", status=404, follow=False)


def test_a_trainer_sets_seats_and_sees_who_waits_of_their_people(app, visit):
    """CA2: the tab of the course holds the rule; CA9: the list names the people whom the trainer may see, with true positions."""
    of, other = people.organisation(), people.organisation()
    trainer = people.trainer(of, language="en")
    course = catalogue.course(trainer=trainer, audience="everyone")
    visitor, address = visit(trainer), f"/teach/{course.key}/entry"
    page = visitor.get(address)
    data = {
        "way": "open",
        "seats": "1",
        "waits": "y",
        "answer_days": "5",
        "revision": page.select_one("#revision")["value"],
    }
    page = visitor.post(address, data)
    assert "The change has taken effect." in page.words
    foreign, own = people.person(of=other, name=people.both("غريب", "QX7FOREIGN")), people.person(of=of)
    services.enrol(people.person(of=of).id, course.id, at=NOW)
    for who in (foreign, own):
        services.wait_for_seat(who.id, course.id, at=NOW)
    page = visitor.get(address)
    assert "QX7FOREIGN" not in page.words and own.name.en in page.words
    assert page.select_one("tbody td.num").get_text(strip=True) == "2"
    page = visitor.post(address, {**data, "revision": "1"}, status=409)
    page = visitor.post(address, {**data, "seats": "none", "revision": "2"}, status=422)
    assert page.select_one("#seats")["value"] == "none"
    visit(people.trainer(of)).get(address, status=404)
