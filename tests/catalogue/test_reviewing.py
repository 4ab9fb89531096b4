"""AU12: a second person reviews a draft before it is published: bound to what was read, never one's own, told to both."""

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from academy.accounts.models import Academy
from academy.assessment.models import AnonymousSurvey, QuizItem, QuizVersion
from academy.base import jobs
from academy.base.audit import AuditEntry
from academy.base.db import db
from academy.catalogue import kinds, queries, services
from academy.catalogue.models import Activity, CourseVersion
from academy.catalogue.models_of_review import CourseComment, CourseReview
from academy.catalogue.refusals import ChangedSinceRead, NoReview, NotReviewed, OwnDraft
from academy.notices.models import Letter, Notice
from tests.concurrency import crowd_app, prepared, run_together  # noqa: F401
from tests.conftest import NOW
from tests.factories import accounts as people
from tests.factories import assessment as quizzes
from tests.factories import catalogue as make
from tests.factories.accounts import both


@pytest.fixture
def house(app):
    people.academy()
    db.session.get_one(Academy, 1).review_before_publishing = True
    return people.organisation()


@pytest.fixture
def trainer(house):
    return people.trainer(house)


@pytest.fixture
def reviewer(house):
    return people.grant(people.person(house), "reviewer", of=house)


@pytest.fixture
def course(house, trainer):
    return make.course(of=house, trainer=trainer, published=False)


def quiz_of(activity) -> QuizVersion:
    return db.session.get_one(QuizVersion, activity.content["quiz_version_id"])


def lesson_of(course):
    return queries.activities_of(make.draft(course).id)[0]


def change(activity, text: str = "نص آخر") -> None:
    services.change_activity(
        activity, title=activity.title, minutes=activity.minutes, required=True, content=make.lesson_content(text)
    )


def change_question(quiz_version_id: int) -> None:
    db.session.scalars(select(QuizItem).filter_by(quiz_version_id=quiz_version_id)).one().points = 7
    db.session.flush()


def asked(course, trainer) -> CourseReview:
    return services.ask_review(course, actor_id=trainer.id, at=NOW)


def print_now(course) -> str:
    return queries.print_of(make.draft(course))


def approved(course, trainer, reviewer) -> None:
    services.approve(asked(course, trainer).id, seen=print_now(course), actor_id=reviewer.id, at=NOW)


def test_nothing_is_published_that_nobody_approved(course, trainer, reviewer):
    with pytest.raises(NotReviewed):
        services.publish(course, actor_id=trainer.id, at=NOW)
    db.session.get_one(Academy, 1).review_before_publishing = False
    assert services.publish(course, actor_id=trainer.id, at=NOW).state == "published", "where no review is asked for"


def test_an_approved_draft_is_published(course, trainer, reviewer):
    approved(course, trainer, reviewer)
    assert services.publish(course, actor_id=trainer.id, at=NOW).state == "published"
    acts = [row.act for row in db.session.scalars(select(AuditEntry).order_by(AuditEntry.id))][-3:]
    assert acts == ["catalogue:review:ask", "catalogue:review:decide", "catalogue:course:publish"]


def test_a_quiz_for_a_secure_browser_is_what_was_approved(course, trainer, reviewer):
    """AS14."""
    quiz = quiz_of(make.activity(queries.units_of(make.draft(course).id)[0], "quiz", title=both("اختبار", "Quiz")))
    quizzes.question(quiz, "single")
    quiz.secure_browser, quiz.secure = "settings", {"allowed": ["example.test"]}
    db.session.flush()
    approved(course, trainer, reviewer)
    assert services.publish(course, actor_id=trainer.id, at=NOW).state == "published"
    assert set(quiz.secure) == {"allowed", "step"}, "publishing notes where the browser may go"


