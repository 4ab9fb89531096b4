"""What an address asks for: the scope, the state, the words. A foreign unit is a page that does not exist."""

from dataclasses import dataclass
from typing import Any

from flask import request
from werkzeug.datastructures import MultiDict

from academy.base.access import Actor
from academy.base.arabic import search_terms
from academy.base.errors import NotFound
from academy.base.i18n import _
from academy.base.text import clean_line
from academy.insights.queries import STATES, LedUnit, Lender, Scope, lenders, scope_of, units_led
from academy.insights.queries.scopes import MANY
from academy.web.filters import in_digits, plain
from academy.web.identity import actor

LONGEST = 200


@dataclass(frozen=True, slots=True)
class Asked:
    """The scope asked for within those offered, the state and the words of a search."""

    scope: Scope
    units: list[LedUnit]
    lent: list[Lender]
    state: str
    words: str

    def sized(self, visitor: Actor, people: int) -> Scope:
        """The same scope, asked for as suits the number of its people."""
        if people < MANY:
            return self.scope
        return scope_of(visitor, self.scope.key, self.units, self.lent, people=people) or self.scope

    @property
    def terms(self) -> list[str]:
        """The words as search terms."""
        return search_terms(self.words)

    def parts(self, **changed: Any) -> dict[str, Any]:
        """Return the parts of an address that asks for the same, with some of them changed; empty ones left out."""
        own = {"scope": "" if self.scope.key == "all" else self.scope.key, "state": self.state, "q": self.words}
        return {name: value for name, value in {**own, **changed}.items() if value}


def asked(visitor: Actor, values: "MultiDict[str, str] | None" = None) -> Asked:
    """Read what is asked for; raises NotFound for a scope that is not the actor's."""
    values = request.args if values is None else values
    units, lent = units_led(visitor), lenders(visitor)
    scope = scope_of(visitor, clean_line(values.get("scope", ""))[:40], units, lent)
    if scope is None:
        raise NotFound
    state = values.get("state", "")
    return Asked(scope, units, lent, state if state in STATES else "", clean_line(values.get("q", ""))[:LONGEST])


def scope_choices(units: list[LedUnit], lent: list[Lender]) -> list[tuple[str, str]]:
    """Return the scopes on offer as (key, name); units of several organisations say which is whose."""
    several = len({unit.organisation for unit in units}) > 1
    chosen = [
        ("all", _("Everyone below me")),
        ("direct", _("My direct reports")),
        *([("matrix", _("Whose matrix manager I am"))] if actor().matrix else []),
        *((lender.key, _("As deputy of %(name)s", name=plain(lender.name))) for lender in lent),
    ]
    for unit in units:
        name = plain(unit.name)
        if several and unit.depth == 0:
            name = f"{plain(unit.organisation)}: {name}"
        chosen.append((unit.key, "\u2003" * unit.depth + name))
    return chosen


def scope_name(scope: Scope) -> str:
    """Name a scope."""
    if scope.unit is not None:
        return plain(scope.unit.name)
    if scope.lender is not None:
        return _("As deputy of %(name)s", name=plain(scope.lender.name))
    named = {
        "direct": _("My direct reports"),
        "matrix": _("Whose matrix manager I am"),
        "outside": _("My people outside of these units"),
    }
    return named.get(scope.key, _("Everyone below me"))


def state_choices() -> list[tuple[str, str]]:
    """Return the states that the follow-up can be narrowed to."""
    return [
        ("", _("All")),
        ("overdue", _("Overdue")),
        ("due_soon", _("Due within a week")),
        ("stuck", in_digits(_("Stuck for 14 days"))),
        ("not_started", _("Not started")),
        ("mandatory", _("Mandatory")),
        ("open", _("Mandatory and open")),
        ("excused", _("Mandatory and exempted")),
        ("completed", _("Completed")),
        ("lately", in_digits(_("Completed in 30 days"))),
        ("exempted", _("Exempted")),
        ("expiring", in_digits(_("Certificate ends within 60 days"))),
    ]
