"""Frameworks from files and into files. A file is read and kept aside first; only what was previewed is taken over."""

from dataclasses import replace
from datetime import datetime
from pathlib import PurePath
from typing import Any

from sqlalchemy import delete, select

from academy.base import audit
from academy.base.db import db, lock
from academy.base.errors import Conflict, Invalid
from academy.base.i18n import _l
from academy.base.text import LocalizedText, clean_line
from academy.competencies.frameworks import as_case, as_csv, as_yaml
from academy.competencies.frameworks.comparing import with_retired
from academy.competencies.frameworks.content import Content, Step, content_of
from academy.competencies.frameworks.reading import ProfileText, Reading, Unreadable, sound
from academy.competencies.models import (
    Framework,
    FrameworkDraft,
    FrameworkImport,
    FrameworkVersion,
    RoleProfile,
    RoleProfileDraft,
)
from academy.competencies.refusals import DraftOpen, KeyTaken
from academy.competencies.services.drafting import (
    DEFAULT_SCALE,
    begin,
    fit_key,
    next_label,
    published_content,
    published_labels,
    taken_elsewhere,
)

KINDS = {
    "yaml": ("yaml", "application/yaml; charset=utf-8"),
    "csv": ("csv", "text/csv; charset=utf-8"),
    "case": ("json", "application/json; charset=utf-8"),
}


def read_framework(
    data: bytes, file_name: str, *, framework: Framework | None, key: str, prefix: str, owner_id: int, at: datetime
) -> FrameworkImport:
    """Read a file for a framework, or for a new one with the key, and keep it aside for its owner; nothing else changes."""
    if framework is None:
        fit_key(key)
        if db.session.scalar(select(Framework.id).where(Framework.key == key)) is not None:
            raise KeyTaken(field="key")
    reading = sound(_parsed(data, file_name, framework), prefix)
    codes = [each.key for each in reading.content.parts]
    if taken := sorted(taken_elsewhere(codes, framework.id if framework else None)):
        said = _l("Another framework already has the code %(code)s. Put something before every code.")
        raise Invalid(said, field="prefix", code=taken[0])
    db.session.execute(delete(FrameworkImport).where(FrameworkImport.owner_id == owner_id))
    row = FrameworkImport(
        framework_id=framework.id if framework else None, owner_id=owner_id, file_name=clean_line(file_name)[:255],
        content={**reading.content.as_json(), "key": key}, profiles=[each.as_json() for each in reading.profiles],
        notes=list(reading.notes)[:50], read_at=at,
    )  # fmt: skip
    db.session.add(row)
    db.session.flush()
    return row


def _parsed(data: bytes, file_name: str, framework: Framework | None) -> Reading:
    match PurePath(file_name).suffix.lower():
        case ".yaml" | ".yml":
            return as_yaml.read(data)
        case ".json":
            return as_case.read(data, _scale_of(framework))
        case ".csv" | ".tsv" | ".txt" | ".xlsx":
            return as_csv.read(data, file_name)
        case _:
            raise Unreadable(_l("Choose a YAML, CSV, XLSX or JSON file."))


def _scale_of(framework: Framework | None) -> tuple[Step, ...]:
    content = published_content(framework) if framework else None
    if content is not None:
        return content.scale
    query = select(FrameworkVersion.content).join(Framework, Framework.id == FrameworkVersion.framework_id)
    first = db.session.scalar(query.order_by(Framework.id, FrameworkVersion.number.desc()).limit(1))
    return content_of(first).scale if first else DEFAULT_SCALE


def previewed(read: FrameworkImport, framework: Framework | None) -> tuple[Content | None, Content]:
    """Return what the framework says now and what its draft would say with the file."""
    before = published_content(framework) if framework else None
    return before, with_retired(before, content_of(read.content))


def take_over(read: FrameworkImport, *, actor_id: int, at: datetime) -> Framework:
    """Make the file the draft of its framework, and its role profiles drafts too; publishing stays an act of its own."""
    framework = lock(Framework, read.framework_id) if read.framework_id else None
    _before, content = previewed(read, framework)
    if framework is None:
        framework = begin(read.content["key"], content, actor_id=actor_id, at=at)
    else:
        if db.session.get(FrameworkDraft, framework.id) is not None:
            raise DraftOpen
        if content.label in published_labels(framework):
            content = replace(content, label=next_label(framework.version))
        row = FrameworkDraft(
            framework_id=framework.id, content=content.as_json(), changed_at=at, changed_by_id=actor_id
        )
        db.session.add(row)
    for stored in read.profiles:
        _draft_profile(framework, content, stored, actor_id, at)
    audit.record(
        "competencies:framework:import", at=at, actor_id=actor_id, subject=("framework", framework.id, framework.key),
        after={"file": read.file_name, "competencies": content.holding},
    )  # fmt: skip
    db.session.delete(read)
    db.session.flush()
    return framework


def _draft_profile(framework: Framework, content: Content, stored: dict[str, Any], actor_id: int, at: datetime) -> None:
    """Open a draft of a role profile with what the file asks of this framework; what it asks of others stays."""
    name, targets = LocalizedText.of(stored["name"]), {key: int(level) for key, level in stored["targets"].items()}
    profile = db.session.scalar(select(RoleProfile).where(RoleProfile.key == stored["key"]))
    if profile is None:
        profile = RoleProfile(framework_id=framework.id, key=stored["key"], name=name, targets={}, number=0)
        db.session.add(profile)
        db.session.flush()
    elif db.session.get(RoleProfileDraft, profile.id) is not None:
        raise Conflict(
            _l("Somebody is working on the role profile %(key)s. Publish or discard its draft first."), key=profile.key
        )
    codes = {each.key for each in content.competencies}
    others = {key: level for key, level in profile.targets.items() if key not in codes}
    if profile.number and (name, {**others, **targets}) == (profile.name, profile.targets):
        return
    db.session.add(
        RoleProfileDraft(
            profile_id=profile.id, name=name, targets={**others, **targets}, changed_at=at, changed_by_id=actor_id
        )
    )


def discard_reading(read: FrameworkImport) -> None:
    """Forget a file that was read."""
    db.session.delete(read)
    db.session.flush()


def profiles_of(content: Content) -> list[ProfileText]:
    """Return the published role profiles with what they ask of this framework."""
    codes = {each.key for each in content.competencies if not each.retired}
    holding = RoleProfile.number > 0, RoleProfile.retired_at.is_(None)
    rows = db.session.scalars(select(RoleProfile).where(*holding).order_by(RoleProfile.id))
    asked = [(row, {key: int(level) for key, level in row.targets.items() if key in codes}) for row in rows]
    return [ProfileText(row.key, row.name, targets) for row, targets in asked if targets]


def written(framework: Framework, content: Content, kind: str, *, language: str) -> bytes:
    """Return a framework as a file of a kind."""
    match kind:
        case "yaml":
            return as_yaml.write(content, profiles_of(content))
        case "csv":
            return as_csv.write(content, profiles_of(content))
        case _:
            return as_case.write(framework.key, content, language=language, at=framework.loaded_at)
