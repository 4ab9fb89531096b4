"""Handing letters in, in the background."""

import smtplib
from datetime import datetime, timedelta
from email.message import EmailMessage

from flask import current_app

from academy.base import clock, mail
from academy.base.db import lock, settle
from academy.base.i18n import _l
from academy.base.jobs import enqueue, job
from academy.config import Settings
from academy.notices import kinds, queries, rules, services
from academy.notices import kinds_of_access as access
from academy.notices import queries_of_announcements as announcements
from academy.notices.models import Letter

BATCH = 500
KEEP_TO_MAILBOX = timedelta(days=7)

kinds.stands_while(kinds.ANNOUNCEMENT, announcements.still_open)
kinds.stands_while(kinds.LEARNERS_TOLD, announcements.still_open)
kinds.stands_for(kinds.LEARNERS_TOLD, announcements.still_reached)


@job("notices.digests", _l("Find people whose digest is due"), every=timedelta(hours=1))
def digests() -> None:
    """Queue the digests that may be written now, for everyone for whom something waits."""
    at = clock.now()
    for rhythm in kinds.DIGESTS:
        if (period := rules.digest_period(rhythm, at, queries.quiet())) is not None:
            day, before = period
            queue_digests(rhythm, f"digest:{rhythm}:{day.isoformat()}", before.isoformat(), 0)


@job("notices.queue_digests", _l("Prepare digests for a group of people"))
def queue_digests(rhythm: str, cause: str, before: str, after_id: int) -> None:
    """Queue the digests of the next 500 people, then the rest."""
    moment = datetime.fromisoformat(before)
    people = queries.people_waiting(rhythm, before=moment, cause=cause, after_id=after_id, most=BATCH)
    for person_id in people:
        enqueue(
            "notices.digest",
            unique_key=f"{cause}:{person_id}",
            person_id=person_id,
            rhythm=rhythm,
            cause=cause,
            before=before,
        )
    if len(people) == BATCH:
        enqueue(
            "notices.queue_digests", unique_key=f"{cause}:after:{people[-1]}",
            rhythm=rhythm, cause=cause, before=before, after_id=people[-1],
        )  # fmt: skip


@job("notices.digest", _l("Write a person's digest"))
def digest(person_id: int, rhythm: str, cause: str, before: str) -> None:
    """Write the digest of one person and period, once."""
    services.write_digest(person_id, rhythm, cause, before=datetime.fromisoformat(before), at=clock.now())


@job("notices.forget_letters", _l("Delete letters to addresses that were to be confirmed"), every=timedelta(days=1))
def forget_letters() -> None:
    """Delete letters to addresses that somebody wanted to sign in with, once their links work no longer."""
    services.forget_letters(access.TO_MAILBOX, before=clock.now() - KEEP_TO_MAILBOX)


@job("notices.send_letter", _l("Send a letter"), tries=services.TRIES)
def send_letter(letter_id: int) -> None:
    """Hand one letter in, unless that was done already. Raises what the mail server said, so that it is tried again."""
    letter: Letter | None = lock(Letter, letter_id)
    if letter is None or letter.state in ("sent", "kept", "dropped"):
        return
    if not services.still_wanted(letter):
        services.letter_dropped(letter)
        return
    settings: Settings = current_app.extensions["settings"]
    if settings.mail_host is None:
        services.letter_kept(letter)
        return
    sender = services.sender_name().show(letter.language)
    try:
        message = _written(letter, (sender, settings.mail_from))
        # The database stays free for others while the mail server is spoken to.
        settle()
        mail.hand_in(message, post(settings))
    except (OSError, smtplib.SMTPException, mail.BadLetter) as refused:
        services.letter_refused(letter, _said(refused))
        settle()
        raise
    services.letter_sent(letter, at=clock.now())


def _said(refused: Exception) -> str:
    """What the mail server said, readable for an administrator."""
    match refused:
        case smtplib.SMTPRecipientsRefused(recipients=answers) if answers:
            code, words = next(iter(answers.values()))
        case smtplib.SMTPResponseException(smtp_code=code, smtp_error=words):
            pass
        case _:
            return f"{type(refused).__name__}: {refused}"
    return f"{code} {words.decode('utf-8', 'replace') if isinstance(words, bytes) else words}"


def _written(letter: Letter, sender: tuple[str, str]) -> EmailMessage:
    return mail.letter(
        to=letter.to_address,
        name=letter.to_name,
        subject=letter.subject,
        text=letter.text,
        html=letter.html,
        sender=sender,
        message_id=letter.message_id,
        stop=_stop(letter),
    )


def _stop(letter: Letter) -> str:
    """The address with which a mail program stops letters like this one; "" when nothing can."""
    needed = letter.kind not in kinds.KINDS or kinds.kind(letter.kind).needed
    return "" if needed or letter.person_id is None else services.stop_address(letter.person_id, letter.kind)


def post(settings: Settings) -> mail.Post:
    """Return where letters are handed in."""
    password = settings.mail_password.get_secret_value() if settings.mail_password else None
    return mail.Post(
        settings.mail_host, settings.mail_port, settings.mail_user, password, settings.mail_tls, settings.mail_from
    )


@job("notices.announce", _l("Tell people of an announcement"))
def announce(announcement_id: int, after_id: int) -> None:
    """Tell the next 500 people whom an announcement reaches, then queue the rest; nobody once it is withdrawn."""
    row = announcements.announcement(announcement_id)
    if row is None or row.state != announcements.PUBLISHED:
        return
    people = announcements.recipients(announcement_id, after_id=after_id, most=BATCH)
    about = services.about_of(row)
    for person_id in people:
        services.tell_of(row, person_id, about=about, at=clock.now())
    if len(people) == BATCH:
        services.queue_telling(announcement_id, people[-1])
