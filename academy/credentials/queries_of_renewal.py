"""How certificates are renewed: the rules of courses, and how far each renewal of a person is."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, exists, false, func, or_, select
from sqlalchemy.orm import aliased

from academy.accounts.models import Person
from academy.assessment.queries_of_regrading import RegradedAttempt
from academy.base.db import db
from academy.base.text import LocalizedText
from academy.catalogue.models import PUBLISHED, Course, CourseVersion
from academy.catalogue.queries import shown_title
from academy.credentials.models import Certificate, ExpiryReminder, RecertificationRule
from academy.credentials.queries import CertificateRow, is_current
from academy.credentials.rules_of_renewal import Stage, Terms, next_cycle
from academy.learning.models import Enrolment, ProgrammeRenewal, ProgrammeStep, ProgrammeStepDone, Renewal
from academy.learning.models.renewals import RENEWED, RENEWING
from academy.learning.queries.renewals import renewals_of


@dataclass(frozen=True, slots=True)
class RenewalOf:
    """How far the renewal of a certificate is, from which day, and on which course; `until` is set for a shorter one.

    That of a programme is renewed in the programme or on a shorter course, and by so many `hours`, some of them `credited`.
    """

    stage: Stage
    opens_on: date
    course_key: str = ""
    course: LocalizedText | None = None
    until: date | None = None
    programme_key: str = ""
    programme: LocalizedText | None = None
    hours: Decimal | None = None
    credited: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Offer:
    """A course as somewhere to learn: its key and title, and whether it takes people and gives a certificate."""

    key: str
    title: LocalizedText
    open: bool
    certifies: bool
    audience: str
    organisation_id: int


def rule_of(course_id: int) -> RecertificationRule | None:
    """Return the rule of a course, if somebody has written one."""
    return db.session.scalar(select(RecertificationRule).where(RecertificationRule.course_id == course_id))


def settled(course_id: int) -> tuple[LocalizedText, RecertificationRule | None, CourseVersion | None]:
    """Return a course's title, its rule if somebody has written one, and the version that was published last; one statement."""
    newest = _newest(CourseVersion.id, of=Course.id).correlate(Course).scalar_subquery()
    query = (
        select(shown_title(), RecertificationRule, CourseVersion)
        .select_from(Course)
        .outerjoin(RecertificationRule, RecertificationRule.course_id == Course.id)
        .outerjoin(CourseVersion, CourseVersion.id == newest)
        .where(Course.id == course_id)
    )
    return db.session.execute(query).one()._tuple()  # type: ignore[return-value]


def terms_of(rule: RecertificationRule | None) -> Terms:
    """Return what a rule says, or what holds without one."""
    if rule is None:
        return Terms()
    return Terms(rule.window_days, rule.grace_days, rule.path_course_id, rule.automatic, tuple(rule.reminders))


def terms_of_courses(course_ids: Collection[int]) -> dict[int, Terms]:
    """Return the terms of each of the courses (one statement)."""
    found = db.session.scalars(select(RecertificationRule).where(RecertificationRule.course_id.in_(course_ids)))
    said = {rule.course_id: terms_of(rule) for rule in found}
    return {course_id: said.get(course_id, Terms()) for course_id in course_ids}


def newest_version(course_id: int) -> CourseVersion | None:
    """Return the version of a course that was published last."""
    return db.session.scalar(_newest(CourseVersion, of=course_id))


def _newest(what: Any, *, of: Any) -> Select[Any]:
    query = select(what).where(CourseVersion.course_id == of, CourseVersion.state != "draft")
    return query.order_by(CourseVersion.number.desc()).limit(1)


def offers(course_ids: Collection[int]) -> dict[int, Offer]:
    """Return those of the courses that were ever published, as somewhere to learn (one statement)."""
    query = (
        select(
            Course.id, Course.key, Course.audience, Course.organisation_id, Course.retired_at, CourseVersion.title,
            CourseVersion.state, CourseVersion.gives_certificate,
        )
        .join(CourseVersion, CourseVersion.course_id == Course.id)
        .where(Course.id.in_(course_ids), CourseVersion.state != "draft")
        .order_by(CourseVersion.state == PUBLISHED, CourseVersion.number)
    )  # fmt: skip
    return {
        row.id: Offer(
            row.key, row.title, row.retired_at is None and row.state == PUBLISHED, row.gives_certificate, row.audience,
            row.organisation_id,
        )
        for row in db.session.execute(query)
    }  # fmt: skip


