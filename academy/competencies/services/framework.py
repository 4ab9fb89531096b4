"""Loading a framework, and bringing the tables that everything reads to what a version says."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any, Protocol

from sqlalchemy import func, select

from academy.base.db import db
from academy.base.text import LocalizedText
from academy.competencies.frameworks.content import CompetencyText, Content, DomainText, Step
from academy.competencies.models import (
    Competency,
    CompetencyDomain,
    Framework,
    FrameworkVersion,
    RoleProfile,
    RoleProfileVersion,
)
from academy.competencies.services.asking import ask_again


class WrittenCompetency(Protocol):
    """A competency as an author wrote it."""

    id: str
    name: LocalizedText
    definition: LocalizedText
    indicators: Mapping[int, LocalizedText]


class WrittenDomain(Protocol):
    """A domain with its competencies."""

    id: str
    name: LocalizedText
    purpose: LocalizedText
    competencies: Iterable[Any]


def load_framework(
    key: str,
    *,
    version: str,
    title: LocalizedText,
    evidence_rule: LocalizedText,
    scale: Iterable[tuple[int, LocalizedText, LocalizedText]],
    domains: Iterable[Any],
    profiles: Iterable[tuple[str, LocalizedText, Mapping[str, int]]],
    at: datetime,
) -> Framework:
    """Load a framework with its scale (level, name, meaning), domains and role profiles (key, name, targets), and publish it.

    Loading it again is harmless: a framework with the key stays as it is.
    """
    found = db.session.scalar(select(Framework).where(Framework.key == key))
    if found is not None:
        return found
    content = Content(
        version,
        title,
        evidence_rule,
        tuple(Step(*each) for each in scale),
        tuple(_domain_text(each) for each in domains),
    )
    framework = Framework(key=key, version=version, title=title, evidence_rule=evidence_rule, scale=[], loaded_at=at)
    db.session.add(framework)
    db.session.flush()
    set_down(framework, content, note="", actor_id=None, at=at)
    for profile_key, name, targets in profiles:
        made = RoleProfile(framework_id=framework.id, key=profile_key, name=name, targets=dict(targets), number=1)
        db.session.add(made)
        db.session.flush()
        first = RoleProfileVersion(profile_id=made.id, number=1, name=name, targets=dict(targets), published_at=at)
        db.session.add(first)
    db.session.flush()
    return framework


def _domain_text(text: WrittenDomain) -> DomainText:
    return DomainText(text.id, text.name, text.purpose, tuple(_competency_text(each) for each in text.competencies))


def _competency_text(text: WrittenCompetency) -> CompetencyText:
    return CompetencyText(text.id, text.name, text.definition, dict(text.indicators))


def set_down(
    framework: Framework, content: Content, *, note: str, actor_id: int | None, at: datetime
) -> FrameworkVersion:
    """Keep the content as the next version, and bring the framework, its domains and competencies to it.

    Rows are found by code and never deleted, so evidence, standings and targets stay with what they are about.
    """
    last = select(func.max(FrameworkVersion.number)).where(FrameworkVersion.framework_id == framework.id)
    number = (db.session.scalar(last) or 0) + 1
    row = FrameworkVersion(
        framework_id=framework.id, number=number, label=content.label, content=content.as_json(), note=note,
        published_at=at, published_by_id=actor_id,
    )  # fmt: skip
    db.session.add(row)
    framework.number, framework.version = number, content.label
    framework.title, framework.evidence_rule = content.title, content.rule
    framework.scale = [step.as_json() for step in content.scale]
    framework.loaded_at = at
    _bring_up(framework.id, content, at)
    db.session.flush()
    ask_again(keys=[each.key for each in content.competencies])
    return row


def _bring_up(framework_id: int, content: Content, at: datetime) -> None:
    domains = _rows(CompetencyDomain, framework_id)
    for position, text in enumerate(content.domains):
        row = domains.pop(text.key, None) or CompetencyDomain(framework_id=framework_id, key=text.key)
        row.position, row.name, row.purpose = position, text.name, text.purpose
        row.retired_at = (row.retired_at or at) if text.retired else None
        db.session.add(row)
    for gone in domains.values():
        gone.retired_at = gone.retired_at or at
    db.session.flush()
    places = {row.key: row.id for row in _rows(CompetencyDomain, framework_id).values()}
    competencies = _rows(Competency, framework_id)
    for domain in content.domains:
        for position, each in enumerate(domain.competencies):
            row = competencies.pop(each.key, None) or Competency(framework_id=framework_id, key=each.key)
            row.domain_id, row.position, row.name, row.definition = (
                places[domain.key],
                position,
                each.name,
                each.definition,
            )
            row.levels = {str(level): said.as_dict() for level, said in each.levels.items()}
            row.retired_at = (row.retired_at or at) if each.retired else None
            db.session.add(row)
    for gone in competencies.values():
        gone.retired_at = gone.retired_at or at
    db.session.flush()


def _rows(model: Any, framework_id: int) -> dict[str, Any]:
    rows = db.session.scalars(select(model).where(model.framework_id == framework_id).order_by(model.id))
    return {row.key: row for row in rows}
