"""What is true of a certificate without asking a database: its state, its last day and the facts printed on it."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from enum import StrEnum

from academy.base.dates import months_later


class CertificateState(StrEnum):
    """What a stranger is told about a certificate."""

    VALID = "valid"
    EXPIRED = "expired"
    REVOKED = "revoked"
    HELD = "held"


def state_at(
    issued_on: date, expires_on: date | None, revoked_at: datetime | None, *, today: date, held: bool = False
) -> CertificateState:
    """Return the state on `today`: its last day still counts, and revoking outweighs everything.

    One that is suspended (`held`) is so as long as it would be valid otherwise.

    Dates that contradict each other (a last day before the day of issue) never make a valid certificate.
    """
    if revoked_at is not None:
        return CertificateState.REVOKED
    if expires_on is not None and expires_on < max(today, issued_on):
        return CertificateState.EXPIRED
    return CertificateState.HELD if held else CertificateState.VALID


def expiry(issued_on: date, months: int | None) -> date | None:
    """Return the last valid day, the same day `months` calendar months later; None when there is no limit.

    A day that the later month lacks becomes that month's last: 31 January + 1 month is 28 or 29 February.
    Raises ValueError for less than one month and for a day beyond the year 9999.
    """
    if months is None:
        return None
    if months < 1:
        raise ValueError("A certificate is valid for at least one month.")
    return months_later(issued_on, months)


def renewed_expiry(completed_on: date, ended_on: date | None, months: int | None) -> date | None:
    """Return the last valid day of a renewed certificate: counted from the last day of the one before it when that was not
    over yet, so that nobody loses by being early, else from the day of completion.
    """
    return expiry(ended_on if ended_on is not None and completed_on <= ended_on else completed_on, months)


@dataclass(frozen=True, slots=True, kw_only=True)
class CertificateFacts:
    """Everything a certificate states, kept with it when it is issued so that it reads the same for ever.

    A text missing in one language is ""; `hours` is training hours; `expires_on` is the last valid day, None for
    no limit. Raises ValueError without number, address, holder or title, and for hours that are no amount.
    One with `imported_on` attests an earlier certificate: what that one was called (`former_number`) and who had issued it.
    A corrected one names the certificate that it replaces (`replaced_number`).
    """

    number: str
    academy_ar: str
    academy_en: str
    holder_name_ar: str
    holder_name_en: str
    title_ar: str
    title_en: str
    issued_on: date
    verify_url: str
    kind_ar: str = "شهادة إتمام"
    kind_en: str = "Certificate of Completion"
    hours: Decimal | None = None
    expires_on: date | None = None
    issuer_ar: str = ""
    issuer_en: str = ""
    signer_name_ar: str = ""
    signer_name_en: str = ""
    signer_role_ar: str = ""
    signer_role_en: str = ""
    imported_on: date | None = None
    former_number: str = ""
    former_issuer_ar: str = ""
    former_issuer_en: str = ""
    replaced_number: str = ""

    def __post_init__(self) -> None:
        """Refuse facts that would make a paper about nobody or nothing."""
        needed = {
            "number": self.number,
            "verify_url": self.verify_url,
            "holder_name": self.holder_name_ar + self.holder_name_en,
            "title": self.title_ar + self.title_en,
        }
        for name, value in needed.items():
            if not value.strip():
                raise ValueError(f"A certificate needs its {name}.")
        if self.hours is not None and (not self.hours.is_finite() or self.hours < 0):
            raise ValueError("Training hours are zero or more.")

    def as_json(self) -> dict[str, str | None]:
        """Return the facts as a JSON object: days in ISO form, hours as decimal text."""
        said = {each.name: getattr(self, each.name) for each in fields(self)}
        return {name: _stored(value) for name, value in said.items() if value or name not in LEFT_OUT}

    @classmethod
    def from_json(cls, stored: Mapping[str, str | None]) -> "CertificateFacts":
        """Return the facts that `as_json` stored; names it does not know are passed over.

        Raises ValueError when something needed is missing or malformed.
        """
        known = {field.name: stored[field.name] for field in fields(cls) if field.name in stored}
        try:
            return cls(**{name: _restored(name, value) for name, value in known.items()})  # type: ignore[arg-type]
        except (TypeError, InvalidOperation) as error:
            raise ValueError("These are not the facts of a certificate.") from error


# What only the attestation of an earlier certificate states, and only a corrected one.
LEFT_OUT = ("imported_on", "former_number", "former_issuer_ar", "former_issuer_en", "replaced_number")
ATTESTATION = ("إثبات شهادة سابقة", "Attestation of an Earlier Certificate")


def _stored(value: str | date | Decimal | None) -> str | None:
    return None if value is None else value.isoformat() if isinstance(value, date) else str(value)


def _restored(name: str, value: str | None) -> str | date | Decimal | None:
    if name in ("issued_on", "expires_on", "imported_on"):
        return None if value is None and name != "issued_on" else date.fromisoformat(value or "")
    if name == "hours":
        return None if value is None else Decimal(value)
    return value or ""


def closes_on(day: date, years: int) -> date:
    """Return the day so many years later, or earlier; the 29th of February becomes the 28th."""
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return day.replace(year=day.year + years, day=28)
