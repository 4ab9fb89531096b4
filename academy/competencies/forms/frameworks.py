"""What the editor of frameworks asks: a framework, its scale, a domain, a competency, the note of a version, a file."""

from collections.abc import Callable
from typing import Any

from flask_wtf.file import FileRequired
from wtforms import Form, HiddenField, SelectField
from wtforms.validators import InputRequired

from academy.base.i18n import _, _l
from academy.base.text import LocalizedText
from academy.competencies.frameworks.content import (
    BLOCK,
    HIGHEST_LEVEL,
    CompetencyText,
    Content,
    DomainText,
    Step,
)
from academy.competencies.frameworks.reading import MOST_BYTES
from academy.web.forms import AcademyForm, BlockField, LineField, LocalizedBlockField, LocalizedLineField, UploadField

NAME_NEEDED = _l("Enter a name in Arabic or English.")
TITLE_NEEDED = _l("Enter a title in Arabic or English.")
CODE_NEEDED = _l("Enter a code.")
CODE_HINT = _l(
    "Latin letters, digits and dots, such as D4.1. It stays for ever: questions, courses and evidence name it."
)
LTR = {"dir": "ltr"}
LEVELS = tuple(range(1, HIGHEST_LEVEL + 1))


class ShortBlock(Form):
    """The two halves of a text of a few sentences."""

    ar = BlockField(_l("Arabic"), limit=BLOCK, render_kw={"lang": "ar", "dir": "rtl", "rows": 2})
    en = BlockField(_l("English"), limit=BLOCK, render_kw={"lang": "en", "dir": "ltr", "rows": 2})


class ShortBlockField(LocalizedBlockField):
    """A few sentences in Arabic and English."""

    halves = ShortBlock


class NewFrameworkForm(AcademyForm):
    """What is asked before a framework exists."""

    title = LocalizedLineField(_l("Title"), required=TITLE_NEEDED)
    key = LineField(
        _l("Address of the page"), [InputRequired(_l("Enter an address."))], limit=40, render_kw=LTR,
        description=_l("Small Latin letters, digits and hyphens. It cannot be changed later."),
    )  # fmt: skip


class FrameworkDetailsForm(AcademyForm):
    """What a version says of itself."""

    revision = HiddenField()
    label = LineField(_l("Number of the version"), [InputRequired(_l("Enter a number."))], limit=20, render_kw=LTR)
    title = LocalizedLineField(_l("Title"), required=TITLE_NEEDED)
    rule = ShortBlockField(_l("What proves a level"))


class ScaleForm(AcademyForm):
    """The levels: a name and a meaning for each."""

    revision = HiddenField()

    def steps(self) -> tuple[Step, ...]:
        """Return the levels up to the last one with anything typed."""
        every = [Step(n, self[f"name{n}"].text, self[f"meaning{n}"].text) for n in LEVELS]
        last = max((step.level for step in every if step.name or step.meaning), default=0)
        return tuple(every[:last])


for _n in LEVELS:
    setattr(ScaleForm, f"name{_n}", LocalizedLineField(_l("Name")))
    setattr(ScaleForm, f"meaning{_n}", ShortBlockField(_l("Meaning")))


class DomainForm(AcademyForm):
    """A domain."""

    revision = HiddenField()
    key = LineField(_l("Code"), [InputRequired(CODE_NEEDED)], limit=20, description=CODE_HINT, render_kw=LTR)
    name = LocalizedLineField(_l("Name"), required=NAME_NEEDED)
    purpose = ShortBlockField(_l("Purpose"))

    def text(self) -> DomainText:
        """Return what was typed."""
        return DomainText(self.key.data or "", self.name.text, self.purpose.text)


class CompetencyForm(AcademyForm):
    """A competency with an indicator for each level."""

    revision = HiddenField()
    key = LineField(_l("Code"), [InputRequired(CODE_NEEDED)], limit=20, description=CODE_HINT, render_kw=LTR)
    domain = SelectField(_l("Domain"))
    name = LocalizedLineField(_l("Name"), required=NAME_NEEDED)
    definition = ShortBlockField(_l("Definition"))

    def text(self) -> CompetencyText:
        """Return what was typed."""
        levels = {n: self[f"level{n}"].text for n in LEVELS if self[f"level{n}"].text}
        return CompetencyText(self.key.data or "", self.name.text, self.definition.text, levels)


for _n in LEVELS:
    setattr(CompetencyForm, f"level{_n}", ShortBlockField(_l("Indicator")))


class PublishForm(AcademyForm):
    """What is new in the version that was previewed."""

    revision = HiddenField()
    note = BlockField(
        _l("What is new"),
        limit=500,
        render_kw={"rows": 3},
        description=_l("Two sentences for the history of versions."),
    )


class FileForm(AcademyForm):
    """A framework as a file."""

    key = LineField(
        _l("Address of the page"),
        limit=40,
        render_kw=LTR,
        description=_l("Small Latin letters, digits and hyphens. It cannot be changed later."),
    )
    prefix = LineField(
        _l("Put before every code"), limit=8, render_kw=LTR,
        description=_l("Only when the codes are taken: HR- makes HR-D1 of D1."),
    )  # fmt: skip
    file = UploadField(
        _l("File"),
        [FileRequired(_l("Choose a file."))],
        render_kw={"accept": ".yaml,.yml,.csv,.xlsx,.json"},
        most=MOST_BYTES,
    )


def details_form(content: Content) -> FrameworkDetailsForm:
    """Return the form over a framework's own texts."""
    data = {"label": content.label, "title": content.title, "rule": content.rule, "revision": content.mark}
    return FrameworkDetailsForm(data=data)


def scale_form(content: Content) -> ScaleForm:
    """Return the form over the scale."""
    data: dict[str, Any] = {"revision": content.scale_mark}
    for step in content.scale:
        data |= {f"name{step.level}": step.name, f"meaning{step.level}": step.meaning}
    return ScaleForm(data=data)


def domain_form(domain: DomainText | None, suggested: str = "") -> DomainForm:
    """Return the form over a domain; its code is asked only of a new one."""
    if domain is None:
        return DomainForm(data={"key": suggested})
    form = DomainForm(data={"key": domain.key, "name": domain.name, "purpose": domain.purpose, "revision": domain.mark})
    form.key.data = domain.key
    form.key.validators = []
    return form


def competency_form(
    content: Content, found: CompetencyText | None, domain_key: str, plain: Callable[[LocalizedText], str]
) -> CompetencyForm:
    """Return the form over a competency with the levels that the scale has."""
    data: dict[str, Any] = {"domain": domain_key}
    if found is None:
        data["key"] = suggested_code([each.key for each in content.competencies], f"{domain_key}.")
    else:
        data |= {"key": found.key, "name": found.name, "definition": found.definition, "revision": found.mark}
        data |= {f"level{level}": said for level, said in found.levels.items() if level in LEVELS}
    form = CompetencyForm(data=data)
    form.domain.choices = [(each.key, f"{each.key} · {plain(each.name)}") for each in content.domains]
    if found is not None:
        form.key.data = found.key
        form.key.validators = []
    for step in content.scale:
        form[f"level{step.level}"].label.text = _("%(number)s · %(name)s", number=step.level, name=plain(step.name))
    return form


def suggested_code(taken: list[str], head: str) -> str:
    """Return the next free code that begins like this."""
    number = 1
    while f"{head}{number}" in taken:
        number += 1
    return f"{head}{number}"
