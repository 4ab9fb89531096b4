"""Safe Exam Browser: its settings, its script interface, its end, and the page that all other browsers are shown."""

import hmac
from urllib.parse import urlsplit

from flask import Response, abort, jsonify, render_template, request
from flask.typing import ResponseReturnValue

from academy.assessment import policies, services
from academy.assessment.models import QuizVersion
from academy.assessment.queries_of_accommodations import exam_of
from academy.assessment.queries_of_heads import AttemptHead
from academy.assessment.queries_of_safe_browser import door_of, keeps_out, seal_of
from academy.assessment.routes.blueprints import bp
from academy.assessment.rules.access import address_allowed
from academy.assessment.rules.safe_browser import MADE, settings_file
from academy.base import place
from academy.base.browser import Browser
from academy.base.db import db
from academy.base.errors import Conflict
from academy.web.access import public, requires
from academy.web.browser import browser_here, remember

MEDIA_TYPE = "application/seb"
LONGEST = 2000


def turned_away(head: AttemptHead) -> ResponseReturnValue | None:
    """Return the page that says why an attempt is not shown here: from this place, or in this browser; None when it is shown."""
    if not address_allowed(request.remote_addr, head.addresses):
        return refused_page(head, services.TakenElsewhere())
    return outside(head)


def outside(head: AttemptHead) -> ResponseReturnValue | None:
    """Return the page for other browsers where an attempt asks for Safe Exam Browser; None in that one."""
    if keeps_out(head, head.learner_id, head.started_at, browser_here()):
        return refused_page(head, services.OutsideSafeBrowser())
    return None


def refused_page(head: AttemptHead, refusal: Conflict) -> ResponseReturnValue:
    """Say that the questions are shown elsewhere only: in other places, or in Safe Exam Browser."""
    is_browser = isinstance(refusal, services.OutsideSafeBrowser)
    learner, begun = head.learner_id, head.started_at
    door = door_of(head, head.quiz_version_id, learner, begun, browser_here()) if is_browser else None
    page = render_template("assessment/attempt_elsewhere.html", attempt=head, refusal=refusal.for_reader(), safe=door)
    return page, refusal.status


def asking_version(quiz_version_id: int) -> QuizVersion:
    """Return a published quiz version that asks for Safe Exam Browser; 404 for any other."""
    version = db.session.get(QuizVersion, quiz_version_id)
    if version is None or version.frozen_at is None or exam_of(version) is None:
        abort(404)
    return version


@bp.get("/safe-browser/<int:quiz_version_id>/<seal>.seb")
@public
def safe_browser_settings(quiz_version_id: int, seal: str) -> Response:
    """Give the settings of a quiz to whoever was shown their address: Safe Exam Browser comes with cookies of its own."""
    if not hmac.compare_digest(seal.encode(), seal_of(quiz_version_id).encode()):
        abort(404)
    exam = exam_of(asking_version(quiz_version_id))
    if exam is None or exam.mode != MADE:
        abort(404)
    response = Response(settings_file(exam.settings()), content_type=MEDIA_TYPE)
    response.headers["Content-Disposition"] = f'attachment; filename="quiz-{exam.quiz_id}.seb"'
    response.headers["Cache-Control"] = "no-store"
    response.headers["X-Robots-Tag"] = "noindex, nofollow"
    return response


@bp.post("/safe-browser/<int:quiz_version_id>/proof")
@requires(policies.PROVE_BROWSER, find=asking_version)
def prove_safe_browser(version: QuizVersion) -> ResponseReturnValue:
    """Remember for this session that the browser showed a key of the quiz by its script interface.

    Where the browser sends no headers (WKWebView on macOS and iPadOS), its script gives the same hashes of the page's
    address. They count for an address of ours only.
    """
    sent = request.get_json(silent=True)
    given = sent if isinstance(sent, dict) else {}
    url, config, shown = (str(given.get(name, ""))[:LONGEST] for name in ("url", "config", "exam"))
    browser = Browser(url, config, shown)
    exam = exam_of(version)
    mark = exam.proof(browser) if exam is not None and _is_ours(url) else None
    if mark is None:
        return jsonify(proven=False), 403
    remember(mark)
    return jsonify(proven=True)


def _is_ours(url: str) -> bool:
    ours, given = urlsplit(place.base_url()), urlsplit(url)
    return (ours.scheme, ours.netloc) == (given.scheme, given.netloc)


@bp.get("/safe-browser/quit")
@public
def quit_safe_browser() -> str:
    """Where Safe Exam Browser ends itself; any other browser finds a page that says so."""
    return render_template("assessment/safe_browser_quit.html")
