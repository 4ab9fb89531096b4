"""The verbs of templates: make one, edit its draft, ask a second person, approve."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from academy.accounts.models import Organisation, Person
from academy.accounts.queries_of_memberships import are_same_human
from academy.base import audit, ids
from academy.base.dates import riyadh_day
from academy.base.db import db, lock
from academy.base.errors import Conflict, Invalid, NotAllowed, NotFound
from academy.base.i18n import _l
from academy.base.text import LocalizedText
from academy.credentials import drawing_of_looks
from academy.credentials import queries_of_templates as queries
from academy.credentials.drawing import CannotDraw
from academy.credentials.kinds import TEMPLATE_TO_APPROVE
from academy.credentials.models_of_templates import (
    DRAFT,
    PUBLISHED,
    SUPERSEDED,
    CertificateTemplate,
    TemplatePicture,
    TemplateVersion,
)
from academy.credentials.pictures_of_templates import prepared
from academy.credentials.policies import CREATE_TEMPLATE, EDIT_TEMPLATE, PUBLISH_TEMPLATE
from academy.credentials.rules_of_looks import Design, Look, Picture, checked
from academy.credentials.specimens import sample_facts
from academy.notices import services as notices

LONGEST_NAME = 120


class SamePerson(NotAllowed):
    """Whoever edited a draft last does not approve it."""

    sentence = _l("You edited this draft last. Somebody else approves it.")


class ChangedMeanwhile(Conflict):
    """The draft is no longer what was seen."""

    sentence = _l("The draft was changed meanwhile. Look at it again.")


class TemplateRetired(Conflict):
    """Nothing of a retired template changes any more."""

    sentence = _l("This template is retired. Nothing of it changes any more.")


@dataclass(frozen=True, slots=True)
class Edit:
    """What somebody typed into the editor: the look, new pictures as (bytes, file name) by place, places to empty."""

    name: LocalizedText
    look: Look
    uploads: Mapping[str, tuple[bytes, str]] = field(default_factory=dict)
    without: Collection[str] = ()

    def pictures(self, kept: Mapping[str, Picture]) -> dict[str, Picture]:
        """Return the pictures of the version after this edit. Raises Invalid for one that cannot be used."""
        stay = {place: picture for place, picture in kept.items() if place not in self.without}
        return {**stay, **{place: prepared(data, name, place) for place, (data, name) in self.uploads.items()}}


def create(name: LocalizedText, *, organisation_id: int | None, actor_id: int, at: datetime) -> CertificateTemplate:
    """Make a template without any version: its first draft is what somebody saves in the editor."""
    _check_name(name)
    if organisation_id is not None and db.session.get(Organisation, organisation_id) is None:
        raise Invalid(_l("Choose an organisation."), field="organisation")
    row = CertificateTemplate(
        key=f"t-{ids.random_token()[:16].lower()}", organisation_id=organisation_id, name=name, created_at=at
    )
    db.session.add(row)
    db.session.flush()
    note(CREATE_TEMPLATE, row, actor_id, at)
    return row


def start_of(template_id: int) -> tuple[Design, int]:
    """Return what the editor begins with, and its revision: the draft, else what is published, else the usual look."""
    draft = queries.newest(template_id, DRAFT)
    version = draft or queries.newest(template_id, PUBLISHED)
    design = queries.design_of(version.id) if version else None
    return design or Design(Look()), draft.revision if draft else 0


def save_draft(template_id: int, edit: Edit, *, seen: int, actor_id: int, at: datetime) -> TemplateVersion:
    """Keep an edit as the draft, which begins when there is none; whoever was asked to approve it is asked no longer.

    `seen` is the revision that was edited, 0 for none. Raises ChangedMeanwhile and Invalid.
    """
    _check_name(edit.name)
    look = checked(edit.look)
    template = held(template_id)
    before, revision = start_of(template.id)
    if seen != revision:
        raise ChangedMeanwhile
    pictures = edit.pictures(before.pictures)
    for number, signer in enumerate(look.signers, 1):
        if f"signature_{number}" in pictures and not signer.name:
            raise Invalid(_l("Say whose signature this is."), field=f"signer_{number}_name")
    draft = queries.newest(template.id, DRAFT) or _first(template, actor_id, at)
    draft.look, draft.revision, draft.asked_at = look.as_json(), revision + 1, None
    draft.edited_by_id, draft.edited_at = actor_id, at
    template.name = edit.name
    db.session.flush()
    changed = _keep_pictures(draft.id, pictures)
    note(
        EDIT_TEMPLATE,
        template,
        actor_id,
        at,
        after={"version": draft.number, "changes": _changes(before.look, look, changed)},
    )
    return draft


def ask(template_id: int, *, seen: int, actor_id: int, at: datetime) -> int:
    """Ask everybody who may approve the draft to look at it; returns how many they are."""
    template = held(template_id)
    draft = _draft(template, seen)
    if draft.asked_at is not None:
        raise Conflict(_l("Approval has been asked for already."))
    _try(template, draft, at)
    draft.asked_at = at
    db.session.flush()
    people = queries.approvers(template, but=draft.edited_by_id)
    asking = db.session.get_one(Person, actor_id).name
    for person_id in people:
        notices.tell(
            person_id, TEMPLATE_TO_APPROVE, f"template:{draft.id}:{draft.revision}", at=at,
            address=f"/admin/certificates/templates/{template.key}", about_id=draft.id,
            template=template.name, person=asking,
        )  # fmt: skip
    note(EDIT_TEMPLATE, template, actor_id, at, after={"version": draft.number, "state": "approval asked"})
    return len(people)


def publish(template_id: int, *, seen: int, actor_id: int, at: datetime) -> TemplateVersion:
    """Approve the draft: from now on certificates are issued in it, and it never changes.

    Raises SamePerson for whoever edited it last, in any organisation of theirs, ChangedMeanwhile when it is not what was seen.
    """
    template = held(template_id)
    draft = _draft(template, seen)
    if are_same_human(draft.edited_by_id, actor_id):
        raise SamePerson
    if draft.asked_at is None:
        raise Conflict(_l("Nobody has asked to approve this draft yet."))
    _try(template, draft, at)
    before = queries.newest(template.id, PUBLISHED)
    if before is not None:
        before.state = SUPERSEDED
        db.session.flush()
    draft.state, draft.published_by_id, draft.published_at = PUBLISHED, actor_id, at
    db.session.flush()
    was = {"version": before.number} if before else None
    note(PUBLISH_TEMPLATE, template, actor_id, at, before=was, after={"version": draft.number, "state": "published"})
    return draft


def discard(template_id: int, *, seen: int, actor_id: int, at: datetime) -> None:
    """Throw the draft away; what is published stays."""
    template = held(template_id)
    draft = _draft(template, seen)
    number = draft.number
    for picture in queries.pictures_of(draft.id):
        db.session.delete(picture)
    db.session.flush()
    db.session.delete(draft)
    db.session.flush()
    note(EDIT_TEMPLATE, template, actor_id, at, before={"version": number}, after={"state": "discarded"})


def held(template_id: int) -> CertificateTemplate:
    """Return a template that is not retired, locked for a change. Raises TemplateRetired."""
    template: CertificateTemplate | None = lock(CertificateTemplate, template_id)
    if template is None:
        raise NotFound
    if template.retired_at is not None:
        raise TemplateRetired
    return template


def _draft(template: CertificateTemplate, seen: int) -> TemplateVersion:
    draft = queries.newest(template.id, DRAFT)
    if draft is None or draft.revision != seen:
        raise ChangedMeanwhile
    return draft


def _first(template: CertificateTemplate, actor_id: int, at: datetime) -> TemplateVersion:
    published = queries.newest(template.id, PUBLISHED)
    row = TemplateVersion(
        template_id=template.id, number=published.number + 1 if published else 1, state=DRAFT, look={},
        edited_by_id=actor_id, edited_at=at,
    )  # fmt: skip
    db.session.add(row)
    return row


def _keep_pictures(version_id: int, wanted: Mapping[str, Picture]) -> list[str]:
    """Make the pictures of a draft those that are wanted; returns the places that changed."""
    kept = {row.place: row for row in queries.pictures_of(version_id)}
    changed = [place for place, row in kept.items() if place not in wanted or wanted[place].data != row.data]
    for place in changed:
        db.session.delete(kept[place])
    db.session.flush()
    for place, picture in wanted.items():
        if place not in kept or place in changed:
            db.session.add(TemplatePicture(
                version_id=version_id, place=place, media_type=picture.media_type, width=picture.width,
                height=picture.height, data=picture.data,
            ))  # fmt: skip
    db.session.flush()
    return sorted({*changed, *(place for place in wanted if place not in kept)})


def _changes(before: Look, after: Look, places: list[str]) -> str:
    then, now = before.as_json(), after.as_json()
    return ", ".join([*(name for name in now if now[name] != then[name]), *places])


def _try(template: CertificateTemplate, draft: TemplateVersion, at: datetime) -> None:
    """Draw the draft once as certificates will be: what cannot be drawn is never published."""
    of = db.session.get(Organisation, template.organisation_id) if template.organisation_id else None
    design = queries.design_of(draft.id)
    try:
        drawing_of_looks.draw(sample_facts(of.name if of else None, today=riyadh_day(at)), design)  # type: ignore[arg-type]
    except CannotDraw as error:
        raise Conflict(_l("A certificate in this look cannot be drawn. Choose other pictures.")) from error


def _check_name(name: LocalizedText) -> None:
    if not name:
        raise Invalid(_l("Enter the name in at least one language."), field="name")
    if max(len(name.ar), len(name.en)) > LONGEST_NAME:
        raise Invalid(_l("This text is too long."), field="name")


def note(act: str, template: CertificateTemplate, actor_id: int, at: datetime, **changes: Any) -> None:
    """Write an act on a template into the audit trail."""
    name = template.name.ar or template.name.en
    audit.record(
        act, at=at, actor_id=actor_id, subject=("certificate_template", template.id, name),
        organisation_id=template.organisation_id, **changes,
    )  # fmt: skip
