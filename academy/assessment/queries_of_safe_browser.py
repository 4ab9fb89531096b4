"""How a quiz that asks for Safe Exam Browser is opened in it, and whether a request came from it."""

import hashlib
import hmac
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from academy.assessment.queries_of_accommodations import exam_of, excused
from academy.assessment.rules.safe_browser import MADE, seb_url
from academy.base import place
from academy.base.browser import Browser


@dataclass(frozen=True, slots=True)
class Door:
    """The ways into Safe Exam Browser: `made` with settings of the academy, which `open_url` opens there at once.

    `shut`: the request came from another browser, so that the quiz is not shown to it; `excused`: it is, as the
    learner may use any browser.
    """

    made: bool
    file_url: str
    open_url: str
    prove_url: str
    quit_url: str
    shut: bool = False
    excused: bool = False


def keeps_out(version: Any, learner_id: int, at: datetime, browser: Browser) -> bool:
    """Whether a quiz asks a learner for Safe Exam Browser and this is not it; `at` is when the attempt begins or began."""
    exam = exam_of(version)
    return exam is not None and not exam.admits(browser) and not excused(learner_id, version.quiz_id, at=at)


def door_of(version: Any, version_id: int, learner_id: int, at: datetime, browser: Browser) -> Door | None:
    """Return how a learner opens a quiz in Safe Exam Browser; None when it asks for none."""
    exam = exam_of(version)
    if exam is None:
        return None
    here = exam.admits(browser)
    freed = not here and excused(learner_id, version.quiz_id, at=at)
    file_url = f"/safe-browser/{version_id}/{seal_of(version_id)}.seb"
    made = exam.mode == MADE
    return Door(
        made,
        file_url if made else "",
        seb_url(f"{place.base_url()}{file_url}") if made else "",
        f"/safe-browser/{version_id}/proof",
        "/safe-browser/quit",
        shut=not here and not freed,
        excused=freed,
    )


def seal_of(version_id: int) -> str:
    """Return what makes the address of a quiz's settings one that cannot be guessed: the browser fetches them signed out."""
    return hmac.new(place.secret().encode(), f"safe browser: {version_id}".encode(), hashlib.sha256).hexdigest()[:32]
