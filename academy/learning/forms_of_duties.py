"""The form of a rule: what it is about, for whom, by when, and what follows when somebody stops to match."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from wtforms import RadioField, SelectField, SelectMultipleField

from academy.base.i18n import _l
from academy.base.text import LocalizedText
from academy.learning.kinds import AudienceKind, Choices, audience_kinds
from academy.learning.queries.duties import Thing
from academy.learning.rules.duties import ALL, ANY, KEEP, SUSPEND, WITHDRAW, Audience, Condition, Definition
from academy.learning.rules.working_days import DAYS, FIXED, NEVER, WORKING_DAYS, DueRule
from academy.web.filters import plain
from academy.web.forms import AcademyForm, BlockField, DayField, LocalizedLineField, NumberField

MATCHES: dict[str, Any] = {
    ALL: _l("They meet all the conditions that are filled in"),
    ANY: _l("They meet any of the conditions that are filled in"),
}
DUE: dict[str, Any] = {
    NEVER: _l("Without a due date"),
    FIXED: _l("On a fixed day"),
    DAYS: _l("So many days after it was assigned"),
    WORKING_DAYS: _l("So many working days after it was assigned"),
}
CONSEQUENCES: dict[str, Any] = {
    KEEP: _l("They keep the duty"),
    SUSPEND: _l("The duty rests: it is no longer due, and their place stays"),
    WITHDRAW: _l("Their place is withdrawn if the rule gave it; what they did is kept"),
}


@dataclass(frozen=True, slots=True)
class Offered:
    """What a rule of an organisation can choose from."""

    units: Choices
    whole: bool
    things: Sequence[Thing]
    conditions: Mapping[str, Choices]


class RuleForm(AcademyForm):
    """Everything but the conditions, whose fields are made of their kinds."""

    name = LocalizedLineField(
        _l("Name of the rule"), required=_l("Enter the name in Arabic or in English."),
        description=_l("People read it where they ask why something is their duty."),
    )  # fmt: skip
    reach = SelectField(_l("Within"), coerce=int)
    thing = SelectField(_l("What becomes their duty"))
    match = RadioField(_l("Whom it is about"), choices=list(MATCHES.items()), default=ALL)
    due_kind = RadioField(_l("Due"), choices=list(DUE.items()), default=NEVER)
    due_day = DayField(_l("Day"))
    due_count = NumberField(_l("Number of days"), least=1, most=1000)
    consequence = RadioField(
        _l("When somebody no longer meets the conditions"), choices=list(CONSEQUENCES.items()), default=KEEP
    )

    def definition(self, people: Sequence[str] = ()) -> Definition:
        """Return what was typed. `people` are the ids of those who were named."""
        kind = self.due_kind.data
        counted = kind in (DAYS, WORKING_DAYS)
        due = DueRule(
            kind, self.due_day.data if kind == FIXED else None,
            int(self.due_count.data) if counted and self.due_count.data else None,
        )  # fmt: skip
        conditions = tuple(each for kind in audience_kinds() if (each := self._condition(kind, people)))
        return Definition(self.name.text.as_dict(), Audience(conditions, self.match.data), due, self.consequence.data)

    def _condition(self, kind: AudienceKind, people: Sequence[str]) -> Condition | None:
        if kind.name == "people":
            return Condition("people", tuple(people)) if people else None
        values = tuple(self[f"{kind.name}_values"].data or ()) if kind.asks_values else ()
        typed = self[f"{kind.name}_number"].data if kind.asks_number else None
        number = int(typed) if typed is not None else None
        if not values and (kind.asks_values or number is None):
            return None
        return Condition(kind.name, values, kind.usual_number if kind.asks_number and number is None else number)

    @property
    def emails(self) -> list[str]:
        """The e-mail addresses that were typed, one a line."""
        typed = (self["people_values"].data or "").replace(",", "\n").replace(";", "\n").split("\n")
        return list(dict.fromkeys(line.strip().lower() for line in typed if line.strip()))


def rule_form(offered: Offered, definition: Definition | None = None, emails: str = "", **given: Any) -> RuleForm:
    """Return the form of a new rule, or over the definition of one; its conditions are those that exist now."""
    fields = _condition_fields(offered.conditions)
    data = {**given, **(_data(definition) if definition else {}), "people_values": emails}
    form: RuleForm = type("RuleOfDutiesForm", (RuleForm,), fields)(data=data)
    whole = [(0, _l("The whole organisation"))] if offered.whole else []
    form.reach.choices = whole + [(int(value), plain(name)) for value, name in offered.units]
    form.thing.choices = {
        str(_l("Courses")): [(thing.key, plain(thing.title)) for thing in offered.things if thing.is_course],
        str(_l("Programmes")): [(thing.key, plain(thing.title)) for thing in offered.things if not thing.is_course],
    }
    return form


def _condition_fields(choices: Mapping[str, Choices]) -> dict[str, Any]:
    fields: dict[str, Any] = {}
    for kind in audience_kinds():
        if kind.name == "people":
            fields["people_values"] = BlockField(
                kind.label, limit=40_000, render_kw={"rows": 3, "dir": "ltr"},
                description=_l("Their e-mail addresses, one a line."),
            )  # fmt: skip
            continue
        if kind.asks_values:
            offered = [(value, plain(name)) for value, name in choices.get(kind.name, ())]
            fields[f"{kind.name}_values"] = SelectMultipleField(
                kind.label, choices=offered, render_kw={"size": min(6, max(3, len(offered)))},
                description=_l("Hold Ctrl to choose several; any of them counts."),
            )  # fmt: skip
        if kind.asks_number:
            fields[f"{kind.name}_number"] = NumberField(kind.number_label or kind.label, least=1, most=20_000)
    return fields


def _data(definition: Definition) -> dict[str, Any]:
    data: dict[str, Any] = {
        "name": LocalizedText.of(definition.name), "match": definition.audience.match, "due_kind": definition.due.kind,
        "due_day": definition.due.day, "due_count": definition.due.count, "consequence": definition.consequence,
    }  # fmt: skip
    for condition in definition.audience.conditions:
        data[f"{condition.kind}_values"] = list(condition.values)
        data[f"{condition.kind}_number"] = condition.number
    data.pop("people_values", None)
    return data
