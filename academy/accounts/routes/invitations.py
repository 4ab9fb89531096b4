"""Accepting an invitation, with a new password or with the one somebody has already, and declining it."""

from flask import flash, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.utils import redirect

from academy.accounts import queries, services
from academy.accounts.forms.own import JoinForm, NewPasswordForm
from academy.accounts.models import Account, Person
from academy.accounts.queries_of_memberships import account_of
from academy.accounts.routes.blueprints import bp
from academy.accounts.routes.signing_in import carry, too_many
from academy.base import clock
from academy.base.db import settle
from academy.base.errors import Invalid, Refusal
from academy.base.i18n import _, _l
from academy.web import identity
from academy.web.access import public
from academy.web.forms import AcademyForm

WRONG = _l("This is not the password of your account.")


@bp.route("/invitation/<token>", methods=["GET", "POST"])
@public
def accept(token: str) -> ResponseReturnValue:
    """Accept an invitation and be inside: choose a password, or prove to be whom the academy knows with that address."""
    person = queries.person_of_invitation(token, at=clock.now())
    if person is None:
        return _dead()
    account = account_of(person.email)
    form = _form(account)
    if form.validate_on_submit():
        try:
            entered = _entered(token, form, account)
        except services.LinkDead:
            return _dead()
        except services.Throttled as refusal:
            return too_many(refusal.wait)
        except services.HasAccount:
            return redirect(url_for("accounts.accept", token=token))
        except Refusal as refusal:
            _refuse(form, refusal)
        else:
            return _inside(entered, joined=account is not None)
    return _ask(form, person, account, token)


def _is_me(account: Account) -> bool:
    visitor = identity.current_actor()
    return visitor is not None and visitor.account_id == account.id


def _form(account: Account | None) -> AcademyForm:
    """The form that this visitor has to send: a new password, the one they have, or nothing when they are signed in."""
    if account is None:
        return NewPasswordForm()
    return AcademyForm() if _is_me(account) else JoinForm()


def _entered(token: str, form: AcademyForm, account: Account | None) -> Person:
    """Use the invitation up. Nothing is locked while a password is compared, and the try stays counted."""
    if account is None:
        return services.accept_invitation(token, str(form["password"].data), at=clock.now())
    if not _is_me(account):
        claim = services.count_try(account.email, address=request.remote_addr, at=clock.now(), joining=True)
        settle()
        password = str(form["password"].data)
        proven = services.prove(claim, password) if services.matches(claim.password_hash, password) else None
        if proven is None:
            raise Invalid(WRONG, field="password")
    return services.join(token, account, at=clock.now())


def _refuse(form: AcademyForm, refusal: Refusal) -> None:
    """Say why not: at the password, or above the page for who is asked for none."""
    if "password" in form:
        form.refuse(refusal)
    else:
        flash(refusal.for_reader(), "bad")


def _inside(person: Person, *, joined: bool) -> ResponseReturnValue:
    browser = request.user_agent.string
    carry(services.start_session(person.id, at=clock.now(), address=request.remote_addr, browser=browser))
    if joined:
        flash(_("You belong to one more organisation, and are in it now."), "ok")
    else:
        flash(_("Welcome to the academy."), "ok")
    return redirect(url_for("home.start"))


def _ask(form: AcademyForm, person: Person, account: Account | None, token: str) -> ResponseReturnValue:
    template = "accounts/accept.html" if account is None else "accounts/join.html"
    shown = render_template(
        template, form=form, person=person, token=token, least=services.SHORTEST,
        signed_in=account is not None and _is_me(account),
    )  # fmt: skip
    return shown, 422 if form.errors else 200


@bp.post("/invitation/<token>/decline")
@public
def decline(token: str) -> ResponseReturnValue:
    """Say no to an invitation. The link works no longer, and nobody is signed in or out."""
    try:
        services.decline_invitation(token, at=clock.now())
    except services.LinkDead:
        return _dead()
    return redirect(url_for("accounts.declined"))


@bp.get("/invitation/declined")
@public
def declined() -> ResponseReturnValue:
    """Say that the invitation was declined."""
    return render_template("accounts/declined.html")


def _dead() -> ResponseReturnValue:
    return render_template("accounts/link_dead.html", invitation=True), 410
