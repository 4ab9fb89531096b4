"""PR2: somebody who is gone is anonymised by two; figures stay, certificates answer until their retention ends, the name is nowhere else."""

import re
from datetime import timedelta
from functools import cache

import pytest
import time_machine
from sqlalchemy import Text, bindparam, case, cast, func, or_, select
from sqlalchemy.exc import IntegrityError

from academy.accounts import services as accounts
from academy.accounts.models import Academy, Account, Person, PersonSession
from academy.accounts.models_of_anonymising import Anonymisation, LegalHold
from academy.accounts.queries_of_anonymising import seconds
from academy.base import clock, erasing, jobs, storage, trail
from academy.base.audit import AuditEntry
from academy.base.db import db, writing
from academy.base.errors import Conflict
from academy.competencies.models import Claim, Competency
from academy.credentials import services_of_retention as retention
from academy.credentials.models import Certificate, IssuedPaper, SealedBadge
from academy.learning.models import Enrolment
from academy.notices.models import Letter, Notice
from academy.notices.services import tell
from academy.partners import services as partnering
from academy.partners.models import ServingRoster
from academy.partners.services.rosters import is_whole
from tests.conftest import NOW
from tests.factories import accounts as people
from tests.factories import competencies, credentials, partners
from tests.factories.accounts import both

GOOD = "نهر هادئ يعبر المدينة القديمة"
ARABIC, LATIN, EMAIL, NUMBER, MOBILE = (
    "زمرّدة الكناريّة",
    "Zumurrada O'Canary",
    "zumurrada@canary.test",
    "CANARY-77",
    "+966512340077",
)
CANARIES = (ARABIC, LATIN, "Zumurrada O&#39;Canary", EMAIL, NUMBER, MOBILE)
SOUGHT = [f"canary{n}" for n in range(len(CANARIES))]


@pytest.fixture(autouse=True)
def today():
    """The day of the tests."""
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def home(app):
    """An organisation."""
    return people.organisation()


@pytest.fixture
def two(home):
    """Two administrators of the organisation."""
    return people.administrator(home, everywhere=False), people.administrator(home, everywhere=False)


@pytest.fixture
def gone(home):
    """Somebody with a certificate who has an account and was suspended."""
    who = people.person(
        of=home,
        name=both(ARABIC, LATIN),
        email=EMAIL,
        employee_number=NUMBER,
        mobile=MOBILE,
        job_title=both("محاسبة", "x"),
    )
    who.search_text = accounts.people.search_text_of(who.name, who.email, who.employee_number)
    accounts.set_password(who, GOOD)
    accounts.start_session(who.id, at=clock.now(), address="192.0.2.1", browser="x")
    credentials.certificate(who)
    accounts.suspend(who, reason="x", actor_id=None, at=clock.now())
    return who


def anonymised(who, first, second):
    """Anonymise somebody, and let the jobs find what is left."""
    row = accounts.propose_anonymising(who, "طلب صاحب البيانات", actor_id=first.id, at=clock.now())
    accounts.confirm_anonymising(row, actor_id=second.id, at=clock.now())
    db.session.commit()
    jobs.run_all_due()
    db.session.expire_all()
    assert db.session.scalars(select(jobs.Job.last_error).where(jobs.Job.last_error.is_not(None))).all() == []


def where_it_stands(*canaries) -> set[str]:
    """The columns of the database that hold one of the canaries."""
    sought = {name: canaries[n % len(canaries)] for n, name in enumerate(SOUGHT)}
    patterns = {name: "%" + re.sub(r"([/%_])", r"/\1", each) + "%" for name, each in sought.items()}
    found = set()
    for table in db.metadata.sorted_tables:
        counts = db.session.execute(counting(table), patterns).one()
        found |= {f"{table.name}.{column.name}" for column, held in zip(table.columns, counts, strict=True) if held}
    return found


@cache
def counting(table):
    """What counts for each column of a table the rows that hold what is sought; compiled once for all searches."""
    sought = [bindparam(name, type_=Text()) for name in SOUGHT]
    holding = (or_(*(cast(column, Text).like(each, escape="/") for each in sought)) for column in table.columns)
    return select(*(func.count(case((held, 1))) for held in holding)).select_from(table)


