"""The pages of credentials: the holder's own, the public register, the administrators' list."""

from flask import url_for

from academy.base.i18n import _l
from academy.catalogue import kinds
from academy.credentials import policies
from academy.credentials.routes import (
    administration,
    asking,
    badges,
    choosing,
    correcting,
    course_links,
    designing,
    doubts,
    files,
    importing,
    issuing,
    keys,
    own,
    programme_papers,
    register,
    renewing,
    renewing_for,
    revoking,
    templates,
    transcripts,
)
from academy.credentials.routes.blueprints import bp
from academy.learning.kinds import add_programme_tab
from academy.web import links, navigation

navigation.enter("main", 50, _l("Certificates"), "credentials.mine", "award", policies.OWN_CERTIFICATES, yields=True)
navigation.enter("admin", 26, _l("Certificates"), "credentials.administration", "award", policies.LIST_CERTIFICATES)

links.register("certificates", lambda: url_for("credentials.mine"))

kinds.add_tab(_l("Recertification"), "credentials.recertification", "certificates")
kinds.add_tab(_l("Look of certificates"), "credentials.course_template", "certificates")
add_programme_tab(_l("Look of certificates"), "credentials.programme_template")

__all__ = [
    "administration",
    "asking",
    "badges",
    "bp",
    "choosing",
    "correcting",
    "course_links",
    "designing",
    "doubts",
    "files",
    "importing",
    "issuing",
    "keys",
    "own",
    "programme_papers",
    "register",
    "renewing",
    "renewing_for",
    "revoking",
    "templates",
    "transcripts",
]
