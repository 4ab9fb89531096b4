"""Renewing certificates: the rule of a course, and the beginning of a renewal by its holder, a duty or the rule itself."""

from dataclasses import asdict
from datetime import date, datetime, timedelta

from academy.accounts.models import Person
from academy.base import audit
from academy.base.dates import riyadh_day
from academy.base.db import db, insert_missing, insert_once, lock
from academy.base.errors import Conflict, Invalid, NotFound
from academy.base.i18n import _, _l
from academy.catalogue.models import Course
from academy.credentials import queries_of_renewal as queries
from academy.credentials.models import Certificate, ExpiryReminder, RecertificationRule
from academy.credentials.policies import EDIT_RECERTIFICATION, RENEW_FOR
from academy.credentials.rules_of_renewal import LONGEST, MOST_REMINDERS, Terms
from academy.learning.kinds import renews
from academy.learning.models import Enrolment, Renewal
from academy.learning.queries.renewals import completed_renewal, open_renewal
from academy.learning.services import Cycle, begin_renewal


class TooEarly(Conflict):
    """A certificate was to be renewed before its window."""

    def __init__(self, opens_on: date) -> None:
        super().__init__()
        self.opens_on = opens_on

    def for_reader(self) -> str:
        """Return the day from which it is open."""
        return str(_("This certificate can be renewed from %(day)s.", day=self.opens_on))


def renew(certificate_id: int, *, by_id: int | None, at: datetime) -> Renewal:
    """Begin to renew a certificate, once however often it is asked. Until it is completed the certificate stands as it is.

    Raises TooEarly with the day from which it is open, and Conflict when there is nothing to renew or nowhere to do it.
    """
    held: Certificate | None = lock(Certificate, certificate_id)
    if held is None:
        raise NotFound
    if held.revoked_at is not None or held.holder_id is None or held.course_id is None:
        raise Conflict(_l("This certificate was revoked, so it cannot be renewed."))
    if held.expires_on is None:
        raise Conflict(_l("This certificate has no time limit, so there is nothing to renew."))
    newest = queries.current_certificate(held.holder_id, held.course_id)
    if newest is not None and newest.id != held.id:
        raise Conflict(_l("There is a newer certificate of this course already."))
    if completed_renewal(held.holder_id, held.course_id, queries.cycle_after(held)) is not None:
        raise Conflict(_l("You have completed the renewal. The new certificate appears within minutes."))
    return begin_renewal(_cycle(held, at), by_id=by_id, at=at)


def renew_course_for(held: Certificate, *, by_id: int, at: datetime) -> Renewal:
    """Begin to renew the certificate of somebody of whom the actor is the manager; it stands in the trail."""
    renewal = renew(held.id, by_id=by_id, at=at)
    audit.record(
        RENEW_FOR, at=at, actor_id=by_id, subject=("certificate", held.id, held.number), organisation_id=held.organisation_id,
        after={"renewal": renewal.id},
    )  # fmt: skip
    return renewal


def _cycle(held: Certificate, at: datetime) -> Cycle:
    assert held.holder_id is not None and held.course_id is not None and held.expires_on is not None
    today, terms = riyadh_day(at), queries.terms_of(queries.rule_of(held.course_id))
    going_on = open_renewal(held.holder_id, held.course_id)
    if going_on is None and today < terms.opens_on(held.expires_on):
        raise TooEarly(terms.opens_on(held.expires_on))
    found = queries.offers({held.course_id} | ({terms.path_course_id} if terms.path_course_id else set()))
    own = found.get(held.course_id)
    if going_on is None and (own is None or not (own.open and own.certifies)):
        raise Conflict(_l("This course is no longer offered with a certificate, so it cannot be renewed."))
    home = db.session.get_one(Person, held.holder_id).organisation_id
    on_course_id = queries.chosen(terms, held.course_id, held.expires_on, found, home, today)
    until = terms.path_until(held.expires_on) if on_course_id != held.course_id else None
    return Cycle(held.holder_id, held.course_id, on_course_id, queries.cycle_after(held), held.expires_on, until)


