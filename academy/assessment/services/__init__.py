"""The verbs of assessment."""

from academy.assessment.services.accommodating import (
    Dates,
    NothingGranted,
    Terms,
    accommodate,
    grant_dates,
    withdraw_accommodation,
    withdraw_dates,
)
from academy.assessment.services.accommodating_groups import grant_group, refuse_empty, withdraw_group
from academy.assessment.services.admitting import (
    OutsideSafeBrowser,
    TakenElsewhere,
    TooManyPasswords,
    WrongPassword,
    refuse_browser,
)
from academy.assessment.services.arranging_marking import change_marking, dismiss_marker, name_marker
from academy.assessment.services.banking import add_to_bank, file_question, keep_in_bank
from academy.assessment.services.bulk import Outcome, file_many, move_many, tag_many
from academy.assessment.services.calibrating import keep_calibration
from academy.assessment.services.categories import (
    create_category,
    holds_questions,
    move_category,
    order_category,
    remove_category,
    rename_category,
)
from academy.assessment.services.comparing import keep_hints, look_through
from academy.assessment.services.editing import (
    QuizRules,
    Removed,
    change_quiz,
    duplicate_question,
    move_question,
    order_questions,
    remove_question,
    restore_question,
)
from academy.assessment.services.editing_questions import Written, add_written, keep_written
from academy.assessment.services.exchanging import apply_import, export_from_bank, export_questions, plan_import
from academy.assessment.services.filing_answers import add_file, remove_file
from academy.assessment.services.indexing import index_missing
from academy.assessment.services.lending import give_to_bank, set_points, take_from_bank, take_newest
from academy.assessment.services.marking import claim, claim_next, put_back, reopen_mark, save_mark
from academy.assessment.services.moving import NoPractice, NothingToCheck, check_answer, move_on
from academy.assessment.services.observing import (
    forget_old,
    note_opened,
    note_refusals,
    note_review,
    observe,
)
from academy.assessment.services.quizzes import (
    PoolTooSmall,
    UnusableQuestion,
    add_question,
    check_question,
    copy_version,
    create_quiz,
    freeze,
    refuse_frozen,
)
from academy.assessment.services.reckoning import ask_to_reckon, keep_reckoning
from academy.assessment.services.regrading import (
    Effect,
    Move,
    apply_regrade,
    discard_regrade,
    preview_regrade,
    propose_regrade,
)
from academy.assessment.services.releasing import ReleasePreview, preview_release, release
from academy.assessment.services.reviewing import OwnWork, add_comment, move_state, resolve_comment
from academy.assessment.services.saving import (
    AlreadySubmitted,
    Answer,
    AnsweredElsewhere,
    Kept,
    Receipt,
    TimeIsOver,
    refuse_closed,
    save_answers,
    save_response,
    set_flag,
)
from academy.assessment.services.sections import keep_draw, keep_fixed, move_section, remove_section
from academy.assessment.services.spreading import carry_regrade, elsewhere, spread_regrade
from academy.assessment.services.starting import NothingToAnswer, start_attempt
from academy.assessment.services.submitting import close_overdue, hold_attempt, overdue, submit
from academy.assessment.services.surveying import MixedSurvey, NothingSaid, set_anonymous
from academy.assessment.services.sweeping import sweep_imports

__all__ = [
    "AlreadySubmitted",
    "Answer",
    "AnsweredElsewhere",
    "Dates",
    "Effect",
    "Kept",
    "MixedSurvey",
    "Move",
    "NoPractice",
    "NothingGranted",
    "NothingSaid",
    "NothingToAnswer",
    "NothingToCheck",
    "Outcome",
    "OutsideSafeBrowser",
    "OwnWork",
    "PoolTooSmall",
    "QuizRules",
    "Receipt",
    "ReleasePreview",
    "Removed",
    "TakenElsewhere",
    "Terms",
    "TimeIsOver",
    "TooManyPasswords",
    "UnusableQuestion",
    "Written",
    "WrongPassword",
    "accommodate",
    "add_comment",
    "add_file",
    "add_question",
    "add_to_bank",
    "add_written",
    "apply_import",
    "apply_regrade",
    "ask_to_reckon",
    "carry_regrade",
    "change_marking",
    "change_quiz",
    "check_answer",
    "check_question",
    "claim",
    "claim_next",
    "close_overdue",
    "copy_version",
    "create_category",
    "create_quiz",
    "discard_regrade",
    "dismiss_marker",
    "duplicate_question",
    "elsewhere",
    "export_from_bank",
    "export_questions",
    "file_many",
    "file_question",
    "forget_old",
    "freeze",
    "give_to_bank",
    "grant_dates",
    "grant_group",
    "hold_attempt",
    "holds_questions",
    "index_missing",
    "keep_calibration",
    "keep_draw",
    "keep_fixed",
    "keep_hints",
    "keep_in_bank",
    "keep_reckoning",
    "keep_written",
    "look_through",
    "move_category",
    "move_many",
    "move_on",
    "move_question",
    "move_section",
    "move_state",
    "name_marker",
    "note_opened",
    "note_refusals",
    "note_review",
    "observe",
    "order_category",
    "order_questions",
    "overdue",
    "plan_import",
    "preview_regrade",
    "preview_release",
    "propose_regrade",
    "put_back",
    "refuse_browser",
    "refuse_closed",
    "refuse_empty",
    "refuse_frozen",
    "release",
    "remove_category",
    "remove_file",
    "remove_question",
    "remove_section",
    "rename_category",
    "reopen_mark",
    "resolve_comment",
    "restore_question",
    "save_answers",
    "save_mark",
    "save_response",
    "set_anonymous",
    "set_flag",
    "set_points",
    "spread_regrade",
    "start_attempt",
    "submit",
    "sweep_imports",
    "tag_many",
    "take_from_bank",
    "take_newest",
    "withdraw_accommodation",
    "withdraw_dates",
    "withdraw_group",
]
