"""What people say in and about a rating round."""

from collections.abc import Mapping, Sequence
from datetime import datetime, time
from typing import Any

from wtforms import BooleanField, IntegerField, RadioField, SelectField
from wtforms.validators import InputRequired
from wtforms.widgets import HiddenInput

from academy.base.dates import RIYADH, end_of_day, riyadh_day
from academy.base.i18n import _, _l
from academy.competencies.forms.evidence import DAY_NEEDED, BoxesField
from academy.competencies.kinds import VOICES
from academy.competencies.queries.ratings import RatedLine, Said
from academy.competencies.services import Opening
from academy.web.filters import plain
from academy.web.forms import AcademyForm, BlockField, DayField, LineField

NOT_OBSERVED = "none"
LEVELS = range(5)


class OpenRoundForm(AcademyForm):
    """Asks who is rated, in what, by whom and until when."""

    title = LineField(_l("Title"), [InputRequired(_l("Enter a title."))], limit=200)
    people = BoxesField(_l("People of my team"), coerce=int)
    unit = SelectField(_l("Or everybody of a unit"))
    competencies = BoxesField(_l("Competencies"))
    voices = BoxesField(_l("Who rates?"), choices=list(VOICES.items()))
    proposes = BooleanField(_l("The person proposes colleagues; I approve them"))
    notes_shown = BooleanField(_l("Show the notes of colleagues, without names"))
    opens_on = DayField(_l("Opens on"), [InputRequired(DAY_NEEDED)])
    closes_on = DayField(_l("Closes on"), [InputRequired(DAY_NEEDED)])

    def opening(self, at: datetime) -> Opening:
        """Return what was set; a round that opens today opens now."""
        opens, closes = self.opens_on.data, self.closes_on.data
        assert opens is not None and closes is not None
        begins = at if opens <= riyadh_day(at) else datetime.combine(opens, time(), RIYADH)
        return Opening(
            self.title.data or "", self.competencies.data or [], begins, end_of_day(closes), self.voices.data or [],
            self.proposes.data, self.notes_shown.data,
        )  # fmt: skip


class _LevelField(RadioField):
    """A level of the scale; nothing chosen is an answer that is still missing."""

    def pre_validate(self, form: Any) -> None:
        """Refuse only what is not among the choices."""
        if self.data not in (None, ""):
            super().pre_validate(form)


class LevelsForm(AcademyForm):
    """Asks for a level and a note for each competency; the questions are added by the functions below."""

    revision = IntegerField(widget=HiddenInput())
    lines: Sequence[RatedLine] = ()

    def said(self) -> dict[int, Said]:
        """Return what was answered, by line; without the answers that are still missing."""
        given = {line.id: self[f"level_{line.id}"].data for line in self.lines}
        return {
            number: (None if level == NOT_OBSERVED else int(level), self._note(number))
            for number, level in given.items()
            if level
        }

    def _note(self, number: int) -> str:
        return self[f"note_{number}"].data or "" if f"note_{number}" in self else ""

    def blame_missing(self) -> bool:
        """Say at each competency without an answer that one is missing. Returns whether any is."""
        missing = [self[f"level_{line.id}"] for line in self.lines if not self[f"level_{line.id}"].data]
        for field in missing:
            field.errors = [_("Choose a level, or “not observed”.")]
        return bool(missing)


def rate_form(
    lines: Sequence[RatedLine], kept: Mapping[int, Said], levels: Mapping[int, Any], *, noted: bool
) -> LevelsForm:
    """Return a rater's form with what was kept so far."""
    return _form(lines, kept, levels, _l("Not observed"), _l("A note"), noted=noted, revision=0)


def agree_form(lines: Sequence[RatedLine], levels: Mapping[int, Any], revision: int) -> LevelsForm:
    """Return the form of what was agreed on; it begins with what is recorded."""
    kept: dict[int, Said] = {line.id: (line.agreed, line.note) for line in lines}
    return _form(lines, kept, levels, _l("Nothing agreed"), _l("A note of the talk"), noted=True, revision=revision)


def _form(
    lines: Sequence[RatedLine], kept: Mapping[int, Said], levels: Mapping[int, Any], none: Any, note: Any, *,
    noted: bool, revision: int,
) -> LevelsForm:  # fmt: skip
    fields: dict[str, Any] = {"lines": tuple(lines)}
    choices = [(str(number), plain(levels[number]) if number else _l("Below the first level")) for number in LEVELS]
    data: dict[str, Any] = {"revision": revision}
    for line in lines:
        fields[f"level_{line.id}"] = _LevelField(plain(line.name), choices=[*choices, (NOT_OBSERVED, none)])
        if noted:
            fields[f"note_{line.id}"] = BlockField(note, limit=1000, render_kw={"rows": 2})
        if line.id in kept:
            level, words = kept[line.id]
            data |= {f"level_{line.id}": NOT_OBSERVED if level is None else str(level), f"note_{line.id}": words}
    form: LevelsForm = type("LevelsOfForm", (LevelsForm,), fields)(data=data)
    return form


class PeersForm(AcademyForm):
    """Asks which colleagues are to rate: of a list, or by their address."""

    colleagues = BoxesField(_l("Of my team"), coerce=int)
    email = LineField(_l("E-mail of a colleague"))


class AnswerAgreementForm(AcademyForm):
    """Asks the rated person what they say to the levels."""

    revision = IntegerField(widget=HiddenInput())
    objection = BlockField(_l("Why do you object?"), limit=2000, render_kw={"rows": 3})
