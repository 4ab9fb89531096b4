"""Every page of the academy with the people who open it, its addresses filled from a prepared academy."""

from collections.abc import Callable, Iterable
from datetime import timedelta

from flask import Flask, url_for
from sqlalchemy import select, update
from werkzeug.exceptions import HTTPException
from werkzeug.routing import RequestRedirect

from academy.accounts import services as accounts
from academy.accounts.models import Organisation, OrgUnit, Person
from academy.assessment import services as assessment
from academy.assessment.models import (
    Attempt,
    QuizVersion,
)
from academy.assessment.queries_of_attempts import lines, sheets
from academy.assessment.queries_of_groups import Reach
from academy.base import clock
from academy.base.db import db, transaction
from academy.catalogue.models import Activity
from academy.catalogue.queries import published_version
from academy.competencies.models import Competency, Evidence
from academy.devdata import accounts as demo
from academy.learning import services as learning
from academy.learning.models import Enrolment, PlaceRequest, ProgrammeEnrolment
from academy.notices import services as notices
from academy.notices.models import Announcement, Letter
from tests.journeys.addresses_of_access import pages_of_both, ways_in
from tests.journeys.addresses_of_discussions import discussions_to_moderate, discussions_to_read
from tests.journeys.addresses_of_duties import calendar_pages, rule_pages
from tests.journeys.addresses_of_evidence import (
    evidence_pages_of_administrators,
    evidence_pages_of_employees,
    evidence_pages_of_managers,
)
from tests.journeys.addresses_of_exemptions import asking_pages, assignment_page, exemption_page, mailing_page
from tests.journeys.addresses_of_frameworks import framework_pages
from tests.journeys.addresses_of_messages import message_pages, moderating_pages
from tests.journeys.addresses_of_papers import own_papers, pages_of_papers, papers_to_administer
from tests.journeys.addresses_of_partners import (
    accreditation_pages_of_the_committee,
    partner_pages_of_the_academy,
    partner_pages_of_the_partner,
    signed_papers,
)
from tests.journeys.addresses_of_reports import report_pages
from tests.journeys.addresses_of_reports import rule_pages as suppression_pages
from tests.journeys.addresses_of_trainers import (
    bank_pages,
    content_review_pages,
    programme_pages,
    question_pages,
    trainer_pages,
)
from tests.journeys.marking_addresses import doubt_pages, marking_pages, regrade_pages, written_pages
from tests.journeys.prepared import (
    PEOPLE,
    course,
    first,
    person,
)


def public_pages() -> list[str]:
    """Return the pages for people who have not signed in."""
    at, holder = clock.now(), person(demo.EMPLOYEE)
    return [
        url_for("home.start"),
        *ways_in(holder, at=at),
        url_for("notices.ask_to_stop", token=stop_token(holder)),
        url_for("learning.decide_by_letter", token=decision_link()),
        url_for("learning.decide_by_letter", token="of-another-time"),
        url_for("learning.catalogue"),
        url_for("learning.catalogue", q="xyzzy"),
        url_for("learning.course", key="cx-foundations"),
        url_for("catalogue.glossary"),
        url_for("catalogue.glossary", q="رحلة", order="en"),
        url_for("catalogue.glossary", q="xyzzy"),
        url_for("assessment.quit_safe_browser"),
        url_for("credentials.verify"),
        url_for("credentials.verify", number="CXA-000"),
        *pages_of_papers(holder, person(demo.ADMINISTRATOR), at=at),
        *signed_papers(),
        url_for("gallery.gallery"),
        "/no-such-page",
    ]


def stop_token(who: Person) -> str:
    """Return the signed part of the address that stops somebody's letters about assigned courses."""
    return notices.stop_address(who.id, "course_assigned").rsplit("/", 1)[-1]


