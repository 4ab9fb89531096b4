"""What the academy tells people, by kind. A slice above registers its own kinds with `add`."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from academy.base.i18n import _l
from academy.notices.kinds_of_audiences import About, Audience, add_audience
from academy.notices.kinds_of_circles import (
    ADMINISTRATORS,
    AIMING,
    ENTERING,
    GROWING,
    HOLDING,
    JUDGES,
    KEEPERS,
    LEADERS,
    TALKING,
    TEACHERS,
    belong_to,
)
from academy.notices.kinds_of_naming import names_people, people_with
from academy.notices.kinds_of_standing import standing, stands_for, stands_while
from academy.notices.rules import Pausing
from academy.notices.values import add_phrase, add_value

__all__ = [
    "ADMINISTRATORS", "AIMING", "ENTERING", "GROWING", "HOLDING", "JUDGES", "KEEPERS", "LEADERS", "TALKING",
    "TEACHERS", "About", "Audience", "Kind", "add", "add_audience", "add_phrase", "add_value", "always_sent",
    "belong_to", "choosable", "kind", "names_people", "open_by", "people_with", "standing", "stands_for",
    "stands_while",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of message: its sentences are msgids (lazy or plain) with `%(name)s` places for its values.

    A sentence of the body whose values were not all given is left out, as that of a due day when there is none.
    `listed`: it appears among the reader's notices. `mailed`: it is also sent as a letter. `secret`: its letter carries a link
    that opens an account; such a letter is forgotten once it is sent. `label` is how the kind is called where people choose
    their letters; `needed` says why its letters cannot be stopped, and is empty for those that can. `keeps` names the values
    that its letters always have and must say, beside those of the title and of the first sentence.
    """

    name: str
    title: Any
    body: tuple[Any, ...]
    action: Any
    icon: str = "bell"
    listed: bool = True
    mailed: bool = True
    secret: bool = False
    label: Any = ""
    needed: Any = ""
    keeps: tuple[str, ...] = ()


KINDS: dict[str, Kind] = {}
HOURS: list[Callable[[int], Pausing]] = []
NOW, DAILY, WEEKLY, NEVER = "now", "daily", "weekly", "never"
RHYTHMS = {NOW: _l("At once"), DAILY: _l("Once a day"), WEEKLY: _l("Once a week"), NEVER: _l("Never")}


def add(kind: Kind) -> str:
    """Register a kind and return its name. Registering it again replaces its words."""
    KINDS[kind.name] = kind
    return kind.name


def kind(name: str) -> Kind:
    """Return a kind by name. Raises LookupError for one that nobody registered."""
    if (found := KINDS.get(name)) is None:
        raise LookupError(f"nobody registered the kind of notice {name!r}: notices.kinds.add(…)")
    return found


def choosable() -> list[Kind]:
    """Return the kinds whose letters people may choose, in the order in which they were registered."""
    return [kind for kind in KINDS.values() if kind.label and kind.mailed and kind.listed and not kind.needed]


def always_sent() -> list[Kind]:
    """Return the kinds whose letters nobody can stop."""
    return [kind for kind in KINDS.values() if kind.label and kind.needed]


def open_by(hours: Callable[[int], Pausing]) -> None:
    """Say how to ask for the working hours of an organisation, by its id."""
    HOURS[:] = [hours]


