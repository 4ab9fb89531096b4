"""The marking desk as markers meet it: queues, anonymity, the rubric, the release; and who is kept out."""

import pytest

from academy.accounts.models import Organisation
from academy.assessment import services
from academy.assessment.models import AnswerMark, Attempt
from academy.base import jobs
from academy.base.db import db
from tests.factories import accounts as people
from tests.factories import assessment as factories
from tests.factories import catalogue
from tests.factories.accounts import both

NAME = "QXNAMECANARY"


@pytest.fixture
def desk(app):
    """A trainer's quiz with an essay and files, two learners who handed in, and a canary in everything personal."""
    trainer = people.trainer()
    course = catalogue.course(trainer=trainer)
    version = factories.quiz(course, types=("essay", "file"), points=10, shuffle=False)
    own = db.session.get(Organisation, trainer.organisation_id)
    learners = [
        people.person(own, name=both(f"{NAME} {n}", f"{NAME} {n}"), email=f"{NAME.lower()}{n}@example.test")
        for n in (1, 2)
    ]
    attempts = [factories.attempt(version, learner) for learner in learners]
    for attempt in attempts:
        services.save_response(attempt.id, 1, factories.RIGHT["essay"], at=attempt.started_at)
        services.add_file(attempt, 2, b"%PDF-1.4 x", f"{NAME}.pdf", at=attempt.started_at)
        services.submit(attempt.id, at=attempt.started_at)
    db.session.flush()
    return trainer, version, attempts


def essay(attempt):
    return factories.essays(attempt)[0]


def urls(version, attempt):
    item = essay(attempt)
    return {
        "queue": "/marking",
        "question": f"/marking/quizzes/{version.quiz_id}/questions/{item.question_version_id}",
        "answer": f"/marking/answers/{item.id}",
        "file answer": f"/marking/answers/{factories.essays(attempt)[-1].id}",
        "release": f"/marking/quizzes/{version.quiz_id}/release",
        "markers": f"/marking/quizzes/{version.quiz_id}/markers",
    }


def test_an_essay_without_limit_and_rubric_is_marked(desk, visit):
    """Both are left out when a trainer leaves their fields empty."""
    trainer, _version, attempts = desk
    item = essay(attempts[0])
    question = item.question_version
    question.content = {name: said for name, said in question.content.items() if name not in ("most_words", "rubric")}
    db.session.flush()
    browser, where = visit(trainer), f"/marking/answers/{item.id}"
    browser.get(where)
    page = browser.post(f"{where}/claim")
    assert "الكلمات: 10" in page.select_one("section[aria-labelledby=given]").get_text()
    sent = {"version": page.select_one(".mark-form [name=version]")["value"], "pick-": "٧٫٥", "comment": "أحسنت"}
    page = browser.post(where, {**sent, "go": "final"})
    assert page.select_one("[name=pick-]")["value"] == "7.5" and "أحسنت" in page.words


def test_the_desk_tells_what_waits_and_leads_from_answer_to_answer(desk, visit):
    """AS22."""
    trainer, version, attempts = desk
    browser = visit(trainer)
    page = browser.get("/marking")
    assert "إجابتان بانتظار التصحيح" in page.words and page.select_one(".mainnav .count").get_text(
        strip=True
    ).startswith("4")
    item = essay(attempts[0])
    browser.post(f"/marking/quizzes/{version.quiz_id}/questions/{item.question_version_id}/next", follow=False)
    assert browser.response.headers["Location"].endswith(f"/marking/answers/{item.id}")
    page = browser.get(f"/marking/answers/{item.id}")
    assert len(page.select("fieldset input[type=radio]")) == 3 and "إجابة نموذجية" in page.words
    form = {
        "version": "0",
        "pick-clear": "mid",
        "pick-voice": "٤٫٥",
        "comment": "أحسنت",
        "note": "سرّ بيننا",
        "go": "next",
    }
    browser.post(f"/marking/answers/{item.id}", form, follow=False)
    assert browser.response.headers["Location"].endswith(f"/marking/answers/{essay(attempts[1]).id}")
    mark = db.session.query(AnswerMark).filter_by(item_id=item.id).one()
    assert (mark.state, mark.picks, mark.comment) == ("final", {"clear": "mid", "voice": "4.5"}, "أحسنت")


