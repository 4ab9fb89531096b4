"""Numbers as people type them and as they are shown, in Latin (0-9) or Arabic-Indic (٠-٩) digits."""

import re
import unicodedata
from decimal import ROUND_HALF_UP, Decimal
from typing import Literal

Digits = Literal["latn", "arab"]

LONGEST_DAYS, MOST_DAYS = 730, 5
_LONGEST = 40
_TO_ARABIC = str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩")
_TO_ARABIC_NUMBER = _TO_ARABIC | str.maketrans({",": "٬", ".": "٫", "%": "٪"})
_FIGURE = re.compile("\u2066[^\u2069]*\u2069")
_HIDDEN = dict.fromkeys([0x061C, 0x200E, 0x200F, *range(0x202A, 0x202F), *range(0x2066, 0x206A)])
_ONE_SIGN = str.maketrans("\u2212\u2013\ufe63\uff0d\uff0b\ufe62٪\uff05\ufe6a،", "----++%%%,")
_TYPED = re.compile(r"([+-]?)\s*([0-9.,٫٬\s]+?)\s*%?")
_GROUPED = re.compile(r"[0-9]{1,3}(?:([,٬.]|\s)[0-9]{3})(?:\1[0-9]{3})*")
_DECIMAL = re.compile(r"[0-9][0-9.,٫٬،]*[.,٫٬،][0-9]+|(?<![^\s+\u2212-])[.,٫،][0-9]+")
_MINUS = re.compile(r"(?<![^\s(])[\u2212\u2013-](?=[0-9])")
_FRACTION = re.compile(r"(?<![0-9/\u2044])([0-9]+) ?[/\u2044] ?([0-9]+)(?![0-9/\u2044])")
_PLAIN = re.compile(r"[0-9]+\.?[0-9]*|\.[0-9]+")


def digits_in(language: str, chosen: str) -> str:
    """Return the digits that a reader meets in a language: those they have chosen in Arabic, 0-9 in any other."""
    return chosen if language == "ar" else "latn"


def to_ascii_digits(text: str) -> str:
    """Return the text with every decimal digit of any script (Arabic-Indic, Persian, …) as 0-9."""
    if text.isascii():
        return text
    return "".join(str(unicodedata.decimal(char)) if char.isdecimal() else char for char in text)


def _without_groups(whole: str) -> str:
    """Take the separators out of a properly grouped whole number; anything else comes back as it is."""
    return re.sub(r"[,٬.\s]", "", whole) if _GROUPED.fullmatch(whole) else whole


def _plain(body: str) -> str:
    """Bring digits with separators to the form 1234.5 (what remains odd is refused by the caller).

    ٫ is always a decimal sign, ٬ always groups. Of point and comma the last is the decimal sign when both occur; one
    that occurs twice groups. A single comma groups only before exactly three digits and not after a 0 (1,234 but 3,5
    and 0,385).
    """
    if "٫" in body:
        whole, _, fraction = body.partition("٫")
        return f"{_without_groups(whole)}.{fraction}"
    comma, point = body.rfind(","), body.rfind(".")
    if comma >= 0 and point >= 0:
        last = max(comma, point)
        return f"{_without_groups(body[:last])}.{body[last + 1 :]}"
    if point >= 0 and body.count(".") == 1:
        return f"{_without_groups(body[:point])}.{body[point + 1 :]}"
    if comma >= 0 and body.count(",") == 1 and (body.startswith("0") or not _GROUPED.fullmatch(body)):
        return f"{_without_groups(body[:comma])}.{body[comma + 1 :]}"
    return _without_groups(body)


def parse_number(text: str) -> Decimal | None:
    """Read a typed number, or None when it is not one.

    Takes Arabic-Indic, Persian and Latin digits, ٫ . , as decimal signs, ٬ , and spaces between thousands, a leading
    sign and a trailing % or ٪ (which changes nothing). Refuses exponents, NaN, infinities and anything longer than 40
    characters.
    """
    if len(text) > _LONGEST:
        return None
    folded = to_ascii_digits(text.translate(_HIDDEN)).translate(_ONE_SIGN).strip()
    typed = _TYPED.fullmatch(folded)
    if typed is None:
        return None
    number = _plain(typed.group(2).strip())
    if not _PLAIN.fullmatch(number):
        return None
    return Decimal(f"{typed.group(1)}{number}") or Decimal(0)


