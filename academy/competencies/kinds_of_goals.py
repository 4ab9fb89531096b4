"""What the academy calls the stages of goals and appraisals, and what it tells people about them."""

from collections.abc import Mapping
from typing import Any

from academy.base.i18n import _l
from academy.base.text import LocalizedText
from academy.notices.kinds import AIMING, LEADERS, Kind, add, add_value, belong_to

GOAL_STATES: Mapping[str, Any] = {
    "draft": _l("Draft"),
    "sent": _l("Waits for the manager"),
    "returned": _l("Returned for changes"),
    "agreed": _l("Agreed"),
}
STAGES: Mapping[str, Any] = {
    "goals": _l("Goals to be set"),
    "agree": _l("Goals wait for the manager"),
    "work": _l("On the way"),
    "talk": _l("Closing talk"),
    "sign": _l("Waits for the person’s signature"),
    "objected": _l("Objected to"),
    "done": _l("Signed by both"),
}
ACTS: Mapping[str, Any] = {
    "sent": _l("Goals sent to the manager"),
    "agreed": _l("Goal agreed"),
    "returned": _l("Goal returned"),
    "self": _l("Self part handed in"),
    "signed": _l("Signed by the manager after the talk"),
    "confirmed": _l("Signed by the person"),
    "objected": _l("The person objects"),
}
add_value("cycle", _l("Title of the appraisal cycle"), LocalizedText("أهداف النصف الأول", "Goals of the first half"))
CYCLE_OPENED = add(
    Kind(
        "appraisal_opened",
        _l("Set your goals: %(cycle)s"),
        (
            _l("An appraisal cycle has begun for you. Set your goals and send them to your manager."),
            _l("It runs until %(until)s."),
        ),
        _l("Set my goals"),
        icon="flag",
        label=_l("Appraisal cycles about me"),
    )
)
GOALS_SENT = add(
    Kind(
        "goals_sent",
        _l("Goals to agree on: %(person)s"),
        (_l("%(person)s has sent goals in the cycle %(cycle)s. Agree, or return them and say why."),),
        _l("Look at the goals"),
        icon="flag",
        label=_l("Goals of my team that wait for me"),
    )
)
GOALS_DECIDED = add(
    Kind(
        "goals_decided",
        _l("Your manager has answered your goals: %(cycle)s"),
        (_l("%(by)s has agreed to goals of yours or returned them."),),
        _l("Look at my goals"),
        icon="flag",
        label=_l("Answers to my goals"),
    )
)
CHECKED_IN = add(
    Kind(
        "goal_check_in",
        _l("New check-in: %(cycle)s"),
        (_l("%(by)s has written a check-in about goals of %(person)s."),),
        _l("Read the check-in"),
        icon="message-square",
        label=_l("Check-ins about goals"),
    )
)
SELF_SENT = add(
    Kind(
        "appraisal_self",
        _l("Ready for the closing talk: %(person)s"),
        (_l("%(person)s has handed in the self part of the cycle %(cycle)s. Talk with each other, then sign."),),
        _l("Open the appraisal"),
        icon="flag",
        label=_l("Appraisals of my team that wait for me"),
    )
)
SIGNED = add(
    Kind(
        "appraisal_signed",
        _l("Your appraisal waits for your signature: %(cycle)s"),
        (_l("%(by)s has signed after your talk. Sign too, or say why you object."),),
        _l("Read and answer"),
        icon="flag",
        label=_l("Appraisals that wait for my signature"),
    )
)
ANSWERED = add(
    Kind(
        "appraisal_answered",
        _l("The appraisal was answered: %(person)s"),
        (_l("%(person)s has answered the appraisal in the cycle %(cycle)s."), _l("The objection: %(objection)s")),
        _l("Look at the answer"),
        icon="flag",
        label=_l("Answers to appraisals that I signed"),
    )
)
CYCLE_ENDED = add(
    Kind(
        "appraisal_ended",
        _l("The appraisal cycle has ended early: %(cycle)s"),
        (
            _l(
                "Nothing is set or checked in it any more. What is written stays as it is, for you and whoever leads you."
            ),
            _l("Your manager can still talk with you and sign; you are then asked for your signature."),
        ),
        _l("Look at my goals"),
        icon="flag",
        label=_l("Appraisal cycles that end early"),
    )
)
TEAMS_CYCLE_ENDED = add(
    Kind(
        "appraisal_ended_of_team",
        _l("The appraisal cycle of your team has ended early: %(cycle)s"),
        (
            _l("Goals, check-ins and own parts are not written in it any more."),
            _l(
                "You can still talk with those whose appraisal is not signed, and sign it; they are then asked for their signature."
            ),
        ),
        _l("Look at the goals of my team"),
        icon="flag",
        label=_l("Appraisal cycles of my team that end early"),
    )
)
REMINDER = add(
    Kind(
        "appraisal_reminder",
        _l("A step waits for you: %(cycle)s"),
        (
            _l("In the appraisal of %(person)s the next step is yours."),
            _l("The cycle runs until %(until)s."),
        ),
        _l("Open the appraisal"),
        icon="calendar-clock",
        label=_l("Reminders of appraisals"),
    )
)
belong_to(AIMING, CYCLE_OPENED, GOALS_DECIDED, CHECKED_IN, SIGNED, CYCLE_ENDED, REMINDER)
belong_to(LEADERS, GOALS_SENT, SELF_SENT, ANSWERED, TEAMS_CYCLE_ENDED)
