"""NO8: letters by how people stand in a course: whom they reach, sending by a job, stopping, results, wrong people."""

from datetime import date, datetime, time, timedelta

import pytest
import time_machine
from sqlalchemy import select

from academy.accounts import services as accounts
from academy.base import clock, jobs
from academy.base.audit import AuditEntry
from academy.base.clock import RIYADH
from academy.base.db import db
from academy.base.errors import Conflict, Invalid
from academy.base.text import LocalizedText
from academy.catalogue.models import CourseTrainer
from academy.credentials.services import issue_for_completion
from academy.insights.mailings import jobs as sending
from academy.insights.mailings import queries, services
from academy.insights.mailings.models import Mailing, MailingPerson
from academy.insights.mailings.queries import Whom
from academy.insights.reports.reach import actor_of
from academy.learning.models import Enrolment
from academy.notices.models import Letter, LetterChoice, Notice
from tests.conftest import NOW
from tests.factories import accounts as people
from tests.factories import assessment, catalogue, learning

TODAY = date(2026, 11, 23)
WORDS = {"title": LocalizedText("تذكير", "A word"), "text": LocalizedText("النص كله", "The whole text")}


@pytest.fixture
def team(app):
    """A manager with four people on a course who have not started, somebody else's person there too."""
    of = people.organisation()
    boss = people.person(of=of, language="en", name=people.both("ليلى", "Layla"))
    course = catalogue.course(of=of, title=people.both("القياس", "Measurement"), lessons=2, validity_months=12)
    mine = [people.person(of=of, manager=boss, name=people.both(f"عضو {n}", f"Member {n}")) for n in range(4)]
    other = people.person(of=of, name=people.both("غريب", "Elsewhere"))
    for who in (*mine, other):
        learning.enrolment(who, course)
    return boss, mine, other, course


def written(boss, course, state="not_started", number=None):
    return services.write(actor_of(boss.id), Whom(course.id, state, number), at=NOW, **WORDS)


def reached(boss, course, state, number=None, at=NOW):
    rows = queries.standing_there(Whom(course.id, state, number), queries.reach(actor_of(boss.id), course), at=at)
    return {row.id for row in db.session.execute(rows)}


def outcomes(row):
    query = select(MailingPerson.person_id, MailingPerson.outcome).where(MailingPerson.mailing_id == row.id)
    return dict(db.session.execute(query).all())


def test_each_state_finds_those_who_stand_in_it(team):
    """NO8: of the manager's own people alone."""
    boss, (fresh, idle, late, done), _other, course = team
    place_of = {who.id: db.session.query(Enrolment).filter_by(learner_id=who.id).one() for who in (idle, late, done)}
    learning.completed(place_of[idle.id], at=NOW - timedelta(days=20), but=1)
    place_of[late.id].due_on = TODAY - timedelta(days=1)
    learning.completed(place_of[done.id], at=NOW - timedelta(days=3))
    db.session.flush()
    assert reached(boss, course, "not_started") == {fresh.id, late.id}
    assert reached(boss, course, "idle", 10) == {idle.id} and reached(boss, course, "idle", 30) == set()
    assert reached(boss, course, "overdue") == {late.id}
    assert reached(boss, course, "completed") == {done.id}
    assert reached(boss, course, "failed") == reached(boss, course, "below", 50) == set()
    paper = issue_for_completion(place_of[done.id].id, at=NOW)
    near = datetime.combine(paper.expires_on - timedelta(days=9), time(9), RIYADH)
    assert reached(boss, course, "ending", 10, at=near) == {done.id}
    assert reached(boss, course, "ending", 5, at=near) == set()


@pytest.mark.parametrize(
    ("counting", "shares", "failed"),
    [
        ("best", (0, 2), False),
        ("best", (0, 1), True),
        ("last", (2, 0), True),
        ("last", (0, 2), False),
        ("first", (2, 0), False),
        ("first", (0, 2), True),
        ("average", (2, 1), False),
        ("average", (2, 0), True),
    ],
)
def test_who_failed_is_known_by_what_counts_in_the_quiz(team, counting, shares, failed):
    """NO8, AS5: a quiz for 75 percent, in which an average or one certain attempt may count."""
    boss, (learner, *_rest), _other, course = team
    quiz = assessment.quiz(course, pass_percent=75, attempts_allowed=None, counting=counting)
    for day, right in enumerate(shares, 1):
        assessment.graded(quiz, learner, right, at=NOW - timedelta(days=9 - day))
    assert reached(boss, course, "failed") == ({learner.id} if failed else set())


def test_an_average_that_a_floor_of_a_domain_stops_is_failed(team):
    boss, (learner, *_rest), _other, course = team
    quiz = assessment.quiz(course, pass_percent=75, attempts_allowed=None, counting="average")
    tried = assessment.graded(quiz, learner, 2, at=NOW - timedelta(days=3))
    tried.shortfalls = ["D1"]
    db.session.flush()
    assert reached(boss, course, "failed") == {learner.id}