def test_names_stay_hidden_in_every_byte_until_release_and_from_file_names_too(desk, visit):
    """AS22, P4: a canary in names, addresses and file names is found nowhere on the desk before the release."""
    trainer, version, attempts = desk
    browser = visit(trainer)
    for item in factories.essays(attempts[0]):
        services.claim(item.id, marker_id=trainer.id, at=attempts[0].started_at)
    for where, address in urls(version, attempts[0]).items():
        browser.get(address)
        told = browser.response.get_data(as_text=True) + str(browser.response.headers)
        assert NAME.lower() not in told.lower(), where
    browser.get(f"/answers/{factories.essays(attempts[0])[1].id}/files/1")
    assert NAME.lower() not in str(browser.response.headers).lower()
    assert browser.response.headers["Content-Disposition"].startswith("attachment; filename=answer-")


def test_names_are_shown_where_the_quiz_says_so_but_never_those_of_another_organisation(app, visit):
    trainer = people.trainer()
    version = factories.draft_quiz(catalogue.course(trainer=trainer))
    version.marking = {"anonymous": False}
    factories.question(version, "essay", points=10)
    services.freeze(version.id, factories.LONG_AGO)
    own = db.session.get(Organisation, trainer.organisation_id)
    mine = factories.handed_in(version, people.person(own, name=both("ظاهر", "Shown")))
    foreign = factories.handed_in(version, people.person(people.organisation("partner"), name=both(NAME, NAME)))
    browser = visit(trainer)
    assert "ظاهر" in browser.get(urls(version, mine)["answer"]).words
    assert NAME not in str(browser.get(urls(version, foreign)["answer"]))
    page = browser.get(urls(version, mine)["question"])
    assert "ظاهر" in page.words and NAME not in str(page)


def test_strangers_learners_and_other_trainers_find_no_desk(desk, visit, browser):
    """P3: other organisation, other course, the learner, nobody signed in."""
    _trainer, version, attempts = desk
    item = essay(attempts[0])
    posts = [
        f"/marking/quizzes/{version.quiz_id}/questions/{item.question_version_id}/next",
        *(f"/marking/answers/{item.id}{act}" for act in ("", "/claim", "/reopen", "/put-back", "/total")),
        f"/marking/quizzes/{version.quiz_id}/release",
        f"/marking/quizzes/{version.quiz_id}/markers",
        f"/marking/quizzes/{version.quiz_id}/markers/1/remove",
    ]
    learner = db.session.get(people.Person, attempts[0].learner_id)
    for who in (people.trainer(), people.trainer(db.session.get(Organisation, learner.organisation_id)), learner):
        stranger = visit(who)
        for where, address in urls(version, attempts[0]).items():
            if where != "queue":
                stranger.get(address, status=404)
        for address in posts:
            stranger.post(address, {"version": "0", "go": "final"}, status=404)
    visit(learner).get("/marking", status=403)
    assert "لا شيء بانتظار التصحيح" in visit(people.trainer()).get("/marking").words
    for address in posts:
        browser.post(address, follow=False)
        assert "/sign-in" in browser.response.headers["Location"]
    assert db.session.query(AnswerMark).count() == 0


def test_the_page_of_an_own_answer_in_another_organisation_is_closed(desk, visit):
    """AS22, P3: nobody reads the notes of markers on what they answered themself."""
    trainer, version, _attempts = desk
    elsewhere = people.person(people.organisation("partner"))
    address = urls(version, factories.handed_in(version, elsewhere))["answer"]
    visit(trainer).get(address)
    people.account(trainer, elsewhere)
    visit(trainer).get(address, status=404)


