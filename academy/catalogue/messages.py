"""What the catalogue tells people: reviewers of what waits for them, trainers of what was decided."""

from academy.base.i18n import _l
from academy.notices import kinds
from academy.notices.kinds import Kind

REVIEW_ASKED = kinds.add(
    Kind(
        "course_review_asked",
        _l("A draft waits for your review: %(course)s"),
        (
            _l("%(by)s asks for the review of the course %(course)s before it is published."),
            _l("A note for you: %(note)s"),
        ),
        _l("Open the review"),
        icon="eye",
        label=_l("Drafts of courses that wait for my review"),
    )
)
DRAFT_APPROVED = kinds.add(
    Kind(
        "course_draft_approved",
        _l("Your draft is approved: %(course)s"),
        (
            _l("%(by)s has approved the draft of the course %(course)s."),
            _l("Publish it as it is; whatever is changed before needs another approval."),
        ),
        _l("Open the course"),
        icon="circle-check",
        label=_l("Decisions about drafts of mine"),
    )
)
DRAFT_RETURNED = kinds.add(
    Kind(
        "course_draft_returned",
        _l("Your draft came back from review: %(course)s"),
        (
            _l("%(by)s has returned the draft of the course %(course)s."),
            _l("What should be changed: %(note)s"),
            _l("Change it, then ask for another review."),
        ),
        _l("Open the review"),
        icon="rotate-ccw",
        label=_l("Drafts of mine that came back from review"),
    )
)
kinds.belong_to(kinds.TEACHERS, REVIEW_ASKED, DRAFT_APPROVED, DRAFT_RETURNED)
