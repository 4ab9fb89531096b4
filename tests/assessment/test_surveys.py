"""Anonymous surveys: nothing leads from an answer to a person, everybody answers once, and few are never shown."""

import json
from datetime import timedelta

import pytest
from sqlalchemy import delete, func, inspect, select, text
from sqlalchemy.exc import IntegrityError

from academy.accounts.models import Organisation
from academy.assessment import queries_of_surveys as surveys
from academy.assessment import services
from academy.assessment.models import (
    AnonymousSurvey,
    Attempt,
    AttemptItem,
    IntegrityEvent,
    SaveReceipt,
    SaveRefusal,
    SurveySheet,
)
from academy.assessment.queries_of_opinions import opinions
from academy.assessment.rules import CannotStart
from academy.base.audit import AuditEntry
from academy.base.db import db
from academy.base.errors import Invalid
from academy.base.sealing import CannotUnseal, seal, unseal
from academy.base.spreadsheets import read_table
from academy.catalogue.models import Course
from academy.insights.reports.models import SmallGroup
from tests.assessment.test_edit_pages import activity, address, page
from tests.assessment.test_editing import add, quiz_of
from tests.concurrency import crowd_app, prepared, run_together, winners  # noqa: F401
from tests.factories import accounts as people
from tests.factories import assessment as quizzes
from tests.factories import catalogue
from tests.factories.accounts import LONG_AGO

LATER = LONG_AGO + timedelta(minutes=1)

__all__ = ["activity", "crowd_app", "page"]


@pytest.fixture
def trainer(app):
    return people.trainer()


@pytest.fixture
def course(trainer):
    return catalogue.course(trainer=trainer)


def survey(course=None, types=("matrix", "ranking"), **given):
    """A published anonymous survey."""
    version = quizzes.draft_quiz(course, **given)
    services.set_anonymous(version, True)
    for type in types:
        quizzes.question(version, type)
    services.freeze(version.id, LONG_AGO)
    return version


def sent(version, right=True, **given):
    """What somebody has answered and sent; the attempt that is left of it."""
    return quizzes.graded(version, people.person(), right=right, **given)


def home_of(course):
    return db.session.get(Organisation, course.organisation_id)


def sheets(version):
    db.session.expire_all()
    return db.session.scalars(select(SurveySheet).where(SurveySheet.quiz_version_id == version.id)).all()


def results(version):
    (found,) = [each for each in surveys.surveys_of(version.quiz.course_id) if each.version_id == version.id]
    return surveys.results(found)


# --- What is kept ---------------------------------------------------------------


def test_nothing_in_the_database_leads_from_answers_to_a_person(app):
    """AS5: no attempt, no time, no number that could be paired; the draft and its receipts are gone."""
    version = survey()
    attempt = quizzes.attempt(version, people.person())
    quizzes.answer(attempt, True)
    assert db.session.scalar(select(SaveReceipt.id).where(SaveReceipt.attempt_id == attempt.id))
    services.note_refusals(attempt, [1], "newer", client_key="k", client_sequence=1, at=LONG_AGO)
    services.submit(attempt.id, at=LATER)
    db.session.expire_all()
    held = services.hold_attempt(attempt.id)
    services.note_refusals(held, [1], "closed", client_key="k", client_sequence=2, at=LATER)
    for kept in (AttemptItem, SaveReceipt, SaveRefusal, IntegrityEvent):
        assert not db.session.scalars(select(kept).where(kept.attempt_id == attempt.id)).all(), kept
    left = db.session.get(Attempt, attempt.id)
    assert (left.state, left.passed, left.sequence, left.seed, left.saved_by, left.network) == (
        "graded",
        True,
        0,
        0,
        None,
        None,
    )
    columns = {each["name"] for each in inspect(db.engine).get_columns("survey_sheet")}
    assert columns == {"key", "quiz_id", "quiz_version_id", "answers", "sealed"}


