"""The pages of reports; one file for each step."""

from academy.insights.reports.routes import (
    building,
    filtering,
    finding,
    opening,
    sharing,
    taking,
    viewing,
)
from academy.insights.reports.routes.blueprints import bp

__all__ = ["bp", "building", "filtering", "finding", "opening", "sharing", "taking", "viewing"]
