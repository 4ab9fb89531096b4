"""The address that one signs in with: asking for another, confirming it from its mailbox, stopping it from the former one."""

from flask import flash, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.utils import redirect

from academy.accounts import policies, queries, services
from academy.accounts import queries_of_addresses as addresses
from academy.accounts.forms.own import AddressForm
from academy.accounts.models import Person
from academy.accounts.routes.blueprints import bp
from academy.accounts.routes.signing_in import too_many
from academy.base import clock
from academy.base.db import settle
from academy.base.errors import Conflict, Invalid, Refusal
from academy.base.i18n import _, _l
from academy.web import identity, navigation
from academy.web.access import public, requires
from academy.web.forms import AcademyForm

navigation.enter("own", 15, _l("Sign-in address"), "accounts.address", "mail", policies.OWN_ACCOUNT)


@bp.route("/account/address", methods=["GET", "POST"])
@requires(policies.OWN_ACCOUNT)
def address() -> ResponseReturnValue:
    """Ask to sign in with another address; the present password is asked for."""
    form = AddressForm()
    if form.validate_on_submit():
        try:
            _ask(str(form.email.data), str(form.current.data))
        except services.Throttled as refusal:
            return too_many(refusal.wait)
        except Conflict as refusal:
            flash(refusal.for_reader(), "warn")
            return redirect(url_for("accounts.address"))
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            flash(
                _("We have written to the new address. Nothing changes until you open the link in that letter."), "ok"
            )
            return redirect(url_for("accounts.address"))
    me = _me()
    shown = render_template(
        "accounts/address.html", form=form, email=queries.sign_in_address(me),
        waits=addresses.waiting_change(me.account_id or 0, at=clock.now()),
        written_to=addresses.written_to(me.account_id or 0), section_navigation=navigation.menu("own"),
    )  # fmt: skip
    return shown, 422 if form.errors else 200


@bp.post("/account/address/withdraw")
@requires(policies.OWN_ACCOUNT)
def withdraw_address() -> ResponseReturnValue:
    """Take back the request for another address before it is confirmed."""
    try:
        services.withdraw_address(_me(), at=clock.now())
    except Conflict as refusal:
        flash(refusal.for_reader(), "warn")
    else:
        flash(_("Withdrawn. You go on signing in with the address that you have."), "ok")
    return redirect(url_for("accounts.address"))


def _me() -> Person:
    person = queries.person(identity.actor().person_id)
    assert person is not None
    return person


def _ask(email: str, present: str) -> None:
    """Nothing is locked while the password is compared, and a wrong one stays counted."""
    claim = services.count_try(queries.sign_in_address(_me()), address=request.remote_addr, at=clock.now())
    settle()
    if not services.matches(claim.password_hash, present):
        raise Invalid(_l("This is not your present password."), field="current")
    services.forget_try(claim)
    settle()
    services.ask_address_change(_me(), email, at=clock.now())


@bp.route("/address/confirm/<address_token>", methods=["GET", "POST"])
@public
def confirm_address(address_token: str) -> ResponseReturnValue:
    """Confirm from the new mailbox that one signs in with it from now on."""
    row = addresses.change_to_confirm(address_token, at=clock.now())
    if row is None:
        return _dead()
    form, visitor = AcademyForm(), identity.current_actor()
    if not form.validate_on_submit():
        return render_template("accounts/address_confirm.html", form=form, row=row, token=address_token)
    mine = visitor is not None and visitor.account_id == row.account_id
    try:
        services.confirm_address(
            address_token, at=clock.now(), keep_session=visitor.session_id if visitor and mine else None
        )
    except services.LinkDead:
        return _dead()
    flash(_("You sign in with the new address from now on. All other devices are signed out."), "ok")
    return redirect(url_for("accounts.address" if mine else "accounts.sign_in"))


@bp.route("/address/stop/<stop_token>", methods=["GET", "POST"])
@public
def stop_address(stop_token: str) -> ResponseReturnValue:
    """Stop, from the former mailbox, that somebody signs in with another address; for some days after it was confirmed too."""
    row = addresses.change_to_stop(stop_token, at=clock.now())
    if row is None:
        return _dead()
    form = AcademyForm()
    if not form.validate_on_submit():
        return render_template("accounts/address_stop.html", form=form, row=row, token=stop_token)
    try:
        services.stop_address(stop_token, at=clock.now())
    except services.LinkDead:
        return _dead()
    return redirect(url_for("accounts.address_stopped"))


@bp.get("/address/stopped")
@public
def address_stopped() -> ResponseReturnValue:
    """Say that the former address stays, and lead to a new password."""
    return render_template("accounts/address_stopped.html")


def _dead() -> ResponseReturnValue:
    return render_template("accounts/address_dead.html"), 410
