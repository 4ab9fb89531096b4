"""The forms of a quiz's sections: fixed questions, or lines that draw, which a blueprint can fill."""

from collections.abc import Iterable, Sequence
from typing import Any

from wtforms import FieldList, Form, FormField, SelectField, SelectMultipleField
from wtforms.validators import ValidationError

from academy.assessment.forms.base import DIFFICULTIES
from academy.assessment.rules.lines import (
    MOST_DRAWN,
    DrawLine,
    UnreadableBlueprint,
    from_blueprint,
    read_blueprint,
)
from academy.assessment.services.editing_questions import MOST_POINTS
from academy.base.i18n import _, _l
from academy.base.text import clean_line
from academy.web.forms import AcademyForm, LineField, LocalizedLineField, NumberField

Choice = tuple[str, str]
ANY = ("", _l("Any"))
SEPARATOR = "|"


class _ListField(SelectField):
    """One choice, or the several that a line was given elsewhere, which stay together as one choice."""

    def __init__(self, label: Any = None, **kwargs: Any) -> None:
        super().__init__(label, choices=[ANY], default="", validate_choice=False, **kwargs)

    def offer(self, choices: Sequence[Choice]) -> None:
        """Offer what can be chosen, and what is chosen already."""
        names = dict(choices)
        several = [each for each in (self.data or "").split(SEPARATOR) if each]
        kept = [(self.data, " · ".join(names.get(each, each) for each in several))] if len(several) > 1 else []
        self.choices = [ANY, *kept, *choices]

    @property
    def values(self) -> tuple[str, ...]:
        """What is chosen."""
        return tuple(each for each in (self.data or "").split(SEPARATOR) if each)

    def refuse_unknown(self, known: Iterable[str]) -> None:
        """Raise ValidationError for anything that is not on offer."""
        if not set(self.values) <= set(known):
            raise ValidationError(_("Choose something from the list."))


class LineRow(Form):
    """How many questions to draw, what each is worth, and what they must be."""

    count = NumberField(_l("How many"), least=1, most=MOST_DRAWN, default=1, render_kw={"inputmode": "numeric"})
    points = NumberField(_l("Points each"), least=1, most=MOST_POINTS, default=1, render_kw={"inputmode": "numeric"})
    competency = _ListField(_l("Competency or its domain"))
    category = _ListField(_l("Category of the bank"))
    objective = _ListField(_l("Objective of the course"))
    difficulty = _ListField(_l("Difficulty"))
    tags = LineField(_l("Tags"), limit=400, description=_l("Separated by commas; any one of them fits."))

    def line(self) -> DrawLine | None:
        """Return what was typed; None while the numbers cannot be read."""
        if not self.count.data or not self.points.data:
            return None
        tags = (clean_line(part)[:60] for part in (self.tags.data or "").replace("،", ",").split(","))
        return DrawLine(
            int(self.count.data),
            int(self.points.data),
            categories=tuple(int(each) for each in self.category.values if each.isascii() and each.isdigit()),
            tags=tuple(dict.fromkeys(tag for tag in tags if tag)),
            competencies=self.competency.values,
            objectives=self.objective.values,
            difficulties=tuple(int(each) for each in self.difficulty.values if each in ("1", "2", "3")),
        )


def row_of(line: DrawLine) -> dict[str, Any]:
    """Return the data of a row for a line."""
    return {
        "count": line.count,
        "points": line.points,
        "competency": SEPARATOR.join(line.competencies),
        "category": SEPARATOR.join(map(str, line.categories)),
        "objective": SEPARATOR.join(line.objectives),
        "difficulty": SEPARATOR.join(map(str, line.difficulties)),
        "tags": "، ".join(line.tags) if any(not tag.isascii() for tag in line.tags) else ", ".join(line.tags),
    }


class DrawForm(AcademyForm):
    """A section that draws."""

    title = LocalizedLineField(_l("Title of the section"))
    blueprint = LineField(
        _l("Blueprint"), limit=400, render_kw={"dir": "ltr"},
        description=_l("Domains and how many questions of each, such as D1: 4, D2: 2. It replaces the lines below."),
    )  # fmt: skip
    lines = FieldList(FormField(LineRow, _l("Line")), _l("Lines"))

    def __init__(self, formdata: Any, offers: dict[str, Sequence[Choice]], **kwargs: Any) -> None:
        super().__init__(formdata, **kwargs)
        self._offers = {**offers, "difficulty": [(str(key), str(name)) for key, name in DIFFICULTIES]}
        self.offer()

    def offer(self) -> None:
        """Offer in every row what can be chosen; called again when rows were added."""
        for entry in self.lines.entries:
            for name, choices in self._offers.items():
                entry.form[name].offer(choices)

    def validate_lines(self, field: FieldList) -> None:
        """Hold every row to what is on offer."""
        for entry in field.entries:
            row = entry.form
            for name, choices in self._offers.items():
                try:
                    row[name].refuse_unknown(key for key, _name in choices)
                except ValidationError as bad:
                    row[name].errors = [*row[name].errors, str(bad)]
            for number in (row.count, row.points):
                if not number.data and not number.errors:
                    number.errors = [_("Enter a number.")]
            line = row.line()
            if line is not None and not line.names_something:
                row.competency.errors = [*row.competency.errors, _("Say what to draw: choose at least one of these.")]
        if any(entry.errors for entry in field.entries):
            raise ValidationError("")

    def fill_from_blueprint(self, known: Iterable[str]) -> bool:
        """Replace the lines by those of the typed blueprint; returns whether it could be read."""
        try:
            numbers = read_blueprint(self.blueprint.data or "")
        except UnreadableBlueprint as bad:
            self.blueprint.errors = [
                _("Write a domain and a number, such as D1: 4. This cannot be read: %(part)s", part=str(bad))
            ]
            return False
        strange = [key for key in numbers if key not in set(known)]
        if strange or not any(numbers.values()):
            self.blueprint.errors = [
                _("There is no competency or domain %(key)s.", key=strange[0])
                if strange
                else _("Write at least one domain with its number.")
            ]
            return False
        while len(self.lines):
            self.lines.pop_entry()
        for line in from_blueprint(numbers):
            self.lines.append_entry(row_of(line))
        return True

    def draw_lines(self) -> list[DrawLine | None]:
        """Return the lines as typed; None for one whose numbers cannot be read."""
        return [entry.form.line() for entry in self.lines.entries]


class FixedForm(AcademyForm):
    """A section with fixed questions."""

    title = LocalizedLineField(_l("Title of the section"), required=_l("Enter a title in Arabic or English."))
    questions = SelectMultipleField(_l("Questions of this section"), coerce=int, validate_choice=False)
