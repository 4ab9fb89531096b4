"""What kinds of notices belong to: a subject of everybody's, or a circle of people with a duty. Slices say it beside their kinds."""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import Any, Protocol, TypeVar

from academy.base.access import ADMINISTRATOR, COMMITTEE, REVIEWER, TRAINER, Actor, keeps
from academy.base.i18n import _l


class WithName(Protocol):
    """A kind, as far as it matters here."""

    @property
    def name(self) -> str: ...


K = TypeVar("K", bound=WithName)


@dataclass(frozen=True, slots=True)
class Circle:
    """People whom some kinds of notices reach, and what stands above these kinds where letters are chosen."""

    name: str
    label: Any
    holds: Callable[[Actor], bool] = lambda actor: True


LEARNING = Circle("learning", _l("Your courses, programmes and results"))
ENTERING = Circle("entering", _l("Your requests and exemptions"))
GROWING = Circle("growing", _l("Your competencies and ratings"))
AIMING = Circle("aiming", _l("Your goals and appraisals"))
HOLDING = Circle("holding", _l("Your certificates"))
TALKING = Circle("talking", _l("Your messages and discussions"))
LEADERS = Circle(
    "leaders",
    _l("About people you lead or look after"),
    lambda actor: actor.leads or actor.matrix or actor.has(ADMINISTRATOR),
)
TEACHERS = Circle(
    "teachers",
    _l("About what you teach, write or review"),
    lambda actor: any(actor.has(role) for role in (TRAINER, REVIEWER, ADMINISTRATOR)),
)
KEEPERS = Circle("keepers", _l("About certificates you keep"), keeps)
JUDGES = Circle("judges", _l("About accreditation"), lambda actor: actor.has(ADMINISTRATOR) or actor.has(COMMITTEE))
ADMINISTRATORS = Circle(
    "administrators", _l("About organisations you administer"), lambda actor: actor.has(ADMINISTRATOR)
)
ORDER = (LEARNING, ENTERING, GROWING, AIMING, HOLDING, TALKING, LEADERS, TEACHERS, KEEPERS, JUDGES, ADMINISTRATORS)
_circle_of: dict[str, Circle] = {}


def belong_to(circle: Circle, *names: str) -> None:
    """Say of kinds that they reach people of one circle alone. Of whom nothing is said are everybody's, about learning."""
    _circle_of.update(dict.fromkeys(names, circle))


def circle_of(name: str) -> Circle:
    """Return what a kind belongs to."""
    return _circle_of.get(name, LEARNING)


def reaching(actor: Actor, offered: Collection[K], told: Collection[str] = ()) -> list[K]:
    """Return those of some kinds that can reach somebody, with those of which they were told before."""
    return [kind for kind in offered if kind.name in told or circle_of(kind.name).holds(actor)]


def grouped(offered: Collection[K]) -> list[tuple[Circle, list[K]]]:
    """Return kinds under the circles that they reach; a circle of none is left out."""
    groups = [(circle, [kind for kind in offered if circle_of(kind.name) == circle]) for circle in ORDER]
    return [(circle, members) for circle, members in groups if members]
