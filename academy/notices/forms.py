"""The forms in which people choose their letters, and administrators their hours and announcements."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from wtforms import BooleanField, HiddenField, SelectField, StringField
from wtforms.validators import AnyOf, InputRequired, Optional

from academy.base.i18n import _, _l
from academy.notices import kinds, rules
from academy.notices.kinds_of_circles import Circle
from academy.web.forms import AcademyForm, DayField, LocalizedBlockField, LocalizedLineField, NumberField, TimeField

Circles = Sequence[tuple[Circle, Sequence[kinds.Kind]]]
MIXED = ""  # the rhythm of a circle whose kinds have several


class ChoicesForm(AcademyForm):
    """A choice of a rhythm for each circle and for each kind of it."""

    def rhythms(self, circles: Circles, present: Mapping[str, str]) -> dict[str, str]:
        """Return the rhythms that are other than before, by kind: one chosen for a kind before one chosen for its circle."""
        chosen = {}
        for circle, members in circles:
            of_all, before = self[of_circle(circle)].data, _common(members, present)
            for kind in members:
                own, was = self[kind.name].data, present.get(kind.name, kinds.NOW)
                chosen[kind.name] = of_all if own == was and of_all not in (MIXED, before) else own
        return {name: rhythm for name, rhythm in chosen.items() if rhythm != present.get(name, kinds.NOW)}


def of_circle(circle: Circle) -> str:
    """Return the name of the field for all kinds of a circle."""
    return f"all-{circle.name}"


def choices_form(circles: Circles, present: Mapping[str, str]) -> ChoicesForm:
    """Return a form with one choice of a rhythm for each circle and for each of its kinds."""
    fields = {}
    for circle, members in circles:
        fields[of_circle(circle)] = _rhythm(_l("All of these"), _common(members, present), or_mixed=True)
        fields |= {kind.name: _rhythm(kind.label, present.get(kind.name, kinds.NOW)) for kind in members}
    form: ChoicesForm = type("ChoicesOfSomebody", (ChoicesForm,), fields)()
    return form


def _common(members: Iterable[kinds.Kind], present: Mapping[str, str]) -> str:
    rhythms = {present.get(kind.name, kinds.NOW) for kind in members}
    return rhythms.pop() if len(rhythms) == 1 else MIXED


def _rhythm(label: Any, present: str, *, or_mixed: bool = False) -> SelectField:
    choices = kinds.RHYTHMS | ({MIXED: _l("As chosen one by one")} if or_mixed else {})
    known = AnyOf(list(choices), message=_l("Choose one of the listed values."))
    return SelectField(label, [known], choices=list(choices.items()), default=present, validate_choice=False)


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
