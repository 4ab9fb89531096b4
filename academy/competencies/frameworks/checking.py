"""What keeps a draft from being published."""

from collections import Counter
from collections.abc import Container, Iterator
from dataclasses import dataclass

from academy.base.i18n import _l
from academy.base.text import LocalizedText
from academy.competencies.frameworks.content import MOST_COMPETENCIES, MOST_DOMAINS, NO_TEXT, Content


@dataclass(frozen=True, slots=True)
class Finding:
    """An open point about a part; `stops` when nothing can be published before it is closed."""

    sentence: str
    key: str = ""
    name: LocalizedText = NO_TEXT
    sort: str = "details"
    stops: bool = True


def checklist(content: Content, labels: Container[str] = (), taken: Container[str] = ()) -> list[Finding]:
    """Return the open points. `labels` are of former versions; `taken` are codes that other frameworks have."""
    return [*_of_the_whole(content, labels), *_of_the_codes(content, taken), *_of_the_texts(content)]


def _of_the_whole(content: Content, labels: Container[str]) -> Iterator[Finding]:
    if not content.label or content.label in labels:
        yield Finding(_l("The version needs a number that no earlier version has."))
    if not content.holding:
        yield Finding(_l("There is no competency yet."), sort="tree")
    if not content.title.complete:
        yield Finding(_l("The title is needed in Arabic and in English."))
    if len(content.scale) < 2 or any(not (step.name.complete and step.meaning.complete) for step in content.scale):
        yield Finding(_l("Every level of the scale needs a name and a meaning in both languages."), sort="scale")
    if len(content.domains) > MOST_DOMAINS or sum(1 for _each in content.competencies) > MOST_COMPETENCIES:
        yield Finding(_l("A framework has at most 60 domains and 500 competencies."), sort="tree")


def _of_the_codes(content: Content, taken: Container[str]) -> Iterator[Finding]:
    counts = Counter(each.key for each in content.parts)
    for part in content.parts:
        if part.key in taken:
            yield Finding(_l("Another framework already has this code."), part.key, part.name, "tree")
        if counts[part.key] > 1:
            yield Finding(_l("This code stands twice."), part.key, part.name, "tree")


def _of_the_texts(content: Content) -> Iterator[Finding]:
    for domain in content.domains:
        if not domain.competencies:
            yield Finding(_l("This domain has no competency."), domain.key, domain.name, "domain")
        if not domain.name.complete:
            yield Finding(_l("The name is needed in Arabic and in English."), domain.key, domain.name, "domain")
    for each in content.competencies:
        if each.retired:
            continue
        if not (each.name.complete and each.definition.complete):
            said = _l("The name and the definition are needed in Arabic and in English.")
            yield Finding(said, each.key, each.name, "competency")
        if any(not each.levels.get(level, NO_TEXT).complete for level in content.levels):
            said = _l("Every level needs an indicator in Arabic and in English.")
            yield Finding(said, each.key, each.name, "competency")
