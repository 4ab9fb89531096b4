"""AS16: other limits for a group at once: whom it reaches, how it joins what single people have, and who may grant it."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import func, select

from academy.assessment import services
from academy.assessment.models import AccommodationGroup
from academy.assessment.queries_of_accommodations import limits_of
from academy.assessment.queries_of_groups import Reach
from academy.assessment.queries_of_heads import attempt_head
from academy.base.audit import AuditEntry
from academy.base.db import db
from tests.factories import accounts as people
from tests.factories import assessment as quizzes
from tests.factories import catalogue

MINUTE = timedelta(minutes=1)
NEW = "/admin/accommodations/new"


def now() -> datetime:
    return datetime.now(UTC)


class House:
    """An agency with a unit, a unit below it, and somebody in each."""

    def __init__(self) -> None:
        self.agency = people.organisation()
        self.top = people.org_unit(self.agency)
        self.below = people.org_unit(self.agency, self.top)
        self.in_top, self.in_below = (
            people.person(of=self.agency, org_unit_id=unit.id) for unit in (self.top, self.below)
        )
        self.aside = people.person(of=self.agency)
        self.stranger = people.person(of=people.organisation())
        self.admin = people.administrator(of=self.agency, everywhere=False)
        db.session.flush()

    def unit(self, below=True) -> Reach:
        return Reach(self.agency.id, "unit", self.top.id, below)

    def grant(self, reach=None, quiz_id=None, dates=None, everywhere=False, at=None, **terms):
        return services.grant_group(
            reach or self.unit(), services.Terms(**terms), dates or services.Dates(), quiz_id=quiz_id,
            everywhere=everywhere, actor_id=self.admin.id, at=at or now(),
        )  # fmt: skip


@pytest.fixture
def house(app):
    return House()


def percent_of(version, *who):
    return [limits_of(version, each.id, now()).extra_percent for each in who]


def test_it_reaches_the_group_and_nobody_else_and_follows_it(house):
    """AS16: whoever joins has it from then on, whoever leaves no longer; never who granted it."""
    version = quizzes.quiz(minutes=20)
    house.grant(extra_percent=50)
    everybody = house.in_top, house.in_below, house.aside, house.stranger, house.admin
    assert percent_of(version, *everybody) == [50, 50, 0, 0, 0]
    house.aside.org_unit_id, house.in_top.org_unit_id, house.admin.org_unit_id = house.below.id, None, house.top.id
    db.session.flush()
    assert percent_of(version, *everybody) == [0, 50, 50, 0, 0]


def test_without_the_units_below_a_list_and_an_organisation(house):
    version = quizzes.quiz(minutes=20)
    first = house.grant(house.unit(below=False), extra_percent=10)
    assert percent_of(version, house.in_top, house.in_below) == [10, 0]
    listed = Reach(house.agency.id, "list", listed=(house.aside.id, house.stranger.id))
    house.grant(listed, extra_percent=20)
    assert percent_of(version, house.aside, house.stranger, house.in_below) == [20, 0, 0]
    house.grant(Reach(house.agency.id, "organisation"), extra_percent=5)
    assert percent_of(version, house.in_top, house.in_below, house.aside, house.stranger) == [10, 5, 20, 0]
    services.withdraw_group(services.accommodating_groups.group_granted(first.id), actor_id=house.admin.id, at=now())
    assert percent_of(version, house.in_top) == [5]


def test_the_pages_name_the_same_people_as_the_rule(visit, house):
    """AS16: whom the group's page lists, and whose page names the group."""
    group = house.grant(extra_percent=50)
    words = visit(house.admin).get(f"/accommodation-groups/{group.id}").words
    for who, reached in ((house.in_top, True), (house.in_below, True), (house.aside, False), (house.admin, False)):
        assert (who.email in words) is reached
        own = visit(house.admin).get(f"/admin/people/{who.id}/accommodations", 404 if who is house.admin else 200)
        assert bool(own.select(f"a[href='/accommodation-groups/{group.id}']")) is reached