def test_by_two_from_the_page_to_the_pseudonym(visit, browser, gone, two):
    """PR2: proposed by one, confirmed by another; the first cannot; both languages show the pseudonym."""
    first, second = two
    one, other = visit(first), visit(second)
    page = one.get(f"/admin/people/{gone.id}/anonymise")
    number = db.session.scalar(select(Certificate.number))
    assert number in page.words
    one.post(f"/admin/people/{gone.id}/anonymise", {"reason": " "}, status=422)
    one.post(f"/admin/people/{gone.id}/anonymise", {"reason": "طلب صاحبة البيانات"})
    row = db.session.scalars(select(Anonymisation)).one()
    assert (row.outcome, row.alone, db.session.get(Person, gone.id).name.ar) == (None, False, ARABIC)
    told = db.session.scalars(select(Notice).where(Notice.kind == "anonymising")).all()
    assert [each.person_id for each in told] == [second.id]
    one.post(f"/admin/people/anonymisations/{row.id}/confirm")
    assert db.session.get(Anonymisation, row.id).outcome is None
    other.get(f"/admin/people/{gone.id}/anonymise")
    other.post(f"/admin/people/anonymisations/{row.id}/confirm")
    db.session.commit()
    jobs.run_all_due()
    for page in (one.get(f"/admin/people/{gone.id}"), one.get("/admin/people"), one.get("/admin/people?q=Anonymised")):
        assert f"شخص مجهول الهوية {gone.id}" in page.words
        assert not [canary for canary in CANARIES if canary in page.words]
    assert ARABIC not in one.get(f"/admin/people?q={EMAIL}").find("main").get_text().replace(f"{EMAIL}", "")
    for act in ("edit", "suspend", "anonymise", "hold"):
        one.get(f"/admin/people/{gone.id}/{act}", status=404)
    one.post(f"/admin/people/{gone.id}/revive", status=404)
    browser.post("/sign-in", {"email": EMAIL, "password": GOOD}, status=422)


def test_the_name_is_nowhere_but_in_the_register_and_the_trail(gone, two, home):
    """PR2: canaries of name, address, number and mobile in both languages, in every column of every table."""
    tell(two[0].id, "people_late", "x", at=clock.now(), people=both(f"{ARABIC}؛ سعد", f"{LATIN}; Saad"), count=2)
    tell(gone.id, "course_assigned", "y", at=clock.now(), course="x")
    before = where_it_stands(*CANARIES)
    assert {"person.name", "person.email", "account.email", "notice.values", "letter.text"} <= before
    anonymised(gone, *two)
    left = {column.split(".")[0] for column in where_it_stands(*CANARIES)}
    assert left <= {"audit_entry", "certificate", "sealed_badge", "transcript"}
    assert set(erasing.KEEPS) >= left
    row = db.session.scalars(select(Anonymisation)).one()
    assert (row.names, row.finished_at) == (None, NOW)
    assert "سعد" in db.session.scalars(select(Letter.text).where(Letter.kind == "people_late")).one()


def test_the_search_only_reads_and_finds_what_was_written_meanwhile(gone, two, monkeypatch):
    """PR2, 0044: nobody who writes waits while the whole database is searched."""
    searched, replaced, search, replace = [], [], erasing.find_everywhere, erasing.replace_in

    def find(words, **given):
        searched.append(writing())
        return search(words, **given)

    def replacing(table, keys, words):
        if not replaced:
            tell(two[0].id, "people_late", "late", at=clock.now(), people=both(ARABIC, LATIN), count=1)
        replaced.append(writing())
        return replace(table, keys, words)

    tell(two[0].id, "people_late", "x", at=clock.now(), people=both(ARABIC, LATIN), count=1)
    monkeypatch.setattr(erasing, "find_everywhere", find)
    monkeypatch.setattr(erasing, "replace_in", replacing)
    anonymised(gone, *two)
    assert len(searched) >= 2 and not any(searched) and replaced and all(replaced)
    assert not {column.split(".")[0] for column in where_it_stands(LATIN)} & {
        "notice",
        "letter",
        "person",
        "anonymisation",
    }


