"""How templates find what all of them know."""

from collections.abc import MutableMapping
from typing import Any

import flask.templating


class Environment(flask.templating.Environment):
    """Copies the globals into one dictionary when a template is loaded, since they are complete before the first page.

    Jinja looks them up through a chain of two instead, name by name for each template that a page is made of: a
    twentieth of a page.
    """

    def make_globals(self, d: MutableMapping[str, Any] | None) -> MutableMapping[str, Any]:
        """Return what a template knows beside its context."""
        return {**self.globals, **(d or {})}
