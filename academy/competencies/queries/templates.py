"""Templates of development plans as their pages show them."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import and_, case, func, or_, select

from academy.accounts.models import Person
from academy.base.db import db
from academy.base.text import LocalizedText
from academy.catalogue.models import PUBLISHED, Course, CourseVersion
from academy.competencies.models import (
    Competency,
    PersonProfile,
    PlanOrigin,
    PlanTemplate,
    PlanTemplateLine,
    RoleProfile,
)

MOST = 200


@dataclass(frozen=True, slots=True)
class FoundTemplate:
    """A template with the name of its role profile and of who wrote it."""

    row: PlanTemplate
    profile: LocalizedText | None
    owner: LocalizedText | None
    lines: int = 0
    fits: bool = False

    @property
    def id(self) -> int:
        """The number of the template."""
        return self.row.id


@dataclass(frozen=True, slots=True)
class TemplateLine:
    """One line of a template; `key` and `name` are of the course, or of the competency."""

    id: int
    kind: str
    key: str
    name: LocalizedText
    level: int | None
    practice: LocalizedText | None
    course_id: int | None
    competency_id: int | None


def template(template_id: int) -> FoundTemplate | None:
    """Return a template by id."""
    query = (
        select(PlanTemplate, RoleProfile.name, Person.name)
        .outerjoin(RoleProfile, RoleProfile.id == PlanTemplate.profile_id)
        .outerjoin(Person, Person.id == PlanTemplate.owner_id)
        .where(PlanTemplate.id == template_id)
    )
    row = db.session.execute(query).one_or_none()
    return FoundTemplate(*row) if row else None


def templates_of(organisation_id: int, person_id: int) -> list[FoundTemplate]:
    """Return an organisation's templates in use: those for a role of the person first, then those at large; one statement."""
    mine = select(PersonProfile.profile_id).where(PersonProfile.person_id == person_id)
    lines = (
        select(func.count())
        .where(PlanTemplateLine.template_id == PlanTemplate.id)
        .correlate(PlanTemplate)
        .scalar_subquery()
    )
    fits = case((PlanTemplate.profile_id.in_(mine), True), else_=False)
    query = (
        select(PlanTemplate, RoleProfile.name, Person.name, lines, fits)
        .outerjoin(RoleProfile, RoleProfile.id == PlanTemplate.profile_id)
        .outerjoin(Person, Person.id == PlanTemplate.owner_id)
        .where(PlanTemplate.organisation_id == organisation_id, PlanTemplate.retired_at.is_(None))
        .order_by(fits.desc(), PlanTemplate.profile_id.is_not(None), PlanTemplate.id)
        .limit(MOST)
    )
    return [FoundTemplate(*row) for row in db.session.execute(query)]


def lines_of_template(template_id: int) -> list[TemplateLine]:
    """Return the lines of a template in order; one statement."""
    published = and_(CourseVersion.course_id == Course.id, CourseVersion.state == PUBLISHED)
    query = (
        select(PlanTemplateLine, Course.key, CourseVersion.title, Competency.key, Competency.name)
        .outerjoin(Course, Course.id == PlanTemplateLine.course_id)
        .outerjoin(CourseVersion, published)
        .outerjoin(Competency, Competency.id == PlanTemplateLine.competency_id)
        .where(PlanTemplateLine.template_id == template_id)
        .order_by(PlanTemplateLine.position, PlanTemplateLine.id)
    )
    return [
        TemplateLine(
            row.id, row.kind, course or key or "", title or name or LocalizedText(course or "", course or ""), row.level,
            row.practice, row.course_id, row.competency_id,
        )
        for row, course, title, key, name in db.session.execute(query)
    ]  # fmt: skip


def courses_for(organisation_id: int) -> Sequence[tuple[int, LocalizedText]]:
    """Return the published courses that people of an organisation may see, in the catalogue's order."""
    query = (
        select(Course.id, CourseVersion.title)
        .join(CourseVersion, and_(CourseVersion.course_id == Course.id, CourseVersion.state == PUBLISHED))
        .where(Course.retired_at.is_(None))
        .where(or_(Course.audience == "everyone", Course.organisation_id == organisation_id))
        .order_by(CourseVersion.level, Course.code, Course.id)
    )
    return [(number, title) for number, title in db.session.execute(query)]


def profile_choices() -> list[tuple[int, LocalizedText]]:
    """Return the role profiles that hold."""
    holding = RoleProfile.number > 0, RoleProfile.retired_at.is_(None)
    query = select(RoleProfile.id, RoleProfile.name).where(*holding).order_by(RoleProfile.id)
    return [(number, name) for number, name in db.session.execute(query)]


def origin_of(plan_id: int) -> PlanOrigin | None:
    """Return from which template a plan was made."""
    return db.session.get(PlanOrigin, plan_id)
