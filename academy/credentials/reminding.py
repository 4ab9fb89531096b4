"""Certificates that end, in the background: reminders to holders and managers, renewals that begin or lapse by themselves."""

from collections import defaultdict
from datetime import date, timedelta

from academy.accounts import queries_of_leading as leading
from academy.accounts.models import Person
from academy.base import clock
from academy.base.db import db
from academy.base.i18n import _l
from academy.base.jobs import enqueue, job
from academy.credentials import queries_of_renewal as queries
from academy.credentials.models import Certificate
from academy.credentials.queries import row_of
from academy.credentials.queries_of_programmes import longest_programme_reminder, programme_terms
from academy.credentials.rules_of_renewal import Terms, reminder_on
from academy.credentials.services_of_renewal import begin_quietly, note_reminded
from academy.learning.models import Enrolment, Renewal
from academy.learning.models.renewals import LAPSED, RENEWING
from academy.learning.queries.renewals import overdue_renewals
from academy.learning.services import assign, lapse
from academy.notices import kinds
from academy.notices.services import tell

BATCH = 200
HOLDER, MANAGER = "holder", "manager"

# What a manager and their deputy are told is about that manager, and is no longer sent once they lead nobody of theirs.
kinds.stands_for(kinds.CERTIFICATES_END, lambda reader, ids: leading.leads_still(reader, ids, today=clock.today()))
kinds.names_people(kinds.CERTIFICATES_END, leading.led_by)


@job("credentials.look_at_endings", _l("Find certificates that end soon"), every=timedelta(days=1))
def look_at_endings() -> None:
    """Queue the work of the day: reminders, renewals that begin by themselves, shorter ways that are over."""
    day = clock.today().isoformat()
    enqueue("credentials.remind_endings", unique_key=f"ending:{day}:0", day=day, after_id=0)
    for course_id, _terms in queries.automatic_courses():
        enqueue(
            "credentials.begin_renewals",
            unique_key=f"renew:{course_id}:{day}:0",
            course_id=course_id,
            day=day,
            after_id=0,
        )
    for renewal_id in overdue_renewals(clock.today(), most=5 * BATCH):
        lapse(renewal_id, at=clock.now())


@job("credentials.remind_endings", _l("Remind people of certificates that end soon"))
def remind_endings(day: str, after_id: int) -> None:
    """Tell the holders of the next 200 certificates and their managers, then queue the rest."""
    today = date.fromisoformat(day)
    last = today + timedelta(days=max(queries.longest_reminder(), longest_programme_reminder()))
    batch = queries.ending(last, today, after_id=after_id, most=BATCH)
    of_courses = queries.terms_of_courses({held.course_id for held, _who in batch if held.course_id is not None})
    of_programmes = programme_terms({held.programme_id for held, _who in batch if held.programme_id is not None})
    known, noted = queries.told([held.id for held, _who in batch]), []
    of_managers: dict[tuple[int, int | None], list[tuple[Certificate, Person]]] = defaultdict(list)
    for held, who in batch:
        terms = of_courses.get(held.course_id or 0) or of_programmes.get(held.programme_id or 0) or Terms()
        days = reminder_on(held.expires_on or today, terms.reminders, today)
        if days is None:
            continue
        if (held.id, HOLDER, days) not in known:
            _remind(held, who, days, terms)
            noted.append((held.id, HOLDER, days))
        if (held.id, MANAGER, days) not in known:
            noted.append((held.id, MANAGER, days))
            for leader in leading.led_through(who.id, today=today).items():
                of_managers[leader].append((held, who))
    for (leader_id, through), theirs in sorted(of_managers.items(), key=lambda each: (each[0][0], each[0][1] or 0)):
        said = f"ending:{leader_id}:{day}:{after_id}"
        _tell_leader(leader_id, theirs, f"{said}:{through}" if through else said, through)
    note_reminded(noted, at=clock.now())
    if len(batch) == BATCH:
        after = batch[-1][0].id
        enqueue("credentials.remind_endings", unique_key=f"ending:{day}:{after}", day=day, after_id=after)


def _remind(held: Certificate, who: Person, days: int, terms: Terms) -> None:
    assert held.expires_on is not None
    opens_on = terms.opens_on(held.expires_on)
    tell(
        who.id, kinds.CERTIFICATE_ENDS, f"ends:{held.id}:{days}", at=clock.now(), address="/certificates", about_id=held.id,
        course=row_of(held).title, until=held.expires_on, opens=opens_on if opens_on > clock.today() else None,
    )  # fmt: skip


def _tell_leader(leader_id: int, theirs: list[tuple[Certificate, Person]], cause: str, through: int | None) -> None:
    ending = kinds.people_with([(who.id, who.name, row_of(held).title) for held, who in theirs])
    tell(
        leader_id, kinds.CERTIFICATES_END, cause, at=clock.now(), address="/team?state=expiring",
        about_id=through or leader_id, **ending,
    )  # fmt: skip


@job("credentials.begin_renewals", _l("Begin renewals whose window is open"))
def begin_renewals(course_id: int, day: str, after_id: int) -> None:
    """Begin the renewals of the next 200 certificates of a course, due by their last day, then queue the rest."""
    today, rule = date.fromisoformat(day), queries.rule_of(course_id)
    if rule is None or not rule.automatic:
        return
    batch = queries.to_begin(course_id, queries.terms_of(rule), today, after_id=after_id, most=BATCH)
    due: dict[tuple[int, date], list[int]] = defaultdict(list)
    for held, who in batch:
        if (place := begin_quietly(held, at=clock.now())) is not None:
            due[place.course_id, max(held.expires_on or today, today)].append(who.id)
    for (on_course_id, due_on), people in sorted(due.items()):
        assign(on_course_id, people, by_id=None, due_on=due_on, at=clock.now())
    if len(batch) == BATCH:
        after = batch[-1][0].id
        key = f"renew:{course_id}:{day}:{after}"
        enqueue("credentials.begin_renewals", unique_key=key, course_id=course_id, day=day, after_id=after)


@job("credentials.tell_renewal", _l("Tell somebody of the renewal of their certificate"))
def tell_renewal(renewal_id: int) -> None:
    """Tell a holder that a rule began to renew their certificate, or that the shorter way is over."""
    renewal = db.session.get(Renewal, renewal_id)
    if renewal is None:
        return
    place = db.session.get_one(Enrolment, renewal.enrolment_id)
    found = queries.offers({renewal.course_id, place.course_id})
    own, on = found.get(renewal.course_id), found.get(place.course_id)
    if own is None or on is None:
        return
    if renewal.state == RENEWING and renewal.begun_by_id is None:
        tell(
            renewal.learner_id, kinds.RENEWAL_BEGAN, f"renewal:{renewal.id}", at=clock.now(), address=f"/courses/{on.key}",
            course=own.title, on=on.title, until=renewal.continues_from,
        )  # fmt: skip
    elif renewal.state == LAPSED:
        tell(
            renewal.learner_id, kinds.RENEWAL_LAPSED, f"lapsed:{renewal.id}", at=clock.now(), address="/certificates",
            course=own.title, until=renewal.until,
        )  # fmt: skip
