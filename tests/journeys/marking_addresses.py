"""The pages of essays and files, of marking them, and of second thoughts about a question."""

from typing import Any

from flask import url_for
from sqlalchemy import select

from academy.accounts.models import Person
from academy.assessment import services as assessment
from academy.assessment.models import Attempt, AttemptItem, Quiz, QuizVersion
from academy.base import clock
from academy.base.db import db
from academy.base.text import LocalizedText
from academy.catalogue.models import Course
from academy.credentials.models import Certificate, CertificateDoubt
from academy.devdata import accounts as demo

PDF = b"%PDF-1.4\n%%EOF\n"
LEVELS = [
    {"id": "low", "text": {"ar": "دون شواهد", "en": "Without evidence"}, "points": 0},
    {"id": "high", "text": {"ar": "بشواهد", "en": "With evidence"}, "points": 4},
]
HAND_MARKED: dict[str, dict[str, Any]] = {
    "essay": {
        "stem": {"ar": "صف نقطة ألم ومقترحًا لها.", "en": "Describe a pain point and a proposal."},
        "rubric": [
            {"id": "c1", "text": {"ar": "الوضوح", "en": "Clarity"}, "levels": LEVELS},
            {"id": "c2", "text": {"ar": "المقترح", "en": "Proposal"}, "points": 6},
        ],
        "notes": {"ar": "يُتوقع قياس واحد.", "en": "Expect one measure."},
        "least_words": 5,
        "most_words": 300,
    },
    "file": {
        "stem": {"ar": "ارفع خريطة الرحلة.", "en": "Upload the journey map."},
        "kinds": ["pdf", "image"],
        "most": 2,
        "megabytes": 5,
        "rubric": [],
    },
}


def _person(account: demo.Account) -> Person:
    return db.session.scalars(select(Person).where(Person.email == account.email)).one()


def _quiz() -> QuizVersion:
    """Return the written quiz of the trainer's course, made when it is asked for first."""
    at = clock.now()
    course = db.session.scalars(select(Course).where(Course.key == "cx-measurement")).one()
    query = select(QuizVersion).join(Quiz, Quiz.id == QuizVersion.quiz_id).where(Quiz.key == "written")
    found = db.session.scalar(query)
    if found is not None:
        return found
    made = assessment.create_quiz(
        course.id, "written", title=LocalizedText("اختبار كتابي", "A written quiz"), shuffle=False, at=at
    )
    made.marking = {"anonymous": True, "second": 100, "margin": 20}
    for type, content in HAND_MARKED.items():
        assessment.add_question(made, key=f"written-{type}", type=type, content=content, points=10, at=at)
    assessment.freeze(made.id, at)
    return made


def _handed_in(quiz: QuizVersion, learner_id: int) -> Attempt:
    at = clock.now()
    attempt = assessment.start_attempt(quiz.id, learner_id, at=at)
    assessment.save_response(attempt.id, 1, {"text": "الرسالة لا تسمي المستند الناقص، فيعود المستفيد مرتين."}, at=at)
    assessment.add_file(attempt, 2, PDF, "خريطة.pdf", at=at)
    return assessment.submit(attempt.id, at=at)


def _items(attempt: Attempt) -> list[AttemptItem]:
    query = select(AttemptItem).where(AttemptItem.attempt_id == attempt.id).order_by(AttemptItem.position)
    return list(db.session.scalars(query))


def _mark(item: AttemptItem, marker_id: int, given: dict[str, str]) -> None:
    at = clock.now()
    held = assessment.claim(item.id, marker_id=marker_id, at=at)
    assessment.save_mark(
        item.id, marker_id=marker_id, version=held.version, given=given, comment="عمل واضح.", note="للمصححين",
        final=True, at=at,
    )  # fmt: skip


def written_pages() -> list[str]:
    """Return what a learner sees of essays and files: while writing, while waiting, and with the marks."""
    quiz, me, at = _quiz(), _person(demo.EMPLOYEE), clock.now()
    markers = [_person(account).id for account in (demo.MANAGER, demo.DIRECTOR)]
    marked, waiting = _handed_in(quiz, me.id), _handed_in(quiz, me.id)
    for marker_id in markers:
        for item, given in zip(_items(marked), ({"c1": "high", "c2": "5"}, {"": "8.5"}), strict=True):
            _mark(item, marker_id, given)
    assessment.release(quiz.quiz_id, by_id=markers[0], at=at)
    going_on = assessment.start_attempt(quiz.id, me.id, at=at)
    assessment.save_response(going_on.id, 1, {"text": "قصير"}, at=at)
    assessment.add_file(going_on, 2, PDF, "خريطة أولى.pdf", at=at)
    return [
        *(url_for("assessment.attempt", attempt_id=going_on.id, q=place) for place in (1, 2)),
        url_for("assessment.review", attempt_id=going_on.id),
        url_for("assessment.result", attempt_id=waiting.id),
        url_for("assessment.result", attempt_id=marked.id),
    ]


