"""Files as answers: taken with the page they were chosen on, given back as downloads.

Sound and video are played in place; nothing else is ever shown there.
"""

from datetime import datetime

from flask import Response, request, send_file

from academy.assessment import queries_of_files, services
from academy.assessment.models import Attempt
from academy.assessment.policies_of_marking import FETCH_FILE
from academy.assessment.queries_of_files import AnswerFile
from academy.assessment.routes.blueprints import bp
from academy.assessment.routes.messages import LARGEST
from academy.base.errors import Invalid
from academy.base.i18n import _
from academy.web.access import requires
from academy.web.files import contents
from academy.web.identity import actor

FIELD_END = "-file"
MOST_AT_ONCE = 5
PLAYED = ("audio/", "video/")
DOWNLOAD = "application/octet-stream"


def take_files(held: Attempt, go: str, at: datetime) -> dict[int, str]:
    """Keep the files that came with a page, drop the one whose button was pressed; return what was refused by position."""
    refused: dict[int, str] = {}
    act, _colon, rest = go.partition(":")
    if act == "drop":
        place, _colon, number = rest.partition(":")
        services.remove_file(held, _number(place), _number(number), at=at)
    for name in list(request.files):
        position = _number(name.removeprefix("a").removesuffix(FIELD_END))
        if name == f"a{position}{FIELD_END}":
            for upload in request.files.getlist(name)[:MOST_AT_ONCE]:
                if upload.filename:
                    _take(held, position, upload.filename, upload.read(), at, refused)
    return refused


def _take(held: Attempt, position: int, name: str, data: bytes, at: datetime, refused: dict[int, str]) -> None:
    try:
        services.add_file(held, position, data, name, at=at)
    except Invalid as refusal:
        refused[position] = _("%(name)s: %(problem)s", name=name, problem=refusal.for_reader())


def _number(typed: str) -> int:
    return int(typed) if typed.isascii() and typed.isdigit() and int(typed or 0) <= LARGEST else 0


@bp.get("/answers/<int:item_id>/files/<int:number>")
@requires(FETCH_FILE, find=queries_of_files.answer_file)
def answer_file(found: AnswerFile) -> Response:
    """Give a file of an answer to its learner, its markers and those who look after the course.

    A recording is played from here, in parts where the browser asks for parts; `?download=1` gives it as a download too.
    """
    own = found.learner_id == actor().person_id
    name = found.name if own or not found.hides_names else f"answer-{found.item_id}-{found.number}.{found.kind}"
    plays = found.stored.media_type.startswith(PLAYED) and "download" not in request.args
    response = send_file(
        contents(found.stored),
        mimetype=found.stored.media_type if plays else DOWNLOAD,
        as_attachment=not plays,
        download_name=name,
        etag=found.stored.sha256,
        conditional=True,
    )
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response.headers["Cache-Control"] = "private, no-store"
    return response