def test_it_is_sent_once_to_each_and_who_left_the_state_is_left_out(team):
    """NO8, and a job that breaks off: what was told is not told again."""
    boss, (one, two, three, four), other, course = team
    row = written(boss, course)
    assert services.send(actor_of(boss.id), row, at=NOW) == 4
    db.session.add(LetterChoice(person_id=two.id, kind="mailing", rhythm="never", changed_at=NOW))
    db.session.query(Enrolment).filter_by(learner_id=three.id).one().started_at = NOW
    four.manager_id = None
    db.session.flush()
    assert services.send_some(row.id, at=NOW, most=1)
    for _broken_off_and_done_again in range(2):
        services.send_some(row.id, at=NOW, most=2)
    sending.send_mailing(row.id, 0)
    sending.send_mailing(row.id, 0)
    assert outcomes(row) == {one.id: "told", two.id: "opted_out", three.id: "left", four.id: "left"}
    assert row.state == "finished"
    told = db.session.scalars(select(Notice.person_id).where(Notice.kind == "mailing").order_by(Notice.person_id)).all()
    assert told == sorted([one.id, two.id])
    letters = db.session.scalars(select(Letter).where(Letter.kind == "mailing")).all()
    assert [letter.person_id for letter in letters] == [one.id] and "النص كله" in letters[0].text
    with pytest.raises(Conflict):
        services.send(actor_of(boss.id), row, at=NOW)
    acts = db.session.scalars(select(AuditEntry.act).order_by(AuditEntry.id)).all()
    assert acts.count("insights:mailing:send") == 1


def test_a_stop_keeps_what_was_sent_and_sends_nothing_more(team):
    boss, mine, _other, course = team
    row = written(boss, course)
    services.send(actor_of(boss.id), row, at=NOW)
    services.send_some(row.id, at=NOW, most=1)
    services.stop(actor_of(boss.id), row, at=NOW)
    jobs.run_all_due()
    found = list(outcomes(row).values())
    assert sorted(found) == ["stopped", "stopped", "stopped", "told"] and row.state == "stopped"
    assert queries.still_wanted([row.id]) == set()
    with pytest.raises(Conflict):
        services.stop(actor_of(boss.id), row, at=NOW)


def test_what_waits_for_the_morning_is_dropped_when_its_author_may_enter_no_more(team):
    boss, _mine, _other, course = team
    row = written(boss, course)
    services.send(actor_of(boss.id), row, at=NOW)
    services.send_some(row.id, at=NOW)
    assert queries.still_wanted([row.id]) == {row.id}
    boss.state = "suspended"
    db.session.flush()
    assert queries.still_wanted([row.id]) == set()
    boss.state, boss.organisation.active = "active", False
    db.session.flush()
    assert queries.still_wanted([row.id]) == set()


def test_it_goes_out_by_the_worker_and_its_results_are_counted(team):
    boss, mine, _other, course = team
    row = written(boss, course)
    services.send(actor_of(boss.id), row, at=clock.now())
    jobs.run_all_due()
    assert row.state == "finished"
    assert sum(queries.results(row.id).values()) == len(mine)


def test_a_trainer_reaches_the_learners_of_their_own_courses_alone(team):
    _boss, mine, other, course = team
    of = other.organisation
    trainer = people.trainer(of)
    foreign = people.trainer(people.organisation())
    chief = people.administrator(of, everywhere=False)
    db.session.add(CourseTrainer(course_id=course.id, person_id=trainer.id))
    db.session.flush()
    everyone = {who.id for who in (*mine, other)}
    assert reached(trainer, course, "not_started") == everyone
    assert reached(chief, course, "not_started") == everyone
    assert reached(foreign, course, "not_started") == reached(other, course, "not_started") == set()
    row = written(foreign, course)
    with pytest.raises(Conflict):
        services.send(actor_of(foreign.id), row, at=NOW)


def test_a_state_that_needs_its_number_is_refused_without(team):
    boss, _mine, _other, course = team
    with pytest.raises(Invalid):
        written(boss, course, "idle")


