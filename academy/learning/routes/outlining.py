"""What the lines of a course's outline say: the same for every learner, so it is put together once and kept.

It is kept by all that it says, never by what it belongs to: a line that changed is another line.
"""

from collections.abc import Mapping
from functools import lru_cache

from markupsafe import Markup

from academy.base.i18n import _, current_language
from academy.base.text import LocalizedText
from academy.catalogue import kinds
from academy.learning.queries import Path
from academy.web.filters import digits, text
from academy.web.filters import minutes as minutes_in_words

MOST_KEPT = 2_048
OPTIONAL, DONE = Markup(' <small class="muted">{}</small>'), Markup('<span class="visually-hidden"> ({})</span>')
LINE = Markup('<span class="row-text">{}{}{}</span>\n          <small class="muted">{}{}</small>')


def outline_lines(path: Path) -> Mapping[int, Markup]:
    """Return what the outline says of each activity, by its id."""
    reader = current_language(), digits()
    return {
        step.id: _line(step.title, step.kind, step.minutes, step.required, step.state == "done", *reader)
        for step in path.steps
    }


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
