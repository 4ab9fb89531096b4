"""Replacing the key that signs badges takes two: one proposes, another confirms or declines."""

from datetime import datetime

from academy.accounts.models import Person
from academy.base import audit, place
from academy.base.db import db, insert_once
from academy.base.errors import Conflict
from academy.base.i18n import _l
from academy.credentials import queries_of_keys as queries
from academy.credentials.deciding import by_another, said_reason, undecided
from academy.credentials.kinds import KEY_DECLINED, KEY_TO_CONFIRM
from academy.credentials.models import SigningKey
from academy.credentials.models_of_keys import CONFIRMED, DECLINED, WITHDRAWN, KeyProposal
from academy.credentials.policies import CONFIRM_KEY, DECIDE_KEY
from academy.credentials.queries_of_signing import key_in_use, signing_key
from academy.credentials.services_of_signing import file_key, replace
from academy.credentials.signing import keys
from academy.credentials.signing.keys import CannotOpen, Signer
from academy.notices import services as notices

PROPOSE_KEY = "credentials:key:propose"
MEANWHILE = _l("The key has been replaced meanwhile. Look at the page again.")


def brought() -> str | None:
    """Return the name of the key that the operator's file would bring in; None when it is in use, or there is no file.

    Raises Conflict for a file that cannot be read, or whose key was replaced before.
    """
    if place.badge_key() is None:
        return None
    try:
        given = file_key().multikey
    except CannotOpen as error:
        raise Conflict(_l("The file of the key cannot be read. The operator has to mend it.")) from error
    row = key_in_use()
    if row is not None and row.multikey == given:
        return None
    if signing_key(given) is not None:
        raise Conflict(
            _l("The key of the file was replaced before. It never signs again; the operator has to set another.")
        )
    return given


def propose(*, seen: str, because: str, actor_id: int, at: datetime) -> KeyProposal:
    """Propose to replace the key that was on the page, and tell those who may confirm. It signs on until somebody does."""
    said, brings, row = said_reason(because), brought(), key_in_use()
    if brings is None and place.badge_key():
        raise Conflict(_l("The key lives in a file. The operator sets another file; then two people bring its key in."))
    if row is None or row.multikey != seen:
        raise Conflict(MEANWHILE)
    proposal, made = insert_once(
        lambda: KeyProposal(seen=seen, brings=brings, reason=said, proposed_at=at, proposed_by_id=actor_id),
        queries.waiting,
    )
    if not made:
        raise Conflict(_l("A replacement has been proposed already and waits for a second person."))
    _note(PROPOSE_KEY, proposal, actor_id, at, {"key": brings or "", "reason": said})
    for person_id in queries.keepers(but=actor_id):
        _tell(person_id, KEY_TO_CONFIRM, proposal, actor_id, at, said)
    return proposal


def confirm(proposal_id: int, *, actor_id: int, at: datetime) -> SigningKey:
    """Replace the key as another person proposed. Of two who confirm at once one does it, the other is told."""
    proposal = undecided(KeyProposal, proposal_id)
    by_another(proposal, actor_id)
    row = key_in_use()
    if row is None or row.multikey != proposal.seen:
        raise Conflict(MEANWHILE)
    by = _signer(proposal)
    _decide(proposal, CONFIRMED, actor_id, at)
    _note(CONFIRM_KEY, proposal, actor_id, at, {"key": by.multikey, "by": proposal.proposed_by_id})
    return replace(row, by, proposal, actor_id=actor_id, at=at)


def decline(proposal_id: int, *, reason: str, actor_id: int, at: datetime) -> KeyProposal:
    """Let the key in use sign on; whoever proposed its replacement withdraws it in the same way."""
    said = said_reason(reason, field="answer")
    proposal = undecided(KeyProposal, proposal_id)
    own = proposal.proposed_by_id == actor_id
    proposal.answer = said
    _decide(proposal, WITHDRAWN if own else DECLINED, actor_id, at)
    _note(DECIDE_KEY, proposal, actor_id, at, {"outcome": proposal.outcome or "", "reason": said})
    if not own:
        _tell(proposal.proposed_by_id, KEY_DECLINED, proposal, actor_id, at, said)
    return proposal


def _signer(proposal: KeyProposal) -> Signer:
    if proposal.brings is None:
        if place.badge_key():
            raise Conflict(
                _l("A file of a key has been set meanwhile. Decline this proposal and look at the page again.")
            )
        return keys.new()
    if brought() != proposal.brings:
        raise Conflict(
            _l("The file holds another key than was proposed. Decline this proposal and look at the page again.")
        )
    return file_key()


def _decide(proposal: KeyProposal, outcome: str, actor_id: int, at: datetime) -> None:
    proposal.waits, proposal.outcome, proposal.decided_at, proposal.decided_by_id = None, outcome, at, actor_id
    db.session.flush()


def _note(act: str, proposal: KeyProposal, actor_id: int, at: datetime, after: dict[str, object]) -> None:
    audit.record(act, at=at, actor_id=actor_id, subject=("key_proposal", proposal.id, proposal.seen), after=after)


def _tell(person_id: int, kind: str, proposal: KeyProposal, by_id: int, at: datetime, reason: str) -> None:
    by = db.session.get(Person, by_id)
    notices.tell(
        person_id, kind, f"key:{proposal.id}", at=at, address="/admin/certificates/keys", about_id=proposal.id,
        by=by.name if by else "", reason=reason,
    )  # fmt: skip
