"""Reads of the glossary."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy import select

from academy.base.db import db
from academy.base.text import LocalizedText
from academy.catalogue.models import GlossaryTerm


@dataclass(frozen=True, slots=True)
class TermRow:
    """A term as readers see it; each word of `synonyms` and `avoid` is in the language of its letters."""

    key: str
    term: LocalizedText
    plural: LocalizedText
    abbreviation: str
    definition: LocalizedText
    domain: LocalizedText
    synonyms: Sequence[str]
    avoid: Sequence[str]


def terms(words: Iterable[str] = ()) -> list[TermRow]:
    """Return the terms that hold all of these words (from `arabic.search_terms`), in no order (one statement)."""
    columns = (
        GlossaryTerm.key, GlossaryTerm.term, GlossaryTerm.plural, GlossaryTerm.abbreviation, GlossaryTerm.definition,
        GlossaryTerm.domain, GlossaryTerm.synonyms, GlossaryTerm.avoid,
    )  # fmt: skip
    holding = [GlossaryTerm.search_text.contains(f" {word} ", autoescape=True) for word in words]
    return [TermRow(*row) for row in db.session.execute(select(*columns).where(*holding))]


def term_by_key(term_key: str) -> GlossaryTerm | None:
    """Return a term by key."""
    return db.session.scalar(select(GlossaryTerm).where(GlossaryTerm.key == term_key))


def all_terms() -> dict[str, LocalizedText]:
    """Return every term by its key."""
    return {key: term for key, term in db.session.execute(select(GlossaryTerm.key, GlossaryTerm.term))}
