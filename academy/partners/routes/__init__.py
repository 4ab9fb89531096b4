"""The pages of partners."""

from academy.partners.routes import agreeing, asking, checking, desk, doors, joining, leaving, requests, serving
from academy.partners.routes.blueprints import bp

__all__ = ["agreeing", "asking", "bp", "checking", "desk", "doors", "joining", "leaving", "requests", "serving"]
