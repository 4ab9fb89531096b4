"""Keeping the files and pictures of a course."""

from datetime import datetime

from academy.base import storage
from academy.base.storage import StoredFile
from academy.catalogue.models import Course


def keep_file(
    course: Course, data: bytes, filename: str, *, most: int, actor_id: int | None, at: datetime
) -> StoredFile:
    """Check and keep an upload for a course; `most` is the limit in bytes. Refuses with FileRefused."""
    return storage.keep(storage.check(data, filename, most=most), at=at, by=actor_id, course_id=course.id)


def keep_picture(
    course: Course, data: bytes, filename: str, *, most: int, actor_id: int | None, at: datetime
) -> StoredFile:
    """Check and keep a picture for a lesson; anything else is refused before it is kept."""
    return storage.keep(storage.check_picture(data, filename, most=most), at=at, by=actor_id, course_id=course.id)
