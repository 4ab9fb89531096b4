"""The pages of partners."""

from academy.partners.routes import agreeing, asking, checking, desk, doors, leaving, serving
from academy.partners.routes.blueprints import bp

__all__ = ["agreeing", "asking", "bp", "checking", "desk", "doors", "leaving", "serving"]
