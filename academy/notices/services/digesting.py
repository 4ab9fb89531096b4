"""Letters that gather what waited for a day or a week."""

from collections.abc import Sequence
from datetime import datetime

from academy.accounts import queries as accounts
from academy.base.db import db
from academy.notices import kinds, queries, rules, wording
from academy.notices import queries_of_wording as wordings
from academy.notices.models import Notice
from academy.notices.services import telling


def write_digest(person_id: int, rhythm: str, cause: str, *, before: datetime, at: datetime) -> bool:
    """Write a person's digest of one period, once: the letter and the end of the waiting are one transaction.

    What no longer stands is left out; with nothing left there is no letter. Returns whether one was written.
    """
    person = accounts.person(person_id)
    rows = queries.waiting(person_id, rhythm, before=before)
    if person is None or person.state != "active" or not rows:
        return False
    told, kind = _standing(rows), kinds.kind(kinds.DIGESTS[rhythm])
    academy, reader = accounts.academy().name, rules.Reader(person.language, person.digits, person.calendar)

    def write() -> wording.LetterWords:
        lines = [wording.Line(kinds.kind(row.kind), row.values, _whole(row)) for row in told]
        frame, own = telling.frame_of(person, kind, academy), wordings.own_words_of(kind.name)
        return wording.digest(kind, {"academy": academy.as_dict()}, lines, reader, frame, address=address, own=own)

    address = telling.whole_address("/notices")
    if told and not telling.post(person, kind, cause, write, at=at, address=address):
        return False
    for row in rows:
        row.waits_for = None
    db.session.flush()
    return bool(told)


def _whole(row: Notice) -> str:
    return telling.whole_address(row.address) if row.address else ""


def _standing(rows: Sequence[Notice]) -> list[Notice]:
    """Those whose kind is known and whose thing still stands, asked once for each kind; none names whom it may no longer name."""
    kept: set[int] = set()
    for name in {row.kind for row in rows} & set(kinds.KINDS):
        mine = [row for row in rows if row.kind == name]
        asked = {row.about_id for row in mine if row.about_id is not None}
        standing = kinds.standing(name, asked, mine[0].person_id)
        kept |= {row.id for row in mine if row.about_id is None or row.about_id in standing}
    return [row for row in rows if row.id in kept and telling.leave_out_others(row)]
