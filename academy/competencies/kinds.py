"""How the kinds of evidence are called on pages, and what the academy tells people about them."""

from collections.abc import Mapping
from typing import Any

from academy.base.i18n import _l
from academy.base.text import LocalizedText
from academy.notices.kinds import Kind, add, add_value

LABELS: Mapping[str, Any] = {
    "attempt": _l("Quiz"),
    "regrade": _l("Quiz, result corrected"),
    "course": _l("Course completed"),
    "practice": _l("Graded practice"),
    "observation": _l("Observation at work"),
    "peer": _l("Ratings by colleagues"),
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
    "approved": _l("Approved"),
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
