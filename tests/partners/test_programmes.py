"""Certificates of programmes decide who may serve as those of courses do (R17–R22, ID12, MT2)."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from academy.base import clock, jobs
from academy.base.db import db
from academy.credentials import queries as credentials
from academy.credentials import services_of_programmes
from academy.learning import services as courses
from academy.notices.models import Notice
from academy.partners import services
from academy.partners.accreditation.criteria import Case, certified_share, certified_supervisors
from academy.partners.models import Agreement, RequiredCertificate
from academy.partners.queries_of_serving import roster_on
from academy.partners.queries_of_shares import shares
from academy.partners.rules import PROGRAMME
from tests.factories import accounts as people
from tests.factories import accreditation as accrediting
from tests.factories import catalogue, learning, partners
from tests.factories import programmes as offers
from tests.factories.accounts import both

DAY = timedelta(days=1)
TITLE = both("شريك الخدمة المعتمد", "Certified Service Partner Agent")


@pytest.fixture
def scene(app):
    """A partner that asks for a course and a programme, and four people: with both, with each, and new without any."""
    course, programme = (
        partners.required_course(title=both("الأساسيات", "Basics")),
        partners.required_programme(title=TITLE),
    )
    of = partners.partner(name=both("جسور", "Jusoor"))
    agreement = partners.agreement(of, course, programme)
    whole, half, other = (partners.member(of, language="ar") for _each in range(3))
    for who in (whole, half):
        partners.certified(who, course)
    paper = partners.attested(whole, programme)
    partners.attested(other, programme)
    new = partners.member(of, days=2)
    partners.certified(new, course, days=1)
    return {"of": of, "course": course, "programme": programme, "agreement": agreement, "whole": whole, "half": half,
            "other": other, "new": new, "paper": paper}  # fmt: skip


def line_of(person, day=None):
    today = clock.today()
    found = roster_on(person.organisation_id, day or today, today=today, person_id=person.id).lines[0]
    return found.verdict.may.value, found.verdict.why.value, found.title.en if found.title else None


def state_of(paper):
    return credentials.register_entry(paper.number).state_on(clock.today())


def test_nobody_serves_without_the_certificate_of_the_programme(scene, visit):
    """R17, R18, ID12: on the page too, which names the programme that is lacking."""
    assert line_of(scene["whole"])[:2] == ("serve", "certified")
    assert line_of(scene["half"]) == ("not", "missing", TITLE.en)
    assert line_of(scene["other"]) == ("not", "missing", "Basics")
    assert line_of(scene["new"]) == ("accompanied", "new", TITLE.en)
    page = visit(people.administrator(scene["of"], everywhere=False)).get(f"/admin/partners/{scene['of'].id}/roster")
    assert "لا يحمل شهادة «شريك الخدمة المعتمد»" in page.words and "إتمام «شريك الخدمة المعتمد»" in page.words


def test_a_programme_completed_here_certifies_from_that_day_on(scene):
    """R17, R21: for past days too, by the records of then."""
    who, step = scene["half"], catalogue.course(audience="everyone", gives_certificate=False)
    programme = partners.required_programme(groups=[(None, [offers.for_course(step)])])
    services.close_agreement(
        scene["agreement"], clock.today() - DAY, "عقد جديد", actor_id=None, at=clock.now(), today=clock.today()
    )
    partners.agreement(scene["of"], programme, reference="NEW", starts_on=clock.today())
    assert line_of(who)[1] == "missing"
    place = offers.place(programme, who, at=partners.moment(9))
    learning.completed(courses.enrol(who.id, step.id, at=partners.moment(8)), at=partners.moment(1))
    services_of_programmes.issue_for_programme(place.id, at=clock.now())
    assert line_of(who)[:2] == ("serve", "certified")
    assert line_of(who, clock.today() - DAY)[1] == "missing"


def test_the_end_and_the_warnings_follow_the_certificate_that_ends_first(scene):
    """ID12: a programme's own; the letter names it."""
    who = partners.member(scene["of"])
    partners.certified(who, scene["course"])
    partners.attested(who, scene["programme"], days=100, lasts=130)
    line = next(
        each for each in roster_on(scene["of"].id, clock.today(), today=clock.today()).lines if each.person_id == who.id
    )
    assert (line.verdict.of.kind, line.verdict.until) == (PROGRAMME, clock.today() + 30 * DAY)
    for _again in range(2):
        jobs.KINDS["partners.warn"].run(organisation_id=scene["of"].id, day=clock.today().isoformat())
    told = db.session.scalars(select(Notice).where(Notice.person_id == who.id, Notice.kind == "serving_ends")).all()
    assert len(told) == 1 and TITLE.ar in str(told[0].values)


def test_leaving_suspends_it_and_joining_another_partner_lets_it_count(scene):
    """R19, R20: and one that is issued after the leaving is suspended at once."""
    who, second = scene["whole"], partners.partner(seats=3)
    people.account(who)
    partners.agreement(second, scene["programme"])
    services.end_membership(who, reason="contract", actor_id=None, at=clock.now())
    late = partners.attested(who, scene["programme"], days=50)
    assert (state_of(scene["paper"]), state_of(late)) == ("held", "held")
    services.join_partner(who, second.id, actor_id=None, at=clock.now())
    assert (state_of(scene["paper"]), state_of(late)) == ("valid", "valid")
    assert line_of(who)[0] == "serve"