def test_the_trail_stays_whole(gone, two):
    """PR3: nothing of the chain is changed; the act itself names nobody."""
    db.session.commit()
    anonymised(gone, *two)
    found = trail.check(at=clock.now())
    assert found.broken_at is None and found.through > 0
    acts = ("accounts:person:anonymise", "accounts:anonymisation:decide")
    entries = db.session.scalars(select(AuditEntry).where(AuditEntry.act.in_(acts))).all()
    assert len(entries) == 2 and not [entry for entry in entries if ARABIC in f"{entry.subject_label}{entry.after}"]


def test_figures_stay_and_the_address_is_free(gone, two, home):
    """PR2, ID1: places and certificates are counted as before; somebody new may use the address."""
    anonymised(gone, *two)
    assert db.session.scalar(select(func.count()).where(Enrolment.learner_id == gone.id)) == 1
    assert db.session.scalar(select(func.count()).where(Certificate.holder_id == gone.id)) == 1
    assert db.session.scalar(select(func.count()).select_from(Account)) == 0
    assert db.session.scalar(select(func.count()).where(PersonSession.person_id == gone.id)) == 0
    anew = accounts.create_person(
        accounts.PersonDetails(email=EMAIL, name=both("جديدة", "New")), organisation_id=home.id, at=clock.now()
    )
    assert anew.id != gone.id


def test_an_account_that_opens_another_organisation_stays(gone, two):
    """ID11: only this membership is anonymised; the other goes on, with its name."""
    elsewhere = people.person(of=people.organisation(), name=both(ARABIC, LATIN), email=EMAIL)
    elsewhere.account_id = gone.account_id
    db.session.flush()
    tell(elsewhere.id, "course_assigned", "z", at=clock.now(), course="x")
    anonymised(gone, *two)
    assert db.session.get(Person, elsewhere.id).name.ar == ARABIC
    assert db.session.scalars(select(Account.email)).all() == [EMAIL]
    assert db.session.scalars(select(Letter.to_name).where(Letter.person_id == elsewhere.id)).all() == [ARABIC]


@pytest.mark.parametrize("why", ["active", "held", "academy-wide", "twice"])
def test_what_forbids_it(gone, two, why):
    first, second = two
    if why == "active":
        gone.state = "active"
    if why == "held":
        accounts.place_hold(gone, "قضية", actor_id=first.id, at=clock.now())
    if why == "academy-wide":
        people.grant(gone, "administrator")
    if why == "twice":
        anonymised(gone, first, second)
    with pytest.raises(Conflict):
        accounts.propose_anonymising(gone, "x", actor_id=first.id, at=clock.now())


def test_a_hold_that_comes_between_stops_it_and_the_database_holds_it(visit, gone, two):
    """PR2: legal hold, placed and lifted on a page, in the trail; even around the services nobody held is anonymised."""
    row = accounts.propose_anonymising(gone, "x", actor_id=two[0].id, at=clock.now())
    desk = visit(two[1])
    desk.get(f"/admin/people/{gone.id}/hold")
    desk.post(f"/admin/people/{gone.id}/hold", {"reason": "أمر محكمة"})
    assert "أمر محكمة" in desk.get(f"/admin/people/{gone.id}/hold").words
    with pytest.raises(Conflict):
        accounts.confirm_anonymising(row, actor_id=two[1].id, at=clock.now())
    person = db.session.get(Person, gone.id)
    with pytest.raises(IntegrityError), db.session.begin_nested():
        person.anonymised_at, person.account_id, person.mobile, person.employee_number = NOW, None, None, None
        db.session.flush()
    db.session.expire_all()
    desk.get(f"/admin/people/{gone.id}/hold")
    desk.post(f"/admin/people/{gone.id}/hold/lift")
    assert db.session.scalars(select(LegalHold)).one().lifted_by_id == two[1].id
    accounts.confirm_anonymising(db.session.get(Anonymisation, row.id), actor_id=two[1].id, at=clock.now())


