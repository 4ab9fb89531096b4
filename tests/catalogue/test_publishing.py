"""Publishing: the checklist, immutable versions, drafts that copy, and two who publish at once."""

import pytest

from academy import facts
from academy.base import bus
from academy.base.audit import AuditEntry
from academy.base.db import db
from academy.base.text import LocalizedText
from academy.catalogue import kinds, queries, services
from academy.catalogue.models import CourseVersion, PublishedIsImmutable
from academy.catalogue.refusals import NoDraft, NotReady
from tests.concurrency import crowd_app, prepared, run_together, winners  # noqa: F401
from tests.conftest import NOW
from tests.factories import accounts as people
from tests.factories import catalogue as make
from tests.factories.accounts import both


def sentences(course):
    return {finding.sentence for finding in services.checklist(queries.draft_version(course.id))}


def test_an_empty_draft_lists_all_that_it_lacks(app):
    course = make.course(published=False, units=0, title=both("", "Only English"), summary=LocalizedText())
    assert sentences(course) == {
        "The course needs a title in the academy's main language.",
        "The course needs a summary.",
        "The course needs at least one unit.",
        "The course needs at least one required activity.",
    }
    with pytest.raises(NotReady):
        services.publish(course, actor_id=None, at=NOW)


def test_optional_activities_alone_are_not_enough(app):
    course = make.course(published=False, lessons=0)
    make.lesson(queries.units_of(make.draft(course).id)[0], required=False)
    assert sentences(course) == {"The course needs at least one required activity."}


def test_each_kind_names_what_is_missing(app):
    course = make.course(published=False)
    unit = queries.units_of(make.draft(course).id)[0]
    for kind in ("lesson", "classify", "file"):
        make.activity(unit, kind)
    assert {
        "The lesson has no text in any language.",
        "The exercise has nothing to sort.",
        "No file has been uploaded.",
    } <= (sentences(course))


def test_a_prerequisite_must_be_published(app):
    needed = make.course(published=False)
    course = make.course(published=False, prerequisites=[needed.id])
    assert sentences(course) == {"A course that must be completed first is not published."}
    services.publish(needed, actor_id=None, at=NOW)
    assert not sentences(course)
    assert [each.course_id for each in queries.requirements(make.draft(course).id)] == [needed.id]


def test_publishing_numbers_supersedes_tells_and_records(app):
    heard = []
    trainer = people.trainer()
    course = make.course(trainer=trainer)
    first = queries.published_version(course.id)
    make.draft(course)
    bus._listeners[facts.CoursePublished].append(heard.append)
    try:
        second = services.publish(course, actor_id=trainer.id, at=NOW)
    finally:
        bus._listeners[facts.CoursePublished].remove(heard.append)
    assert (first.state, second.state, second.number) == ("superseded", "published", first.number + 1)
    assert heard == [facts.CoursePublished(course.id, second.id)]
    entry = db.session.query(AuditEntry).filter_by(act="catalogue:course:publish", subject_id=course.id).all()[-1]
    assert (entry.actor_id, entry.before, entry.after) == (trainer.id, {"version": 1}, {"version": 2})


def test_a_draft_copies_everything_and_keeps_the_keys(app):
    course = make.course(units=2, lessons=2, hours=3, gives_certificate=True, validity_months=12)
    published, draft = queries.published_version(course.id), make.draft(course)
    assert make.draft(course).id == draft.id
    assert (draft.title, draft.hours, draft.validity_months) == (published.title, published.hours, 12)
    old, new = queries.outline(published.id), queries.outline(draft.id)
    assert [a.key for a in old.activities] == [a.key for a in new.activities]
    assert not {a.id for a in old.activities} & {a.id for a in new.activities}
    contents = [[row.content for row in queries.activities_of(v.id)] for v in (published, draft)]
    assert contents[0] == contents[1]


def test_keys_of_removed_activities_are_never_given_again(app):
    course = make.course(lessons=2)
    draft = make.draft(course)
    services.remove_activity(queries.activities_of(draft.id)[-1], at=NOW)
    services.publish(course, actor_id=None, at=NOW)
    later = make.draft(course)
    assert make.lesson(queries.units_of(later.id)[0]).key == "a3"


