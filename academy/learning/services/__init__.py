"""What learning does: enrolling, assigning, going through activities, completing."""

from academy.learning.services.answering import place_items
from academy.learning.services.assigning import Assigned, assign, remind
from academy.learning.services.calendars import remove_calendar, renew_calendar
from academy.learning.services.completing import complete_activity, hear_attempt
from academy.learning.services.enrolling import MissingPrerequisites, enrol, withdraw
from academy.learning.services.entry import Entry, change_entry
from academy.learning.services.exempting import end, revoke
from academy.learning.services.history import note_duties
from academy.learning.services.opening import keep_place, open_activity
from academy.learning.services.renewing import Cycle, begin_renewal, close_renewals, lapse, take_anew
from academy.learning.services.requesting import Wanted, ask, ask_exemption, decide, escalate, make_link, take_back
from academy.learning.services.timing import count_time
from academy.learning.services.undoing import undo_assignment
from academy.learning.services.waiting import fill_seats, stop_waiting, wait_for_seat

__all__ = [
    "Assigned",
    "Cycle",
    "Entry",
    "MissingPrerequisites",
    "Wanted",
    "ask",
    "ask_exemption",
    "assign",
    "begin_renewal",
    "change_entry",
    "close_renewals",
    "complete_activity",
    "count_time",
    "decide",
    "end",
    "enrol",
    "escalate",
    "fill_seats",
    "hear_attempt",
    "keep_place",
    "lapse",
    "make_link",
    "note_duties",
    "open_activity",
    "place_items",
    "remind",
    "remove_calendar",
    "renew_calendar",
    "revoke",
    "stop_waiting",
    "take_anew",
    "take_back",
    "undo_assignment",
    "wait_for_seat",
    "withdraw",
]