def test_ones_own_date_goes_first_and_amounts_are_never_added(house):
    """AS16: the most counts of extra time and attempts, so that nobody has less for having been granted more."""
    version, at = quizzes.quiz(minutes=20, attempts_allowed=1, closes_at=now() + timedelta(days=1)), now()
    house.grant(extra_percent=50, extra_attempts=2)
    services.accommodate(house.in_top, services.Terms(extra_percent=25, extra_attempts=3), actor_id=None, at=at)
    limits = limits_of(version, house.in_top.id, at)
    assert (limits.extra_percent, limits.extra_attempts) == (50, 3)
    days = [at + timedelta(days=days) for days in (3, 5, 2)]
    for each in days[:2]:
        house.grant(quiz_id=version.quiz_id, dates=services.Dates(closes_at=each))
    assert limits_of(version, house.in_top.id, at).closes_at == days[1]
    services.grant_dates(version.quiz_id, house.in_top, services.Dates(closes_at=days[2]), actor_id=None, at=at)
    assert limits_of(version, house.in_top.id, at).closes_at == days[2]
    other = quizzes.quiz(minutes=20)
    assert limits_of(other, house.in_top.id, at).closes_at is None


def test_attempts_under_way_move_at_once_and_never_back(house):
    """AS16: as after an alarm in the examination hall; those whose time is over stay over."""
    version, other, at = quizzes.quiz(minutes=20), quizzes.quiz(minutes=20), now()
    mine, elsewhere = (quizzes.attempt(each, house.in_below, at=at) for each in (version, other))
    over = quizzes.attempt(version, house.in_top, at=at - timedelta(hours=1))
    aside = quizzes.attempt(version, house.aside, at=at)
    ends = over.deadline
    group = house.grant(quiz_id=version.quiz_id, extra_percent=100, larger_text=True)
    for each in (mine, elsewhere, over, aside):
        db.session.refresh(each)
    assert mine.deadline == at + 40 * MINUTE and elsewhere.deadline == aside.deadline == at + 20 * MINUTE
    assert over.deadline == ends
    assert attempt_head(mine.id).larger and not attempt_head(elsewhere.id).larger
    services.withdraw_group(services.accommodating_groups.group_granted(group.id), actor_id=house.admin.id, at=now())
    db.session.refresh(mine)
    assert mine.deadline == at + 40 * MINUTE


def test_it_ends_with_its_last_day_and_excuses_from_the_browser(house):
    version = quizzes.quiz(minutes=20, secure_browser="keys", secure={"keys": ["a1" * 32]})
    house.grant(any_browser=True)
    assert services.start_attempt(version.id, house.in_top.id, at=now()).number == 1
    with pytest.raises(services.OutsideSafeBrowser):
        services.start_attempt(version.id, house.aside.id, at=now())
    house.grant(extra_percent=50, valid_until=(now() - timedelta(days=2)).date())
    assert percent_of(version, house.in_top) == [0]


def test_people_with_academy_wide_roles_are_reached_by_the_academy_alone(house):
    """P3: as a single accommodation of theirs is granted by an academy administrator alone."""
    version = quizzes.quiz(minutes=20)
    people.grant(house.in_top, "trainer")
    house.grant(extra_percent=50)
    assert percent_of(version, house.in_top, house.in_below) == [0, 50]
    house.grant(extra_percent=30, everywhere=True)
    assert percent_of(version, house.in_top) == [30]


def test_the_page_shows_whom_it_reaches_before_it_grants(visit, house):
    """AS16: a pasted list with who is found and who is not; granted only as it was shown; told to the person; undone."""
    browser = visit(house.admin)
    emails = f"{house.aside.email.upper()}, nobody@example.test؛ {house.stranger.email}"
    form = {"reach": f"list:{house.agency.id}:0", "emails": emails, "quiz": "0", "extra_percent": "50"}
    page = browser.post(NEW, {**form, "act": "preview"})
    assert (
        house.aside.email in page.words and "nobody@example.test" in page.words and house.stranger.email in page.words
    )
    assert len(page.select("#preview-title ~ * tbody tr")) == 1
    seen = page.select_one("input[name=seen]")["value"]
    for early in ({"act": "grant"}, {"act": "grant", "seen": seen, "extra_percent": "90"}):
        browser.post(NEW, {**form, **early})
    assert not db.session.scalar(select(func.count()).select_from(AccommodationGroup))
    page = browser.post(NEW, {**form, "act": "grant", "seen": seen})
    group = db.session.scalars(select(AccommodationGroup)).one()
    assert browser.response.request.path == f"/accommodation-groups/{group.id}" and house.aside.email in page.words
    assert "٥٠" in visit(house.aside).get("/account").words or "50" in visit(house.aside).get("/account").words
    assert browser.get(f"/admin/people/{house.aside.id}/accommodations").select(
        f"a[href='/accommodation-groups/{group.id}']"
    )
    assert browser.get("/admin/accommodations").select(f"a[href='/accommodation-groups/{group.id}']")
    browser.post(f"/accommodation-groups/{group.id}/withdraw")
    assert not db.session.scalar(select(func.count()).select_from(AccommodationGroup))
    acts = db.session.scalars(
        select(AuditEntry.act).where(AuditEntry.act.like("%accommodation:group%")).order_by(AuditEntry.id)
    )
    assert list(acts) == ["assessment:accommodation:group", "assessment:accommodation:group_withdrawn"]


