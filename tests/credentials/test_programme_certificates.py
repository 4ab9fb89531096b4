"""CE5 for programmes: one certificate a completed programme and cycle, and its renewal in the programme or by a shorter course."""

import json
from datetime import date
from decimal import Decimal

import pytest
import time_machine
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError

from academy.accounts.models import Person
from academy.base import jobs
from academy.base.db import db
from academy.base.errors import Conflict
from academy.catalogue.services.detailing import Target
from academy.credentials import jobs_of_programmes as background
from academy.credentials import reminding, services_of_badges
from academy.credentials import services_of_choosing as choosing
from academy.credentials import services_of_programmes as services
from academy.credentials.models import Certificate
from academy.credentials.queries import certificates_of
from academy.credentials.queries_of_programmes import programme_stages
from academy.credentials.queries_of_templates import newest
from academy.credentials.rules_of_renewal import Stage
from academy.credentials.services_of_renewal import TooEarly
from academy.learning import services as courses
from academy.learning.models import Enrolment, Programme, ProgrammeEnrolment, ProgrammeRenewal
from academy.learning.queries import enrolment_of
from academy.learning.queries import programmes as queries
from academy.learning.services import programmes
from academy.notices.models import Notice
from tests.conftest import NOW
from tests.factories import accounts as people
from tests.factories import catalogue, competencies, learning
from tests.factories import programmes as make
from tests.factories import templates as looks
from tests.factories.credentials import revoked
from tests.factories.renewals import DAY, ending, image, noon, terms

TODAY = date(2026, 11, 23)
LAST = date(2027, 1, 10)
BEGAN = date(2026, 1, 10)


@pytest.fixture(autouse=True)
def today():
    """The day of the tests."""
    with time_machine.travel(NOW, tick=False):
        yield


def holding(holder=None, *, last: date = LAST, renewal=None, **given) -> Certificate:
    """The certificate of a programme of two courses that somebody completed a year before its last day."""
    of = db.session.get(people.Organisation, holder.organisation_id) if holder else people.organisation()
    holder = holder or people.person(of=of)
    two = [catalogue.course(of=of, hours=4, gives_certificate=False) for _ in range(2)]
    steps = [(None, [make.for_course(each) for each in two])]
    row = make.programme(of, groups=steps, hours=Decimal(8), validity_months=12, renewal=renewal or {}, **given)
    begun = noon(last.replace(year=last.year - 1))
    place = make.place(row, holder, at=begun - 9 * DAY)
    for each in two:
        learning.completed(courses.enrol(holder.id, each.id, at=begun - 8 * DAY), at=begun)
    return services.issue_for_programme(place.id, at=begun)


def stage_of(paper: Certificate, on: date = TODAY):
    who = db.session.get(people.Person, paper.holder_id)
    return programme_stages(who.id, who.organisation_id, certificates_of(who.id), today=on)[paper.id]


def newest_of(paper: Certificate) -> Certificate:
    mine = Certificate.holder_id == paper.holder_id, Certificate.credential == paper.credential
    return db.session.scalars(select(Certificate).where(*mine).order_by(Certificate.cycle.desc())).first()


def steps_courses(paper: Certificate) -> list[int]:
    place = db.session.get(ProgrammeEnrolment, paper.programme_enrolment_id)
    return [step.course_id for step in queries.steps_of(place.version_id)]


def take(learner_id: int, course_id: int, on: date) -> None:
    learning.completed(courses.take_anew(learner_id, course_id, at=noon(on)), at=noon(on))


def count(model, *conditions) -> int:
    return db.session.scalar(select(func.count()).select_from(model).where(*conditions))


# --- The award ------------------------------------------------------------------------------------


