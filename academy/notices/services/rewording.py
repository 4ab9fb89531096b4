"""Letters in the academy's own words: each saving is a version of its own, and none is ever changed."""

from datetime import datetime, timedelta

from sqlalchemy import select

from academy.accounts import queries as accounts
from academy.accounts.models import Person
from academy.base import audit, place, throttle
from academy.base.db import db, insert_once
from academy.base.errors import Conflict, TooMany
from academy.base.i18n import LANGUAGES, _l
from academy.notices import kinds, own_words, rules, wording
from academy.notices import queries_of_wording as queries
from academy.notices.models import LetterWording
from academy.notices.own_words import SHIPPED, OwnWords
from academy.notices.services import telling
from academy.notices.values import VALUES

TESTS, TESTS_WITHIN = 20, timedelta(hours=1)


class NewerWording(Conflict):
    """Somebody else has saved a version since the page was opened."""

    sentence = _l(
        "Somebody else has saved other words for this letter meanwhile. Yours are still here: compare them with the versions, then save again."
    )


def reword(kind: kinds.Kind, typed: OwnWords, *, seen: int, actor_id: int, at: datetime) -> bool:
    """Keep a new version of a kind's wording, written on top of the version `seen` (0 before the first one).

    What is ours word for word is not kept, and follows the academy. Returns whether anything changed.
    Raises NewerWording, Invalid with the field to blame.
    """
    for fault in own_words.faults(kind, typed):
        raise fault
    return _keep(kind, own_words.without_shipped(kind, typed), "change", seen=seen, actor_id=actor_id, at=at)


def restore_wording(kind: kinds.Kind, *, seen: int, actor_id: int, at: datetime) -> bool:
    """Let the letters of a kind follow the wording we ship again. Returns whether anything changed. Raises NewerWording."""
    return _keep(kind, SHIPPED, "restore", seen=seen, actor_id=actor_id, at=at)


def _keep(kind: kinds.Kind, words: OwnWords, act: str, *, seen: int, actor_id: int, at: datetime) -> bool:
    row = queries.newest(kind.name)
    before = queries.words_of(row)
    if (row.version if row else 0) != seen:
        raise NewerWording
    differing = own_words.changes(before, words)
    if not differing:
        return False

    def make() -> LetterWording:
        return LetterWording(
            kind=kind.name, version=seen + 1, subject=words.subject, body=words.body, written_by_id=actor_id, written_at=at,
        )  # fmt: skip

    def find() -> LetterWording | None:
        mine = LetterWording.kind == kind.name, LetterWording.version == seen + 1
        return db.session.scalar(select(LetterWording).where(*mine))

    kept, made = insert_once(make, find)
    if not made:
        raise NewerWording
    audit.record(
        f"notices:wording:{act}", at=at, actor_id=actor_id, subject=("letter_wording", kept.id, kind.name),
        before={name: pair[0] for name, pair in differing.items()},
        after={name: pair[1] for name, pair in differing.items()},
    )  # fmt: skip
    return True


def try_wording(kind: kinds.Kind, typed: OwnWords, person: Person, *, at: datetime) -> None:
    """Write test letters with example values to a person, one in each language. Raises Invalid, TooMany."""
    for fault in own_words.faults(kind, typed):
        raise fault
    key = f"letter_test:{person.id}"
    if throttle.count(db.session(), key, within=TESTS_WITHIN, at=at) >= TESTS:
        raise TooMany(_l("That were many test letters. Wait an hour before you send more."))
    throttle.note(db.session(), key, at=at)
    test, address, own = kinds.kind(kinds.LETTER_TEST), place.base_url(), own_words.without_shipped(kind, typed)
    values = examples(kind)
    for language in LANGUAGES:
        reader = rules.Reader(language, person.digits, person.calendar)
        frame = wording.Frame(person.name.show(language), accounts.academy().name.show(language), "", "")

        def write(reader: rules.Reader = reader, frame: wording.Frame = frame) -> wording.LetterWords:
            return wording.letter(kind, values, reader, frame, address=address, own=own)

        cause = f"letter_test:{kind.name}:{at.isoformat()}:{language}"
        telling.post(person, test, cause, write, at=at, address=address, language=language)


def examples(kind: kinds.Kind) -> dict[str, object]:
    """Return example values of a kind's variables, packed."""
    names = (name for name in own_words.variables(kind) if name in VALUES)
    given = {name: VALUES[name].example for name in names}
    return rules.pack({**given, "academy": accounts.academy().name})
