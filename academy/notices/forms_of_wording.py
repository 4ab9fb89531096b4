"""The form in which the letters of a kind are put into own words."""

from typing import Any

from wtforms import Form, HiddenField

from academy.base.errors import Refusal
from academy.base.i18n import _l
from academy.notices import own_words
from academy.notices.kinds import Kind
from academy.notices.own_words import OwnWords
from academy.web.forms import AcademyForm, BlockField, LineField, LocalizedBlockField, LocalizedLineField


class SubjectHalves(Form):
    """The two halves of a subject."""

    ar = LineField(_l("Subject in Arabic"), limit=own_words.SUBJECT, render_kw={"lang": "ar", "dir": "rtl"})
    en = LineField(_l("Subject in English"), limit=own_words.SUBJECT, render_kw={"lang": "en", "dir": "ltr"})


class BodyHalves(Form):
    """The two halves of a text."""

    ar = BlockField(_l("Text in Arabic"), limit=own_words.BODY, render_kw={"lang": "ar", "dir": "rtl", "rows": 7})
    en = BlockField(_l("Text in English"), limit=own_words.BODY, render_kw={"lang": "en", "dir": "ltr", "rows": 7})


class SubjectField(LocalizedLineField):
    """A subject in Arabic and English."""

    halves = SubjectHalves


class BodyField(LocalizedBlockField):
    """A text in Arabic and English."""

    halves = BodyHalves


class WordingForm(AcademyForm):
    """Subject and text of a kind of letters; a half that is emptied says what we ship."""

    version = HiddenField()
    subject = SubjectField(_l("Subject"))
    body = BodyField(_l("Text"))

    def __init__(self, kind: Kind, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.kind = kind
        if not kind.body:
            del self.body

    @property
    def seen(self) -> int:
        """The version on top of which was typed."""
        typed = str(self.version.data or "")
        return int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 9 else -1

    @property
    def words(self) -> OwnWords:
        """What was typed."""
        return OwnWords(self.subject.text, self.body.text) if self.kind.body else OwnWords(self.subject.text)

    def validate(self, extra_validators: Any = None) -> bool:
        """Hold the words to the rules of their kind, each fault at its own field."""
        if not super().validate(extra_validators):
            return False
        for fault in own_words.faults(self.kind, self.words):
            self.refuse(fault)
        return not self.errors

    def refuse(self, refusal: Refusal) -> None:
        """Show a refusal at the half it blames."""
        name, _dash, language = (refusal.field or "").partition("-")
        blamed = self._fields.get(name, self.subject)
        half = blamed.form[language or "ar"]
        half.errors = [*half.errors, refusal.for_reader()]
