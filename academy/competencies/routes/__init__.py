"""The pages of competencies."""

from academy.competencies.routes import (
    appraising,
    claiming,
    developing,
    frameworks,
    goals,
    model,
    observing,
    overviews,
    pages,
    profiles,
    rating,
    reviewing,
    templating,
)
from academy.competencies.routes.blueprints import bp

__all__ = [
    "appraising",
    "bp",
    "claiming",
    "developing",
    "frameworks",
    "goals",
    "model",
    "observing",
    "overviews",
    "pages",
    "profiles",
    "rating",
    "reviewing",
    "templating",
]
