"""What learning forgets of somebody who was anonymised: their words and files, the calendar's link. Places and progress stay."""

from sqlalchemy import delete, select, update

from academy.accounts.services import pseudonym
from academy.base import erasing
from academy.base.db import db
from academy.learning.models import CalendarLink, DueExtension, Enrolment, Exemption, PlaceRequest, UndertakingSignature

erasing.keep_names("programme_version", "what was published never changes")


def forget(person_id: int) -> None:
    """Take from requests, exemptions and signatures what names a person; end the feed of their calendar."""
    db.session.execute(delete(CalendarLink).where(CalendarLink.person_id == person_id))
    mine = PlaceRequest.learner_id == person_id
    proofs = [number for number in db.session.scalars(select(PlaceRequest.proof_id).where(mine)) if number is not None]
    db.session.execute(update(PlaceRequest).where(mine).values(proof_id=None))
    erasing.drop_files(proofs)
    erasing.wipe(mine, PlaceRequest.note, PlaceRequest.reason)
    erasing.wipe(Exemption.learner_id == person_id, Exemption.reason, Exemption.end_reason)
    places = select(Enrolment.id).where(Enrolment.learner_id == person_id)
    erasing.wipe(DueExtension.enrolment_id.in_(places), DueExtension.reason)
    # What was signed, and when, stays; the name under it is the pseudonym.
    # Only the act of anonymising passes the guard of signatures: it speaks to the table itself.
    table = UndertakingSignature.__table__
    db.session.execute(update(table).where(table.c.person_id == person_id).values(signer=pseudonym(person_id)))  # type: ignore[arg-type]
