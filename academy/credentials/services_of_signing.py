"""The verbs of keys: the one in use, made when it is first needed; its replacement by an administrator or by another file."""

from datetime import datetime

from academy.base import audit, place
from academy.base.db import db, insert_once, lock
from academy.base.errors import Conflict, Invalid, Refusal
from academy.base.i18n import _l
from academy.base.text import clean_line
from academy.credentials.models import SigningKey
from academy.credentials.policies import ROTATE_KEYS
from academy.credentials.queries_of_signing import key_in_use, signing_key
from academy.credentials.services import LONGEST_REASON
from academy.credentials.signing import keys
from academy.credentials.signing.keys import CannotOpen, Signer

BY_FILE = "file"  # why a key was retired, when no person decided it


class NoKey(Refusal):
    """Nothing can be signed at the moment; what was signed is not affected."""

    status = 503
    sentence = _l("The key that signs badges cannot be opened. An administrator has to replace it.")


def signer_in_use(*, at: datetime) -> tuple[SigningKey, Signer]:
    """Return the key in use, ready to sign. Makes the first one; follows the file when one is set. Raises NoKey."""
    try:
        return _of_file(at) if place.badge_key() else _own(at)
    except CannotOpen as error:
        raise NoKey from error


def _own(at: datetime) -> tuple[SigningKey, Signer]:
    row = key_in_use()
    if row is not None and row.sealed is not None:
        return row, keys.unseal(row.sealed, row.multikey, place.secret())
    fresh = keys.new()
    if row is not None:
        return _replace(row, fresh, because=BY_FILE, actor_id=None, at=at), fresh
    made, ours = insert_once(lambda: _row(fresh, at), key_in_use)
    return (made, fresh) if ours else _own(at)


def _of_file(at: datetime) -> tuple[SigningKey, Signer]:
    given = keys.read(*place.badge_key())  # type: ignore[misc]
    row = key_in_use()
    if row is not None and row.multikey == given.multikey:
        return row, given
    if signing_key(given.multikey) is not None:
        raise CannotOpen("The key of the file was replaced earlier.")
    if row is not None:
        return _replace(row, given, because=BY_FILE, actor_id=None, at=at), given
    made, ours = insert_once(lambda: _row(given, at), key_in_use)
    return (made, given) if ours else _of_file(at)


def rotate(*, seen: str, because: str, actor_id: int, at: datetime) -> SigningKey:
    """Replace the key that was on the page by a new one. What was signed stays provable; the old private part is gone."""
    said = clean_line(because)
    if not said or len(said) > LONGEST_REASON:
        raise Invalid(_l("Give the reason in one sentence of at most 300 characters."), field="reason")
    if place.badge_key():
        raise Conflict(_l("The key lives in a file. Replace the file and start the academy again."))
    row = key_in_use()
    if row is None or row.multikey != seen:
        raise Conflict(_l("The key has been replaced meanwhile. Look at the page again."))
    return _replace(row, keys.new(), because=said, actor_id=actor_id, at=at)


def _replace(row: SigningKey, by: Signer, *, because: str, actor_id: int | None, at: datetime) -> SigningKey:
    held: SigningKey = lock(SigningKey, row.id)
    if held.in_use is None:
        raise Conflict(_l("The key has been replaced meanwhile. Look at the page again."))
    held.in_use, held.sealed, held.retired_at, held.retired_because = None, None, at, because
    db.session.flush()
    made = _row(by, at)
    db.session.add(made)
    db.session.flush()
    audit.record(
        ROTATE_KEYS, at=at, actor_id=actor_id, subject=("signing_key", made.id, made.multikey),
        before={"key": held.multikey}, after={"key": made.multikey, "reason": because},
    )  # fmt: skip
    return made


def _row(key: Signer, at: datetime) -> SigningKey:
    sealed = None if place.badge_key() else keys.seal(key, place.secret())
    return SigningKey(multikey=key.multikey, sealed=sealed, in_use=True, made_at=at)