def test_a_named_marker_marks_but_neither_names_nor_releases(desk, visit):
    trainer, version, attempts = desk
    own = db.session.get(Organisation, trainer.organisation_id)
    helper, learner = people.trainer(own), people.person(own)
    page = visit(trainer).post(f"/marking/quizzes/{version.quiz_id}/markers", {"person": helper.id})
    assert helper.name.ar in page.words
    visit(trainer).post(f"/marking/quizzes/{version.quiz_id}/markers", {"person": learner.id}, status=422)
    browser = visit(helper)
    assert "إجابتان بانتظار التصحيح" in browser.get("/marking").words
    browser.post(f"/marking/answers/{essay(attempts[0]).id}/claim")
    assert db.session.query(AnswerMark).one().marker_id == helper.id
    browser.get(f"/marking/quizzes/{version.quiz_id}/release", status=404)
    browser.get(f"/marking/quizzes/{version.quiz_id}/markers", status=404)
    visit(trainer).post(f"/marking/quizzes/{version.quiz_id}/markers/{helper.id}/remove")
    browser.get(f"/marking/answers/{essay(attempts[1]).id}", status=404)


def test_a_mark_saved_late_lands_on_its_own_answer(desk, visit):
    """R15: mark A, switch fast to B before the save returns."""
    trainer, _version, attempts = desk
    browser = visit(trainer)
    first, second = (essay(attempt) for attempt in attempts)
    for item in (first, second):
        browser.post(f"/marking/answers/{item.id}/claim")
    browser.get(f"/marking/answers/{second.id}")
    browser.post(f"/marking/answers/{first.id}", {"version": "0", "pick-clear": "low", "go": "draft"})
    browser.post(f"/marking/answers/{second.id}", {"version": "0", "pick-clear": "high", "go": "draft"})
    found = {mark.item_id: mark.picks for mark in db.session.query(AnswerMark)}
    assert found == {first.id: {"clear": "low"}, second.id: {"clear": "high"}}


def test_a_refused_mark_says_why_and_keeps_what_was_typed(desk, visit):
    trainer, _version, attempts = desk
    browser, item = visit(trainer), essay(attempts[0])
    browser.post(f"/marking/answers/{item.id}/claim")
    form = {"version": "0", "pick-clear": "mid", "comment": "لا يضيع", "go": "final"}
    page = browser.post(f"/marking/answers/{item.id}", form, status=422)
    assert "لا يضيع" in page.select_one("#comment").get_text() and page.select_one("[value=mid][checked]")
    assert "المعايير" in page.select_one(".field.wrong #pick-voice-error").get_text()
    page = browser.post(f"/marking/answers/{item.id}", {**form, "pick-voice": "٩٩"}, status=422)
    assert (
        page.select_one("#pick-voice")["value"] == "٩٩" and "أرباع" in page.select_one("#pick-voice-error").get_text()
    )
    page = browser.post(f"/marking/answers/{item.id}", {**form, "pick-clear": "", "pick-voice": "5"}, status=422)
    assert page.select_one("fieldset.wrong #pick-clear-error")
    page = browser.post(f"/marking/answers/{item.id}", {**form, "pick-voice": "6", "version": "7"}, status=409)
    assert "لا يضيع" in page.select_one("#comment").get_text() and page.select_one(".notice.bad")


def test_the_total_is_added_up_by_the_academy(desk, visit):
    trainer, _version, attempts = desk
    browser, item = visit(trainer), essay(attempts[0])
    page = browser.post(f"/marking/answers/{item.id}/total", {"pick-clear": "mid", "pick-voice": "٤٫٥"})
    assert "6.5" in page.words and "10" in page.words
    assert db.session.query(AnswerMark).count() == 0


