"""Certificates are issued once, for what was really completed, and state for ever what was true that day (P6)."""

from collections import defaultdict
from datetime import date, timedelta
from decimal import Decimal

import pytest
from sqlalchemy import delete, func, select, update

from academy import facts
from academy.accounts.models import Organisation, Person
from academy.base import bus, jobs
from academy.base.audit import AuditEntry
from academy.base.db import db
from academy.base.errors import Conflict, Invalid
from academy.base.ids import normalise_number
from academy.catalogue.models import Course, CourseTrainer, CourseVersion
from academy.credentials import queries, services
from academy.credentials.drawing import draw
from academy.credentials.models import Certificate, CertificateIsFrozen
from academy.credentials.rules import CertificateFacts
from academy.learning.models import Enrolment
from academy.notices.models import Letter, Notice
from tests.conftest import NOW
from tests.factories import accounts as people
from tests.factories import catalogue, credentials
from tests.factories.accounts import both
from tests.factories.credentials import DONE_AT

TODAY = NOW.date()
ZOO = [
    "مُحَمَّدٌ الـــعـتيبي لآلئ",
    "أحمد" + "ا\u0654مل",
    "Noura ٣ ۴",
    "آخر \u202eأول\u202c",
    "\u2067نورة\u2069 Noura",
    "نو\u200dرة",
    "Sara 👨‍👩‍👧‍👦 Ali",
    "م" * 255,
    "ن",
    "O'Brien",
    "<b>bold</b>",
    "{{7*7}}",
    "=1+1",
    "null",
    "None",
    "-0",
    "NaN",
    "王小明",
    "👍🏽",
]


@pytest.fixture
def issued(monkeypatch):
    """The facts CertificateIssued that were published, without anyone else listening."""
    heard = []
    listening = defaultdict(list, {**bus._listeners, facts.CertificateIssued: [heard.append]})
    monkeypatch.setattr(bus, "_listeners", listening)
    return heard


def test_a_completed_course_earns_its_certificate_once_however_often_it_is_asked(app, issued):
    """R17."""
    enrolment = credentials.completed()
    first = services.issue_for_completion(enrolment.id, at=NOW)
    again = services.issue_for_completion(enrolment.id, at=NOW + timedelta(days=1))
    assert first is again
    assert db.session.scalar(select(func.count()).select_from(Certificate)) == 1
    assert [fact.certificate_id for fact in issued] == [first.id]


def test_the_facts_are_frozen_from_person_course_and_academy(app, issued):
    holder = people.person(name=both("نورة العتيبي", "Noura Alotaibi"))
    owner = people.organisation(name=both("وكالة الخدمات", "Services Agency"))
    course = catalogue.course(owner, title=both("قياس التجربة", "Measuring"), hours=Decimal("12.5"), validity_months=24)
    row = credentials.certificate(holder, course)
    stated = CertificateFacts.from_json(row.facts)
    assert (stated.holder_name_ar, stated.holder_name_en) == ("نورة العتيبي", "Noura Alotaibi")
    assert (stated.title_ar, stated.title_en) == ("قياس التجربة", "Measuring")
    assert (stated.issuer_ar, stated.issuer_en) == ("وكالة الخدمات", "Services Agency")
    assert (stated.academy_en, stated.signer_name_en) == ("CX Academy", "Dr Sarah Alghamdi")
    assert stated.hours == Decimal("12.5")
    assert stated.verify_url == f"http://localhost/verify/{row.number.replace('-', '')}"
    assert normalise_number(row.number) == row.number
    assert row.credential == f"course:{course.key}"


def test_it_is_dated_by_the_day_of_completion_in_riyadh_even_if_issued_later(app, issued):
    enrolment = credentials.completed(at=DONE_AT)
    row = services.issue_for_completion(enrolment.id, at=DONE_AT + timedelta(days=4))
    assert row.issued_on == date(2026, 11, 3)
    assert row.expires_on == date(2028, 11, 3)
    assert row.issued_at == DONE_AT + timedelta(days=4)


def test_a_course_without_certificate_gives_none(app, issued):
    assert credentials.certificate(gives_certificate=False) is None
    assert not issued


def test_without_validity_it_has_no_time_limit(app, issued):
    assert credentials.certificate(validity_months=None).expires_on is None


def test_an_unfinished_course_gives_no_certificate(app, issued):
    """R22."""
    enrolment = credentials.completed()
    enrolment.state, enrolment.completed_at = "active", None
    db.session.flush()
    with pytest.raises(Conflict):
        services.issue_for_completion(enrolment.id, at=NOW)


