"""The letters of the academy, for administrators."""

from flask import current_app, flash, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.utils import redirect

from academy.base import clock
from academy.base.errors import Refusal
from academy.base.i18n import _, _l
from academy.notices import kinds, policies, queries, rules, services
from academy.notices.models import Letter
from academy.notices.routes.blueprints import bp
from academy.web import navigation
from academy.web.access import requires
from academy.web.identity import actor
from academy.web.pagination import paginate

navigation.enter("admin", 44, _l("Letters"), "notices.letters", "mail", policies.READ_LETTERS)

STATES = {
    "queued": _l("Waiting"),
    "sent": _l("Sent"),
    "kept": _l("Kept"),
    "failed": _l("Failed"),
    "dropped": _l("Dropped"),
}


@bp.get("/admin/letters")
@requires(policies.READ_LETTERS, auditors=True)
def letters() -> ResponseReturnValue:
    """All letters with what became of them."""
    state = request.args.get("state", "")
    page = paginate(queries.letters(state if state in STATES else ""))
    return render_template(
        "notices/letters.html",
        page=page,
        states=STATES,
        state=state,
        kinds=kinds.KINDS,
        now=clock.now(),
        section_navigation=navigation.menu("admin"),
    )


@bp.get("/admin/letters/<int:letter_id>")
@requires(policies.READ_LETTERS, find=queries.letter)
def letter(letter: Letter) -> ResponseReturnValue:
    """One letter. In production nobody reads letters whose link opens somebody's account."""
    production = current_app.extensions["settings"].mode == "production"
    hidden = production and (letter.kind not in kinds.KINDS or kinds.kind(letter.kind).secret)
    until = queries.held_until(letter)
    return render_template(
        "notices/letter.html", letter=letter, states=STATES, hidden=hidden, section_navigation=navigation.menu("admin"),
        until=until if until and until > clock.now() else None, quiet=rules.is_quiet(letter.created_at, queries.quiet()),
    )  # fmt: skip


@bp.post("/admin/letters/<int:letter_id>/send")
@requires(policies.SEND_LETTER, find=queries.letter)
def send(letter: Letter) -> ResponseReturnValue:
    """Put a failed or kept letter back into the queue."""
    try:
        services.send_again(letter, actor_id=actor().person_id, at=clock.now())
    except Refusal as refusal:
        flash(refusal.for_reader(), "error")
    else:
        flash(_("The letter will be handed in again."), "ok")
    return redirect(url_for("notices.letter", letter_id=letter.id))
