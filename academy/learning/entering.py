"""In the background: telling deciders, learners and those who move up; requests that go on in silence; seats that are filled."""

from datetime import timedelta

from academy.base import clock
from academy.base.i18n import _l
from academy.base.jobs import enqueue, job
from academy.base.text import LocalizedText
from academy.learning import exempting, services
from academy.learning import queries as learning
from academy.learning.models.requests import APPROVED, EXEMPTION
from academy.learning.queries import due_days, entry
from academy.learning.queries import requests as queries
from academy.notices import kinds
from academy.notices.services import tell

BATCH = 200

kinds.add_value("learner", _l("Name of the learner"), LocalizedText("خالد الحربي", "Khalid Alharbi"))
kinds.add_value("position", _l("Place in the waiting list, as a bare number"), 2)
REQUEST_WAITING = kinds.add(
    kinds.Kind(
        "request_waiting",
        _l("A request waits for you: %(learner)s"),
        (
            _l("%(learner)s asks for a place: %(title)s."),
            _l("Their words: %(note)s"),
            _l("Without an answer until %(until)s, the request goes on to the next in line."),
        ),
        _l("Decide about the request"),
        icon="inbox",
        secret=True,
        label=_l("Requests that wait for my decision"),
    )
)
REQUEST_APPROVED = kinds.add(
    kinds.Kind(
        "request_approved",
        _l("Your request was approved: %(title)s"),
        (
            _l("You asked for a place: %(title)s. It was approved."),
            _l("Decided by: %(by)s."),
            _l("A word with it: %(reason)s"),
            _l("No seat is free at the moment. Your place in the waiting list: %(position)s."),
        ),
        _l("Open its page"),
        icon="check",
        label=_l("Answers to my requests"),
    )
)
REQUEST_REFUSED = kinds.add(
    kinds.Kind(
        "request_refused",
        _l("Your request was refused: %(title)s"),
        (
            _l("You asked for a place: %(title)s. It was refused."),
            _l("Decided by: %(by)s."),
            _l("The reason: %(reason)s"),
        ),
        _l("Open its page"),
        icon="info",
        label=_l("Refusals of my requests"),
    )
)
SEAT_GIVEN = kinds.add(
    kinds.Kind(
        "seat_given",
        _l("A seat for you: %(course)s"),
        (_l("A seat became free, and you were the first in the waiting list of %(course)s. You have a place now."),),
        _l("Open the course"),
        icon="book-open",
        label=_l("Seats from a waiting list"),
    )
)

kinds.belong_to(kinds.ENTERING, REQUEST_APPROVED, REQUEST_REFUSED, SEAT_GIVEN)
kinds.belong_to(kinds.LEADERS, REQUEST_WAITING)
kinds.stands_while(REQUEST_WAITING, lambda ids: queries.still_waiting(list(ids)))
kinds.stands_while(SEAT_GIVEN, learning.still_learning)


@job("learning.tell_turn", _l("Tell whoever decides that a request waits"))
def tell_turn(request_id: int, number: int) -> None:
    """Tell whoever's turn it is that a request waits; administrators all at once. Each letter carries a link of its own.

    Where nobody but the learner or the proposer administers the organisation, the academy's administrators are told: they decide.
    """
    about, turn = queries.request(request_id), queries.turn(request_id, number)
    if about is None or turn is None or about.state != "waiting":
        return
    part = about.learner_id, about.asked_by_id  # nobody decides what they proposed, or for themselves
    offices = due_days.administrators_of(about.organisation_id, but=part)
    told = [turn.decider_id] if turn.decider_id is not None else offices
    exempts = about.about == EXEMPTION
    for person_id in told:
        if person_id in part:
            continue
        token = services.make_link(request_id, person_id, at=clock.now())
        tell(
            person_id, exempting.EXEMPTION_WAITING if exempts else REQUEST_WAITING, f"request:{request_id}:{number}", at=clock.now(), address=f"/requests/{request_id}",
            letter_address=f"/decide/{token}", about_id=request_id, learner=about.learner, title=about.title,
            note=about.note or None, until=turn.ends_at, **({"by": about.proposed_by} if exempts else {}),
        )  # fmt: skip


@job("learning.tell_answer", _l("Tell a learner what was decided about a request"))
def tell_answer(request_id: int) -> None:
    """Tell a learner what was decided about their request; once."""
    about = queries.request(request_id)
    if about is None or (about.about == EXEMPTION and about.state == APPROVED):
        return
    if about.about == EXEMPTION:
        exempting.tell_refused(about)
        return
    approved, position = about.state == APPROVED, None
    if approved and about.course_id is not None:
        position = entry.entry_of_course(about.course_id, about.learner_id).position
    address = f"/courses/{about.key}" if about.kind == "course" else f"/programmes/{about.key}"
    tell(
        about.learner_id, REQUEST_APPROVED if approved else REQUEST_REFUSED, f"answer:{request_id}", at=clock.now(),
        address=address, title=about.title, by=about.decided_by, reason=about.reason or None, position=position,
    )  # fmt: skip


@job("learning.tell_seat", _l("Tell a learner of a seat that became free"))
def tell_seat(waiting_id: int) -> None:
    """Tell whoever moved up from a waiting list; once."""
    if (about := entry.moved_up(waiting_id)) is not None:
        tell(
            about.learner_id, SEAT_GIVEN, f"seat:{waiting_id}", at=clock.now(), address=f"/courses/{about.course_key}",
            about_id=about.enrolment_id, course=about.course,
        )  # fmt: skip


@job("learning.silent_requests", _l("Pass on requests that nobody answered"), every=timedelta(hours=1))
def silent_requests() -> None:
    """Let the requests go on that nobody answered in time."""
    at = clock.now()
    for request_id, number in queries.silent_turns(at, most=BATCH):
        services.escalate(request_id, number, at=at)


@job("learning.fill_seats", _l("Give the free seats of a course"))
def fill_seats(course_id: int) -> None:
    """Give the free seats of a course to those who wait."""
    services.fill_seats(course_id, at=clock.now())


@job("learning.all_seats", _l("See to the seats of all courses"), every=timedelta(hours=1))
def all_seats() -> None:
    """See to the seats of every course that counts them, whatever way a place ended."""
    slot = clock.now().strftime("%Y%m%d%H")
    for course_id in entry.courses_with_seats():
        enqueue("learning.fill_seats", unique_key=f"seats:{course_id}:{slot}", course_id=course_id)
