"""Edits of a framework: each returns the content as it is afterwards; a part that is not there is a KeyError."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Literal, TypeVar

from academy.base.text import LocalizedText
from academy.competencies.frameworks.content import CompetencyText, Content, DomainText

Part = TypeVar("Part", CompetencyText, DomainText)
Direction = Literal["up", "down"]


def add_domain(content: Content, domain: DomainText) -> Content:
    """Put a domain behind the others."""
    return replace(content, domains=(*content.domains, domain))


def change_domain(content: Content, key: str, *, name: LocalizedText, purpose: LocalizedText) -> Content:
    """Change what a domain is called and what it is for."""
    return _in_domain(content, key, lambda domain: replace(domain, name=name, purpose=purpose))


def remove_domain(content: Content, key: str) -> Content:
    """Take an empty domain out."""
    _needed(content.domain(key), key)
    return replace(content, domains=tuple(each for each in content.domains if each.key != key))


def add_competency(content: Content, domain_key: str, competency: CompetencyText) -> Content:
    """Put a competency at the end of a domain."""
    return _in_domain(
        content, domain_key, lambda domain: replace(domain, competencies=(*domain.competencies, competency))
    )


def change_competency(content: Content, key: str, competency: CompetencyText, domain_key: str) -> Content:
    """Change a competency, and put it at the end of another domain when it has moved there."""
    home = _needed(content.domain_of(key), key)
    if home.key == domain_key:
        return _in_domain(content, home.key, lambda domain: _with(domain, key, competency))
    _needed(content.domain(domain_key), domain_key)
    return add_competency(remove_competency(content, key), domain_key, competency)


def remove_competency(content: Content, key: str) -> Content:
    """Take a competency out: only one that no version has had."""
    home = _needed(content.domain_of(key), key)
    return _in_domain(
        content, home.key, lambda d: replace(d, competencies=tuple(each for each in d.competencies if each.key != key))
    )


def retire(content: Content, key: str, retired: bool = True) -> Content:
    """Say that a competency no longer holds, or that it does again."""
    home = _needed(content.domain_of(key), key)
    found = _needed(content.competency(key), key)
    return _in_domain(content, home.key, lambda domain: _with(domain, key, replace(found, retired=retired)))


def move_domain(content: Content, key: str, direction: Direction) -> Content:
    """Move a domain one place."""
    return replace(content, domains=_moved(content.domains, key, direction))


def move_competency(content: Content, key: str, direction: Direction) -> Content:
    """Move a competency one place within its domain."""
    home = _needed(content.domain_of(key), key)
    return _in_domain(
        content, home.key, lambda domain: replace(domain, competencies=_moved(domain.competencies, key, direction))
    )


def _in_domain(content: Content, key: str, change: Callable[[DomainText], DomainText]) -> Content:
    _needed(content.domain(key), key)
    return replace(content, domains=tuple(change(each) if each.key == key else each for each in content.domains))


def _with(domain: DomainText, key: str, competency: CompetencyText) -> DomainText:
    inside = tuple(competency if each.key == key else each for each in domain.competencies)
    return replace(domain, competencies=inside)


def _moved(parts: Sequence[Part], key: str, direction: Direction) -> tuple[Part, ...]:
    order = list(parts)
    place = next((n for n, each in enumerate(order) if each.key == key), None)
    if place is None:
        raise KeyError(key)
    other = place - 1 if direction == "up" else place + 1
    if 0 <= other < len(order):
        order[place], order[other] = order[other], order[place]
    return tuple(order)


def _needed(found: Part | None, key: str) -> Part:
    if found is None:
        raise KeyError(key)
    return found
