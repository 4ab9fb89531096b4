"""CE5: a certificate is renewed in its window; the old round stays as it is, and nobody loses by being early."""

from datetime import date, timedelta

import pytest
import time_machine
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select, update

from academy.assessment import services as marking
from academy.assessment.models import Attempt, QuizVersion
from academy.base import jobs
from academy.base.audit import AuditEntry
from academy.base.db import db
from academy.base.errors import Conflict, Invalid
from academy.catalogue.models import CourseVersion
from academy.credentials import jobs_of_programmes, reminding, services
from academy.credentials import services_of_renewal as renewing
from academy.credentials.models import Certificate
from academy.credentials.queries import certificates_of
from academy.credentials.queries_of_renewal import renewal_stages, rests_on
from academy.credentials.rules import renewed_expiry
from academy.credentials.rules_of_renewal import Stage, Terms, read_days, reminder_on
from academy.credentials.services_of_programmes import issue_for_programme, renew_programme
from academy.insights.queries import compliance
from academy.learning import services as learning
from academy.learning.models import ActivityState, Duty, DutyEvent, Enrolment, Renewal
from academy.learning.queries import enrolment_of, my_enrolments, place_of
from academy.learning.rules.duties import Condition
from academy.learning.services import duties
from academy.notices.models import Notice
from tests.concurrency import crowd_app, prepared, run_together, winners  # noqa: F401
from tests.conftest import NOW
from tests.factories import accounts as people
from tests.factories import assessment, catalogue, credentials
from tests.factories import duties as rules
from tests.factories import learning as courses
from tests.factories import programmes as make
from tests.factories import renewals as factory
from tests.factories.renewals import DAY, noon

TODAY = date(2026, 11, 23)
LAST = date(2027, 1, 10)


@pytest.fixture(autouse=True)
def today():
    """The day of the tests."""
    with time_machine.travel(NOW, tick=False):
        yield


def stage_of(paper: Certificate, on: date = TODAY) -> Stage:
    who = db.session.get(people.Person, paper.holder_id)
    return renewal_stages(who, certificates_of(who.id), today=on)[paper.id].stage


def test_a_renewal_is_a_new_round_and_the_old_one_stays_as_it_is(app):
    """CE5, R22: nothing counts in the new round, nothing changes in the old one, and the new certificate continues the old."""
    paper = factory.ending(LAST)
    old = db.session.get(Enrolment, paper.enrolment_id)
    before = factory.image(old), factory.image(paper)
    renewal = renewing.renew(paper.id, by_id=paper.holder_id, at=NOW)
    place = db.session.get(Enrolment, renewal.enrolment_id)
    assert (place.cycle, place.state, place.done, renewal.cycle) == (2, "active", 0, 2)
    assert db.session.scalar(select(func.count()).where(ActivityState.enrolment_id == place.id)) == 0
    assert stage_of(paper) is Stage.BEGUN
    new = factory.complete(renewal, TODAY + DAY)
    assert (new.cycle, new.expires_on) == (2, date(2028, 1, 10))
    assert (factory.image(old), factory.image(paper)) == before
    assert stage_of(new, TODAY + DAY) is Stage.EARLY
    assert paper.id not in {row.id for row in certificates_of(paper.holder_id) if row.cycle == 2}


def test_too_early_is_refused_with_the_day(app):
    """CE5"""
    paper = factory.ending(date(2027, 6, 30))
    with pytest.raises(renewing.TooEarly) as refused:
        renewing.renew(paper.id, by_id=paper.holder_id, at=NOW)
    assert refused.value.opens_on == date(2027, 4, 1)
    assert stage_of(paper) is Stage.EARLY
    assert renewing.renew(paper.id, by_id=paper.holder_id, at=noon(date(2027, 4, 1))).cycle == 2


def test_after_the_last_day_the_new_one_counts_from_completion(app):
    """CE5"""
    paper = factory.ending(TODAY - 9 * DAY)
    renewal = renewing.renew(paper.id, by_id=paper.holder_id, at=NOW)
    assert factory.complete(renewal, TODAY + DAY).expires_on == date(2027, 11, 24)


