"""What a programme needs before it can be published."""

from collections.abc import Sequence
from dataclasses import dataclass

from academy.base.text import LocalizedText
from academy.learning.rules.programmes import GroupPlan

NO_TEXT = LocalizedText()


def N_(msgid: str) -> str:
    """Mark a sentence for translation that is translated later, where it is shown."""
    return msgid


@dataclass(frozen=True, slots=True)
class Finding:
    """Something about a draft: a sentence (English msgid), where it is mended ("details" or "steps") and about what.

    `stops` says whether it keeps the draft from being published, or is only to be known.
    """

    sentence: str
    where: str
    title: LocalizedText = NO_TEXT
    stops: bool = True


@dataclass(frozen=True, slots=True)
class Draft:
    """What the rule reads of a draft; `closed` are titles of courses that not everyone whom it is for may take."""

    title: LocalizedText
    summary: LocalizedText
    language: str
    groups: Sequence[tuple[GroupPlan, LocalizedText]]
    closed: Sequence[LocalizedText] = ()
    absent: Sequence[LocalizedText] = ()


def findings(draft: Draft) -> list[Finding]:
    """Return what keeps a draft from being published, then what must be known before it is."""
    found: list[Finding] = []
    if not getattr(draft.title, draft.language):
        found.append(Finding(N_("The programme needs a title in the academy's main language."), "details"))
    if not draft.summary:
        found.append(Finding(N_("The programme needs a summary."), "details"))
    if not any(group.needed and group.steps for group, _title in draft.groups):
        found.append(Finding(N_("The programme needs at least one required step."), "steps"))
    for group, title in draft.groups:
        if not group.steps:
            found.append(Finding(N_("A group has no steps."), "steps", title))
        elif group.needed > len(group.counting):
            found.append(Finding(N_("A group needs more steps than it has."), "steps", title))
    closed = N_("This course is not published, is retired, or may not be taken by everyone whom the programme is for.")
    found += [Finding(closed, "steps", title) for title in draft.closed]
    absent = N_(
        "The academy does not have this step yet. Until it does, learners see it as not yet available and nobody can complete the programme."
    )
    return found + [Finding(absent, "steps", title, stops=False) for title in draft.absent]
