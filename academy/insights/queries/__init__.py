"""Reads of insights: figures, maps and lists over a team, each in a constant number of statements."""

from academy.insights.queries.assigning import (
    Affected,
    Candidate,
    Choice,
    candidates,
    courses,
    effects,
    left_as_they_are,
    named_by,
)
from academy.insights.queries.figures import Figures, Readiness, figures, readiness
from academy.insights.queries.follow_up import (
    STATES,
    FollowUpRow,
    enrolment_in,
    follow_up,
    follow_up_page,
    overdue_unreminded,
    row_of,
)
from academy.insights.queries.maps import CompetencyMap, MapRow, competency_map, domain_by_key
from academy.insights.queries.members import Member, member
from academy.insights.queries.scopes import (
    LedUnit,
    Lender,
    Scope,
    below,
    ids_of,
    just,
    lenders,
    scope_of,
    units_led,
    within,
)
from academy.insights.queries.searching import one_page

__all__ = [
    "STATES", "Affected", "Candidate", "Choice", "CompetencyMap", "Figures", "FollowUpRow", "LedUnit", "Lender", "MapRow",
    "Member", "Readiness", "Scope", "below", "candidates", "competency_map", "courses", "domain_by_key", "effects", "enrolment_in", "figures", "follow_up", "follow_up_page",
    "ids_of", "just", "left_as_they_are", "lenders", "member", "named_by", "one_page", "overdue_unreminded", "readiness", "row_of", "scope_of", "units_led", "within",
]  # fmt: skip
