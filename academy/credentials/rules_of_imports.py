"""Files of certificates from before the academy: which column is which, what a cell must hold, and how imported ones are ordered."""

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from academy.base.columns import Column
from academy.base.dates import parse_day
from academy.base.i18n import _l
from academy.base.numbers import to_ascii_digits
from academy.base.text import clean_line, has_arabic

MOST_ROWS = 5_000
LONGEST_NUMBER, LONGEST_ISSUER, LONGEST_KEY = 60, 160, 100
A_DAY = 16  # how many certificates of one thing a person can have from one day, corrections among them
NEW, SAME, REFUSED = "new", "same", "refused"
FATES = (NEW, SAME, REFUSED)
IMPORTED, FAILED = "imported", "failed"

PROBLEMS: dict[str, Any] = {
    "no_email": _l("The e-mail address is missing."),
    "odd_email": _l("This is not an e-mail address."),
    "nobody": _l("Nobody in this organisation has this e-mail address."),
    "nameless": _l("This person has no name yet. Enter it first: the certificate states it."),
    "oneself": _l("Nobody imports certificates of their own. Ask another administrator."),
    "no_credential": _l("The key of the course or programme is missing."),
    "unknown_credential": _l("No course or programme has this key."),
    "several_credentials": _l("Several courses or programmes have this code. Write the key instead."),
    "unpublished": _l("This was never published, so it has no certificates."),
    "foreign_credential": _l("Only administrators of the organisation that gives it, or of the academy, import its certificates."),
    "no_day": _l("The day of issue is missing."),
    "odd_day": _l("This is not a day. Write it as 2027-03-01 or 12/9/1448."),
    "future": _l("The day of issue lies in the future."),
    "ends_first": _l("The last valid day must come after the day of issue."),
    "no_number": _l("The former number is missing."),
    "odd_number": _l("The former number needs letters or digits."),
    "identity_number": _l("This looks like an identity number, which must not stand in a public register. If it is none, write it with letters before it."),
    "too_long": _l("This text is too long."),
    "repeated": _l("This certificate stands in the file already, in a row above."),
    "other_days": _l("A certificate with this former number is in the register already, with other days. Revoke it first if they are wrong."),
    "after_own": _l("The academy itself gave this person this certificate earlier. Only those from before can be imported."),
    "too_many": _l("This person has too many certificates of this from that day."),
    "program": _l("The row could not be written. The academy's operators find the reason in the log."),
}  # fmt: skip
NOTES: dict[str, Any] = {
    "ended": _l("Has ended already: it will stand in the register as expired."),
    "endless": _l("Has no last day, although certificates of this end. Fill in the column if it has one."),
}


COLUMNS = (
    Column("email", _l("E-mail"), "البريد الإلكتروني", "E-mail", ("email", "e-mail address", "email address", "mail", "البريد", "الايميل", "ايميل", "work email")),
    Column("credential", _l("Key of the course or programme"), "معرّف المقرر أو البرنامج", "Course or programme key", ("رمز المقرر أو البرنامج", "معرّف المقرر", "معرّف البرنامج", "key", "course key", "programme key", "program key", "course", "programme", "course code", "رمز المقرر", "رمز البرنامج", "المقرر", "البرنامج")),
    Column("issued_on", _l("Issued on"), "تاريخ الإصدار", "Issued on", ("issue date", "date of issue", "issued", "تاريخ الشهادة", "صدرت في")),
    Column("expires_on", _l("Valid until"), "سارية حتى", "Valid until", ("expires on", "expiry date", "expiry", "تاريخ الانتهاء", "تنتهي في")),
    Column("former_number", _l("Former number"), "الرقم السابق", "Former number", ("certificate number", "number", "رقم الشهادة", "الرقم")),
    Column("former_issuer_ar", _l("Former issuer in Arabic"), "المُصدر السابق بالعربية", "Former issuer in Arabic", ("جهة الإصدار بالعربية",)),
    Column("former_issuer_en", _l("Former issuer in English"), "المُصدر السابق بالإنجليزية", "Former issuer in English", ("جهة الإصدار بالإنجليزية",)),
    Column("former_issuer", _l("Former issuer"), "المُصدر السابق", "Former issuer", ("issuer", "issued by", "جهة الإصدار", "الجهة المصدرة")),
)  # fmt: skip
TEMPLATE = tuple(column for column in COLUMNS if column.field != "former_issuer")
LABELS = {column.field: column.label for column in COLUMNS} | {"row": _l("Row")}


@dataclass(frozen=True, slots=True)
class Problem:
    """Why a row is refused, and in which column; `code` is one of PROBLEMS."""

    field: str
    code: str

    @property
    def sentence(self) -> Any:
        """The reason in words."""
        return PROBLEMS[self.code]


def read_row(cells: Mapping[str, str], *, today: date) -> tuple[dict[str, Any], list[Problem]]:
    """Return the values of a row's filled cells and what is wrong with them, without asking who or what they mean."""
    typed = {field: clean_line(cell) for field, cell in cells.items()}
    values: dict[str, Any] = {field: text for field, text in typed.items() if text}
    problems = [Problem(field, f"no_{name}") for field, name in _NEEDED.items() if field not in values]
    for field in ("issued_on", "expires_on"):
        if field in values:
            values[field] = parse_day(values[field])
            if values[field] is None:
                problems.append(Problem(field, "odd_day"))
    issued_on, expires_on = values.get("issued_on"), values.get("expires_on")
    if issued_on and issued_on > today:
        problems.append(Problem("issued_on", "future"))
    if issued_on and expires_on and expires_on <= issued_on:
        problems.append(Problem("expires_on", "ends_first"))
    if "former_number" in values and not comparable(values["former_number"]):
        problems.append(Problem("former_number", "odd_number"))
    if is_identity_number(comparable(values.get("former_number", ""))):
        problems.append(Problem("former_number", "identity_number"))
    if (issuer := values.pop("former_issuer", None)) is not None:
        values.setdefault(f"former_issuer_{'ar' if has_arabic(issuer) else 'en'}", issuer)
    problems += [
        Problem(field, "too_long") for field, most in _LONGEST.items() if len(str(values.get(field, ""))) > most
    ]
    return values, problems


_NEEDED = {"email": "email", "credential": "credential", "issued_on": "day", "former_number": "number"}
_LONGEST = {
    "credential": LONGEST_KEY, "former_number": LONGEST_NUMBER, "former_issuer_ar": LONGEST_ISSUER,
    "former_issuer_en": LONGEST_ISSUER,
}  # fmt: skip


def comparable(former_number: str) -> str:
    """Return a former number by its letters and digits alone, so that spelling it otherwise makes no second certificate."""
    plain = to_ascii_digits(unicodedata.normalize("NFKC", former_number)).casefold()
    return "".join(sign for sign in plain if sign.isalnum())[:LONGEST_NUMBER]


def is_identity_number(number: str) -> bool:
    """Whether ten digits are those of a national identity or a residence permit: they begin with 1 or 2 and add up (Luhn)."""
    if not (number.isascii() and number.isdigit() and len(number) == 10 and number[0] in "12"):
        return False
    doubled = [int(sign) * (2 if place % 2 == 0 else 1) for place, sign in enumerate(number)]
    return sum(each - 9 if each > 9 else each for each in doubled) % 10 == 0


def cycles_of(issued_on: date) -> range:
    """Return the cycles in which a certificate of a day can be imported: all before the first of the academy, by their days."""
    first = (issued_on - date.max).days * A_DAY - A_DAY
    return range(first, first + A_DAY)
