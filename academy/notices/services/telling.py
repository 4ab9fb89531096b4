"""Telling people, reading notices, handing letters in."""

from collections.abc import Callable, Collection, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from academy.accounts import queries as accounts
from academy.accounts.models import Person
from academy.accounts.queries_of_memberships import shares_sign_in
from academy.base import audit, jobs, place
from academy.base.db import change, db, insert_once
from academy.base.errors import Conflict
from academy.base.i18n import _l
from academy.base.text import LocalizedText
from academy.notices import kinds, kinds_of_naming, queries, rules, wording
from academy.notices import queries_of_wording as wordings
from academy.notices.kinds_of_access import OF_ACCOUNT
from academy.notices.models import Letter, LetterChoice, Notice
from academy.notices.queries_of_windows import opening_for

TRIES = 10


def tell(
    person_id: int,
    kind: str,
    cause: str,
    *,
    at: datetime,
    address: str = "",
    letter_address: str = "",
    about_id: int | None = None,
    **values: object,
) -> Notice | None:
    """Tell a person something once per cause: a notice on their page, and a letter in their language and rhythm.

    `address` is a path of ours, and `letter_address` another for the letter alone, as one with a token; `about_id` names the thing told of, for `kinds.stands_while`. Values may be texts, LocalizedText, days, moments, numbers or Fractions (shown in per cent);
    those that are None leave their sentence out. Suspended people are told nothing. Returns the notice, if the kind has one.
    """
    what, person = kinds.kind(kind), accounts.person(person_id)
    if person is None or person.state == "suspended":
        return None
    packed = rules.pack(values)
    rhythm = queries.rhythm(person_id, what) if what.mailed else kinds.NEVER
    if rhythm == kinds.NOW:
        _write_letter(person, what, cause, packed, at=at, address=letter_address or address, about_id=about_id)
    if not what.listed:
        return None
    waits_for = rhythm if rhythm in kinds.DIGESTS else None

    def make() -> Notice:
        return Notice(
            person_id=person_id, kind=kind, cause=cause, values=packed, address=address, about_id=about_id,
            waits_for=waits_for, created_at=at,
        )  # fmt: skip

    def find() -> Notice | None:
        return db.session.scalar(select(Notice).where(Notice.person_id == person_id, Notice.cause == cause))

    return insert_once(make, find)[0]


def _write_letter(
    person: Person,
    kind: kinds.Kind,
    cause: str,
    values: Mapping[str, Any],
    *,
    at: datetime,
    address: str,
    about_id: int | None,
) -> None:
    whole = place.base_url() + address if address else ""
    post(person, kind, cause, lambda: _words(person, kind, values, whole), at=at, address=whole, about_id=about_id)


def _words(person: Person, kind: kinds.Kind, values: Mapping[str, Any], whole: str) -> wording.LetterWords:
    academy = accounts.academy().name
    values = {"academy": academy.as_dict(), **values}
    reader, own = rules.Reader(person.language, person.digits, person.calendar), wordings.own_words_of(kind.name)
    return wording.letter(kind, values, reader, frame_of(person, kind, academy), address=whole, own=own)


def frame_of(person: Person, kind: kinds.Kind, academy: LocalizedText) -> wording.Frame:
    """Return what stands around the words of a letter: greeting, sender, and how to stop letters like it.

    To whoever belongs to several organisations the sender says which one it is about.
    """
    sender = academy.show(person.language)
    if kind.name not in OF_ACCOUNT and shares_sign_in(person):
        sender = f"{sender} – {person.organisation.name.show(person.language)}"
    return wording.Frame(
        name=person.name.show(person.language),
        academy=sender,
        stop="" if kind.needed else stop_address(person.id, kind.name),
        choose=f"{place.base_url()}/account/notices",
    )


def stop_address(person_id: int, kind: str) -> str:
    """Return the whole address that stops a person's letters of a kind."""
    return f"{place.base_url()}/letters/stop/{rules.stop_token(person_id, kind, place.secret())}"


