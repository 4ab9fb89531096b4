"""Beginning the renewal of a certificate, of a programme or a course, for somebody of one's team."""

from dataclasses import dataclass

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.wrappers import Response

from academy.accounts.kinds import name_act
from academy.accounts.models import Person
from academy.accounts.queries import person
from academy.base import clock
from academy.base.errors import Conflict
from academy.base.i18n import _, _l
from academy.catalogue.queries import course_by_key
from academy.credentials import policies
from academy.credentials.models import Certificate
from academy.credentials.queries_of_programmes import current_of_programme
from academy.credentials.queries_of_renewal import current_certificate
from academy.credentials.routes.blueprints import bp
from academy.credentials.services_of_programmes import renew_for
from academy.credentials.services_of_renewal import TooEarly, renew_course_for
from academy.learning.queries.programmes import programme_by_key
from academy.web.access import requires, safe_next
from academy.web.filters import day
from academy.web.identity import actor

name_act(policies.RENEW_FOR, _l("Renewal begun for somebody"))


@dataclass(frozen=True, slots=True)
class Held:
    """Somebody's certificate."""

    holder: Person
    certificate: Certificate


def _held(person_id: int, programme_key: str) -> Held | None:
    who, programme = person(person_id), programme_by_key(programme_key)
    found = current_of_programme(who.id, programme.id) if who and programme else None
    return Held(who, found) if who and found else None


def _held_of_course(person_id: int, key: str) -> Held | None:
    who, course = person(person_id), course_by_key(key)
    found = current_certificate(who.id, course.id) if who and course else None
    return Held(who, found) if who and found else None


@bp.post("/team/people/<int:person_id>/programmes/<programme_key>/renew")
@requires(policies.RENEW_FOR, find=_held)
def renew_for_somebody(held: Held) -> ResponseReturnValue:
    """Begin the renewal; its holder is told, and the certificate stands until its last day."""
    try:
        renew_for(held.certificate, by_id=actor().person_id, at=clock.now())
    except Conflict as refusal:
        flash(refusal.for_reader(), "warn")
    else:
        flash(_("The renewal has begun. It stands among their programmes."), "ok")
    return _back()


@bp.post("/team/people/<int:person_id>/courses/<key>/renew")
@requires(policies.RENEW_FOR, find=_held_of_course)
def renew_course_for_somebody(held: Held) -> ResponseReturnValue:
    """Begin the renewal of a course's certificate; its holder is told, and the certificate stands until its last day."""
    try:
        renew_course_for(held.certificate, by_id=actor().person_id, at=clock.now())
    except TooEarly as refusal:
        flash(_("This certificate can be renewed from %(day)s.", day=day(refusal.opens_on)), "warn")
    except Conflict as refusal:
        flash(refusal.for_reader(), "warn")
    else:
        flash(_("The renewal has begun. It stands among their courses."), "ok")
    return _back()


def _back() -> Response:
    return redirect(safe_next(request.form.get("next"), url_for("insights.team", state="expiring") + "#follow-up"))
