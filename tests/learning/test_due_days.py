"""The ladder of due days: the person before the day and after it, then the manager, then the administrator, each once."""

from datetime import UTC, date, datetime, timedelta
from urllib.parse import urlsplit

import pytest
import time_machine
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from academy.accounts import services as accounts
from academy.assessment.services import freeze
from academy.base import clock, jobs
from academy.base.db import db
from academy.catalogue.models import Course
from academy.catalogue.queries import units_of
from academy.catalogue.services import publish
from academy.learning import services as learning
from academy.learning.models import DueReminder
from academy.learning.queries import due_days
from academy.learning.reminding import LATE_FOR_LONG, tell_manager
from academy.learning.rules.due_days import own_rung
from academy.notices import kinds
from academy.notices import services as notices
from academy.notices.models import Letter, Notice
from tests.factories import accounts as people
from tests.factories import assessment, catalogue
from tests.factories import learning as courses
from tests.factories.accounts import LONG_AGO
from tests.factories.catalogue import course

DUE = date(2026, 12, 20)
BEFORE = (14, 7, 1)
days = st.dates(date(2026, 1, 1), date(2027, 1, 1))


def let_pass(day: date) -> None:
    """Let the worker do what it does by itself on a day, at noon."""
    noon = datetime(day.year, day.month, day.day, 9, 0, tzinfo=UTC)
    with time_machine.travel(noon, tick=False):
        jobs.KINDS["learning.remind_due"].run()
        jobs.run_all_due()


def told(person, kind=None) -> list[str]:
    """The kinds or causes of what somebody was told, in order."""
    rows = db.session.execute(
        select(Notice.kind, Notice.cause).where(Notice.person_id == person.id).order_by(Notice.id)
    )
    return [row.cause for row in rows if row.kind == kind] if kind else [row.kind for row in rows]


@pytest.fixture
def late(app):
    """Somebody with a manager, an administrator of their organisation, and a course due on 20 December."""
    agency = people.organisation()
    manager = people.person(of=agency)
    who = people.person(of=agency, manager=manager)
    administrator = people.administrator(agency, everywhere=False)
    with time_machine.travel(datetime(2026, 11, 1, 9, 0, tzinfo=UTC), tick=False):
        row = courses.assigned(catalogue.course(), who, DUE)
    return who, manager, administrator, row


def test_the_ladder_climbs_once(late):
    """NO7"""
    who, manager, administrator, _row = late
    let_pass(DUE - timedelta(days=30))
    seen = {}
    for n in range(-20, 15):
        before = len(told(who)), len(told(manager)), len(told(administrator))
        for _time in range(2):
            let_pass(DUE + timedelta(days=n))
        after = len(told(who)), len(told(manager)), len(told(administrator))
        if after != before:
            seen[n] = tuple(b - a for a, b in zip(before, after, strict=True))
    assert seen == {-14: (1, 0, 0), -7: (1, 0, 0), -1: (1, 0, 0), 1: (1, 0, 0), 3: (0, 1, 0), 10: (0, 0, 1)}
    assert told(who)[-4:] == ["due_soon", "due_soon", "due_soon", "overdue"]


def test_a_worker_that_slept_tells_the_present_rung_only(late):
    who, *_others = late
    let_pass(DUE - timedelta(days=5))
    let_pass(DUE + timedelta(days=1))
    assert [cause.split(":")[-2:] for kind in ("due_soon", "overdue") for cause in told(who, kind)] == [
        ["before", "7"],
        ["overdue", "0"],
    ]


def test_a_manager_gets_one_letter_of_all_their_people(late):
    """NO7"""
    who, manager, *_others = late
    both = people.person(manager=manager, name=people.both("ريم", "Reem"))
    courses.assigned(course(), both, DUE)
    let_pass(DUE + timedelta(days=4))
    let_pass(DUE + timedelta(days=5))
    (notice,) = db.session.scalars(select(Notice).where(Notice.person_id == manager.id))
    assert notice.values["count"] == {"number": "2"}
    assert [number for number, *_said in notice.values["people"]["named"]] == [who.id, both.id]


