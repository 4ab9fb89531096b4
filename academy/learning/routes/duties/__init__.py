"""The pages of the rules of duties: the list, one rule, writing it, what it would change, what its runs did."""

from academy.learning.routes.duties import acts, reading, writing

__all__ = ["acts", "reading", "writing"]
