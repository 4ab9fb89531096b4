"""The tables of learning: places on courses and in programmes, programmes themselves, what was signed and confirmed."""

from academy.learning.models.announcing import LearnersTold
from academy.learning.models.calendars import CalendarLink
from academy.learning.models.duties import Duty, DutyRule, RuleOutcome, RuleRun
from academy.learning.models.enrolments import (
    ACTIVE,
    COMPLETED,
    WITHDRAWN,
    ActivityState,
    Assignment,
    DueReminder,
    Enrolment,
)
from academy.learning.models.entry import CourseSeat, EntryRule, WaitingPlace
from academy.learning.models.exemptions import Exemption
from academy.learning.models.extensions import DueExtension
from academy.learning.models.history import DutyEvent
from academy.learning.models.ledger import StudyClock, StudyTime
from academy.learning.models.programmes import (
    DRAFT,
    PENDING,
    PUBLISHED,
    SUPERSEDED,
    IdentityConfirmation,
    Programme,
    ProgrammeEnrolment,
    ProgrammeGroup,
    ProgrammePrerequisite,
    ProgrammeStep,
    ProgrammeStepDone,
    ProgrammeVersion,
    UndertakingSignature,
)
from academy.learning.models.renewals import ProgrammeRenewal, Renewal
from academy.learning.models.requests import DecisionLink, PlaceRequest, RequestTurn
from academy.learning.models.undoing import AssignedPlace, AssignmentUndoing
from academy.learning.models.working_days import HOLIDAY, SHORT_HOURS, CalendarEntry, WorkWeek

__all__ = [
    "ACTIVE",
    "COMPLETED",
    "DRAFT",
    "HOLIDAY",
    "PENDING",
    "PUBLISHED",
    "SHORT_HOURS",
    "SUPERSEDED",
    "WITHDRAWN",
    "ActivityState",
    "AssignedPlace",
    "Assignment",
    "AssignmentUndoing",
    "CalendarEntry",
    "CalendarLink",
    "CourseSeat",
    "DecisionLink",
    "DueExtension",
    "DueReminder",
    "Duty",
    "DutyEvent",
    "DutyRule",
    "Enrolment",
    "EntryRule",
    "Exemption",
    "IdentityConfirmation",
    "LearnersTold",
    "PlaceRequest",
    "Programme",
    "ProgrammeEnrolment",
    "ProgrammeGroup",
    "ProgrammePrerequisite",
    "ProgrammeRenewal",
    "ProgrammeStep",
    "ProgrammeStepDone",
    "ProgrammeVersion",
    "Renewal",
    "RequestTurn",
    "RuleOutcome",
    "RuleRun",
    "StudyClock",
    "StudyTime",
    "UndertakingSignature",
    "WaitingPlace",
    "WorkWeek",
]
