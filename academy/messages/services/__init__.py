"""The verbs of messages."""

from academy.messages.services.keeping import BATCH, delete_old, forget
from academy.messages.services.moderating import decide, lift, report
from academy.messages.services.reading import block, mute, note_read, unblock
from academy.messages.services.ruling import set_rules
from academy.messages.services.writing import MayNotWrite, address_of, send

__all__ = [
    "BATCH",
    "MayNotWrite",
    "address_of",
    "block",
    "decide",
    "delete_old",
    "forget",
    "lift",
    "mute",
    "note_read",
    "report",
    "send",
    "set_rules",
    "unblock",
]
