"""The rows that the player's outline component draws."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from academy.base.i18n import _
from academy.base.text import LocalizedText
from academy.catalogue import kinds
from academy.learning.queries import Path, PathStep, Step
from academy.web.addresses import addresses_of
from academy.web.filters import in_digits, text


@dataclass(frozen=True, slots=True)
class OutlineActivity:
    """One line of the outline."""

    title: str
    url: str
    state: str
    current: bool
    note: str


@dataclass(frozen=True, slots=True)
class OutlineUnit:
    """A unit of the outline with its lines."""

    title: str
    activities: Sequence[OutlineActivity]


def outline_units(way: Path, here: Step) -> list[OutlineUnit]:
    """Return the outline of a learner's course, the activity they are in marked."""
    address = addresses_of("learning.activity", "activity_key", enrolment_id=here.enrolment_id)
    return [
        OutlineUnit(_unit_title(unit.number, unit.title), [_line(each, here, address) for each in unit.activities])
        for unit in way.units
    ]


def _unit_title(number: int, title: LocalizedText) -> str:
    return _("Unit %(number)s: %(title)s", number=in_digits(str(number)), title=text(title))


def _line(step: PathStep, here: Step, address: Callable[[str], str]) -> OutlineActivity:
    kind = kinds.of(step.kind)
    notes = [] if kind.completes == "read" else [str(kind.label)]
    if not step.required:
        notes.append(_("optional"))
    return OutlineActivity(
        title=text(step.title),
        url=address(step.key),
        state=step.state,
        current=step.id == here.activity.id,
        note=" · ".join(notes),
    )
