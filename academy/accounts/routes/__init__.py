"""The pages of accounts."""

from academy.accounts.routes import (
    academy,
    addresses,
    anonymising,
    importing,
    invitations,
    leading,
    memberships,
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
    "addresses",
    "administration",
    "anonymising",
    "bp",
    "importing",
    "invitations",
    "leading",
    "memberships",
    "organisations",
    "oversight",
    "own",
    "passwords",
    "people",
    "signing_in",
]
