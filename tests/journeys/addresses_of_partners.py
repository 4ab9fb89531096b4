"""The pages of partners, as the academy's administrator, a partner's own, and anybody see them."""

from flask import url_for

from academy.accounts.models import Organisation, Person
from academy.partners.accreditation.models import Accreditation, AccreditationApplication, ApplicationDocument
from academy.partners.models import Agreement, JoinRequest, Leaving, ServingRoster
from tests.journeys.prepared import first


def partner_pages_of_the_academy() -> list[str]:
    """Return what only the academy's administrator does, with somebody who left."""
    partner, left = first(Organisation, Organisation.kind == "partner"), first(Leaving)
    return [
        url_for("partners.partners"),
        *(
            url_for(f"partners.{name}", organisation_id=partner.id)
            for name in ("partner", "partner_shares", "seats", "new_agreement")
        ),
        url_for("partners.agreement", agreement_id=first(Agreement).id),
        url_for("partners.end_membership", person_id=left.person_id),
        url_for("partners.join_partner", person_id=left.person_id),
        *accreditation_pages_of_the_academy(),
    ]


def accreditation_pages_of_the_academy() -> list[str]:
    """Return what reviewers see: the list, what was granted, what waits, a document of it."""
    waiting = first(AccreditationApplication, AccreditationApplication.state == "submitted")
    document = first(ApplicationDocument, ApplicationDocument.application_id == waiting.id)
    return [
        url_for("accreditation.applications"),
        url_for("accreditation.standing", organisation_id=first(Accreditation).organisation_id),
        url_for("accreditation.application", application_id=waiting.id),
        url_for("accreditation.review", accreditation_document_id=document.id),
    ]


def accreditation_pages_of_the_committee() -> list[str]:
    """Return what a member of the committee sees: the list, and what they have decided."""
    decided = first(AccreditationApplication, AccreditationApplication.state == "granted")
    return [
        url_for("accreditation.applications"),
        url_for("accreditation.application", application_id=decided.id),
    ]


def partner_pages_of_the_partner(me: Person) -> list[str]:
    """Return what a partner's administrator looks after."""
    member = first(Person, Person.organisation_id == me.organisation_id, Person.id != me.id, Person.state == "active")
    mine = first(Agreement, Agreement.organisation_id == me.organisation_id)
    asked = first(AccreditationApplication, AccreditationApplication.organisation_id == me.organisation_id)
    return [
        *(
            url_for(f"partners.{name}", organisation_id=me.organisation_id)
            for name in (
                "partner",
                "partner_shares",
                "edit_partner",
                "roster",
                "partner_tokens",
                "requests",
                "edit_registration",
            )
        ),
        url_for(
            "partners.join_request",
            join_request_id=first(JoinRequest, JoinRequest.organisation_id == me.organisation_id).id,
        ),
        url_for("partners.roster", organisation_id=me.organisation_id, state="ending", on="xyzzy"),
        url_for("partners.agreement", agreement_id=mine.id),
        url_for("partners.end_membership", person_id=member.id),
        url_for("accreditation.standing", organisation_id=me.organisation_id),
        url_for("accreditation.application", application_id=asked.id),
    ]


def signed_papers() -> list[str]:
    """Return what anybody learns of a signed roster and of an accreditation."""
    return [
        url_for("partners.verify_roster", roster_number=first(ServingRoster).number),
        url_for("accreditation.verified", accreditation_number=first(Accreditation).number),
    ]
