"""What somebody does with a conversation of theirs: muting, blocking, reporting a message."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from academy.base import clock
from academy.base.errors import Refusal
from academy.base.i18n import _
from academy.messages import policies, queries, services
from academy.messages.forms import ReportForm
from academy.messages.queries import Own, Received
from academy.messages.queries_of_pairs import judged
from academy.messages.routes.blueprints import bp
from academy.messages.routes.conversations import own
from academy.web.access import requires
from academy.web.identity import actor


@bp.post("/messages/<int:conversation_id>/mute")
@requires(policies.READ, find=own)
def mute(item: Own) -> ResponseReturnValue:
    """Mute a conversation, or let it tell again."""
    muted = request.form.get("muted") == "yes"
    services.mute(item.conversation_id, item.person_id, muted=muted)
    flash(
        _("You are told nothing more about this conversation.") if muted else _("You are told of new messages again."),
        "ok",
    )
    return redirect(url_for(".conversation", conversation_id=item.conversation_id))


@bp.post("/messages/<int:conversation_id>/block")
@requires(policies.READ, find=own)
def block(item: Own) -> ResponseReturnValue:
    """Take no more messages from a colleague, or take them again."""
    if request.form.get("blocked") != "yes":
        services.unblock(item.person_id, item.other_id)
        flash(_("You take messages from this person again."), "ok")
        return redirect(url_for(".conversation", conversation_id=item.conversation_id))
    verdict = judged(item.person_id, item.other_id, today=clock.today())
    try:
        services.block(item.person_id, item.other_id, verdict, at=clock.now())
    except Refusal as refusal:
        flash(refusal.for_reader(), "error")
    else:
        flash(_("You take no more messages from this person."), "ok")
    return redirect(url_for(".conversation", conversation_id=item.conversation_id))


@bp.route("/messages/received/<int:message_id>/report", methods=["GET", "POST"])
@requires(policies.REPORT, find=queries.received)
def report(found: Received) -> ResponseReturnValue:
    """Report a message that the visitor received."""
    form = ReportForm()
    back = url_for(".conversation", conversation_id=found.message.conversation_id)
    if form.validate_on_submit():
        try:
            services.report(
                found, actor().person_id, reason=form.reason.data, note=form.note.data or "", at=clock.now()
            )
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            flash(_("The message is reported. You are told what is decided."), "ok")
            return redirect(back)
    return render_template("messages/report.html", found=found, form=form, back=back), 422 if form.errors else 200
