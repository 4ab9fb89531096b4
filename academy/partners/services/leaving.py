"""Leaving a partner and joining another one: what depended on the membership is suspended, and counts again afterwards."""

from datetime import datetime

from sqlalchemy import select, update

from academy.accounts import services as accounts
from academy.accounts.models import Organisation, Person
from academy.base import audit
from academy.base.dates import riyadh_day
from academy.base.db import db, lock
from academy.base.errors import Conflict, Invalid
from academy.base.i18n import _l
from academy.base.text import clean_line
from academy.credentials import services as credentials
from academy.credentials.models import Certificate
from academy.notices import services as notices
from academy.partners import queries
from academy.partners.kinds import LEAVING_REASONS, MEMBERSHIP_ENDED
from academy.partners.models import PARTNER, Leaving
from academy.partners.policies import END_MEMBERSHIP
from academy.partners.rules import COURSE, PROGRAMME, Required

BECAUSE = "membership"


def end_membership(person: Person, *, reason: str, note: str = "", actor_id: int | None, at: datetime) -> Leaving:
    """End somebody's membership of their partner: they are signed out, their seat is free, what depended on it is suspended."""
    if reason not in LEAVING_REASONS:
        raise Invalid(_l("Choose one of the reasons."), field="reason")
    said = clean_line(note)[:300]
    # Certificates before their holder, as by whoever corrects or renews one at this moment.
    theirs = select(Certificate.id).where(Certificate.holder_id == person.id).order_by(Certificate.id)
    db.session.execute(theirs.with_for_update()).all()
    row: Person = lock(Person, person.id)
    partner = queries.partner(row.organisation_id)
    if partner is None:
        raise Conflict(_l("This person belongs to no partner."))
    if queries.open_leaving(row.id) is not None:
        raise Conflict(_l("The membership of this person has ended already."))
    if row.state != "suspended":
        notices.tell(
            row.id, MEMBERSHIP_ENDED, f"left:{partner.id}:{at.isoformat()}", at=at, address="/", partner=partner.name
        )
        accounts.suspend(row, reason=str(LEAVING_REASONS[reason]), actor_id=actor_id, at=at)
    left = Leaving(
        person_id=row.id, organisation_id=partner.id, reason=reason, note=said, left_on=riyadh_day(at), left_at=at,
        left_by_id=actor_id,
    )  # fmt: skip
    db.session.add(left)
    db.session.flush()
    held = _hold(row.id, queries.ever_required(partner.id), actor_id=actor_id, at=at)
    audit.record(
        END_MEMBERSHIP, at=at, actor_id=actor_id, subject=("person", row.id, row.name.show("ar")),
        organisation_id=partner.id, after={"reason": reason, "note": said, "suspended_certificates": held},
    )  # fmt: skip
    return left


def join_partner(
    person: Person, organisation_id: int, *, org_unit_id: int | None = None, actor_id: int | None, at: datetime
) -> None:
    """Let somebody who left their partner join another one, within its seats. What was suspended for leaving counts again."""
    row: Person = lock(Person, person.id)
    if queries.open_leaving(row.id) is None:
        raise Conflict(_l("End the membership of the present partner first."))
    if queries.partner(organisation_id) is None:
        raise Invalid(_l("Choose another organisation that is open."), field="organisation_id")
    accounts.move_person(row, organisation_id, org_unit_id=org_unit_id, actor_id=actor_id, at=at)
    if row.state == "invited":
        accounts.invite(row, at=at, actor_id=actor_id)


def note_return(person_id: int, *, at: datetime) -> None:
    """Note that somebody who had left is a partner's person again: the leaving is over, and their certificates count again."""
    left = queries.open_leaving(person_id)
    person = db.session.get_one(Person, person_id)
    home = db.session.get_one(Organisation, person.organisation_id)
    if left is None or home.kind != PARTNER:
        return
    db.session.execute(update(Leaving).where(Leaving.id == left.id).values(returned_at=at))
    db.session.expire(left)
    credentials.release_certificates(person_id, reason_class=BECAUSE, actor_id=None, at=at)


def hold_if_left(certificate_id: int, *, at: datetime) -> None:
    """Suspend a certificate that was issued to somebody after they had left the partner that it is for."""
    certificate = db.session.get(Certificate, certificate_id)
    if certificate is None or certificate.holder_id is None:
        return
    left = queries.open_leaving(certificate.holder_id)
    if left is None or (certificate.course_id is None and certificate.programme_id is None):
        return
    of = queries.required(certificate.course_id, certificate.programme_id)
    if of in queries.ever_required(left.organisation_id):
        _hold(certificate.holder_id, {of}, actor_id=None, at=at)


def _hold(holder_id: int, of: set[Required], *, actor_id: int | None, at: datetime) -> int:
    """Suspend what somebody holds of these courses and programmes until they are a partner's person again."""
    courses, programmes = ([each.id for each in of if each.kind == kind] for kind in (COURSE, PROGRAMME))
    return credentials.hold_certificates(holder_id, courses, programmes, reason_class=BECAUSE, actor_id=actor_id, at=at)
