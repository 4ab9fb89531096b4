"""Nobody opens a desk that is not theirs: every route, as every wrong person; and who sees which course."""

import gc

import pytest
from flask import url_for

from academy.base.access import Actor, Grant, allowed
from academy.base.db import db
from academy.catalogue import policies, queries, services
from tests.factories import accounts as people
from tests.factories import bank
from tests.factories import catalogue as make
from tests.factories.accounts import both

CANARY = "كناري-أ"
FINDERS = {"key", "unit_key", "activity_key"}


@pytest.fixture
def agency(app):
    """An agency with a trainer and a course whose draft carries the canary."""
    org = people.organisation()
    trainer = people.trainer(of=org)
    course = make.course(trainer=trainer, title=both(f"{CANARY} مقرر", "Canary course"), published=False)
    return org, trainer, course


def addresses(app, course):
    """Every address of the trainer's desk about one course, with its methods."""
    parts = {"key": course.key, "unit_key": "u1", "activity_key": "a1"}
    with app.test_request_context():
        for rule in app.url_map.iter_rules():
            if rule.endpoint.startswith("catalogue.") and "key" in rule.arguments:
                yield url_for(rule.endpoint, **{name: parts[name] for name in rule.arguments}), rule.methods


def wrong_people(org):
    """Everybody who has no business on the desk."""
    partner = people.organisation(kind="partner")
    yield people.person(of=org)
    yield people.manager(unit=people.org_unit(of=org))
    yield people.trainer(of=org)
    yield people.trainer(of=partner)
    yield people.administrator(of=partner, everywhere=False)


def test_every_route_of_a_desk_is_closed_to_the_wrong_people(app, visit, agency):
    org, _trainer, course = agency
    doors = list(addresses(app, course))
    assert len(doors) > 20
    for person in wrong_people(org):
        visitor = visit(person)
        for address, methods in doors:
            if "GET" in methods:
                assert CANARY not in visitor.get(address, status=404).words
            if "POST" in methods:
                visitor.post(address, {"title-ar": "تخريب", "person": person.id, "source": "x"}, status=404)
    assert queries.draft_version(course.id).title == both(f"{CANARY} مقرر", "Canary course")
    assert [row[0] for row in queries.trainers_of(course.id)] == [_trainer.id]


def test_a_visitor_is_sent_to_sign_in(app, browser, agency):
    for address, methods in addresses(app, agency[2]):
        if "GET" in methods:
            browser.get(address, status=302)
            assert "/sign-in" in browser.response.headers["Location"]
    browser.get("/teach", status=302)
    browser.get("/teach/new", status=302)


def test_the_right_people_open_it(visit, agency):
    org, trainer, course = agency
    for person in (trainer, people.administrator(of=org, everywhere=False), people.administrator()):
        visitor = visit(person)
        assert CANARY in visitor.get(f"/teach/{course.key}").words
        assert CANARY in visitor.get("/teach").words


def test_lists_and_searches_never_show_another_organisations_drafts(visit, agency):
    partner = people.organisation(kind="partner")
    for person in (people.trainer(of=partner), people.administrator(of=partner, everywhere=False)):
        visitor = visit(person)
        for address in ("/teach", "/teach?q=كناري", "/teach?state=draft", "/teach/new"):
            assert CANARY not in visitor.get(address).words
        own = make.course(of=partner, trainer=person, published=False)
        for page in ("details", "access"):
            assert CANARY not in visitor.get(f"/teach/{own.key}/{page}").words


def test_people_without_a_role_have_no_desk(visit):
    visitor = visit(people.person())
    visitor.get("/teach", status=403)
    visitor.get("/teach/new", status=403)
    visitor.post("/teach/new", {"title-ar": "س"}, status=403)


def test_a_trainer_creates_in_their_own_organisation_only(visit):
    other = people.organisation()
    trainer = people.trainer()
    visitor = visit(trainer)
    visitor.post("/teach/new", {"title-ar": "س", "title-en": "Sneak", "organisation": other.id}, status=422)
    assert queries.course_by_key("sneak") is None
    visitor.post("/teach/new", {"title-ar": "س", "title-en": "Mine", "organisation": trainer.organisation_id})
    assert queries.course_by_key("mine").organisation_id == trainer.organisation_id


def test_who_has_lost_the_trainer_role_no_longer_edits(visit, agency):
    _org, trainer, course = agency
    db.session.query(people.RoleGrant).filter_by(person_id=trainer.id).delete()
    visit(trainer).get(f"/teach/{course.key}", status=404)


def test_an_activity_of_another_course_is_not_found_under_this_one(visit, agency):
    trainer = people.trainer()
    make.course(trainer=trainer, key="mine-only", published=False, lessons=0)
    visit(trainer).get("/teach/mine-only/activities/a1", status=404)


def actor(organisation_id, *grants):
    """An actor who is nobody in particular."""
    return Actor(0, both("أ", "A"), "a@example.test", organisation_id, None, "ar", "latn", "both", grants)


def test_who_sees_which_course_is_the_same_by_predicate_and_by_filter(app):
    agency, partner = people.organisation(), people.organisation(kind="partner")
    courses = [
        make.course(of=agency),
        make.course(of=agency, audience="organisation"),
        make.course(of=partner, audience="organisation"),
        make.course(of=partner, public=True),
    ]
    people_and_counts = [
        (actor(agency.id), 3),
        (actor(partner.id), 3),
        (actor(agency.id, Grant("administrator")), 4),
        (actor(partner.id, Grant("administrator", partner.id)), 3),
    ]
    for who, count in people_and_counts:
        by_filter = {card.id for card in queries.cards(who)}
        assert by_filter == {course.id for course in courses if allowed(policies.SEE_COURSE, who, course)}
        assert len(by_filter) == count
    assert [card.id for card in queries.cards(None)] == [courses[3].id]


def test_a_draft_is_on_no_card(app):
    make.course(published=False, public=True)
    assert queries.cards(None) == [] and queries.cards(actor(people.organisation().id, Grant("administrator"))) == []


def test_cards_are_counted_filtered_and_read_in_one_statement(app, statements):
    wanted = make.course(
        units=2, lessons=3, level=2, public=True, title=both("إدارة الشكاوى", "Complaints"),
        competencies=[services.Target("D4.1", 2)],
    )  # fmt: skip
    make.course(level=1, public=True)
    with statements() as seen:
        cards = queries.cards(None, terms=["شكاو"] if "شكاو " in wanted.search_text else [], level=2, competency="D4.1")
    assert len(seen) == 1
    assert [(card.key, card.units, card.lessons) for card in cards] == [(wanted.key, 2, 6)]
    assert queries.cards(None, competency="D9.9") == []


def test_titles_are_those_of_the_published_version(app):
    course = make.course(title=both("قديم", "Old"))
    services.change_details(make.draft(course), services.Details(title=both("جديد", "New")))
    draft_only = make.course(published=False, title=both("مسودة", "Draft"))
    assert queries.titles([course.id, draft_only.id]) == {
        course.id: both("قديم", "Old"),
        draft_only.id: both("مسودة", "Draft"),
    }


def test_one_page_asks_the_database_once_whether_somebody_trains_a_course(agency, statements):
    org, trainer, course = agency
    who = bank.actor(trainer)
    db.session.expire_all()
    assert course.organisation_id == org.id
    with statements() as seen:
        for _time in range(2):
            assert policies.edits(who, course)
            gc.collect(0)
    assert len(seen) == 1
