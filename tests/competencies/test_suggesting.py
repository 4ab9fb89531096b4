"""CM10: competencies suggested for a job title, with the reasons, from what the academy knows; never applied by itself."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from academy.base.db import db
from academy.catalogue.services.detailing import Target
from academy.competencies import services
from academy.competencies.models import RoleProfile, RoleProfileDraft
from academy.competencies.queries import suggesting as reads
from academy.competencies.queries.profiles import titles_of
from academy.competencies.rules.suggesting import DUTY, PROFILE, PROVEN, Reason, alike, proven_by_half, suggest
from academy.insights.reports.models import SmallGroup
from academy.insights.reports.reach import actor_of
from academy.learning.kinds import Condition
from tests.conftest import NOW
from tests.factories import accounts as people
from tests.factories import catalogue, duties
from tests.factories import competencies as make
from tests.factories.accounts import both

TITLE = both("موظف خدمة العملاء", "Customer service officer")
JOBS = "/admin/job-profiles/suggestions"


@pytest.fixture
def house(app):
    make.framework({"D1.1": 3, "D1.2": 1})
    return people.organisation()


def crowd(house, many, proven, title=TITLE):
    """People of a title, of whom the first so many have proven D2.1."""
    found = [people.person(of=house, job_title=title) for _n in range(many)]
    for who in found[:proven]:
        make.evidence(who, "D2.1", items=30)
    return found


def rows(house, title=TITLE, admin=None):
    actor = actor_of((admin or people.administrator(house, everywhere=False)).id)
    found = reads.suggested(title, actor, titles_of(actor))
    return {row.key: {each.source: each.level for each in row.reasons} for row in found.rows}


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("موظّف خدمة العملاء", "موظف خدمه عملاء", True),
        ("موظف خدمة العملاء أول", "موظف خدمة العملاء", True),
        ("مشرف خدمة العملاء", "موظف خدمة العملاء", False),
        ("محاسب", "موظف خدمة العملاء", False),
        ("", "", False),
    ],
)
def test_titles_are_alike_by_their_words(one, other, same):
    """CM10: differences of spelling and one word more do not part two titles; another office does."""
    assert alike(both(one, ""), both(other, "")) is same


LEVELS = st.dictionaries(st.integers(1, 4), st.integers(0, 40))


@given(LEVELS, st.integers(0, 200), st.integers(5, 40))
def test_what_is_proven_is_told_of_large_groups_alone(at_level, people_there, threshold):
    """CM10: a property: neither the group nor those who proved it are ever fewer than the threshold, nor less than half."""
    level = proven_by_half(at_level, people_there, threshold)
    if level is not None:
        those = sum(count for each, count in at_level.items() if each >= level)
        assert people_there >= threshold and those >= threshold and 2 * those >= people_there


def test_more_reasons_come_first_and_the_highest_level_is_suggested():
    """CM10: the order and the level of what is suggested."""
    found = suggest(
        [("a", Reason(DUTY, 4)), ("b", Reason(PROFILE, 1)), ("b", Reason(PROVEN, 2)), ("c", Reason(DUTY, 0))]
    )
    assert [(row.key, row.level) for row in found] == [("b", 2), ("a", 4)]


def test_what_people_with_the_title_have_proven_is_suggested(house):
    """CM10: at least half of them, of titles written alike too; fewer than half suggest nothing."""
    crowd(house, 3, 3)
    crowd(house, 3, 2, both("موظّف خدمه العملاء", ""))
    assert set(rows(house)["D2.1"]) == {PROVEN}
    crowd(house, 6, 0)
    assert "D2.1" not in rows(house)


def test_a_small_group_tells_nothing(house):
    """CM10: four people of the title, or a stricter threshold of the academy: nothing of what they have proven."""
    crowd(house, 4, 4)
    assert "D2.1" not in rows(house)
    crowd(house, 2, 2)
    assert "D2.1" in rows(house)
    db.session.add(SmallGroup(organisation_id=None, threshold=10, changed_at=NOW))
    db.session.flush()
    assert "D2.1" not in rows(house)


def test_other_organisations_tell_nothing(house):
    """CM10: neither people, nor jobs, nor duties of an organisation that the reader does not administer."""
    other = people.organisation()
    crowd(other, 9, 9)
    services.attach_job(other.id, TITLE, "frontline", actor_id=None, at=NOW)
    duty(other)
    people.person(of=house, job_title=TITLE)
    assert rows(house) == {}
    assert set(rows(house, admin=people.administrator())) == {"D1.1", "D1.2", "D2.1", "D2.2"}


def duty(of):
    course = catalogue.course(of, competencies=[Target("D2.2", 2)])
    duties.rule(of, Condition("job_title", (TITLE.ar,)), course=course)


def test_alike_jobs_and_duties_suggest_with_their_reason(house, visit):
    """CM10: the page of a title tells each reason in words and offers the alike job's profile, to be given by hand."""
    people.person(of=house, job_title=TITLE)
    services.attach_job(house.id, both("موظف خدمة العملاء أول", "Senior"), "frontline", actor_id=None, at=NOW)
    duty(house)
    assert rows(house) == {"D1.1": {PROFILE: 3}, "D1.2": {PROFILE: 1}, "D2.2": {DUTY: 2}}
    desk = visit(people.administrator(house, everywhere=False, language="en"))
    page = desk.get(f"{JOBS}?job={TITLE.ar}")
    assert "asks for level 3" in page.words and "a duty of this or a similar job title" in page.words
    assert "Too few people have this" in page.words
    (offer,) = page.select(".checklist a.btn")
    chosen = desk.get(offer["href"]).select("select#profile option[selected]")
    assert [each["value"] for each in chosen] == ["frontline"]


def test_what_is_chosen_goes_into_the_draft_and_no_further(house, visit):
    """CM10: the editor of a profile takes some of what is suggested; the published profile stays until it is published."""
    crowd(house, 6, 6)
    desk = visit(people.administrator(language="en"))
    address = f"/manage/role-profiles/frontline/suggestions?job={TITLE.ar}"
    page = desk.get(address)
    assert "At least half of the 6 people" in page.words
    assert "Choose at least one" in desk.post(address, {"revision": "0"}, status=422).words
    desk.post(address, {"revision": "0", "chosen": "D2.1"})
    draft = db.session.scalar(select(RoleProfileDraft))
    assert set(draft.targets) == {"D1.1", "D1.2", "D2.1"}
    assert "D2.1" not in db.session.get(RoleProfile, draft.profile_id).targets
    assert not desk.get(address).select("input[name=chosen]"), "what is asked already is not suggested again"


@pytest.mark.parametrize("who", ["manager", "person", "administrator"])
def test_suggestions_are_for_administrators(house, visit, who):
    """CM10: managers and people see neither page; an organisation's administrator not the editor's."""
    made = {
        "manager": lambda: people.manager(people.org_unit(house)),
        "person": lambda: people.person(of=house),
        "administrator": lambda: people.administrator(house, everywhere=False),
    }[who]()
    visitor = visit(made)
    visitor.get(JOBS, status=200 if who == "administrator" else 403)
    visitor.get("/manage/role-profiles/frontline/suggestions", status=404)
