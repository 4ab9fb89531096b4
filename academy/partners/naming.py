"""The words of a verdict: what somebody may do, why, and what to do next; in the present language."""

from collections.abc import Callable
from datetime import date

from academy.base.i18n import _
from academy.base.text import LocalizedText
from academy.partners.rules import PROGRAMME, May, Required, Verdict, Why

Shown = Callable[[date], str]


def may_in_words(verdict: Verdict, day: Shown) -> str:
    """Say what somebody may do."""
    if verdict.may is May.SERVE:
        return _("May serve")
    if verdict.may is May.ACCOMPANIED and verdict.until is not None:
        return _("May serve accompanied until %(day)s", day=day(verdict.until))
    return _("Must not serve")


def why_in_words(verdict: Verdict, of: LocalizedText | None, day: Shown, language: str) -> str:
    """Say why, in one sentence."""
    title = of.show(language) if of else ""
    if verdict.why is Why.CERTIFIED and verdict.until is not None:
        if of is None:
            return _("Holds every required certificate; the agreement ends on %(day)s.", day=day(verdict.until))
        return _("Holds every required certificate; the first one, of “%(course)s”, ends on %(day)s.", course=title, day=day(verdict.until))  # fmt: skip
    return {
        Why.NEW: lambda: _("New, and still without a valid certificate of “%(course)s”.", course=title),
        Why.LEFT: lambda: _("The membership of the partner has ended."),
        Why.INVITED: lambda: _("Has not accepted the invitation yet."),
        Why.SUSPENDED: lambda: _("The account is suspended."),
        Why.CLOSED: lambda: _("The partner is closed."),
        Why.NO_AGREEMENT: lambda: _("No agreement with the partner holds on this day."),
        Why.MISSING: lambda: _("Has no certificate of “%(course)s”.", course=title),
        Why.EXPIRED: lambda: _("The certificate of “%(course)s” has expired.", course=title),
        Why.REVOKED: lambda: _("The certificate of “%(course)s” was revoked.", course=title),
        Why.HELD: lambda: _("The certificate of “%(course)s” is suspended.", course=title),
    }.get(verdict.why, lambda: _("Holds every required certificate."))()


def certificate_in_words(of: Required, title: str) -> str:
    """Name a required certificate with the kind of what it is of."""
    if of.kind == PROGRAMME:
        return _("Certificate of the programme “%(title)s”", title=title)
    return _("Certificate of the course “%(title)s”", title=title)


def next_step(verdict: Verdict, of: LocalizedText | None, language: str) -> str:
    """Say what to do next; nothing for whoever may serve for long."""
    title = of.show(language) if of else ""
    return {
        Why.CERTIFIED: lambda: (
            _("Renew in time: “%(course)s”.", course=title)
            if of
            else _("Ask the academy for the agreement that follows.")
        ),
        Why.NEW: lambda: _("Complete “%(course)s” before the grace ends.", course=title),
        Why.INVITED: lambda: _("Send the invitation again."),
        Why.SUSPENDED: lambda: _("Lift the suspension, if its reason is gone."),
        Why.NO_AGREEMENT: lambda: _("Ask the academy about the agreement."),
        Why.MISSING: lambda: _("Complete “%(course)s”.", course=title),
        Why.EXPIRED: lambda: _("Renew the certificate of “%(course)s”.", course=title),
        Why.REVOKED: lambda: _("Ask the academy: the certificate was taken back."),
        Why.HELD: lambda: _("Ask the academy about the suspension."),
    }.get(verdict.why, lambda: "")()