def test_completing_a_programme_earns_one_certificate_with_paper_badge_and_letter(app):
    """R17: by the same durable job, however often it is told; the register, the paper and the badge know it like any other."""
    of = people.organisation()
    for whose in (None, of.id):
        look = looks.published()
        choosing.use_for(look.id, organisation_id=whose, actor_id=people.administrator().id, at=NOW)
    competencies.framework()
    aims = {"gives_certificate": False, "competencies": [Target("D1.1", 2)]}
    learner, course = people.person(of=of), catalogue.course(of=of, **aims)
    row = make.programme(of, groups=[(None, [make.for_course(course)])], hours=Decimal("6.5"), validity_months=24)
    place = make.place(row, learner, at=NOW - DAY)
    learning.completed(courses.enrol(learner.id, course.id, at=NOW), at=NOW)
    jobs.run_all_due()
    paper = db.session.scalars(select(Certificate)).one()
    assert (paper.credential, paper.programme_id, paper.course_id) == (f"programme:{row.key}", row.id, None)
    assert (paper.expires_on, paper.facts["hours"], paper.issuer_id) == (date(2028, 11, 23), "6.50", of.id)
    assert paper.template_version_id == newest(look.id, "published").id
    assert services.issue_for_programme(place.id, at=NOW + DAY).id == paper.id
    background.issue_missing_programmes()
    jobs.run_all_due()
    assert count(Certificate) == 1 and count(Notice, Notice.kind == "certificate_issued") == 1
    badge = json.loads(services_of_badges.seal(paper.id, at=NOW).document)["credentialSubject"]["achievement"]
    assert badge["id"].endswith(f"programme:{row.key}") and "Summary" in badge["description"]
    assert [aim["targetCode"] for aim in badge["alignment"]] == ["D1.1"]
    client = app.test_client()
    assert client.get("/badges" + badge["id"].partition("/badges")[2]).status_code == 200
    told = client.get(f"/verify/{paper.number}", headers={"Accept": "application/json"}).json
    assert (told["state"], told["valid_until"]) == ("valid", "2028-11-23")
    twice = {c.key: getattr(paper, c.key) for c in Certificate.__table__.columns if c.key not in ("id", "number")}
    with pytest.raises(IntegrityError), db.session.begin_nested():
        db.session.add(Certificate(**twice, number="X"))
        db.session.flush()


def test_places_for_which_nothing_can_be_issued_hold_up_nobody(app, monkeypatch):
    """They are the oldest, and there are as many of them as are looked at in one go."""
    of = people.organisation()
    course = catalogue.course(of=of, gives_certificate=False)
    row, two = make.programme(of, groups=[(None, [make.for_course(course)])]), [people.person(of=of) for _ in range(2)]
    stuck, later = (make.place(row, who, at=NOW - DAY) for who in two)
    for who in two:
        learning.completed(courses.enrol(who.id, course.id, at=NOW), at=NOW)
    mine = db.session.query(jobs.Job).filter_by(name="credentials.issue_programme")
    mine.filter_by(unique_key=background.key_of(stuck.id)).update({"state": "failed"})
    mine.filter_by(unique_key=background.key_of(later.id)).delete()
    monkeypatch.setattr(background, "BATCH", 1)
    background.issue_missing_programmes()
    jobs.run_all_due()
    assert [each.programme_enrolment_id for each in db.session.scalars(select(Certificate))] == [later.id]


def test_programmes_completed_before_are_found_and_those_only_exempted_earn_nothing(app):
    """CA8: exempted is never mistaken for learning; one learned step is enough, and its hours are those that are stated."""
    of = people.organisation()
    chief, boss = people.administrator(of, everywhere=False), people.person(of=of)
    wholly, partly = people.person(of=of, manager=boss), people.person(of=of, manager=boss)
    two = [catalogue.course(of=of, hours=3, gives_certificate=False) for _ in range(2)]
    row = make.programme(of, groups=[(None, [make.for_course(each) for each in two])], hours=Decimal(6))
    places = {who: make.place(row, who, at=NOW - DAY) for who in (wholly, partly)}
    for who, left_out in ((wholly, two), (partly, two[:1])):
        for course in left_out:
            request = courses.ask_exemption(who.id, course.id, note="Learned before", at=NOW)
            courses.decide(request.id, approve=True, reason="In order", by_id=chief.id, ends_on=None, at=NOW)
    learning.completed(courses.enrol(partly.id, two[1].id, at=NOW), at=NOW)
    assert {places[who].state for who in places} == {"completed"}
    background.issue_missing_programmes()
    jobs.run_all_due()
    paper = db.session.scalars(select(Certificate)).one()
    assert (paper.holder_id, Decimal(paper.facts["hours"]), paper.expires_on) == (partly.id, 3, None)


# --- Renewing -------------------------------------------------------------------------------------


