"""Hours: what a page says of the time it was in use, and the learner's own ledger."""

from flask import render_template, request
from flask.typing import ResponseReturnValue

from academy.base import clock
from academy.learning import policies, services
from academy.learning.models import WITHDRAWN
from academy.learning.queries import Step, step
from academy.learning.queries.ledger import ledger
from academy.learning.queries.timing import AttemptPlace, place_of_attempt
from academy.learning.routes.blueprints import bp
from academy.learning.rules.ledger import IDLE_SECONDS, MINUTE, reported_seconds
from academy.web.access import requires
from academy.web.identity import actor


@bp.post("/learn/<int:enrolment_id>/<activity_key>/time")
@requires(policies.TAKE, find=step)
def time_spent(here: Step) -> ResponseReturnValue:
    """Count for how long the page of an activity was in use. Sent by the page's script."""
    if here.enrolment_state != WITHDRAWN:
        _count(here.learner_id, here.enrolment_id, here.activity.id)
    return "", 204


@bp.post("/learn/attempts/<int:attempt_id>/time")
@requires(policies.TAKE, find=place_of_attempt)
def time_spent_on_quiz(here: AttemptPlace) -> ResponseReturnValue:
    """Count for how long the pages of an attempt were in use, for the activity of its quiz."""
    _count(here.learner_id, here.enrolment_id, here.activity_id)
    return "", 204


def _count(person_id: int, enrolment_id: int, activity_id: int) -> None:
    seconds = reported_seconds(request.form.get("seconds"))
    services.count_time(person_id, enrolment_id, activity_id, seconds, at=clock.now())


@bp.get("/my-hours")
@requires(policies.LEARN)
def my_hours() -> ResponseReturnValue:
    """Show the reader's ledger: time spent and hours credited, by month and by course, and how both are counted."""
    me = actor().person_id
    return render_template(
        "learning/hours.html", ledger=ledger(me), as_of=clock.now(), idle_minutes=IDLE_SECONDS // MINUTE, reader_id=me
    )
