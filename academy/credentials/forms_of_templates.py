"""Forms of templates: the editor of a look, and where a template is used."""

from collections.abc import Iterable
from typing import Any

from wtforms import BooleanField, HiddenField, RadioField, SelectField, SelectMultipleField
from wtforms.validators import InputRequired, ValidationError
from wtforms.widgets import CheckboxInput, ListWidget

from academy.base.colours import parse_colour
from academy.base.i18n import _l
from academy.base.text import LocalizedText
from academy.credentials.kinds import READ_BY
from academy.credentials.pictures_of_templates import MOST_BYTES
from academy.credentials.rules_of_looks import PLACES, Look, Signer
from academy.credentials.services_of_templates import Edit
from academy.web.filters import plain
from academy.web.forms import AcademyForm, LineField, LocalizedBlockField, LocalizedLineField, UploadField

PICTURE: dict[str, Any] = {"render_kw": {"accept": "image/png,image/jpeg"}, "most": MOST_BYTES}


class _OfSomebody(AcademyForm):
    """A choice between the whole academy and organisations."""

    organisation: SelectField

    def offer(self, organisations: Iterable[tuple[int, LocalizedText]], *, academy: bool) -> None:
        """Say what can be chosen."""
        own = [("", str(_l("The whole academy")))] if academy else []
        self.organisation.choices = [*own, *((str(key), plain(name)) for key, name in organisations)]

    def validate_organisation(self, field: SelectField) -> None:
        """Refuse what was not offered."""
        if (field.data or "") not in {value for value, _label in field.choices or ()}:
            raise ValidationError(str(_l("Choose an organisation.")))

    @property
    def organisation_id(self) -> int | None:
        """The chosen organisation; None for the whole academy."""
        return int(self.organisation.data) if self.organisation.data else None


class NewTemplateForm(_OfSomebody):
    """The name of a new template, and whose it is."""

    name = LocalizedLineField(_l("Name of the template"), required=_l("Enter the name in at least one language."))
    organisation = SelectField(_l("Whose template it is"), validate_choice=False)


class UseForm(_OfSomebody):
    """For whose certificates a template is used."""

    organisation = SelectField(_l("Use it for certificates of"), validate_choice=False)


class RetireForm(AcademyForm):
    """Why a template should be retired."""

    reason = LineField(
        _l("Reason, not public"),
        [InputRequired(_l("Give the reason in one sentence."))],
        limit=300,
        description=READ_BY,
    )


class ChoiceForm(AcademyForm):
    """Which template certificates of a course, a programme or an organisation get."""

    template = RadioField(_l("Template"), validate_choice=False)


class ColourField(LineField):
    """A colour as #rrggbb."""

    data: str

    def pre_validate(self, form: Any) -> None:
        """Write it in the usual form; refuse what is no colour."""
        colour = parse_colour(self.data or "")
        if colour is None:
            raise ValidationError(str(_l("Enter a colour such as #1f7a4f.")))
        self.data = colour


