"""What people write about each other's work and about what they learnt elsewhere."""

from collections.abc import Mapping, Sequence
from typing import Any

from flask_wtf.file import FileRequired
from wtforms import RadioField, SelectField, SelectMultipleField
from wtforms.validators import InputRequired
from wtforms.widgets import CheckboxInput, ListWidget

from academy.base.i18n import _l
from academy.competencies.kinds import CLAIM_KINDS, MARKS
from academy.competencies.queries.observations import Line
from academy.competencies.services import Claimed, Seen, claiming, observing
from academy.web.filters import plain
from academy.web.forms import AcademyForm, BlockField, DayField, LineField, UploadField

DAY_NEEDED = _l("Enter the day.")


class BoxesField(SelectMultipleField):
    """Several of a list, with a box each."""

    widget = ListWidget(prefix_label=False)
    option_widget = CheckboxInput()


class ObserveForm(AcademyForm):
    """Asks what is to be watched."""

    competencies = BoxesField(_l("What do you want to watch?"), validate_choice=True)


class ObservationForm(AcademyForm):
    """Asks when, where and how much was watched; the lines are added by `observation_form`."""

    observed_on = DayField(_l("Day"), [InputRequired(DAY_NEEDED)])
    place = LineField(_l("Where did you watch?"), limit=200)
    cases = SelectField(_l("How many customers were served while you watched?"), coerce=int)
    note = BlockField(_l("Note"), limit=2000, render_kw={"rows": 4})
    photo = UploadField(
        _l("Photo"), render_kw={"accept": "image/*", "capture": "environment"}, most=observing.MOST_BYTES
    )
    lines: Sequence[Line] = ()

    def seen(self) -> Seen:
        """Return what was written."""
        marks = {line.id: (self[f"level_{line.id}"].data, self[f"mark_{line.id}"].data or None) for line in self.lines}
        day = self.observed_on.data
        assert day is not None
        return Seen(day, self.place.data or "", self.cases.data, self.note.data or "", marks)


def observation_form(row: Any, lines: Sequence[Line], levels: Any) -> ObservationForm:
    """Return the form of a draft with two questions for each line of its checklist."""
    fields: dict[str, Any] = {"lines": tuple(lines)}
    choices = [(number, plain(name)) for number, name in sorted(levels.items())]
    for line in lines:
        fields[f"mark_{line.id}"] = RadioField(
            _l("How often was it seen?"), choices=list(MARKS.items()), default=line.mark or ""
        )
        fields[f"level_{line.id}"] = SelectField(_l("Level watched"), choices=choices, coerce=int, default=line.level)
    form: ObservationForm = type("ChecklistForm", (ObservationForm,), fields)(
        data={"observed_on": row.observed_on, "place": row.place, "cases": row.cases, "note": row.note}
        | {f"mark_{line.id}": line.mark or "" for line in lines}
        | {f"level_{line.id}": line.level for line in lines}
    )
    form.cases.choices = [(number, str(number)) for number in range(1, 21)]
    return form


class AnswerForm(AcademyForm):
    """Asks the observed person what they say to it."""

    reason = BlockField(_l("Why do you object?"), limit=2000, render_kw={"rows": 3})


class ClaimForm(AcademyForm):
    """Asks what was learnt elsewhere, and for the proof."""

    kind = RadioField(_l("What do you have?"), choices=list(CLAIM_KINDS.items()), default="certificate")
    title = LineField(_l("What is it called?"), [InputRequired(_l("Enter what it is called."))], limit=200)
    competency = SelectField(_l("Competency"))
    level = SelectField(_l("Level that it shows"), coerce=int)
    issued_on = DayField(_l("Day of the proof"), [InputRequired(DAY_NEEDED)])
    valid_until = DayField(_l("Valid until"))
    note = BlockField(_l("What did you do there?"), limit=2000, render_kw={"rows": 4})
    proof = UploadField(_l("Proof"), [FileRequired(_l("Choose the file that proves it."))], most=claiming.MOST_BYTES)

    def said(self, ids: Mapping[str, int]) -> Claimed:
        """Return what was written; `ids` are of competencies by key."""
        issued = self.issued_on.data
        assert issued is not None
        return Claimed(
            self.kind.data, ids[self.competency.data], self.level.data, self.title.data or "", self.note.data or "", issued,
            self.valid_until.data,
        )  # fmt: skip


class DecisionForm(AcademyForm):
    """Asks the assessor for which level the proof stands, and why."""

    level = SelectField(_l("Level accepted"), coerce=int)
    reason = BlockField(_l("Reason"), limit=2000, render_kw={"rows": 3})
