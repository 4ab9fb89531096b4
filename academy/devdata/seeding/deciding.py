"""What is being decided about certificates: a revocation that waits for a second person, and one that is suspended meanwhile."""

from datetime import datetime, timedelta

from academy.accounts import services as accounts
from academy.credentials import services_of_holds, services_of_revoking
from academy.credentials.queries import certificates_of
from academy.devdata.seeding.cast import Cast

HOUR = timedelta(hours=1)


def load_decisions(cast: Cast, *, now: datetime) -> None:
    """Give the agency a second administrator, who proposes one revocation and suspends another certificate."""
    second = cast.specialists[-1]
    accounts.grant_role(second, "administrator", organisation_id=cast.agency.id, at=now - 40 * HOUR)
    held = [row for person in cast.staff[-12:] for row in certificates_of(person.id)[:1] if row.revoked_at is None]
    for place, row in enumerate(held[:2]):
        at = now - (20 - place) * HOUR
        if place:
            services_of_holds.hold(
                row.id, reason_class="inquiry", reason="شكوى عن جلسة الاختبار قيد النظر", actor_id=second.id, at=at
            )
        else:
            services_of_revoking.propose(
                row.id, reason_class="error", reason="صدرت باسم متدرب آخر بعد خلط بين سجلين", actor_id=second.id, at=at
            )