def test_what_is_wrong_comes_back_with_its_sentence(visit, house):
    browser = visit(house.admin)
    unit = {"reach": f"unit:{house.agency.id}:{house.top.id}", "below": "y", "quiz": "0"}
    for wrong, where in (
        ({}, "extra_percent"), ({"closes_at": "2030-01-01 10:00"}, "quiz"), ({"extra_percent": "900"}, "extra_percent"),
        ({"reach": f"list:{house.agency.id}:0", "extra_percent": "5", "emails": "nobody@example.test"}, "emails"),
        ({"reach": f"organisation:{house.stranger.organisation_id}:0", "extra_percent": "5"}, "reach"),
        ({"reach": "nonsense", "extra_percent": "5"}, "reach"),
    ):  # fmt: skip
        assert browser.post(NEW, {**unit, **wrong}, 422).select(f"#{where}-error"), wrong


def test_who_grants_to_groups(visit, house):
    """P3: administrators for their own people; nobody else knows the pages."""
    group = house.grant(extra_percent=50)
    foreign = people.administrator(of=people.organisation(), everywhere=False)
    for who in (house.in_top, people.trainer(of=house.agency), people.manager(house.top)):
        visit(who).get("/admin/accommodations", 403)
        visit(who).get(NEW, 403)
    for who in (house.in_top, foreign, people.trainer(of=house.agency)):
        visit(who).get(f"/accommodation-groups/{group.id}", 404)
        visit(who).post(f"/accommodation-groups/{group.id}/withdraw", {}, 404)
    assert not visit(foreign).get("/admin/accommodations").select("tbody tr")


def test_a_trainer_grants_a_group_other_dates_for_a_quiz_of_their_course(visit, house):
    """AS16: as single dates, and nothing besides dates; the quiz's page says where they come from."""
    trainer = people.trainer(of=house.agency)
    activity = quizzes.quiz_activity(trainer)
    course, version = activity.version.course, db.session.get(quizzes.QuizVersion, activity.content["quiz_version_id"])
    quizzes.question(version, "true_false")
    catalogue.services.publish(course, actor_id=None, at=now())
    browser, url = visit(trainer), f"/teach/{course.key}/dates/group"
    form = {
        "reach": f"unit:{house.agency.id}:{house.top.id}", "below": "y", "quiz": str(version.quiz_id),
        "closes_at": "2031-01-01 10:00", "extra_percent": "90", "act": "preview",
    }  # fmt: skip
    seen = browser.post(url, form).select_one("input[name=seen]")["value"]
    page = browser.post(url, {**form, "act": "grant", "seen": seen})
    group = db.session.scalars(select(AccommodationGroup)).one()
    assert (group.quiz_id, group.extra_percent, group.closes_at.year) == (version.quiz_id, 0, 2031)
    assert page.select("form[action$='/withdraw']")
    assert browser.get(f"/teach/{course.key}/dates").select(f"a[href='/accommodation-groups/{group.id}']")
    browser.post(f"/accommodation-groups/{group.id}/withdraw")


def test_many_people_and_groups_cost_no_more_statements(house, statements):
    version, at = quizzes.quiz(minutes=20), now()
    house.grant(extra_percent=5)
    db.session.flush()
    db.session.refresh(version)
    with statements() as few:
        limits_of(version, house.in_top.id, at)
    for _each in range(5):
        house.grant(extra_percent=6, quiz_id=version.quiz_id)
    db.session.flush()
    with statements() as many:
        assert limits_of(version, house.in_top.id, at).extra_percent == 6
    assert len(few) == len(many) == 1
