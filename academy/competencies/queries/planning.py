"""What a plan is made from: a person's gaps with the right answers missing, and the courses that they could take."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import ColumnElement, and_, func, or_, select

from academy.accounts.models import Person
from academy.assessment.models import QuestionVersion, QuizItem, QuizSection
from academy.base.dates import riyadh_day
from academy.base.db import db
from academy.base.text import LocalizedText
from academy.catalogue.models import PUBLISHED, Activity, Course, CourseUnit, CourseVersion
from academy.competencies import rules
from academy.competencies.models import Competency, Evidence
from academy.competencies.queries.standing import CompetencyStanding, PersonStanding, piece
from academy.learning.models import ACTIVE, COMPLETED, Enrolment, EntryRule
from academy.learning.models.entry import BY_ASSIGNMENT

TESTED = ("attempt", "regrade")


@dataclass(frozen=True, slots=True)
class Takeable:
    """A course that a person could take and has not completed, with what it asks about competencies for certain."""

    id: int
    key: str
    title: LocalizedText
    hours: Decimal
    begun: bool
    needs: tuple[int, ...]
    aims: Mapping[str, int]
    asks: Mapping[str, int]


def lines_of(standing: PersonStanding) -> list[CompetencyStanding]:
    """Return what is asked of a person and not proven: the largest gap first, then in the framework's order."""
    missing = [each for domain in standing.domains for each in domain.competencies if each.gap > 0]
    return sorted(missing, key=lambda each: -each.gap)


def basis_of(standing: PersonStanding) -> dict[str, tuple[int, int | None]]:
    """Return what is asked and proven, by competency; what is not asked for is left out."""
    asked = (each for domain in standing.domains for each in domain.competencies if each.target)
    return {each.key: (each.target, each.level) for each in asked}


def gaps_to_close(person_id: int, standing: PersonStanding, *, at: datetime) -> tuple[list[rules.Gap], dict[Any, int]]:
    """Return a person's gaps with the right answers missing, and the items that each (course, competency) has given already."""
    missing = lines_of(standing)
    query = (
        select(Competency.key, Evidence)
        .join(Evidence, Evidence.competency_id == Competency.id)
        .where(Evidence.person_id == person_id, Competency.key.in_([each.key for each in missing]))
    )
    ledger: dict[str, list[Evidence]] = defaultdict(list)
    for key, row in db.session.execute(query):
        ledger[key].append(row)
    held: dict[Any, int] = defaultdict(int)
    for key, rows in ledger.items():
        for row, term in zip(rows, rules.judge([piece(each) for each in rows], at).terms, strict=True):
            if term.weight > 0 and row.kind in TESTED and row.course_id is not None:
                held[row.course_id, key] += row.items
    gaps = [
        rules.Gap(each.key, each.target, each.level, rules.short_of(map(piece, ledger[each.key]), each.target, at))
        for each in missing
    ]
    return gaps, held


def offers_for(gaps: Iterable[rules.Gap], courses: Sequence[Takeable], held: Mapping[Any, int]) -> list[rules.Offer]:
    """Return courses as the rule sees them: what each brings for these gaps."""
    wanted = list(gaps)
    return [
        rules.Offer(each.id, each.hours, each.begun, each.needs, {
            gap.key: count
            for gap in wanted
            if (count := rules.brought(
                gap.needed, each.aims.get(gap.key), each.asks.get(gap.key, 0), held.get((each.id, gap.key), 0)
            ))
        })
        for each in courses
    ]  # fmt: skip