def chosen(terms: Terms, course_id: int, expires_on: date, found: dict[int, Offer], home: int, today: date) -> int:
    """Return on which course somebody of an organisation renews: the shorter one while it counts and takes them, else the same."""
    path = terms.path_on(expires_on, today)
    offer = found.get(path) if path is not None else None
    takes = offer is not None and offer.open and (offer.audience == "everyone" or offer.organisation_id == home)
    return path if takes and path is not None else course_id


def renewal_stages(person: Person, rows: Sequence[CertificateRow], *, today: date) -> dict[int, RenewalOf]:
    """Return how far the renewal of each of a person's certificates is, by its id; nothing for those that are not renewed."""
    current = [row for row in standing_rows(rows) if row.course_id is not None]
    course_ids = {row.course_id for row in current if row.course_id is not None}
    if not course_ids:
        return {}
    terms = terms_of_courses(course_ids)
    begun = renewals_of(person.id, course_ids)
    places = {each.enrolment_id: on for each, on in begun.items()}
    paths = {each.path_course_id for each in terms.values() if each.path_course_id is not None}
    found = offers(course_ids | paths | set(places.values()))
    stages, following = {}, next_cycles(rows)
    for row in current:
        mine = [each for each in begun if each.course_id == row.course_id and each.cycle == following[row.credential]]
        stages[row.id] = _stage(row, terms[row.course_id or 0], mine, places, found, person.organisation_id, today)
    return stages


def standing_rows(rows: Sequence[CertificateRow]) -> list[CertificateRow]:
    """Return those that end, were not revoked, and have no later one of the same credential."""
    standing = [row for row in rows if row.revoked_at is None]
    last = {
        row.credential: max(each.cycle for each in standing if each.credential == row.credential) for row in standing
    }
    return [row for row in standing if row.expires_on is not None and row.cycle == last[row.credential]]


def _stage(
    row: CertificateRow, terms: Terms, mine: list[Renewal], places: dict[int, int], found: dict[int, Offer], home: int, today: date
) -> RenewalOf:  # fmt: skip
    assert row.expires_on is not None
    opens_on = terms.opens_on(row.expires_on)
    if any(each.state == RENEWED for each in mine):
        return RenewalOf(Stage.EARNED, opens_on)
    if mine:
        offer = found.get(places.get(mine[0].enrolment_id, 0))
        return RenewalOf(
            Stage.BEGUN, opens_on, offer.key if offer else "", offer.title if offer else None, mine[0].until
        )
    own = found.get(row.course_id or 0)
    if own is None or not (own.open and own.certifies):
        return RenewalOf(Stage.CLOSED, opens_on)
    on = chosen(terms, row.course_id or 0, row.expires_on, found, home, max(today, opens_on))
    until = terms.path_until(row.expires_on) if on != row.course_id else None
    stage = Stage.EARLY if today < opens_on else Stage.OPEN
    return RenewalOf(stage, opens_on, found[on].key, found[on].title, until)


def current_certificate(holder_id: int, course_id: int) -> Certificate | None:
    """Return the certificate of a course that stands for a person; it may have ended."""
    mine = Certificate.holder_id == holder_id, Certificate.course_id == course_id
    return db.session.scalar(select(Certificate).where(*mine, is_current()).limit(1))


def bars_of(quiz_id: int) -> list[int | None]:
    """Return the percentages that a quiz has to be passed with: None for its own pass mark, and those of steps of programmes."""
    query = select(ProgrammeStep.min_percent).where(ProgrammeStep.quiz_id == quiz_id).distinct()
    return [None, *sorted(bar for bar in db.session.scalars(query) if bar is not None)]


def without_basis(told: RegradedAttempt, bars: Collection[int | None]) -> ColumnElement[bool]:
    """Return the filter on Certificate for those that rest on the quiz of an attempt, passed with one of these percentages."""
    found = [_by_step(told, bar) for bar in bars]
    return or_(false(), *([rests_on(told)] if None in bars else []), *found)


