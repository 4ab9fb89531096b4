"""The pages of role profiles: writing and publishing them, and giving them to jobs and people."""

from academy.competencies.routes.profiles import desk, giving, retiring, suggesting

__all__ = ["desk", "giving", "retiring", "suggesting"]
