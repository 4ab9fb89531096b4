"""What a reviewer does: accept or return documents, enter measures of the service, put the application before the committee."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from academy.base.dates import riyadh_day
from academy.base.db import db, lock
from academy.base.errors import Conflict, Invalid, NotFound
from academy.base.i18n import _l
from academy.partners.accreditation import queries
from academy.partners.accreditation.criteria import AGENCY_AVERAGE, way_of
from academy.partners.accreditation.kinds import (
    DOCUMENT_RETURNED,
    ENTER_MEASURE,
    REVIEW_DOCUMENT,
    SEND,
    TO_VOTE,
    document_named,
)
from academy.partners.accreditation.models import AccreditationApplication, ApplicationDocument, EnteredMeasure
from academy.partners.accreditation.rules import Criterion, State, Way, level_met
from academy.partners.accreditation.services.common import held, note, page_of, partner_of, said_reason, tell_all
from academy.partners.accreditation.services.reading import refresh
from academy.partners.queries import administrators_of

HUNDRED, MOST = Decimal(100), Decimal(10_000)


@dataclass(frozen=True, slots=True)
class Entered:
    """A measure as a reviewer types it: `reference` and `margin` only where the scheme compares with the agency's average."""

    criterion: str
    value: Decimal | None
    as_of: date | None
    source: str
    reference: Decimal | None = None
    margin: Decimal | None = None


def review_document(
    document: ApplicationDocument, *, accepted: bool, reason: str = "", actor_id: int, at: datetime
) -> None:
    """Accept a document, or return it with a reason that the partner reads."""
    mine = held(document.application_id, State.SUBMITTED)
    row: ApplicationDocument | None = lock(ApplicationDocument, document.id)
    if row is None:
        raise NotFound
    if row.state != "waiting":
        raise Conflict(_l("This document has been reviewed or replaced already."))
    said = "" if accepted else said_reason(reason, field="reason", most=300)
    row.state, row.reviewed_at, row.reviewed_by_id, row.reason = (
        "accepted" if accepted else "returned", at, actor_id, said
    )  # fmt: skip
    db.session.flush()
    refresh(mine, at=at)
    note(REVIEW_DOCUMENT, mine, actor_id, at, after={"document": row.ref, "outcome": row.state, "reason": said})
    if not accepted:
        tell_all(
            administrators_of(mine.organisation_id), DOCUMENT_RETURNED, f"accreditation:document:{row.id}", at=at,
            address=page_of(mine), partner=partner_of(mine).name, document=document_named(row.ref), reason=said,
        )  # fmt: skip


def enter_measure(row: AccreditationApplication, typed: Entered, *, actor_id: int, at: datetime) -> EnteredMeasure:
    """Enter a measure of the service; one that was entered before stays in the history."""
    mine = held(row.id, State.SUBMITTED)
    asked = {
        each.key: each
        for each in queries.scheme_of(mine.scheme_id).up_to(mine.level)
        if way_of(each) is Way.ENTERED
    }  # fmt: skip
    criterion = asked.get(typed.criterion)
    if criterion is None:
        raise Invalid(_l("Choose the criterion."), field="criterion")
    _check(criterion, typed, riyadh_day(at))
    source = said_reason(typed.source, field="source", most=300)
    compared = criterion.threshold == AGENCY_AVERAGE
    made = EnteredMeasure(
        application_id=mine.id, criterion=criterion.key, value=typed.value, as_of=typed.as_of, source=source,
        reference=typed.reference if compared else None, margin=typed.margin if compared else None, entered_at=at,
        entered_by_id=actor_id,
    )  # fmt: skip
    db.session.add(made)
    db.session.flush()
    refresh(mine, at=at)
    note(
        ENTER_MEASURE, mine, actor_id, at,
        after={"criterion": criterion.key, "value": str(typed.value), "as_of": str(typed.as_of), "source": source},
    )  # fmt: skip
    return made


def _check(criterion: Criterion, typed: Entered, today: date) -> None:
    """Refuse what cannot be: a share above a hundred, half an improvement, a day to come, an average without its margin."""
    share = criterion.unit == "%"
    if typed.value is None or not 0 <= typed.value <= (HUNDRED if share else MOST):
        raise Invalid(_l("Enter a share from 0 to 100.") if share else _l("Enter a number from 0 on."), field="value")
    if not share and typed.value != typed.value.to_integral_value():
        raise Invalid(_l("Enter a whole number."), field="value")
    if typed.as_of is None or typed.as_of > today:
        raise Invalid(_l("Enter the last day of the measured time; it lies in the past."), field="as_of")
    if criterion.threshold != AGENCY_AVERAGE:
        return
    if typed.reference is None or not 0 <= typed.reference <= HUNDRED:
        raise Invalid(_l("Enter the agency's average, from 0 to 100."), field="average")
    if typed.margin is None or not 0 <= typed.margin <= HUNDRED:
        raise Invalid(_l("Enter the margin of error, from 0 to 100."), field="margin")


def send_to_committee(row: AccreditationApplication, level: int, *, actor_id: int, at: datetime) -> None:
    """Put an application before the committee with the level that its criteria allow, or with none.

    What was found is frozen: the committee decides about what it was shown.
    """
    mine = held(row.id, State.SUBMITTED)
    waiting = any(each.row.state == "waiting" for rows in queries.documents_of(mine.id).values() for each in rows)
    if waiting:
        raise Conflict(_l("Review every document first."))
    reached = level_met(queries.scheme_of(mine.scheme_id), refresh(mine, at=at), mine.level)
    if not 0 <= level <= reached:
        raise Invalid(_l("The criteria of this level are not met."), field="proposed")
    mine.state, mine.sent_at, mine.sent_by_id, mine.proposed_level = State.COMMITTEE.value, at, actor_id, level
    db.session.flush()
    note(SEND, mine, actor_id, at, after={"level": level})
    ask_for_votes(mine, at=at)


def ask_for_votes(row: AccreditationApplication, *, at: datetime) -> None:
    """Tell every member of the committee that their vote is asked for."""
    tell_all(
        queries.members(), TO_VOTE, f"accreditation:vote:{row.id}", at=at, address=page_of(row), partner=partner_of(row).name
    )  # fmt: skip