@pytest.mark.parametrize("what", ["completed", "withdrawn", "suspended", "retired"])
def test_the_ladder_stops(late, what):
    """NO7"""
    who, manager, administrator, row = late
    if what == "completed":
        row.state, row.completed_at = "completed", datetime(2026, 12, 1, tzinfo=UTC)
    elif what == "withdrawn":
        row.state = "withdrawn"
    elif what == "suspended":
        who.state = "suspended"
    else:
        db.session.get(Course, row.course_id).retired_at = datetime(2026, 12, 1, tzinfo=UTC)
    for n in (-14, 1, 4, 12):
        let_pass(DUE + timedelta(days=n))
    assert not told(who, "due_soon") and not told(manager) and not told(administrator)


@pytest.mark.parametrize(("handed_in", "lesson_done", "silent"), [(0, True, True), (1, True, False), (0, False, False)])
def test_nobody_is_told_of_those_whose_answers_wait_for_marks(app, handed_in, lesson_done, silent):
    """NO7: who handed in the rest by the due day waits for a marker; who is late with it or owes a lesson is late."""
    agency = people.organisation()
    manager, chief = people.person(of=agency), people.administrator(agency, everywhere=False)
    who = people.person(of=agency, manager=manager)
    of = catalogue.course(published=False)
    quiz = assessment.draft_quiz(of)
    assessment.question(quiz, "essay")
    catalogue.activity(units_of(catalogue.draft(of).id)[0], "quiz", content={"quiz_version_id": quiz.id})
    publish(of, actor_id=None, at=LONG_AGO)
    freeze(quiz.id, LONG_AGO)
    row = courses.assigned(of, who, DUE)
    noon = datetime(2026, 12, 20, 9, 0, tzinfo=UTC)
    if lesson_done:
        courses.completed(row, at=noon, but=1)
    assessment.handed_in(quiz, who, at=noon + timedelta(days=handed_in))
    for n in (4, 12):
        let_pass(DUE + timedelta(days=n))
    assert (len(told(manager)), len(told(chief))) == ((0, 0) if silent else (1, 1))


def test_another_due_day_begins_another_ladder(late):
    who, manager, *_others, row = late
    let_pass(DUE + timedelta(days=1))
    at = datetime(2026, 12, 22, 9, 0, tzinfo=UTC)
    with time_machine.travel(at, tick=False):
        learning.assign(row.course_id, [who.id], by_id=None, due_on=DUE + timedelta(days=30), at=at)
    let_pass(DUE + timedelta(days=5))
    assert not told(manager)
    let_pass(DUE + timedelta(days=33))
    assert len(told(who, "overdue")) == 2 and len(told(manager)) == 1


def test_nobody_hears_of_another_organisations_people(late):
    """NO7, P3"""
    _who, _manager, administrator, _row = late
    foreign = people.organisation()
    outside = people.person(of=foreign)
    lent = people.person(manager=outside, of=people.organisation(), name=people.both("كناري", "Canary"))
    courses.assigned(course(), lent, DUE)
    whole = people.administrator()
    let_pass(DUE + timedelta(days=12))
    assert not told(outside)
    assert "Canary" not in str(
        db.session.scalars(select(Notice.values).where(Notice.person_id == administrator.id)).all()
    )
    assert "Canary" in str(db.session.scalars(select(Notice.values).where(Notice.person_id == whole.id)).all())


def test_the_database_keeps_each_rung_once(late):
    """R23"""
    *_people, row = late
    from_ladder = {"enrolment_id": row.id, "due_on": DUE, "rung": "overdue", "days": 0, "told_on": DUE}
    db.session.add(DueReminder(**from_ladder))
    db.session.flush()
    with pytest.raises(Exception, match="(?i)unique"), db.session.begin_nested():
        db.session.add(DueReminder(**from_ladder))
        db.session.flush()


