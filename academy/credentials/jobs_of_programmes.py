"""Background work for certificates of programmes: issuing them, beginning renewals, telling people of theirs."""

from datetime import date, timedelta

from academy.base import clock
from academy.base.i18n import _l
from academy.base.jobs import enqueue, job
from academy.credentials import queries_of_programmes as queries
from academy.credentials import services_of_programmes as services
from academy.credentials.queries_of_renewal import offers
from academy.learning.models import Enrolment
from academy.learning.models.renewals import LAPSED, RENEWING
from academy.learning.queries import enrolment
from academy.learning.queries.renewals import overdue_programme_renewals, programme_renewal
from academy.learning.services import assign
from academy.learning.services.programmes import lapse_programme_renewal
from academy.notices import kinds
from academy.notices.services import tell

BATCH = 200
ISSUE = "credentials.issue_programme:"


def key_of(place_id: int) -> str:
    """Return the key of the one job that issues the certificate of a completed place."""
    return f"{ISSUE}{place_id}"


@job("credentials.issue_programme", _l("Issue the certificate of a programme"))
def issue_programme(place_id: int) -> None:
    """Issue the certificate of a completed programme; a failure stands in the job list and is tried again."""
    services.issue_for_programme(place_id, at=clock.now())


@job("credentials.issue_programme_renewal", _l("Issue the renewed certificate of a programme"))
def issue_programme_renewal(renewal_id: int) -> None:
    """Issue the certificate that a completed renewal earned."""
    services.issue_for_renewal(renewal_id, at=clock.now())


@job(
    "credentials.issue_missing_programmes",
    _l("Find completed programmes without a certificate"),
    every=timedelta(hours=1),
)
def issue_missing_programmes() -> None:
    """Queue the issue for programmes completed before they gave certificates; those that wait or failed stay as they are."""
    for place_id in queries.unissued(ISSUE, most=BATCH):
        enqueue("credentials.issue_programme", unique_key=key_of(place_id), place_id=place_id)


@job(
    "credentials.look_at_programme_endings",
    _l("Find certificates of programmes that end soon"),
    every=timedelta(days=1),
)
def look_at_programme_endings() -> None:
    """Queue the renewals that begin by themselves, and end those whose shorter way is over."""
    day = clock.today().isoformat()
    for programme_id in queries.automatic_programmes():
        _queue(programme_id, day, 0)
    for renewal_id in overdue_programme_renewals(clock.today(), most=5 * BATCH):
        lapse_programme_renewal(renewal_id, at=clock.now())


def _queue(programme_id: int, day: str, after_id: int) -> None:
    key = f"renew:programme:{programme_id}:{day}:{after_id}"
    enqueue(
        "credentials.begin_programme_renewals", unique_key=key, programme_id=programme_id, day=day, after_id=after_id
    )


@job("credentials.begin_programme_renewals", _l("Begin renewals of a programme's certificates whose window is open"))
def begin_programme_renewals(programme_id: int, day: str, after_id: int) -> None:
    """Begin the renewals of the next 200 certificates of a programme, then queue the rest. A shorter course is due by the last day."""
    today, terms = date.fromisoformat(day), queries.programme_terms([programme_id]).get(programme_id)
    if terms is None or not terms.automatic:
        return
    batch = queries.programmes_to_begin(programme_id, terms, today, after_id=after_id, most=BATCH)
    for held in batch:
        renewal = services.begin_quietly(held, at=clock.now())
        place: Enrolment | None = enrolment(renewal.enrolment_id) if renewal and renewal.enrolment_id else None
        if place is not None:
            due_on = max(held.expires_on or today, today)
            assign(place.course_id, [place.learner_id], by_id=None, due_on=due_on, at=clock.now())
    if len(batch) == BATCH:
        _queue(programme_id, day, batch[-1].id)


@job("credentials.tell_programme_renewal", _l("Tell somebody of the renewal of their programme's certificate"))
def tell_programme_renewal(renewal_id: int) -> None:
    """Tell a holder that a rule or their manager began to renew their certificate, or that the shorter way is over."""
    renewal = programme_renewal(renewal_id)
    found = queries.offer_of(renewal.programme_id) if renewal is not None else None
    if renewal is None or found is None:
        return
    if renewal.state == RENEWING and renewal.begun_by_id != renewal.learner_id:
        place = enrolment(renewal.enrolment_id) if renewal.enrolment_id else None
        on = offers({place.course_id}).get(place.course_id) if place else None
        address = f"/courses/{on.key}" if on else f"/programmes/{found.key}"
        tell(
            renewal.learner_id, kinds.RENEWAL_BEGAN, f"programme-renewal:{renewal.id}", at=clock.now(), address=address,
            course=found.title, on=on.title if on else found.title, until=renewal.continues_from,
        )  # fmt: skip
    elif renewal.state == LAPSED:
        tell(
            renewal.learner_id, kinds.RENEWAL_LAPSED, f"programme-lapsed:{renewal.id}", at=clock.now(),
            address="/certificates", course=found.title, until=renewal.until,
        )  # fmt: skip
