"""Programmes as those who keep them see them: the list, the desk of one, and what steps can ask for."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, func, or_, select
from sqlalchemy.orm import aliased

from academy.accounts.models import Organisation
from academy.assessment.models import Quiz, QuizVersion
from academy.base.db import db
from academy.base.text import LocalizedText
from academy.catalogue.models import PUBLISHED as COURSE_PUBLISHED
from academy.catalogue.models import Activity, Course, CourseVersion
from academy.learning.models import (
    DRAFT,
    PUBLISHED,
    WITHDRAWN,
    Programme,
    ProgrammeEnrolment,
    ProgrammeGroup,
    ProgrammePrerequisite,
    ProgrammeStep,
    ProgrammeVersion,
)


@dataclass(frozen=True, slots=True)
class ProgrammeDesk:
    """A programme with its draft and its published version; one of the two is there."""

    programme: Programme
    draft: ProgrammeVersion | None
    published: ProgrammeVersion | None

    @property
    def version(self) -> ProgrammeVersion:
        """What is shown: the draft, else what is published."""
        found = self.draft or self.published
        if found is None:
            raise LookupError(f"programme {self.programme.key} has no version")
        return found

    @property
    def state(self) -> str:
        """One of draft, published, changed, retired."""
        if self.programme.retired_at:
            return "retired"
        if self.published is None:
            return "draft"
        return "changed" if self.draft else "published"


@dataclass(frozen=True, slots=True)
class EditedPart:
    """A group, step or prerequisite on the desk of its programme."""

    desk: ProgrammeDesk
    part: Any

    @property
    def programme(self) -> Programme:
        """The programme it belongs to."""
        return self.desk.programme


@dataclass(frozen=True, slots=True)
class QuizChoice:
    """A quiz that a step can ask for: its id, its course and both titles."""

    quiz_id: int
    course_id: int
    title: LocalizedText
    course: LocalizedText


def programme_desk(programme_key: str) -> ProgrammeDesk | None:
    """Return the desk of a programme (one statement)."""
    versions = and_(ProgrammeVersion.programme_id == Programme.id, ProgrammeVersion.state.in_((DRAFT, PUBLISHED)))
    query = select(Programme, ProgrammeVersion).join(ProgrammeVersion, versions).where(Programme.key == programme_key)
    rows = db.session.execute(query).all()
    by_state = {version.state: version for _programme, version in rows}
    return ProgrammeDesk(rows[0][0], by_state.get(DRAFT), by_state.get(PUBLISHED)) if rows else None


def edited_group(programme_key: str, group_key: str) -> EditedPart | None:
    """Return a group of the version on the desk."""
    return _edited(ProgrammeGroup, programme_key, group_key)


def edited_step(programme_key: str, step_key: str) -> EditedPart | None:
    """Return a step of the version on the desk."""
    return _edited(ProgrammeStep, programme_key, step_key)


def edited_prerequisite(programme_key: str, prerequisite_key: str) -> EditedPart | None:
    """Return a prerequisite of the version on the desk."""
    return _edited(ProgrammePrerequisite, programme_key, prerequisite_key)


def _edited(model: Any, programme_key: str, key: str) -> EditedPart | None:
    desk = programme_desk(programme_key)
    if desk is None:
        return None
    part = db.session.scalar(select(model).where(model.version_id == desk.version.id, model.key == key))
    return EditedPart(desk, part) if part is not None else None


def groups_of(version_id: int) -> list[ProgrammeGroup]:
    """Return the groups of a version in order."""
    query = select(ProgrammeGroup).where(ProgrammeGroup.version_id == version_id)
    return list(db.session.scalars(query.order_by(ProgrammeGroup.position, ProgrammeGroup.id)))


def steps_of(version_id: int) -> list[ProgrammeStep]:
    """Return the steps of a version, group by group, in order."""
    query = (
        select(ProgrammeStep)
        .join(ProgrammeGroup, ProgrammeGroup.id == ProgrammeStep.group_id)
        .where(ProgrammeStep.version_id == version_id)
    )
    order = ProgrammeGroup.position, ProgrammeGroup.id, ProgrammeStep.position, ProgrammeStep.id
    return list(db.session.scalars(query.order_by(*order)))


def programmes_kept(kept: ColumnElement[bool]) -> Select[Any]:
    """Return the query of the programmes that a filter lets through, the newest first, with how many people are in each."""
    draft, published = aliased(ProgrammeVersion), aliased(ProgrammeVersion)
    shown = func.coalesce(draft.id, published.id)
    named = case(
        (Programme.retired_at.is_not(None), "retired"),
        (published.id.is_(None), "draft"),
        (draft.id.is_not(None), "changed"),
        else_="published",
    )
    there = ProgrammeEnrolment.programme_id == Programme.id, ProgrammeEnrolment.state != WITHDRAWN
    people = select(func.count()).where(*there).scalar_subquery()
    steps = select(func.count()).where(ProgrammeStep.version_id == shown).scalar_subquery()
    return (
        select(
            Programme.key, Programme.code, Programme.audience, draft.title.label("draft_title"),
            published.title.label("published_title"), named.label("state"), steps.label("steps"), people.label("people"),
            published.number, published.published_at, Organisation.name.label("organisation"),
        )
        .join(Organisation, Organisation.id == Programme.organisation_id)
        .outerjoin(draft, and_(draft.programme_id == Programme.id, draft.state == DRAFT))
        .outerjoin(published, and_(published.programme_id == Programme.id, published.state == PUBLISHED))
        .where(kept)
        .order_by(Programme.retired_at.is_not(None), Programme.id.desc())
    )  # fmt: skip


def fits(programme: Programme) -> ColumnElement[bool]:
    """Return the filter on Course for those that everyone whom a programme is for may take."""
    if programme.audience == "employee":
        return or_(Course.audience == "everyone", Course.organisation_id == programme.organisation_id)
    return Course.audience == "everyone"


def possible_courses(programme: Programme) -> list[tuple[int, LocalizedText]]:
    """Return the courses that a step can ask for: published, not retired, open to all whom the programme is for."""
    query = (
        select(Course.id, CourseVersion.title)
        .join(CourseVersion, CourseVersion.course_id == Course.id)
        .where(CourseVersion.state == COURSE_PUBLISHED, Course.retired_at.is_(None), fits(programme))
        .order_by(CourseVersion.level, Course.code, Course.id)
    )
    return [(row[0], row[1]) for row in db.session.execute(query)]


def courses_to_renew_by(programme: Programme) -> list[tuple[str, LocalizedText]]:
    """Return key and title of the same courses: by a shorter one the programme's certificate can be renewed."""
    query = (
        select(Course.key, CourseVersion.title)
        .join(CourseVersion, CourseVersion.course_id == Course.id)
        .where(CourseVersion.state == COURSE_PUBLISHED, Course.retired_at.is_(None), fits(programme))
        .order_by(CourseVersion.level, Course.code, Course.id)
    )
    return [(row.key, row.title) for row in db.session.execute(query)]


def possible_quizzes(programme: Programme) -> list[QuizChoice]:
    """Return the quizzes that a step can ask for: those in the published versions of such courses."""
    activities = (
        select(Course.id, CourseVersion.title, Activity.content)
        .join(CourseVersion, CourseVersion.course_id == Course.id)
        .join(Activity, Activity.version_id == CourseVersion.id)
        .where(CourseVersion.state == COURSE_PUBLISHED, Course.retired_at.is_(None), fits(programme))
        .where(Activity.kind == "quiz", Activity.removed_at.is_(None))
        .order_by(CourseVersion.level, Course.code, Course.id, Activity.id)
    )
    held = {row.content.get("quiz_version_id"): row for row in db.session.execute(activities)}
    versions = select(QuizVersion.id, QuizVersion.title, Quiz.id.label("quiz_id")).join(
        Quiz, Quiz.id == QuizVersion.quiz_id
    )
    found = {row.id: row for row in db.session.execute(versions.where(QuizVersion.id.in_(held)))}
    return [
        QuizChoice(found[number].quiz_id, row.id, found[number].title, row.title)
        for number, row in held.items()
        if number in found
    ]
