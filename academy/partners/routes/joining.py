"""Asking to join a partner on its own sign-in page: the request, and the link that confirms the address."""

from datetime import timedelta

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from academy.accounts.kinds import door_of
from academy.accounts.models import Organisation
from academy.accounts.services import Throttled
from academy.base import clock
from academy.base.errors import NotFound, Refusal
from academy.base.i18n import _, current_language, ngettext
from academy.partners import queries, services
from academy.partners import queries_of_joining as joining
from academy.partners.forms_of_joining import AskForm
from academy.partners.models import SelfRegistration
from academy.partners.routes.blueprints import bp
from academy.partners.rules_of_joining import CONFIRM_LIVES
from academy.web.access import public
from academy.web.filters import in_digits, plain
from academy.web.forms import AcademyForm


def _open(organisation_key: str) -> tuple[Organisation, SelfRegistration]:
    """Return the partner and its terms; whatever is not open is not there."""
    found = joining.open_registration(organisation_key, clock.today())
    if found is None:
        raise NotFound
    return found


@bp.route("/sign-in/<organisation_key>/join", methods=["GET", "POST"])
@public
def ask(organisation_key: str) -> ResponseReturnValue:
    """Ask for an account with a partner. The answer is the same for every address, and for programs."""
    partner, terms = _open(organisation_key)
    form = AskForm()
    form.offer([(key, plain(name)) for key, name in queries.units(partner.id)], _("I do not know"))
    if form.validate_on_submit():
        try:
            _ask(partner, form)
        except Throttled as refusal:
            return _too_many(refusal.wait)
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            return redirect(url_for(".asked", organisation_key=organisation_key))
    shown = render_template(
        "partners/join/ask.html", form=form, partner=partner, terms=terms, door=door_of(organisation_key)
    )
    return shown, 422 if form.errors else 200


def _ask(partner: Organisation, form: AskForm) -> None:
    if form.website.data:
        return
    services.ask_to_join(
        partner, email=form.email.data or "", name=form.name.text, org_unit_id=form.unit_id,
        statement=form.statement.data or "", language=current_language(), network=request.remote_addr, at=clock.now(),
    )  # fmt: skip


def _too_many(wait: timedelta) -> ResponseReturnValue:
    """Say how long the next request has to wait."""
    minutes = max(1, -(-int(wait.total_seconds()) // 60))
    said = ngettext(
        "Please wait %(num)d minute.",
        "Please wait %(num)d minutes.",
        minutes,
    )
    shown = render_template("accounts/too_many.html", message=in_digits(said))
    return shown, 429, {"Retry-After": str(minutes * 60)}


@bp.get("/sign-in/<organisation_key>/join/sent")
@public
def asked(organisation_key: str) -> ResponseReturnValue:
    """Say that a letter is on its way."""
    partner, _terms = _open(organisation_key)
    return render_template("partners/join/asked.html", partner=partner, door=door_of(organisation_key))


@bp.route("/sign-in/<organisation_key>/join/<token>", methods=["GET", "POST"])
@public
def confirm_request(organisation_key: str, token: str) -> ResponseReturnValue:
    """Confirm an address by a press: programs that only look into letters confirm nothing."""
    door = door_of(organisation_key)
    found = queries.look_of(organisation_key)
    row = joining.unconfirmed(token, organisation_id=found.id, after=clock.now() - CONFIRM_LIVES) if found else None
    if row is None or door is None:
        return render_template("partners/join/dead.html", door=door), 410
    form = AcademyForm()
    if form.validate_on_submit():
        services.confirm_request(row, at=clock.now())
        return redirect(url_for(".confirmed", organisation_key=organisation_key))
    return render_template("partners/join/confirm.html", form=form, row=row, door=door, token=token)


@bp.get("/sign-in/<organisation_key>/join/confirmed")
@public
def confirmed(organisation_key: str) -> ResponseReturnValue:
    """Say that the request waits for a decision."""
    door = door_of(organisation_key)
    if door is None:
        raise NotFound
    return render_template("partners/join/confirmed.html", door=door)
