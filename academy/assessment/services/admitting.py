"""Letting somebody into a quiz: where they sit, with what browser, and the password they were given."""

from datetime import datetime, timedelta

from academy.assessment.models import Attempt, QuizVersion
from academy.assessment.queries_of_safe_browser import keeps_out
from academy.assessment.rules.access import address_allowed, same_password
from academy.base import throttle
from academy.base.browser import Browser
from academy.base.db import db
from academy.base.errors import Conflict, Invalid, TooMany
from academy.base.i18n import _l

PASSWORD_TRIES = 5
PASSWORD_WINDOW = timedelta(minutes=15)


class TakenElsewhere(Conflict):
    """The quiz may be taken from some networks only, and this is none of them."""

    sentence = _l(
        "This quiz can only be taken from the places its trainer named, such as the examination room. Go there, or connect to that network, and try again. Answers saved before are kept."
    )


class OutsideSafeBrowser(Conflict):
    """The quiz is taken in Safe Exam Browser, and the request came from another browser, or from other settings."""

    sentence = _l(
        "This quiz can only be taken in Safe Exam Browser, with its own settings. Open it there and go on. Answers saved before are kept."
    )


class WrongPassword(Invalid):
    """The password of the quiz is another one."""

    sentence = _l("This is not the password of the quiz. Ask whoever invigilates it.")

    def __init__(self) -> None:
        super().__init__(field="password")


class TooManyPasswords(TooMany):
    """The password was tried too often."""

    sentence = _l("The password was tried too often. Wait a quarter of an hour, then try again.")


def refuse_place(version: QuizVersion, address: str | None) -> None:
    """Raise TakenElsewhere when the quiz may not be taken from this address."""
    if not address_allowed(address, version.addresses):
        raise TakenElsewhere


def refuse_browser(version: QuizVersion, learner_id: int, browser: Browser | None, *, at: datetime) -> None:
    """Raise OutsideSafeBrowser when the quiz asks for Safe Exam Browser and this is not it; `at` is when the attempt begins or began.

    Whoever was granted any browser is let in. No statement but for those who are about to be refused.
    """
    if keeps_out(version, learner_id, at, browser or Browser()):
        raise OutsideSafeBrowser


def refuse_whence(attempt: Attempt, address: str | None, browser: Browser | None) -> None:
    """Raise TakenElsewhere or OutsideSafeBrowser when an attempt does not go on from this address, or in this browser."""
    refuse_place(attempt.quiz_version, address)
    refuse_browser(attempt.quiz_version, attempt.learner_id, browser, at=attempt.started_at)


def ask_password(version: QuizVersion, learner_id: int, typed: str, *, at: datetime) -> None:
    """Compare the password of a quiz. Raises WrongPassword, and TooManyPasswords whatever is typed after five misses.

    Each try is counted before it is judged; whoever answers the refusal keeps the count (web.transaction.keep). The start
    holds the row of the learner alone meanwhile: tries sent in one burst are judged one after the other.
    """
    if not version.password:
        return
    key = f"quiz-password:{version.quiz_id}:{learner_id}"
    if throttle.count(db.session(), key, within=PASSWORD_WINDOW, at=at) >= PASSWORD_TRIES:
        raise TooManyPasswords
    throttle.note(db.session(), key, at=at)
    db.session.flush()
    if not same_password(typed, version.password):
        raise WrongPassword
    throttle.forget(db.session(), key)
