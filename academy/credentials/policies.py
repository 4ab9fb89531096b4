"""Who may fetch, list and revoke certificates. The same scope guards pages and filters queries."""

from sqlalchemy import ColumnElement, false, func, select, true

from academy.accounts.kinds import add_setting
from academy.accounts.models import Organisation, Person
from academy.accounts.policies import manages, sees
from academy.base.access import (
    KEEPERS,
    TRAINER,
    Actor,
    UnlessLocked,
    allowed,
    anyone_signed_in,
    keeps,
    keeps_everywhere,
    kept_by,
    permit,
)
from academy.base.db import db
from academy.base.i18n import _l
from academy.catalogue.models import Course
from academy.catalogue.policies import EDIT_COURSE
from academy.credentials.models import Certificate, CertificateImport, Transcript
from academy.credentials.models_of_templates import PUBLISHED, CertificateTemplate, VersionFound
from academy.learning.policies import edits_programme


def organisation_of_holder() -> ColumnElement[int]:
    """Return the holder's organisation as a column: where they are now, or were at the issue if they are deleted."""
    now = select(Person.organisation_id).where(Person.id == Certificate.holder_id).correlate(Certificate)
    return func.coalesce(now.scalar_subquery(), Certificate.organisation_id)


def certificates_administered(actor: Actor) -> ColumnElement[bool]:
    """Return the filter on Certificate for those that an administrator looks after."""
    organisations = kept_by(actor)
    if organisations is None:
        return true()
    return organisation_of_holder().in_(organisations) if organisations else false()


def _administers(actor: Actor, certificate: Certificate) -> bool:
    if keeps_everywhere(actor):
        return True
    holder = _holder(certificate)
    organisation_id = holder.organisation_id if holder else certificate.organisation_id
    return organisation_id is not None and keeps(actor, organisation_id)


def _holder(certificate: Certificate) -> Person | None:
    return db.session.get(Person, certificate.holder_id) if certificate.holder_id is not None else None


def sees_as_keeper(actor: Actor, person: Person) -> bool:
    """Whether they may open what a person has earned: whoever may open the record, and who keeps the organisation's certificates."""
    return keeps(actor, person.organisation_id) or sees(actor, person)


def people_certified(actor: Actor) -> ColumnElement[bool]:
    """Return the filter on Person for those whose certificates the actor keeps."""
    organisations = kept_by(actor)
    if organisations is None:
        return true()
    return Person.organisation_id.in_(organisations) if organisations else false()


def organisations_kept(actor: Actor) -> ColumnElement[bool]:
    """Return the filter on Organisation for those whose certificates the actor keeps."""
    organisations = kept_by(actor)
    if organisations is None:
        return true()
    return Organisation.id.in_(organisations) if organisations else false()


def _fetches(actor: Actor, certificate: Certificate) -> bool:
    if certificate.holder_id == actor.person_id:
        return True
    holder = _holder(certificate)
    return _administers(actor, certificate) or (holder is not None and sees(actor, holder))


def _fetches_transcript(actor: Actor, transcript: Transcript) -> bool:
    if transcript.holder_id == actor.person_id:
        return True
    holder = db.session.get(Person, transcript.holder_id) if transcript.holder_id is not None else None
    if holder is not None:
        return sees_as_keeper(actor, holder)
    return transcript.organisation_id is not None and keeps(actor, transcript.organisation_id)


def _revokes(actor: Actor, certificate: Certificate) -> bool:
    # Else a partner's administrator could take back what the agency gave.
    issued_by_theirs = certificate.issuer_id is not None and keeps(actor, certificate.issuer_id)
    return keeps_everywhere(actor) or (issued_by_theirs and _administers(actor, certificate))


def _corrects(actor: Actor, certificate: Certificate) -> bool:
    return certificate.holder_id != actor.person_id and _revokes(actor, certificate)


def certificates_to_revoke(actor: Actor) -> ColumnElement[bool]:
    """Return the filter on Certificate for those that an administrator may revoke."""
    organisations = kept_by(actor)
    if organisations is None:
        return true()
    mine = certificates_administered(actor)
    return mine & Certificate.issuer_id.in_(organisations) if organisations else false()


def _edits_or_keeps(actor: Actor, course: Course) -> bool:
    return allowed(EDIT_COURSE, actor, course) or keeps(actor, course.organisation_id)


def _sees_import(actor: Actor, found: CertificateImport) -> bool:
    return (found.owner_id == actor.person_id or actor.auditing) and keeps(actor, found.organisation_id)