def test_what_was_issued_keeps_its_terms_and_the_new_one_has_those_of_its_round(app):
    """CE5: the period is changed between; both last as long as what was in force for them."""
    paper = factory.ending(LAST)
    db.session.execute(
        update(CourseVersion).where(CourseVersion.course_id == paper.course_id).values(validity_months=6)
    )
    db.session.expire_all()
    new = factory.complete(renewing.renew(paper.id, by_id=paper.holder_id, at=NOW), TODAY)
    assert (paper.expires_on, new.expires_on) == (LAST, date(2027, 7, 10))


def test_what_cannot_be_renewed_says_why(app):
    """CE5"""
    endless = credentials.certificate(validity_months=None)
    revoked = credentials.revoked(factory.ending(LAST))
    closed = factory.ending(LAST)
    db.session.execute(
        update(CourseVersion).where(CourseVersion.course_id == closed.course_id).values(gives_certificate=False)
    )
    db.session.expire_all()
    for paper in (endless, revoked, closed):
        with pytest.raises(Conflict):
            renewing.renew(paper.id, by_id=paper.holder_id, at=NOW)
    assert db.session.scalar(select(func.count()).select_from(Renewal)) == 0
    assert stage_of(closed) is Stage.CLOSED


@pytest.mark.parametrize("shorter", [False, True])
def test_what_was_renewed_by_a_certificate_that_was_revoked_is_renewed_once_more(app, shorter):
    """CE5: the former one stands again; it is no dead end, and continues from its own last day."""
    paper = factory.ending(LAST)
    if shorter:
        path = catalogue.course(audience="everyone", gives_certificate=False)
        factory.terms(paper.course_id, path_course_id=path.id)
    first = renewing.renew(paper.id, by_id=paper.holder_id, at=NOW)
    credentials.revoked(factory.complete(first, TODAY), at=NOW)
    assert stage_of(paper) is Stage.OPEN
    again = renewing.renew(paper.id, by_id=paper.holder_id, at=NOW + DAY)
    assert (again.id == first.id, again.cycle, stage_of(paper)) == (False, 3, Stage.BEGUN)
    new = factory.complete(again, TODAY + DAY)
    assert (new.cycle, new.revoked_at, new.expires_on) == (3, None, date(2028, 1, 10))


def test_between_completion_and_the_paper_no_other_round_begins(app):
    """CE5, R17"""
    paper = factory.ending(LAST)
    renewal = renewing.renew(paper.id, by_id=paper.holder_id, at=NOW)
    courses.completed(db.session.get(Enrolment, renewal.enrolment_id), at=NOW)
    assert stage_of(paper) is Stage.EARNED
    with pytest.raises(Conflict):
        renewing.renew(paper.id, by_id=paper.holder_id, at=NOW)
    jobs.run_all_due()
    newer = factory.newest(paper.holder_id, paper.course_id)
    assert newer.cycle == 2
    with pytest.raises(Conflict):
        renewing.renew(paper.id, by_id=paper.holder_id, at=NOW)


def test_the_earlier_round_takes_nothing_more(app):
    """CE5, R22"""
    paper = factory.ending(LAST, course=catalogue.course(validity_months=12))
    activity = courses.activity_ids(db.session.get(catalogue.Course, paper.course_id))[0]
    renewing.renew(paper.id, by_id=paper.holder_id, at=NOW)
    with pytest.raises(Conflict):
        learning.complete_activity(paper.enrolment_id, activity, at=NOW)


def test_giving_up_a_renewal_leaves_the_completed_round_standing_and_going_on_is_the_same_one(app):
    """CE5: leaving and coming back makes no second round, so nobody gains attempts by it."""
    paper = factory.ending(LAST)
    renewal = renewing.renew(paper.id, by_id=paper.holder_id, at=NOW)
    learning.withdraw(renewal.enrolment_id, at=NOW)
    assert place_of(paper.holder_id, paper.course_id).id == paper.enrolment_id
    assert [course.state for course in my_enrolments(paper.holder_id, today=TODAY)] == ["completed"]
    again = renewing.renew(paper.id, by_id=paper.holder_id, at=NOW + DAY)
    assert again.id == renewal.id
    assert (place_of(paper.holder_id, paper.course_id).cycle, enrolment_of(paper.holder_id, paper.course_id).cycle) == (
        2,
        2,
    )


def test_my_learning_says_what_a_place_renews(app):
    """CE5"""
    paper = factory.ending(LAST)
    renewing.renew(paper.id, by_id=paper.holder_id, at=NOW)
    mine = my_enrolments(paper.holder_id, today=TODAY)
    assert [(course.state, course.renews is not None) for course in mine] == [("active", True)]