def test_a_second_membership_of_the_proposer_is_no_second_administrator(gone, two):
    """PR2: two memberships of one human being are not two people; who is alone by that does it at once."""
    same = people.administrator(people.organisation())
    people.account(two[0], same)
    row = accounts.propose_anonymising(gone, "x", actor_id=two[0].id, at=clock.now())
    with pytest.raises(Conflict):
        accounts.confirm_anonymising(row, actor_id=same.id, at=clock.now())
    assert seconds(gone, two[0].id) == [two[1].id]


def test_declining_withdrawing_and_being_alone(gone, two):
    """P6: nobody confirms their own by the database; whoever is the only administrator does it at once."""
    first, second = two
    row = accounts.propose_anonymising(gone, "x", actor_id=first.id, at=clock.now())
    with pytest.raises(Conflict):
        accounts.propose_anonymising(gone, "x", actor_id=second.id, at=clock.now())
    accounts.decline_anonymising(row, "لا", actor_id=second.id, at=clock.now())
    again = accounts.propose_anonymising(gone, "x", actor_id=first.id, at=clock.now())
    with pytest.raises(IntegrityError), db.session.begin_nested():
        again.outcome, again.decided_at, again.decided_by_id = "confirmed", NOW, first.id
        db.session.flush()
    db.session.expire_all()
    accounts.decline_anonymising(again, "x", actor_id=first.id, at=clock.now())
    assert set(db.session.scalars(select(Anonymisation.outcome))) == {"declined", "withdrawn"}
    accounts.suspend(second, reason="x", actor_id=None, at=clock.now())
    alone = accounts.propose_anonymising(gone, "x", actor_id=first.id, at=clock.now())
    assert (alone.alone, alone.outcome) == (True, "confirmed")
    assert db.session.get(Person, gone.id).anonymised_at == NOW


def test_others_learn_and_do_nothing(visit, gone, two):
    """P3"""
    row = accounts.propose_anonymising(gone, "x", actor_id=two[0].id, at=clock.now())
    for who in (people.administrator(people.organisation(), everywhere=False), people.person(of=gone.organisation)):
        desk = visit(who)
        for path in ("anonymise", "hold"):
            desk.get(f"/admin/people/{gone.id}/{path}", status=404)
        desk.get("/account/password")
        desk.post(f"/admin/people/anonymisations/{row.id}/confirm", status=404)
        desk.post(f"/admin/people/anonymisations/{row.id}/decline", {"answer": "x"}, status=404)
        desk.post(f"/admin/people/{gone.id}/hold/lift", status=404)
    assert db.session.get(Anonymisation, row.id).outcome is None


def test_a_namesake_keeps_their_name(gone, two, home):
    """PR2: of copies of a name that two people have nobody can say whose they are."""
    namesake = people.person(of=home, name=both(ARABIC, LATIN), email="namesake@canary.example")
    tell(namesake.id, "course_assigned", "n", at=clock.now(), course="x")
    anonymised(gone, *two)
    assert db.session.get(Person, namesake.id).name.ar == ARABIC
    assert db.session.scalars(select(Letter.to_name).where(Letter.person_id == namesake.id)).all() == [ARABIC]


def test_only_the_whole_word_is_replaced(gone, two):
    """PR2: a number is no part of another, an address none of a longer one, a single name none of another name."""
    gone.employee_number, gone.name, gone.email = "2026", both("سامي", LATIN), "li@canary.test"
    said = f"2026-11-01 · CX-2026-7 · سامية · ali@canary.test · {LATIN}: li@canary.test"
    tell(two[0].id, "people_late", "x", at=clock.now(), people=both(said, said), count=1)
    anonymised(gone, *two)
    told = db.session.scalars(select(Notice.values).where(Notice.kind == "people_late")).one()
    kept = f"2026-11-01 · CX-2026-7 · سامية · ali@canary.test · Anonymised person {gone.id}: —"
    assert kept in str(told)


