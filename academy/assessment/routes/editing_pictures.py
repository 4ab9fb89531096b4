"""The picture of a question: kept as a file of the course when it is sent, before the question itself is saved."""

from typing import Any

from flask import current_app, request

from academy.assessment.forms import QuestionForm
from academy.assessment.forms.pictures import PictureForm
from academy.base import clock, storage
from academy.base.storage import FileRefused
from academy.catalogue import services as catalogue
from academy.catalogue.models import Course
from academy.web.identity import actor
from academy.web.transaction import keep


def take_picture(course: Course, form: QuestionForm) -> None:
    """Keep a picture that was sent, or take the one the form names; a file of another course is none.

    A picture stays kept when something else in the form is refused: browsers do not send a file twice.
    """
    if not isinstance(form, PictureForm) or not form.is_submitted():
        return
    sent = request.files.get(form.picture.name)
    if sent and sent.filename:
        try:
            kept = _keep(course, sent)
        except FileRefused as refusal:
            form.refusal = refusal
        else:
            form.use(kept.key, storage.size_of_picture(kept))
            keep()
            return
    named = storage.find(form.image_key.data or "")
    if named is None or named.course_id != course.id or not named.is_image:
        form.use("", (0, 0))
        return
    try:
        form.use(named.key, storage.size_of_picture(named))
    except FileNotFoundError:
        form.use("", (0, 0))


def _keep(course: Course, sent: Any) -> storage.StoredFile:
    most = int(current_app.extensions["settings"].upload_megabytes) * 1_000_000
    data = sent.stream.read(most + 1)
    return catalogue.keep_picture(
        course, data, sent.filename, most=most, actor_id=actor().person_id, at=clock.now()
    )  # fmt: skip
