"""Files as answers: checked, stored under our own names, kept with a receipt like every other answer."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import select

from academy.assessment.models import Attempt, AttemptItem, QuestionVersion
from academy.assessment.services.saving import keep_response, refuse_closed
from academy.assessment.types.written import RECORDED, extensions
from academy.base import storage
from academy.base.db import db
from academy.base.errors import Invalid, NotFound
from academy.base.i18n import _l
from academy.base.text import without_controls

FILE = "file"
LONGEST_NAME = 200
NOBODY = "nobody"


def add_file(attempt: Attempt, position: int, data: bytes, name: str, *, at: datetime) -> int:
    """Store one more file of an answer and keep the answer; return the receipt's number. `attempt` is held.

    Raises Invalid when the question takes no such file, AlreadySubmitted or TimeIsOver when no answer is taken.
    """
    refuse_closed(attempt, at)
    item_id, content, files = _files_of(attempt.id, position)
    if len(files) >= content["most"]:
        raise Invalid(_l("The question takes at most %(most)s files. Remove one first."), most=content["most"])
    upload = storage.check(data, name, most=content["megabytes"] * 1_000_000, recordings=True)
    accepted = extensions(content)
    if upload.extension not in accepted:
        raise Invalid(_l("The question does not take files of this kind, but: %(kinds)s."), kinds=", ".join(accepted))
    media = upload.media_type.partition("/")[0]
    if media == "video" and "video" not in content["kinds"]:
        raise Invalid(_l("The question takes sound only, and this file holds a video."))
    row = storage.keep(upload, at=at, by=attempt.learner_id, audience=NOBODY)
    entry = {"id": row.id, "name": _as_typed(name) or upload.name, "size": row.size, "kind": upload.extension}
    if media in RECORDED:
        entry["media"] = media
    return keep_response(attempt, item_id, {"files": [*files, entry]}, at=at)


def remove_file(attempt: Attempt, position: int, number: int, *, at: datetime) -> int:
    """Take a file, counted from 1, out of an answer. Its bytes stay, for the receipts that name it. `attempt` is held."""
    refuse_closed(attempt, at)
    item_id, _content, files = _files_of(attempt.id, position)
    if not 1 <= number <= len(files):
        raise NotFound
    left = [entry for place, entry in enumerate(files, start=1) if place != number]
    return keep_response(attempt, item_id, {"files": left} if left else None, at=at)


def _files_of(attempt_id: int, position: int) -> tuple[int, Mapping[str, Any], list[dict[str, Any]]]:
    query = (
        select(AttemptItem.id, AttemptItem.response, QuestionVersion.type, QuestionVersion.content)
        .join(QuestionVersion, QuestionVersion.id == AttemptItem.question_version_id)
        .where(AttemptItem.attempt_id == attempt_id, AttemptItem.position == position)
    )
    found = db.session.execute(query).one_or_none()
    if found is None or found.type != FILE:
        raise NotFound
    return found.id, found.content, list((found.response or {}).get("files") or [])


def _as_typed(name: str) -> str:
    """Return a file's name as its owner wrote it, in its own Unicode form, without folders and controls."""
    last = name.replace("\\", "/").rsplit("/", 1)[-1]
    return " ".join(without_controls(last).split())[-LONGEST_NAME:]
