"""What the home page says: the greeting, the one next step, the courses as cards."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from flask import url_for

from academy.base.clock import RIYADH
from academy.base.i18n import _, current_language, ngettext
from academy.base.text import LocalizedText
from academy.catalogue.queries import CourseCard
from academy.competencies.queries import PersonStanding
from academy.home import rules
from academy.home.queries import Offer
from academy.learning.queries import MyCourse
from academy.web.filters import in_digits, number, plain


@dataclass(frozen=True, slots=True)
class Hero:
    """The next step: a greeting, what to do, what to know about it, why (for a recommendation), and the button."""

    greeting: str
    title: str
    facts: str
    label: str
    url: str
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Card:
    """A course as the card component draws it."""

    url: str
    key: str
    title: LocalizedText
    summary: LocalizedText
    hours: Decimal
    lessons: int
    has_certificate: bool
    reason: str
    state: str


def greeting(name: LocalizedText, at: datetime) -> str:
    """Greet somebody by the time of day in Riyadh."""
    called = rules.given_name(name.show(current_language()))
    part = rules.part_of_day(at.astimezone(RIYADH).hour)
    if part == rules.MORNING:
        return _("Good morning, %(name)s", name=called)
    if part == rules.AFTERNOON:
        return _("Good afternoon, %(name)s", name=called)
    return _("Good evening, %(name)s", name=called)


def hero(said: str, course: MyCourse | None, offer: Card | None) -> Hero:
    """Return the one next step: go on with a course, else start the recommended one, else look around."""
    if course is not None:
        begun = course.standing != "not_started" and bool(course.done or course.last_activity_at)
        title = plain(course.title)
        return Hero(
            greeting=said,
            title=_("Continue: %(course)s", course=title) if begun else _("Start: %(course)s", course=title),
            facts=_about(course, begun),
            label=_("Continue learning") if begun else _("Start the course"),
            url=url_for("learning.go_on", key=course.course_key),
        )
    if offer is not None:
        return Hero(
            greeting=said,
            title=_("A good next step: %(course)s", course=plain(offer.title)),
            facts=plain(offer.summary),
            label=_("See the course"),
            url=offer.url,
            reason=offer.reason,
        )
    return Hero(
        greeting=said,
        title=_("Everything is done for now"),
        facts=_("Nothing is waiting. The catalogue shows every course that is open."),
        label=_("Browse courses"),
        url=url_for("learning.catalogue"),
    )


def _about(course: MyCourse, begun: bool) -> str:
    """Say where the course stands, in short clauses."""
    clauses = []
    if begun:
        done, required = number(course.done), number(course.required)
        clauses.append(_("%(done)s of %(required)s activities completed", done=done, required=required))
    if course.next_title is not None:
        following = plain(course.next_title)
        clauses.append(
            _("next: “%(activity)s”", activity=following) if begun else _("First: “%(activity)s”", activity=following)
        )
    if course.minutes_left:
        clauses.append(
            in_digits(
                ngettext("about %(num)d minute to go", "about %(num)d minutes to go", course.minutes_left)
                if course.minutes_left < 90
                else ngettext("about %(num)d hour to go", "about %(num)d hours to go", round(course.minutes_left / 60))
            )
        )
    return " · ".join(clauses)


def recommended(found: list[rules.Recommended[Offer]], standing: PersonStanding) -> list[Card]:
    """Return the recommended courses as cards, each with its reason."""
    names = {each.key: each.name for domain in standing.domains for each in domain.competencies}
    return [_offered(each.course, names.get(each.competency or "")) for each in found]


def _offered(offer: Offer, raises: LocalizedText | None) -> Card:
    return Card(
        url=url_for("learning.course", key=offer.key),
        key=offer.key,
        title=offer.title,
        summary=offer.summary,
        hours=offer.hours,
        lessons=offer.lessons,
        has_certificate=offer.gives_certificate,
        reason=_("Raises: %(competency)s", competency=plain(raises)) if raises else "",
        state="",
    )


def public_card(card: CourseCard) -> Card:
    """Return a public course as a card."""
    return Card(
        url=url_for("learning.course", key=card.key),
        key=card.key,
        title=card.title,
        summary=card.summary,
        hours=card.hours,
        lessons=card.lessons,
        has_certificate=card.gives_certificate,
        reason="",
        state="",
    )
