"""Reads of reviews: what waits, where a draft stands, what is said about it, who may judge it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, ScalarSelect, Select, and_, exists, false, func, or_, select, true
from sqlalchemy.orm import aliased

from academy.accounts.models import Person, RoleGrant
from academy.accounts.queries_of_memberships import same_human
from academy.base.access import ADMINISTRATOR, REVIEWER, TRAINER, Actor
from academy.base.db import db
from academy.base.text import LocalizedText
from academy.catalogue import kinds
from academy.catalogue.models import (
    AUTHORED,
    DRAFT,
    PUBLISHED,
    Activity,
    Course,
    CourseTrainer,
    CourseUnit,
    CourseVersion,
)
from academy.catalogue.models_of_review import APPROVED, ASKED, CourseComment, CourseReview
from academy.catalogue.queries.outlines import parts_of
from academy.catalogue.queries.texts import kept
from academy.catalogue.rules.prints import fingerprint


@dataclass(frozen=True, slots=True)
class Reviewed:
    """A review with its version and course, who asked and who decided; `replaces` is the version it would replace."""

    review: CourseReview
    version: CourseVersion
    course: Course
    asked_by: LocalizedText
    decided_by: LocalizedText | None
    replaces: int | None

    @property
    def open(self) -> bool:
        """Whether it waits for a decision about what is still a draft."""
        return self.review.state == ASKED and self.version.state == DRAFT


@dataclass(frozen=True, slots=True)
class Said:
    """A comment with its author, and the course that it belongs to."""

    comment: CourseComment
    author: LocalizedText
    course: Course


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a draft stands with its reviewers: its last review, whether that approves the draft as it is now.

    `reviewable`: somebody holds the role who may decide.
    """

    last: Reviewed | None
    approves: bool
    waiting: bool
    reviewable: bool


def print_of(version: CourseVersion) -> str:
    """Return the fingerprint of a version as it is now: details, units, activities, with what their kinds tell of them."""
    units, activities = kept(*parts_of(version.id))
    told: dict[int, object] = {}
    for name in {row.kind for row in activities}:
        rows = [row for row in activities if row.kind == name]
        told |= dict(zip((row.id for row in rows), kinds.of(name).prints([row.content for row in rows]), strict=True))
    return print_from(version, units, activities, told)


def print_from(
    version: CourseVersion, units: list[CourseUnit], activities: list[Activity], told: Mapping[int, object]
) -> str:
    """Return the fingerprint of a version whose parts are read already; `told` is what their kinds tell, by id."""
    names = {unit.id: unit.key for unit in units}
    return fingerprint(
        [
            [getattr(version, name) for name in AUTHORED],
            [(unit.key, unit.title) for unit in units],
            [
                (row.key, names[row.unit_id], row.kind, row.title, row.minutes, row.required, told[row.id])
                for row in activities
            ],
        ]
    )


def _reviews() -> Select[Any]:
    asker, decider, other = aliased(Person), aliased(Person), aliased(CourseVersion)
    columns: tuple[Any, ...] = (CourseReview, CourseVersion, Course, asker.name, decider.name, other.number)
    return (
        select(*columns)
        .join(CourseVersion, CourseVersion.id == CourseReview.version_id)
        .join(Course, Course.id == CourseVersion.course_id)
        .join(asker, asker.id == CourseReview.asked_by_id)
        .outerjoin(decider, decider.id == CourseReview.decided_by_id)
        .outerjoin(other, and_(other.course_id == Course.id, other.state == PUBLISHED, other.id != CourseVersion.id))
    )


def reviewed(review_id: int) -> Reviewed | None:
    """Return a review by id, decided or not."""
    row = db.session.execute(_reviews().where(CourseReview.id == review_id)).one_or_none()
    return Reviewed(*row) if row else None


def last_review(version_id: int) -> Reviewed | None:
    """Return the latest review of a version."""
    query = _reviews().where(CourseReview.version_id == version_id).order_by(CourseReview.id.desc()).limit(1)
    row = db.session.execute(query).one_or_none()
    return Reviewed(*row) if row else None


def standing(course: Course, version: CourseVersion, print_now: str) -> Standing:
    """Return where a draft with this fingerprint stands with its reviewers, in one statement."""
    asker, decider = aliased(Person), aliased(Person)
    somebody = select(Person.id).where(_may_decide(course)).exists()
    query = (
        select(CourseReview, asker.name, decider.name, somebody)
        .select_from(CourseVersion)
        .outerjoin(CourseReview, CourseReview.version_id == CourseVersion.id)
        .outerjoin(asker, asker.id == CourseReview.asked_by_id)
        .outerjoin(decider, decider.id == CourseReview.decided_by_id)
        .where(CourseVersion.id == version.id)
        .order_by(CourseReview.id.desc())
    )
    review, asked, decided, reviewable = db.session.execute(query.limit(1)).one()
    if review is None:
        return Standing(None, approves=False, waiting=False, reviewable=reviewable)
    approves = review.state == APPROVED and review.fingerprint == print_now
    last = Reviewed(review, version, course, asked, decided, None)
    return Standing(last, approves, review.state == ASKED, reviewable)


