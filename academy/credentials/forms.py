"""Forms of credentials."""

from collections.abc import Iterable
from typing import Any

from flask_wtf.file import FileRequired
from wtforms import BooleanField, HiddenField, RadioField, SelectField
from wtforms.validators import InputRequired, ValidationError

from academy.base import spreadsheets
from academy.base.i18n import _, _l
from academy.base.text import LocalizedText
from academy.credentials import services_of_asking
from academy.credentials.kinds import HOLDS_BY_HAND, READ_BY, REVOCATIONS_BY_HAND
from academy.credentials.rules_of_renewal import LONGEST, Terms
from academy.credentials.services import LONGEST_REASON
from academy.web.filters import plain
from academy.web.forms import AcademyForm, DaysField, LineField, LocalizedLineField, NumberField, UploadField

MOST_BYTES = 5_000_000


def _number(value: Any) -> int | None:
    typed = str(value)
    return int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 10 else None


class ProposalForm(AcademyForm):
    """Why a certificate should be taken back; another person confirms."""

    reason_class = RadioField(
        _l("What the public register says"),
        [InputRequired(_l("Choose one of the reasons."))],
        choices=list(REVOCATIONS_BY_HAND.items()),
    )
    reason = LineField(
        _l("Reason, not public"),
        [InputRequired(_l("Give the reason in one sentence."))],
        limit=LONGEST_REASON,
        description=READ_BY,
    )


class RevocationForm(ProposalForm):
    """Why a certificate is taken back, and that it is meant."""

    meant = BooleanField(
        _l("I understand that a revoked certificate cannot be made valid again."),
        [InputRequired(_l("Tick the box to revoke the certificate."))],
    )


class ConfirmForm(AcademyForm):
    """That a second person means it too."""

    meant = BooleanField(
        _l("I have checked the reason, and understand that a revoked certificate cannot be made valid again."),
        [InputRequired(_l("Tick the box to revoke the certificate."))],
    )


class AnswerForm(AcademyForm):
    """Why a proposed revocation is declined or withdrawn."""

    answer = LineField(
        _l("Why it stands"), [InputRequired(_l("Give the reason in one sentence."))], limit=LONGEST_REASON
    )


class CorrectionForm(AcademyForm):
    """How the holder is really called, and why the certificate has to say so."""

    name = LocalizedLineField(
        _l("Name as it should stand"), required=_l("Enter the name as it should stand on the certificate.")
    )
    reason = LineField(
        _l("Reason, not public"),
        [InputRequired(_l("Give the reason in one sentence."))],
        limit=LONGEST_REASON,
        description=READ_BY,
    )


class NameRequestForm(AcademyForm):
    """How the holder is really called, why the certificate should say so, and what proves it."""

    name = LocalizedLineField(
        _l("Name as it should stand"),
        required=_l("Enter the name as it should stand on the certificate."),
        description=_l(
            "In both languages, letter by letter. Leave a language empty in which your name is not written."
        ),
    )
    reason = LineField(
        _l("What is wrong"),
        [InputRequired(_l("Say in one sentence what is wrong."))],
        limit=LONGEST_REASON,
        description=READ_BY,
    )
    proof = UploadField(
        _l("Proof"),
        description=_l(
            "A page that shows your name, as picture or PDF, up to 10 MB. Only you and those who decide see it; it is deleted when they have decided."
        ),
        render_kw={"accept": "image/*,.pdf"},
        most=services_of_asking.MOST_BYTES,
    )

    def upload(self) -> tuple[bytes, str] | None:
        """Return the bytes and the name of the file that was chosen."""
        given = self.proof.data
        return (given.read(), given.filename or "") if given and hasattr(given, "read") else None


class RequestRefusalForm(AcademyForm):
    """Why the name stays as it is; the holder reads it."""

    refusal = LineField(
        _l("Why the name stays as it is"),
        [InputRequired(_l("Give the reason in one sentence."))],
        limit=LONGEST_REASON,
        description=_l("The holder reads it."),
    )


class CorrectionConfirmForm(AcademyForm):
    """That a second person has compared the name."""

    meant = BooleanField(
        _l("I have compared the name letter by letter, and understand that the former certificate counts no longer."),
        [InputRequired(_l("Tick the box to correct the certificate."))],
    )


class CorrectionAnswerForm(AcademyForm):
    """Why a proposed correction is declined or withdrawn."""

    answer = LineField(
        _l("Why it stays as it is"), [InputRequired(_l("Give the reason in one sentence."))], limit=LONGEST_REASON
    )


class HoldForm(AcademyForm):
    """Why a certificate is suspended by hand."""

    hold_class = RadioField(
        _l("What the public register says meanwhile"),
        [InputRequired(_l("Choose one of the reasons."))],
        choices=list(HOLDS_BY_HAND.items()),
    )
    hold_reason = LineField(
        _l("Reason for the suspension, not public"),
        [InputRequired(_l("Give the reason in one sentence."))],
        limit=LONGEST_REASON,
        description=READ_BY,
    )


