"""Leaving a partner suspends what depended on it; joining another revives it (R20, R22, ID12)."""

import pytest
from sqlalchemy import select

from academy.accounts import services as accounts
from academy.accounts.models import Academy, Person, RoleGrant
from academy.base import clock, jobs
from academy.base.audit import AuditEntry
from academy.base.db import db
from academy.base.errors import Conflict
from academy.base.text import LocalizedText
from academy.credentials import queries as credentials
from academy.credentials import services_of_correcting
from academy.credentials.models import Certificate, CertificateHold
from academy.notices.models import Letter, Notice
from academy.partners import services
from academy.partners.models import Leaving
from academy.partners.queries_of_serving import roster_on
from tests.concurrency import crowd_app, prepared, run_together, winners  # noqa: F401
from tests.factories import accounts as people
from tests.factories import credentials as papers
from tests.factories import partners

STRANGER_SAYS = "هذه الشهادة معلّقة"


def line_of(person, day=None):
    today = clock.today()
    found = roster_on(person.organisation_id, day or today, today=today, person_id=person.id).lines
    return (found[0].verdict.may.value, found[0].verdict.why.value) if found else None


@pytest.fixture
def scene(app):
    course, other = partners.required_course(), partners.required_course()
    first, second = partners.partner(), partners.partner(seats=3)
    for of in (first, second):
        partners.agreement(of, course)
    who = partners.member(first, language="ar")
    people.account(who)
    return first, second, who, partners.certified(who, course), partners.certified(who, other), course


def test_leaving_suspends_what_the_agreements_ask_for_and_nothing_else(scene, browser, visit):
    """ID12"""
    first, _second, who, paper, other, _course = scene
    admin = people.administrator(first, everywhere=False)
    theirs, mine = visit(who), visit(admin)
    assert line_of(who) == ("serve", "certified")
    mine.get(f"/admin/partners/people/{who.id}/leave")
    page = mine.post(f"/admin/partners/people/{who.id}/leave", {"reason": "contract", "note": "CANARYNOTE انتهى"})
    assert "انتهت العضوية" in page.words
    assert line_of(who) == ("not", "left")
    theirs.get("/certificates", status=302)
    answer = browser.get(f"/verify/{paper.number}")
    assert STRANGER_SAYS in answer.words and "CANARYNOTE" not in answer.words
    assert credentials.register_entry(paper.number).state_on(clock.today()) == "held"
    assert credentials.register_entry(other.number).state_on(clock.today()) == "valid"
    letter = db.session.scalar(select(Letter).where(Letter.person_id == who.id, Letter.kind == "membership_ended"))
    assert first.name.ar in letter.text
    assert "انتهت العضوية" in mine.get(f"/admin/partners/people/{who.id}/leave").words
    mine.post(f"/admin/partners/people/{who.id}/leave", {"reason": "other"}, status=422)


def test_joining_another_partner_revives_it_and_the_first_sees_nothing_of_it(scene, browser, visit):
    """ID12: the certificate counts again, the seat is taken, roles stay behind."""
    first, second, who, paper, _other, _course = scene
    people.grant(who, "manager", first)
    root, admin = visit(people.administrator()), people.administrator(first, everywhere=False)
    root.get(f"/admin/partners/people/{who.id}/join", status=404)
    services.end_membership(who, reason="resigned", actor_id=admin.id, at=clock.now())
    visit(admin).get(f"/admin/partners/people/{who.id}/join", status=404)
    root.get(f"/admin/partners/people/{who.id}/join")
    root.post(f"/admin/partners/people/{who.id}/join", {"organisation_id": "99999999"}, status=422)
    root.post(f"/admin/partners/people/{who.id}/join", {"organisation_id": str(second.id)})
    who = db.session.get(Person, who.id)
    assert (who.organisation_id, who.state) == (second.id, "active")
    assert line_of(who) == ("serve", "certified")
    assert "هذه الشهادة سارية" in browser.get(f"/verify/{paper.number}").words
    assert not db.session.scalars(select(RoleGrant).where(RoleGrant.person_id == who.id)).all()
    for path in (
        f"/admin/people/{who.id}",
        f"/admin/partners/people/{who.id}/leave",
        f"/admin/certificates/{paper.number}",
    ):
        visit(admin).get(path, status=404)
    assert db.session.scalar(select(Leaving.returned_at).where(Leaving.person_id == who.id)) is not None


def test_an_expired_certificate_does_not_come_back_to_life(scene):
    """R22"""
    first, second, _who, _paper, _other, course = scene
    late = partners.member(first)
    people.account(late)
    paper = papers.certificate(late, course, at=partners.moment(800))
    services.end_membership(late, reason="resigned", actor_id=None, at=clock.now())
    services.join_partner(late, second.id, actor_id=None, at=clock.now())
    assert credentials.register_entry(paper.number).state_on(clock.today()) == "expired"
    assert line_of(late) == ("accompanied", "new")