def waiting_review(version_id: int) -> CourseReview | None:
    """Return the review of a version that waits for a decision."""
    waits = CourseReview.version_id == version_id, CourseReview.state == ASKED
    return db.session.scalar(select(CourseReview).where(*waits))


def is_approved(version_id: int, print_now: str) -> bool:
    """Whether the last review of a version approves exactly what has this fingerprint."""
    query = select(CourseReview.state, CourseReview.fingerprint).where(CourseReview.version_id == version_id)
    row = db.session.execute(query.order_by(CourseReview.id.desc()).limit(1)).one_or_none()
    return row is not None and row.state == APPROVED and row.fingerprint == print_now


def asked_by(version_id: int, person_id: int) -> bool:
    """Whether somebody has ever asked for the review of a version, in any organisation of theirs."""
    mine = CourseReview.version_id == version_id, CourseReview.asked_by_id.in_(same_human(person_id))
    return db.session.scalar(select(CourseReview.id).where(*mine).limit(1)) is not None


def _within(actor: Actor) -> ColumnElement[bool]:
    organisations = actor.organisations_as(REVIEWER)
    if organisations is None:
        return true()
    return Course.organisation_id.in_(organisations) if organisations else false()


def waiting(actor: Actor) -> Select[Any]:
    """Return the query of what waits for a content reviewer: the review, its version, course, who asked; longest first."""
    query = _reviews().where(CourseReview.state == ASKED, CourseVersion.state == DRAFT, _within(actor))
    return query.order_by(CourseReview.asked_at, CourseReview.id)


def count_waiting(actor: Actor) -> ScalarSelect[int]:
    """Return the query of how much waits for a content reviewer."""
    return (
        select(func.count())
        .select_from(CourseReview)
        .join(CourseVersion, CourseVersion.id == CourseReview.version_id)
        .join(Course, Course.id == CourseVersion.course_id)
        .where(CourseReview.state == ASKED, CourseVersion.state == DRAFT, _within(actor))
        .scalar_subquery()
    )


def count_in_review(actor: Actor) -> ScalarSelect[int]:
    """Return the query of how many drafts somebody sent to review that still wait for a reviewer."""
    return (
        select(func.count())
        .select_from(CourseReview)
        .join(CourseVersion, CourseVersion.id == CourseReview.version_id)
        .where(CourseReview.state == ASKED, CourseVersion.state == DRAFT, CourseReview.asked_by_id == actor.person_id)
        .scalar_subquery()
    )


def _comments() -> Select[Any]:
    columns: tuple[Any, ...] = (CourseComment, Person.name, Course)
    return (
        select(*columns)
        .join(Person, Person.id == CourseComment.author_id)
        .join(CourseVersion, CourseVersion.id == CourseComment.version_id)
        .join(Course, Course.id == CourseVersion.course_id)
    )


def comments_on(version_id: int) -> list[Said]:
    """Return what is said about a version, oldest first."""
    rows = db.session.execute(_comments().where(CourseComment.version_id == version_id).order_by(CourseComment.id))
    return [Said(*row) for row in rows]


def comment(comment_id: int) -> Said | None:
    """Return one comment by id."""
    row = db.session.execute(_comments().where(CourseComment.id == comment_id)).one_or_none()
    return Said(*row) if row else None


def _may_decide(course: Course) -> ColumnElement[bool]:
    """Return the filter on Person for those who may decide about a course: content reviewers who may not edit it."""
    scope = or_(RoleGrant.organisation_id == course.organisation_id, RoleGrant.organisation_id.is_(None))

    def holds(role: str) -> ColumnElement[bool]:
        return exists().where(RoleGrant.person_id == Person.id, RoleGrant.role == role, scope)

    listed = exists().where(CourseTrainer.course_id == course.id, CourseTrainer.person_id == Person.id)
    return and_(Person.state == "active", holds(REVIEWER), ~holds(ADMINISTRATOR), ~and_(holds(TRAINER), listed))


def reviewers_of(course: Course) -> list[int]:
    """Return the ids of those who may decide about a course."""
    return list(db.session.scalars(select(Person.id).where(_may_decide(course)).order_by(Person.id)))
