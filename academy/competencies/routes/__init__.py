"""The pages of competencies."""

from academy.competencies.routes import (
    claiming,
    developing,
    frameworks,
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
    "bp",
    "claiming",
    "developing",
    "frameworks",
    "model",
    "observing",
    "overviews",
    "pages",
    "profiles",
    "rating",
    "reviewing",
    "templating",
]