# --- The shorter way ---------------------------------------------------------------------------------


def shorter(last: date, **said) -> tuple[Certificate, int]:
    """A certificate of a course that a shorter one renews, and that one's id."""
    paper, path = factory.ending(last), catalogue.course(gives_certificate=False)
    factory.terms(paper.course_id, path_course_id=path.id, **said)
    return paper, path.id


def test_a_shorter_course_renews_the_certificate(app):
    """CE5"""
    paper, path_id = shorter(LAST)
    renewal = renewing.renew(paper.id, by_id=paper.holder_id, at=NOW)
    place = db.session.get(Enrolment, renewal.enrolment_id)
    assert (place.course_id, place.cycle, renewal.until) == (path_id, 1, LAST)
    new = factory.complete(renewal, TODAY)
    assert (new.course_id, new.cycle, new.expires_on) == (paper.course_id, 2, date(2028, 1, 10))
    assert new.facts["title_ar"] == paper.facts["title_ar"] and new.enrolment_id == paper.enrolment_id
    again = renewing.renew(new.id, by_id=new.holder_id, at=noon(date(2027, 12, 1)))
    assert db.session.get(Enrolment, again.enrolment_id).cycle == 2


@pytest.mark.parametrize("taken_back", [False, True])
def test_the_whole_course_taken_after_the_shorter_one_earns_its_own(app, taken_back):
    """CE5, R17: places and certificates no longer have the same number; it is issued all the same, and once."""
    paper, _path_id = shorter(LAST)
    new = factory.complete(renewing.renew(paper.id, by_id=paper.holder_id, at=NOW), TODAY)
    if taken_back:
        for each in (new, paper):
            credentials.revoked(each, at=NOW)
    place = learning.take_anew(paper.holder_id, paper.course_id, at=NOW)
    assert (place.course_id, place.cycle, new.cycle) == (paper.course_id, 2, 2)
    courses.completed(place, at=NOW + DAY)
    issued = [services.issue_for_completion(place.id, at=NOW + DAY) for _each in range(2)]
    assert len({each.id for each in issued}) == 1 and issued[0].id not in (paper.id, new.id)
    assert (issued[0].cycle, issued[0].enrolment_id, issued[0].issued_on) == (3, place.id, TODAY + DAY)
    assert services.issue_for_completion(paper.enrolment_id, at=NOW + DAY).id == paper.id
    assert factory.newest(paper.holder_id, paper.course_id).id == issued[0].id


def test_in_the_grace_the_shorter_course_still_counts_and_after_it_the_whole_one(app):
    """CE5"""
    inside, path_id = shorter(TODAY - 5 * DAY, grace_days=10)
    late, _other = shorter(TODAY - 20 * DAY, grace_days=10)
    begun = renewing.renew(inside.id, by_id=inside.holder_id, at=NOW)
    assert db.session.get(Enrolment, begun.enrolment_id).course_id == path_id
    whole = renewing.renew(late.id, by_id=late.holder_id, at=NOW)
    assert db.session.get(Enrolment, whole.enrolment_id).course_id == late.course_id and whole.until is None
    assert factory.complete(begun, TODAY).expires_on == date(2027, 11, 23)


def test_a_shorter_course_completed_too_late_renews_nothing_and_the_whole_one_is_open(app):
    """CE5"""
    paper, _path = shorter(TODAY + 5 * DAY)
    renewal = renewing.renew(paper.id, by_id=paper.holder_id, at=NOW)
    assert factory.complete(renewal, TODAY + 6 * DAY).id == paper.id
    assert renewal.state == "lapsed"
    whole = renewing.renew(paper.id, by_id=paper.holder_id, at=NOW + 7 * DAY)
    assert (whole.cycle, whole.until) == (2, None)
    assert factory.complete(whole, TODAY + 8 * DAY).expires_on == date(2027, 12, 1)


