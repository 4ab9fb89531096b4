"""The forms in which people choose their letters, and administrators their hours and announcements."""

from collections.abc import Iterable, Mapping
from typing import Any

from wtforms import BooleanField, HiddenField, SelectField, StringField
from wtforms.validators import AnyOf, InputRequired, Optional

from academy.base.i18n import _, _l
from academy.notices import kinds, rules
from academy.web.forms import AcademyForm, DayField, LocalizedBlockField, LocalizedLineField, NumberField, TimeField


def choices_form(offered: Iterable[kinds.Kind], chosen: Mapping[str, str]) -> AcademyForm:
    """Return a form with one choice of a rhythm for each kind."""
    fields = {kind.name: _rhythm(kind, chosen.get(kind.name, kinds.NOW)) for kind in offered}
    form: AcademyForm = type("ChoicesForm", (AcademyForm,), fields)()
    return form


def _rhythm(kind: kinds.Kind, present: str) -> SelectField:
    known = AnyOf(list(kinds.RHYTHMS), message=_l("Choose one of the listed values."))
    return SelectField(kind.label, [known], choices=list(kinds.RHYTHMS.items()), default=present, validate_choice=False)


class StepsField(StringField):
    """Days before a due day, typed as a list with commas, in any digits."""

    def _value(self) -> str:
        if self.raw_data:
            return str(self.raw_data[0])
        return ", ".join(map(str, self.data or ()))

    def process_formdata(self, valuelist: list[Any]) -> None:
        """Read the list; an empty one means that nobody is reminded before the day."""
        self.data = rules.read_steps(str(valuelist[0]) if valuelist else "")
        if self.data is None:
            raise ValueError(_("Enter up to six numbers of days from 1 to 90, such as 14, 7, 1."))


class RulesForm(AcademyForm):
    """When letters that can wait are held back, and who hears of due days."""

    quiet_from = TimeField(_l("Held from"), render_kw={"dir": "ltr"})
    quiet_until = TimeField(_l("Held until"), render_kw={"dir": "ltr"})
    quiet_weekend = BooleanField(_l("Also on Friday and Saturday"))
    working_hours = BooleanField(_l("Send in working hours only, instead"))
    remind_before = StepsField(_l("Remind the person so many days before"), render_kw={"dir": "ltr"})
    manager_after = NumberField(
        _l("Tell the manager after so many days late"),
        [InputRequired(_l("Enter a number of days."))],
        least=1,
        most=365,
    )
    administrator_after = NumberField(
        _l("Tell the administrator after so many days late"),
        [InputRequired(_l("Enter a number of days."))],
        least=2,
        most=365,
    )


class AnnouncementForm(AcademyForm):
    """What is announced, to whom, until when."""

    revision = HiddenField()
    title = LocalizedLineField(_l("Title"), required=_l("Enter a title in Arabic or English."))
    text = LocalizedBlockField(_l("Text"), required=_l("Enter a text in Arabic or English."))
    place = SelectField(_l("Where"), choices=())
    audience = SelectField(_l("To whom"))
    shown_until = DayField(_l("Shown until"), [Optional()])

    def __init__(self, places: list[tuple[str, str]], audiences: Mapping[str, Any], **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.place.choices = places
        self.audience.choices = list(audiences.items())
