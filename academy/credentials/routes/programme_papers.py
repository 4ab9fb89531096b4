"""What the page of a programme tells of the reader's certificate: until when it is valid, and the way into its renewal."""

from flask import url_for

from academy.base import clock
from academy.base.access import Actor
from academy.base.i18n import _
from academy.credentials.queries import certificates_of_programme
from academy.credentials.queries_of_programmes import programme_stages
from academy.credentials.queries_of_renewal import RenewalOf
from academy.credentials.rules_of_renewal import Stage
from academy.learning.kinds import ProgrammePaper, add_programme_paper
from academy.web.filters import day


@add_programme_paper
def programme_paper(reader: Actor, programme_id: int) -> ProgrammePaper | None:
    """Return the certificate that counts, and how far its renewal is; None without one that ends."""
    today, rows = clock.today(), certificates_of_programme(reader.person_id, programme_id)
    stages = programme_stages(reader.person_id, reader.organisation_id, rows, today=today)
    row = next((each for each in rows if each.id in stages), None)
    if row is None or row.expires_on is None:
        return None
    label = _("Certificate valid until") if row.expires_on >= today else _("Certificate ended on")
    said = ((label, day(row.expires_on)), *_said(stages[row.id]))
    match stages[row.id]:
        case RenewalOf(stage=Stage.OPEN):
            return ProgrammePaper(
                said, url_for("credentials.renew", number=row.number), _("Renew the certificate"), True
            )
        case RenewalOf(stage=Stage.BEGUN, course_key=key) if key:
            return ProgrammePaper(said, url_for("learning.course", key=key), _("Go on with the renewal"))
    return ProgrammePaper(said)


def _said(renewal: RenewalOf) -> tuple[tuple[str, str], ...]:
    match renewal.stage:
        case Stage.EARLY:
            return ((_("Renew from"), day(renewal.opens_on)),)
        case Stage.OPEN:
            return ((_("Renewal"), _("Open since %(day)s", day=day(renewal.opens_on))),)
        case Stage.BEGUN:
            return ((_("Renewal"), _("Begun")),)
        case Stage.EARNED:
            return ((_("Renewal"), _("Completed; the new certificate appears within minutes")),)
    return ((_("Renewal"), _("Not offered any more")),)
