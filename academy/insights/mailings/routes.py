"""The pages of targeted letters: the list, writing one, looking at whom it reaches, sending, stopping, what became of it."""

from collections.abc import Callable, Sequence
from typing import Any

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from academy.accounts.kinds import name_act
from academy.base import clock
from academy.base.db import db
from academy.base.errors import Conflict, Invalid, Refusal
from academy.base.i18n import _, _l
from academy.catalogue.models import Course
from academy.catalogue.queries import titles
from academy.insights.mailings import policies, queries, services
from academy.insights.mailings.forms import WHOM, MailingForm
from academy.insights.mailings.models import Mailing
from academy.web import navigation
from academy.web.access import requires
from academy.web.filters import plain
from academy.web.identity import actor
from academy.web.pagination import paginate

bp = Blueprint("mailings", __name__)
MOST_NAMED = 20
STATES: dict[str, tuple[object, str, str]] = {
    "draft": (_l("Draft"), "sand", "pencil"),
    "sending": (_l("Being sent"), "info", "send"),
    "waits": (_l("Waits to be sent"), "info", "clock"),
    "stopped": (_l("Stopped"), "warn", "x"),
    "finished": (_l("Sent"), "ok", "check"),
}
RESULTS = {
    "waiting": _l("Not yet their turn"),
    "queued": _l("Letter about to be sent"),
    "sent": _l("Letter sent"),
    "kept": _l("Letter kept, as no mail server is set"),
    "failed": _l("Sending failed"),
    "dropped": _l("Letter stopped before it was sent"),
    "notice": _l("Notice on their page, letter in a digest"),
    "opted_out": _l("Notice alone, as they want no such letters"),
    "no_address": _l("Notice alone, as they have no address"),
    "left": _l("Left out, as they stood there no longer"),
    "stopped": _l("Not sent, as it was stopped"),
}
name_act("insights:mailing:send", _l("Targeted letter sent"))
name_act("insights:mailing:stop", _l("Targeted letter stopped"))
navigation.enter("user", 22, _l("Targeted letters"), "mailings.mailings", "mail", policies.WRITE_MAILING)


@bp.get("/mailings")
@requires(policies.WRITE_MAILING)
def mailings() -> ResponseReturnValue:
    """List the visitor's own targeted letters."""
    page = paginate(queries.mailings_of(actor()))
    return render_template("insights/mailings/list.html", page=page, states=STATES, whom=WHOM)


@bp.route("/mailings/new", methods=["GET", "POST"])
@requires(policies.WRITE_MAILING)
def new_mailing() -> ResponseReturnValue:
    """Write a targeted letter; it is sent from its own page, once its readers were looked at."""
    form = MailingForm()
    _offer(form)
    if form.validate_on_submit():
        try:
            row = services.write(actor(), form.asked(), title=form.title.text, text=form.text.text, at=clock.now())
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            return redirect(url_for(".mailing", mailing_id=row.id))
    return render_template("insights/mailings/new.html", form=form, row=None), 422 if form.errors else 200


def _offer(form: MailingForm) -> None:
    form.course.choices = [(key, plain(title)) for key, title in queries.courses_to_write_about(actor())]


@bp.route("/mailings/<int:mailing_id>/edit", methods=["GET", "POST"])
@requires(policies.KEEP_MAILING, find=queries.mailing)
def edit_mailing(row: Mailing) -> ResponseReturnValue:
    """Change a draft; what is being sent, or was, is not changed any more."""
    if not queries.is_draft(row):
        flash(_("This letter is being sent already."), "warn")
        return redirect(url_for(".mailing", mailing_id=row.id))
    form = MailingForm.of(row)
    _offer(form)
    if form.validate_on_submit():
        try:
            services.rewrite(row, form.asked(), title=form.title.text, text=form.text.text)
        except Invalid as refusal:
            form.refuse(refusal)
        except Conflict as refusal:
            flash(refusal.for_reader(), "warn")
            return redirect(url_for(".mailing", mailing_id=row.id))
        else:
            flash(_("Saved."), "ok")
            return redirect(url_for(".mailing", mailing_id=row.id))
    return render_template("insights/mailings/new.html", form=form, row=row), 422 if form.errors else 200


@bp.post("/mailings/<int:mailing_id>/delete")
@requires(policies.KEEP_MAILING, find=queries.mailing)
def delete_mailing(row: Mailing) -> ResponseReturnValue:
    """Throw a draft away."""
    try:
        services.delete(row)
    except Conflict as refusal:
        flash(refusal.for_reader(), "warn")
        return redirect(url_for(".mailing", mailing_id=row.id))
    flash(_("The draft has been deleted."), "ok")
    return redirect(url_for(".mailings"))


@bp.get("/mailings/<int:mailing_id>")
@requires(policies.KEEP_MAILING, find=queries.mailing)
def mailing(row: Mailing) -> ResponseReturnValue:
    """A draft with whom it reaches now, or what became of a letter that was sent."""
    reach, found, until = 0, {}, None
    people: Sequence[Any] = ()
    if queries.is_draft(row):
        course = db.session.get_one(Course, row.course_id)
        mine, at = queries.reach(actor(), course), clock.now()
        reach, people = queries.preview(services.whom_of(row), mine, at=at, most=MOST_NAMED)
    else:
        found = queries.results(row.id)
        until = queries.first_letter(row.id) if found.get("queued") else None
    return render_template(
        "insights/mailings/mailing.html",
        row=row,
        course=titles([row.course_id]).get(row.course_id),
        people=people,
        reach=reach,
        found=found,
        until=until if until and until > clock.now() else None,
        labels=RESULTS,
        states=STATES,
        whom=WHOM,
    )


@bp.post("/mailings/<int:mailing_id>/send")
@requires(policies.KEEP_MAILING, find=queries.mailing)
def send_mailing(row: Mailing) -> ResponseReturnValue:
    """Begin to send."""
    return _done(services.send, row, _("The letter is being sent. This page tells how far it is."))


@bp.post("/mailings/<int:mailing_id>/stop")
@requires(policies.KEEP_MAILING, find=queries.mailing)
def stop_mailing(row: Mailing) -> ResponseReturnValue:
    """Stop sending."""
    return _done(services.stop, row, _("Sending is stopped. What was sent stays with its readers."))


def _done(act: Callable[..., object], row: Mailing, said: str) -> ResponseReturnValue:
    """Do something with a letter and go back to it, with what was done or why not."""
    try:
        act(actor(), row, at=clock.now())
    except Conflict as refusal:
        flash(refusal.for_reader(), "warn")
    else:
        flash(said, "ok")
    return redirect(url_for(".mailing", mailing_id=row.id))