@pytest.mark.parametrize(("handed_in", "state"), [(TODAY + 5 * DAY, "completed"), (TODAY + 6 * DAY, "lapsed")])
@pytest.mark.parametrize("of_programme", [False, True])
def test_what_was_handed_in_in_time_renews_however_long_its_marking_takes(app, of_programme, handed_in, state):
    """CE5: the last day of the shorter way is that of the learner, not of the marker."""
    path = catalogue.course(units=0, published=False, gives_certificate=False, audience="everyone")
    quiz = db.session.get(
        QuizVersion, catalogue.activity(catalogue.unit(catalogue.draft(path)), "quiz").content["quiz_version_id"]
    )
    assessment.question(quiz, "essay", points=10)
    catalogue.services.publish(path, actor_id=None, at=noon(TODAY - 400 * DAY))
    if of_programme:
        paper = programme_paper(TODAY + 5 * DAY, renewal={"path_course": path.key})
        renewal = renew_programme(paper.id, by_id=paper.holder_id, at=NOW)
    else:
        paper = factory.ending(TODAY + 5 * DAY)
        factory.terms(paper.course_id, path_course_id=path.id)
        renewal = renewing.renew(paper.id, by_id=paper.holder_id, at=NOW)
    attempt = assessment.handed_in(quiz, db.session.get(people.Person, paper.holder_id), at=noon(handed_in))
    released = noon(TODAY + 20 * DAY)
    with time_machine.travel(released, tick=False):
        reminding.look_at_endings()
        jobs_of_programmes.look_at_programme_endings()
        assessment.mark(assessment.essays(attempt)[0], marker := people.person(), at=released)
        marking.release(quiz.quiz_id, by_id=marker.id, at=released)
        jobs.run_all_due()
        jobs.run_all_due()
    db.session.refresh(renewal)
    assert renewal.state == state
    issued = select(func.count()).select_from(Certificate).where(Certificate.holder_id == paper.holder_id)
    assert db.session.scalar(issued) == (2 if state == "completed" else 1)


def programme_paper(last: date, **given) -> Certificate:
    """The certificate of a programme of one course that ends on a day."""
    who, begun = people.person(), noon(last.replace(year=last.year - 1))
    course = catalogue.course(gives_certificate=False, audience="everyone")
    row = make.programme(groups=[(None, [make.for_course(course)])], validity_months=12, audience="any", **given)
    place = make.place(row, who, at=begun - DAY)
    courses.completed(learning.enrol(who.id, course.id, at=begun - DAY), at=begun)
    return issue_for_programme(place.id, at=begun)


def test_a_regrade_casts_doubt_on_the_round_it_touches_alone(app, monkeypatch):
    """CE5: a certificate renewed by the shorter course does not rest on the first round's attempt."""
    paper, path_id = shorter(LAST)
    new = factory.complete(renewing.renew(paper.id, by_id=paper.holder_id, at=NOW), TODAY)

    def held(course_id: int) -> set[int]:
        told = type("Told", (), {"learner_id": paper.holder_id, "course_id": course_id, "cycle": 1, "attempt_id": 0})
        return set(db.session.scalars(select(Certificate.id).where(rests_on(told))))

    assert (held(paper.course_id), held(path_id)) == ({paper.id}, {new.id})


# --- Duties, compliance, the rule's own beginning ----------------------------------------------------


@pytest.mark.parametrize(("kind", "last"), [("certificate_expiring", LAST), ("certificate_missing", TODAY - DAY)])
def test_a_duty_about_a_certificate_begins_its_renewal(app, kind, last):
    """CE5, CA5: who completed the course long ago is not left with an ended certificate."""
    of = people.organisation()
    course = catalogue.course(of=of, validity_months=12)
    paper = factory.ending(last, people.person(of=of), course)
    rule = rules.rule(of, Condition(kind, (str(course.id),), 60), course=course)
    ran = duties.run_rule(rule.id, cause="asked", at=NOW)
    assert ran.outcomes == {paper.holder_id: "assigned"}
    place = enrolment_of(paper.holder_id, course.id)
    assert (place.cycle, place.due_on) == (2, TODAY + timedelta(days=30))
    assert db.session.scalar(select(Duty.enrolment_id)) == place.id
    assert duties.run_rule(rule.id, cause="asked", at=NOW).outcomes == {}
    new = factory.complete(db.session.scalar(select(Renewal)), TODAY)
    assert new.cycle == 2


