"""Starting an attempt: the server gives it its number, its deadline and its papers."""

import secrets
from datetime import datetime

from sqlalchemy import func, insert, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import joinedload

from academy.accounts.models import Person
from academy.assessment.models import OPEN, Attempt, AttemptItem, Quiz, QuizVersion
from academy.assessment.queries_of_accommodations import limits_of
from academy.assessment.rules import is_late
from academy.assessment.rules.movement import SEQUENTIAL
from academy.assessment.services.admitting import ask_password, refuse_browser, refuse_place
from academy.assessment.services.drawing import Asked, papers, questions_for
from academy.assessment.services.submitting import submit
from academy.base.browser import Browser
from academy.base.db import db, insert_once
from academy.base.errors import Conflict, NotFound
from academy.base.i18n import _l

TRIES = 3


class NothingToAnswer(Conflict):
    """A quiz that is not published, or has no questions, cannot be tried."""

    sentence = _l("This quiz is not ready to be taken yet.")


def start_attempt(
    quiz_version_id: int,
    learner_id: int,
    *,
    cycle: int = 1,
    at: datetime,
    language: str | None = None,
    address: str | None = None,
    browser: Browser | None = None,
    password: str = "",
) -> Attempt:
    """Return the learner's open attempt at the quiz, or start the next one; `language` is the one it is read in.

    However many ask at once, one attempt comes of it: a unique index allows one open attempt for each quiz and learner.
    An open attempt whose time is over is closed first, and one from an earlier round, which would complete nothing any more.
    `address` is where the learner sits, `browser` what they use; a quiz that knows places or asks for Safe Exam Browser
    refuses all others, and one with a password asks it for a new attempt.
    Raises CannotStart when no attempt may begin, TakenElsewhere, OutsideSafeBrowser, WrongPassword, TooManyPasswords.
    """
    version = db.session.get(QuizVersion, quiz_version_id, options=[joinedload(QuizVersion.quiz)])
    if version is None:
        raise NotFound
    hold_out_regrades(version.quiz_id)
    if version.frozen_at is None:
        raise NothingToAnswer
    refuse_place(version, address)
    refuse_browser(version, learner_id, browser, at=at)
    for attempt_number in range(TRIES):
        if (going_on := _open_attempt(version, learner_id, cycle, at)) is not None:
            return going_on
        try:
            return _start(version, learner_id, cycle, at, language, password)
        except IntegrityError:  # another request started and finished an attempt between our two looks
            if attempt_number == TRIES - 1:
                raise
    raise AssertionError("unreachable")


def hold_out_regrades(quiz_id: int) -> None:
    """Keep a regrade of the quiz waiting until this start is over, before any attempt is held: so it meets every attempt.

    The new row's reference would take the same lock, but only after an overdue attempt was held: the regrade's order is
    the quiz first, then its attempts.
    """
    db.session.execute(select(Quiz.id).where(Quiz.id == quiz_id).with_for_update(read=True, key_share=True))


def _find_open(quiz_id: int, learner_id: int) -> Attempt | None:
    return db.session.scalar(
        select(Attempt).where(Attempt.quiz_id == quiz_id, Attempt.learner_id == learner_id, Attempt.state == OPEN)
    )


def _open_attempt(version: QuizVersion, learner_id: int, cycle: int, at: datetime) -> Attempt | None:
    found = _find_open(version.quiz_id, learner_id)
    earlier = found is not None and found.cycle < cycle
    if found is not None and (earlier or is_late(at, found.deadline, found.quiz_version.grace_seconds)):
        submit(found.id, at=at, by="clock", round_over=earlier)
        return None
    return found


def _start(
    version: QuizVersion, learner_id: int, cycle: int, at: datetime, language: str | None, password: str
) -> Attempt:
    _stand_in_line(learner_id, alone=bool(version.password))
    used, last, submitted_at = db.session.execute(
        select(func.count(), func.max(Attempt.number), func.max(Attempt.submitted_at)).where(
            Attempt.quiz_id == version.quiz_id, Attempt.learner_id == learner_id, Attempt.cycle == cycle
        )
    ).one()
    mine = limits_of(version, learner_id, at)
    refusal = mine.refusal(now=at, used=used, has_open_attempt=False, last_submitted_at=submitted_at)
    if refusal is not None:
        raise refusal
    ask_password(version, learner_id, password, at=at)
    seed = secrets.randbits(62)
    asked = questions_for(version, seed)
    if not asked:
        raise NothingToAnswer

    def make() -> Attempt:
        return Attempt(
            quiz_id=version.quiz_id,
            quiz_version_id=version.id,
            learner_id=learner_id,
            cycle=cycle,
            number=(last or 0) + 1,
            seed=seed,
            state=OPEN,
            started_at=at,
            deadline=mine.deadline(at),
            language=language,
            max_score=sum(question.points for question in asked),
        )

    attempt, made = insert_once(make, lambda: _find_open(version.quiz_id, learner_id))
    if made:
        _write_papers(attempt, version, asked)
    return attempt


def _stand_in_line(learner_id: int, *, alone: bool) -> None:
    """Let whoever is granting this learner other limits finish first, or wait until the attempt stands.

    `alone`: other starts of the learner wait too. Passwords sent in one burst are then counted one by one.
    """
    query = select(Person.id).where(Person.id == learner_id)
    held = query.with_for_update(key_share=True) if alone else query.with_for_update(read=True)
    db.session.execute(held)


def _write_papers(attempt: Attempt, version: QuizVersion, asked: list[Asked]) -> None:
    """Write the questions down; the first one is opened by starting, on one page all of them are."""
    whole = version.layout == "all" and version.navigation != SEQUENTIAL
    rows = [
        {**row, "opened_at": attempt.started_at if whole or row["position"] == 1 else None}
        for row in papers(attempt.id, attempt.seed, asked, shuffle=version.shuffle)
    ]
    db.session.execute(insert(AttemptItem), rows)