def test_many_are_reminded_in_batches(app, monkeypatch, statements):
    monkeypatch.setattr("academy.learning.reminding.BATCH", 3)
    the_course = catalogue.course()
    everyone = [people.person() for _ in range(7)]
    for who in everyone:
        courses.assigned(the_course, who, DUE)
    let_pass(DUE - timedelta(days=1))
    assert all(told(who, kinds.DUE_SOON) for who in everyone)
    with statements() as seen:
        assert len(due_days.due_until(DUE, after_id=0, most=100)) == 7
    assert len(seen) == 1


@given(days, days, days, st.lists(st.integers(1, 90), max_size=6))
def test_a_rung_is_reached_and_lies_after_the_duty_began(due_on, since, today, before):
    rung = own_rung(due_on, since=since, today=today, before=before)
    if due_on < today:
        assert rung == ("overdue", 0)
    elif rung is not None:
        step = due_on - timedelta(days=rung[1])
        assert rung[1] in before and since < step <= today


def test_matrix_managers_and_deputies_are_told_with_the_manager(late):
    """ID6 NO7"""
    who, manager, _administrator, _row = late
    at = datetime(2026, 12, 1, 9, 0, tzinfo=UTC)
    matrix, deputy, over = (people.person(of=manager.organisation) for _ in range(3))
    accounts.add_matrix_manager(who, matrix.email, people.both("مشروع", "Project"), actor_id=None, at=at)
    for stand_in, last in ((deputy, date(2026, 12, 31)), (over, date(2026, 12, 22))):
        accounts.name_deputy(manager, stand_in.email, starts_on=date(2026, 12, 2), ends_on=last, actor_id=None, at=at)
    for _time in range(2):
        let_pass(DUE + timedelta(days=3))
    assert [len(told(each, "people_late")) for each in (manager, matrix, deputy, over)] == [1, 1, 1, 0]


def test_the_letters_lead_to_where_their_readers_see_who_is_late(late):
    """NO7"""
    _who, manager, administrator, _row = late
    let_pass(DUE + timedelta(days=10))
    letters = {row.person_id: row for row in db.session.scalars(select(Letter))}
    assert [urlsplit(letters[each.id].address).path for each in (manager, administrator)] == ["/team", "/admin/late"]
    assert letters[administrator.id].kind == LATE_FOR_LONG


@pytest.mark.parametrize("rhythm", ["now", "daily"])
def test_a_letter_that_waited_names_only_who_is_in_the_team_still(late, rhythm):
    """NO5 NO7: rights are asked again at sending, person by person."""
    who, manager, *_others = late
    both = people.person(of=manager.organisation, manager=manager, name=people.both("ريم", "Reem"))
    courses.assigned(course(), both, DUE)
    notices.choose(manager.id, {kinds.PEOPLE_LATE: rhythm}, at=datetime(2026, 11, 1, 9, 0, tzinfo=UTC))
    day = DUE + timedelta(days=4)
    with time_machine.travel(datetime(day.year, day.month, day.day, 9, 0, tzinfo=UTC), tick=False) as moved:
        tell_manager(manager.id, day.isoformat())
        both.manager_id = None
        db.session.flush()
        jobs.run_all_due()
        moved.shift(timedelta(days=3))  # to the next Sunday
        jobs.queue_periodic(clock.now())
        jobs.run_all_due()
    letter = db.session.scalars(select(Letter).where(Letter.person_id == manager.id)).first()
    assert who.name.show(manager.language) in letter.text and "ريم" not in letter.text and "Reem" not in letter.text
    (notice,) = db.session.scalars(
        select(Notice).where(Notice.person_id == manager.id, Notice.kind == kinds.PEOPLE_LATE).limit(1)
    )
    assert notice.values["count"] == {"number": "1"}


def test_who_looks_after_an_organisation_no_longer_gets_no_letter_about_it(late):
    """NO7"""
    _who, manager, administrator, _row = late
    own, other = manager.organisation_id, people.organisation().id
    assert kinds.standing(LATE_FOR_LONG, {own, other}, administrator.id) == {own}
    assert kinds.standing(LATE_FOR_LONG, {own, other}, manager.id) == set()
