"""The academy as it is measured: the demonstration, a thousand learners, a course of 43 activities, all through the services."""

import itertools
import secrets
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from flask import Flask
from sqlalchemy import insert, select, update

from academy.accounts import services as accounts
from academy.accounts.models import OrgUnit, Person
from academy.app import create_app
from academy.assessment import services as assessment
from academy.assessment.models import AttemptItem, QuestionVersion
from academy.base import clock
from academy.base.db import db, transaction
from academy.base.text import LocalizedText
from academy.catalogue import queries as outlines
from academy.catalogue import services as catalogue
from academy.catalogue.models import Course
from academy.config import Settings
from academy.credentials import services as credentials
from academy.devdata.reading import Library, QuestionContent, read_library
from academy.devdata.seeding import SEED, answers, demo
from academy.devdata.seeding.cast import Cast
from academy.devdata.seeding.crowd import crowd
from academy.learning import services as learning
from academy.learning.models import COMPLETED, ActivityState, Enrolment

LEARNERS, READERS, HOLDERS, UNITS, LESSONS, QUESTIONS = 1_000, 9, 60, 8, 41, 20
COURSE, TITLE = "bench", LocalizedText("مقرر القياس", "The measured course")


@dataclass(frozen=True)
class Reader:
    """A learner in the middle of the course whose pages are opened."""

    person_id: int
    enrolment_id: int
    lesson_key: str
    attempt_id: int
    long_attempt_id: int


@dataclass(frozen=True)
class Sitter:
    """A learner with an open attempt, all of it answered, that is to be submitted."""

    person_id: int
    attempt_id: int


@dataclass(frozen=True)
class Scene:
    """Who and what the bench visits."""

    version_id: int
    readers: list[Reader]
    managers: list[int]
    administrators: list[int]
    holders: list[tuple[int, str]]
    sitters: Iterator[Sitter]


def academy(database_url: str, folder: Path, secret: str) -> Flask:
    """Build the application in this process, over the bench's database."""
    settings = Settings(
        _env_file=None, mode="demo", secret_key=secret, data=folder, database_url=database_url,
        base_url="http://127.0.0.1:8000", argon2_time=1, argon2_memory_kib=64,
    )  # fmt: skip
    return create_app(settings)


def fill(sitters: int, say: Callable[[str], None]) -> Scene:
    """Fill the empty database of the current application; `sitters` attempts will wait to be submitted."""
    db.create_all()
    db.session.commit()
    say("the demonstration academy")
    cast = demo(seed=SEED)
    at = clock.now()
    say(f"{LEARNERS} learners")
    with transaction():
        organisation_id = crowd(LEARNERS, seed=SEED, now=at).id
    say("the course of 43 activities, taken by all of them")
    with transaction():
        course = _course(cast, at)
        learners = _learners(organisation_id)
        version_id = _enrol(course, learners, cast, at)
        first = db.session.scalars(select(Course).where(Course.key == "cx-foundations")).one()
        veterans = _completed(first.id, learners)
        readers = [_reader(who, course, at) for who in veterans[:READERS]]
        holders = [(who, _certificate(who, first.id, at)) for who in veterans[READERS : READERS + HOLDERS]]
        apart = {reader.person_id for reader in readers}
        waiting = _sitters([who for who in learners if who not in apart][:sitters], version_id, at)
        managers = _managers(organisation_id, learners[-READERS:], at)
    return Scene(version_id, readers, managers, _administrators(cast, at), holders, iter(waiting))


def _learners(organisation_id: int) -> list[int]:
    query = select(Person.id).where(Person.organisation_id == organisation_id, Person.manager_id.is_not(None))
    return list(db.session.scalars(query.order_by(Person.id)))


def _completed(course_id: int, learners: Sequence[int]) -> list[int]:
    mine = Enrolment.course_id == course_id, Enrolment.state == COMPLETED, Enrolment.learner_id.in_(learners)
    return list(db.session.scalars(select(Enrolment.learner_id).where(*mine).order_by(Enrolment.learner_id)))


def _managers(organisation_id: int, people: Sequence[int], at: datetime) -> list[int]:
    """Let some lead the whole crowd, so that several managers can look at a thousand people at the same time."""
    unit_id = db.session.scalars(select(OrgUnit.id).where(OrgUnit.organisation_id == organisation_id)).first()
    for person_id in people:
        person = db.session.get_one(Person, person_id)
        accounts.grant_role(person, "manager", organisation_id=organisation_id, org_unit_id=unit_id, at=at)
    return list(people)


