"""Announcements: written, published to their audience by a job, withdrawn."""

from datetime import date, datetime
from typing import Any

from flask_babel import LazyString

from academy.accounts.models import Organisation, OrgUnit
from academy.base import audit, jobs, markdown
from academy.base.db import db, insert_once, lock
from academy.base.errors import Conflict, Invalid
from academy.base.i18n import _l
from academy.base.text import LocalizedText
from academy.notices import kinds, kinds_of_audiences, rules
from academy.notices import queries_of_announcements as queries
from academy.notices.kinds_of_audiences import About
from academy.notices.models import Announcement, Notice
from academy.notices.services import telling

AUDIENCES = {
    "everyone": _l("Everyone"),
    "employees": _l("The agency's employees"),
    "partners": _l("People of partners"),
    "managers": _l("Managers"),
    "trainers": _l("Trainers"),
}
OPENING = 280


class Changed(Conflict):
    """Somebody else has saved the draft since the page was opened."""

    sentence = _l("Somebody else has changed this announcement meanwhile. Look at theirs before you save yours.")


class NoDraft(Conflict):
    """The announcement is published or withdrawn."""

    sentence = _l("This announcement is no longer a draft, so it stays as it is.")


def write_announcement(
    row: Announcement | None,
    *,
    title: LocalizedText,
    text: LocalizedText,
    audience: str,
    place: Organisation | OrgUnit | None,
    shown_until: date | None,
    actor_id: int,
    at: datetime,
    revision: int | None = None,
) -> Announcement:
    """Keep a draft, a new one or with changes. `place` is an organisation, a unit with those below it, or the academy (None).

    Raises NoDraft, Changed when somebody else has saved it meanwhile, Invalid.
    """
    if audience not in AUDIENCES and audience not in kinds_of_audiences.AUDIENCES:
        raise Invalid(_l("Choose one of the listed values."), field="audience")
    if row is None:
        row = Announcement(state=queries.DRAFT, created_by_id=actor_id, created_at=at, revision=0)
        db.session.add(row)
    else:
        _hold_draft(row)
        if revision is not None and revision != row.revision:
            raise Changed
    row.title, row.text, row.audience, row.shown_until = title, text, audience, shown_until
    row.org_unit_id = place.id if isinstance(place, OrgUnit) else None
    row.organisation_id = place.organisation_id if isinstance(place, OrgUnit) else place.id if place else None
    row.revision += 1
    db.session.flush()
    return row


def missing_to_publish(row: Announcement) -> LazyString | None:
    """Return what an announcement lacks before it can be published, as a sentence; None when it lacks nothing."""
    both = row.audience in AUDIENCES
    if both and not all((row.title.ar, row.title.en, row.text.ar, row.text.en)):
        return _l("An announcement is published in both languages: complete its title and text.")
    if bool(row.title.ar) != bool(row.text.ar) or bool(row.title.en) != bool(row.text.en):
        return _l("Title and text must be in the same language: complete the one that is missing.")
    return None


def publish_announcement(row: Announcement, *, actor_id: int, at: datetime) -> None:
    """Publish a draft; a job tells its audience. Raises NoDraft, Invalid when a language is missing.

    What the administration announces is in both languages; an audience of its own may be told in one.
    """
    _hold_draft(row)
    if missing := missing_to_publish(row):
        raise Invalid(missing)
    row.state, row.published_at = queries.PUBLISHED, at
    db.session.flush()
    queue_telling(row.id, 0)
    _record(row, "publish", actor_id, at)


def withdraw_announcement(row: Announcement, *, actor_id: int, at: datetime) -> None:
    """Take a published announcement away from its readers; letters that wait are not sent. Raises NoDraft for a draft."""
    lock(Announcement, row.id)
    if row.state != queries.PUBLISHED:
        raise Conflict(_l("Only a published announcement can be withdrawn."))
    row.state = queries.WITHDRAWN
    db.session.flush()
    _record(row, "withdraw", actor_id, at)


def delete_announcement(row: Announcement) -> None:
    """Throw a draft away. Raises NoDraft."""
    _hold_draft(row)
    db.session.delete(row)
    db.session.flush()


def _hold_draft(row: Announcement) -> None:
    lock(Announcement, row.id)
    if row.state != queries.DRAFT:
        raise NoDraft


def _record(row: Announcement, act: str, actor_id: int, at: datetime) -> None:
    subject = ("announcement", row.id, row.title.show("ar"))
    about = about_of(row)
    after: dict[str, object] = {
        "audience": row.audience, "organisation_id": row.organisation_id, "org_unit_id": row.org_unit_id
    }  # fmt: skip
    if about is not None:
        after["subject"] = about.name.show("ar")
    audit.record(
        f"notices:announcement:{act}", at=at, actor_id=actor_id, subject=subject, after=after,
        organisation_id=row.organisation_id,
    )  # fmt: skip


def queue_telling(announcement_id: int, after_id: int) -> None:
    """Queue telling the people of an announcement, those after a person."""
    key = f"announcement:{announcement_id}:{after_id}"
    jobs.enqueue("notices.announce", unique_key=key, announcement_id=announcement_id, after_id=after_id)


def about_of(row: Announcement) -> About | None:
    """Return what an announcement is about, as a course; None for those of the administration."""
    return kinds_of_audiences.abouts([(row.id, row.audience)]).get(row.id)


def tell_of(row: Announcement, person_id: int, *, at: datetime, about: About | None = None) -> None:
    """Tell one person of an announcement, once."""
    telling.tell(
        person_id, _kind(row), _cause(row), at=at, address=_address(row), about_id=row.id, **_said(row, about)
    )  # fmt: skip


def _kind(row: Announcement) -> str:
    own = kinds_of_audiences.AUDIENCES.get(row.audience)
    return own.kind if own else kinds.ANNOUNCEMENT


def _cause(row: Announcement) -> str:
    return f"announcement:{row.id}"


def _address(row: Announcement) -> str:
    return f"/announcements/{row.id}"


def _said(row: Announcement, about: About | None) -> dict[str, Any]:
    opening = LocalizedText(*(_opening(words) for words in (row.text.ar, row.text.en)))
    return {"title": row.title, "opening": opening, "thing": about.name if about else None}


def _opening(words: str) -> str:
    """The beginning of a text on one line, cut between words and without the signs of Markdown."""
    line = markdown.words_of(words)
    return line if len(line) <= OPENING else f"{line[:OPENING].rsplit(' ', 1)[0]} …"


def place_named(name: str) -> Organisation | OrgUnit | None:
    """Return the organisation ("o1") or unit ("u4") that a choice names; None for the academy ("")."""
    if not name:
        return None
    if name[0] == "o":
        return db.session.get_one(Organisation, int(name[1:]))
    return db.session.get_one(OrgUnit, int(name[1:]))


def open_announcement(row: Announcement, person_id: int, *, at: datetime) -> None:
    """Note that a person has read an announcement.

    Whoever came later, as into a course, was not told of it; what they read is noted all the same, without a letter.
    """
    told = queries.notice_about(person_id, row.id)
    if told is None and row.audience in kinds_of_audiences.AUDIENCES:
        told = _noted(row, person_id, at)
    if told is not None:
        telling.mark_read(told, at=at)


def _noted(row: Announcement, person_id: int, at: datetime) -> Notice:
    def make() -> Notice:
        return Notice(
            person_id=person_id, kind=_kind(row), cause=_cause(row), values=rules.pack(_said(row, about_of(row))),
            address=_address(row), about_id=row.id, created_at=at,
        )  # fmt: skip

    return insert_once(make, lambda: queries.notice_about(person_id, row.id))[0]