def read_stop_token(token: str) -> tuple[int, str] | None:
    """Return the person and the kind of a stop link; None when it was not written by us."""
    return rules.read_stop_token(token, place.secret())


def post(
    person: Person, kind: kinds.Kind, cause: str, write: Callable[[], wording.LetterWords], *, at: datetime, address: str,
    about_id: int | None = None, language: str = "",
) -> bool:  # fmt: skip
    """Write a letter to a person, once per cause, and queue its sending for when it is not quiet and no prayer is near, unless needed at once.

    `language` is that of its words, the person's unless it is named. Returns whether it was written now.
    """
    tongue = language or person.language

    def make() -> Letter:
        said = write()
        return Letter(
            person_id=person.id, kind=kind.name, cause=cause, message_id=rules.message_id(f"{person.id}:{cause}", place.base_url()),
            to_address=accounts.sign_in_address(person) if kind.name in OF_ACCOUNT else person.email, to_name=person.name.show(tongue), language=tongue,
            subject=said.subject[:300], text=said.text, html=said.html, address=address, about_id=about_id, state="queued",
            tries=0, created_at=at,
        )  # fmt: skip

    def find() -> Letter | None:
        return db.session.scalar(select(Letter).where(Letter.person_id == person.id, Letter.cause == cause))

    letter, made = insert_once(make, find)
    if made:
        opens = None if kind.needed else opening_for(person.organisation_id, at)
        jobs.enqueue("notices.send_letter", unique_key=f"letter:{letter.id}", run_after=opens, letter_id=letter.id)
    return made


def write_to(
    address: str, language: str, kind: str, cause: str, *, at: datetime, path: str = "", about_id: int | None = None,
    **values: object,
) -> None:  # fmt: skip
    """Write a letter to an address that need not be anybody's here. It greets the address: names that strangers type carry no letters."""
    what, academy = kinds.kind(kind), accounts.academy().name
    whole = place.base_url() + path if path else ""
    packed = {"academy": academy.as_dict(), **rules.pack(values)}
    frame = wording.Frame(name=address, academy=academy.show(language), stop="", choose="")
    own = wordings.own_words_of(kind)
    said = wording.letter(what, packed, rules.Reader(language, "latn", "both"), frame, address=whole, own=own)
    letter = Letter(
        kind=kind, cause=cause, message_id=rules.message_id(f"{address}:{cause}", place.base_url()), to_address=address,
        to_name=address, language=language, subject=said.subject[:300], text=said.text, html=said.html, address=whole,
        about_id=about_id, state="queued", tries=0, created_at=at,
    )  # fmt: skip
    db.session.add(letter)
    db.session.flush()
    jobs.enqueue("notices.send_letter", unique_key=f"letter:{letter.id}", letter_id=letter.id)


def forget_letters(of: Collection[str], *, about: Collection[int] = (), before: datetime | None = None) -> None:
    """Delete letters of these kinds to addresses that are nobody's here: about these things, or written before a moment."""
    nobodys = Letter.person_id.is_(None), Letter.kind.in_(of)
    which = Letter.created_at <= before if before is not None else Letter.about_id.in_(about)
    db.session.execute(delete(Letter).where(*nobodys, which))


def forget_person(person_id: int) -> None:
    """Delete the letters to a person, their notices and what they chose."""
    for model in (Letter, Notice, LetterChoice):
        db.session.execute(delete(model).where(model.person_id == person_id))


def whole_address(path: str) -> str:
    """Return the whole address of a path of ours."""
    return place.base_url() + path


def mark_read(notice: Notice, *, at: datetime) -> None:
    """Note that a notice was opened."""
    notice.read_at = notice.read_at or at
    db.session.flush()


def mark_all_read(person_id: int, *, at: datetime) -> int:
    """Note that a person has read everything. Returns how many notices were new."""
    unread = (Notice.person_id == person_id, Notice.read_at.is_(None))
    return change(update(Notice).where(*unread).values(read_at=at))


