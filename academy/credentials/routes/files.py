"""The register's answer to a file: whether it is what was issued, and what was issued. Anyone may ask."""

from flask import Response, render_template
from flask.typing import ResponseReturnValue

from academy.base import clock
from academy.base.i18n import _
from academy.credentials import queries_of_files as queries
from academy.credentials import queries_of_transcripts as transcripts
from academy.credentials.forms import FileForm
from academy.credentials.kinds import REVOCATIONS
from academy.credentials.routes import register
from academy.credentials.routes.blueprints import bp
from academy.credentials.routes.transcripts import transcript_page
from academy.web.access import public


@bp.post("/verify/file")
@public
def verify_file() -> ResponseReturnValue:
    """Look into a file. One that is broken, foreign or about no certificate of ours gets one and the same answer."""
    form = FileForm()
    if register.missed_too_often():
        return register.too_many("")
    if not form.validate_on_submit():
        return register.form_again(form)
    transcript = transcripts.transcript_in(form.bytes)
    if transcript is not None:
        return transcript_page(transcript, verdict="genuine")
    judged = queries.judge(form.bytes)
    if judged is None:
        register.note_miss()
        trouble = _("No certificate of this academy was found in the file. Try its number instead.")
        return register.refused("", 404, _("No such certificate"), trouble)
    return _verdict(judged)


def _verdict(judged: queries.Judged) -> Response:
    entry, today = judged.entry, clock.today()
    return register.unlisted(
        render_template(
            "credentials/verified.html", entry=entry, state=entry.state_on(today).value, today=today,
            because=REVOCATIONS.get(entry.revoked_class or ""), verdict="genuine" if judged.genuine else "altered",
        )
    )  # fmt: skip
