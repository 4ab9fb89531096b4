"""Where templates are chosen, which of them holds, what can be chosen, and what follows when one is retired."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import case, false, or_, select

from academy.accounts.models import Organisation
from academy.base.db import db
from academy.base.text import LocalizedText
from academy.catalogue.models import Course
from academy.catalogue.queries import shown_title
from academy.credentials.models_of_templates import (
    PUBLISHED,
    CertificateTemplate,
    TemplateUse,
    TemplateVersion,
)
from academy.credentials.queries_of_templates import TemplateCard, card_of, listing
from academy.learning.models.programmes import Programme
from academy.learning.queries.announcing import shown_programme_title


@dataclass(frozen=True, slots=True)
class Place:
    """For what a template can be chosen: a course, a programme, or all that an organisation issues.

    `kind` is "course", "programme" or "organisation"; `name` is how the audit trail calls it, `organisation_id` whose it is.
    """

    kind: str
    id: int
    name: str
    organisation_id: int

    @property
    def scope(self) -> dict[str, int]:
        """Which row of uses is this place's."""
        return {f"{self.kind}_id": self.id}


@dataclass(frozen=True, slots=True)
class UseRow:
    """A place where a template is chosen, and the look that it gets without this template: a template's name, or none."""

    id: int
    kind: str
    name: LocalizedText
    next: LocalizedText | None


def place_of(thing: Course | Programme | Organisation) -> Place:
    """Return the place that a course, a programme or an organisation is."""
    if isinstance(thing, Organisation):
        return Place("organisation", thing.id, thing.key, thing.id)
    return Place("course" if isinstance(thing, Course) else "programme", thing.id, thing.key, thing.organisation_id)


def chosen_version(course: Course) -> int | None:
    """Return the version in which a certificate of a course is issued now; None for the look that is built in.

    What was chosen for the course outweighs what its organisation chose, and that what the whole academy did.
    """
    return version_chosen(place_of(course))


def version_chosen(place: Place) -> int | None:
    """The same for any place: the nearest choice holds."""
    own = getattr(TemplateUse, f"{place.kind}_id") == place.id
    query = (
        select(TemplateVersion.id)
        .join(TemplateUse, TemplateUse.template_id == TemplateVersion.template_id)
        .where(
            TemplateVersion.state == PUBLISHED,
            or_(own, TemplateUse.organisation_id == place.organisation_id, TemplateUse.everywhere.is_(True)),
        )
        .order_by(case((own, 0), (TemplateUse.organisation_id.is_not(None), 1), else_=2))
    )
    return db.session.scalar(query.limit(1))


def uses_of(template_id: int) -> list[UseRow]:
    """Return the places where a template is chosen, and what each would have without it."""
    course, programme = shown_title(), shown_programme_title()
    query = (
        select(TemplateUse, Organisation.name, course, programme, Course.organisation_id, Programme.organisation_id)
        .outerjoin(Organisation, Organisation.id == TemplateUse.organisation_id)
        .outerjoin(Course, Course.id == TemplateUse.course_id)
        .outerjoin(Programme, Programme.id == TemplateUse.programme_id)
        .where(TemplateUse.template_id == template_id)
        .order_by(TemplateUse.id)
    )
    rows = db.session.execute(query).all()
    wider = _wider(template_id, {owner for *_rest, a, b in rows for owner in (a, b) if owner is not None})
    found = []
    for use, *names, of_course, of_programme in rows:
        owner = of_course if of_course is not None else of_programme
        after = None if use.everywhere else wider.get(owner, wider.get(None))
        name = next((each for each in names if each is not None), LocalizedText())
        found.append(UseRow(use.id, _kind_of(use), name, after))
    return found


def _kind_of(use: TemplateUse) -> str:
    if use.course_id is not None:
        return "course"
    if use.programme_id is not None:
        return "programme"
    return "everywhere" if use.everywhere else "organisation"


def _wider(template_id: int, organisation_ids: set[int]) -> dict[int | None, LocalizedText]:
    """Return the names of the other templates that organisations have; under None that of the whole academy."""
    mine = TemplateUse.organisation_id.in_(organisation_ids) if organisation_ids else false()
    query = (
        select(TemplateUse.organisation_id, CertificateTemplate.name)
        .join(CertificateTemplate, CertificateTemplate.id == TemplateUse.template_id)
        .where(TemplateUse.template_id != template_id, or_(mine, TemplateUse.everywhere.is_(True)))
    )
    return {owner: name for owner, name in db.session.execute(query)}


def chosen_for(place: Place) -> str | None:
    """Return the key of the template that was chosen for a place."""
    query = select(CertificateTemplate.key).join(TemplateUse, TemplateUse.template_id == CertificateTemplate.id)
    return db.session.scalar(query.filter(getattr(TemplateUse, f"{place.kind}_id") == place.id))


def offered_to(place: Place) -> list[TemplateCard]:
    """Return the published templates that a place may have: the academy's, and those of its own organisation."""
    own: Any = or_(
        CertificateTemplate.organisation_id.is_(None), CertificateTemplate.organisation_id == place.organisation_id
    )
    rows = db.session.execute(listing(own & CertificateTemplate.retired_at.is_(None)))
    return [card for row in rows if (card := card_of(row)).published]
