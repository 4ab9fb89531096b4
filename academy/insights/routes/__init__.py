"""The pages of insights; one file for each journey."""

from academy.insights.routes import (
    assigning,
    complying,
    exporting,
    late,
    mapping,
    readying,
    reminding,
    taking_back,
    teaching,
    team,
    trending,
)
from academy.insights.routes.blueprints import bp

__all__ = [
    "assigning",
    "bp",
    "complying",
    "exporting",
    "late",
    "mapping",
    "readying",
    "reminding",
    "taking_back",
    "teaching",
    "team",
    "trending",
]
