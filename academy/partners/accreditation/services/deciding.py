"""What the committee does: vote with reasons and close the vote; and being asked to withdraw what it granted."""

from datetime import datetime

from academy.accounts.models import Organisation, Person
from academy.base.dates import riyadh_day
from academy.base.db import db, insert_once, lock
from academy.base.errors import Conflict, Invalid, NotAllowed, NotFound
from academy.base.i18n import _l
from academy.partners.accreditation import queries
from academy.partners.accreditation.kinds import (
    DECIDE,
    GRANTED,
    PROPOSE_WITHDRAWAL,
    REFUSED,
    UNDECIDED,
    VOTE,
    WITHDRAWN,
)
from academy.partners.accreditation.models import Accreditation, AccreditationApplication, Vote
from academy.partners.accreditation.rules import Purpose, State, tally
from academy.partners.accreditation.services.common import (
    held,
    note,
    page_of_partner,
    partner_of,
    said_reason,
    tell_all,
)
from academy.partners.accreditation.services.granting import grant
from academy.partners.accreditation.services.reviewing import ask_for_votes
from academy.partners.models import PARTNER
from academy.partners.queries import administrators_of


def vote(row: AccreditationApplication, *, in_favour: bool, reason: str, actor_id: int, at: datetime) -> Vote:
    """Give one's vote, once. Nothing can be granted whose criteria are not met, and nobody of a partner votes."""
    said = said_reason(reason, field="reason")
    mine = held(row.id, State.COMMITTEE)
    voter = db.session.get_one(Person, actor_id)
    home = db.session.get_one(Organisation, voter.organisation_id)
    if home.id == mine.organisation_id or home.kind == PARTNER:
        raise NotAllowed
    if in_favour and mine.purpose == Purpose.ACCREDIT and not mine.proposed_level:
        raise Invalid(_l("The criteria of no level are met, so it can only be refused."), field="in_favour")

    def make() -> Vote:
        return Vote(application_id=mine.id, voter_id=actor_id, in_favour=in_favour, reason=said, voted_at=at)

    given, made = insert_once(make, lambda: queries.vote_of(mine.id, actor_id))
    if not made:
        raise Conflict(_l("You have voted already."))
    note(VOTE, mine, actor_id, at, after={"in_favour": in_favour, "reason": said})
    return given


def close_vote(row: AccreditationApplication, *, reason: str, actor_id: int, at: datetime) -> AccreditationApplication:
    """Close a vote that has its quorum and majority, by a member who has voted. The reason is what the partner reads."""
    said = said_reason(reason, field="decision_reason", most=1000)
    mine = held(row.id, State.COMMITTEE)
    ballots = queries.ballots_of(mine.id)
    if actor_id not in {each.voter_id for each in ballots}:
        raise Conflict(_l("Only a member who has voted closes the vote."))
    counted = tally(ballots, queries.scheme_of(mine.scheme_id).quorum, queries.involved(mine.id))
    if counted.carried is None:
        assert counted.why is not None
        raise Conflict(UNDECIDED[counted.why])
    granted = _granted(mine, at=at) if counted.carried and mine.purpose == Purpose.ACCREDIT else None
    if granted is not None:
        mine.accreditation_id = granted.id
    mine.state = (State.GRANTED if counted.carried else State.REFUSED).value
    mine.decided_at, mine.decided_by_id, mine.decision_reason = at, actor_id, said
    db.session.flush()
    after = {"outcome": mine.state, "level": mine.proposed_level, "reason": said}
    note(DECIDE, mine, actor_id, at, after={**after, "votes": f"{counted.in_favour}:{counted.against}"})
    if granted is not None:
        level = queries.scheme_of(mine.scheme_id).level_named(granted.level).name
        _tell(mine, GRANTED, at, level=level, until=granted.valid_until)
    elif mine.purpose == Purpose.ACCREDIT:
        _tell(mine, REFUSED, at, reason=said)
    elif counted.carried:
        _withdraw(mine, said, at)
        _tell(mine, WITHDRAWN, at, reason=said)
    return mine


def _granted(mine: AccreditationApplication, *, at: datetime) -> Accreditation:
    if queries.open_application(mine.organisation_id, Purpose.WITHDRAW) is not None:
        raise Conflict(_l("Decide first about the withdrawal of what the partner has."))
    return grant(mine, at=at)


def _withdraw(mine: AccreditationApplication, said: str, at: datetime) -> None:
    row: Accreditation = lock(Accreditation, mine.accreditation_id or 0)
    row.withdrawn_on, row.withdrawn_reason = riyadh_day(at), said
    db.session.flush()


def _tell(mine: AccreditationApplication, kind: str, at: datetime, **values: object) -> None:
    tell_all(
        administrators_of(mine.organisation_id), kind, f"accreditation:decided:{mine.id}", at=at,
        address=page_of_partner(mine.organisation_id), partner=partner_of(mine).name, **values,
    )  # fmt: skip


def propose_withdrawal(row: Accreditation, *, reason: str, actor_id: int, at: datetime) -> AccreditationApplication:
    """Ask the committee to withdraw an accreditation. Nothing changes until it has decided."""
    said = said_reason(reason, field="reason", most=1000)
    mine: Accreditation | None = lock(Accreditation, row.id)
    if mine is None:
        raise NotFound
    if mine.withdrawn_on is not None or mine.replaced_on is not None or mine.valid_until < riyadh_day(at):
        raise Conflict(_l("This accreditation does not hold any more."))
    if queries.open_application(mine.organisation_id, Purpose.WITHDRAW) is not None:
        raise Conflict(_l("Its withdrawal is before the committee already."))
    made = AccreditationApplication(
        organisation_id=mine.organisation_id, scheme_id=mine.scheme_id, purpose=Purpose.WITHDRAW.value,
        accreditation_id=mine.id, level=mine.level, state=State.COMMITTEE.value, note=said, made_at=at, made_by_id=actor_id,
        sent_at=at, sent_by_id=actor_id, findings=mine.findings, found_at=mine.found_at,
    )  # fmt: skip
    db.session.add(made)
    db.session.flush()
    note(PROPOSE_WITHDRAWAL, made, actor_id, at, after={"reason": said})
    ask_for_votes(made, at=at)
    return made
