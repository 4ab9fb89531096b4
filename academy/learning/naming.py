"""What programmes, their steps and prerequisites are called on pages."""

from collections.abc import Sequence
from typing import Any

from academy.base.i18n import _, _l, current_language, ngettext
from academy.base.text import LocalizedText, isolate
from academy.learning.queries.programmes import Plan, StepRow
from academy.learning.rules import programmes
from academy.web.filters import number, plain

MOST_NAMED = 4
STEP_KINDS: dict[str, tuple[Any, str]] = {
    "course": (_l("Course"), "book-open"),
    "quiz": (_l("Quiz"), "list-checks"),
    "exam": (_l("Exam"), "clipboard-check"),
    "practice": (_l("Practice task"), "clipboard-list"),
    "scenario": (_l("Simulation"), "message-square"),
    "observation": (_l("Workplace observation"), "eye"),
    "project": (_l("Project"), "briefcase"),
}
PREREQUISITE_KINDS: dict[str, tuple[Any, str]] = {
    "undertaking": (_l("Signed undertaking"), "file-text"),
    "identity_verified": (_l("Verified identity"), "id-card"),
    "sponsor": (_l("Membership of an active partner"), "handshake"),
}
AUDIENCES: dict[str, Any] = {
    "employee": _l("People of its own organisation"),
    "partner": _l("People of partner organisations"),
    "any": _l("People of its own organisation and of partners"),
}
PLACES: dict[str, tuple[Any, str, str]] = {
    "pending": (_l("Waiting for prerequisites"), "warn", "hourglass"),
    "active": (_l("In progress"), "info", "circle-play"),
    "completed": (_l("Completed"), "ok", "check"),
    "withdrawn": (_l("Left the programme"), "", "log-out"),
}
DESK_STATES: dict[str, tuple[Any, str, str]] = {
    "draft": (_l("Draft"), "sand", "pencil"),
    "published": (_l("Published"), "ok", "check"),
    "changed": (_l("Changes not yet published"), "warn", "git-compare"),
    "retired": (_l("Retired"), "", "archive"),
}


def step_title(step: Any) -> LocalizedText:
    """Return a step's title, or the name of its kind when it has none."""
    return step.title or LocalizedText(**{current_language(): str(STEP_KINDS[step.kind][0])})


def what_is_left(plan: Plan) -> str:
    """Say in one sentence what is left of a programme; "" when nothing is."""
    if not plan.left:
        return ""
    count = sum(each.count for each in plan.left)
    named: list[str] = []
    for each in plan.left:
        titles = [_named(plan.by_key[key]) for key in each.steps]
        if each.is_choice:
            chosen = _("%(count)s of: %(steps)s", count=number(each.count), steps=_joined(titles))
            named.append(f"({chosen})")
        else:
            named += titles
    return ngettext(
        "%(count)s step left: %(steps)s.",
        "%(count)s steps left: %(steps)s.",
        count,
        count=number(count),
        steps=_joined(named),
    )


def why_locked(plan: Plan, step: StepRow) -> str:
    """Say which step must be done before this one."""
    waits_for = plan.standings[step.key].waits_for
    return _("Opens after: %(step)s", step=_named(plan.by_key[waits_for])) if waits_for else ""


def why_absent(step: StepRow) -> str:
    """Say why a step cannot be done here."""
    if step.kind in programmes.TAKEN_HERE and step.course_id is not None:
        return _("This course does not take new learners at the moment.")
    return _("Not yet available in the academy")


def _named(step: StepRow) -> str:
    return isolate(plain(step_title(step)))


def _joined(names: Sequence[str]) -> str:
    comma = "، " if current_language() == "ar" else ", "
    shown = comma.join(names[:MOST_NAMED])
    more = len(names) - MOST_NAMED
    if more <= 0:
        return shown
    return ngettext(
        "%(steps)s and %(count)s more", "%(steps)s and %(count)s more", more, steps=shown, count=number(more)
    )