class ReleaseForm(AcademyForm):
    """Why a suspended certificate counts again."""

    release_reason = LineField(
        _l("Why it counts again"), [InputRequired(_l("Give the reason in one sentence."))], limit=LONGEST_REASON
    )


class KeyConfirmForm(AcademyForm):
    """That a second person means it too."""

    meant = BooleanField(
        _l("I have checked the reason, and understand that the key in use never signs again."),
        [InputRequired(_l("Tick the box to replace the key."))],
    )


class KeyAnswerForm(AcademyForm):
    """Why a proposed replacement is declined or withdrawn."""

    answer = LineField(
        _l("Why the key stays"), [InputRequired(_l("Give the reason in one sentence."))], limit=LONGEST_REASON
    )


class RotationForm(AcademyForm):
    """Why the key of badges is to be replaced, and which one was on the page."""

    seen = HiddenField()
    reason = LineField(_l("Reason"), [InputRequired(_l("Give the reason in one sentence."))], limit=LONGEST_REASON)


class FileForm(AcademyForm):
    """A file that claims to be a certificate; `bytes` are its content once it is checked."""

    file = UploadField(
        _l("Or choose the file itself"),
        description=_l(
            "A certificate, a transcript, an accreditation or a signed roster as PDF, or a badge as PNG, SVG, JSON or JWT, up to 5 MB. The file is not kept."
        ),
        render_kw={"accept": ".pdf,.png,.svg,.json,.jwt,.txt"},
        most=MOST_BYTES,
    )
    bytes = b""

    def validate_file(self, field: UploadField) -> None:
        """Read no more of the file than is allowed."""
        upload = field.data
        if not getattr(upload, "filename", ""):
            raise ValidationError(_("Choose a file."))
        self.bytes = upload.read(MOST_BYTES + 1) if upload and hasattr(upload, "read") else b""
        if not self.bytes:
            raise ValidationError(_("Choose a file that is not empty."))
        if len(self.bytes) > MOST_BYTES:
            raise ValidationError(_("The file is too large. The limit is %(limit)s MB.", limit=MOST_BYTES // 1_000_000))


class ImportForm(AcademyForm):
    """A file of earlier certificates, and whose people hold them."""

    organisation_id = SelectField(_l("Whose people"), coerce=_number, validate_choice=True)
    file = UploadField(
        _l("File"),
        [FileRequired(_l("Choose a file."))],
        render_kw={"accept": ".csv,.xlsx,.tsv,.txt"},
        most=spreadsheets.MAX_BYTES,
    )


class RecertificationForm(AcademyForm):
    """How the certificates of a course are renewed."""

    revision = HiddenField()
    window_days = NumberField(
        _l("Renewal opens so many days before the last day"),
        [InputRequired(_l("Enter a number of days."))],
        least=1, most=LONGEST,
    )  # fmt: skip
    path_course_id = SelectField(
        _l("How it is renewed"),
        validate_choice=False,
        description=_l("By the same course again, or by a shorter one."),
    )
    grace_days = NumberField(
        _l("Days of grace after the last day"),
        [InputRequired(_l("Enter a number of days."))],
        least=0, most=LONGEST,
        description=_l("So long the shorter course still renews an ended certificate. Afterwards the whole course is taken again."),
    )  # fmt: skip
    reminders = DaysField(
        _l("Remind so many days before the last day"),
        description=_l("The holder and the manager are told, once each time. Left empty, nobody is."),
        render_kw={"dir": "ltr"},
    )
    automatic = BooleanField(
        _l("Begin the renewal by itself when the window opens, due by the last day of the certificate")
    )

    @staticmethod
    def of(terms: Terms) -> dict[str, Any]:
        """Return what the form shows of terms."""
        return {
            "window_days": terms.window_days, "grace_days": terms.grace_days, "reminders": terms.reminders,
            "path_course_id": str(terms.path_course_id or ""), "automatic": terms.automatic,
        }  # fmt: skip

    def offer(self, courses: Iterable[tuple[int, LocalizedText]]) -> None:
        """Say which courses can be the shorter way."""
        shorter = [(str(key), plain(title)) for key, title in courses]
        self.path_course_id.choices = [("", _("By the same course again")), *shorter]

    def terms(self) -> Terms:
        """Return what was decided; an odd course is one that no list holds."""
        path = self.path_course_id.data or ""
        number = int(path) if path.isascii() and path.isdigit() and len(path) < 10 else 0
        return Terms(
            window_days=int(self.window_days.data or 0), grace_days=int(self.grace_days.data or 0),
            path_course_id=number if path else None, automatic=self.automatic.data, reminders=self.reminders.data or (),
        )  # fmt: skip

    def seen(self) -> int:
        """Return the revision that was on the page; 0 for none, and for anything odd."""
        typed = self.revision.data or ""
        return int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 10 else 0
