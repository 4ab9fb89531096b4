"""Choosing a password through a link: after forgetting it, or when invited."""

from flask import flash, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.utils import redirect

from academy.accounts import queries, services
from academy.accounts.forms.own import ForgotForm, NewPasswordForm
from academy.accounts.models import Person
from academy.accounts.routes.blueprints import bp
from academy.accounts.routes.signing_in import carry, too_many
from academy.base import clock
from academy.base.errors import Refusal
from academy.base.i18n import _
from academy.web.access import public


@bp.route("/password/forgot", methods=["GET", "POST"])
@public
def forgot() -> ResponseReturnValue:
    """Ask for a link. The answer is the same for every address."""
    form = ForgotForm()
    if form.validate_on_submit():
        try:
            services.ask_reset(str(form.email.data), address=request.remote_addr, at=clock.now())
        except services.Throttled as refusal:
            return too_many(refusal.wait)
        return redirect(url_for("accounts.forgot", sent=1))
    if request.method == "GET" and request.args.get("sent"):
        return render_template("accounts/forgot_sent.html")
    return render_template("accounts/forgot.html", form=form), 422 if form.errors else 200


@bp.route("/password/reset/<token>", methods=["GET", "POST"])
@public
def reset(token: str) -> ResponseReturnValue:
    """Choose a new password through the link of a letter."""
    person = queries.person_of_link(token, services.RESET, at=clock.now())
    form = NewPasswordForm()
    if person is None:
        return _dead(invitation=False)
    if form.validate_on_submit():
        try:
            services.reset_password(token, str(form.password.data), at=clock.now())
        except services.LinkDead:
            return _dead(invitation=False)
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            flash(_("Your new password is set. Sign in with it."), "ok")
            return redirect(url_for("accounts.sign_in"))
    return _choose("accounts/reset.html", form, person, token)


@bp.route("/invitation/<token>", methods=["GET", "POST"])
@public
def accept(token: str) -> ResponseReturnValue:
    """Accept an invitation: choose a password and be inside."""
    person = queries.person_of_link(token, services.INVITATION, at=clock.now())
    form = NewPasswordForm()
    if person is None:
        return _dead(invitation=True)
    if form.validate_on_submit():
        try:
            entered = services.accept_invitation(token, str(form.password.data), at=clock.now())
        except services.LinkDead:
            return _dead(invitation=True)
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            browser = request.user_agent.string
            carry(services.start_session(entered.id, at=clock.now(), address=request.remote_addr, browser=browser))
            flash(_("Welcome to the academy."), "ok")
            return redirect(url_for("home.start"))
    return _choose("accounts/accept.html", form, person, token)


def _choose(template: str, form: NewPasswordForm, person: Person, token: str) -> ResponseReturnValue:
    shown = render_template(template, form=form, person=person, token=token, least=services.SHORTEST)
    return shown, 422 if form.errors else 200


def _dead(*, invitation: bool) -> ResponseReturnValue:
    return render_template("accounts/link_dead.html", invitation=invitation), 410
