"""Moving a person to another organisation: the account and what was earned stay theirs, what bound them to the former one ends."""

from datetime import datetime

from sqlalchemy import delete, or_, select, update

from academy import facts
from academy.accounts.models import Deputyship, MatrixLine, Organisation, OrgUnit, Person, RoleGrant
from academy.accounts.services.one_time_links import void_links
from academy.accounts.services.places import note_place, note_places
from academy.accounts.services.seats import take_seats
from academy.accounts.services.sessions import end_all_sessions
from academy.base import audit, bus
from academy.base.db import db, lock
from academy.base.errors import Conflict, Invalid
from academy.base.i18n import _l


def move_person(
    person: Person, organisation_id: int, *, org_unit_id: int | None = None, actor_id: int | None, at: datetime
) -> None:
    """Make a person one of another organisation's people, within its seats; a suspension ends with that.

    Roles, managers, reports and deputies of the former organisation do not come along. Holders of a role in the whole
    academy are not moved.
    """
    if person.anonymised_at is not None:
        raise Conflict(_l("This person has been anonymised already."))
    home: Organisation | None = lock(Organisation, organisation_id)
    if home is None or not home.active or organisation_id == person.organisation_id:
        raise Invalid(_l("Choose another organisation that is open."), field="organisation_id")
    unit = db.session.get(OrgUnit, org_unit_id) if org_unit_id else None
    if org_unit_id and (unit is None or unit.organisation_id != organisation_id or not unit.active):
        raise Invalid(_l("Choose a unit of this organisation."), field="org_unit_id")
    everywhere = RoleGrant.person_id == person.id, RoleGrant.organisation_id.is_(None)
    if db.session.scalar(select(RoleGrant.id).where(*everywhere).limit(1)) is not None:
        raise Conflict(_l("This person holds a role in the whole academy. Withdraw it first."))
    _refuse_second(person, organisation_id)
    take_seats(organisation_id)
    former = person.organisation_id
    before = {"organisation_id": former, "org_unit_id": person.org_unit_id, "state": person.state}
    _let_go(person, actor_id, at)
    person.organisation_id, person.org_unit_id, person.manager_id = organisation_id, org_unit_id, None
    person.employee_number = None
    person.state = "active" if person.account_id else "invited"
    db.session.flush()
    note_place(person, at)
    after = {"organisation_id": organisation_id, "org_unit_id": org_unit_id, "state": person.state}
    subject = ("person", person.id, person.name.show("ar"))
    for owner in (former, organisation_id):
        audit.record(
            "accounts:person:move", at=at, actor_id=actor_id, subject=subject, organisation_id=owner, before=before, after=after
        )  # fmt: skip
    db.session.flush()
    bus.publish(facts.PersonMoved(person.id))


def _refuse_second(person: Person, organisation_id: int) -> None:
    """Refuse to move somebody to where they are already, by their account or by their address."""
    same = Person.email == person.email
    if person.account_id is not None:
        same = or_(same, Person.account_id == person.account_id)
    if db.session.scalar(select(Person.id).where(Person.organisation_id == organisation_id, same).limit(1)) is not None:
        raise Conflict(
            _l("This person belongs to that organisation already. Lift the suspension there instead."),
            field="organisation_id",
        )


def _let_go(person: Person, actor_id: int | None, at: datetime) -> None:
    """End what a person has and is in the organisation that they leave."""
    end_all_sessions(person.id, at=at)
    void_links(person, at)
    db.session.execute(delete(RoleGrant).where(RoleGrant.person_id == person.id))
    db.session.execute(
        delete(MatrixLine).where(or_(MatrixLine.person_id == person.id, MatrixLine.manager_id == person.id))
    )
    theirs = or_(Deputyship.manager_id == person.id, Deputyship.deputy_id == person.id), Deputyship.ended_at.is_(None)
    db.session.execute(update(Deputyship).where(*theirs).values(ended_at=at, ended_by_id=actor_id or person.id))
    reports = list(db.session.scalars(select(Person.id).where(Person.manager_id == person.id)))
    if reports:
        db.session.execute(update(Person).where(Person.id.in_(reports)).values(manager_id=None))
        note_places(reports, at)
