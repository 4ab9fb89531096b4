"""The datasets of attempts and single answers, of competencies and of certificates."""

from datetime import date
from typing import Any

from sqlalchemy import Float, String, and_, case, cast, type_coerce

from academy.accounts.models import Person
from academy.assessment.models import (
    GRADED,
    Attempt,
    AttemptItem,
    Question,
    QuestionVersion,
    Quiz,
    QuizVersion,
)
from academy.base.db import JSONDocument
from academy.base.i18n import _l
from academy.catalogue.models import PUBLISHED, Course, CourseVersion
from academy.competencies.models import Competency, CompetencyDomain, Requirement, Standing
from academy.credentials.models import Certificate
from academy.credentials.queries import is_held
from academy.insights.reports.queries.datasets.columns import (
    ABOUT_PERSON,
    Column,
    Dataset,
    flag,
    percent,
    plain,
    with_person,
    with_role,
)
from academy.insights.reports.queries.datasets.learning import PERCENT
from academy.insights.reports.queries.datasets.sql import minutes_between, whole_member
from academy.insights.reports.rules import kinds

POINTS, PIECES, LEVELS = _l("points"), _l("pieces"), _l("levels")
# A quiz whose score its learners never see tells nobody's score here either.
TOLD = and_(Attempt.state == GRADED, QuizVersion.release != "none")
ATTEMPT_STATES = {"open": _l("Still open"), "submitted": _l("Waiting for marks"), "graded": _l("Graded")}
OF_QUIZ = (
    Column("course", kinds.NAME, _l("Course"), _l("The course of the quiz, as titled now."), plain(CourseVersion.title)),
    Column("course_code", kinds.TEXT, _l("Course code"), _l("The short code of the course."), plain(Course.code)),
    Column("quiz", kinds.NAME, _l("Quiz"), _l("The quiz, as titled when it was taken."), plain(QuizVersion.title)),
    Column("number", kinds.NUMBER, _l("Number of the attempt"), _l("1 for the first attempt, 2 for the second, and so on."), plain(Attempt.number), adds_up=False),
    Column("started_at", kinds.MOMENT, _l("Started on"), _l("When the attempt began."), plain(Attempt.started_at)),
    Column("submitted_at", kinds.MOMENT, _l("Submitted on"), _l("When the attempt was handed in or ran out of time."), plain(Attempt.submitted_at)),
)  # fmt: skip


def _attempts() -> Any:
    taken = Person.__table__.join(Attempt.__table__, Attempt.learner_id == Person.id)
    quizzes = taken.join(QuizVersion, QuizVersion.id == Attempt.quiz_version_id).join(Quiz, Quiz.id == Attempt.quiz_id)
    courses = quizzes.join(Course, Course.id == Quiz.course_id)
    now = and_(CourseVersion.course_id == Course.id, CourseVersion.state == PUBLISHED)
    return with_person(courses.outerjoin(CourseVersion, now))


ATTEMPTS = Dataset(
    "attempts",
    _l("Attempts"),
    _l("One row for each attempt of a person at a quiz."),
    (
        *ABOUT_PERSON,
        *OF_QUIZ,
        Column("state", kinds.CHOICE, _l("State"), _l("Open, waiting for marks, or graded."), plain(Attempt.state), choices=ATTEMPT_STATES),
        Column("score", kinds.SHARE, _l("Score"), _l("Points earned of all points; empty until it is graded, and where learners never see their score."), plain(case((TOLD, percent(cast(Attempt.score, Float), Attempt.max_score)))), PERCENT, score=True),
        Column("passed", kinds.FLAG, _l("Passed"), _l("Whether the attempt reached what the quiz asks for; empty until then."), plain(case((TOLD, Attempt.passed)))),
        Column("minutes", kinds.NUMBER, _l("Minutes taken"), _l("From beginning to handing in."), plain(minutes_between(Attempt.started_at, Attempt.submitted_at)), _l("minutes")),
    ),
    _attempts,
    Attempt.id,
    ("person", "unit", "quiz", "number", "score", "passed"),
)  # fmt: skip

SURENESS = {"1": _l("Unsure"), "2": _l("Fairly sure"), "3": _l("Sure")}
DIFFICULTIES = {"1": _l("Easy"), "2": _l("Medium"), "3": _l("Hard")}


def _items() -> Any:
    answers = _attempts().join(AttemptItem, AttemptItem.attempt_id == Attempt.id)
    asked = answers.join(QuestionVersion, QuestionVersion.id == AttemptItem.question_version_id)
    return asked.join(Question, Question.id == QuestionVersion.question_id)


ITEMS = Dataset(
    "items",
    _l("Answers to questions"),
    _l("One row for each question of a graded attempt. It tells neither what was asked nor what is right."),
    (
        *ABOUT_PERSON,
        *OF_QUIZ,
        Column("question", kinds.TEXT, _l("Question"), _l("The key under which trainers know the question."), plain(Question.key)),
        Column("competency", kinds.TEXT, _l("Competency code"), _l("The competency that the question asks about."), plain(QuestionVersion.competency_key)),
        Column("difficulty", kinds.CHOICE, _l("Difficulty"), _l("How hard its author thinks it is."), plain(cast(QuestionVersion.difficulty, String)), choices=DIFFICULTIES),
        Column("earned", kinds.SHARE, _l("Points earned"), _l("The share of the question's points that the answer earned."), plain(cast(AttemptItem.share, Float) * 100.0), PERCENT, score=True),
        Column("right", kinds.FLAG, _l("Fully right"), _l("Whether the answer earned all points."), plain(case((AttemptItem.share.is_not(None), AttemptItem.share >= 1)))),
        Column("answered", kinds.FLAG, _l("Answered"), _l("Whether there was an answer at all."), flag(AttemptItem.saved_sequence > 0)),
        Column("seconds", kinds.NUMBER, _l("Seconds on the question"), _l("How long the question was on the screen."), plain(AttemptItem.seconds), _l("seconds")),
        Column("sure", kinds.CHOICE, _l("How sure"), _l("How sure the person said to be; empty where it was not asked."), plain(cast(AttemptItem.confidence, String)), choices=SURENESS),
        Column("voided", kinds.FLAG, _l("Voided"), _l("Whether the question counts for nothing after a regrade."), plain(AttemptItem.voided)),
    ),
    _items,
    AttemptItem.id,
    ("person", "quiz", "question", "competency", "earned", "seconds"),
    lambda: (TOLD,),
)  # fmt: skip

