"""The pages of insights; one file for each journey."""

from academy.insights.routes import assigning, complying, exporting, mapping, readying, reminding, team, trending
from academy.insights.routes.blueprints import bp

__all__ = ["assigning", "bp", "complying", "exporting", "mapping", "readying", "reminding", "team", "trending"]