def test_few_answers_wait_sealed_and_are_then_opened_together_with_new_keys(app):
    """AS5: of the last ones to answer the database tells nothing either, as its secret lies elsewhere."""
    version = survey()
    for _person in range(4):
        sent(version)
    waiting = sheets(version)
    assert len(waiting) == 4 and all(sheet.sealed and sheet.answers is None for sheet in waiting)
    assert not any("places" in sheet.sealed for sheet in waiting)
    keys = {sheet.key for sheet in waiting}
    sent(version)
    opened = sheets(version)
    assert len(opened) == 5 and all(sheet.answers and sheet.sealed is None for sheet in opened)
    assert not keys & {sheet.key for sheet in opened}
    sent(version)
    assert sorted(sheet.sealed is None for sheet in sheets(version)) == [False, *[True] * 5]


def test_what_was_sealed_opens_with_the_same_secret_and_purpose_only():
    sealed = seal({"a": "أ"}, "one", "secret")
    assert unseal(sealed, "one", "secret") == {"a": "أ"}
    for purpose, secret in (("one", "other"), ("two", "secret")):
        with pytest.raises(CannotUnseal):
            unseal(sealed, purpose, secret)
    assert len(seal({"a": 1}, "one", "s")) == len(sealed)


def test_answers_are_kept_in_an_order_that_tells_nothing_of_the_paper(app):
    """AS5: the mixed order of a paper comes from a seed that belongs to an attempt."""
    version = survey(types=("matrix", "ranking", "matrix"))
    for _person in range(5):
        sent(version)
    orders = {json.dumps(list(sheet.answers)) for sheet in sheets(version)}
    assert len(orders) == 1


def test_each_person_answers_once_whatever_was_granted(app):
    """AS5."""
    version, learner = survey(), people.person()
    services.accommodate(learner, services.Terms(extra_attempts=3), actor_id=None, at=LONG_AGO)
    quizzes.graded(version, learner)
    with pytest.raises(CannotStart):
        services.start_attempt(version.id, learner.id, at=LATER)
    again = db.session.scalars(select(Attempt.id).where(Attempt.learner_id == learner.id)).one()
    services.submit(again, at=LATER)
    assert len(sheets(version)) == 1


def test_an_empty_survey_is_not_sent(app):
    """AS5."""
    version = survey()
    attempt = quizzes.attempt(version, people.person())
    with pytest.raises(services.NothingSaid):
        services.submit(attempt.id, at=LATER)
    assert db.session.get(Attempt, attempt.id).state == "open" and not sheets(version)


def test_what_the_clock_ends_is_thrown_away(app):
    """AS5: nobody's draft is sent for them."""
    version = survey(closes_at=LONG_AGO + timedelta(hours=1))
    attempt = quizzes.attempt(version, people.person())
    quizzes.answer(attempt, True)
    services.close_overdue(LONG_AGO + timedelta(hours=2))
    db.session.expire_all()
    left = db.session.get(Attempt, attempt.id)
    assert (left.state, left.passed, left.closed_by) == ("graded", False, "clock")
    assert not sheets(version) and not quizzes.items(left)


def test_no_hints_are_noted(app):
    """AS5, AS21: a survey that closes has an end, and is watched no more than one without."""
    version = survey(closes_at=LONG_AGO + timedelta(hours=1))
    attempt = quizzes.attempt(version, people.person())
    services.observe(attempt, away=[60], network="n1", at=LONG_AGO)
    assert attempt.network is None and not db.session.scalars(select(IntegrityEvent)).all()


# --- What it may hold, and for how long it is promised ---------------------------


def test_scored_or_drawn_questions_cannot_be_mixed_in(app):
    """AS5."""
    version = quizzes.draft_quiz()
    services.set_anonymous(version, True)
    quizzes.question(version, "matrix")
    quizzes.question(version, "single")
    with pytest.raises(services.MixedSurvey):
        services.freeze(version.id, LONG_AGO)


