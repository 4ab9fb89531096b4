"""Adding people, changing their records, suspending and reviving them."""

from dataclasses import dataclass, fields
from datetime import date, datetime
from typing import Any

from sqlalchemy import func, literal, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import aliased

from academy import facts
from academy.accounts.models import Organisation, OrgUnit, Person
from academy.accounts.policies import DEEPEST, reports_of
from academy.accounts.rules_of_people import NOT_AN_EMAIL, parse_email
from academy.accounts.services.administrators import keep_an_administrator
from academy.accounts.services.memberships import follow_address
from academy.accounts.services.one_time_links import void_links
from academy.accounts.services.places import note_place
from academy.accounts.services.roles import grant_role
from academy.accounts.services.seats import take_seats
from academy.accounts.services.sessions import end_all_sessions
from academy.base import audit, bus, marks
from academy.base.access import ADMINISTRATOR
from academy.base.arabic import search_document
from academy.base.db import db, lock
from academy.base.errors import Conflict, Invalid
from academy.base.i18n import _l
from academy.base.naming import is_taken
from academy.base.text import LocalizedText

EMAIL_TAKEN = _l("This e-mail address already has an account.")
NUMBER_TAKEN = _l("Somebody else in this organisation has this employee number.")


@dataclass(frozen=True, slots=True)
class PersonDetails:
    """What an administrator writes down about a person."""

    email: str
    name: LocalizedText
    job_title: LocalizedText | None = None
    mobile: str | None = None
    employee_number: str | None = None
    org_unit_id: int | None = None
    manager_id: int | None = None
    joined_on: date | None = None

    def as_json(self) -> dict[str, Any]:
        """Return the details as the audit trail keeps them."""
        return {field.name: _plain(getattr(self, field.name)) for field in fields(self)}


def _plain(value: object) -> object:
    if isinstance(value, LocalizedText):
        return value.as_dict()
    return value.isoformat() if isinstance(value, date) else value


def details_of(person: Person) -> PersonDetails:
    """Return a person's record as it stands."""
    return PersonDetails(**{field.name: getattr(person, field.name) for field in fields(PersonDetails)})


def search_text_of(name: LocalizedText, email: str, employee_number: str | None) -> str:
    """Return what of a person can be searched."""
    return search_document(name.ar, name.en, email, employee_number)


def manager_id_of(email: str | None, organisation_id: int) -> int | None:
    """Return the id of the colleague with this e-mail; None for no e-mail. Other organisations' people are unknown here."""
    if not email:
        return None
    query = select(Person.id).where(Person.email == email.strip().lower(), Person.organisation_id == organisation_id)
    found = db.session.scalar(query)
    if found is None:
        raise Invalid(_l("Nobody in this organisation has this e-mail address."), field="manager")
    return found


def create_person(
    details: PersonDetails, *, organisation_id: int, at: datetime, actor_id: int | None = None, language: str = "ar"
) -> Person:
    """Add a person to an organisation, not yet invited, within its seats. Asking twice for one e-mail address is refused."""
    details = _checked(details, organisation_id)
    take_seats(organisation_id)
    person = Person(
        organisation_id=organisation_id,
        language=language,
        state="invited",
        created_at=at,
        search_text=search_text_of(details.name, details.email, details.employee_number),
        **{field.name: getattr(details, field.name) for field in fields(details)},
    )
    _save(person)
    note_place(person, at)
    _note("accounts:person:create", person, actor_id=actor_id, at=at, after=details.as_json())
    return person


