"""The rules of quizzes as learners and completion meet them: what counts, practice with hints, what is shown when."""

from datetime import timedelta

import pytest
from sqlalchemy import select, update

from academy.accounts.models import Person
from academy.assessment import services
from academy.assessment.models import Attempt, AttemptItem
from academy.assessment.queries_of_gain import gain_figures, sureness_figures
from academy.assessment.queries_of_results import quiz_figures
from academy.assessment.queries_of_standing import counted_outcome
from academy.base import clock
from academy.base.db import db
from academy.catalogue.models import CourseTrainer
from academy.learning.models import ActivityState, Enrolment
from academy.learning.queries import counted_share
from tests.assessment.test_no_way_around import NOW, Scene
from tests.factories import accounts as people
from tests.factories import assessment as quizzes
from tests.factories import catalogue, learning
from tests.factories.accounts import LONG_AGO, both

HOUR = timedelta(hours=1)


def take(scene: Scene, right: int, at) -> Attempt:
    """A submitted attempt with so many of three questions right."""
    made = services.start_attempt(scene.version.id, scene.learner.id, at=at, address="127.0.0.1")
    quizzes.answer(made, right, at=at)
    services.submit(made.id, at=at)
    db.session.commit()
    return made


def completed(scene: Scene) -> bool:
    state = db.session.scalar(select(ActivityState.state).where(ActivityState.enrolment_id == scene.enrolment.id))
    return state == "completed"


@pytest.mark.parametrize(
    ("counting", "rights", "completes", "share"),
    [
        ("best", [0, 3, 0], [False, True, True], 1),
        ("last", [3, 0], [True, True], 0),
        ("last", [0, 3], [False, True], 1),
        ("first", [0, 3], [False, False], 0),
        ("average", [1, 3], [False, False], 2 / 3),
        ("average", [2, 3], [False, True], 5 / 6),
    ],
)
def test_completion_follows_what_counts_and_is_never_taken_back(visit, counting, rights, completes, share):
    """AS11: the pass mark is 70 %. The roster shows the result that counts."""
    scene = Scene(visit, counting=counting)
    for place, (right, done) in enumerate(zip(rights, completes, strict=True)):
        take(scene, right, LONG_AGO + place * HOUR)
        assert completed(scene) is done
    shown = db.session.scalar(select(counted_share()).select_from(Enrolment).where(Enrolment.id == scene.enrolment.id))
    assert float(shown) == pytest.approx(share, abs=1e-4)


@pytest.mark.parametrize(
    ("counting", "rights", "verdict"),
    [
        ("first", [0, 3], "wrong"),
        ("first", [3, 0], "right"),
        ("best", [3, 0], "right"),
        ("average", [1, 3], "wrong"),
        ("last", [3, 0], "wrong"),
    ],
)
def test_the_verdict_of_a_result_is_that_of_what_counts(visit, counting, rights, verdict):
    """P2: the result and the page of the quiz say the same of it."""
    scene = Scene(visit, counting=counting, attempts_allowed=None, pass_percent=70)
    for hour, right in enumerate(rights):
        made = take(scene, right, NOW + hour * HOUR)
    said = scene.browser.get(f"/attempts/{made.id}/result").select_one(".verdict")
    assert verdict in said["class"]


def test_an_average_of_thirds_is_exact(app):
    """P2: 19/3, 19/3 and 25/3 of 10 points are 70 % on average, though each is kept rounded."""
    quiz = quizzes.quiz(types=("ordering",) * 10, pass_percent=70, counting="average", attempts_allowed=None)
    learner = people.person()
    for thirds in (19, 19, 25):
        attempt = quizzes.attempt(quiz, learner)
        for item in quizzes.items(attempt):
            wrong, right = {"i1": 1}, {"i2": 1, "i3": 2, "i1": 3}
            places = dict(list(right.items())[: min(3, thirds)]) or wrong
            services.save_response(attempt.id, item.position, {"places": places}, at=LONG_AGO)
            thirds -= min(3, thirds)
        services.submit(attempt.id, at=LONG_AGO)
    found = counted_outcome(quiz.id, learner.id)
    assert (found.percent, found.passed) == (70, True)


def test_a_quiz_whose_score_is_never_shown_says_nothing_in_the_roster(visit):
    """P4, AS12."""
    scene = Scene(visit, release="none")
    take(scene, 3, LONG_AGO)
    query = select(counted_share()).select_from(Enrolment).where(Enrolment.id == scene.enrolment.id)
    assert db.session.scalar(query) is None and completed(scene)


def test_a_survey_beside_a_quiz_takes_its_result_from_nobody(app):
    """It has no points and so no share, which PostgreSQL orders before every number."""
    course, learner = catalogue.course(), people.person()
    place = learning.enrolment(learner, course)
    quizzes.graded(quizzes.quiz(course), learner, right=1)
    services.submit(quizzes.attempt(quizzes.quiz(course, ("matrix", "ranking")), learner).id, at=LONG_AGO)
    shown = db.session.scalar(select(counted_share()).select_from(Enrolment).where(Enrolment.id == place.id))
    assert float(shown) == 0.5


