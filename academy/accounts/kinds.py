"""What other slices add to the pages of accounts: names of sensitive acts in the audit trail, panels, looks of the sign-in page."""

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Select

from academy.accounts.models import Organisation
from academy.base.access import Actor
from academy.base.i18n import _l
from academy.base.text import LocalizedText

ACTS: dict[str, Any] = {}


def name_act(act: str, label: Any) -> None:
    """Say how an act is called on pages, e.g. `name_act("catalogue:course:publish", _l("Course published"))`."""
    ACTS[act] = label


name_act("accounts:person:create", _l("Person added"))
name_act("accounts:person:change", _l("Person's record changed"))
name_act("accounts:person:suspend", _l("Person suspended"))
name_act("accounts:person:revive", _l("Suspension lifted"))
name_act("accounts:person:move", _l("Person moved to another organisation"))
name_act("accounts:organisation:seats", _l("Seats changed"))
name_act("accounts:person:end_sessions", _l("Sessions ended by an administrator"))
name_act("accounts:person:import", _l("People imported"))
name_act("accounts:deputy:name", _l("Deputy named"))
name_act("accounts:deputy:end", _l("Deputy's time ended early"))
name_act("accounts:matrix:add", _l("Matrix manager added"))
name_act("accounts:matrix:remove", _l("Matrix manager removed"))
name_act("accounts:role:grant", _l("Role given"))
name_act("accounts:role:revoke", _l("Role withdrawn"))
name_act("accounts:organisation:create", _l("Organisation added"))
name_act("accounts:organisation:rename", _l("Organisation renamed"))
name_act("accounts:organisation:deactivate", _l("Organisation closed"))
name_act("accounts:organisation:reactivate", _l("Organisation opened again"))
name_act("accounts:org_unit:create", _l("Organisational unit added"))
name_act("accounts:org_unit:rename", _l("Organisational unit renamed"))
name_act("accounts:org_unit:move", _l("Organisational unit moved"))
name_act("accounts:org_unit:deactivate", _l("Organisational unit closed"))
name_act("accounts:org_unit:reactivate", _l("Organisational unit opened again"))
name_act("accounts:setting:lock", _l("What the academy keeps for itself changed"))
name_act("accounts:academy:edit", _l("Academy settings changed"))
name_act("accounts:job:retry", _l("Job tried again"))
name_act("accounts:password:change", _l("Password changed"))
name_act("accounts:password:reset", _l("Password replaced through a link"))
name_act("accounts:address:ask", _l("Another address to sign in with asked for"))
name_act("accounts:address:change", _l("Address to sign in with changed"))
name_act("accounts:address:withdraw", _l("Request for another address to sign in with withdrawn"))
name_act("accounts:address:stop", _l("Change of the address to sign in with stopped"))
name_act("accounts:person:invite", _l("Invitation sent"))
name_act("accounts:invitation:accept", _l("Invitation accepted"))
name_act("accounts:invitation:decline", _l("Invitation declined"))
name_act("accounts:membership:switch", _l("Went on in another organisation"))
name_act("accounts:session:end", _l("Session ended by its owner"))
name_act("accounts:record:audit", _l("Record read by an auditor"))
name_act("notices:letter:send", _l("Letter sent again"))
name_act("accounts:person:invite", _l("Invitation sent"))
name_act("accounts:invitation:accept", _l("Invitation accepted"))


FindNames = Callable[[Collection[int], Actor], Select[int, LocalizedText]]
NAMED_IDS: dict[str, FindNames] = {}


def name_ids(keys: Iterable[str], find: FindNames) -> None:
    """Say whose names stand for the ids that the trail keeps under these keys: the query `find(ids, who reads)` of (id, name), as far as they may.

    A key may be bound to one kind of acts: `accounts:org_unit:parent_id`.
    """
    NAMED_IDS.update(dict.fromkeys(keys, find))