def whole_numbers(text: str) -> str:
    """Return a text, for comparing, with the signs spelled out that make its numbers others: 3.5 is not 35, -5 not 5, 1/2 not 12."""
    seen = "".join(char for char in unicodedata.normalize("NFKC", text) if unicodedata.category(char) != "Cf")
    folded = _DECIMAL.sub(lambda found: _spelled(found[0]), to_ascii_digits(seen))
    return _FRACTION.sub(r"\1over\2", _MINUS.sub("minus", folded))


def _spelled(typed: str) -> str:
    number = parse_number(typed)
    return typed if number is None else format(number, "f").replace(".", "point")


def show_digits(text: str, digits: str) -> str:
    """Return the text with its digits in the chosen script: `latn` 0-9 or `arab` ٠-٩. Nothing else changes."""
    latin = to_ascii_digits(text)
    return latin.translate(_TO_ARABIC) if digits == "arab" else latin


def in_figures(text: str, digits: str) -> str:
    """Return a text with the numbers that `base.text.figure` put into it in the chosen digits, signs included."""
    if digits != "arab" or "\u2066" not in text:
        return text
    return _FIGURE.sub(lambda found: found[0].translate(_TO_ARABIC_NUMBER), text)


def _exact(value: int | float | Decimal) -> Decimal:
    """The number as a decimal; floats as they print, not as they are stored."""
    return Decimal(repr(value)) if isinstance(value, float) else Decimal(value)


def _rounded(number: Decimal, decimals: int) -> Decimal:
    """Round half away from zero, as people do by hand, however long the number is."""
    step = Decimal(1).scaleb(-decimals)
    steps = (abs(number) / step).to_integral_value(ROUND_HALF_UP) if number.adjusted() > 20 else None
    return number.copy_sign(steps * step) if steps is not None else number.quantize(step, ROUND_HALF_UP)


def format_number(value: int | float | Decimal, digits: str, decimals: int | None = None) -> str:
    """Show a number with grouped thousands: 1,234.5 or ١٬٢٣٤٫٥, the minus as −; «—» for NaN and infinities.

    With `decimals` exactly that many, rounded half up; without, whole numbers and Decimals as they are and floats with
    at most two, both without trailing zeros.
    """
    number = _exact(value)
    if not number.is_finite():
        return "—"
    if decimals is not None:
        shown = f"{_rounded(number, decimals):,.{decimals}f}"
    else:
        exact = f"{_rounded(number, 2) if isinstance(value, float) else number:,f}"
        shown = exact.rstrip("0").rstrip(".") if "." in exact else exact
    if not shown.strip("-0.,"):
        shown = shown.lstrip("-")
    shown = shown.replace("-", "−")
    return shown.translate(_TO_ARABIC_NUMBER) if digits == "arab" else shown


def format_percent(fraction: int | float | Decimal, digits: str, decimals: int = 0) -> str:
    """Show a fraction (0.85) as a percentage: 85% or ٨٥٪, rounded half up to `decimals` places."""
    number = _exact(fraction)
    if not number.is_finite():
        return "—"
    return format_number(number * 100, digits, decimals) + ("٪" if digits == "arab" else "%")


def read_days(typed: str) -> tuple[int, ...] | None:
    """Read numbers of days with commas between them, in any digits, the most first; None when it is no such list."""
    parts = [part.strip() for part in to_ascii_digits(typed).replace("،", ",").split(",") if part.strip()]
    if len(parts) > MOST_DAYS or not all(part.isascii() and part.isdigit() and len(part) < 4 for part in parts):
        return None
    days = sorted({int(part) for part in parts}, reverse=True)
    return tuple(days) if all(1 <= each <= LONGEST_DAYS for each in days) else None