def test_a_second_cycle_earns_a_certificate_of_its_own(app, issued):
    holder, course = people.person(), catalogue.course()
    first = credentials.certificate(holder, course)
    second_enrolment = Enrolment(
        learner_id=holder.id, course_id=course.id, version_id=db.session.get(Enrolment, first.enrolment_id).version_id,
        cycle=2, state="completed", enrolled_at=DONE_AT, completed_at=NOW, done=1, required=1,
    )  # fmt: skip
    db.session.add(second_enrolment)
    db.session.flush()
    second = services.issue_for_completion(second_enrolment.id, at=NOW)
    assert second.number != first.number
    assert [row.cycle for row in queries.certificates_of(holder.id)] == [2, 1]


@pytest.mark.parametrize("name", ZOO)
def test_any_name_is_stated_and_drawn(app, issued, name):
    """R19, text zoo."""
    row = credentials.certificate(people.person(name=both(name, "")))
    assert draw(CertificateFacts.from_json(row.facts)).startswith(b"%PDF-")
    stated = row.facts["holder_name_ar"]
    assert stated.strip() and not set(stated) & set("\u202e\u202c\u2067\u2069\n\t")


def test_the_holder_is_told_once_and_where_to_fetch_it(app):
    holder = people.person(language="ar")
    row = credentials.certificate(holder, title=both("قياس التجربة", "Measuring"))
    services.issue_for_completion(row.enrolment_id, at=NOW)
    db.session.flush()
    notice = db.session.scalars(select(Notice).where(Notice.kind == "certificate_issued")).one()
    assert (notice.person_id, notice.address, notice.created_at) == (holder.id, "/certificates", DONE_AT)
    letter = db.session.scalars(select(Letter).where(Letter.person_id == holder.id)).one()
    assert (
        row.number in letter.text and "قياس التجربة" in letter.text and "http://localhost/certificates" in letter.text
    )


def test_a_completed_course_queues_one_job_for_its_cycle(app):
    enrolment = credentials.completed()
    for _ in range(2):
        bus.publish(facts.CourseCompleted(enrolment.id))
    queued = db.session.scalars(select(jobs.Job).where(jobs.Job.name == "credentials.issue")).one()
    assert queued.unique_key == f"credentials.issue:{enrolment.id}:1"
    jobs.KINDS[queued.name].run(**queued.arguments)
    assert queries.certificate_for(enrolment.id).holder_id == enrolment.learner_id


def test_every_number_names_its_own_holder(app, issued):
    """R18."""
    course = catalogue.course()
    rows = [credentials.certificate(people.person(name=both(f"حامل {n}", f"Holder {n}")), course) for n in range(8)]
    assert len({row.number for row in rows}) == 8
    for n, row in enumerate(rows):
        assert queries.register_entry(row.number).holder == both(f"حامل {n}", f"Holder {n}")


def test_what_it_states_cannot_be_changed_afterwards(app, issued):
    row = credentials.certificate()
    row.facts = {**row.facts, "holder_name_ar": "غيره"}
    with pytest.raises(CertificateIsFrozen):
        db.session.flush()


def test_renaming_person_and_course_leaves_the_paper_as_it_was(app, issued):
    holder = people.person(name=both("الاسم الأول", "First Name"))
    row = credentials.certificate(holder)
    before = draw(CertificateFacts.from_json(row.facts))
    holder.name = both("اسم آخر", "Other Name")
    db.session.get(Organisation, row.issuer_id).name = both("جهة أخرى", "Other")
    db.session.flush()
    db.session.expire_all()
    entry = queries.register_entry(row.number)
    assert entry.holder == both("الاسم الأول", "First Name")
    assert draw(CertificateFacts.from_json(row.facts)) == before


def test_verification_survives_the_deletion_of_everyone_and_everything(app, issued):
    """P6, R20, R21: person, course and organisation are gone; the register still answers from the frozen facts."""
    owner, home = people.organisation(), people.organisation()
    holder = people.person(of=home, name=both("نورة", "Noura"))
    row = credentials.certificate(holder, catalogue.course(owner, title=both("مقرر باقٍ", "Kept")))
    number, before = row.number, draw(CertificateFacts.from_json(row.facts))
    course_id, holder_id, gone = row.course_id, holder.id, [owner.id, home.id]
    db.session.expunge_all()
    db.session.execute(delete(Enrolment).where(Enrolment.course_id == course_id))
    db.session.execute(update(CourseVersion).where(CourseVersion.course_id == course_id).values(published_by_id=None))
    db.session.execute(delete(CourseTrainer).where(CourseTrainer.course_id == course_id))
    db.session.execute(delete(Course).where(Course.id == course_id))
    db.session.execute(delete(Person).where(Person.id == holder_id))
    db.session.execute(delete(Organisation).where(Organisation.id.in_(gone)))
    db.session.expire_all()
    entry, kept = queries.register_entry(number), queries.certificate(number)
    assert (kept.holder_id, kept.course_id, kept.organisation_id, kept.issuer_id, kept.enrolment_id) == (None,) * 5
    assert entry.holder == both("نورة", "Noura") and entry.title == both("مقرر باقٍ", "Kept")
    assert draw(CertificateFacts.from_json(kept.facts)) == before