def test_on_the_pages_from_writing_to_the_results(team, visit):
    boss, mine, other, course = team
    leads = visit(boss)
    assert "No letters yet" in leads.get("/mailings").words
    typed = {
        "course": str(course.id), "whom": "idle", "number": "", "title-ar": "تذكير", "title-en": "A word", "text-ar": "", "text-en": "kept words",
    }  # fmt: skip
    page = leads.post("/mailings/new", typed, status=422)
    assert "kept words" in page.get_text()
    page = leads.post("/mailings/new", {**typed, "whom": "not_started"})
    assert "Member 2" in page.words and "Elsewhere" not in page.words and "4 people" in page.words
    row = db.session.query(Mailing).one()
    stranger = people.person(of=other.organisation)
    for who in (other, stranger, people.manager(), people.administrator(people.organisation())):
        visitor = visit(who)
        visitor.get(f"/mailings/{row.id}", status=404)
        for act in ("send", "stop", "edit", "delete"):
            visitor.post(f"/mailings/{row.id}/{act}", status=404)
    visit(stranger).get("/mailings/new", status=403)
    leads.post(f"/mailings/{row.id}/send")
    page = leads.get(f"/mailings/{row.id}")
    assert "Stop sending" in page.words and "Not yet their turn" in page.words
    page = leads.post(f"/mailings/{row.id}/stop")
    assert "Not sent, as it was stopped" in page.words and "Stopped" in page.words


def test_nothing_of_another_organisation_is_offered_reached_or_told(team, visit):
    """NO8: canaries: courses offered, people reached, the page of the results, and who is written to."""
    boss, mine, _other, course = team
    house = people.organisation()
    theirs = catalogue.course(of=house, audience="organisation", title=people.both("CANARY مقرر", "CANARY course"))
    canary = people.person(of=house, name=people.both("CANARY", "CANARY"), manager=boss)
    for each in (course, theirs):
        learning.enrolment(canary, each)
    leads = visit(boss)
    assert "CANARY" not in leads.get("/mailings/new").get_text()
    typed = {
        "whom": "not_started", "number": "", "title-ar": "تذكير", "title-en": "A word", "text-ar": "النص", "text-en": "Words",
    }  # fmt: skip
    leads.post("/mailings/new", {**typed, "course": str(theirs.id)}, status=422)
    assert "CANARY" not in leads.post("/mailings/new", {**typed, "course": str(course.id)}).get_text()
    row = db.session.query(Mailing).one()
    leads.post(f"/mailings/{row.id}/send")
    jobs.run_all_due()
    assert set(outcomes(row)) == {each.id for each in mine}
    assert "CANARY" not in leads.get(f"/mailings/{row.id}").get_text()
    assert not db.session.scalars(select(Notice).where(Notice.person_id == canary.id, Notice.kind == "mailing")).all()


def test_a_draft_is_changed_and_deleted_and_nothing_that_was_sent_is(team, visit):
    """NO8: until it is sent; what was typed is kept where it is refused, and a letter on its way stays as it went."""
    boss, _mine, _other, course = team
    leads, row = visit(boss), written(boss, course)
    address = f"/mailings/{row.id}"
    assert leads.get(f"{address}/edit").find("input", attrs={"value": "A word"})
    typed = {
        "course": str(course.id), "whom": "idle", "number": "", "title-ar": "تذكير", "title-en": "Other words",
        "text-ar": "", "text-en": "Second thoughts",
    }  # fmt: skip
    assert "Second thoughts" in leads.post(f"{address}/edit", typed, status=422).get_text()
    assert "Second thoughts" in leads.post(f"{address}/edit", {**typed, "number": "7"}).words
    assert (row.whom, row.number, row.title.en) == ("idle", 7, "Other words")
    leads.post(f"{address}/edit", {**typed, "whom": "not_started"})
    assert row.number is None
    gone = written(boss, course)
    leads.post(f"/mailings/{gone.id}/delete")
    assert [each.id for each in db.session.query(Mailing)] == [row.id]
    leads.post(f"{address}/send")
    leads.post(f"{address}/edit", {**typed, "number": "9"})
    leads.post(f"{address}/delete")
    assert db.session.query(Mailing).one().title.en == "Other words" and row.number is None


def test_a_deputy_without_a_team_writes_to_the_lent_one_until_the_last_day(team):
    """NO8, ID6: what a job sends in their name reaches whom the page showed; nobody any more once they stand in no longer."""
    boss, mine, _other, course = team
    deputy = people.person(of=boss.organisation)
    assert reached(deputy, course, "not_started") == set()
    day = clock.today()
    row = accounts.name_deputy(boss, deputy.email, starts_on=day, ends_on=day, actor_id=boss.id, at=clock.now())
    assert reached(deputy, course, "not_started") == {who.id for who in mine}
    accounts.end_deputyship(row, actor_id=boss.id, at=clock.now())
    assert reached(deputy, course, "not_started") == set()


def test_letters_that_wait_for_the_morning_are_not_told_as_sent(team, visit):
    boss, _mine, _other, course = team
    row = written(boss, course)
    night = datetime.combine(TODAY, time(22), RIYADH)
    services.send(actor_of(boss.id), row, at=night)
    assert services.send_some(row.id, at=night) is False
    with time_machine.travel(night, tick=False):
        browser = visit(boss)
        page, listed = browser.get(f"/mailings/{row.id}"), browser.get("/mailings")
    assert "Waits to be sent" in page.words and "07:00" in page.words and "Letter waits until" in page.words
    assert "Waits to be sent" in listed.words