def _administrators(cast: Cast, at: datetime) -> list[int]:
    """Let some of the agency's people be administrators of the academy: they may read the roster of everybody."""
    chosen = [cast.demo["admin"], *cast.staff[: READERS - 1]]
    with transaction():
        for person in chosen[1:]:
            accounts.grant_role(db.session.get_one(Person, person.id), "administrator", at=at)
        return [person.id for person in chosen]


def _course(cast: Cast, at: datetime) -> Course:
    library, trainer = read_library(), cast.demo["trainer"]
    course = catalogue.create_course(
        title=TITLE, organisation_id=cast.agency.id, at=at, actor_id=trainer.id, key=COURSE, details=_details(library)
    )
    draft = catalogue.draft_of(course, at=at)
    lessons = itertools.cycle([each for content in library.courses for unit in content.units for each in unit.lessons])
    numbers = iter(range(1, LESSONS + 1))
    for number in range(1, UNITS + 1):
        unit = catalogue.add_unit(draft, title=LocalizedText(f"الوحدة {number}", f"Unit {number}"), key=f"u{number}")
        for place in itertools.islice(numbers, LESSONS // UNITS + (number <= LESSONS % UNITS)):
            lesson = next(lessons)
            title = LocalizedText(f"{lesson.title.ar} ({place})", f"{lesson.title.en} ({place})")
            points = [point.as_dict() for point in lesson.key_points]
            content = {"body": lesson.body.as_dict(), "key_points": points, "objectives": []}
            catalogue.add_activity(
                unit, kind="lesson", title=title, minutes=lesson.minutes, content=content, key=f"l{place}", at=at
            )
    questions = [question for content in library.courses for question in content.quiz.questions]
    for key, layout in (("quiz", "one"), ("exam", "all")):
        quiz_version_id = _quiz(course, key, layout, questions, at)
        catalogue.add_activity(
            unit, kind="quiz", title=LocalizedText("اختبار", "Quiz"), minutes=30, key=key, at=at,
            content={"quiz_version_id": quiz_version_id},
        )  # fmt: skip
    asked = catalogue.ask_review(course, actor_id=trainer.id, at=at)
    catalogue.approve(asked.id, seen=outlines.print_of(draft), actor_id=cast.demo["reviewer"].id, at=at)
    catalogue.publish(course, actor_id=trainer.id, at=at)
    return course


def _details(library: Library) -> catalogue.Details:
    like = library.courses[0]
    return catalogue.Details(
        title=TITLE,
        summary=like.summary,
        intended_for=like.audience,
        level=like.level,
        hours=like.hours,
        objectives=[catalogue.Objective(text=each.text, id=each.id, bloom=each.bloom) for each in like.objectives],
        competencies=[catalogue.Target(key=target.id, level=target.level) for target in like.competencies],
        gives_certificate=True,
        validity_months=24,
    )


def _quiz(course: Course, key: str, layout: str, questions: Sequence[QuestionContent], at: datetime) -> int:
    """Write a quiz of 20 questions of all types, a single choice first: the autosave answers that one."""
    version = assessment.create_quiz(
        course.id, key, title=LocalizedText("اختبار", "Quiz"), pass_percent=50, shuffle=False, layout=layout, minutes=600,
        at=at,
    )  # fmt: skip
    ordered = sorted(questions, key=lambda question: question.type != "single")
    chosen = [ordered[0], *[question for question in questions if question is not ordered[0]]][:QUESTIONS]
    for number, question in enumerate(chosen, 1):
        assessment.add_question(
            version, key=f"{key}-{number}", type=question.type, content=question.content,
            competency_key=question.competency, difficulty=question.difficulty, at=at,
        )  # fmt: skip
    return version.id


def _enrol(course: Course, learners: Sequence[int], cast: Cast, at: datetime) -> int:
    """Assign the course to everybody and let each be partly through: 10 to 32 lessons, in order."""
    due_on = (at + timedelta(days=30)).date()
    learning.assign(course.id, learners, by_id=cast.demo["director"].id, due_on=due_on, at=at)
    version = outlines.published_version(course.id)
    if version is None:
        raise LookupError("the course was not published")
    steps = outlines.outline(version.id).activities
    places = db.session.execute(
        select(Enrolment.id, Enrolment.learner_id).where(Enrolment.course_id == course.id)
    ).all()
    done = {row.id: 10 + row.learner_id * 7 % 23 for row in places}
    fields = {"state": COMPLETED, "started_at": at, "completed_at": at}
    states = [
        {"enrolment_id": place, "activity_id": steps[n].id, **fields}
        for place, many in done.items()
        for n in range(many)
    ]
    db.session.execute(insert(ActivityState), states)
    changes = [
        {"id": place, "done": many, "started_at": at, "last_activity_at": at, "last_activity_id": steps[many - 1].id}
        for place, many in done.items()
    ]
    db.session.execute(update(Enrolment), changes)
    return version.id


def _reader(person_id: int, course: Course, at: datetime) -> Reader:
    """Give a learner open attempts at both quizzes, half of them answered."""
    place = _place(person_id, course.id)
    steps = {step.key: step.id for step in outlines.outline(place.version_id).activities}
    attempts = [_attempt(steps[key], person_id, at) for key in ("quiz", "exam")]
    for attempt_id in attempts:
        _answer([attempt_id], QUESTIONS // 2, at)
    return Reader(person_id, place.id, f"l{place.done + 1}", *attempts)


def _place(person_id: int, course_id: int) -> Enrolment:
    mine = Enrolment.learner_id == person_id, Enrolment.course_id == course_id
    return db.session.scalars(select(Enrolment).where(*mine)).one()


def _certificate(person_id: int, course_id: int, at: datetime) -> str:
    """Issue the certificate of a completed course; return its number."""
    issued = credentials.issue_for_completion(_place(person_id, course_id).id, at=at)
    if issued is None:
        raise LookupError("the course gives no certificate")
    return issued.number


def _attempt(activity_id: int, person_id: int, at: datetime) -> int:
    activity = outlines.activity(activity_id)
    if activity is None:
        raise LookupError(activity_id)
    return assessment.start_attempt(int(activity.content["quiz_version_id"]), person_id, at=at).id


def _sitters(people: Sequence[int], version_id: int, at: datetime) -> list[Sitter]:
    quiz = next(step.id for step in outlines.outline(version_id).activities if step.key == "quiz")
    found = [Sitter(person_id, _attempt(quiz, person_id, at)) for person_id in people]
    _answer([sitter.attempt_id for sitter in found], QUESTIONS, at)
    return found


def _answer(attempts: Sequence[int], many: int, at: datetime) -> None:
    """Answer the first questions of attempts rightly, straight in the table: saving is measured apart."""
    inside = AttemptItem.attempt_id.in_(attempts), AttemptItem.position <= many
    query = (
        select(QuestionVersion.id, QuestionVersion.type, QuestionVersion.content)
        .where(QuestionVersion.id.in_(select(AttemptItem.question_version_id).where(*inside)))
    )  # fmt: skip
    for question_id, type, content in db.session.execute(query).all():
        kept: dict[str, Any] = {"response": answers.right(type, content), "saved_at": at, "saved_sequence": 1}
        chosen = (*inside, AttemptItem.question_version_id == question_id)
        db.session.execute(update(AttemptItem).where(*chosen).values(kept))


def cookie(app: Flask, person_id: int) -> str:
    """Sign somebody in without a password: a session row, and the cookie that carries its token."""
    with app.app_context(), transaction():
        token = accounts.start_session(person_id, at=clock.now(), address="127.0.0.1", browser="bench")
    signer = app.session_interface.get_signing_serializer(app)  # type: ignore[attr-defined]
    carried = signer.dumps({"_user_id": token, "_fresh": True, "_permanent": True})
    return f"{app.config['SESSION_COOKIE_NAME']}={carried}"


def floor_cookie(secret: str, person_id: int) -> str:
    """Sign somebody in at the floor."""
    app = Flask("floor")
    app.secret_key = secret
    signer = app.session_interface.get_signing_serializer(app)  # type: ignore[attr-defined]
    return f"session={signer.dumps({'person': person_id})}"


def new_secret() -> str:
    """Return a secret for signing cookies, made for this run."""
    return secrets.token_urlsafe(40)