def test_files_and_words_go_levels_stay(gone, two):
    """PR2, CO: the proof of prior learning is deleted with its bytes."""
    competencies.framework()
    competency = db.session.scalars(select(Competency).limit(1)).one()
    proof = storage.keep(
        storage.check(b"%PDF-1.4 x", f"{ARABIC}.pdf", most=1000), at=clock.now(), by=gone.id, audience="nobody"
    )
    db.session.add(
        Claim(
            person_id=gone.id, competency_id=competency.id, kind="prior", level=2, title=ARABIC, note="كلام", file_id=proof.id,
            issued_on=clock.today(), state="waiting", made_at=clock.now(),
        )
    )  # fmt: skip
    key = proof.key
    anonymised(gone, *two)
    row = db.session.scalars(select(Claim)).one()
    assert (row.title, row.note, row.level) == ("—", "—", 2)
    assert storage.find(key) is None


def test_a_signed_roster_goes_on_under_the_pseudonym(app):
    """MT1: it is signed again, and still proves itself."""
    of = partners.partner()
    first, second = people.administrator(of, everywhere=False), people.administrator(of, everywhere=False)
    course = partners.required_course()
    partners.agreement(of, course)
    who = partners.member(of, name=both(ARABIC, LATIN), email=EMAIL, employee_number=NUMBER)
    roster = partnering.sign_roster(of, clock.today(), today=clock.today(), actor_id=None, at=clock.now())
    partnering.end_membership(who, reason="resigned", note=f"كلام عن {ARABIC}", actor_id=None, at=clock.now())
    anonymised(who, first, second)
    row = db.session.get(ServingRoster, roster.id)
    assert is_whole(row) and f"شخص مجهول الهوية {who.id}" in str(row.facts) and ARABIC not in str(row.facts)
    assert not [c for c in where_it_stands(ARABIC, LATIN, EMAIL) if c.split(".")[0] not in ("audit_entry",)]


def test_the_register_answers_until_the_retention_ends(browser, visit, gone, two):
    """CE5, PR2: with the issued facts until then, stated on the page; afterwards as for a number that does not exist."""
    row = db.session.scalars(select(Certificate)).one()
    number, ends = row.number, row.expires_on
    jobs.run_all_due()
    anonymised(gone, *two)
    page = browser.get(f"/verify/{number}")
    assert ARABIC in page.words and "10 سنوات" in page.words
    unknown = browser.client.get("/verify/ZZZZ-ZZZZ", headers={"Accept": "application/json"}).get_json()
    last = retention.closes_on(ends, 10)
    with time_machine.travel(NOW + (last - NOW.date()), tick=False):
        assert retention.close(clock.today(), at=clock.now()) == 0
        browser.get(f"/verify/{number}")
    with time_machine.travel(NOW + (last - NOW.date()) + timedelta(days=1), tick=False):
        assert retention.close(clock.today(), at=clock.now()) == 1
        db.session.commit()
        answer = browser.client.get(f"/verify/{number}", headers={"Accept": "application/json"})
        assert answer.status_code == 404 and answer.get_json() == unknown
        assert retention.close(clock.today(), at=clock.now()) == 0
    kept = (
        db.session.scalar(select(func.count()).select_from(model)) for model in (SealedBadge, IssuedPaper, Certificate)
    )
    assert list(kept) == [0, 0, 1]
    assert not [each for each in where_it_stands(*CANARIES) if each.split(".")[0] != "audit_entry"]


def test_somebody_who_is_here_keeps_their_certificates_for_ever(app):
    row = credentials.certificate(people.person())
    with time_machine.travel(NOW + timedelta(days=365 * 40), tick=False):
        assert retention.close(clock.today(), at=clock.now()) == 0
    assert row.closed_on is None


def test_the_academy_sets_the_years(visit, app):
    root = visit(people.administrator())
    names = {"name-ar": "أ", "short_name-ar": "أ", "customer_word-ar": "م"}
    root.get("/admin/settings")
    root.post("/admin/settings", {**names, "retention_years": "0"}, status=422)
    root.post("/admin/settings", {**names, "retention_years": "٧"})
    assert db.session.get(Academy, 1).retention_years == 7