def test_a_missed_floor_is_kept_explained_and_keeps_from_passing(visit):
    """AS11: 2 of 3 is over the pass mark, the one wrong answer is all of D4."""
    scene = Scene(visit, pass_percent=60, floors={"D4": 50}).begun()
    quizzes.answer(db.session.get(Attempt, scene.attempt_id), 2, at=NOW)
    scene.post("/submit")
    attempt = db.session.get(Attempt, scene.attempt_id)
    assert (attempt.passed, attempt.shortfalls) == (False, [{"domain": "D4", "percent": 0, "floor": 50}])
    page = scene.page("/result")
    assert "ما نقص" in page.words and "D4" in page.words and "50%" in page.words


def test_the_page_before_says_every_rule_in_words(visit):
    scene = Scene(
        visit, minutes=45, attempts_allowed=3, cooling_minutes=1440, counting="average", navigation="sequential", tries=2,
        try_penalty=25, confidence=True, floors={"D4": 50}, opens_at=LONG_AGO, closes_at=NOW + 48 * HOUR, password="سر",
        addresses=["127.0.0.0/8"], release="after_pass",
    )  # fmt: skip
    words = scene.browser.get(scene.start.removesuffix("/attempt")).words
    for said in ("45 دقيقة", "3 من 3", "يوم واحد", "متوسط المحاولات كلها", "بلا رجوع", "25%", "مدى تأكدك", "50% على الأقل",
                 "يُفتح", "يُغلق", "كلمة المرور", "كقاعة الاختبار", "حتى تنجح أو تنفد محاولاتك"):  # fmt: skip
        assert said in words, said


def test_the_wait_is_told_with_its_end(visit):
    """AS11."""
    scene = Scene(visit, cooling_minutes=60)
    take(scene, 0, clock.now() - timedelta(minutes=10))
    page = scene.browser.get(scene.start.removesuffix("/attempt"))
    assert "ابتداءً من" in page.words and not page.select(f"form[action='{scene.start}']")


HINTED = {"hint": quizzes.text("HINTCANARY", "HINTCANARY"), "explanation": quizzes.text("WHYCANARY", "WHYCANARY")}


def hinted(visit, **rules) -> Scene:
    """An attempt whose first question has a hint and an explanation."""
    scene = Scene(visit, **rules).begun()
    item = quizzes.items(db.session.get(Attempt, scene.attempt_id))[0]
    item.question_version.content = {**item.question_version.content, **HINTED}
    db.session.commit()
    return scene


def told(scene, tail="?q=1") -> set[str]:
    text = str(scene.page(tail))
    return {word for word in ("HINTCANARY", "WHYCANARY") if word in text}


def test_a_hint_stays_out_of_the_browser_until_a_wrong_answer_was_checked(visit):
    """AS7, P4."""
    scene = hinted(visit, tries=2, try_penalty=50)
    assert told(scene) == told(scene, "/review") == set()
    scene.post("", {"seen-1": "0", "a1": "false", "q": "1", "go": "save"})
    assert told(scene) == set()
    scene.post("", {"go": "check:1", "q": "1"})
    assert told(scene) == {"HINTCANARY"} and "خطأ" in scene.page("?q=1").words
    known = quizzes.items(db.session.get(Attempt, scene.attempt_id))[0].saved_sequence
    scene.post("", {"seen-1": str(known), "a1": "true", "q": "1", "go": "check:1"})
    page = scene.page("?q=1")
    assert not page.select("[data-sheet]") and "لا يقبل هذا السؤال إجابات أخرى" in page.words and told(scene) == set()
    scene.post("/submit")
    assert quizzes.items(db.session.get(Attempt, scene.attempt_id))[0].share == 0.5


def test_a_quiz_with_one_try_never_shows_a_hint(visit):
    """AS7, P4."""
    scene = hinted(visit, tries=1, release="after_submit")
    scene.post("", {"seen-1": "0", "a1": "false", "q": "1", "go": "check:1"})
    assert told(scene) == set()
    scene.post("/submit")
    assert told(scene, "/result") == {"WHYCANARY"}


@pytest.mark.parametrize("layout", ["one", "all"])
def test_practice_works_on_one_page_as_on_many(visit, layout):
    """AS7: a settled question is left alone by the form of the whole page."""
    scene = Scene(visit, tries=2, layout=layout).begun()
    scene.post("", {"seen-1": "0", "a1": "true", "q": "1", "go": "check:1"})
    page = scene.page()
    assert {tag["data-sheet"] for tag in page.select("[data-sheet]")} == ({"2", "3"} if layout == "all" else set())
    assert page.select(".trial-mark")


TABLE = {
    "during": [],
    "after": ["score"],
    "later": ["responses", "marks", "score"],
    "closed": ["responses", "explanation"],
}


