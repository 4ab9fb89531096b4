"""The register of activity kinds. The catalogue holds activities without knowing what a quiz is; kinds add themselves."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from flask_babel import LazyString

from academy.base import erasing
from academy.base.i18n import _l
from academy.base.text import LocalizedText
from academy.catalogue.rules.texts import NamedText as NamedText


@dataclass(frozen=True, slots=True)
class Problem:
    """Something that keeps a course from being published: the English msgid of a sentence and its values.

    A value named `problem` is a msgid itself and is translated too. One that does not `block` is only to be minded.
    """

    sentence: str
    values: tuple[tuple[str, object], ...] = ()
    blocks: bool = True


@dataclass(frozen=True, slots=True)
class NewActivity:
    """What a kind is told when an activity of it is made."""

    course_id: int
    key: str
    title: LocalizedText
    actor_id: int | None
    at: datetime


Review = tuple[list[Problem], list[NamedText], object]


def _empty(new: NewActivity) -> dict[str, Any]:
    return {}


def _same(content: dict[str, Any], at: datetime) -> dict[str, Any]:
    return dict(content)


def _nothing(content: dict[str, Any]) -> list[Problem]:
    return []


def _ignore(content: dict[str, Any], at: datetime) -> None:
    return None


def _keep_name(content: dict[str, Any], title: LocalizedText) -> None:
    return None


def _no_facts(contents: Sequence[dict[str, Any]]) -> list[list[tuple[str, object]]]:
    return [[] for _content in contents]


def _no_texts(contents: Sequence[dict[str, Any]]) -> list[list[NamedText]]:
    return [[] for _content in contents]


def _themselves(contents: Sequence[dict[str, Any]]) -> list[object]:
    return list(contents)


@dataclass(frozen=True, slots=True)
class ActivityKind:
    """What the catalogue must know of a kind.

    `completes` says how learners complete it: "read" (by pressing complete), "answered" (every item placed) or "passed" (a quiz).
    `editor` is the endpoint where the author edits its content, given `activity_id`; the builtin kinds also take the course's key.
    `start` makes the content of a new activity; `copy` makes it for a new draft; `freeze` is called when the version is published;
    `rename` when the activity's title changes; `check` names what is missing (`checks` does it for many). `texts` names the authored texts of many contents at
    once (in a fixed number of statements), for the page of differences and the translation state. `facts` are the rules
    in which two versions may differ, as (English msgid, value). `reviews` does `checks`, `texts` and `prints` in one reading.
    `reading` is the template that shows a content to whoever reviews it, given as `read` what `read` returns.
    `prints` tells all that learners would meet of many contents, the same wherever it was read, for the fingerprint of a draft.
    """

    name: str
    label: LazyString
    icon: str
    completes: str
    editor: str
    start: Callable[[NewActivity], dict[str, Any]] = _empty
    copy: Callable[[dict[str, Any], datetime], dict[str, Any]] = _same
    freeze: Callable[[dict[str, Any], datetime], None] = _ignore
    rename: Callable[[dict[str, Any], LocalizedText], None] = _keep_name
    check: Callable[[dict[str, Any]], list[Problem]] = _nothing
    checks: Callable[[Sequence[dict[str, Any]]], list[list[Problem]]] | None = None
    texts: Callable[[Sequence[dict[str, Any]]], list[list[NamedText]]] = _no_texts
    facts: Callable[[Sequence[dict[str, Any]]], list[list[tuple[str, object]]]] = _no_facts
    reviews: Callable[[Sequence[dict[str, Any]]], list[Review]] | None = None
    reading: str = ""
    read: Callable[[dict[str, Any]], Any] = _nothing
    prints: Callable[[Sequence[dict[str, Any]]], list[object]] = _themselves

    def problems(self, contents: Sequence[dict[str, Any]]) -> list[list[Problem]]:
        """Return what is missing in many contents, by `checks` when the kind can look at them together."""
        return self.checks(contents) if self.checks else [self.check(content) for content in contents]

    def review(self, contents: Sequence[dict[str, Any]]) -> list[Review]:
        """Return what is missing in many contents, their texts, and what of them a fingerprint tells."""
        if self.reviews:
            return self.reviews(contents)
        return list(zip(self.problems(contents), self.texts(contents), self.prints(contents), strict=True))


KINDS: dict[str, ActivityKind] = {}


def add(kind: ActivityKind) -> None:
    """Register a kind of activity; adding it again replaces it."""
    KINDS[kind.name] = kind


def of(name: str) -> ActivityKind:
    """Return a registered kind by name."""
    return KINDS[name]


# The pages about a course by what a trainer comes for; the first page of a group is where its tab leads.
TAB_GROUPS = {
    "content": _l("Content"),
    "settings": _l("Settings"),
    "learners": _l("Learners"),
    "results": _l("Results"),
    "certificates": _l("Certificates"),
}


@dataclass(frozen=True, slots=True)
class CourseTab:
    """A page about a course among the trainer's tabs: its endpoint takes the course's `key`; `group` is of TAB_GROUPS."""

    label: LazyString
    endpoint: str
    group: str


@dataclass
class Lookups:
    """What the slices above lend to the catalogue. Until the competencies are lent, any key may be written."""

    competency_choices: Callable[..., list[tuple[str, LocalizedText]]] | None = None
    role_choices: Callable[[], list[tuple[str, LocalizedText]]] | None = None
    domain_choices: Callable[[], list[tuple[str, LocalizedText]]] | None = None
    all_choices: Callable[[], tuple[list[tuple[str, LocalizedText]], list[tuple[str, LocalizedText]]]] | None = None
    names: Callable[[], dict[str, LocalizedText]] | None = None
    tabs: list[CourseTab] = field(default_factory=list)


lookups = Lookups()


def domain_names() -> dict[str, LocalizedText]:
    """Return the names of the competency domains by key; empty until they are lent."""
    return dict(lookups.domain_choices()) if lookups.domain_choices else {}


def add_tab(label: LazyString, endpoint: str, group: str, *, leads: bool = False) -> None:
    """Enter a page about a course into a group of the trainer's tabs, as its first if it leads; again replaces it."""
    assert group in TAB_GROUPS, group
    others = [tab for tab in lookups.tabs if tab.endpoint != endpoint]
    tab = CourseTab(label, endpoint, group)
    lookups.tabs = [tab, *others] if leads else [*others, tab]


erasing.keep_names("course_version", "what was published never changes")
erasing.keep_names("course_unit", "what was published never changes")
erasing.keep_names("activity", "what was published never changes")
erasing.keep_names("glossary_term", "what was published never changes")
