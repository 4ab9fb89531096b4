"""The verbs of notices."""

from academy.notices.services.announcing import (
    AUDIENCES,
    delete_announcement,
    open_announcement,
    place_named,
    publish_announcement,
    queue_telling,
    tell_of,
    withdraw_announcement,
    write_announcement,
)
from academy.notices.services.choosing import choose, stop
from academy.notices.services.digesting import write_digest
from academy.notices.services.pausing import set_pauses
from academy.notices.services.rewording import NewerWording, restore_wording, reword, try_wording
from academy.notices.services.ruling import set_rules
from academy.notices.services.telling import (
    TRIES,
    forget_letters,
    forget_person,
    letter_dropped,
    letter_kept,
    letter_refused,
    letter_sent,
    mark_all_read,
    mark_read,
    read_stop_token,
    send_again,
    sender_name,
    still_wanted,
    stop_address,
    tell,
    write_to,
)

__all__ = [
    "AUDIENCES",
    "TRIES",
    "NewerWording",
    "choose",
    "delete_announcement",
    "forget_letters",
    "forget_person",
    "letter_dropped",
    "letter_kept",
    "letter_refused",
    "letter_sent",
    "mark_all_read",
    "mark_read",
    "open_announcement",
    "place_named",
    "publish_announcement",
    "queue_telling",
    "read_stop_token",
    "restore_wording",
    "reword",
    "send_again",
    "sender_name",
    "set_pauses",
    "set_rules",
    "still_wanted",
    "stop",
    "stop_address",
    "tell",
    "tell_of",
    "try_wording",
    "withdraw_announcement",
    "write_announcement",
    "write_digest",
    "write_to",
]
