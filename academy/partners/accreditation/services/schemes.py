"""Publishing a scheme of accreditation: a version that never changes."""

from datetime import datetime

from academy.base import audit
from academy.base.db import db, insert_once
from academy.base.documents import packed
from academy.base.errors import Invalid
from academy.base.i18n import _l
from academy.partners.accreditation.criteria import AGENCY_AVERAGE, MEASURES
from academy.partners.accreditation.kinds import DOCUMENTS, PUBLISH_SCHEME
from academy.partners.accreditation.models import AccreditationScheme
from academy.partners.accreditation.queries import scheme_named
from academy.partners.accreditation.rules import Scheme


def publish_scheme(scheme: Scheme, *, actor_id: int | None, at: datetime) -> AccreditationScheme:
    """Publish a version of a scheme. The same version is published once; with other words it needs another number."""
    _check(scheme)
    document = packed(scheme)

    def make() -> AccreditationScheme:
        return AccreditationScheme(
            key=scheme.key, version=scheme.version, document=document, published_at=at, published_by_id=actor_id
        )

    row, made = insert_once(make, lambda: scheme_named(scheme.key, scheme.version))
    if not made and row.document != document:
        raise Invalid(_l("This version is published already with other words. Give the new one another number."))
    if made:
        audit.record(
            PUBLISH_SCHEME, at=at, actor_id=actor_id, subject=("accreditation_scheme", row.id, scheme.title.show("ar")),
            after={"key": scheme.key, "version": scheme.version},
        )  # fmt: skip
    db.session.flush()
    return row


def _check(scheme: Scheme) -> None:
    """Refuse a scheme that could not be applied: an unknown measure, an unnamed document, a level without criteria, no time."""
    levels = {each.level for each in scheme.levels}
    sound = (
        bool(levels) and min(levels) == 1 and scheme.validity_months >= 1 and scheme.quorum >= 1 and scheme.grace_days >= 0
        and len({each.key for each in scheme.criteria}) == len(scheme.criteria)
    )  # fmt: skip
    for each in scheme.criteria:
        numeric = each.threshold == AGENCY_AVERAGE or each.threshold.replace(".", "", 1).isdigit() or bool(each.refs)
        sound = sound and each.measure in MEASURES and set(each.refs) <= set(DOCUMENTS) and numeric
        sound = sound and each.from_level in levels
    if not sound:
        raise Invalid(_l("This scheme cannot be applied: a level, measure, document or number of it is unknown."))
