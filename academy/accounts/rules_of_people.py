"""What an e-mail address, a Saudi mobile number and a key must look like."""

import re
import unicodedata

from academy.base.i18n import _l
from academy.base.numbers import to_ascii_digits
from academy.base.text import LocalizedText, clean_line

_EMAIL = re.compile(
    r"[a-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[a-z0-9!#$%&'*+/=?^_`{|}~-]+)*@([a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z0-9-]{2,63}"
)
_MOBILE = re.compile(r"(?:\+966|00966|966|0)?(5[0-9]{8})")
_BETWEEN = re.compile(r"[\s().\-\u2010-\u2015\u061c\u200b-\u200f\u202a-\u202e\u2066-\u2069]+")
LONGEST_EMAIL = 254
NOT_AN_EMAIL = _l("Enter an e-mail address such as name@agency.gov.sa.")


def parse_email(typed: str) -> str | None:
    """Return the address in lower case, None when it is not one. Two spellings that differ in case are one address."""
    address = unicodedata.normalize("NFKC", clean_line(typed)).replace(" ", "").lower()
    sound = len(address) <= LONGEST_EMAIL and len(address.partition("@")[0]) <= 64 and _EMAIL.fullmatch(address)
    return address if sound else None


def parse_mobile(typed: str) -> str | None:
    """Return a Saudi mobile number as +9665XXXXXXXX from any of the usual ways to write it; None when it is not one."""
    found = _MOBILE.fullmatch(_BETWEEN.sub("", to_ascii_digits(typed[:60])).replace("\uff0b", "+"))
    return f"+966{found.group(1)}" if found else None


def show_mobile(number: str | None) -> str:
    """Write +966512345678 as +966 51 234 5678."""
    return f"{number[:4]} {number[4:6]} {number[6:9]} {number[9:]}" if number else ""


def key_from(name: str, fallback: str) -> str:
    """Return an ASCII key of a name, or the fallback when nothing of it is left."""
    ascii_name = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", "-", ascii_name.lower()).strip("-")[:50].strip("-") or fallback


def pseudonym(person_id: int) -> LocalizedText:
    """Return what somebody is called who was anonymised: the same in all lists, and nobody's name."""
    return LocalizedText(f"شخص مجهول الهوية {person_id}", f"Anonymised person {person_id}")
