"""Accommodations: granted once, held at every quiz, moved into attempts under way, seen by nobody who need not know."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from academy.assessment import services
from academy.assessment.models import Accommodation, AccommodationDate, Attempt
from academy.assessment.queries_of_attempts import result
from academy.assessment.queries_of_heads import attempt_head
from academy.assessment.queries_of_standing import quiz_state
from academy.assessment.services.accommodating import move_deadlines
from academy.base.audit import AuditEntry
from academy.base.db import db
from academy.learning import services as learning
from tests.factories import accounts as people
from tests.factories import assessment as quizzes
from tests.factories import catalogue

MINUTE = timedelta(minutes=1)
FORM = {
    "extra_percent": "50",
    "extra_attempts": "1",
    "larger_text": "y",
    "no_clock": "y",
    "note": "بطلبه",
    "valid_until": "",
}
SECRET = "بطلبه"


def now() -> datetime:
    return datetime.now(UTC)


@pytest.fixture
def agency(app):
    return people.organisation()


@pytest.fixture
def learner(agency):
    return people.person(of=agency)


@pytest.fixture
def admin(agency):
    return people.administrator(of=agency, everywhere=False)


def address(person) -> str:
    return f"/admin/people/{person.id}/accommodations"


def grant(person, **given):
    services.accommodate(person, services.Terms(**given), actor_id=None, at=now())


def test_granted_once_it_holds_at_every_quiz(visit, admin, learner):
    """AS16."""
    visit(admin).post(address(learner), FORM)
    for _quiz in range(2):
        version = quizzes.quiz(minutes=30, attempts_allowed=1)
        started = now()
        first = quizzes.attempt(version, learner, at=started)
        assert first.deadline == first.started_at + 45 * MINUTE
        services.submit(first.id, at=started)
        assert quiz_state(version.id, learner.id, now=started).attempts_left == 1
        assert quizzes.attempt(version, learner, at=started).number == 2
        assert quizzes.attempt(version, people.person(), at=started).deadline == started + 30 * MINUTE


def test_an_attempt_under_way_gets_its_later_end_at_once_and_its_page_learns_it(visit, admin, learner):
    """AS16, AS9: with the next save, or when the page asks."""
    attempt = quizzes.attempt(quizzes.quiz(types=("short_text",), minutes=20), learner, at=now())
    browser = visit(learner)
    assert browser.client.get(f"/attempts/{attempt.id}/time").get_json()["seconds_left"] <= 1200
    visit(admin).post(address(learner), {**FORM, "extra_percent": "100"})
    assert browser.client.get(f"/attempts/{attempt.id}/time").get_json()["seconds_left"] > 2300
    body = {"items": [{"position": 1, "response": {"text": "x"}}], "client_key": "page-0001", "client_sequence": 1}
    assert browser.send_json(f"/attempts/{attempt.id}/save", body)["seconds_left"] > 2300


def test_an_end_never_moves_to_an_earlier_moment_and_never_wakes_what_is_over(app, learner):
    version, started = quizzes.quiz(minutes=20), now()
    attempt = quizzes.attempt(version, learner, at=started)
    grant(learner, extra_percent=100)
    db.session.refresh(attempt)
    assert attempt.deadline == started + 40 * MINUTE
    grant(learner, extra_percent=10)
    services.withdraw_accommodation(learner, actor_id=None, at=now())
    db.session.refresh(attempt)
    assert attempt.deadline == started + 40 * MINUTE
    grant(learner, extra_percent=300)
    attempt.deadline = started + 40 * MINUTE
    db.session.flush()
    assert move_deadlines(learner.id, started + 41 * MINUTE) == 0
    services.submit(attempt.id, at=started)
    assert move_deadlines(learner.id, started) == 0


def test_dates_of_one_quiz_hold_there_and_nowhere_else(app, learner):
    """AS16: an own end, as after an alarm in the examination hall."""
    one, other, started = quizzes.quiz(minutes=20), quizzes.quiz(minutes=20), now()
    here, there = (quizzes.attempt(version, learner, at=started) for version in (one, other))
    ends = started + 90 * MINUTE
    services.grant_dates(one.quiz_id, learner, services.Dates(ends_at=ends), actor_id=None, at=started)
    for attempt in (here, there):
        db.session.refresh(attempt)
    assert (here.deadline, there.deadline) == (ends, started + 20 * MINUTE)


def test_the_key_stays_hidden_while_an_extra_attempt_is_left(app, learner):
    """P4: what a release rule says of the last attempt counts the extra ones."""
    version = quizzes.quiz(types=("single",), attempts_allowed=1, release="after_pass")
    attempt = quizzes.graded(version, learner, right=False, at=now())
    head = attempt_head(attempt.id)
    assert result(head, now=now()).shown.right_answers
    grant(learner, extra_attempts=1)
    head = attempt_head(attempt.id)
    assert not result(head, now=now()).shown.right_answers and result(head, now=now()).attempts_left == 1


def test_larger_text_and_a_clock_that_is_asked_for(visit, learner):
    attempt = quizzes.attempt(quizzes.quiz(minutes=20), learner, at=now())
    page = visit(learner).get(f"/attempts/{attempt.id}")
    assert "larger" not in page.body["class"] and not page.select("details.clock-on-demand")
    grant(learner, larger_text=True, no_clock=True)
    page = visit(learner).get(f"/attempts/{attempt.id}")
    assert "larger" in page.body["class"] and page.select_one("details.clock-on-demand [data-time-left]")


def test_the_quiz_page_tells_the_learner_their_own_limits(visit, learner):
    course = catalogue.course(published=False, audience="everyone")
    activity = catalogue.activity(catalogue.unit(catalogue.draft(course)), "quiz")
    version = db.session.get(quizzes.QuizVersion, activity.content["quiz_version_id"])
    version.minutes, version.attempts_allowed = 30, 2
    quizzes.question(version)
    catalogue.services.publish(course, actor_id=None, at=now())
    grant(learner, extra_percent=50, extra_attempts=1)
    enrolment = learning.enrol(learner.id, course.id, at=now())
    page = visit(learner).get(f"/learn/{enrolment.id}/{activity.key}")
    assert "45 دقيقة" in page.words and "3 من 3" in page.words and "50%" in page.words
    assert "ما الذي يُسجَّل أثناء إجابتك" in page.words


def test_the_person_reads_them_and_cannot_change_them(visit, learner):
    browser = visit(learner)
    assert "ترتيباتك التيسيرية" not in browser.get("/account").words
    grant(learner, extra_percent=25, note=SECRET)
    page = browser.get("/account")
    assert SECRET in page.words and "25%" in page.words
    browser.get(address(learner), 404)
    browser.post(address(learner), FORM, 404)


WHO = {
    "a trainer": lambda agency, learner: people.trainer(agency),
    "the manager": lambda agency, learner: people.manager(learner.org_unit or people.org_unit(agency)),
    "a colleague": lambda agency, learner: people.person(of=agency),
    "another organisation's administrator": lambda agency, learner: people.administrator(
        of=people.organisation(), everywhere=False
    ),
}


@pytest.mark.parametrize("who", WHO)
def test_nobody_else_sees_or_changes_them(visit, agency, learner, who):
    """P3."""
    grant(learner, extra_percent=25, note=SECRET)
    browser = visit(WHO[who](agency, learner))
    browser.get(address(learner), 404)
    browser.post(address(learner), FORM, 404)
    browser.post(f"{address(learner)}/withdraw", {}, 404)
    browser.post(f"{address(learner)}/dates", {"closes_at": "2030-01-01 10:00"}, 404)
    for page in (f"/team/people/{learner.id}", f"/admin/people/{learner.id}"):
        assert SECRET not in browser.client.get(page).get_data(as_text=True)
    assert db.session.scalars(select(Accommodation)).one().extra_percent == 25


def test_a_stranger_is_sent_to_sign_in(browser, learner):
    browser.get(address(learner), 302)
    assert "/sign-in" in browser.response.headers["Location"]


def test_nobody_grants_themselves_anything(visit, agency, admin):
    visit(admin).post(address(admin), FORM, 404)
    course = catalogue.course(of=agency)
    version = quizzes.quiz(course, minutes=5)
    page = visit(admin).post(
        f"/teach/{course.key}/dates",
        {"email": admin.email, "quiz": str(version.quiz_id), "ends_at": "2030-01-01 10:00"},
        422,
    )
    assert "لا يمنح أحد نفسه" in page.words


def test_every_grant_leaves_a_trace_without_the_words_of_the_note(visit, admin, learner):
    """P12."""
    browser = visit(admin)
    browser.post(address(learner), FORM)
    browser.post(address(learner), FORM)
    browser.post(f"{address(learner)}/withdraw")
    browser.post(f"{address(learner)}/withdraw")
    trail = db.session.scalars(
        select(AuditEntry).where(AuditEntry.act.like("assessment:accommodation:%")).order_by(AuditEntry.id)
    ).all()
    assert [entry.act.rpartition(":")[2] for entry in trail] == ["grant", "withdraw"]
    assert {(entry.actor_id, entry.subject_id, entry.organisation_id) for entry in trail} == {
        (admin.id, learner.id, learner.organisation_id)
    }
    assert SECRET not in str([(entry.before, entry.after) for entry in trail])
    assert trail[0].after["extra_percent"] == 50


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"extra_percent": "301"}, "300"),
        ({"extra_percent": "-1"}, "0"),
        ({"extra_attempts": "21"}, "20"),
        ({"valid_until": "غدًا"}, "2027-03-01"),
        ({"extra_percent": "0", "extra_attempts": "", "larger_text": None, "no_clock": None}, "ترتيب تيسيري واحد"),
        ({"note": "س" * 501}, "500"),
    ],
)
def test_what_makes_no_sense_is_refused_next_to_its_field(visit, admin, learner, changes, said):
    form = {name: value for name, value in {**FORM, **changes}.items() if value is not None}
    page = visit(admin).post(address(learner), form, 422)
    assert said in page.select_one(".field .error").get_text()
    assert db.session.scalars(select(Accommodation)).all() == []


def test_arabic_digits_and_hijri_days_are_understood(visit, admin, learner):
    visit(admin).post(address(learner), {**FORM, "extra_percent": "٢٥", "valid_until": "١٤٥٠/١/١"})
    row = db.session.scalars(select(Accommodation)).one()
    assert row.extra_percent == 25 and row.valid_until.isoformat() == "2028-05-25"


# --- Other dates, by the course --------------------------------------------------------------------------


@pytest.fixture
def taught(agency):
    """A course of the agency with a published quiz, its trainer."""
    trainer = people.trainer(agency)
    course = catalogue.course(trainer=trainer, audience="everyone")
    return trainer, course, quizzes.quiz(course, minutes=30)


def test_a_trainer_grants_dates_for_own_quizzes_to_learners_they_see(visit, taught, learner):
    """AS16."""
    trainer, course, version = taught
    browser, form = visit(trainer), {"email": learner.email, "quiz": str(version.quiz_id)}
    page = browser.post(f"/teach/{course.key}/dates", {**form, "ends_at": "2030-01-01 ١٤:٣٠"})
    assert learner.name.ar in page.words and "14:30" in page.words
    row = db.session.scalars(select(AccommodationDate)).one()
    assert row.ends_at == datetime(2030, 1, 1, 11, 30, tzinfo=UTC) and row.granted_by_id == trainer.id
    assert SECRET not in page.words
    browser.post(f"/accommodation-dates/{row.id}/withdraw", {"back": "course"})
    assert db.session.scalars(select(AccommodationDate)).all() == []
    acts = db.session.scalars(
        select(AuditEntry.act).where(AuditEntry.subject_id == learner.id).order_by(AuditEntry.id)
    ).all()
    assert acts == ["assessment:accommodation:dates"] * 2


def test_a_day_and_a_time_are_typed_apart_and_stay_when_refused(visit, taught, learner):
    """AS16: two inputs of one name; what cannot be read comes back in both."""
    trainer, course, version = taught
    browser, form = visit(trainer), {"email": learner.email, "quiz": str(version.quiz_id)}
    where = f"/teach/{course.key}/dates"
    refused = browser.post(where, {**form, "ends_at": "2030-01-01", "ends_at-time": "٢٥:٠٠"}, 422)
    assert [box["value"] for box in refused.select("[name^=ends_at]")] == ["2030-01-01", "٢٥:٠٠"]
    browser.post(where, {**form, "ends_at": "2030-01-01", "ends_at-time": "١٤:٣٠", "opens_at": "", "opens_at-time": ""})
    row = db.session.scalars(select(AccommodationDate)).one()
    assert row.ends_at == datetime(2030, 1, 1, 11, 30, tzinfo=UTC) and row.opens_at is None


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({}, "موعد واحد"),
        ({"opens_at": "2030-01-02 10:00", "closes_at": "2030-01-01 10:00"}, "بعد فتحه"),
        ({"ends_at": "2020-01-01 10:00"}, "المستقبل"),
        ({"closes_at": "2020-01-01 10:00"}, "المستقبل"),
        ({"ends_at": "2030-01-01"}, "14:30"),
        ({"ends_at": "2030-01-01 25:00"}, "14:30"),
        ({"email": "nobody@example.test", "ends_at": "2030-01-01 10:00"}, "لا يوجد بهذا البريد"),
    ],
)
def test_dates_that_make_no_sense_are_refused(visit, taught, learner, given, said):
    trainer, course, version = taught
    form = {"email": learner.email, "quiz": str(version.quiz_id), **given}
    page = visit(trainer).post(f"/teach/{course.key}/dates", form, 422)
    assert said in page.select_one(".field .error").get_text()


def test_a_foreign_learner_is_unknown_and_a_foreign_quiz_is_no_choice(visit, taught, learner):
    """P3: the same answer as for an address that does not exist."""
    trainer, course, version = taught
    foreign, dates = people.person(of=people.organisation("partner")), {"ends_at": "2030-01-01 10:00"}
    page = visit(trainer).post(
        f"/teach/{course.key}/dates", {**dates, "email": foreign.email, "quiz": str(version.quiz_id)}, 422
    )
    assert "لا يوجد بهذا البريد" in page.words
    other = quizzes.quiz()
    visit(trainer).post(
        f"/teach/{course.key}/dates", {**dates, "email": learner.email, "quiz": str(other.quiz_id)}, 422
    )
    stranger = people.trainer(people.organisation())
    visit(stranger).get(f"/teach/{course.key}/dates", 404)
    row = services.grant_dates(
        version.quiz_id, learner, services.Dates(ends_at=now() + MINUTE), actor_id=None, at=now()
    )
    visit(stranger).post(f"/accommodation-dates/{row.id}/withdraw", {}, 404)


def test_the_administrator_grants_dates_from_the_persons_page(visit, admin, taught, learner):
    _trainer, _course, version = taught
    page = visit(admin).post(
        f"{address(learner)}/dates", {"quiz": str(version.quiz_id), "closes_at": "2030-01-01 14:30"}
    )
    assert version.title.ar in page.words
    assert version.title.ar in visit(learner).get("/account").words


@pytest.mark.parametrize("count", [1, 12])
def test_the_lists_take_the_same_few_statements(visit, admin, taught, agency, learner, statements, count):
    trainer, course, version = taught
    for _one in range(count):
        who = people.person(of=agency)
        services.grant_dates(version.quiz_id, who, services.Dates(ends_at=now() + MINUTE), actor_id=admin.id, at=now())
        other = quizzes.quiz(course)
        services.grant_dates(other.quiz_id, learner, services.Dates(ends_at=now() + MINUTE), actor_id=None, at=now())
    for who, page in ((trainer, f"/teach/{course.key}/dates"), (admin, address(learner)), (learner, "/account")):
        browser = visit(who)
        with statements() as seen:
            browser.get(page)
        assert len(seen) <= 8, "\n".join(seen)


def test_starting_keeps_the_language_it_is_read_in(app, learner):
    attempt = services.start_attempt(quizzes.quiz().id, learner.id, at=now(), language="en")
    assert db.session.get(Attempt, attempt.id).language == "en"
