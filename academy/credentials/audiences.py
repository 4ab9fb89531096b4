"""Conditions that ask for a certificate that is missing or about to expire."""

from collections.abc import Iterable
from datetime import date, timedelta
from functools import partial

from sqlalchemy import ColumnElement, and_, exists, or_, select
from sqlalchemy.orm import aliased

from academy.accounts.models import Person
from academy.base.db import db
from academy.base.i18n import _l
from academy.base.text import LocalizedText
from academy.catalogue.models import PUBLISHED, CourseVersion
from academy.credentials.models import Certificate, CertificateHold
from academy.learning.kinds import COURSE, PROGRAMME, AudienceKind, Condition, add_audience
from academy.learning.models import PUBLISHED as OUT
from academy.learning.models import ProgrammeVersion


def _valid(thing: str, number: int, today: date, *, beyond: date) -> ColumnElement[bool]:
    """Whether the person holds a certificate of a course or programme that is valid today and still will be after a day."""
    mine = aliased(Certificate)
    attests = (mine.course_id if thing == COURSE else mine.programme_id) == number
    lasts = or_(mine.expires_on.is_(None), and_(mine.expires_on >= today, mine.expires_on > beyond))
    held = exists().where(CertificateHold.certificate_id == mine.id, CertificateHold.released_at.is_(None))
    return exists(
        select(mine.id).where(mine.holder_id == Person.id, attests, mine.revoked_at.is_(None), lasts, ~held)
    ).correlate(Person)


def _missing(thing: str, condition: Condition, today: date) -> ColumnElement[bool]:
    yesterday = today - timedelta(days=1)
    return or_(*(~_valid(thing, number, today, beyond=yesterday) for number in sorted(condition.ids) or [0]))


def _expiring(thing: str, condition: Condition, today: date) -> ColumnElement[bool]:
    yesterday, end = today - timedelta(days=1), today + timedelta(days=condition.number or 0)
    return or_(
        *(
            and_(_valid(thing, number, today, beyond=yesterday), ~_valid(thing, number, today, beyond=end))
            for number in sorted(condition.ids) or [0]
        )
    )


def _course_names(values: Iterable[str]) -> list[LocalizedText]:
    ids = Condition("course", tuple(values)).ids
    query = select(CourseVersion.title).where(CourseVersion.course_id.in_(ids), CourseVersion.state == PUBLISHED)
    return list(db.session.scalars(query.order_by(CourseVersion.course_id)))


def _programme_names(values: Iterable[str]) -> list[LocalizedText]:
    ids = Condition(PROGRAMME, tuple(values)).ids
    query = select(ProgrammeVersion.title).where(ProgrammeVersion.programme_id.in_(ids), ProgrammeVersion.state == OUT)
    return list(db.session.scalars(query.order_by(ProgrammeVersion.programme_id)))


add_audience(
    AudienceKind(
        "certificate_missing", _l("No valid certificate of"), _l("No valid certificate of: %(names)s"),
        partial(_missing, COURSE), names=_course_names, of=COURSE, order=50,
    )
)  # fmt: skip
add_audience(
    AudienceKind(
        "certificate_expiring", _l("A certificate that expires soon, of"),
        _l("Certificate that expires soon (days at most: %(number)s): %(names)s"), partial(_expiring, COURSE), names=_course_names, of=COURSE,
        asks_number=True, number_label=_l("Expires within (days)"), order=51,
    )
)  # fmt: skip
add_audience(
    AudienceKind(
        "programme_missing", _l("No valid certificate of the programme"), _l("No valid certificate of the programme: %(names)s"),
        partial(_missing, PROGRAMME), names=_programme_names, of=PROGRAMME, order=52,
    )
)  # fmt: skip
add_audience(
    AudienceKind(
        "programme_expiring", _l("A certificate that expires soon, of the programme"),
        _l("Certificate of a programme that expires soon (days at most: %(number)s): %(names)s"), partial(_expiring, PROGRAMME),
        names=_programme_names, of=PROGRAMME, asks_number=True, number_label=_l("Expires within (days)"), order=53,
    )
)  # fmt: skip