def learner_pages() -> list[str]:
    """Return the pages that everybody has who learns."""
    return [
        url_for("home.start"),
        url_for("learning.catalogue"),
        url_for("learning.mine"),
        url_for("learning.my_hours"),
        url_for("learning.programmes"),
        url_for("credentials.mine"),
        *own_papers(person(demo.EMPLOYEE)),
        url_for("competencies.mine"),
        url_for("notices.mine"),
        url_for("notices.choices"),
        url_for("learning.own_calendar"),
        url_for("learning.requests"),
    ]


def places_of_types(attempt_id: int) -> list[int]:
    """Return the place of one question of each type that an attempt has."""
    kinds = {sheet.control.kind: sheet.position for sheet in sheets(attempt_id)}
    return sorted(kinds.values())


def employee_pages() -> list[str]:
    """Return everything an employee sees in the middle of a course: activities of each kind, an attempt, a result."""
    me, at = person(demo.EMPLOYEE), clock.now()
    begun = first(Enrolment, Enrolment.learner_id == me.id, Enrolment.course_id == course("cx-measurement").id)
    done = first(Enrolment, Enrolment.learner_id == me.id, Enrolment.course_id == course("cx-foundations").id)
    pages = learner_pages()
    pages += [url_for("learning.course", key=key) for key in ("cx-foundations", "cx-measurement", "service-design")]
    for enrolment, kinds in ((begun, ("lesson", "quiz")), (done, ("lesson", "classify", "quiz"))):
        for kind in kinds:
            activity = first(Activity, Activity.version_id == enrolment.version_id, Activity.kind == kind)
            pages.append(url_for("learning.activity", enrolment_id=enrolment.id, activity_key=activity.key))
    quiz = first(Activity, Activity.version_id == begun.version_id, Activity.kind == "quiz")
    attempt = assessment.start_attempt(quiz.content["quiz_version_id"], me.id, cycle=begun.cycle, at=at)
    pages += [url_for("assessment.attempt", attempt_id=attempt.id, q=place) for place in (1, len(lines(attempt.id)))]
    pages.append(url_for("assessment.review", attempt_id=attempt.id))
    graded = first(Attempt, Attempt.learner_id == me.id, Attempt.state == "graded")
    return [
        *pages,
        url_for("learning.start_attempt", enrolment_id=begun.id, activity_key=quiz.key),
        url_for("assessment.result", attempt_id=graded.id),
        url_for("learning.programme", programme_key="frontline-certificate"),
        url_for("learning.programme", programme_key="cx-practitioner"),
        url_for("learning.ask_for_course", key="service-design"),
        *asking_pages(me),
        url_for("learning.ask_for_programme", programme_key="cx-practitioner"),
        url_for("assessment.my_receipts", attempt_id=attempt.id),
        url_for("assessment.my_receipts", attempt_id=graded.id),
        url_for("competencies.my_evidence", key=proven_competency(me.id)),
        url_for("competencies.framework"),
        *evidence_pages_of_employees(),
        url_for("accounts.preferences"),
        url_for("accounts.password"),
        url_for("accounts.address"),
        url_for("accounts.sessions"),
        "/admin/people",
        "/no-such-page",
    ]


def proven_competency(person_id: int) -> str:
    """Return the key of a competency that a person has evidence for."""
    return first(Competency, Competency.id == first(Evidence, Evidence.person_id == person_id).competency_id).key


def waiting_request() -> int:
    """Return the id of a request that waits for the manager."""
    return first(PlaceRequest, PlaceRequest.state == "waiting").id


def decision_link() -> str:
    """Return the token of a letter's link to a request that waits."""
    manager = person(demo.MANAGER)
    return learning.make_link(waiting_request(), manager.id, at=clock.now())


