"""What the pages of import and export show: a file's questions between preview and decision, a quiz's questions as given."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from academy.assessment.exchange import Note, Refused, Taken
from academy.assessment.exchange.category_paths import Path
from academy.assessment.models import Question, QuestionCategory, QuestionImport, QuestionTag, QuestionVersion
from academy.assessment.queries_of_bank import BankFilter, wanted
from academy.assessment.queries_of_editing import EditedQuiz, edited_questions, edited_quiz
from academy.assessment.queries_of_shelves import Shelves
from academy.assessment.types import kind
from academy.base.access import Actor
from academy.base.db import db
from academy.base.text import LocalizedText
from academy.catalogue.models import Course

MOST_EXPORTED = 300


@dataclass(frozen=True, slots=True)
class ImportPlace:
    """A file of questions that waits for a decision, and the quiz it was uploaded for."""

    desk: EditedQuiz
    plan: QuestionImport

    @property
    def course(self) -> Course:
        """The course it belongs to."""
        return self.desk.course


@dataclass(frozen=True, slots=True)
class PreviewRow:
    """One question of a file: taken with remarks, or refused with a reason."""

    number: int
    label: str
    taken: Taken | None
    notes: Sequence[Note]

    @property
    def stem(self) -> LocalizedText:
        """What is asked."""
        return LocalizedText.of(self.taken.content.get("stem")) if self.taken else LocalizedText()

    def of(self, kind: str) -> list[Note]:
        """Return the remarks of a kind: change, loss or refusal."""
        return [note for note in self.notes if note.kind == kind]


def import_place(activity_id: int, plan_id: int, owner_id: int) -> ImportPlace | None:
    """Return a person's own file at the quiz of an activity; None for anybody else's."""
    desk = edited_quiz(activity_id)
    plan = db.session.get(QuestionImport, plan_id)
    if desk is None or plan is None or (plan.activity_id, plan.owner_id) != (activity_id, owner_id):
        return None
    return ImportPlace(desk, plan)


@dataclass(frozen=True, slots=True)
class BankDesk:
    """A place in the bank of an organisation: a category, or all of it."""

    organisation_id: int
    category: QuestionCategory | None = None


@dataclass(frozen=True, slots=True)
class BankImportPlace:
    """A file of questions that waits for a decision, and the place in the bank it was uploaded for."""

    desk: BankDesk
    plan: QuestionImport

    @property
    def organisation_id(self) -> int:
        """Whose bank it goes into."""
        return self.desk.organisation_id


def bank_desk(organisation_id: int, category_id: int | None) -> BankDesk | None:
    """Return a place in a bank; None for a category of another organisation."""
    category = db.session.get(QuestionCategory, category_id) if category_id else None
    if category_id and (category is None or category.organisation_id != organisation_id):
        return None
    return BankDesk(organisation_id, category)


def bank_import_place(plan_id: int, owner_id: int) -> BankImportPlace | None:
    """Return a person's own file for a bank; None for anybody else's and for files for a quiz."""
    plan = db.session.get(QuestionImport, plan_id)
    if plan is None or plan.organisation_id is None or plan.owner_id != owner_id:
        return None
    return BankImportPlace(bank_desk(plan.organisation_id, plan.category_id) or BankDesk(plan.organisation_id), plan)


def kept_path(path: Path) -> list[dict[str, str]]:
    """Return the names of a category as they are kept until the decision."""
    return [name.as_dict() for name in path]


def read_path(kept: Sequence[dict[str, str]]) -> Path:
    """Return the names of a category that were kept."""
    return tuple(LocalizedText.of(name) for name in kept)


def new_categories(plan: QuestionImport) -> list[Path]:
    """Return the categories that were missing when a file was read; no statement."""
    return [read_path(kept) for kept in plan.document.get("new_categories", ())]


def banked_questions(actor: Actor, ask: BankFilter) -> tuple[list[Taken], int]:
    """Return the questions that a filter finds in a bank as they are given to a format, and how many are incomplete.

    Three statements; those of one category stand together, those of none first. One more than MOST_EXPORTED is read, so that the caller can tell that there are too many.
    """
    query = wanted(select(Question.id, Question.key, Question.category_id, QuestionVersion), actor, ask)
    rows = db.session.execute(query.order_by(Question.id).limit(MOST_EXPORTED + 1)).all()
    tags = _tags_of([row.id for row in rows])
    shelves = Shelves(ask.organisation_id)
    paths = {each: shelves.path_of(each) for each in {row.category_id for row in rows}}
    taken = [
        Taken(
            type=version.type,
            content=version.content,
            key=key,
            competency_key=version.competency_key,
            objective=None,
            difficulty=version.difficulty,
            tags=tuple(tags[number]),
            category=paths[category_id],
        )
        for number, key, category_id, version in sorted(rows, key=lambda row: row.category_id or 0)
        if not kind(version.type).check(version.content)
    ]
    return taken, len(rows) - len(taken)


def _tags_of(question_ids: Sequence[int]) -> dict[int, list[str]]:
    found: dict[int, list[str]] = {each: [] for each in question_ids}
    query = select(QuestionTag.question_id, QuestionTag.tag).where(QuestionTag.question_id.in_(question_ids))
    for number, tag in db.session.execute(query.order_by(QuestionTag.folded)):
        found[number].append(tag)
    return found


def keys_of(course_id: int) -> set[str]:
    """Return the keys of all questions of a course."""
    return set(db.session.scalars(select(Question.key).where(Question.course_id == course_id)))


def preview_rows(plan: QuestionImport) -> list[PreviewRow]:
    """Return what was read from the file, question for question; no statement."""
    return [_row(number, kept) for number, kept in enumerate(plan.document["questions"])]


def _row(number: int, kept: dict[str, Any]) -> PreviewRow:
    notes = tuple(Note(note["kind"], note["code"], note["params"]) for note in kept["notes"])
    if "content" not in kept:
        return PreviewRow(number, kept["label"], None, notes)
    taken = Taken(
        **{name: kept[name] for name in KEPT},
        tags=tuple(kept.get("tags", ())),
        category=read_path(kept.get("category", ())),
        notes=notes,
    )
    return PreviewRow(number, "", taken, notes)


KEPT = ("type", "content", "key", "competency_key", "objective", "difficulty", "points")


def kept_entry(entry: Taken | Refused) -> dict[str, Any]:
    """Return a question of a file as it is kept until the decision."""
    if isinstance(entry, Refused):
        return {"label": entry.label, "notes": [entry.reason.as_json()]}
    return {
        **{name: getattr(entry, name) for name in KEPT},
        "content": dict(entry.content),
        "tags": list(entry.tags),
        "category": kept_path(entry.category),
        "notes": [note.as_json() for note in entry.notes],
    }


def given_questions(quiz_version_id: int) -> list[Taken]:
    """Return the questions of a quiz version as they are given to a format, in order; one statement."""
    return [
        Taken(
            type=question.type,
            content=question.content,
            key=question.key,
            competency_key=question.competency_key,
            objective=question.objective,
            difficulty=question.difficulty,
            points=question.points,
        )
        for question in edited_questions(quiz_version_id)
        if question.sound
    ]