def imports_seen(actor: Actor) -> ColumnElement[bool]:
    """Return the filter on CertificateImport for the files that somebody sees: their own, or whoever's when they audit."""
    if not actor.auditing:
        return CertificateImport.owner_id == actor.person_id
    organisations = kept_by(actor)
    return true() if organisations is None else CertificateImport.organisation_id.in_(organisations)


def _keeps_any(actor: Actor, thing: object) -> bool:
    return keeps(actor)


OWN_CERTIFICATES = permit("credentials:certificate:own", anyone_signed_in, "Everyone sees their own certificates.")
FETCH_CERTIFICATE = permit(
    "credentials:certificate:fetch",
    _fetches,
    "Holders, their managers, administrators and credential officers fetch a certificate.",
)
SEE_TRANSCRIPTS = permit(
    "credentials:transcript:issue",
    sees_as_keeper,
    "People, their managers, administrators and credential officers issue a transcript of theirs.",
)
FETCH_TRANSCRIPT = permit(
    "credentials:transcript:fetch",
    _fetches_transcript,
    "Holders, their managers, administrators and credential officers fetch a transcript that was issued.",
)
LIST_CERTIFICATES = permit(
    "credentials:certificate:list",
    _keeps_any,
    "Administrators and credential officers list the certificates of their organisations.",
)
INSPECT_CERTIFICATE = permit(
    "credentials:certificate:inspect",
    _administers,
    "Administrators and credential officers look into the certificates of their organisations.",
)
IMPORT_CERTIFICATES = permit(
    "credentials:certificate:import",
    _keeps_any,
    "Administrators and credential officers import earlier certificates of their people, of what their organisation gives; those of the academy of everything.",
)
ISSUE_CERTIFICATES = permit(
    "credentials:certificate:issue",
    lambda actor, course: keeps(actor, course.organisation_id),
    "Administrators and credential officers issue certificates of their organisation's courses to those of their people who completed them before.",
)
SEE_IMPORT = permit(
    "credentials:import:see",
    _sees_import,
    "Administrators and credential officers see the files of certificates that they uploaded themselves.",
)
DECIDE_IMPORT = permit(
    "credentials:import:decide",
    lambda actor, found: found.owner_id == actor.person_id and keeps(actor, found.organisation_id),
    "Administrators and credential officers decide about the files of certificates that they uploaded themselves.",
)
REVOKE_CERTIFICATE = permit(
    "credentials:certificate:revoke",
    _revokes,
    "Administrators and credential officers of the academy revoke certificates; those of an organisation what it issued to its own people.",
)
HOLD_CERTIFICATE = permit(
    "credentials:certificate:hold",
    _revokes,
    "Those who may revoke a certificate suspend it by hand and let it count again.",
)
DECIDE_REVOCATION = permit(
    "credentials:revocation:decide",
    lambda actor, thing: _revokes(actor, thing.certificate),
    "Those who may revoke a certificate decline a proposed revocation; who proposed it withdraws it.",
)
CONFIRM_REVOCATION = permit(
    "credentials:revocation:confirm",
    lambda actor, thing: thing.proposal.proposed_by_id != actor.person_id and _revokes(actor, thing.certificate),
    "Those who may revoke a certificate confirm a revocation that another person proposed.",
)
ASK_CORRECTION = permit(
    "credentials:correction:ask",
    lambda actor, certificate: certificate.holder_id == actor.person_id,
    "Only the holder asks for another name on a certificate.",
)
WITHDRAW_REQUEST = permit(
    "credentials:correction_request:withdraw",
    lambda actor, thing: thing.certificate.holder_id == actor.person_id,
    "Only the holder takes back that they asked for another name on a certificate.",
)
REFUSE_REQUEST = permit(
    "credentials:correction_request:refuse",
    lambda actor, thing: _corrects(actor, thing.certificate),
    "Those who may correct a certificate refuse a holder's request for another name, with a reason; never their own.",
)
SEE_PROOF = permit(
    "credentials:correction_request:proof",
    lambda actor, thing: thing.certificate.holder_id == actor.person_id or _corrects(actor, thing.certificate),
    "The holder and those who may correct the certificate open the proof of a name, until it is decided.",
)
CORRECT_CERTIFICATE = permit(
    "credentials:certificate:correct",
    _corrects,
    "Those who may revoke a certificate correct the name on it by issuing it anew, or propose that; never on their own.",
)
DECIDE_CORRECTION = permit(
    "credentials:correction:decide",
    lambda actor, thing: _corrects(actor, thing.certificate),
    "Those who may correct a certificate decline a proposed correction; who proposed it withdraws it.",
)
CONFIRM_CORRECTION = permit(
    "credentials:correction:confirm",
    lambda actor, thing: thing.proposal.proposed_by_id != actor.person_id and _corrects(actor, thing.certificate),
    "Those who may correct a certificate confirm a correction that another person proposed.",
)
DECIDE_DOUBT = permit(
    "credentials:doubt:decide",
    lambda actor, thing: _revokes(actor, thing.certificate),
    "Those who may revoke a certificate decide whether it stands after a regrade took its basis.",
)
RENEW_CERTIFICATE = permit(
    "credentials:certificate:renew",
    lambda actor, certificate: certificate.holder_id == actor.person_id,
    "Only the holder begins to renew a certificate.",
)
RENEW_FOR = permit(
    "credentials:certificate:renew-for",
    lambda actor, held: held.holder.id != actor.person_id and manages(actor, held.holder),
    "Managers begin to renew the certificates of the people in their team.",
)
EDIT_RECERTIFICATION = permit(
    "credentials:recertification:edit",
    _edits_or_keeps,
    "Those who may edit a course and its credential officers decide how its certificates are renewed, and see whom that concerns.",
)
ROTATE_KEYS = permit(
    "credentials:key:rotate",
    lambda actor, thing: keeps_everywhere(actor),
    "Administrators and credential officers of the academy see the keys that sign badges and propose to replace the one in use.",
)
CONFIRM_KEY = permit(
    "credentials:key:confirm",
    lambda actor, proposal: keeps_everywhere(actor) and proposal.proposed_by_id != actor.person_id,
    "Administrators and credential officers of the academy confirm that a key is replaced, as another person proposed.",
)
DECIDE_KEY = permit(
    "credentials:key:decide",
    lambda actor, proposal: keeps_everywhere(actor),
    "They decline a proposed replacement too; who proposed it withdraws it.",
)