def test_the_release_is_previewed_in_numbers_and_the_learner_reads_marks_and_comment_but_no_private_note(desk, visit):
    """AS22, AS12: before the release the result says only that it waits."""
    trainer, version, attempts = desk
    learner = db.session.get(people.Person, attempts[0].learner_id)
    result = f"/attempts/{attempts[0].id}/result"
    waiting = visit(learner).get(result)
    assert "بانتظار التصحيح" in waiting.words and not waiting.select(".question, .ring")
    for item in factories.essays(attempts[0]):
        picks = factories.BEST if item.question_version.type == "essay" else {"": "7.5"}
        factories.mark(item, trainer, picks, comment="تعليق للمتدرب", note="ملاحظة خاصة")
    browser = visit(trainer)
    page = browser.get(f"/marking/quizzes/{version.quiz_id}/release")
    assert NAME not in str(page) and [b.get_text() for b in page.select(".kpi b")] == ["1", "1", "1"]
    seen = page.select_one("[name=seen]")["value"]
    browser.post(f"/marking/quizzes/{version.quiz_id}/release", {"seen": "old"})
    assert db.session.get(Attempt, attempts[0].id).state == "submitted"
    browser.post(f"/marking/quizzes/{version.quiz_id}/release", {"seen": seen})
    jobs.run_all_due()
    page = visit(learner).get(result)
    assert "تعليق للمتدرب" in page.words and "ملاحظة خاصة" not in str(page) and "17.5" in page.words
    assert "إجابة نموذجية" not in str(page)
    assert "نتيجتك" in visit(learner).get("/notices").words


@pytest.mark.parametrize("learners", [1, 12])
def test_the_desk_costs_as_many_statements_for_many_answers_as_for_one(app, visit, statements, learners):
    trainer = people.trainer()
    version = factories.quiz(catalogue.course(trainer=trainer), types=("essay", "file"), points=10, shuffle=False)
    attempts = [factories.handed_in(version, people.person()) for _ in range(learners)]
    for attempt in attempts[1:]:
        factories.mark(essay(attempt), people.person())
    browser = visit(trainer)
    for address in urls(version, attempts[0]).values():
        browser.get(address)
        with statements() as seen:
            browser.get(address)
        assert len(seen) <= 8, (address, seen)


def test_a_draft_quiz_with_essays_is_told_how_to_mark_them(app, visit):
    trainer = people.trainer()
    activity = factories.quiz_activity(trainer)
    browser = visit(trainer)
    address = f"/teach/activities/{activity.id}/quiz"
    factories.question(db.session.get(factories.QuizVersion, activity.content["quiz_version_id"]), "essay")
    assert browser.get(address).select_one(f"a[href='{address}/marking']")
    browser.post(f"{address}/marking", {"second": "٣٠", "margin": "0"}, status=422)
    browser.post(f"{address}/marking", {"second": "٣٠", "margin": "15"})
    quiz = db.session.get(factories.QuizVersion, activity.content["quiz_version_id"])
    assert quiz.marking == {"anonymous": False, "second": 30, "margin": 15}
    services.freeze(quiz.id, factories.LONG_AGO)
    copy = services.copy_version(quiz.id, factories.LONG_AGO)
    assert copy.marking == quiz.marking
    visit(people.trainer()).get(f"{address}/marking", status=404)


@pytest.mark.parametrize("typed", ["11", "-1", "abc", "1.3"])
def test_points_that_cannot_be_given_are_answered_with_their_range(desk, visit, typed):
    trainer, version, attempts = desk
    item = next(each for each in factories.items(attempts[0]) if each.position == 2)
    browser = visit(trainer)
    browser.post(f"/marking/quizzes/{version.quiz_id}/questions/{item.question_version_id}/next")
    page = browser.post(f"/marking/answers/{item.id}", {"version": "0", "pick-": typed, "go": "final"}, status=422)
    said = page.select_one(".notice.bad").get_text()
    assert "من 0 إلى 10" in said and "المعايير" not in said
    page = browser.post(f"/marking/answers/{item.id}", {"version": "0", "pick-": "", "go": "final"}, status=422)
    assert "المعايير" not in page.select_one(".notice.bad").get_text()
