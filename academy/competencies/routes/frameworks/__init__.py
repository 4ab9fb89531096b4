"""The pages of those who keep the frameworks."""

from academy.competencies.routes.frameworks import acts, desk, exchanging, parts, publishing

__all__ = ["acts", "desk", "exchanging", "parts", "publishing"]