def test_the_promise_holds_once_the_quiz_was_published(app):
    """AS5: by the service from publishing on, by the database from the first answer on."""
    version = survey()
    sent(version)
    following = services.copy_version(version.id, LATER)
    assert following.anonymous
    with pytest.raises(Invalid):
        services.set_anonymous(following, False)
    with pytest.raises(IntegrityError), db.session.begin_nested():
        db.session.execute(delete(AnonymousSurvey).where(AnonymousSurvey.quiz_id == version.quiz_id))
    plain = quizzes.quiz(types=("matrix",))
    with pytest.raises(Invalid):
        services.set_anonymous(plain, True)


def test_a_sheet_is_open_or_sealed_and_belongs_to_an_anonymous_survey(app):
    """AS5: by the database."""
    version, plain = survey(), quizzes.quiz(types=("matrix",))
    insert = "INSERT INTO survey_sheet (key, quiz_id, quiz_version_id, answers, sealed) VALUES (:k, :q, :v, NULL, :s)"
    for quiz_id, sealed in ((version.quiz_id, None), (plain.quiz_id, "x")):
        with pytest.raises(IntegrityError), db.session.begin_nested():
            db.session.execute(text(insert), {"k": "k", "q": quiz_id, "v": version.id, "s": sealed})


# --- Results --------------------------------------------------------------------


def test_results_are_those_of_whole_groups(app):
    """AS5: from five on, and then in groups of five, so that two looks tell nothing of one person."""
    version = survey()
    seen = []
    for place in range(11):
        sent(version, right=place % 2 == 0)
        found = results(version)
        seen.append((found.shown, found.waiting))
    assert seen == [(0, 1), (0, 2), (0, 3), (0, 4), (5, 0), (5, 1), (5, 2), (5, 3), (5, 4), (10, 0), (10, 1)]
    matrix, ranking = results(version).questions
    assert matrix.opinions.statements[0].answered == 10
    assert ranking.opinions.statements[1].mean == 1 and ranking.opinions.statements[0].counts == (0, 0, 5), ranking


def test_a_stricter_threshold_of_any_organisation_concerned_holds(app):
    """AS5: the academy's own small groups, never below five."""
    version = survey()
    home = db.session.get(Course, version.quiz.course_id).organisation_id
    for organisation_id, threshold in ((home, 7), (people.organisation().id, 50)):
        db.session.add(SmallGroup(organisation_id=organisation_id, threshold=threshold, changed_at=LONG_AGO))
    db.session.flush()
    for _person in range(6):
        sent(version)
    assert results(version).shown == 0
    sent(version)
    assert (results(version).shown, results(version).floor) == (7, 7)


def test_what_few_have_answered_is_hidden_among_what_many_have(app):
    """AS5: a statement that only some rated, and a ranking that only some completed."""
    version = survey()
    for place in range(5):
        sent(version, right=place < 3)
    matrix, ranking = results(version).questions
    answered = [one.answered for one in matrix.opinions.statements]
    assert answered[0] == 5 and answered[1] == 0 and matrix.opinions.statements[1].omitted == 0
    assert ranking.opinions is None


def test_a_ranking_counts_only_where_every_item_has_its_place(app):
    """AS5: a mean of half-made rankings would compare what was not compared."""
    content = quizzes.content("ranking")
    whole, half = {"places": {"i1": 1, "i2": 2, "i3": 3}}, {"places": {"i1": 1}}
    twice = {"places": {"i1": 1, "i2": 1, "i3": 3}}
    found = opinions(content, [whole] * 5 + [half, twice], least=5)
    assert [one.mean for one in found.statements] == [1, 2, 3] and found.statements[0].omitted == 2
    assert opinions(content, [whole] * 4 + [half] * 9, least=5) is None


# --- Pages ----------------------------------------------------------------------


