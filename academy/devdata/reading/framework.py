"""The competency framework: its shapes, and how they are read from `cx-competencies/1`."""

from dataclasses import dataclass
from pathlib import Path

from academy.base.text import LocalizedText
from academy.devdata.reading.courses import HIGHEST_LEVEL, TargetLevel
from academy.devdata.reading.parts import Part, load


@dataclass(frozen=True)
class ScaleLevel:
    """One step of the proficiency scale: 1 aware, 2 applying, 3 proficient, 4 leading."""

    level: int
    name: LocalizedText
    meaning: LocalizedText


@dataclass(frozen=True)
class CompetencyContent:
    """A competency with one behavioural indicator for each level of the scale."""

    id: str
    name: LocalizedText
    definition: LocalizedText
    indicators: dict[int, LocalizedText]


@dataclass(frozen=True)
class DomainContent:
    """A group of competencies with its purpose."""

    id: str
    name: LocalizedText
    purpose: LocalizedText
    competencies: tuple[CompetencyContent, ...]


@dataclass(frozen=True)
class RoleContent:
    """A role profile: the level each of its competencies asks for; what it does not name is not required."""

    id: str
    name: LocalizedText
    targets: tuple[TargetLevel, ...]


@dataclass(frozen=True)
class FrameworkContent:
    """The competency framework: scale, domains with competencies, role profiles."""

    file: str
    version: str
    title: LocalizedText
    evidence_rule: LocalizedText
    scale: tuple[ScaleLevel, ...]
    domains: tuple[DomainContent, ...]
    roles: tuple[RoleContent, ...]

    @property
    def competencies(self) -> tuple[CompetencyContent, ...]:
        """Every competency of the framework in order."""
        return tuple(competency for domain in self.domains for competency in domain.competencies)


def read_competencies(path: Path) -> FrameworkContent:
    """Read the competency framework; raises BadContent."""
    top = load(path, "cx-competencies/1")
    return FrameworkContent(
        file=path.name,
        version=top.at("version").word(),
        title=top.at("title").text(),
        evidence_rule=top.at("evidence_rule").text(),
        scale=tuple(map(_scale_level, top.each("scale"))),
        domains=tuple(map(_domain, top.each("domains"))),
        roles=tuple(map(_role, top.each("roles"))),
    )


def _scale_level(part: Part) -> ScaleLevel:
    return ScaleLevel(
        part.at("level").whole(1, HIGHEST_LEVEL),
        part.at("name").text(),
        part.at("meaning").text(),
    )


def _domain(part: Part) -> DomainContent:
    return DomainContent(
        id=part.at("id").word(),
        name=part.at("name").text(),
        purpose=part.at("purpose").text(),
        competencies=tuple(map(_competency, part.each("competencies"))),
    )


def _competency(part: Part) -> CompetencyContent:
    levels = part.at("levels")
    return CompetencyContent(
        id=part.at("id").word(),
        name=part.at("name").text(),
        definition=part.at("definition").text(),
        indicators={_level(levels, key): levels.at(key).text() for key in levels.mapping()},
    )


def _role(part: Part) -> RoleContent:
    targets = part.at("targets")
    return RoleContent(
        id=part.at("id").word(),
        name=part.at("name").text(),
        targets=tuple(TargetLevel(key, targets.at(key).whole(1, HIGHEST_LEVEL)) for key in targets.mapping()),
    )


def _level(part: Part, key: object) -> int:
    return Part(part.file, f"{part.place}.{key}", key).whole(1, HIGHEST_LEVEL)
