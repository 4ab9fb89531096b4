"""CM3: role profiles keep their versions, and retire: nobody gets them any more, whoever has them keeps them."""

from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from academy.base.audit import AuditEntry
from academy.base.db import db
from academy.base.errors import Conflict, NotFound
from academy.competencies import services
from academy.competencies.models import PersonRequirement, Requirement, RoleProfile
from academy.competencies.queries import past_profiles, role_choices
from academy.competencies.queries.profiles import asked_of
from tests.conftest import NOW
from tests.factories import accounts as people
from tests.factories import competencies as make
from tests.factories.accounts import both

BASE = "/manage/role-profiles"
BY = {"actor_id": None, "at": NOW}


@pytest.fixture
def frontline(app):
    make.framework()
    return db.session.scalar(select(RoleProfile).where(RoleProfile.key == "frontline"))


def targets_of(who):
    query = select(Requirement.targets).join(PersonRequirement, PersonRequirement.requirement_id == Requirement.id)
    return db.session.scalar(query.where(PersonRequirement.person_id == who.id))


def test_whoever_has_a_retired_profile_keeps_it_and_nobody_gets_it(frontline):
    """CM3: by hand and by a job; what is asked of its holders stays, also after other changes of theirs."""
    of = people.organisation()
    title = both("موظف استقبال", "Receptionist")
    by_hand, by_job, later = people.person(of=of), people.person(of=of, job_title=title), people.person(of=of)
    services.set_profile(by_hand.id, "frontline", at=NOW)
    services.attach_job(of.id, title, "frontline", **BY)
    asked = dict(targets_of(by_hand))
    services.retire_profile(frontline, **BY)
    later.job_title = title
    db.session.flush()
    services.follow_all_jobs(at=NOW)
    assert targets_of(by_job) == targets_of(by_hand) == asked and targets_of(later) is None
    services.set_level(by_hand, "D2.2", 2, "Pilot", **BY)
    assert targets_of(by_hand) == {**asked, "D2.2": 2}
    services.give_profiles(by_hand, ["frontline"], **BY)
    with pytest.raises(NotFound):
        services.set_profiles(later.id, ["frontline"], at=NOW)
    with pytest.raises(NotFound):
        services.attach_job(of.id, both("أمين", "Clerk"), "frontline", **BY)
    assert "frontline" not in dict(role_choices())
    assert [key for key, _name in asked_of(by_hand.id).retired] == ["frontline"]
    services.save_profile(frontline, frontline.name, {"D1.1": 4}, revision=0, **BY)
    services.publish_profile(frontline, revision=None, **BY)
    assert targets_of(by_job) == {"D1.1": 4}, "its holders go on with it, also when it changes"


def test_taking_it_back_gives_it_to_who_got_its_job_meanwhile(frontline):
    of, title = people.organisation(), both("موظف استقبال", "Receptionist")
    services.attach_job(of.id, title, "frontline", **BY)
    services.retire_profile(frontline, **BY)
    later = people.person(of=of, job_title=title)
    services.follow_all_jobs(at=NOW)
    assert targets_of(later) is None
    services.revive_profile(frontline, **BY)
    assert targets_of(later)["D1.1"] == 2 and "frontline" in dict(role_choices())
    acts = db.session.scalars(
        select(AuditEntry.act).where(AuditEntry.act.like("competencies:profile:re%")).order_by(AuditEntry.id)
    )
    assert list(acts) == ["competencies:profile:retire", "competencies:profile:revive"]


def test_what_cannot_be_retired_or_taken_back(frontline):
    with pytest.raises(Conflict):
        services.revive_profile(frontline, **BY)
    draft = services.create_profile("coach", both("مدرب", "Coach"), **BY)
    with pytest.raises(Conflict):
        services.retire_profile(draft, **BY)
    services.retire_profile(frontline, **BY)
    with pytest.raises(Conflict):
        services.retire_profile(frontline, **BY)
    draft.retired_at = NOW
    with pytest.raises(IntegrityError):
        db.session.flush()
    db.session.rollback()


def test_every_version_stays_with_who_published_it_and_what_it_changed(frontline):
    """CM3: the history of versions with who changed what."""
    chief = people.administrator(name=both("هند", "Hind"))
    services.save_profile(
        frontline, both("صف أول", "First line"), {"D1.1": 3, "D2.1": 2}, revision=0, actor_id=chief.id, at=NOW
    )
    services.publish_profile(frontline, revision=None, actor_id=chief.id, at=NOW + timedelta(days=1))
    newest, first = past_profiles.past_profiles(frontline.id)
    assert (newest.number, newest.by.en, newest.renamed, newest.published_at) == (
        2,
        "Hind",
        True,
        NOW + timedelta(days=1),
    )
    assert newest.steps == (("D1.1", 2, 3), ("D1.2", 1, 0))
    assert (first.number, first.by, first.renamed, first.asked) == (1, None, False, 3)


def test_an_administrator_looks_at_whom_it_touches_retires_and_takes_back(frontline, visit):
    """CM3 in the browser: the preview names the holders and the jobs; the list and the history say that it is retired."""
    chief, of = people.administrator(language="en"), people.organisation()
    holder = people.person(of=of, job_title=both("أمين", "Clerk"), name=both("سالم", "Salem"))
    services.attach_job(of.id, holder.job_title, "frontline", **BY)
    desk = visit(chief)
    words = desk.get(f"{BASE}/frontline/retire").words
    assert "Salem" in words and "Clerk" in words and "1 of them has it by their job" in words
    assert "holds now" in desk.get(f"{BASE}/frontline/history").words
    assert "is retired" in desk.post(f"{BASE}/frontline/retire").words
    assert "Retired" in desk.get(BASE).words
    assert "nothing to retire" in desk.post(f"{BASE}/frontline/retire", status=409).words
    page = desk.post(f"{BASE}/frontline/revive")
    assert "can be given again" in page.words
    desk.post(f"{BASE}/frontline/revive", status=409)


def test_a_person_keeps_or_loses_a_retired_profile_on_their_page(frontline, visit):
    """CM3: it stands marked among the choices of whoever has it, and of nobody else."""
    chief, who, other = people.administrator(language="en"), people.person(), people.person()
    services.set_profile(who.id, "frontline", at=NOW)
    services.retire_profile(frontline, **BY)
    desk = visit(chief)
    here = f"/admin/people/{who.id}/role-profiles"
    assert "Front line (retired)" in desk.get(here).words
    assert "(retired)" not in desk.get(f"/admin/people/{other.id}/role-profiles").words
    desk.post(here, {"profiles": "frontline"})
    assert targets_of(who)
    desk.post(here, {})
    assert targets_of(who) is None and "(retired)" not in desk.get(here).words


def test_only_who_keeps_profiles_sees_their_history_or_retires_them(frontline, visit):
    for who in (
        people.administrator(people.organisation(), everywhere=False),
        people.manager(people.org_unit()),
        people.person(),
    ):
        for address in ("history", "retire"):
            visit(who).get(f"{BASE}/frontline/{address}", status=404)
        for address in ("retire", "revive"):
            visit(who).post(f"{BASE}/frontline/{address}", status=404)
    assert frontline.retired_at is None
