"""What opens a programme: undertakings that are signed, identities that are confirmed."""

from datetime import datetime

from sqlalchemy import func, select

from academy.accounts.models import Person
from academy.base import audit
from academy.base.dates import riyadh_day
from academy.base.db import db, insert_once, lock
from academy.base.errors import Conflict, Invalid, NotFound
from academy.base.i18n import _l
from academy.base.text import clean_line
from academy.learning.models import (
    ACTIVE,
    PENDING,
    IdentityConfirmation,
    ProgrammeEnrolment,
    UndertakingSignature,
)
from academy.learning.queries import programmes as queries
from academy.learning.rules import programmes
from academy.learning.services.programmes.advancing import advance, advance_all

LONGEST_METHOD = 200


def sign_undertaking(
    enrolment_id: int, prerequisite_key: str, digest: str, *, language: str, at: datetime
) -> ProgrammeEnrolment:
    """Sign an undertaking of the version that a learner is in, once however often it is pressed.

    `digest` is that of the words they were shown; other words are refused. A signature that has run out, or will within
    30 days, is followed by a new one. What was signed is kept as it was read.
    """
    place: ProgrammeEnrolment | None = lock(ProgrammeEnrolment, enrolment_id)
    if place is None:
        raise NotFound
    if place.state not in (PENDING, ACTIVE):
        raise Conflict(_l("You are not in this programme at the moment."))
    needs = queries.needs_of(place.version_id, place.programme_id, place.learner_id, today=riyadh_day(at))
    need = next((each for each in needs if each.key == prerequisite_key), None)
    if need is None or need.kind != programmes.UNDERTAKING:
        raise NotFound
    if digest != queries.digest_of(need.title, need.text):
        raise Conflict(_l("The undertaking has changed since you opened the page. Read it again before you sign."))
    if need.may_sign:
        _sign(place, need, digest, language, at)
    return advance(place.id, at=at)


def _sign(place: ProgrammeEnrolment, need: queries.NeedRow, digest: str, language: str, at: datetime) -> None:
    mine = (
        UndertakingSignature.person_id == place.learner_id,
        UndertakingSignature.programme_id == place.programme_id,
        UndertakingSignature.prerequisite_key == need.key,
    )
    number = (db.session.scalar(select(func.max(UndertakingSignature.number)).where(*mine)) or 0) + 1
    signer = db.session.get_one(Person, place.learner_id)
    insert_once(
        lambda: UndertakingSignature(
            person_id=signer.id, programme_id=place.programme_id, version_id=place.version_id, prerequisite_key=need.key,
            number=number, signer=signer.name, title=need.title, text=need.text, digest=digest, language=language, signed_at=at,
            valid_until=programmes.valid_until(riyadh_day(at), need.renew_months),
        ),
        lambda: db.session.scalar(select(UndertakingSignature).where(*mine, UndertakingSignature.number == number)),
    )  # fmt: skip
    audit.record(
        "learning:undertaking:sign",
        at=at,
        actor_id=signer.id,
        subject=("person", signer.id, signer.email),
        organisation_id=signer.organisation_id,
        after={"undertaking": need.key, "digest": digest, "number": number, "language": language},
    )
    db.session.flush()


def confirm_identity(person_id: int, *, method: str, actor_id: int, at: datetime) -> IdentityConfirmation:
    """Record that an administrator has seen who somebody is, and how; their waiting places open. Once until taken back."""
    said = clean_line(method)
    if not said or len(said) > LONGEST_METHOD:
        raise Invalid(_l("Say how the identity was verified, in at most 200 characters."), field="method")
    if actor_id == person_id:
        raise Conflict(_l("Nobody confirms their own identity."))
    person = db.session.get(Person, person_id)
    if person is None:
        raise NotFound
    row, made = insert_once(
        lambda: IdentityConfirmation(person_id=person_id, method=said, confirmed_by_id=actor_id, confirmed_at=at),
        lambda: _confirmation(person_id),
    )
    if made:
        _record("learning:identity:confirm", person, actor_id, at, None, {"method": said})
        advance_all(person_id, at=at)
    return row


def withdraw_confirmation(person_id: int, *, actor_id: int, at: datetime) -> bool:
    """Take a confirmation back. Places that are open stay open but cannot be completed. Returns whether there was one."""
    found = _confirmation(person_id)
    held: IdentityConfirmation | None = lock(IdentityConfirmation, found.id) if found else None
    if held is None or held.withdrawn_at is not None:
        return False
    held.withdrawn_at, held.withdrawn_by_id = at, actor_id
    db.session.flush()
    person = db.session.get_one(Person, person_id)
    _record("learning:identity:withdraw", person, actor_id, at, {"method": held.method}, None)
    return True


def _confirmation(person_id: int) -> IdentityConfirmation | None:
    mine = IdentityConfirmation.person_id == person_id, IdentityConfirmation.withdrawn_at.is_(None)
    return db.session.scalar(select(IdentityConfirmation).where(*mine))


def _record(
    act: str, person: Person, actor_id: int, at: datetime, before: dict[str, str] | None, after: dict[str, str] | None
) -> None:
    subject = ("person", person.id, person.email)
    audit.record(
        act,
        at=at,
        actor_id=actor_id,
        subject=subject,
        organisation_id=person.organisation_id,
        before=before,
        after=after,
    )
    db.session.flush()
