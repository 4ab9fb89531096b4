"""Who looks at a question again after attempts have used it."""

from academy.base.access import allowed, permit
from academy.catalogue.policies import EDIT_COURSE

REGRADE = permit(
    "assessment:regrade:make",
    lambda actor, thing: allowed(EDIT_COURSE, actor, thing.course),
    "Those who may edit a course decide again about questions of its quizzes; every decision is recorded.",
)