def marking_pages() -> list[str]:
    """Return the marking desk as the trainer sees it: a queue, an answer begun, one to decide as the third, a final mark."""
    quiz, me = _quiz(), _person(demo.TRAINER)
    markers = [_person(account).id for account in (demo.MANAGER, demo.DIRECTOR)]
    attempts = [_handed_in(quiz, _person(account).id) for account in (demo.NEWCOMER, demo.PARTNER, demo.EMPLOYEE)]
    essays = [_items(attempt)[0] for attempt in attempts]
    files = [_items(attempt)[1] for attempt in attempts]
    _mark(essays[1], markers[0], {"c1": "high", "c2": "6"})
    _mark(essays[1], markers[1], {"c1": "low", "c2": "1"})
    _mark(files[1], me.id, {"": "7"})
    for item in (essays[0], essays[1], files[0]):
        assessment.claim(item.id, marker_id=me.id, at=clock.now())
    assessment.claim(files[2].id, marker_id=markers[0], at=clock.now())
    seen = [essays[0], essays[1], essays[2], files[0], files[1], files[2]]
    return [
        url_for("assessment.marking"),
        url_for("assessment.marking_question", quiz_id=quiz.quiz_id, version_id=essays[0].question_version_id),
        *(url_for("assessment.mark_answer", item_id=item.id) for item in seen),
        url_for("assessment.release_marks", quiz_id=quiz.quiz_id),
        url_for("assessment.quiz_markers", quiz_id=quiz.quiz_id),
    ]


def _passed() -> tuple[Attempt, AttemptItem]:
    """Return an attempt whose holder has a certificate of the trainer's first course, and its first question."""
    course = db.session.scalars(select(Course).where(Course.key == "cx-foundations")).one()
    holders = select(Certificate.holder_id).where(Certificate.course_id == course.id, Certificate.revoked_at.is_(None))
    query = select(Attempt).where(Attempt.passed.is_(True), Attempt.learner_id.in_(holders)).order_by(Attempt.id)
    attempt = db.session.scalars(query.limit(1)).one()
    return attempt, next(item for item in _items(attempt) if item.question_version.type == "single")


def regrade_pages() -> list[str]:
    """Return the pages of a course's regrades: one proposed, one in force, the forms for another one."""
    attempt, item = _passed()
    me, at, version_id = _person(demo.TRAINER), clock.now(), item.question_version_id
    applied, proposed = (
        assessment.propose_regrade(attempt.quiz_id, version_id, act, reason="صياغة ملتبسة", by_id=me.id, at=at)
        for act in ("full", "void")
    )
    assessment.apply_regrade(applied.id, by_id=me.id, at=at)
    asked = {"quiz_id": attempt.quiz_id, "version_id": version_id}
    return [
        url_for("assessment.regrades", key="cx-foundations"),
        url_for("assessment.propose_regrade", **asked),
        url_for("assessment.correct_key", **asked),
        url_for("assessment.regrade", regrade_id=proposed.id),
        url_for("assessment.regrade", regrade_id=applied.id),
        url_for("assessment.regrade_elsewhere", regrade_id=applied.id),
    ]


def doubt_pages() -> list[str]:
    """Return the list of certificates in doubt, with one in it."""
    attempt, item = _passed()
    me, at = _person(demo.TRAINER), clock.now()
    made = assessment.propose_regrade(
        attempt.quiz_id, item.question_version_id, "void", reason="صياغة ملتبسة", by_id=me.id, at=at
    )
    paper = db.session.scalars(select(Certificate.id).where(Certificate.holder_id == attempt.learner_id).limit(1)).one()
    db.session.add(CertificateDoubt(certificate_id=paper, regrade_id=made.id, attempt_id=attempt.id, raised_at=at))
    db.session.flush()
    return [url_for("credentials.in_doubt")]
