"""The partner's house in the scene: an agreement with a document, contacts, somebody who left, and a signed roster."""

from datetime import timedelta

from sqlalchemy import select

from academy.accounts import services as accounts
from academy.base import clock
from academy.base.db import db
from academy.partners import services
from academy.partners.models import JoinRequest
from academy.partners.rules import COURSE, Required
from tests.factories import accounts as people
from tests.factories import accreditation as accrediting
from tests.factories.accounts import both
from tests.factories.catalogue import course


def add(scene, canary: str, about: dict) -> None:
    """Give the second house, which is a partner, what partners have; and set another partner beside it."""
    house, at, today = scene["b"], clock.now(), clock.today()
    named = both(f"مستهدف {canary}", f"Target {canary}")
    required = course(title=both("مقرر الشركاء", "Partners' course"), audience="everyone", key="for-partners")
    agreement = services.make_agreement(
        house.organisation, f"AG-{canary}", starts_on=today - timedelta(days=9), ends_on=today + timedelta(days=90),
        required=[Required(COURSE, required.id)], actor_id=None, at=at,
    )  # fmt: skip
    services.add_document(agreement, b"%PDF-1.4 target", f"{canary}.pdf", actor_id=None, at=at)
    services.change_profile(
        house.organisation, colour="#1d4f7c", contacts={"service": services.Contact(named.ar)}, actor_id=None, at=at
    )
    gone = people.person(of=house.organisation, unit=house.unit, **about)
    gone.search_text = accounts.people.search_text_of(gone.name, gone.email, None)
    services.end_membership(gone, reason="resigned", note=named.ar, actor_id=None, at=at)
    accounts.propose_anonymising(gone, named.ar, actor_id=house.administrator.id, at=at)
    _accredit(house, named)
    services.make_token(house.organisation, named.ar, actor_id=None, at=at)
    _ask_to_join(house, named, about)
    services.sign_roster(house.organisation, today, today=today, actor_id=None, at=at)


def _ask_to_join(house, named, about: dict) -> None:
    """Let strangers ask to join: one waits, one was refused, one has not confirmed; every text of them carries a canary."""
    services.change_registration(
        house.organisation, opened=True, domains="", ends_on=None, actor_id=None, at=clock.now()
    )
    for number, state in enumerate(("waiting", "refused", "unconfirmed")):
        services.ask_to_join(
            house.organisation, email=f"joins{number}.{about['email']}" if "email" in about else f"joins{number}@example.test",
            name=named, org_unit_id=house.unit.id, statement=named.ar, language="ar", network=None, at=clock.now(),
        )  # fmt: skip
        row = db.session.scalars(select(JoinRequest).order_by(JoinRequest.id.desc())).first()
        if state != "unconfirmed":
            services.confirm_request(row, at=clock.now())
        if state == "refused":
            services.refuse_request(row, named.ar, actor_id=house.administrator.id, at=clock.now())


def _accredit(house, named) -> None:
    """Let the partner be accredited, and let it apply for more: every text of both carries its canary."""
    accrediting.scheme()
    reviewer, members = people.administrator(), [accrediting.member() for _ in range(3)]
    first = accrediting.before_committee(
        accrediting.application(house.organisation, house.administrator), reviewer, proposed=0
    )
    accrediting.decided(first, members, in_favour=False)
    granted = accrediting.granted_to(house.organisation, words=named.ar)
    accrediting.services.propose_withdrawal(granted, reason=named.ar, actor_id=reviewer.id, at=clock.now())
    accrediting.application(house.organisation, house.administrator, level=2, words=named.ar)
