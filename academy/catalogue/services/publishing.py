"""Publishing a draft: the checklist, and the moment after which the version never changes."""

from collections.abc import Mapping
from datetime import datetime

from academy import facts
from academy.base import audit, bus
from academy.base.db import db, lock
from academy.base.i18n import DEFAULT_LANGUAGE
from academy.catalogue import kinds, queries
from academy.catalogue.models import PUBLISHED, SUPERSEDED, Activity, Course, CourseUnit, CourseVersion
from academy.catalogue.refusals import NoDraft, NotReady
from academy.catalogue.rules.publishing import Finding, Plan, findings
from academy.catalogue.services.drafting import hold_draft
from academy.catalogue.services.reviewing import close_reviews, refuse_unreviewed
from academy.catalogue.services.searching import refresh_search_text


def checklist(draft: CourseVersion) -> list[Finding]:
    """Return everything that keeps a draft from being published; an empty list means it is ready."""
    parts = queries.kept(*queries.parts_of(draft.id))
    return [finding for finding in looked_over(draft, *parts) if finding.blocks]


def looked_over(
    draft: CourseVersion,
    units: list[CourseUnit],
    activities: list[Activity],
    said: Mapping[int, list[kinds.Problem]] | None = None,
) -> list[Finding]:
    """Return everything that keeps a draft from being published, or is to be minded although it does not.

    `said` is what the kinds say of the activities by id; they are asked unless it is given.
    """
    missing = [needed.title for needed in queries.required_courses(draft.prerequisites) if not needed.published]
    plan = Plan(
        title=draft.title,
        summary=draft.summary,
        units=[unit.title for unit in units],
        activities=[(activity.required, activity.key, activity.title) for activity in activities],
        unpublished_prerequisites=missing,
        language=DEFAULT_LANGUAGE,
    )
    told = queries.asked_of_kinds(activities)[0] if said is None else said
    return [*findings(plan), *_by_kind(activities, told)]


def _by_kind(activities: list[Activity], said: Mapping[int, list[kinds.Problem]]) -> list[Finding]:
    """Return what the kinds say of their activities, in the order of the activities."""
    return [
        Finding(each.sentence, "activity", each.values, activity.key, activity.title, each.blocks)
        for activity in activities
        for each in said[activity.id]
    ]


def publish(course: Course, *, actor_id: int | None, at: datetime) -> CourseVersion:
    """Publish the draft: learners who enrol from now on get it, those in the older version finish that one."""
    lock(Course, course.id)
    found = queries.draft_version(course.id)
    if found is None:
        raise NoDraft
    draft = hold_draft(found.id)
    if checklist(draft):
        raise NotReady
    _drop_removed(draft)
    for activity in queries.activities_of(draft.id):
        kinds.of(activity.kind).freeze(activity.content, at)
    refuse_unreviewed(draft)  # once nothing of it can change any more
    close_reviews(draft)
    previous = queries.published_version(course.id)
    if previous is not None:
        previous.state = SUPERSEDED
        db.session.flush()
    draft.state, draft.published_at, draft.published_by_id = PUBLISHED, at, actor_id
    db.session.flush()
    refresh_search_text(course, draft)
    _record(course, draft, previous, actor_id, at)
    bus.publish(facts.CoursePublished(course.id, draft.id))
    return draft


def _drop_removed(draft: CourseVersion) -> None:
    units, activities = queries.parts_of(draft.id)
    staying = {activity.id for activity in queries.kept(units, activities)[1]}
    for activity in activities:
        if activity.id not in staying:
            db.session.delete(activity)
    db.session.flush()
    for unit in units:
        if unit.removed_at is not None:
            db.session.delete(unit)
    db.session.flush()


def _record(
    course: Course, draft: CourseVersion, previous: CourseVersion | None, actor_id: int | None, at: datetime
) -> None:
    audit.record(
        "catalogue:course:publish",
        at=at,
        actor_id=actor_id,
        subject=("course", course.id, course.key),
        organisation_id=course.organisation_id,
        before={"version": previous.number} if previous else None,
        after={"version": draft.number},
    )
    db.session.flush()