def test_a_programme_is_renewed_in_a_new_place_and_the_old_one_stays_as_it_is(app, visit):
    """CE5: nothing that was completed before counts in the new cycle, and the new certificate goes on from the old one."""
    paper = holding(renewal={"window_days_before": 30})
    with pytest.raises(TooEarly) as refused:
        services.renew_programme(paper.id, by_id=paper.holder_id, at=NOW)
    assert refused.value.opens_on == date(2026, 12, 11) and stage_of(paper).stage is Stage.EARLY
    opened = date(2026, 12, 11)
    old = db.session.get(ProgrammeEnrolment, paper.programme_enrolment_id)
    before = image(old), image(paper)
    renewal = services.renew_programme(paper.id, by_id=paper.holder_id, at=noon(opened))
    assert services.renew_programme(paper.id, by_id=paper.holder_id, at=noon(opened)).id == renewal.id
    place = db.session.get(ProgrammeEnrolment, renewal.programme_enrolment_id)
    assert (place.cycle, place.state, place.done, stage_of(paper, opened).stage) == (2, "active", 0, Stage.BEGUN)
    page = (
        visit(db.session.get(Person, paper.holder_id)),
        f"/programmes/{db.session.get(Programme, place.programme_id).key}",
    )
    assert "أنت تعيد هذا البرنامج" in page[0].get(page[1]).words
    first, second = steps_courses(paper)
    take(paper.holder_id, first, opened)
    assert (enrolment_of(paper.holder_id, first).cycle, place.done) == (2, 1)
    programmes.leave_programme(place.id, at=noon(opened))
    assert services.renew_programme(paper.id, by_id=paper.holder_id, at=noon(opened)).id == renewal.id
    assert (place.state, place.done) == ("active", 1)
    take(paper.holder_id, second, opened + DAY)
    assert stage_of(paper, opened + DAY).stage is Stage.EARNED
    with pytest.raises(Conflict):
        services.renew_programme(paper.id, by_id=paper.holder_id, at=noon(opened))
    with time_machine.travel(noon(opened + DAY), tick=False):
        jobs.run_all_due()
    new = newest_of(paper)
    assert (new.cycle, new.expires_on, new.programme_enrolment_id) == (2, date(2028, 1, 10), place.id)
    assert (image(old), image(paper)) == before and count(Certificate) == 2
    assert "أنت تعيد هذا البرنامج" not in page[0].get(page[1]).words


def test_a_programme_whose_renewed_certificate_was_revoked_is_renewed_once_more(app):
    """CE5: the certificate before it stands again and is no dead end."""
    paper = holding()
    first = services.renew_programme(paper.id, by_id=paper.holder_id, at=NOW)
    for course_id in steps_courses(paper):
        take(paper.holder_id, course_id, TODAY)
    jobs.run_all_due()
    revoked(newest_of(paper), at=NOW)
    assert stage_of(paper).stage is Stage.OPEN
    again = services.renew_programme(paper.id, by_id=paper.holder_id, at=NOW + DAY)
    assert (again.id == first.id, again.cycle, stage_of(paper).stage) == (False, 3, Stage.BEGUN)
    for course_id in steps_courses(paper):
        take(paper.holder_id, course_id, TODAY + DAY)
    with time_machine.travel(NOW + DAY, tick=False):
        jobs.run_all_due()
    assert (newest_of(paper).cycle, newest_of(paper).expires_on) == (3, date(2028, 1, 10))


def test_a_course_that_was_renewed_by_a_shorter_one_does_its_step_anew(app):
    """CE5: what a course attests was renewed, whichever way; the certificate of the course loses no day by it."""
    of = people.organisation()
    learner, path = people.person(of=of), catalogue.course(of=of, gives_certificate=False)
    course = catalogue.course(of=of, validity_months=12)
    row = make.programme(of, groups=[(None, [make.for_course(course)])], validity_months=12)
    place = make.place(row, learner, at=noon(BEGAN) - 2 * DAY)
    learning.completed(courses.enrol(learner.id, course.id, at=noon(BEGAN) - DAY), at=noon(BEGAN))
    jobs.run_all_due()
    terms(course.id, path_course_id=path.id)
    paper = db.session.scalars(select(Certificate).where(Certificate.programme_id == row.id)).one()
    renewal = services.renew_programme(paper.id, by_id=learner.id, at=NOW)
    assert renewal.programme_enrolment_id != place.id
    taken = courses.take_anew(learner.id, course.id, at=NOW)
    assert taken.course_id == path.id
    learning.completed(taken, at=NOW)
    jobs.run_all_due()
    ends = {row.credential.partition(":")[0]: row.expires_on for row in certificates_of(learner.id) if row.cycle == 2}
    assert ends == {"programme": date(2028, 1, 10), "course": date(2028, 1, 10)}


def shorter(last: date = LAST, **said) -> tuple[Certificate, int]:
    path = catalogue.course(hours=2, gives_certificate=False, audience="everyone")
    return holding(last=last, renewal={"path_course": path.key, **said}), path.id


