"""In the background: telling people of exemptions, and ending those whose last day has passed."""

from datetime import timedelta
from typing import Any

from academy.base import clock
from academy.base.i18n import _l
from academy.base.jobs import job
from academy.learning import services
from academy.learning.models.exemptions import REVOKED
from academy.learning.queries import exemptions as queries
from academy.learning.queries import requests
from academy.learning.queries.requests import RequestRow
from academy.notices import kinds
from academy.notices.services import tell

BATCH = 200

EXEMPTION_WAITING = kinds.add(
    kinds.Kind(
        "exemption_waiting",
        _l("An exemption waits for you: %(learner)s"),
        (
            _l("%(learner)s is to be exempted from: %(title)s."),
            _l("Proposed by: %(by)s."),
            _l("The reason given: %(note)s"),
            _l("Without an answer until %(until)s, the request goes on to the next in line."),
        ),
        _l("Decide about the exemption"),
        icon="inbox",
        secret=True,
        label=_l("Exemptions that wait for my decision"),
    )
)
EXEMPTION_GRANTED = kinds.add(
    kinds.Kind(
        "exemption_granted",
        _l("You are exempted: %(course)s"),
        (
            _l("You need not do this: %(course)s. It counts as completed and is marked as exempted."),
            _l("The last day of the exemption: %(due)s."),
            _l("Decided by: %(by)s."),
            _l("The reason: %(reason)s"),
        ),
        _l("Look at it"),
        icon="user-check",
        label=_l("Exemptions granted to me"),
    )
)
EXEMPTION_REFUSED = kinds.add(
    kinds.Kind(
        "exemption_refused",
        _l("The exemption was refused: %(title)s"),
        (
            _l("An exemption from %(title)s was asked for. It was refused."),
            _l("Decided by: %(by)s."),
            _l("The reason: %(reason)s"),
        ),
        _l("Look at it"),
        icon="info",
        label=_l("Refusals of exemptions"),
    )
)
EXEMPTION_OVER = kinds.add(
    kinds.Kind(
        "exemption_over",
        _l("Your exemption has ended: %(course)s"),
        (
            _l(
                "The exemption from %(course)s has reached its last day. Whatever was asked of you there is asked again."
            ),
            _l("The day by which it is due: %(due)s."),
        ),
        _l("Look at it"),
        icon="calendar-clock",
        label=_l("Ends of my exemptions"),
    )
)
EXEMPTION_REVOKED = kinds.add(
    kinds.Kind(
        "exemption_revoked",
        _l("Your exemption was taken back: %(course)s"),
        (
            _l("The exemption from %(course)s was taken back. Whatever was asked of you there is asked again."),
            _l("Decided by: %(by)s."),
            _l("The reason: %(reason)s"),
            _l("The day by which it is due: %(due)s."),
        ),
        _l("Look at it"),
        icon="undo-2",
        label=_l("Exemptions taken back from me"),
    )
)

kinds.belong_to(kinds.ENTERING, EXEMPTION_GRANTED, EXEMPTION_REFUSED, EXEMPTION_OVER, EXEMPTION_REVOKED)
kinds.belong_to(kinds.LEADERS, EXEMPTION_WAITING)
kinds.stands_while(EXEMPTION_WAITING, lambda ids: requests.still_waiting(list(ids)))
kinds.stands_while(EXEMPTION_GRANTED, queries.still_in_force)


@job("learning.tell_exemption", _l("Tell somebody of an exemption, or of its end"))
def tell_exemption(exemption_id: int, ended: bool) -> None:
    """Tell a learner that they are exempted, or that they are no longer; once each."""
    row = queries.exemption(exemption_id)
    if row is None:
        return
    values: dict[str, Any] = {"course": row.course, "due": row.ends_on, "by": row.by, "reason": row.reason}
    kind = EXEMPTION_GRANTED
    if ended:
        kind = EXEMPTION_REVOKED if row.state == REVOKED else EXEMPTION_OVER
        by, reason = (row.ended_by, row.end_reason) if row.state == REVOKED else (None, None)
        values = {**values, "due": queries.due_after(exemption_id), "by": by, "reason": reason}
    tell(
        row.person.id, kind, f"{kind}:{exemption_id}", at=clock.now(),
        address=f"/courses/{row.course_key}" if row.course_key else f"/programmes/{row.programme_key}",
        about_id=exemption_id, **values,
    )  # fmt: skip


@job("learning.end_exemptions", _l("End exemptions whose last day has passed"), every=timedelta(minutes=10))
def end_exemptions() -> None:
    """End the exemptions whose last day has passed; their duties are there again from the moment after that day."""
    at = clock.now()
    for exemption_id in queries.run_out(clock.today(), most=BATCH):
        services.end(exemption_id, at=at)


def tell_refused(about: RequestRow) -> None:
    """Tell a learner that an exemption was refused; once."""
    tell(
        about.learner_id, EXEMPTION_REFUSED, f"answer:{about.id}", at=clock.now(), address=f"/{about.kind}s/{about.key}",
        title=about.title, by=about.decided_by, reason=about.reason,
    )  # fmt: skip