LEVEL_WORDS = {
    "0": _l("No level proven"), "1": _l("Level 1"), "2": _l("Level 2"), "3": _l("Level 3"), "4": _l("Level 4"),
}  # fmt: skip
TARGET = whole_member(Requirement.targets, Competency.key)


def _standings() -> Any:
    proven = Person.__table__.join(Standing.__table__, Standing.person_id == Person.id)
    named = proven.join(Competency, Competency.id == Standing.competency_id)
    domains = named.join(CompetencyDomain, CompetencyDomain.id == Competency.domain_id)
    return with_role(with_person(domains))


COMPETENCIES = Dataset(
    "competencies",
    _l("Competencies"),
    _l("One row for each competency of which a person has evidence: the standing computed from it."),
    (
        *ABOUT_PERSON,
        Column("competency", kinds.NAME, _l("Competency"), _l("The name of the competency."), plain(Competency.name)),
        Column("code", kinds.TEXT, _l("Competency code"), _l("The key of the competency in its framework."), plain(Competency.key)),
        Column("domain", kinds.NAME, _l("Domain"), _l("The family of the competency."), plain(CompetencyDomain.name)),
        Column("score", kinds.NUMBER, _l("Score"), _l("The weighted mean of the evidence, 0 to 4; empty when it is too thin."), plain(Standing.score), LEVELS, adds_up=False),
        Column("level", kinds.CHOICE, _l("Level"), _l("The level that the evidence proves; empty when it is too thin."), plain(cast(Standing.level, String)), choices=LEVEL_WORDS),
        Column("profile", kinds.NAME, _l("Role profile"), _l("The role profile that applies to the person."), plain(Requirement.name)),
        Column("target", kinds.NUMBER, _l("Level asked for"), _l("What the role profile asks for; empty when it asks for nothing."), plain(TARGET), LEVELS, adds_up=False),
        Column("met", kinds.FLAG, _l("Target met"), _l("Whether the proven level reaches the one asked for; empty without one."), plain(case((TARGET.is_(None), None), (Standing.level >= TARGET, True), else_=False))),
        Column("pieces", kinds.NUMBER, _l("Pieces of evidence"), _l("How many pieces the standing rests on."), plain(Standing.pieces), PIECES),
        Column("computed_at", kinds.MOMENT, _l("As of"), _l("When the standing was computed."), plain(Standing.computed_at)),
    ),
    _standings,
    Competency.id,
    ("person", "unit", "competency", "score", "level", "target", "met"),
)  # fmt: skip

CERTIFICATE_STATES = {
    "valid": _l("Valid"),
    "expired": _l("Expired"),
    "revoked": _l("Revoked"),
    "held": _l("Suspended for now"),
}


def _fact(name: str) -> Any:
    return type_coerce(Certificate.facts, JSONDocument)[name].as_string()


def _certificate_state(today: date) -> Any:
    expired = Certificate.expires_on < today
    return case(
        (Certificate.revoked_at.is_not(None), "revoked"), (expired, "expired"), (is_held(), "held"), else_="valid"
    )


def _certificates() -> Any:
    mine = and_(Certificate.holder_id == Person.id, ~Certificate.replaced)
    return with_person(Person.__table__.join(Certificate.__table__, mine))


CREDENTIALS = Dataset(
    "credentials",
    _l("Certificates"),
    _l("One row for each certificate that a person holds or held."),
    (
        *ABOUT_PERSON,
        Column("title", kinds.NAME, _l("Certificate"), _l("What it attests, as printed on it."), plain((_fact("title_ar"), _fact("title_en")))),
        Column("number", kinds.TEXT, _l("Certificate number"), _l("The number by which anybody can check it."), plain(Certificate.number)),
        Column("state", kinds.CHOICE, _l("State"), _l("Valid, expired, revoked or suspended today."), _certificate_state, choices=CERTIFICATE_STATES),
        Column("issued_on", kinds.DAY, _l("Issued on"), _l("The day of issue."), plain(Certificate.issued_on)),
        Column("expires_on", kinds.DAY, _l("Valid until"), _l("The last valid day; empty when there is no limit."), plain(Certificate.expires_on)),
        Column("cycle", kinds.NUMBER, _l("Cycle"), _l("1 for the first time, 2 for the first recertification, and so on; empty for imported ones."), plain(case((Certificate.cycle > 0, Certificate.cycle))), adds_up=False),
        Column("imported", kinds.FLAG, _l("Imported"), _l("Whether it was earned before the academy, which attests it."), flag(Certificate.imported_on.is_not(None))),
        Column("former_number", kinds.TEXT, _l("Former number"), _l("The number of an imported certificate before the academy."), plain(Certificate.former_number)),
    ),
    _certificates,
    Certificate.id,
    ("person", "unit", "title", "state", "issued_on", "expires_on"),
)  # fmt: skip
