"""The key in use: made when it is first needed, read from the operator's file, replaced once two people have agreed."""

from datetime import datetime

from academy.base import audit, place
from academy.base.db import db, insert_once, lock
from academy.base.errors import Conflict, Refusal
from academy.base.i18n import _l
from academy.credentials.models import SigningKey
from academy.credentials.models_of_keys import KeyProposal
from academy.credentials.policies import ROTATE_KEYS
from academy.credentials.queries_of_signing import key_in_use
from academy.credentials.signing import keys
from academy.credentials.signing.keys import CannotOpen, Signer

BY_FILE = "file"  # why a key was retired before it took two people


class NoKey(Refusal):
    """Nothing can be signed at the moment; what was signed is not affected."""

    status = 503
    sentence = _l(
        "The key that signs badges cannot be opened. Two administrators or credential officers have to replace it."
    )


def signer_in_use(*, at: datetime) -> tuple[SigningKey, Signer]:
    """Return the key in use, ready to sign. The first one makes itself, or comes from the file. Raises NoKey.

    Another file brings nothing in by itself: until two people agree, the key that was in use goes on signing if it can.
    """
    try:
        return _of_file(at) if place.badge_key() else _own(at)
    except CannotOpen as error:
        raise NoKey from error


def _own(at: datetime) -> tuple[SigningKey, Signer]:
    row = key_in_use()
    if row is not None and row.sealed is not None:
        return row, keys.unseal(row.sealed, row.multikey, place.secret())
    if row is not None:
        raise CannotOpen("The key in use lived in a file that is gone.")
    fresh = keys.new()
    made, ours = insert_once(lambda: _row(fresh, at), key_in_use)
    return (made, fresh) if ours else _own(at)


def file_key() -> Signer:
    """Return the key of the operator's file. Raises CannotOpen."""
    given = place.badge_key()
    if given is None:
        raise CannotOpen("No file is set.")
    return keys.read(*given)


def _of_file(at: datetime) -> tuple[SigningKey, Signer]:
    given, row = file_key(), key_in_use()
    if row is not None and row.multikey == given.multikey:
        return row, given
    if row is not None and row.sealed is not None:
        return row, keys.unseal(row.sealed, row.multikey, place.secret())
    if row is not None:
        raise CannotOpen("The file holds another key, which two people have not brought in yet.")
    made, ours = insert_once(lambda: _row(given, at), key_in_use)
    return (made, given) if ours else _of_file(at)


def replace(seen: SigningKey, by: Signer, proposal: KeyProposal, *, actor_id: int, at: datetime) -> SigningKey:
    """Let another key sign from now on, as two people agreed. What was signed stays provable; the old private part is gone."""
    held: SigningKey = lock(SigningKey, seen.id)
    if held.in_use is None:
        raise Conflict(_l("The key has been replaced meanwhile. Look at the page again."))
    held.in_use, held.sealed, held.retired_at, held.retired_because = None, None, at, proposal.reason
    db.session.flush()
    made = _row(by, at)
    made.proposal_id = proposal.id
    db.session.add(made)
    db.session.flush()
    audit.record(
        ROTATE_KEYS, at=at, actor_id=actor_id, subject=("signing_key", made.id, made.multikey),
        before={"key": held.multikey},
        after={"key": made.multikey, "reason": proposal.reason, "by": proposal.proposed_by_id},
    )  # fmt: skip
    return made


def _row(key: Signer, at: datetime) -> SigningKey:
    given = place.badge_key()
    sealed = None if given and keys.read(*given).multikey == key.multikey else keys.seal(key, place.secret())
    return SigningKey(multikey=key.multikey, sealed=sealed, in_use=True, made_at=at)
