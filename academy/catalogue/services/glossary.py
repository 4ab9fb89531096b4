"""Keeping the glossary: adding, changing and removing terms, each with its trace."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.exc import IntegrityError

from academy.base import audit
from academy.base.arabic import search_document
from academy.base.db import db, lock
from academy.base.errors import Invalid, NotFound, Stale
from academy.base.i18n import _l
from academy.base.text import LocalizedText
from academy.catalogue import queries
from academy.catalogue.models import GlossaryTerm
from academy.catalogue.refusals import TermTaken
from academy.catalogue.rules.glossary import LONGEST_WORD, MOST_WORDS, key_of, same_as
from academy.catalogue.rules.texts import NO_TEXT

_TEXTS = ("term", "plural", "abbreviation", "definition", "domain", "note")


@dataclass(frozen=True, slots=True)
class TermDetails:
    """Everything said of an idea: its term and plural in both languages, what it means, other words for it."""

    term: LocalizedText
    plural: LocalizedText = NO_TEXT
    abbreviation: str = ""
    definition: LocalizedText = NO_TEXT
    domain: LocalizedText = NO_TEXT
    synonyms: Sequence[str] = ()
    avoid: Sequence[str] = ()
    note: LocalizedText = NO_TEXT


def add_term(details: TermDetails, *, at: datetime, actor_id: int | None, key: str = "") -> GlossaryTerm:
    """Add a term. Without a key, one is made of the English term. Raises Invalid for half a term, TermTaken for a known one."""
    known = queries.all_terms()
    _check(details, known)
    term = GlossaryTerm(key=key or key_of(details.term, set(known)), changed_at=at)
    _fill(term, details)
    try:
        with db.session.begin_nested():
            db.session.add(term)
            db.session.flush()
    except IntegrityError as taken:
        raise TermTaken(field="term", term=details.term.en) from taken
    _record("catalogue:term:add", term, actor_id, at, None, _said(term))
    return term


def change_term(
    term_id: int, details: TermDetails, *, at: datetime, actor_id: int | None, revision: int | None = None
) -> GlossaryTerm:
    """Change a term. `revision` is the one the page was opened with; an old one is refused as stale."""
    term: GlossaryTerm | None = lock(GlossaryTerm, term_id)
    if term is None:
        raise NotFound
    if revision is not None and revision != term.revision:
        raise Stale
    _check(details, {key: other for key, other in queries.all_terms().items() if key != term.key})
    before = _said(term)
    _fill(term, details)
    if (after := _said(term)) != before:
        term.revision, term.changed_at = term.revision + 1, at
        _record("catalogue:term:edit", term, actor_id, at, before, after)
    db.session.flush()
    return term


def remove_term(term_id: int, *, at: datetime, actor_id: int | None) -> None:
    """Remove a term; what it said stays in the trail. Removed before, it changes nothing."""
    term: GlossaryTerm | None = lock(GlossaryTerm, term_id)
    if term is not None:
        _record("catalogue:term:remove", term, actor_id, at, _said(term), None)
        db.session.delete(term)
        db.session.flush()


def _check(details: TermDetails, others: dict[str, LocalizedText]) -> None:
    if not details.term.complete:
        raise Invalid(_l("Write the term in both languages."), field="term")
    for name, words in (("synonyms", details.synonyms), ("avoid", details.avoid)):
        if len(words) > MOST_WORDS or any(len(word) > LONGEST_WORD for word in words):
            raise Invalid(_l("Write at most 30 words, each of at most 100 characters."), field=name)
    if (taken := same_as(details.term, others)) is not None:
        raise TermTaken(field="term", term=f"{others[taken].ar} · {others[taken].en}")


def _fill(term: GlossaryTerm, details: TermDetails) -> None:
    for name in _TEXTS:
        setattr(term, name, getattr(details, name))
    term.synonyms, term.avoid = list(details.synonyms), list(details.avoid)
    texts = (details.term, details.plural, details.definition, details.domain)
    halves = (half for text in texts for half in (text.ar, text.en))
    term.search_text = search_document(details.abbreviation, *halves, *details.synonyms, *details.avoid)


def _said(term: GlossaryTerm) -> dict[str, Any]:
    """What the trail keeps of a term: everything that is not empty."""
    said = {name: getattr(term, name) for name in (*_TEXTS, "synonyms", "avoid")}
    return {n: v.as_dict() if isinstance(v, LocalizedText) else v for n, v in said.items() if v}


def _record(
    act: str, term: GlossaryTerm, actor_id: int | None, at: datetime, before: dict[str, Any] | None, after: Any
) -> None:
    subject = ("glossary_term", term.id, f"{term.term.ar} · {term.term.en}")
    audit.record(act, at=at, actor_id=actor_id, subject=subject, before=before, after=after)
    db.session.flush()
