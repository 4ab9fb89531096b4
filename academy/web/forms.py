"""Forms: fields that clean what is typed, understand Arabic digits, and explain themselves next to the field."""

from collections.abc import Sequence
from datetime import date, time
from decimal import Decimal
from typing import Any

from flask import current_app, g, request
from flask_wtf import FlaskForm
from flask_wtf.file import FileField
from werkzeug.datastructures import CombinedMultiDict, MultiDict
from wtforms import Field, Form, FormField, StringField, TextAreaField
from wtforms.validators import ValidationError
from wtforms.widgets import TextInput

from academy.base.dates import parse_day
from academy.base.errors import Refusal
from academy.base.i18n import _, _l
from academy.base.numbers import parse_number, read_days, to_ascii_digits
from academy.base.text import LocalizedText, clean_block, clean_line

LINE, BLOCK = 255, 100_000


class AcademyForm(FlaskForm):
    """The base of every form. `refuse` puts a rule's refusal next to the field it blames."""

    class Meta(FlaskForm.Meta):
        """Where values come from: texts from the form, files only where a file is asked for, nothing from JSON."""

        def wrap_formdata(self, form: Any, formdata: Any) -> Any:
            """Return the values sent; a file under the name of a text, or JSON, would be no text."""
            if formdata is None or isinstance(formdata, MultiDict):
                return formdata
            if request.method not in ("POST", "PUT", "PATCH", "DELETE"):
                return None
            names = {field.name for field in form._fields.values() if isinstance(field, FileField)}
            files = MultiDict((name, file) for name, file in request.files.items(multi=True) if name in names)
            return CombinedMultiDict((files, request.form)) if files else request.form or None

    def validate(self, extra_validators: Any = None) -> bool:
        """Check what was sent; the title of the page tells whoever hears it that something is wrong."""
        sound = bool(super().validate(extra_validators))
        g.form_refused = g.get("form_refused", False) or not sound
        return sound

    def refuse(self, refusal: Refusal) -> None:
        """Show a refusal at its field, or at the first that can be seen when it names none; where there is none, at the form.

        It may name one half of a text in two languages, such as `title-en`.
        """
        g.form_refused = True
        name, _dash, half = (refusal.field or "").partition("-")
        field = self._fields.get(refusal.field or name) or self._fields.get(name) or next(filter(_seen, self), None)
        if isinstance(field, FormField) and half in field.form:
            field = field.form[half]
        while isinstance(field, FormField):
            field = next(iter(field.form))
        if field is None:
            self.form_errors: list[str] = [*self.form_errors, refusal.for_reader()]
        else:
            field.errors = [*field.errors, refusal.for_reader()]


class UploadField(FileField):
    """A file, and how large its server takes it, so that the browser can refuse a larger one before it is sent.

    `most` are bytes; without it, what the academy takes as one upload.
    """

    def __init__(
        self, label: Any = None, validators: Any = None, *, most: int | None = None, render_kw: Any = None, **rest: Any
    ) -> None:
        super().__init__(label, validators, render_kw={**(render_kw or {}), "data-most": most or most_bytes()}, **rest)


def most_bytes() -> int:
    """Return what the academy takes as one upload, in bytes."""
    return int(current_app.extensions["settings"].upload_megabytes) * 1_000_000


def _seen(field: Field) -> bool:
    return getattr(field.widget, "input_type", "") != "hidden"


def _shorter_than(limit: int) -> Any:
    def check(form: Form, field: Field) -> None:
        if field.data and len(field.data) > limit:
            raise ValidationError(_("Use at most %(limit)s characters.", limit=limit))

    return check


class LineField(StringField):
    """One line of text, cleaned of control and direction marks. Refuses what would not fit."""

    def __init__(self, label: Any = None, validators: Sequence[Any] = (), limit: int = LINE, **kwargs: Any) -> None:
        super().__init__(label, [*validators, _shorter_than(limit)], filters=[_clean_line], **kwargs)


class BlockField(TextAreaField):
    """Several lines of text, cleaned."""

    def __init__(self, label: Any = None, validators: Sequence[Any] = (), limit: int = BLOCK, **kwargs: Any) -> None:
        super().__init__(label, [*validators, _shorter_than(limit)], filters=[_clean_block], **kwargs)


def _clean_line(value: str | None) -> str:
    return clean_line(value) if value else ""


def _clean_block(value: str | None) -> str:
    return clean_block(value) if value else ""


class ArabicAndEnglishLine(Form):
    """The two halves of a localized line."""

    ar = LineField(_l("Arabic"), render_kw={"lang": "ar", "dir": "rtl"})
    en = LineField(_l("English"), render_kw={"lang": "en", "dir": "ltr"})


class ArabicAndEnglishBlock(Form):
    """The two halves of a localized block."""

    ar = BlockField(_l("Arabic"), render_kw={"lang": "ar", "dir": "rtl", "rows": 6})
    en = BlockField(_l("English"), render_kw={"lang": "en", "dir": "ltr", "rows": 6})


