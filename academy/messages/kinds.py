"""What people are told about their messages, and what ties and reasons are called. No letter holds the text of a message."""

from typing import Any

from academy.base.i18n import _l
from academy.base.text import LocalizedText
from academy.messages import rules
from academy.notices.kinds import ADMINISTRATORS, TALKING, Kind, add, add_value, belong_to

DIRECT_MESSAGE = add(
    Kind(
        "direct_message",
        _l("%(by)s has written to you"),
        (_l("A message from %(by)s is waiting in your conversations."),),
        _l("Read and answer"),
        icon="message-square",
        label=_l("Messages to me"),
    )
)
MESSAGE_REPORTED = add(
    Kind(
        "message_reported",
        _l("A message was reported"),
        (
            _l("A message by somebody of %(organisation)s was reported and waits for a decision."),
            _l("You see the reported message and the two before it, and nothing else."),
        ),
        _l("Look at the report"),
        icon="flag",
        label=_l("Reported messages of my organisation"),
    )
)
REPORT_DECIDED = add(
    Kind(
        "report_decided",
        _l("Your report was decided"),
        (_l("The decision about the message you reported: %(decision)s."), _l("The administrator adds: %(reason)s")),
        _l("Open the conversation"),
        icon="flag",
        label=_l("Decisions about my reports"),
    )
)
MESSAGE_DECIDED = add(
    Kind(
        "message_decided",
        _l("A message of yours was reported"),
        (
            _l("An administrator has looked at it. The decision: %(decision)s."),
            _l("You can write to nobody until %(last)s, that day included."),
            _l("The administrator adds: %(reason)s"),
        ),
        _l("Open the conversation"),
        icon="flag",
        label=_l("Decisions about messages of mine"),
    )
)

TIE_NAMES: dict[str, Any] = {
    rules.TRAINERS: _l("Through a course"),
    rules.MANAGERS: _l("Line of managers"),
    rules.ADMINISTRATORS: _l("Through the administration"),
    rules.UNIT: _l("Same unit"),
    rules.ORGANISATION: _l("Same organisation"),
}
REASON_NAMES: dict[str, Any] = {
    "offensive": _l("Offensive or insulting"),
    "harassing": _l("Harassing or threatening"),
    "confidential": _l("Tells what is confidential"),
    "unwanted": _l("Advertising or unwanted again and again"),
    "other": _l("Something else"),
}
OUTCOME_NAMES: dict[str, Any] = {
    rules.KEEP: _l("The message stays"),
    rules.HIDE: _l("The message is hidden"),
    rules.STOP: _l("The message is hidden, and its author may not write for a time"),
}
# Why somebody may not write, as it is told to whoever would.
WHY_NOT: dict[str, Any] = {
    rules.SAME: _l("This is you yourself."),
    rules.AUDITOR: _l("Auditors write to nobody and nobody writes to them, so that they stay apart from what they audit."),
    rules.GONE: _l("This person is not active in the academy at present."),
    rules.STOPPED: _l("An administrator has stopped you from writing for a time. What was written stays readable."),
    rules.NO_TIE: _l("No course, line of managers or administration ties the two of you any more."),
    rules.OFF: _l("The rules of your organisations do not let the two of you write to each other now."),
    rules.BLOCKING: _l("You take no messages from this person. Unblock them first if you want to write."),
    rules.BLOCKED: _l("This person takes no messages from you at present."),
}  # fmt: skip
add_value("decision", _l("The decision about the message"), LocalizedText("أُخفيت الرسالة", "The message is hidden"))
belong_to(TALKING, DIRECT_MESSAGE, REPORT_DECIDED, MESSAGE_DECIDED)
belong_to(ADMINISTRATORS, MESSAGE_REPORTED)
