"""Who is in a programme and how they stand; confirming who somebody is."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from academy.base import clock
from academy.base.access import allowed
from academy.base.arabic import search_terms
from academy.base.db import db
from academy.base.errors import NotFound, Refusal
from academy.base.i18n import _
from academy.base.text import clean_line
from academy.learning import naming, policies
from academy.learning.forms import ConfirmForm
from academy.learning.queries import programmes as queries
from academy.learning.queries.programmes import ProgrammeDesk
from academy.learning.routes.blueprints import bp
from academy.learning.routes.programmes.finding import Participant, the_participant
from academy.learning.services import programmes as services
from academy.web.access import requires
from academy.web.identity import actor
from academy.web.pagination import SIZE, Page, asked_page


@bp.get("/manage/programmes/<programme_key>/participants")
@requires(policies.SEE_PARTICIPANTS, find=queries.programme_desk)
def participants(desk: ProgrammeDesk) -> ResponseReturnValue:
    """List the participants whom the reader may know of."""
    words = clean_line(request.args.get("q", ""))[:200]
    state = request.args.get("state", "")
    state = state if state in naming.PLACES else ""
    terms, seen = search_terms(words), policies.learners_visible(actor())
    counts = queries.participant_counts(desk.programme.id, seen, terms=terms, state=state)
    pages = max(1, -(-counts.matching // SIZE))
    number = min(asked_page(), pages)
    query = queries.participants(desk.programme.id, seen, terms=terms, state=state)
    rows = db.session.execute(query.limit(SIZE).offset((number - 1) * SIZE)).all()
    return render_template(
        "learning/programmes/participants.html",
        desk=desk,
        naming=naming,
        edits=policies.edits_programme(actor(), desk.programme),
        counts=counts,
        page=Page(rows, number, pages, counts.matching),
        rows=[queries.participant_of(row) for row in rows],
        words=words,
        only_stop_words=bool(words) and not terms,
        state=state,
        states=[("", _("All"))] + [(name, str(label)) for name, (label, _tone, _icon) in naming.PLACES.items()],
        confirms=lambda row: row.person_id != actor().person_id and actor().has("administrator", row.organisation_id),
        wants_identity=any(each.kind == "identity_verified" for each in queries.prerequisites_of(desk.version.id)),
    )


def _confirmable(programme_key: str, person_id: int) -> Participant | None:
    """Find a participant whose identity the reader may confirm."""
    found = the_participant(programme_key, person_id)
    return found if found and allowed(policies.CONFIRM_IDENTITY, actor(), found.person) else None


@bp.route("/manage/programmes/<programme_key>/participants/<int:person_id>/identity", methods=["GET", "POST"])
@requires(policies.SEE_PARTICIPANTS, find=_confirmable)
def confirm_identity(found: Participant) -> ResponseReturnValue:
    """Record how somebody's identity was verified."""
    form, key = ConfirmForm(), found.programme.key
    if form.validate_on_submit():
        try:
            services.confirm_identity(
                found.person.id, method=form.method.data or "", actor_id=actor().person_id, at=clock.now()
            )
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            flash(_("The identity has been confirmed."), "ok")
            return redirect(url_for(".participants", programme_key=key))
    desk = queries.programme_desk(key)
    page = render_template("learning/programmes/identity.html", form=form, desk=desk, person=found.person)
    return page, 422 if form.errors else 200


@bp.post("/manage/programmes/<programme_key>/participants/<int:person_id>/identity/withdraw")
@requires(policies.SEE_PARTICIPANTS, find=_confirmable)
def withdraw_identity(found: Participant) -> ResponseReturnValue:
    """Take a confirmation back."""
    if not services.withdraw_confirmation(found.person.id, actor_id=actor().person_id, at=clock.now()):
        raise NotFound
    flash(_("The confirmation has been taken back."), "ok")
    return redirect(url_for(".participants", programme_key=found.programme.key))
