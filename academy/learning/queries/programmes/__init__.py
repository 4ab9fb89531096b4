"""Reads of programmes."""

from academy.learning.queries.programmes.desks import (
    EditedPart,
    ProgrammeDesk,
    QuizChoice,
    courses_to_renew_by,
    edited_group,
    edited_prerequisite,
    edited_step,
    fits,
    groups_of,
    possible_courses,
    possible_quizzes,
    programme_desk,
    programmes_kept,
    steps_of,
)
from academy.learning.queries.programmes.pages import (
    MyProgramme,
    ProgrammeCard,
    ProgrammePage,
    programme_by_key,
    programme_cards,
    programme_enrolment_of,
    programme_of,
    programme_page,
    programme_place,
    published_programme,
    with_programmes,
)
from academy.learning.queries.programmes.plans import (
    Contents,
    GroupRow,
    NeedRow,
    Plan,
    StepRow,
    contents_of,
    digest_of,
    needs_of,
    plan_in,
    plan_of,
    prerequisites_of,
)
from academy.learning.queries.programmes.rosters import (
    ParticipantCounts,
    ParticipantRow,
    participant_counts,
    participant_of,
    participants,
)

__all__ = [
    "Contents", "EditedPart", "GroupRow", "MyProgramme", "NeedRow", "ParticipantCounts", "ParticipantRow", "Plan", "ProgrammeCard", "ProgrammeDesk",
    "ProgrammePage", "QuizChoice", "StepRow", "contents_of", "courses_to_renew_by", "digest_of", "edited_group", "edited_prerequisite", "edited_step", "fits", "groups_of",
    "needs_of", "participant_counts", "participant_of", "participants", "plan_in", "plan_of", "possible_courses",
    "possible_quizzes", "prerequisites_of", "programme_by_key", "programme_cards", "programme_desk", "programme_enrolment_of", "programme_of",
    "programme_page", "programme_place", "programmes_kept", "published_programme", "steps_of", "with_programmes",
]  # fmt: skip