def manager_pages() -> list[str]:
    """Return what somebody who leads a team sees."""
    member = person(demo.EMPLOYEE)
    return [
        url_for("home.start"),
        url_for("insights.team"),
        url_for("insights.team", state="overdue"),
        url_for("learning.requests"),
        url_for("learning.decide_request", request_id=waiting_request()),
        url_for("learning.exemptions"),
        url_for("mailings.mailings"),
        url_for("mailings.new_mailing"),
        *(mailing_page(person(demo.MANAGER), door) for door in ("mailing", "edit_mailing")),
        url_for("learning.propose_exemption", person_id=member.id),
        url_for("insights.team", q="xyzzy"),
        url_for("insights.competency_map"),
        url_for("insights.readiness"),
        url_for("insights.readiness_people", verdict="lacking"),
        url_for("accounts.deputy"),
        url_for("insights.compliance_at"),
        url_for("insights.trends"),
        url_for("insights.month_places", figure="overdue"),
        url_for("insights.team", state="stuck"),
        url_for("insights.compliance_at", on="xyzzy", q="xyzzy"),
        url_for("insights.compliance_rows", status="overdue"),
        url_for("insights.person", person_id=member.id),
        url_for("insights.person", person_id=person(demo.NEWCOMER).id),
        url_for("insights.assign"),
        url_for("insights.assignments"),
        assignment_page(person(demo.MANAGER), person(demo.EMPLOYEE)),
        url_for("insights.assign", scope="direct", course="cx-measurement"),
        url_for("competencies.person", person_id=member.id),
        url_for("competencies.evidence", person_id=member.id, key=proven_competency(member.id)),
        *evidence_pages_of_managers(),
    ]


def deputy_pages() -> list[str]:
    """Return what somebody sees who stands in for another manager and is a matrix manager."""
    lent, member = f"d{person(demo.MANAGER).id}", person(demo.EMPLOYEE)
    return [
        url_for("home.start"),
        url_for("accounts.deputy"),
        url_for("insights.team"),
        url_for("insights.team", scope=lent),
        url_for("insights.team", scope="matrix"),
        url_for("insights.assign", scope=lent),
        url_for("competencies.evidence", person_id=member.id, key=proven_competency(member.id)),
    ]


def director_pages() -> list[str]:
    """Return what somebody who leads the whole agency sees."""
    pages = [url_for("home.start"), url_for("insights.team"), url_for("insights.competency_map")]
    return [*pages, *accreditation_pages_of_the_committee()]


def administrator_pages() -> list[str]:
    """Return the administration as the administrator of the academy sees it."""
    me, at = person(demo.ADMINISTRATOR), clock.now()
    member, agency = person(demo.EMPLOYEE), db.session.get_one(Organisation, me.organisation_id)
    document = accounts.read_people(PEOPLE.encode(), "people.csv")
    plan = accounts.keep_plan(document, organisation_id=agency.id, file_name="people.csv", owner_id=me.id, at=at)
    suspended = first(Person, Person.organisation_id == agency.id, Person.state == "active", Person.id > member.id + 10)
    suspended.state = "suspended"
    excused = first(Person, Person.organisation_id == agency.id, Person.state == "active", Person.id > member.id + 20)
    unit = first(OrgUnit, OrgUnit.organisation_id == agency.id)
    letter = first(Letter, Letter.kind != "deputy")
    told = first(Announcement, Announcement.state == "published")
    draft = first(Announcement, Announcement.state == "draft")
    pages = [exemption_page(excused, me)]
    pages += [
        url_for(f"administration.{name}") for name in ("organisations", "new_organisation", "people", "new_person")
    ]
    pages += [
        url_for(f"administration.{name}", organisation_id=agency.id)
        for name in ("organisation", "edit_organisation", "new_unit")
    ]
    pages += [
        url_for(f"administration.{name}", person_id=member.id)
        for name in (
            "person",
            "edit_person",
            "give_role",
            "suspend_person",
            "anonymise",
            "hold_person",
            "name_deputy",
            "add_matrix_manager",
        )
    ]
    return [
        url_for("home.start"),
        url_for("notices.announcements"),
        url_for("notices.announcement", announcement_id=told.id),
        url_for("notices.kept_announcements"),
        url_for("notices.new_announcement"),
        url_for("notices.kept_announcement", announcement_id=told.id),
        url_for("notices.kept_announcement", announcement_id=draft.id),
        url_for("notices.edit_announcement", announcement_id=draft.id),
        *pages,
        *accommodation_pages(member),
        url_for("administration.unit", unit_id=unit.id),
        url_for("administration.person", person_id=suspended.id),
        url_for("administration.people", q="xyzzy"),
        url_for("administration.import_people"),
        url_for("administration.import_preview", plan_id=plan.id),
        url_for("administration.audit"),
        url_for("administration.audit", day="xyzzy"),
        url_for("administration.jobs"),
        url_for("administration.settings"),
        url_for("notices.letters"),
        url_for("notices.letter_rules"),
        url_for("notices.wordings"),
        url_for("notices.wording_of", name="people_late"),
        url_for("notices.wording_versions", name="duty_ended"),
        url_for("notices.letter", letter_id=letter.id),
        url_for("catalogue.glossary"),
        url_for("catalogue.new_term"),
        url_for("catalogue.edit_term", term_key="nps"),
        *evidence_pages_of_administrators(),
        *partner_pages_of_the_academy(),
    ]