def mark_read_at(session: Session, person_id: int, kind: str, address: str, *, at: datetime) -> None:
    """Note that a person has read the notices of a kind that lead to an address, in the session of whoever noted it."""
    there = Notice.person_id == person_id, Notice.kind == kind, Notice.address == address, Notice.read_at.is_(None)
    session.execute(update(Notice).where(*there).values(read_at=at))


def letter_sent(letter: Letter, *, at: datetime) -> None:
    """Note that the mail server took a letter. What opens an account is forgotten from then on."""
    letter.state, letter.sent_at, letter.error, letter.tries = "sent", at, None, letter.tries + 1
    if kinds.KINDS[letter.kind].secret:
        letter.text, letter.html, letter.address = "", None, ""
    db.session.flush()


def still_wanted(letter: Letter) -> bool:
    """Whether a letter is to go out: what it tells of stands, and its reader may enter still and has not stopped letters like it.

    It is written anew when some of the people it names are no longer its reader's.
    """
    kind = kinds.KINDS.get(letter.kind)
    if kind is None or kind.needed or letter.person_id is None:
        return True
    if not accounts.may_enter(letter.person_id) or queries.rhythm(letter.person_id, kind) == kinds.NEVER:
        return False
    about = letter.about_id
    stands = about is None or about in kinds.standing(kind.name, {about}, letter.person_id)
    return stands and _is_about_its_readers_people(letter, letter.person_id, kind)


def leave_out_others(notice: Notice) -> bool:
    """Take out of a notice about people those of whom its reader may no longer be told; whether anybody is left."""
    values = kinds_of_naming.still_named(notice.kind, notice.about_id, notice.values)
    if values is not None:
        notice.values = dict(values)
    return values is not None


def _is_about_its_readers_people(letter: Letter, reader_id: int, kind: kinds.Kind) -> bool:
    """Whether anybody is left in a letter about people; those who have left its reader's team meanwhile are taken out of it."""
    same = Notice.person_id == reader_id, Notice.cause == letter.cause
    notice = db.session.scalar(select(Notice).where(*same)) if kind.name in kinds_of_naming.THEIRS else None
    if notice is None:
        return True
    told, anybody = notice.values, leave_out_others(notice)
    if notice.values != told:
        person = db.session.get_one(Person, reader_id)
        said = _words(person, kind, notice.values, letter.address)
        letter.subject, letter.text, letter.html, letter.language = (
            said.subject[:300],
            said.text,
            said.html,
            person.language,
        )
        db.session.flush()
    return anybody


def letter_dropped(letter: Letter) -> None:
    """Note that a letter is not sent any more."""
    letter.state = "dropped"
    db.session.flush()


def letter_kept(letter: Letter) -> None:
    """Note that there is no mail server: the letter is kept to be read by the administrator."""
    letter.state = "kept"
    db.session.flush()


def letter_refused(letter: Letter, error: str) -> None:
    """Note that the mail server did not take a letter; after the last try it has failed.

    A worker that was killed has used up a try of the job without a word here.
    """
    letter.tries += 1
    letter.error = error[:500]
    over = letter.tries >= TRIES or jobs.on_last_try(f"letter:{letter.id}")
    letter.state = "failed" if over else "queued"
    db.session.flush()


def send_again(letter: Letter, *, actor_id: int, at: datetime) -> None:
    """Put a letter that failed, or was only kept, back into the queue."""
    if letter.state not in ("failed", "kept"):
        raise Conflict(_l("This letter was sent already, or is about to be."))
    letter.state, letter.tries, letter.error = "queued", 0, None
    jobs.free_key(f"letter:{letter.id}")
    jobs.enqueue("notices.send_letter", unique_key=f"letter:{letter.id}", letter_id=letter.id)
    audit.record("notices:letter:send", at=at, actor_id=actor_id, subject=("letter", letter.id, letter.to_name))


def sender_name() -> LocalizedText:
    """The name letters come from: the academy's."""
    return accounts.academy().name
