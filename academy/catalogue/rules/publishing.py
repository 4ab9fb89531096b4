"""What a course needs before it can be published."""

from collections.abc import Sequence
from dataclasses import dataclass

from academy.base.text import LocalizedText
from academy.catalogue.rules.texts import N_, NO_TEXT


@dataclass(frozen=True, slots=True)
class Finding:
    """Something to put right before publishing: a sentence (English msgid), its values, and the activity it stands in.

    `where` names the page that mends it: "details", "outline" or "activity". One that does not `block` is to be minded.
    """

    sentence: str
    where: str
    values: tuple[tuple[str, object], ...] = ()
    activity_key: str | None = None
    title: LocalizedText = NO_TEXT
    blocks: bool = True


@dataclass(frozen=True, slots=True)
class Plan:
    """What the rule reads of a draft; `activities` are (required, key, title) in order, removed ones left out."""

    title: LocalizedText
    summary: LocalizedText
    units: Sequence[LocalizedText]
    activities: Sequence[tuple[bool, str, LocalizedText]]
    unpublished_prerequisites: Sequence[LocalizedText]
    language: str


def findings(plan: Plan) -> list[Finding]:
    """Return what keeps a draft from being published, apart from what its activities' kinds say."""
    found: list[Finding] = []
    if not getattr(plan.title, plan.language):
        found.append(Finding(N_("The course needs a title in the academy's main language."), "details"))
    if not plan.summary:
        found.append(Finding(N_("The course needs a summary."), "details"))
    if not plan.units:
        found.append(Finding(N_("The course needs at least one unit."), "outline"))
    if not any(required for required, _key, _title in plan.activities):
        found.append(Finding(N_("The course needs at least one required activity."), "outline"))
    if not all(plan.units):
        found.append(Finding(N_("A unit has no title."), "outline"))
    for _required, key, title in plan.activities:
        if not title:
            found.append(Finding(N_("An activity has no title."), "activity", activity_key=key))
    waiting = N_("A course that must be completed first is not published.")
    return [*found, *(Finding(waiting, "details", title=title) for title in plan.unpublished_prerequisites)]
