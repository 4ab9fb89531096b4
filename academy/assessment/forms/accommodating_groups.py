"""The forms with which groups of people are granted other limits."""

import re
from collections.abc import Sequence
from typing import Any

from wtforms import BooleanField, Form, SelectField

from academy.assessment.forms.accommodating import AccommodationForm, DatesForm
from academy.assessment.queries_of_groups import LIST, ORGANISATION, UNIT, Reach
from academy.assessment.services import Terms
from academy.base.i18n import _, _l
from academy.web.filters import plain
from academy.web.forms import BlockField

MOST_LISTED = 500


class ReachFields(Form):
    """Whom a grant is for."""

    reach = SelectField(_l("Whom it is for"))
    below = BooleanField(_l("With the units below it"), default=True)
    emails = BlockField(
        _l("E-mail addresses of the list"), limit=40_000,
        description=_l("Only for a list: one a line, or separated by commas."),
        render_kw={"rows": 4, "dir": "ltr", "spellcheck": "false"},
    )  # fmt: skip

    def offer(self, rows: Sequence[Any]) -> None:
        """Offer organisations with their units, and a list in each."""
        choices: list[tuple[str, str]] = []
        lists: list[tuple[str, str]] = []
        for organisation, unit in rows:
            whole = f"{ORGANISATION}:{organisation.id}:0"
            if not choices or all(value != whole for value, _label in choices):
                choices.append((whole, _("Everybody of: %(name)s", name=plain(organisation.name))))
                listed = _("A list of people of: %(name)s", name=plain(organisation.name))
                lists.append((f"{LIST}:{organisation.id}:0", listed))
            if unit is not None:
                depth = max(unit.path.count("/") - 2, 0)
                choices.append((f"{UNIT}:{organisation.id}:{unit.id}", "\u2003" * (depth + 1) + plain(unit.name)))
        self.reach.choices = [*choices, *lists]

    @property
    def place(self) -> tuple[str, int, int | None]:
        """Scope, organisation and unit that were chosen."""
        scope, organisation_id, unit_id = str(self.reach.data).split(":")
        return scope, int(organisation_id), int(unit_id) or None

    @property
    def named(self) -> list[str]:
        """The e-mail addresses that were pasted, in order, each once."""
        typed = re.split(r"[\s,;،؛]+", self.emails.data or "")
        return list(dict.fromkeys(each.strip("<>").lower() for each in typed if "@" in each))[:MOST_LISTED]

    def reached(self, listed: Sequence[int]) -> Reach:
        """Return whom it is for; `listed` are the people that were found of a list."""
        scope, organisation_id, unit_id = self.place
        return Reach(organisation_id, scope, unit_id, bool(self.below.data), tuple(listed) if scope == LIST else ())


class GroupForm(ReachFields, AccommodationForm, DatesForm):
    """What a group is granted, at every quiz or at one, with its dates."""

    @property
    def quiz_id(self) -> int | None:
        """The quiz it is for; None for every one."""
        return self.quiz.data or None


class CourseGroupForm(ReachFields, DatesForm):
    """Other dates of a group for a quiz of a course."""

    @property
    def quiz_id(self) -> int | None:
        """The quiz whose dates these are."""
        return self.quiz.data or None

    def terms(self) -> Terms:
        """Nothing besides dates."""
        return Terms()
