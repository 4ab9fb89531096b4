"""Who acts, and the one table of what they may do. Undeclared means closed."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from academy.base.text import LocalizedText

ADMINISTRATOR = "administrator"
TRAINER = "trainer"
MANAGER = "manager"
COMMITTEE = "committee"
AUDITOR = "auditor"
OFFICER = "officer"
REVIEWER = "reviewer"
ROLES = (ADMINISTRATOR, TRAINER, MANAGER, COMMITTEE, AUDITOR, OFFICER, REVIEWER)


@dataclass(frozen=True, slots=True)
class Grant:
    """A role someone holds, in the whole academy (both ids None), one organisation, or one unit with its sub-units."""

    role: str
    organisation_id: int | None = None
    org_unit_id: int | None = None


@dataclass(frozen=True, slots=True)
class Actor:
    """The signed-in person as every door and policy sees them. Every active person is a learner.

    While they are `auditing` their grants as an auditor open what an administrator's would: only doors that show, and that
    say that auditors read them, let them look like that.

    `several`: with the account that they sign in with they may enter other organisations too. `locked`: the settings that the
    academy keeps for itself, by organisation, where they hold a role. `organisation_kind` is "" where nobody has asked.
    """

    person_id: int
    name: LocalizedText
    email: str
    organisation_id: int
    org_unit_id: int | None
    language: str
    digits: str
    calendar: str
    grants: tuple[Grant, ...] = ()
    session_id: int = 0
    manages_people: bool = False
    deputy_for: tuple[int, ...] = ()
    matrix: bool = False
    auditing: bool = False
    account_id: int | None = None
    organisation: LocalizedText | None = None
    organisation_kind: str = ""
    several: bool = False
    locked: frozenset[tuple[int, str]] = frozenset()

    def is_human(self, person_id: int | None, account_id: int | None) -> bool:
        """Whether a person with this account is this human being, here or in another organisation of theirs."""
        return self.person_id == person_id or (account_id is not None and account_id == self.account_id)

    def reading(self) -> "Actor | None":
        """Return them as they look at what auditors read; None for whoever audits nowhere."""
        return replace(self, auditing=True) if AUDITOR in self.roles else None

    def _grants(self, role: str) -> list[Grant]:
        roles = (role, AUDITOR) if self.auditing and role == ADMINISTRATOR else (role,)
        return [grant for grant in self.grants if grant.role in roles]

    def has(self, role: str, organisation_id: int | None = None) -> bool:
        """Whether they hold the role, in the given organisation if one is named."""
        return any(
            organisation_id is None or grant.organisation_id in (None, organisation_id) for grant in self._grants(role)
        )

    def holds_everywhere(self, role: str) -> bool:
        """Whether they hold the role for the whole academy."""
        return any(grant.organisation_id is None for grant in self._grants(role))

    def organisations_as(self, role: str) -> set[int] | None:
        """Return the ids of organisations where they hold the role; None means all of them."""
        if self.holds_everywhere(role):
            return None
        return {grant.organisation_id for grant in self._grants(role) if grant.organisation_id is not None}

    @property
    def leads(self) -> bool:
        """Whether anybody may be in their team: by a manager's role, by people of their own, or as a deputy."""
        return self.has(MANAGER) or self.manages_people or bool(self.deputy_for)

    @property
    def roles(self) -> frozenset[str]:
        """The names of all roles held."""
        return frozenset(grant.role for grant in self.grants)


KEEPERS = (ADMINISTRATOR, OFFICER)


def keeps(actor: Actor, organisation_id: int | None = None) -> bool:
    """Whether they keep certificates, in the given organisation if one is named: as its administrator or credential officer."""
    return any(actor.has(role, organisation_id) for role in KEEPERS)


def keeps_everywhere(actor: Actor) -> bool:
    """Whether they keep the certificates of the whole academy."""
    return any(actor.holds_everywhere(role) for role in KEEPERS)


def kept_by(actor: Actor) -> set[int] | None:
    """Return the ids of organisations whose certificates they keep; None means all."""
    found: set[int] = set()
    for role in KEEPERS:
        organisations = actor.organisations_as(role)
        if organisations is None:
            return None
        found |= organisations
    return found


Predicate = Callable[[Actor, Any], bool]


@dataclass(frozen=True, slots=True)
class Permission:
    """One line of the table: its name `slice:thing:verb`, who passes, and a sentence that says it aloud."""

    name: str
    allows: Predicate
    sentence: str


@dataclass(frozen=True, slots=True)
class UnlessLocked:
    """Lets pass whom `allows` does; while the academy keeps the setting for itself, only holders of these roles everywhere.

    What is judged is an organisation or belongs to one. Auditors who look change nothing: for them nothing is locked.
    """

    setting: str
    allows: Predicate
    roles: tuple[str, ...] = (ADMINISTRATOR,)

    def __call__(self, actor: Actor, thing: Any) -> bool:
        """Whether they pass."""
        return self.allows(actor, thing) and not self._locked(actor, thing)

    def refuses(self, actor: Actor, thing: Any) -> bool:
        """Whether they would pass, were it not for the lock."""
        return self.allows(actor, thing) and self._locked(actor, thing)

    def _locked(self, actor: Actor, thing: Any) -> bool:
        owner = thing.organisation_id if hasattr(thing, "organisation_id") else thing.id
        everywhere = any(actor.holds_everywhere(role) for role in self.roles)
        return (owner, self.setting) in actor.locked and not actor.auditing and not everywhere


TABLE: dict[str, Permission] = {}


def permit(name: str, allows: Predicate, sentence: str) -> str:
    """Enter a permission into the table and return its name."""
    if name in TABLE and TABLE[name].allows is not allows:
        raise ValueError(f"permission {name} is declared twice")
    TABLE[name] = Permission(name, allows, sentence)
    return name


def allowed(name: str, actor: Actor | None, thing: Any = None) -> bool:
    """Whether the actor may do this to that. Nobody signed in may do nothing here."""
    return actor is not None and TABLE[name].allows(actor, thing)


def locked_to(name: str, actor: Actor | None, thing: Any) -> bool:
    """Whether the actor could do this to that, had the academy not kept the setting for itself."""
    rule = TABLE[name].allows
    return actor is not None and isinstance(rule, UnlessLocked) and rule.refuses(actor, thing)


def anyone_signed_in(actor: Actor, thing: Any) -> bool:
    """Every signed-in person."""
    return True


def academy_administrator(actor: Actor, thing: Any) -> bool:
    """Administrators of the whole academy."""
    return actor.holds_everywhere(ADMINISTRATOR)


def any_administrator(actor: Actor, thing: Any) -> bool:
    """Administrators of the academy or of any organisation."""
    return actor.has(ADMINISTRATOR)
