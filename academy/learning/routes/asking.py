"""Sending what a learner asks for, on every page that asks."""

from collections.abc import Callable

from flask import flash, redirect
from flask.typing import ResponseReturnValue

from academy.base.errors import Conflict, Refusal
from academy.base.i18n import _
from academy.web.forms import AcademyForm


def send_request(form: AcademyForm, send: Callable[[], object], back: str) -> ResponseReturnValue | None:
    """Send a filled form's request and lead back; None where the form is to be shown, with what is wrong with it."""
    if not form.validate_on_submit():
        return None
    try:
        send()
    except Conflict as refusal:
        flash(refusal.for_reader(), "warn")
    except Refusal as refusal:
        form.refuse(refusal)
        return None
    else:
        flash(_("Your request is on its way. You will be told of the decision."), "ok")
    return redirect(back)
