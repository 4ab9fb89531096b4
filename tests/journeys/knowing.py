"""What somebody knows who has understood the course: the right answers, in words, read behind the curtain."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from gettext import translation
from typing import Any

from sqlalchemy import Row, select, update

from academy.accounts.models import Person
from academy.assessment import services as assessment
from academy.assessment.models import Attempt, AttemptItem, QuestionVersion, QuizVersion
from academy.base import clock
from academy.base.db import db
from academy.catalogue.models import Activity
from academy.catalogue.queries import course_by_key, published_version
from academy.config import ROOT
from academy.devdata.accounts import Account
from academy.devdata.seeding import answers
from academy.learning import services as learning
from academy.learning.models import Enrolment


@dataclass(frozen=True, slots=True)
class Known:
    """The right answer to one question: its type and, in the words of one language, what has to be chosen or written.

    `words` are the options to choose, the items in order, or the one text to write; `pairs` are lines with their match.
    """

    type: str
    words: tuple[str, ...] = ()
    pairs: tuple[tuple[str, str], ...] = ()


def right_answer(type: str, content: dict[str, Any], language: str) -> Known:
    """Return the right answer to a question in the words of a language."""
    if type in ("single", "multiple"):
        return Known(type, tuple(each["text"][language] for each in content["options"] if each.get("correct")))
    if type == "true_false":
        return Known(type, (str(bool(content["answer"])).lower(),))
    if type == "numeric":
        return Known(type, (str(content["answer"]),))
    if type == "short_text":
        return Known(type, (content["accept"][language][0],))
    if type == "ordering":
        texts = {each["id"]: each["text"][language] for each in content["items"]}
        return Known(type, tuple(texts[key] for key in content["answer"]))
    left, right = ({each["id"]: each["text"][language] for each in content[side]} for side in ("left", "right"))
    return Known(type, pairs=tuple((left[one], right[other]) for one, other in content["answer"].items()))


def right_answers(academy, attempt_id: int, language: str) -> dict[int, Known]:
    """Return the right answer to each question of an attempt: position → answer."""
    with academy.inside():
        rows = db.session.execute(
            select(AttemptItem.position, QuestionVersion.type, QuestionVersion.content)
            .join(QuestionVersion, QuestionVersion.id == AttemptItem.question_version_id)
            .where(AttemptItem.attempt_id == attempt_id)
        ).all()
    return {position: right_answer(type, content, language) for position, type, content in rows}


def solution_of(academy, enrolment_id: int, activity_key: str) -> list[int]:
    """Return for each item of a sorting exercise the place of its category among the categories, from 0."""
    with academy.inside():
        enrolment = db.session.get_one(Enrolment, enrolment_id)
        query = select(Activity).where(Activity.version_id == enrolment.version_id, Activity.key == activity_key)
        content = db.session.scalars(query).one().content
    places = {category["id"]: place for place, category in enumerate(content["categories"])}
    return [places[item["answer"]] for item in content["items"]]


def person_id(academy, who: Account) -> int:
    """Return the id of a demonstration person."""
    with academy.inside():
        return db.session.scalars(select(Person.id).where(Person.email == who.email)).one()


def attempt_row(academy, attempt_id: int) -> Row[Any]:
    """Return what is stored of an attempt: state, closed_by, submitted_at, deadline, score, max_score, passed."""
    columns = (Attempt.state, Attempt.closed_by, Attempt.submitted_at, Attempt.deadline, Attempt.score, Attempt.passed)
    with academy.inside():
        return db.session.execute(select(*columns, Attempt.max_score).where(Attempt.id == attempt_id)).one()


def responses(academy, attempt_id: int) -> dict[int, Any]:
    """Return the answers as they are stored: position → response, None where there is none."""
    query = select(AttemptItem.position, AttemptItem.response).where(AttemptItem.attempt_id == attempt_id)
    with academy.inside():
        return {position: response for position, response in db.session.execute(query)}


def begin_attempt(academy, who: Account, course: str, *, layout: str = "one", seconds: int | None = None) -> int:
    """Start an attempt at a course's quiz, or find the open one; `seconds` is what is left of its time. Returns its id."""
    at, learner = clock.now(), person_id(academy, who)
    with academy.inside():
        version = published_version(course_by_key(course).id)
        quiz = select(Activity).where(Activity.version_id == version.id, Activity.kind == "quiz")
        version_id = db.session.scalars(quiz).one().content["quiz_version_id"]
        db.session.execute(update(QuizVersion).where(QuizVersion.id == version_id).values(layout=layout))
        attempt = assessment.start_attempt(version_id, learner, at=at)
        if seconds is not None:
            set_time_left(attempt.id, seconds)
        return attempt.id


def set_time_left(attempt_id: int, seconds: int) -> None:
    """Let an attempt end so many seconds from now (before now when negative), as if it had been started earlier."""
    deadline = clock.now() + timedelta(seconds=seconds)
    started = deadline - timedelta(minutes=30)
    db.session.execute(update(Attempt).where(Attempt.id == attempt_id).values(deadline=deadline, started_at=started))


def finish_course(academy, who: Account, key: str) -> None:
    """Let somebody complete a course at once, as a story before the story."""
    learner, at = person_id(academy, who), clock.now()
    with academy.inside():
        enrolment = learning.enrol(learner, course_by_key(key).id, at=at)
        query = select(Activity).where(Activity.version_id == enrolment.version_id, Activity.removed_at.is_(None))
        for activity in db.session.scalars(query).all():
            if activity.kind == "lesson":
                learning.complete_activity(enrolment.id, activity.id, at=at)
            elif activity.kind == "classify":
                placed = {item["id"]: item["answer"] for item in activity.content["items"]}
                learning.place_items(enrolment.id, activity.id, placed, at=at)
            else:
                pass_quiz(activity.content["quiz_version_id"], learner, at)


def pass_quiz(quiz_version_id: int, learner: int, at: datetime) -> None:
    """Answer a quiz rightly and submit it, unless it is passed already."""
    if db.session.scalars(
        select(Attempt.id).where(
            Attempt.quiz_version_id == quiz_version_id, Attempt.learner_id == learner, Attempt.passed
        )
    ).first():
        return
    attempt = assessment.start_attempt(quiz_version_id, learner, at=at)
    rows = db.session.execute(
        select(AttemptItem.position, QuestionVersion.type, QuestionVersion.content)
        .join(QuestionVersion, QuestionVersion.id == AttemptItem.question_version_id)
        .where(AttemptItem.attempt_id == attempt.id)
    ).all()
    for position, type, content in rows:
        assessment.save_response(attempt.id, position, answers.right(type, content), at=at)
    assessment.submit(attempt.id, at=at)


def arabic(sentence: str) -> str:
    """Return how the academy says a sentence in Arabic, without what is filled in at its end."""
    said = translation("messages", str(ROOT / "translations"), ["ar"]).gettext(sentence)
    assert said != sentence, f"no Arabic for {sentence!r}"
    return said.split("%(")[0].strip()