def takeable(person: Person, *, at: datetime) -> list[Takeable]:
    """Return the courses that a person may take and has not completed, in the catalogue's order; four statements.

    Not among them: courses of other organisations, those that nobody enters by themselves, are closed to new learners or
    full without a waiting list; what is begun is never left out for that.
    """
    states = _states(person.id)
    done = {course_id for course_id, (_latest, completed) in states.items() if completed}
    full = select(func.count()).where(Enrolment.course_id == Course.id, Enrolment.state == ACTIVE).scalar_subquery()
    query = (
        select(Course.id, Course.key, CourseVersion, EntryRule, full)
        .join(CourseVersion, and_(CourseVersion.course_id == Course.id, CourseVersion.state == PUBLISHED))
        .outerjoin(EntryRule, EntryRule.course_id == Course.id)
        .where(Course.retired_at.is_(None), open_to(person))
        .order_by(CourseVersion.level, Course.code, Course.id)
    )
    rows = [
        (number, key, version, states.get(number, ("", False))[0] == ACTIVE)
        for number, key, version, rule, learning in db.session.execute(query)
        if states.get(number, ("", False))[0] != COMPLETED
        and (states.get(number, ("", False))[0] == ACTIVE or _takes(rule, learning, at))
    ]
    asked = _asked([version.id for _number, _key, version, _begun in rows])
    return [
        Takeable(
            number, key, version.title, version.hours, begun,
            () if begun else tuple(need for need in version.prerequisites if need not in done),
            {aim["key"]: int(aim["level"]) for aim in version.competencies}, asked[version.id],
        )
        for number, key, version, begun in rows
    ]  # fmt: skip


def open_to(person: Person) -> ColumnElement[bool]:
    """Return the filter on Course for those that a person may see as a learner."""
    return or_(Course.audience == "everyone", Course.organisation_id == person.organisation_id)


def _takes(rule: EntryRule | None, learning: int, at: datetime) -> bool:
    if rule is None:
        return True
    full = rule.seats is not None and learning >= rule.seats and not rule.waits
    today = riyadh_day(at)
    early, late = rule.opens_on and today < rule.opens_on, rule.closes_on and today > rule.closes_on
    return rule.way != BY_ASSIGNMENT and not (full or early or late)


def _states(person_id: int) -> dict[int, tuple[str, bool]]:
    """Return for each course of a person its latest state, and whether it was ever completed."""
    columns = Enrolment.course_id, Enrolment.state
    rows = db.session.execute(select(*columns).where(Enrolment.learner_id == person_id).order_by(Enrolment.cycle))
    found: dict[int, tuple[str, bool]] = {}
    for course_id, state in rows:
        found[course_id] = (state, state == COMPLETED or found.get(course_id, ("", False))[1])
    return found


def _asked(version_ids: Collection[int]) -> dict[int, dict[str, int]]:
    """Return how many questions of each competency the quizzes of course versions ask of everybody; two statements."""
    quiz = Activity.content["quiz_version_id"].as_integer()
    quizzes = (
        select(Activity.version_id, quiz.label("quiz"))
        .join(CourseUnit, CourseUnit.id == Activity.unit_id)
        .where(Activity.version_id.in_(version_ids), Activity.kind == "quiz")
        .where(Activity.removed_at.is_(None), CourseUnit.removed_at.is_(None))
        .subquery()
    )
    fixed = (
        select(quizzes.c.version_id, QuestionVersion.competency_key, func.count())
        .join(QuizItem, QuizItem.quiz_version_id == quizzes.c.quiz)
        .join(QuestionVersion, QuestionVersion.id == QuizItem.question_version_id)
        .where(QuestionVersion.competency_key.is_not(None))
        .group_by(quizzes.c.version_id, QuestionVersion.competency_key)
    )
    found: dict[int, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    for version_id, key, count in db.session.execute(fixed):
        found[version_id][key] += count
    drawn = select(quizzes.c.version_id, QuizSection.draw).join(
        QuizSection, and_(QuizSection.quiz_version_id == quizzes.c.quiz, QuizSection.kind == "draw")
    )
    for version_id, draw in db.session.execute(drawn):
        for line in draw.get("lines", ()):
            # A line that draws from several competencies promises none of them.
            if len(named := list(line.get("competencies") or [])) == 1:
                found[version_id][named[0]] += int(line["count"])
    return found