@pytest.mark.parametrize("what", ["lesson", "title", "order", "removal", "question", "browser"])
def test_whatever_is_changed_after_the_approval_needs_another_one(course, trainer, reviewer, what):
    draft = make.draft(course)
    unit = queries.units_of(draft.id)[0]
    make.lesson(unit)
    quiz = quiz_of(make.activity(unit, "quiz", title=both("اختبار", "Quiz")))
    quizzes.question(quiz, "single")
    approved(course, trainer, reviewer)
    first, second = queries.activities_of(draft.id)[:2]
    match what:
        case "lesson":
            change(first)
        case "title":
            services.change_details(draft, services.Details(title=both("عنوان آخر", "Other"), summary=draft.summary))
        case "order":
            services.move_activity(first, "down")
        case "removal":
            services.remove_activity(second, at=NOW)
        case "question":
            change_question(quiz.id)
        case "browser":
            quiz.secure = {"allowed": ["example.test"]}
    db.session.flush()
    with pytest.raises(NotReviewed):
        services.publish(course, actor_id=trainer.id, at=NOW)


def test_that_a_survey_is_anonymous_is_part_of_what_is_approved(course, trainer, reviewer):
    """AS5."""
    quiz = quiz_of(make.activity(queries.units_of(make.draft(course).id)[0], "quiz", title=both("استبانة", "Survey")))
    quizzes.question(quiz, "matrix")
    by_name = print_now(course)
    db.session.add(AnonymousSurvey(quiz_id=quiz.quiz_id))
    db.session.flush()
    db.session.expire_all()
    assert print_now(course) != by_name


def test_what_is_changed_and_changed_back_is_what_was_approved(course, trainer, reviewer):
    lesson = lesson_of(course)
    content = dict(lesson.content)
    approved(course, trainer, reviewer)
    change(lesson)
    services.change_activity(lesson, title=lesson.title, minutes=lesson.minutes, required=True, content=content)
    services.publish(course, actor_id=trainer.id, at=NOW)


def test_a_copy_says_the_same_as_what_it_was_copied_from(app):
    """The fingerprint tells content, not ids: a new draft of a course with a quiz has that of its published version."""
    course = make.course(published=False)
    unit = queries.units_of(make.draft(course).id)[0]
    quizzes.question(quiz_of(make.activity(unit, "quiz", title=both("اختبار", "Quiz"))), "single")
    published = services.publish(course, actor_id=None, at=NOW)
    db.session.expire_all()
    assert queries.print_of(services.draft_of(course, at=NOW)) == queries.print_of(published)


def test_every_kind_tells_what_a_fingerprint_needs(app):
    assert all(len(kind.prints([])) == 0 for kind in kinds.KINDS.values())


def test_nobody_approves_what_changed_while_they_read(course, trainer, reviewer):
    review = asked(course, trainer)
    seen = print_now(course)
    change(lesson_of(course))
    with pytest.raises(ChangedSinceRead):
        services.approve(review.id, seen=seen, actor_id=reviewer.id, at=NOW)


def test_nobody_decides_about_what_they_asked_for(course, trainer, reviewer):
    people.grant(trainer, "reviewer")
    review = asked(course, trainer)
    with pytest.raises(OwnDraft):
        services.approve(review.id, seen=print_now(course), actor_id=trainer.id, at=NOW)
    review.state, review.decided_by_id, review.decided_at, review.fingerprint = "approved", trainer.id, NOW, "0" * 64
    with pytest.raises(IntegrityError, match="two_people"):
        db.session.flush()


def test_nobody_decides_about_what_they_asked_for_in_another_organisation(course, trainer):
    """SE: two memberships of one human being are not two people."""
    same = people.person(people.organisation())
    people.account(trainer, same)
    review = asked(course, trainer)
    with pytest.raises(OwnDraft):
        services.approve(review.id, seen=print_now(course), actor_id=same.id, at=NOW)


def test_asking_twice_is_one_review_and_a_decided_one_is_not_decided_again(course, trainer, reviewer):
    review = asked(course, trainer)
    assert asked(course, trainer).id == review.id
    services.return_draft(review.id, reason="المثال قديم", actor_id=reviewer.id, at=NOW)
    with pytest.raises(NoReview):
        services.approve(review.id, seen=print_now(course), actor_id=reviewer.id, at=NOW)
    assert asked(course, trainer).id != review.id


def test_a_review_that_waits_ends_with_the_publication_where_none_is_needed(course, trainer, reviewer):
    review = asked(course, trainer)
    db.session.get_one(Academy, 1).review_before_publishing = False
    services.publish(course, actor_id=trainer.id, at=NOW)
    db.session.refresh(review)
    assert review.state == "withdrawn"


