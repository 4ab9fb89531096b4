"""The framework, the role profiles, the ledger of evidence and the standing computed from it."""

from academy.competencies.models.claims import Claim
from academy.competencies.models.development import DevelopmentItem, DevelopmentPlan
from academy.competencies.models.evidence import Evidence, Recomputation, Standing
from academy.competencies.models.framework import (
    Competency,
    CompetencyDomain,
    Framework,
    FrameworkDraft,
    FrameworkImport,
    FrameworkVersion,
    VersionIsFrozen,
)
from academy.competencies.models.goals import Appraisal, AppraisalCycle, AppraisalEvent, Goal, GoalCheckIn
from academy.competencies.models.observations import Observation, ObservationLine
from academy.competencies.models.profiles import (
    BY_JOB,
    BY_PERSON,
    JobProfile,
    PersonProfile,
    PersonRequirement,
    PersonTarget,
    Requirement,
    RoleProfile,
    RoleProfileDraft,
    RoleProfileVersion,
)
from academy.competencies.models.ratings import (
    Rating,
    RatingAgreement,
    RatingAnswer,
    RatingLine,
    RatingRound,
    RatingVoice,
)
from academy.competencies.models.reviews import PlanReview
from academy.competencies.models.templates import PlanOrigin, PlanTemplate, PlanTemplateLine

__all__ = [
    "BY_JOB",
    "BY_PERSON",
    "Appraisal",
    "AppraisalCycle",
    "AppraisalEvent",
    "Claim",
    "Competency",
    "CompetencyDomain",
    "DevelopmentItem",
    "DevelopmentPlan",
    "Evidence",
    "Framework",
    "FrameworkDraft",
    "FrameworkImport",
    "FrameworkVersion",
    "Goal",
    "GoalCheckIn",
    "JobProfile",
    "Observation",
    "ObservationLine",
    "PersonProfile",
    "PersonRequirement",
    "PersonTarget",
    "PlanOrigin",
    "PlanReview",
    "PlanTemplate",
    "PlanTemplateLine",
    "Rating",
    "RatingAgreement",
    "RatingAnswer",
    "RatingLine",
    "RatingRound",
    "RatingVoice",
    "Recomputation",
    "Requirement",
    "RoleProfile",
    "RoleProfileDraft",
    "RoleProfileVersion",
    "Standing",
    "VersionIsFrozen",
]
