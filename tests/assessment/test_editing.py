"""Editing a quiz: versions that never change once used, order, undo, and what the catalogue asks of the kind "quiz"."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from academy.assessment import services
from academy.assessment.models import Question, QuestionVersion, QuizItem, QuizVersion
from academy.assessment.queries_of_editing import edited_questions, edited_quiz
from academy.assessment.refusals_of_editing import ChangedMeanwhile, QuestionsOutOfStep, QuizClosed
from academy.assessment.services import Removed, UnusableQuestion, Written
from academy.base.db import db
from academy.base.errors import Invalid, NotFound
from academy.catalogue import kinds
from academy.catalogue import services as catalogue_services
from tests.factories import accounts as people
from tests.factories import assessment, catalogue
from tests.factories.accounts import LONG_AGO, both

pytestmark = pytest.mark.usefixtures("app")
LATER = LONG_AGO + timedelta(days=1)


def quiz_activity(course=None, questions=0):
    """A quiz activity in the draft of a course, with some questions written by a trainer."""
    course = course or catalogue.course(published=False)
    activity = catalogue.activity(catalogue.unit(catalogue.draft(course)), "quiz")
    for number in range(questions):
        add(activity, stem=f"Question {number}")
    return activity


def written(type="single", stem="What?", **given):
    content = assessment.content(type, stem=both("", stem).as_dict())
    return Written(type, content, **given)


def add(activity, type="single", stem="What?", **given):
    return services.add_written(activity.id, written(type, stem, **given), at=LONG_AGO, by_id=None)


def quiz_of(activity):
    return db.session.get(QuizVersion, activity.content["quiz_version_id"])


def stems(activity):
    return [question.stem.en for question in edited_questions(activity.content["quiz_version_id"])]


def published(activity):
    """Publish the course of an activity and return the activity of the next draft."""
    course = activity.version.course
    catalogue_services.publish(course, actor_id=None, at=LONG_AGO)
    draft = catalogue.draft(course)
    return next(a for a in catalogue_services.parts.queries.activities_of(draft.id) if a.key == activity.key)


def test_a_new_quiz_activity_has_an_empty_quiz_with_its_title():
    activity = quiz_activity()
    assert quiz_of(activity).title == activity.title
    assert stems(activity) == []


def test_renaming_the_activity_renames_the_quiz_and_the_other_way_round():
    activity = quiz_activity()
    catalogue_services.change_activity(activity, title=both("جديد", "New"), minutes=5, required=True)
    assert quiz_of(activity).title == both("جديد", "New")
    rules = services.QuizRules(both("اسم", "Name"), 80, 3, 20, False, "all", "score")
    services.change_quiz(activity.id, rules)
    quiz = quiz_of(activity)
    assert activity.title == quiz.title == both("اسم", "Name")
    assert (quiz.pass_percent, quiz.attempts_allowed, quiz.minutes) == (80, 3, 20)
    assert (quiz.shuffle, quiz.layout, quiz.release) == (False, "all", "score")


def test_questions_are_numbered_in_order_and_get_keys_of_their_own():
    activity = quiz_activity(questions=3)
    questions = edited_questions(quiz_of(activity).id)
    assert [question.position for question in questions] == [1, 2, 3]
    assert len({question.key for question in questions}) == 3


def test_an_edit_of_a_question_that_only_the_draft_uses_changes_it_in_place():
    activity = quiz_activity(questions=1)
    before = edited_questions(quiz_of(activity).id)[0]
    services.keep_written(activity.id, before.item_id, written(stem="Better?"), at=LATER, by_id=None)
    after = edited_questions(quiz_of(activity).id)[0]
    assert after.version_id == before.version_id and after.stem.en == "Better?"


def test_an_edit_of_a_published_question_makes_its_next_version_and_leaves_the_published_one():
    first = quiz_activity(questions=2)
    old = edited_questions(quiz_of(first).id)[0]
    draft = published(first)
    copied = edited_questions(quiz_of(draft).id)[0]
    assert copied.version_id == old.version_id
    services.keep_written(draft.id, copied.item_id, written(stem="Better?"), at=LATER, by_id=None)
    assert stems(first)[0] == "Question 0" and stems(draft)[0] == "Better?"
    new = edited_questions(quiz_of(draft).id)[0]
    assert new.question_id == old.question_id
    assert db.session.get(QuestionVersion, new.version_id).number == 2


def test_an_edit_of_a_question_that_an_attempt_has_used_makes_its_next_version():
    activity = quiz_activity(questions=1)
    draft = published(activity)
    assessment.graded(quiz_of(activity), people.person())
    question = edited_questions(quiz_of(draft).id)[0]
    services.keep_written(draft.id, question.item_id, written(stem="New"), at=LATER, by_id=None)
    again = edited_questions(quiz_of(draft).id)[0]
    services.keep_written(draft.id, again.item_id, written(stem="Newer"), at=LATER, by_id=None)
    assert edited_questions(quiz_of(draft).id)[0].version_id == again.version_id
    assert stems(activity) == ["Question 0"]


def test_saving_a_published_question_unchanged_makes_no_version_but_points_may_change():
    activity = quiz_activity(questions=1)
    draft = published(activity)
    question = edited_questions(quiz_of(draft).id)[0]
    same = Written("single", question.content, points=5)
    services.keep_written(draft.id, question.item_id, same, at=LATER, by_id=None)
    after = edited_questions(quiz_of(draft).id)[0]
    assert (after.version_id, after.points) == (question.version_id, 5)
    assert edited_questions(quiz_of(activity).id)[0].points == 1


def test_a_question_with_problems_is_refused_and_nothing_is_left_behind():
    activity = quiz_activity()
    bad = Written("single", {"stem": {"ar": "", "en": ""}, "options": []})
    with pytest.raises(UnusableQuestion) as refused:
        services.add_written(activity.id, bad, at=LATER, by_id=None)
    assert {problem.path for problem in refused.value.problems} == {"stem", "options"}
    assert stems(activity) == []
    assert not db.session.scalars(select(Question).where(Question.course_id == activity.version.course_id)).all()


@pytest.mark.parametrize(("name", "value"), [("points", 0), ("points", 101), ("difficulty", 4)])
def test_points_and_difficulty_are_held_to_their_limits(name, value):
    with pytest.raises(Invalid) as refused:
        add(quiz_activity(), **{name: value})
    assert refused.value.field == name


def test_a_stale_edit_is_refused():
    activity = quiz_activity(questions=1)
    question = edited_questions(quiz_of(activity).id)[0]
    services.keep_written(activity.id, question.item_id, written(stem="Mine"), at=LATER, by_id=None, seen=question.mark)
    with pytest.raises(ChangedMeanwhile):
        services.keep_written(
            activity.id, question.item_id, written(stem="Theirs"), at=LATER, by_id=None, seen=question.mark
        )
    assert stems(activity) == ["Mine"]
    rules = services.QuizRules(both("ا", "a"), 80, None, None, True, "one", "none")
    mark = edited_quiz(activity.id).mark
    services.change_quiz(activity.id, rules, seen=mark)
    with pytest.raises(ChangedMeanwhile):
        services.change_quiz(activity.id, rules, seen=mark)


def test_only_drafts_can_be_edited():
    activity = quiz_activity(questions=1)
    item_id = edited_questions(quiz_of(activity).id)[0].item_id
    published(activity)
    acts = (
        lambda: add(activity),
        lambda: services.keep_written(activity.id, item_id, written(), at=LATER, by_id=None),
        lambda: services.remove_question(activity.id, item_id),
        lambda: services.duplicate_question(activity.id, item_id, at=LATER, by_id=None),
        lambda: services.move_question(activity.id, item_id, "up"),
    )
    for act in acts:
        with pytest.raises(QuizClosed):
            act()


def test_questions_move_up_and_down_and_stay_at_the_ends():
    activity = quiz_activity(questions=3)
    ids = [question.item_id for question in edited_questions(quiz_of(activity).id)]
    services.move_question(activity.id, ids[2], "up")
    assert stems(activity) == ["Question 0", "Question 2", "Question 1"]
    services.move_question(activity.id, ids[0], "up")
    services.move_question(activity.id, ids[0], "down")
    assert stems(activity) == ["Question 2", "Question 0", "Question 1"]
    services.order_questions(activity.id, ids)
    assert stems(activity) == ["Question 0", "Question 1", "Question 2"]


def test_an_order_of_other_questions_is_refused():
    activity, other = quiz_activity(questions=2), quiz_activity(questions=1)
    foreign = edited_questions(quiz_of(other).id)[0].item_id
    mine = [question.item_id for question in edited_questions(quiz_of(activity).id)]
    for order in ([mine[0]], [*mine, foreign], [mine[0], mine[0]]):
        with pytest.raises(QuestionsOutOfStep):
            services.order_questions(activity.id, order)


def test_a_removed_question_comes_back_to_its_place_with_its_points():
    activity = quiz_activity(questions=2)
    item = add(activity, stem="Last", points=4)
    services.move_question(activity.id, item.id, "up")
    removed = services.remove_question(activity.id, item.id)
    assert stems(activity) == ["Question 0", "Question 1"]
    services.restore_question(activity.id, removed)
    questions = edited_questions(quiz_of(activity).id)
    assert [(q.stem.en, q.points, q.position) for q in questions][1] == ("Last", 4, 2)
    assert services.restore_question(activity.id, removed) is None
    assert len(stems(activity)) == 3


def test_a_question_of_another_course_cannot_be_restored_into_a_quiz():
    activity, other = quiz_activity(), quiz_activity(questions=1)
    foreign = edited_questions(quiz_of(other).id)[0]
    with pytest.raises(NotFound):
        services.restore_question(activity.id, Removed(foreign.version_id, 1, 1))


def test_a_copy_stands_after_its_original_and_lives_its_own_life():
    activity = quiz_activity(questions=2)
    first = edited_questions(quiz_of(activity).id)[0]
    copy = services.duplicate_question(activity.id, first.item_id, at=LATER, by_id=None)
    assert stems(activity) == ["Question 0", "Question 0", "Question 1"]
    services.keep_written(activity.id, copy.id, written(stem="Copy"), at=LATER, by_id=None)
    assert stems(activity) == ["Question 0", "Copy", "Question 1"]


def test_publishing_freezes_the_quiz_and_the_next_draft_has_the_same_questions():
    activity = quiz_activity(questions=2)
    draft = published(activity)
    assert quiz_of(activity).frozen_at == LONG_AGO
    assert quiz_of(draft).frozen_at is None and quiz_of(draft).quiz_id == quiz_of(activity).quiz_id
    assert stems(draft) == stems(activity)


def test_a_course_whose_quiz_has_no_questions_or_broken_ones_is_not_ready():
    activity = quiz_activity()
    check = kinds.of("quiz").check
    assert [problem.sentence for problem in check(activity.content)] == ["The quiz has no questions."]
    item = add(activity)
    assert check(activity.content) == []
    item.question_version.content = {**item.question_version.content, "options": []}
    db.session.flush()
    values = dict(check(activity.content)[0].values)
    assert values["number"] == 1 and values["problem"]


def test_the_texts_of_quizzes_are_named_for_the_translation_state(statements):
    activities = [quiz_activity(questions=2) for _ in range(3)]
    with statements() as seen:
        named = kinds.of("quiz").texts([activity.content for activity in activities])
    assert len(seen) == 2
    labels = {text.label for text in named[0]}
    assert {"Question", "Choice", "Feedback", "Explanation"} <= labels
    stem = next(text for text in named[0] if text.label == "Question")
    assert stem.text == both("", "Question 0") and stem.number == 1


def test_languages_that_are_missing_are_told():
    activity = quiz_activity(questions=1)
    assert edited_questions(quiz_of(activity).id)[0].missing == ["ar"]
    item = services.add_written(
        activity.id, Written("true_false", assessment.content("true_false")), at=LATER, by_id=None
    )
    assert db.session.get(QuizItem, item.id) is not None
    assert edited_questions(quiz_of(activity).id)[1].missing == []