def rests_on(told: RegradedAttempt) -> ColumnElement[bool]:
    """Return the filter on Certificate for those earned in the round in which an attempt was made, also by a shorter way."""
    place = (
        select(Enrolment.id)
        .where(
            Enrolment.learner_id == told.learner_id,
            Enrolment.course_id == told.course_id,
            Enrolment.cycle == told.cycle,
        )
        .scalar_subquery()
    )
    renewed = and_(
        Renewal.learner_id == Certificate.holder_id, Renewal.course_id == Certificate.course_id,
        Renewal.cycle == Certificate.cycle, Renewal.state == RENEWED,
    )  # fmt: skip
    by_renewal = exists().where(renewed, Renewal.enrolment_id == place)
    of_step = exists().where(
        ProgrammeStepDone.enrolment_id == Certificate.programme_enrolment_id,
        ProgrammeStepDone.course_enrolment_id == place,
    )
    return or_(by_renewal, and_(Certificate.enrolment_id == place, ~exists().where(renewed)), of_step)


def _by_step(told: RegradedAttempt, bar: int | None) -> ColumnElement[bool]:
    """The certificates of programmes in which an attempt of the round did the step of the quiz that asks for this percentage."""
    return exists().where(
        ProgrammeStepDone.enrolment_id == Certificate.programme_enrolment_id, ProgrammeStepDone.attempt_id.in_(told.attempt_ids),
        ProgrammeStep.id == ProgrammeStepDone.step_id, ProgrammeStep.min_percent.is_not_distinct_from(bar),
    )  # fmt: skip


def next_cycle_of_row() -> Any:
    """What `cycle_after` says, as an expression on Certificate."""
    newest = _newest_cycle(Certificate.holder_id, Certificate.credential).correlate(Certificate).scalar_subquery()
    return case((newest < 1, next_cycle(0)), else_=newest + 1)


def cycle_after(held: Certificate) -> int:
    """Return the cycle that renews a certificate that stands: after every other one, as one that was revoked keeps its own."""
    return next_cycle(db.session.scalar(_newest_cycle(held.holder_id, held.credential)) or held.cycle)


def _newest_cycle(holder_id: Any, credential: Any) -> Select[int]:
    each = aliased(Certificate)
    return select(func.max(each.cycle)).where(each.holder_id == holder_id, each.credential == credential)


def next_cycles(rows: Sequence[CertificateRow]) -> dict[str, int]:
    """Return which cycle renews each credential of a person, by all their certificates."""
    newest: dict[str, int] = {}
    for row in rows:
        newest[row.credential] = max(row.cycle, newest.get(row.credential, row.cycle))
    return {credential: next_cycle(cycle) for credential, cycle in newest.items()}


def _untouched() -> ColumnElement[bool]:
    """The filter on Certificate for those whose next cycle was neither begun nor earned."""
    return ~exists().where(
        Renewal.learner_id == Certificate.holder_id, Renewal.course_id == Certificate.course_id,
        Renewal.cycle == next_cycle_of_row(), Renewal.state.in_((RENEWING, RENEWED)),
    )  # fmt: skip


def _of_people() -> Select[Certificate, Person]:
    """Certificates that stand, of people who may enter, with their holders."""
    return (
        select(Certificate, Person)
        .join(Person, Person.id == Certificate.holder_id)
        .where(is_current(), Person.state == "active")
        .where(or_(Certificate.course_id.is_not(None), Certificate.programme_id.is_not(None)))
    )


def renewable(course_id: int, people: Collection[int], last: date) -> list[Certificate]:
    """Return the certificates of a course that people hold and that end until a day, ended ones too."""
    mine = Certificate.course_id == course_id, Certificate.holder_id.in_(people), Certificate.expires_on <= last
    return list(db.session.scalars(select(Certificate).where(*mine, is_current()).order_by(Certificate.id)))


def automatic_courses() -> list[tuple[int, Terms]]:
    """Return the courses whose certificates are renewed by themselves."""
    rules = db.session.scalars(
        select(RecertificationRule).where(RecertificationRule.automatic).order_by(RecertificationRule.course_id)
    )
    return [(rule.course_id, terms_of(rule)) for rule in rules]


def to_begin(
    course_id: int, terms: Terms, today: date, *, after_id: int, most: int
) -> list[tuple[Certificate, Person]]:
    """Return the next certificates of a course whose window is open and that nobody renews yet; long ended ones are left out."""
    query = _of_people().where(
        Certificate.course_id == course_id, _untouched(), Certificate.id > after_id,
        Certificate.expires_on.between(today - timedelta(days=terms.grace_days), today + timedelta(days=terms.window_days)),
    )  # fmt: skip
    return [(row[0], row[1]) for row in db.session.execute(query.order_by(Certificate.id).limit(most))]


