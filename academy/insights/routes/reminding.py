"""Reminding one person, or everyone of a scope who is overdue."""

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from academy.accounts.kinds import name_act
from academy.base import clock
from academy.base.errors import NotFound
from academy.base.i18n import _, _l, ngettext
from academy.insights import policies, services
from academy.insights.routes.asking import Asked, asked
from academy.insights.routes.blueprints import bp
from academy.web.access import requires, safe_next
from academy.web.filters import in_digits
from academy.web.identity import actor

name_act(policies.ASSIGN, _l("Training assigned"))
name_act(policies.REMIND, _l("People reminded"))


@bp.post("/team/remind")
@requires(policies.REMIND)
def remind() -> ResponseReturnValue:
    """Remind of one enrolment (`enrolment`), or of all overdue ones of the scope (`overdue`)."""
    ask = asked(actor(), request.form)
    if "overdue" in request.form:
        _say_all(services.remind_overdue(actor(), ask.scope, at=clock.now()))
        return redirect(safe_next(request.form.get("next"), _back(ask)))
    place = _enrolment_id()
    _say_one(services.remind_one(actor(), place, at=clock.now()))
    return redirect(safe_next(request.form.get("next"), _back(ask)) + f"#place-{place}")


def _enrolment_id() -> int:
    typed = request.form.get("enrolment", "")
    if not (typed.isascii() and typed.isdigit() and len(typed) < 16):
        raise NotFound
    return int(typed)


def _back(ask: Asked) -> str:
    return url_for("insights.team", **ask.parts())


def _say_one(done: bool) -> None:
    if done:
        flash(_("The reminder is on its way."), "ok")
    else:
        flash(_("A reminder of this course was sent today already. The next one can be sent tomorrow."), "info")


def _say_all(count: int) -> None:
    if count:
        flash(
            in_digits(ngettext("%(num)s reminder is on its way.", "%(num)s reminders are on their way.", count)), "ok"
        )
    else:
        flash(_("Everyone who is overdue was reminded today already."), "info")