def test_nobody_hears_that_a_revoked_or_ended_certificate_counts_again(scene):
    """R22: coming back ends the suspension of all of them, and makes none of these count."""
    _first, second, who, paper, _other, _course = scene
    ended = papers.certificate(who, partners.required_course(), at=partners.moment(800))
    db.session.add(CertificateHold(certificate_id=ended.id, reason_class="membership", held_at=clock.now()))
    services.end_membership(who, reason="resigned", actor_id=None, at=clock.now())
    papers.revoked(paper, at=clock.now())
    services.join_partner(who, second.id, actor_id=None, at=clock.now())
    assert db.session.scalars(select(CertificateHold.id).where(CertificateHold.released_at.is_(None))).all() == []
    told = select(Notice.id).where(Notice.person_id == who.id, Notice.kind == "certificate_released")
    assert db.session.scalars(told).all() == []
    counted = select(AuditEntry.subject_id).where(AuditEntry.act == "credentials:certificate:release")
    assert paper.id not in db.session.scalars(counted).all()


def test_a_full_partner_admits_nobody_and_nothing_is_half_done(scene):
    """ID12"""
    first, second, who, _paper, _other, _course = scene
    for _each in range(3):
        people.person(of=second)
    services.end_membership(who, reason="resigned", actor_id=None, at=clock.now())
    with pytest.raises(accounts.NoSeatLeft):
        services.join_partner(who, second.id, actor_id=None, at=clock.now())
    assert (who.organisation_id, line_of(who)) == (first.id, ("not", "left"))


def test_coming_back_to_the_same_partner_revives_too_and_gives_no_new_grace(scene):
    """R20"""
    first, _second, who, paper, _other, _course = scene
    unproven = partners.member(first, days=40)
    people.account(unproven)
    for each in (who, unproven):
        services.end_membership(each, reason="resigned", actor_id=None, at=clock.now())
        accounts.revive(each, actor_id=None, at=clock.now())
    assert credentials.register_entry(paper.number).state_on(clock.today()) == "valid"
    assert (line_of(who), line_of(unproven)) == (("serve", "certified"), ("not", "missing"))


def test_a_plain_suspension_is_no_leaving(scene):
    first, _second, who, paper, _other, _course = scene
    accounts.suspend(who, reason="x", actor_id=None, at=clock.now())
    assert line_of(who) == ("not", "suspended")
    assert credentials.register_entry(paper.number).state_on(clock.today()) == "valid"
    with pytest.raises(Conflict):
        services.join_partner(who, scene[1].id, actor_id=None, at=clock.now())


def test_a_certificate_issued_after_the_leaving_is_suspended_at_once(scene):
    """R22: a completion is told by a job, which may run later."""
    first, _second, _who, _paper, _other, course = scene
    late = partners.member(first)
    place = papers.completed(late, course, at=partners.moment(1))
    services.end_membership(late, reason="resigned", actor_id=None, at=clock.now())
    jobs.enqueue("credentials.issue", enrolment_id=place.id)
    db.session.flush()
    jobs.KINDS["credentials.issue"].run(enrolment_id=place.id)
    assert [row.held_class for row in credentials.certificates_of(late.id)] == ["membership"]


@pytest.mark.parametrize("who", ["other_admin", "manager", "learner"])
def test_nobody_else_ends_a_membership(scene, visit, who):
    """ID12: whose people they are not finds no such page."""
    first, second, member, *_rest = scene
    others = {
        "other_admin": lambda: people.administrator(second, everywhere=False),
        "manager": lambda: people.manager(people.org_unit(first)),
        "learner": lambda: people.person(of=first),
    }
    browser = visit(others[who]())
    browser.get(f"/admin/partners/people/{member.id}/leave", status=404)
    browser.post(f"/admin/partners/people/{member.id}/leave", {"reason": "other"}, status=404)
    assert line_of(member) == ("serve", "certified")


@pytest.mark.concurrency
def test_a_membership_ends_once_however_often_it_is_asked_at_once(crowd_app):  # noqa: F811
    with prepared(crowd_app):
        of, course = partners.partner(), partners.required_course()
        partners.agreement(of, course)
        who = partners.member(of)
        partners.certified(who, course)
        who_id = who.id

    def leave(_number):
        return services.end_membership(db.session.get(Person, who_id), reason="other", actor_id=None, at=clock.now()).id

    outcomes = run_together(6, leave, app=crowd_app)
    assert len(winners(outcomes)) == 1, outcomes
    with crowd_app.app_context():
        assert len(db.session.scalars(select(CertificateHold)).all()) == 1


@pytest.mark.concurrency
def test_a_certificate_corrected_while_its_holder_leaves_is_suspended_too(crowd_app):  # noqa: F811
    """R13, R20: neither act fails on the other, and the new certificate is not left standing."""
    with prepared(crowd_app):
        course, of = partners.required_course(), partners.partner()
        partners.agreement(of, course)
        db.session.get_one(Academy, 1).two_person_revocation = False
        actor_id, crew = people.administrator().id, []
        for _each in range(5):
            who = partners.member(of)
            crew.append((who.id, partners.certified(who, course).id))

    def act(n: int) -> object:
        person_id, paper_id = crew[n // 2]
        if n % 2:
            name, at = LocalizedText("نورة", "Noura"), clock.now()
            return services_of_correcting.correct(paper_id, name=name, reason="x", actor_id=actor_id, at=at).id
        person = db.session.get_one(Person, person_id)
        return services.end_membership(person, reason="resigned", actor_id=None, at=clock.now()).id

    outcomes = run_together(10, act, app=crowd_app)
    assert winners(outcomes) == outcomes
    with prepared(crowd_app):
        standing = db.session.query(Certificate).filter_by(revoked_at=None).all()
        assert [each.held_class for each in standing] == ["membership"] * 5