def accommodation_pages(member: Person) -> list[str]:
    """Return the pages on which a person is granted other limits, with something granted."""
    at, quiz = clock.now(), first(QuizVersion, QuizVersion.frozen_at.is_not(None)).quiz_id
    terms = assessment.Terms(extra_percent=50, extra_attempts=1, larger_text=True, no_clock=True, note="بطلبه")
    assessment.accommodate(member, terms, actor_id=person(demo.ADMINISTRATOR).id, at=at)
    dates = assessment.Dates(closes_at=at + timedelta(days=9))
    assessment.grant_dates(quiz, member, dates, actor_id=person(demo.ADMINISTRATOR).id, at=at)
    reach = Reach(member.organisation_id, "organisation")
    group = assessment.grant_group(
        reach, assessment.Terms(extra_percent=10), assessment.Dates(), quiz_id=None, everywhere=True,
        actor_id=person(demo.ADMINISTRATOR).id, at=at,
    )  # fmt: skip
    names = ("assessment.accommodations", "assessment.person_dates")
    return [
        *(url_for(name, person_id=member.id) for name in names),
        url_for("assessment.accommodation_groups"),
        url_for("assessment.new_accommodation_group"),
        url_for("assessment.accommodation_group", group_id=group.id),
    ]


def partner_administrator_pages() -> list[str]:
    """Return the administration as the administrator of one partner sees it."""
    me = person(demo.PARTNER_ADMINISTRATOR)
    names = (
        "administration.people",
        "administration.new_person",
        "administration.import_people",
        "administration.audit",
    )
    return [
        url_for("home.start"),
        *map(url_for, names),
        url_for("administration.organisation", organisation_id=me.organisation_id),
        url_for("credentials.administration"),
        *partner_pages_of_the_partner(me),
        url_for("learning.participants", programme_key="partner-certificate"),
        url_for("learning.confirm_identity", programme_key="partner-certificate", person_id=waiting_colleague(me)),
    ]


def waiting_colleague(administrator: Person) -> int:
    """Return a participant of the partners' programme whom an administrator looks after."""
    colleague = Person.organisation_id == administrator.organisation_id, Person.id != administrator.id
    place = first(ProgrammeEnrolment, ProgrammeEnrolment.learner_id.in_(select(Person.id).where(*colleague)))
    return place.learner_id


def newcomer_pages() -> list[str]:
    """Return what somebody sees who has nothing yet but the quiz that has just been begun, all on one page."""
    quiz = first(
        Activity, Activity.version_id == published_version(course("service-design").id).id, Activity.kind == "quiz"
    )
    db.session.execute(
        update(QuizVersion).where(QuizVersion.id == quiz.content["quiz_version_id"]).values(layout="all")
    )
    at = clock.now()
    attempt = assessment.start_attempt(quiz.content["quiz_version_id"], person(demo.NEWCOMER).id, at=at)
    return [
        *learner_pages(),
        url_for("assessment.attempt", attempt_id=attempt.id),
        url_for("learning.programme", programme_key="frontline-certificate"),
    ]


