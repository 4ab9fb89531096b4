"""CM3: role profiles: several a person, by job, with a person's own levels, previewed before they hold."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import func, select

from academy.base.access import Actor, Grant
from academy.base.audit import AuditEntry
from academy.base.db import db
from academy.base.errors import Stale
from academy.competencies import queries, services
from academy.competencies.frameworks.asking import asked
from academy.competencies.models import JobProfile, PersonProfile, PersonTarget, Requirement, RoleProfile
from academy.competencies.queries import profiles as reads
from academy.competencies.refusals import NothingNew, NotReady, PreviewStale
from tests.conftest import NOW
from tests.factories import accounts as people
from tests.factories import competencies as make
from tests.factories.accounts import both

BY = {"actor_id": None, "at": NOW}
BASE = "/manage/role-profiles"
LEVEL = st.integers(1, 4)


def profile(key, targets, name="Role"):
    row = services.create_profile(key, both("دور", name), **BY)
    services.save_profile(row, both("دور", name), targets, revision=1, **BY)
    services.publish_profile(row, revision=None, **BY)
    return row


def targets_of(who):
    return {e.key: e.target for d in queries.standing_of(who.id).domains for e in d.competencies if e.target}


KEYS = st.sampled_from(["a", "b", "c", "d"])
PROFILE = st.dictionaries(KEYS, LEVEL, max_size=4)


@given(st.lists(PROFILE, max_size=4), st.dictionaries(KEYS, st.integers(0, 4)), st.randoms())
def test_the_highest_level_counts_and_ones_own_instead(found, own, random):
    """CM3: a property: whatever the order of the profiles."""
    said = asked(found, own)
    shuffled = list(found)
    random.shuffle(shuffled)
    assert asked(shuffled, own) == said
    for key in "abcd":
        highest = max((each.get(key, 0) for each in found), default=0)
        assert said.get(key, 0) == own.get(key, highest)


def test_of_several_profiles_the_highest_level_is_asked(app):
    """CM3: one requirement a person, shared by all with the same profiles."""
    make.framework()
    profile("coach", {"D1.1": 1, "D2.2": 3}, "Coach")
    who, other = people.person(), people.person()
    for each in (who, other):
        services.set_profiles(each.id, ["frontline", "coach"], at=NOW)
    assert targets_of(who) == {"D1.1": 2, "D1.2": 1, "D2.1": 2, "D2.2": 3}
    assert queries.standing_of(who.id).profile.en == "Front line, Coach"
    assert queries.readiness([who.id, other.id]) == {who.id: (0, 4), other.id: (0, 4)}
    assert db.session.scalar(select(func.count()).select_from(Requirement)) == 1
    services.set_profile(who.id, "coach", at=NOW)
    assert targets_of(who) == {"D1.1": 1, "D2.2": 3} and len(targets_of(other)) == 4


def test_a_level_of_ones_own_counts_instead_with_its_reason(app):
    make.framework()
    who = people.person()
    services.set_profile(who.id, "frontline", at=NOW)
    services.set_level(who, "D1.1", 3, "Leads the pilot", **BY)
    services.set_level(who, "D1.2", 0, "Another colleague does it", **BY)
    assert targets_of(who) == {"D1.1": 3, "D2.1": 2}
    assert [each.reason for each in reads.asked_of(who.id).levels] == ["Leads the pilot", "Another colleague does it"]
    assert services.drop_level(who, "D1.1", **BY) and not services.drop_level(who, "D1.1", **BY)
    assert targets_of(who) == {"D1.1": 2, "D2.1": 2}
    acts = db.session.scalars(
        select(AuditEntry.after).where(AuditEntry.act == "competencies:person:level").order_by(AuditEntry.id)
    ).all()
    assert acts[0] == {"competency": "D1.1", "level": 3, "reason": "Leads the pilot"}


def test_a_job_brings_its_profile_as_long_as_somebody_has_it(app):
    """CM3: by organisation and job title, whatever its spelling; the hourly job follows the titles."""
    make.framework()
    of = people.organisation()
    teller = people.person(of=of, job_title=both("موظف استقبال", "Receptionist"))
    spelled = people.person(of=of, job_title=both("موظّف إستقبال", "Receptionist"))
    other = people.person(job_title=both("موظف استقبال", "Receptionist"))
    row = services.attach_job(of.id, teller.job_title, "frontline", **BY)
    services.attach_job(of.id, spelled.job_title, "frontline", **BY)
    assert db.session.scalar(select(func.count()).select_from(JobProfile)) == 1
    assert targets_of(teller) == targets_of(spelled) == {"D1.1": 2, "D1.2": 1, "D2.1": 2}
    assert not targets_of(other), "the same job in another organisation"
    teller.job_title = both("مدير", "Manager")
    db.session.flush()
    assert services.follow_all_jobs(at=NOW) == 1 and services.follow_all_jobs(at=NOW) == 0
    assert not targets_of(teller)
    services.detach_job(row, **BY)
    assert not targets_of(spelled)


def test_the_preview_counts_whose_gap_opens_and_closes(app, statements):
    """CM3: before publishing: who is touched, by the highest level of all their profiles, within few statements."""
    make.framework()
    row = db.session.scalar(select(RoleProfile).where(RoleProfile.key == "frontline"))
    profile("coach", {"D2.1": 4})
    proven, fresh, both_roles = people.person(), people.person(), people.person()
    for each in (proven, fresh, both_roles):
        services.set_profile(each.id, "frontline", at=NOW)
    services.set_profiles(both_roles.id, ["frontline", "coach"], at=NOW)
    make.evidence(proven, "D1.1", items=12)
    assert next(e.level for d in queries.standing_of(proven.id).domains for e in d.competencies if e.key == "D1.1") == 2
    services.save_profile(row, row.name, {"D1.1": 3, "D1.2": 1, "D2.1": 1}, revision=0, **BY)
    desk = reads.profile_desk("frontline")
    root = Grant("administrator")
    visitor = Actor(0, both("م", "A"), "", 0, None, "ar", "latn", "both", (root,))
    with statements() as seen:
        found = reads.impact(desk, visitor, {"D1.1", "D1.2", "D2.1", "D2.2"})
    assert len(seen) <= 8
    moves = {move.key: (move.before, move.after, move.people, move.opens, move.closes) for move in found.moves}
    assert found.people == 3
    assert moves == {"D1.1": (2, 3, 3, 1, 0), "D2.1": (2, 1, 2, 0, 0)}
    assert [(each.person_id, each.key, each.opens) for each in found.named] == [(proven.id, "D1.1", True)]
    assert targets_of(proven)["D1.1"] == 2, "nothing holds before it is published"
    services.publish_profile(row, revision=desk.revision, **BY)
    assert targets_of(proven)["D1.1"] == 3 and targets_of(both_roles)["D2.1"] == 4


def test_what_cannot_be_published(app):
    make.framework()
    row = services.create_profile("coach", both("مدرب", "Coach"), **BY)
    with pytest.raises(NotReady):
        services.publish_profile(row, revision=None, **BY)
    services.save_profile(row, both("مدرب", "Coach"), {"D9.9": 1}, revision=1, **BY)
    with pytest.raises(NotReady):
        services.publish_profile(row, revision=None, **BY)
    with pytest.raises(Stale):
        services.save_profile(row, both("مدرب", "Coach"), {"D1.1": 1}, revision=1, **BY)
    services.save_profile(row, both("مدرب", "Coach"), {"D1.1": 1}, revision=2, **BY)
    with pytest.raises(PreviewStale):
        services.publish_profile(row, revision=2, **BY)
    services.publish_profile(row, revision=3, **BY)
    services.save_profile(row, both("مدرب", "Coach"), {"D1.1": 1}, revision=0, **BY)
    with pytest.raises(NothingNew):
        services.publish_profile(row, revision=None, **BY)


# --- In the browser -----------------------------------------------------------------------------------------------


def test_an_administrator_writes_previews_and_publishes_a_profile(app, visit):
    """CM3 in the browser."""
    make.framework()
    desk = visit(people.administrator(language="en"))
    name = {"name-ar": "مدرب", "name-en": "Coach"}
    assert "Front line" in desk.get(BASE).words
    desk.post(f"{BASE}/new", {**name, "key": "coach"})
    page = desk.post(f"{BASE}/coach", {**name, "revision": "1", "level-D1.1": "3", "level-D2.1": "7"})
    assert "This profile is new" in page.words and "Level 3" in page.words and "D2.1" not in page.words
    page = desk.post(f"{BASE}/coach", {**name, "revision": "1", "level-D1.1": "1"}, status=409)
    assert page.select_one("#level-D1\\.1 option[selected]")["value"] == "1"
    assert "has been published" in desk.post(f"{BASE}/coach/publish", {"revision": "2"}).words
    desk.post(f"{BASE}/coach", {**name, "revision": "0", "level-D1.1": "2"})
    desk.post(f"{BASE}/coach/draft/discard")
    assert reads.profile_desk("coach").draft is None


def test_an_administrator_of_an_organisation_gives_profiles_to_its_jobs_and_people(app, visit):
    make.framework()
    of = people.organisation()
    who = people.person(of=of, job_title=both("موظف استقبال", "Receptionist"))
    visitor = visit(people.administrator(of, everywhere=False, language="en"))
    page = visitor.get("/admin/job-profiles")
    assert "Receptionist" in page.words
    page = visitor.post("/admin/job-profiles", {"job": "0", "profile": "frontline"})
    assert "Everyone with this job has the role profile now" in page.words
    row = db.session.scalar(select(JobProfile))
    address = f"/admin/people/{who.id}/role-profiles"
    assert "With their job comes: Front line" in visitor.get(address).words
    visitor.post(address, {"profiles": "frontline"})
    visitor.post(f"/admin/people/{who.id}/levels", {"competency": "D2.2", "level": "3", "reason": "Pilot"})
    page = visitor.post(
        f"/admin/people/{who.id}/levels", {"competency": "D2.2", "level": "3", "reason": ""}, status=422
    )
    assert "Say why" in page.words and "Pilot" in page.words
    assert targets_of(who)["D2.2"] == 3
    assert "Front line" in visitor.get(f"/admin/people/{who.id}").words
    visitor.post(f"/admin/people/{who.id}/levels", {"remove": "D2.2"})
    visitor.post("/admin/job-profiles/remove", {"job": str(row.id)})
    assert [each.source for each in db.session.scalars(select(PersonProfile))] == ["person"]


@pytest.mark.parametrize("who", ["administrator", "manager", "person"])
def test_nobody_gives_profiles_to_the_people_of_others(app, visit, who):
    """CM3: neither pages nor forms of another organisation's people and jobs; profiles are the academy administrators'."""
    make.framework()
    of, mine = people.organisation(), people.organisation()
    stranger = people.person(of=of, job_title=both("كناري", "Canary"))
    row = services.attach_job(of.id, stranger.job_title, "frontline", **BY)
    person = {
        "administrator": lambda: people.administrator(mine, everywhere=False),
        "manager": lambda: people.manager(people.org_unit(mine)),
        "person": people.person,
    }[who]()
    visitor = visit(person)
    for address in ("role-profiles", "levels"):
        data = {"profiles": "frontline", "competency": "D1.1", "level": "4", "reason": "x"}
        visitor.post(f"/admin/people/{stranger.id}/{address}", data, status=404)
    visitor.get(f"/admin/people/{stranger.id}/role-profiles", status=404)
    visitor.get(BASE, status=403)
    visitor.get(f"{BASE}/frontline", status=404)
    visitor.post(f"{BASE}/frontline/publish", status=404)
    if who == "administrator":
        assert "Canary" not in visitor.get("/admin/job-profiles").words
        visitor.post("/admin/job-profiles/remove", {"job": str(row.id)}, status=404)
    else:
        visitor.get("/admin/job-profiles", status=403)
    assert db.session.scalar(select(func.count()).select_from(PersonTarget)) == 0
    assert db.session.scalar(select(func.count()).select_from(JobProfile)) == 1


def test_the_pages_of_profiles_ask_the_database_little(app, visit, statements):
    make.framework()
    of = people.organisation()
    for _n in range(12):
        services.set_profile(people.person(of=of, job_title=both("موظف", "Clerk")).id, "frontline", at=NOW)
    row = db.session.scalar(select(RoleProfile))
    services.save_profile(row, row.name, {"D1.1": 4}, revision=0, **BY)
    visitor, who = visit(people.administrator()), people.person(of=of)
    db.session.commit()
    for address in (BASE, f"{BASE}/frontline", f"{BASE}/frontline/publish", "/admin/job-profiles", f"/admin/people/{who.id}/role-profiles"):  # fmt: skip
        with statements() as seen:
            visitor.get(address)
        assert len(seen) <= 8, (address, len(seen))
