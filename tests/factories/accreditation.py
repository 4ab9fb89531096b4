"""Accreditations for tests: the shipped scheme, a partner that meets its first level, a committee, and what was granted."""

from academy.accounts import services as accounts
from academy.accounts.models import Organisation, Person
from academy.base import clock
from academy.base.db import db
from academy.catalogue.models import Course
from academy.devdata.reading import read_library
from academy.devdata.seeding.accreditation import scheme_in
from academy.partners.accreditation import queries, services
from academy.partners.accreditation.models import Accreditation, AccreditationApplication, AccreditationScheme
from academy.partners.accreditation.services import granting
from tests.factories import accounts as people
from tests.factories import catalogue, credentials, partners

REFS = ("promise", "blueprint", "data_rules", "exit_plan")
PDF = b"%PDF-1.4 "


def scheme() -> AccreditationScheme:
    """The scheme that the content ships."""
    return services.publish_scheme(scheme_in(read_library().programmes), actor_id=None, at=clock.now())


def member(**given) -> Person:
    """Somebody who sits on the committee."""
    who = people.person(**given)
    accounts.grant_role(who, "committee", at=clock.now())
    return who


def ready(of: Organisation, *, agents: int = 2) -> tuple[Course, list[Person], Person]:
    """Let a partner meet the first level: its agents certified, their supervisor through the course on measuring."""
    course, unit = partners.required_course(), people.org_unit(of)
    partners.agreement(of, course)
    boss = people.manager(unit)
    crew = [partners.member(of, unit=unit, manager=boss) for _ in range(agents)]
    for each in (boss, *crew):
        partners.certified(each, course)
    credentials.completed(boss, catalogue.course(key="cx-measurement", audience="everyone"))
    return course, crew, boss


def application(
    of: Organisation, by: Person, *, level: int = 1, submitted: bool = True, words: str = ""
) -> AccreditationApplication:
    """An application with all of its documents."""
    row = services.apply(of, level, words=words, actor_id=by.id, at=clock.now())
    for ref in REFS:
        services.hand_in(row, ref, PDF + ref.encode(), f"{ref}.pdf", actor_id=by.id, at=clock.now())
    if submitted:
        services.submit(row, actor_id=by.id, at=clock.now())
    return row


def before_committee(row: AccreditationApplication, reviewer: Person, *, proposed: int = 1) -> AccreditationApplication:
    """The application, its documents accepted, before the committee."""
    for rows in queries.documents_of(row.id).values():
        for each in rows:
            services.review_document(each.row, accepted=True, actor_id=reviewer.id, at=clock.now())
    services.send_to_committee(row, proposed, actor_id=reviewer.id, at=clock.now())
    return row


def decided(row: AccreditationApplication, members: list[Person], *, in_favour: bool = True) -> Accreditation | None:
    """What three votes of one mind decide."""
    for each in members:
        services.vote(row, in_favour=in_favour, reason="لأن الأدلة كافية", actor_id=each.id, at=clock.now())
    services.close_vote(row, reason="كما رأت اللجنة", actor_id=members[0].id, at=clock.now())
    return queries.in_force(row.organisation_id)


def granted_to(of: Organisation, *, words: str = "") -> Accreditation:
    """What was granted to a partner once, whatever its criteria say today."""
    at = clock.now()
    row = AccreditationApplication(
        organisation_id=of.id, scheme_id=scheme().id, purpose="accredit", level=1, state="committee", note=words, made_at=at,
        proposed_level=1, findings=[], found_at=at,
    )  # fmt: skip
    db.session.add(row)
    db.session.flush()
    made = granting.grant(row, at=at)
    row.state, row.accreditation_id, row.decided_at, row.decision_reason = "granted", made.id, at, words or "قرار"
    db.session.flush()
    return made
