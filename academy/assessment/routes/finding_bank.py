"""What the addresses of the question bank mean, and what is asked for behind the question mark."""

from dataclasses import dataclass

from flask import request

from academy.assessment.forms import QuestionForm, form_class
from academy.assessment.models import Question, QuestionCategory, QuestionComment
from academy.assessment.policies_of_bank import READ_BANK, banks_of
from academy.assessment.queries_of_bank import BankFilter
from academy.assessment.queries_of_banked import Banked, banked, comment
from academy.assessment.queries_of_categories import category
from academy.assessment.queries_of_exchange import BankDesk, BankImportPlace, bank_desk, bank_import_place
from academy.assessment.rules.bank import STATES, fold_tag
from academy.assessment.types import all_types
from academy.base.access import Actor, allowed
from academy.base.arabic import search_terms
from academy.base.errors import NotFound
from academy.base.text import LocalizedText, clean_line
from academy.catalogue.models import Course
from academy.catalogue.queries import organisations
from academy.web.identity import actor

LONGEST_KEY = 60
LANGUAGES, PLACES = ("both", "ar", "en"), ("bank", "course")


@dataclass(frozen=True, slots=True)
class Bank:
    """The bank of one organisation, and the other ones that the visitor may choose."""

    organisation_id: int
    choices: list[tuple[int, LocalizedText]]

    @property
    def name(self) -> LocalizedText | None:
        """The name of its organisation, when there are several to tell apart."""
        return dict(self.choices).get(self.organisation_id)


@dataclass(frozen=True, slots=True)
class NewBanked:
    """A question that is to be written into a bank: where, and the form of its type."""

    organisation_id: int
    form_class: type[QuestionForm]


@dataclass(frozen=True, slots=True)
class Said:
    """A comment, with the question it is about for the permission table."""

    comment: QuestionComment
    place: Banked

    @property
    def question(self) -> Question:
        """The question it is about."""
        return self.place.question

    @property
    def course(self) -> Course | None:
        """The course that the question belongs to, if any."""
        return self.place.course


def number(name: str, given: str | None = None) -> int | None:
    """Return a number asked for; None for anything odd."""
    asked = request.args.get(name, "") if given is None else given
    return int(asked) if asked.isascii() and asked.isdigit() and len(asked) < 10 else None


def the_bank(visitor: Actor | None = None) -> Bank:
    """Return the bank asked for, else the visitor's own, else the first they work or review in. NotFound for a foreign one."""
    visitor = visitor or actor()
    mine, asked = banks_of(visitor), number("organisation")
    if asked is not None and not allowed(READ_BANK, visitor, BankDesk(asked)):
        raise NotFound
    if mine is not None and len(mine) == 1:
        return Bank(next(iter(mine)), [])
    choices = organisations(mine)
    known = [each[0] for each in choices]
    if asked is not None and asked not in known:
        raise NotFound
    own = visitor.organisation_id if visitor.organisation_id in known else next(iter(known), None)
    if own is None:
        raise NotFound
    return Bank(asked or own, choices if len(choices) > 1 else [])


def the_desk_of_bank() -> BankDesk | None:
    """Find the place in a bank that the question mark names: an organisation and perhaps a category."""
    asked = number("category") or None
    if asked is None:
        return BankDesk(the_bank().organisation_id)
    row = category(asked)
    return bank_desk(row.organisation_id, row.id) if row else None


def the_category(category_id: int) -> QuestionCategory | None:
    """Find a category."""
    return category(category_id)


def the_banked(question_id: int) -> Banked | None:
    """Find a question."""
    return banked(question_id)


def the_comment(comment_id: int) -> Said | None:
    """Find a comment with its question."""
    row = comment(comment_id)
    place = banked(row.question_id) if row else None
    return Said(row, place) if row and place else None


def the_bank_import(plan_id: int) -> BankImportPlace | None:
    """Find the visitor's own file of questions for a bank."""
    return bank_import_place(plan_id, actor().person_id)


def the_new_banked(type_name: str) -> NewBanked | None:
    """Find the bank and the form of a new question."""
    chosen = form_class(type_name)
    if chosen is None:
        return None
    desk = the_desk_of_bank()
    return NewBanked(desk.organisation_id, chosen) if desk else None


def the_posted_bank() -> BankDesk | None:
    """Find the bank that a form names."""
    asked = number("organisation", request.form.get("organisation", ""))
    return BankDesk(asked) if asked else None


def words_asked() -> str:
    """Return the words searched for."""
    return clean_line(request.args.get("q", ""))[:200]


def asked_for(bank: Bank) -> BankFilter:
    """Return what of a bank is asked for; odd values ask for nothing special."""
    visitor, words, asked = actor(), words_asked(), request.args
    terms = search_terms(words)
    return BankFilter(
        organisation_id=bank.organisation_id,
        terms=terms,
        nothing=bool(words) and not terms,
        category=number("category"),
        state=_one_of("state", STATES),
        type=_one_of("type", [each.name for each in all_types()]),
        competency=clean_line(asked.get("competency", ""))[:20],
        difficulty=int(_one_of("difficulty", ("1", "2", "3")) or 0),
        language=_one_of("language", LANGUAGES),
        tag=fold_tag(clean_line(asked.get("tag", ""))),
        place=_one_of("place", PLACES),
        author_id=visitor.person_id if asked.get("mine") == "1" else None,
    )


def _one_of(name: str, known: object) -> str:
    asked = request.args.get(name, "")
    return asked if asked in known else ""  # type: ignore[operator]
