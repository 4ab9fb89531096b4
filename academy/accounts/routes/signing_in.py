"""Entering and leaving the academy, and the language of its pages."""

from datetime import timedelta

from flask import Response, current_app, flash, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.utils import redirect

from academy.accounts import queries, services
from academy.accounts.forms.own import SignInForm
from academy.accounts.kinds import door_of
from academy.accounts.routes.blueprints import bp
from academy.base import clock
from academy.base.db import settle
from academy.base.errors import Invalid
from academy.base.i18n import LANGUAGES, _, _l, ngettext
from academy.web import filters, identity
from academy.web.access import public, safe_next

WRONG = _l("The e-mail or the password is not right.")
YEAR = 365 * 24 * 3600


@bp.route("/sign-in", methods=["GET", "POST"])
@bp.route("/sign-in/<organisation_key>", methods=["GET", "POST"], endpoint="door")
@public
def sign_in(organisation_key: str = "") -> ResponseReturnValue:
    """Sign in with e-mail and password, then go on to where the visitor wanted to be.

    Under the key of a partner the page has the partner's look; it lets in whoever the plain page lets in. Any other key is the plain page.
    """
    # Before the form, whose token lies in the session.
    if request.method == "GET" and identity.drop_ended():
        flash(_("Your session has ended. Sign in again."), "info")
    door = door_of(organisation_key)
    form = SignInForm(next=request.args.get("next", ""))
    onward = safe_next(form.next.data, url_for("home.start"))
    if request.method == "GET" and identity.current_actor():
        return redirect(onward)
    if form.validate_on_submit():
        try:
            if enter(str(form.email.data), str(form.password.data)):
                return redirect(onward)
        except services.Throttled as refusal:
            return too_many(refusal.wait, may_reset=True)
        form.refuse(Invalid(WRONG, field="password"))
    return render_template("accounts/sign_in.html", form=form, door=door), 422 if form.errors else 200


@bp.get("/sign-in/<organisation_key>/theme.css")
@public
def door_theme(organisation_key: str) -> ResponseReturnValue:
    """The colour of a partner's sign-in page as a stylesheet; empty for any other key."""
    door = door_of(organisation_key)
    body = f":root[data-colour] {{ --brand: {door.colour}; }}\n" if door and door.colour else ""
    response = Response(body, content_type="text/css; charset=utf-8")
    response.headers["Cache-Control"] = "public, max-age=3600"
    return response


def enter(email: str, password: str) -> bool:
    """Try to sign this browser in. Nothing is locked while the password is compared, and the try stays counted."""
    claim = services.count_try(email, address=request.remote_addr, at=clock.now())
    settle()
    if not services.matches(claim.password_hash, password):
        return False
    token = services.enter(claim, password, at=clock.now(), browser=request.user_agent.string)
    return token is not None and carry(token)


def carry(token: str) -> bool:
    """Let this browser carry a session that was just started."""
    actor = identity.sources.actor_of(token)
    if actor is None:
        return False
    if before := identity.current_actor():
        services.end_session(before.session_id, person_id=before.person_id, at=clock.now())
    identity.sign_in(token, actor)
    return True


def too_many(wait: timedelta, *, may_reset: bool = False) -> ResponseReturnValue:
    """Say how long the next try has to wait; after wrong passwords, that a new one can be chosen at once."""
    minutes = max(1, -(-int(wait.total_seconds()) // 60))
    said = ngettext(
        "Please wait %(num)d minute.",
        "Please wait %(num)d minutes.",
        minutes,
    )
    shown = render_template("accounts/too_many.html", message=filters.in_digits(said), may_reset=may_reset)
    return shown, 429, {"Retry-After": str(minutes * 60)}


@bp.post("/sign-out")
@public
def sign_out() -> ResponseReturnValue:
    """End this browser's session, and clear what our pages kept in it."""
    if visitor := identity.current_actor():
        services.end_session(visitor.session_id, person_id=visitor.person_id, at=clock.now())
    identity.sign_out()
    answer = redirect(url_for("home.start"))
    answer.headers["Clear-Site-Data"] = '"storage"'
    return answer


@bp.post("/language")
@public
def switch_language() -> ResponseReturnValue:
    """Change the language of the pages: for this browser, and for good when somebody is signed in."""
    answer = redirect(safe_next(request.form.get("next"), url_for("home.start")))
    chosen = request.form.get("language", "")
    if chosen not in LANGUAGES:
        return answer
    remember_language(answer, chosen)
    visitor = identity.current_actor()
    if visitor and (person := queries.person(visitor.person_id)):
        services.set_language(person, chosen)
    return answer


def remember_language(answer: object, language: str) -> None:
    """Keep the language in this browser too, so that the sign-in page speaks it next time."""
    secure = current_app.extensions["settings"].secure
    answer.set_cookie(identity.LANGUAGE_COOKIE, language, max_age=YEAR, secure=secure, httponly=True, samesite="Lax")  # type: ignore[attr-defined]