def test_revoking_says_why_and_leaves_a_trace(app, issued):
    row = credentials.certificate()
    services.revoke(row.id, reason_class="integrity", reason="  انتحال\n مثبت ", actor_id=7, at=NOW)
    assert (row.revoked_class, row.revoked_reason, row.revoked_by_id) == ("integrity", "انتحال مثبت", 7)
    assert queries.register_entry(row.number).state_on(TODAY) == "revoked"
    entry = db.session.scalar(select(AuditEntry).where(AuditEntry.act == "credentials:certificate:revoke"))
    assert (entry.actor_id, entry.subject_id, entry.after["class"]) == (7, row.id, "integrity")


def test_a_certificate_is_revoked_once_and_with_a_real_reason(app, issued):
    row = credentials.certificate()
    for reason_class, reason, field in (
        ("rumour", "سبب", "reason_class"),
        ("error", " \u202e ", "reason"),
        ("error", "س" * 301, "reason"),
    ):
        with pytest.raises(Invalid) as refused:
            services.revoke(row.id, reason_class=reason_class, reason=reason, actor_id=1, at=NOW)
        assert refused.value.field == field
    credentials.revoked(row)
    with pytest.raises(Conflict):
        credentials.revoked(row)


def test_a_revoked_certificate_is_not_issued_again_for_the_same_completion(app, issued):
    """I3."""
    row = credentials.revoked(credentials.certificate())
    assert services.issue_for_completion(row.enrolment_id, at=NOW) is row
    assert len(issued) == 1


def test_latest_and_list_are_the_holders_own_newest_first(app, issued):
    holder, other = people.person(), people.person()
    old = credentials.certificate(holder, at=DONE_AT - timedelta(days=90))
    new = credentials.certificate(holder, at=DONE_AT)
    credentials.certificate(other)
    assert [row.number for row in queries.certificates_of(holder.id)] == [new.number, old.number]
    assert queries.latest_of(holder.id).number == new.number
    credentials.revoked(new)
    assert queries.latest_of(holder.id).number == old.number
    assert queries.latest_of(people.person().id) is None
    assert queries.certificate_for(old.enrolment_id).number == old.number


def test_standing_counts_valid_expiring_and_expired_in_one_statement(app, issued, statements):
    course = {"validity_months": 1}
    soon, gone, lasting, none = (people.person() for _ in range(4))
    credentials.certificate(soon, at=NOW - timedelta(days=10), **course)
    credentials.certificate(gone, at=NOW - timedelta(days=100), **course)
    credentials.certificate(lasting, at=NOW - timedelta(days=10), validity_months=None)
    credentials.certificate(lasting, at=NOW - timedelta(days=10), validity_months=36)
    credentials.revoked(credentials.certificate(none))
    db.session.flush()
    with statements() as seen:
        found = queries.standing_certificates([p.id for p in (soon, gone, lasting, none)], today=TODAY)
    assert len(seen) == 1
    tell = lambda person: (found[person.id].valid, found[person.id].expiring, found[person.id].expired)  # noqa: E731
    assert [tell(p) for p in (soon, gone, lasting, none)] == [(1, 1, 0), (0, 0, 1), (2, 0, 0), (0, 0, 0)]
    assert found[soon.id].next_expiry == date(2026, 12, 13)
    assert queries.count_valid([lasting.id, none.id], today=TODAY) == {lasting.id: 2, none.id: 0}


def test_expiring_lists_the_people_asked_for_and_not_who_has_renewed(app, issued):
    here, there = people.organisation(), people.organisation()
    inside, outside = people.person(of=here), people.person(of=there)
    for who in (inside, outside):
        credentials.certificate(who, at=NOW - timedelta(days=10), validity_months=1)
    credentials.certificate(inside, at=NOW - timedelta(days=200), validity_months=1)
    of_here = Person.organisation_id == here.id
    found = queries.expiring(of_here, TODAY + timedelta(days=60), today=TODAY)
    assert [row.person_id for row in found] == [inside.id]
    assert len(queries.expiring(of_here, TODAY + timedelta(days=60))) == 2
    renewed = db.session.get(
        Enrolment, found[0].certificate.id and queries.certificate(found[0].certificate.number).enrolment_id
    )
    again = Enrolment(
        learner_id=inside.id, course_id=renewed.course_id, version_id=renewed.version_id, cycle=2, state="completed",
        enrolled_at=NOW, completed_at=NOW, done=1, required=1,
    )  # fmt: skip
    db.session.add(again)
    db.session.flush()
    services.issue_for_completion(again.id, at=NOW)
    assert queries.expiring(of_here, TODAY + timedelta(days=25), today=TODAY) == []