@dataclass(frozen=True, slots=True)
class PersonPanel:
    """A panel that a higher slice puts on a person's pages: rows of (name, value) in words; without rows, `nothing` is said.

    `url` leads to where the administrator changes it.
    """

    title: str
    rows: tuple[tuple[str, str], ...] = ()
    nothing: str = ""
    note: str = ""
    url: str = ""
    link: str = ""


MakePanel = Callable[[int, bool], PersonPanel | None]
PANELS: list[MakePanel] = []


def add_person_panel(make: MakePanel) -> None:
    """Put a panel on people's pages: `make(person id, whether it is for that person's own eyes)`."""
    if make not in PANELS:
        PANELS.append(make)


def panels_of(person_id: int, *, own: bool) -> list[PersonPanel]:
    """Return what higher slices have to show of a person, to the person or to their administrator."""
    return [panel for make in PANELS if (panel := make(person_id, own)) is not None]


@dataclass(frozen=True, slots=True)
class Kept:
    """What stays of a person who is anonymised, and until which day the register answers for it."""

    title: LocalizedText
    number: str
    until: date


FindKept = Callable[[int], list[Kept]]
KEPT: list[FindKept] = []


def add_kept(find: FindKept) -> None:
    """Let a higher slice say what it keeps of somebody who is anonymised, by the person's id."""
    if find not in KEPT:
        KEPT.append(find)


def kept_of(person_id: int) -> list[Kept]:
    """Return what stays of a person."""
    return [each for find in KEPT for each in find(person_id)]


@dataclass(frozen=True, slots=True)
class OrganisationPanel:
    """What a higher slice says of an organisation to its administrators, and where they change it unless it is locked."""

    title: str
    note: str
    url: str
    link: str
    locked: bool = False


MakeOrganisationPanel = Callable[[Organisation], OrganisationPanel | None]
ORGANISATION_PANELS: list[MakeOrganisationPanel] = []


def add_organisation_panel(make: MakeOrganisationPanel) -> None:
    """Put a panel on the administrators' page of an organisation."""
    if make not in ORGANISATION_PANELS:
        ORGANISATION_PANELS.append(make)


def panels_of_organisation(organisation: Organisation) -> list[OrganisationPanel]:
    """Return what higher slices have to say of an organisation."""
    return [panel for make in ORGANISATION_PANELS if (panel := make(organisation)) is not None]


@dataclass(frozen=True, slots=True)
class Setting:
    """A setting of an organisation that the academy may keep for itself; `of`: the kind of organisation that has it, or any."""

    key: str
    label: Any
    of: str = ""


SETTINGS: dict[str, Setting] = {}


def add_setting(key: str, label: Any, *, of: str = "") -> str:
    """Enter a setting that may be locked; its permission is guarded by `UnlessLocked` with the key, which is returned."""
    SETTINGS[key] = Setting(key, label, of)
    return key


def settings_of(organisation: Organisation) -> list[Setting]:
    """Return the settings that an organisation has."""
    return sorted((each for each in SETTINGS.values() if each.of in ("", organisation.kind)), key=lambda each: each.key)


@dataclass(frozen=True, slots=True)
class Door:
    """How an organisation's own sign-in page looks: its key and name, its colour as #rrggbb and its logo's address, or none.

    `join_url` leads a stranger to where they ask to join, while that is open.
    """

    key: str
    name: LocalizedText
    colour: str | None
    logo_url: str | None
    join_url: str = ""


FindDoor = Callable[[str], Door | None]
DOORS: list[FindDoor] = []


def add_door(find: FindDoor) -> None:
    """Let a higher slice say how the sign-in page of an organisation looks, by the organisation's key."""
    if find not in DOORS:
        DOORS.append(find)


def door_of(organisation_key: str) -> Door | None:
    """Return how the sign-in page of an organisation looks; None for the plain page."""
    return (
        next((door for find in DOORS if (door := find(organisation_key)) is not None), None)
        if organisation_key
        else None
    )
