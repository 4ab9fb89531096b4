"""Reads of templates: their versions and designs, and who may approve what becomes of them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, exists, func, or_, select
from sqlalchemy.orm import aliased

from academy.accounts.models import Organisation, Person, RoleGrant, SettingLock
from academy.accounts.queries_of_memberships import same_human
from academy.base.access import KEEPERS
from academy.base.db import db
from academy.base.text import LocalizedText
from academy.credentials.models_of_templates import (
    DRAFT,
    PUBLISHED,
    CertificateTemplate,
    TemplatePicture,
    TemplateUse,
    TemplateVersion,
    VersionFound,
)
from academy.credentials.policies import LOOK
from academy.credentials.rules_of_looks import Design, Look, Picture


@dataclass(frozen=True, slots=True)
class TemplateCard:
    """A template in the list: what is published of it, whether a draft waits, and in how many places it is chosen."""

    key: str
    name: LocalizedText
    organisation: LocalizedText | None
    published: int | None
    draft: int | None
    draft_shape: str
    shape: str
    asked_at: datetime | None
    uses: int
    retired: bool

    @property
    def number(self) -> int | None:
        """The version that its picture shows."""
        return self.published or self.draft


@dataclass(frozen=True, slots=True)
class VersionRow:
    """A version in the history, who edited it with which account, who approved it, and how many certificates were issued in it."""

    version: TemplateVersion
    editor: LocalizedText | None
    editor_account_id: int | None
    approver: LocalizedText | None
    issued: int


def template_by_key(template_key: str) -> CertificateTemplate | None:
    """Return the template with this key."""
    return db.session.scalar(select(CertificateTemplate).where(CertificateTemplate.key == template_key))


def version_of(template_key: str, version_number: int) -> VersionFound | None:
    """Return a template and one of its versions."""
    query = select(CertificateTemplate, TemplateVersion).join(
        TemplateVersion, TemplateVersion.template_id == CertificateTemplate.id
    )
    found = db.session.execute(
        query.where(CertificateTemplate.key == template_key, TemplateVersion.number == version_number)
    ).first()
    return VersionFound(*found) if found else None


def newest(template_id: int, state: str) -> TemplateVersion | None:
    """Return the one version of a template in the state of a draft, or published."""
    query = select(TemplateVersion).where(TemplateVersion.template_id == template_id, TemplateVersion.state == state)
    return db.session.scalar(query)


def pictures_of(version_id: int) -> Sequence[TemplatePicture]:
    """Return the pictures of a version."""
    query = select(TemplatePicture).where(TemplatePicture.version_id == version_id)
    return db.session.scalars(query.order_by(TemplatePicture.place)).all()


def design_of(version_id: int | None) -> Design | None:
    """Return how a version looks, with its pictures; None for none, which means the look that is built in."""
    if version_id is None:
        return None
    version = db.session.get_one(TemplateVersion, version_id)
    pictures = {row.place: Picture(row.media_type, row.width, row.height, row.data) for row in pictures_of(version_id)}
    return Design(Look.from_json(version.look), pictures)


def listing(scope: ColumnElement[bool]) -> Select[Any]:
    """Return the statement of the list within a filter on CertificateTemplate: rows for `card_of`, the newest first, retired ones last."""
    draft, published = aliased(TemplateVersion), aliased(TemplateVersion)
    uses = select(func.count()).where(TemplateUse.template_id == CertificateTemplate.id).scalar_subquery()
    return (
        select(
            CertificateTemplate.key, CertificateTemplate.name, Organisation.name.label("organisation"),
            published.number.label("published"), draft.number.label("draft"), draft.asked_at,
            draft.look.label("draft_look"), published.look.label("look"), uses.label("uses"),
            CertificateTemplate.retired_at,
        )
        .outerjoin(Organisation, Organisation.id == CertificateTemplate.organisation_id)
        .outerjoin(draft, (draft.template_id == CertificateTemplate.id) & (draft.state == DRAFT))
        .outerjoin(published, (published.template_id == CertificateTemplate.id) & (published.state == PUBLISHED))
        .where(scope)
        .order_by(CertificateTemplate.retired_at.is_not(None), CertificateTemplate.id.desc())
    )  # fmt: skip


def card_of(row: Any) -> TemplateCard:
    """Return the card of a row of `listing`."""
    draft_shape = (row.draft_look or {}).get("shape", "landscape")
    return TemplateCard(
        row.key, row.name, row.organisation, row.published, row.draft, draft_shape,
        (row.look or {}).get("shape", draft_shape), row.asked_at, row.uses, row.retired_at is not None,
    )  # fmt: skip


def history(template_id: int, counted: Any) -> list[VersionRow]:
    """Return all versions of a template, the newest first. `counted` is the column that names the version of a certificate."""
    editor, approver = aliased(Person), aliased(Person)
    issued = select(func.count()).where(counted == TemplateVersion.id).scalar_subquery()
    query = (
        select(TemplateVersion, editor.name, editor.account_id, approver.name, issued)
        .outerjoin(editor, editor.id == TemplateVersion.edited_by_id)
        .outerjoin(approver, approver.id == TemplateVersion.published_by_id)
        .where(TemplateVersion.template_id == template_id)
        .order_by(TemplateVersion.number.desc())
    )
    return [VersionRow(*row) for row in db.session.execute(query)]


def name_of(person_id: int | None) -> LocalizedText | None:
    """Return the name of somebody who did something to a template."""
    return db.session.scalar(select(Person.name).where(Person.id == person_id)) if person_id is not None else None


def approvers(template: CertificateTemplate, *, but: int | None) -> list[int]:
    """Return the active people who may approve what becomes of a template, without the one who edited or asked.

    Its organisation's own do not while the academy keeps the look of its certificates for itself.
    """
    locked = exists().where(SettingLock.organisation_id == RoleGrant.organisation_id, SettingLock.setting == LOOK)
    own = and_(RoleGrant.organisation_id == template.organisation_id, ~locked)
    scope = or_(RoleGrant.organisation_id.is_(None), own)
    query = select(Person.id).join(RoleGrant, RoleGrant.person_id == Person.id)
    query = query.where(
        RoleGrant.role.in_(KEEPERS), Person.state == "active", scope, Person.id.not_in(same_human(but or 0))
    )
    return list(db.session.scalars(query.distinct().order_by(Person.id)))
