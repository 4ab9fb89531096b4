"""What is being decided about certificates: a revocation that waits for a second person, and one that is suspended meanwhile."""

from datetime import datetime, timedelta

from academy.accounts import services as accounts
from academy.credentials import services_of_holds, services_of_revoking
from academy.credentials.queries import certificates_of
from academy.devdata.seeding.cast import Cast

HOUR = timedelta(hours=1)


def name_second(cast: Cast, *, at: datetime) -> None:
    """Give the academy a second administrator, without whom nobody could confirm what the first proposes."""
    accounts.grant_role(cast.specialists[-1], "administrator", at=at)


def load_decisions(cast: Cast, *, now: datetime) -> None:
    """The second administrator proposes one revocation and suspends another certificate."""
    second = cast.specialists[-1]
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
