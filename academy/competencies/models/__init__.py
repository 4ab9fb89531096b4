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
)

__all__ = [
    "BY_JOB",
    "BY_PERSON",
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
    "JobProfile",
    "Observation",
    "ObservationLine",
    "PersonProfile",
    "PersonRequirement",
    "PersonTarget",
    "Recomputation",
    "Requirement",
    "RoleProfile",
    "RoleProfileDraft",
    "Standing",
    "VersionIsFrozen",
]