def test_removed_parts_are_dropped_by_publishing(app):
    course = make.course(published=False, units=2, lessons=2)
    draft = make.draft(course)
    services.remove_unit(queries.units_of(draft.id)[0], at=NOW)
    services.remove_activity(queries.activities_of(draft.id)[-1], at=NOW)
    version = services.publish(course, actor_id=None, at=NOW)
    assert (len(queries.units_of(version.id)), len(queries.activities_of(version.id))) == (1, 1)


def refuse_flush():
    with pytest.raises(PublishedIsImmutable), db.session.begin_nested():
        db.session.flush()
    db.session.expire_all()


def test_a_published_version_cannot_be_changed_by_anyone(app):
    course = make.course()
    version = queries.published_version(course.id)
    activity, unit = queries.activities_of(version.id)[0], queries.units_of(version.id)[0]
    for verb in (
        lambda: services.change_activity(activity, title=both("س", "x"), minutes=1, required=True),
        lambda: services.add_activity(unit, kind="lesson", title=both("س", "x"), at=NOW),
        lambda: services.remove_unit(unit, at=NOW),
        lambda: services.change_details(version, services.Details(title=both("س", "x"))),
    ):
        with pytest.raises(NoDraft):
            verb()
    activity.title = both("تسلل", "Sneaked in")
    refuse_flush()
    version.hours = 99
    refuse_flush()
    version.state = "draft"
    refuse_flush()
    db.session.delete(db.session.merge(activity))
    refuse_flush()


def test_a_kind_copies_and_freezes_its_content(app):
    frozen = []
    kinds.add(
        kinds.ActivityKind(
            "odd", kinds.of("lesson").label, "star", "read", "catalogue.activity",
            start=lambda new: {"number": 1, "of": new.key},
            copy=lambda content, at: {**content, "number": content["number"] + 1},
            freeze=lambda content, at: frozen.append((content["number"], at)),
        )
    )  # fmt: skip
    try:
        course = make.course(published=False)
        made = make.activity(queries.units_of(make.draft(course).id)[0], "odd")
        assert made.content == {"number": 1, "of": made.key}
        services.publish(course, actor_id=None, at=NOW)
        copied = queries.activities_of(make.draft(course).id)[-1]
        assert copied.content["number"] == 2 and frozen == [(1, NOW)]
    finally:
        del kinds.KINDS["odd"]


def test_a_draft_can_be_discarded_but_not_the_only_one(app):
    course = make.course()
    draft = make.draft(course)
    services.add_unit(draft, title=both("زائدة", "Extra"))
    assert services.discard_draft(course)
    assert queries.draft_version(course.id) is None and queries.published_version(course.id)
    fresh = make.course(published=False)
    assert not services.discard_draft(fresh)
    assert queries.draft_version(fresh.id)


def test_the_search_text_follows_what_is_published(app):
    course = make.course(title=both("إدارة الشكاوى", "Complaints"), code="CX-9")
    assert [card.id for card in queries.cards(None, terms=[])] == []
    assert "شكاو" in course.search_text
    draft = make.draft(course)
    services.change_details(
        draft, services.Details(title=both("قياس الرضا", "Satisfaction"), summary=both("ملخص", "S"))
    )
    assert "شكاو" in course.search_text
    services.publish(course, actor_id=None, at=NOW)
    assert "شكاو" not in course.search_text and "رضا" in course.search_text


@pytest.mark.concurrency
def test_two_who_publish_at_once_make_one_version(crowd_app):  # noqa: F811
    with prepared(crowd_app):
        course_id = make.course(published=False).id
    outcomes = run_together(
        4, lambda n: services.publish(queries.course(course_id), actor_id=None, at=NOW).number, app=crowd_app
    )
    assert winners(outcomes) == [1] and sum(isinstance(outcome, NoDraft) for outcome in outcomes) == 3
    with prepared(crowd_app):
        assert [v.state for v in db.session.query(CourseVersion).filter_by(course_id=course_id)] == ["published"]


@pytest.mark.concurrency
def test_two_who_start_editing_at_once_share_one_draft(crowd_app):  # noqa: F811
    with prepared(crowd_app):
        course_id = make.course(units=2, lessons=2).id
    outcomes = run_together(4, lambda n: services.draft_of(queries.course(course_id), at=NOW).id, app=crowd_app)
    assert len(set(outcomes)) == 1 and isinstance(outcomes[0], int)
    with prepared(crowd_app):
        assert len(queries.outline(outcomes[0]).activities) == 4
