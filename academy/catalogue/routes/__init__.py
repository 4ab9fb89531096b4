"""The pages of the catalogue: the trainer's desk, and the glossary."""

from academy.catalogue.routes import (
    access,
    activities,
    acts,
    desk,
    details,
    editing,
    glossary,
    previewing,
    publishing,
    reviewing,
    units,
)
from academy.catalogue.routes.blueprints import bp

__all__ = [
    "access",
    "activities",
    "acts",
    "bp",
    "desk",
    "details",
    "editing",
    "glossary",
    "previewing",
    "publishing",
    "reviewing",
    "units",
]
