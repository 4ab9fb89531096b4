"""The verbs of authoring: keys, order, removal, revisions, prerequisites, trainers, retirement."""

import pytest

from academy.base.audit import AuditEntry
from academy.base.db import db
from academy.base.errors import Invalid, Stale
from academy.catalogue import queries, services
from academy.catalogue.refusals import Circle, KeyFixed, KeyReserved, KeyTaken, KeyUnfit, OutOfStep
from academy.catalogue.rules import keys, ordering
from tests.concurrency import crowd_app, prepared, run_together, winners  # noqa: F401
from tests.conftest import NOW
from tests.factories import accounts as people
from tests.factories import catalogue as make
from tests.factories.accounts import both


@pytest.mark.parametrize(
    ("title", "key"),
    [
        ("Service design", "service-design"),
        ("  What's CX?  ", "whats-cx"),
        ("Café & Crème", "cafe-creme"),
        ("تصميم الخدمة", "course"),
        ("New", "new-2"),
        ("x" * 300, "x" * 52),
    ],
)
def test_a_key_is_suggested_from_the_english_title(title, key):
    assert keys.suggested(title) == key
    assert keys.is_key(keys.suggested(title))


@pytest.mark.parametrize("key", ["", "Caps", "a b", "عربي", "-a", "a-", "a--b", "new", "a" * 61, "a/b", "../x"])
def test_what_is_no_key_is_refused(key):
    assert not keys.is_key(key)


def test_a_taken_key_is_numbered_when_suggested_and_refused_when_asked_for(app):
    org = people.organisation()
    first = services.create_course(title=both("أ", "Service design"), organisation_id=org.id, at=NOW)
    second = services.create_course(title=both("ب", "Service design"), organisation_id=org.id, at=NOW)
    assert (first.key, second.key) == ("service-design", "service-design-2")
    with pytest.raises(KeyTaken):
        services.create_course(title=both("ج", "C"), organisation_id=org.id, key="service-design", at=NOW)
    with pytest.raises(KeyUnfit):
        services.create_course(title=both("ج", "C"), organisation_id=org.id, key="Service Design", at=NOW)
    with pytest.raises(KeyReserved):
        services.create_course(title=both("ج", "C"), organisation_id=org.id, key="new", at=NOW)


def access(course, **changed):
    values = {"key": course.key, "code": course.code, "audience": course.audience, "public": course.public}
    return services.change_access(course, **{**values, **changed}, actor_id=None, at=NOW)


def test_the_key_stays_once_the_course_was_published(app):
    course = make.course(published=False)
    access(course, key="other-key")
    assert queries.course_by_key("other-key").id == course.id
    services.publish(course, actor_id=None, at=NOW)
    with pytest.raises(KeyFixed):
        access(course, key="third-key")


def test_only_a_course_for_everyone_is_public(app):
    course = make.course()
    assert access(course, public=True).public
    assert not access(course, public=True, audience="organisation").public


def order(version):
    return [(unit.key, [each.key for each in unit.activities]) for unit in queries.outline(version.id).units]


def test_activities_move_within_and_between_units(app):
    draft = make.draft(make.course(published=False, units=2, lessons=2))
    by_key = {row.key: row for row in queries.activities_of(draft.id)}
    services.move_activity(by_key["a1"], "up")
    assert order(draft) == [("u1", ["a1", "a2"]), ("u2", ["a3", "a4"])]
    services.move_activity(by_key["a2"], "down")
    assert order(draft) == [("u1", ["a1"]), ("u2", ["a2", "a3", "a4"])]
    services.move_activity(by_key["a3"], "up")
    services.move_activity(by_key["a3"], "up")
    assert order(draft) == [("u1", ["a1", "a3"]), ("u2", ["a2", "a4"])]
    services.order_activities(draft, [("u2", []), ("u1", ["a4", "a3", "a2", "a1"])])
    assert order(draft) == [("u1", ["a4", "a3", "a2", "a1"]), ("u2", [])]


@pytest.mark.parametrize(
    "plan", [[("u1", ["a1"])], [("u1", ["a1", "a1"])], [("u9", ["a1", "a2"])], [("u1", ["a1", "a2", "x"])]]
)
def test_an_order_that_does_not_name_what_is_there_is_refused(app, plan):
    draft = make.draft(make.course(published=False, lessons=2))
    with pytest.raises(OutOfStep):
        services.order_activities(draft, plan)


def test_units_move_and_removed_ones_do_not_count(app):
    draft = make.draft(make.course(published=False, units=3))
    units = queries.units_of(draft.id)
    services.remove_unit(units[1], at=NOW)
    services.move_unit(units[2], "up")
    assert [unit for unit, _rows in order(draft)] == ["u3", "u1"]
    services.restore_unit(units[1])
    assert {unit for unit, _rows in order(draft)} == {"u1", "u2", "u3"}
    with pytest.raises(OutOfStep):
        services.order_units(draft, ["u1"])


