"""How the kinds of evidence are called on pages, and what the academy tells people about them."""

from collections.abc import Callable, Mapping
from typing import Any

from academy.base.access import Actor
from academy.base.i18n import _l
from academy.base.text import LocalizedText
from academy.notices.kinds import GROWING, LEADERS, Kind, add, add_value, belong_to

FEWEST = 5
_RULES: list[Callable[[Actor], int]] = []


def small_groups(rule: Callable[[Actor], int]) -> Callable[[Actor], int]:
    """Enter who says how many people a figure needs for a reader: the slice above that keeps the thresholds."""
    _RULES.append(rule)
    return rule


def smallest_group(actor: Actor) -> int:
    """Return the fewest people of whom a figure is shown to this reader."""
    return max([FEWEST, *(rule(actor) for rule in _RULES)])


LABELS: Mapping[str, Any] = {
    "attempt": _l("Quiz"),
    "regrade": _l("Quiz, result corrected"),
    "course": _l("Course completed"),
    "practice": _l("Graded practice"),
    "observation": _l("Observation at work"),
    "peer": _l("Ratings by colleagues"),
    "agreed": _l("Level agreed on after a rating round"),
    "prior": _l("Prior learning, accepted"),
    "certificate": _l("External certificate, accepted"),
    "self": _l("Self-assessment"),
}

