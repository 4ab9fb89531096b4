"""The lines of a course's outline. What they say is the same for every learner, so it is put together once and kept.

It is kept by all that it says, never by what it belongs to: a line that changed is another line.
"""

from collections.abc import Callable, Mapping
from functools import lru_cache

from markupsafe import Markup, escape

from academy.base.i18n import _, current_language
from academy.base.text import LocalizedText
from academy.catalogue import kinds
from academy.learning.queries import Path, PathStep
from academy.web.addresses import addresses_of
from academy.web.drawing import icon
from academy.web.filters import digits, text
from academy.web.filters import minutes as minutes_in_words

MOST_KEPT = 2_048
OPTIONAL, DONE = Markup(' <small class="muted">{}</small>'), Markup('<span class="visually-hidden"> ({})</span>')
LINE = Markup('<span class="row-text">{}{}{}</span>\n          <small class="muted">{}{}</small>')


def outline_lines(path: Path, enrolment_id: int | None) -> Mapping[int, Markup]:
    """Return the lines of each unit, by its number; they lead to the activities of a place on the course if one is given.

    Written here and not in the template, where each of a hundred lines takes six escapes instead of one.
    """
    reader = current_language(), digits()
    address = addresses_of("learning.activity", "activity_key", enrolment_id=enrolment_id) if enrolment_id else None
    return {
        unit.number: Markup("\n".join(_written(step, address, *reader) for step in unit.activities))
        for unit in path.units
    }


def _written(step: PathStep, address: Callable[[str], str] | None, language: str, shown_digits: str) -> str:
    said = _line(step.title, step.kind, step.minutes, step.required, step.state == "done", language, shown_digits)
    if address is None:
        return f'<li><span class="row-link">{icon(kinds.of(step.kind).icon)} {said}</span></li>'
    tick = icon("check") if step.state == "done" else ""
    way = f'<a class="row-link" href="{escape(address(step.key))}"><span class="tick">{tick}</span> {said}</a>'
    return f'<li class="{step.state}">{way}</li>'


@lru_cache(MOST_KEPT)
def _line(
    title: LocalizedText, kind: str, minutes: int, required: bool, done: bool, _language: str, _digits: str
) -> Markup:
    """One line in the language and the digits of the reader at hand, by which it is kept as well."""
    return LINE.format(
        text(title),
        "" if required else OPTIONAL.format(_("optional")),
        DONE.format(_("done")) if done else "",
        str(kinds.of(kind).label),
        f" · {minutes_in_words(minutes)}" if minutes else "",
    )