def test_the_trainer_sees_figures_with_a_table_and_takes_them_along(visit, trainer, course):
    """AS5: charts with tables, CSV and XLSX without names in whole Arabic; formulas are text."""
    version = survey(course)
    page, address = visit(trainer), f"/teach/{course.key}/surveys?survey={version.id}"
    for _person in range(4):
        sent(version)
    shown = page.get(address)
    assert not shown.select(".opinions") and "خيار k3" not in shown.words
    assert page.get(f"/teach/{course.key}/surveys.csv?survey={version.id}", status=302)
    sent(version)
    shown = page.get(address)
    assert len(shown.select(".opinions[role=img] svg rect")) >= 3 and len(shown.select("table")) >= 2
    for suffix in ("csv", "xlsx"):
        page.get(f"/teach/{course.key}/surveys.{suffix}?survey={version.id}")
        table = read_table(page.response.data, f"survey.{suffix}")
        assert (
            len(table.rows) == 5
            and "خيار s1" in table.header[0]
            and "no-store" in page.response.headers["Cache-Control"]
        )
        assert {row[0] for row in table.rows} == {"خيار k3"} and {str(row[3]) for row in table.rows} == {"1"}


def test_a_survey_by_name_says_so_and_its_export_leaves_a_trace(visit, trainer, course):
    """AS5, TR: names only of the learners whom the trainer may see."""
    version = quizzes.quiz(course, types=("matrix",))
    mine, foreign = people.person(home_of(course)), people.person()
    for learner in (mine, foreign):
        quizzes.graded(version, learner)
    page = visit(trainer)
    page.get(f"/teach/{course.key}/surveys.csv?survey={version.id}")
    table = read_table(page.response.data, "survey.csv")
    assert [row[0] for row in table.rows] == [mine.name.ar]
    entry = db.session.scalars(select(AuditEntry).where(AuditEntry.act == "assessment:survey:export")).one()
    assert entry.after["people"] == 1 and entry.actor_id == trainer.id


def test_cells_that_a_spreadsheet_would_run_are_text(visit, trainer, course):
    """AS5: = + - @ at the beginning of a step."""
    version = quizzes.draft_quiz(course)
    services.set_anonymous(version, True)
    scale = [
        {"id": f"k{n}", "text": quizzes.text(f"{sign}1+1", f"{sign}1+1")} for n, sign in enumerate("=+-@", start=1)
    ]
    quizzes.question(version, "matrix", content=quizzes.content("matrix", scale=scale))
    services.freeze(version.id, LONG_AGO)
    for _person in range(5):
        sent(version)
    page = visit(trainer)
    page.get(f"/teach/{course.key}/surveys.csv?survey={version.id}")
    lines = page.response.data.decode("utf-8-sig").splitlines()[1:]
    assert lines and all(cell.startswith(("'", "\"'")) for line in lines for cell in line.split(",") if cell)


def test_nobody_else_reads_a_draft_or_a_receipt(visit, trainer, course):
    """AS5: the log, its export and the proof of receipts know nothing of an anonymous survey, even while it is open."""
    version, learner = survey(course), people.person(home_of(course))
    attempt = quizzes.attempt(version, learner)
    quizzes.answer(attempt, True)
    page = visit(trainer)
    for rest in ("log", "log.csv", "log.json", "hints"):
        page.get(f"/attempts/{attempt.id}/{rest}", status=404)
    own = visit(learner)
    own.get(f"/attempts/{attempt.id}/receipts.json", status=404)
    shown = own.get(f"/attempts/{attempt.id}/receipts")
    assert "مجهول" in shown.words and not shown.select("table")
    services.submit(attempt.id, at=LATER)
    shown = own.get(f"/attempts/{attempt.id}/result")
    assert not shown.select("a[href$=receipts], .given-list") and "k3" not in shown.words
    listed = page.get(f"/teach/{course.key}/questions/learners/{learner.id}")
    assert not listed.select("a[href*='/log']")


# --- At once --------------------------------------------------------------------