def change_person(
    person: Person, details: PersonDetails, *, actor_id: int | None, at: datetime, seen: str | None = None
) -> bool:
    """Change a person's record. A new e-mail address voids links sent to the old one. Returns whether anything changed.

    `seen` is the mark of the record that was changed; Stale is raised when it is another one by now.
    Whoever belongs to this organisation alone signs in with the new address from then on.
    """
    details = _checked(details, person.organisation_id, person)
    lock(Person, person.id)
    old = details_of(person)
    if details == old:
        return False
    marks.check(seen, old.as_json())
    for field in fields(details):
        setattr(person, field.name, getattr(details, field.name))
    person.search_text = search_text_of(details.name, details.email, details.employee_number)
    _save(person)
    if (details.org_unit_id, details.manager_id) != (old.org_unit_id, old.manager_id):
        note_place(person, at)
    if details.email != old.email:
        void_links(person, at)
        follow_address(person, at=at)
    before, after = old.as_json(), details.as_json()
    changed = [name for name in after if before[name] != after[name]]
    _note(
        "accounts:person:change", person, actor_id=actor_id, at=at,
        before={name: before[name] for name in changed}, after={name: after[name] for name in changed},
    )  # fmt: skip
    bus.publish(facts.PersonChanged(person.id))
    return True


def _checked(details: PersonDetails, organisation_id: int, person: Person | None = None) -> PersonDetails:
    email = parse_email(details.email)
    if email is None:
        raise Invalid(NOT_AN_EMAIL, field="email")
    if not details.name:
        raise Invalid(_l("Enter the name in Arabic or in English."), field="name")
    _check_free(email, organisation_id, person.id if person else 0)
    _check_number(details.employee_number, organisation_id, person)
    _check_unit(details.org_unit_id, organisation_id, person)
    _check_manager(details.manager_id, organisation_id, person)
    values = {field.name: getattr(details, field.name) for field in fields(details)}
    return PersonDetails(**{**values, "email": email, "job_title": details.job_title or None})


def _check_number(number: str | None, organisation_id: int, person: Person | None) -> None:
    """Refuse an employee number by which somebody else of the organisation is known; what was there before stays as it is."""
    if not number or (person and person.employee_number == number):
        return
    # Else two at once could both find it free.
    lock(Organisation, organisation_id)
    with db.session.no_autoflush:
        taken = is_taken(Person.employee_number, number, organisation_id, but=person.id if person else None)
    if taken:
        raise Conflict(NUMBER_TAKEN, field="employee_number")


def _check_unit(unit_id: int | None, organisation_id: int, person: Person | None) -> None:
    if unit_id is None or (person and person.org_unit_id == unit_id):
        return
    unit = db.session.get(OrgUnit, unit_id)
    if unit is None or unit.organisation_id != organisation_id or not unit.active:
        raise Invalid(_l("Choose a unit of this organisation."), field="org_unit_id")


def _check_manager(manager_id: int | None, organisation_id: int, person: Person | None) -> None:
    if manager_id is None or (person and person.manager_id == manager_id):
        return
    # Else two changes at once could close a circle that neither of them sees.
    lock(Organisation, organisation_id)
    manager = db.session.get(Person, manager_id)
    if manager is None or manager.organisation_id != organisation_id:
        raise Invalid(_l("Nobody in this organisation has this e-mail address."), field="manager")
    if person and (manager_id == person.id or _is_below(manager_id, person.id)):
        raise Invalid(_l("This person reports to the one you are changing. Choose somebody else."), field="manager")
    if _levels(manager_id, up=True) + 1 + (_levels(person.id, up=False) if person else 0) > DEEPEST:
        raise Invalid(_l("The reporting line would have too many levels."), field="manager")


def _is_below(person_id: int, manager_id: int) -> bool:
    return db.session.scalar(select(Person.id).where(Person.id == person_id, reports_of(manager_id))) is not None


def _levels(person_id: int, *, up: bool) -> int:
    """Return how many levels of the reporting line lie above somebody, or below."""
    near, far = aliased(Person), aliased(Person)
    first = select(near.manager_id if up else near.id, literal(1).label("depth"))
    line = first.where((near.id if up else near.manager_id) == person_id).cte(recursive=True)
    on = far.id == line.c[0] if up else far.manager_id == line.c[0]
    line = line.union(
        select(far.manager_id if up else far.id, line.c.depth + 1).join(line, on).where(line.c.depth <= DEEPEST)
    )
    return db.session.scalar(select(func.max(line.c.depth)).where(line.c[0].is_not(None))) or 0


