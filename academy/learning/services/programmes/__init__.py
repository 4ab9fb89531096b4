"""The verbs of programmes."""

from academy.learning.services.programmes.advancing import advance, hear_course, hear_quiz, undo_steps
from academy.learning.services.programmes.creating import (
    AUDIENCES,
    ProgrammeDetails,
    bring_programme_back,
    change_programme_access,
    change_programme_details,
    create_programme,
    retire_programme,
)
from academy.learning.services.programmes.drafting import discard_programme_draft, programme_draft
from academy.learning.services.programmes.joining import join_programme, leave_programme, open_programme
from academy.learning.services.programmes.parts import (
    PrerequisiteDetails,
    StepDetails,
    add_group,
    add_prerequisite,
    add_step,
    change_group,
    change_prerequisite,
    change_step,
    move_group,
    move_prerequisite,
    move_step,
    order_groups,
    order_steps,
    remove_group,
    remove_prerequisite,
    remove_step,
)
from academy.learning.services.programmes.publishing import (
    programme_checklist,
    programme_differences,
    publish_programme,
)
from academy.learning.services.programmes.vouching import confirm_identity, sign_undertaking, withdraw_confirmation

__all__ = [
    "AUDIENCES", "PrerequisiteDetails", "ProgrammeDetails", "StepDetails", "add_group", "add_prerequisite", "add_step", "advance",
    "bring_programme_back", "change_group", "change_prerequisite", "change_programme_access", "change_programme_details",
    "change_step", "confirm_identity", "create_programme", "discard_programme_draft", "hear_course", "hear_quiz", "join_programme",
    "leave_programme", "move_group", "move_prerequisite", "move_step", "open_programme", "order_groups", "order_steps", "programme_checklist",
    "programme_differences", "programme_draft", "publish_programme", "remove_group", "remove_prerequisite", "remove_step",
    "retire_programme", "sign_undertaking", "undo_steps", "withdraw_confirmation",
]  # fmt: skip
