"""Finding a course: search, filters, cards."""

from dataclasses import dataclass
from decimal import Decimal

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue

from academy.base.arabic import search_terms
from academy.base.i18n import _, _l
from academy.base.text import LocalizedText, clean_line
from academy.catalogue.kinds import lookups
from academy.catalogue.queries import CourseCard, cards
from academy.learning import rules
from academy.learning.models import COMPLETED
from academy.learning.queries import my_states
from academy.learning.routes.blueprints import bp
from academy.web.access import public
from academy.web.filters import in_digits, percent, plain
from academy.web.identity import current_actor
from academy.web.pagination import Page, asked_page

SIZE = 24
LEVELS = {1: _l("Basic"), 2: _l("Intermediate"), 3: _l("Advanced"), 4: _l("Expert")}
HOURS = {
    rules.SHORT: _l("Up to 2 hours"),
    rules.MIDDLE: _l("2 to 5 hours"),
    rules.LONG: _l("More than 5 hours"),
}
DONE = {COMPLETED: _l("Completed"), "exempted": _l("Exempted")}
MINE = {
    "new": _l("Not yet enrolled"),
    "active": _l("In progress"),
    "completed": _l("Completed"),
    "exempted": _l("Exempted"),
}


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the visitor looks for, as the address says it; values that are not choices count as none."""

    words: str
    level: str
    competency: str
    hours: str
    mine: str

    @property
    def filtered(self) -> bool:
        """Whether anything but words narrows the list."""
        return bool(self.level or self.competency or self.hours or self.mine)


@dataclass(frozen=True, slots=True)
class Card:
    """A course as the card component shows it."""

    url: str
    key: str
    title: LocalizedText
    summary: LocalizedText
    hours: Decimal
    lessons: int
    has_certificate: bool
    state: str
    reason: str


@bp.get("/courses")
@public
def catalogue() -> ResponseReturnValue:
    """List the courses the visitor may see, narrowed by words and filters."""
    visitor, wanted = current_actor(), _wanted()
    terms = search_terms(wanted.words)
    found = cards(visitor, terms=terms)
    states = my_states(visitor.person_id) if visitor else {}
    # Where the words find nothing, the filter stays and offers what there is: whoever searches on needs it most.
    competencies = _competencies(found or (cards(visitor) if terms else []))
    chosen = [card for card in found if _fits(card, wanted, states)]
    return render_template(
        "learning/catalogue.html",
        wanted=wanted,
        only_stop_words=bool(wanted.words) and not terms,
        page=_page([_card(card, states) for card in chosen]),
        without_filters=len(found),
        levels=[(str(level), name) for level, name in LEVELS.items()],
        hours=[(band, in_digits(str(name))) for band, name in HOURS.items()],
        mine=list(MINE.items()),
        competencies=competencies,
    )


def _wanted() -> Wanted:
    asked = request.args.get
    level, hours, mine = asked("level", ""), asked("hours", ""), asked("mine", "")
    return Wanted(
        words=clean_line(asked("q", ""))[:200],
        level=level if level in {str(known) for known in LEVELS} else "",
        competency=clean_line(asked("competency", ""))[:40],
        hours=hours if hours in HOURS else "",
        mine=mine if mine in MINE and current_actor() else "",
    )


def _fits(card: CourseCard, wanted: Wanted, states: dict[int, tuple[str, float]]) -> bool:
    state = states.get(card.id, ("new", 0.0))[0]
    return (
        wanted.level in ("", str(card.level))
        and wanted.hours in ("", rules.hours_band(card.hours))
        and wanted.mine in ("", state)
        and (not wanted.competency or wanted.competency in {each["key"] for each in card.competencies})
    )


def _competencies(found: list[CourseCard]) -> list[tuple[str, str]]:
    """Return the competencies that the found courses raise, with their names where these are known."""
    keys = sorted({str(each["key"]) for card in found for each in card.competencies})
    names = dict(lookups.competency_choices()) if keys and lookups.competency_choices else {}
    return [(key, plain(names[key]) if key in names else key) for key in keys]


def _page(shown: list[Card]) -> Page:
    pages = max(1, -(-len(shown) // SIZE))
    number = min(asked_page(), pages)
    return Page(shown[(number - 1) * SIZE : number * SIZE], number, pages, len(shown))


def _card(card: CourseCard, states: dict[int, tuple[str, float]]) -> Card:
    state, fraction = states.get(card.id, ("", 0.0))
    going_on = _("In progress · %(share)s", share=percent(fraction)) if fraction else _("Enrolled")
    return Card(
        url=url_for("learning.course", key=card.key),
        key=card.key,
        title=card.title,
        summary=card.summary,
        hours=card.hours,
        lessons=card.lessons,
        has_certificate=card.gives_certificate,
        state=str(DONE[state]) if state in DONE else "",
        reason=going_on if state and state not in DONE else "",
    )
