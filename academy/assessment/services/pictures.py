"""Keeping the pictures of questions: as files of the course, or of the bank of an organisation."""

from dataclasses import dataclass
from datetime import datetime
from typing import Self

from academy.base import storage
from academy.base.storage import StoredFile
from academy.catalogue.models import Course


@dataclass(frozen=True, slots=True)
class Owner:
    """Whose a picture is: a course's, or, without one, that of the bank of an organisation."""

    course_id: int | None = None
    organisation_id: int | None = None

    @classmethod
    def of(cls, course: Course | None, organisation_id: int) -> Self:
        """Return where the pictures of a question belong that lies in a course, or in the bank."""
        return cls(course_id=course.id) if course is not None else cls(organisation_id=organisation_id)

    def has(self, file: StoredFile) -> bool:
        """Whether a file is theirs."""
        return (file.course_id, file.organisation_id) == (self.course_id, self.organisation_id)


def keep_picture(owner: Owner, data: bytes, filename: str, *, most: int, by_id: int | None, at: datetime) -> StoredFile:
    """Check and keep the picture of a question; `most` is the limit in bytes. Refuses with FileRefused."""
    upload = storage.check_picture(data, filename, most=most)
    return storage.keep(upload, at=at, by=by_id, course_id=owner.course_id, organisation_id=owner.organisation_id)