def test_a_shorter_course_and_hours_renew_it_and_lapse_after_the_grace(app):
    """CE5: the shorter way counts until the end of the grace; the hours asked for are those of the ledger."""
    paper, path_id = shorter(cpd_hours=5)
    renewal = services.renew_programme(paper.id, by_id=paper.holder_id, at=NOW)
    assert db.session.get(Enrolment, renewal.enrolment_id).course_id == path_id and renewal.until == LAST
    take(paper.holder_id, path_id, TODAY)
    told = stage_of(paper)
    assert (told.stage, told.hours, told.credited) == (Stage.BEGUN, Decimal(5), Decimal(2))
    more = catalogue.course(hours=3, gives_certificate=False, audience="everyone")
    learning.completed(courses.enrol(paper.holder_id, more.id, at=NOW), at=NOW + DAY)
    jobs.run_all_due()
    assert (renewal.state, Decimal(newest_of(paper).facts["hours"])) == ("completed", 2)
    assert newest_of(paper).expires_on == date(2028, 1, 10)
    late, _path = shorter(TODAY - 5 * DAY, grace_days_after=10)
    open_yet = services.renew_programme(late.id, by_id=late.holder_id, at=NOW)
    assert (open_yet.until, open_yet.enrolment_id is not None) == (TODAY + 5 * DAY, True)
    with time_machine.travel(noon(TODAY + 6 * DAY), tick=False):
        background.look_at_programme_endings()
        jobs.run_all_due()
        assert open_yet.state == "lapsed"
        assert count(Notice, Notice.kind == "renewal_lapsed", Notice.person_id == late.holder_id) == 1
        whole = services.renew_programme(late.id, by_id=late.holder_id, at=noon(TODAY + 6 * DAY))
    assert whole.programme_enrolment_id is not None


def test_people_and_managers_are_reminded_and_a_renewal_may_begin_by_itself(app):
    """CE5: once a person and reminder; what begins by itself is told."""
    boss = people.person()
    of = db.session.get(people.Organisation, boss.organisation_id)
    holder = people.person(of=of, manager=boss)
    paper = holding(holder, renewal={"automatic": True, "window_days_before": 60, "reminders": [50, 5]})
    for _twice in range(2):
        reminding.remind_endings(TODAY.isoformat(), 0)
        background.look_at_programme_endings()
        jobs.run_all_due()
    assert count(Notice, Notice.kind == "certificate_ends", Notice.person_id == holder.id) == 1
    assert count(Notice, Notice.kind == "certificates_end", Notice.person_id == boss.id) == 1
    assert count(Notice, Notice.kind == "renewal_began", Notice.person_id == holder.id) == 1
    assert count(ProgrammeRenewal) == 1 and stage_of(paper).programme_key


def test_two_at_once_begin_one_renewal(app):
    """CE5: the database holds the rule."""
    paper = holding()
    renewal = services.renew_programme(paper.id, by_id=paper.holder_id, at=NOW)
    same = {c.key: getattr(renewal, c.key) for c in ProgrammeRenewal.__table__.columns if c.key != "id"}
    with pytest.raises(IntegrityError), db.session.begin_nested():
        db.session.add(ProgrammeRenewal(**same))
        db.session.flush()


# --- The pages ------------------------------------------------------------------------------------


def test_the_holder_renews_on_the_pages_and_takes_each_course_again(visit, statements):
    """CE5: from the list of certificates into the programme, and from its step into a new round of the course."""
    paper = holding(renewal={"cpd_hours": 8})
    holder, other = db.session.get(people.Person, paper.holder_id), people.person()
    address = f"/certificates/{paper.number}/renew"
    assert visit(other).post(address, status=404)
    browser = visit(holder)
    assert browser.get("/certificates").find("form", action=address)
    page = browser.post(address)
    key = db.session.get(Programme, paper.programme_id).key
    assert browser.response.request.path == f"/programmes/{key}" and "إعادته من البداية" in page.words
    course_id = steps_courses(paper)[0]
    browser.post(f"/programmes/{key}/steps/s1/open")
    assert enrolment_of(holder.id, course_id).cycle == 2
    browser.post(f"/programmes/{key}/steps/s1/open")
    assert count(Enrolment, Enrolment.course_id == course_id) == 2
    ending(LAST, holder)
    holding(holder)
    with statements() as seen:
        browser.get("/certificates")
    assert len(seen) <= 8, seen
    assert browser.get("/certificates").find("a", href=f"/programmes/{key}")


def test_who_keeps_a_programme_says_how_its_certificates_are_renewed(visit):
    """CE5: by which course, with which reminders, by itself or not; nonsense is refused with what was typed."""
    of = people.organisation()
    trainer = people.trainer(of)
    path, closed = catalogue.course(of=of), catalogue.course(of=people.organisation(), audience="organisation")
    row = make.programme(of, published=False)
    browser, address = visit(trainer), f"/manage/programmes/{row.key}/details"
    draft = programmes.programme_draft(row, at=NOW)
    said = {
        "title-ar": "برنامج", "title-en": "Programme", "window_days_before": "60", "path_course": path.key,
        "reminders": "٣٠، 7", "automatic": "y", "revision": str(draft.revision),
    }  # fmt: skip
    for wrong in ({"path_course": closed.key}, {"reminders": "soon"}):
        browser.post(address, {**said, **wrong}, status=422)
    browser.post(address, said)
    db.session.refresh(draft)
    assert draft.renewal == {
        "window_days_before": 60, "path_course": path.key, "automatic": True, "reminders": [30, 7],
    }  # fmt: skip
