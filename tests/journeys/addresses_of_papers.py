"""The public pages of papers: a certificate that counts, one that was taken back by two, and a transcript."""

from datetime import datetime

from flask import url_for
from sqlalchemy import select

from academy.accounts.models import Organisation, Person
from academy.base import clock
from academy.base.db import db
from academy.catalogue.models import Course
from academy.credentials import services_of_imports
from academy.credentials import services_of_revoking as revoking
from academy.credentials import services_of_transcripts as transcripts
from academy.credentials.models import Certificate, CertificateTemplate
from academy.credentials.queries_of_revoking import open_proposal
from academy.devdata import accounts as demo
from tests.factories.credentials import earlier_file
from tests.journeys.prepared import person


def pages_of_papers(holder: Person, administrator: Person, *, at: datetime) -> list[str]:
    """Return the register's pages of a holder's papers, and of one of somebody else's that was revoked."""
    others = Certificate.holder_id != holder.id, Certificate.expires_on > at.date(), Certificate.revoked_at.is_(None)
    revoked = db.session.scalars(select(Certificate).where(*others).order_by(Certificate.id)).first()
    waiting = open_proposal(revoked.id) or revoking.propose(
        revoked.id, reason_class="error", reason="صدرت خطأ", actor_id=holder.id, at=at
    )
    revoking.confirm(waiting.id, actor_id=administrator.id, at=at)
    valid = db.session.scalars(select(Certificate).where(Certificate.holder_id == holder.id)).first()
    transcript = transcripts.issue(holder, actor_id=holder.id, at=at)
    return [
        url_for("credentials.verified", number=valid.number),
        url_for("credentials.verified", number=revoked.number),
        url_for("credentials.verified_transcript", transcript_number=transcript.number),
    ]


def own_papers(holder: Person) -> list[str]:
    """Return what somebody sees of what they have learned: the transcript, and the hours by year."""
    names = ("credentials.transcript", "learning.credited_hours")
    mine = Certificate.holder_id == holder.id, Certificate.revoked_at.is_(None)
    paper = db.session.scalars(select(Certificate).where(*mine).order_by(Certificate.id)).first()
    asking = [url_for("credentials.ask_correction", number=paper.number)] if paper else []
    return [*(url_for(name, person_id=holder.id) for name in names), *asking]


def papers_to_administer() -> list[str]:
    """Return what administrators see of certificates: the list, one, proposals, keys, the looks with a draft that waits, imports."""
    paper = db.session.scalars(select(Certificate).where(Certificate.revoked_at.is_(None))).first()
    made = db.session.scalars(select(CertificateTemplate).order_by(CertificateTemplate.id)).first()
    return [
        url_for("credentials.administration"),
        url_for("credentials.record", number=paper.number),
        url_for("credentials.revocations"),
        url_for("credentials.proposed_corrections"),
        url_for("credentials.name_requests"),
        url_for("credentials.correct_certificate", number=paper.number),
        url_for("credentials.signing_keys"),
        url_for("credentials.certified_courses"),
        url_for("credentials.templates"),
        url_for("credentials.new_template"),
        url_for("credentials.organisation_template", organisation_id=person(demo.ADMINISTRATOR).organisation_id),
        url_for("credentials.import_certificates"),
        url_for("credentials.issue_certificates", key="cx-foundations"),
        *_imports(),
        *(url_for(f"credentials.{name}", template_key=made.key) for name in ("template", "template_draft")),
    ]


def _imports() -> list[str]:
    """A file of earlier certificates before anybody decides, and one that is imported in part."""
    me = person(demo.ADMINISTRATOR)
    who = db.session.scalars(
        select(Person).where(Person.organisation_id == me.organisation_id, Person.id != me.id)
    ).first()
    home, course = db.session.get_one(Organisation, me.organisation_id), db.session.scalars(select(Course)).first()
    rows = [f"{who.email},{course.key},2020-02-0{day},2021-02-03,OLD-{day}" for day in range(1, 4)]
    waiting, going = (
        earlier_file(me, home, *rows, f"nobody@example.test,{course.key},2020-02-01,,X", at=clock.now())
        for _ in range(2)
    )
    digest = services_of_imports.preview(going, today=clock.today()).digest
    services_of_imports.apply(going.id, digest, actor_id=me.id, at=clock.now())
    return [url_for("credentials.certificate_import", import_id=each.id) for each in (waiting, going)]