def partner_pages() -> list[str]:
    """Return what a partner's person sees who has just been given a course by a colleague."""
    me, at = person(demo.PARTNER), clock.now()
    due = (at + timedelta(days=40)).date()
    learning.assign(course("cx-foundations").id, [me.id], by_id=me.id, due_on=due, at=at)
    begun = first(Enrolment, Enrolment.learner_id == me.id)
    sorting, quiz = (
        first(Activity, Activity.version_id == begun.version_id, Activity.kind == kind) for kind in ("classify", "quiz")
    )
    attempt = assessment.start_attempt(quiz.content["quiz_version_id"], me.id, cycle=begun.cycle, at=at)
    return [
        *learner_pages(),
        url_for("learning.course", key="cx-foundations"),
        url_for("messages.ask_trainer", key="cx-foundations"),
        url_for("learning.programme", programme_key="partner-certificate"),
        url_for("learning.undertaking", programme_key="partner-certificate", prerequisite_key="data_protection"),
        url_for("learning.activity", enrolment_id=begun.id, activity_key=sorting.key),
        url_for("learning.activity", enrolment_id=begun.id, activity_key=quiz.key),
        *(url_for("assessment.attempt", attempt_id=attempt.id, q=place) for place in places_of_types(attempt.id)),
    ]


Pages = Callable[[], list[str]]
PAGES: dict[str, tuple[demo.Account | None, Pages]] = {
    "anyone": (None, public_pages),
    "employee": (demo.EMPLOYEE, employee_pages),
    "newcomer": (demo.NEWCOMER, newcomer_pages),
    "partner": (demo.PARTNER, partner_pages),
    "person of two organisations": (demo.BOTH, pages_of_both),
    "trainer": (demo.TRAINER, trainer_pages),
    "trainer's questions": (demo.TRAINER, question_pages),
    "employee's written answers": (demo.EMPLOYEE, written_pages),
    "trainer's marking": (demo.TRAINER, marking_pages),
    "trainer's regrades": (demo.TRAINER, regrade_pages),
    "administrator's doubts": (demo.ADMINISTRATOR, doubt_pages),
    "trainer's programmes": (demo.TRAINER, programme_pages),
    "employee's discussions": (demo.EMPLOYEE, discussions_to_read),
    "trainer's moderation": (demo.TRAINER, discussions_to_moderate),
    "trainer's bank": (demo.TRAINER, bank_pages),
    "trainer's reviewer": (demo.REVIEWER, content_review_pages),
    "manager": (demo.MANAGER, manager_pages),
    "acting manager": (demo.DEPUTY, deputy_pages),
    "manager's reports": (demo.MANAGER, report_pages),
    "administrator's reports": (demo.ADMINISTRATOR, suppression_pages),
    "director": (demo.DIRECTOR, director_pages),
    "administrator": (demo.ADMINISTRATOR, administrator_pages),
    "administrator's papers": (demo.ADMINISTRATOR, papers_to_administer),
    "employee's messages": (demo.EMPLOYEE, message_pages),
    "administrator's messages": (demo.ADMINISTRATOR, moderating_pages),
    "administrator's calendar": (demo.ADMINISTRATOR, calendar_pages),
    "administrator's rules": (demo.ADMINISTRATOR, rule_pages),
    "administrator's frameworks": (demo.ADMINISTRATOR, framework_pages),
    "partner's administrator": (demo.PARTNER_ADMINISTRATOR, partner_administrator_pages),
}


def addresses(app: Flask, readers: Iterable[str] = tuple(PAGES)) -> dict[str, list[str]]:
    """Return the addresses of every page by who opens them, in an academy where all of them have something to show."""
    with app.test_request_context(), transaction():
        return {who: list(dict.fromkeys(PAGES[who][1]())) for who in readers}


def endpoint_of(app: Flask, path: str) -> str | None:
    """Return the endpoint that answers a GET of a path."""
    try:
        return app.url_map.bind("localhost").match(path, method="GET")[0]
    except RequestRedirect:
        return "redirect"
    except HTTPException:
        return None