def test_the_result_shows_what_the_table_says_now(visit):
    """AS12, P4: on the result page and in the list under the quiz."""
    scene = hinted(visit, release="score", review=TABLE, closes_at=NOW + HOUR)
    scene.post("/submit")

    def at(since, closes):
        submitted = clock.now() - since
        db.session.execute(update(Attempt).values(submitted_at=submitted, graded_at=submitted))
        scene.version.closes_at = clock.now() + closes
        db.session.commit()
        page, listed = scene.page("/result"), scene.browser.get(scene.start.removesuffix("/attempt"))
        verdict = "لم يتحقق النجاح" in page.words
        assert verdict == ("لم يتحقق" in listed.select_one("table").get_text())
        return verdict, len(page.select(".question")), "WHYCANARY" in str(page)

    assert at(timedelta(seconds=30), HOUR) == (True, 0, False)
    assert at(timedelta(minutes=5), HOUR) == (True, 3, False)
    assert at(timedelta(minutes=5), -HOUR) == (False, 3, True)


def test_certainty_is_saved_shown_and_counted(visit):
    """AS7."""
    scene = Scene(visit, confidence=True, release="after_submit").begun()
    scene.save(1, confidence=3)
    scene.post("", {"seen-2": "0", "a2": "false", "sure-2": "1", "q": "2", "go": "save"})
    scene.post("", {"seen-3": "0", "a3": "true", "sure-3": "9", "q": "3", "go": "save"})
    assert scene.page("?q=1").select_one("[name=sure-1][checked]")["value"] == "3"
    scene.post("/submit")
    assert [item.confidence for item in quizzes.items(db.session.get(Attempt, scene.attempt_id))] == [3, 1, None]
    page = scene.page("/result")
    assert "التأكد والنتيجة" in page.words and "كان تأكدك تامًا" in page.words
    figures = sureness_figures(scene.version.id)
    assert [(row.answers, row.share) for row in figures] == [(1, 0), (0, None), (1, 1)]


def both_tests(count: int):
    """A quiz before and one after, taken by so many people, each with one more answer right."""
    course = catalogue.course(trainer=people.trainer())
    before = quizzes.quiz(course, types=("true_false",) * 4)
    after = quizzes.quiz(course, types=("true_false",) * 4, pre_quiz_id=before.quiz_id)
    for number in range(count):
        learner = people.person()
        quizzes.graded(before, learner, right=number % 3, at=LONG_AGO)
        quizzes.graded(after, learner, right=number % 3 + 1, at=LONG_AGO + HOUR)
    quizzes.graded(after, people.person(), right=4)
    return course, before, after


def test_the_gain_pairs_the_first_attempts_of_the_same_people(app):
    """AS23: the one who took only the later quiz does not count; fewer than ten pairs tell nothing."""
    _course, before, after = both_tests(12)
    found = gain_figures(after.id, before.quiz_id)
    assert (found.people, float(found.gain.difference)) == (12, 25.0)
    assert (found.gain.low, found.gain.high) == (25.0, 25.0)
    few = both_tests(9)
    assert gain_figures(few[2].id, few[1].quiz_id).gain is None


def test_the_results_page_reports_the_gain(visit):
    """AS23."""
    course, _before, after = both_tests(12)
    trainer = db.session.scalars(select(Person).join(CourseTrainer, CourseTrainer.person_id == Person.id)).one()
    trainer.language = "en"
    quizzes.reckoned(after)
    page = visit(trainer).get(f"/teach/{course.key}/questions?quiz={after.id}")
    assert "Before and after" in page.words and "People who took both" in page.words and "25" in page.words


def test_results_of_a_drawn_quiz_list_every_question_that_was_drawn(app):
    """AS19: without alpha, as nobody answered every question."""
    version = quizzes.drawn_quiz(domains=(("D1", 2),), bank=2)
    for _ in range(30):
        quizzes.graded(version, people.person(), right=1)
    figures = quizzes.reckoned(version)
    drawn = set(db.session.scalars(select(AttemptItem.question_version_id)))
    assert {each.question.version_id for each in figures.questions} == drawn and figures.reliability is None
    assert (
        sum(each.asked for each in figures.questions) == 60 and quiz_figures(version.quiz.course_id)[0].attempts == 30
    )


@pytest.mark.parametrize("bank", [3, 20])
def test_the_pages_of_a_drawn_practice_quiz_take_few_statements(visit, statements, bank):
    version = quizzes.drawn_quiz(bank=bank, tries=2, confidence=True, title=both("اختبار", "Quiz"))
    learner = people.person()
    attempt = quizzes.attempt(version, learner, at=clock.now())
    browser = visit(learner)
    address = f"/attempts/{attempt.id}"
    browser.get(address)
    for tail in ("?q=2", "/review"):
        with statements() as seen:
            browser.get(address + tail)
        assert len(seen) <= 8
    services.submit(attempt.id, at=clock.now())
    db.session.commit()
    with statements() as seen:
        browser.get(address + "/result")
    assert len(seen) <= 8
