"""The picture of a question: kept as a file of the course or of the bank when it is sent, before the question is saved."""

from collections.abc import Mapping
from typing import Any

from flask import request

from academy.assessment.forms import QuestionForm
from academy.assessment.forms.pictures import PictureForm
from academy.assessment.services.pictures import Owner, keep_picture
from academy.base import clock, storage
from academy.base.storage import FileRefused
from academy.web.forms import most_bytes
from academy.web.identity import actor
from academy.web.transaction import keep


def take_picture(owner: Owner, form: QuestionForm, present: Mapping[str, Any] | None = None) -> None:
    """Keep a picture that was sent, or take the one the form names: of the same owner, or the one of the `present` content.

    A picture stays kept when something else in the form is refused: browsers do not send a file twice.
    """
    if not isinstance(form, PictureForm) or not form.is_submitted():
        return
    sent = request.files.get(form.picture.name)
    if sent and sent.filename:
        try:
            kept = _keep(owner, sent)
        except FileRefused as refusal:
            form.refusal = refusal
        else:
            form.use(kept.key, storage.size_of_picture(kept))
            keep()
            return
    named = storage.find(form.image_key.data or "")
    if named is None or not named.is_image or not (owner.has(named) or named.key == _key_of(present)):
        form.use("", (0, 0))
        return
    try:
        form.use(named.key, storage.size_of_picture(named))
    except FileNotFoundError:
        form.use("", (0, 0))


def hold_picture(form: QuestionForm, content: Mapping[str, Any]) -> None:
    """Let a form keep the picture of a content, whatever was sent: answers were given on this one."""
    if isinstance(form, PictureForm) and "image" in content:
        image = content["image"]
        form.use(image["key"], (image["width"], image["height"]))
        form.replaceable = False


def _key_of(content: Mapping[str, Any] | None) -> str:
    return str(((content or {}).get("image") or {}).get("key", ""))


def _keep(owner: Owner, sent: Any) -> storage.StoredFile:
    most = most_bytes()
    data = sent.stream.read(most + 1)
    return keep_picture(owner, data, sent.filename, most=most, by_id=actor().person_id, at=clock.now())