def test_compliance_at_a_date_uses_the_certificate_valid_on_it(app):
    """CE5, RE12: before, between and after, from history."""
    paper = factory.ending(date(2026, 10, 1))
    db.session.execute(update(Certificate).values(issued_at=noon(paper.issued_on)))
    db.session.expire_all()
    renewal = renewing.renew(paper.id, by_id=paper.holder_id, at=noon(date(2026, 10, 20)))
    new = factory.complete(renewal, date(2026, 11, 1))
    db.session.execute(update(Certificate).where(Certificate.id == new.id).values(issued_at=noon(new.issued_on)))
    who = people.Person.id == paper.holder_id
    db.session.execute(update(people.PersonPlace).values(at=noon(date(2025, 1, 1))))
    db.session.execute(update(DutyEvent).values(asked=True))

    def on(day: date) -> list[tuple[str, str]]:
        rows = db.session.execute(compliance.duty_rows(who, compliance.end_of(day, now=NOW), None))
        return [(duty.status, duty.certificate) for duty in map(compliance.duty_of, rows)]

    assert on(date(2026, 9, 1)) == [("compliant", paper.number)]
    assert on(date(2026, 10, 25)) == [("expired", paper.number)]
    assert on(date(2026, 11, 2)) == [("compliant", new.number)]


def test_renewals_begin_by_themselves_where_the_rule_says_so(app):
    """CE5"""
    soon, later = factory.ending(LAST), factory.ending(date(2027, 9, 1))
    for paper in (soon, later):
        factory.terms(paper.course_id, automatic=True)
    reminding.look_at_endings()
    jobs.run_all_due()
    assert db.session.scalars(select(Renewal.learner_id)).all() == [soon.holder_id]
    assert enrolment_of(soon.holder_id, soon.course_id).due_on == LAST
    told = select(Notice.kind).where(
        Notice.person_id == soon.holder_id, Notice.kind.in_(("renewal_began", "course_assigned"))
    )
    assert sorted(db.session.scalars(told)) == ["course_assigned", "renewal_began"]


def test_reminders_reach_the_holder_and_the_manager_once(app):
    """CE5: 90, 30 and 7 days before."""
    chief = people.person()
    home = db.session.get(people.Organisation, chief.organisation_id)
    factory.ending(TODAY + 29 * DAY, people.person(of=home, manager=chief))
    for _day in range(2):
        reminding.look_at_endings()
        jobs.run_all_due()
        with time_machine.travel(NOW + DAY, tick=False):
            reminding.look_at_endings()
            jobs.run_all_due()
    kinds = select(Notice.kind).where(Notice.kind.in_(("certificate_ends", "certificates_end")))
    assert sorted(db.session.scalars(kinds)) == ["certificate_ends", "certificates_end"]


def test_changing_the_rule_is_in_the_trail_and_holds_from_now_on(app):
    """CE5"""
    paper, _path = shorter(LAST)
    renewal = renewing.renew(paper.id, by_id=paper.holder_id, at=NOW)
    factory.terms(paper.course_id, window_days=10)
    assert factory.complete(renewal, TODAY).cycle == 2
    acts = db.session.scalars(
        select(AuditEntry.act).where(AuditEntry.act == "credentials:recertification:edit").order_by(AuditEntry.id)
    ).all()
    assert len(acts) == 2
    course = db.session.get(catalogue.Course, paper.course_id)
    for odd in (Terms(window_days=0), Terms(grace_days=-1), Terms(reminders=(0,)), Terms(path_course_id=course.id)):
        with pytest.raises(Invalid):
            renewing.change_terms(course, odd, actor_id=None, label="x", at=NOW)


def test_a_quiz_of_the_new_round_has_its_attempts_anew(app):
    """CE5, R22: attempts are counted in their own round."""
    paper = factory.ending(LAST)
    renewal = renewing.renew(paper.id, by_id=paper.holder_id, at=NOW)
    cycle = db.session.get(Enrolment, renewal.enrolment_id).cycle
    assert (
        db.session.scalar(select(func.count()).where(Attempt.learner_id == paper.holder_id, Attempt.cycle == cycle))
        == 0
    )


@pytest.mark.parametrize("answered", [False, True])
def test_an_attempt_left_open_in_the_round_before_does_not_take_the_place_of_a_new_one(app, answered):
    """R22, R10: going on in it would pass the quiz for a round that is over, and complete nothing."""
    house = people.organisation()
    course, quiz = make.course_with_quiz(house, validity_months=12)
    paper = factory.ending(LAST, people.person(house), course)
    left = assessment.attempt(quiz, db.session.get(people.Person, paper.holder_id), at=NOW - DAY)
    if answered:
        assessment.answer(left)
    place = db.session.get(Enrolment, renewing.renew(paper.id, by_id=paper.holder_id, at=NOW).enrolment_id)
    courses.completed(place, at=NOW, but=1)
    fresh = marking.start_attempt(quiz.id, paper.holder_id, cycle=place.cycle, at=NOW)
    assert (fresh.cycle, fresh.number, fresh.sequence, fresh.state) == (2, 1, 0, "open")
    db.session.refresh(left)
    assert (left.cycle, left.state, left.closed_by, left.passed) == (1, "graded", "clock", answered)
    assert place.state == "active"
    assert marking.start_attempt(quiz.id, paper.holder_id, cycle=place.cycle, at=NOW).id == fresh.id
    assessment.answer(fresh)
    marking.submit(fresh.id, at=NOW)
    assert place.state == "completed"