def test_a_removed_activity_comes_back_where_it_was_even_when_its_unit_went_too(app):
    draft = make.draft(make.course(published=False, lessons=3))
    middle = queries.activities_of(draft.id)[1]
    services.remove_activity(middle, at=NOW)
    services.remove_unit(queries.units_of(draft.id)[0], at=NOW)
    assert order(draft) == []
    services.restore_activity(middle)
    assert order(draft) == [("u1", ["a1", "a2", "a3"])]


def test_moving_is_pure(app):
    assert ordering.moved(["a", "b"], "b", "up") == ["b", "a"]
    assert ordering.moved(["a", "b"], "b", "down") == ["a", "b"]


def test_a_save_from_an_old_page_is_refused(app):
    draft = make.draft(make.course(published=False))
    row = queries.activities_of(draft.id)[0]
    services.change_activity(row, title=both("أول", "First"), minutes=5, required=True, revision=1)
    with pytest.raises(Stale):
        services.change_activity(row, title=both("ثان", "Second"), minutes=5, required=True, revision=1)
    assert queries.activity(row.id).title == both("أول", "First")
    with pytest.raises(Stale):
        services.change_details(draft, services.Details(title=both("س", "x")), revision=draft.revision - 1)


@pytest.mark.concurrency
def test_of_two_saves_at_once_one_wins(crowd_app):  # noqa: F811
    with prepared(crowd_app):
        row_id = queries.activities_of(make.draft(make.course(published=False)).id)[0].id

    def save(number):
        title = both(f"محاولة {number}", "")
        return services.change_activity(
            queries.activity(row_id), title=title, minutes=1, required=True, revision=1
        ).revision

    outcomes = run_together(4, save, app=crowd_app)
    assert winners(outcomes) == [2] and sum(isinstance(outcome, Stale) for outcome in outcomes) == 3


def test_prerequisites_form_no_circle(app):
    first, second = make.course(), make.course()
    third = make.course(prerequisites=[second.id])
    services.change_details(make.draft(second), services.Details(title=both("ب", "B"), prerequisites=[first.id]))
    for course, needed in ((first, first), (first, third), (second, third)):
        with pytest.raises(Circle):
            services.change_details(
                make.draft(course), services.Details(title=both("أ", "A"), prerequisites=[needed.id])
            )


def test_objectives_keep_their_ids_and_new_ones_get_their_own(app):
    draft = make.draft(make.course(published=False))
    given = [
        services.Objective(both("ب", "B"), "o2"),
        services.Objective(both("ج", "C")),
        services.Objective(both("أ", "A"), "o1"),
    ]
    services.change_details(draft, services.Details(title=both("س", "x"), objectives=given))
    assert [row["id"] for row in draft.objectives] == ["o2", "o3", "o1"]


def test_only_a_trainer_of_the_organisation_is_assigned_and_the_last_one_stays(app):
    org = people.organisation()
    trainer, colleague = people.trainer(of=org), people.trainer(of=org)
    course = make.course(trainer=trainer)
    for stranger in (people.person(of=org), people.trainer(), people.person(of=org, state="suspended")):
        with pytest.raises(Invalid):
            services.assign_trainer(course, stranger.id, actor_id=trainer.id, at=NOW)
    with pytest.raises(Invalid):
        services.remove_trainer(course, trainer.id, actor_id=trainer.id, at=NOW)
    assert services.assign_trainer(course, colleague.id, actor_id=trainer.id, at=NOW)
    assert not services.assign_trainer(course, colleague.id, actor_id=trainer.id, at=NOW)
    assert services.remove_trainer(course, trainer.id, actor_id=colleague.id, at=NOW)


def test_a_retired_course_leaves_the_cards_and_comes_back(app):
    course = make.course(public=True)
    assert [card.key for card in queries.cards(None)] == [course.key]
    assert services.retire(course, actor_id=None, at=NOW) and not services.retire(course, actor_id=None, at=NOW)
    assert queries.cards(None) == []
    assert services.bring_back(course, actor_id=None, at=NOW)
    assert [card.key for card in queries.cards(None)] == [course.key]


def test_what_changes_a_course_for_others_is_on_the_trail(app):
    org = people.organisation()
    trainer, colleague = people.trainer(of=org), people.trainer(of=org)
    course = make.course(trainer=trainer)
    by = {"actor_id": trainer.id, "at": NOW}
    services.assign_trainer(course, colleague.id, **by)
    services.remove_trainer(course, colleague.id, **by)
    services.retire(course, **by)
    services.bring_back(course, **by)
    access(course, audience="organisation")
    entries = (
        db.session.query(AuditEntry).filter_by(subject_id=course.id, subject_type="course").order_by(AuditEntry.id)
    )
    assert [entry.act for entry in entries] == [
        "catalogue:course:publish",
        *["catalogue:course:trainers"] * 2,
        *["catalogue:course:retire"] * 2,
        "catalogue:course:edit",
    ]
    assert {entry.organisation_id for entry in entries} == {org.id}
