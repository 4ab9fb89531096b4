"""The verbs of discussions."""

from academy.discussions.services.answering import mark_answer, take_mark
from academy.discussions.services.forgetting import forget
from academy.discussions.services.moderating import arrange, decide, end_stop, report, rule, stop
from academy.discussions.services.subscribing import see_all, see_thread, subscribe
from academy.discussions.services.writing import Shut, Written, begin, change, remove, reply

__all__ = [
    "Shut",
    "Written",
    "arrange",
    "begin",
    "change",
    "decide",
    "end_stop",
    "forget",
    "mark_answer",
    "remove",
    "reply",
    "report",
    "rule",
    "see_all",
    "see_thread",
    "stop",
    "subscribe",
    "take_mark",
]