def templates_administered(actor: Actor) -> ColumnElement[bool]:
    """Return the filter on CertificateTemplate for those that an administrator looks after."""
    organisations = kept_by(actor)
    if organisations is None:
        return true()
    return CertificateTemplate.organisation_id.in_(organisations) if organisations else false()


def _designs(actor: Actor, template: CertificateTemplate) -> bool:
    if template.organisation_id is None:
        return keeps_everywhere(actor)
    return keeps(actor, template.organisation_id)


LOOK = add_setting("certificates", _l("Look of certificates"))
# An organisation's own template looks as it was published: whoever publishes another version changes the look as well.
_sets_look = UnlessLocked(LOOK, _designs, KEEPERS)


def _sees_version(actor: Actor, found: VersionFound) -> bool:
    template, published = found.template, found.version.state == PUBLISHED
    teaches = actor.has(TRAINER) if template.organisation_id is None else actor.has(TRAINER, template.organisation_id)
    own = template.organisation_id is None and keeps(actor)
    return _designs(actor, template) or (published and (teaches or own))


LIST_TEMPLATES = permit(
    "credentials:template:list",
    _keeps_any,
    "Administrators and credential officers list the templates of their organisations.",
)
CREATE_TEMPLATE = permit(
    "credentials:template:create",
    _keeps_any,
    "Administrators and credential officers of the academy make templates of certificates for everyone; those of an organisation for their own.",
)
EDIT_TEMPLATE = permit(
    "credentials:template:edit", _designs, "Who looks after a template edits its draft and asks for approval."
)
PUBLISH_TEMPLATE = permit(
    "credentials:template:publish",
    _sets_look,
    "Who looks after a template approves its draft, unless they edited it last, or the academy keeps the look for itself.",
)
USE_TEMPLATE = permit(
    "credentials:template:use",
    _sets_look,
    "Who looks after a template says for whose certificates it is used, unless the academy keeps that for itself.",
)
SEE_TEMPLATE = permit(
    "credentials:template:see",
    _sees_version,
    "Who looks after a template sees all its versions; who may choose it for a course the published one.",
)
CHOOSE_TEMPLATE = permit(
    "credentials:template:choose",
    _edits_or_keeps,
    "Those who may edit a course and its credential officers choose the template of its certificates.",
)
CHOOSE_FOR_PROGRAMME = permit(
    "credentials:template:choose_for_programme",
    edits_programme,
    "Those who may edit a programme choose the template of its certificates.",
)
CHOOSE_FOR_ORGANISATION = permit(
    "credentials:template:choose_for_organisation",
    UnlessLocked(LOOK, lambda actor, organisation: keeps(actor, organisation.id), KEEPERS),
    "An organisation's administrators and credential officers choose the template of all that it issues, unless the academy keeps that for itself.",
)
RETIRE_TEMPLATE = permit(
    "credentials:template:retire",
    _sets_look,
    "Who looks after a template proposes to retire it, and a second person of them agrees or keeps it, unless the academy keeps the look for itself.",
)
