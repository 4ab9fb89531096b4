"""Which competencies a job may ask for, from what the academy knows of the job title; never applied by itself (CM10).

Three sources give reasons, each for a level of its own:

- *proven*: among the active people whose title is the same or written alike, the highest level that at least half of them have
  proven. It is told only when both these people and those who proved it are as many as a small group needs, and told as “at
  least half”: the exact number would tell of the few who have not.
- *profile*: a role profile that comes with a job of alike title, or is called so itself, asks for the level.
- *duty*: a course that a rule of duties assigns to the title aims at the level.

The level suggested is the highest of the reasons; more reasons come first. Two titles are alike when at least two thirds of their
words, taken together, are in both: words without article, ending and differences of spelling, synonyms as one word.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from academy.base.arabic import search_terms
from academy.base.text import LocalizedText

PROVEN, PROFILE, DUTY = "proven", "profile", "duty"
HIGHEST = 4


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a level is suggested: `source` of the three, `people` whose title is alike, `names` of a profile and job, or a course."""

    source: str
    level: int
    people: int = 0
    names: tuple[LocalizedText, ...] = ()


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A competency that is suggested for a job title."""

    key: str
    level: int
    reasons: tuple[Reason, ...]


def alike(one: LocalizedText, other: LocalizedText) -> bool:
    """Whether two job titles say the same, in either language."""
    return any(_alike(a, b) for a, b in ((one.ar, other.ar), (one.en, other.en)) if a and b)


def _alike(one: str, other: str) -> bool:
    first, second = set(search_terms(one)), set(search_terms(other))
    return bool(first and second) and 3 * len(first & second) >= 2 * len(first | second)


def proven_by_half(at_level: Mapping[int, int], people: int, threshold: int) -> int | None:
    """Return the highest level that at least half of the people have proven, from how many stand at each; None: nothing is told."""
    if people < threshold:
        return None
    reached = 0
    for level in range(HIGHEST, 0, -1):
        reached += at_level.get(level, 0)
        if reached >= threshold and 2 * reached >= people:
            return level
    return None


def suggest(found: Iterable[tuple[str, Reason]]) -> list[Suggestion]:
    """Gather the reasons by competency: most reasons first, then the highest level."""
    reasons: dict[str, list[Reason]] = {}
    for key, reason in found:
        if 1 <= reason.level <= HIGHEST:
            reasons.setdefault(key, []).append(reason)
    rows = [Suggestion(key, max(each.level for each in why), tuple(why)) for key, why in reasons.items()]
    return sorted(rows, key=lambda row: (-len({each.source for each in row.reasons}), -row.level, row.key))
