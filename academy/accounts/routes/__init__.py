"""The pages of accounts."""

from academy.accounts.routes import (
    academy,
    importing,
    leading,
    organisations,
    oversight,
    own,
    passwords,
    people,
    signing_in,
)
from academy.accounts.routes.blueprints import administration, bp

__all__ = [
    "academy",
    "administration",
    "bp",
    "importing",
    "leading",
    "organisations",
    "oversight",
    "own",
    "passwords",
    "people",
    "signing_in",
]
