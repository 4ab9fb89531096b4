"""Writing and publishing role profiles, and giving them to people."""

from collections.abc import Collection, Mapping
from datetime import datetime

from sqlalchemy import delete, select

from academy.accounts.models import Person
from academy.base import audit
from academy.base.db import change, db, insert_once, lock
from academy.base.errors import Invalid, NotFound, Stale
from academy.base.i18n import _l
from academy.base.text import LocalizedText
from academy.competencies.models import (
    BY_PERSON,
    Competency,
    PersonProfile,
    PersonTarget,
    RoleProfile,
    RoleProfileDraft,
    RoleProfileVersion,
)
from academy.competencies.refusals import KeyTaken, NoDraft, NothingNew, NotReady, PreviewStale
from academy.competencies.services.asking import ask, ask_again, holders_of
from academy.competencies.services.drafting import fit_key


def create_profile(key: str, name: LocalizedText, *, actor_id: int | None, at: datetime) -> RoleProfile:
    """Make a role profile with an empty draft. It applies to nobody before it is published."""
    key = fit_key(key)

    def make() -> RoleProfile:
        return RoleProfile(key=key, name=name, targets={}, number=0)

    row, new = insert_once(make, lambda: db.session.scalar(select(RoleProfile).where(RoleProfile.key == key)))
    if not new:
        raise KeyTaken(field="key")
    db.session.add(RoleProfileDraft(profile_id=row.id, name=name, targets={}, changed_at=at, changed_by_id=actor_id))
    _record("competencies:profile:create", row, actor_id, at, after={"name": name.as_dict()})
    return row


def save_profile(
    profile: RoleProfile, name: LocalizedText, targets: Mapping[str, int], *,
    revision: int | None, actor_id: int | None, at: datetime,
) -> RoleProfileDraft:  # fmt: skip
    """Save what a profile shall say as its draft, which is opened when there is none (then the revision is 0)."""
    lock(RoleProfile, profile.id)
    draft = db.session.get(RoleProfileDraft, profile.id, populate_existing=True)
    if revision is not None and revision != (draft.revision if draft else 0):
        raise Stale
    asked = {key: int(level) for key, level in targets.items() if level}
    if draft is None:
        draft = RoleProfileDraft(profile_id=profile.id, revision=0, name=name, targets=asked, changed_at=at)
        db.session.add(draft)
    draft.name, draft.targets, draft.changed_at, draft.changed_by_id = name, asked, at, actor_id
    draft.revision += 1
    db.session.flush()
    return draft


def discard_profile(profile: RoleProfile) -> bool:
    """Throw the draft of a published profile away."""
    lock(RoleProfile, profile.id)
    draft = db.session.get(RoleProfileDraft, profile.id)
    if draft is None or profile.number == 0:
        return False
    db.session.delete(draft)
    db.session.flush()
    return True


def publish_profile(profile: RoleProfile, *, revision: int | None, actor_id: int | None, at: datetime) -> None:
    """Publish the draft that was previewed: from now on it is asked of everyone who has the profile."""
    lock(RoleProfile, profile.id)
    draft: RoleProfileDraft | None = lock(RoleProfileDraft, profile.id)
    if draft is None:
        raise NoDraft
    if revision is not None and revision != draft.revision:
        raise PreviewStale
    holding = Competency.key.in_(list(draft.targets)), Competency.retired_at.is_(None)
    known = set(db.session.scalars(select(Competency.key).where(*holding)))
    if not draft.targets or not draft.name.complete or set(draft.targets) - known:
        raise NotReady
    if profile.number and (draft.name, draft.targets) == (profile.name, profile.targets):
        raise NothingNew
    first, before = profile.number == 0, dict(profile.targets)
    profile.name, profile.targets, profile.number = draft.name, dict(draft.targets), profile.number + 1
    db.session.delete(draft)
    db.session.add(version_of(profile, at=at, by_id=actor_id))
    db.session.flush()
    if first:
        ask(holders_of(profile.id))
    else:
        ask_again([profile.id])
    _record("competencies:profile:publish", profile, actor_id, at, before=before, after=dict(profile.targets))


def version_of(profile: RoleProfile, *, at: datetime, by_id: int | None) -> RoleProfileVersion:
    """Return what is published as the version that is kept of it."""
    return RoleProfileVersion(
        profile_id=profile.id, number=profile.number, name=profile.name, targets=dict(profile.targets), published_at=at,
        published_by_id=by_id,
    )  # fmt: skip


