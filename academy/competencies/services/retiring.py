"""Retiring a role profile: nobody gets it any more, whoever has it keeps it; and taking that back."""

from datetime import datetime

from academy.base import audit
from academy.base.db import db, lock
from academy.base.errors import Conflict
from academy.base.i18n import _l
from academy.competencies.models import RoleProfile
from academy.competencies.services.asking import holders_of
from academy.competencies.services.jobs_of_people import follow_jobs_of


def retire_profile(profile: RoleProfile, *, actor_id: int | None, at: datetime) -> None:
    """Give a published profile to nobody any more, neither by hand nor by a job."""
    lock(RoleProfile, profile.id)
    db.session.refresh(profile)
    if profile.number == 0:
        raise Conflict(_l("This role profile was never published."))
    if profile.retired_at is not None:
        raise Conflict(_l("This role profile is retired already."))
    profile.retired_at, profile.retired_by_id = at, actor_id
    _record("competencies:profile:retire", profile, actor_id, at)


def revive_profile(profile: RoleProfile, *, actor_id: int | None, at: datetime) -> None:
    """Take a retirement back: the profile is given again, also to whoever has got one of its jobs meanwhile."""
    lock(RoleProfile, profile.id)
    db.session.refresh(profile)
    if profile.retired_at is None:
        raise Conflict(_l("This role profile is not retired."))
    profile.retired_at, profile.retired_by_id = None, None
    db.session.flush()
    follow_jobs_of(profile.id, at=at)
    _record("competencies:profile:revive", profile, actor_id, at)


def _record(act: str, profile: RoleProfile, actor_id: int | None, at: datetime) -> None:
    audit.record(
        act, at=at, actor_id=actor_id, subject=("role_profile", profile.id, profile.key),
        after={"people": len(holders_of(profile.id))},
    )  # fmt: skip
    db.session.flush()
