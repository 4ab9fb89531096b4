"""Choosing a new password through a link, after forgetting the old one."""

from flask import flash, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.utils import redirect

from academy.accounts import services
from academy.accounts.forms.own import ForgotForm, NewPasswordForm
from academy.accounts.queries_of_memberships import account_of_link, person_to_write_to
from academy.accounts.routes.blueprints import bp
from academy.accounts.routes.signing_in import too_many
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
    account = account_of_link(token, at=clock.now())
    form = NewPasswordForm()
    person = person_to_write_to(account) if account else None
    if account is None or person is None:
        return _dead()
    if form.validate_on_submit():
        try:
            services.reset_password(token, str(form.password.data), at=clock.now())
        except services.LinkDead:
            return _dead()
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            flash(_("Your new password is set. Sign in with it."), "ok")
            return redirect(url_for("accounts.sign_in"))
    shown = render_template(
        "accounts/reset.html", form=form, person=person, email=account.email, token=token, least=services.SHORTEST
    )
    return shown, 422 if form.errors else 200


def _dead() -> ResponseReturnValue:
    return render_template("accounts/link_dead.html", invitation=False), 410
