"""What the lines of a quiz may draw: looked up while it is edited, and as it was written down when it was published."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, and_, exists, func, literal, or_, select, union_all
from sqlalchemy.orm import joinedload

from academy.assessment.models import (
    READY,
    Question,
    QuestionCategory,
    QuestionTag,
    QuestionVersion,
    Quiz,
    QuizItem,
    QuizPool,
    QuizSection,
    QuizVersion,
)
from academy.assessment.rules.draws import BANK_RATIO, Candidate, Pool, can_be_filled, without
from academy.assessment.rules.lines import DrawLine, domain_of, guaranteed_domains, lines_of
from academy.assessment.types import unscored
from academy.base.arabic import normalise
from academy.base.db import db
from academy.base.text import LocalizedText
from academy.catalogue.models import Course

DRAWN = "draw"
TAG_LENGTH = 60
Place = tuple[int, int]  # the id of a section and the number of a line in it, from 0


@dataclass(frozen=True, slots=True)
class LinePool:
    """A line of a section with what it may draw; `number` counts the lines of the whole quiz from 1."""

    section_id: int
    place: int
    number: int
    line: DrawLine
    pool: Pool
    domains: tuple[str | None, ...]

    @property
    def found(self) -> int:
        """How many questions fit."""
        return len(self.pool.candidates)

    @property
    def enough(self) -> int:
        """How many there should be, so that learners seldom meet the same ones."""
        return self.line.count * BANK_RATIO


@dataclass(frozen=True, slots=True)
class Drawing:
    """All that a quiz version draws, and the questions it asks anyway (their ids, and their domains)."""

    lines: tuple[LinePool, ...]
    fixed: frozenset[int]
    fixed_domains: frozenset[str]

    @property
    def count(self) -> int:
        """How many questions are drawn for an attempt."""
        return sum(each.line.count for each in self.lines)

    @property
    def points(self) -> int:
        """What they are worth together."""
        return sum(each.line.count * each.line.points for each in self.lines)

    @property
    def fits(self) -> bool:
        """Whether every attempt can be drawn."""
        return can_be_filled([each.pool for each in self.lines])

    @property
    def domains(self) -> set[str]:
        """The domains of which every paper has questions."""
        return guaranteed_domains([(each.line, each.domains) for each in self.lines]) | self.fixed_domains


@dataclass(frozen=True, slots=True)
class SectionRow:
    """A section of a quiz version as the editor lists it."""

    id: int
    title: LocalizedText
    kind: str
    lines: tuple[DrawLine, ...]

    @property
    def count(self) -> int:
        """How many questions it draws."""
        return sum(line.count for line in self.lines)

    @property
    def points(self) -> int:
        """What the drawn questions are worth together."""
        return sum(line.count * line.points for line in self.lines)


def section_row(row: QuizSection) -> SectionRow:
    """Return a section with its lines read."""
    return SectionRow(row.id, row.title, row.kind, lines_of(row.draw) if row.kind == DRAWN else ())


def sections_of(quiz_version_ids: Collection[int]) -> dict[int, list[SectionRow]]:
    """Return the sections of quiz versions in order, in one statement."""
    found: dict[int, list[SectionRow]] = defaultdict(list)
    query = select(QuizSection).where(QuizSection.quiz_version_id.in_(quiz_version_ids))
    for row in db.session.scalars(query.order_by(QuizSection.position, QuizSection.id)):
        found[row.quiz_version_id].append(section_row(row))
    return found


@dataclass(frozen=True, slots=True)
class PlacedQuiz:
    """A quiz version with its sections, and where it belongs: its organisation and its course."""

    version: QuizVersion
    sections: tuple[SectionRow, ...]
    home: tuple[int, int]


def placed_quizzes(quiz_version_ids: Collection[int]) -> dict[int, PlacedQuiz]:
    """Return quiz versions with their sections by id, in one statement."""
    query = (
        select(QuizVersion, Course.organisation_id, Quiz.course_id)
        .join(Quiz, Quiz.id == QuizVersion.quiz_id)
        .join(Course, Course.id == Quiz.course_id)
        .options(joinedload(QuizVersion.sections))
        .where(QuizVersion.id.in_(quiz_version_ids))
        .execution_options(populate_existing=True)
    )
    return {
        version.id: PlacedQuiz(version, tuple(map(section_row, version.sections)), (organisation_id, course_id))
        for version, organisation_id, course_id in db.session.execute(query).unique()
    }


def drawings_of(quizzes: Mapping[int, PlacedQuiz], fixed: Mapping[int, Mapping[int, str | None]]) -> dict[int, Drawing]:
    """Return what quizzes would draw as their banks stand now, in one statement at most.

    `fixed` names the questions that each asks anyway, with their competencies.
    """
    asked = {
        (section.id, place): (line, quiz.home)
        for quiz in quizzes.values()
        for section in quiz.sections
        for place, line in enumerate(section.lines)
    }
    found = candidates(asked)
    return {key: drawing(quiz.sections, found, fixed.get(key, {})) for key, quiz in quizzes.items()}


def fixed_questions(quiz_version_id: int) -> dict[int, str | None]:
    """Return the questions that a quiz version asks of everybody, with their competencies; one statement."""
    query = (
        select(QuestionVersion.question_id, QuestionVersion.competency_key)
        .join(QuizItem, QuizItem.question_version_id == QuestionVersion.id)
        .where(QuizItem.quiz_version_id == quiz_version_id)
    )
    return {row.question_id: row.competency_key for row in db.session.execute(query)}


def draft_drawing(quiz: QuizVersion, course: Course, section_id: int, lines: Sequence[DrawLine]) -> Drawing:
    """Return what a quiz version of a course would draw if one of its sections (0 for a new one) had these lines; two statements."""
    sections = [section_row(row) for row in quiz.sections if row.id != section_id]
    sections.append(SectionRow(section_id, LocalizedText(), DRAWN, tuple(lines)))
    changed = PlacedQuiz(quiz, tuple(sections), (course.organisation_id, course.id))
    return drawings_of({quiz.id: changed}, {quiz.id: fixed_questions(quiz.id)})[quiz.id]


def drawing(
    sections: Sequence[SectionRow],
    found: Mapping[Place, Sequence[tuple[Candidate, str | None]]],
    fixed: Mapping[int, str | None],
) -> Drawing:
    """Put together what a quiz draws: its sections, what each line may draw, the questions asked anyway by competency."""
    lines: list[LinePool] = []
    for section in sections:
        for place, line in enumerate(section.lines):
            rows = [row for row in found.get((section.id, place), ()) if row[0].question_id not in fixed]
            pool = without(Pool(line.count, tuple(candidate for candidate, _key in rows)), fixed)
            domains = tuple(domain_of(key) for _candidate, key in rows)
            lines.append(LinePool(section.id, place, len(lines) + 1, line, pool, domains))
    known = {domain for key in fixed.values() if (domain := domain_of(key))}
    return Drawing(tuple(lines), frozenset(fixed), frozenset(known))


def candidates(
    asked: Mapping[Place, tuple[DrawLine, tuple[int, int]]],
) -> dict[Place, list[tuple[Candidate, str | None]]]:
    """Return what each line may draw with its competency, for (organisation, course); one statement for all lines.

    Only ready questions that earn points, of the course and of its organisation's bank, in their newest versions, in a
    fixed order.
    """
    found: dict[Place, list[tuple[Candidate, str | None]]] = defaultdict(list)
    if not asked:
        return found
    parts = [_fitting(place, line, home) for place, (line, home) in asked.items()]
    query: Any = union_all(*parts) if len(parts) > 1 else parts[0]
    rows = db.session.execute(query).all()
    for row in sorted(rows, key=lambda row: row.version_id):
        candidate = Candidate(row.version_id, row.question_id, row.difficulty)
        found[row.section, row.line].append((candidate, row.competency_key))
    return found


def _fitting(place: Place, line: DrawLine, home: tuple[int, int]) -> Any:
    organisation_id, course_id = home
    later = QuestionVersion.__table__.alias()
    newest = (
        select(func.max(later.c.number)).where(later.c.question_id == Question.id).correlate(Question).scalar_subquery()
    )
    bank = and_(Question.organisation_id == organisation_id, Question.course_id.is_(None))
    query: Any = (
        select(
            literal(place[0]).label("section"), literal(place[1]).label("line"), QuestionVersion.id.label("version_id"),
            QuestionVersion.question_id, QuestionVersion.difficulty, QuestionVersion.competency_key,
        )
        .join(Question, Question.id == QuestionVersion.question_id)
        .where(Question.state == READY, or_(Question.course_id == course_id, bank), QuestionVersion.number == newest)
        .where(QuestionVersion.type.not_in(unscored()), *_wishes(line, organisation_id))
    )  # fmt: skip
    return query


def _wishes(line: DrawLine, organisation_id: int) -> list[ColumnElement[bool]]:
    wishes: list[ColumnElement[bool]] = []
    if line.competencies:
        key = QuestionVersion.competency_key
        within = [key.startswith(f"{each}.", autoescape=True) for each in line.competencies]
        wishes.append(or_(key.in_(line.competencies), *within))
    if line.objectives:
        wishes.append(QuestionVersion.objective.in_(line.objectives))
    if line.difficulties:
        wishes.append(QuestionVersion.difficulty.in_(line.difficulties))
    if line.tags:
        folded = [normalise(tag)[:TAG_LENGTH].strip() for tag in line.tags]
        wishes.append(exists().where(QuestionTag.question_id == Question.id, QuestionTag.folded.in_(folded)))
    if line.categories:
        shelf = [QuestionCategory.path.contains(f"/{each}/", autoescape=True) for each in line.categories]
        inside = select(QuestionCategory.id).where(QuestionCategory.organisation_id == organisation_id, or_(*shelf))
        wishes.append(Question.category_id.in_(inside))
    return wishes


def pool_of(quiz_version_id: int) -> dict[Place, list[Candidate]]:
    """Return what the lines of a published quiz version may draw, in a fixed order; one statement."""
    query = (
        select(
            QuizPool.section_id, QuizPool.line, QuizPool.question_version_id, QuestionVersion.question_id,
            QuestionVersion.difficulty,
        )
        .join(QuizSection, QuizSection.id == QuizPool.section_id)
        .join(QuestionVersion, QuestionVersion.id == QuizPool.question_version_id)
        .where(QuizSection.quiz_version_id == quiz_version_id)
        .order_by(QuizPool.question_version_id)
    )  # fmt: skip
    found: dict[Place, list[Candidate]] = defaultdict(list)
    for section_id, line, version_id, question_id, difficulty in db.session.execute(query):
        found[section_id, line].append(Candidate(version_id, question_id, difficulty))
    return found


def names_of_shelves(category_ids: Collection[int]) -> dict[int, LocalizedText]:
    """Return the names of categories by id; no statement when none is asked for."""
    if not category_ids:
        return {}
    query = select(QuestionCategory.id, QuestionCategory.name).where(QuestionCategory.id.in_(category_ids))
    return {row.id: row.name for row in db.session.execute(query)}


def shelves(organisation_id: int) -> list[tuple[int, LocalizedText, int]]:
    """Return the categories of an organisation's bank as (id, name, depth), each after the one it lies in."""
    rows = db.session.scalars(select(QuestionCategory).where(QuestionCategory.organisation_id == organisation_id)).all()
    below: dict[int | None, list[QuestionCategory]] = defaultdict(list)
    for row in sorted(rows, key=lambda row: (row.position, row.id)):
        below[row.parent_id].append(row)
    found: list[tuple[int, LocalizedText, int]] = []

    def walk(parent_id: int | None, depth: int) -> None:
        for row in below.pop(parent_id, []):
            found.append((row.id, row.name, depth))
            walk(row.id, depth + 1)

    walk(None, 0)
    return found
