"""Changing what a course says of itself."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from academy.base.db import db
from academy.base.errors import Invalid
from academy.base.i18n import _l
from academy.base.text import LocalizedText
from academy.catalogue import queries
from academy.catalogue.models import CourseVersion
from academy.catalogue.refusals import Circle
from academy.catalogue.rules.prerequisites import closes_circle
from academy.catalogue.rules.texts import NO_TEXT
from academy.catalogue.services.drafting import bump, hold_draft

LEVELS = range(1, 5)


@dataclass(frozen=True, slots=True)
class Objective:
    """What learners can do afterwards; `bloom` is the level in Bloom's taxonomy or empty."""

    text: LocalizedText
    id: str = ""
    bloom: str = ""


@dataclass(frozen=True, slots=True)
class Target:
    """A competency by key and the level the course leads to (1 to 4)."""

    key: str
    level: int = 1


@dataclass(frozen=True, slots=True)
class Details:
    """Everything a course says of itself; `prerequisites` are ids of courses."""

    title: LocalizedText
    summary: LocalizedText = NO_TEXT
    intended_for: LocalizedText = NO_TEXT
    level: int = 1
    hours: Decimal = Decimal(0)
    objectives: Sequence[Objective] = ()
    competencies: Sequence[Target] = ()
    prerequisites: Sequence[int] = ()
    gives_certificate: bool = True
    validity_months: int | None = None


def change_details(version: CourseVersion, details: Details, *, revision: int | None = None) -> CourseVersion:
    """Change the details of a draft. `revision` is the one the page was opened with; an old one is refused as stale."""
    draft = hold_draft(version.id)
    bump(draft, revision)
    fill(draft, details)
    db.session.flush()
    return draft


def fill(draft: CourseVersion, details: Details) -> None:
    """Write details into a draft after checking them."""
    if details.level not in LEVELS:
        raise Invalid(_l("Choose a level from the list."), field="level")
    if closes_circle(
        draft.course_id, details.prerequisites, queries.prerequisite_graph() if details.prerequisites else {}
    ):
        raise Circle(field="prerequisites")
    draft.title, draft.summary, draft.intended_for = details.title, details.summary, details.intended_for
    draft.level, draft.hours = details.level, Decimal(details.hours)
    draft.objectives = _objectives(details.objectives)
    draft.competencies = [{"key": target.key, "level": target.level} for target in _once(details.competencies)]
    draft.prerequisites = list(dict.fromkeys(details.prerequisites))
    draft.gives_certificate = details.gives_certificate
    draft.validity_months = details.validity_months if details.gives_certificate else None


_OWN_ID = re.compile("o[0-9]{1,9}")


def _objectives(given: Sequence[Objective]) -> list[dict[str, Any]]:
    """Give every objective an id of its own; those that have one keep it."""
    numbers = [int(each.id[1:]) for each in given if _OWN_ID.fullmatch(each.id)]
    free, rows, used = max(numbers, default=0), [], set[str]()
    for each in given:
        key = each.id
        if not key or key in used:
            free += 1
            key = f"o{free}"
        used.add(key)
        rows.append({"id": key, "bloom": each.bloom, "text": each.text.as_dict()})
    return rows


def _once(targets: Iterable[Target]) -> list[Target]:
    """Keep one target for each competency, the last one said."""
    return list({target.key: target for target in targets if target.key}.values())
