"""Conditions that ask for a certificate that is missing or about to expire."""

from collections.abc import Iterable
from datetime import date, timedelta

from sqlalchemy import ColumnElement, and_, exists, or_, select
from sqlalchemy.orm import aliased

from academy.accounts.models import Person
from academy.base.db import db
from academy.base.i18n import _l
from academy.base.text import LocalizedText
from academy.catalogue.models import PUBLISHED, CourseVersion
from academy.credentials.models import Certificate, CertificateHold
from academy.learning.kinds import AudienceKind, Condition, add_audience


def _valid(course_id: int, today: date, *, beyond: date) -> ColumnElement[bool]:
    """Whether the person holds a certificate of a course that is valid today and still will be after a day."""
    mine = aliased(Certificate)
    lasts = or_(mine.expires_on.is_(None), and_(mine.expires_on >= today, mine.expires_on > beyond))
    held = exists().where(CertificateHold.certificate_id == mine.id, CertificateHold.released_at.is_(None))
    return exists(
        select(mine.id).where(
            mine.holder_id == Person.id, mine.course_id == course_id, mine.revoked_at.is_(None), lasts, ~held
        )
    ).correlate(Person)


def _missing(condition: Condition, today: date) -> ColumnElement[bool]:
    yesterday = today - timedelta(days=1)
    return or_(*(~_valid(number, today, beyond=yesterday) for number in sorted(condition.ids) or [0]))


def _expiring(condition: Condition, today: date) -> ColumnElement[bool]:
    yesterday, end = today - timedelta(days=1), today + timedelta(days=condition.number or 0)
    return or_(
        *(
            and_(_valid(number, today, beyond=yesterday), ~_valid(number, today, beyond=end))
            for number in sorted(condition.ids) or [0]
        )
    )


def _course_names(values: Iterable[str]) -> list[LocalizedText]:
    ids = Condition("course", tuple(values)).ids
    query = select(CourseVersion.title).where(CourseVersion.course_id.in_(ids), CourseVersion.state == PUBLISHED)
    return list(db.session.scalars(query.order_by(CourseVersion.course_id)))


add_audience(
    AudienceKind(
        "certificate_missing", _l("No valid certificate of"), _l("No valid certificate of: %(names)s"),
        _missing, names=_course_names, of_courses=True, order=50,
    )
)  # fmt: skip
add_audience(
    AudienceKind(
        "certificate_expiring", _l("A certificate that expires soon, of"),
        _l("Certificate that expires soon (days at most: %(number)s): %(names)s"), _expiring, names=_course_names, of_courses=True,
        asks_number=True, number_label=_l("Expires within (days)"), order=51,
    )
)  # fmt: skip
