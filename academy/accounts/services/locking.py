"""What the academy keeps for itself: which settings an organisation's own administrators may not change."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import delete

from academy.accounts.kinds import settings_of
from academy.accounts.models import Organisation, SettingLock
from academy.accounts.policies import LOCK_SETTINGS
from academy.accounts.queries_of_administration import locked_settings
from academy.base import audit
from academy.base.db import db, lock
from academy.base.errors import Invalid
from academy.base.i18n import _l


def lock_settings(organisation: Organisation, wanted: Iterable[str], *, at: datetime, actor_id: int | None) -> None:
    """Keep exactly these settings of an organisation for the academy. What is set stays as it is."""
    asked = set(wanted)
    if not asked <= {each.key for each in settings_of(organisation)}:
        raise Invalid(_l("Choose among the settings of this organisation."), field="settings")
    lock(Organisation, organisation.id)
    before = locked_settings(organisation.id)
    if asked == before:
        return
    gone = SettingLock.organisation_id == organisation.id, SettingLock.setting.in_(before - asked)
    db.session.execute(delete(SettingLock).where(*gone))
    db.session.add_all(
        SettingLock(organisation_id=organisation.id, setting=key, locked_by_id=actor_id, locked_at=at)
        for key in sorted(asked - before)
    )
    db.session.flush()
    audit.record(
        LOCK_SETTINGS, at=at, actor_id=actor_id, subject=("organisation", organisation.id, organisation.name.show("ar")),
        organisation_id=organisation.id, before={"locked": sorted(before)}, after={"locked": sorted(asked)},
    )  # fmt: skip
