"""Frameworks as those who keep them see them: the list, the desk with its draft, the versions."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select

from academy.accounts.models import Person
from academy.base.db import db
from academy.base.text import LocalizedText
from academy.competencies.frameworks.content import Content, content_of
from academy.competencies.models import (
    Competency,
    Evidence,
    Framework,
    FrameworkDraft,
    FrameworkImport,
    FrameworkVersion,
    RoleProfile,
)


@dataclass(frozen=True, slots=True)
class FrameworkLine:
    """A framework in the list of those who keep them."""

    key: str
    title: LocalizedText
    number: int
    label: str
    published_at: datetime
    competencies: int
    versions: int
    draft: bool


@dataclass(frozen=True, slots=True)
class FrameworkDesk:
    """A framework with its draft, if one is open, and what its published version says, if there is one."""

    framework: Framework
    draft: FrameworkDraft | None
    published: Content | None

    @property
    def content(self) -> Content:
        """What the desk shows: the draft, else the published version."""
        if self.draft is not None:
            return content_of(self.draft.content)
        return self.published or Content("", self.framework.title, self.framework.evidence_rule)

    @property
    def title(self) -> LocalizedText:
        """The title shown on the desk."""
        return self.content.title or self.framework.title


@dataclass(frozen=True, slots=True)
class VersionLine:
    """A published version in the history."""

    number: int
    label: str
    note: str
    published_at: datetime
    by: LocalizedText | None


@dataclass(frozen=True, slots=True)
class PastVersion:
    """A published version, whole."""

    framework: Framework
    line: VersionLine
    content: Content


@dataclass(frozen=True, slots=True)
class Weight:
    """What hangs on a competency: the people with evidence of it and the role profiles that ask for it."""

    people: int
    profiles: int


def frameworks_kept() -> list[FrameworkLine]:
    """Return every framework, in one statement."""
    holding = select(func.count()).where(Competency.framework_id == Framework.id, Competency.retired_at.is_(None))
    versions = select(func.count()).where(FrameworkVersion.framework_id == Framework.id)
    query = (
        select(
            Framework.key, Framework.title, Framework.number, Framework.version, Framework.loaded_at,
            holding.scalar_subquery(), versions.scalar_subquery(), FrameworkDraft.framework_id.is_not(None),
        )
        .outerjoin(FrameworkDraft, FrameworkDraft.framework_id == Framework.id)
        .order_by(Framework.id)
    )  # fmt: skip
    return [FrameworkLine(*row) for row in db.session.execute(query)]


def framework_desk(framework_key: str) -> FrameworkDesk | None:
    """Return a framework for those who keep it, in one statement."""
    query = (
        select(Framework, FrameworkDraft, FrameworkVersion.content)
        .outerjoin(FrameworkDraft, FrameworkDraft.framework_id == Framework.id)
        .outerjoin(
            FrameworkVersion,
            (FrameworkVersion.framework_id == Framework.id) & (FrameworkVersion.number == Framework.number),
        )
        .where(Framework.key == framework_key)
    )
    found = db.session.execute(query).one_or_none()
    if found is None:
        return None
    framework, draft, stored = found
    return FrameworkDesk(framework, draft, content_of(stored) if stored else None)


def versions_of(framework_id: int) -> list[VersionLine]:
    """Return the versions of a framework, the newest first, in one statement."""
    version = FrameworkVersion
    query = (
        select(version.number, version.label, version.note, version.published_at, Person.name)
        .outerjoin(Person, Person.id == version.published_by_id)
        .where(version.framework_id == framework_id)
        .order_by(version.number.desc())
    )
    return [VersionLine(*row) for row in db.session.execute(query)]


def past_version(framework_key: str, version_number: int) -> PastVersion | None:
    """Return a published version, whole."""
    version = FrameworkVersion
    query = (
        select(Framework, version, Person.name)
        .join(version, version.framework_id == Framework.id)
        .outerjoin(Person, Person.id == version.published_by_id)
        .where(Framework.key == framework_key, version.number == version_number)
    )
    found = db.session.execute(query).one_or_none()
    if found is None:
        return None
    framework, row, name = found
    line = VersionLine(row.number, row.label, row.note, row.published_at, name)
    return PastVersion(framework, line, content_of(row.content))


def weights(keys: Collection[str]) -> dict[str, Weight]:
    """Return what hangs on competencies, in two statements."""
    people = (
        select(Competency.key, func.count(Evidence.person_id.distinct()))
        .join(Evidence, Evidence.competency_id == Competency.id)
        .where(Competency.key.in_(list(keys)))
        .group_by(Competency.key)
    )
    held = {key: count for key, count in db.session.execute(people)}
    asked: Sequence[dict[str, int]] = db.session.scalars(select(RoleProfile.targets)).all() if keys else []
    return {key: Weight(held.get(key, 0), sum(key in targets for targets in asked)) for key in keys}


def read_file(read_id: int) -> FrameworkImport | None:
    """Return a file that was read and waits to be taken over."""
    return db.session.get(FrameworkImport, read_id)