class LookForm(AcademyForm):
    """Everything that the look of a template says."""

    revision = HiddenField()
    name = LocalizedLineField(_l("Name of the template"), required=_l("Enter the name in at least one language."))
    shape = RadioField(_l("Page"), choices=[("landscape", _l("A4 landscape")), ("portrait", _l("A4 portrait"))])
    pattern = SelectField(
        _l("Pattern"),
        choices=[("wave", _l("The journey line")), ("frame", _l("A frame")), ("dots", _l("Fine dots")), ("plain", _l("None"))],
    )  # fmt: skip
    paper = ColourField(
        _l("Paper"), [InputRequired(_l("Enter a colour such as #1f7a4f."))], limit=9, render_kw={"dir": "ltr"}
    )
    accent = ColourField(
        _l("Accent"), [InputRequired(_l("Enter a colour such as #1f7a4f."))], limit=9, render_kw={"dir": "ltr"}
    )
    background = UploadField(
        _l("Picture behind everything"),
        **PICTURE,
        description=_l("Pale, in the shape of the page. It takes the place of the pattern."),
    )
    without_background = BooleanField(_l("Remove the present picture"))
    logo = UploadField(_l("Logo"), **PICTURE, description=_l("PNG or JPEG, best without a background of its own."))
    without_logo = BooleanField(_l("Remove the present logo"))
    seal = UploadField(_l("Seal"), **PICTURE)
    without_seal = BooleanField(_l("Remove the present seal"))
    heading = LocalizedLineField(_l("Heading"), required=_l("Enter the heading in at least one language."))
    lead = LocalizedLineField(_l("Line above the holder"))
    middle = LocalizedLineField(_l("Line above the course"))
    closing = LocalizedBlockField(_l("Closing words"))
    shows = SelectMultipleField(
        _l("What is shown"),
        choices=[("hours", _l("Training hours")), ("until", _l("Valid until")), ("number", _l("Certificate number"))],
        widget=ListWidget(prefix_label=False), option_widget=CheckboxInput(), validate_choice=False,
        description=_l("Holder, course, day of issue and the code for checking are always there."),
    )  # fmt: skip
    signer_1_name = LocalizedLineField(_l("First signatory: name"))
    signer_1_role = LocalizedLineField(_l("First signatory: position"))
    signature_1 = UploadField(_l("First signature"), **PICTURE)
    without_signature_1 = BooleanField(_l("Remove the present signature"))
    signer_2_name = LocalizedLineField(_l("Second signatory: name"))
    signer_2_role = LocalizedLineField(_l("Second signatory: position"))
    signature_2 = UploadField(_l("Second signature"), **PICTURE)
    without_signature_2 = BooleanField(_l("Remove the present signature"))

    @staticmethod
    def of(name: LocalizedText, look: Look, revision: int) -> dict[str, Any]:
        """Return what the form shows of a look."""
        first, second = look.signers
        return {
            "revision": str(revision), "name": name, "shape": look.shape, "pattern": look.pattern, "paper": look.paper,
            "accent": look.accent, "heading": look.heading, "lead": look.lead, "middle": look.middle,
            "closing": look.closing, "shows": sorted(look.shows),
            "signer_1_name": first.name, "signer_1_role": first.role,
            "signer_2_name": second.name, "signer_2_role": second.role,
        }  # fmt: skip

    def look(self) -> Look:
        """Return the look that was typed."""
        return Look(
            shape=self.shape.data or "", pattern=self.pattern.data or "", paper=self.paper.data or "",
            accent=self.accent.data or "", shows=frozenset(self.shows.data or ()), heading=self.heading.text,
            lead=self.lead.text, middle=self.middle.text, closing=_on_one_line(self.closing.text),
            signers=(
                Signer(self.signer_1_name.text, self.signer_1_role.text),
                Signer(self.signer_2_name.text, self.signer_2_role.text),
            ),
        )  # fmt: skip

    def edit(self) -> Edit:
        """Return the whole edit with the files that were chosen; no more of a file is read than is allowed."""
        uploads = {}
        for place in PLACES:
            upload = self[place].data
            if upload and hasattr(upload, "read") and upload.filename:
                uploads[place] = (upload.read(MOST_BYTES + 1), upload.filename)
        without = {place for place in PLACES if self[f"without_{place}"].data}
        return Edit(self.name.text, self.look(), uploads, without)

    def seen(self) -> int:
        """Return the revision that was on the page; -1 for anything odd."""
        return revision_in(self.revision.data or "")


def revision_in(typed: str) -> int:
    """Return the revision that a page sent; -1 for anything odd."""
    return int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 10 else -1


def _on_one_line(text: LocalizedText) -> LocalizedText:
    return LocalizedText(" ".join(text.ar.split()), " ".join(text.en.split()))