def test_a_discarded_draft_takes_its_reviews_along(house, trainer, reviewer):
    db.session.get_one(Academy, 1).review_before_publishing = False
    course = make.course(of=house, trainer=trainer)
    services.draft_of(course, at=NOW)
    review = asked(course, trainer)
    services.add_comment(review.version_id, "قول", actor_id=reviewer.id, at=NOW)
    services.discard_draft(course)
    db.session.expire_all()
    assert not db.session.scalars(select(CourseReview)).all() and not db.session.scalars(select(CourseComment)).all()


def told(person) -> list[str]:
    return list(db.session.scalars(select(Notice.kind).where(Notice.person_id == person.id)))


def test_both_sides_hear_of_it_once(course, trainer, reviewer, app):
    elsewhere = people.organisation()
    outsider = people.grant(people.person(elsewhere), "reviewer", of=elsewhere)
    review = asked(course, trainer)
    jobs.run_all_due()
    assert told(reviewer) == ["course_review_asked"] and told(outsider) == []
    services.return_draft(review.id, reason="المثال قديم", actor_id=reviewer.id, at=NOW)
    jobs.run_all_due()
    assert told(trainer) == ["course_draft_returned"]
    approved(course, trainer, reviewer)
    jobs.run_all_due()
    assert told(trainer)[-1] == "course_draft_approved"
    assert db.session.scalar(select(Letter.id).where(Letter.person_id == trainer.id))


# --- The pages ------------------------------------------------------------------------------------------


def test_the_way_of_a_draft_by_forms_alone(visit, course, trainer, reviewer):
    desk, page = visit(trainer), visit(reviewer)
    where = f"/teach/{course.key}/publish"
    shown = desk.get(where)
    assert not shown.select(f"form[action='{where}']"), "no button that would be refused"
    assert "يعتمد مراجع المحتوى كل مسودة قبل نشرها" in desk.post(where, {}, 409).words
    desk.post(f"/teach/{course.key}/review", {"note": "الوحدة الأولى جديدة"})
    queue = page.get("/reviews")
    assert "الوحدة الأولى جديدة" in queue.words
    here = queue.select_one("main .review-list a")["href"]
    review = page.get(here)
    lesson = lesson_of(course)
    page.get(review.select_one("a[href*='/preview/']")["href"])
    page.get(f"/teach/{course.key}/differences")
    page.post(f"{here}/comments", {"about": lesson.key, "text": "المثال قديم"})
    page.post(f"{here}/comments", {"about": "", "text": ""}, 422)
    page.post(f"{here}/comments", {"about": "nowhere", "text": "قول"}, 422)
    page.post(f"{here}/decision", {"act": "return", "reason": ""}, 422)
    page.post(f"{here}/decision", {"act": "return", "reason": "حدّث المثال"})
    assert "حدّث المثال" in desk.get(where).words
    assert "المثال قديم" in desk.get(here).words
    remark = db.session.scalars(select(CourseComment)).one()
    desk.post(f"/reviews/comments/{remark.id}", {"act": "settle"})
    db.session.refresh(remark)
    assert remark.resolved_by_id == trainer.id
    change(lesson)
    desk.post(f"/teach/{course.key}/review", {"note": ""})
    here = page.get("/reviews").select_one("main .review-list a")["href"]
    page.post(f"{here}/decision", {"act": "approve", "seen": page.get(here).select_one("input[name=seen]")["value"]})
    assert desk.get(where).select(f"form[action='{where}'] button")
    desk.post(where, {})
    assert db.session.get_one(CourseVersion, remark.version_id).state == "published"
    assert page.get("/reviews").select(".empty")


def test_what_changed_while_it_was_read_is_said_on_the_page(visit, course, trainer, reviewer):
    here = f"/reviews/{asked(course, trainer).id}"
    page = visit(reviewer)
    seen = page.get(here).select_one("input[name=seen]")["value"]
    change(lesson_of(course))
    assert "عُدّلت المسودة أثناء قراءتك" in page.post(f"{here}/decision", {"act": "approve", "seen": seen}).words


