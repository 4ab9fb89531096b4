"""The verbs of the catalogue: the only writers of courses."""

from academy.catalogue import builtin_kinds  # noqa: F401  (its kinds must be known wherever courses are written)
from academy.catalogue.services.creating import create_course, key_for
from academy.catalogue.services.detailing import Details, Objective, Target, change_details
from academy.catalogue.services.drafting import discard_draft, draft_of
from academy.catalogue.services.filing import keep_file, keep_picture
from academy.catalogue.services.glossary import TermDetails, add_term, change_term, remove_term
from academy.catalogue.services.managing import assign_trainer, bring_back, change_access, remove_trainer, retire
from academy.catalogue.services.parts import (
    add_activity,
    add_unit,
    change_activity,
    change_unit,
    move_activity,
    move_unit,
    order_activities,
    order_units,
    remove_activity,
    remove_unit,
    restore_activity,
    restore_unit,
)
from academy.catalogue.services.publishing import checklist, looked_over, publish
from academy.catalogue.services.reviewing import (
    add_comment,
    approve,
    ask_review,
    return_draft,
    reviewed_first,
    settle_comment,
    withdraw_review,
)

__all__ = [
    "Details", "Objective", "Target", "TermDetails", "add_activity", "add_comment", "add_term", "add_unit", "approve", "ask_review", "assign_trainer", "bring_back", "change_access",
    "change_activity", "change_details", "change_term", "change_unit", "checklist", "create_course", "discard_draft", "draft_of", "keep_file", "keep_picture",
    "key_for", "looked_over", "move_activity", "move_unit", "order_activities", "order_units", "publish", "remove_activity", "remove_term", "remove_trainer",
    "remove_unit", "restore_activity", "restore_unit", "retire", "return_draft", "reviewed_first", "settle_comment", "withdraw_review",
]  # fmt: skip