def set_profile(person_id: int, profile_key: str, *, at: datetime) -> PersonProfile:
    """Set a person's own role profile; earlier ones of their own are replaced, those of their job stay."""
    set_profiles(person_id, [profile_key], at=at)
    mine = PersonProfile.person_id == person_id, PersonProfile.source == BY_PERSON
    return db.session.scalars(select(PersonProfile).where(*mine)).one()


def set_profiles(person_id: int, keys: Collection[str], *, at: datetime) -> None:
    """Set all of a person's own role profiles at once; those of their job stay. A retired one can be kept and not be given."""
    named = select(RoleProfile.key, RoleProfile.id, RoleProfile.retired_at).where(RoleProfile.key.in_(list(keys)))
    found = db.session.execute(named).all()
    mine = PersonProfile.person_id == person_id, PersonProfile.source == BY_PERSON
    had = set(db.session.scalars(select(PersonProfile.profile_id).where(*mine)))
    wanted = {number for _key, number, retired_at in found if retired_at is None or number in had}
    if len(wanted) < len(set(keys)):
        raise NotFound
    db.session.execute(delete(PersonProfile).where(*mine, PersonProfile.profile_id.in_(had - wanted)))
    for number in sorted(wanted - had):
        db.session.add(PersonProfile(person_id=person_id, profile_id=number, source=BY_PERSON, set_at=at))
    db.session.flush()
    ask([person_id])


def give_profiles(who: Person, keys: Collection[str], *, actor_id: int | None, at: datetime) -> None:
    """Set a person's own role profiles, as a sensitive act."""
    query = select(RoleProfile.key).join(PersonProfile, PersonProfile.profile_id == RoleProfile.id)
    before = db.session.scalars(query.where(PersonProfile.person_id == who.id, PersonProfile.source == BY_PERSON))
    had = sorted(before)
    set_profiles(who.id, keys, at=at)
    _record_person("competencies:person:profiles", who, actor_id, at, {"profiles": had}, {"profiles": sorted(keys)})


def set_level(who: Person, key: str, level: int, reason: str, *, actor_id: int | None, at: datetime) -> None:
    """Ask a level of one person instead of what their profiles say, with the reason; 0 asks for nothing."""
    if not reason:
        raise Invalid(_l("Say why this level differs from the role profile."), field="reason")
    holding = Competency.key == key, Competency.retired_at.is_(None)
    competency_id = db.session.scalar(select(Competency.id).where(*holding))
    if competency_id is None:
        raise NotFound
    row = db.session.get(PersonTarget, (who.id, competency_id))
    before = {"level": row.level, "reason": row.reason} if row else None
    if row is None:
        row = PersonTarget(person_id=who.id, competency_id=competency_id)
        db.session.add(row)
    row.level, row.reason, row.set_at, row.set_by_id = level, reason, at, actor_id
    db.session.flush()
    ask([who.id])
    after = {"competency": key, "level": level, "reason": reason}
    _record_person("competencies:person:level", who, actor_id, at, before, after)


def drop_level(who: Person, key: str, *, actor_id: int | None, at: datetime) -> bool:
    """Let the profiles decide again. Returns whether there was a level of the person's own."""
    mine = PersonTarget.person_id == who.id
    competency = select(Competency.id).where(Competency.key == key).scalar_subquery()
    if not change(delete(PersonTarget).where(mine, PersonTarget.competency_id == competency)):
        return False
    ask([who.id])
    _record_person("competencies:person:level", who, actor_id, at, {"competency": key}, None)
    return True


def _record(
    act: str, profile: RoleProfile, actor_id: int | None, at: datetime, before: object = None, after: object = None
) -> None:
    audit.record(
        act, at=at, actor_id=actor_id, subject=("role_profile", profile.id, profile.key),
        before=before, after=after,  # type: ignore[arg-type]
    )  # fmt: skip
    db.session.flush()


def _record_person(act: str, who: Person, actor_id: int | None, at: datetime, before: object, after: object) -> None:
    audit.record(
        act, at=at, actor_id=actor_id, subject=("person", who.id, who.name.show("ar")),
        organisation_id=who.organisation_id, before=before, after=after,  # type: ignore[arg-type]
    )  # fmt: skip
    db.session.flush()