def test_a_trainer_takes_the_review_back(visit, course, trainer, reviewer):
    review = asked(course, trainer)
    visit(trainer).post(f"/teach/{course.key}/review", {"act": "withdraw"})
    db.session.refresh(review)
    assert review.state == "withdrawn"


def test_a_quiz_is_read_with_its_right_answers_by_whoever_reviews_it(visit, course, trainer, reviewer):
    quiz = make.activity(queries.units_of(make.draft(course).id)[0], "quiz", title=both("اختبار", "Quiz"))
    quizzes.question(quiz_of(quiz), "single")
    asked(course, trainer)
    assert visit(reviewer).get(f"/teach/{course.key}/preview/{quiz.key}").select(".read-questions strong")


def test_reviewers_write_nothing_and_whoever_edits_decides_nothing(visit, house, course, trainer, reviewer):
    here = f"/reviews/{asked(course, trainer).id}"
    page, key = visit(reviewer), course.key
    for door in ("", "/details", "/publish", "/access", "/units/u1"):
        page.get(f"/teach/{key}{door}", 404)
    for door in ("/publish", "/review", "/draft/discard", "/details"):
        page.post(f"/teach/{key}{door}", {}, 404)
    for editor in (trainer, people.grant(people.administrator(house, everywhere=False), "reviewer", of=house)):
        shown = visit(editor)
        assert not shown.get(here).select("button[value=approve]")
        shown.post(f"{here}/decision", {"act": "approve", "seen": print_now(course)}, 404)
    outside = people.organisation()
    for stranger in (people.person(house), people.grant(people.person(outside), "reviewer", of=outside)):
        other = visit(stranger)
        other.get(here, 404)
        other.post(f"{here}/comments", {"text": "x"}, 404)
        other.post(f"{here}/decision", {"act": "approve", "seen": print_now(course)}, 404)
        other.get(f"/teach/{key}/preview/{lesson_of(course).key}", 404)


def test_the_pages_cost_the_same_however_many_wait(visit, house, trainer, reviewer, statements):
    page, counts = visit(reviewer), []
    for _n in range(2):
        course = make.course(of=house, trainer=trainer, published=False, lessons=3)
        review = asked(course, trainer)
        for each in queries.activities_of(review.version_id):
            services.add_comment(review.version_id, "قول", activity_key=each.key, actor_id=reviewer.id, at=NOW)
        for address in ("/reviews", f"/reviews/{review.id}"):
            with statements() as seen:
                page.get(address)
            counts.append(len(seen))
    assert counts[:2] == counts[2:] and max(counts) <= 8


def test_an_administrator_asks_for_reviews_in_the_settings(visit, house):
    db.session.get_one(Academy, 1).review_before_publishing = False
    chief = visit(people.administrator())
    form = chief.get("/admin/settings")
    sent = {f["name"]: f.get("value", "") for f in form.select("main input[type=text][name]")}
    chief.post("/admin/settings", {**sent, "review_before_publishing": "y"})
    db.session.expire_all()
    assert db.session.get_one(Academy, 1).review_before_publishing
    assert (
        db.session.scalars(select(AuditEntry).order_by(AuditEntry.id.desc())).first().after["review_before_publishing"]
    )


@pytest.mark.concurrency
def test_of_an_approval_and_an_edit_at_once_nothing_unread_is_published(crowd_app):  # noqa: F811
    """R12: whoever is first, what is published is what was approved."""
    with prepared(crowd_app):
        people.academy()
        db.session.get_one(Academy, 1).review_before_publishing = True
        house = people.organisation()
        trainer, reviewer = people.trainer(house), people.grant(people.person(house), "reviewer", of=house)
        course = make.course(of=house, trainer=trainer, published=False)
        review, seen = asked(course, trainer).id, print_now(course)
        course_id, lesson_id, by = course.id, lesson_of(course).id, (trainer.id, reviewer.id)

    def act(number: int) -> None:
        if number == 0:
            services.approve(review, seen=seen, actor_id=by[1], at=NOW)
        else:
            change(db.session.get_one(Activity, lesson_id))

    run_together(2, act, app=crowd_app)
    with prepared(crowd_app), pytest.raises(NotReviewed):
        services.publish(queries.course(course_id), actor_id=by[0], at=NOW)
