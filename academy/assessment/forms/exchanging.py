"""The forms of import and export."""

from flask_wtf.file import FileRequired
from wtforms import HiddenField, RadioField, SelectField
from wtforms.validators import AnyOf

from academy.assessment.exchange import EXPORTS, FORMATS
from academy.base.i18n import _l
from academy.web.forms import AcademyForm, UploadField

LANGUAGES = [("ar", _l("Arabic")), ("en", _l("English"))]
BY_CONTENT = _l("Recognised by the content")


class ImportQuestionsForm(AcademyForm):
    """A file of questions, and what is known of it."""

    file = UploadField(
        _l("File"), [FileRequired(_l("Choose a file."))], render_kw={"accept": ".xlsx,.csv,.xml,.txt,.gift,.zip"}
    )
    format = SelectField(_l("Format"), default="", choices=[("", BY_CONTENT), *FORMATS.items()])
    language = SelectField(
        _l("Language of the file"),
        default="",
        choices=[("", _l("Recognised by its letters")), *LANGUAGES],
        description=_l("A file in one language fills that language only. Files with both fill both."),
    )


class ExportQuestionsForm(AcademyForm):
    """The format chosen, and the language for formats that hold only one."""

    format = HiddenField(validators=[AnyOf(list(EXPORTS))])
    language = RadioField(_l("Language"), choices=LANGUAGES, default="ar")