COURSE_ASSIGNED = add(
    Kind(
        "course_assigned",
        _l("A course for you: %(course)s"),
        (
            _l("The course %(course)s was assigned to you."),
            _l("Assigned by: %(by)s."),
            _l("Please finish it by %(due)s."),
            _l("A note for you: %(note)s"),
        ),
        _l("Open the course"),
        icon="book-open",
        label=_l("Courses assigned to me"),
    )
)
REMINDER = add(
    Kind(
        "reminder",
        _l("A reminder: %(course)s"),
        (
            _l("This is a reminder of the course %(course)s."),
            _l("Reminded by: %(by)s."),
            _l("Please finish it by %(due)s."),
            _l("You have completed %(done)s of it."),
        ),
        _l("Continue the course"),
        icon="calendar-clock",
        label=_l("Reminders from my manager"),
    )
)
DUE_SOON = add(
    Kind(
        "due_soon",
        _l("Due soon: %(course)s"),
        (
            _l("The course %(course)s is due by %(due)s."),
            _l("You have until midnight, by Riyadh's clock. Working hours on that day: %(hours)s."),
            _l("You have until midnight, by Riyadh's clock. It is a day off; the last working day: %(worked)s."),
            _l("You have completed %(done)s of it."),
        ),
        _l("Continue the course"),
        icon="calendar-clock",
        label=_l("Reminders before a due day"),
    )
)
OVERDUE = add(
    Kind(
        "overdue",
        _l("Overdue: %(course)s"),
        (
            _l("The course %(course)s was due by %(due)s."),
            _l("You have completed %(done)s of it."),
        ),
        _l("Continue the course"),
        icon="calendar-clock",
        label=_l("Courses of mine that are overdue"),
    )
)
PEOPLE_LATE = add(
    Kind(
        "people_late",
        _l("People who are late: %(count)s"),
        (
            _l("They were to complete a course and have not: %(people)s."),
            _l("More of them: %(more)s."),
        ),
        _l("Look at my team"),
        icon="calendar-clock",
        label=_l("People of mine who are late"),
    )
)
COURSE_COMPLETED = add(
    Kind(
        "course_completed",
        _l("Course completed: %(course)s"),
        (_l("Well done: you have completed the course %(course)s."),),
        _l("Look at the course"),
        icon="graduation-cap",
        label=_l("Courses I have completed"),
    )
)
CERTIFICATE_ISSUED = add(
    Kind(
        "certificate_issued",
        _l("Your certificate: %(course)s"),
        (
            _l("Your certificate for %(course)s is ready."),
            _l("Its number is %(number)s."),
            _l("It is valid until %(until)s."),
        ),
        _l("Open my certificates"),
        icon="award",
        label=_l("My certificates"),
    )
)
CERTIFICATE_ENDS = add(
    Kind(
        "certificate_ends",
        _l("Your certificate ends soon: %(course)s"),
        (
            _l("Your certificate for %(course)s is valid until %(until)s."),
            _l("You can renew it from %(opens)s."),
            _l("If you renew it in time, the new one continues from that day: you lose nothing by being early."),
        ),
        _l("Open my certificates"),
        icon="calendar-clock",
        label=_l("Certificates of mine that end soon"),
    )
)
CERTIFICATES_END = add(
    Kind(
        "certificates_end",
        _l("Certificates in your team that end soon: %(count)s"),
        (
            _l("Their certificates end soon: %(people)s."),
            _l("More of them: %(more)s."),
        ),
        _l("Look at my team"),
        icon="calendar-clock",
        label=_l("Certificates of my people that end soon"),
    )
)
RENEWAL_BEGAN = add(
    Kind(
        "renewal_began",
        _l("Renew your certificate: %(course)s"),
        (
            _l("Your certificate for %(course)s is valid until %(until)s. Its renewal has begun: take %(on)s."),
            _l("Your certificate stays valid until that day, whatever you do meanwhile."),
        ),
        _l("Open the course"),
        icon="refresh-cw",
        mailed=False,
    )
)
RENEWAL_LAPSED = add(
    Kind(
        "renewal_lapsed",
        _l("The short renewal is over: %(course)s"),
        (
            _l("Your certificate for %(course)s could be renewed by a shorter course until %(until)s."),
            _l("Take all of it again to earn the certificate anew."),
        ),
        _l("Open my certificates"),
        icon="calendar-clock",
        label=_l("Short renewals of mine that are over"),
    )
)
ATTEMPT_CLOSED = add(
    Kind(
        "attempt_closed",
        _l("Your attempt was submitted: %(quiz)s"),
        (
            _l("The time of your attempt at %(quiz)s ran out. Everything you had saved was submitted."),
            _l("A person marks your answers to %(waits)s; you are told when the result is released."),
        ),
        _l("Look at the result"),
        icon="timer",
        label=_l("Attempts that were submitted when time ran out"),
    )
)
DEPUTY = add(
    Kind(
        "deputy",
        _l("You stand in for %(manager)s"),
        (
            _l("You stand in for %(manager)s from %(first)s until %(last)s."),
            _l("In these days you see their team in My team, and act for it."),
            _l("Named by: %(by)s."),
        ),
        _l("Look at my team"),
        icon="user-check",
        label=_l("That I stand in for somebody"),
    )
)
DEPUTY_OF_MINE = add(
    Kind(
        "deputy_of_mine",
        _l("%(deputy)s stands in for you"),
        (
            _l("%(deputy)s stands in for you from %(first)s until %(last)s, sees your team and acts for it."),
            _l("Named by: %(by)s."),
        ),
        _l("Look at my deputy"),
        icon="user-check",
        label=_l("That somebody stands in for me"),
    )
)
DEPUTY_ENDED = add(
    Kind(
        "deputy_ended",
        _l("Standing in has ended: %(deputy)s"),
        (
            _l("%(deputy)s stood in for %(manager)s. That has ended."),
            _l("The last day was %(last)s."),
            _l("Ended by: %(by)s."),
        ),
        _l("See who stands in for whom"),
        icon="user-check",
        label=_l("That standing in has ended"),
    )
)
PROGRAMME_ASSIGNED = add(
    Kind(
        "programme_assigned",
        _l("Assigned to you: %(programme)s"),
        (_l("The programme %(programme)s is now your duty."), _l("Complete it by %(due)s.")),
        _l("Open the programme"),
        icon="route",
        label=_l("Programmes assigned to me"),
    )
)
DUE_EXTENDED = add(
    Kind(
        "due_extended",
        _l("More time for: %(course)s"),
        (_l("The course %(course)s is now due on %(due)s."), _l("Reason: %(reason)s")),
        _l("Continue the course"),
        icon="calendar",
        label=_l("More time given to me"),
    )
)
DUTY_ENDED = add(
    Kind(
        "duty_ended",
        _l("No longer your duty: %(thing)s"),
        (
            _l("%(thing)s is no longer due from you. What you have done is kept."),
            _l("The reason: the conditions of the rule %(rule)s are no longer met in your case."),
        ),
        _l("Open its page"),
        icon="calendar",
        label=_l("Duties of mine that end"),
    )
)
DIGESTS = {
    DAILY: add(
        Kind("digest_daily", _l("Your notices of the day from %(academy)s"), (), _l("Open my notices"), listed=False)
    ),
    WEEKLY: add(
        Kind("digest_weekly", _l("Your notices of the week from %(academy)s"), (), _l("Open my notices"), listed=False)
    ),
}
DIGEST_NAMES = {DIGESTS[DAILY]: _l("The digest of the day"), DIGESTS[WEEKLY]: _l("The digest of the week")}
# Nobody is told of it: it carries the letter of another kind to whoever words that one.
LETTER_TEST = add(
    Kind(
        "letter_test",
        "",
        (),
        "",
        listed=False,
        mailed=False,
        needed=_l("You asked for this letter, to see how letters of this kind read."),
    )
)
ANNOUNCEMENT = add(
    Kind(
        "announcement",
        _l("Announcement: %(title)s"),
        (_l("%(opening)s"),),
        _l("Read the announcement"),
        icon="megaphone",
        label=_l("Announcements"),
    )
)
LEARNERS_TOLD = add(
    Kind(
        "learners_told",
        _l("%(thing)s: %(title)s"),
        (_l("%(opening)s"),),
        _l("Read the announcement"),
        icon="megaphone",
        label=_l("Announcements of my courses and programmes"),
    )
)
ANNOUNCEMENTS = (ANNOUNCEMENT, LEARNERS_TOLD)
belong_to(HOLDING, CERTIFICATE_ISSUED, CERTIFICATE_ENDS, RENEWAL_LAPSED)
belong_to(LEADERS, PEOPLE_LATE, CERTIFICATES_END, DEPUTY, DEPUTY_OF_MINE, DEPUTY_ENDED)


def worded() -> list[Kind]:
    """Return the kinds whose letters the academy may put into its own words."""
    return [kind for kind in KINDS.values() if kind.mailed]


def name_of(kind: Kind) -> str:
    """Return how a kind of letters is called."""
    return str(kind.label or DIGEST_NAMES.get(kind.name, kind.name))