def test_eight_sends_at_once_give_one_set_of_answers(crowd_app):  # noqa: F811
    """AS5, R10: one person presses the button on eight devices."""
    with prepared(crowd_app):
        version = survey()
        attempt = quizzes.attempt(version, people.person())
        quizzes.answer(attempt, True)
        version_id, attempt_id = version.id, attempt.id
    outcomes = run_together(8, lambda _n: services.submit(attempt_id, at=LATER).passed, app=crowd_app)
    assert winners(outcomes) == [True] * 8, outcomes
    with prepared(crowd_app):
        assert (
            db.session.scalar(select(func.count(SurveySheet.key)).where(SurveySheet.quiz_version_id == version_id)) == 1
        )


def test_eight_people_who_send_at_once_are_all_counted(crowd_app):  # noqa: F811
    """AS5: the sheet that fills a group opens it once, and none is lost or doubled."""
    with prepared(crowd_app):
        version = survey()
        attempts = [quizzes.attempt(version, people.person()) for _person in range(8)]
        for attempt in attempts:
            quizzes.answer(attempt, True)
        ids = [attempt.id for attempt in attempts]
    outcomes = run_together(8, lambda n: services.submit(ids[n], at=LATER).passed, app=crowd_app)
    assert winners(outcomes) == [True] * 8, outcomes
    with prepared(crowd_app):
        kept = db.session.scalars(select(SurveySheet.sealed)).all()
        assert sorted(each is None for each in kept) == [False] * 3 + [True] * 5


# --- The rules, and what is read before answering --------------------------------


def test_the_page_asks_as_many_statements_for_many_as_for_few(visit, trainer, course, statements):
    """AS5."""
    version, page, counts = survey(course), visit(trainer), []
    for many in (5, 10):
        for _person in range(many):
            sent(version)
        db.session.expire_all()
        with statements() as seen:
            page.get(f"/teach/{course.key}/surveys?survey={version.id}")
        counts.append(len(seen))
    assert counts[0] == counts[1] <= 9, counts


def test_a_trainer_chooses_it_in_the_rules_and_they_follow(page, activity):
    """AS5: once, without a clock, a score, tries or certainty; what contradicts it is said before publishing."""
    add(activity, "ranking")
    where = address(activity, "/rules")
    rules = {
        "title-ar": "استبانة", "title-en": "Survey", "pass_percent": "70", "minutes": "20", "attempts_allowed": "3", "layout": "all",
        "navigation": "free", "counting": "best", "tries": "4", "cooling_unit": "hours", "review": ["after:score"],
        "pre_quiz_id": "0",
    }  # fmt: skip

    def save(**more):
        seen = page.get(where).select_one("[name=seen]")["value"]
        page.post(where, {**rules, "seen": seen, **more})
        db.session.expire_all()
        return quiz_of(activity)

    quiz = save(anonymous="y")
    assert quiz.anonymous and (quiz.minutes, quiz.attempts_allowed, quiz.tries) == (None, 1, 1)
    assert "استبانة مجهولة الهوية" in page.get(address(activity)).words
    add(activity, "single")
    assert "لا يمكن النشر على هذه الحال" in page.get(address(activity)).words
    assert not save().anonymous


def test_learners_read_what_holds_before_during_and_after(visit, course):
    """AS5: who answers knows what is kept."""
    version, learner = survey(course), people.person(home_of(course))
    attempt, own = quizzes.attempt(version, learner), visit(learner)
    for where in (f"/attempts/{attempt.id}", f"/attempts/{attempt.id}/review"):
        assert "هذه الاستبانة مجهولة الهوية" in own.get(where).words
    shown = own.post(f"/attempts/{attempt.id}/submit")
    assert "أجب عن سؤال واحد على الأقل" in shown.words
    quizzes.answer(attempt, True)
    shown = own.post(f"/attempts/{attempt.id}/submit")
    assert "لا شيء يدل منها عليك" in shown.words and "درجة" not in shown.select_one(".result-words").get_text()