MARKS: Mapping[str, Any] = {
    "always": _l("Every time"),
    "sometimes": _l("Sometimes"),
    "never": _l("Never"),
    "": _l("No chance to see it"),
}
OBSERVATION_STATES: Mapping[str, Any] = {
    "draft": _l("Draft"),
    "sent": _l("Waits for confirmation"),
    "confirmed": _l("Confirmed"),
    "objected": _l("Objected to"),
    "settled": _l("Counts without an answer"),
}
add_value("person", _l("Name of the person"), LocalizedText("خالد الحربي", "Khalid Alharbi"))
add_value("competency", _l("Name of the competency"), LocalizedText("التعامل مع الشكاوى", "Complaint handling"))
add_value("others", _l("How many further competencies, as a bare number"), 2)
add_value(
    "objection",
    _l("The objection, in the words of the person"),
    LocalizedText("لم أكن في المكتب ذلك اليوم.", "I was not in that day."),
)
OBSERVATION_SENT = add(
    Kind(
        "observation_sent",
        _l("You were observed at work"),
        (
            _l("%(by)s has written down what was seen on %(day)s. Confirm it, or say why you object."),
            _l("Without an answer it counts from %(until)s on."),
        ),
        _l("Read and answer"),
        icon="eye",
        label=_l("Observations of my work"),
    )
)
OBSERVATION_ANSWERED = add(
    Kind(
        "observation_answered",
        _l("Your observation was answered: %(person)s"),
        (
            _l("%(person)s has answered what you wrote down on %(day)s."),
            _l("The objection: %(objection)s"),
        ),
        _l("Look at the observation"),
        icon="eye",
        label=_l("Answers to my observations"),
    )
)
CLAIM_KINDS: Mapping[str, Any] = {
    "certificate": _l("A certificate from elsewhere"),
    "prior": _l("Work or learning that shows it"),
}
CLAIM_STATES: Mapping[str, Any] = {
    "waiting": _l("Waits for a decision"),
    "accepted": _l("Accepted"),
    "refused": _l("Not accepted"),
}
CLAIM_MADE = add(
    Kind(
        "claim_made",
        _l("Prior learning to decide: %(person)s"),
        (_l("%(person)s has handed in proof: %(title)s."),),
        _l("Look at the proof"),
        icon="badge-check",
        label=_l("Prior learning that waits for me"),
    )
)
CLAIM_ACCEPTED = add(
    Kind(
        "claim_accepted",
        _l("Your proof was accepted: %(title)s"),
        (_l("It is evidence of your competencies now."), _l("The reason: %(reason)s")),
        _l("Look at the decision"),
        icon="badge-check",
        label=_l("Proof of mine that was accepted"),
    )
)
CLAIM_REFUSED = add(
    Kind(
        "claim_refused",
        _l("Your proof was not accepted: %(title)s"),
        (_l("The reason: %(reason)s"),),
        _l("Look at the decision"),
        icon="badge-check",
        label=_l("Proof of mine that was not accepted"),
    )
)
PLAN_STATES: Mapping[str, Any] = {
    "draft": _l("Draft"),
    "sent": _l("Waits for approval"),
    "returned": _l("Returned for changes"),
    "approved": _l("Plan approved"),
    "closed": _l("Closed"),
}
PLAN_ENDS: Mapping[str, Any] = {
    "reached": _l("All gaps were closed"),
    "ended": _l("Ended before its time"),
    "replaced": _l("Replaced by a newer plan"),
}
PLAN_WAITS = add(
    Kind(
        "plan_waits",
        _l("A development plan waits for you: %(person)s"),
        (
            _l("%(person)s has sent you a development plan. Approve it, or return it with a reason."),
            _l("It has been waiting since %(since)s."),
        ),
        _l("Look at the plan"),
        icon="route",
        label=_l("Development plans that wait for me"),
    )
)
PLAN_APPROVED = add(
    Kind(
        "plan_approved",
        _l("Your development plan was approved"),
        (
            _l("%(by)s has approved your plan. You have a place on its courses as far as they are open to you."),
            _l("A word with it: %(reason)s"),
        ),
        _l("Open my plan"),
        icon="route",
        label=_l("Approval of my development plan"),
    )
)
PLAN_RETURNED = add(
    Kind(
        "plan_returned",
        _l("Your development plan came back"),
        (_l("%(by)s asks you to change your plan."), _l("The reason: %(reason)s")),
        _l("Change my plan"),
        icon="route",
        label=_l("Development plans of mine that come back"),
    )
)
OBSERVATION_ASKED = add(
    Kind(
        "observation_asked",
        _l("Please observe at work: %(person)s"),
        (
            _l("%(person)s asks you to watch them at work, as their development plan says: %(competency)s."),
            _l("More competencies: %(others)s."),
        ),
        _l("Choose what to watch"),
        icon="eye",
        label=_l("Requests to observe people at work"),
    )
)
REVIEW_STATES: Mapping[str, Any] = {
    "asked": _l("Waits for a review"),
    "rated": _l("Reviewed: an observation was written"),
    "declined": _l("Review declined"),
    "withdrawn": _l("Review withdrawn"),
}
REVIEW_ASKED = add(
    Kind(
        "review_asked",
        _l("A competency to review: %(person)s"),
        (
            _l("%(person)s asks you to review a competency of their development plan: %(competency)s."),
            _l("It has been waiting since %(since)s."),
        ),
        _l("Look at the request"),
        icon="clipboard-check",
        label=_l("Reviews of competencies that wait for me"),
    )
)
REVIEW_DECLINED = add(
    Kind(
        "review_declined",
        _l("Your review was declined: %(competency)s"),
        (_l("%(by)s does not review this competency now."), _l("The reason: %(reason)s")),
        _l("Look at the answer"),
        icon="clipboard-check",
        label=_l("Reviews of mine that are declined"),
    )
)
RATING_STATES: Mapping[str, Any] = {
    "open": _l("Open for rating"),
    "closed": _l("Closed: talk about it"),
    "agreed": _l("Agreed by both"),
}
VOICES: Mapping[str, Any] = {
    "self": _l("Self-rating"),
    "manager": _l("The manager"),
    "peer": _l("Colleagues"),
}
add_value("round", _l("Title of the rating round"), LocalizedText("تقييم نصف السنة", "Half-year rating"))
RATING_SELF = add(
    Kind(
        "rating_self",
        _l("Rate your own competencies: %(round)s"),
        (
            _l("A rating round has begun for you. Say where you see yourself, competency by competency."),
            _l("You can change your answers until %(until)s."),
        ),
        _l("Rate myself"),
        icon="target",
        label=_l("Rating rounds about me"),
    )
)
RATING_ASKED = add(
    Kind(
        "rating_asked",
        _l("Please rate: %(person)s"),
        (
            _l("Your view of the work of %(person)s is asked for in the round %(round)s."),
            _l("You can change your answers until %(until)s."),
        ),
        _l("Open the form"),
        icon="target",
        label=_l("Ratings that I am asked for"),
    )
)
RATING_REMINDER = add(
    Kind(
        "rating_reminder",
        _l("Your rating is still missing: %(person)s"),
        (_l("You have not handed in your form in the round %(round)s. It closes on %(until)s."),),
        _l("Open the form"),
        icon="calendar-clock",
        label=_l("Reminders of ratings that I owe"),
    )
)
PEER_PROPOSED = add(
    Kind(
        "peer_proposed",
        _l("Colleagues proposed for a rating: %(person)s"),
        (
            _l(
                "%(person)s proposes somebody to rate their work in the round %(round)s. Approve or remove the proposal."
            ),
        ),
        _l("Look at the proposals"),
        icon="users",
        label=_l("Proposals of colleagues for ratings"),
    )
)
RATING_CLOSED = add(
    Kind(
        "rating_closed",
        _l("The ratings are in: %(person)s"),
        (_l("The round %(round)s is closed. Talk about it with %(person)s, then record the levels agreed on."),),
        _l("Compare the ratings"),
        icon="target",
        label=_l("Rating rounds of my team that have closed"),
    )
)
RATING_SEEN = add(
    Kind(
        "rating_seen",
        _l("Your ratings are in: %(round)s"),
        (_l("The round is closed. Look at how you are seen, and talk about it with your manager."),),
        _l("Compare the ratings"),
        icon="target",
        label=_l("Rating rounds of mine that have closed"),
    )
)
RATING_AGREED = add(
    Kind(
        "rating_agreed",
        _l("Levels agreed on: %(round)s"),
        (
            _l("%(by)s has recorded the levels that you agreed on. Confirm them, or say why you object."),
            _l("Without an answer they count from %(until)s on."),
        ),
        _l("Read and answer"),
        icon="target",
        label=_l("Levels that were agreed on with me"),
    )
)
RATING_ANSWERED = add(
    Kind(
        "rating_answered",
        _l("The levels agreed on were answered: %(person)s"),
        (
            _l("%(person)s has answered the levels of the round %(round)s."),
            _l("The objection: %(objection)s"),
        ),
        _l("Look at the answer"),
        icon="target",
        label=_l("Answers to levels that I recorded"),
    )
)
belong_to(GROWING, OBSERVATION_SENT, CLAIM_ACCEPTED, CLAIM_REFUSED, PLAN_APPROVED, PLAN_RETURNED, REVIEW_DECLINED)
belong_to(GROWING, RATING_SELF, RATING_ASKED, RATING_REMINDER, RATING_SEEN, RATING_AGREED)
belong_to(LEADERS, OBSERVATION_ANSWERED, CLAIM_MADE, PLAN_WAITS, OBSERVATION_ASKED, REVIEW_ASKED)
belong_to(LEADERS, PEER_PROPOSED, RATING_CLOSED, RATING_ANSWERED)
