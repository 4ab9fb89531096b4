"""The register's answer to a file: whether it is what was issued, and what was issued. Anyone may ask."""

from flask.sansio.blueprints import BlueprintSetupState
from flask.typing import ResponseReturnValue

from academy.base import clock
from academy.base.i18n import _
from academy.base.noting import digest_of
from academy.credentials import queries_of_files as queries
from academy.credentials import queries_of_transcripts as transcripts
from academy.credentials.badges import reading
from academy.credentials.forms import FileForm
from academy.credentials.kinds import PAPERS
from academy.credentials.routes import register
from academy.credentials.routes.blueprints import bp
from academy.credentials.routes.transcripts import transcript_page
from academy.web.access import public


@bp.post("/verify/file")
@public
def verify_file() -> ResponseReturnValue:
    """Look into a file. One that is broken, foreign or about no certificate of ours gets one and the same answer."""
    form = FileForm(meta={"csrf": False})  # nothing changes, and a machine has no token to send
    if register.missed_too_often():
        return register.too_many("")
    if not form.validate_on_submit():
        return register.form_again(form)
    answer = _answer(form.bytes)
    if answer is not None:
        return answer
    register.note_miss()
    trouble = _("No certificate of this academy was found in the file. Try its number instead.")
    return register.refused("", 404, _("No certificate in this file"), trouble)


def _answer(data: bytes) -> ResponseReturnValue | None:
    """Look first for a paper that was given out with these very bytes, then for what the file claims to be."""
    transcript = transcripts.transcript_in(data)
    if transcript is not None:
        return transcript_page(transcript, verdict="genuine")
    digest = digest_of(data)
    for paper in PAPERS.values():
        number = paper.known(digest)
        if number is not None:
            return paper.answer(number, "genuine")  # type: ignore[no-any-return]
    judged = queries.judge(data)
    if judged is not None:
        verdict = "repainted" if judged.repainted else "genuine" if judged.genuine else "altered"
        return register.entry_page(judged.entry, clock.today(), verdict)
    return _altered(*(reading.other_paper(data) or ("", "")))


def _altered(folder: str, number: str) -> ResponseReturnValue | None:
    """Answer a file that was never given out and names another paper of ours."""
    if folder == "transcript":
        transcript = transcripts.transcript(number)
        return transcript_page(transcript, verdict="altered") if transcript else None
    paper = PAPERS.get(folder)
    return paper.answer(number, "altered") if paper and paper.find(number) else None


@bp.record_once
def _let_machines_ask(state: BlueprintSetupState) -> None:
    state.app.extensions["csrf"].exempt(f"{verify_file.__module__}.{verify_file.__name__}")
