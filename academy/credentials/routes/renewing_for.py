"""Beginning the renewal of a programme's certificate for somebody of one's team."""

from dataclasses import dataclass

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from academy.accounts.kinds import name_act
from academy.accounts.models import Person
from academy.accounts.queries import person
from academy.base import clock
from academy.base.errors import Conflict
from academy.base.i18n import _, _l
from academy.credentials import policies
from academy.credentials.models import Certificate
from academy.credentials.queries_of_programmes import current_of_programme
from academy.credentials.routes.blueprints import bp
from academy.credentials.services_of_programmes import renew_for
from academy.learning.queries.programmes import programme_by_key
from academy.web.access import requires, safe_next
from academy.web.identity import actor

name_act(policies.RENEW_FOR, _l("Renewal of a programme begun for somebody"))


@dataclass(frozen=True, slots=True)
class Held:
    """Somebody's certificate of a programme."""

    holder: Person
    certificate: Certificate


def _held(person_id: int, programme_key: str) -> Held | None:
    who, programme = person(person_id), programme_by_key(programme_key)
    found = current_of_programme(who.id, programme.id) if who and programme else None
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
    return redirect(safe_next(request.form.get("next"), url_for("insights.team", state="expiring") + "#follow-up"))
