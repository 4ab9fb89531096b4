"""What trainers see of their courses: the list, the desk of one course, what they may choose from."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, and_, case, func, or_, select
from sqlalchemy.orm import aliased

from academy.accounts.models import Organisation, Person, RoleGrant
from academy.base.access import TRAINER, Actor
from academy.base.db import db
from academy.base.storage import StoredFile
from academy.base.text import LocalizedText
from academy.catalogue.models import DRAFT, PUBLISHED, Activity, Course, CourseTrainer, CourseVersion
from academy.catalogue.queries.courses import parts_counted, units_counted
from academy.catalogue.scopes import courses_edited


@dataclass(frozen=True, slots=True)
class Desk:
    """A course with its draft and its published version; one of the two is there."""

    course: Course
    draft: CourseVersion | None
    published: CourseVersion | None
    trainers: tuple[CourseTrainer, ...] = ()

    @property
    def version(self) -> CourseVersion:
        """What the trainer sees: the draft, else what is published."""
        found = self.draft or self.published
        if found is None:
            raise LookupError(f"course {self.course.key} has no version")
        return found

    @property
    def state(self) -> str:
        """One of draft, published, changed, retired."""
        if self.course.retired_at:
            return "retired"
        if self.published is None:
            return "draft"
        return "changed" if self.draft else "published"


@dataclass(frozen=True, slots=True)
class EditedActivity:
    """An activity on the desk, with its version and course."""

    course: Course
    version: CourseVersion
    activity: Activity


def desk(key: str) -> Desk | None:
    """Return the desk of a course, in one statement; its trainers are read along, so that the policy finds them in memory."""
    query = (
        select(Course, CourseVersion, CourseTrainer)
        .join(CourseVersion, and_(CourseVersion.course_id == Course.id, CourseVersion.state.in_((DRAFT, PUBLISHED))))
        .outerjoin(CourseTrainer, CourseTrainer.course_id == Course.id)
        .where(Course.key == key)
    )
    rows = db.session.execute(query).all()
    by_state = {version.state: version for _course, version, _trainer in rows}
    trainers = dict.fromkeys(trainer for _course, _version, trainer in rows if trainer is not None)
    return Desk(rows[0][0], by_state.get(DRAFT), by_state.get(PUBLISHED), tuple(trainers)) if rows else None


def edited_activity(key: str, activity_key: str) -> EditedActivity | None:
    """Return an activity of a course's draft, else of its published version, in one statement."""
    query = (
        select(Course, CourseVersion, Activity)
        .join(CourseVersion, CourseVersion.course_id == Course.id)
        .join(Activity, Activity.version_id == CourseVersion.id)
        .where(Course.key == key, Activity.key == activity_key, CourseVersion.state.in_((DRAFT, PUBLISHED)))
        .order_by(case((CourseVersion.state == DRAFT, 0), else_=1))
        .limit(1)
    )
    row = db.session.execute(query).first()
    return EditedActivity(*row) if row else None


def taught(actor: Actor, *, terms: Iterable[str] = (), state: str = "") -> Select[Any]:
    """Return the query for the courses an actor may edit: key, code, title, state, units, activities, owner, moments."""
    draft, published = aliased(CourseVersion), aliased(CourseVersion)
    shown = func.coalesce(draft.id, published.id)
    named = case(
        (Course.retired_at.is_not(None), "retired"),
        (published.id.is_(None), "draft"),
        (draft.id.is_not(None), "changed"),
        else_="published",
    )
    query = (
        select(
            Course.id, Course.key, Course.code, Course.public, Course.audience, draft.title.label("draft_title"),
            published.title.label("published_title"), named.label("state"), units_counted(shown).label("units"),
            parts_counted(shown).label("activities"), published.published_at, published.number,
            Organisation.name.label("organisation"),
        )
        .join(Organisation, Organisation.id == Course.organisation_id)
        .outerjoin(draft, and_(draft.course_id == Course.id, draft.state == DRAFT))
        .outerjoin(published, and_(published.course_id == Course.id, published.state == PUBLISHED))
        .where(courses_edited(actor), *(Course.search_text.contains(f" {term} ", autoescape=True) for term in terms))
        .order_by(Course.retired_at.is_not(None), Course.id.desc())
    )  # fmt: skip
    return query.where(named == state) if state else query


def organisations(ids: set[int] | None) -> list[tuple[int, LocalizedText]]:
    """Return active organisations by id (None: all) for choosing the owner of a course."""
    query = select(Organisation.id, Organisation.name).where(Organisation.active).order_by(Organisation.id)
    return [
        (row[0], row[1]) for row in db.session.execute(query if ids is None else query.where(Organisation.id.in_(ids)))
    ]


def possible_prerequisites(course: Course) -> list[tuple[int, LocalizedText]]:
    """Return the published courses a course may require: for everyone, or of its own organisation; without itself."""
    query = (
        select(Course.id, CourseVersion.title)
        .join(CourseVersion, CourseVersion.course_id == Course.id)
        .where(CourseVersion.state == PUBLISHED, Course.id != course.id, Course.retired_at.is_(None))
        .where(or_(Course.audience == "everyone", Course.organisation_id == course.organisation_id))
        .order_by(CourseVersion.level, Course.id)
    )
    return [(row[0], row[1]) for row in db.session.execute(query)]


def trainers_of(course_id: int) -> list[tuple[int, LocalizedText, str]]:
    """Return the trainers of a course: id, name, e-mail."""
    query = select(Person.id, Person.name, Person.email).join(CourseTrainer, CourseTrainer.person_id == Person.id)
    rows = db.session.execute(query.where(CourseTrainer.course_id == course_id).order_by(Person.id))
    return [(row[0], row[1], row[2]) for row in rows]


def possible_trainers(course: Course) -> list[tuple[int, LocalizedText, str]]:
    """Return the active people who hold the trainer's role for the course's organisation and are not its trainers yet."""
    holds = or_(RoleGrant.organisation_id == course.organisation_id, RoleGrant.organisation_id.is_(None))
    listed = select(CourseTrainer.person_id).where(CourseTrainer.course_id == course.id)
    query = (
        select(Person.id, Person.name, Person.email)
        .where(Person.state == "active", Person.organisation_id == course.organisation_id, Person.id.not_in(listed))
        .where(Person.id.in_(select(RoleGrant.person_id).where(RoleGrant.role == TRAINER, holds)))
        .order_by(Person.id)
    )
    return [(row[0], row[1], row[2]) for row in db.session.execute(query)]


def files_of(course_id: int) -> list[StoredFile]:
    """Return the files uploaded for a course, newest first."""
    query = select(StoredFile).where(StoredFile.course_id == course_id).order_by(StoredFile.id.desc())
    return list(db.session.scalars(query))


def was_published(course_id: int) -> bool:
    """Whether a course has ever been published."""
    query = select(CourseVersion.id).where(CourseVersion.course_id == course_id, CourseVersion.state != DRAFT)
    return db.session.scalar(query.limit(1)) is not None