# --- Rules -------------------------------------------------------------------------------------------


@given(last=st.dates(date(2020, 1, 1), date(2090, 1, 1)), early=st.integers(-400, 400), months=st.integers(1, 120))
def test_renewed_in_time_there_is_no_gap_and_no_loss(last, early, months):
    """CE5"""
    done = last - timedelta(days=early)
    until = renewed_expiry(done, last, months)
    assert until > done
    assert until == renewed_expiry(max(done, last), last, months) or done > last
    assert renewed_expiry(done, None, months) <= until


def test_the_nearest_reminder_that_was_reached_is_given():
    """CE5"""
    given = [reminder_on(LAST, (90, 30, 7), LAST - timedelta(days=left)) for left in (91, 90, 31, 30, 8, 7, 0, -1)]
    assert given == [None, 90, 90, 30, 30, 7, 7, None]
    assert (read_days("٩٠، 30,7"), read_days(""), read_days("0"), read_days("x")) == ((90, 30, 7), (), None, None)


STEPS = st.lists(
    st.tuples(st.sampled_from(["renew", "complete", "leave", "path", "same"]), st.integers(0, 200)), max_size=8
)


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=STEPS)
def test_whatever_happens_there_is_one_open_round_no_gap_and_an_untouched_past(app, steps):
    """CE5: sequences of renewing, completing, leaving and changed rules over years."""
    paper, path = factory.ending(LAST), catalogue.course(gives_certificate=False)
    day, who, course_id = TODAY, paper.holder_id, paper.course_id
    kept: dict[int, dict] = {}
    for act, later in steps:
        day += timedelta(days=later)
        newest = factory.newest(who, course_id)
        found = db.session.scalar(select(Renewal).where(Renewal.learner_id == who, Renewal.state == "open"))
        if act == "renew":
            try:
                renewing.renew(newest.id, by_id=who, at=noon(day))
            except renewing.TooEarly as refusal:
                assert day < refusal.opens_on
        elif act == "complete" and found is not None:
            place = db.session.get(Enrolment, found.enrolment_id)
            if place.state == "active":
                made = factory.complete(found, day)
                if made.id != newest.id and day <= newest.expires_on:
                    assert made.issued_on <= newest.expires_on and made.expires_on > newest.expires_on
        elif act == "leave" and found is not None:
            place = db.session.get(Enrolment, found.enrolment_id)
            if place.state == "active":
                learning.withdraw(place.id, at=noon(day))
        elif act in ("path", "same"):
            factory.terms(course_id, path_course_id=path.id if act == "path" else None, grace_days=later)
        opened = select(func.count()).where(Renewal.learner_id == who, Renewal.state == "open")
        assert db.session.scalar(opened) <= 1
        cycles = sorted(db.session.scalars(select(Certificate.cycle).where(Certificate.holder_id == who)))
        assert cycles == list(range(1, len(cycles) + 1))
        for row in db.session.scalars(
            select(Enrolment).where(Enrolment.learner_id == who, Enrolment.state == "completed")
        ):
            assert kept.setdefault(row.id, factory.image(row)) == factory.image(row)


@pytest.mark.concurrency
def test_two_presses_are_one_round(crowd_app):  # noqa: F811
    """CE5: the database allows one open renewal and one place a round."""
    with prepared(crowd_app):
        paper_id = factory.ending(LAST).id
    outcomes = run_together(4, lambda _n: renewing.renew(paper_id, by_id=None, at=NOW).id, app=crowd_app)
    assert len(winners(outcomes)) == 4 and len(set(outcomes)) == 1, outcomes
    with crowd_app.app_context():
        assert db.session.scalar(select(func.count()).select_from(Renewal)) == 1
        assert sorted(db.session.scalars(select(Enrolment.cycle))) == [1, 2]