def test_a_programme_that_no_agreement_asks_for_is_left_alone(scene):
    """R20: what does not depend on the membership goes on."""
    free = partners.attested(scene["whole"], partners.required_programme(audience="any"))
    services.end_membership(scene["whole"], reason="resigned", actor_id=None, at=clock.now())
    assert (state_of(free), state_of(scene["paper"])) == ("valid", "held")


def test_a_machine_asks_by_the_number_of_the_programmes_certificate(scene, browser):
    browser.get(f"/verify/{scene['paper'].number}/serving")
    said = browser.response.get_json()
    assert (said["may_serve"], set(said)) == ("serve", {"number", "may_serve", "until", "as_of"})


def test_shares_and_criteria_count_programmes(scene):
    """MT2, R17: the agency's view, and what accreditations are granted by."""
    of, today = scene["of"], clock.today()
    assert [(each.able, each.people) for each in shares([of.id], [today], today=today)[of.id]] == [(1, 4)]
    scheme = accrediting.queries.scheme_of(accrediting.scheme().id)
    case = Case(of.id, scheme, application_id=None, day=today)
    reading = certified_share(case, next(each for each in scheme.criteria if each.measure == "certified_share"))
    assert (reading.part, reading.whole, reading.met) == (1, 4, False)


def test_supervisors_may_be_asked_for_a_programme(scene):
    of, step = scene["of"], catalogue.course(audience="everyone")
    programme = partners.required_programme(groups=[(None, [offers.for_course(step)])], key="leading")
    boss = partners.member(of)
    people.grant(boss, "manager", of)
    shipped = accrediting.queries.scheme_of(accrediting.scheme().id)
    scheme = replace(shipped, supervisors_course="programme:leading")
    criterion = next(each for each in scheme.criteria if each.measure == "certified_supervisors")

    def met() -> bool:
        return certified_supervisors(Case(of.id, scheme, application_id=None, day=clock.today()), criterion).met

    assert not met()
    offers.place(programme, boss, at=partners.moment(9))
    learning.completed(courses.enrol(boss.id, step.id, at=partners.moment(8)), at=partners.moment(1))
    assert met()


def test_the_form_offers_both_kinds_by_name_and_refuses_what_it_does_not_offer(scene, visit):
    """ID12: programmes of the agency's own people alone are not offered; nothing typed is lost."""
    own, draft = offers.programme(audience="employee"), partners.required_programme(published=False)
    root, here = visit(people.administrator()), f"/admin/partners/{scene['of'].id}/agreements/new"
    page = root.get(here)
    assert "شهادة البرنامج «شريك الخدمة المعتمد»" in page.words and "شهادة المقرر «الأساسيات»" in page.words
    typed = {"reference": "CX-9", "starts_on": "2040-01-01", "ends_on": "2041-01-01", "grace_days": "0"}
    for each in (
        f"programme-{own.id}",
        f"programme-{draft.id}",
        "programme-999999",
        "badge-1",
        "programme-",
        "x" * 900,
    ):
        page = root.post(here, {**typed, "required": [each]}, status=422)
        assert page.select_one("[name=reference]")["value"] == "CX-9" and page.select_one(
            "#required .error, #required-error"
        )
    asked = [f"programme-{scene['programme'].id}", f"course-{scene['course'].id}"]
    page = root.post(here, {**typed, "required": asked})
    assert "شريك الخدمة المعتمد" in page.words and "الأساسيات" in page.words and "برنامج" in page.words
    row = db.session.scalar(select(Agreement).where(Agreement.reference == "CX-9"))
    kept = db.session.scalars(select(RequiredCertificate).where(RequiredCertificate.agreement_id == row.id)).all()
    assert {(each.course_id, each.programme_id) for each in kept} == {
        (scene["course"].id, None),
        (None, scene["programme"].id),
    }


@pytest.mark.parametrize(
    "given", [{}, {"course_id": "course", "programme_id": "programme"}, {"programme_id": "programme"}]
)
def test_the_database_keeps_a_line_of_exactly_one_thing_once(scene, given):
    row = RequiredCertificate(
        agreement_id=scene["agreement"].id, **{key: scene[value].id for key, value in given.items()}
    )
    db.session.add(row)
    with pytest.raises(IntegrityError):
        db.session.flush()


def test_the_roster_costs_the_same_with_programmes(scene, visit, statements):
    """No statement more for each person or each certificate that is asked for, page by page."""
    admin, here = visit(people.administrator(scene["of"], everywhere=False)), f"/admin/partners/{scene['of'].id}"
    pages = (here, f"{here}/roster", f"{here}/shares", f"/admin/partners/agreements/{scene['agreement'].id}")

    def costs() -> list[int]:
        found = []
        for page in pages:
            with statements() as seen:
                admin.get(page)
            found.append(len(seen))
        return found

    costs()
    before = costs()
    for _each in range(30):
        programme = partners.required_programme()
        db.session.add(RequiredCertificate(agreement_id=scene["agreement"].id, programme_id=programme.id))
        partners.attested(partners.member(scene["of"]), programme)
    partners.flush()
    assert costs() == before
    with statements() as seen:
        admin.get(f"{here}/roster?page=2")
    assert len(seen) == before[1]
