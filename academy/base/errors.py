"""Refusals. A rule raises one by name; the web turns it into a page, a field error or JSON in one place."""

from collections.abc import Mapping

from academy.base.i18n import Grouped, _, _l


class Refusal(Exception):
    """Something the academy will not do, with a sentence for the reader.

    `sentence` is an English msgid; `values` fill its placeholders; `field` names the form field to blame, if any.
    """

    sentence = _l("This cannot be done.")
    status = 409

    def __init__(self, sentence: str | None = None, *, field: str | None = None, **values: object) -> None:
        self.sentence = self.sentence if sentence is None else sentence
        super().__init__(self.sentence)
        self.field = field
        self.values: Mapping[str, object] = values

    def for_reader(self) -> str:
        """Return the sentence in the reader's language."""
        return str(_(self.sentence, **{name: _grouped(value) for name, value in self.values.items()}))


def _grouped(value: object) -> object:
    return Grouped(value) if type(value) is int else value


class NotAllowed(Refusal):
    """The person may not do this."""

    status = 403
    sentence = _l("You do not have permission to do this.")


class NotFound(Refusal):
    """There is no such thing, or the person may not know of it."""

    status = 404
    sentence = _l("This page does not exist.")


class Conflict(Refusal):
    """The thing is no longer in the state the request assumed."""


class Stale(Conflict):
    """Somebody else, or another tab, has saved since the page was opened."""

    sentence = _l(
        "This was changed in the meantime, in another tab or by somebody else. What you typed is below and has not been saved."
    )


class Invalid(Refusal):
    """A value breaks a rule."""

    status = 422


class TooMany(Refusal):
    """Asked too often."""

    status = 429
    sentence = _l("Too many tries. Wait a little, then try again.")
