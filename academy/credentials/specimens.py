"""The sample certificate that templates are looked at with: long names in both scripts, which a good template must bear."""

from datetime import date
from decimal import Decimal

from academy.accounts.queries import academy
from academy.base import place
from academy.base.text import LocalizedText
from academy.credentials.rules import CertificateFacts

NUMBER = "SAMPL-E0000-00000-00000-00000-0"


def sample_facts(issuer: LocalizedText | None, *, today: date) -> CertificateFacts:
    """Return the facts of nobody: the academy and its signatory are real, the holder and the number are not."""
    own = academy()
    of = issuer or LocalizedText()
    return CertificateFacts(
        number=NUMBER, verify_url=f"{place.base_url()}/verify/{NUMBER.replace('-', '')}",
        academy_ar=own.name.ar, academy_en=own.name.en, issuer_ar=of.ar, issuer_en=of.en,
        holder_name_ar="عبدالرحمن بن عبدالعزيز آل إبراهيم (علي)",
        holder_name_en="Abdulrahman bin Abdulaziz Al-Ibrahim (Ali)",
        title_ar="برنامج CX-201 (المستوى 2): قياس تجربة المستفيد",
        title_en="Programme CX-201 (level 2): measuring the customer experience",
        signer_name_ar=own.signer_name.ar, signer_name_en=own.signer_name.en,
        signer_role_ar=own.signer_role.ar, signer_role_en=own.signer_role.en,
        hours=Decimal(12), issued_on=today, expires_on=today.replace(year=today.year + 2, day=min(today.day, 28)),
    )  # fmt: skip
