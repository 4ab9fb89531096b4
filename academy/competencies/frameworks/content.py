"""The content of a framework: what a draft changes and what a version keeps for ever."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any
from zlib import crc32

from academy.base.text import LocalizedText

HIGHEST_LEVEL = 4
MOST_DOMAINS, MOST_COMPETENCIES = 60, 500
LINE, BLOCK = 255, 2_000
NO_TEXT = LocalizedText()
CODE = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9._-]{0,18}[A-Za-z0-9])?")


@dataclass(frozen=True, slots=True)
class Step:
    """One level of the scale with its name and what it means."""

    level: int
    name: LocalizedText
    meaning: LocalizedText

    def as_json(self) -> dict[str, Any]:
        """As stored."""
        return {"level": self.level, "name": self.name.as_dict(), "meaning": self.meaning.as_dict()}


@dataclass(frozen=True, slots=True)
class CompetencyText:
    """A competency with one behavioural indicator for each level. A retired one stays, for what people have earned."""

    key: str
    name: LocalizedText
    definition: LocalizedText
    levels: Mapping[int, LocalizedText] = field(default_factory=dict)
    retired: bool = False

    def as_json(self) -> dict[str, Any]:
        """As stored."""
        return {
            "key": self.key, "name": self.name.as_dict(), "definition": self.definition.as_dict(),
            "levels": {str(level): said.as_dict() for level, said in sorted(self.levels.items())},
            "retired": self.retired,
        }  # fmt: skip

    @property
    def mark(self) -> int:
        """A number that changes with everything the editor of this part can change."""
        return mark_of(self.as_json())


@dataclass(frozen=True, slots=True)
class DomainText:
    """A family of competencies."""

    key: str
    name: LocalizedText
    purpose: LocalizedText
    competencies: tuple[CompetencyText, ...] = ()

    def as_json(self) -> dict[str, Any]:
        """As stored."""
        return {
            "key": self.key, "name": self.name.as_dict(), "purpose": self.purpose.as_dict(),
            "competencies": [each.as_json() for each in self.competencies],
        }  # fmt: skip

    @property
    def mark(self) -> int:
        """A number that changes with the domain's own texts, not with its competencies."""
        return mark_of([self.name.as_dict(), self.purpose.as_dict()])

    @property
    def retired(self) -> bool:
        """Whether nothing in it holds any more."""
        return bool(self.competencies) and all(each.retired for each in self.competencies)


@dataclass(frozen=True, slots=True)
class Content:
    """Everything a version of a framework says."""

    label: str
    title: LocalizedText
    rule: LocalizedText
    scale: tuple[Step, ...] = ()
    domains: tuple[DomainText, ...] = ()

    def as_json(self) -> dict[str, Any]:
        """As stored."""
        return {
            "label": self.label, "title": self.title.as_dict(), "rule": self.rule.as_dict(),
            "scale": [step.as_json() for step in self.scale], "domains": [each.as_json() for each in self.domains],
        }  # fmt: skip

    @property
    def competencies(self) -> Iterator[CompetencyText]:
        """Every competency in order, retired ones too."""
        return (each for domain in self.domains for each in domain.competencies)

    @property
    def parts(self) -> tuple[DomainText | CompetencyText, ...]:
        """Every domain, then every competency."""
        return (*self.domains, *self.competencies)

    @property
    def holding(self) -> int:
        """How many competencies hold, not counting retired ones."""
        return sum(not each.retired for each in self.competencies)

    @property
    def levels(self) -> tuple[int, ...]:
        """The levels of the scale."""
        return tuple(step.level for step in self.scale)

    def domain(self, key: str) -> DomainText | None:
        """Return a domain by code."""
        return next((each for each in self.domains if each.key == key), None)

    def domain_of(self, key: str) -> DomainText | None:
        """Return the domain that a competency stands in."""
        return next((domain for domain in self.domains if any(each.key == key for each in domain.competencies)), None)

    def competency(self, key: str) -> CompetencyText | None:
        """Return a competency by code."""
        return next((each for each in self.competencies if each.key == key), None)

    @property
    def mark(self) -> int:
        """A number that changes with the framework's own texts."""
        return mark_of([self.label, self.title.as_dict(), self.rule.as_dict()])

    @property
    def scale_mark(self) -> int:
        """A number that changes with the scale."""
        return mark_of([step.as_json() for step in self.scale])


def mark_of(value: Any) -> int:
    """Return a short number for a JSON value: to tell whether a part was changed since a page was opened."""
    return crc32(repr(value).encode())


def content_of(stored: Mapping[str, Any]) -> Content:
    """Return the content as it was stored by `as_json`."""
    text = LocalizedText.of
    scale = tuple(Step(int(s["level"]), text(s["name"]), text(s["meaning"])) for s in stored["scale"])
    domains = tuple(
        DomainText(
            each["key"], text(each["name"]), text(each["purpose"]), tuple(map(_competency, each["competencies"]))
        )
        for each in stored["domains"]
    )
    return Content(stored["label"], text(stored["title"]), text(stored["rule"]), scale, domains)


def _competency(stored: Mapping[str, Any]) -> CompetencyText:
    levels = {int(level): LocalizedText.of(said) for level, said in stored["levels"].items()}
    name, definition = LocalizedText.of(stored["name"]), LocalizedText.of(stored["definition"])
    return CompetencyText(stored["key"], name, definition, levels, bool(stored.get("retired")))
