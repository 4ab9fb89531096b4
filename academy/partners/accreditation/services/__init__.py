"""The verbs of accreditation."""

from academy.partners.accreditation.services.applying import apply, hand_in, retract, submit
from academy.partners.accreditation.services.deciding import close_vote, propose_withdrawal, vote
from academy.partners.accreditation.services.granting import PAPERS, is_whole, verify_url
from academy.partners.accreditation.services.reading import refresh
from academy.partners.accreditation.services.reviewing import Entered, enter_measure, review_document, send_to_committee
from academy.partners.accreditation.services.schemes import publish_scheme
from academy.partners.accreditation.services.standing import check, remind

__all__ = [
    "PAPERS",
    "Entered",
    "apply",
    "check",
    "close_vote",
    "enter_measure",
    "hand_in",
    "is_whole",
    "propose_withdrawal",
    "publish_scheme",
    "refresh",
    "remind",
    "retract",
    "review_document",
    "send_to_committee",
    "submit",
    "verify_url",
    "vote",
]