def _check_free(email: str, organisation_id: int, person_id: int) -> None:
    """Refuse an e-mail address that somebody else has in the organisation; nobody learns whether it is known elsewhere."""
    taken = Person.email == email, Person.organisation_id == organisation_id, Person.id != person_id
    with db.session.no_autoflush:
        if db.session.scalar(select(Person.id).where(*taken)) is not None:
            raise Conflict(EMAIL_TAKEN, field="email")


def _save(person: Person) -> None:
    try:
        with db.session.begin_nested():
            db.session.add(person)
            db.session.flush()
    except IntegrityError as error:
        raise Conflict(EMAIL_TAKEN, field="email") from error


def suspend(person: Person, *, reason: str, actor_id: int | None, at: datetime) -> None:
    """Suspend a person: they cannot enter this organisation, and their sessions in it and unused links end at once. Twice is once."""
    if person.id == actor_id:
        raise Conflict(_l("You cannot suspend yourself."))
    lock(Person, person.id)
    if person.state == "suspended":
        return
    keep_an_administrator(without_person=person.id)
    before, person.state = person.state, "suspended"
    end_all_sessions(person.id, at=at)
    void_links(person, at)
    note_place(person, at)
    _note(
        "accounts:person:suspend", person, actor_id=actor_id, at=at,
        before={"state": before}, after={"state": "suspended", "reason": reason},
    )  # fmt: skip
    db.session.flush()
    bus.publish(facts.PersonSuspended(person.id))


def revive(person: Person, *, actor_id: int | None, at: datetime) -> None:
    """Lift a suspension: who had an account may use it again, who had none must be invited again."""
    lock(Organisation, person.organisation_id)  # before the person, as an import holds them
    lock(Person, person.id)
    if person.state != "suspended":
        return
    if person.anonymised_at is not None:
        raise Conflict(_l("This person has been anonymised already."))
    take_seats(person.organisation_id)
    person.state = "active" if person.account_id else "invited"
    note_place(person, at)
    _note(
        "accounts:person:revive", person, actor_id=actor_id, at=at,
        before={"state": "suspended"}, after={"state": person.state},
    )  # fmt: skip
    db.session.flush()
    bus.publish(facts.PersonRevived(person.id))


def end_sessions_of(person: Person, *, actor_id: int | None, at: datetime) -> int:
    """End all sessions of a person in their organisation on an administrator's word. Returns how many."""
    ended = end_all_sessions(person.id, at=at)
    _note("accounts:person:end_sessions", person, actor_id=actor_id, at=at, after={"ended": ended})
    return ended


def create_administrator(
    *, email: str, name: LocalizedText, at: datetime, organisation_id: int | None = None
) -> Person:
    """Make an academy administrator, for the command line: of the given organisation, else the first, else a new one."""
    if organisation_id is None:
        organisation_id = db.session.scalar(select(Organisation.id).order_by(Organisation.id).limit(1))
    if organisation_id is None:
        home = Organisation(key="agency", kind="agency", name=LocalizedText("الجهة", "Agency"), created_at=at)
        db.session.add(home)
        db.session.flush()
        organisation_id = home.id
    person = create_person(PersonDetails(email=email, name=name), organisation_id=organisation_id, at=at)
    grant_role(person, ADMINISTRATOR, at=at)
    return person


def _note(act: str, person: Person, *, actor_id: int | None, at: datetime, **what: dict[str, Any]) -> None:
    subject = ("person", person.id, person.name.show("ar"))
    audit.record(act, at=at, actor_id=actor_id, subject=subject, organisation_id=person.organisation_id, **what)
