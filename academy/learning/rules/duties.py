"""Whom a rule makes something the duty of: conditions that all hold, or any of them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Self

from academy.learning.rules.working_days import NEVER, DueRule

ALL, ANY = "all", "any"
KEEP, SUSPEND, WITHDRAW = "keep", "suspend", "withdraw"
CONSEQUENCES = (KEEP, SUSPEND, WITHDRAW)


@dataclass(frozen=True, slots=True)
class Condition:
    """One condition: of a kind, with any of some values, with a number."""

    kind: str
    values: tuple[str, ...] = ()
    number: int | None = None

    def as_json(self) -> dict[str, Any]:
        """Return it as it is kept."""
        return {"kind": self.kind, "values": list(self.values), "number": self.number}

    @classmethod
    def of(cls, kept: Mapping[str, Any]) -> Self:
        """Read what was kept."""
        return cls(str(kept["kind"]), tuple(map(str, kept.get("values") or ())), kept.get("number"))

    @property
    def ids(self) -> set[int]:
        """The values that are ids; anything odd is left out."""
        return {int(value) for value in self.values if value.isascii() and value.isdigit() and len(value) < 10}


@dataclass(frozen=True, slots=True)
class Audience:
    """Some conditions. Without any, it is everyone within reach of the rule."""

    conditions: tuple[Condition, ...] = ()
    match: str = ALL

    def as_json(self) -> dict[str, Any]:
        """Return it as it is kept."""
        return {"match": self.match, "conditions": [each.as_json() for each in self.conditions]}

    @classmethod
    def of(cls, kept: Mapping[str, Any]) -> Self:
        """Read what was kept."""
        return cls(tuple(Condition.of(each) for each in kept.get("conditions") or ()), str(kept.get("match") or ALL))


@dataclass(frozen=True, slots=True)
class Definition:
    """What can be changed of a rule: its name, whom it is about, by when, and what follows when somebody stops to match."""

    name: Mapping[str, str]
    audience: Audience = field(default_factory=Audience)
    due: DueRule = field(default_factory=DueRule)
    consequence: str = KEEP

    def as_json(self) -> dict[str, Any]:
        """Return it as it is kept."""
        due = {
            "kind": self.due.kind, "day": self.due.day.isoformat() if self.due.day else None, "count": self.due.count,
        }  # fmt: skip
        return {
            "name": dict(self.name), "audience": self.audience.as_json(), "due": due, "consequence": self.consequence,
        }  # fmt: skip

    @classmethod
    def of(cls, kept: Mapping[str, Any]) -> Self:
        """Read what was kept."""
        due = kept.get("due") or {}
        day = date.fromisoformat(due["day"]) if due.get("day") else None
        return cls(
            kept["name"], Audience.of(kept["audience"]), DueRule(due.get("kind") or NEVER, day, due.get("count")),
            kept["consequence"],
        )  # fmt: skip
