"""Going from one of one's organisations to another."""

from flask import flash, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.utils import redirect

from academy.accounts import policies, queries, services
from academy.accounts.models import Person
from academy.accounts.routes.blueprints import bp
from academy.base import clock
from academy.base.db import db
from academy.base.errors import Refusal
from academy.web import identity
from academy.web.access import requires
from academy.web.identity import actor


@bp.post("/account/organisations/<int:person_id>/enter")
@requires(policies.SWITCH, find=queries.person)
def enter_organisation(person: Person) -> ResponseReturnValue:
    """Go on in another of the visitor's organisations, with a session of its own token."""
    try:
        token = services.switch(
            actor().session_id, person, at=clock.now(), address=request.remote_addr, browser=request.user_agent.string
        )
    except Refusal as refusal:
        db.session.rollback()
        flash(refusal.for_reader(), "bad")
    else:
        entered = identity.sources.actor_of(token)
        if entered is not None:
            identity.sign_in(token, entered)
    return redirect(url_for("home.start"))
