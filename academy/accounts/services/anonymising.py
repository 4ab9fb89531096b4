"""Anonymising a person who is gone: proposed by one, confirmed by another; learning stays under a pseudonym, the rest goes."""

from datetime import datetime
from typing import Any

from sqlalchemy import Text, cast, delete, null, or_, select, update
from sqlalchemy.orm import aliased

from academy import facts
from academy.accounts import queries_of_anonymising as queries
from academy.accounts.models import (
    Account,
    Deputyship,
    ImportPlan,
    MatrixLine,
    OneTimeLink,
    Person,
    PersonSession,
    RoleGrant,
)
from academy.accounts.models_of_anonymising import CONFIRMED, DECLINED, WITHDRAWN, Anonymisation, LegalHold
from academy.accounts.policies import ANONYMISE, DECIDE_ANONYMISATION, HOLD_PERSON, holds_everywhere
from academy.accounts.queries_of_memberships import are_same_human
from academy.accounts.rules_of_people import pseudonym
from academy.accounts.services.people import search_text_of
from academy.accounts.services.places import note_places
from academy.base import audit, bus, jobs
from academy.base.db import db, insert_once, lock
from academy.base.errors import Conflict, Invalid, NotFound
from academy.base.i18n import _l

WITHOUT = "—"
FORGET = "accounts.forget"
HELD = _l("A legal hold forbids to anonymise this person. Lift it first.")
NOT_GONE = _l("Only a suspended person can be anonymised. Suspend them or end their membership first.")
WHY = _l("Write the reason. It is kept in the audit trail.")


def propose_anonymising(person: Person, reason: str, *, actor_id: int, at: datetime) -> Anonymisation:
    """Propose to anonymise a person; nothing changes until another administrator confirms it. Alone, one does it at once."""
    person = _gone(person.id)
    said = _said(reason, "reason")
    others = queries.seconds(person, actor_id)
    row, made = insert_once(
        lambda: Anonymisation(
            person_id=person.id, reason=said, proposed_at=at, proposed_by_id=actor_id, alone=not others
        ),
        lambda: queries.waiting_for(person.id),
    )
    if not made:
        raise Conflict(_l("This was proposed already and waits for a second administrator."))
    _note(ANONYMISE, person, actor_id=actor_id, at=at, after={"reason": said, "alone": row.alone})
    if row.alone:
        _anonymise(row, person, actor_id=actor_id, at=at)
    else:
        bus.publish(facts.AnonymisingProposed(row.id))
    return row


def confirm_anonymising(row: Anonymisation, *, actor_id: int, at: datetime) -> Person:
    """Anonymise a person as another administrator proposed. It cannot be undone."""
    row = _undecided(row.id)
    if are_same_human(row.proposed_by_id, actor_id):
        raise Conflict(_l("You proposed this yourself. Another person has to confirm it."))
    person = _gone(row.person_id)
    _anonymise(row, person, actor_id=actor_id, at=at)
    return person


def decline_anonymising(row: Anonymisation, answer: str, *, actor_id: int, at: datetime) -> None:
    """Leave a person as they are; whoever proposed it withdraws it in the same way."""
    row, own = _undecided(row.id), row.proposed_by_id == actor_id
    said = _said(answer, "answer")
    row.outcome, row.decided_at, row.decided_by_id, row.answer = WITHDRAWN if own else DECLINED, at, actor_id, said
    db.session.flush()
    person = db.session.get_one(Person, row.person_id)
    _note(DECIDE_ANONYMISATION, person, actor_id=actor_id, at=at, after={"outcome": row.outcome, "reason": said})


def place_hold(person: Person, reason: str, *, actor_id: int, at: datetime) -> LegalHold:
    """Forbid to anonymise a person until the hold is lifted."""
    person = lock(Person, person.id)
    said = _said(reason, "reason")
    if person.anonymised_at is not None:
        raise Conflict(_l("This person has been anonymised already."))
    row, made = insert_once(
        lambda: LegalHold(person_id=person.id, reason=said, placed_at=at, placed_by_id=actor_id),
        lambda: queries.hold_on(person.id),
    )
    if not made:
        raise Conflict(_l("There is a legal hold on this person already."))
    person.held = True
    db.session.flush()
    _note(HOLD_PERSON, person, actor_id=actor_id, at=at, after={"kept": True, "reason": said})
    return row


def lift_hold(person: Person, *, actor_id: int, at: datetime) -> None:
    """Lift the legal hold on a person."""
    person = lock(Person, person.id)
    row = queries.hold_on(person.id)
    if row is None:
        raise Conflict(_l("There is no legal hold on this person."))
    row.lifted_at, row.lifted_by_id, person.held = at, actor_id, False
    db.session.flush()
    _note(
        HOLD_PERSON,
        person,
        actor_id=actor_id,
        at=at,
        before={"kept": True, "reason": row.reason},
        after={"kept": False},
    )


