"""Secrets and numbers nobody can guess: tokens for links, certificate numbers people can read aloud."""

import hashlib
import re
import secrets

from academy.base.numbers import to_ascii_digits

# Crockford's base 32: no I, L, O or U, so that nothing is mistaken for 1 or 0 or spells a word.
ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_VALUE = {symbol: value for value, symbol in enumerate(ALPHABET)}
_RANDOM_SYMBOLS = 26
_GROUP = 5
_FORGIVEN = str.maketrans("OIL", "011")
_BETWEEN = re.compile(r"[\s\-_.\u2010-\u2015\u2212\u0640\u061c\u200b-\u200f\u202a-\u202e\u2066-\u2069\ufeff]+")


def random_token() -> str:
    """Return a fresh secret of 192 random bits for a link, safe in addresses."""
    return secrets.token_urlsafe(24)


def digest(token: str) -> str:
    """Return the SHA-256 of a token in hex, which is what is stored of it."""
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()


def _doubled(value: int) -> int:
    """Multiply by x in the field of 32 elements (modulus x⁵ + x² + 1)."""
    return (value << 1) ^ (0b100101 if value & 0b10000 else 0)


def _check_symbol(body: str) -> str:
    """The symbol that completes a number.

    Position k weighs xᵏ in GF(32). The weights of all 27 positions differ and none is zero, so every single wrong
    symbol and every swap of two different symbols is noticed.
    """
    total = 0
    for symbol in body:
        total = _doubled(total) ^ _VALUE[symbol]
    return ALPHABET[_doubled(total)]


def _grouped(symbols: str) -> str:
    """Symbols in groups of five with dashes between."""
    return "-".join(symbols[start : start + _GROUP] for start in range(0, len(symbols), _GROUP))


def random_number() -> str:
    """Return a fresh certificate number: 130 random bits and a check symbol, like 7KQ2M-9XD4T-…"""
    body = "".join(secrets.choice(ALPHABET) for _ in range(_RANDOM_SYMBOLS))
    return _grouped(body + _check_symbol(body))


def normalise_number(typed: str) -> str | None:
    """Return the number a person meant (any case, spaces, dashes, digits; O for 0, I and L for 1) or None."""
    if len(typed) > 200:
        return None
    symbols = to_ascii_digits(_BETWEEN.sub("", typed)).upper().translate(_FORGIVEN)
    if len(symbols) != _RANDOM_SYMBOLS + 1 or not set(symbols) <= _VALUE.keys():
        return None
    body, check = symbols[:-1], symbols[-1]
    return _grouped(symbols) if _check_symbol(body) == check else None