def ending(until: date, today: date, *, after_id: int, most: int) -> list[tuple[Certificate, Person]]:
    """Return the next certificates that end between two days and whose renewal was not earned, of courses and programmes."""
    of_course = exists().where(
        Renewal.learner_id == Certificate.holder_id, Renewal.course_id == Certificate.course_id,
        Renewal.cycle == next_cycle_of_row(), Renewal.state == RENEWED,
    )  # fmt: skip
    of_programme = exists().where(
        ProgrammeRenewal.learner_id == Certificate.holder_id, ProgrammeRenewal.programme_id == Certificate.programme_id,
        ProgrammeRenewal.cycle == next_cycle_of_row(), ProgrammeRenewal.state == RENEWED,
    )  # fmt: skip
    earned = or_(of_course, of_programme)
    query = _of_people().where(Certificate.expires_on.between(today, until), Certificate.id > after_id, ~earned)
    return [(row[0], row[1]) for row in db.session.execute(query.order_by(Certificate.id).limit(most))]


def longest_reminder() -> int:
    """Return how many days before its last day any certificate is first reminded of."""
    said = [days for each in db.session.scalars(select(RecertificationRule.reminders)) for days in each]
    return max([*Terms().reminders, *said])


def told(certificate_ids: Collection[int]) -> set[tuple[int, str, int]]:
    """Return which reminders of some certificates were given: (certificate, whom, days)."""
    columns = ExpiryReminder.certificate_id, ExpiryReminder.whom, ExpiryReminder.days
    rows = db.session.execute(select(*columns).where(ExpiryReminder.certificate_id.in_(certificate_ids)))
    return {(row.certificate_id, row.whom, row.days) for row in rows}


@dataclass(frozen=True, slots=True)
class Affected:
    """Whom a rule is about: how many hold a certificate that ends, may renew today, will within thirty days, have ended."""

    holders: int
    now: int
    soon: int
    ended: int


def affected(course_id: int, terms: Terms, *, today: date, people: ColumnElement[bool]) -> Affected:
    """Return how many people a rule would concern, of those that somebody sees (one statement)."""
    opens = today + timedelta(days=terms.window_days)
    lasting = Certificate.expires_on >= today
    columns = (
        func.count(),
        _count(and_(lasting, Certificate.expires_on <= opens)),
        _count(and_(lasting, Certificate.expires_on > opens, Certificate.expires_on <= opens + timedelta(days=30))),
        _count(Certificate.expires_on < today),
    )
    query = select(*columns).select_from(Certificate).join(Person, Person.id == Certificate.holder_id)
    mine = Certificate.course_id == course_id, Certificate.expires_on.is_not(None), is_current(), _untouched(), people
    return Affected(*map(int, db.session.execute(query.where(*mine)).one()))


def first_affected(course_id: int, *, people: ColumnElement[bool], most: int) -> Sequence[Any]:
    """Return (name, expires_on) of the people whose certificates of a course end first."""
    query = select(Person.name, Certificate.expires_on).join(Person, Person.id == Certificate.holder_id)
    mine = Certificate.course_id == course_id, Certificate.expires_on.is_not(None), is_current(), _untouched(), people
    return db.session.execute(query.where(*mine).order_by(Certificate.expires_on, Certificate.id).limit(most)).all()


def paths_for(course: Course) -> list[tuple[int, LocalizedText]]:
    """Return the courses that can be the shorter way of a course: published ones of its organisation or open to everyone."""
    query = (
        select(Course.id, CourseVersion.title)
        .join(CourseVersion, and_(CourseVersion.course_id == Course.id, CourseVersion.state == PUBLISHED))
        .where(Course.id != course.id, Course.retired_at.is_(None))
        .where(or_(Course.audience == "everyone", Course.organisation_id == course.organisation_id))
        .order_by(Course.code, Course.id)
    )
    return [(row.id, row.title) for row in db.session.execute(query)]


def _count(condition: ColumnElement[bool]) -> Any:
    return func.coalesce(func.sum(case((condition, 1), else_=0)), 0)


def renewed_by(holder_id: int, credential: str, cycle: int, *, begun_at: datetime) -> Certificate | None:
    """Return what a renewal renews: the newest before its cycle that was not revoked when it began."""
    earlier = Certificate.holder_id == holder_id, Certificate.credential == credential, Certificate.cycle < cycle
    stood = ~Certificate.replaced, or_(Certificate.revoked_at.is_(None), Certificate.revoked_at > begun_at)
    query = select(Certificate).where(*earlier, *stood)
    return db.session.scalar(query.order_by(Certificate.cycle.desc()).limit(1))
