"""Which letters a person wants: on a page of their account, and with one press from any letter."""

from flask import abort, flash, render_template, url_for
from flask.blueprints import BlueprintSetupState
from flask.typing import ResponseReturnValue
from werkzeug.utils import redirect

from academy.accounts import queries as accounts
from academy.base import clock
from academy.base.i18n import _, _l
from academy.notices import kinds, kinds_of_circles, policies, queries, services
from academy.notices.forms import choices_form, of_circle
from academy.notices.routes.blueprints import bp
from academy.web import navigation
from academy.web.access import public, requires
from academy.web.identity import actor

navigation.enter("own", 40, _l("Letters"), "notices.choices", "mail", policies.CHOOSE_LETTERS)


@bp.route("/account/notices", methods=["GET", "POST"])
@requires(policies.CHOOSE_LETTERS)
def choices() -> ResponseReturnValue:
    """How often the visitor wants letters of each kind."""
    me = actor().person_id
    present = queries.choices(me)
    told = queries.kinds_told(me) | {kind for kind, rhythm in present.items() if rhythm != kinds.NOW}
    offered = kinds_of_circles.reaching(actor(), kinds.choosable(), told)
    circles = kinds_of_circles.grouped(offered)
    form = choices_form(circles, present)
    if form.validate_on_submit():
        services.choose(me, form.rhythms(circles, present), at=clock.now())
        flash(_("Saved."), "ok")
        return redirect(url_for("notices.choices"))
    shown = render_template(
        "notices/choices.html",
        form=form,
        groups=[
            (circle, form[of_circle(circle)], [form[kind.name] for kind in members]) for circle, members in circles
        ],
        always=kinds_of_circles.reaching(actor(), kinds.always_sent(), told),
        section_navigation=navigation.menu("own"),
    )
    return shown, 422 if form.errors else 200


@bp.get("/letters/stop/<token>")
@public
def ask_to_stop(token: str) -> ResponseReturnValue:
    """Ask whether letters of a kind shall stop. Opening the page changes nothing: programs that scan letters open links too."""
    _person_id, kind = _read(token)
    return render_template("notices/stop.html", kind=kind, token=token, stopped=False)


@bp.post("/letters/stop/<token>")
@public
def stop(token: str) -> ResponseReturnValue:
    """Stop letters of a kind: from the page, or by a mail program (RFC 8058), which has neither cookie nor form token."""
    person_id, kind = _read(token)
    services.stop(person_id, kind.name, at=clock.now())
    return render_template("notices/stop.html", kind=kind, token=token, stopped=True)


def _read(token: str) -> tuple[int, kinds.Kind]:
    found = services.read_stop_token(token)
    if found is None or found[1] not in kinds.KINDS or accounts.person(found[0]) is None:
        abort(404)
    kind = kinds.kind(found[1])
    if kind.needed:
        abort(404)
    return found[0], kind


@bp.record_once
def _without_form_token(state: BlueprintSetupState) -> None:
    """The signed address is the proof; a mail program that stops letters cannot know a form's token."""
    state.app.extensions["csrf"].exempt(f"{stop.__module__}.{stop.__name__}")
