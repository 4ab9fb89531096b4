"""Forms of credentials."""

from wtforms import BooleanField, RadioField
from wtforms.validators import InputRequired

from academy.base.i18n import _l
from academy.credentials.kinds import REVOCATIONS
from academy.credentials.services import LONGEST_REASON
from academy.web.forms import AcademyForm, LineField


class RevocationForm(AcademyForm):
    """Why a certificate is taken back, and that it is meant."""

    reason_class = RadioField(
        _l("What the public register says"),
        [InputRequired(_l("Choose one of the reasons."))],
        choices=list(REVOCATIONS.items()),
    )
    reason = LineField(
        _l("Reason, for administrators only"),
        [InputRequired(_l("Give the reason in one sentence."))],
        limit=LONGEST_REASON,
    )
    meant = BooleanField(
        _l("I understand that a revoked certificate cannot be made valid again."),
        [InputRequired(_l("Tick the box to revoke the certificate."))],
    )