@renews
def begin_by_duty(course_id: int, people: list[int], at: datetime) -> dict[int, int]:
    """Begin to renew what some people hold of a course and may renew by now; return on which course each of them does."""
    terms = queries.terms_of(queries.rule_of(course_id))
    last = riyadh_day(at) + timedelta(days=terms.window_days)
    begun = {}
    for held in queries.renewable(course_id, people, last):
        if (place := begin_quietly(held, at=at)) is not None and held.holder_id is not None:
            begun[held.holder_id] = place.course_id
    return begun


def begin_quietly(held: Certificate, *, at: datetime) -> Enrolment | None:
    """Begin to renew a certificate by a rule; return the place, or None where it is refused, which stops nobody else."""
    try:
        with db.session.begin_nested():
            renewal = renew(held.id, by_id=None, at=at)
    except Conflict:
        return None
    return db.session.get_one(Enrolment, renewal.enrolment_id)


def change_terms(
    course: Course, terms: Terms, *, actor_id: int | None, label: str, at: datetime, revision: int | None = None
) -> RecertificationRule:
    """Write how the certificates of a course are renewed. It holds for renewals that begin from now on.

    What was issued keeps its last day, and a renewal that has begun keeps its way and its days.
    """
    check_terms(course, terms)
    rule, made = insert_once(lambda: _new(course.id), lambda: _held(course.id))
    before = None if made else _said(rule)
    if revision is not None and not made and revision != rule.revision:
        raise Conflict(_l("Somebody else has changed this in the meantime. Look at what holds now, then change it."))
    rule.window_days, rule.grace_days, rule.path_course_id = terms.window_days, terms.grace_days, terms.path_course_id
    rule.automatic, rule.reminders = terms.automatic, sorted(set(terms.reminders), reverse=True)
    if (after := _said(rule)) != before:
        rule.revision += 0 if made else 1
        audit.record(
            EDIT_RECERTIFICATION, at=at, actor_id=actor_id, subject=("course", course.id, label),
            organisation_id=course.organisation_id, before=before, after=after,
        )  # fmt: skip
    db.session.flush()
    return rule


def check_terms(course: Course, terms: Terms) -> None:
    """Refuse terms that no rule can say."""
    if not 1 <= terms.window_days <= LONGEST:
        raise Invalid(_l("Give the window in days, from 1 to 730."), field="window_days")
    if not 0 <= terms.grace_days <= LONGEST:
        raise Invalid(_l("Give the grace in days, from 0 to 730."), field="grace_days")
    if len(set(terms.reminders)) > MOST_REMINDERS or not all(1 <= days <= LONGEST for days in terms.reminders):
        raise Invalid(_l("Give at most five numbers of days, each from 1 to 730."), field="reminders")
    if terms.path_course_id is not None and terms.path_course_id not in dict(queries.paths_for(course)):
        raise Invalid(_l("Choose the shorter course from the list."), field="path_course_id")


def note_reminded(told: list[tuple[int, str, int]], *, at: datetime) -> None:
    """Note reminders as given: (certificate, whom, days). What was noted already stays."""
    day = riyadh_day(at)
    rows = [{"certificate_id": number, "whom": whom, "days": days, "told_on": day} for number, whom, days in told]
    insert_missing(ExpiryReminder, rows)


def _new(course_id: int) -> RecertificationRule:
    return RecertificationRule(course_id=course_id, revision=1, **_columns(Terms()))


def _held(course_id: int) -> RecertificationRule | None:
    found = queries.rule_of(course_id)
    return lock(RecertificationRule, found.id) if found is not None else None


def _columns(terms: Terms) -> dict[str, object]:
    return {**asdict(terms), "reminders": list(terms.reminders)}


def _said(rule: RecertificationRule) -> dict[str, object]:
    return _columns(queries.terms_of(rule))
