"""Moving on in a sequential attempt, and checking an answer in practice so that it can be tried again."""

from datetime import datetime
from typing import Any

from sqlalchemy import Row, select, update

from academy.assessment.models import Attempt, AttemptItem, QuestionVersion
from academy.assessment.queries_of_decisions import tried_now
from academy.assessment.rules import SEQUENTIAL, Try, is_settled
from academy.assessment.services.admitting import refuse_whence
from academy.assessment.services.saving import current_of, refuse_closed
from academy.assessment.types import kind
from academy.base.browser import Browser
from academy.base.db import change, db
from academy.base.errors import Conflict, NotFound
from academy.base.i18n import _l


class NothingToCheck(Conflict):
    """An answer can be checked in practice only, by a key, once it is there and while the question takes more tries."""

    sentence = _l("There is no answer to check here. Answer the question first.")


class NoPractice(Conflict):
    """The quiz gives each question one try."""

    sentence = _l("In this quiz answers are marked after submitting.")


def move_on(
    attempt: Attempt, position: int, *, at: datetime, address: str | None = None, browser: Browser | None = None
) -> int:
    """Leave a question of a sequential attempt for the next one; return where the attempt is then.

    `attempt` is held. Leaving a question that was left before changes nothing, so that a button pressed twice skips
    none. Raises AlreadySubmitted, TimeIsOver, TakenElsewhere, OutsideSafeBrowser.
    """
    refuse_closed(attempt, at)
    refuse_whence(attempt, address, browser)
    here = current_of(attempt)
    if attempt.quiz_version.navigation != SEQUENTIAL or position != here:
        return here
    opened = change(
        update(AttemptItem)
        .where(AttemptItem.attempt_id == attempt.id, AttemptItem.position == here + 1)
        .values(opened_at=at)
    )
    return here + opened


def check_answer(
    attempt: Attempt, position: int, *, at: datetime, address: str | None = None, browser: Browser | None = None
) -> Try:
    """Mark the kept answer of a practice question and note the try; return it.

    `attempt` is held. The key in force counts. The same answer checked again is the same try. Raises NoPractice where each question has one try,
    NothingToCheck without an answer or once the question is settled, NotFound, and like a save when that is refused.
    """
    refuse_closed(attempt, at)
    rules = attempt.quiz_version
    refuse_whence(attempt, address, browser)
    if rules.tries < 2:
        raise NoPractice
    if rules.navigation == SEQUENTIAL and position != current_of(attempt):
        raise NothingToCheck
    item = _item(attempt.id, position)
    now = tried_now(attempt.quiz_id, [item])[item.id]
    tried = now.tries
    if tried and tried[-1].response == item.response:
        return tried[-1]
    of_type = kind(item.type)
    if not item.response or not of_type.checked_at_once or is_settled(tried, rules.tries):
        raise NothingToCheck
    this = Try(of_type.score(of_type.drawn(now.content, item.paper), item.response), item.response)
    kept = [each.as_json() for each in (*tried, this)]
    db.session.execute(update(AttemptItem).where(AttemptItem.id == item.id).values(tried=kept))
    return this


def _item(attempt_id: int, position: int) -> Row[Any]:
    query = (
        select(
            AttemptItem.id, AttemptItem.paper, AttemptItem.response, AttemptItem.tried, QuestionVersion.type,
            QuestionVersion.content, QuestionVersion.id.label("version_id"),
        )
        .join(QuestionVersion, QuestionVersion.id == AttemptItem.question_version_id)
        .where(AttemptItem.attempt_id == attempt_id, AttemptItem.position == position)
    )  # fmt: skip
    found = db.session.execute(query).one_or_none()
    if found is None:
        raise NotFound
    return found