def _gone(person_id: int) -> Person:
    """Hold a person who may be anonymised now."""
    person: Person | None = lock(Person, person_id)
    if person is None:
        raise NotFound
    if person.anonymised_at is not None:
        raise Conflict(_l("This person has been anonymised already."))
    if person.state != "suspended":
        raise Conflict(NOT_GONE)
    if queries.hold_on(person.id) is not None:
        raise Conflict(HELD)
    if holds_everywhere(person.id):
        raise Conflict(_l("This person holds a role in the whole academy. Withdraw it first."))
    return person


def _undecided(anonymisation_id: int) -> Anonymisation:
    row: Anonymisation | None = lock(Anonymisation, anonymisation_id)
    if row is None:
        raise NotFound
    if row.outcome is not None:
        raise Conflict(_l("This has been decided already."))
    return row


def _anonymise(row: Anonymisation, person: Person, *, actor_id: int, at: datetime) -> None:
    """Take from a person all that identifies them, and let a job find the copies. The trail keeps that it was done, and why."""
    _note(
        DECIDE_ANONYMISATION, person, actor_id=actor_id, at=at,
        after={"outcome": CONFIRMED, "reason": row.reason, "by": row.proposed_by_id},
    )  # fmt: skip
    row.names = _names_of(person)
    row.outcome, row.decided_at, row.decided_by_id = CONFIRMED, at, actor_id
    _let_go(person, at)
    person.email, person.name = f"anonymised-{person.id}@anonymised.invalid", pseudonym(person.id)
    person.search_text = search_text_of(person.name, "", None)
    person.job_title, person.mobile, person.employee_number, person.joined_on = None, None, None, None
    person.last_seen_at, person.anonymised_at = None, at
    db.session.flush()
    jobs.enqueue(FORGET, unique_key=f"{FORGET}:{row.id}", anonymisation_id=row.id)


def _names_of(person: Person) -> dict[str, Any]:
    """Return what is to be replaced wherever it stands, each with what takes its place."""
    new = pseudonym(person.id)
    old = {person.name.ar: new.ar, person.name.en: new.en, person.email: WITHOUT, person.employee_number or "": WITHOUT}
    account = person.account
    if account is not None:
        old[account.email] = WITHOUT
    if person.mobile:
        old[person.mobile] = WITHOUT
    return {name: instead for name, instead in old.items() if name}


def _let_go(person: Person, at: datetime) -> None:
    """End everything by which a person could come in, lead or be led; an account that opens nothing else is deleted."""
    account_id, mine = person.account_id, person.id
    db.session.execute(delete(PersonSession).where(PersonSession.person_id == mine))
    db.session.execute(delete(OneTimeLink).where(OneTimeLink.person_id == mine))
    db.session.execute(delete(RoleGrant).where(RoleGrant.person_id == mine))
    db.session.execute(delete(MatrixLine).where(or_(MatrixLine.person_id == mine, MatrixLine.manager_id == mine)))
    db.session.execute(delete(Deputyship).where(or_(Deputyship.manager_id == mine, Deputyship.deputy_id == mine)))
    email = person.email
    plans = ImportPlan.organisation_id == person.organisation_id, cast(ImportPlan.document, Text).contains(email)
    db.session.execute(delete(ImportPlan).where(*plans))
    reports = list(db.session.scalars(select(Person.id).where(Person.manager_id == mine)))
    if reports:
        db.session.execute(update(Person).where(Person.id.in_(reports)).values(manager_id=None))
        note_places(reports, at)
    person.account_id, person.audits = None, False
    db.session.flush()
    other = aliased(Person)
    if account_id and db.session.scalar(select(other.id).where(other.account_id == account_id).limit(1)) is None:
        db.session.expire(person, ["account"])
        db.session.execute(delete(Account).where(Account.id == account_id))


def unfinished_anonymising(anonymisation_id: int) -> Anonymisation | None:
    """Hold an anonymisation whose copies are still to be found; None when that is done."""
    row: Anonymisation | None = lock(Anonymisation, anonymisation_id)
    return row if row is not None and row.outcome == CONFIRMED and row.finished_at is None else None


def close_anonymising(row: Anonymisation, *, at: datetime) -> None:
    """Forget the names once nothing else holds them."""
    row.names, row.finished_at = null(), at  # type: ignore[assignment]
    db.session.flush()


def _said(reason: str, field: str) -> str:
    said = reason.strip()
    if not said:
        raise Invalid(WHY, field=field)
    return said[:500]


def _note(act: str, person: Person, *, actor_id: int, at: datetime, **what: dict[str, Any]) -> None:
    """Write into the trail by number alone: who it was stands in the entries from before."""
    subject = ("person", person.id, pseudonym(person.id).ar)
    audit.record(act, at=at, actor_id=actor_id, subject=subject, organisation_id=person.organisation_id, **what)
