"""The pages of programmes: for those who take them and for those who keep them."""

from academy.learning.routes.programmes import acts, desk, learner, parts, publishing, roster

__all__ = ["acts", "desk", "learner", "parts", "publishing", "roster"]
