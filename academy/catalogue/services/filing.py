"""Keeping the files and pictures of a course."""

from datetime import datetime

from academy.base import storage
from academy.base.storage import StoredFile
from academy.catalogue.models import Course
from academy.catalogue.rules.texts import N_


def keep_file(
    course: Course, data: bytes, filename: str, *, most: int, actor_id: int | None, at: datetime
) -> StoredFile:
    """Check and keep an upload for a course; `most` is the limit in bytes. Refuses with FileRefused."""
    return storage.keep(storage.check(data, filename, most=most), at=at, by=actor_id, course_id=course.id)


def keep_picture(
    course: Course, data: bytes, filename: str, *, most: int, actor_id: int | None, at: datetime
) -> StoredFile:
    """Check and keep a picture for a lesson; anything else is refused before it is kept."""
    upload = storage.check(data, filename, most=most)
    if not upload.media_type.startswith("image/"):
        raise storage.FileRefused(N_("Choose a picture: PNG, JPEG, WebP or GIF."))
    return storage.keep(upload, at=at, by=actor_id, course_id=course.id)