class _LocalizedField(FormField):
    """A text in two languages. `.text` is a LocalizedText; with `required`, Arabic or English must be there."""

    halves: type[Form] = ArabicAndEnglishLine

    def __init__(self, label: Any = None, required: Any = None, **kwargs: Any) -> None:
        super().__init__(self.halves, label, **kwargs)
        self.required_message = required

    def process(self, formdata: Any, data: Any = None, **kwargs: Any) -> None:
        """Accept a LocalizedText as the value to show."""
        given = self.default if data is None or not isinstance(data, LocalizedText | dict) else data
        super().process(formdata, data=LocalizedText.of(given).as_dict() if given else {}, **kwargs)

    def validate(self, form: Any, extra_validators: Sequence[Any] = ()) -> bool:
        """Check both halves, and that one of them is filled when the text is required."""
        sound = super().validate(form, extra_validators)
        if self.required_message and not self.text:
            half = self.form["ar"]
            half.errors = [*half.errors, str(self.required_message)]
            return False
        return bool(sound)

    def populate_obj(self, obj: Any, name: str) -> None:
        """Write the pair as one value."""
        setattr(obj, name, self.text)

    @property
    def text(self) -> LocalizedText:
        """The typed pair."""
        return LocalizedText.of({"ar": self.form["ar"].data or "", "en": self.form["en"].data or ""})


class LocalizedLineField(_LocalizedField):
    """One line in Arabic and English."""

    halves = ArabicAndEnglishLine


class LocalizedBlockField(_LocalizedField):
    """Several lines in Arabic and English."""

    halves = ArabicAndEnglishBlock


class _TypedField(Field):
    """A text input whose value is read by a function; what was typed is shown again when it cannot be read."""

    widget = TextInput()
    mistake = _l("This value cannot be read.")
    data: Any

    def _value(self) -> str:
        if self.raw_data:
            return str(self.raw_data[0])
        return "" if self.data is None else self.show(self.data)

    def show(self, value: Any) -> str:
        """Write the value into the input."""
        return str(value)

    def read(self, typed: str) -> Any:
        """Return the value of what was typed; None when it cannot be read."""
        raise NotImplementedError

    def process_formdata(self, valuelist: list[Any]) -> None:
        """Read the typed value; an empty input is None, and so is one of nothing but marks that nobody sees."""
        self.data = None
        typed = clean_line(str(valuelist[0])) if valuelist else ""
        if not typed:
            self.raw_data = [""]
        else:
            self.data = self.read(typed)
            if self.data is None:
                raise ValueError(str(self.mistake))


class DayField(_TypedField):
    """A day, typed as 2027-03-01, 1/3/2027 or 1448/9/12, with any digits."""

    mistake = _l("Enter a day such as 2027-03-01 or 12/9/1448.")
    data: date | None

    def read(self, typed: str) -> date | None:
        """Read a Gregorian or Hijri day."""
        return parse_day(typed)


class NumberField(_TypedField):
    """A number, typed with any digits; whole unless `whole=False`; within `least` and `most`."""

    mistake = _l("Enter a number.")
    data: Decimal | int | None

    def __init__(
        self, label: Any = None, validators: Sequence[Any] = (), *, whole: bool = True,
        least: float | None = None, most: float | None = None, **kwargs: Any,
    ) -> None:  # fmt: skip
        super().__init__(label, validators, **kwargs)
        self.whole, self.least, self.most = whole, least, most

    def read(self, typed: str) -> Decimal | int | None:
        """Read the number and hold it to its limits."""
        value = parse_number(typed)
        if self.whole and (value is None or value != value.to_integral_value()):
            raise ValueError(_("Enter a whole number."))
        if value is None:
            return None
        if self.least is not None and value < Decimal(str(self.least)):
            raise ValueError(_("Enter a number from %(least)s upwards.", least=self.least))
        if self.most is not None and value > Decimal(str(self.most)):
            raise ValueError(_("Enter a number up to %(most)s.", most=self.most))
        return int(value) if self.whole else value


class TimeField(_TypedField):
    """A time of day, typed as 14:05 or 9:30, with any digits."""

    mistake = _l("Enter a time such as 14:05.")
    data: time | None

    def show(self, value: Any) -> str:
        """Write the time into the input."""
        return f"{value:%H:%M}"

    def read(self, typed: str) -> time | None:
        """Read hours and minutes."""
        hours, colon, minutes = to_ascii_digits(typed).partition(":")
        if not colon or not (hours.isdecimal() and minutes.isdecimal()) or len(hours) > 2 or len(minutes) != 2:
            return None
        return time(int(hours), int(minutes)) if int(hours) < 24 and int(minutes) < 60 else None


class DaysField(StringField):
    """Numbers of days with commas between them, in any digits."""

    def _value(self) -> str:
        return str(self.raw_data[0]) if self.raw_data else ", ".join(map(str, self.data or ()))

    def process_formdata(self, valuelist: list[Any]) -> None:
        """Read the list; an empty one means that nobody is reminded."""
        self.data = read_days(str(valuelist[0]) if valuelist else "")
        if self.data is None:
            raise ValueError(_("Enter up to five numbers of days from 1 to 730, such as 90, 30, 7."))
