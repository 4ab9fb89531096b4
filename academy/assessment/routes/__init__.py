"""The pages of assessment: attempts; the quiz editor, the bank, the marking desk, regrades and the results of questions."""

from academy.assessment.routes import (
    accommodating,
    accommodating_groups,
    arranging_marking,
    attempts,
    bank,
    bank_categories,
    bank_exchange,
    bank_questions,
    bank_reviewing,
    closed_quizzes,
    editing,
    editing_questions,
    exchanging,
    filing,
    hints,
    kind,
    lending,
    logs,
    marking,
    marking_answers,
    regrading,
    results,
    safe_browsing,
    sections,
    spreading,
    surveys,
)
from academy.assessment.routes.blueprints import bp
from academy.base.i18n import _l
from academy.catalogue import kinds

__all__ = [
    "accommodating",
    "accommodating_groups",
    "arranging_marking",
    "attempts",
    "bank",
    "bank_categories",
    "bank_exchange",
    "bank_questions",
    "bank_reviewing",
    "bp",
    "closed_quizzes",
    "editing",
    "editing_questions",
    "exchanging",
    "filing",
    "hints",
    "kind",
    "lending",
    "logs",
    "marking",
    "marking_answers",
    "regrading",
    "results",
    "safe_browsing",
    "sections",
    "spreading",
    "surveys",
]

kinds.add_tab(_l("Quiz results"), "assessment.item_results", "results")
kinds.add_tab(_l("Survey results"), "assessment.survey_results", "results")
kinds.add_tab(_l("Other dates"), "assessment.course_dates", "learners")
kinds.add_tab(_l("Hints"), "assessment.course_hints", "results")
