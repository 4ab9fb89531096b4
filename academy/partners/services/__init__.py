"""The verbs of partners."""

from academy.partners.services.agreements import (
    add_document,
    close_agreement,
    drop_file,
    make_agreement,
    remove_document,
)
from academy.partners.services.forgetting import forget_person
from academy.partners.services.joining import (
    approve_request,
    ask_to_join,
    change_registration,
    confirm_request,
    refuse_request,
    sweep_requests,
)
from academy.partners.services.leaving import end_membership, hold_if_left, join_partner, note_return
from academy.partners.services.profiles import Contact, change_profile
from academy.partners.services.rosters import sign_roster
from academy.partners.services.tokens import count_use, make_token, revoke_token

__all__ = [
    "Contact",
    "add_document",
    "approve_request",
    "ask_to_join",
    "change_profile",
    "change_registration",
    "close_agreement",
    "confirm_request",
    "count_use",
    "drop_file",
    "end_membership",
    "forget_person",
    "hold_if_left",
    "join_partner",
    "make_agreement",
    "make_token",
    "note_return",
    "refuse_request",
    "remove_document",
    "revoke_token",
    "sign_roster",
    "sweep_requests",
]
